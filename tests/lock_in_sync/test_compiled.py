"""Compiled requirements: edits of small projects, each with the verdict that compiling again
gives."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from lock_in_sync import compiling
from tools import thinned

from tenterhooks.core.files import Repository
from tenterhooks.core.finding import Finding
from tenterhooks.lock_in_sync import compiled

DATA = Path(__file__).parent / "data" / "compiled"
STALE, ORPHAN, UNSATISFIED = "lock-out-of-date", "lock-orphan", "lock-unsatisfied"
INCOMPLETE = "lock-incomplete"
TXT = "requirements.txt"
IN = "requirements.in"
TOOLS = {
    "pip": "pip-compile --allow-unsafe --no-emit-find-links --output-file=requirements.txt "
    "requirements.in",
    "uv": "uv pip compile --python-version 3.11 requirements.in -o requirements.txt",
    "universal": "uv pip compile --universal --python-version 3.10 --no-strip-extras "
    "requirements.in -o requirements.txt",
    "project": "uv pip compile pyproject.toml --extra all --group test --generate-hashes -o "
    "requirements.txt",
}


class Case(NamedTuple):
    """An edit: what is replaced in which file, and what is then wrong, at which file and with
    which words in the message; nothing where it is in sync. tools: the projects it is for."""

    name: str
    path: str
    old: str
    new: str
    rule: str = ""
    where: str = ""
    words: str = ""
    tools: tuple[str, ...] = ("pip", "uv", "universal")
    # Compiling again changes what cannot be told from the files.
    is_seen: bool = True
    times: int = 1


PIP, UNIVERSAL, UV = ("pip",), ("universal",), ("uv", "universal")

EDITS = [
    Case("nothing", IN, "gamma", "gamma"),
    Case("comment", IN, "# What", "# All that"),
    Case("blank lines", IN, "delta<2\n", "\n\ndelta<2\n\n"),
    Case("comment behind", IN, "delta<2", "delta<2  # theirs is not ported"),
    Case("order", IN, "delta<2\nZeta_Eta>=1\n", "Zeta_Eta>=1\ndelta<2\n"),
    Case("spelling of a name", IN, "Zeta_Eta", "zeta.eta"),
    Case("blanks in a specifier", IN, "gamma[fast]>=1.0", "gamma [ fast ] >= 1.0"),
    Case("zeros of a version", IN, "gamma[fast]>=1.0", "gamma[fast]>=1"),
    Case("loosened", IN, "delta<2", "delta"),
    Case("tightened and met", IN, "delta<2", "delta>=1.5,<2"),
    Case("pinned to what it is", IN, "delta<2", "delta==1.5"),
    Case("prefix that fits", IN, "delta<2", "delta==1.*"),
    Case("compatible", IN, "delta<2", "delta~=1.0"),
    Case("excluded another", IN, "delta<2", "delta<2,!=1.0"),
    Case("tightened", IN, "Zeta_Eta>=1", "Zeta_Eta<2", STALE, IN, "has zeta-eta==2.0"),
    Case("raised", IN, "delta<2", "delta>=2", STALE, IN, "delta>=2 is declared"),
    Case("pinned to another", IN, "delta<2", "delta==1.0", STALE, IN, "has delta==1.5"),
    Case("excluded this one", IN, "delta<2", "delta<2,!=1.5", STALE, IN, "has delta==1.5"),
    Case("in a base", "base.in", "alpha>=1,<2", "alpha>=2", STALE, "base.in", "alpha>=2 is"),
    Case("base loosened", "base.in", "alpha>=1,<2", "alpha", "", ""),
    Case("added", IN, "delta<2\n", "delta<2\ntheta\n", STALE, IN, "has no theta"),
    Case("added to a base", "base.in", "alpha", "theta\nalpha", STALE, "base.in", "has no theta"),
    Case("added what is there", IN, "delta<2\n", "delta<2\nbeta\n"),
    Case("added what is there, unmet", IN, "delta<2\n", "delta<2\nbeta<1.5\n", STALE, IN, "beta"),
    Case("added twice", IN, "delta<2\n", "delta<2\ndelta>1\n"),
    Case("added twice, unmet", IN, "delta<2\n", "delta<2\ndelta<1.5\n", STALE, IN, "delta<1.5"),
    Case("removed", IN, "Zeta_Eta>=1\n", "", STALE, TXT, "zeta-eta==2.0 is here for requirements"),
    Case("commented out", IN, "Zeta_Eta", "# Zeta_Eta", STALE, TXT, "which declares it no more"),
    Case("renamed", IN, "Zeta_Eta>=1", "theta>=1", STALE, "", "", times=2),
    Case("removed, and needed", IN, "delta<2\n", ""),
    Case("removed from a base", "base.in", "alpha>=1,<2", "", STALE, TXT, "here for base.in"),
    Case("moved from a base", "base.in", "alpha>=1,<2", "-r more.in"),
    Case("base left out", IN, "-r base.in\n", "", STALE, TXT, "alpha==1.5 is here for base.in"),
    Case("extra added", IN, "delta<2", "delta[most]<2", STALE, IN, "[most]", PIP),
    Case("extra taken away", IN, "gamma[fast]", "gamma", STALE, IN, "", ("pip", "universal")),
    Case("extra stripped", IN, "delta<2", "delta[most]<2", tools=("uv",)),
    Case("constraint tightened", "constraints.txt", "<2", "<1.5", STALE, "constraints.txt", "beta"),
    Case("constraint loosened", "constraints.txt", "<2", "<3"),
    Case("constraint added", "constraints.txt", "beta", "gamma<2\nbeta", STALE, "", "gamma<2 is a"),
    Case("constraint of another", "constraints.txt", "beta", "theta<2\nbeta"),
    Case("constraint that is met", "constraints.txt", "beta", "gamma>=2\nbeta"),
    Case("constraints left out", IN, "-c constraints.txt\n", ""),
    Case("marker, same meaning", IN, 'python_version >= "3.8"', "python_version>='3.8'"),
    Case("marker widened", IN, '"3.8"', '"3.7"', STALE, IN, "epsilon", PIP),
    Case("marker widened, not written", IN, '"3.8"', '"3.7"', tools=UV),
    Case("marker taken away", IN, ' ; python_version >= "3.8"', "", STALE, IN, "epsilon", PIP),
    Case("marker that never holds", IN, '>= "3.8"', '< "3.8"', STALE, TXT, "epsilon"),
    Case("marker added", IN, "Zeta_Eta>=1", 'Zeta_Eta>=1; python_version>"3"', STALE, IN, "", PIP),
    Case("platform", IN, "Zeta_Eta>=1", 'Zeta_Eta; os_name=="nt"', STALE, IN, "", UNIVERSAL),
    Case(
        "platform of one", IN, "Zeta_Eta>=1", 'Zeta_Eta; os_name=="nt"', "", "", "", ("uv",), False
    ),
    Case("other platform added", IN, "delta<2\n", 'delta<2\ntheta; os_name=="nt"\n', tools=("uv",)),
    Case(
        "any platform", IN, "delta<2\n", 'delta<2\ntheta; os_name=="nt"\n', STALE, IN, "", UNIVERSAL
    ),
    Case("old Python", IN, "delta<2\n", 'delta<2\ntheta; python_version<"3.9"\n'),
    Case("this Python", IN, "delta<2\n", 'delta<2\ntheta; python_version>"3.9"\n', STALE, IN, ""),
    Case("address", IN, "delta<2", "delta @ https://example.org/delta-1.5.zip", STALE, IN),
    Case("entry lowered", TXT, "zeta-eta==2.0", "zeta-eta==0.5", STALE, IN, "Zeta_Eta>=1 is"),
    Case("entry raised", TXT, "alpha==1.5", "alpha==2.0", STALE, "base.in", "has alpha==2.0"),
    Case("entry removed", TXT, "zeta-eta==2.0\n    # via -r requirements.in\n", "", STALE, IN, ""),
    Case("entry against a constraint", TXT, "beta==1.5", "beta==2.0", STALE, "constraints.txt", ""),
    Case(
        "entry added", TXT, "zeta-eta==2.0", "theta==2.0\nzeta-eta==2.0", ORPHAN, TXT, "theta==2.0"
    ),
    Case(
        "entry of a stranger",
        TXT,
        "zeta-eta==2.0",
        "theta==2.0\n    # via iota\nzeta-eta==2.0",
        INCOMPLETE,
        TXT,
        "iota has no entry",
    ),
    Case("comment in the lock", TXT, "# via -r base.in", "# via -r base.in\n# looked at"),
]

PROJECT = "pyproject.toml"
GROUPS = "[dependency-groups]"
UV_TABLE = '[tool.uv]\n{}-dependencies = ["{}"]\n[dependency-groups]'
PROJECT_EDITS = [
    Case("nothing", PROJECT, "app", "app"),
    Case("version", PROJECT, 'version = "1.0"', 'version = "1.1"'),
    Case("other table", PROJECT, "[dependency-groups]", "[tool.other]\nx = 1\n[dependency-groups]"),
    Case("loosened", PROJECT, "alpha>=1,<2", "alpha"),
    Case("quotes", PROJECT, '"zeta.eta"', "'zeta.eta'"),
    Case("raised", PROJECT, "alpha>=1,<2", "alpha>=2", STALE, PROJECT, "alpha>=2 is declared"),
    Case(
        "added to groups", PROJECT, '["theta"]', '["theta", "colour"]', STALE, PROJECT, "no colour"
    ),
    Case(
        "added", PROJECT, '"zeta.eta",', '"zeta.eta",\n    "colour",', STALE, PROJECT, "no colour"
    ),
    Case("removed", PROJECT, '    "zeta.eta",\n', "", STALE, TXT, "is here for pyproject.toml"),
    Case("extra", PROJECT, "gamma[fast]>=1.0", "gamma[fast]<1.5", STALE, PROJECT, "has gamma==2.0"),
    Case(
        "extra of an extra",
        PROJECT,
        'speed = ["',
        'speed = ["colour", "',
        STALE,
        PROJECT,
        "no colour",
    ),
    Case("extra that is not asked for", PROJECT, "all = [", 'rest = ["colour"]\nall = ['),
    Case(
        "extra emptied",
        PROJECT,
        '["app[speed]", "epsilon"]',
        '["app[speed]"]',
        STALE,
        TXT,
        "epsilon==2.0",
    ),
    Case("group", PROJECT, "delta<2", "delta==1.0", STALE, PROJECT, "has delta==1.5"),
    Case("group that is not asked for", PROJECT, "lint = [", 'docs = ["colour"]\nlint = ['),
    Case("included group emptied", PROJECT, '["theta"]', "[]", STALE, TXT, "theta==2.0"),
    Case(
        "constraint",
        PROJECT,
        GROUPS,
        UV_TABLE.format("constraint", "beta<2"),
        STALE,
        PROJECT,
        "beta<2 is a constraint",
    ),
    Case(
        "constraint that is met",
        PROJECT,
        "[dependency-groups]",
        UV_TABLE.format("constraint", "beta<3"),
    ),
    Case("override", PROJECT, "[dependency-groups]", UV_TABLE.format("override", "alpha==1.5")),
    Case(
        "overridden and unmet",
        PROJECT,
        '"zeta.eta",\n]',
        '"zeta.eta",\n"delta>=3",\n]\n[tool.uv]\noverride-dependencies = ["delta<2"]',
    ),
]


def made(tool: str, case: Case, folder: Path) -> Repository:
    """A project with an edit done."""
    top = folder / tool
    shutil.copytree(DATA / tool, top)
    (top / "more.in").write_text("alpha>=1,<2\n")
    edited = top / case.path
    text = edited.read_text()
    assert case.old in text
    edited.write_text(text.replace(case.old, case.new, 1))
    return Repository(str(top))


def findings(repository: Repository, path: str = TXT, *, strict: bool = False) -> list[Finding]:
    options = SimpleNamespace(strict=strict, compiled=[])
    return list(compiled.check(repository.file(path), repository, options))


def tables(edits: list[Case], tools: tuple[str, ...] = ()) -> list[object]:
    return [
        pytest.param(tool, case, id=f"{tool}-{case.name}")
        for case in edits
        for tool in tools or case.tools
    ]


ALL = tables(EDITS) + tables(PROJECT_EDITS, ("project",))


@pytest.mark.parametrize(("tool", "case"), ALL)
def test_edits(tool: str, case: Case, tmp_path: Path) -> None:
    found = findings(made(tool, case, tmp_path))
    expected = [case.rule] * case.times if case.rule and case.is_seen else []
    assert [each.rule for each in found] == expected
    for each in found:
        assert case.where in each.path
        assert case.words in each.message
        assert each.fix == TOOLS[tool]


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiling.build(tmp_path_factory.mktemp("index") / "wheels")


@pytest.mark.parametrize(("tool", "case"), thinned(ALL, 5))
def test_edits_as_the_compiler_judges(tool: str, case: Case, tmp_path: Path, wheels: Path) -> None:
    """Compiling again changes the pins, or cannot be done, where we say that it does."""
    repository = made(tool, case, tmp_path)
    lock = Path(repository.top, TXT)
    before = compiling.pins(lock.read_text())
    succeeded = compiling.run(TOOLS[tool], lock.parent, wheels)
    changed = not succeeded or compiling.pins(lock.read_text()) != before
    assert changed == (bool(case.rule) or not case.is_seen)
