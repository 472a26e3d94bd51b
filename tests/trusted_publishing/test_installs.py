"""What a command installs or builds, and whether anything says which version."""

from __future__ import annotations

import pytest
from conftest import MakeRepository

from tenterhooks.core.files import Repository
from tenterhooks.formats import shell
from tenterhooks.trusted_publishing import installs, wrappers

HASH = "a" * 64
PINNED = f"twine==6.1.0 \\\n    --hash=sha256:{HASH}\n"


def unlocked(line: str, repository: Repository | None = None) -> str:
    (command,) = shell.commands(line)
    where = repository or Repository("/nowhere")
    return installs.unlocked(wrappers.reduce(command.words), where)


@pytest.mark.parametrize(
    ("line", "built"),
    [
        ("python -m build", "`python -m build`"),
        ("pyproject-build", "pyproject-build"),
        ("cibuildwheel --output-dir x", "cibuildwheel"),
        ("uv build", "uv build"),
        ("uv --quiet build --sdist", "uv build"),
        ("poetry build", "poetry build"),
        ("hatch build", "hatch build"),
        ("pdm build", "pdm build"),
        ("flit build", "flit build"),
        ("maturin build --release", "maturin build"),
        ("rye build", "rye build"),
        ("python setup.py sdist", "setup.py"),
        ("python setup.py -q bdist_wheel", "setup.py"),
        ("pip wheel .", "pip wheel"),
        ("python -m pip wheel .", "pip wheel"),
        ("pipx run build", "`python -m build`"),
        ("uvx --from build pyproject-build", "pyproject-build"),
        ("uv publish", ""),
        ("uv sync", ""),
        ("python setup.py test", ""),
        ("pip install build", ""),
        ("docker build .", ""),
        ("make build", ""),
        ("uv", ""),
    ],
)
def test_what_builds(line: str, built: str) -> None:
    (command,) = shell.commands(line)
    found = wrappers.reduce(command.words)
    assert installs.builds(found.name, [word.text for word in found.words]) == built


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("pip install twine", "pip installs twine"),
        ("pip3 install twine", "pip3 installs twine"),
        ("python -m pip install -U twine", "pip installs twine"),
        ("pip -q install twine", "pip installs twine"),
        ("pip install twine==6.1 build", "pip installs build"),
        ("pip install 'twine>=6.1'", "pip installs twine>=6.1"),
        ("pip install 'twine==6.*'", "pip installs twine==6.*"),
        ("pip install twine~=6.1", "pip installs twine~=6.1"),
        ("pip install .", "pip installs what this project depends on"),
        ("pip install -e .", "pip installs what this project depends on"),
        ("pip install git+https://a.example/b", "pip installs git+https://a.example/b"),
        ("uv pip install twine", "uv installs twine"),
        ("uv tool install twine", "uv installs twine"),
        ("pipx install twine", "pipx installs twine"),
        ("sudo pip install twine", "pip installs twine"),
        ("pip install --upgrade --index-url x twine", "pip installs twine"),
        ("pip install --index-url=x twine", "pip installs twine"),
        ("pip install twine==6.1", ""),
        ("pip install 'twine[x]==6.1' 'build == 1.2'", ""),
        (f"pip install git+https://a.example/b@{'a' * 40}", ""),
        (f"pip install https://a.example/b.zip#sha256={HASH}", ""),
        ("pip install dist/x.whl", ""),
        ("pip install ./dist/x", ""),
        ("pip install x.tar.gz", ""),
        ("pip install *.whl", ""),
        ("pip install $PACKAGE", ""),
        ("pip install --require-hashes x", ""),
        ("pip install --no-index x", ""),
        ("pip install --no-deps .", ""),
        ("pip install -c constraints.txt x", ""),
        ("pip install --constraint=constraints.txt x", ""),
        ("pip install --target folder twine==6.1", ""),
        ("pip install", ""),
        ("pip download x", ""),
        ("pip uninstall x", ""),
        ("uv sync", ""),
        ("uv pip compile x", ""),
        ("apt install x", ""),
        ("pip install -r missing.txt", ""),
    ],
)
def test_what_is_installed(line: str, wanted: str) -> None:
    assert unlocked(line) == wanted


@pytest.mark.parametrize("option", ["-r ", "--requirement ", "--requirements ", "--requirement="])
@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("locked.txt", ""),
        ("exact.txt", ""),
        ("loose.txt", "pip installs loose.txt, where build is not pinned"),
        ("./loose.txt", "pip installs ./loose.txt, where build is not pinned"),
        ("empty.txt", ""),
        ("broken.txt", ""),
        ("missing.txt", ""),
        ("folder", ""),
        ("../outside.txt", ""),
        ("${REQUIREMENTS}", ""),
    ],
)
def test_requirements_files(
    option: str, path: str, wanted: str, make_repository: MakeRepository
) -> None:
    top = make_repository(
        {
            "locked.txt": PINNED,
            "exact.txt": "twine==6.1.0\n",
            "loose.txt": "# comment\ntwine==6.1.0\nbuild\nmore\n",
            "empty.txt": "",
            "broken.txt": b"\xff\xfe\x00",
            "folder/x": "",
        }
    )
    (top.parent / "outside.txt").write_text("build\n", "utf-8")
    assert unlocked(f"pip install {option}{path}", Repository(str(top))) == wanted
