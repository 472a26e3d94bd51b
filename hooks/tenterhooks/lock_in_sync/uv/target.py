"""What a lock is made for: a project, a workspace, or a script."""

from __future__ import annotations

import os

from tenterhooks.core import parsed, toml
from tenterhooks.core.files import Unreadable
from tenterhooks.lock_in_sync import compare, shell
from tenterhooks.lock_in_sync.uv import script, workspace
from tenterhooks.lock_in_sync.uv.entries import Origin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tenterhooks.core.files import File, Repository

    Table = dict[str, Any]
    Keys = tuple[str | int, ...]


def strings(holder: Table, name: str) -> list[str]:
    """The strings under a name; one alone may stand without an array."""
    value = holder.get(name)
    items = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return [item for item in items if isinstance(item, str)]


class Member:
    """A project of a workspace, or the only one. name: normalised. folder: from the top, where it
    is empty. document: its pyproject.toml."""

    __slots__ = ("document", "file", "folder", "name")

    def __init__(self, file: File, folder: str, document: Table) -> None:
        self.file = file
        self.folder = folder
        self.document = document
        self.name = compare.normal(str(self.project.get("name", "")))

    @property
    def project(self) -> Table:
        return parsed.table(self.document, "project")

    @property
    def uv(self) -> Table:
        return parsed.table(self.document, "tool", "uv")

    def origin(self, *keys: str | int) -> Origin:
        return Origin(self.file, keys)

    def is_package(self, *, is_required: bool) -> bool:
        """Whether uv builds it, or only installs what it depends on."""
        explicit = self.uv.get("package")
        if isinstance(explicit, bool):
            return explicit
        return "build-system" in self.document or is_required


class Target:
    """root: the project, script, or bare workspace that the lock belongs to. members: by name;
    of a script, or of a workspace without any, none. required: the members that others take as
    ``workspace = true``, each with whether it is to be editable, or None.
    """

    def __init__(self, repository: Repository, root: Member, *, is_script: bool) -> None:
        self.repository = repository
        self.root = root
        self.is_script = is_script
        self.is_project = not is_script and "project" in root.document
        self.members: dict[str, Member] = {}
        if self.is_project:
            self.members[root.name] = root
        if not is_script:
            self._find_members()
        self.required = dict(self._required())

    @property
    def folder(self) -> str:
        return self.root.folder

    def _find_members(self) -> None:
        for folder in _member_folders(self.repository, self.root):
            member = project_in(self.repository, folder)
            if member and "project" in member.document and member.uv.get("managed") is not False:
                self.members.setdefault(member.name, member)

    def _required(self) -> list[tuple[str, bool | None]]:
        found = []
        # Of those that contradict each other, uv takes the last, by name.
        for holder in [self.root, *(self.members[name] for name in sorted(self.members))]:
            for name, sources in parsed.table(holder.uv, "sources").items():
                for source in sources if isinstance(sources, list) else [sources]:
                    wanted = isinstance(source, dict) and source.get("workspace") is True
                    if wanted and compare.normal(name) != holder.name:
                        editable = source.get("editable")
                        is_told = isinstance(editable, bool)
                        found.append((compare.normal(name), editable if is_told else None))
        return found

    def command(self) -> str:
        """What makes the lock anew."""
        if self.is_script:
            return f"uv lock --script {shell.quoted(self.root.file.path)}"
        return shell.in_folder("uv lock", self.folder)


def project_in(repository: Repository, folder: str) -> Member | None:
    """The project in a folder; None where there is none. Raises Broken."""
    file = repository.file(workspace.project_path(folder))
    # Tracked or not, as for uv.
    if not os.path.isfile(file.absolute):
        return None
    return Member(file, folder, read(file))


def read(file: File) -> Table:
    try:
        return toml.load(file)
    except Unreadable as error:
        raise Broken(file, error) from None


class Broken(Exception):
    """A file that a lock depends on cannot be read."""

    def __init__(self, file: File, error: Unreadable) -> None:
        super().__init__(error.message)
        self.file = file
        self.error = error


def is_member(repository: Repository, project: Member) -> bool:
    """Whether a project belongs to the workspace of the nearest project above it."""
    if "workspace" in project.uv:
        return False
    folder = project.folder
    while folder:
        folder = folder.rpartition("/")[0]
        above = project_in(repository, folder)
        if above:
            return project.folder in _member_folders(repository, above)
    return False


def _member_folders(repository: Repository, root: Member) -> list[str]:
    """The folders of the members of a workspace, without the root's."""
    definition = parsed.table(root.uv, "workspace")
    patterns = strings(definition, "members"), strings(definition, "exclude")
    return workspace.member_folders(repository, root.folder, *patterns)


def target_of(lock: File, repository: Repository) -> Target | None:
    """What a lock is made for; None where that is not there, or where uv never reads the lock,
    as in a member of a workspace. Raises Broken."""
    folder, _, name = lock.path.rpartition("/")
    if name == "uv.lock":
        root = project_in(repository, folder)
        if root is None or root.uv.get("managed") is False or is_member(repository, root):
            return None
        return Target(repository, root, is_script=False)
    file = repository.file(lock.path.removesuffix(".lock"))
    if not os.path.isfile(file.absolute):
        return None
    try:
        block = script.block(file)
    except Unreadable as error:
        raise Broken(file, error) from None
    if block is None:
        return None
    return Target(repository, Member(block, folder, read(block)), is_script=True)
