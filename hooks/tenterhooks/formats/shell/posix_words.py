"""Words of sh and bash: quotes, expansions, arrays, and the commands that stand within words."""

from __future__ import annotations

import re

from tenterhooks.core.patterns import lazy
from tenterhooks.formats.shell.reader import IN_SINGLE, SINGLE_PIECES, Reader
from tenterhooks.formats.shell.words import MAX_DEPTH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar

    from tenterhooks.formats.shell.reader import Pieces

ASSIGNMENT = lazy(r"([A-Za-z_]\w*)(?:\[[^\s=\"'\\]*\])?\+?=")


class PosixWords(Reader):
    """Reads words as sh and bash do."""

    def space(self) -> bool:
        """Go behind blanks, line ends and comments; whether anything is left."""
        found = _SPACE.match(self.text, self.at, self.end)
        if found:
            self.at = found.end()
        return self.at < self.end

    def single(self) -> str:
        self.literal = True
        return self.quotation("'", IN_SINGLE, SINGLE_PIECES)

    def double(self) -> str:
        return self.quotation('"', _IN_DOUBLE, _DOUBLE_PIECES)

    def escape(self) -> str:
        if self.closer == "`" and _TICKED_TWICE.match(self.text, self.at, self.end):
            return self._ticked(2, _TICKED_TWICE)
        char = self._escaped()
        return "" if char == "\n" else char

    def escape_in_double(self) -> str:
        if self.text[self.at + 1 : self.at + 2] in ("$", "`", '"', "\\", "\n"):
            return self.escape()
        return self.take(self.at + 1)

    def ticks(self) -> str:
        return self._ticked(1, _TICKED)

    def dollar(self) -> str:
        """What begins with a dollar sign outside of quotes."""
        following = self.text[self.at + 1 : min(self.at + 2, self.end)]
        if following == '"':
            self.at += 1
            return self.double()
        said = self._ansi() if following == "'" else None
        return self.expansion() if said is None else said

    def _ansi(self) -> str | None:
        """``$'...'``, in which a backslash means what it means in C."""
        found = _ANSI.match(self.text, self.at, self.end)
        if not found:
            return None
        self.at = found.end()
        self.literal = True
        return re.sub(r"\\(.)", lambda it: _ESCAPED.get(it[1], it[0]), found[1], flags=re.DOTALL)

    def expansion(self) -> str:
        """What begins with a dollar sign wherever it is expanded."""
        start = self.at
        following = self.text[start + 1 : min(start + 3, self.end)]
        if following == "((" and self.arithmetic(start + 1):
            return self.text[start : self.at]
        if following[:1] == "(":
            return self.substitution(1)
        if following[:1] == "{" and following != "{{":
            return self._parameter()
        return self.expression()

    def angle(self) -> str | None:
        """A process substitution, or a placeholder."""
        if self.text.startswith("(", self.at + 1, self.end):
            return self.substitution(1)
        return self.placeholder()

    def array(self) -> str | None:
        """The list behind ``NAME=``."""
        start = self.at
        name = ASSIGNMENT.match(self.text, self.began, start)
        is_array = name and name.end() == start
        if not is_array or self.depth >= MAX_DEPTH or self.source.pair(start) < 0:
            return None
        self.at += 1
        self._elements()
        return self.text[start : self.at]

    def _elements(self) -> None:
        self.depth += 1
        while self.space() and self.text[self.at] != ")":
            if self.text[self.at] in ";&|<>(":
                self.at += 1
            else:
                self.word()
        self.depth -= 1
        self.take(self.at + 1)

    def _parameter(self) -> str:
        """``${...}`` as it is written; the commands in it are read along."""
        start = self.at
        if self.depth >= MAX_DEPTH or self.source.find("}", start, self.end) < 0:
            return self.take(start + 1)
        self.at += 1
        self.depth += 1
        literal = self.literal
        self.quotation("}", _IN_BRACES, _DOUBLE_PIECES | {'"': PosixWords.double})
        self.literal = literal
        self.depth -= 1
        return self.text[start : self.at]

    def arithmetic(self, start: int) -> bool:
        """Go behind ``((...))``, if that begins at ``start``."""
        close = self.source.pair(start + 1)
        is_two = self.text.startswith("((", start, self.end)
        if not is_two or close < 0 or not self.text.startswith(")", close + 1, self.end):
            return False
        self.at = close + 2
        if self.depth < MAX_DEPTH:
            type(self)(self.source, start + 2, close, depth=self.depth + 1).expansions()
        return True

    def expansions(self) -> None:
        """Read the commands in a text that is none itself."""
        while self.at < self.end:
            char = self.text[self.at]
            if char == "$":
                self.expansion()
            elif char == "`":
                self.ticks()
            else:
                self.at += 1

    def _ticked(self, length: int, pattern: re.Pattern[str]) -> str:
        """A command between backticks (of that length) as it is written."""
        start = self.at
        found = pattern.match(self.text, start, self.end)
        if not found:
            return self.take(start + 1)
        if self.depth < MAX_DEPTH:
            begin, close = start + length, found.end() - length
            type(self)(self.source, begin, close, "`", self.depth + 1).read()
        return self.take(found.end())

    def _escaped(self) -> str:
        """The character behind a backslash; a joined line end is one line feed."""
        self.at += 1
        if self.at >= self.end:
            return "\\"
        if self.text.startswith("\r\n", self.at, self.end):
            self.at += 1
        char = self.take(self.at + 1)
        self.literal |= char == "$"
        return char

    pieces: ClassVar[Pieces] = {
        "'": single,
        '"': double,
        "\\": escape,
        "$": dollar,
        "`": ticks,
        "{": Reader.brace,
        "<": angle,
        ">": angle,
        "(": array,
    }


_IN_DOUBLE = lazy(r'[^"\\$`]+')
_DOUBLE_PIECES: Pieces = {
    "\\": PosixWords.escape_in_double,
    "$": PosixWords.expansion,
    "`": PosixWords.ticks,
}
# A single quote is none within double quotes, so it counts as none; that hurts around a double one.
_IN_BRACES = lazy(r"""(?:[^}"\\$`']|'"'|')+""")
_SPACE = lazy(r"(?:\s|\\\r?\n|#[^\n]*)+")
_TICKED = lazy(r"`[^`\\]*(?:\\.[^`\\]*)*`", re.DOTALL)
_TICKED_TWICE = lazy(r"\\`(?:[^`\\]|\\[^`])*\\`")
_ANSI = lazy(r"\$'([^'\\]*(?:\\.[^'\\]*)*)'", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "'": "'", '"': '"', "\\": "\\"}
