"""Environment markers by meaning: do two mean the same, can one ever hold.

There is no algebra here. A comparison looks at one variable, so that a marker can only change
where a value that it names is: each variable is tried at and around every value that is named,
platforms as whole ones that exist, and the marker is looked at for each combination. What cannot
be decided so, for its size or its form, is taken for possible and for the same.
"""

from __future__ import annotations

import functools
import re
from itertools import product

from tenterhooks.formats.names import normal
from tenterhooks.lock_in_sync import specifiers
from tenterhooks.lock_in_sync.markers import Atom, atoms_of, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from tenterhooks.lock_in_sync.markers import Tree

    # What is held of each comparison, for one choice of a value.
    Column = tuple[bool, ...]

MAX_COMPARISONS = 400
MAX_COMBINATIONS = 5000
MAX_TRIED = 100_000
_PYTHON = ("python_version", "python_full_version")
_PLATFORM = ("sys_platform", "platform_system", "os_name")
_SETS = ("extra", "extras", "dependency_groups")
_PLATFORMS = (
    ("linux", "Linux", "posix"),
    ("darwin", "Darwin", "posix"),
    ("win32", "Windows", "nt"),
    ("cygwin", "CYGWIN_NT-10.0", "posix"),
    ("android", "Android", "posix"),
    ("ios", "iOS", "posix"),
    ("ios", "iPadOS", "posix"),
    ("emscripten", "Emscripten", "posix"),
    ("wasi", "WASI", "posix"),
    ("aix", "AIX", "posix"),
    ("freebsd14", "FreeBSD", "posix"),
    ("openbsd7", "OpenBSD", "posix"),
    ("netbsd10", "NetBSD", "posix"),
    ("sunos5", "SunOS", "posix"),
    ("java", "Java", "java"),
)
# What no marker names.
_OTHER = "\x00"
_NUMBERS = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6}){0,5}", re.ASCII)
_WORDS = re.compile(r"[^\s,|]+")


def same_marker(one: str, other: str, requires_python: str = "") -> bool:
    """Whether two markers hold in the same places, of those that ``requires_python`` lets in;
    the empty one holds everywhere. What is not valid is the same as its own text only."""
    return one == other or _same(one.strip(), other.strip(), requires_python)


@functools.lru_cache(1024)
def _same(one: str, other: str, requires_python: str) -> bool:
    first, second = parse(one), parse(other)
    if first is None or second is None:
        return one == other
    points = _points([*atoms_of(first), *atoms_of(second)], requires_python)
    if points is None:
        return True
    return all(_holds(first, point) is _holds(second, point) for point in points)


def is_possible(marker: str, requires_python: str = "", extras: Collection[str] = ()) -> bool:
    """Whether a marker holds anywhere that ``requires_python`` lets in. Where ``extras`` are
    given, no other can be on; else any can. What is not valid is possible."""
    marker = marker.strip()
    return not marker or _possible(marker, requires_python, frozenset(map(normal, extras)))


@functools.lru_cache(4096)
def _possible(marker: str, requires_python: str, extras: frozenset[str]) -> bool:
    tree = parse(marker)
    if tree is None:
        return True
    points = _points(list(atoms_of(tree)), requires_python, extras)
    return points is None or any(_holds(tree, point) for point in points)


def _holds(tree: Tree, point: Sequence[bool]) -> bool:
    return any(
        all(point[part.number] if isinstance(part, Atom) else _holds(part, point) for part in parts)
        for parts in tree
    )


def _points(
    atoms: list[Atom], requires_python: str, extras: Collection[str] = ()
) -> Iterator[Sequence[bool]] | None:
    """What the comparisons give, for every combination of values that makes a difference; None
    where there are too many, or no Python at all. Numbers the comparisons."""
    if len(atoms) > MAX_COMPARISONS:
        return None
    groups: dict[tuple[str, ...], list[Atom]] = {}
    for atom in atoms:
        groups.setdefault(_subject(atom), []).append(atom)
    columns = [
        _columns(subject, group, requires_python, extras) for subject, group in groups.items()
    ]
    for number, atom in enumerate(atom for group in groups.values() for atom in group):
        atom.number = number
    total = 1
    for column in columns:
        total *= len(column)
    if not 0 < total <= MAX_COMBINATIONS:
        return None
    return ([truth for part in parts for truth in part] for parts in product(*columns))


