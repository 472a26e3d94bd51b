"""What is accepted for a time; ``acceptances`` reads it from the configuration."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime as dt

    from tenterhooks.core.finding import Finding
    from tenterhooks.core.globs import Globs


class Entry:
    """One path or pattern of an acceptance.

    most: how many findings it accepts in a file; None for any number.
    line, column: where it stands, 1-based. used: whether it has met a finding.
    """

    __slots__ = ("column", "globs", "line", "most", "path", "used")

    def __init__(
        self, path: str, most: int | None, globs: Globs | None, line: int, column: int
    ) -> None:
        self.path = path
        self.most = most
        self.globs = globs
        self.line = line
        self.column = column
        self.used = False

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

    def covering(self, finding: Finding) -> Entry | None:
        """The first entry for the path of a finding, where it is of this rule."""
        if finding.rule != self.rule:
            return None
        return next((entry for entry in self.entries if entry.covers(finding.path)), None)
