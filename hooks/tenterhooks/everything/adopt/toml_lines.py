"""The lines that a TOML text is made of, and adding some."""

from __future__ import annotations

import re

_PART = r"""(?:[\w-]+|"[^"\\\n]*(?:\\.[^"\\\n]*)*"|'[^'\n]*')"""
_KEY = re.compile(rf"[ \t]*{_PART}(?:[ \t]*\.[ \t]*{_PART})*[ \t]*=[ \t]*")
# What can hide a bracket, a comment's sign or a line's end; and these themselves.
_TOKEN = re.compile(
    r'"""[^"\\]*(?:(?:\\[\s\S]|"(?!""))[^"\\]*)*"{3,5}'
    r"|'''[^']*(?:'(?!'')[^']*)*'{3,5}"
    r'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*|[\[\]{}\n]"
)

BLANK, HEADER, PAIR = "blank", "header", "pair"


def newline(text: str) -> str:
    """The line end that a text uses."""
    return "\r\n" if "\r\n" in text else "\n"


def with_end(text: str, lines: list[str], end: str | None = None) -> str:
    """A text with more lines at its end, a blank one before them; without the last line's end
    where the text has none. end: of lines, else as the text has it."""
    end = end or newline(text)
    has_end = not text or text.endswith("\n")
    if text:
        text += "" if has_end else end
        text += "" if text.endswith(end * 2) or not text.strip() else end
    return text + end.join(lines) + (end if has_end else "")


class Line:
    """A header, a pair, which may go over several lines, or something blank.

    start, end: offsets of all of it, its line end included.
    """

    __slots__ = ("end", "kind", "start")

    def __init__(self, kind: str, start: int, end: int) -> None:
        self.kind = kind
        self.start = start
        self.end = end


def lines(text: str) -> list[Line]:
    """What a text, which tomli has accepted, is made of."""
    found = []
    position = 0
    while position < len(text):
        line_end = text.find("\n", position) + 1 or len(text)
        first = text[position:line_end].lstrip()[:1]
        kind = PAIR
        if first in ("", "#"):
            kind = BLANK
        elif first == "[":
            kind = HEADER
        end = line_end if kind is not PAIR else _pair_end(text, value_start(text, position))
        found.append(Line(kind, position, end))
        position = end
    return found


def value_start(text: str, position: int) -> int:
    """Where the value of the pair at ``position`` begins."""
    match = _KEY.match(text, position)
    return match.end() if match else position


def _pair_end(text: str, position: int) -> int:
    depth = 0
    for match in _TOKEN.finditer(text, position):
        sign = match.group()
        depth += (sign in "[{") - (sign in "]}")
        if sign == "\n" and depth <= 0:
            return match.end()
    return len(text)


def value_end(text: str, line: Line) -> int:
    """Where the value of a pair ends, a comment behind it left out."""
    position = value_start(text, line.start)
    end = position
    depth = 0
    for match in _TOKEN.finditer(text, position, line.end):
        sign = match.group()
        depth += (sign in "[{") - (sign in "]}")
        if depth == 0 and (sign[0] == "#" or sign == "\n"):
            end = match.start()
            break
    else:
        end = line.end
    return position + len(text[position:end].rstrip())


def items(text: str, line: Line) -> list[tuple[int, int]]:
    """Where the strings are in the list that is the value of a pair."""
    signs = _TOKEN.finditer(text, value_start(text, line.start), line.end)
    return [sign.span() for sign in signs if sign.group()[0] in "\"'"]
