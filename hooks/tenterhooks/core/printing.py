"""Standard output, which may be closed, full, or read by somebody who has seen enough."""

from __future__ import annotations

import os
import sys


def put(text: str) -> None:
    """Print a text at once, where there is anywhere to print. Raises OSError, of which
    BrokenPipeError is one."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError:
        drop()
        raise


def drop() -> None:
    """What could not be printed must not be tried again when the process ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
