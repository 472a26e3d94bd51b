"""Which packages of a uv.lock an export reaches, and which of them in every environment."""

from __future__ import annotations

import posixpath

from tenterhooks.core import parsed, toml
from tenterhooks.formats.names import normal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tenterhooks.core.files import Repository
    from tenterhooks.formats.compile_command import Command

    Table = dict[str, Any]
    # A package by its number in the lock, one of its extras or groups, and whether it is needed
    # in every environment.
    Step = tuple[int, str, str, bool]

_LOCAL = ("virtual", "editable", "directory")


class Graph:
    """versions: of each name. reached: names. needed: the names of a registry that are needed in
    every environment, each with its number in the lock. unknown: why the rest is not known."""

    def __init__(
        self, root: Table, path: str, project: str, command: Command, repository: Repository
    ) -> None:
        self.packages = parsed.tables(root, "package")
        self.by_name: dict[str, list[int]] = {}
        for number, package in enumerate(self.packages):
            self.by_name.setdefault(normal(str(package.get("name", ""))), []).append(number)
        self.versions = {
            name: set(self._versions(numbers)) for name, numbers in self.by_name.items()
        }
        self.reached: set[str] = set()
        self.needed: dict[str, int] = {}
        self.unknown = "it has conflicts" if root.get("conflicts") else ""
        self.command = command
        self.uv = _settings(project, repository)
        self._walk(self._starts(posixpath.dirname(path), posixpath.dirname(project)))

    def _versions(self, numbers: list[int]) -> Iterator[str]:
        for number in numbers:
            version = self.packages[number].get("version")
            if isinstance(version, str):
                yield version

    def _starts(self, top: str, folder: str) -> list[Step]:
        """What the command chooses to begin with."""
        members = [
            n for n, each in enumerate(self.packages) if self._location(each, top) is not None
        ]
        chosen = set(map(normal, self.command.values("--package")))
        if self.command.has("--all-packages"):
            roots = members
        elif chosen:
            roots = [n for n in members if normal(str(self.packages[n].get("name", ""))) in chosen]
        else:
            roots = [n for n in members if self._location(self.packages[n], top) == folder]
        if not roots:
            self.unknown = self.unknown or "which of its packages was exported is not known"
        return [step for number in roots for step in self._chosen(number)]

    def _location(self, package: Table, top: str) -> str | None:
        """The folder of a package that lies in the repository."""
        source = parsed.table(package, "source")
        for kind in _LOCAL:
            if isinstance(source.get(kind), str):
                path = posixpath.normpath(posixpath.join(top, source[kind]))
                return "" if path == "." else path
        return None

    def _chosen(self, number: int) -> Iterator[Step]:
        """The parts of a root that the options choose."""
        package, command = self.packages[number], self.command
        only = _normal(command.values("--only-group")) | (
            {"dev"} if command.has("--only-dev") else set()
        )
        groups = only or self._groups(package)
        if not only:
            yield number, "dependencies", "", True
            for extra in parsed.table(package, "optional-dependencies"):
                if self._wants(normal(extra)):
                    yield number, "optional-dependencies", extra, True
        for group in parsed.table(package, "dev-dependencies"):
            if normal(group) in groups:
                yield number, "dev-dependencies", group, True

    def _wants(self, extra: str) -> bool:
        asked = self.command.has("--all-extras") or extra in _normal(self.command.values("--extra"))
        return asked and extra not in _normal(self.command.values("--no-extra"))

    def _groups(self, package: Table) -> set[str]:
        command = self.command
        default = self.uv.get("default-groups", ["dev"])
        everything = set(map(normal, parsed.table(package, "dev-dependencies")))
        groups = set(map(normal, map(str, default))) if isinstance(default, list) else everything
        if command.has("--no-default-groups"):
            groups = set()
        groups |= _normal(command.values("--group")) | ({"dev"} if command.has("--dev") else set())
        if command.has("--all-groups"):
            groups = everything
        if command.has("--no-dev"):
            groups.discard("dev")
        return groups - _normal(command.values("--no-group"))

    def _walk(self, waiting: list[Step]) -> None:
        """Follow the edges; what is needed is followed as such only along edges without a
        marker."""
        for number, _, _, _ in waiting:
            self.reached.add(normal(str(self.packages[number].get("name", ""))))
        seen: set[Step] = set()
        while waiting:
            step = waiting.pop()
            if step in seen:
                continue
            seen.add(step)
            waiting += self._edges(step)

    def _edges(self, step: Step) -> Iterator[Step]:
        number, kind, part, always = step
        holder = self.packages[number]
        listed = parsed.table(holder, kind).get(part) if part else holder.get(kind)
        for edge in parsed.array(listed):
            if not isinstance(edge, dict) or not isinstance(edge.get("name"), str):
                continue
            name = normal(edge["name"])
            numbers = self._targets(name, edge.get("version"))
            self.reached.add(name)
            needed = always and "marker" not in edge and len(numbers) == 1
            for each in numbers:
                if needed and "registry" in parsed.table(self.packages[each], "source"):
                    self.needed.setdefault(name, each)
                yield each, "dependencies", "", needed
                for extra in parsed.array(edge, "extra"):
                    yield each, "optional-dependencies", str(extra), needed

    def _targets(self, name: str, version: object) -> list[int]:
        numbers = self.by_name.get(name, [])
        if isinstance(version, str):
            return [n for n in numbers if self.packages[n].get("version") == version]
        return numbers


def _normal(names: list[str]) -> set[str]:
    return set(map(normal, names))


def _settings(project: str, repository: Repository) -> Table:
    """``[tool.uv]`` of the project."""
    return parsed.table(toml.or_empty(repository.file(project)), "tool", "uv") if project else {}
