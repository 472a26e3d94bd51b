"""Colour for those who see it: whether a stream takes it, and the codes that make it.

Source: CPython's ``can_colorize`` (Lib/_colorize.py of 3.14), so that one setting means the same to
Python and to what it runs; no-color.org and force-color.org, by which an empty value counts as
none; ECMA-48, SGR.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO


def wanted(stream: TextIO | None) -> bool:
    """Whether colour may be written to ``stream``: what the environment says, else whether it is
    a terminal that knows how."""
    if not sys.flags.ignore_environment:
        said = os.environ.get("PYTHON_COLORS")
        if said in ("0", "1"):
            return said == "1"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    if os.environ.get("TERM") == "dumb":
        return False
    return is_terminal(stream) and _knows_codes()


def is_terminal(stream: TextIO | None) -> bool:
    """False as well for what is closed, or was never open, as under pythonw."""
    if stream is None:
        return False
    try:
        try:
            return os.isatty(stream.fileno())
        except OSError:
            # No file is below it, as in the console of an editor.
            return bool(stream.isatty())
    except (AttributeError, ValueError):
        return False


def columns(stream: TextIO | None) -> int | None:
    """How wide a terminal is; None where nobody knows, as of the one that pre-commit makes."""
    if stream is None:
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except (AttributeError, OSError, ValueError):
        return None


def _knows_codes() -> bool:
    """Whether the console does as SGR codes say: an old one of Windows prints them."""
    if sys.platform != "win32":
        return True
    try:
        import nt

        return bool(nt._supports_virtual_terminal())  # noqa: SLF001  # as CPython asks it
    except (ImportError, AttributeError):
        return False


class Palette:
    """Text in a colour or weight, or just as it is where it is not ``on``."""

    __slots__ = ("_on",)

    def __init__(self, on: bool) -> None:
        self._on = on

    def bold(self, text: str) -> str:
        return self._with("1", text)

    def dim(self, text: str) -> str:
        return self._with("2", text)

    def red(self, text: str) -> str:
        return self._with("31", text)

    def green(self, text: str) -> str:
        return self._with("32", text)

    def yellow(self, text: str) -> str:
        return self._with("33", text)

    def cyan(self, text: str) -> str:
        return self._with("36", text)

    def _with(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._on and text else text
