"""Do two lists of requirements ask for the same? By meaning, as uv has it since 0.13, and only as
far as it goes there: what follows was found by asking it.
"""

from __future__ import annotations

from itertools import product

from tenterhooks.lock_in_sync import compare, specifiers
from tenterhooks.lock_in_sync.uv import markers, urls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tenterhooks.lock_in_sync.uv.entries import Entry

    # Whether anything is asked for, the extras, the specifier, the sources.
    Asked = tuple[bool, frozenset[str], str, frozenset[tuple[str, ...]]]

MAX_MARKERS = 6
MAX_PAIRS = 10_000
MAX_CLAUSES = 50


class Difference:
    """One name for which two lists differ: what only one of them has."""

    __slots__ = ("declared", "locked", "name")

    def __init__(self, name: str, declared: list[Entry], locked: list[Entry]) -> None:
        self.name = name
        self.declared = declared
        self.locked = locked


def differences(
    declared: Iterable[Entry], locked: Iterable[Entry], python: str, *, entry_by_entry: bool = False
) -> Iterator[Difference]:
    """The names that two lists differ in. python: the range in which markers count.
    entry_by_entry: two entries never count as one that means the same."""
    one, other = _named(declared), _named(locked)
    for name in dict.fromkeys((*one, *other)):
        mine, theirs = one.get(name, []), other.get(name, [])
        if _keys(mine) == _keys(theirs):
            continue
        left, right = _unmatched(mine, theirs, python, entry_by_entry=entry_by_entry)
        if not (left or right) or _is_unknown(mine, theirs):
            continue
        if entry_by_entry or _differ(left, right, mine, theirs, python):
            yield Difference(name, left, right)


def _is_unknown(declared: list[Entry], locked: list[Entry]) -> bool:
    """Whether something declared comes from where it cannot be known to be the same."""
    kinds = {entry.source[0] for entry in locked}
    return any(
        entry.source == urls.UNKNOWN
        or (entry.source == urls.LOCAL and not kinds.issubset(("registry", "git")))
        for entry in declared
    )


def _named(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.name, []).append(entry)
    return found


def _key(entry: Entry) -> tuple[object, ...]:
    clauses = tuple(sorted(specifiers.clauses(entry.specifier)))
    return (entry.extras, entry.source, clauses, entry.whole_marker)


def _keys(entries: Iterable[Entry]) -> set[tuple[object, ...]]:
    return {_key(entry) for entry in entries}


def _unmatched(
    one: list[Entry], other: list[Entry], python: str, *, entry_by_entry: bool
) -> tuple[list[Entry], list[Entry]]:
    """What has no equal on the other side."""
    left, right = _keys(one), _keys(other)
    mine = [entry for entry in one if _key(entry) not in right]
    theirs = [entry for entry in other if _key(entry) not in left]
    if len(mine) * len(other) + len(theirs) * len(one) > MAX_PAIRS:
        return mine, theirs

    def has_equal(entry: Entry, others: list[Entry]) -> bool:
        # Markers first: to compare two specifiers may take an import of packaging.
        return any(
            compare.same_marker(entry.whole_marker, each.whole_marker, python)
            and _is_alike(entry, each, as_written=entry_by_entry)
            for each in others
        )

    return (
        [entry for entry in mine if not has_equal(entry, other)],
        [entry for entry in theirs if not has_equal(entry, one)],
    )


def _is_alike(one: Entry, other: Entry, *, as_written: bool = False) -> bool:
    """Whether two entries differ in no more than the marker."""
    if one.extras != other.extras or one.source != other.source:
        return False
    same = _same_clauses if as_written else _same_specifier
    return same(one.specifier, other.specifier)


def _same_specifier(one: str, other: str) -> bool:
    """Whether two specifiers mean the same. Where one names a single version, uv looks at the
    clauses alone."""
    if one == other:
        return True
    both = (*specifiers.clauses(one), *specifiers.clauses(other))
    if any(clause.startswith("==") and not clause.endswith(".*") for clause in both):
        return _same_clauses(one, other)
    return compare.same_specifier(one, other)


def _same_clauses(one: str, other: str) -> bool:
    """Whether two specifiers are made of the same clauses, in any order; versions may be written
    in another way."""
    first, second = specifiers.clauses(one), specifiers.clauses(other)
    if len(first) != len(second) or len(first) > MAX_CLAUSES:
        return sorted(first) == sorted(second)
    for clause in first:
        same = [each for each in second if compare.same_specifier(clause, each)]
        if not same:
            return False
        second.remove(same[0])
    return True


def _differ(
    left: list[Entry], right: list[Entry], one: list[Entry], other: list[Entry], python: str
) -> bool:
    """Whether what has no equal makes a difference. What never applies does, where it stands
    alone or asks for something else than what does apply."""
    for entries, beside in ((left, one), (right, other)):
        for entry in entries:
            if not compare.is_possible(entry.whole_marker, python):
                alike = [each for each in beside if each is not entry and _is_alike(entry, each)]
                if entry.extra or not alike:
                    return True
    if any(entry.extra for entry in (*left, *right)):
        return _apart_by_marker(one, other, python)
    return _apart(left, right, python) and _apart(one, other, python)


def _apart_by_marker(one: list[Entry], other: list[Entry], python: str) -> bool:
    """Whether two lists differ that stand under extras: there, only entries with the same marker
    are taken together."""
    texts = list(dict.fromkeys(entry.whole_marker for entry in (*one, *other)))
    if len(texts) ** 2 > MAX_PAIRS:
        return True
    for text in texts:
        same = {each for each in texts if compare.same_marker(text, each, python)}
        if not _agree(_merged(one, same), _merged(other, same)):
            return True
    return False


def _apart(one: list[Entry], other: list[Entry], python: str) -> bool:
    """Whether two lists ask for something else anywhere: each combination of their markers is
    looked at. More markers than can be combined are taken to differ."""
    texts = list(dict.fromkeys(entry.whole_marker for entry in (*one, *other)))
    if len(texts) > MAX_MARKERS:
        return True
    opposites = [markers.opposite(text) for text in texts]
    for signs in product((True, False), repeat=len(texts)):
        holding = {text for text, sign in zip(texts, signs, strict=True) if sign}
        if not _agree(_merged(one, holding), _merged(other, holding)):
            place = ""
            for text, opposite, sign in zip(texts, opposites, signs, strict=True):
                place = markers.both(place, text if sign else opposite or "")
            if compare.is_possible(place, python):
                return True
    return False


def _merged(entries: list[Entry], holding: set[str]) -> Asked:
    """What a list asks for where these markers hold, and no others."""
    active = [entry for entry in entries if entry.whole_marker in holding]
    extras = frozenset(extra for entry in active for extra in entry.extras)
    specifier = ",".join(dict.fromkeys(entry.specifier for entry in active if entry.specifier))
    return bool(active), extras, specifier, frozenset(entry.source for entry in active)


def _agree(one: Asked, other: Asked) -> bool:
    is_same = one[0] == other[0] and one[1] == other[1] and one[3] == other[3]
    return is_same and _same_specifier(one[2], other[2])
