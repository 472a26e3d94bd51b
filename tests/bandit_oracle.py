"""Bandit itself, run as a program, and our driver's results written the way it writes its own."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tenterhooks.bandit.driver import scan
from tenterhooks.bandit.model import Issue, Result
from tenterhooks.bandit.ruleset import Ruleset

Report = dict[str, Any]


def bandit(folder: Path, *arguments: str, path: Path | None = None) -> Report:
    """The JSON report of ``bandit -q`` run in ``folder``; ``path`` is first on ``sys.path``."""
    output = folder / "report.json"
    # Isolated from the folder that it looks at, unless plugins are to be found in one.
    flags = ["-I"] if path is None else ["-s"]
    environment = {**os.environ, "PYTHONPATH": str(path or "")}
    done = subprocess.run(
        [sys.executable, *flags, "-m", "bandit", "-q", "-f", "json", "-o", output.name, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode in (0, 1), done.stderr
    report: Report = json.loads(output.read_text("utf-8"))
    output.unlink()
    return normalised(report)


def normalised(report: Report) -> Report:
    """Without the time, the sums, and the addresses that the text of B202 has."""
    for issue in report["results"]:
        issue["issue_text"] = re.sub("object at 0x[0-9a-f]+", "object", issue["issue_text"])
    report["errors"] = sorted((it["filename"], it["reason"]) for it in report["errors"])
    report["metrics"].pop("_totals", None)
    report.pop("generated_at", None)
    return report


def ours(folder: Path, names: list[str], ruleset: Ruleset | None = None) -> Report:
    """Our results for files in ``folder``, which must be the working directory."""
    ruleset = ruleset or Ruleset()
    found = {name: scan((folder / name).read_bytes(), name, ruleset) for name in sorted(names)}
    return as_report(found)


def as_report(found: dict[str, Result]) -> Report:
    issues = [as_dict(issue) for result in found.values() for issue in result.issues]
    return normalised(
        {
            "errors": [
                {"filename": name, "reason": result.failure}
                for name, result in found.items()
                if result.failure is not None and "crashed" not in result.failure
            ],
            "metrics": {name: _metrics(result) for name, result in found.items()},
            "results": issues,
        }
    )


def as_dict(issue: Issue) -> dict[str, Any]:
    """One finding as Bandit writes it, its code by Bandit's own hand."""
    issues: Any = importlib.import_module("bandit.core.issue")
    theirs = issues.Issue(
        issue.severity,
        issue.cwe,
        issue.confidence,
        issue.text,
        lineno=issue.line,
        test_id=issue.test_id,
        col_offset=issue.column,
        end_col_offset=issue.end_column,
    )
    theirs.fname = issue.path
    theirs.test = issue.test_name
    theirs.linerange = issue.lines
    found: dict[str, Any] = theirs.as_dict(max_lines=3)
    return {**found, "more_info": issue.more_info}


def _metrics(result: Result) -> dict[str, int]:
    counts = {"loc": result.loc, "nosec": result.nosec, "skipped_tests": result.skipped_tests}
    if result.failure is not None and "crashed" not in result.failure:
        return counts
    for rank in ("UNDEFINED", "LOW", "MEDIUM", "HIGH"):
        counts[f"SEVERITY.{rank}"] = sum(it.severity == rank for it in result.issues)
        counts[f"CONFIDENCE.{rank}"] = sum(it.confidence == rank for it in result.issues)
    return counts


def download_examples(folder: Path) -> Path:
    """Bandit's own examples, from the source distribution of the version that is installed."""
    version = Ruleset().installed.version
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    done = subprocess.run(
        [*command, "--no-binary", "bandit", "--dest", str(folder), f"bandit=={version}"],
        capture_output=True,
        check=False,
        text=True,
    )
    archives = list(folder.glob("bandit-*.tar.gz"))
    if not archives and "Could not find a version" in done.stderr:
        pytest.skip("no package index is at hand")
    assert archives, done.stderr
    with tarfile.open(archives[0]) as archive:
        archive.extractall(folder, filter="data")
    return folder / f"bandit-{version}"
