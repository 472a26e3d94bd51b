"""Files under check and the repository around them: each listed once, read once, parsed once."""

from __future__ import annotations

import bisect
import os

from tenterhooks.core import git
from tenterhooks.core.file import File
from tenterhooks.core.reading import MAX_BYTES, Unreadable, read_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable
    from typing import Any, TypeVar

    from tenterhooks.core.globs import Globs

    T = TypeVar("T")

__all__ = ["MAX_BYTES", "MAX_HELD", "File", "Repository", "Unreadable", "read_bytes"]

# Of what was read and is kept for whoever may ask again; what is made of it takes 5 to 20 times as
# much.
MAX_HELD = 4 * 1024 * 1024


class Repository:
    """The git repository around the files under check, or a bare folder where there is none.

    top: absolute path of its top folder.
    is_git: whether git knows it.
    excluded: paths that are as good as not there.
    """

    def __init__(self, start: str | None = None) -> None:
        """Raises git.GitError: the working directory is gone."""
        try:
            self.cwd = os.path.realpath(os.getcwd())
        except FileNotFoundError:
            raise git.GitError("the working directory is not there any more") from None
        start = os.path.realpath(start or self.cwd)
        top = git.find_top(start)
        if top is None and os.environ.get("GIT_DIR"):
            try:
                top = os.fsdecode(git.run(start, "rev-parse", "--show-toplevel")).strip()
            except git.GitError:
                top = None
        self.is_git = top is not None
        self.top = top or start
        self.excluded: Globs | None = None
        self._files: dict[str, File] = {}
        self._listing: Callable[[], dict[str, str]] | None = None
        self._tracked: dict[str, str] | None = None
        self._sorted: list[str] | None = None
        self._memo: dict[Any, Any] = {}
        self._held = 0

    def begin_listing(self) -> None:
        """Let git list the files while something else goes on. For whoever will surely ask for
        them: nobody else waits for git to end."""
        if self.is_git and self._tracked is None and self._listing is None:
            try:
                self._listing = git.listing(self.top)
            except git.GitError:
                return  # whoever asks is told

    def end_listing(self) -> None:
        """Wait for what was begun, whether anybody asked for it or not."""
        if self._listing is not None:
            try:
                self.tracked()
            except git.GitError:
                return  # whoever asks is told

    def tracked(self) -> dict[str, str]:
        """Path -> git's file mode of all that is in the index. Raises git.GitError."""
        if self._tracked is None:
            if not self.is_git:
                raise git.GitError("not a git repository")
            listing, self._listing = self._listing, None
            self._tracked = listing() if listing else git.tracked(self.top)
        return self._tracked

    def may_track(self, path: str) -> bool:
        """False where ``path`` is surely not tracked: by what git said, or, as long as it was
        not asked, by what the disk has."""
        if self._tracked is not None:
            return path in self._tracked
        return os.path.lexists(os.path.join(self.top, *path.split("/")))

    def file(self, path: str) -> File:
        """The file at ``path`` below the top, whether it exists or not."""
        if path not in self._files:
            absolute = os.path.join(self.top, *path.split("/"))
            # What git lists is normal, and relpath takes longer than all the rest.
            is_shown = self.top == self.cwd and os.path.normpath(path) == path
            shown = path if is_shown else os.path.relpath(absolute, self.cwd).replace(os.sep, "/")
            self._files[path] = File(path, absolute, shown)
        return self._files[path]

    def given(self, name: str) -> File:
        """The file that the user named ``name``, relative to the working directory."""
        folder, base = os.path.split(os.path.join(self.cwd, name))
        absolute = os.path.join(os.path.realpath(folder), base)
        shown = name.replace(os.sep, "/")
        try:
            path = os.path.relpath(absolute, self.top).replace(os.sep, "/")
        except ValueError:  # another drive, on Windows
            path = shown
        if path.startswith("../"):
            return File(shown, absolute, shown)
        file = self.file(path)
        file.shown = shown
        return file

    def matching(self, pattern: re.Pattern[str], folder: str = "") -> list[File]:
        """The tracked files below a folder that ``pattern`` finds and the disk still has, in order.
        A symlink counts where it leads to a file of this repository that is not listed itself.

        Raises git.GitError.
        """
        modes = self.tracked()
        found = []
        for path in self._below(folder):
            if not pattern.search(path):
                continue
            file = self.file(path)
            if self.excludes(file):
                continue
            if modes[path] == git.MODULE or not os.path.lexists(file.absolute):
                continue
            if modes[path] == git.LINK and not self._stands_alone(file, pattern, folder):
                continue
            found.append(file)
        return found

    def _stands_alone(self, link: File, pattern: re.Pattern[str], folder: str) -> bool:
        """Whether what a symlink leads to is in the repository, and not found by itself."""
        target = os.path.realpath(link.absolute)
        inside = os.path.relpath(target, self.top).replace(os.sep, "/")
        if inside.startswith("../"):
            return False
        is_found = inside in self.tracked() and pattern.search(inside) is not None
        return inside == link.path or not (
            is_found and f"{inside}/".startswith(folder and f"{folder}/")
        )

    def _below(self, folder: str) -> list[str]:
        """The tracked paths below a folder, in order. Raises git.GitError."""
        if self._sorted is None:
            self._sorted = sorted(self.tracked())
        if not folder:
            return self._sorted
        first = bisect.bisect_left(self._sorted, f"{folder}/")
        return self._sorted[first : bisect.bisect_left(self._sorted, f"{folder}0", first)]

    def folders(self, folder: str) -> list[str]:
        """The names of the folders in a folder; none where it is not there."""
        try:
            with os.scandir(os.path.join(self.top, *folder.split("/"))) as entries:
                return [entry.name for entry in entries if entry.is_dir()]
        except (OSError, ValueError):
            return []

    def leads_out(self, file: File) -> bool:
        """Whether a file, symlinks followed, lies outside the repository."""
        top = os.path.realpath(self.top)
        try:
            return os.path.commonpath([top, os.path.realpath(file.absolute)]) != top
        except ValueError:  # another drive, on Windows
            return True

    def excludes(self, file: File) -> bool:
        return self.excluded is not None and self.excluded.covers(file.path)

    def reference_time(self) -> int:
        """The time that dates are held against, see ``git.reference_time``."""
        return git.reference_time(self.top if self.is_git else None)

    def once(self, make: Callable[[Repository], T]) -> T:
        """``make(self)``, computed at the first call."""
        if make not in self._memo:
            self._memo[make] = make(self)
        result: T = self._memo[make]
        return result

    def release(self, file: File) -> None:
        """Note that whoever read ``file`` is done with it. Whenever such files hold too much, what
        was read and made of files is forgotten; who asks again gets it anew."""
        self._held += file.held
        if self._held > MAX_HELD:
            for each in self._files.values():
                each.release()
            self._held = 0

    def put(self, file: File) -> None:
        """Let ``file`` stand in for the one at its path, and forget what was made of the old."""
        self._memo = {}
        self._files = {**self._files, file.path: file}

    def with_content(self, file: File, data: bytes) -> Repository:
        """This repository as it would be with ``data`` in ``file``; the disk is left alone."""
        import copy

        other = copy.copy(self)
        other._listing = None  # noqa: SLF001  # it can be waited for once
        other.put(File(file.path, file.absolute, file.shown, data))
        return other
