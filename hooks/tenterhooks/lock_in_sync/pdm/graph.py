"""What stands in a lock of PDM against what is declared, and against itself."""

from __future__ import annotations

import functools

from tenterhooks.lock_in_sync import compare
from tenterhooks.lock_in_sync.compare import is_possible, meets, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.formats.locks.pdm import Package, PdmLock
    from tenterhooks.lock_in_sync.compare import Requirement
    from tenterhooks.lock_in_sync.pdm.project import Declared, Project

_PYTHON = "python"
# Each name is asked about a few times.
normal = functools.lru_cache(8192)(compare.normal)


class Graph:
    """A lock, and the projects that it was made for: the root first.

    by_name: the entries. edges: by the name that is asked for, who asks and how.
    asked: by the name that asks, the names.
    free: names of which anything may be locked. times: how often each name is declared.
    """

    def __init__(self, lock: PdmLock, projects: list[Project]) -> None:
        self.lock = lock
        self.projects = projects
        self.root = projects[0]
        self.by_name: dict[str, list[Package]] = {}
        self.edges: dict[str, list[tuple[Package, Requirement]]] = {}
        # Whether a requirement could not be read: then nothing is known to be an orphan.
        self.has_unknown = False
        for package in lock.packages:
            self.by_name.setdefault(normal(package.name), []).append(package)
        self.asked: dict[str, set[str]] = {}
        # What a member of the workspace asks for stands in its own project.
        inside = {normal(project.name) for project in projects}
        for package in lock.packages:
            if not (package.kind and normal(package.name) in inside):
                self._take_edges(package)
        self.free = {_PYTHON, *(normal(project.name) for project in projects if project.name)}
        for project in projects:
            self.free |= project.overridden | project.excluded
        self.times: dict[str, int] = {}
        self._pythons = [self.root.requires_python]
        if lock.targets:
            self._pythons = [_both(self.root, target) for target in lock.targets]
        for _, _, requirement in self.declared():
            self.times[requirement.name] = self.times.get(requirement.name, 0) + 1

    def _take_edges(self, package: Package) -> None:
        for text in package.dependencies:
            edge = parse(text.removeprefix("-e ").strip())
            if edge is None:
                self.has_unknown = True
            else:
                self.edges.setdefault(edge.name, []).append((package, edge))
                self.asked.setdefault(normal(package.name), set()).add(edge.name)

    def applies(self, requirement: Requirement, parent: Package | None = None) -> bool:
        """Whether a requirement surely counts somewhere that the lock was made for."""
        marker = requirement.marker
        python = parent.requires_python if parent else ""
        if not marker:
            return True
        if not self.lock.is_cross_platform or (parent and not self.lock.has_groups):
            return False
        if parent and parent.marker:
            marker = f"({marker}) and ({parent.marker})"
        return any(is_possible(marker, _joined(own, python)) for own in self._pythons)

    def entries(self, requirement: Requirement) -> list[Package]:
        """Those of the package that a requirement names, with its extras if there are such."""
        found = self.by_name.get(requirement.name, [])
        exact = [package for package in found if _extras(package) == requirement.extras]
        return exact or found

    def has_entry(self, requirement: Requirement) -> bool:
        found = self.by_name.get(requirement.name, [])
        if self.lock.is_pylock or not requirement.extras:
            return bool(found)
        return any(_extras(package) == requirement.extras for package in found)

    def met(self, requirement: Requirement) -> bool:
        """Whether one of the locked versions can be what a requirement asks for. What does not
        come from an index has the version that it has."""
        found = self.entries(requirement)
        return any(
            package.kind or not package.version or meets(package.version, requirement.specifier)
            for package in found
        )

    def declared(self) -> Iterator[tuple[Project, Declared, Requirement]]:
        """What is declared in the groups that were locked, and counts."""
        for number, project in enumerate(self.projects):
            for item in project.within(self.lock.groups or None if number == 0 else ["default"]):
                requirement = item.requirement
                if requirement is None or requirement.name in self.free:
                    continue
                if self.lock.is_selection and requirement.name not in self.by_name:
                    continue
                if self.applies(requirement):
                    yield project, item, requirement

    def orphans(self) -> list[Package]:
        """Entries that nothing reaches, where that is sure."""
        if not self.is_known:
            return []
        reached = self.reached(set(self._roots()))
        return [package for package in self.lock.packages if normal(package.name) not in reached]

    @property
    def is_known(self) -> bool:
        """Whether all is known that asks for anything."""
        if self.has_unknown or any(project.is_dynamic for project in self.projects):
            return False
        # What extras ask for is not told there.
        asked = (edge.extras for edges in self.edges.values() for _, edge in edges)
        declared = (
            item.requirement.extras
            for project in self.projects
            for item in project.declared
            if item.requirement is not None and not item.is_own
        )
        return not (self.lock.is_pylock and (any(asked) or any(declared)))

    def reached(self, roots: set[str]) -> set[str]:
        """The names that are asked for by way of some, with those of which anything may be."""
        reached: set[str] = set()
        waiting = [*self.free, *roots]
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting += self.asked.get(name, ())
        return reached

    def _roots(self) -> Iterator[str]:
        for project in self.projects:
            for item in project.declared:
                if item.requirement is not None:
                    yield item.requirement.name
        # A path or an address may be declared without the name of what it holds.
        for package in self.lock.packages:
            if package.kind:
                yield normal(package.name)


def _extras(package: Package) -> frozenset[str]:
    return frozenset(map(normal, package.extras))


def _both(project: Project, target: dict[str, object]) -> str:
    return _joined(project.requires_python, str(target.get("requires_python", "")))


def _joined(*specifiers: str) -> str:
    return ",".join(specifier for specifier in specifiers if specifier)
