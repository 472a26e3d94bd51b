"""Which rules are on: presets, names of practices and of rules, and what is left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from conftest import Hook, MakeRepository

from tenterhooks import everything
from tenterhooks.core import selection
from tenterhooks.core.finding import Rule
from tenterhooks.core.practice import SHARED_RULES, Option, Practice

ON = Rule("is-on", "On by default.", presets=("spec8",))
OFF = Rule("is-off", "Off by default.", default=False)
SPEC = Rule("is-spec", "Off by default, and in a preset.", default=False, presets=("spec8",))
SHARED = {rule.name for rule in SHARED_RULES}


def check(*_: Any) -> Iterator[Any]:
    return iter(())


def practice(**more: Any) -> Practice:
    options = [Option("strict", "flag", "...")]
    rules = [ON, OFF, SPEC]
    return Practice("words", "Words.", rules, check, options=options, **more)


def chosen(
    it: Practice, presets: str = "", names: str = "", ignored: str = "", **options: Any
) -> tuple[set[str] | None, list[str]]:
    values = it.defaults(**options)
    found = selection.choose(it, values, presets.split(), names.split(), ignored.split())
    return (None if found is None else found.active - SHARED), values.select


@pytest.mark.parametrize(
    ("presets", "names", "ignored", "wanted", "switched"),
    [
        ("core", "", "", {"is-on"}, []),
        ("core", "is-off", "", {"is-on", "is-off"}, ["is-off"]),
        ("core", "", "is-on", set(), []),
        ("core", "", "words", None, []),
        ("spec8", "", "", {"is-on", "is-spec"}, ["is-spec"]),
        ("spec8", "", "is-spec", {"is-on"}, []),
        ("scorecard", "", "", None, []),
        ("core scorecard", "", "", {"is-on"}, []),
        ("all", "", "", {"is-on", "is-off", "is-spec"}, ["is-off", "is-spec"]),
        ("", "words", "", {"is-on"}, []),
        ("", "is-off", "", {"is-off"}, ["is-off"]),
        ("", "other-rule", "", None, []),
        ("scorecard", "is-on", "", {"is-on"}, []),
    ],
)
def test_what_is_on(
    presets: str, names: str, ignored: str, wanted: set[str] | None, switched: list[str]
) -> None:
    assert chosen(practice(), presets, names, ignored) == (wanted, switched)


def test_options_of_the_practice_count_where_it_is_whole() -> None:
    it = practice(selects={"strict": ("is-off",)})
    assert chosen(it, "core", strict=True)[0] == {"is-on", "is-off"}
    assert chosen(it, "", "is-on", strict=True)[0] == {"is-on"}


def test_a_preset_can_hold_a_whole_practice() -> None:
    it = practice(presets=frozenset({"scorecard"}))
    assert chosen(it, "scorecard")[0] == {"is-on"}


def test_what_could_not_be_read_is_told_whatever_is_chosen() -> None:
    found = selection.choose(practice(), practice().defaults(), [], ["is-on"], [])
    assert found is not None
    assert all(found.reports(name) for name in SHARED)
    found = selection.choose(practice(), practice().defaults(), [], ["is-on"], ["invalid-file"])
    assert found is not None
    assert not found.reports("invalid-file")


@pytest.mark.parametrize(
    ("presets", "names", "ignored", "told", "switched"),
    [
        ("core", "", "", "X1 X2", []),
        ("core", "", "X1", "X2", []),
        ("", "words", "", "X1 X2", []),
        ("", "X1", "", "X1", ["X1"]),
        ("", "is-on", "", "", []),
        ("all", "", "", "X1 X2", ["X2", "is-off", "is-spec"]),
    ],
)
def test_rules_of_another_tool(
    presets: str, names: str, ignored: str, told: str, switched: list[str]
) -> None:
    it = practice(others=lambda: ["X1", "X2"], opt_in=("X2",))
    values = it.defaults()
    found = selection.choose(it, values, presets.split(), names.split(), ignored.split())
    assert found is not None
    assert [name for name in ("X1", "X2") if found.reports(name)] == told.split()
    assert values.select == switched


def test_every_preset_holds_something_and_all_holds_everything() -> None:
    for preset in selection.PRESETS:
        held = set()
        for it in everything.practices():
            found = selection.choose(it, it.defaults(), [preset], [], [])
            held |= found.active if found else set()
        assert held > SHARED
    rules = {rule.name for it in everything.practices() for rule in it.rules}
    assert held == rules | SHARED  # `all` comes last


UNPINNED = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: a/b@v4.2.2\n"


@pytest.mark.parametrize(
    ("options", "toml", "wanted"),
    [
        ("", "", ["unpinned-action", "missing-security-policy"]),
        ("--select pinned-actions", "", ["unpinned-action"]),
        ("--select missing-security-policy", "", ["missing-security-policy"]),
        ("--ignore pinned-actions", "", ["missing-security-policy"]),
        ("--ignore unpinned-action", "", ["missing-security-policy"]),
        ("--preset spec8", "", ["unpinned-action"]),
        ("--preset spec8,core", "", ["unpinned-action", "missing-security-policy"]),
        (
            "--select unpinned-action,security-policy",
            "",
            ["unpinned-action", "missing-security-policy"],
        ),
        ("", 'preset = ["spec8"]', ["unpinned-action"]),
        ("", 'select = ["security-policy"]', ["missing-security-policy"]),
        ("", 'ignore = ["security-policy"]', ["unpinned-action"]),
        ("--preset spec8", 'select = ["security-policy"]', ["unpinned-action"]),
        ("--select pinned-actions", 'preset = ["all"]', ["unpinned-action"]),
    ],
)
def test_options_win_over_configuration(
    options: str, toml: str, wanted: list[str], make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository(
        {".github/workflows/a.yml": UNPINNED, "pyproject.toml": f"[tool.tenterhooks]\n{toml}\n"}
    )
    assert hook("tenterhooks", "--format", "text", *options.split()).rules == wanted


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ("--preset speck8", "--preset: speck8: unknown preset; known: core, spec8"),
        (
            "--select pinned-action",
            "--select: pinned-action: unknown practice or rule; did you mean",
        ),
        ("--ignore zzz", "--ignore: zzz: unknown practice or rule; known: `tenterhooks rules` "),
        ("--select bandit --ignore " + "z" * 9999, f"--ignore: {'z' * 80}: unknown practice"),
        ("--report x", "--report: write FORM=x, with a form of "),
        ("--select ,", "--select: "),
        ("--report html=", "--report: write FORM=html="),
    ],
)
def test_what_there_is_not(
    options: str, error: str, make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({})
    result = hook("tenterhooks", *options.split())
    assert result.code == 2
    assert result.err.startswith(f"tenterhooks: error: {error}")


@pytest.mark.parametrize(
    ("toml", "error"),
    [
        ("ignore = ['bandit', 'zzz']", "2:21: tool.tenterhooks.ignore: zzz: unknown practice or"),
        ("select = ['zzz']", "2:11: tool.tenterhooks.select: zzz: unknown practice or rule"),
        ("bandit.ignore = ['zzz']", "2:18: tool.tenterhooks.bandit.ignore: zzz: unknown rule"),
        (
            "[tool.tenterhooks.pinned-actions]\nselect = ['unpinned-action', 'B105']",
            "3:30: tool.tenterhooks.pinned-actions.select: B105: unknown rule; known: conflicting",
        ),
    ],
)
def test_a_name_that_there_is_not_is_told_with_its_place(
    toml: str, error: str, make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({"pyproject.toml": f"[tool.tenterhooks]\n{toml}\n"})
    result = hook("tenterhooks")
    assert result.code == 2
    assert result.err.startswith(f"tenterhooks: error: pyproject.toml:{error}")


def test_to_choose_nothing_is_told(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({})
    result = hook("tenterhooks", "--select", "pinned-actions", "--ignore", "pinned-actions")
    told = "tenterhooks: note: no practice is chosen, so nothing was looked at\n"
    assert result == (0, "", told)
    assert hook("tenterhooks", "--select", "pinned-actions").err == ""
