"""Rules, findings and the text edits that mend them.

Plain slotted classes: ``typing.NamedTuple`` and ``dataclasses`` cost a hook 4 and 12 ms of
import, which is a third of the budget of a run that finds nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tenterhooks.core.reading import Unreadable


class Rule:
    """One thing that a practice demands.

    name: kebab-case words, unique in the collection.
    summary: one sentence that says what is wrong.
    fixable: ``--fix`` mends it where the answer is certain.
    default: reported unless it is switched off; otherwise only when asked for.
    presets: names of the presets that it belongs to, beside those that its practice does.
    """

    __slots__ = ("default", "fixable", "name", "presets", "summary")

    def __init__(
        self,
        name: str,
        summary: str,
        *,
        fixable: bool = False,
        default: bool = True,
        presets: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.summary = summary
        self.fixable = fixable
        self.default = default
        self.presets = presets

    @property
    def marks(self) -> list[str]:
        """What is out of the ordinary, as lists of rules tell it."""
        return [*([] if self.default else ["opt-in"]), *(["--fix"] if self.fixable else [])]


class Edit:
    """Replace ``text[start:end]`` of a file by ``replacement``; offsets are in characters."""

    __slots__ = ("end", "replacement", "start")

    def __init__(self, start: int, end: int, replacement: str) -> None:
        self.start = start
        self.end = end
        self.replacement = replacement

    def __repr__(self) -> str:
        return f"Edit({self.start}, {self.end}, {self.replacement!r})"


class Finding:
    """One place where a rule is broken.

    path: relative to the top of the repository, with forward slashes.
    line, column: 1-based; column counts characters.
    fix: how to mend it, or None where the message says it all.
    left: what is left for a person to do once the edits are made, or None.
    edits: the certain mend, empty where there is none. On a path that does not exist, one
        edit at 0 creates the file.
    span: the lines that it is about, where those are more than its own.
    level: how much weight forms that tell weights apart give it: ``error``, ``warning`` or
        ``note``; all fail the run alike.
    hook, shown, fingerprint, fixed: set by the engine.
    """

    __slots__ = (
        "column",
        "edits",
        "fingerprint",
        "fix",
        "fixed",
        "hook",
        "left",
        "level",
        "line",
        "message",
        "path",
        "rule",
        "shown",
        "span",
    )

    def __init__(
        self,
        path: str,
        line: int,
        column: int,
        rule: str,
        message: str,
        fix: str | None = None,
        edits: Iterable[Edit] = (),
    ) -> None:
        self.path = path
        self.line = line
        self.column = column
        self.rule = rule
        self.message = message
        self.fix = fix
        self.edits = tuple(edits)
        self.left: str | None = None
        self.level = "error"
        self.span: Sequence[int] = ()
        self.hook = ""
        self.shown = path
        self.fingerprint = ""
        self.fixed = False

    @property
    def key(self) -> tuple[str, int, int, str, str]:
        """What makes two findings the same one, and the order they are printed in."""
        return (self.path, self.line, self.column, self.rule, self.message)

    def __repr__(self) -> str:
        return f"Finding{self.key}"


def of_unreadable(path: str, error: Unreadable) -> Finding:
    """What is told of a file that had to be checked and cannot be taken at its word."""
    return Finding(path, error.line, error.column, error.rule, error.message)
