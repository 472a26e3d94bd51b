"""``tenterhooks: ignore[rule, rule] why``, in a comment on the line or alone on the line above."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File
    from tenterhooks.core.finding import Finding

_OPENER = re.compile(r"#|<!--|//|;|\.\.")
_DIRECTIVE = re.compile(r"\btenterhooks:[ \t]*ignore\[([^\]\r\n]{0,500})\]")
_ALONE = re.compile(rf"[ \t]*(?:-[ \t]+)?(?:{_OPENER.pattern})")
_MARK = b"tenterhooks:"
# Python 3.12 takes a time quadratic in the length of a line to tell its tokens.
_LONG = 5000


class Ignore:
    """One rule name in one directive.

    line, column: where it stands, 1-based. alone: nothing but the comment is on that line.
    used: it has silenced a finding.
    """

    __slots__ = ("alone", "column", "line", "rule", "used")

    def __init__(self, rule: str, line: int, column: int, alone: bool) -> None:
        self.rule = rule
        self.line = line
        self.column = column
        self.alone = alone
        self.used = False

    def covers(self, finding: Finding) -> bool:
        """Whether it silences ``finding``, which is in the same file."""
        return self.rule == finding.rule and (
            self.line == finding.line or (self.alone and self.line == finding.line - 1)
        )


class Ignores:
    """The directives of a file, in order."""

    def __init__(self, found: list[Ignore]) -> None:
        self._found = found
        self._by_line: dict[int, list[Ignore]] = {}
        for ignore in found:
            self._by_line.setdefault(ignore.line, []).append(ignore)

    def __iter__(self) -> Iterator[Ignore]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def covering(self, finding: Finding) -> list[Ignore]:
        """Those that silence ``finding``, which is in the same file."""
        near = (self._by_line.get(line, ()) for line in (finding.line - 1, finding.line))
        return [ignore for found in near for ignore in found if ignore.covers(finding)]


def ignores(file: File) -> Ignores:
    """All directives of a file, one entry a rule name. Raises Unreadable."""
    return Ignores(_found(file) if _MARK in file.data else [])


def _found(file: File) -> list[Ignore]:
    text = file.text
    found = []
    comments = _comments(text) if file.path.endswith((".py", ".pyi", ".pyw")) else None
    for match in _DIRECTIVE.finditer(text):
        line, column = file.position(match.start())
        if comments is not None and column <= comments.get(line, column):
            continue
        start = match.start() - column + 1
        # Not further, or a line full of directives would take a time quadratic in its length.
        opener = _OPENER.search(text, max(start, match.start() - 500), match.start())
        if opener is None:
            continue
        column = opener.start() - start + 1
        alone = bool(_ALONE.match(text, start))
        found += [Ignore(rule.strip(), line, column, alone) for rule in match.group(1).split(",")]
    return found


def _comments(text: str) -> dict[int, int] | None:
    """Line -> the column at which its comment begins, in Python: what a string holds is none.
    Those ahead of the place where the text stops to be Python; None where it was not looked."""
    import io
    import tokenize

    if max(map(len, text.split("\n"))) > _LONG:
        return None
    found = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(text, newline=None).readline):
            if token.type == tokenize.COMMENT:
                found[token.start[0]] = token.start[1] + 1
    except (tokenize.TokenError, SyntaxError, ValueError):
        pass
    return found
