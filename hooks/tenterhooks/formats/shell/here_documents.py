"""Here-documents: announced by ``<<`` and a mark, they begin behind the next line end."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.formats.shell.reader import Reader
    from tenterhooks.formats.shell.words import Redirect


def announce(reader: Reader, redirect: Redirect) -> None:
    """Wait for what belongs to ``redirect``, if that has a mark."""
    target = redirect.target
    if target.end > target.start:
        target.literal = reader.text[target.start : target.end] != target.text
        redirect.body, redirect.body_start = "", reader.end
        reader.source.waiting.append(redirect)


def read(reader: Reader) -> None:
    """Read those that were announced before the line end just passed."""
    for redirect in reader.source.waiting:
        start = min(reader.at, reader.end)
        stop = _pass(reader, start, redirect.target.text, redirect.operator[-1] == "-")
        redirect.body, redirect.body_start = reader.text[start:stop], start
    reader.source.waiting.clear()


def _pass(reader: Reader, stop: int, mark: str, is_indented: bool) -> int:
    """Go behind the line that holds ``mark`` alone; returns where that line begins."""
    while stop < reader.end:
        line_end = reader.line_end(stop)
        line = reader.text[stop:line_end].rstrip("\r")
        reader.at = min(line_end + 1, reader.end)
        if mark == (line.lstrip("\t") if is_indented else line):
            break
        stop = reader.at
    return stop
