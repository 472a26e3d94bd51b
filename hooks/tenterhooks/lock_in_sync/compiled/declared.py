"""What the inputs of a compiled file declare, line by line, with all that they include."""

from __future__ import annotations

import posixpath

from tenterhooks.core.files import Unreadable
from tenterhooks.formats import requirements
from tenterhooks.lock_in_sync import compare
from tenterhooks.lock_in_sync.compiled import projects
from tenterhooks.lock_in_sync.compiled.inputs import PROJECTS, target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import Repository
    from tenterhooks.formats.requirements import Line
    from tenterhooks.lock_in_sync.compare import Requirement
    from tenterhooks.lock_in_sync.compiled.inputs import Inputs

_MOST = 200  # files


class Declared:
    """A requirement or a constraint, with the place of it."""

    __slots__ = ("column", "line", "path", "requirement")

    def __init__(self, requirement: Requirement, path: str, line: int, column: int) -> None:
        self.requirement = requirement
        self.path = path
        self.line = line
        self.column = column


class Declarations:
    """All that the inputs say.

    required, constraints: in order. overridden: names whose declarations do not count. paths: of
    the files that were read. unknown: why not all of it is known, empty where it is. has_unnamed:
    whether a path or an address is declared without the name of what it holds.
    """

    def __init__(self) -> None:
        self.required: list[Declared] = []
        self.constraints: list[Declared] = []
        self.overridden: set[str] = set()
        self.paths: list[str] = []
        self.unknown = ""
        self.has_unnamed = False


def read(inputs: Inputs, repository: Repository) -> Declarations:
    """Read the inputs and what they include."""
    found = Declarations()
    if inputs.missing:
        found.unknown = f"{inputs.missing[0]} is not there"
    for path in [*inputs.overrides, *inputs.excludes]:
        found.overridden |= {each.requirement.name for each in _listed(path, repository)}
        found.paths.append(path)
    for path in inputs.roots:
        if posixpath.basename(path) in PROJECTS:
            _take_project(found, path, inputs, repository)
    files = [path for path in inputs.roots if posixpath.basename(path) not in PROJECTS]
    waiting = [*((path, True) for path in inputs.constraints), *((path, False) for path in files)]
    _Walk(found, repository).follow(waiting)
    settings = projects.settings(inputs, repository)
    found.overridden |= settings.overridden
    found.constraints += [_at(each) for each in settings.constraints]
    return found


def _take_project(found: Declarations, path: str, inputs: Inputs, repository: Repository) -> None:
    project = projects.read(path, inputs, repository)
    found.paths.append(path)
    found.required += [_at(each) for each in project.declared]
    found.overridden |= project.sourced
    found.unknown = found.unknown or project.unknown


def _at(each: tuple[Requirement, str, tuple[int, int]]) -> Declared:
    requirement, path, (line, column) = each
    return Declared(requirement, path, line, column)


def _listed(path: str, repository: Repository) -> Iterator[Declared]:
    """The named requirements of one file, without what it includes."""
    try:
        document = requirements.load(repository.file(path))
    except Unreadable:
        return
    for line in document.lines:
        requirement = compare.parse(line.requirement or "")
        if requirement is not None and not line.is_editable:
            yield Declared(requirement, path, *document.position(line.start))


class _Walk:
    """Requirements files, each once for what it requires and once for what it constrains."""

    def __init__(self, found: Declarations, repository: Repository) -> None:
        self.found = found
        self.repository = repository
        self.seen: set[tuple[str, bool]] = set()

    def follow(self, waiting: list[tuple[str, bool]]) -> None:
        """Read files, each with whether it holds constraints, and what they include."""
        while waiting:
            path, constrains = waiting.pop()
            if (path, constrains) in self.seen or len(self.seen) > _MOST:
                continue
            self.seen.add((path, constrains))
            if path not in self.found.paths:
                self.found.paths.append(path)
            waiting += reversed(list(self._read(path, constrains)))

    def _read(self, path: str, constrains: bool) -> Iterator[tuple[str, bool]]:
        try:
            document = requirements.load(self.repository.file(path))
        except Unreadable as error:
            self._missed(f"{path} {error.message}")
            return
        for line in document.lines:
            if line.include is not None:
                name, constraint = line.include
                included = target(name, posixpath.dirname(path), self.repository)
                if included is not None:
                    yield included, constrains or constraint
                else:
                    self._missed(f"{name[:80]}, which {path} includes, is not known here")
            elif line.requirement is not None:
                self._take(line, path, document.position(line.start), constrains)

    def _take(self, line: Line, path: str, place: tuple[int, int], constrains: bool) -> None:
        text = line.requirement or ""
        requirement = None if line.is_editable else compare.parse(text)
        if requirement is None:
            self.found.has_unnamed = True
            if "${" in text or "{{" in text or not _is_location(text):
                self._missed(f"{text[:80]} in {path} cannot be read")
            return
        into = self.found.constraints if constrains else self.found.required
        into.append(Declared(requirement, path, *place))

    def _missed(self, why: str) -> None:
        self.found.unknown = self.found.unknown or why


def _is_location(text: str) -> bool:
    return "/" in text or "\\" in text or text.startswith(".") or ":" in text
