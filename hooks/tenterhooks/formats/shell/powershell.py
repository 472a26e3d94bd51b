"""PowerShell."""

from __future__ import annotations

from tenterhooks.core.patterns import lazy
from tenterhooks.formats.shell.reader import IN_SINGLE, SINGLE_PIECES, Reader
from tenterhooks.formats.shell.words import MAX_DEPTH, Command, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar

    from tenterhooks.formats.shell.reader import Pieces


class PowerShell(Reader):
    """PowerShell, its expressions read as if they were commands."""

    blanks = lazy(r"(?:[ \t\r\f\v]|`\r?\n)+")
    operators = lazy(r"\|\|?|&&?|[;(){}\n]")
    redirects = lazy(r"[\d*]?>>?(?:&\d)?")
    plain = lazy(r"[^\s;&|(){}'\"`$@<>]+")

    def aside(self) -> bool:
        if not self.text.startswith("<#", self.at, self.end):
            return super().aside()
        close = self.source.find("#>", self.at, self.end)
        self.at = close + 2 if close >= 0 else self.end
        return True

    def operator(self, mark: str) -> None:
        if (mark == "(" and not self.command.is_empty) or self.placeholder_end(self.at):
            self.add(self.word())
        else:
            super().operator(mark)

    def add(self, word: Word) -> None:
        name = word.text.lower()
        if not self.command.is_empty or name not in _KEYWORDS:
            super().add(word)
        elif name in ("function", "filter") and self.skip():
            self.word()

    def complete(self, command: Command) -> None:
        """Turns ``$NAME = value`` into an assignment; if the value is what a command puts out,
        that is a command of its own."""
        name = _VARIABLE.match(self.text, command.start, command.end)
        if not name:
            return
        start = name.end()
        words = [word for word in command.words if word.end > start]
        command.words = []
        if words and words[0].start < start:
            words[0] = words[0].behind(start - words[0].start)
        command.assignments.append((name[1], self._value(words, start)))
        if words and (self.text[start].isalpha() or self.text[start] in "./\\~"):
            self._runs(words)

    def _value(self, words: list[Word], start: int) -> Word:
        """The words of a value that begins at ``start`` as one."""
        if not words:
            return Word("", start, start)
        end = words[-1].end
        text = words[0].text if len(words) == 1 else self.text[start:end]
        return Word(text, words[0].start, end, any(word.literal for word in words))

    def _runs(self, words: list[Word]) -> None:
        command = Command()
        for word in words:
            command.cover(word.start, word.end)
        command.words = words
        self.source.found.append(command)

    def quoted(self) -> str:
        self.literal = True
        return self.quotation("'", IN_SINGLE, SINGLE_PIECES, is_doubled=True)

    def double(self) -> str:
        return self.quotation('"', _IN_DOUBLE, _DOUBLE_PIECES, is_doubled=True)

    def escape(self) -> str:
        self.at += 1
        char = self.take(self.at + 1)
        self.literal |= char == "$"
        return {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "\n": ""}.get(char, char)

    def dollar(self) -> str:
        if self.text.startswith("(", self.at + 1, self.end):
            return self.substitution(1)
        is_expression = self.text.startswith("${{", self.at, self.end)
        if self.text.startswith("${", self.at, self.end) and not is_expression:
            close = self.source.find("}", self.at, self.end)
            return self.take(close + 1 if close >= 0 else self.at + 1)
        return self.expression()

    def group(self) -> str | None:
        """An expression in parentheses as an argument, a call of a method; the commands in it
        are read along. Behind a keyword (``if(``) it is no part of the word."""
        is_keyword = self.text[self.began : self.at].lower() in _KEYWORDS
        return None if is_keyword else self.substitution(0)

    def at_sign(self) -> str:
        """A here-string, an array, a table."""
        said = self._here_string()
        if said is not None:
            return said
        if self.text.startswith("@(", self.at, self.end):
            return self.substitution(1)
        if self.text.startswith("@{", self.at, self.end) and self.depth < MAX_DEPTH:
            return self._table()
        return self.take(self.at + 1)

    def _here_string(self) -> str | None:
        found = _HERE_STRING.match(self.text, self.at, self.end)
        if not found:
            return None
        close = self.source.find(f"\n{found[1]}@", found.end() - 1, self.end)
        if close < 0:
            return None
        self.literal |= found[1] == "'"
        self.at = close + 3
        return self.text[found.end() : close]

    def _table(self) -> str:
        """A table as it is written; the commands in it are read along."""
        start = self.at
        self.at += 1
        self.depth += 1
        self.quotation("}", _IN_TABLE, _TABLE_PIECES)
        self.depth -= 1
        return self.text[start : self.at]

    pieces: ClassVar[Pieces] = {
        "'": quoted,
        '"': double,
        "`": escape,
        "$": dollar,
        "@": at_sign,
        "(": group,
        "{": Reader.placeholder,
        "<": Reader.brace,
    }


_KEYWORDS = {
    *("if", "elseif", "else", "foreach", "for", "while", "do", "until", "switch", "try", "catch"),
    *("finally", "trap", "begin", "process", "end", "param", "function", "filter"),
}
_DOUBLE_PIECES: Pieces = {
    "`": PowerShell.escape,
    "$": PowerShell.dollar,
}
_TABLE_PIECES: Pieces = {
    "'": PowerShell.quoted,
    '"': PowerShell.double,
    "$": PowerShell.dollar,
    "@": PowerShell.at_sign,
}
_IN_DOUBLE = lazy('[^"$`]+')
_IN_TABLE = lazy("[^}'\"$@]+")
_HERE_STRING = lazy(r"@(['\"])[ \t]*\r?\n")
_VARIABLE = lazy(r"\$\{?(?:[A-Za-z]+:)?(\w+)\}?[ \t]*\+?=[ \t]*")
