"""What a project declares, as PDM reads it: dependencies by group, settings, workspace."""

from __future__ import annotations

import os
import posixpath
import re

from tenterhooks.core import parsed, toml
from tenterhooks.lock_in_sync import compare

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from typing import Any

    from tenterhooks.core.files import File, Repository
    from tenterhooks.lock_in_sync.compare import Requirement

    Keys = tuple[str | int, ...]
    Table = dict[str, Any]

DEFAULT = "default"
NAME = "pyproject.toml"
# What a pattern is made of that takes the root of a workspace for a member of it.
_ITSELF = {"**", ".", ""}
NOT_A_NAME = re.compile(r"[^A-Za-z0-9]+")


class Declared:
    """One dependency. group: normalised, ``default`` for those of the project itself.
    requirement: None where it names no package, or in a way that is not PEP 508's.
    extras: those of the project itself that it stands for. keys: the way to it."""

    __slots__ = ("extras", "group", "is_own", "keys", "requirement", "text")

    def __init__(self, text: str, group: str, keys: Keys, own: str) -> None:
        self.text = text
        self.group = group
        self.keys = keys
        self.requirement: Requirement | None = None
        if not text.startswith("-e "):
            self.requirement = compare.parse(text)
        self.is_own = bool(own) and self.requirement is not None and self.requirement.name == own
        self.extras: Collection[str] = ()
        if self.is_own and self.requirement is not None:
            self.extras = self.requirement.extras


class Project:
    """A pyproject.toml. folder: relative to the top, empty for the top itself."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.folder = posixpath.dirname(file.path)
        self.root: Table = toml.load(file)
        self.metadata = parsed.table(self.root, "project")
        self.tool = parsed.table(self.root, "tool")
        self.settings = parsed.table(self.tool, "pdm")
        self.resolution = parsed.table(self.settings, "resolution")
        self.name = parsed.text(self.metadata, "name")
        self.requires_python = parsed.text(self.metadata, "requires-python")
        self.declared: list[Declared] = []
        self.includes: dict[str, set[str]] = {}
        self.groups: dict[str, Keys] = {}
        for group, keys, items in self._lists():
            self._take(group, keys, items)

    @property
    def is_of_another_tool(self) -> bool:
        """Whether PDM would first have to convert it."""
        return "project" not in self.root and ("poetry" in self.tool or "flit" in self.tool)

    @property
    def is_dynamic(self) -> bool:
        dynamic = parsed.texts(self.metadata, "dynamic")
        return "dependencies" in dynamic or "optional-dependencies" in dynamic

    @property
    def overridden(self) -> set[str]:
        """Names whose declarations do not count."""
        names = [
            *parsed.table(self.resolution, "overrides"),
            *parsed.table(self.settings, "overrides"),
        ]
        return {compare.normal(name.partition("[")[0]) for name in names}

    @property
    def excluded(self) -> set[str]:
        return {compare.normal(name) for name in parsed.texts(self.resolution, "excludes")}

    def path_from(self, other: Project) -> str:
        """The folder, seen from that of another project."""
        return posixpath.relpath(self.folder or ".", other.folder or ".")

    def place(self, keys: Keys) -> tuple[int, int]:
        return toml.locate(self.file, keys)

    def within(self, groups: Collection[str] | None) -> Iterator[Declared]:
        """What groups and those that they include declare; all of them where None is given."""
        wanted = set(self.groups if groups is None else map(group_name, groups))
        # PDM goes no further than one step when it locks.
        wanted.update(*(self.includes.get(group, ()) for group in list(wanted)))
        return (item for item in self.declared if item.group in wanted and not item.is_own)

    def _lists(self) -> Iterator[tuple[str, Keys, object]]:
        yield DEFAULT, ("project", "dependencies"), self.metadata.get("dependencies")
        for keys in (
            ("project", "optional-dependencies"),
            ("dependency-groups",),
            ("tool", "pdm", "dev-dependencies"),
        ):
            for name, items in parsed.table(self.root, *keys).items():
                yield group_name(name), (*keys, name), items

    def _take(self, group: str, keys: Keys, items: object) -> None:
        self.groups.setdefault(group, keys)
        includes = self.includes.setdefault(group, set())
        own = compare.normal(self.name)
        for number, item in enumerate(parsed.array(items)):
            if isinstance(item, str):
                is_ignored = item.startswith("-e ") and keys[0] == "project"
                if not is_ignored:
                    self.declared.append(Declared(item, group, (*keys, number), own))
                    includes |= {group_name(name) for name in self.declared[-1].extras}
            elif isinstance(item, dict):
                includes.add(group_name(parsed.text(item, "include-group")))


def group_name(name: str) -> str:
    """A group's name as PDM normalises it."""
    return NOT_A_NAME.sub("-", name).lower()


def members(project: Project, repository: Repository) -> list[Project]:
    """The projects of a workspace beside its root, sorted as PDM does. Raises Unreadable."""
    patterns = parsed.texts(project.settings, "workspace", "members")
    if not patterns:
        return []
    from tenterhooks.lock_in_sync.uv.workspace import member_folders

    folders = set(member_folders(repository, project.folder, patterns, ()))
    if any(set(pattern.split("/")) <= _ITSELF for pattern in patterns):
        folders.add(project.folder)
    found = [Project(repository.file(posixpath.join(folder, NAME))) for folder in folders]
    inside = [each for each in found if not each.path_from(project).startswith("../")]
    return sorted(inside, key=lambda each: each.path_from(project))


def is_member(project: Project, repository: Repository) -> bool:
    """Whether a project above has this one in its workspace: its own lock is then not read."""
    for folder in _above(project.folder):
        file = repository.file(posixpath.join(folder, NAME))
        if os.path.isfile(file.absolute) and b"workspace" in file.data:
            parent = Project(file)
            if any(member.folder == project.folder for member in members(parent, repository)):
                return True
    return False


def _above(folder: str) -> Iterable[str]:
    while folder:
        folder = posixpath.dirname(folder)
        yield folder
