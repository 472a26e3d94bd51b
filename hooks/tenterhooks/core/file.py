"""One file: its bytes, its text and what formats made of it, each had once."""

from __future__ import annotations

import bisect
import re

from tenterhooks.core.reading import Unreadable, read_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    T = TypeVar("T")

LINE_END = re.compile(r"\r\n|\n|\r")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


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
        self._is_kept = data is not None
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
    def held(self) -> int:
        """How many bytes of it are kept, what was made of them not counted."""
        return len(self._data or b"")

    def keep(self) -> None:
        """Hold on to what was read: an edit is made for that content, and for no other."""
        self._is_kept = True

    def release(self) -> None:
        """Forget what can be read from the disk again, and all that was made of it."""
        if not self._is_kept:
            self._data = self._text = self._lines = None
            self._memo = {}

    @property
    def is_there(self) -> bool:
        """Whether there is such a file, and it can be read."""
        try:
            return self.data is not None
        except Unreadable:
            return False

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
            self._lines = [0, *(match.end() for match in LINE_END.finditer(self.text))]
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
        lines = LINE_END.split(data[skip : skip + error.start].decode("utf-8"))
        line, column = len(lines), len(lines[-1]) + 1
        byte = data[skip + error.start]
        raise Unreadable(f"is not UTF-8: byte 0x{byte:02x}", line, column) from None
