"""Rows in columns, as wide as there is room for."""

from __future__ import annotations

from tenterhooks.everything.words import Word, fill, lines, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tenterhooks.core.colours import Palette

    Row = list[list[Word]]

_GAP = 2
# A table with more columns than this is none that anybody reads.
_COLUMNS = 8
_NOTHING = Word("", 0)


def table(rows: Sequence[Sequence[str]], palette: Palette, room: int) -> Iterator[str]:
    """A table of Markdown text. The first row is its head; where that is empty, the first column
    says what the others are of. Each row below the other, if there is no room for columns."""
    count = min(max(len(row) for row in rows), _COLUMNS)
    # What is beyond the last column belongs to it.
    squared = [[*row[: count - 1], " ".join(row[count - 1 :])] for row in rows]
    has_head = any(squared[0])
    made: list[Row] = [
        [
            words(cell, palette, room // 2, _paint(palette, number, column, has_head=has_head))
            for column, cell in enumerate([*row, *[""] * (count - len(row))])
        ]
        for number, row in enumerate(squared)
    ]
    if not has_head:
        del made[0]
    widths = _widths(made, count, room)
    if widths is None:
        yield from _stacked(made, room)
        return
    for number, row in enumerate(made):
        yield from columns(row, widths)
        if has_head and number == 0:
            yield (" " * _GAP).join(palette.dim("-" * width) for width in widths)


def columns(row: Sequence[Sequence[Word]], widths: Sequence[int]) -> Iterator[str]:
    """The lines of one row."""
    cells = [list(lines(cell, width)) for cell, width in zip(row, widths, strict=True)]
    for number in range(max(map(len, cells))):
        line = ""
        for cell, width in zip(cells, widths, strict=True):
            part = cell[number] if number < len(cell) else _NOTHING
            line += part.painted + " " * (width - part.width + _GAP)
        yield line.rstrip()


def _paint(
    palette: Palette, row: int, column: int, *, has_head: bool
) -> Callable[[str], str] | None:
    if has_head:
        return palette.bold if row == 0 else None
    return palette.dim if column == 0 else None


def _length(cell: Sequence[Word]) -> int:
    return sum(word.width for word in cell) + max(len(cell) - 1, 0)


def _widths(rows: Sequence[Row], count: int, room: int) -> list[int] | None:
    """The widths of the columns: those that they need, else less for the widest. None where the
    words are too wide for that."""
    room -= _GAP * (count - 1)
    least = [
        max((word.width for row in rows for word in row[it]), default=0) for it in range(count)
    ]
    widths = [min(max((_length(row[it]) for row in rows), default=0), room) for it in range(count)]
    if sum(least) > room:
        return None
    while sum(widths) > room:
        wide = [it for it in range(count) if widths[it] > least[it]]
        widths[max(wide, key=widths.__getitem__)] -= 1
    return widths


def _stacked(rows: Sequence[Row], room: int) -> Iterator[str]:
    """The cells of a row below each other."""
    for number, row in enumerate(rows):
        if number:
            yield ""
        for cell in row:
            yield from fill(cell, room)
