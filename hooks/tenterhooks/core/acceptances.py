"""Findings that a repository accepts for a time: ``[[tool.tenterhooks.accept]]``.

    [[tool.tenterhooks.accept]]
    rule = "unpinned-action"
    reason = "found when tenterhooks was adopted"
    until = 2027-05-21

    [tool.tenterhooks.accept.paths]
    ".github/workflows/ci.yml" = 3

``paths`` holds how many findings are accepted in each file, or is a list of patterns, in whose
files any number is accepted.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime as dt

    from tenterhooks.core.globs import Globs


class Entry:
    """One path or pattern of an acceptance.

    most: how many findings it accepts; None for any number.
    line, column: where it stands, 1-based.
    """

    __slots__ = ("column", "globs", "line", "most", "path")

    def __init__(
        self, path: str, most: int | None, globs: Globs | None, line: int, column: int
    ) -> None:
        self.path = path
        self.most = most
        self.globs = globs
        self.line = line
        self.column = column

    def covers(self, path: str) -> bool:
        return self.globs.covers(path) if self.globs is not None else path == self.path


class Acceptance:
    """The findings of one rule that are accepted, why, and up to which day, that day included.

    line, column: where it stands, 1-based.
    """

    __slots__ = ("column", "entries", "line", "reason", "rule", "until")

    def __init__(
        self,
        rule: str,
        reason: str,
        until: dt.date,
        entries: list[Entry],
        line: int = 1,
        column: int = 1,
    ) -> None:
        self.rule = rule
        self.reason = reason
        self.until = until
        self.entries = entries
        self.line = line
        self.column = column
