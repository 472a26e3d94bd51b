"""What an attacker does to a lock with addresses and names of files, and other finds of reviews."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import write

from tenterhooks.core.files import Repository
from tenterhooks.core.finding import Finding
from tenterhooks.formats import compiled
from tenterhooks.lock_in_sync import compare, sources
from tenterhooks.lock_in_sync import compiled as practice
from tenterhooks.lock_in_sync.compiled import required
from tenterhooks.lock_in_sync.uv import urls

COMMIT = "0123456789abcdef0123456789abcdef01234567"
DIGEST = "0123456789abcdef" * 4
SIMPLE = "https://index.example.com/simple"
FILES = "https://index.example.com/files"
OPTIONS = SimpleNamespace(strict=False, compiled=())


def told(folder: Path, name: str, files: dict[str, str], *before: Finding) -> list[str]:
    """The messages for one of the files."""
    write(folder, dict(files))
    repository = Repository(str(folder))
    found = sources.check(repository.file(name), repository, OPTIONS, before)
    return [finding.message for finding in found]


def strange(name: str, where: str) -> list[str]:
    return [f"{name}: is taken from {where}, which no project file names"]


def uv(name: str, source: str, needs: str = "") -> str:
    return (
        f'[[package]]\nname = "{name}"\nversion = "1.0"\nsource = {{ {source} }}\n'
        f"dependencies = [{needs}]\n\n"
    )


PROJECT = f"""[project]
name = "x"
dependencies = ["a", "b @ git+https://github.com/own/b@main"]
[project.urls]
home = "https://github.com/own/x"
[tool.uv]
index-url = "{SIMPLE}"
"""
OF_INDEX = f'registry = "{SIMPLE}"'
EVIL = f'git = "https://github.com/evil/a?rev=main#{COMMIT}"'
OWN = f'git = "https://github.com/own/b.git?rev=main#{COMMIT}"'


@pytest.mark.parametrize(
    ("packages", "expected"),
    [
        ([uv("a", OF_INDEX), uv("b", OWN)], []),
        ([uv("a", EVIL)], strange("a", "github.com/evil/a")),
        ([uv("a", 'url = "https://example.com/a-1.0.tar.gz"')],
         strange("a", "example.com/a-1.0.tar.gz")),
        # What comes from an index cannot ask for it; what comes from an address can.
        ([uv("x", 'editable = "."', '{ name = "a" }'), uv("a", EVIL)],
         strange("a", "github.com/evil/a")),
        ([uv("b", OF_INDEX, '{ name = "a" }'), uv("a", EVIL)], strange("a", "github.com/evil/a")),
        ([uv("b", OWN, '{ name = "a" }'), uv("a", EVIL)], []),
        ([uv("c", 'directory = "../c"', '{ name = "a" }'), uv("a", EVIL)], []),
        ([uv("b", OWN, '{ name = "c" }'), uv("a", EVIL)], strange("a", "github.com/evil/a")),
    ],
)  # fmt: skip
def test_an_address_in_a_lock_of_uv_is_named_somewhere(
    tmp_path: Path, packages: list[str], expected: list[str]
) -> None:
    lock = "version = 1\n" + "".join(packages)
    assert told(tmp_path, "uv.lock", {"uv.lock": lock, "pyproject.toml": PROJECT}) == expected


def test_a_member_names_an_address(make_repository: object) -> None:
    member = '[project]\nname = "m"\ndependencies = ["a @ git+https://github.com/evil/a"]\n'
    top = make_repository(  # type: ignore[operator]
        {"pyproject.toml": PROJECT, "libs/m/pyproject.toml": member}
    )
    assert told(top, "uv.lock", {"uv.lock": "version = 1\n" + uv("a", EVIL)}) == []


def test_an_address_that_other_findings_explain_is_not_told_again(tmp_path: Path) -> None:
    files = {"uv.lock": "version = 1\n" + uv("a", EVIL), "pyproject.toml": PROJECT}
    stale = Finding("pyproject.toml", 1, 1, "lock-out-of-date", "a is declared")
    unmet = Finding("pyproject.toml", 1, 1, "lock-unsatisfied", "it is from github.com/evil/a")
    other = Finding("pyproject.toml", 1, 1, "lock-orphan", "nothing depends on c")
    assert told(tmp_path, "uv.lock", files, stale) == []
    assert told(tmp_path, "uv.lock", files, unmet) == []
    assert told(tmp_path, "uv.lock", files, other) == strange("a", "github.com/evil/a")


def poetry(name: str, kind: str, url: str, needs: str = "") -> str:
    where = f'[package.source]\ntype = "{kind}"\nurl = "{url}"\nreference = "main"\n'
    commit = f'resolved_reference = "{COMMIT}"\n' if kind == "git" else ""
    dependencies = f'[package.dependencies]\n{needs} = "*"\n\n' if needs else ""
    return f'[[package]]\nname = "{name}"\nversion = "1"\n\n{dependencies}{where}{commit}\n'


@pytest.mark.parametrize(
    ("packages", "expected"),
    [
        ([poetry("a", "git", "git@github.com:own/a.git")], []),
        ([poetry("a", "git", "git@github.com:evil/a.git")],
         strange("a", "git@github.com:evil/a.git")),
        ([poetry("b", "legacy", SIMPLE, "a"), poetry("a", "git", "https://github.com/evil/a")],
         strange("a", "github.com/evil/a")),
        ([poetry("b", "directory", "../b", "a"), poetry("a", "git", "https://github.com/evil/a")],
         []),
    ],
)  # fmt: skip
def test_an_address_in_a_lock_of_poetry_is_named_somewhere(
    tmp_path: Path, packages: list[str], expected: list[str]
) -> None:
    project = f"""[tool.poetry.dependencies]
