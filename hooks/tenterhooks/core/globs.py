"""Path patterns: ``*`` and ``?`` stay within a folder, ``**`` does not; a pattern that names a
folder covers all that is in it.

Followed state by state, and not as a regular expression: the patterns come from the repository
under check, and a backtracking one could be made to take for ever. All states are the bits of one
number, so that a step costs little whatever the pattern.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_FOLDERS, _ANY, _WITHIN, _ONE = "**/", "**", "*", "?"
# No system has a path of so many characters.
_MOST = 10_000
# `**/` stands for folders only where a folder can begin.
_TOKEN = re.compile(r"(?:(?<=/)|(?<!.))(?:\*\*+/)+|\*\*+|\*|\?|.", re.DOTALL)


class Globs:
    """Some patterns, to be asked about paths relative to the top, with forward slashes. One of
    more than 10,000 characters covers nothing."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = [_Pattern(it) for it in patterns if len(it) <= _MOST]

    def covers(self, path: str) -> bool:
        """Whether one of the patterns names ``path`` or a folder above it."""
        return any(pattern.covers(path) for pattern in self._patterns)


class _Pattern:
    """The places between the tokens of a pattern are states, bit 0 the one before the first. A
    set of tokens has the bits of the states before them."""

    __slots__ = ("_any", "_end", "_one", "_same", "_skipped", "_skipped_at_folder", "_within")

    def __init__(self, pattern: str) -> None:
        self._same: dict[str, int] = {}
        bit = 1
        for token in _TOKEN.findall(pattern.removeprefix("./").rstrip("/")):
            kind = token if len(token) == 1 else _FOLDERS if token[-1] == "/" else _ANY
            self._same[kind] = self._same.get(kind, 0) | bit
            bit <<= 1
        folders, self._one = self._same.pop(_FOLDERS, 0), self._same.pop(_ONE, 0)
        everything, self._within = self._same.pop(_ANY, 0), self._same.pop(_WITHIN, 0)
        self._any = folders | everything
        # What can stand for nothing, as a rule, and where a folder begins.
        self._skipped = everything | self._within
        self._skipped_at_folder = self._skipped | folders
        self._end = bit

    def covers(self, path: str) -> bool:
        states = self._reached(1, self._skipped_at_folder)
        for index, character in enumerate(path):
            if character == "/":
                if states & self._end and index:
                    return True
                staying, going = self._any, self._same.get("/", 0)
            else:
                staying = self._any | self._within
                going = self._same.get(character, 0) | self._one
            skipped = self._skipped_at_folder if character == "/" else self._skipped
            states = self._reached(states & staying | (states & going) << 1, skipped)
            if not states:
                return False
        return bool(states & self._end)

    @staticmethod
    def _reached(states: int, skipped: int) -> int:
        """The states and those behind tokens that can stand for nothing, of which two at most
        stand side by side."""
        states |= (states & skipped) << 1
        return states | (states & skipped) << 1
