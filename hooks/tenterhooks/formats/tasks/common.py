"""What all task runners share: files of a folder, command lines, quoting, places."""

from __future__ import annotations

import posixpath
import re

from tenterhooks.core import parsed, toml
from tenterhooks.core.file import LINE_END
from tenterhooks.core.files import Unreadable
from tenterhooks.formats.pipeline import Text, Variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from tenterhooks.core.files import File, Repository

MAX_DEPTH = 10
MAX_TASKS = 50
MAX_CHARACTERS = 1024 * 1024
# What all substitutions in one run may write together.
MAX_WRITTEN = 200_000

_SAFE = re.compile(r"[A-Za-z0-9_@%+=:,./-]+")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPTIONAL_VALUE = re.compile(r"\d+|auto|all")


class Where:
    """A working folder in a repository, and the tracked files to be had from there.

    Raises GitError where git does not tell what is tracked.
    """

    __slots__ = ("folder", "repository", "tracked")

    def __init__(self, repository: Repository, folder: str) -> None:
        self.repository = repository
        self.folder = folder
        self.tracked = repository.tracked()

    def inner(self, folder: str) -> Where | None:
        """The same from another folder; None for one outside the repository."""
        path = joined(self.folder, folder)
        return None if path is None else Where(self.repository, path)

    def file(self, path: str) -> File | None:
        """The tracked, readable file that ``path`` names from here, or None."""
        inside = joined(self.folder, path)
        if inside is None or inside not in self.tracked:
            return None
        file = self.repository.file(inside)
        if self.repository.excludes(file) or self.repository.leads_out(file):
            return None
        try:
            return file if len(file.text) <= MAX_CHARACTERS else None
        except Unreadable:
            return None

    def first(self, names: tuple[str, ...]) -> File | None:
        """The first of these files that there is."""
        return next((file for file in map(self.file, names) if file), None)

    def upward(self) -> Iterator[Where]:
        """This folder and those above it, to the top of the repository."""
        folder = self.folder
        while folder:
            yield Where(self.repository, folder)
            folder = posixpath.dirname(folder)
        yield Where(self.repository, "")

    def beside(self, file: File) -> Where:
        """The folder that a file is in."""
        return Where(self.repository, posixpath.dirname(file.path))


def joined(folder: str, path: str) -> str | None:
    """``path`` from ``folder``, relative to the top; None where it leads out, or cannot be
    known before it is run."""
    if path.startswith("/") or any(mark in path for mark in "$\0{"):
        return None
    inside = posixpath.normpath(posixpath.join(folder or ".", path or "."))
    if inside == ".." or inside.startswith("../"):
        return None
    return "" if inside == "." else inside


class Arguments:
    """A command line. options: name -> values; words: what is no option; rest: behind ``--``."""

    __slots__ = ("options", "rest", "words")

    def __init__(self) -> None:
        self.options: dict[str, list[str]] = {}
        self.words: list[str] = []
        self.rest: list[str] = []

    def last(self, name: str) -> str | None:
        """The value of an option, the last where it was given twice."""
        values = self.options.get(name)
        return values[-1] if values else None

    def all(self, name: str) -> list[str]:
        return self.options.get(name, [])


def arguments(words: list[str], valued: dict[str, str], ends: bool = False) -> Arguments:
    """Read a command line without its first word.

    valued: the options that take a value -> the name to keep them under. A name that ends in
    ``*`` takes all words up to the next option, one that ends in ``?`` a number or nothing.
    ends: whether options end at the first word, as what follows is another command's.
    """
    found = Arguments()
    queue = list(reversed(words[1:]))
    while queue:
        word = queue.pop()
        if word == "--":
            found.rest = queue[::-1]
            break
        if not word.startswith("-") or word == "-":
            found.words.append(word)
            if ends:
                found.words += reversed(queue)
                break
        elif word.startswith("--") or word in valued:
            name, equals, value = word.partition("=")
            if name in valued:
                _take(found, valued[name], value if equals else None, queue)
        else:
            _take_letters(found, word, valued, queue)
    return found


