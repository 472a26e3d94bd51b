"""A page of documentation on a terminal: the part of Markdown that our pages use, as plain text.

Headings, paragraphs, lists, tables and fenced code; see ``words`` for what stands inside a line.
Anything else is shown as it is written.
"""

from __future__ import annotations

import re

from tenterhooks.core.report.text import harmless
from tenterhooks.everything.words import fill, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tenterhooks.core.colours import Palette

_FENCE = "```"
_BEFORE, _AFTER = "**Before**", "**After**"
_BODY, _CODE = 2, 4
# Text is not squeezed into fewer columns than these, however deep it stands.
_NARROW = 16
_HEADING = re.compile(r"(#{1,6}) +(.*)")
_ITEM = re.compile(r"( *)([-*]|[0-9]{1,3}[.)]) +(.*)")


class Block:
    """A piece of a page.

    kind: heading, paragraph, item, table or code. lines: its text, without the marks around it.
    depth: columns that it is indented by. marker: of an item. apart: a blank line is before it.
    """

    __slots__ = ("apart", "depth", "kind", "lines", "marker")

    def __init__(self, kind: str, line: str | None, depth: int, *, apart: bool) -> None:
        self.kind = kind
        self.lines = [] if line is None else [line]
        self.depth = depth
        self.marker = ""
        self.apart = apart

    @property
    def text(self) -> str:
        return " ".join(self.lines)

    @property
    def inner(self) -> int:
        """How far what belongs to it is indented."""
        return self.depth + (len(self.marker) + 1 if self.marker else 0)


def render(text: str, palette: Palette, width: int) -> Iterator[str]:
    """The lines of a page: ASCII, and no wider than ``width``, but for code and for words that
    are. The heading stands at the margin, and all else is indented below it."""
    blocks = _blocks(text)
    samples = {label: _samples(blocks, label) for label in (_BEFORE, _AFTER)}
    label = None
    for number, block in enumerate(blocks):
        if block.apart and number:
            yield ""
        if block.kind == "code":
            yield from _code(block, palette, samples, label)
        else:
            yield from _shown(block, palette, width)
        label = next((it for it in samples if block.text.startswith(it)), None)


def _blocks(text: str) -> list[Block]:
    """The page taken apart. Takes time linear in its length."""
    blocks: list[Block] = []
    fence = apart = False
    for line in text.expandtabs().splitlines():
        line = harmless(line)  # noqa: PLW2901  # nothing else of it is wanted
        stripped = line.strip()
        if stripped.startswith(_FENCE):
            fence = not fence
            if fence:
                depth = min(len(line) - len(line.lstrip()), _inner(blocks))
                blocks.append(Block("code", None, depth, apart=apart))
        elif fence:
            blocks[-1].lines.append(line[blocks[-1].depth :].rstrip())
        elif stripped:
            _add(blocks, line, stripped, apart=apart)
        apart = not stripped and not fence
    return blocks


def _add(blocks: list[Block], line: str, stripped: str, *, apart: bool) -> None:
    """One line outside of code: of the block before, or the first of its own."""
    last = blocks[-1] if blocks and not apart else None
    heading, item = _HEADING.match(line), _ITEM.match(line)
    if heading:
        blocks.append(Block("heading", heading[2].strip(), 0, apart=apart))
    elif stripped.startswith("|"):
        if last is None or last.kind != "table":
            blocks.append(Block("table", None, 0, apart=apart))
        blocks[-1].lines.append(stripped)
    elif item:
        blocks.append(Block("item", item[3], min(len(item[1]), _inner(blocks)), apart=apart))
        blocks[-1].marker = item[2]
    elif last is not None and last.kind in ("paragraph", "item"):
        last.lines.append(stripped)
    else:
        depth = min(len(line) - len(line.lstrip()), _inner(blocks))
        blocks.append(Block("paragraph", stripped, depth, apart=apart))


def _inner(blocks: Sequence[Block]) -> int:
    """How far the next block may be indented: what belongs to an item, and what is beside that."""
    return blocks[-1].inner if blocks and blocks[-1].kind != "heading" else 0


def _samples(blocks: Sequence[Block], label: str) -> set[str]:
    """The lines of code under a label."""
    return {
        line
        for block, above in zip(blocks[1:], blocks, strict=False)
        if block.kind == "code" and above.text.startswith(label)
        for line in block.lines
    }


def _code(
    block: Block, palette: Palette, samples: dict[str, set[str]], label: str | None
) -> Iterator[str]:
    """Code as it is; what goes and what comes is coloured where there is a before and an after."""
    indent = " " * (_BODY + block.depth + _CODE)
    paint = palette.red if label == _BEFORE else palette.green
    other = samples[_AFTER if label == _BEFORE else _BEFORE] if label else set()
    for line in block.lines:
        is_new = other and line not in other
        yield f"{indent}{paint(line) if is_new else line}".rstrip()


def _shown(block: Block, palette: Palette, width: int) -> Iterator[str]:
    """Anything but code."""
    depth = min(_BODY + block.inner, max(width - _NARROW, 0))
    if block.kind == "table":
        yield from _table(block, palette, width - _BODY)
        return
    lead, paint = " " * depth, None
    if block.kind == "heading":
        lead, paint = "", palette.bold
    elif block.marker:
        lead = block.marker.replace("*", "-").rjust(depth - 1) + " "
    for line in fill(words(block.text, palette, width - depth, paint), width - depth):
        yield lead + line
        lead = " " * depth


def _table(block: Block, palette: Palette, room: int) -> Iterator[str]:
    from tenterhooks.everything.tables import table

    rows = [_cells(line) for line in block.lines]
    if len(rows) > 1 and not "".join(rows[1]).strip(":-"):  # between the head and the others
        del rows[1]
    for line in table(rows, palette, room):
        yield f"{' ' * _BODY}{line}".rstrip()


def _cells(line: str) -> list[str]:
    """The cells of a row, between its outer bars; a bar behind a backslash is one of the text."""
    hidden = line.replace(r"\|", "\0").removeprefix("|").removesuffix("|")
    return [cell.strip().replace("\0", "|") for cell in hidden.split("|")]
