"""What stands behind a reserved word of a POSIX shell before the next command: ``for x in a b``.

Each function gets a reader that is just behind the word.
"""

from __future__ import annotations

from tenterhooks.core.patterns import lazy
from tenterhooks.formats.shell.reader import Reader
from tenterhooks.formats.shell.words import Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.formats.shell.posix_words import PosixWords


def read(reader: PosixWords, reserved: str) -> None:
    """Go behind what belongs to ``reserved`` alone."""
    _HEADS[reserved](reader)


def pattern(reader: PosixWords) -> None:
    """Go behind a pattern of ``case``; stay before the ``esac`` that stands in its place."""
    reader.space()
    if reader.at < reader.end and reader.text[reader.at] == "(":
        reader.at += 1
    while reader.skip():
        char = reader.text[reader.at]
        if char in ";\n" or _ESAC.match(reader.text, reader.at, reader.end):
            return
        if char in "()|&<>":
            reader.at += 1
            if char == ")":
                return
        else:
            reader.word()


def _case(reader: PosixWords) -> None:
    reader.skip()
    reader.word()
    reader.space()
    if reader.text.startswith("in", reader.at, reader.end):
        reader.at += 2
        reader.opened.append("case")
        pattern(reader)


def _esac(reader: PosixWords) -> None:
    if reader.opened[-1:] == ["case"]:
        reader.opened.pop()


def _for(reader: PosixWords) -> None:
    """The words of ``for x in a b``, which run nothing by themselves."""
    text = reader.text
    while reader.skip():
        if text.startswith("((", reader.at) and reader.arithmetic(reader.at):
            continue
        if reader.operators.match(text, reader.at, reader.end) or text[reader.at] in "<>#":
            return
        word = reader.word()
        if text[word.start : word.end] == "do":
            return


def _function(reader: PosixWords) -> None:
    reader.skip()
    reader.word()


def _test(reader: PosixWords) -> None:
    """``[[ ... ]]`` as a command of its own: there, operators are words."""
    reader.command.cover(reader.at - 2, reader.at)
    reader.command.words.append(Word("[[", reader.at - 2, reader.at))
    if reader.source.find("]]", reader.at, reader.end) < 0:
        return
    plain, reader.plain = reader.plain, _IN_TEST
    while reader.space() and not _TEST_END.match(reader.text, reader.at, reader.end):
        Reader.add(reader, reader.word())
    reader.plain = plain


def _time(reader: PosixWords) -> None:
    found = _TIME_OPTION.match(reader.text, reader.at, reader.end)
    reader.at = found.end() if found else reader.at


_HEADS = {
    "case": _case,
    "esac": _esac,
    "for": _for,
    "function": _function,
    "select": _for,
    "time": _time,
    "[[": _test,
}
_ESAC = lazy(r"esac(?![^\s;&|()])")
_IN_TEST = lazy(r"[^\s'\"`\\$]+")
_TEST_END = lazy(r"\]\](?![^\s;&|()])")
_TIME_OPTION = lazy(r"[ \t]+-p(?=\s)")
