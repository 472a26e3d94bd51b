"""cmd.exe, and batch files."""

from __future__ import annotations

import re

from tenterhooks.core.patterns import lazy
from tenterhooks.formats.shell.reader import SINGLE_PIECES, Reader
from tenterhooks.formats.shell.words import Command, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar

    from tenterhooks.formats.shell.reader import Pieces


class Batch(Reader):
    """cmd.exe, and batch files."""

    blanks = lazy(r"(?:[ \t\r\f\v]|\^\r?\n)+")
    operators = lazy(r"\|\|?|&&?|[()\n]")
    redirects = lazy(r"\d?(?:>>|[<>])(?:&\d)?")
    plain = lazy(r"[^\s&|()\"^$<>]+")

    def aside(self) -> bool:
        """A remark, a label, or the head of ``if`` and ``for``."""
        if not self.command.is_empty:
            return False
        if _REMARK.match(self.text, self.at, self.end):
            self.at = self.line_end(self.at)
            return True
        found = _CONDITION.match(self.text, self.at, self.end)
        self.at = found.end() if found else self.at
        return found is not None

    def operator(self, mark: str) -> None:
        is_group = self.command.is_empty if mark == "(" else mark != ")" or bool(self.opened)
        if is_group:
            super().operator(mark)
        else:
            self.add(self.word())

    def add(self, word: Word) -> None:
        if self.command.is_empty:
            if word.text.startswith("@"):
                word = word.behind(1)
            if word.text.lower() in ("", "call", "else"):
                return
        super().add(word)

    def complete(self, command: Command) -> None:
        """Turns ``set NAME=value`` and ``set "NAME=value"`` into an assignment."""
        found = _SET.match(self.text, command.start, command.end)
        if not found:
            return
        start, end = found.end(), command.end
        if found[1]:
            quote = self.text.rfind('"', start, end)
            end = quote if quote >= 0 else end
        command.words = []
        command.assignments.append((found[2], Word(self.text[start:end], start, end)))

    def double(self) -> str:
        return self.quotation('"', _IN_BATCH_DOUBLE, SINGLE_PIECES)

    def escape(self) -> str:
        self.at += 1
        return self.take(self.at + 1)

    def parenthesis(self) -> str | None:
        """A parenthesis is a character like others behind the first word."""
        is_text = self.text[self.at] == "(" or not self.opened
        return self.take(self.at + 1) if is_text else None

    pieces: ClassVar[Pieces] = {
        '"': double,
        "^": escape,
        "$": Reader.expression,
        "(": parenthesis,
        ")": parenthesis,
        "<": Reader.placeholder,
    }


_IN_BATCH_DOUBLE = lazy(r'[^"$\n]+')
_REMARK = lazy(r"@?[ \t]*rem(?![^\s])|:", re.IGNORECASE)
_OPERAND = r"""(?:"[^"\n]*"|[^\s"=&|()])+"""
_CONDITION = lazy(
    rf"@?if[ \t]+(?:/i[ \t]+)?(?:not[ \t]+)?(?:(?:exist|defined|errorlevel)[ \t]+{_OPERAND}"
    rf"|{_OPERAND}[ \t]*(?:==|[ \t](?:equ|neq|lss|leq|gtr|geq)[ \t])[ \t]*{_OPERAND})"
    r"|@?for[ \t][^\n()&|]*\([^\n()]*\)[ \t]*do(?=[\s(])",
    re.IGNORECASE,
)
_SET = lazy(r'set[ \t]+("?)([^="/\s][^="\n]*)=', re.IGNORECASE)
