"""What uv export and pip-compile-multi wrote, edited, with the verdict of the tool itself."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest
from lock_in_sync import compiling
from lock_in_sync.test_compiled import DATA, STALE, TXT, findings
from tools import tool

from tenterhooks.core.files import Repository

COMMAND = "uv export --frozen --group docs --extra socks --no-emit-project -o requirements.txt"
LOCK, PROJECT = "uv.lock", "pyproject.toml"
H11 = '    { name = "h11" },\n'
SOCKS = '[[package]]\nname = "socksio"\n'


class Case(NamedTuple):
    """An edit and the words of the findings that it gives."""

    name: str
    path: str
    old: str
    new: str
    words: tuple[str, ...] = ()


EDITS = [
    Case("nothing", LOCK, "revision", "revision"),
    Case(
        "newer version",
        LOCK,
        "2026.10.18",
        "2027.10.18",
        ("certifi==2026.10.18 is exported, and uv.lock has 2027.10.18",),
    ),
    Case(
        "version in the export",
        TXT,
        "certifi==2026",
        "certifi==2025",
        ("certifi==2025.10.18 is exported, and uv.lock has 2026.10.18",),
    ),
    Case("edge gone", LOCK, H11, "", ("h11==0.16.0 is exported, and nothing",)),
    Case(
        "edge to what is not exported yet",
        LOCK,
        H11,
        H11 + '    { name = "six" },\n',
        ("six in uv.lock, and not in requirements.txt",),
    ),
    Case(
        "edge with a marker",
        LOCK,
        H11,
        H11 + '    { name = "six", marker = "sys_platform == \'win32\'" },\n',
        ("not seen",),
    ),
    Case("block that nothing needs", LOCK, H11, H11),
    Case("entry gone", TXT, "socksio==1.0.0 \\\n", "# ", ("socksio in uv.lock",)),
    Case(
        "entry of nobody",
        TXT,
        "socksio==",
        "theta==1.0\nsocksio==",
        ("theta==1.0 is exported, and uv.lock has no theta",),
    ),
    Case(
        "other group",
        PROJECT,
        "[dependency-groups]",
        "[tool.uv]\ndefault-groups = []\n\n[dependency-groups]",
        ("iniconfig==2.3.1 is exported, and nothing",),
    ),
    Case(
        "default groups",
        PROJECT,
        "[dependency-groups]",
        '[tool.uv]\ndefault-groups = ["dev"]\n\n[dependency-groups]',
    ),
    Case(
        "all default groups",
        PROJECT,
        "[dependency-groups]",
        '[tool.uv]\ndefault-groups = "all"\n\n[dependency-groups]',
    ),
    Case(
        "less in the command",
        TXT,
        " --extra socks",
        "",
        ("socksio==1.0.0 is exported, and nothing",),
    ),
    Case(
        "without dev",
        TXT,
        "export ",
        "export --no-dev ",
        ("iniconfig==2.3.1 is exported, and nothing",),
    ),
    Case("all groups", TXT, "--group docs", "--all-groups"),
    Case(
        "only a group", TXT, "--group docs --extra socks", "--only-group docs", ("anyio==4.16.0",)
    ),
    Case("all packages", TXT, "export ", "export --all-packages "),
    Case("one package", TXT, "export ", "export --package app "),
    Case(
        "no default groups",
        TXT,
        "export ",
        "export --no-default-groups ",
        ("iniconfig==2.3.1 is exported, and nothing",),
    ),
    Case(
        "edge to one version of two",
        LOCK,
        H11,
        '    { name = "h11", version = "0.16.0" },\n',
    ),
    Case("without one", TXT, "export ", "export --no-emit-package idna ", ("not seen",)),
]


def made(folder: Path, name: str, path: str, old: str, new: str) -> Repository:
    top = folder / "project"
    shutil.copytree(DATA / name, top)
    if name == "export":
        lock = top / LOCK
        text = lock.read_text()
        source = re.findall(r"^source = .*registry.*$", text, re.MULTILINE)[0]
        six = f'[[package]]\nname = "six"\nversion = "1.0"\n{source}\n\n'
        lock.write_text(text.replace(SOCKS, six + SOCKS))
    edited = top / path
    assert old in edited.read_text()
    edited.write_text(edited.read_text().replace(old, new))
    return Repository(str(top))


PARAMETERS = [pytest.param(case, id=case.name) for case in EDITS]


@pytest.mark.parametrize("case", PARAMETERS)
def test_exported(case: Case, tmp_path: Path) -> None:
    found = findings(made(tmp_path, "export", *case[1:4]))
    if case.words[:1] in ((), ("not seen",)):
        assert found == []
    assert all(each.rule == STALE for each in found)
    for words in case.words:
        assert words == "not seen" or any(words in each.message for each in found)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (TXT, "export ", "export --package other "),
        (TXT, "export ", "export --script other.py "),
        (PROJECT, "[dependency-groups]", "[dependency"),
        (LOCK, H11, "    1, { version = '1' },\n" + H11),
    ],
)
def test_where_uv_could_not_export_nothing_is_said(
    path: str, old: str, new: str, tmp_path: Path
) -> None:
    assert findings(made(tmp_path, "export", path, old, new)) == []


@pytest.mark.parametrize("case", PARAMETERS)
def test_exported_as_uv_judges(case: Case, tmp_path: Path) -> None:
    """Exporting again gives other pins where we say so."""
    repository = made(tmp_path, "export", *case[1:4])
    lock = Path(repository.top, TXT)
    before = compiling.pins(lock.read_text())
    command = re.search(r"uv export[^\n]*", lock.read_text())
    assert command is not None
    assert compiling.run(command.group(), lock.parent, tmp_path)
    assert (compiling.pins(lock.read_text()) != before) == bool(case.words)


MULTI = [
    ("nothing", "requirements/base.in", "alpha", "alpha", ""),
    ("comment", "requirements/test.in", "# tests", "# what the tests need", ""),
    ("order", "requirements/test.in", "-r base.in\ngamma[fast]", "gamma[fast]\n-r base.in", ""),
    ("indented", "requirements/base.in", "alpha", "  alpha", ""),
    ("spelling", "requirements/base.in", "alpha>=1", "alpha >=1", "its SHA1 is not the same"),
    ("added", "requirements/test.in", "gamma", "theta\ngamma", "theta is declared"),
    ("raised", "requirements/base.in", "alpha>=1,<2", "alpha>=2", "alpha>=2 is declared"),
    ("loosened", "requirements/base.in", "alpha>=1,<2", "alpha", "its SHA1 is not the same"),
    ("removed", "requirements/test.in", "gamma[fast]\n", "", "gamma[fast]==2.0 is here for"),
]


@pytest.mark.parametrize(("path", "old", "new", "words"), [it[1:] for it in MULTI])
def test_sha1_of_pip_compile_multi(
    path: str, old: str, new: str, words: str, tmp_path: Path
) -> None:
    repository = made(tmp_path, "multi", path, old, new)
    found = findings(repository, path.replace(".in", ".txt"))
    assert [each.rule for each in found] == ([STALE] if words else [])
    assert all(words in each.message for each in found)


@pytest.mark.parametrize(("path", "old", "new", "words"), [it[1:] for it in MULTI])
def test_sha1_as_pip_compile_multi_verifies(
    path: str, old: str, new: str, words: str, tmp_path: Path
) -> None:
    verify = [tool("pip-compile-multi"), "verify"]
    top = made(tmp_path, "multi", path, old, new).top
    done = subprocess.run(verify, cwd=top, capture_output=True, check=False)
    assert (done.returncode != 0) == bool(words)


def test_sha1_of_the_whole_file(tmp_path: Path) -> None:
    """As pip-compile-multi 1 made it."""
    old = "# SHA1:65614bd516277a6f97bfbb89e0e8c0f131f8bfc0"
    whole = "# SHA1:3b07c2d17d4b9ce0f33a3b4b9a3a7a8ab3fbd4f5"
    repository = made(tmp_path, "multi", "requirements/base.txt", old, whole)
    assert len(findings(repository, "requirements/base.txt")) == 1