a = {{ git = "ssh://git@github.com/own/a" }}
[[tool.poetry.source]]
url = "{SIMPLE}"
"""
    files = {"poetry.lock": "".join(packages), "pyproject.toml": project}
    assert told(tmp_path, "poetry.lock", files) == expected


def test_addresses_of_pdm_and_pipenv_are_named_somewhere(tmp_path: Path) -> None:
    table = f'[[package]]\nname = "a"\nversion = "1"\nrevision = "{COMMIT}"\n'
    lock = table + 'git = "https://github.com/evil/a"\n'
    expected = strange("a", "github.com/evil/a")
    files = {"pdm.lock": lock, "pyproject.toml": PROJECT}
    assert told(tmp_path, "pdm.lock", files) == expected
    entry = f'{{"git": "https://github.com/evil/a", "ref": "{COMMIT}"}}'
    pipfile = '[packages]\na = "*"\n'
    for more, found in (("", expected), (', "c": {"path": "."}', [])):
        pair = {"Pipfile.lock": f'{{"default": {{"a": {entry}{more}}}}}', "Pipfile": pipfile}
        assert told(tmp_path, "Pipfile.lock", pair) == found


HEADER = "# This file was autogenerated by uv via the following command:\n"
HEADER += "#    uv pip compile requirements.in\n"


@pytest.mark.parametrize(
    ("entries", "is_told"),
    [
        ("a==1\n    # via -r requirements.in\n", False),
        ("a @ git+https://github.com/evil/a@{c}\n    # via -r requirements.in\n", True),
        ("b @ git+https://github.com/own/b@{c}\n    # via -r requirements.in\n", False),
        ("a==1\nc @ git+https://github.com/evil/a@{c}\n    # via a\n", True),
        ("b @ git+https://github.com/own/b@{c}\nc @ https://evil.org/a.zip\n    # via b\n", False),
        # Where it is there for nothing that is known, it may be there for anything.
        ("c @ git+https://github.com/evil/a@{c}\n", False),
    ],
)  # fmt: skip
def test_an_address_in_compiled_requirements_is_named_somewhere(
    tmp_path: Path, entries: str, is_told: bool
) -> None:
    files = {
        "requirements.in": "a\nb @ git+https://github.com/own/b@main\n",
        "requirements.txt": HEADER + entries.replace("{c}", COMMIT),
    }
    found = told(tmp_path, "requirements.txt", files)
    assert [it.endswith("which no project file names") for it in found] == [True] * is_told


def listed(*names: str, package: str = "my.pkg") -> str:
    lines = [f'    {{ url = "{FILES}/{it}", hash = "sha256:{DIGEST}", size = 1 }},' for it in names]
    start = f'[[package]]\nname = "{package}"\nversion = "1.0"\nsource = {{ {OF_INDEX} }}\n'
    return "\n".join([start + "wheels = [", *lines, "]\n\n"])


@pytest.mark.parametrize(
    ("name", "is_foreign"),
    [
        ("my_pkg-1.0-py3-none-any.whl", False),
        ("My.Pkg-1.0-py3-none-any.whl", False),
        ("my_pkg-1.0-py3-none-any.whl#x", False),
        ("my-pkg-1.0.tar.gz", False),
        ("my.pkg-v1.0.zip", False),
        ("download?id=7", False),
        ("evil-1.0-py3-none-any.whl", True),
        ("my-pkg-evil-1.0.tar.gz", True),
        ("my_pkg_evil-1.0-py3-none-any.whl", True),
        ("my-pkg.tar.gz", True),
        ("evil-1.0-py3-none-any.whl#/my_pkg-1.0-py3-none-any.whl", True),
        ("evil-1.0-py3-none-any.whl?/my_pkg-1.0-py3-none-any.whl", True),
    ],
)
def test_a_file_bears_the_name_of_its_package(tmp_path: Path, name: str, is_foreign: bool) -> None:
    lock = "version = 1\n\n" + listed("other-1.0.tar.gz", package="other") + listed(name)
    base = name.partition("#")[0].partition("?")[0]
    expected = [f"my.pkg: has the file of another, {base}"] * is_foreign
    # A block in a text is none.
    hidden = lock.replace("version = 1\n", 'version = 1\nx = """\n[[package]]\n"""\n', 1)
    for text in (lock, lock.replace("\n", "\r\n"), lock.replace('url = "', '"url" = "'), hidden):
        files = {"uv.lock": text, "pyproject.toml": PROJECT}
        assert told(tmp_path, "uv.lock", files) == expected, text


def test_a_requirement_with_an_address_is_no_file(tmp_path: Path) -> None:
    lock = listed("my_pkg-1.0-py3-none-any.whl") + "[package.metadata]\nrequires-dist = [\n"
    lock += '    { name = "c", url = "https://example.com/c-1.0-py3-none-any.whl" },\n]\n'
    assert told(tmp_path, "uv.lock", {"uv.lock": lock, "pyproject.toml": PROJECT}) == []


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_command_of_a_header_is_read_with_any_line_end(tmp_path: Path, end: str) -> None:
    header = "#\n# This file is autogenerated by pip-compile with Python 3.11\n"
    header += "# by the following command:\n#\n#    pip-compile --extra=fast pyproject.toml\n#\n"
    text = header + "a==1\n    # via x (pyproject.toml)\n"
    project = '[project]\nname = "x"\n[project.optional-dependencies]\nfast = ["a"]\n'
    made = {"requirements.txt": text.replace("\n", end), "pyproject.toml": project}
    for name, content in made.items():
        (tmp_path / name).write_bytes(content.encode())
    repository = Repository(str(tmp_path))
    file = repository.file("requirements.txt")
    assert compiled.load(file).command == "pip-compile --extra=fast pyproject.toml"
    assert list(practice.check(file, repository, OPTIONS)) == []


def test_many_entries_of_one_name_are_not_all_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = 600
    calls: list[str] = []

    def meets(version: str, _: str) -> bool:
        calls.append(version)
        return True

    monkeypatch.setattr(compare, "meets", meets)
    entry = "a==1\n    # via -r requirements.in\n"
    pair = {"requirements.in": "a>=1\n" * number, "requirements.txt": HEADER + entry * number}
    write(tmp_path, dict(pair))
    repository = Repository(str(tmp_path))
    assert list(practice.check(repository.file("requirements.txt"), repository, OPTIONS)) == []
    assert len(calls) <= number * required.MAX_PINS < number * number


def test_dots_in_an_address_are_resolved_as_uv_does() -> None:
    assert urls.plain("https://x.org/a/../b/./c") == urls.plain("https://x.org/b/c")
    assert urls.plain("https://x.org/a/b.git?x=/../") == "https://x.org/a/b.git?x=/../"
