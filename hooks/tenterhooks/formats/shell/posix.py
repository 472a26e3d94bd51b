"""sh, and what bash has beyond it."""

from __future__ import annotations

from tenterhooks.core.patterns import lazy
from tenterhooks.formats.shell.posix_words import ASSIGNMENT, PosixWords

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.formats.shell.words import Command, Word

_DECLARERS = {"export", "declare", "typeset", "local", "readonly"}


class Posix(PosixWords):
    """sh, and what bash has beyond it."""

    blanks = lazy(r"(?:[ \t\r\f\v]|\\\r?\n)+")
    operators = lazy(r"\|[|&]?|&&?|;(?:;&?|&)?|[()\n]")
    redirects = lazy(r"(?:\d+|\{\w+\})?(?:<<<|<<-?|<>|<&|<(?!\()|>>|>&|>\||>(?!\())|&>>?")
    plain = lazy(r"[^\s;&|()<>'\"`\\${]+")

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
        name = ASSIGNMENT.match(raw) if "=" in raw and not command.words else None
        if not name:
            super().add(word)
            return
        command.cover(word.start, word.end)
        command.assignments.append((name[1], word.behind(name.end())))

    def complete(self, command: Command) -> None:
        if not command.words or command.words[0].text not in _DECLARERS:
            return
        for word in command.words[1:]:
            name = ASSIGNMENT.match(word.text)
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


_RESERVED = {
    *("!", "{", "}", "if", "then", "elif", "else", "fi", "while", "until", "do", "done"),
    *("coproc",),
}
_HEADED = {"for", "select", "case", "esac", "function", "[[", "time"}
