"""``# nosec`` comments as Bandit reads them, and what they silence.

Source: Bandit 1.9.4, ``bandit/core/manager.py`` (``NOSEC_COMMENT``, ``NOSEC_COMMENT_TESTS``,
``_parse_nosec_comment``, and what ``_parse_file`` tokenises), ``bandit/core/tester.py``
(``_get_nosecs_from_contexts``).
"""

from __future__ import annotations

import bisect
import re
import sys

from tenterhooks.bandit import parsing
from tenterhooks.bandit.guards import has_cookie

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from typing import Protocol

    class Finder(Protocol):
        """What knows the ids that the words of a comment stand for."""

        def find(self, word: str) -> str | None: ...


_NOSEC = re.compile(r"#\s*nosec:?\s*(?P<tests>[^#]+)?")
# Bandit has `(?:(B\d+|[a-z\d_]+),?)+` for a run of words, and of each run keeps the last word.
_RUN = re.compile(r"[a-z\d_]+(?:,[a-z\d_]+)*", re.IGNORECASE)
_PIECE = re.compile(r"B\d+|[a-z\d_]+", re.IGNORECASE)
# Strings, in which a "#" begins nothing, and comments.
_STRING_OR_COMMENT = (
    r'"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""'
    r"|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''"
    r'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
    r"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'"
    r"|#[^\n]*"
)
_BLANKS = re.compile(rb"[ \f\t]{50,}")
_MOST_LOOKS = 5_000_000  # 0.2 microseconds each
# So many words of a file are compared with the names of tests: it takes a millisecond each.
_MOST_GUESSES = 100


class Tests:
    """The tests there are. ids: all, ``B001`` too. names: name -> id."""

    def __init__(self, ids: Collection[str], names: Mapping[str, str]) -> None:
        self.ids = frozenset(ids)
        self.names = names
        self.prefixes = {id.rstrip("0123456789").upper() for id in self.ids}
        self._guesses: dict[str, str | None] = {}

    def find(self, word: str) -> str | None:
        """The id that a word of a comment stands for, as Bandit has it, or None."""
        return word if word in self.ids else self.names.get(word)

    def guess_id(self, word: str) -> str | None:
        """The id that is meant by a word that is none, or None."""
        upper = word.upper()
        # Ruff has Bandit's tests under the same numbers.
        ids = (upper, "B" + upper[1:]) if upper.startswith("S") else (upper,)
        return next((id for id in ids if id in self.ids), None)

    def guess_name(self, word: str) -> str | None:
        """The name that is meant by a word that is none, or None."""
        if "_" not in word or len(word) > 60:
            return None
        if word not in self._guesses and len(self._guesses) < _MOST_GUESSES:
            import difflib

            near = difflib.get_close_matches(word.lower(), self.names, 1, 0.8)
            self._guesses[word] = near[0] if near else None
        return self._guesses.get(word)


class Word:
    """One word behind ``nosec``. start, end: where it stands in the comment. test: the id that
    it stands for, or None. lost: Bandit does not look at it, for want of a blank behind it."""

    __slots__ = ("end", "lost", "start", "test", "text")

    def __init__(self, text: str, start: int, test: str | None, *, lost: bool) -> None:
        self.text = text
        self.start = start
        self.end = start + len(text)
        self.test = test
        self.lost = lost


class Nosec:
    """A nosec comment. line: 1-based. text: the whole comment, with what else is in it.
    start, end: the part of it that is the nosec's. listed: where the list of tests begins."""

    __slots__ = ("end", "line", "listed", "start", "text")

    def __init__(self, line: int, text: str, match: re.Match[str]) -> None:
        self.line = line
        self.text = text
        self.start = match.start()
        self.end = match.end()
        self.listed = match.start("tests") if match["tests"] else match.end()

    def words(self, tests: Finder) -> list[Word]:
        found = []
        for run in _RUN.finditer(self.text, self.listed, self.end):
            pieces = list(_PIECE.finditer(self.text, run.start(), run.end()))
            for piece in pieces:
                word, lost = piece.group(), piece is not pieces[-1]
                found.append(Word(word, piece.start(), tests.find(word), lost=lost))
        return found

    def silences(self, tests: Finder) -> set[str]:
        """The ids of the tests that it silences; empty: all."""
        return {word.test for word in self.words(tests) if word.test and not word.lost}

    @property
    def second(self) -> int | None:
        """Where a further nosec begins in the comment, which is not read."""
        match = _NOSEC.search(self.text, self.end)
        return match.start() if match else None


