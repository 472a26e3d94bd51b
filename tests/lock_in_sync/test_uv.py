"""uv.lock: edits of real projects, our verdict beside that of uv where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import tomli
from conftest import git
from tools import thinned

from tenterhooks.core.files import Repository, Unreadable
from tenterhooks.core.finding import Finding
from tenterhooks.lock_in_sync import hosts, uv

FOLDERS = "TENTERHOOKS_LOCKERS"
DATA = Path(__file__).parent / "data" / "uv"
EDITS = [
    (project, edit)
    for project, edits in tomli.loads((DATA / "edits.toml").read_text("utf-8")).items()
    for edit in edits
]
RULES = {
    "stale": "lock-out-of-date",
    "unmet": "lock-unsatisfied",
    "incomplete": "lock-incomplete",
    "orphan": "lock-orphan",
    "broken": "invalid-file",
    "undecided": "lock-undecided",
}


def found(lock: Path, *, strict: bool = True) -> list[Finding]:
    """What we say of a lock, from the folder that it is in."""
    repository = Repository(str(lock.parent))
    file = repository.file(os.path.relpath(lock, repository.top).replace(os.sep, "/"))
    try:
        return list(uv.check(file, repository, SimpleNamespace(strict=strict)))
    except Unreadable as error:
        return [Finding(file.path, error.line, error.column, error.rule, error.message)]


def rules(findings: list[Finding]) -> set[str]:
    return {finding.rule for finding in findings}


def program() -> str:
    """The uv of TENTERHOOKS_LOCKERS, of the environment, or of the PATH."""
    folders = [str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    if os.environ.get(FOLDERS):
        folders.insert(0, os.path.join(os.environ[FOLDERS], "uv", "bin"))
    found = shutil.which("uv", path=os.pathsep.join(folders))
    if found is None:
        pytest.skip("uv is not installed")
    return found


def ask_uv(folder: Path, *script: str) -> str:
    """``fresh``, ``stale`` or ``error``: what uv says of a lock, without the network."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    variables = {**clean, "UV_PYTHON_DOWNLOADS": "never", "UV_PYTHON": sys.executable}
    command = [program(), "lock", "--check", "--offline", "--verbose", "--no-progress", *script]
    done = subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, check=False, text=True
    )
    if "existing lockfile due to" in done.stderr:
        return "stale"
    return "error" if done.returncode else "fresh"


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """uv and we look at the files alone."""
    for name in [name for name in os.environ if name.startswith("UV_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An empty folder, in no repository: what is tracked counts for few patterns alone."""
    return tmp_path


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """An empty repository."""
    git(tmp_path, "init", "--quiet")
    return tmp_path


def make(folder: Path, name: str) -> Path:
    """One of the projects. Returns its lock."""
    shutil.copytree(DATA / name, folder, dirs_exist_ok=True)
    return folder / ("tool.py.lock" if name == "script" else "uv.lock")


def apply(folder: Path, edit: dict[str, str]) -> None:
    path = folder / edit.get("path", "pyproject.toml")
    text = path.read_text("utf-8")
    assert edit["old"] in text
    path.write_text(text.replace(edit["old"], edit["new"], -1 if "everywhere" in edit else 1))


NAMED = [pytest.param(name, edit, id=f"{name}: {edit['name']}") for name, edit in EDITS]


@pytest.mark.parametrize(("name", "edit"), NAMED)
def test_edit(name: str, edit: dict[str, str], project: Path) -> None:
    lock = make(project, name)
    apply(project, edit)
    findings = found(lock)
    expected = {RULES[word] for word in edit["ours"].split() if word != "fresh"}
    assert rules(findings) - ({"lock-undecided"} - expected) == expected, findings
    assert any(edit.get("said", "") in finding.message for finding in findings) or not expected


@pytest.mark.parametrize(("name", "edit"), thinned(NAMED, 3))
def test_what_uv_says(name: str, edit: dict[str, str], project: Path) -> None:
    make(project, name)
    apply(project, edit)
    told = {"stale": "stale", "broken": "error"}.get(edit["ours"], "fresh")
    said = ask_uv(project, *(["--script", "tool.py"] if name == "script" else []))
    assert edit.get("tool", told) in (said, "any")


METADATA = """
name = "idna"
version = "3.20"
requires-python = ">=3.8"
requires-dist = [{dist}]
provides-extras = ["x"]
"""


@pytest.mark.parametrize(
    ("locked", "declared", "ours"),
    [
        ("", "", "fresh"),
        ("'six>=1'", "'six >= 1.0'", "fresh"),
        ("'six>=1'", "'six>=2'", "stale"),
        ("'six'", "", "stale"),
        ("", "'six'", "stale"),
    ],
)
def test_metadata_that_the_project_gives(
    locked: str, declared: str, ours: str, project: Path
) -> None:
    lock = make(project, "app")
    given = "[[tool.uv.dependency-metadata]]" + METADATA.replace("{dist}", declared)
    with (project / "pyproject.toml").open("a") as file:
        file.write(given)
    recorded = "[[manifest.dependency-metadata]]" + METADATA.replace("{dist}", locked)
    apply(project, {"path": "uv.lock", "old": "[[package]]", "new": f"{recorded}\n[[package]]"})
    assert rules(found(lock)) == ({RULES[ours]} if ours != "fresh" else set())
    assert ask_uv(project) == ours


@pytest.mark.parametrize(
    ("old", "new"), [('">=3.8"', '">=3.9"'), ('["x"]', '["y"]'), ('"3.20"', '"3.19"')]
)
def test_other_metadata_than_the_project_gives(old: str, new: str, project: Path) -> None:
    lock = make(project, "app")
    text = METADATA.replace("{dist}", "")
    with (project / "pyproject.toml").open("a") as file:
        file.write("[[tool.uv.dependency-metadata]]" + text.replace(old, new))
    recorded = "[[manifest.dependency-metadata]]" + text
    apply(project, {"path": "uv.lock", "old": "[[package]]", "new": f"{recorded}\n[[package]]"})
    assert rules(found(lock)) == {"lock-out-of-date"}
    assert ask_uv(project) == "stale"


def test_every_finding_says_where_and_how(project: Path) -> None:
    lock = make(project, "app")
    apply(project, {"old": "urllib3>=2,<3", "new": "urllib3>=3"})
    (finding,) = found(lock)
    assert (finding.path, finding.line, finding.column) == ("pyproject.toml", 11, 5)
    assert finding.message == "urllib3>=3 is declared, and uv.lock was made for urllib3>=2,<3"
    assert finding.fix == "uv lock"


def test_a_project_in_a_folder_says_where_to_lock(repository: Path) -> None:
    lock = make(repository / "client", "app")
    apply(repository / "client", {"old": "urllib3>=2,<3", "new": "urllib3>=3"})
    (finding,) = found(lock)
    assert finding.path == "client/pyproject.toml"
    assert finding.fix == "(cd client && uv lock)"


def test_a_script_is_read_at_its_lines(project: Path) -> None:
    lock = make(project, "script")
    apply(project, {"path": "tool.py", "old": "click>=8", "new": "click>=9"})
    (finding,) = found(lock)
    assert (finding.path, finding.line, finding.column) == ("tool.py", 7, 7)
    assert finding.fix == "uv lock --script tool.py"


@pytest.mark.parametrize(
    ("script", "expected"), [(b"\xff", {"unreadable-file"}), (b"print()\n", set()), (None, set())]
)
def test_a_script_that_says_nothing(
    script: bytes | None, expected: set[str], project: Path
) -> None:
    lock = make(project, "script")
    (project / "tool.py").unlink()
    if script is not None:
        (project / "tool.py").write_bytes(script)
    assert rules(found(lock)) == expected


def test_without_strict_nothing_is_undecided(project: Path) -> None:
    lock = make(project, "forks")
    apply(project, {"old": 'exclude-newer = "2026-06-01T00:00:00Z"\n', "new": ""})
    assert found(lock, strict=False) == []
    assert rules(found(lock)) == {"lock-undecided"}


def test_a_lock_without_a_project_is_left_to_others(project: Path) -> None:
    lock = make(project, "app")
    (project / "pyproject.toml").unlink()
    assert found(lock) == []


def test_the_lock_of_a_member_is_never_read(repository: Path) -> None:
    make(repository, "workspace")
    stray = repository / "packages" / "core" / "uv.lock"
    shutil.copy(repository / "uv.lock", stray)
    assert found(stray) == []


def test_a_broken_project_file_is_told(project: Path) -> None:
    lock = make(project, "workspace")
    (project / "packages/core/pyproject.toml").write_text("[project\n")
    (finding,) = found(lock)
    assert (finding.path, finding.line, finding.rule) == (
        "packages/core/pyproject.toml",
        1,
        "invalid-file",
    )


def test_settings_of_uv_toml_hide_those_of_the_project(project: Path) -> None:
    lock = make(project, "forks")
    (project / "uv.toml").write_text(
        'fork-strategy = "fewest"\nexclude-newer = "2026-06-01T00:00:00Z"\n'
    )
    assert found(lock) == []
    (project / "uv.toml").write_text('fork-strategy = "requires-python"\n')
    (finding,) = [each for each in found(lock) if each.rule == "lock-out-of-date"]
    assert (finding.path, finding.line) == ("uv.toml", 1)


def test_settings_come_from_the_folder_above(repository: Path) -> None:
    lock = make(repository / "inner", "app")
    (repository / "uv.toml").write_text('resolution = "lowest"\n')
    assert found(lock) == []
    inner = repository / "inner" / "pyproject.toml"
    inner.write_text(inner.read_text("utf-8").split("[tool.uv]")[0])
    assert "uv.toml" in {finding.path for finding in found(lock)}


def test_without_a_copy_of_the_metadata_edges_are_looked_at(project: Path) -> None:
    lock = make(project, "app")
    text = lock.read_text("utf-8")
    start = text.index("[package.metadata]")
    end = text.index("[[package]]", start)
    lock.write_text(text[:start] + text[end:])
    assert rules(found(lock)) == {"lock-undecided"}
    apply(project, {"old": "urllib3>=2,<3", "new": "flask"})
    assert rules(found(lock)) == {"lock-incomplete", "lock-undecided"}


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("UV_RESOLUTION", 'resolution = "lowest"'),
        ("UV_EXCLUDE_NEWER", 'exclude-newer = "2020-01-01T00:00:00Z"'),
        ("UV_DEFAULT_INDEX", 'index-url = "https://example.org/simple"'),
    ],
)
def test_what_is_in_the_environment_is_undecided(
    name: str, setting: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = make(project, "app")
    apply(project, {"old": "[tool.uv]\n", "new": f"[tool.uv]\n{setting}\n"})
    assert rules(found(lock)) == {"lock-out-of-date"}
    monkeypatch.setenv(name, "x")
    assert rules(found(lock)) == {"lock-undecided"}


def test_a_mirror_that_everybody_has_is_undecided(project: Path) -> None:
    lock = make(project, "app")
    lock.write_text(
        lock.read_text("utf-8").replace(f"https://{hosts.PUBLIC}", "https://m.example/x")
    )
    assert found(lock) == []
    (project / "pyproject.toml").write_text(
        (project / "pyproject.toml").read_text("utf-8")
        + '[[tool.uv.index]]\nname = "other"\nurl = "https://o.example/x"\n'
    )
    assert rules(found(lock)) == {"lock-undecided"}


def test_a_build_backend_may_resolve_extras_that_ask_for_each_other(project: Path) -> None:
    lock = make(project, "app")
    apply(project, {"old": 'version = "1.2.0"', "new": 'dynamic = ["version"]'})
    head = 'name = "sample-app"\n'
    apply(project, {"path": "uv.lock", "old": head + 'version = "1.2.0"\n', "new": head})
    old = '{ name = "sample-app", extras = ["files"], marker = "extra == \'fast\'" }'
    new = '{ name = "tomli-w", marker = "extra == \'fast\'", specifier = ">=1" }'
    apply(project, {"path": "uv.lock", "old": old, "new": new})
    assert found(lock) == []
    apply(project, {"old": '"tomli-w>=1"', "new": '"tomli-w>=2"'})
    assert "lock-out-of-date" in rules(found(lock))
