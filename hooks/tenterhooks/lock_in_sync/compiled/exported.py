"""What ``uv export`` wrote, against the uv.lock that it comes from.

Source: ``uv export --help`` of uv 0.13: which packages the options choose. An entry must be in the
lock with its version and be reached from what was chosen; what is reached in every environment
must have an entry.
"""

from __future__ import annotations

import posixpath

from tenterhooks.core.finding import Finding
from tenterhooks.formats.locks import hashes
from tenterhooks.lock_in_sync import compare, rules
from tenterhooks.lock_in_sync.compiled.graph import Graph
from tenterhooks.lock_in_sync.compiled.inputs import folders, target
from tenterhooks.lock_in_sync.compiled.pins import Pins

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import Repository
    from tenterhooks.formats.compile_command import Command
    from tenterhooks.formats.compiled import Compiled
    from tenterhooks.formats.locks.hashes import Lock

# They leave out what is reached all the same.
_FEWER = ("--prune", "--only-emit-project", "--only-emit-workspace", "--only-emit-local")


def sources(compiled: Compiled, command: Command, repository: Repository) -> list[str]:
    """The lock, and the project whose settings say what is chosen."""
    project, lock = _found(compiled, command, repository)
    return [path for path in (lock, project) if path]


def check(
    compiled: Compiled, command: Command, repository: Repository
) -> tuple[list[Finding], str]:
    """The findings of an exported file, and why not all of it is known."""
    project, path = _found(compiled, command, repository)
    if not path:
        return [], "there is no uv.lock beside its project"
    lock = hashes.load(repository.file(path))
    graph = Graph(lock.root, path, project, command, repository)
    pins = Pins(compiled, repository)
    export = _Export(compiled, pins, graph, path)
    found = list(export.entries())
    if not graph.unknown and not any(map(command.has, _FEWER)):
        found += export.missing(command, lock)
    return found, graph.unknown


class _Export:
    """An exported file beside its lock."""

    def __init__(self, compiled: Compiled, pins: Pins, graph: Graph, lock: str) -> None:
        self.compiled = compiled
        self.pins = pins
        self.graph = graph
        self.lock = lock

    def entries(self) -> Iterator[Finding]:
        """Entries that the lock would not give."""
        for pin in self.pins.own():
            name = pin.requirement.name
            versions = self.graph.versions.get(name)
            line, column = self.compiled.place(pin.entry)
            if versions is None:
                wrong = f"{self.lock} has no {name}"
            elif pin.version and versions and pin.version not in versions:
                wrong = f"{self.lock} has {' and '.join(sorted(versions))}"
            elif not self.graph.unknown and name not in self.graph.reached:
                wrong = f"nothing that is exported from {self.lock} needs it"
            else:
                continue
            message = f"{pin.text} is exported, and {wrong}"
            yield Finding(
                self.compiled.file.path, line, column, rules.OUT_OF_DATE.name, message, self.fix
            )

    def missing(self, command: Command, lock: Lock) -> Iterator[Finding]:
        """What is always reached, in one finding."""
        left_out = set(map(compare.normal, command.values("--no-emit-package")))
        gone = sorted(
            name
            for name in self.graph.needed
            if name not in self.pins.by_name and name not in left_out
        )
        if gone:
            line, column = lock.place(("package", self.graph.needed[gone[0]]))
            more = f" and {len(gone) - 1} more" if len(gone) > 1 else ""
            message = f"{gone[0]}{more} in {self.lock}, and not in {self.compiled.file.path}"
            yield Finding(self.lock, line, column, rules.OUT_OF_DATE.name, message, self.fix)

    @property
    def fix(self) -> str:
        return self.compiled.command[:300]


def _found(compiled: Compiled, command: Command, repository: Repository) -> tuple[str, str]:
    """The paths of the project and of its uv.lock; empty where there is none."""
    if command.has("--script"):
        return "", ""
    for folder in folders(compiled.file.path, command.last("--output-file")):
        start = command.last("--project") or command.last("--directory") or "."
        project = _above(
            "pyproject.toml", posixpath.normpath(posixpath.join(folder, start)), repository
        )
        if project:
            lock = _above("uv.lock", posixpath.dirname(project), repository)
            return project, lock
    return "", ""


def _above(name: str, folder: str, repository: Repository) -> str:
    """The nearest file of that name at a folder or above it."""
    folder = "" if folder == "." else folder
    while True:
        path = target(name, folder, repository)
        if path is not None or not folder:
            return path or ""
        folder = posixpath.dirname(folder)
