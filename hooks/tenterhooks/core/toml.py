"""TOML with the place of every key. tomli reads the values; the places come from a scan that
runs only when one is asked for.

On the ground floor because the configuration of the hooks themselves is TOML.
"""

from __future__ import annotations

import re

from tenterhooks.core.files import Unreadable
from tenterhooks.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tenterhooks.core.files import File

    Path = tuple[str | int, ...]

# tomli goes one Python frame deeper per bracket, and takes memory in the square of the parts of a
# dotted key; no real file comes near.
MAX_DEPTH = 100
_ERROR_PLACE = lazy(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")

_BLANK = lazy(r"[ \t\r\n]*(?:#[^\n]*[ \t\r\n]*)*")
_SPACE = lazy(r"[ \t]*")
_BARE = lazy(r"[A-Za-z0-9_-]+")
# A string that is not closed goes on to its end all the same: to look again from the next quote
# would be quadratic.
_STRING = lazy(
    r'"""[^"\\]*(?:(?:\\[\s\S]|"(?!""))[^"\\]*)*(?:"{3,5})?'
    r"|'''[^']*(?:'(?!'')[^']*)*(?:'{3,5})?"
    r'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"?'
    r"|'[^'\n]*'?"
)
_PART = r"""(?:[\w-]+|"[^"\\\n]*(?:\\.[^"\\\n]*)*"|'[^'\n]*')"""
_LONG_KEY = lazy(rf"(?:^|[{{,\[])[ \t]*((?:{_PART}[ \t]*\.[ \t]*){{{MAX_DEPTH}}})", re.MULTILINE)
_SCALAR = lazy(r"[^,\]\}\s#]+(?: [^,\]\}\s#]+)?")


def load(file: File) -> dict[str, Any]:
    """The document as plain values. Raises Unreadable."""
    return file.once(_load)


def or_empty(file: File) -> dict[str, Any]:
    """The same of a file that is asked beside another, and not checked: nothing where it is not
    there, or no TOML."""
    try:
        return load(file)
    except Unreadable:
        return {}


def _load(file: File) -> dict[str, Any]:
    import tomli

    text = file.text
    if text.count("[") + text.count("{") > MAX_DEPTH:
        _check_depth(file, text)
    if any(line.count(".") >= MAX_DEPTH for line in text.split("\n")):
        _check_keys(file, text)
    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        message = str(error)
        place = _ERROR_PLACE.search(message)
        line, column = _end(file)
        if place and place.group(1):
            line, column = int(place.group(1)), int(place.group(2))
        if place:
            message = message[: place.start()]
        raise Unreadable(
            f"is not valid TOML: {message[:200].lower()}", line, column, "invalid-file"
        ) from None
    except (RecursionError, ValueError) as error:
        raise Unreadable(f"is not valid TOML: {str(error)[:200]}", rule="invalid-file") from None


def _check_depth(file: File, text: str) -> None:
    """Brackets outside strings and comments must not nest deeper than MAX_DEPTH."""
    depth = 0
    for match in re.finditer(_STRING.pattern + r"|#[^\n]*|[\[\]{}]", text):
        bracket = match.group()
        if bracket in ("[", "{"):
            depth += 1
            if depth > MAX_DEPTH:
                line, column = file.position(match.start())
                raise Unreadable(
                    f"nests deeper than {MAX_DEPTH} levels", line, column, "invalid-file"
                )
        elif bracket in ("]", "}"):
            depth = max(0, depth - 1)


def _check_keys(file: File, text: str) -> None:
    """A dotted key must not have more than MAX_DEPTH parts."""
    match = _LONG_KEY.search(text)
    if match:
        line, column = file.position(match.start(1))
        raise Unreadable(f"has a key of more than {MAX_DEPTH} parts", line, column, "invalid-file")


def _end(file: File) -> tuple[int, int]:
    return file.position(len(file.text))


def locate(file: File, path: Path) -> tuple[int, int]:
    """1-based line and column of the key or array item at ``path``, such as
    ``("project", "dependencies", 2)``; of its nearest ancestor where it has no place of its
    own; (1, 1) where nothing of it is there.

    Raises Unreadable where the file is not valid TOML.
    """
    load(file)
    return file.nearest(file.once(_places), path)


def _places(file: File) -> dict[Path, int]:
    return _Scan(file.text).places


class _Scan:
    """Offsets of all keys and array items of a text that tomli has accepted."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.places: dict[Path, int] = {}
        self.counts: dict[Path, int] = {}
        self._document()

    def _document(self) -> None:
        table: Path = ()
        while self._skip(_BLANK) < len(self.text):
            if self.text.startswith("[", self.position):
                table = self._header()
            else:
                self._pair(table)

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self.text, self.position)
        if match:
            self.position = match.end()
        return self.position

    def _header(self) -> Path:
        width = 2 if self.text.startswith("[[", self.position) else 1
        start = self.position
        self.position += width
        keys = self._keys()
        self._skip(_SPACE)
        self.position += width
        for end in range(1, len(keys)):
            self.places.setdefault((*self._resolve(keys[: end - 1]), keys[end - 1]), start)
        path = (*self._resolve(keys[:-1]), keys[-1])
        if width == 1:
            self.places[path] = start
        else:
            self.places.setdefault(path, start)
            path += (self.counts.get(path, 0),)
            self.counts[path[:-1]] = int(path[-1]) + 1
            self.places[path] = start
        return path

    def _resolve(self, keys: list[str]) -> Path:
        """A header goes through the latest element of each array of tables that it names."""
        path: Path = ()
        for key in keys:
            path += (key,)
            if path in self.counts:
                path += (self.counts[path] - 1,)
        return path

    def _keys(self) -> list[str]:
        keys = []
        while True:
            self._skip(_SPACE)
            start = self.position
            if self.text[start : start + 1] in ('"', "'"):
                self._skip(_STRING)
                keys.append(_unquote(self.text[start : self.position]))
            else:
                self._skip(_BARE)
                keys.append(self.text[start : self.position])
            self._skip(_SPACE)
            if not self.text.startswith(".", self.position):
                return keys
            self.position += 1

    def _pair(self, table: Path) -> None:
        start = self.position
        keys = self._keys()
        self.position += 1  # the equals sign
        for end in range(1, len(keys) + 1):
            self.places.setdefault((*table, *keys[:end]), start)
        self._skip(_BLANK)
        self._value((*table, *keys))

    def _value(self, path: Path) -> None:
        opener = self.text[self.position : self.position + 1]
        if opener == "[":
            self._items(path, "]")
        elif opener == "{":
            self._items(path, "}")
        elif opener in ('"', "'"):
            self._skip(_STRING)
        else:
            self._skip(_SCALAR)

    def _items(self, path: Path, closer: str) -> None:
        self.position += 1
        number = 0
        while True:
            self._skip(_BLANK)
            if self.text.startswith(closer, self.position):
                self.position += 1
                return
            if closer == "}":
                self._pair(path)
            else:
                inner = (*path, number)
                self.places[inner] = self.position
                self._value(inner)
                number += 1
            self._skip(_BLANK)
            if self.text.startswith(",", self.position):
                self.position += 1


def _unquote(quoted: str) -> str:
    if quoted.startswith("'"):
        return quoted[1:-1]
    import tomli

    key: str = tomli.loads("key = " + quoted)["key"]
    return key
