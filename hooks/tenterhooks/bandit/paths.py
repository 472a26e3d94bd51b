"""Which paths a pattern of Bandit's configuration means, told by whole components of the path.

Bandit looks for each pattern anywhere in the path as it was passed, so that ``tests`` drops
``src/contests.py``, and matches globs against a path that begins with ``./`` or does not. Here

- a name, or several without a glob, stand for a file or folder at any depth: ``tests``,
  ``tests/``, ``/tests``, ``app/migrations``; and so does a glob without a slash: ``test_*.py``;
- a glob with a slash begins at the top: ``tests/*``, ``src/*/gen``; one that leads with ``*/`` or
  ``**/`` begins anywhere: ``*/tests/*``;
- ``./`` always means the top: ``./tests``.

``*`` and ``?`` stay within a component, ``**`` is any number of them. A backslash is a slash.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Pieces = tuple[str, ...]

_ANY, _ONE = "**", "*"
_STARS = (_ANY, _ONE)
_ALL = (_ANY, _ONE, "*.*", "*.py")


class Paths:
    """Some patterns, to be asked about paths relative to the top, with forward slashes."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._all = False
        self._names: set[str] = set()
        self._runs: list[str] = []
        self._tops: list[str] = []
        self._globs: list[Pieces] = []
        self._fitting: dict[tuple[str, str], bool] = {}
        for pattern in patterns:
            self._add(pattern)

    def _add(self, pattern: str) -> None:
        pieces, is_anchored = _read(pattern)
        if covers_all(pattern):
            self._all = True
        elif any(_is_glob(piece) for piece in pieces):
            self._globs.append(pieces if is_anchored else (_ANY, *pieces))
        elif is_anchored:
            self._tops.append("/".join(pieces) + "/")
        elif len(pieces) == 1:
            self._names.add(pieces[0])
        else:
            self._runs.append("/" + "/".join(pieces) + "/")

    def covers(self, path: str) -> bool:
        """Whether one of the patterns means ``path`` or a folder above it."""
        components = path.split("/")
        if self._all or not self._names.isdisjoint(components):
            return True
        closed = path + "/"
        return (
            any(closed.startswith(top) for top in self._tops)
            or any(run in "/" + closed for run in self._runs)
            or any(self._follows(pieces, components) for pieces in self._globs)
        )

    def _follows(self, pieces: Pieces, components: Sequence[str]) -> bool:
        """Whether the pieces of a pattern match the first components, up to any of them."""
        states = _past_any(pieces, {0})
        for component in components:
            states = _past_any(pieces, self._step(pieces, states, component))
            if len(pieces) in states:
                return True
            if not states:
                return False
        return False

    def _step(self, pieces: Pieces, states: set[int], component: str) -> set[int]:
        after = set()
        for state in states:
            if pieces[state] == _ANY:
                after.add(state)
            elif self._fits(pieces[state], component):
                after.add(state + 1)
        return after

    def _fits(self, glob: str, component: str) -> bool:
        """Asked again and again of the same folders."""
        key = (glob, component)
        if key not in self._fitting:
            self._fitting[key] = fits(glob, component)
        return self._fitting[key]


def covers_all(pattern: str) -> bool:
    """Whether nothing would be left to check: ``.``, ``*``, ``**/*``, an empty pattern."""
    pieces, _ = _read(pattern)
    return all(piece in _STARS for piece in pieces[:-1]) and pieces[-1:] in [(), *map(_only, _ALL)]


def fits(glob: str, name: str) -> bool:
    """Whether one component matches: what stands between the stars is sought from left to
    right, so that no pattern takes more than linear time."""
    if "?" in glob:
        from tenterhooks.core.globs import Globs

        return Globs([glob.replace(_ANY, _ONE)]).covers(name)
    if "*" not in glob:
        return glob == name
    head, *middle, tail = glob.split("*")
    position, end = len(head), len(name) - len(tail)
    if position > end or not name.startswith(head) or not name.endswith(tail):
        return False
    for part in middle:
        found = name.find(part, position, end)
        if found < 0:
            return False
        position = found + len(part)
    return True


def _read(pattern: str) -> tuple[Pieces, bool]:
    """The components of a pattern, and whether they begin at the top."""
    spelled = pattern.strip().replace("\\", "/")
    pieces = tuple(piece for piece in spelled.split("/") if piece not in ("", "."))
    is_anchored = spelled.startswith("./")
    if not is_anchored and len(pieces) > 1:
        is_anchored = any(map(_is_glob, pieces)) and pieces[0] not in _STARS
        if pieces[0] in _STARS:
            pieces = pieces[1:]
    if len(pieces) > 1 and pieces[-1] in _STARS and not any(map(_is_glob, pieces[:-1])):
        pieces = pieces[:-1]  # whatever names a folder means all that is in it
    return pieces, is_anchored


def _is_glob(piece: str) -> bool:
    return "*" in piece or "?" in piece


def _only(piece: str) -> Pieces:
    return (piece,)


def _past_any(pieces: Pieces, states: set[int]) -> set[int]:
    """The states and those behind a ``**``, which can stand for nothing."""
    found = set(states)
    for state in states:
        while state < len(pieces) and pieces[state] == _ANY:
            state += 1  # noqa: PLW2901
            found.add(state)
    return found
