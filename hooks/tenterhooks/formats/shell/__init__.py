"""Shell text taken apart into simple commands: what a CI step, a recipe or a script runs.

Nothing is expanded or run, and nothing is refused: what no shell would take is read as well as it
goes. Sources: POSIX.1-2024, "Shell Command Language"; the manual of bash 5.2; Microsoft's
``about_Parsing`` and ``about_Quoting_Rules`` for PowerShell, ``cmd /?``, ``if /?``, ``for /?`` and
``set /?`` for batch files; for what a CI service replaces before a shell sees it: GitHub's
"Expressions", GitLab's "CI/CD inputs", CircleCI's "Using parameters".
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.formats.shell.reader import Reader

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


def commands(text: str, shell: str = "sh") -> list[Command]:
    """The simple commands in the order of the text, whatever they are joined or held by; those in
    a substitution come behind the command that it stands in.

    shell: ``pwsh``, ``powershell``, ``cmd``; any other name is read as bash reads.
    """
    from tenterhooks.formats.shell.reader import Source

    source = Source(text)
    _reader(shell.lower())(source, 0, len(text)).read()
    return [command for command in source.found if not command.is_empty]


def assigned(command: Command) -> list[tuple[str, Word]]:
    """Name and value of each variable that a command leaves set: ``A=b`` alone, ``export A=b``
    and its like, PowerShell's ``$env:A = "b"``, ``set A=b`` of cmd."""
    return command.declared if command.words else command.assignments


def _reader(shell: str) -> type[Reader]:
    if shell in ("pwsh", "powershell"):
        from tenterhooks.formats.shell.powershell import PowerShell

        return PowerShell
    if shell == "cmd":
        from tenterhooks.formats.shell.batch import Batch

        return Batch
    from tenterhooks.formats.shell.posix import Posix

    return Posix
