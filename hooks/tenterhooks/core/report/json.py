"""One JSON array, empty when clean."""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.core.finding import Finding, Rule


def render(findings: Sequence[Finding], rules: Sequence[Rule]) -> str:
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
        for finding in findings
    ]
    return json.dumps(objects, indent=2) + "\n"
