"""docs/comparison.md, held against what the tools say. TENTERHOOKS_COMPARE=1 tries all of its
cells; otherwise the slow lockers are asked of one case."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import comparing
import pytest
from comparing import BANDIT, LOCKS, WORKFLOWS, Lock, run
from conftest import ROOT, Hook, MakeRepository
from tools import tool

from tenterhooks.bandit.selection import CATALOGUE

PAGE = (ROOT / "docs" / "comparison.md").read_text("utf-8")
ALL = bool(os.environ.get("TENTERHOOKS_COMPARE"))
ASKED = "the lock has a version that the project rules out"
BESIDE = Path(sys.executable).parent
ZIZMOR = os.environ.get("TENTERHOOKS_ZIZMOR") or shutil.which("zizmor", path=str(BESIDE))


def table(heading: str) -> dict[str, dict[str, str]]:
    """Row -> column -> cell, of the first table below a heading."""
    _, _, below = PAGE.partition(f"\n## {heading}\n")
    lines = below.split("\n\n| ", 1)[1].split("\n\n")[0].splitlines()
    head, _, *rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines]
    cells = [[*row, *[""] * (len(head) - len(row))] for row in rows]
    return {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in cells}


LOCKERS = table("The lockers' own checks")


def said(code: int) -> str:
    return "fails" if code else "passes"


def ours(hook: Hook, hook_id: str, *arguments: str) -> str:
    """What a hook says, as a cell has it."""
    done = hook(hook_id, *arguments)
    if done.code == 2:
        return "exit 2"
    return ", ".join(dict.fromkeys(done.rules)) or "passes"


def test_the_tables_have_the_cases() -> None:
    assert list(LOCKERS) == list(LOCKS)
    for case, row in LOCKERS.items():
        assert {name for name, cell in row.items() if cell} == {
            name for name, edit in LOCKS[case].items() if edit
        }
    assert list(table("Bandit's own hook")) == list(BANDIT)
    assert list(table("zizmor")) == list(WORKFLOWS)


@pytest.mark.parametrize("lock", comparing.cases(), ids=" - ".join)
def test_what_lock_in_sync_says(lock: Lock, make_repository: MakeRepository, hook: Hook) -> None:
    make_repository(lock.texts())
    assert ours(hook, "lock-in-sync") == LOCKERS[lock.case][lock.tool].split(", ")[1]


@pytest.mark.parametrize(
    "lock",
    [it for it in comparing.cases() if ALL or it.tool == "uv" or it.case == ASKED],
    ids=" - ".join,
)
def test_what_the_locker_says(lock: Lock, make_repository: MakeRepository) -> None:
    verdict = "passes" if lock.passes(make_repository(lock.texts())) else "fails"
    assert verdict == LOCKERS[lock.case][lock.tool].split(", ")[0]


@pytest.mark.parametrize("case", BANDIT)
def test_what_bandit_says(case: str, make_repository: MakeRepository, hook: Hook) -> None:
    row = table("Bandit's own hook")[case]
    top = make_repository(BANDIT[case])
    assert ours(hook, "bandit", "--no-cache") == row["tenterhooks"]
    # In an environment of its own it has no tests of ours.
    command = [tool("bandit"), "-q", "--skip", ",".join(CATALOGUE.ours()), "a.py"]
    command += ["-c", "pyproject.toml"] if "pyproject.toml" in BANDIT[case] else []
    assert said(run(command, top)) == row["PyCQA's hook"]


@pytest.mark.parametrize("case", WORKFLOWS)
def test_what_pinned_actions_says(case: str, make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({".github/workflows/a.yml": WORKFLOWS[case]})
    assert ours(hook, "pinned-actions") == table("zizmor")[case]["pinned-actions"]


@pytest.mark.skipif(ZIZMOR is None, reason="zizmor is not here; TENTERHOOKS_ZIZMOR may name one")
@pytest.mark.parametrize("case", WORKFLOWS)
def test_what_zizmor_says(case: str, make_repository: MakeRepository) -> None:
    top = make_repository({".github/workflows/a.yml": WORKFLOWS[case]})
    code = run([ZIZMOR or "", "--offline", "--no-progress", "."], top)
    assert said(code) == table("zizmor")[case]["zizmor"]
