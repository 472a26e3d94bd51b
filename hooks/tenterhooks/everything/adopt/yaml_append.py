"""Putting one mapping behind the last item of a YAML list, in the style that the list has, with
everything else left byte for byte.

What comes out is a guess at where comments belong; ``same_yaml`` proves that the text says what it
should.
"""

from __future__ import annotations

import re

from tenterhooks.core.file import LINE_END
from tenterhooks.core.finding import Edit
from tenterhooks.formats.yaml import SEQUENCE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tenterhooks.formats.yaml import Document, Node

    Item = dict[str, Any]

_REST = re.compile(r"[ \t]*(,?)[ \t]*(#[^\r\n]*)?(?=[\r\n]|$)")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_EMPTY = re.compile(r"\[[ \t]*\]")


def newline(text: str) -> str:
    """The line end that a text uses."""
    match = LINE_END.search(text)
    return match.group() if match else "\n"


class Style:
    """How lists are indented.

    gap: what stands between a dash and its item. inner: how far the dash of a list stands to the
    right of the key that it belongs to.
    """

    def __init__(self, gap: str = " ", inner: int = 2, inner_gap: str = " ") -> None:
        self.gap = gap
        self.inner = inner
        self.inner_gap = inner_gap


def block(item: Item, column: int, style: Style, comments: dict[str, str]) -> list[str]:
    """The lines of an item whose dash stands ``column`` characters to the right. ``comments`` are
    put behind the values of these keys."""
    lines = []
    lead = " " * column + "-" + style.gap
    for key, value in item.items():
        if isinstance(value, list) and isinstance(value[0], dict):
            lines.append(f"{lead}{key}:")
            inner = Style(style.inner_gap)
            for it in value:
                lines += block(it, len(lead) + style.inner, inner, comments)
        else:
            behind = f"  # {comments[key]}" if key in comments else ""
            lines.append(f"{lead}{key}: {_written(value)}{behind}")
        lead = " " * len(lead)
    return lines


def _written(value: Any) -> str:
    """A value on the line of its key."""
    is_plain = isinstance(value, str) and value[0].isalnum() and not _is_number(value)
    return str(value) if is_plain else flow(value)


def flow(value: Any, *, quoted: bool = False) -> str:
    """A value in brackets or braces, or to be put into some. quoted: as in JSON."""
    if isinstance(value, dict):
        pairs = [(flow(key, quoted=quoted), flow(it, quoted=quoted)) for key, it in value.items()]
        return "{" + ", ".join(f"{key}: {it}" for key, it in pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(it, quoted=quoted) for it in value) + "]"
    # Here older parsers take any colon for the end of a key.
    is_plain = value.isalnum() and not _is_number(value) and not quoted
    return str(value) if is_plain else f'"{value}"'


def _is_number(text: str) -> bool:
    """Whether a commit would be read as one, such as 12e34."""
    return text.replace("e", "", 1).isdigit()


def append(
    document: Document, items: Node, item: Item, comments: dict[str, str]
) -> Iterator[list[Edit]]:
    """Ways to put ``item`` at the end of the list ``items``, the best first."""
    text = document.file.text
    start = document.content(items)
    empty = _EMPTY.match(text, start)
    if empty and empty.end() == items.end and not _in_flow(document):
        yield _below(document, items, item, comments, Edit(start, items.end, ""))
    if text.startswith("[", start):
        yield from _in_brackets(document, items, item, comments)
    else:
        yield from _in_block(document, items, item, comments)


def fill(document: Document, null: Node, item: Item, comments: dict[str, str]) -> list[Edit]:
    """Make the null behind a key of the outermost mapping a list of one item."""
    return _below(document, null, item, comments, Edit(null.start, null.end, ""))


def _below(
    document: Document, node: Node, item: Item, comments: dict[str, str], taken: Edit
) -> list[Edit]:
    """The item on the lines below the one where ``node`` ends, whose text is taken out with the
    blanks before it."""
    text = document.file.text
    root = document.root
    start = taken.start
    while taken.end > taken.start and text[start - 1] in " \t":
        start -= 1
    column = document.file.position(root.start)[1] + 1 if root else 2
    end = _line_end(text, node.end)
    lines = block(item, column, Style(), comments)
    below = Edit(end, end, "".join(newline(text) + line for line in lines))
    return [Edit(start, taken.end, ""), below] if taken.end > taken.start else [below]


def _in_flow(document: Document) -> bool:
    """Whether the outermost mapping has braces, as JSON has."""
    root = document.root
    return root is not None and document.file.text.startswith("{", document.content(root))


def _line_end(text: str, position: int) -> int:
    match = LINE_END.search(text, position)
    return match.start() if match else len(text)


# Lists in brackets


