"""Findings out of what Bandit says of a file."""

from __future__ import annotations

import sys

from tenterhooks import page
from tenterhooks.bandit.detections import TESTS
from tenterhooks.bandit.rules import UNCHECKED
from tenterhooks.core.finding import Finding
from tenterhooks.core.practice import INVALID

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.bandit.model import Issue, Result
    from tenterhooks.core.files import File


def failure(file: File, result: Result) -> Finding:
    """A file that could not be checked to its end."""
    from tenterhooks.bandit.driver import SYNTAX

    is_syntax = result.failure == SYNTAX
    reason = "syntax error" if is_syntax else result.failure or ""
    what = f"{reason}: {result.detail}" if result.detail else reason
    rule = INVALID if is_syntax else UNCHECKED
    version = ".".join(map(str, sys.version_info[:2]))
    return Finding(
        file.path,
        result.failure_line,
        result.failure_column,
        rule.name,
        f"is not checked by Bandit: {' '.join(what.split())}",
        f"if the syntax is newer than Python {version}, run the hook with that Python "
        "(language_version); if the file is wrong on purpose, leave it out with --exclude"
        if is_syntax
        else "mend what is in the way, or leave the file out with --exclude",
    )


# As Bandit's own SARIF has them.
_LEVELS = {"LOW": "note", "MEDIUM": "warning"}


def finding(file: File, issue: Issue, lines: Sequence[str]) -> Finding:
    """One of Bandit's. lines: those of the file."""
    line = lines[issue.line - 1] if 0 < issue.line <= len(lines) else ""
    # Python counts columns in bytes of UTF-8.
    before = line.encode("utf-8", "surrogatepass")[: max(issue.column, 0)]
    column = len(before.decode("utf-8", "ignore")) + 1
    weight = f"{issue.severity.lower()} severity, {issue.confidence.lower()} confidence"
    link = page(f"bandit/{issue.test_id}") if issue.test_id in TESTS else issue.more_info
    message = f"{' '.join(issue.text.split())} ({weight})"
    how = f"mend it, see {link}" if link else "mend it"
    fix = f"{how}; where it is meant to be so: {_silenced(file, issue)}"
    found = Finding(file.path, max(issue.line, 1), column, issue.test_id, message, fix)
    found.span = issue.span
    found.level = _LEVELS.get(issue.severity, "error")
    return found


def _silenced(file: File, issue: Issue) -> str:
    if file.path.endswith(".pth"):  # which has no comments behind code
        return f'per-file-ignores = ["{file.path}:{issue.test_id}"]'
    return f"# nosec {issue.test_id}, and why"
