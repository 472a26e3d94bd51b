"""A policy as paragraphs and sentences, each with its place."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LINE = 2_000
MAX_TEXT = 100_000
_UNDERLINE = r"\s{0,3}([=~^\"'#*+-])\1{2,}\s*"
_SEPARATOR = r"[.!;](?=[\s)]|$)"
_ITEM = r"\s{0,20}(?:[-*+\u2022]|\d{1,3}[.)]|#\.|>)\s|\s{0,20}\|"


class Document:
    """A policy as paragraphs and sentences.

    text: as it is, cut where it is absurdly long. plain: the same in lower case, character for
    character, with comments and emphasis blanked.
    """

    def __init__(self, text: str) -> None:
        self.text = text[:MAX_TEXT]
        self.plain = _plain(self.text)

    def paragraphs(self) -> Iterator[tuple[int, str, str, bool]]:
        """Offset, text on one line, heading above, and whether it is the first below that."""
        heading, first = "", True
        start, lines = 0, ""
        for offset, line, is_heading in _lines(self.plain):
            if lines and (is_heading or not line.strip() or re.match(_ITEM, line)):
                yield start, lines, heading, first
                lines, first = "", False
            if is_heading:
                heading, first = line.strip("# \t\r\n"), True
            elif line.strip():
                start = start if lines else offset
                lines += line
        if lines:
            yield start, lines, heading, first

    def sentences(self) -> Iterator[tuple[int, str, str, str]]:
        """Offset, text, paragraph, and the heading where it is the first sentence below it."""
        for start, paragraph, heading, is_first in self.paragraphs():
            begin, first = 0, is_first
            ends = [match.end() for match in re.finditer(_SEPARATOR, paragraph)]
            for end in [*ends, len(paragraph)]:
                sentence = paragraph[begin:end]
                if sentence.strip(" .!?;"):
                    blank = len(sentence) - len(sentence.lstrip())
                    yield start + begin + blank, sentence.strip(), paragraph, heading * first
                    first = False
                begin = end


def _plain(text: str) -> str:
    pieces, position = [], 0
    while True:
        start = text.find("<!--", position)
        end = text.find("-->", start) if start >= 0 else -1
        if end < 0:
            break
        inside = "".join("\n" if c == "\n" else " " for c in text[start : end + 3])
        pieces += [text[position:start], inside]
        position = end + 3
    joined = "".join([*pieces, text[position:]])
    lowered = joined.lower()
    # A few characters are longer in lower case, and offsets must hold.
    return lowered if len(lowered) == len(joined) else joined


def _lines(plain: str) -> Iterator[tuple[int, str, bool]]:
    """Offset, line with its end as one blank, and whether it is a heading."""
    lines = plain.split("\n")
    offset = 0
    for number, line in enumerate(lines):
        below = lines[number + 1] if number + 1 < len(lines) else ""
        underlined = (
            bool(line.strip()) and len(below) <= MAX_LINE and re.fullmatch(_UNDERLINE, below)
        )
        if len(line) <= MAX_LINE and not re.fullmatch(_UNDERLINE, line):
            yield offset, line.replace("\r", " ") + " ", line.startswith("#") or bool(underlined)
        offset += len(line) + 1
