"""The ids and names of tests, and which of them run. Bandit itself is the oracle."""

from __future__ import annotations

import importlib
import itertools
import warnings
from collections.abc import Iterable
from typing import Any

import pytest

from tenterhooks.bandit import known
from tenterhooks.bandit.detections import TESTS
from tenterhooks.bandit.selection import (
    Catalogue,
    Selection,
    combined,
    expanded,
    installed_tests,
    retired,
    words,
)

THEIRS = [("X100", "strange_thing", "strange_section"), ("X300", "strange_call", None)]


def catalogue(theirs: Iterable[Any] = ()) -> Catalogue:
    return Catalogue(lambda: theirs)


def of_bandit_itself(name: str) -> Any:
    """A module of Bandit, imported late: other tests want to see it come in."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module(name)


@pytest.fixture(scope="module")
def manager() -> Any:
    return of_bandit_itself("bandit.core.extension_loader").MANAGER


def of_bandit(manager: Any) -> list[Any]:
    return [it for it in manager.plugins if it.plugin.__module__.startswith("bandit.")]


def test_the_tables_are_those_of_bandit(manager: Any) -> None:
    assert {it.plugin._test_id: it.name for it in of_bandit(manager)} == known.PLUGINS
    names = {id: it["name"] for id, it in manager.blacklist_by_id.items()}
    assert names == known.BLACKLISTS
    assert manager.builtin == [known.BLACKLIST]


def test_the_version_is_that_of_bandit() -> None:
    assert importlib.import_module("importlib.metadata").version("bandit") == known.VERSION


def test_the_sections_are_those_of_bandit(manager: Any) -> None:
    sections, shared = {}, {}
    for it in of_bandit(manager):
        section = getattr(it.plugin, "_takes_config", None)
        if section:
            module = importlib.import_module(it.plugin.__module__)
            sections[section] = module.gen_config(section)
            if it.name != section:
                shared[it.name] = section
    assert sections == known.SECTIONS
    assert shared == known.SHARED


def test_nothing_retired_is_there() -> None:
    assert not {*known.RETIRED} & {*known.PLUGINS, *known.BLACKLISTS}
    assert not {*known.RETIRED.values()} & {*known.PLUGINS.values(), *known.BLACKLISTS.values()}


def test_words_are_found_as_bandit_finds_them(manager: Any) -> None:
    found = catalogue()
    for name in (*known.PLUGINS.values(), *known.BLACKLISTS.values(), "nothing", "B101"):
        wanted = name if manager.check_id(name) else manager.get_test_id(name)
        assert found.find(name) == wanted


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("B101", "B101"),
        ("B001", "B001"),
        ("assert_used", "B101"),
        ("pickle", "B301"),
        ("X100", "X100"),
        ("strange_thing", "X100"),
        ("strange_call", "X300"),
        ("b101", None),
        ("B999", None),
        ("B320", None),
        ("blacklist", None),
        ("", None),
    ],
)
def test_find(word: str, wanted: str | None) -> None:
    assert catalogue(THEIRS).find(word) == wanted


def test_our_own_tests_are_found() -> None:
    for id, (name, *_) in TESTS.items():
        assert catalogue().find(id) == id
        assert catalogue().find(name) == id


def test_other_packages_are_asked_only_for_what_is_unknown() -> None:
    def fail() -> Any:
        pytest.fail("asked")

    found = Catalogue(fail)
    assert [found.find(word) for word in ("B101", "eval", "B001", "B320")] == [
        *("B101", "B307", "B001"),
        None,
    ]


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("b101", "unknown test b101; did you mean B101?"),
        ("asert_used", "unknown test asert_used; did you mean assert_used?"),
        ("Assert_Used", "unknown test Assert_Used; did you mean assert_used?"),
        ("B999", "unknown test B999; Bandit 1.9.4 has none of that name"),
        ('["B101"', '["B101" is a list as TOML has it; write B101,B602'),
    ],
)
def test_unknown(word: str, message: str) -> None:
    assert catalogue().unknown(word) == message


def test_unknown_names_what_others_have() -> None:
    assert catalogue(THEIRS).unknown("B999").endswith("and the other packages have X100, X300")


def test_installed_tests_are_those_that_bandit_finds(manager: Any) -> None:
    found = {(id, name) for id, name, _ in installed_tests()}
    assert {(it.plugin._test_id, it.name) for it in manager.plugins} <= found
    assert ("B301", "pickle") in found
    assert ("B108", "hardcoded_tmp_directory", "hardcoded_tmp_directory") in installed_tests()
    assert Catalogue(installed_tests).find("B999") is None


@pytest.mark.parametrize(
    ("word", "wanted"),
    [("B320", "B320"), ("xml_bad_etree", "B320"), ("B101", None), ("B999", None)],
)
def test_retired(word: str, wanted: str | None) -> None:
    assert retired(word) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("B101", ["B101"]),
        ("B101,B102", ["B101", "B102"]),
        ("B101, B102,", ["B101", "B102"]),
        ("\nB101,\nB102", ["B101", "B102"]),
        ("B101 B102", ["B101", "B102"]),
        (" , ", []),
    ],
)
def test_words(text: str, wanted: list[str]) -> None:
    assert words(text) == wanted


SOME = [[], ["B101"], ["B001"], ["B301"], ["B001", "B301"], ["B101", "B401", "B602"]]


@pytest.mark.parametrize(("tests", "skips"), list(itertools.product(SOME, SOME)))
def test_what_runs_is_what_bandit_runs(manager: Any, tests: list[str], skips: list[str]) -> None:
    test_set = of_bandit_itself("bandit.core.test_set").BanditTestSet
    wanted = test_set._get_filter(None, {"include": tests, "exclude": skips})
    chosen = combined(tests, skips, [], [])
    every = {*known.PLUGINS, *known.BLACKLISTS}
    assert {id for id in every if chosen.runs(id)} == wanted & every
    beside = combined([], [], tests, []) if not skips else combined(tests, [], [], skips)
    assert {id for id in every if beside.runs(id)} == wanted & every


@pytest.mark.parametrize(
    ("file", "given", "runs", "not_runs"),
    [
        (([], ["B101"]), (["B101"], []), ["B101"], ["B102"]),
        ((["B101", "B102"], []), ([], ["B101"]), ["B102"], ["B101", "B103"]),
        ((["B101"], []), (["B102"], []), ["B101", "B102"], ["B103"]),
        (([], ["B101"]), ([], ["B102"]), ["B103"], ["B101", "B102"]),
        (([], ["B001"]), (["B301"], []), ["B301"], ["B302", "B101"]),
        ((["B101"], []), ([], ["B101"]), [], ["B101", "B102"]),
        (([], []), ([], []), ["B101", "X100"], []),
        ((["B301"], []), ([], ["B001"]), [], ["B301", "B101"]),
    ],
)
def test_given_ones_beside_those_of_a_file(
    file: tuple[list[str], list[str]],
    given: tuple[list[str], list[str]],
    runs: list[str],
    not_runs: list[str],
) -> None:
    chosen = combined(*file, *given)
    assert all(map(chosen.runs, runs))
    assert not any(map(chosen.runs, not_runs))


def test_expanded() -> None:
    assert expanded(["B001"]) == set(known.BLACKLISTS)
    assert expanded(["B001", "B401", "B101"]) == {"B401", "B101"}


def test_all_run_by_default() -> None:
    assert Selection().runs("anything")
