"""GitHub's ``${{ }}`` expressions, as far as the values that one can have can be read off it.

Source: GitHub documentation, "Evaluate expressions in workflows and actions".
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"\s*(?:('(?:[^']|'')*')|(&&|\|\||==|!=|<=|>=|[!<>()\[\],.*])|([A-Za-z_][\w-]*|[\d.]+\w*))"
)
_WHOLE = re.compile(r"\$\{\{(.*)\}\}", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_*]")
_MAX_DEPTH = 50
_MAX_LENGTH = 21_000  # GitHub's own bound


class Value:
    """One value that an expression can have.

    literal: its text, or None where it is a context path such as ``("matrix", "image")``, in
        lower case, as GitHub does not tell case.
    conditional: it stands behind ``&&``, so that not all that the path can be comes through.
    """

    __slots__ = ("conditional", "literal", "path")

    def __init__(
        self,
        literal: str | None = None,
        path: tuple[str, ...] = (),
        *,
        conditional: bool = False,
    ) -> None:
        self.literal = literal
        self.path = path
        self.conditional = conditional

    def __repr__(self) -> str:
        return f"Value({self.literal!r}, {self.path!r})"


def whole(text: str) -> str | None:
    """The expression where ``text`` is one ``${{ }}`` and nothing else, else None."""
    match = _WHOLE.fullmatch(text.strip())
    if match is None or "${{" in match.group(1):
        return None
    return match.group(1)


def values(expression: str) -> list[Value]:
    """The values that can be read off: the right sides of ``&&``, both sides of ``||``. What
    comes of functions, comparisons and what is not understood is left out."""
    if len(expression) > _MAX_LENGTH:
        return []
    tokens: list[str] = []
    position = 0
    end = len(expression.rstrip())
    while position < end:
        match = _TOKEN.match(expression, position)
        if match is None:
            return []
        tokens.append(match.group().strip())
        position = match.end()
    reader = _Reader(tokens)
    found = reader.alternatives(0)
    return found if reader.at_end() and reader.understood else []


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.position = 0
        self.understood = True

    def give_up(self) -> list[Value]:
        """What is not understood has no values; the rest is not read."""
        self.position = len(self.tokens)
        self.understood = False
        return []

    def at_end(self) -> bool:
        return self.position == len(self.tokens)

    def peek(self) -> str:
        return "" if self.at_end() else self.tokens[self.position]

    def take(self, *wanted: str) -> bool:
        if self.peek() in wanted and not self.at_end():
            self.position += 1
            return True
        return False

    def alternatives(self, depth: int) -> list[Value]:
        found = self.conjunction(depth)
        while self.take("||"):
            found += self.conjunction(depth)
        return found

    def conjunction(self, depth: int) -> list[Value]:
        found = self.comparison(depth)
        while self.take("&&"):
            found = [
                Value(value.literal, value.path, conditional=True)
                for value in self.comparison(depth)
            ]
        return found

    def comparison(self, depth: int) -> list[Value]:
        found = self.operand(depth)
        while self.take("==", "!=", "<", "<=", ">", ">="):
            self.operand(depth)
            found = []
        return found

    def operand(self, depth: int) -> list[Value]:
        if depth > _MAX_DEPTH or self.at_end():
            return self.give_up()
        if self.take("!"):
            self.operand(depth + 1)
            return []
        if self.take("("):
            found = self.alternatives(depth + 1)
            return found if self.take(")") else self.give_up()
        token = self.peek()
        self.position += 1
        if token.startswith("'"):
            return [Value(token[1:-1].replace("''", "'"))]
        if token in ("true", "false", "null") or token[:1].isdigit():
            return []
        return self.context(token, depth)

    def context(self, token: str, depth: int) -> list[Value]:
        path = [token.lower()]
        known = True
        while True:
            if self.take("."):
                if not _NAME.match(self.peek()):
                    return self.give_up()
                path.append(self.peek().lower())
                known = known and self.peek() != "*"
                self.position += 1
            elif self.take("["):
                inner = self.alternatives(depth + 1)
                if not self.take("]"):
                    return self.give_up()
                known = known and len(inner) == 1 and inner[0].literal is not None
                path.append(str(inner[0].literal).lower() if known else "")
            elif self.take("("):
                known = False
                while not self.at_end() and not self.take(")"):
                    self.alternatives(depth + 1)
                    if not self.take(",") and self.peek() != ")":
                        return self.give_up()
            else:
                return [Value(path=tuple(path))] if known else []
