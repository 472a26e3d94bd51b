"""Results as plain lists, numbers and text: what goes through a pipe and into the cache."""

from __future__ import annotations

from tenterhooks.bandit.model import Issue, Result
from tenterhooks.core.files import MAX_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

# No file that is read has more lines.
_MOST_LINES = MAX_BYTES + 1
_RANKS = ("UNDEFINED", "LOW", "MEDIUM", "HIGH")


def pack(result: Result) -> list[Any]:
    """A result without its path."""
    return [
        [_pack_issue(issue) for issue in result.issues],
        [result.failure, result.detail, result.failure_line, result.failure_column],
        [list(pair) for pair in result.suppressed],
        [[line, text] for line, text in result.comments.items()],
        [result.loc, result.nosec, result.skipped_tests],
    ]


def unpack(value: Any, path: str) -> Result:
    """The result that ``pack`` made ``value`` of. Raises ValueError where it did not: what a
    cache holds may come from anywhere."""
    result = Result()
    try:
        issues, failure, suppressed, comments, counts = value
        result.issues = [_unpack_issue(issue, path) for issue in issues]
        result.failure = None if failure[0] is None else _text(failure[0])
        result.detail = _text(failure[1])
        result.failure_line, result.failure_column = map(_number, failure[2:])
        result.suppressed = [(_number(line), _text(test)) for line, test in suppressed]
        result.comments = {_number(line): _text(text) for line, text in comments}
        result.loc, result.nosec, result.skipped_tests = map(_number, counts)
    except (TypeError, LookupError) as error:
        raise ValueError(str(error)) from None
    return result


def checked(issue: Issue) -> Issue:
    """The same issue. Raises ValueError, TypeError where a plugin put what is no issue's."""
    return _unpack_issue(_pack_issue(issue), issue.path)


def _pack_issue(issue: Issue) -> list[Any]:
    return [
        issue.test_id,
        issue.test_name,
        issue.severity,
        issue.confidence,
        issue.text,
        issue.cwe,
        issue.line,
        issue.column,
        issue.end_column,
        _pack_lines(issue.span),
        issue.more_info,
    ]


def _unpack_issue(value: Any, path: str) -> Issue:
    test_id, name, severity, confidence, text, cwe, line, column, end, lines, url = value
    if severity not in _RANKS or confidence not in _RANKS:
        raise ValueError(f"{severity}/{confidence}")
    return Issue(
        path,
        _text(test_id),
        _text(name),
        severity,
        confidence,
        _text(text),
        _number(cwe),
        _number(line),
        _number(column),
        _number(end),
        _unpack_lines(lines),
        _text(url),
    )


def _pack_lines(lines: Sequence[int]) -> list[Any]:
    """Each number, or one pair of the first and the one behind the last."""
    return [[lines.start, lines.stop]] if isinstance(lines, range) else list(lines)


def _unpack_lines(value: Any) -> Sequence[int]:
    if len(value) != 1 or not isinstance(value[0], list):
        return [_number(it) for it in value]
    start, stop = map(_number, value[0])
    if not 0 <= stop - start <= _MOST_LINES:
        raise ValueError(f"{start} to {stop}")
    return range(start, stop)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no number")
    return value
