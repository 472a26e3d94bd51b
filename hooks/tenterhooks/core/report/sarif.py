"""SARIF 2.1.0, as GitHub's code scanning reads it.

Source: OASIS Static Analysis Results Interchange Format 2.1.0.
"""

from __future__ import annotations

import json
from urllib.parse import quote

import tenterhooks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tenterhooks.core.finding import Finding, Rule
    from tenterhooks.core.report import Report


def render(report: Report) -> str:
    """One run, with every rule described whether it was broken or not."""
    own = [rule.name for rule in report.rules]
    others = sorted({finding.rule for finding in report.findings} - set(own))
    numbers = {name: number for number, name in enumerate([*own, *others])}
    driver = {
        "name": "tenterhooks",
        "semanticVersion": tenterhooks.__version__,
        "informationUri": tenterhooks.HOME,
        "rules": [*map(_rule, report.rules), *({"id": name} for name in others)],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "top of the repository"}}},
        "results": [_result(finding, numbers[finding.rule]) for finding in report.findings],
    }
    document = {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(document, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.name,
        "shortDescription": {"text": rule.summary},
        "helpUri": tenterhooks.page(f"rules/{rule.name}"),
        "defaultConfiguration": {"level": "error", "enabled": rule.default},
        "properties": {"tags": ["security", "supply-chain"]},
    }


def _result(finding: Finding, number: int) -> dict[str, Any]:
    fix = f"\nFix: {finding.fix}" if finding.fix else ""
    return {
        "ruleId": finding.rule,
        "ruleIndex": number,
        "level": finding.level,
        "message": {"text": finding.message + fix},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {
                        "uri": quote(finding.path, errors="surrogateescape"),
                        "uriBaseId": "SRCROOT",
                    },
                    "region": {"startLine": finding.line, "startColumn": finding.column},
                }
            }
        ],
        "partialFingerprints": {"tenterhooks/v1": finding.fingerprint},
    }
