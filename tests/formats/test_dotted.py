"""Names that CPython's parser takes too much memory for."""

from __future__ import annotations

import pytest

from tenterhooks.bandit import driver
from tenterhooks.bandit.ruleset import Ruleset
from tenterhooks.core.files import File, Unreadable
from tenterhooks.formats import dotted
from tenterhooks.formats.tasks import python_file


@pytest.mark.parametrize("start", ["import ", "from "])
def test_a_name_that_the_parser_of_python_takes_all_memory_for(start: str) -> None:
    source = f"{start}a{'.a' * 15_000}{' import b' if start == 'from ' else ''}\n"
    assert dotted.are_too_long(source.encode())
    result = driver.scan(source.encode(), "a.py", Ruleset())
    assert (result.failure, result.issues) == (driver.EXCEPTION, [])
    with pytest.raises(Unreadable, match="names too long"):
        python_file.load(File("tasks.py", "/nowhere/tasks.py", "tasks.py", source.encode()))


@pytest.mark.parametrize(
    "source", ["import a.b.c\n" * 5000, "a" * 100_000, "a\\\n" * 30_000, "x." * 400 + "x\n"]
)
def test_names_that_are_not_too_long(source: str) -> None:
    assert not dotted.are_too_long(source.encode())
