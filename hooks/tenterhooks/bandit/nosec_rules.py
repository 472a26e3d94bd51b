"""nosec comments held to what they claim: that there is such a test, and something to suppress."""

from __future__ import annotations

import re

from tenterhooks.bandit.nosec import first_within, parse
from tenterhooks.bandit.rules import BLANKET, UNKNOWN, UNUSED
from tenterhooks.core.files import Unreadable
from tenterhooks.core.finding import Edit, Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tenterhooks.bandit.model import Result
    from tenterhooks.bandit.nosec import Nosec, Tests, Word
    from tenterhooks.core.files import File
    from tenterhooks.core.finding import Rule

_LIKE_AN_ID = re.compile(r"([A-Za-z]{1,8})[0-9]{3,6}")
_BLANKS = " \t\f"
_SEPARATORS = _BLANKS + ",:"
# Every finding of a blacklist bears it in the place of the test's name; nosec does not know it.
_NO_NAME = "blacklist"
# The blacklists themselves. What they find bears other ids.
_NO_FINDINGS = "B001"


def check(
    file: File, result: Result, tests: Tests, ran: Collection[str], off: Collection[str] = ()
) -> Iterator[Finding]:
    """What is wrong with the nosec comments of a file.

    result: of that file, before any filter by severity, baseline or changed lines; with every
    suppressed finding credited to each comment that names it. ran: the ids of the tests that were
    looked for in the file; of another one no comment is called unused. off: those that nobody
    expects to be looked for in it, so that a comment without ids can be unused all the same.
    """
    if result.failure is None and result.comments:
        scene = _Scene(file, result, tests, ran, off)
        for line in sorted(result.comments):
            nosec = parse(line, result.comments[line])
            if nosec is not None:
                yield from _Case(scene, nosec).findings()


class _Scene:
    """What all comments of a file share. text: empty where its lines and Python's may differ."""

    def __init__(
        self,
        file: File,
        result: Result,
        tests: Tests,
        ran: Collection[str],
        off: Collection[str],
    ) -> None:
        self.path = file.path
        self.tests = tests
        # Bandit's own manager, where it stands in for the driver, counts, and does not say which.
        is_told = result.suppressed or not (result.nosec or result.skipped_tests)
        self.ran = {*(ran if is_told else ()), _NO_FINDINGS}
        self.ran_all = tests.ids <= self.ran.union(off)
        try:
            self.text = file.text
        except Unreadable:
            self.text = ""
        if self.text.count("\r") != self.text.count("\r\n"):
            self.text = ""
        self.starts = [0, *(end.end() for end in re.finditer("\n", self.text)), len(self.text)]
        self._result = result
        self._silenced: dict[int, set[str]] = {}
        for line, test in result.suppressed:
            self._silenced.setdefault(line, set()).add(test)
        self._loud: dict[int, set[str]] | None = None

    def silenced(self, line: int) -> set[str]:
        """The ids of what the comment of a line has silenced."""
        return self._silenced.get(line, set())

    def loud(self, line: int) -> set[str]:
        """The ids of what it has not silenced, and would if it named them. Bandit looks at the
        line of a finding, and at the first line of its code that has a comment."""
        if self._loud is None:
            self._loud = {}
            order = sorted(self._result.comments)
            for issue in self._result.issues:
                first = first_within(issue.span, order) or 0
                for place in (issue.line, first):
                    self._loud.setdefault(place, set()).add(issue.test_id)
        return self._loud.get(line, set())

    def place(self, nosec: Nosec) -> int | None:
        """Where a comment begins in the text; None where that cannot be told."""
        if nosec.line >= len(self.starts):
            return None
        start, end = self.starts[nosec.line - 1 : nosec.line + 1]
        line = self.text[start:end].rstrip("\r\n")
        return start + len(line) - len(nosec.text) if line.endswith(nosec.text) else None


