"""Versions that are more than numbers (PEP 440), taken apart so that they compare as tuples."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    Release = tuple[int, ...]
    # The rank and number of what it is before or of; the number of what came after; 0 while that
    # is in development, else 1; and the number of that.
    Suffix = tuple[int, int, int, int, int]
    Local = tuple[tuple[int, str], ...]
    # Epoch, numbers without zeros at the end, suffix, local part, how many numbers are written.
    Version = tuple[int, Release, Suffix, Local, int]

_RANKS = {"alpha": 0, "a": 0, "beta": 1, "b": 1, "preview": 2, "pre": 2, "rc": 2, "c": 2}
_IN_DEVELOPMENT, _FINAL = -1, 3
_NUMBER = "[0-9]{0,18}"
_VERSION = re.compile(
    r"v?(?:([0-9]{1,18})!)?([0-9]{1,18}(?:\.[0-9]{1,18}){0,15})"
    rf"(?:[-_.]?(alpha|beta|preview|pre|rc|a|b|c)[-_.]?({_NUMBER}))?"
    rf"(?:-([0-9]{{1,18}})|[-_.]?(?:post|rev|r)[-_.]?({_NUMBER}))?"
    rf"(?:[-_.]?dev[-_.]?({_NUMBER}))?"
    r"(?:\+([a-z0-9]{1,18}(?:[-_.][a-z0-9]{1,18}){0,15}))?",
    re.IGNORECASE | re.ASCII,
)


def parsed(text: str) -> Version | None:
    """A version taken apart; None for what is none, or is longer than anybody's."""
    found = _VERSION.fullmatch(text)
    if found is None:
        return None
    epoch, release, word, number, build, revision, dev, local = found.groups()
    numbers = [int(part) for part in release.split(".")]
    width = len(numbers)
    while numbers and not numbers[-1]:
        numbers.pop()
    post = revision if build is None else build
    suffix = _suffix(word, int(number or 0), post, dev)
    return int(epoch or 0), tuple(numbers), suffix, _local(local or ""), width


def _suffix(word: str | None, number: int, post: str | None, dev: str | None) -> Suffix:
    rank = _RANKS[word.lower()] if word else _FINAL
    if not word and post is None and dev is not None:
        rank = _IN_DEVELOPMENT
    after = -1 if post is None else int(post or 0)
    return rank, number, after, int(dev is None), int(dev or 0)


def _local(text: str) -> tuple[tuple[int, str], ...]:
    """Its parts: numbers, and words as they are compared."""
    parts = re.split("[-_.]", text.lower()) if text else []
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)
