"""The text report, then one workflow command a finding, which GitHub shows on the change.

Source: "Workflow commands for GitHub Actions", and the escapes of actions/toolkit's
``core/src/command.ts``.
"""

from __future__ import annotations

from tenterhooks.core.report import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.core.finding import Finding
    from tenterhooks.core.report import Report


_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def render(report: Report) -> str:
    """Text first: GitHub shows no more than ten annotations a step."""
    return text.render(report) + "".join(map(_annotation, report.findings))


def _annotation(finding: Finding) -> str:
    fix = f" Fix: {finding.fix}" if finding.fix else ""
    place = f"file={_property(finding.path)},line={finding.line},col={finding.column}"
    command = _COMMANDS[finding.level]
    return f"::{command} {place},title={_property(finding.rule)}::{_data(finding.message + fix)}\n"


def _data(value: str) -> str:
    escaped = value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.harmless(escaped)


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
