"""A scan in a process of its own, while this one does something else.

Where a process can be forked, the child reads the files, so that this one never holds them; where
one has to be started anew, it is sent their bytes. A child that dies is no pass: what it should
have done is done here.
"""

from __future__ import annotations

import os

from tenterhooks.bandit import installed, loading, processes, scanning
from tenterhooks.bandit.processes import FORK, NONE, processors, way

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tenterhooks.bandit.scanning import Scan, Scanned

_PROGRAM = "import sys; sys.path[:] = {}; from tenterhooks.bandit import beside; beside.serve()"
# How soon after its parent, in seconds, a child ends.
_LOOK_EVERY = 0.2


def started(scan: Scan, mode: str | None = None) -> Beside | None:
    """A scan that is under way; None where another process is not to be had, or is of no use.

    mode: processes.FORK, START or NONE, where the system's own way is not wanted.
    """
    if mode is None:
        mode = NONE if processors() < 2 else way(scan.ruleset)
    if mode == NONE or not scan.files:
        return None
    try:
        return Beside(scan, mode)
    except OSError:  # no more processes, or pipes, are to be had
        return None


class Beside:
    """A child that scans. Raises OSError where there can be none."""

    def __init__(self, scan: Scan, mode: str) -> None:
        self._scan = scan
        self._scanned = scanning.Scanned()
        self._parent = os.getpid()
        self._pid = 0
        if mode == FORK:
            self._pid, self._reading = _fork(scan)
        else:
            self._scanned, sources = scanning.told_apart(scan.files)
            self._pid, self._reading = _start(scan, sources)

    def wait(self) -> Scanned:
        """What it found; once. Raises installed.Missing, loading.Broken."""
        try:
            answer = processes.receive(self._reading)
        except BaseException:
            self.stop()
            raise
        self._close()
        if answer is None:
            return self._scan.run()
        kind, value = answer
        if kind == "missing":
            raise installed.Missing(value)
        if kind == "broken":
            raise loading.Broken(value)
        self._scanned.add(value)
        return self._scan.trimmed(self._scanned)

    def stop(self) -> None:
        """Let it end now, and its own children with it; nothing where it has ended."""
        # In a child of a child, the descriptor and the process are somebody else's.
        if self._pid and self._parent == os.getpid():
            import signal

            try:
                os.kill(self._pid, signal.SIGTERM)
            except ProcessLookupError:
                pass
            self._close()

    __del__ = stop

    def _close(self) -> None:
        pid, self._pid = self._pid, 0
        os.close(self._reading)
        try:
            os.waitpid(pid, 0)
        except ChildProcessError:
            pass


def _fork(scan: Scan) -> tuple[int, int]:
    parent = os.getpid()
    reading, writing = os.pipe()
    try:
        pid = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        raise
    if pid:
        os.close(writing)
        return pid, reading
    code = 1
    try:
        os.close(reading)
        _end_with(parent)
        processes.send(writing, _answer(scan.run))
        code = 0
    finally:
        # Whatever happened: nothing of the parent's must run in the child.
        os._exit(code)


def _start(scan: Scan, sources: list[tuple[str, bytes]]) -> tuple[int, int]:
    task_end, giving = os.pipe()
    ends = [task_end, giving]
    try:
        reading, result_end = os.pipe()
        ends += [reading, result_end]
        pid = processes.spawn(_PROGRAM, task_end, result_end)
    except OSError:
        for descriptor in ends:
            os.close(descriptor)
        raise
    os.close(task_end)
    os.close(result_end)
    try:
        task = [os.getpid(), scan.ruleset.arguments(), scan.jobs, scan.cached, sources]
        processes.send(giving, task)
    except BrokenPipeError:  # it died; reading from it will tell
        pass
    os.close(giving)
    return pid, reading


def serve() -> None:
    """The other end of a process that was started anew: one task in, its answer out."""
    output = os.dup(1)
    os.dup2(2, 1)  # what a plugin prints must not mix with the answer
    task = processes.receive(0)
    if task is None:
        return
    from tenterhooks.bandit.ruleset import Ruleset

    parent, arguments, jobs, cached, sources = task
    scanned = scanning.Scanned()

    def scan() -> Scanned:
        scanning.scan_sources(sources, Ruleset(**arguments), jobs, cached, scanned)
        return scanned

    try:
        _end_with(parent)
        processes.send(output, _answer(scan))
    except (BrokenPipeError, KeyboardInterrupt):
        pass


def _answer(scan: Callable[[], Scanned]) -> list[Any]:
    try:
        return ["scanned", scan().pack()]
    except installed.Missing as error:
        return ["missing", str(error)]
    except loading.Broken as error:
        return ["broken", str(error)]


def _end_with(parent: int) -> None:
    """Let this process end soon after ``parent`` did, or when it is told to, in the way that
    takes its own children with it. A closed pipe would tell only at the end of the work."""
    import signal

    def look(*_: object) -> None:
        if os.getppid() != parent:
            raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, _LOOK_EVERY, _LOOK_EVERY)
