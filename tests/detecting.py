"""A detection, run by Bandit's own visitor over a piece of source."""

from __future__ import annotations

import ast
import importlib
import json
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

with warnings.catch_warnings():
    # Bandit's loader calls another library in a way that is deprecated.
    warnings.simplefilter("ignore", DeprecationWarning)
    from bandit.core import metrics, node_visitor, tester

from tenterhooks.bandit.detections import TESTS


class Only:
    """A set of tests that has but one."""

    def __init__(self, function: Any) -> None:
        self.function = function

    def get_tests(self, kind: str) -> list[Any]:
        return [self.function] if kind in self.function._checks else []


class Loud(tester.BanditTester):  # type: ignore[misc]
    """Bandit logs a detection that crashes, and goes on; here it fails the test."""

    def report_error(self, test: str, context: Any, error: Exception) -> None:
        raise error


def detection(test_id: str) -> Any:
    """The function of a detection."""
    _, module, function = TESTS[test_id]
    return getattr(importlib.import_module(module), function)


def issues(test_id: str, source: str, path: str = "a.py") -> list[Any]:
    """What a detection says of ``source``, as Bandit's own issues."""
    return _visit(detection(test_id), source, path)


def _visit(function: Any, source: str, path: str) -> list[Any]:
    tests = Only(function)
    counts = metrics.Metrics()
    counts.begin(path)
    visitor = node_visitor.BanditNodeVisitor(path, None, None, tests, False, {}, counts)
    visitor.tester = Loud(tests, False, {}, counts)
    visitor.process(source)
    return list(visitor.tester.results)


def said(test_id: str, source: str) -> list[tuple[int, str, str]]:
    """Line, severity and confidence of each issue."""
    return [(it.lineno, it.severity, it.confidence) for it in issues(test_id, source)]


def names_cover(test_id: str, source: str) -> bool:
    """Whether the names that a detection asks for let it see each call it speaks of."""
    function = detection(test_id)
    seen: list[str] = []

    def watching(context: Any) -> Any:
        issue = function(context)
        if issue is not None and isinstance(context.node, ast.Call):
            seen.append(context.call_function_name)
        return issue

    watching._checks = function._checks  # type: ignore[attr-defined]
    watching._test_id = test_id  # type: ignore[attr-defined]
    _visit(watching, source, "a.py")
    return function.call_names is None or function.call_names >= set(seen)


def plain(test_id: str, file: Path) -> list[dict[str, Any]]:
    """What ``bandit -q -f json -t ID`` says: its own loader finds our entry points, and loads them
    at its own time."""
    done = subprocess.run(
        [sys.executable, "-I", "-m", "bandit", "-q", "-f", "json", "-t", test_id, str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    report = json.loads(done.stdout)
    assert not report["errors"]
    return list(report["results"])
