"""How a detection is declared to Bandit.

A detection is an ordinary plugin of Bandit: a function of a context that gives an issue or None.
The names come from ``bandit.core``, never from ``bandit``: that one is half imported while its
plugins load, and a plugin that fails to import is dropped without a word.
"""

from __future__ import annotations

from bandit.core import issue as issues
from bandit.core import test_properties

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    Context = Any
    Issue = Any
    Detection = Callable[[Context], Issue]

LOW = "LOW"
MEDIUM = "MEDIUM"
HIGH = "HIGH"

PATH_TRAVERSAL = 22
CODE_INJECTION = 94
CERTIFICATE_VALIDATION = 295
NO_INTEGRITY_CHECK = 494
UNTRUSTED_DESERIALIZATION = 502


def detection(
    test_id: str, *nodes: str, names: Iterable[str] | None = None
) -> Callable[[Detection], Detection]:
    """Declare a plugin that looks at these kinds of nodes.

    names: the last parts of the names of the calls that it can say something about, for a driver
    that wants to leave out the rest ("" is a call of what is no name); None for any call.
    Ours reads both from ``needs``, which it can do without importing the detection.
    """

    def declare(function: Detection) -> Detection:
        test_properties.checks(*nodes)(function)
        test_properties.test_id(test_id)(function)
        function.call_names = None if names is None else frozenset(names)  # type: ignore[attr-defined]
        return function

    return declare


def found(
    text: str, severity: str, cwe: int, confidence: str = HIGH, line: int | None = None
) -> Issue:
    """An issue at the node that is looked at, or at ``line`` of it."""
    return issues.Issue(severity=severity, confidence=confidence, cwe=cwe, text=text, lineno=line)