class _Case:
    """One comment and its words. live: the ids that it silences, none of them: all."""

    def __init__(self, scene: _Scene, nosec: Nosec) -> None:
        self.scene = scene
        self.nosec = nosec
        self.place = scene.place(nosec)
        self.silenced = scene.silenced(nosec.line)
        self.words = nosec.words(scene.tests)
        self.gaps = self._gaps()
        self.live = {word.test for word in self.words if word.test and not word.lost}
        self.widely = "" if self.live else ", so that this comment silences every test"
        self.listed = self._listed()
        self.lost = [
            word for word in self.words if word.lost and word.test and word.test not in self.live
        ]
        idle = self.scene.ran - self.silenced
        self.unused = [word for word in self.listed if not word.lost and word.test in idle]

    def _gaps(self) -> list[str]:
        """What stands before each word."""
        starts = [self.nosec.listed, *(word.end for word in self.words)]
        return [
            self.nosec.text[start : word.start]
            for start, word in zip(starts, self.words, strict=False)
        ]

    def _listed(self) -> list[Word]:
        """The words that are meant as tests. Among those behind are names such as ``pickle``,
        which are read as tests, and meant as prose."""
        tests = self.scene.tests
        no_prose = all(word.test for word in self.words)
        listed, is_list = [], True
        for word, gap in zip(self.words, self.gaps, strict=True):
            is_plain = word.test is not None and word.text.isalpha()
            is_list = is_list and not gap.strip(_SEPARATORS) and (no_prose or not is_plain)
            if is_list or word.text in tests.ids:
                listed.append(word)
            is_list = is_list and bool(
                word.test
                or _LIKE_AN_ID.fullmatch(word.text)
                or tests.guess_id(word.text)
                or tests.guess_name(word.text)
            )
        return listed

    def findings(self) -> Iterator[Finding]:
        unknown = [*self._glued(), *self._unread(), *self._unknown(), *self._second()]
        yield from unknown
        if self.live:
            yield from self._unused()
        else:
            yield from self._blanket()
            if not unknown:
                yield from self._unused_blanket()

    def _at(
        self, index: int, rule: Rule, message: str, fix: str, edit: Edit | None = None
    ) -> Finding:
        """A finding at a place in the comment."""
        column = 1
        if self.place is not None:
            column += self.place - self.scene.starts[self.nosec.line - 1] + index
        edits = () if edit is None else (edit,)
        return Finding(self.scene.path, self.nosec.line, column, rule.name, message, fix, edits)

    def _glued(self) -> Iterator[Finding]:
        nosec = self.nosec
        first = self.words[0] if self.words else None
        if first and not first.test and nosec.text[: first.start].endswith("nosec"):
            message = f"nosec{first.text} is read as nosec{self.widely}"
            yield self._at(nosec.start, UNKNOWN, message, "choose another word")

    def _unread(self) -> Iterator[Finding]:
        """Ids that are lost to a missing blank."""
        if not self.lost:
            return
        # Where some are unused as well, both are mended by the one edit that those bring.
        edit = self._mended() if self.live and not self.unused else None
        for word in self.lost:
            message = f"{word.text} is not read, for want of a blank behind it{self.widely}"
            gone = self._is_of_no_use(word)
            fix = f"take {word.text} out" if gone else "write a blank behind each comma"
            yield self._at(word.start, UNKNOWN, message, fix, edit)

    def _is_of_no_use(self, word: Word) -> bool:
        """Whether a lost word would silence nothing if it were read."""
        return word.test in self.scene.ran - self.scene.loud(self.nosec.line) - self.silenced

    def _unknown(self) -> Iterator[Finding]:
        tests = self.scene.tests
        listed = {word.start for word in self.listed}
        for word in self.words:
            if word.test:
                continue
            guess = tests.guess_id(word.text)
            if not guess and word.start in listed:
                guess = tests.guess_name(word.text)
            if guess or self._is_meant(word):
                fix = f"write {guess}" if guess else "name the test by the id of its findings"
                yield self._at(word.start, UNKNOWN, f"{word.text} is no test{self.widely}", fix)

    def _is_meant(self, word: Word) -> bool:
        """Whether a word is meant as a test, and not as prose: RFC1918, MD5."""
        like = _LIKE_AN_ID.fullmatch(word.text)
        is_first = self.listed[:1] == [word] == self.words[:1]
        if like and (is_first or like[1].upper() in self.scene.tests.prefixes):
            return True
        return is_first and word.text.lower() == _NO_NAME

    def _second(self) -> Iterator[Finding]:
        second = self.nosec.second
        if second is not None:
            message = "a second nosec in one comment is not read"
            yield self._at(second, UNKNOWN, message, "name all tests behind the first")

    def _blanket(self) -> Iterator[Finding]:
        ids = ", ".join(sorted(self.silenced))
        fix = f"write # nosec {ids}" if ids else "name the tests that it is for"
        yield self._at(self.nosec.start, BLANKET, "this comment silences every test", fix)

    def _unused_blanket(self) -> Iterator[Finding]:
        if not self.silenced and self.scene.ran_all:
            edit = None if self.words or self._has_prose() else self._removal()
            message = "this comment suppresses nothing"
            yield self._at(self.nosec.start, UNUSED, message, "remove it", edit)

    def _unused(self) -> Iterator[Finding]:
        edit = self._mended() if self.unused else None
        for word in self.unused:
            message = f"there is no {word.text} here to be suppressed"
            fix = f"take {word.text} out of the comment, or remove the comment"
            yield self._at(word.start, UNUSED, message, fix, edit)

    def _mended(self) -> Edit | None:
        """The list with its blanks, and without what is of no use; None where other words stand
        among the ids, which then might make no sense."""
        known = [word for word in self.words if word.test]
        if self.place is None or known != self.words[: len(known)]:
            return None
        if any(not gap or gap.strip(_SEPARATORS) for gap in self.gaps[1 : len(known)]):
            return None
        gone = {*self.unused, *(word for word in self.lost if self._is_of_no_use(word))}
        kept = []
        for gap, word in zip(self.gaps, known, strict=False):
            if word not in gone:
                kept += [", " if gap == "," else gap, word.text]
        if not kept:
            is_all = len(known) == len(self.words) and not self._has_prose()
            return self._removal() if is_all else None
        text = "".join(kept[1:])
        return Edit(self.place + known[0].start, self.place + known[-1].end, text)

    def _has_prose(self) -> bool:
        """Whether something is said that has no ASCII letter, which Bandit takes for no word."""
        end = self.words[-1].end if self.words else self.nosec.listed
        return any(map(str.isalnum, "".join([*self.gaps, self.nosec.text[end : self.nosec.end]])))

    def _removal(self) -> Edit | None:
        """The comment without its nosec; the line without the comment; or no line at all."""
        nosec, scene = self.nosec, self.scene
        if self.place is None or nosec.second is not None:
            return None
        start = nosec.start if nosec.text[: nosec.start].strip("#" + _BLANKS) else 0
        if nosec.end < len(nosec.text):
            return Edit(self.place + start, self.place + nosec.end, "")
        begin, after = scene.starts[nosec.line - 1 : nosec.line + 1]
        before = len(scene.text[begin : self.place + start].rstrip(_BLANKS))
        if before:
            return Edit(begin + before, self.place + len(nosec.text), "")
        # Were there a line less at the top, the third line might declare an encoding.
        return Edit(begin, after, "") if nosec.line > 2 else None
