"""Markers put together, and bounds of Python: what uv does with them before it compares."""

from __future__ import annotations

import re

from tenterhooks.lock_in_sync.markers import Atom, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tenterhooks.lock_in_sync.markers import Tree

    Release = tuple[int, ...]
    # A version, and 1 where the bound is just above it.
    Bound = tuple[Release, int]

NEVER = "python_version < '0'"
_LONG = 100_000
_OPPOSITE = {
    "==": "!=",
    "!=": "==",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
    "in": "not in",
    "not in": "in",
    "===": "!=",
}
_CLAUSE = re.compile(
    r"(===|==|~=|!=|<=|>=|<|>)v?([0-9]{1,9}(?:\.[0-9]{1,9}){0,9})(\.\*)?", re.ASCII
)
_COMPARED = re.compile(
    r"""_version[ \t]*[=<>~!]{1,3}[ \t]*('[^']*'|"[^"]*")"""
    r"""|('[^']*'|"[^"]*")[ \t]*[=<>~!]{1,3}[ \t]*(?:python|implementation)_(?:full_)?version"""
)
_VERSION = re.compile(r"v?[0-9]+(?:\.[0-9]+)*(?:\.\*|[-_.+a-zA-Z0-9]*)", re.ASCII)
_MOST: Bound = ((10**9,), 0)
_LEAST: Bound = ((), 0)


def both(one: str, other: str) -> str:
    """A marker that holds where both do; the empty one holds everywhere."""
    if not one or not other:
        return one or other
    return f"{_enclosed(one)} and {_enclosed(other)}"


def either(some: Iterable[str]) -> str:
    """A marker that holds where one of them does; without any, one that never holds."""
    markers = list(dict.fromkeys(some))
    if not markers:
        return NEVER
    return "" if "" in markers else " or ".join(_enclosed(marker) for marker in markers)


def _enclosed(marker: str) -> str:
    return f"({marker})" if " or " in marker or ")or" in marker or "'or" in marker else marker


def opposite(marker: str) -> str | None:
    """A marker that holds where this one does not; None where it cannot be written."""
    if not marker:
        return NEVER
    tree = parse(marker)
    if tree is None or len(marker) > _LONG:
        return None
    return _opposite(tree)


def _opposite(tree: Tree) -> str | None:
    alternatives = []
    for parts in tree:
        texts = [_opposite_atom(p) if isinstance(p, Atom) else _opposite(p) for p in parts]
        if None in texts:
            return None
        alternatives.append("(" + " or ".join(map(str, texts)) + ")")
    return " and ".join(alternatives) if len(alternatives) == 1 else _grouped(alternatives)


def _grouped(texts: Sequence[str]) -> str:
    return "(" + " and ".join(texts) + ")"


def _opposite_atom(atom: Atom) -> str | None:
    quote = '"' if "'" in atom.value else "'"
    value = f"{quote}{atom.value}{quote}"
    if not atom.variable or quote in atom.value or "\\" in atom.value:
        return None
    if atom.operator == "~=" and not atom.turned:
        stem = atom.value.rpartition(".")[0]
        return f"({atom.variable} < {value} or {atom.variable} != '{stem}.*')"
    if atom.operator not in _OPPOSITE:
        return None
    sides = (value, atom.variable) if atom.turned else (atom.variable, value)
    return f"{sides[0]} {_OPPOSITE[atom.operator]} {sides[1]}"


def is_odd(marker: str) -> bool:
    """Whether a marker compares the Python with what is no version: uv warns, and leaves that
    part out."""
    if "_version" not in marker:
        return False
    values = (one or other for one, other in _COMPARED.findall(marker))
    return any(not _VERSION.fullmatch(value.strip("'\"").strip()) for value in values)


def bounds(specifiers: Iterable[str]) -> tuple[Bound, Bound] | None:
    """The lowest and the highest Python that all of these let in. As uv takes them: releases
    only, and no holes in between. None where one of them is of another form."""
    low, high = _LEAST, _MOST
    for specifier in specifiers:
        for clause in specifier.replace(" ", "").split(","):
            found = _CLAUSE.fullmatch(clause)
            if clause and not found:
                return None
            if found:
                least, most = _bounds(found[1], _release(found[2]), bool(found[3]), found[2])
                low, high = max(low, least), min(high, most)
    return low, high


def _bounds(operator: str, release: Release, has_star: bool, text: str) -> tuple[Bound, Bound]:
    given = tuple(map(int, text.split(".")))
    if operator == "!=":
        return _LEAST, _MOST
    if operator == "~=":
        return (release, 0), (_next(given[:-1]), 0)
    if has_star:
        return (release, 0), (_next(given), 0)
    return {
        "==": ((release, 0), (release, 1)),
        "===": ((release, 0), (release, 1)),
        ">=": ((release, 0), _MOST),
        ">": ((release, 1), _MOST),
        "<=": (_LEAST, (release, 1)),
        "<": (_LEAST, (release, 0)),
    }[operator]


def _next(release: Release) -> Release:
    if not release:
        return _MOST[0]
    return _trimmed((*release[:-1], release[-1] + 1))


def _release(text: str) -> Release:
    return _trimmed(tuple(map(int, text.split("."))))


def _trimmed(release: Release) -> Release:
    while release and not release[-1]:
        release = release[:-1]
    return release


def without_holes(specifier: str) -> str:
    """A specifier of Python without what it leaves out in between, which uv does not look at."""
    clauses = (clause.strip() for clause in specifier.split(","))
    return ",".join(clause for clause in clauses if clause and not clause.startswith("!="))
