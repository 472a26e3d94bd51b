"""What commands are made of, whichever shell they are for, each with its place."""

from __future__ import annotations

# Substitutions in substitutions; what is deeper is text.
MAX_DEPTH = 20
# Quotations without an end: each is read again as one that ends with its line.
PATIENCE = 20


class Word:
    """One word. text: without quotes and escapes, expansions as they are written.
    start, end: where it stands, quotes included. literal: whether a part of it was quoted such
    that a dollar sign in it stands for itself."""

    __slots__ = ("end", "literal", "start", "text")

    def __init__(self, text: str, start: int, end: int, literal: bool = False) -> None:
        self.text = text
        self.start = start
        self.end = end
        self.literal = literal

    def behind(self, length: int, quote: int = 0) -> Word:
        """What stands behind the first ``length`` characters. quote: how long the quote is that
        is around all of it."""
        start = self.start + quote + length
        return Word(self.text[length:], start, self.end - quote, self.literal)


class Redirect:
    """operator: with the descriptor before it, ``2>``. target: a file, a descriptor, or what ends
    a here-document; there, ``literal`` says that nothing in the body is expanded.
    body, body_start: the text of a here-document, and where it begins."""

    __slots__ = ("body", "body_start", "operator", "target")

    def __init__(self, operator: str, target: Word) -> None:
        self.operator = operator
        self.target = target
        self.body: str | None = None
        self.body_start = target.end


class Command:
    """One simple command. assignments: those before the first word, their values alone.
    words: what is run, and its arguments. pipe_from: the command whose output it reads (the last
    one of a group). start, end: where it stands, here-documents left out.

    A redirection of a group (``done < file``) is a command that has nothing else.
    """

    __slots__ = (
        "assignments",
        "declared",
        "end",
        "pipe_from",
        "redirects",
        "start",
        "words",
    )

    def __init__(self, pipe_from: Command | None = None) -> None:
        self.assignments: list[tuple[str, Word]] = []
        self.words: list[Word] = []
        self.redirects: list[Redirect] = []
        self.declared: list[tuple[str, Word]] = []
        self.pipe_from = pipe_from
        self.start = self.end = -1

    @property
    def is_empty(self) -> bool:
        return self.start < 0

    def clear(self) -> None:
        """Make it empty again, when its words turn out to be none of a command."""
        self.words.clear()
        self.start = -1

    def cover(self, start: int, end: int) -> None:
        if self.start < 0:
            self.start = start
        self.end = end
