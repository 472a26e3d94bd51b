"""Running text: the marks inside a line of Markdown made words, and words made lines.

Only the marks that our pages use: code, bold, emphasis, links.
"""

from __future__ import annotations

import posixpath
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tenterhooks.core.colours import Palette

    # Text, its colour, and whether it may be broken at its blanks.
    Piece = tuple[str, Callable[[str], str], bool]

# Nothing in it crosses its own opening sign, so that each character is looked at a few times only.
_MARK = re.compile(
    r"`([^`]+)`|\*\*([^*]+)\*\*|(?<![\w*])\*([^\s*][^*]*)\*|\[([^\[\]]*)\]\(([^()\s]*)\)"
)


class Word:
    """What is not broken over two lines, or a whole line.

    painted: with its colours. width: in columns, which colours hide.
    """

    __slots__ = ("painted", "width")

    def __init__(self, painted: str, width: int) -> None:
        self.painted = painted
        self.width = width


def words(
    text: str, palette: Palette, room: int, paint: Callable[[str], str] | None = None
) -> list[Word]:
    """One paragraph of Markdown, in which blanks and line ends are the same.

    room: how many columns its lines will have; code that is short beside that is kept together.
    paint: the colour of what has none.
    """
    plain = paint or _unpainted
    return list(_split(_pieces(" ".join(text.split()), palette, room // 2, plain)))


def fill(words: Iterable[Word], room: int) -> Iterator[str]:
    """Lines of at most ``room`` columns, but for a word that is wider."""
    return (line.painted for line in lines(words, room))


def lines(words: Iterable[Word], room: int) -> Iterator[Word]:
    """The same, each with its width."""
    line: list[str] = []
    used = 0
    for word in words:
        if line and used + 1 + word.width > room:
            yield Word(" ".join(line), used)
            line, used = [], 0
        used += word.width + bool(line)
        line.append(word.painted)
    if line:
        yield Word(" ".join(line), used)


def page_name(address: str) -> str | None:
    """What ``explain`` calls the page that a link leads to; None where it leads elsewhere."""
    path = address.partition("#")[0]
    if "://" in path or not path.endswith(".md"):
        return None
    folder, name = posixpath.split(path)
    return name.removesuffix(".md") if name != "README.md" else posixpath.basename(folder) or None


def _unpainted(text: str) -> str:
    return text


def _pieces(
    text: str, palette: Palette, short: int, plain: Callable[[str], str]
) -> Iterator[Piece]:
    end = 0
    for mark in _MARK.finditer(text):
        yield text[end : mark.start()], plain, True
        end = mark.end()
        code, strong, stressed, shown, address = mark.groups()
        if code is not None:
            quoted = _quoted(code, palette) if mark.end() - mark.start() < len(text) else code
            yield quoted, palette.cyan, len(quoted) > short
        elif address is not None:
            yield _unmarked(shown), plain, True
            yield _where(_unmarked(shown), address), plain, True
        else:
            yield _unmarked(strong or stressed), palette.bold, True
    yield text[end:], plain, True


def _quoted(code: str, palette: Palette) -> str:
    """Code that would be read as a part of the sentence needs bounds, where no colour shows
    them."""
    is_clear = " " not in code and not code.isalpha() and code[-1] not in ".,:;"
    if is_clear or palette.cyan(code) != code:
        return code
    quote = '"' if "'" in code else "'"
    return f"{quote}{code}{quote}"


def _unmarked(text: str) -> str:
    return text.replace("`", "")


def _where(shown: str, address: str) -> str:
    """What is to be said of a link beside its text."""
    name = page_name(address)
    if name is None:
        return "" if address == shown else f" ({address})"
    return "" if name == shown else f" (see {name})"


def _split(pieces: Iterable[Piece]) -> Iterator[Word]:
    """Words; pieces without a blank between them are one."""
    painted: list[str] = []
    width = 0
    for text, paint, may_break in pieces:
        for number, part in enumerate(text.split(" ") if may_break else [text]):
            if number and painted:
                yield Word("".join(painted), width)
                painted, width = [], 0
            if part:
                painted.append(paint(part))
                width += len(part)
    if painted:
        yield Word("".join(painted), width)
