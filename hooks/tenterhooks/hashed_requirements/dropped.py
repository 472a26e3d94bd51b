"""Hashes that stand in the text and that pip does not see, and the edits that give them back.

Source: pip 26.3, ``req_file.py``: a line that is all comment ends a joined line; what stands
behind ``#`` is cut off the joined line; options begin behind a single blank; a ``--hash`` on a line
without a requirement is ignored, and an option before the name swallows the name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import islice

from tenterhooks.core.file import LINE_END
from tenterhooks.core.finding import Edit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tenterhooks.formats.requirements import Line, Requirements

_HASH = re.compile(r"--hash(?:=|[ \t]+)(\S+)")
_BACKSLASH = " \\"
_MOST = 100_000  # hashes that are looked at


class Dropped:
    """The hashes of one requirement that pip does not see.

    offset: of the first. why: for the message. owner: the line that they were meant for, if that
    is plain. values: those of the hashes. edits: what gives them back, empty where that is not
    certain. moved: by comments put out of the way.
    """

    __slots__ = ("edits", "moved", "offset", "owner", "values", "why")

    def __init__(self, offset: int, why: str, owner: Line | None, edits: Sequence[Edit]) -> None:
        self.offset = offset
        self.why = why
        self.owner = owner
        self.edits = list(edits)
        self.moved = False
        self.values: list[str] = []

    @property
    def requirement(self) -> str:
        """What the hashes are of, or nothing."""
        from tenterhooks.hashed_requirements.reading import without_hashes

        line = self.owner
        return (without_hashes(line.arguments) or _behind(line)) if line else ""


def dropped(requirements: Requirements) -> list[Dropped]:
    """The hashes of a file that pip does not see, by requirement, in order; their edits are
    what may give them back, not yet tried."""
    taken = sum(len(line.hashes) for line in requirements.lines if line.arguments)
    if taken == requirements.text.count("--hash"):
        return []
    return _Search(requirements).groups()


class _Search:
    """One file, with what would be quadratic to find out for each hash anew."""

    def __init__(self, requirements: Requirements) -> None:
        self.text = requirements.text
        self.lines = requirements.lines
        self.starts = [line.start for line in self.lines]
        self.physical = [0, *(end.end() for end in LINE_END.finditer(self.text))]
        self.owners = self._owners()
        self.found: dict[int, Dropped] = {}
        self.comments: dict[int, int] = {}

    def _owners(self) -> list[Line | None]:
        """For each line the requirement at it or above it, with only lines of hashes between."""
        owners: list[Line | None] = []
        for line in self.lines:
            owner = owners[-1] if owners and set(line.options) == {"--hash"} else None
            if line.requirement is not None:
                owner = None if line.is_editable or line.error else line
            elif not line.arguments and _behind(line):
                owner = line
            owners.append(owner)
        return owners

    def groups(self) -> list[Dropped]:
        seen = {offset for line in self.lines for offset in _taken(line)}
        for match in islice(_HASH.finditer(self.text), _MOST):
            offset = match.start()
            begin = self.begin(offset)
            if offset not in seen and not self.text[begin : begin + 200].lstrip().startswith("#"):
                group = self.add(offset, bisect_right(self.starts, offset) - 1)
                group.values.append(match.group(1).rstrip("\\"))
        return list(self.found.values())

    def begin(self, offset: int) -> int:
        """Where the physical line around ``offset`` begins."""
        return self.physical[bisect_right(self.physical, offset) - 1]

    def add(self, offset: int, index: int) -> Dropped:
        """Put the hash at ``offset`` to its requirement; ``index`` is the last line before it."""
        line = self.lines[index] if index >= 0 else None
        inside = line is not None and offset <= line.offset(len(line.text) - 1)
        owner = line if inside and line and line.error else self.owners[index] if line else None
        if inside and line is not None and owner is None:
            key = line.start
        else:
            key = owner.start if owner else offset
        first = self.found.get(key)
        if first is None:
            first = self.explain(offset, line if inside else None, owner)
            self.found[key] = first
            return first
        # A move or a swap has seen to the others; a backslash is wanted for each line.
        if owner and first.edits and (first.moved or self.comment(owner) > offset):
            first.edits.extend(_join(self.text, self.begin(offset), owner, offset))
        return first

    def comment(self, owner: Line) -> int:
        """Where the first comment behind a requirement is."""
        if owner.start not in self.comments:
            found = self.text.find("#", owner.start)
            self.comments[owner.start] = found if found >= 0 else len(self.text)
        return self.comments[owner.start]

    def explain(self, offset: int, line: Line | None, owner: Line | None) -> Dropped:
        """The first hash of a group; ``line`` is the logical line that it is in, if any."""
        text = self.text
        if line is not None and "--hash" in line.arguments:
            why = "only a blank may stand before an option"
            return Dropped(offset, why, line, _blank(text, offset))
        if line is not None and not line.arguments and not line.is_editable and _behind(line):
            why = "what stands behind an option is lost, and this stands before the requirement"
            return Dropped(offset, why, line, _swap(line, text))
        if owner is None:
            return Dropped(offset, "no requirement stands before it", None, ())
        begin = self.begin(offset)
        if self.comment(owner) < offset:
            why = "a comment before it ends the line"
            moved = _move(text, self.begin(owner.start), begin, owner, offset)
            found = Dropped(offset, why, owner, moved or _join(text, begin, owner, offset))
            found.moved = bool(moved)
            return found
        why = "the line before it does not end in a backslash"
        return Dropped(offset, why, owner, _join(text, begin, owner, offset))


def _taken(line: Line) -> Iterator[int]:
    """Offsets of the hashes that pip takes from a line, or refuses it for."""
    if line.arguments and (line.hashes or line.error is not None):
        for match in _HASH.finditer(line.text, len(line.arguments)):
            yield line.offset(match.start())


def _behind(line: Line) -> str:
    """What stands behind the hashes of a line that begins with one: the lost requirement."""
    words = line.text.split()
    kept = [word for word in words if not word.startswith("--hash=")]
    return " ".join(kept) if kept and not any(word.startswith("-") for word in kept) else ""


def _blank(text: str, offset: int) -> tuple[Edit, ...]:
    """One blank for the tabs before the option."""
    start = offset
    while start and text[start - 1] in " \t":
        start -= 1
    return (Edit(start, offset, " "),) if start < offset else ()


def _swap(line: Line, text: str) -> tuple[Edit, ...]:
    """The requirement first, where all of it is on one line."""
    rest = _behind(line)
    end = line.start + len(line.text)
    if text[line.start : end] != line.text:
        return ()
    hashes = " ".join(word for word in line.text.split() if word.startswith("--hash="))
    return (Edit(line.start, end, f"{rest} {hashes}"),)


def _join(text: str, start: int, owner: Line, offset: int) -> tuple[Edit, ...]:
    """A backslash at the end of the line before the one, from ``start``, that the hash begins."""
    if text[start:offset].strip():
        return ()
    end = start
    while end and text[end - 1] in "\r\n \t":
        end -= 1
    if end <= owner.start:
        return ()
    if text[end - 1] == "\\":
        blanks = end
        while text[blanks] in " \t":
            blanks += 1
        return (Edit(end, blanks, ""),) if blanks > end else ()
    return (Edit(end, end, _BACKSLASH),)


def _move(text: str, begin: int, first: int, owner: Line, offset: int) -> tuple[Edit, ...]:
    """The comments between a requirement and its hash, each to a line of its own above the
    requirement, and backslashes where the lines end. begin, first: of their physical lines."""
    if text[first:offset].strip() or text[begin : owner.start].strip():
        return ()
    end_mark = LINE_END.search(text, begin)
    if end_mark is None:
        return ()
    comments = []
    kept: list[str] = []
    for piece in LINE_END.split(text[begin:first])[:-1]:
        comment = re.search(r"(?:^|[ \t])#.*$", piece)
        code = piece[: comment.start()] if comment else piece
        if comment:
            comments.append(comment.group().strip().rstrip("\\ \t"))
        if kept and code.strip() and not _HASH.match(code.lstrip()):
            return ()
        if code.strip():
            kept.append(code.rstrip().rstrip("\\").rstrip() + " \\")
    lines = "".join(line + end_mark.group() for line in [*comments, *kept])
    return (Edit(begin, first, lines),)
