"""dev.py and release.py as modules, and the tools of the environment that the tests run in."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT))

import dev as dev  # noqa: PLC0414
import release as release  # noqa: PLC0414


def tool(name: str) -> str:
    """The path of a locked tool: what happens to be on PATH is another version."""
    found = shutil.which(name, path=str(Path(sys.executable).parent))
    assert found, f"{name} is missing here; python3 dev.py test sets it up"
    return found


def thinned(cases: Iterable[Any], every: int) -> list[Any]:
    """Cases for ``parametrize``: of ``every`` one is always tried, the others are slow."""
    slow = [pytest.mark.slow]
    return [
        case if number % every == 0 else with_marks(case, slow) for number, case in enumerate(cases)
    ]


def with_marks(case: Any, marks: list[Any]) -> Any:
    """A case with more marks. Cases are values, or what pytest.param returns; more values than
    one stand in a tuple of exactly that type."""
    if hasattr(case, "marks"):
        return pytest.param(*case.values, id=case.id, marks=[*case.marks, *marks])
    values = case if type(case) is tuple else (case,)
    return pytest.param(*values, marks=marks)


def examples(number: int) -> int:
    """How many examples the profile of hypothesis allows, of so many that are thorough."""
    thorough = hypothesis.settings.get_profile("thorough").max_examples
    return number * hypothesis.settings().max_examples // thorough
