"""Many files, on all processors: in this process where they are few, else in several.

How a process is had, and what goes through its pipes, is in ``processes``.
"""

from __future__ import annotations

import os

from tenterhooks.bandit import driver, loading, plain, processes
from tenterhooks.bandit.model import Result
from tenterhooks.bandit.processes import FORK, NONE, START, processors, way

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from tenterhooks.bandit.ruleset import Ruleset

    Files = Sequence[tuple[str, bytes]]

# Below so much, other processes cost more than they save: 300 kB are scanned in 0.1 s.
FEW_FILES = 6
FEW_BYTES = 300_000
_PROGRAM = "import sys; sys.path[:] = {}; from tenterhooks.bandit import workers; workers.serve()"


def scan_all(
    files: Files, ruleset: Ruleset, jobs: int | None = None, mode: str | None = None
) -> Iterator[tuple[str, Result]]:
    """``driver.scan`` of each (path, bytes), in the order of ``files``.

    jobs: how many processes at most (default: one a processor, up to eight). mode: FORK, START
    or NONE, where the system's own way is not wanted. A process that dies is the failure of the
    file that it had at hand. Raises loading.Broken, installed.Missing.
    """
    mode = way(ruleset) if mode is None else mode
    jobs = min(processors() if jobs is None else jobs, len(files))
    few = len(files) < FEW_FILES or sum(len(data) for _, data in files) < FEW_BYTES
    if jobs < 2 or few or mode == NONE:
        for path, data in files:
            yield path, driver.scan(data, path, ruleset)
        return
    if ruleset.proved:
        _ = ruleset.engine  # loaded once, before it is shared; and its errors are raised here
    try:
        results = _Pool(files, ruleset, jobs, mode).run()
    except OSError:  # no more processes, or pipes, are to be had
        results = {}
    for index, (path, data) in enumerate(files):
        yield path, results.get(index) or driver.scan(data, path, ruleset)


class _Worker:
    """One process, its pipes, and the files it has been given, the one at hand first."""

    __slots__ = ("at_hand", "pid", "reading", "writing")

    def __init__(self, pid: int, reading: int, writing: int) -> None:
        self.pid = pid
        self.reading = reading
        self.writing = writing
        self.at_hand: list[int] = []

    def close(self) -> int:
        """Let it end; its exit status, negative for a signal."""
        os.close(self.writing)
        os.close(self.reading)
        try:
            return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        except ChildProcessError:
            return 0


class _Pool:
    """The processes and what is left to do, the largest files first."""

    def __init__(self, files: Files, ruleset: Ruleset, jobs: int, mode: str) -> None:
        self._files = files
        self._ruleset = ruleset
        self._jobs = jobs
        self._mode = mode
        self._waiting = sorted(range(len(files)), key=lambda index: len(files[index][1]))
        self._results: dict[int, Result] = {}
        self._workers: list[_Worker] = []

    def run(self) -> dict[int, Result]:
        """Index -> result of every file."""
        try:
            while len(self._results) < len(self._files):
                self._staff()
                for worker in self._ready():
                    self._receive(worker)
            for worker in self._workers:
                worker.close()
        except BaseException:
            self._stop()
            raise
        return self._results

    def _staff(self) -> None:
        """Start processes while there is work for one more; hand out files."""
        while self._waiting and len(self._workers) < self._jobs:
            self._workers.append(self._start())
            self._give(self._workers[-1])
        # A forked process has the files already, so that a second one can wait in its pipe; to
        # another the bytes are sent, and it must be reading while they are.
        depth = 2 if self._mode == FORK else 1
        for worker in self._workers:
            while self._waiting and len(worker.at_hand) < depth:
                self._give(worker)

    def _give(self, worker: _Worker) -> None:
        index = self._waiting.pop()
        worker.at_hand.append(index)
        task: Any = index if self._mode == FORK else self._files[index]
        try:
            processes.send(worker.writing, task)
        except BrokenPipeError:  # it died; reading from it will tell
            pass

    def _ready(self) -> list[_Worker]:
        import select

        poller = select.poll()
        for worker in self._workers:
            poller.register(worker.reading, select.POLLIN | select.POLLHUP)
        ready = {descriptor for descriptor, _ in poller.poll()}
        return [worker for worker in self._workers if worker.reading in ready]

    def _receive(self, worker: _Worker) -> None:
        value = processes.receive(worker.reading)
        if value is None:
            self._bury(worker)
            return
        if isinstance(value, str):
            raise loading.Broken(value)
        index = worker.at_hand.pop(0)
        self._results[index] = plain.unpack(value, self._files[index][0])

    def _bury(self, worker: _Worker) -> None:
        """A process ended before its time: that is due to the file at hand. Others go back."""
        self._workers.remove(worker)
        code = worker.close()
        result = Result()
        result.failure = "the process that checked it died"
        result.detail = f"signal {-code}" if code < 0 else f"exit status {code}"
        self._results[worker.at_hand[0]] = result
        self._waiting += worker.at_hand[1:]

    def _stop(self) -> None:
        import signal

        for worker in self._workers:
            try:
                os.kill(worker.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            worker.close()

    def _start(self) -> _Worker:
        """Raises OSError."""
        task_end, giving = os.pipe()
        ends = [task_end, giving]
        try:
            reading, result_end = os.pipe()
            ends += [reading, result_end]
            if self._mode == FORK:
                pid = self._fork(task_end, result_end, (giving, reading))
            else:
                pid = processes.spawn(_PROGRAM, task_end, result_end)
        except OSError:
            for descriptor in ends:
                os.close(descriptor)
            raise
        os.close(task_end)
        os.close(result_end)
        worker = _Worker(pid, reading, giving)
        if self._mode == START:
            try:
                processes.send(giving, self._ruleset.arguments())
            except BrokenPipeError:  # it died; reading from it will tell
                pass
        return worker

    def _fork(self, task_end: int, result_end: int, others: tuple[int, int]) -> int:
        pid = os.fork()
        if pid:
            return pid
        code = 1
        try:
            # The other ends of all pipes: one kept open here would hide that its owner died.
            for descriptor in others:
                os.close(descriptor)
            for worker in self._workers:
                os.close(worker.reading)
                os.close(worker.writing)
            self._answer_indices(task_end, result_end)
            code = 0
        finally:
            # Whatever happened: nothing of the parent's must run in the child.
            os._exit(code)

    def _answer_indices(self, task_end: int, result_end: int) -> None:
        while (index := processes.receive(task_end)) is not None:
            path, data = self._files[index]
            processes.send(result_end, _answer(data, path, self._ruleset))


def _answer(data: bytes, path: str, ruleset: Ruleset) -> list[Any] | str:
    """What is sent back: a result, or why there can be none of any file."""
    try:
        return plain.pack(driver.scan(data, path, ruleset))
    except loading.Broken as error:
        return str(error)


def serve() -> None:
    """The other end of START: (path, bytes) in, results out."""
    from tenterhooks.bandit.ruleset import Ruleset

    output = os.dup(1)
    os.dup2(2, 1)  # what a plugin prints must not mix with results
    ruleset = Ruleset(**processes.receive(0))
    try:
        while (task := processes.receive(0)) is not None:
            path, data = task
            processes.send(output, _answer(data, path, ruleset))
    except (BrokenPipeError, KeyboardInterrupt):
        pass
