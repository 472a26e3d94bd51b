"""Findings below the file that they are in, aligned, and a line that sums the run up.

    uv.lock
      3:1  lock-out-of-date  does not hold requests, which pyproject.toml asks for
           fix: uv lock

    1 finding in 1 file; 4 practices looked at 57 files in 0.2 s

The terminal of VS Code opens a row at its place: it takes the digits in front for line and column,
and the nearest line above that has none in front for the path
(TerminalMultiLineLinkDetector in its source).
"""

from __future__ import annotations

import os
import sys

from tenterhooks.core import colours
from tenterhooks.core.report.text import harmless

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tenterhooks.core.finding import Finding
    from tenterhooks.core.report import Report

# A message is not squeezed into fewer columns than these.
_NARROW = 40
_INDENT = "  "


def render(report: Report) -> str:
    """For standard output: colour and wrapped messages only where that is a terminal, and nothing
    where nothing was found and nobody looks."""
    is_terminal = colours.is_terminal(sys.stdout)
    # A runner shows what its hooks print, on a terminal that it gives them.
    if not report.findings and (not is_terminal or os.environ.get("PRE_COMMIT")):
        return ""
    palette = colours.Palette(colours.wanted(sys.stdout))
    width = colours.columns(sys.stdout) if is_terminal else None
    is_linked = is_terminal and os.environ.get("TERM_PROGRAM") == "vscode"
    return _text(lines(report, palette, width, is_linked=is_linked))


def plain(report: Report) -> str:
    """For a file: without colour, whatever standard output is, and never empty."""
    return _text(lines(report, colours.Palette(on=False)))


def lines(
    report: Report, palette: colours.Palette, width: int | None = None, *, is_linked: bool = False
) -> Iterator[str]:
    """The report line by line; messages are wrapped to ``width`` columns where it is given.

    is_linked: every line between a path and the last place below it begins with a place.
    """
    groups: dict[str, list[Finding]] = {}
    for finding in report.findings:
        groups.setdefault(finding.shown, []).append(finding)
    remedies = _remedies(report.findings)
    for shown, findings in groups.items():
        yield palette.bold(_path(shown))
        table = _Table(findings, palette, None if is_linked else width)
        for finding in findings:
            yield from table.row(finding)
            if finding in remedies:
                yield table.remedy(finding, remedies[finding], is_linked=is_linked)
        yield ""
    yield from _summary(report, len(groups), palette)


