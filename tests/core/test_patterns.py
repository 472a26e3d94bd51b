"""Patterns that are compiled when they are first used."""

from __future__ import annotations

import re

import pytest

from tenterhooks.core import patterns


def test_a_lazy_pattern_finds_what_the_pattern_finds() -> None:
    found = patterns.lazy(r"(\w)b", re.IGNORECASE)
    for _ in range(2):
        assert [match.group(1) for match in found.finditer("ab xB")] == ["a", "x"]
        assert found.search("zzB").start() == 1  # type: ignore[union-attr]
        assert found.sub("-", "abc") == "-c"
    assert (found.pattern, found.flags & re.IGNORECASE) == (r"(\w)b", re.IGNORECASE)


def test_a_lazy_pattern_of_bytes() -> None:
    assert patterns.lazy(rb"^b", re.MULTILINE).search(b"a\nb")


def test_nothing_is_compiled_before_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile = re.compile

    def noted(pattern: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(pattern)
        return compile(pattern, flags)

    monkeypatch.setattr(re, "compile", noted)
    found = patterns.lazy("a")
    assert compiled == []
    assert found.match("a")
    assert found.match("a")
    assert compiled == ["a"]


def test_what_a_pattern_has_not_a_lazy_one_has_not() -> None:
    with pytest.raises(AttributeError):
        patterns.lazy("a").searches  # type: ignore[attr-defined]  # noqa: B018
