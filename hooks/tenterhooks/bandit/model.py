"""What Bandit says of one file."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Issue:
    """One finding of Bandit, as its JSON report has it.

    path: the file, as it was passed. test_id, test_name: ``B602`` and its name.
    severity, confidence: ``LOW``, ``MEDIUM``, ``HIGH`` or ``UNDEFINED``. text: the message.
    cwe: number of the weakness, 0 for none. line: 1-based. column, end_column: 0-based offsets.
    span, lines: the lines of the code that is meant (Bandit's ``line_range``). more_info: a link.

    A finding in a long display has all lines of it, and there can be one on each: so where they
    follow each other, the span is a range.
    """

    __slots__ = (
        "column",
        "confidence",
        "cwe",
        "end_column",
        "line",
        "more_info",
        "path",
        "severity",
        "span",
        "test_id",
        "test_name",
        "text",
    )

    def __init__(
        self,
        path: str,
        test_id: str,
        test_name: str,
        severity: str,
        confidence: str,
        text: str,
        cwe: int,
        line: int,
        column: int,
        end_column: int,
        lines: Sequence[int],
        more_info: str,
    ) -> None:
        self.path = path
        self.test_id = test_id
        self.test_name = test_name
        self.severity = severity
        self.confidence = confidence
        self.text = text
        self.cwe = cwe
        self.line = line
        self.column = column
        self.end_column = end_column
        self.span = _span(lines)
        self.more_info = more_info

    @property
    def lines(self) -> list[int]:
        """The span as a list."""
        return list(self.span)


def _span(lines: Sequence[int]) -> Sequence[int]:
    if isinstance(lines, range):
        return lines
    listed = list(lines)
    # What a plugin puts here need not be numbers; that is found out elsewhere.
    if listed and type(listed[0]) is int:
        whole = range(listed[0], listed[0] + len(listed))
        return whole if listed == list(whole) else listed
    return listed


class Result:
    """What came of one file.

    issues: in Bandit's order. failure: why the file could not be checked, in Bandit's words, or
    None. detail: what Python or the plugin said of it. failure_line, failure_column: where,
    1-based, as far as that is known.
    suppressed: (line, test id) of each finding that a nosec comment silenced; the line is the
    comment's. comments: line -> text of each nosec comment. loc, nosec, skipped_tests: Bandit's
    metrics.
    """

    __slots__ = (
        "comments",
        "detail",
        "failure",
        "failure_column",
        "failure_line",
        "issues",
        "loc",
        "nosec",
        "skipped_tests",
        "suppressed",
    )

    def __init__(self) -> None:
        self.issues: list[Issue] = []
        self.failure: str | None = None
        self.detail = ""
        self.failure_line = 1
        self.failure_column = 1
        self.suppressed: list[tuple[int, str]] = []
        self.comments: dict[int, str] = {}
        self.loc = 0
        self.nosec = 0
        self.skipped_tests = 0
