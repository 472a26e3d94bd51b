"""What will be written, what that means, and the question whether to."""

from __future__ import annotations

import sys
from collections import Counter

from tenterhooks.core import colours
from tenterhooks.core.engine import UNCHECKED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tenterhooks.everything.adopt.accepting import Plan, Table
    from tenterhooks.everything.adopt.drafts import Draft

_NO_END = "\\ No newline at end of file"


def diff(drafts: Sequence[Draft]) -> Iterator[str]:
    """All drafts as one unified diff, coloured where standard output takes it."""
    palette = colours.Palette(colours.wanted(sys.stdout))
    paint = {"+": palette.green, "-": palette.red, "@": palette.cyan}
    for draft in drafts:
        for number, line in enumerate(_lines(draft)):
            text = printable(line)
            yield palette.bold(text) if number < 2 else paint.get(line[:1], str)(text)


def _lines(draft: Draft) -> Iterator[str]:
    import difflib

    name = draft.file.shown
    pieces = difflib.unified_diff(
        _split(draft.before),
        _split(draft.text),
        "/dev/null" if draft.is_new else name,
        name,
        lineterm="",
    )
    for number, piece in enumerate(pieces):
        yield piece.removesuffix("\n").removesuffix("\r")
        if number > 1 and not piece.endswith("\n") and piece[:1] != "@":
            yield _NO_END


def _split(text: str) -> list[str]:
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def printable(text: str) -> str:
    """A line as it stands in a file, but for what would steer a terminal, or what standard output
    has no code for."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    seen = "".join(
        it
        if it.isprintable() or it == "\t"
        else it.encode("unicode_escape", "backslashreplace").decode()
        for it in text
    )
    return seen.encode(encoding, "backslashreplace").decode(encoding)


def meaning(plan: Plan) -> Iterator[str]:
    """What the acceptances of a plan mean, a line each."""
    if plan.new:
        yield _accepted(plan.new)
        width = max(len(table["rule"]) for table in plan.new)
        for table in plan.new:
            number, files = sum(table["paths"].values()), len(table["paths"])
            yield f"  {number:6}  {table['rule']:{width}}  in {_count(files, 'file')}"
    changed = [
        (plan.raised, "accepts more findings than before, until the day it had"),
        (plan.lowered, "accepts fewer findings than before"),
        (plan.gone, "met nothing any more, and goes"),
    ]
    for number, told in changed:
        if number:
            yield f"{_count(number, 'path')} that had an acceptance: {told}"


def _accepted(tables: Sequence[Table]) -> str:
    number = sum(sum(table["paths"].values()) for table in tables)
    files = {path for table in tables for path in table["paths"]}
    until = tables[0]["until"]
    what = f"{_count(number, 'finding')} of {_count(len(tables), 'rule')}"
    return f"Accepted until {until}: {what} in {_count(len(files), 'file')}"


def notes(plan: Plan) -> Iterator[str]:
    """What is to be known beside, a line each."""
    unread = Counter[str]()
    for table in plan.new:
        if table["rule"] in UNCHECKED:
            unread.update(table["paths"].keys())
    if unread:
        yield (
            f"{_count(len(unread), 'file')} cannot be read ({', '.join(sorted(unread)[:3])}"
            f"{', ...' if len(unread) > 3 else ''}): as long as that is accepted, nothing in "
            f"{'them' if len(unread) > 1 else 'it'} is checked"
        )
    if plan.expired:
        yield (
            f"{_count(plan.expired, 'finding')} had an acceptance that is over, and will be "
            "reported: mend them, or give them the new day with --renew"
        )
    for path in plan.not_utf8:
        yield f"{path}: TOML has no spelling of a path that is not UTF-8; what is found there stays"


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def may_ask() -> bool:
    """Whether there is someone to ask."""
    return colours.is_terminal(sys.stdin) and colours.is_terminal(sys.stdout)


def agreed() -> bool:
    """Ask whether to write."""
    # input() would put the question on standard error, behind what is read there.
    print("Write this? [y/N] ", end="", flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
