"""Lines of a ``.pth`` file that Python executes at every start.

Source: documentation of ``site``: "Lines starting with import (followed by space or tab) are
executed". This module does without Bandit, which reads Python alone.
"""

from __future__ import annotations

import re

from tenterhooks.bandit.model import Issue, Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_PLAIN = re.compile(r"import[ \t]+[A-Za-z_][\w.]*[ \t]*;?[ \t]*$")
_REACHES_OUT = re.compile(
    r"\b(?:exec|eval|compile|subprocess|system|popen|Popen|socket|urllib|urlopen|requests|httpx"
    r"|base64|b64decode|marshal|zlib|ctypes|pty|codecs|getattr|__import__|fromhex)\b"
)
_TEST, _NAME = "TH113", "runs_at_install_time"
_CWE = 94
_FIX = "Take the line out; what has to run belongs into a module that is imported by name."


def scan(path: str, data: bytes) -> Result:
    """The lines that run, as findings of TH113; ``data`` is the whole file at ``path``."""
    result = Result()
    for line, severity, text in executed_lines(data):
        issue = Issue(path, _TEST, _NAME, severity, "HIGH", text, _CWE, line, 0, 0, [line], "")
        result.issues.append(issue)
    return result


def executed_lines(data: bytes) -> Iterator[tuple[int, str, str]]:
    """(line, severity, message) for each line that runs; data: the whole file."""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith(("import ", "import\t")):
            continue
        if _REACHES_OUT.search(line):
            how, severity = "and starts, fetches or decodes something", "HIGH"
        else:
            how, severity = "", "LOW" if _PLAIN.match(line) else "MEDIUM"
        said = f"This line runs whenever Python starts {how}".rstrip()
        yield number, severity, f"{said}, whoever starts it. {_FIX}"
