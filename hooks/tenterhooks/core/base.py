"""A repository as a commit has it, while the disk has something else.

Nothing is checked out, so that no filter, hook or attribute of a hostile repository has a say: a
file whose content on the disk is that of the commit is taken from there, any other from git.
"""

from __future__ import annotations

import os
import posixpath

from tenterhooks.core import changes, git
from tenterhooks.core.files import MAX_BYTES, File, Repository, Unreadable

_MOST_LINKS = 10


class Base(Repository):
    """``now`` as it was at ``tree``, a commit or a tree. Raises git.GitError.

    A tracked file that ``tree`` does not have is not there, one that the disk does not have any
    more is; what neither knows is as it is on the disk. ``File.absolute`` leads to where it is so,
    for those who look whether a file is there.
    """

    def __init__(self, now: Repository, tree: str) -> None:
        super().__init__(now.top)
        self._now = now
        listing = git.run(self.top, "ls-tree", "-r", "-z", "--full-tree", tree)
        self._tracked, self._objects = _parsed(listing)
        self._gone = os.path.join(self.top, ".git")
        if os.path.isdir(self._gone):
            self._gone = os.path.join(self._gone, "HEAD")

    def file(self, path: str) -> File:
        """The file at ``path`` below the top, whether it existed or not."""
        if path not in self._files:
            now = self._now.file(path)
            self._files[path] = _File(now, self._place(now), self)
        return self._files[path]

    def folders(self, folder: str) -> list[str]:
        """The names of the folders in a folder: those that it had, and those that neither state
        has anything tracked in."""
        was = self.once(_folders).get(folder, set())
        known = was | self._now.once(_folders).get(folder, set())
        return [*was, *(name for name in super().folders(folder) if name not in known)]

    def leads_out(self, file: File) -> bool:
        """Whether a file, symlinks followed, lies outside the repository."""
        if not isinstance(file, _File) or file.path not in self._objects:
            return super().leads_out(file)
        try:
            self._followed(file.path)
        except Unreadable:
            return True
        return False

    def content(self, path: str) -> bytes:
        """What was in the file at ``path``. Raises Unreadable, git.GitError."""
        path = self._followed(path)
        known = self._objects.get(path)
        if known is None:
            if path in self._now.tracked():
                raise Unreadable("cannot be opened: no such file or directory")
            return self._now.file(path).data
        now = self._now.file(path)
        try:
            data = now.data
        except Unreadable:
            return self._blob(known)
        self._now.release(now)
        is_same = self._now.tracked().get(path) != git.LINK and changes.is_object(known, data)
        return data if is_same else self._blob(known)

    def _place(self, now: File) -> str:
        """Where the disk is as it was: the file's own place, else one where there is something,
        or nothing."""
        mode = self.tracked().get(now.path)
        if mode is None:
            is_new = now.path in self._now.tracked()
            return os.path.join(now.absolute, "absent") if is_new else now.absolute
        is_there = os.path.isfile(now.absolute) or mode in (git.LINK, git.MODULE)
        return now.absolute if is_there and os.path.lexists(now.absolute) else self._gone

    def _followed(self, path: str) -> str:
        """The path that a symlink of the commit leads to. Raises Unreadable."""
        for _ in range(_MOST_LINKS):
            if self.tracked().get(path) != git.LINK:
                return path
            target = os.fsdecode(self._blob(self._objects[path]))
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
            if path.startswith(("/", "../")) or path == "..":
                raise Unreadable("is a symlink that leads out of the repository")
        raise Unreadable("cannot be opened: too many levels of symbolic links")

    def _blob(self, known: str) -> bytes:
        # A size first: the history may hold what no memory does.
        size = git.run(self.top, "cat-file", "-s", known).strip()
        if not size.isdigit() or int(size) > MAX_BYTES:
            raise Unreadable("is larger than 10 MB, too large to be checked")
        return git.run(self.top, "cat-file", "blob", known)


class _File(File):
    """One file of a base; its content is looked for when it is wanted."""

    def __init__(self, now: File, absolute: str, base: Base) -> None:
        super().__init__(now.path, absolute, now.shown)
        self._base = base

    @property
    def data(self) -> bytes:
        """The raw bytes. Raises Unreadable."""
        if self._data is None:
            self._data = self.once(_content)
        return self._data


def _content(file: File) -> bytes:
    assert isinstance(file, _File)  # noqa: S101 - for the type checker
    return file._base.content(file.path)  # noqa: SLF001


def _folders(repository: Repository) -> dict[str, set[str]]:
    """Folder -> the names of those in it that hold something tracked."""
    found: dict[str, set[str]] = {}
    for path in repository.tracked():
        folder = posixpath.dirname(path)
        while folder:
            parent, name = posixpath.split(folder)
            siblings = found.setdefault(parent, set())
            if name in siblings:
                break
            siblings.add(name)
            folder = parent
    return found


def _parsed(listing: bytes) -> tuple[dict[str, str], dict[str, str]]:
    """Of ``git ls-tree -r -z``: path -> mode, and path -> object id."""
    modes, objects = {}, {}
    for entry in os.fsdecode(listing).split("\0"):
        facts, _, path = entry.partition("\t")
        words = facts.split(" ")  # mode type id
        if len(words) == 3:
            modes[path] = words[0]
            if words[1] == "blob":
                objects[path] = words[2]
    return modes, objects
