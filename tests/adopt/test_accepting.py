"""What becomes of acceptances, from what is found."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.core import acceptances
from tenterhooks.core.acceptance import Acceptance, Entry
from tenterhooks.core.files import File
from tenterhooks.core.finding import Finding
from tenterhooks.core.globs import Globs
from tenterhooks.core.job import Outcome
from tenterhooks.everything.adopt import accepting
from tenterhooks.everything.adopt.accepting import Plan, Terms

TODAY = dt.date(2026, 11, 22)
OVER = dt.date(2026, 11, 21)
DAY = dt.date(2027, 5, 21)

Table = dict[str, Any]


def table(rule: str, paths: object, until: dt.date = DAY, reason: str = "why") -> Table:
    return {"rule": rule, "reason": reason, "until": until, "paths": paths}


def planned(
    tables: list[Table],
    found: dict[tuple[str, str], int],
    judged: str = "abc",
    *,
    renew: bool = False,
) -> Plan:
    terms = Terms("new", TODAY, DAY, renew=renew)
    return accepting.plan(tables, found, lambda rule: rule in judged, terms)


def test_first_time() -> None:
    plan = planned([], {("b", "y"): 2, ("a", "z"): 1, ("b", "x"): 3})
    assert plan.all() == [
        table("a", {"z": 1}, reason="new"),
        table("b", {"x": 3, "y": 2}, reason="new"),
    ]
    assert list(plan.new[1]["paths"]) == ["x", "y"]


@pytest.mark.parametrize(
    ("before", "found", "after"),
    [
        # As many as before, fewer, more, none, and elsewhere.
        (table("a", {"x": 2}), {("a", "x"): 2}, [table("a", {"x": 2})]),
        (table("a", {"x": 2}), {("a", "x"): 1}, [table("a", {"x": 1})]),
        (table("a", {"x": 2}), {("a", "x"): 3}, [table("a", {"x": 3})]),
        (table("a", {"x": 2, "y": 1}), {("a", "y"): 1}, [table("a", {"y": 1})]),
        (table("a", {"x": 2}), {}, []),
        (
            table("a", {"x": 2}),
            {("a", "x"): 2, ("a", "y"): 1},
            [table("a", {"x": 2}), table("a", {"y": 1}, reason="new")],
        ),
        # Patterns.
        (table("a", ["x/**", "y"]), {("a", "x/1"): 9, ("a", "x/2"): 9}, [table("a", ["x/**"])]),
        (table("a", ["x/**", "x/1"]), {("a", "x/1"): 9}, [table("a", ["x/**"])]),
        (table("a", ["x/**"]), {("b", "x/1"): 1}, [table("b", {"x/1": 1}, reason="new")]),
        # A rule that nobody looked for.
        (table("z", {"x": 2}), {}, [table("z", {"x": 2})]),
        (table("z", ["x"]), {}, [table("z", ["x"])]),
        # One that is over stays over, as long as it is needed.
        (table("a", {"x": 2}, OVER), {("a", "x"): 5}, [table("a", {"x": 2}, OVER)]),
        (table("a", {"x": 2, "y": 2}, OVER), {("a", "x"): 1}, [table("a", {"x": 2}, OVER)]),
        (table("a", ["x"], OVER), {}, []),
    ],
)
def test_again(before: Table, found: dict[tuple[str, str], int], after: list[Table]) -> None:
    assert planned([before], found).all() == after


def test_numbers() -> None:
    before = [table("a", {"x": 2, "y": 2, "z": 1}), table("b", {"x": 1}, OVER)]
    plan = planned(before, {("a", "x"): 1, ("a", "y"): 3, ("b", "x"): 4, ("c", "\udcff"): 1})
    assert (plan.lowered, plan.raised, plan.gone, plan.expired) == (1, 1, 1, 4)
    assert plan.not_utf8 == ["\udcff"]
    assert plan.new == []


def test_renew() -> None:
    before = [table("a", {"x": 2}, OVER, reason="old")]
    plan = planned(before, {("a", "x"): 3}, renew=True)
    assert plan.all() == [table("a", {"x": 3}, DAY, reason="old")]
    assert plan.expired == 0


def test_one_that_is_over_beside_one_that_is_not() -> None:
    before = [table("a", {"x": 2}, OVER), table("a", {"x": 1}, DAY)]
    plan = planned(before, {("a", "x"): 2})
    assert plan.all() == [table("a", {"x": 2}, DAY)]


def test_counts() -> None:
    found = [Finding(path, 1, 1, rule, "m") for rule, path in [("a", "x"), ("b", "x"), ("a", "x")]]
    found += [Finding("x", 1, 1, rule, "m") for rule in ("expired-acceptance", "unused-acceptance")]
    assert accepting.counts(found) == {("a", "x"): 2, ("b", "x"): 1}


paths = st.sampled_from(["x", "y", "d/x", "d/y"])
patterns = st.sampled_from(["x", "d/**", "*", "d/x"])
rules = st.sampled_from("ab")
tables = st.builds(
    table,
    rules,
    st.dictionaries(paths, st.integers(1, 4), min_size=1)
    | st.lists(patterns, min_size=1, unique=True),
    st.sampled_from([DAY, TODAY, OVER]),
)
findings = st.dictionaries(st.tuples(rules, paths), st.integers(1, 4))


def settled(
    accepted: list[Table], found: dict[tuple[str, str], int]
) -> tuple[list[str], list[str]]:
    """What is reported, by the code that judges, and what it says of acceptances."""
    outcome = Outcome()
    for (rule, path), number in found.items():
        outcome.findings += [Finding(path, line, 1, rule, "m") for line in range(number)]
    read = []
    for it in accepted:
        entries = [
            Entry(name, it["paths"][name], None, 1, 1)
            if isinstance(it["paths"], dict)
            else Entry(name, None, Globs([name]), 1, 1)
            for name in it["paths"]
        ]
        read.append(Acceptance(it["rule"], it["reason"], it["until"], entries))
    acceptances.settle(outcome, read, TODAY)
    told = acceptances.idle(read, TODAY, lambda _: True, File("p", "/p", "p", b""))
    return [it.rule for it in outcome.findings], [it.rule for it in told]


@given(st.lists(tables, max_size=4), findings)
def test_green_afterwards(before: list[Table], found: dict[tuple[str, str], int]) -> None:
    """What is reported is what had an acceptance that is over, and one finding more is reported
    with all of its kind. A second run changes nothing."""
    plan = planned(before, found)
    left, told = settled(plan.all(), found)
    assert len(left) == plan.expired
    assert set(told) == ({"expired-acceptance"} if plan.expired else set())
    again = planned(plan.all(), found)
    assert again.all() == plan.all()
    renewed = planned(before, found, renew=True).all()
    assert settled(renewed, found) == ([], [])


@given(findings, st.tuples(rules, paths))
def test_new_ones_fail(found: dict[tuple[str, str], int], more: tuple[str, str]) -> None:
    accepted = planned([], found).all()
    grown = {**found, more: found.get(more, 0) + 1}
    assert settled(accepted, grown)[0] == [more[0]] * grown[more]
