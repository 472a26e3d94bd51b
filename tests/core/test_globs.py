"""Path patterns."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.core.globs import Globs


def covers(pattern: str, path: str) -> bool:
    return Globs([pattern]).covers(path)


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("a.yml", ["a.yml", "a.yml/b"], ["b/a.yml", "aXyml", "a.yml2", "a.ym"]),
        ("tests", ["tests", "tests/a", "tests/a/b"], ["a/tests", "tests2/a", "mytests/a"]),
        ("tests/", ["tests/a"], ["a/tests/b"]),
        ("./tests", ["tests/a"], ["a/tests"]),
        ("*.yml", ["a.yml", ".yml", ".a.yml"], ["b/a.yml", "a.yaml"]),
        ("a*", ["a", "ab", "ab/c"], ["b/a", "ba"]),
        ("tests/*", ["tests/a", "tests/a/b"], ["tests", "a/tests/b"]),
        ("tests/**", ["tests/a", "tests/a/b"], ["tests", "test"]),
        ("**/a", ["a", "b/a", "b/c/a", "a/b"], ["b/aa", "ba"]),
        ("**/*.yml", ["a.yml", "b/c/a.yml"], ["a.yaml"]),
        ("a/**/b", ["a/b", "a/c/b", "a/c/d/b"], ["a/cb", "ab", "x/a/b"]),
        ("**", ["a", "a/b"], []),
        ("a?c", ["abc"], ["ac", "a/c", "abbc"]),
        ("a[b]c", ["a[b]c"], ["abc"]),
        ("a.(b|c)$", ["a.(b|c)$"], ["a.b"]),
        ("é *", ["é a"], ["e a"]),
        ("a\nb", ["a\nb"], ["a"]),
        ("**a", ["a", "b/ca"], ["b"]),
        ("***/a", ["a", "b/c/a"], ["ba"]),
    ],
)
def test_covers(pattern: str, yes: list[str], no: list[str]) -> None:
    assert [path for path in yes if not covers(pattern, path)] == []
    assert [path for path in no if covers(pattern, path)] == []


def test_a_newline_is_a_character_like_others() -> None:
    assert covers("**", "a\nb/c")
    assert covers("a/**", "a/b\nc")
    assert covers("a/*", "a/b\nc")
    assert covers("a", "a/b\nc")


def test_several_patterns() -> None:
    globs = Globs(["a|b", "c"])
    assert [path for path in ("a|b", "a", "b", "c", "c/d") if globs.covers(path)] == [
        "a|b",
        "c",
        "c/d",
    ]


def test_an_empty_pattern_covers_nothing_of_use() -> None:
    assert not covers("", "a")


@pytest.mark.parametrize(
    "pattern", ["*" * 200, "**/" * 50, "*" * 200 + "/*", "a?" * 100, "*a" * 50]
)
def test_hostile_patterns_end(pattern: str) -> None:
    assert not covers(pattern + "Z", "a" * 200)
    assert not covers(pattern + "Z", "a/" * 100)


@pytest.mark.parametrize("unit", ["**/", "*?", "*a", "a/**/"])
def test_long_patterns_against_long_paths(unit: str) -> None:
    """A quarter of a minute, state by state."""
    started = time.process_time()
    assert not Globs([unit * 1500 + "b"]).covers("a/" * 2000 + "c")
    assert time.process_time() - started < 10


def test_a_pattern_longer_than_any_path_covers_nothing() -> None:
    assert covers("a" * 10_000, "a" * 10_000)
    assert not covers("a" * 10_001, "a" * 10_001)


@given(st.text("ab/.*?", min_size=1, max_size=8), st.text("ab/.\n", min_size=1, max_size=8))
def test_plain_paths_cover_themselves(pattern: str, path: str) -> None:
    covers(pattern, path)
    assert covers("**", path)
    if not path.startswith("./") and not path.endswith("/"):
        assert covers(path, path)
        assert covers(path, path + "/inner")
