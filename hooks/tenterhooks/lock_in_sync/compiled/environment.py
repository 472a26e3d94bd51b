"""For which environments a file was compiled, and what that says about a marker."""

from __future__ import annotations

import re

from tenterhooks.formats.compile_command import UV_COMPILE
from tenterhooks.lock_in_sync import compare, markers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.formats.compile_command import Command
    from tenterhooks.formats.compiled import Compiled
    from tenterhooks.lock_in_sync.compiled.projects import Settings

_VERSION = re.compile(r"(?:cpython)?-?@?(\d+\.\d+)")
_PYTHON = {"python_version", "python_full_version", "implementation_version"}


class Environment:
    """is_universal: all platforms, and all Pythons from one on. python: that one, or the only
    one, as ``3.11``; empty where it is not known."""

    def __init__(self, compiled: Compiled, command: Command | None, settings: Settings) -> None:
        options = settings.options
        self.is_universal = options.get("universal") is True
        self.python = compiled.python
        self.is_limited = settings.is_limited
        if command is not None and command.tool == UV_COMPILE:
            self.is_universal = self.is_universal or command.has("--universal")
            named = command.last("--python-version") or str(options.get("python-version", ""))
            found = _VERSION.match(named)
            self.python = found.group(1) if found else ""

    def holds(self, marker: str) -> bool | None:
        """Whether a marker holds, somewhere for all platforms, there for one; None: that depends
        on what is not known."""
        if not marker:
            return True
        if not compare.is_possible(marker, self.requires_python):
            return False
        variables = variables_of(marker)
        if self.is_universal and not self.is_limited:
            return True if self.python or not variables & _PYTHON else None
        return True if self.python and variables == {"python_version"} else None

    @property
    def requires_python(self) -> str:
        if not self.python:
            return ""
        return f">={self.python}" if self.is_universal else f"=={self.python}.*"

    def knows(self, marker: str) -> bool:
        """Whether the meaning of a marker can be compared with what the compiler made of it."""
        return bool(self.python) or not variables_of(marker) & _PYTHON


def variables_of(marker: str) -> set[str]:
    """The variables that a marker asks for."""
    tree = markers.parse(marker)
    return {atom.variable for atom in markers.atoms_of(tree)} if tree else set()
