"""Wrong types and hostile texts, in locks of uv and in project files: never a traceback."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from tenterhooks.core.files import File, Repository, Unreadable
from tenterhooks.lock_in_sync import uv

DATA = Path(__file__).parent / "data" / "uv"
VALUES = ("1", '"x"', "[1]", "[[]]", "{ a = 1 }", "true", "[{ name = 1 }]", '[{ name = "six" }]')
PROJECT_KEYS = re.findall(
    r"\S+",
    """
    project project.dependencies project.name project.version project.dynamic
    project.requires-python project.optional-dependencies project.optional-dependencies.x
    dependency-groups dependency-groups.x tool tool.uv tool.uv.sources tool.uv.sources.six
    tool.uv.index tool.uv.conflicts tool.uv.environments tool.uv.workspace
    tool.uv.workspace.members tool.uv.workspace.exclude tool.uv.dependency-groups
    tool.uv.dependency-groups.x tool.uv.dev-dependencies tool.uv.override-dependencies
    tool.uv.exclude-dependencies tool.uv.exclude-newer tool.uv.dependency-metadata
    tool.uv.no-sources-package tool.uv.find-links tool.uv.prerelease tool.uv.package
    """,
)
LOCK_KEYS = re.findall(
    r"\S+",
    """
    version revision requires-python package manifest manifest.members manifest.overrides
    manifest.constraints manifest.dependency-groups manifest.dependency-groups.x
    manifest.requirements manifest.excludes manifest.dependency-metadata options
    options.exclude-newer options.resolution-mode conflicts supported-markers required-markers
    """,
)
PACKAGE_LINES = (
    "source = 1",
    "source = { editable = 1 }",
    "source = { git = 1, url = [] }",
    "version = 1",
    "dependencies = 1",
    "dependencies = [1]",
    'dependencies = [{ name = "six", version = 1, source = 1, marker = 1, extra = 1 }]',
    "optional-dependencies = []",
    "optional-dependencies = { x = [1] }",
    "metadata = 1",
    "metadata = { requires-dist = 1 }",
    "metadata = { requires-dev = [] }",
    "metadata = { provides-extras = [1] }",
    'metadata = { requires-dist = [{ name = "six", specifier = 1, marker = [], extras = 1 }] }',
    'metadata = { requires-dist = [{ name = "six", conflict = 1, index = 1, extras = [1] }] }',
)


def run(lock: Path) -> list[str]:
    """The rules that are found, each once."""
    repository = Repository(str(lock.parent))
    try:
        findings = list(
            uv.check(repository.file(lock.name), repository, SimpleNamespace(strict=True))
        )
    except Unreadable as error:
        return [error.rule]
    assert all("\n" not in finding.message for finding in findings)
    return sorted({finding.rule for finding in findings})


@pytest.fixture
def app(tmp_path: Path) -> Path:
    shutil.copytree(DATA / "app", tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.mark.parametrize("key", PROJECT_KEYS)
def test_wrong_types_in_a_project(key: str, app: Path) -> None:
    rest = "" if key.startswith("project") else '[project]\nname = "sample-app"\n'
    for value in VALUES:
        (app / "pyproject.toml").write_text(f"{key} = {value}\n{rest}")
        run(app / "uv.lock")


@pytest.mark.parametrize("key", LOCK_KEYS)
def test_wrong_types_in_a_lock(key: str, app: Path) -> None:
    first = "" if key == "version" else "version = 1\n"
    package = '[[package]]\nname = "sample-app"\nsource = { editable = "." }\n'
    for value in VALUES:
        rest = "" if key == "package" else package
        (app / "uv.lock").write_text(f"{first}{key} = {value}\n{rest}")
        run(app / "uv.lock")


@pytest.mark.parametrize("line", PACKAGE_LINES)
def test_wrong_types_in_a_package(line: str, app: Path) -> None:
    source = "" if line.startswith("source") else 'source = { editable = "." }\n'
    text = f'version = 1\nrevision = 3\n[[package]]\nname = "sample-app"\n{source}{line}\n'
    (app / "uv.lock").write_text(text)
    run(app / "uv.lock")


@pytest.mark.parametrize("text", ["", "version = 1\n", "x", "\0", "[[package]]\n", "é" * 100])
def test_hardly_a_lock(text: str, app: Path) -> None:
    (app / "uv.lock").write_text(text, "utf-8")
    assert run(app / "uv.lock")


@pytest.mark.parametrize(
    "script",
    [
        "",
        "# /// script\n",
        "# /// script\n# x\n# ///\n",
        "# /// script\n#dependencies = 1\n# ///\n",
        "# /// script\n# dependencies = 1\n# ///\n",
        '# /// script\n# dependencies = ["?"]\n# ///\n',
    ],
)
def test_odd_scripts(script: str, tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text(script)
    (tmp_path / "x.py.lock").write_text('version = 1\nrequires-python = ">=3.10"\n')
    run(tmp_path / "x.py.lock")


def test_groups_that_include_each_other(app: Path) -> None:
    groups = 'a = [{ include-group = "b" }]\nb = [{ include-group = "a" }]\n'
    text = (app / "pyproject.toml").read_text("utf-8")
    (app / "pyproject.toml").write_text(
        text.replace("[dependency-groups]\n", "[dependency-groups]\n" + groups)
    )
    assert run(app / "uv.lock") == ["lock-undecided"]


def test_groups_that_double_are_cut_off(app: Path) -> None:
    lines = ['g0 = ["six", "attrs"]']
    lines += [
        f'g{n} = [{{ include-group = "g{n - 1}" }}, {{ include-group = "g{n - 1}" }}]'
        for n in range(1, 40)
    ]
    head = '[project]\nname = "sample-app"\nversion = "1.2.0"\n[dependency-groups]\n'
    (app / "pyproject.toml").write_text(head + "\n".join(lines))
    assert "lock-out-of-date" in run(app / "uv.lock")


def test_extras_that_ask_for_each_other(app: Path) -> None:
    head = (
        '[project]\nname = "sample-app"\ndynamic = ["version"]\n[project.optional-dependencies]\n'
    )
    lines = [f'e{n} = ["sample-app[e{n - 1}]", "sample-app[e{n + 1}]", "six"]' for n in range(100)]
    (app / "pyproject.toml").write_text(head + "\n".join(lines))
    assert "lock-out-of-date" in run(app / "uv.lock")


def test_extras_whose_markers_grow(app: Path) -> None:
    head = (
        '[project]\nname = "sample-app"\ndynamic = ["version"]\n[project.optional-dependencies]\n'
    )
    lines = [
        f"e{n} = [\"sample-app[e{(n + 1) % 3}]; os_name != '{n}'\", \"six; os_name != 'x'\"]"
        for n in range(3)
    ]
    (app / "pyproject.toml").write_text(head + "\n".join(lines))
    assert "lock-out-of-date" in run(app / "uv.lock")


def test_a_ring_of_packages_and_a_long_chain(app: Path) -> None:
    blocks = [
        f'[[package]]\nname = "p{n}"\nversion = "1"\n'
        'source = { registry = "https://example.org/simple" }\n'
        f'dependencies = [{{ name = "p{(n + 1) % 5000}" }}]\n'
        for n in range(5000)
    ]
    (app / "uv.lock").write_text((app / "uv.lock").read_text("utf-8") + "\n".join(blocks))
    assert run(app / "uv.lock") == ["lock-orphan"]


def test_many_packages_of_one_name(app: Path) -> None:
    source = 'source = { registry = "https://example.org/simple" }\n'
    blocks = [
        f'[[package]]\nname = "p"\nversion = "{n % 3}"\n{source}dependencies = [{{ name = "p" }}]\n'
        for n in range(5000)
    ]
    (app / "uv.lock").write_text((app / "uv.lock").read_text("utf-8") + "\n".join(blocks))
    assert run(app / "uv.lock") == ["lock-orphan"]


def test_many_lines_for_one_name(app: Path) -> None:
    lines = "".join(f"    \"urllib3>=1.{n}; python_version > '3.{n}'\",\n" for n in range(300))
    text = (app / "pyproject.toml").read_text("utf-8")
    (app / "pyproject.toml").write_text(
        text.replace("dependencies = [\n", "dependencies = [\n" + lines, 1)
    )
    assert run(app / "uv.lock") == ["lock-out-of-date"]


@pytest.mark.parametrize(
    "pattern", ["**/" * 40 + "x", "*a" * 40, "[", "[!]", "/", "..", "../*", "\\u0000"]
)
def test_odd_patterns(pattern: str, app: Path) -> None:
    (app / ("a" * 60)).mkdir()
    text = f'[tool.uv.workspace]\nmembers = ["{pattern}"]\nexclude = ["{pattern}"]\n'
    with (app / "pyproject.toml").open("a") as stream:
        stream.write(text)
    assert run(app / "uv.lock") == []


def test_a_lock_as_bytes(app: Path) -> None:
    repository = Repository(str(app))
    lock = File("uv.lock", str(app / "uv.lock"), "uv.lock", b"\xff\xfe")
    with pytest.raises(Unreadable):
        list(uv.check(lock, repository, SimpleNamespace(strict=True)))
