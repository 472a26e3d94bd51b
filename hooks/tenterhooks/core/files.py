"""Files under check and the repository around them: each listed once, read once, parsed once."""

from __future__ import annotations

import bisect
import os
import re
import stat

from tenterhooks.core import git

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from tenterhooks.core.globs import Globs

    T = TypeVar("T")

MAX_BYTES = 10 * 1024 * 1024
_LINE_END = re.compile(r"\r\n|\n|\r")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Unreadable(Exception):
    """A file under check cannot be taken at its word; becomes a finding at its place.

    rule: ``unreadable-file`` where no text can be had of it, ``invalid-file`` where the text
    is not what its format demands.
    """

    def __init__(
        self, message: str, line: int = 1, column: int = 1, rule: str = "unreadable-file"
    ) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.rule = rule


def read_bytes(path: str, limit: int = MAX_BYTES) -> bytes:
    """The content of the regular file ``path``, symlinks followed.

    Raises Unreadable: not there, a folder, a device, a loop of links, no permission, or more
    than ``limit`` bytes.
    """
    try:
        # A FIFO that a hostile repository put in a file's place would block a plain open.
        descriptor = os.open(
            path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        )
    except OSError as error:
        if os.path.isdir(path):
            raise Unreadable("is a directory, not a file") from None
        raise Unreadable(f"cannot be opened: {(error.strerror or 'error').lower()}") from None
    except ValueError:
        raise Unreadable("cannot be opened: the path holds a NUL character") from None
    try:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise Unreadable("is a directory, not a file")
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("is not a regular file")
        if status.st_size <= limit:
            with open(descriptor, "rb", closefd=False) as stream:
                data = stream.read(limit + 1)
            if len(data) <= limit:
                return data
        raise Unreadable(f"is larger than {limit // (1024 * 1024)} MB, too large to be checked")
    finally:
        os.close(descriptor)


class File:
    """One file: its bytes, its text and what formats made of it, each had once.

    path: relative to the top of the repository, forward slashes.
    absolute: where it is on the disk.
    shown: how the user named it, or the path from the working directory.
    """

    def __init__(self, path: str, absolute: str, shown: str, data: bytes | None = None) -> None:
        self.path = path
        self.absolute = absolute
        self.shown = shown
        self._data = data
        self._text: str | None = None
        self._lines: list[int] | None = None
        self._memo: dict[Any, Any] = {}

    @property
    def data(self) -> bytes:
        """The raw bytes. Raises Unreadable."""
        if self._data is None:
            self._data = self.once(_read)
        return self._data

    @property
    def text(self) -> str:
        """The text, UTF-8, line ends untouched, without a byte order mark. Raises Unreadable."""
        if self._text is None:
            self._text = self.once(_decode)
        return self._text

    @property
    def has_bom(self) -> bool:
        return self.data.startswith(b"\xef\xbb\xbf")

    def once(self, make: Callable[[File], T]) -> T:
        """``make(self)``, computed at the first call; what it raised is raised again."""
        if make not in self._memo:
            try:
                self._memo[make] = (make(self), None)
            except Unreadable as error:
                self._memo[make] = (None, error)
        result: T
        result, failure = self._memo[make]
        if failure is not None:
            raise failure
        return result

    def position(self, index: int) -> tuple[int, int]:
        """1-based line and column of the character at ``index``."""
        starts = self.starts()
        line = bisect.bisect_right(starts, index)
        return line, index - starts[line - 1] + 1

    def nearest(
        self, places: dict[tuple[str | int, ...], int], path: tuple[str | int, ...]
    ) -> tuple[int, int]:
        """1-based line and column of ``path`` where ``places`` has its offset, else of its nearest
        ancestor there, else (1, 1)."""
        while path:
            if path in places:
                return self.position(places[path])
            path = path[:-1]
        return 1, 1

    def line_text(self, line: int) -> str:
        """The text of a 1-based line without its end; empty past the last."""
        starts = self.starts()
        if not 1 <= line <= len(starts):
            return ""
        end = starts[line] if line < len(starts) else len(self.text)
        return self.text[starts[line - 1] : end].rstrip("\r\n")

    def starts(self) -> list[int]:
        """Where each line begins, an index into ``text``."""
        if self._lines is None:
            self._lines = [0, *(match.end() for match in _LINE_END.finditer(self.text))]
        return self._lines


def _read(file: File) -> bytes:
    return read_bytes(file.absolute)


def _decode(file: File) -> str:
    data = file.data
    if data.startswith(_UTF16):
        raise Unreadable("is UTF-16, not UTF-8")
    skip = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    try:
        return data[skip:].decode("utf-8")
    except UnicodeDecodeError as error:
        lines = _LINE_END.split(data[skip : skip + error.start].decode("utf-8"))
        line, column = len(lines), len(lines[-1]) + 1
        byte = data[skip + error.start]
        raise Unreadable(f"is not UTF-8: byte 0x{byte:02x}", line, column) from None


class Repository:
    """The git repository around the files under check, or a bare folder where there is none.

    top: absolute path of its top folder.
    is_git: whether git knows it.
    excluded: paths that are as good as not there.
    """

    def __init__(self, start: str | None = None) -> None:
        self.cwd = os.path.realpath(os.getcwd())
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
        self._tracked: dict[str, str] | None = None
        self._memo: dict[Any, Any] = {}

    def tracked(self) -> dict[str, str]:
        """Path -> git's file mode of all that is in the index. Raises git.GitError."""
        if self._tracked is None:
            if not self.is_git:
                raise git.GitError("not a git repository")
            self._tracked = git.tracked(self.top)
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
            shown = os.path.relpath(absolute, self.cwd).replace(os.sep, "/")
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

    def matching(self, pattern: re.Pattern[str]) -> list[File]:
        """The tracked files that ``pattern`` finds and the disk still has, in order. A symlink
        counts where it leads to a file of this repository that is not listed itself.

        Raises git.GitError.
        """
        modes = self.tracked()
        found = []
        for path in sorted(path for path in modes if pattern.search(path)):
            file = self.file(path)
            if self.excludes(file):
                continue
            if modes[path] == "160000" or not os.path.lexists(file.absolute):
                continue
            if modes[path] == "120000":
                target = os.path.realpath(file.absolute)
                inside = os.path.relpath(target, self.top).replace(os.sep, "/")
                listed = inside != path and inside in modes and pattern.search(inside)
                if inside.startswith("../") or listed:
                    continue
            found.append(file)
        return found

    def leads_out(self, file: File) -> bool:
        """Whether a file, symlinks followed, lies outside the repository."""
        top = os.path.realpath(self.top)
        try:
            return os.path.commonpath([top, os.path.realpath(file.absolute)]) != top
        except ValueError:  # another drive, on Windows
            return True

    def excludes(self, file: File) -> bool:
        return self.excluded is not None and self.excluded.covers(file.path)

    def once(self, make: Callable[[Repository], T]) -> T:
        """``make(self)``, computed at the first call."""
        if make not in self._memo:
            self._memo[make] = make(self)
        result: T = self._memo[make]
        return result

    def put(self, file: File) -> None:
        """Let ``file`` stand in for the one at its path, and forget what was made of the old."""
        self._memo = {}
        self._files = {**self._files, file.path: file}

    def with_content(self, file: File, data: bytes) -> Repository:
        """This repository as it would be with ``data`` in ``file``; the disk is left alone."""
        import copy

        other = copy.copy(self)
        other.put(File(file.path, file.absolute, file.shown, data))
        return other
