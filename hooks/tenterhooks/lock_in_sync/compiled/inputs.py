"""Which files a compiled file was made from: by its command, and by the names in ``# via``.

The command says the paths as they were seen from the folder that it ran in, which nothing says:
it is the one, at the file or above it, from where they lead to what is there.
"""

from __future__ import annotations

import os
import posixpath
import re

from tenterhooks.formats import compile_command
from tenterhooks.formats.compile_command import PIP_COMPILE, UV_EXPORT
from tenterhooks.formats.compiled import MULTI

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tenterhooks.core.files import Repository
    from tenterhooks.formats.compile_command import Command
    from tenterhooks.formats.compiled import Compiled

_MOST = 200  # names
# In this order, where pip-compile is given none.
_DEFAULTS = ("requirements.in", "setup.py", "pyproject.toml", "setup.cfg")
PROJECTS = ("pyproject.toml", "setup.cfg", "setup.py")
_PROJECT = re.compile(
    r"(?:[^ ]+ \()?([^() ]*(?:pyproject\.toml|setup\.cfg|setup\.py))(?::(?!:)[^()]*)?\)?"
)
# A file, not what an option that is not known here takes for its value.
_IS_FILE = re.compile(r"/|\.[A-Za-z][\w-]*$")


class Inputs:
    """Where a compiled file comes from.

    command: of its header, if it is one of the tools' own. folder: where it ran. roots: paths of
    the sources that it was given, or, where that is not known, that the comments name.
    constraints, overrides, excludes: paths. missing: names that lead nowhere.
    """

    def __init__(self, command: Command | None) -> None:
        self.command = command
        self.folder = ""
        self.roots: list[str] = []
        self.constraints: list[str] = []
        self.overrides: list[str] = []
        self.excludes: list[str] = []
        self.missing: list[str] = []

    def take(
        self, names: list[str], paths: list[str], compiled: Compiled, repository: Repository
    ) -> None:
        """Add to ``paths`` what names lead to."""
        for name in names:
            path = target(name, self.folder, repository)
            if path is None:
                self.missing.append(name)
            elif path not in paths and path != compiled.file.path:
                paths.append(path)


def find(compiled: Compiled, repository: Repository, given: Sequence[str] = ()) -> Inputs:
    """The inputs of a compiled file, as far as they are there. given: paths that the user named,
    which stand instead of what the file says."""
    if given:
        named = Inputs(None)
        named.take(list(given), named.roots, compiled, repository)
        return named
    inputs = Inputs(compile_command.parse(compiled.command) if compiled.command else None)
    if inputs.command is not None and inputs.command.tool == UV_EXPORT:
        return inputs
    names = _Names(inputs.command, compiled)
    inputs.folder = names.folder(repository)
    inputs.take(names.roots(inputs.folder, repository), inputs.roots, compiled, repository)
    inputs.take(names.constraints, inputs.constraints, compiled, repository)
    inputs.take(names.overrides, inputs.overrides, compiled, repository)
    inputs.take(names.excludes, inputs.excludes, compiled, repository)
    return inputs


class _Names:
    """What the command and the comments call the inputs."""

    def __init__(self, command: Command | None, compiled: Compiled) -> None:
        self.path = compiled.file.path
        self.given = list(filter(_is_file, command.sources))[:_MOST] if command else []
        self.tool = command.tool if command else ""
        self.output = command.last("--output-file") if command else ""
        self.constraints = _values(command, "--constraint")
        self.overrides = _values(command, "--override")
        self.excludes = _values(command, "--exclude")
        self.commented = list(commented(compiled))[:_MOST]
        if compiled.writer == MULTI and command is None:
            self.given = [posixpath.splitext(posixpath.basename(self.path))[0] + ".in"]
            self.output = posixpath.basename(self.path)
        if self.tool == PIP_COMPILE and self.given and not self.output:
            self.output = _output(self.given[0])

    def folder(self, repository: Repository) -> str:
        """Where the command ran."""
        found = folders(self.path, self.output)
        return max(found, key=lambda folder: self._rank(folder, repository), default="")

    def _rank(self, folder: str, repository: Repository) -> tuple[int, int]:
        """How many of the names lead somewhere from a folder: the given ones first."""
        given = sum(target(name, folder, repository) is not None for name in self.given)
        others = {*self.commented, *self.constraints}
        return given, sum(target(name, folder, repository) is not None for name in others)

    def roots(self, folder: str, repository: Repository) -> list[str]:
        if self.given:
            return self.given
        if self.tool == PIP_COMPILE:
            there = (name for name in _DEFAULTS if target(name, folder, repository))
            return [next(there, _DEFAULTS[0])]
        return self.commented


def folders(path: str, output: str) -> list[str]:
    """Where the command that wrote ``path`` can have run, the likeliest first."""
    found = list(_upward(posixpath.dirname(path)))
    if output:
        rest = path.removesuffix(_clean(output))
        if rest != path and rest[-1:] in ("", "/"):
            found.insert(0, rest.rstrip("/"))
    return found


def commented(compiled: Compiled) -> Iterator[str]:
    """The sources that the entries are there for, each once, as the comments name them."""
    seen = set()
    for entry in compiled.entries:
        for via in entry.via:
            name = source(via)
            # Of a group alone (`pyproject.toml:docs`): which ones, the comments need not tell all.
            is_group = name is not None and f"{name}:" in via
            if name and not is_group and name not in seen:
                seen.add(name)
                yield name


def source(via: str) -> str | None:
    """The file that a comment names as what declares an entry, or None."""
    if via.startswith("-r "):
        return via[3:].strip()
    match = _PROJECT.fullmatch(via)
    return match.group(1) if match else None


def target(name: str, folder: str, repository: Repository) -> str | None:
    """The path of the file that a name means, seen from ``folder``; None where there is none in
    this repository."""
    if not name or name.startswith("/") or "://" in name or "\0" in name:
        return None
    path = posixpath.normpath(posixpath.join(folder, name.replace("\\", "/")))
    if path.startswith("../"):
        return None
    file = repository.file(path)
    if not os.path.isfile(file.absolute) or repository.leads_out(file):
        return None
    return path


def _values(command: Command | None, option: str) -> list[str]:
    return list(filter(_is_file, command.values(option)))[:_MOST] if command else []


def _is_file(name: str) -> bool:
    return name != "-" and _IS_FILE.search(name) is not None


def _clean(name: str) -> str:
    return posixpath.normpath(name.replace("\\", "/"))


def _output(name: str) -> str:
    """Where pip-compile writes to, if it is not told."""
    name = _clean(name)
    if posixpath.basename(name) in PROJECTS:
        return posixpath.join(posixpath.dirname(name), "requirements.txt")
    return posixpath.splitext(name)[0] + ".txt"


def _upward(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""
