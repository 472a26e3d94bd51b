"""Requirements files, line by line as pip reads them, with the place of everything in them.

Source: pip 26.3, ``pip/_internal/req/req_file.py`` and ``cli/cmdoptions.py``: what joins lines,
what a comment is, where options begin, and which options there are. pip is the oracle of the
tests. What pip makes of environment variables (``${NAME}``) is left as it stands, and so is
which ``--use-feature`` a pip knows.
"""

from __future__ import annotations

import codecs
from bisect import bisect_left, bisect_right

from tenterhooks.core.files import Unreadable
from tenterhooks.core.patterns import lazy
from tenterhooks.formats.requirement_options import options, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File

_LINE_ENDS = lazy("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_EDITORS_ENDS = lazy("\r\n|\n|\r")
_CODING = lazy(rb"coding[:=]\s*([-\w.]+)")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
)
# Python has these, no file is written in them, and some take quadratic time.
_NO_CHARSETS = {"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined"}

_FIRST_OPTION = lazy("(?:^| )-")


class Line:
    """One logical line: what was joined by backslashes, without its comment.

    start: where its first character stands in the file.
    arguments: what stands before the first option: a requirement, or nothing.
    options: name -> values, in order; long names. error: what pip would refuse, or None.
    """

    __slots__ = ("_pieces", "arguments", "error", "options", "start", "text")

    def __init__(self, text: str, pieces: list[tuple[int, int]]) -> None:
        self.text = text
        self._pieces = pieces
        self.start = self.offset(0)
        self.arguments = ""
        self.options: dict[str, list[str]] = {}
        self.error: str | None = None

    def offset(self, index: int) -> int:
        """Where the character at ``index`` of ``text`` stands in the file."""
        piece = bisect_left(self._pieces, (index + 1, -1)) - 1
        begin, place = self._pieces[piece]
        return place + index - begin

    @property
    def requirement(self) -> str | None:
        """The requirement, or what ``-e`` names; None for a line of options."""
        editable = self.options.get("--editable")
        return self.arguments or (editable[0] if editable else None)

    @property
    def is_editable(self) -> bool:
        return "--editable" in self.options

    @property
    def hashes(self) -> list[str]:
        """The values of ``--hash`` as pip takes them, ``sha256:...``."""
        return self.options.get("--hash", [])

    def place_of(self, word: str) -> int:
        """Where a value of an option stands in the file; the start of the line if it is not
        written there as it was read."""
        index = self.text.find(word, len(self.arguments))
        return self.offset(index) if index >= 0 else self.start

    @property
    def include(self) -> tuple[str, bool] | None:
        """The file that ``-r`` or ``-c`` names, and whether it holds constraints. pip looks at
        the first of each only, and at ``-r`` before ``-c``."""
        if self.requirement is None:
            for name in ("--requirement", "--constraint"):
                if name in self.options:
                    return self.options[name][0], name == "--constraint"
        return None


class Requirements:
    """A requirements file. text: as decoded. lines: the logical ones that say something."""

    def __init__(self, file: File, text: str, lines: list[Line]) -> None:
        self.file = file
        self.text = text
        self.lines = lines
        self._starts: list[int] = []

    @property
    def is_utf8(self) -> bool:
        """Whether offsets in ``text`` are those of the file's own text."""
        try:
            return self.file.text is self.text
        except Unreadable:
            return False

    def position(self, offset: int) -> tuple[int, int]:
        """1-based line and column, as an editor counts them."""
        if self.is_utf8:
            return self.file.position(offset)
        if not self._starts:
            self._starts = [0, *(end.end() for end in _EDITORS_ENDS.finditer(self.text))]
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def load(file: File) -> Requirements:
    """Read a requirements file. Raises Unreadable: not text."""
    return file.once(_load)


def _load(file: File) -> Requirements:
    text = _decode(file)
    lines = list(_logical(text))
    for line in lines:
        _split(line)
    return Requirements(file, text, lines)


def _decode(file: File) -> str:
    data = file.data
    bom, encoding = next((it for it in _BOMS if data.startswith(it[0])), (b"", ""))
    if not encoding:
        for line in data.split(b"\n", 2)[:2]:
            declared = _CODING.search(line) if line.startswith(b"#") else None
            if declared:
                encoding = declared.group(1).decode("ascii")
                break
    if encoding.lower() in ("", "utf-8", "utf8"):
        return file.text
    try:
        if codecs.lookup(encoding).name not in _NO_CHARSETS:
            return data[len(bom) :].decode(encoding)
    except (LookupError, UnicodeError):
        pass
    raise Unreadable(f"is not {encoding}, which it says it is")


def _physical(text: str) -> Iterator[tuple[int, str]]:
    """Offset and text of each line without its end, where ``str.splitlines`` would split."""
    start = 0
    for end in _LINE_ENDS.finditer(text):
        yield start, text[start : end.start()]
        start = end.end()
    if start < len(text):
        yield start, text[start:]


def _logical(text: str) -> Iterator[Line]:
    """A backslash at the end joins the next line; a line that is all comment ends the joining,
    and whatever the joined line had to say behind it is lost."""
    parts: list[str] = []
    places: list[int] = []
    for offset, line in _physical(text):
        is_comment = line.lstrip().startswith("#")
        if line.endswith("\\") and not is_comment:
            bare = line.lstrip("\\")
            places.append(offset + len(line) - len(bare))
            parts.append(bare.rstrip("\\"))
            continue
        # The blank keeps a comment behind a joined line a comment.
        parts.append(" " + line if is_comment else line)
        places.append(offset - 1 if is_comment else offset)
        yield from _said(parts, places)
        parts, places = [], []
    if parts:
        yield from _said(parts, places)


def _said(parts: list[str], places: list[int]) -> Iterator[Line]:
    joined = "".join(parts)
    pieces = []
    begin = 0
    for part, place in zip(parts, places, strict=True):
        pieces.append((begin, place))
        begin += len(part)
    kept = joined[: _comment(joined)]
    bare = kept.strip()
    if bare:
        cut = len(kept) - len(kept.lstrip())
        yield Line(bare, [(begin - cut, place) for begin, place in pieces])


def _comment(text: str) -> int:
    """Where the comment begins: at a hash behind a blank, or at the start; else the length."""
    found = text.find("#")
    while found > 0 and not text[found - 1].isspace():
        found = text.find("#", found + 1)
    return found if found >= 0 else len(text)


def _split(line: Line) -> None:
    """Requirement before, options behind: they begin at the first word with a dash, where only
    single blanks part words."""
    first = _FIRST_OPTION.search(line.text)
    if first is None:
        line.arguments = line.text
        return
    line.arguments = line.text[: first.start()]
    try:
        line.options = options(words(line.text[first.end() - 1 :]))
    except ValueError as error:
        line.error = str(error)
