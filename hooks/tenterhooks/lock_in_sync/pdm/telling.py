"""Where a fault of a lock of PDM is told, and how it is mended."""

from __future__ import annotations

from tenterhooks.core.finding import Finding
from tenterhooks.lock_in_sync.shell import in_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.core.files import File
    from tenterhooks.core.finding import Rule
    from tenterhooks.formats.locks.pdm import PdmLock
    from tenterhooks.lock_in_sync.pdm.project import Keys, Project


class Teller:
    """One lock and the projects that it was made for: the root first. name: of the lock."""

    def __init__(self, file: File, locked: PdmLock, projects: list[Project]) -> None:
        self.file = file
        self.locked = locked
        self.projects = projects
        self.root = projects[0]
        self.name = file.path.rpartition("/")[2]

    def at_project(self, rule: Rule, project: Project, keys: Keys, message: str) -> Finding:
        place = project.place(keys)
        return Finding(project.file.path, *place, rule.name, message, self._fix())

    def at_lock(self, rule: Rule, keys: Keys, message: str) -> Finding:
        return Finding(self.file.path, *self.locked.place(keys), rule.name, message, self._fix())

    def _fix(self) -> str:
        """PDM keeps what still fits only if it is asked to."""
        return in_folder("pdm lock --update-reuse", self.root.folder)
