"""One execution, and what is held against it: what it raises, how long it takes, and how much
memory."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from types import FrameType

from fuzz.seeds import Seed

from tenterhooks.core.config import ConfigError
from tenterhooks.core.edits import NotWritten
from tenterhooks.core.files import Unreadable
from tenterhooks.core.git import GitError
from tenterhooks.everything.adopt.errors import Stopped

ALLOWED = (Unreadable, ConfigError, GitError, Stopped)
SECONDS = 1.0  # of processor time for each 100 kB begun
MEGABYTES = 200
_GIVE_UP = 10.0  # and twice that at most


class Hang(BaseException):
    """It takes too long to be waited for."""


class Look:
    """What one execution came to. fault: what is wrong, and where; None for nothing. refused:
    whether the file was not taken at its word. grown: by how many MB the most memory that this
    process ever had."""

    __slots__ = ("fault", "grown", "refused", "seconds")

    def __init__(self, fault: str | None, seconds: float, grown: float, *, refused: bool) -> None:
        self.fault = fault
        self.refused = refused
        self.seconds = seconds
        self.grown = grown


def limit() -> None:
    """From here on, this process gets 200 MB more than it has, and no more. Linux only."""
    import resource

    with open("/proc/self/statm", encoding="ascii") as stream:
        pages = int(stream.read().split()[0])
    most = pages * resource.getpagesize() + MEGABYTES * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    signal.signal(signal.SIGVTALRM, _tick)
    signal.setitimer(signal.ITIMER_VIRTUAL, _GIVE_UP, _GIVE_UP)
    gc.collect()
    gc.freeze()
    gc.disable()  # as the process of a hook does


class _Turn:
    """How many executions were begun, now and when the clock last ticked: a clock of its own for
    each would take longer than most of them."""

    now = 0
    last = 0


def _tick(_: int, __: FrameType | None) -> None:
    if _Turn.last == _Turn.now:
        raise Hang
    _Turn.last = _Turn.now


def _peak() -> float:
    """The most memory that this process ever had, in MB, where that can be known."""
    if sys.platform != "linux":
        return 0.0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def look(act: Callable[[Seed, bytes], object], seed: Seed, data: bytes) -> Look:
    """Do it, and look."""
    _Turn.now += 1
    before, started = _peak(), time.process_time()
    fault, refused = None, False
    try:
        act(seed, data)
    except ALLOWED:
        refused = True
    except NotWritten as error:
        fault = f"NotWritten: {error}"
    except Hang:
        fault = f"Hang: at {_place(None)}"
    except Exception as error:
        fault = f"{type(error).__name__}: {str(error)[:300]} at {_place(error)}"
    seconds = time.process_time() - started
    most = SECONDS * max(1, -(-len(data) // 100_000))
    if fault is None and seconds > most:
        fault = f"Slow: {len(data) // 1000} kB take long"
    return Look(fault, seconds, _peak() - before, refused=refused)


def _place(error: BaseException | None) -> str:
    """The innermost place of ours in a traceback."""
    trace = error.__traceback__ if error else sys.exc_info()[2]
    frames = traceback.extract_tb(trace)
    ours = [it for it in frames if f"{os.sep}tenterhooks{os.sep}" in it.filename]
    return " < ".join(
        f"{it.filename.rpartition(f'{os.sep}tenterhooks{os.sep}')[2]}:{it.lineno}"
        for it in ours[-1:-4:-1]
    )
