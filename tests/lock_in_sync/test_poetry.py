"""poetry.lock beside its pyproject, with Poetry as the one who knows."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import write
from lock_in_sync.lockers import answers
from lock_in_sync.poetry_edits import DATA, EDITS, LOCK, PROJECT, Edit
from tools import tool

from tenterhooks.core.files import Repository, Unreadable
from tenterhooks.core.finding import Finding
from tenterhooks.lock_in_sync.poetry import check, explain

IS_FRESH = """
import sys, tomli
from pathlib import Path
from poetry.packages.locker import Locker
for line in sys.stdin:
    folder = Path(line.strip())
    data = tomli.loads((folder / "pyproject.toml").read_text())
    print(Locker(folder / "poetry.lock", data).is_fresh())
"""


def findings(
    folder: Path, files: dict[str, str], *, strict: bool = False, path: str = LOCK
) -> list[Finding]:
    write(folder, dict(files))
    repository = Repository(str(folder))
    return list(check(repository.file(path), repository, SimpleNamespace(strict=strict)))


def said(found: list[Finding]) -> list[str]:
    return [f"{finding.rule} {finding.message}" for finding in found]


def name(edit: Edit) -> str:
    return f"{edit.fixture}-{edit.id}"


@pytest.mark.parametrize("edit", EDITS, ids=name)
def test_edit(edit: Edit, tmp_path: Path) -> None:
    found = said(findings(tmp_path, edit.texts()))
    assert len(found) == len(edit.said), found
    for rule, words in (one.split(" ", 1) for one in edit.said):
        assert any(text.startswith(rule + " ") and words in text for text in found), found
    assert any(text.startswith("lock-out-of-date") for text in found) is edit.is_stale


def test_poetry_says_so_too(tmp_path: Path) -> None:
    for edit in EDITS:
        write(tmp_path / name(edit), dict(edit.texts()))
    folders = [str(tmp_path / name(edit)) for edit in EDITS]
    verdicts = answers(IS_FRESH, folders)
    wrong = [
        name(edit)
        for edit, fresh in zip(EDITS, verdicts, strict=True)
        if (fresh == "False") is not edit.is_stale
    ]
    assert not wrong


@pytest.mark.parametrize(("old", "new", "is_stale"), [("x", "x", False), ("^8.1", "^8.2", True)])
def test_poetry_check(old: str, new: str, is_stale: bool, tmp_path: Path) -> None:
    poetry = tool("poetry")
    files = {path.name: path.read_text() for path in (DATA / "classic").iterdir()}
    files[PROJECT] = files[PROJECT].replace(old, new)
    found = findings(tmp_path, files)
    done = subprocess.run(
        [poetry, "check", "--lock"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ("changed significantly" in done.stdout + done.stderr) is is_stale
    assert bool(found) is is_stale


@pytest.mark.parametrize(
    ("keys", "value", "words"),
    [
        (("tool", "poetry", "dependencies", "python"), "^3.10", "Python ^3.10"),
        (("project", "requires-python"), ">=3.10", "Python >=3.10"),
        (("project", "dependencies", 0), "click>=8", "click>=8"),
        (("tool", "poetry", "dependencies", "click"), "^8", "click ^8"),
        (("tool", "poetry", "dependencies", "click"), {"git": "x"}, "click"),
        (("tool", "poetry", "dependencies", "click", "version"), "^8", "click ^8"),
        (("tool", "poetry", "dependencies", "click", "optional"), True, "optional of click"),
        (("tool", "poetry", "group", "docs", "optional"), True, "optional of docs"),
        (("tool", "poetry", "source"), [], "a source"),
        (("tool", "poetry", "source", 1), {"name": "own"}, "the source own"),
        (("tool", "poetry", "extras"), {}, "tool.poetry.extras"),
    ],
)
def test_what_has_changed_is_named(keys: tuple[str | int, ...], value: object, words: str) -> None:
    assert explain._named(keys, value) == words


@pytest.mark.parametrize(
    ("edit", "line", "path"),
    [
        ("add-in-group", 21, PROJECT),
        ("tighten-unmet", 11, PROJECT),
        ("downgraded", 11, PROJECT),
        ("foreign", 3, LOCK),
    ],
)
def test_place(edit: str, line: int, path: str, tmp_path: Path) -> None:
    (texts,) = (one.texts() for one in EDITS if name(one) == f"classic-{edit}")
    found = findings(tmp_path, texts)[0]
    assert (found.path, found.line) == (path, line)


@pytest.mark.parametrize(
    ("fixture", "folder", "fix"),
    [
        ("classic", "", "poetry lock"),
        ("classic", "a/b-c", "(cd a/b-c && poetry lock)"),
        ("classic", "it's", "(cd 'it'\\''s' && poetry lock)"),
        ("older", "", "poetry lock --no-update"),
    ],
)
def test_fix(fixture: str, folder: str, fix: str, tmp_path: Path) -> None:
    texts = {path.name: path.read_text() for path in (DATA / fixture).iterdir()}
    texts[PROJECT] = texts[PROJECT].replace('"^8.1"', '"^9"')
    prefix = f"{folder}/" if folder else ""
    files = {prefix + key: text for key, text in texts.items()}
    found = findings(tmp_path, files, path=prefix + LOCK)
    assert found[0].fix == fix
    assert found[0].path == prefix + PROJECT


HEADERS = [
    ("# by Poetry 1.8.5 and should", "dependencies", True),
    ("# by Poetry and should not be changed", "dependencies", True),
    ("# by Poetry 2.2.1 and should", "dependency-groups", True),
    ("# by Poetry 2.3.0 and should", "dependency-groups", False),
    ("# by Poetry 2.3.0.dev1 and should", "dependency-groups", True),
    ("", "dependency-groups", True),
]


@pytest.mark.parametrize(("header", "table", "is_fresh"), HEADERS)
def test_header_chooses_the_hash(header: str, table: str, is_fresh: bool, tmp_path: Path) -> None:
    """Before 2.3 nothing of [dependency-groups] was hashed, before 2.0 nothing of [project]."""
    project, hashes = (
        "[tool.poetry]\n",
        {
            # Of {"dependencies": null, "dev-dependencies": null, "extras": null, "source": null}.
            "dependencies": "115cf985d932e9bf5f540555bbdd75decbb62cac81e399375fc19f6277f8c1d8",
            "dependency-groups": "115cf985d932e9bf5f540555bbdd75decbb62cac81e399375fc19f6277f8c1d8",
        },
    )
    said = (
        "[project]\ndependencies = []\n"
        if table == "dependencies"
        else "[dependency-groups]\na = []\n"
    )
    lock = (
        f'{header}\npackage = []\n\n[metadata]\nlock-version = "2.0"\n'
        f'python-versions = "*"\ncontent-hash = "{hashes[table]}"\n'
    )
    found = findings(tmp_path, {PROJECT: project + said, LOCK: lock})
    assert bool(found) is not is_fresh, found


@pytest.mark.parametrize(
    ("files", "rules"),
    [
        ({LOCK: "package = []\n"}, []),
        ({LOCK: "package = []\n", PROJECT: "[tool.ruff]\n"}, []),
        ({LOCK: "package = []\n", PROJECT: "[tool.poetry\n"}, ["invalid-file"]),
        ({LOCK: "package = []\n", PROJECT: "[project]\nname = 'x'\n"}, ["lock-out-of-date"]),
        (
            {
                LOCK: "[metadata]\nlock-version = '3.0'\ncontent-hash = 'x'\n",
                PROJECT: "[project]\nname = 'x'\n",
            },
            ["lock-undecided"],
        ),
        (
            {
                LOCK: "[metadata]\nlock-version = '2.1'\ncontent-hash = 'x'\n",
                PROJECT: "[tool.poetry]\nextras = 2020-01-01\n",
            },
            ["lock-undecided"],
        ),
    ],
)
def test_other_files(files: dict[str, str], rules: list[str], tmp_path: Path) -> None:
    assert [finding.rule for finding in findings(tmp_path, files, strict=True)] == rules


@pytest.mark.parametrize("text", ["package = 1", "package = [1]", "[[package]\n", "<<<<<<< HEAD\n"])
def test_no_lock(text: str, tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        findings(tmp_path, {LOCK: text, PROJECT: "[project]\nname = 'x'\n"})


def locked(part: dict[str, object], packages: str) -> str:
    """A lock that has the hash of what is declared, as Poetry 2.3 computes it."""
    from hashlib import sha256

    digest = sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()
    return (
        f"# by Poetry 2.4.0 and\n{packages}[metadata]\nlock-version = '2.1'\n"
        f"python-versions = '>=3.9'\ncontent-hash = '{digest}'\n"
    )


LOCAL = """[[package]]
name = "near"
version = "1.0"
groups = ["main"]
files = []
[package.source]
type = "directory"
url = "near"
"""


def test_what_is_local_is_undecided(tmp_path: Path) -> None:
    said = "[tool.poetry.dependencies]\nnear = { path = 'near' }\n"
    dependencies = {"near": {"path": "near"}}
    keys = {"dev-dependencies": None, "extras": None, "source": None}
    files = {PROJECT: said, LOCK: locked({"dependencies": dependencies, **keys}, LOCAL)}
    assert not findings(tmp_path, files)
    assert [one.rule for one in findings(tmp_path, files, strict=True)] == ["lock-undecided"]


@pytest.mark.parametrize(
    ("requirement", "rules"),
    [
        ("near", ["lock-unsatisfied"]),
        ("near @ file:near", []),
        ("near @@ not understood", []),
        ("", []),
        ("far", ["lock-incomplete", "lock-orphan"]),
        ("far; python_version < '3.9'", ["lock-orphan"]),
        ("far @@ not understood", ["lock-orphan"]),
    ],
)
def test_requirement(requirement: str, rules: list[str], tmp_path: Path) -> None:
    said = f'[project]\ndependencies = ["{requirement}"]\n'
    part = {"project": {"dependencies": [requirement]}, "tool": {"poetry": {}}}
    found = findings(tmp_path, {PROJECT: said, LOCK: locked(part, LOCAL)})
    assert [one.rule for one in found] == rules