def _text(lines: Iterator[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _remedies(findings: Sequence[Finding]) -> dict[Finding, str]:
    """What to do, at the first finding of each rule that still needs it."""
    remedies = {}
    explained = set()
    for finding in findings:
        remedy = finding.left if finding.fixed else finding.fix
        if remedy and finding.rule not in explained:
            explained.add(finding.rule)
            remedies[finding] = harmless(remedy)
    return remedies


def _path(shown: str) -> str:
    """A path that cannot be taken for a row, for the summary or for a runner's command."""
    is_odd = " " in shown or not (shown[:1].isalpha() or shown[:1] in ("", ".", "_", "/"))
    is_anchored = shown.startswith(("./", "../")) or os.path.isabs(shown)
    return harmless(f"./{shown}" if is_odd and not is_anchored else shown)


class _Table:
    """The rows of one file."""

    def __init__(
        self, findings: Sequence[Finding], palette: colours.Palette, width: int | None
    ) -> None:
        self._palette = palette
        self._width = width
        self._places = max(len(_place(finding)) for finding in findings)
        self._rules = max(len(harmless(finding.rule)) for finding in findings)

    def row(self, finding: Finding) -> Iterator[str]:
        """One finding, its message wrapped below itself, or where there is little room for that,
        below its rule."""
        rule = harmless(finding.rule)
        message = harmless(f"{finding.message}{' (fixed)' if finding.fixed else ''}".rstrip())
        paint = self._palette.yellow if finding.fixed else self._palette.red
        start = f"{self._start(finding)}{paint(rule)}"
        below = len(_INDENT) * 2 + self._places
        column = below + self._rules + len(_INDENT)
        first, *more = self._wrapped(message, column, below)
        yield f"{start}{' ' * (column - below - len(rule))}{first}" if first else start
        yield from more

    def remedy(self, finding: Finding, text: str, *, is_linked: bool) -> str:
        """One line however long, so that a command in it can be copied."""
        start = self._start(finding)
        if not is_linked:
            start = " " * (len(_INDENT) * 2 + self._places)
        return f"{start}{self._palette.green('fix:')} {text}"

    def _start(self, finding: Finding) -> str:
        place = _place(finding)
        blanks = " " * (self._places - len(place))
        return f"{_INDENT}{self._palette.dim(place)}{blanks}{_INDENT}"

    def _wrapped(self, message: str, column: int, below: int) -> list[str]:
        """What stands in the row, and the lines after it."""
        width = self._width
        if width is None or not message or column + len(message) <= width:
            return [message]
        # Two colons at the beginning of a line make a command of it to GitHub's runner.
        if width - column >= _NARROW or message.lstrip().startswith("::"):
            first, *more = _filled(message, width - column)
            return [first, *(" " * column + line for line in more)]
        return ["", *(" " * below + line for line in _filled(message, width - below))]


def _place(finding: Finding) -> str:
    return f"{finding.line}:{finding.column}"


def _filled(text: str, room: int) -> list[str]:
    """The words of ``text`` in lines of at most ``room`` characters, a longer word by itself. No
    further line begins with two colons."""
    filled: list[list[str]] = [[]]
    length = -1
    for word in text.split():
        if filled[-1] and length + 1 + len(word) > room and not word.startswith("::"):
            filled.append([])
            length = -1
        filled[-1].append(word)
        length += 1 + len(word)
    return [" ".join(words) for words in filled]


def _summary(report: Report, files: int, palette: colours.Palette) -> Iterator[str]:
    """What was found and where was looked; which practices were left out, and why."""
    found = _found(report, files, palette) if report.findings else _clean(report, palette)
    looked = _looked(report)
    yield f"{found}{'; ' if report.findings else ': '}{looked}" if looked else found
    reasons: dict[str, list[str]] = {}
    for look in report.looks:
        if look.left_out is not None:
            reasons.setdefault(look.left_out, []).append(look.practice.id)
    if reasons:
        left_out = "; ".join(f"{', '.join(ids)} ({reason})" for reason, ids in reasons.items())
        yield f"{palette.yellow('left out:')} {harmless(left_out)}"


def _found(report: Report, files: int, palette: colours.Palette) -> str:
    count = _counted(len(report.findings), "finding")
    text = palette.bold(f"{count} in {_counted(files, 'file')}{_of_change(report)}")
    fixed = sum(finding.fixed for finding in report.findings)
    fixable = sum(bool(finding.edits) for finding in report.findings)
    if fixed:
        text += f" ({fixed} fixed)"
    elif fixable:
        text += f" ({fixable} can be mended with --fix)"
    return f"{text}, {len(report.accepted)} accepted" if report.accepted else text


def _clean(report: Report, palette: colours.Palette) -> str:
    text = f"nothing found{_of_change(report)}"
    if report.accepted:
        text += f" beside {len(report.accepted)} accepted"
    if report.failures:
        return palette.yellow(f"{text}, but not all could be checked")
    return palette.green(text)


def _of_change(report: Report) -> str:
    if not report.only_changed:
        return ""
    return " of the change" if report.findings else " in the change"


def _looked(report: Report) -> str:
    ran = [look for look in report.looks if look.left_out is None]
    if not ran:
        return "no practice looked" if report.looks else ""
    files = {path for look in ran for path in look.files}
    at = _counted(len(files), "file") if files else "the repository"
    return f"{_counted(len(ran), 'practice')} looked at {at} in {_time(report.seconds)}"


def _time(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 0.1 else "less than 0.1 s"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