def parse(line: int, comment: str) -> Nosec | None:
    """What a comment says, or None where there is no nosec in it."""
    match = _NOSEC.search(comment)
    return Nosec(line, comment, match) if match else None


def comments(data: bytes) -> dict[int, Nosec]:
    """Line -> nosec comment of a Python source; as far as it can be tokenised."""
    found = {}
    try:
        for nosec in read(data):
            found[nosec.line] = nosec
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    return found


def read(data: bytes) -> Iterator[Nosec]:
    """The comments of a source. Raises what Python's tokenizer raises, but for a TokenError, at
    which Bandit keeps what it has seen so far; where it could take minutes over a source that
    the parser refuses, what the parser raises.

    Where lines end with a carriage return, a line of the tokenizer can have several comments: the
    last one counts, even if it says nothing.
    """
    import io
    import tokenize

    if _may_take_long(data):
        parsing.tree(data)
    last: Nosec | None = None
    try:
        for kind, text, (line, _), _, _ in tokenize.tokenize(io.BytesIO(data).readline):
            if kind != tokenize.COMMENT:
                continue
            if last is not None and last.line != line:
                yield last
            last = parse(line, text) if "nosec" in text else None
    except tokenize.TokenError:
        pass
    if last is not None:
        yield last


def _may_take_long(data: bytes) -> bool:
    """Whether the tokenizer could take longer than a second for a source that the parser refuses.
    Before 3.12 it looks at all blanks of a run again from each of them, where no token follows."""
    if sys.version_info >= (3, 12):
        return False
    return sum(len(run) ** 2 for run in _BLANKS.findall(data)) > _MOST_LOOKS


def is_plain(data: bytes) -> bool:
    """Whether ``of_parsed`` can read a source, if Python's parser takes it: no two of the parser,
    the tokenizer and a regular expression see lines or strings in another way."""
    # From 3.12 on a string may have strings in it, and the tokenizer is quick itself.
    if sys.version_info >= (3, 12) or has_cookie(data) or b"\r" in data or b"\f" in data:
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def of_parsed(data: bytes) -> Iterator[Nosec]:
    """What ``read`` gives, of a source that is plain and was parsed; twenty times as fast."""
    text = data.decode()
    line, seen = 1, 0
    for match in re.finditer(_STRING_OR_COMMENT, text, re.DOTALL):
        comment = match.group()
        if comment[0] == "#" and "nosec" in comment:
            line += text.count("\n", seen, match.start())
            seen = match.start()
            nosec = parse(line, comment)
            if nosec is not None:
                yield nosec


def first_within(lines: Sequence[int], order: Sequence[int]) -> int | None:
    """The first of ``lines`` that is among others, which are in rising order."""
    for line in lines:
        at = bisect.bisect_left(order, line)
        found = order[at] if at < len(order) else None
        # Of a range, one look tells all.
        if found == line or isinstance(lines, range):
            return found if found in lines else None
    return None


class Silence:
    """What the comments of a file silence.

    text: line -> the comment. tests: line -> the ids that it names; none means all.
    """

    __slots__ = ("_order", "tests", "text")

    def __init__(self) -> None:
        self.text: dict[int, str] = {}
        self.tests: dict[int, set[str]] = {}
        self._order: list[int] = []

    def take(self, comments: Iterator[Nosec], tests: Finder) -> None:
        """Take up the comments of a file. Raises what Python's tokenizer raises."""
        for nosec in comments:
            self.text[nosec.line] = nosec.text
            self.tests[nosec.line] = nosec.silences(tests)
            self._order.append(nosec.line)

    def covering(
        self, line: int | None, lines: Sequence[int], test: str
    ) -> tuple[list[int], bool] | None:
        """How a finding is silenced: (the comments' lines, whether by a comment without ids);
        None where it is not.

        line: where the test itself put the finding, if it did. lines: those of its node.
        """
        own = line if line in self.tests else None
        around = first_within(lines, self._order)
        places = [it for it in dict.fromkeys((own, around)) if it is not None]
        if not places:
            return None
        if not any(self.tests[it] for it in places):
            return places, True
        places = [it for it in places if test in self.tests[it]]
        return (places, False) if places else None
