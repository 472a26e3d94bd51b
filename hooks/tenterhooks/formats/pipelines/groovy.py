"""The tokens of Groovy text: its strings and comments are told apart, and nothing is parsed.

Source: Groovy documentation, "Syntax".
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

NAME, STRING, MARK = "name", "string", "mark"
_PIECE = re.compile(
    r"(?P<blank>\s+|//[^\n]*)|(?P<open>/\*|\$/|'''|\"\"\"|['\"/])"
    r"|(?P<name>[A-Za-z_$][A-Za-z0-9_$]*)|(?P<mark>.)"
)
_ESCAPE = re.compile(r"\\(\r\n|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "\n": "", "\r\n": "", "$": "$", "'": "'", '"': '"', "\\": "\\"}
# What can stand before a regular expression between slashes, and not before a division.
_BEFORE_SLASHES = "(,=~[:{!&|?+"
_LONGEST_EXPRESSION = 200


class Token:
    """kind: NAME, STRING or MARK. value: as meant. opened: where it begins, at its quote if it
    has one. start, end: what is between the quotes."""

    __slots__ = ("end", "kind", "opened", "start", "value")

    def __init__(self, kind: str, value: str, opened: int, start: int, end: int) -> None:
        self.kind = kind
        self.value = value
        self.opened = opened
        self.start = start
        self.end = end


def tokens(text: str) -> Iterator[Token]:
    """All but blanks and comments; of a regular expression between slashes, the first slash."""
    position = 0
    before = "("
    while position < len(text):
        match = _PIECE.match(text, position)
        opened, position = match.span()  # type: ignore[union-attr]
        kind, value = match.lastgroup, match.group()  # type: ignore[union-attr]
        if kind == "blank":
            continue
        if value == "/*":
            position = _after(text, "*/", position)
            continue
        if value == "/":
            position = _slashes(text, position) if before in _BEFORE_SLASHES else position
            kind = MARK
        if kind == "open":
            start, end = position, _end(text, position, "/$" if value == "$/" else value)
            position = min(end + len(value), len(text)) if text[end : end + 1] != "\n" else end
            value = _meant(text[start:end], value)
            yield Token(STRING, value, opened, start, end)
        else:
            yield Token(kind or MARK, value, opened, opened, position)
        before = value[-1:] if kind == MARK else "a"


def _after(text: str, closer: str, position: int) -> int:
    found = text.find(closer, position)
    return len(text) if found < 0 else found + len(closer)


def _slashes(text: str, position: int) -> int:
    """Past a regular expression between slashes, if it ends on its line; else ``position``."""
    while True:
        end = text.find("/", position, position + _LONGEST_EXPRESSION)
        if end < 0 or "\n" in text[position:end]:
            return position
        if text[end - 1] != "\\":
            return end + 1
        position = end + 1


def _end(text: str, position: int, closer: str) -> int:
    """Where a string ends: at its closer; with its line where it may have but one; or never."""
    while True:
        end = text.find(closer, position)
        line = text.find("\n", position, end if end >= 0 else len(text))
        if len(closer) == 1 and line >= 0:
            return line
        if end < 0:
            return len(text)
        escapes = end
        while escapes > position and text[escapes - 1] == "\\":
            escapes -= 1
        past = _past_expression(text, position, end) if closer[0] == '"' else -1
        if past >= 0:
            position = past
        elif (end - escapes) % 2 and closer != "/$":
            position = end + 1
        else:
            return end


def _past_expression(text: str, position: int, end: int) -> int:
    """Past ``${call("x")}`` where the quote at ``end`` is in the midst of one; else -1."""
    opened = text.rfind("${", position, end)
    if opened < 0 or text.find("}", opened, end) >= 0:
        return -1
    closed = text.find("}", end, end + _LONGEST_EXPRESSION)
    return -1 if closed < 0 or "\n" in text[end:closed] else closed + 1


def _meant(raw: str, opener: str) -> str:
    if opener == "$/":
        return raw.replace("$/", "/").replace("$$", "$")
    if "\\" not in raw:
        return raw
    return _ESCAPE.sub(lambda match: _ESCAPES.get(match.group(1), match.group()), raw)
