"""What the commands that only tell something have in common: width, colours, and the end."""

from __future__ import annotations

import os
import sys

from tenterhooks.core import colours
from tenterhooks.core.command import fail
from tenterhooks.core.printing import put

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# Longer lines are hard to read, and in fewer columns nothing can be said.
MOST, LEAST = 100, 20
_UNKNOWN = 80


def width() -> int:
    """How many columns there are to write in: ``COLUMNS``, else those of the terminal."""
    said = os.environ.get("COLUMNS", "")
    # More digits are no number of columns, and int() refuses thousands of them.
    wanted = int(said) if said.isascii() and said.isdigit() and len(said) < 5 else 0
    return max(LEAST, min(MOST, wanted or colours.columns(sys.stdout) or _UNKNOWN))


def palette() -> colours.Palette:
    """The colours for standard output."""
    return colours.Palette(colours.wanted(sys.stdout))


def write(prog: str, lines: Iterable[str]) -> int:
    """Print it all. Returns the exit code: a reader that has seen enough, such as ``head``, is no
    error."""
    text = "".join(f"{line}\n" for line in lines)
    try:
        put(text)
    except BrokenPipeError:
        return 0
    except OSError as error:
        return fail(prog, str(error))
    return 0