def _take(found: Arguments, name: str, value: str | None, queue: list[str]) -> None:
    values = found.options.setdefault(name.rstrip("*?"), [])
    if value is not None:
        values.append(value)
    elif name.endswith("*"):
        while queue and not queue[-1].startswith("-"):
            values.append(queue.pop())
    elif name.endswith("?"):
        if queue and _OPTIONAL_VALUE.fullmatch(queue[-1]):
            values.append(queue.pop())
    elif queue:
        values.append(queue.pop())


def _take_letters(found: Arguments, word: str, valued: dict[str, str], queue: list[str]) -> None:
    """Short options in one word, ``-vefoo``; the first that takes a value ends them."""
    for index, letter in enumerate(word[1:], 2):
        if "-" + letter in valued:
            value = word[index:].removeprefix("=")
            _take(found, valued["-" + letter], value or None, queue)
            return


def quoted(word: str) -> str:
    """A word as a POSIX shell has to be given it."""
    return word if _SAFE.fullmatch(word) else "'" + word.replace("'", "'\"'\"'") + "'"


def is_name(text: str) -> bool:
    """Whether an environment variable can be called so."""
    return _NAME.fullmatch(text) is not None


def reference(name: str, default: str = "") -> str:
    """How a shell reads an environment variable."""
    return f"${{{name}:-{default}}}" if default else f"${name}"


def lines(text: str, begin: int = 0) -> Iterator[tuple[int, str]]:
    """The place and the text of each line, without its end."""
    start = 0
    for end in LINE_END.finditer(text):
        yield begin + start, text[start : end.start()]
        start = end.end()
    if start < len(text):
        yield begin + start, text[start:]


def logical(numbered: Iterable[tuple[int, str]]) -> Iterator[tuple[int, int, str]]:
    """Start, end and text of each line; a backslash at the end joins the next."""
    parts: list[str] = []
    begin = end = 0
    for start, line in numbered:
        begin = begin if parts else start
        end = start + len(line)
        parts.append(line)
        if not line.endswith("\\"):
            yield begin, end, "\n".join(parts)
            parts = []
    if parts:
        yield begin, end, "\n".join(parts)


def toml_offset(file: File, path: tuple[str | int, ...]) -> int:
    """Where the key or item at ``path`` is written."""
    line, column = toml.locate(file, path)
    return file.starts()[line - 1] + column - 1


def toml_text(file: File, path: tuple[str | int, ...], value: str) -> Text:
    """What a TOML file says at ``path``, read as ``value``: it is written from that key to the
    next one beside it, or to the next table."""
    start = toml_offset(file, path)
    table = file.text.find("\n[", start)
    end = table if table >= 0 else len(file.text)
    for key in _keys(table_at(file, path[:-1])):
        other = toml_offset(file, (*path[:-1], key))
        if start < other < end:
            end = other
    return Text(value, file, start, end)


def table_at(file: File, path: tuple[str | int, ...]) -> Any:
    """What a TOML file holds at ``path``; an empty table where there is nothing, or no TOML."""
    value: Any = toml.or_empty(file)
    for part in path:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return {}
    return value


def dict_at(file: File, path: tuple[str | int, ...]) -> dict[str, Any]:
    """The table at ``path``; empty where something else is there."""
    return parsed.table(table_at(file, path))


def toml_variables(file: File, path: tuple[str | int, ...]) -> list[Variable]:
    """A table of environment variables; numbers and the like count as what they read."""
    return [
        Variable(name, toml_text(file, (*path, name), str(value)))
        for name, value in list(dict_at(file, path).items())[:MAX_TASKS]
        if isinstance(value, (str, int, float))
    ]


def _keys(value: Any) -> list[str | int]:
    found = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    return list(found)[:MAX_TASKS]
