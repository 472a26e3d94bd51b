"""SARIF 2.1.0, as GitHub's code scanning reads it.

Source: OASIS Static Analysis Results Interchange Format 2.1.0.
"""

from __future__ import annotations

import json
from urllib.parse import quote

import tenterhooks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tenterhooks.core.finding import Finding, Rule

HOME = "https://github.com/tenterhooks/tenterhooks"


def render(findings: Sequence[Finding], rules: Sequence[Rule]) -> str:
    """One run, with every rule described whether it was broken or not."""
    numbers = {rule.name: number for number, rule in enumerate(rules)}
    driver = {
        "name": "tenterhooks",
        "semanticVersion": tenterhooks.__version__,
        "informationUri": HOME,
        "rules": [_rule(rule) for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "top of the repository"}}},
        "results": [_result(finding, numbers[finding.rule]) for finding in findings],
    }
    report = {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(report, indent=2) + "\n"


def page(rule: str) -> str:
    """The address of a rule's documentation."""
    return f"{HOME}/blob/v{tenterhooks.__version__}/docs/rules/{rule}.md"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.name,
        "shortDescription": {"text": rule.summary},
        "helpUri": page(rule.name),
        "defaultConfiguration": {"level": "error", "enabled": rule.default},
        "properties": {"tags": ["security", "supply-chain"]},
    }


def _result(finding: Finding, number: int) -> dict[str, Any]:
    fix = f"\nFix: {finding.fix}" if finding.fix else ""
    return {
        "ruleId": finding.rule,
        "ruleIndex": number,
        "level": "error",
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
