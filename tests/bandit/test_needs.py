"""What is told of a test without importing it is what the test says of itself."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.bandit import driver, guards, installed, loading, manager, plain
from tenterhooks.bandit.detections import TESTS, needs, nodes
from tenterhooks.bandit.ruleset import Ruleset

HERE = Path(__file__).parent


def module(name: str) -> Any:
    """A module of ours by the start of its name."""
    (row,) = {row[1] for row in TESTS.values() if f".{name}_" in row[1]}
    return importlib.import_module(row)


def test_every_known_test_waits_for_its_first_use() -> None:
    registry = loading.load(installed.look())
    for it in registry.plugins:
        of_us = it.plugin.__module__.startswith(("bandit.", "tenterhooks."))
        assert isinstance(it.plugin, loading.Later) == of_us, it.name


def test_what_is_told_of_each_test_is_what_it_says_itself() -> None:
    registry = loading.load(installed.look())
    assert len(registry.plugins) >= 42 + len(TESTS)
    for it in registry.plugins:
        if isinstance(it.plugin, loading.Later):
            function = it.plugin._load()
            for name in ("__name__", "__module__", "_test_id", "_checks"):
                assert getattr(it.plugin, name) == getattr(function, name), it.name
            section = getattr(function, "_takes_config", None)
            assert it.plugin._takes_config == section
            assert (it.plugin.defaults is not None) == (section is not None)


def test_another_version_of_bandit_is_loaded_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "PROVED", "1.9.3")
    registry = loading.load(installed.look())
    assert not any(isinstance(it.plugin, loading.Later) for it in registry.plugins)


@pytest.mark.parametrize("test_id", TESTS)
def test_names_are_those_that_a_detection_asks_for(test_id: str) -> None:
    _, name, function = TESTS[test_id]
    asked = getattr(importlib.import_module(name), function).call_names
    calls = needs.NEEDS[test_id].get("Call")
    if asked is not None:
        assert isinstance(calls, needs.Calls)
        assert {it.rpartition(".")[2] for it in calls.names or ()} == asked


def calls_of(test_id: str) -> Any:
    return needs.NEEDS[test_id]["Call"]


def test_nothing_is_left_out_that_the_modules_name() -> None:
    tls, models, tokens = module("th105"), module("th106"), module("th111")
    assert {it.rpartition(".")[2] for it in calls_of("TH105").names} >= tls._METHODS
    assert calls_of("TH105").keywords >= tls._KEYWORDS
    assert {*tls._MODES, *tls._KEYS} <= nodes.TLS_KEYS
    assert {*tls._MODES_OF_SSL, "verify"} <= nodes.TLS_TARGETS
    environment = importlib.import_module("tenterhooks.bandit.detections.th105_environment")
    assert all(it.isupper() for it in environment._VARIABLES)
    assert calls_of("TH106").names >= models._NAMES
    assert {it[1] for it in tokens._KINDS} <= {*nodes.TOKENS}
    assert tokens._SHORTEST >= nodes.SHORTEST_TOKEN
    assert module("th115")._WEAK <= nodes.WEAK
    index = module("th108")
    assert all(it.startswith(nodes.INSTALLERS) for it in index._VARIABLES)
    assert all(it.startswith("-") for it in (*index._OPTIONS, *index._SHORT))
    install = module("th113")
    assert {*nodes.BUILDS} >= install._ROLES
    assert {it.encode() for it in install._HOOKS} <= {*nodes.HOOKS}
    path = {f"sys.path.{it}" for it in module("th116")._CALLS}
    assert path - {"sys.path.addsitedir"} | {"site.addsitedir"} <= calls_of("TH116").names


def sources() -> Iterator[str]:
    """All pieces of Python in the tests of the detections, and the files of their examples."""
    for file in sorted(HERE.joinpath("detections").glob("test_*.py")):
        seen = set()
        for node in ast.walk(ast.parse(file.read_bytes())):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and len(text) > 3 and text not in seen:
                seen.add(text)
                yield text


def scanned(text: str, rules: Ruleset) -> tuple[list[Any], list[Any]] | None:
    """What is found by us and by Bandit's own manager, which knows no needs."""
    data = text.encode("utf-8", "surrogatepass")
    try:
        ast.parse(data)
    except (SyntaxError, ValueError):
        return None
    path = "setup.py" if "setup" in text else "a.py"
    mine, theirs = driver.scan(data, path, rules), manager.scan(data, path, rules)
    assert (mine.failure is None) == (theirs.failure is None)
    return [[[*it[:10]] for it in plain.pack(result)[0]] for result in (mine, theirs)]  # type: ignore[return-value]


def test_what_is_left_out_would_find_nothing() -> None:
    rules = Ruleset(tests=[*TESTS])
    found = set()
    count = 0
    for text in sources():
        both = scanned(text, rules)
        if both is not None:
            count += 1
            assert both[0] == both[1], f"left out by detections/needs.py:\n{text}"
            found |= {issue[0] for issue in both[0]}
    assert count > 1000
    # The tokens for TH111 are put together, here and there.
    assert found >= {*TESTS} - {"TH111"}


@pytest.mark.parametrize("prefix", ["", "b"])
def test_no_token_is_left_out(prefix: str) -> None:
    both = scanned(f"x = {prefix}'{'AK' + 'IA'}Q3EGV7ZQK2MWTYRP'\n", Ruleset(tests=[*TESTS]))
    assert both is not None
    assert both[0] == both[1]
    assert [it[0] for it in both[0]] == ["TH111"]


PIECES = st.sampled_from(
    ["pass", "pas", "wd", "pwd", "token", "secret", "e", "_", "x", "S", "\u017f"]
)


@given(st.lists(PIECES, max_size=8).map("".join), st.booleans())
def test_what_bandit_takes_for_a_password_is_not_left_out(name: str, loud: bool) -> None:
    passwords = importlib.import_module("bandit.plugins.general_hardcoded_password")
    name = name.upper() if loud else name
    if passwords.RE_CANDIDATES.search(name):
        assert guards.password_like(name)


def test_most_names_are_no_password() -> None:
    assert not any(map(guards.password_like, ["", "name", "tok", "secre", "pa_s", "p4ssword"]))


@pytest.mark.parametrize(
    ("data", "may"),
    [
        (b"x = ssl.abc\n", True),
        (b"x = ssl.ab\n", False),
        ("x = ssl.ab\uff43\n".encode(), True),
        (b"# coding: utf-7\nx\n", True),
        (b"x\n# coding: utf-7\n", True),
        (b"x\nx\n# coding: utf-7\n", False),
    ],
)
def test_where_an_identifier_may_be(data: bytes, may: bool) -> None:
    assert guards.may_name(data, b"abc", b"never") is may


def test_no_expression_is_compiled_to_tell_what_is_needed() -> None:
    """Each costs as much as what it would save."""
    for it in (needs, nodes, guards):
        assert not [value for value in vars(it).values() if isinstance(value, re.Pattern)]
