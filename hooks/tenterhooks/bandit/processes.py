"""Other processes of ours, and values sent to and fro between them.

Processes are forked where that is safe (Linux), else started anew (macOS); where pipes cannot be
waited for (Windows), everything stays in this one. What goes through the pipes is marshalled,
between processes of our own and one Python only.
"""

from __future__ import annotations

import marshal
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tenterhooks.bandit.ruleset import Ruleset

FORK, START, NONE = "fork", "start", "none"
MOST = 8
# Isolated, for the folder in which it starts is the repository under check.
_COMMAND = (sys.executable, "-I", "-c")


def processors() -> int:
    """How many this process may use, up to as many as are of use."""
    try:
        count = len(os.sched_getaffinity(0))
    except AttributeError:
        count = os.cpu_count() or 1
    return min(count, MOST)


def way(ruleset: Ruleset) -> str:
    """How another process can be had here."""
    if sys.platform == "win32" or not sys.executable:
        return NONE
    threads = sys.modules.get("threading")
    if sys.platform == "linux" and (threads is None or threads.active_count() == 1):
        return FORK
    try:
        marshal.dumps(ruleset.arguments())
    except ValueError:  # a date in the configuration
        return NONE
    return START


def spawn(program: str, task_end: int, result_end: int) -> int:
    """Start a Python of its own that reads at ``task_end`` and writes to ``result_end``; its
    process id. program: ``{}`` in it is where modules are found. Raises OSError."""
    actions = [
        (os.POSIX_SPAWN_DUP2, task_end, 0),
        (os.POSIX_SPAWN_DUP2, result_end, 1),
    ]
    command = [*_COMMAND, program.format([path for path in sys.path if path])]
    return os.posix_spawn(sys.executable, command, os.environ, file_actions=actions)


def send(descriptor: int, value: Any) -> None:
    """Raises BrokenPipeError where nobody is there to read it."""
    data = marshal.dumps(value)
    view = memoryview(len(data).to_bytes(8, "little") + data)
    while view:
        view = view[os.write(descriptor, view) :]


def receive(descriptor: int) -> Any:
    """The next value; None where the other end is closed."""
    head = _read(descriptor, 8)
    if head is None:
        return None
    body = _read(descriptor, int.from_bytes(head, "little"))
    return None if body is None else marshal.loads(body)  # noqa: S302 - from our own process


def _read(descriptor: int, count: int) -> bytes | None:
    parts = []
    while count:
        part = os.read(descriptor, min(count, 1 << 20))
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