def _subject(atom: Atom) -> tuple[str, ...]:
    """What a comparison is of: those of the same thing depend on each other. A comparison of
    which nothing is known stands for itself."""
    if atom.variable in _PYTHON:
        return ("python",)
    if atom.operator not in ("==", "!=", "in", "not in") or not atom.variable:
        return ("unknown", atom.variable, atom.operator, atom.value, str(atom.turned))
    if atom.variable in _PLATFORM:
        return ("platform",)
    if atom.variable in _SETS:
        return (atom.variable, normal(atom.value))
    return (atom.variable,)


def _columns(
    subject: tuple[str, ...], atoms: list[Atom], requires_python: str, extras: Collection[str]
) -> list[Column]:
    """The distinct outcomes that comparisons of one thing can have together."""
    if len(subject) > 1:
        signs = tuple(atom.operator not in ("!=", "not in") for atom in atoms)
        off = tuple(not sign for sign in signs)
        is_off = extras and subject[0].startswith("extra") and subject[1] not in extras
        return [off] if is_off else [off, signs]
    if subject == ("python",):
        values = _pythons(atoms, requires_python)
    elif subject == ("platform",):
        values = _some_platforms(atoms)
    else:
        values = [{subject[0]: text} for text in (*_named(atoms, subject[0]), _OTHER)]
    return list({tuple(_outcome(atom, value[atom.variable]) for atom in atoms) for value in values})


def _outcome(atom: Atom, actual: str) -> bool:
    left, right = (atom.value, actual) if atom.turned else (actual, atom.value)
    if atom.variable in _PYTHON and "in" not in atom.operator:
        verdict = specifiers.meets_clause(left, atom.operator + right.strip())
        if verdict is not None:
            return verdict
    if atom.operator in ("in", "not in"):
        return (left in right) is (atom.operator == "in")
    # As packaging has it: what is no version is neither smaller nor larger than anything.
    return left != right if atom.operator == "!=" else "=" in atom.operator and left == right


def _named(atoms: list[Atom], variable: str) -> Iterator[str]:
    """The values of a variable that comparisons name; of those that list some, the words."""
    for atom in atoms:
        if atom.variable == variable:
            is_list = "in" in atom.operator and not atom.turned
            yield from _WORDS.findall(atom.value) if is_list else [atom.value]


def _some_platforms(atoms: list[Atom]) -> list[dict[str, str]]:
    """Platforms that exist, and one for each name that is not one of theirs."""
    triples = [*_PLATFORMS, (_OTHER, _OTHER, "posix"), (_OTHER, _OTHER, _OTHER)]
    for place, variable in enumerate(_PLATFORM):
        known = {triple[place] for triple in _PLATFORMS}
        for name in dict.fromkeys(_named(atoms, variable)):
            if name not in known:
                triple = [_OTHER, _OTHER, "posix"]
                triple[place] = name
                triples.append((triple[0], triple[1], triple[2]))
    return [dict(zip(_PLATFORM, triple, strict=True)) for triple in triples]


def _pythons(atoms: list[Atom], requires_python: str) -> list[dict[str, str]]:
    """Versions of Python at and around all that are named, within ``requires_python``. None is
    a pre-release: lockers take those for the release."""
    releases = {(0, 0, 0)}
    for text in (requires_python, *(atom.value for atom in atoms)):
        for number in _NUMBERS.findall(text):
            major, minor, micro, *_ = [*map(int, number.split(".")), 0, 0]
            releases |= _around(major, minor, micro)
        if len(releases) * len(atoms) > MAX_TRIED:
            return []
    found = [".".join(map(str, release)) for release in sorted(releases)]
    return [
        {"python_full_version": text, "python_version": text.rpartition(".")[0]}
        for text in found
        if specifiers.meets(text, requires_python)
    ]


def _around(major: int, minor: int, micro: int) -> set[tuple[int, int, int]]:
    return {
        (major, 0, 0),
        (major, minor, 0),
        (major, minor, max(micro - 1, 0)),
        (major, minor, micro),
        (major, minor, micro + 1),
        (major, minor + 1, 0),
        (major + 1, 0, 0),
    }
