"""GitLab's Code Quality report: a JSON array in the form of Code Climate's issues.

Source: GitLab documentation, "Code Quality", the section on the report format.
"""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.core.report import Report


_SEVERITIES = {"error": "major", "warning": "minor", "note": "info"}


def render(report: Report) -> str:
    """Every field that GitLab demands; paths are relative to the top of the repository."""
    issues = [
        {
            "type": "issue",
            "check_name": finding.rule,
            "description": f"{finding.rule}: {finding.message}",
            "content": {"body": finding.fix or ""},
            "categories": ["Security"],
            "severity": _SEVERITIES[finding.level],
            "fingerprint": finding.fingerprint,
            "location": {
                "path": finding.path,
                "positions": {"begin": {"line": finding.line, "column": finding.column}},
                "lines": {"begin": finding.line},
            },
        }
        for finding in report.findings
    ]
    return json.dumps(issues, indent=2) + "\n"
