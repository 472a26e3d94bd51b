"""One line on a terminal that says how far a run has come, once it takes longer than a second."""

from __future__ import annotations

import os
import time

from tenterhooks.core import colours

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

PATIENCE = 1.0
INTERVAL = 0.1


class Progress:
    """How far a run has come.

    step: ``step(what)`` at the start of each step; ``step(what, 0)`` where the last one goes on.
        Takes a tenth of a microsecond, and less where nobody watches.
    total: how many steps there are; may grow, and is left out while it is 0.

    Nothing is written within a second of the start, nor once ``done`` was called.
    """

    __slots__ = ("_clock", "_count", "_drawn", "_due", "_stream", "step", "total")

    step: Callable[..., None]

    def __init__(
        self,
        stream: TextIO | None,
        total: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.total = total
        self._stream = stream
        self._clock = clock
        self._count = 0
        self._drawn = 0
        self._due = clock() + PATIENCE
        self.step = self._step if _is_watched(stream) else _no_step

    def done(self) -> None:
        """Leave the terminal as it was."""
        self.step = _no_step
        if self._drawn:
            self._write(f"\r{' ' * self._drawn}\r")
            self._drawn = 0

    def _step(self, what: str, by: int = 1) -> None:
        self._count += by
        now = self._clock()
        if now >= self._due:
            self._due = now + INTERVAL
            self._draw(what)

    def _draw(self, what: str) -> None:
        from tenterhooks.core.report.text import harmless

        count = f"{self._count}/{self.total}" if self.total else f"{self._count}"
        # In the last column of a line, a terminal may go on to the next.
        room = (colours.columns(self._stream) or 80) - 1
        line = _fitted(f"{count} ", harmless(what), room)
        self._write(f"\r{line.ljust(self._drawn)}")
        # What a shorter line leaves blank need not be blanked again.
        self._drawn = len(line)

    def _write(self, text: str) -> None:
        try:
            if self._stream is not None:
                self._stream.write(text)
                self._stream.flush()
        except (OSError, ValueError):
            # The terminal is gone; the run goes on.
            self.step = _no_step


def _no_step(what: str, by: int = 1) -> None:
    """For a run that nobody watches."""


def _fitted(start: str, what: str, room: int) -> str:
    """The end of a path says more than its beginning."""
    if len(start) + len(what) > room:
        left = room - len(start) - 3
        what = f"...{what[-left:]}" if left > 0 else ""
    return f"{start}{what}".rstrip()[:room]


def _is_watched(stream: TextIO | None) -> bool:
    """pre-commit gives its hooks a terminal, and shows what they leave there when they fail."""
    silent = os.environ.get("CI") or os.environ.get("PRE_COMMIT")
    return not silent and os.environ.get("TERM") != "dumb" and colours.is_terminal(stream)
