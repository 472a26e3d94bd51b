"""The pages of the detections, held to the code."""

from __future__ import annotations

import ast
import re

import pytest
import tomli
from conftest import Hook, MakeRepository
from pages import HEADINGS, PAGES_FOLDER, blocks, facts, headings

from tenterhooks.bandit.detections import TESTS
from tenterhooks.bandit.rules import OPT_IN
from tenterhooks.bandit.settings import NOT_IN_TESTS

PAGES = PAGES_FOLDER / "bandit"
OVERVIEW = (PAGES / "README.md").read_text("utf-8")


def default(test_id: str) -> str:
    """What the pages say of when a detection is on."""
    if test_id in OPT_IN:
        return f"no: with `--select {test_id}`"
    return "yes: but not in test files" if test_id in NOT_IN_TESTS else "yes"


def test_every_detection_has_a_page_and_no_page_lacks_one() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == {"README", *TESTS}


@pytest.mark.parametrize("test_id", TESTS)
def test_a_page_has_the_fixed_form(test_id: str) -> None:
    page = (PAGES / f"{test_id}.md").read_text("utf-8")
    assert page.startswith(f"# {test_id}: ")
    assert headings(page) == [*HEADINGS[:-1], "On real code", HEADINGS[-1]]
    table = facts(page)
    assert table["Hook"] == "`bandit`"
    assert table["Plugin"].startswith(f"`{TESTS[test_id][0]}` in `bandit.plugins`")
    assert table["Works offline"] == "yes"
    assert table["On by default"] == default(test_id)
    assert {"Severity", "Confidence", "CWE"} <= set(table)
    assert "**Before**" in page
    assert "**After**" in page


@pytest.mark.parametrize("test_id", TESTS)
def test_the_overview_has_a_row(test_id: str) -> None:
    title = (PAGES / f"{test_id}.md").read_text("utf-8").split("\n")[0].split(": ", 1)[1]
    row = f"| [{test_id}]({test_id}.md) | `{TESTS[test_id][0]}` | {title} | {default(test_id)} |"
    assert row in OVERVIEW


@pytest.mark.parametrize("test_id", TESTS)
def test_examples_say_what_they_show(
    test_id: str, make_repository: MakeRepository, hook: Hook
) -> None:
    """The code under Before is found, that under After is not."""
    page = (PAGES / f"{test_id}.md").read_text("utf-8")
    samples = re.findall(
        r"^\*\*(Before|After)\*\*(?: \(`?([^`)]+)`?\))?\n```python\n(.*?)^```$",
        page,
        re.MULTILINE | re.DOTALL,
    )
    assert {kind for kind, _, _ in samples} == {"Before", "After"}
    name = "setup.py" if test_id == "TH113" else "a.py"
    make_repository({})
    for kind, _, code in samples:
        ast.parse(code)
        with open(name, "w", encoding="utf-8") as stream:
            stream.write(code)
        found = hook("bandit", "--tests", test_id, name).rules
        assert found == [] if kind == "After" else test_id in found, (kind, code)


def test_what_is_off_in_tests_is_named() -> None:
    assert "B101" in OVERVIEW
    named = [it for it in TESTS if default(it).endswith("test files")]
    assert {"B101", *named} == NOT_IN_TESTS


def test_the_configuration_and_the_commands_run(
    make_repository: MakeRepository, hook: Hook
) -> None:
    (toml,) = blocks(OVERVIEW, "toml")
    top = make_repository({"pyproject.toml": toml, "a.py": "exec(x)\n", "vendor/b.py": "exec(x)\n"})
    assert tomli.loads(toml)["tool"]["bandit"]
    assert hook("bandit").rules == ["B102"]
    (command,) = "".join(blocks(OVERVIEW, "sh")).splitlines()
    program, *options = command.split()
    assert program == "tenterhooks-bandit"
    assert hook("bandit", *options).code == 0
    assert (top / ".bandit-baseline.json").exists()
    assert hook("bandit", *options[:2]) == (0, "", "")
