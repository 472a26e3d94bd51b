"""What a project declares for a command that compiles it: dependencies, extras and groups, and the
settings of uv that hold for every file that is compiled in its folder."""

from __future__ import annotations

import os
import posixpath

from tenterhooks.core import parsed, toml
from tenterhooks.core.files import Unreadable
from tenterhooks.formats.compile_command import UV_COMPILE
from tenterhooks.lock_in_sync import compare
from tenterhooks.lock_in_sync.compiled.project import Project

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tenterhooks.core.files import File, Repository
    from tenterhooks.formats.compile_command import Command
    from tenterhooks.lock_in_sync.compare import Requirement
    from tenterhooks.lock_in_sync.compiled.inputs import Inputs

    Placed = tuple[Requirement, str, tuple[int, int]]
    Keys = tuple[str | int, ...]
    Table = dict[str, Any]

_BUILD = ("--only-build-deps", "--all-build-deps", "--build-deps-for")


class Settings:
    """overridden: names whose declarations do not count. constraints: with their places.
    is_limited: whether only some environments are resolved for. options: of ``[tool.uv.pip]``."""

    def __init__(self) -> None:
        self.overridden: set[str] = set()
        self.constraints: list[Placed] = []
        self.is_limited = False
        self.options: Table = {}


def read(path: str, inputs: Inputs, repository: Repository) -> Project:
    """What the pyproject.toml, setup.cfg or setup.py at ``path`` declares."""
    found = Project()
    name = posixpath.basename(path)
    if inputs.command is not None and any(map(inputs.command.has, _BUILD)):
        found.unknown = "what its build needs is not known here"
    elif name == "setup.py":
        found.unknown = f"{path} is a program"
    elif name == "setup.cfg":
        from tenterhooks.lock_in_sync.compiled import metadata

        metadata.read(found, path, _extras(inputs, repository), repository)
    else:
        _read_pyproject(found, repository.file(path), inputs, repository)
    return found


def _read_pyproject(found: Project, file: File, inputs: Inputs, repository: Repository) -> None:
    try:
        root = toml.load(file)
    except Unreadable as error:
        found.unknown = f"{file.path} {error.message}"
        return
    project = parsed.table(root, "project")
    dynamic = parsed.array(project, "dynamic")
    if not project or "dependencies" in dynamic or "optional-dependencies" in dynamic:
        found.unknown = f"the dependencies in {file.path} are dynamic"
    elif inputs.command is None and len(root) > 1:
        found.unknown = f"which extras and groups of {file.path} are in it is not known"
    uv = parsed.table(root, "tool", "uv")
    found.sourced = {compare.normal(str(key)) for key in parsed.table(uv, "sources")}
    reader = _Pyproject(file, root, found)
    reader.dependencies(_extras(inputs, repository))
    reader.groups(_groups(inputs.command))


class _Pyproject:
    """A project's tables, and what they add to ``found``."""

    def __init__(self, file: File, root: Table, found: Project) -> None:
        self.file = file
        self.root = root
        self.found = found

    def dependencies(self, extras: set[str] | None) -> None:
        """The dependencies, and those of extras, None for all of them; an extra may name others
        of the same project."""
        project = parsed.table(self.root, "project")
        own = compare.normal(str(project.get("name", "")))
        optional = parsed.table(project, "optional-dependencies")
        known = {compare.normal(str(key)): str(key) for key in optional}
        waiting = self._take(("project", "dependencies"), project.get("dependencies"), own)
        waiting += known if extras is None else extras
        seen = set()
        while waiting:
            extra = waiting.pop()
            if extra in known and extra not in seen:
                seen.add(extra)
                keys = ("project", "optional-dependencies", known[extra])
                waiting += self._take(keys, optional[known[extra]], own)

    def groups(self, names: set[str]) -> None:
        """The dependencies of groups, and of those that they include."""
        groups = parsed.table(self.root, "dependency-groups")
        known = {compare.normal(str(key)): str(key) for key in groups}
        waiting = list(names)
        seen = set()
        while waiting:
            name = waiting.pop()
            if name in known and name not in seen:
                seen.add(name)
                listed = groups[known[name]]
                self._take(("dependency-groups", known[name]), listed, "")
                tables = (item for item in parsed.array(listed) if isinstance(item, dict))
                waiting += [compare.normal(str(item.get("include-group"))) for item in tables]

    def _take(self, keys: Keys, listed: object, own: str) -> list[str]:
        """Add what a list declares; what it asks of the project itself is returned."""
        extras: list[str] = []
        for number, text in enumerate(parsed.array(listed)):
            if not isinstance(text, str):
                continue
            requirement = compare.parse(text)
            if requirement is None:
                self.found.unknown = f"{text[:80]!r} in {self.file.path} cannot be read"
            elif requirement.name == own:
                extras += requirement.extras
            else:
                place = toml.locate(self.file, (*keys, number))
                self.found.declared.append((requirement, self.file.path, place))
        return extras


def _extras(inputs: Inputs, repository: Repository) -> set[str] | None:
    """The extras that are asked for; None for all of them."""
    command = inputs.command
    if command is None:
        return set()
    options = settings(inputs, repository).options
    if command.has("--all-extras") or options.get("all-extras") is True:
        return None
    names = {name for value in command.values("--extra") for name in value.split(",")}
    chosen = options.get("extra")
    if not names and isinstance(chosen, list):
        names = set(map(str, chosen))
    return {compare.normal(name.strip()) for name in names}


def _groups(command: Command | None) -> set[str]:
    names = command.values("--group") if command else []
    return {compare.normal(name.rpartition(":")[2]) for name in names}


def settings(inputs: Inputs, repository: Repository) -> Settings:
    """uv's own settings at the folder of the command or above it."""
    found = Settings()
    if inputs.command is None or inputs.command.tool != UV_COMPILE:
        return found
    folder = inputs.folder
    while not _take_settings(found, folder, repository) and folder:
        folder = posixpath.dirname(folder)
    return found


def _take_settings(found: Settings, folder: str, repository: Repository) -> bool:
    """Whether there are settings in a folder; they are added."""
    for name in ("uv.toml", "pyproject.toml"):
        file = repository.file(posixpath.join(folder, name))
        uv = _uv(file)
        if uv:
            _add(found, file, uv, () if name == "uv.toml" else ("tool", "uv"))
            return True
    return False


def _uv(file: File) -> Table:
    try:
        if not os.path.isfile(file.absolute) or (
            file.path.endswith("pyproject.toml") and b"tool.uv" not in file.data
        ):
            return {}
        root = toml.load(file)
    except Unreadable:
        return {}
    return root if file.path.endswith("uv.toml") else parsed.table(root, "tool", "uv")


def _add(found: Settings, file: File, uv: Table, keys: Keys) -> None:
    for name in ("override-dependencies", "exclude-dependencies"):
        found.overridden |= {each.name for each, _ in _listed(uv, name)}
    for requirement, number in _listed(uv, "constraint-dependencies"):
        place = toml.locate(file, (*keys, "constraint-dependencies", number))
        found.constraints.append((requirement, file.path, place))
    found.is_limited = bool(uv.get("environments"))
    found.options = parsed.table(uv, "pip")


def _listed(uv: Table, name: str) -> Iterator[tuple[Requirement, int]]:
    for number, text in enumerate(parsed.array(uv, name)):
        requirement = compare.parse(text) if isinstance(text, str) else None
        if requirement is not None:
            yield requirement, number
