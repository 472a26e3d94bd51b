"""What all shells have in common: words of pieces, quotations, redirections, substitutions."""

from __future__ import annotations

import re

from tenterhooks.core.patterns import lazy
from tenterhooks.formats.shell.words import MAX_DEPTH, PATIENCE, Command, Redirect, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, ClassVar

    Pieces = dict[str, Callable[[Any], str | None]]


_PLACEHOLDERS = {
    "<": lazy(r"<<[ \t]*[#^/]?[ \t]*[\w-]+(?:\.[\w-]+)+[ \t]*>>"),
    "{": lazy(r"\{\{[^\n{}]*\}\}"),
    "$": lazy(r"\$\[\[[^\n\[\]]*\]\]"),
}


class Source:
    """What the readers of one text share. found: the commands. waiting: the here-documents that
    begin behind the next line end. patience: how many quotations may still be read again."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Command] = []
        self.waiting: list[Redirect] = []
        self.patience = PATIENCE
        self.ignores_quotes = False
        self._absent: dict[str, int] = {}
        self._pairs: dict[int, int] | None = None

    def find(self, what: str, start: int, end: int) -> int:
        """``str.find`` that looks in vain only once: readers go forward."""
        if self._absent.get(what, -1) >= end:
            return -1
        found = self.text.find(what, start, end)
        if found < 0:
            self._absent[what] = end
        return found

    def back(self, commands: int, redirects: int) -> None:
        """Forget what was found beyond these counts: it will be read again."""
        del self.found[commands:]
        del self.waiting[redirects:]
        self._absent.clear()
        self.patience -= 1

    def pair(self, opening: int) -> int:
        """Index of the parenthesis that closes the one at ``opening``, quotes or not, or -1."""
        if self._pairs is None:
            self._pairs = {}
            open_ones: list[int] = []
            for found in re.finditer("[()]", self.text):
                if found.group() == "(":
                    open_ones.append(found.start())
                elif open_ones:
                    self._pairs[open_ones.pop()] = found.start()
        return self._pairs.get(opening, -1)


class Reader:
    """Reads one level of commands: a whole text, or the inside of a substitution.

    at, end: what is left to read. closer: what ends the level before its end.
    A piece is a part of a word: its method goes behind it and returns its text, or None, where
    the word ends before it.
    """

    blanks: ClassVar[re.Pattern[str]]
    operators: ClassVar[re.Pattern[str]]
    redirects: ClassVar[re.Pattern[str]]
    plain: re.Pattern[str]
    pieces: ClassVar[Pieces]

    def __init__(self, source: Source, at: int, end: int, closer: str = "", depth: int = 0) -> None:
        self.source = source
        self.text = source.text
        self.at, self.end = at, end
        self.closer = closer
        self.depth = depth
        self.opened: list[str] = []
        self.is_closed = False
        self.began = at
        self.literal = False
        self.last: Command | None = None
        self.command = Command()
        source.found.append(self.command)

    def read(self) -> None:
        while not self.is_closed and self.skip():
            if self.aside() or self.redirect():
                continue
            operator = self.operators.match(self.text, self.at, self.end)
            if operator:
                self.operator(operator.group())
            else:
                self.add(self.word())
        self.finish()

    def aside(self) -> bool:
        """Go behind a comment that begins here, or what else is no part of a command."""
        if self.text[self.at] != "#":
            return False
        self.at = self.line_end(self.at)
        return True

    def operator(self, mark: str) -> None:
        """Go behind an operator and do what it says: end a command, open a group or close one."""
        self.at += len(mark)
        if mark == ")":
            self.close(mark)
            return
        self.finish(mark)
        if mark == "(":
            self.opened.append(")")

    def add(self, word: Word) -> None:
        """Give a word to the command at hand."""
        self.command.cover(word.start, word.end)
        self.command.words.append(word)

    def complete(self, command: Command) -> None:
        """Called when a command has all of its words."""

    def finish(self, joint: str = "") -> None:
        """End the command at hand; ``joint`` is the operator behind it."""
        command = self.command
        if not command.is_empty:
            self.complete(command)
            self.last = command
        # A line end or a bracket may stand between a pipe and what reads from it.
        pipe_from = command.pipe_from if command.is_empty else None
        self.command = Command(self.last if joint in ("|", "|&") else pipe_from)
        self.source.found.append(self.command)

    def close(self, bracket: str) -> None:
        """A closing parenthesis: of a group, or of this level."""
        self.finish()
        while self.opened:
            if self.opened.pop() == bracket:
                return
        self.is_closed = self.closer == ")"

    def word(self) -> Word:
        start, outer = self.at, (self.began, self.literal)
        self.began, self.literal = start, False
        parts: list[str] = []
        while self.at < self.end:
            part = self._part()
            if part is None:
                break
            parts.append(part)
        if self.at == start:  # nothing may stand still
            parts.append(self.take(start + 1))
        word = Word("".join(parts), start, self.at, self.literal)
        self.began, self.literal = outer
        return word

    def _part(self) -> str | None:
        run = self.plain.match(self.text, self.at, self.end)
        if run:
            return self.take(run.end())
        piece = self.pieces.get(self.text[self.at])
        return piece(self) if piece else None

    def redirect(self) -> bool:
        """Read a redirection that begins here."""
        found = self.redirects.match(self.text, self.at, self.end)
        if not found or self.placeholder_end(self.at):
            return False
        start = self.at
        self.at = found.end()
        has_target = self.skip() and not self.operators.match(self.text, self.at, self.end)
        target = self.word() if has_target else Word("", self.at, self.at)
        self.command.cover(start, self.at)
        self.command.redirects.append(Redirect(found.group(), target))
        return True

    def quotation(
        self, closer: str, plain: re.Pattern[str], pieces: Pieces, is_doubled: bool = False
    ) -> str:
        """The inside of what begins here with a bracket or a quote. is_doubled: twice the closer
        is one that does not close. One without an end is taken to end with its line, so that
        what follows is not lost."""
        start = self.at
        counts = len(self.source.found), len(self.source.waiting)
        self.at += 1
        said, is_closed = self._inside(closer, plain, pieces, is_doubled)
        if is_closed or self.source.patience <= 0:
            return said
        self.source.back(*counts)
        self.at = start + 1
        return self.take(self.line_end(start))

    def _inside(
        self, closer: str, plain: re.Pattern[str], pieces: Pieces, is_doubled: bool
    ) -> tuple[str, bool]:
        """What stands before the closer, and whether there is one; goes behind it."""
        parts: list[str] = []
        while self.at < self.end:
            run = plain.match(self.text, self.at, self.end)
            if run:
                parts.append(self.take(run.end()))
            elif self.text[self.at] != closer:
                piece = pieces.get(self.text[self.at])
                parts.append((piece(self) if piece else self.take(self.at + 1)) or "")
            elif is_doubled and self.text.startswith(closer, self.at + 1, self.end):
                self.at += 1
                parts.append(self.take(self.at + 1))
            else:
                self.at += 1
                return "".join(parts), True
        return "".join(parts), False

    def placeholder(self) -> str | None:
        """What CircleCI, GitLab or a template puts in here, as it is written."""
        end = self.placeholder_end(self.at)
        return self.take(end) if end else None

    def brace(self) -> str:
        return self.placeholder() or self.take(self.at + 1)

    def expression(self) -> str:
        """A dollar sign, and GitHub's or GitLab's expression if it begins one."""
        if not self.text.startswith("${{", self.at, self.end):
            return self.brace()
        close = self._expression_close()
        return self.take(close + 2 if close >= 0 else self.at + 1)

    def _expression_close(self) -> int:
        """Where the braces are that end the expression, or -1; those in its quotations do not."""
        begin = self.at
        close = first = self.source.find("}}", begin, self.end)
        is_quoted = False
        while close >= 0 and not self.source.ignores_quotes:
            is_quoted ^= self.text.count("'", begin, close) % 2 == 1
            if not is_quoted:
                break
            begin, close = close, self.text.find("}}", close + 1, self.end)
        if close < 0 <= first:
            # A quote has no end. To count again from every expression would be quadratic.
            self.source.ignores_quotes = True
            return first
        return close

    def substitution(self, opening: int) -> str:
        """A command substitution as it is written; its bracket is ``opening`` characters behind
        what begins it. The commands in it are read along."""
        start = self.at
        if self.depth >= MAX_DEPTH:
            close = self.source.pair(start + opening)
            return self.take(close + 1 if 0 <= close < self.end else self.end)
        begin = start + opening + 1
        inner = type(self)(self.source, begin, self.end, ")", self.depth + 1)
        inner.read()
        self.at = inner.at
        return self.text[start : self.at]

    def take(self, end: int) -> str:
        """Go to ``end``, and return what was passed."""
        start = self.at
        self.at = min(end, self.end)
        return self.text[start : self.at]

    def skip(self) -> bool:
        """Go behind blanks and joined line ends; whether anything is left."""
        found = self.blanks.match(self.text, self.at, self.end)
        if found:
            self.at = found.end()
        return self.at < self.end

    def line_end(self, start: int) -> int:
        found = self.text.find("\n", start, self.end)
        return found if found >= 0 else self.end

    def placeholder_end(self, at: int) -> int:
        """The end of a placeholder at ``at``, or 0."""
        pattern = _PLACEHOLDERS.get(self.text[at])
        found = pattern.match(self.text, at, self.end) if pattern else None
        return found.end() if found else 0


IN_SINGLE = lazy("[^'$]+")
SINGLE_PIECES: Pieces = {"$": Reader.expression}