def _in_brackets(
    document: Document, items: Node, item: Item, comments: dict[str, str]
) -> Iterator[list[Edit]]:
    text = document.file.text
    last = items.value[-1] if items.value else None
    if last is None or not items.start < last.start < items.end:
        end = len(text[: items.end - 1].rstrip())
        added = flow(item, quoted=_is_json(document, document.root))
        yield [Edit(end, end, (", " if last else "") + added)]
        return
    quoted = _is_json(document, last)
    rest = _REST.match(text, last.end)
    if rest and rest.end() < items.end - 1:
        start = document.file.starts()[document.file.position(last.start)[0] - 1]
        lead = text[start : last.start]
        lead = lead if lead.isspace() else lead[: len(lead) - len(lead.lstrip())] + "  "
        behind = "" if quoted else "".join(f"  # {it}" for it in comments.values())
        line = f"{newline(text)}{lead}{flow(item, quoted=quoted)}{rest.group(1)}{behind}"
        comma = "" if rest.group(1) else ","
        if rest.end() > last.end:
            yield [Edit(last.end, last.end, comma), Edit(rest.end(), rest.end(), line)]
        else:
            yield [Edit(last.end, last.end, comma + line)]
    yield [Edit(last.end, last.end, f", {flow(item, quoted=quoted)}")]


def _is_json(document: Document, node: Node | None) -> bool:
    """Whether the first key of a mapping has quotes."""
    keys = [key for key, _ in node.pairs()] if node else []
    return bool(keys) and document.file.text.startswith('"', keys[0].start)


# Lists of lines with dashes


def _in_block(
    document: Document, items: Node, item: Item, comments: dict[str, str]
) -> Iterator[list[Edit]]:
    text = document.file.text
    column = _column(document, items)
    lines = block(item, column, _style(document, items), comments)
    if _spaced(document, items):
        lines.insert(0, "")
    region = _Region(text, items, column)
    for position in dict.fromkeys([region.behind_own, region.start, region.end]):
        yield [_insertion(text, position, lines)]


def _insertion(text: str, position: int, lines: list[str]) -> Edit:
    """Lines put before the one that begins at ``position``, or behind a last one without end."""
    end = newline(text)
    if position and text[position - 1] not in "\r\n":
        return Edit(position, position, "".join(end + line for line in lines))
    return Edit(position, position, "".join(line + end for line in lines))


class _Region:
    """The blank lines and comments behind the last item of a list.

    start, end: of the first of these lines, and of what follows.
    behind_own: where the comments end that belong to the list.
    """

    def __init__(self, text: str, items: Node, column: int) -> None:
        self.end = items.end
        while self.end and text[self.end - 1] in " \t":
            self.end -= 1
        lines: list[str] = _LINE.findall(text, items.start, self.end)
        self.start = self.end
        behind: list[str] = []
        while lines and lines[-1].lstrip()[:1] in ("", "#"):
            behind.append(lines.pop())
        behind.reverse()
        self.start -= sum(map(len, behind))
        own = _own(behind, column, is_last=self.end == len(text))
        self.behind_own = self.start + sum(map(len, behind[:own]))


def _own(lines: list[str], column: int, *, is_last: bool) -> int:
    """How many of the blank lines and comments behind a list belong to it: comments to the right
    of its dashes; and those just below them, where a blank line or nothing follows."""
    own = 0
    for number, line in enumerate(lines, 1):
        if line.isspace():
            continue
        indent = len(line) - len(line.lstrip())
        if indent < column or (indent == column == 0):
            break
        own = number
    if own == 0 and column == 0:
        run = next((at for at, line in enumerate(lines) if line.isspace()), len(lines))
        own = run if is_last or run < len(lines) else 0
    return own


def _column(document: Document, items: Node) -> int:
    """How far the dashes of a list stand to the right."""
    for it in items.value:
        dash = _dash(document.file.text, items, it)
        if dash is not None:
            return document.file.position(dash)[1] - 1
    return document.file.position(document.content(items))[1] - 1


def _dash(text: str, items: Node, item: Node) -> int | None:
    """The offset of the dash before an item; None where a comment is between, and for an alias,
    which stands elsewhere."""
    if not items.start < item.start < items.end:
        return None
    before = item.start - 1
    while text[before].isspace():
        before -= 1
    return before if text[before] == "-" else None


def _style(document: Document, items: Node) -> Style:
    """As the last item has it that tells."""
    text = document.file.text
    style = Style()
    for item in items.value:
        dash = _dash(text, items, item)
        if dash is None:
            continue
        gap = text[dash + 1 : item.start]
        style.gap = gap if gap.strip(" ") == "" and gap else " "
        for key, value in item.pairs():
            is_block = value.kind is SEQUENCE and not text.startswith("[", document.content(value))
            if is_block and value.value and value.start > key.start:
                inner = _dash(text, value, value.value[0])
                start = document.file.position(document.content(value))[1]
                style.inner = max(0, start - document.file.position(key.start)[1])
                behind = text[inner + 1 : value.value[0].start] if inner is not None else ""
                style.inner_gap = behind if behind and behind.strip(" ") == "" else " "
    return style


def _spaced(document: Document, items: Node) -> bool:
    """Whether a blank line stands between the last two items."""
    if len(items.value) < 2:
        return False
    dash = _dash(document.file.text, items, items.value[-1])
    if dash is None:
        return False
    line = document.file.position(dash)[0] - 1
    while line > 1 and document.file.line_text(line).lstrip().startswith("#"):
        line -= 1
    return not document.file.line_text(line).strip()
