"""Versions and specifiers (PEP 440): does a version meet a specifier, do two mean the same.

packaging is the authority. It costs 45 ms of import, so what nearly all specifiers are is decided
without it; the tests hold both to one answer.
"""

from __future__ import annotations

import functools
import re

# Longer numbers are nobody's; int() refuses them from 4300 digits on.
_PLAIN = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,18}){0,15}", re.ASCII)
_CLAUSE = re.compile(r"(===|==|~=|!=|<=|>=|<|>)(.*)", re.DOTALL)
# Ranks of what stands before a release, and of the release.
_IN_DEVELOPMENT, _FINAL = -1, 3
_NO_POST = -1
_MAX_WITNESSES = 100

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.lock_in_sync.pep440 import Release, Suffix, Version

_RELEASE: Suffix = (_FINAL, 0, _NO_POST, 1, 0)


def meets(version: str, specifier: str) -> bool:
    """Whether a version is in a specifier, pre-releases like any other; True where either of
    them is not valid."""
    if not specifier.strip() or specifier == "==" + version:
        return True
    verdicts = [meets_clause(version, clause) for clause in clauses(specifier)]
    return None in verdicts or all(verdicts)


def same_specifier(one: str, other: str) -> bool:
    """Whether two specifiers let the same versions in. What is not valid is the same as its own
    text only."""
    if one == other:
        return True
    first, second = set(clauses(one)), set(clauses(other))
    if first == second:
        return True
    if _has_witness(first, second):
        return False
    from packaging.specifiers import SpecifierSet

    try:
        # What a pre-release in a specifier does to the choice among versions is left out.
        first_range = SpecifierSet(one, prereleases=True).to_range()
        second_range = SpecifierSet(other, prereleases=True).to_range()
        return first_range == second_range or (first_range.is_empty and second_range.is_empty)
    except ValueError:
        return False


def _has_witness(first: set[str], second: set[str]) -> bool:
    """Whether there is a version, of those that are named and those right after them, that meets
    one of them and not the other: then packaging need not be asked."""
    if len(first) + len(second) > _MAX_WITNESSES:
        return False
    for version in dict.fromkeys(_witnesses(first ^ second)):
        verdicts = [[meets_clause(version, each) for each in it] for it in (first, second)]
        if None in (*verdicts[0], *verdicts[1]):
            return False
        if all(verdicts[0]) is not all(verdicts[1]):
            return True
    return False


def _witnesses(different: set[str]) -> Iterator[str]:
    yield "0"
    for clause in different:
        parts = _CLAUSE.match(clause)
        literal = parts[2].removesuffix(".*") if parts else ""
        if _version(literal) is not None:
            yield literal
        if plain(literal) is not None:
            yield literal + ".1"


def clauses(specifier: str) -> list[str]:
    """The clauses of a specifier, without blanks."""
    return [clause for clause in "".join(specifier.split()).split(",") if clause]


@functools.lru_cache(4096)
def meets_clause(version: str, clause: str) -> bool | None:
    """Whether a version meets one clause; None where either of them is not valid."""
    parts = _CLAUSE.match(clause)
    if parts is None:
        return None
    operator, literal = parts.groups()
    found, bound = _version(version), _version(literal.removesuffix(".*"))
    if found is None or bound is None or operator == "===":
        return _by_packaging(version, clause)
    is_prefix = literal.endswith(".*")
    if not _may_follow(operator, bound, is_prefix=is_prefix):
        return None
    if is_prefix:
        return _starts_with(found, bound, bound[4]) is (operator == "==")
    return _compared(found, operator, bound)


def _may_follow(operator: str, bound: Version, *, is_prefix: bool) -> bool:
    """Whether a clause of these parts is valid."""
    _, _, suffix, local, width = bound
    if is_prefix:
        return operator in ("==", "!=") and suffix == _RELEASE and not local
    if operator == "~=":
        return width > 1 and not local
    return operator in ("==", "!=") or not local


def _compared(version: Version, operator: str, bound: Version) -> bool:
    public, limit = version[:3], bound[:3]
    if operator in ("==", "!="):
        is_same = public == limit and (not bound[3] or version[3] == bound[3])
        return is_same is (operator == "==")
    if operator in (">=", "~="):
        is_prefixed = operator == ">=" or _starts_with(version, bound, bound[4] - 1)
        return public >= limit and is_prefixed
    if operator == "<=":
        return public <= limit
    if operator == "<":
        return public < (*limit[:2], _below(limit[2]))
    return public >= (*limit[:2], _above(limit[2]))


def _below(suffix: Suffix) -> Suffix:
    """The least that ``<`` leaves out: with a release all that leads to it."""
    rank, number, post, is_whole, _ = suffix
    if rank != _FINAL or not is_whole:
        return suffix
    return (_IN_DEVELOPMENT if post == _NO_POST else rank), number, post, 0, 0


def _above(suffix: Suffix) -> Suffix:
    """The least that ``>`` lets in: with a release none that came after it."""
    rank, number, post, is_whole, dev = suffix
    if not is_whole:
        return rank, number, post, 0, dev + 1
    if post != _NO_POST:
        return rank, number, post + 1, 0, 0
    return rank, number + 1, _NO_POST, 0, 0


@functools.lru_cache(4096)
def _version(text: str) -> Version | None:
    """A version taken apart; None where that is left to packaging."""
    numbers = plain(text)
    if numbers is not None:
        return 0, numbers, _RELEASE, (), text.count(".") + 1
    from tenterhooks.lock_in_sync import pep440

    return pep440.parsed(text)


def plain(version: str) -> Release | None:
    """The numbers of a version that is nothing but numbers, without zeros at its end."""
    if not _PLAIN.fullmatch(version):
        return None
    numbers = [int(number) for number in version.split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _starts_with(version: Version, bound: Version, width: int) -> bool:
    """Whether a version has the epoch and the first numbers of another."""
    return version[0] == bound[0] and _first(version[1], width) == _first(bound[1], width)


def _first(release: Release, width: int) -> Release:
    return (*release, *[0] * width)[:width]


def _by_packaging(version: str, clause: str) -> bool | None:
    from packaging.specifiers import Specifier
    from packaging.version import Version

    try:
        return Specifier(clause).contains(Version(version), prereleases=True)
    except ValueError:
        return None
