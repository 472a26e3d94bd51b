"""Path patterns: ``*`` and ``?`` stay within a folder, ``**`` does not; a pattern that names a
folder covers all that is in it.

Followed state by state, and not as a regular expression: the patterns come from the repository
under check, and a backtracking one could be made to take for ever.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_FOLDERS, _ANY, _WITHIN, _ONE = "**/", "**", "*", "?"
# `**/` stands for folders only where a folder can begin.
_TOKEN = re.compile(r"(?:(?<=/)|(?<!.))\*\*+/|\*\*+|\*|\?|.", re.DOTALL)


class Globs:
    """Some patterns, to be asked about paths relative to the top, with forward slashes."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = [_tokens(pattern) for pattern in patterns]

    def covers(self, path: str) -> bool:
        """Whether one of the patterns names ``path`` or a folder above it."""
        return any(_covers(tokens, path) for tokens in self._patterns)


def _tokens(pattern: str) -> list[str]:
    tokens = _TOKEN.findall(pattern.removeprefix("./").rstrip("/"))
    return [re.sub(r"\*\*+", "**", token) for token in tokens]


def _covers(tokens: list[str], path: str) -> bool:
    states = _reached(tokens, {0}, boundary=True)
    for index, character in enumerate(path):
        if len(tokens) in states and character == "/" and index:
            return True
        states = _reached(
            tokens,
            {after for state in states for after in _step(tokens, state, character)},
            boundary=character == "/",
        )
        if not states:
            return False
    return len(tokens) in states


def _step(tokens: list[str], state: int, character: str) -> Sequence[int]:
    """Where one character leads from a state."""
    if state == len(tokens):
        return ()
    token = tokens[state]
    if token in (_FOLDERS, _ANY) or (token == _WITHIN and character != "/"):
        return (state,)
    if token == character or (token == _ONE and character != "/"):
        return (state + 1,)
    return ()


def _reached(tokens: list[str], states: set[int], *, boundary: bool) -> set[int]:
    """The states and those behind tokens that can stand for nothing."""
    found = set()
    for state in states:
        found.add(state)
        while state < len(tokens) and (
            tokens[state] in (_ANY, _WITHIN) or (boundary and tokens[state] == _FOLDERS)
        ):
            state += 1  # noqa: PLW2901
            if state in found:  # and so are those behind it
                break
            found.add(state)
    return found
