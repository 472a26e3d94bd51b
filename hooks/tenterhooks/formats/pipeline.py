"""What every CI service's pipeline comes down to: jobs of steps, with variables and commands.

The readers of single services (``workflow``, ``pipelines/*``) produce these; what one can conclude
from them is a practice's business.
"""

from __future__ import annotations

from bisect import bisect_right
from operator import itemgetter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from tenterhooks.core.files import File
    from tenterhooks.formats import yaml


# How many words that are alike are told apart in folded text.
_PATIENCE = 50


class Text:
    """Text that stands in a file, as its format understands it.

    value: the text. file, start, end: where it is written, offsets in characters.
    stored: what the service keeps the value in, in words (``an encrypted value``), where the
        file says that the value itself is a secret kept elsewhere; else None.
    """

    __slots__ = ("_lines", "end", "file", "start", "stored", "value")

    def __init__(
        self, value: str, file: File, start: int, end: int, stored: str | None = None
    ) -> None:
        self.value = value
        self.file = file
        self.start = start
        self.end = end
        self.stored = stored
        self._lines: list[tuple[int, int]] | None = None

    def offset(self, index: int = 0, length: int = 0) -> int:
        """Where ``value[index:index + length]`` is written: its place in the file, or the
        start of the whole where escapes or folding hide it."""
        if length <= 0:
            return self.start
        if self._lines is None:
            self._lines = self._find_lines()
        begin, place = self._lines[bisect_right(self._lines, index, key=itemgetter(0)) - 1]
        found = place + index - begin
        word = self.value[index : index + length].split("\n", 1)[0]
        if self.file.text.startswith(word, found):
            return found
        for _ in range(min(self.value.count(word, begin, index), _PATIENCE)):
            place = self.file.text.find(word, place, self.end) + 1 or self.end
        found = self.file.text.find(word, place, self.end)
        return found if found >= 0 else self.start

    def _find_lines(self) -> list[tuple[int, int]]:
        """Where each line of the value begins, in it and in the file; of a line that the file
        does not have in one piece, where the one before is."""
        found, begin, place = [(0, self.start)], 0, self.start
        for line in self.value.split("\n"):
            there = self.file.text.find(line, place, self.end) if line else -1
            if there >= 0:
                found.append((begin, there))
                place = there + len(line)
            begin += len(line) + 1
        return found

    def place(self, index: int = 0, length: int = 0) -> tuple[int, int]:
        """1-based line and column of ``offset``."""
        return self.file.position(self.offset(index, length))


def text_of(document: yaml.Document, node: yaml.Node, stored: str | None = None) -> Text:
    """A YAML scalar as a Text; empty for another node, and for null."""
    value = "" if node.is_null else node.text() or ""
    return Text(value, document.file, document.content(node), node.end, stored)


class Variable:
    """One environment variable that a pipeline sets: ``name``, as written, and its ``text``."""

    __slots__ = ("name", "text")

    def __init__(self, name: str, text: Text) -> None:
        self.name = name
        self.text = text


class Step:
    """One thing that a job does.

    where: the place to name when the step as a whole is meant.
    script: the commands that it runs, or None.
    shell: ``sh``, ``pwsh``, ``cmd``, or the name of another interpreter.
    folder: the working directory below the top of the repository, "" for the top.
    variables: what it sets for itself.
    uses: what it runs instead of commands (an action, a provider, a task, an orb), or None.
    inputs: what ``uses`` is given: lower-case name -> (name as written, text).
    lookup: what a path in one of the service's expressions can be, or None.
    is_opened: the steps of what it uses follow it.
    """

    __slots__ = (
        "folder",
        "inputs",
        "is_opened",
        "lookup",
        "script",
        "shell",
        "uses",
        "variables",
        "where",
    )

    def __init__(
        self,
        where: Text,
        script: Text | None = None,
        shell: str = "sh",
        folder: str = "",
        variables: Sequence[Variable] = (),
        uses: Text | None = None,
        inputs: dict[str, tuple[str, Text]] | None = None,
    ) -> None:
        self.where = where
        self.script = script
        self.shell = shell
        self.folder = folder
        self.variables = tuple(variables)
        self.uses = uses
        self.inputs = inputs or {}
        self.lookup: Callable[[tuple[str, ...]], Any] | None = None
        self.is_opened = False


class IdToken:
    """An OpenID Connect token that a job asks its service for: the variable that holds it, and
    the audiences that it is for."""

    __slots__ = ("audiences", "name")

    def __init__(self, name: Text, audiences: Sequence[Text]) -> None:
        self.name = name
        self.audiences = tuple(audiences)


class Job:
    """One job of a pipeline.

    service: ``github``, ``gitlab``, ``cloudbuild``, ``azure``, ``circleci``, ``travis``,
        ``jenkins``, ``appveyor``, ``bitbucket``.
    name, where: what it is called, and the place to name when it is meant as a whole.
    variables: what the pipeline and the job set, outermost first; a later one wins.
    steps: in the order in which they run.
    id_tokens: those that ``id_tokens`` asks for, which GitLab alone has.
    is_partial: some of it is kept where no file of the repository says.
    """

    __slots__ = ("id_tokens", "is_partial", "name", "service", "steps", "variables", "where")

    def __init__(
        self,
        service: str,
        name: str,
        where: Text,
        variables: Sequence[Variable] = (),
        steps: Sequence[Step] = (),
        id_tokens: Sequence[IdToken] = (),
    ) -> None:
        self.service = service
        self.name = name
        self.where = where
        self.variables = tuple(variables)
        self.steps = tuple(steps)
        self.id_tokens = tuple(id_tokens)
        self.is_partial = False
