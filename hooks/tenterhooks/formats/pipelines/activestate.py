"""ActiveState's build scripts: the calls that publish to the Python Package Index.

Sources: the Index's own documentation of Trusted Publishing from ActiveState, and the grammar
in ActiveState's State Tool: assignments whose values are calls, lists, strings, numbers and
names, with Go's strings and comments. A ``#`` is a comment here too, as such files are taken
for Python by their authors; the State Tool would refuse it.
"""

from __future__ import annotations

import re

from tenterhooks.formats.pipeline import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File

PATHS = r"(^|/)buildscript\.as$"
_PUBLISHER = "pypi_publisher"
# What has no end goes on to the end of its line, or of the file.
_PIECE = (
    r"(?P<comment>(?:#|//)[^\n]*|/\*(?s:.*?)(?:\*/|\Z))"
    r'|(?P<string>"[^"\\\n]*(?:\\.[^"\\\n]*)*"?|`[^`]*`?)'
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<mark>[^\s\w])"
)
_ESCAPE = r"\\(?:([0-7]{3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|(.))"
_PLAIN = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


class Call:
    """One call. where: its name. arguments: those that are strings, by their names."""

    __slots__ = ("arguments", "where")

    def __init__(self, where: Text) -> None:
        self.where = where
        self.arguments: dict[str, Text] = {}


def publishers(file: File) -> Iterator[Call]:
    """The calls of ``pypi_publisher``, wherever they stand. Raises Unreadable."""
    if _PUBLISHER in file.text:
        yield from sorted(_calls(file), key=lambda call: call.where.start)


def _calls(file: File) -> Iterator[Call]:
    """The calls as they end. Follows the brackets, and the last tokens in them."""
    open_calls: list[Call | None] = []  # for each open bracket: the call, or None
    before = _Last()
    for token in re.finditer(_PIECE, file.text):
        kind, text = token.lastgroup, token.group()
        if kind == "comment":
            continue
        if text in ("(", "[", "{"):
            is_call = text == "(" and before.name is not None and before.name.value == _PUBLISHER
            open_calls.append(Call(before.name) if is_call and before.name else None)
        elif text in (")", "]", "}") and open_calls:
            call = open_calls.pop()
            if call is not None:
                yield call
        elif kind == "string" and before.key is not None and open_calls and open_calls[-1]:
            open_calls[-1].arguments[before.key] = _text(file, token, _unquoted(text))
        before.move(kind, text, _text(file, token, text) if kind == "name" else None)
    yield from (call for call in open_calls if call is not None)


class _Last:
    """What stands right before a token. name: a name. key: the name of ``name =``."""

    __slots__ = ("key", "name")

    def __init__(self) -> None:
        self.name: Text | None = None
        self.key: str | None = None

    def move(self, kind: str | None, text: str, name: Text | None) -> None:
        """Go on past a token."""
        self.key = self.name.value if text == "=" and kind == "mark" and self.name else None
        self.name = name


def _text(file: File, token: re.Match[str], value: str) -> Text:
    return Text(value, file, token.start(), token.end())


def _unquoted(text: str) -> str:
    """What Go makes of a string; an escape that it does not know stays as it is."""
    if text.startswith("`"):
        return text.strip("`")
    inner = text[1:].removesuffix('"')
    return re.sub(_ESCAPE, _character, inner) if "\\" in inner else inner


def _character(escape: re.Match[str]) -> str:
    octal, *hexadecimal, plain = escape.groups()
    if plain is not None:
        return _PLAIN.get(plain, plain if plain in "\\\"'" else escape.group())
    code = int(octal, 8) if octal else int(next(filter(None, hexadecimal)), 16)
    is_character = code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
    return chr(code) if is_character else escape.group()
