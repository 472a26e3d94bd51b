"""The variables of Makefiles, as far as they are written out.

Source: GNU make manual, chapter "How to Use Variables". Functions stay unknown, but for
``shell`` and ``wildcard``.
"""

from __future__ import annotations

from tenterhooks.formats.tasks.common import MAX_DEPTH, MAX_WRITTEN, is_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File

_OPENS = {"(": ")", "{": "}"}
_KNOWN = {"MAKE": "make", "CURDIR": ".", "RM": "rm -f", "SHELL": "/bin/sh"}
_UNKNOWN = "{...}"


class Piece:
    """Some text of a Makefile and where it stands."""

    __slots__ = ("end", "file", "start", "text")

    def __init__(self, text: str, file: File, start: int, end: int) -> None:
        self.text = text
        self.file = file
        self.start = start
        self.end = end


class Values:
    """What variables stand for. given: those of the command line, which win."""

    def __init__(self, given: dict[str, str]) -> None:
        self.given = given
        self.own: dict[str, Piece] = {}
        self._left = MAX_WRITTEN

    def assign(self, name: str, operator: str, value: Piece) -> None:
        """Take in ``name operator value``."""
        before = self.own.get(name)
        if operator == "?=" and before:
            return
        if operator == "!=":
            value.text = f"$(shell {value.text})"
        elif operator == "+=" and before:
            self._left -= len(before.text)
            value.text = f"{before.text} {value.text}" if self._left > 0 else before.text
        elif operator in (":=", "::=", ":::="):
            # The same name in its own new value is the old one.
            known = {name: self.expanded(before.text) if before else ""}
            # What is expanded now must not be expanded again.
            value.text = self.expanded(value.text, known).replace("$", "$$")
        self.own[name] = value

    def expanded(self, text: str, automatic: dict[str, str] | None = None) -> str:
        """``text`` with variables in their places; what is not known here is the shell's.

        automatic: what goes before all others, such as ``$@``.
        """
        return self._expanded(text, automatic or {}, MAX_DEPTH)

    def _expanded(self, text: str, automatic: dict[str, str], depth: int) -> str:
        return "".join(self._parts(text, automatic, depth)) if "$" in text else text

    def _parts(self, text: str, automatic: dict[str, str], depth: int) -> Iterator[str]:
        position = 0
        while True:
            found = text.find("$", position)
            if found < 0 or found + 1 >= len(text):
                yield text[position:]
                return
            yield text[position:found]
            mark = text[found + 1]
            position = found + 2
            if mark == "$":
                yield "$"
                continue
            name = mark
            if mark in _OPENS:
                position = closing(text, found + 1)
                name = text[found + 2 : position - 1]
            said = self._value(name, automatic, depth) if self._left > 0 else _shell(name)
            self._left -= len(said)
            yield said

    def _value(self, name: str, automatic: dict[str, str], depth: int) -> str:
        for table in (automatic, self.given):
            if name in table:
                return table[name]
        function, blank, rest = name.partition(" ")
        if blank and function in ("shell", "wildcard"):
            inner = self._expanded(rest.strip(), automatic, depth - 1) if depth else _UNKNOWN
            return f"$({inner})" if function == "shell" else inner
        value = self.own.get(name)
        if value is None:
            return _KNOWN.get(name) or _shell(name)
        return self._expanded(value.text, automatic, depth - 1) if depth else _shell(name)


def closing(text: str, start: int) -> int:
    """The end of the bracket that opens at ``start``; the end of the text where none does."""
    opener, closer = text[start], _OPENS[text[start]]
    depth = 0
    for index in range(start, len(text)):
        depth += (text[index] == opener) - (text[index] == closer)
        if not depth:
            return index + 1
    return len(text) + 1


def _shell(name: str) -> str:
    """A variable that must come from the environment."""
    return f"${{{name}}}" if is_name(name) else _UNKNOWN
