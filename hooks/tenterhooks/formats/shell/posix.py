"""sh, and what bash has beyond it."""

from __future__ import annotations

import re

from tenterhooks.formats.shell import MAX_DEPTH, Command, Word
from tenterhooks.formats.shell.reader import IN_SINGLE, SINGLE_PIECES, Pattern, Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar

    from tenterhooks.formats.shell.reader import Pieces

_DECLARERS = {"export", "declare", "typeset", "local", "readonly"}
_ASSIGNMENT = Pattern(r"([A-Za-z_]\w*)(?:\[[^\s=\"'\\]*\])?\+?=")


class Posix(Reader):
    """sh, and what bash has beyond it."""

    blanks = Pattern(r"(?:[ \t\r\f\v]|\\\r?\n)+")
    operators = Pattern(r"\|[|&]?|&&?|;(?:;&?|&)?|[()\n]")
    redirects = Pattern(r"(?:\d+|\{\w+\})?(?:<<<|<<-?|<>|<&|<(?!\()|>>|>&|>\||>(?!\())|&>>?")
    plain = Pattern(r"[^\s;&|()<>'\"`\\${]+")

    def operator(self, mark: str) -> None:
        start = self.at
        self.at += len(mark)
        if mark == "(":
            self._open(start)
        elif mark == ")":
            self.close("(")
        else:
            self.finish(mark)
            if mark == "\n" and self.source.waiting:
                from tenterhooks.formats.shell import here_documents

                here_documents.read(self)
            elif mark in (";;", ";&", ";;&") and self.opened[-1:] == ["case"]:
                from tenterhooks.formats.shell import heads

                heads.pattern(self)

    def redirect(self) -> bool:
        if not super().redirect():
            return False
        redirect = self.command.redirects[-1]
        if redirect.operator.lstrip("0123456789") in ("<<", "<<-"):
            from tenterhooks.formats.shell import here_documents

            here_documents.announce(self, redirect)
        return True

    def add(self, word: Word) -> None:
        command = self.command
        raw = self.text[word.start : word.end]
        if command.is_empty and self._is_reserved(raw):
            return
        name = _ASSIGNMENT.match(raw) if "=" in raw and not command.words else None
        if not name:
            super().add(word)
            return
        command.cover(word.start, word.end)
        command.assignments.append((name[1], word.behind(name.end())))

    def complete(self, command: Command) -> None:
        if not command.words or command.words[0].text not in _DECLARERS:
            return
        for word in command.words[1:]:
            name = _ASSIGNMENT.match(word.text)
            if name:
                quote = int(self.text[word.start] in "\"'")
                command.declared.append((name[1], word.behind(name.end(), quote)))

    def _is_reserved(self, raw: str) -> bool:
        """Whether ``raw``, which was just passed, is a reserved word; what belongs to it alone is
        passed as well."""
        if raw in _HEADED:
            from tenterhooks.formats.shell import heads

            heads.read(self, raw)
            return True
        return raw in _RESERVED

    def _open(self, start: int) -> None:
        """Behind a parenthesis: arithmetic, the mark of a function, or a group."""
        if self.command.is_empty and self.arithmetic(start):
            return
        if self.text.startswith(")", self.at, self.end) and len(self.command.words) == 1:
            self.at += 1
            self.command.clear()
            return
        self.finish()
        self.opened.append("(")

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
        name = _ASSIGNMENT.match(self.text, self.began, start)
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
        self.quotation("}", _IN_BRACES, _DOUBLE_PIECES | {'"': Posix.double})
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

    def _ticked(self, length: int, pattern: Pattern) -> str:
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


_IN_DOUBLE = Pattern(r'[^"\\$`]+')
_DOUBLE_PIECES: Pieces = {
    "\\": Posix.escape_in_double,
    "$": Posix.expansion,
    "`": Posix.ticks,
}
# A single quote is none within double quotes, so it counts as none; that hurts around a double one.
_IN_BRACES = Pattern(r"""(?:[^}"\\$`']|'"'|')+""")
_SPACE = Pattern(r"(?:\s|\\\r?\n|#[^\n]*)+")
_TICKED = Pattern(r"`[^`\\]*(?:\\.[^`\\]*)*`", re.DOTALL)
_TICKED_TWICE = Pattern(r"\\`(?:[^`\\]|\\[^`])*\\`")
_ANSI = Pattern(r"\$'([^'\\]*(?:\\.[^'\\]*)*)'", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "'": "'", '"': '"', "\\": "\\"}
_RESERVED = {
    *("!", "{", "}", "if", "then", "elif", "else", "fi", "while", "until", "do", "done"),
    *("coproc",),
}
_HEADED = {"for", "select", "case", "esac", "function", "[[", "time"}
