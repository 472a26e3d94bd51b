"""One JSON array, empty when clean."""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.core.report import Report


def render(report: Report) -> str:
    """Objects with path, line, column, rule, hook, message, fix (text or null), fingerprint."""
    objects = [
        {
            "path": finding.shown,
            "line": finding.line,
            "column": finding.column,
            "rule": finding.rule,
            "hook": finding.hook,
            "message": finding.message + (" (fixed)" if finding.fixed else ""),
            "fix": finding.fix,
            "fingerprint": finding.fingerprint,
        }
        for finding in report.findings
    ]
    return json.dumps(objects, indent=2) + "\n"
