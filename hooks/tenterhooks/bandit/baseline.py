"""The findings that are known already, in a file: so many of a test, on lines of one content.

One key a line and ``version`` behind them, so that branches which add or remove findings merge::

    {
      "src/app.py: B602: 9f86d081884c7d65": 2,
      "version": 1
    }

A report of ``bandit -f json`` is read as well.
"""

from __future__ import annotations

import functools
import os
import posixpath
import re

from tenterhooks.bandit.rules import STALE
from tenterhooks.core import edits
from tenterhooks.core.config import ConfigError
from tenterhooks.core.file import LINE_END
from tenterhooks.core.files import Unreadable
from tenterhooks.core.finding import Edit, Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from tenterhooks.bandit.model import Issue
    from tenterhooks.core.files import File, Repository

    Key = tuple[str, str, str]

VERSION = 1

_DIGEST = re.compile(r"[0-9a-f]{16}")


class BrokenBaseline(ConfigError):
    """A baseline that cannot be taken at its word; the text begins with its place."""


class Entry:
    """So many findings that are one to the baseline. key: path, test and digest of the line.
    where: the path of its first mention in the document."""

    __slots__ = ("count", "key", "where")

    def __init__(self, key: Key, count: int, where: tuple[str | int, ...]) -> None:
        self.key = key
        self.count = count
        self.where = where


class Baseline:
    """Key -> entry. file: where it was read from. is_ours: it is in our form."""

    def __init__(self, file: File | None = None, *, is_ours: bool = True) -> None:
        self.entries: dict[Key, Entry] = {}
        self.file = file
        self.is_ours = is_ours

    def add(self, key: Key, count: int, where: tuple[str | int, ...] = ()) -> None:
        if key in self.entries:
            self.entries[key].count += count
        else:
            self.entries[key] = Entry(key, count, where)


# A long line can have thousands of findings.
@functools.lru_cache(maxsize=64)
def digest(line: str) -> str:
    """What a line of code is known by. How it is indented and spaced does not matter."""
    import hashlib

    content = " ".join(line.split()).encode("utf-8", "surrogatepass")
    return hashlib.sha256(content).hexdigest()[:16]


def source_lines(data: bytes) -> list[str]:
    """The lines of a Python source, decoded and divided as Python does it."""
    encoding = "utf-8-sig"
    if b"coding" in b"".join(data.split(b"\n", 2)[:2]):
        import io
        import tokenize

        try:
            encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
        except SyntaxError:
            pass
    try:
        text = data.decode(encoding, "replace")
    except (LookupError, UnicodeError):
        text = data.decode("latin-1")
    return LINE_END.split(text)


def read(repository: Repository, file: File) -> Baseline:
    """The baseline in ``file``, which must be there. Raises BrokenBaseline."""
    from tenterhooks.formats import json

    try:
        document = json.load(file)
    except Unreadable as error:
        raise _broken(file, (error.line, error.column), error.message) from None
    if isinstance(document, dict) and isinstance(document.get("results"), list):
        return _imported(repository, file, document["results"])
    if not isinstance(document, dict) or "version" not in document:
        what = "is no baseline: neither one of ours, nor a JSON report of Bandit"
        raise _broken(file, (1, 1), what)
    if document["version"] != VERSION:
        place = json.locate(file, ("version",))
        raise _broken(file, place, f"is a baseline of a version other than {VERSION}")
    return _ours(file)


def _broken(file: File, place: tuple[int, int], what: str) -> BrokenBaseline:
    return BrokenBaseline(f"{file.shown}:{place[0]}:{place[1]}: {what}")


def _ours(file: File) -> Baseline:
    import json

    from tenterhooks.formats.json import locate

    baseline = Baseline(file)
    # As pairs, for a careless merge may leave a key twice.
    for name, count in json.loads(file.text, object_pairs_hook=list):
        if name == "version":
            continue
        key = tuple(name.rsplit(": ", 2))
        is_key = len(key) == 3 and all(key) and _DIGEST.fullmatch(key[2])
        if not is_key or type(count) is not int or count < 1:
            what = "must be a path, a test and a digest, with a count"
            raise _broken(file, locate(file, (name,)), what)
        if key in baseline.entries:
            raise _broken(file, locate(file, (name,)), "stands twice")
        baseline.add(key, count, (name,))
    return baseline


def _imported(repository: Repository, file: File, results: list[Any]) -> Baseline:
    from tenterhooks.formats.json import locate

    baseline = Baseline(file, is_ours=False)
    for number, result in enumerate(results):
        where = ("results", number)
        line = _reported_line(result)
        if line is None:
            what = "is no finding of Bandit with its file, test, line and code"
            raise _broken(file, locate(file, where), what)
        path = _reported_path(repository, result["filename"])
        baseline.add((path, result["test_id"], digest(line)), 1, where)
    return baseline


def _reported_line(result: Any) -> str | None:
    """The line of source that a finding in a report is about. ``code`` has some lines around it,
    each behind its number."""
    names = {"filename": str, "test_id": str, "line_number": int, "code": str}
    if not isinstance(result, dict) or any(
        not isinstance(result.get(name), kind) for name, kind in names.items()
    ):
        return None
    for row in result["code"].split("\n"):
        number, _, line = row.replace("\t", " ", 1).partition(" ")
        if number == str(result["line_number"]):
            return str(line)
    return None


def _reported_path(repository: Repository, name: str) -> str:
    """A path as Bandit was given it at the top of the repository: ``x``, ``./x``, absolute, or
    with the separators of Windows."""
    if "/" not in name:
        name = name.replace("\\", "/")
    if os.path.isabs(name):
        try:
            name = os.path.relpath(name, repository.top).replace(os.sep, "/")
        except ValueError:  # another drive
            pass
    return posixpath.normpath(name)


def made_of(issues: Iterable[Issue], lines_of: Callable[[str], Sequence[str]]) -> Baseline:
    """The baseline that knows ``issues``. Their paths are from the top of the repository;
    ``lines_of`` gives the lines of the file at such a path."""
    baseline = Baseline()
    for issue in issues:
        baseline.add(_key(issue, lines_of), 1)
    return baseline


def _key(issue: Issue, lines_of: Callable[[str], Sequence[str]]) -> Key:
    lines = lines_of(issue.path)
    line = lines[issue.line - 1] if 1 <= issue.line <= len(lines) else ""
    return posixpath.normpath(issue.path), issue.test_id, digest(line)


def subtract(
    baseline: Baseline,
    issues: Iterable[Issue],
    lines_of: Callable[[str], Sequence[str]],
    is_judged: Callable[[str, str], bool],
) -> tuple[list[Issue], list[tuple[Entry, int]]]:
    """The issues that the baseline does not know, and the entries of which fewer are found than
    they say, with how many are.

    issues: all of them, whatever their severity, confidence and lines. Where more are alike than
    the baseline knows, the last ones count as new. is_judged: of a path and a test, whether the
    test was looked for there, or there is no such file any more.
    """
    new = []
    found: dict[Key, int] = {}
    for issue in issues:
        key = _key(issue, lines_of)
        found[key] = found.get(key, 0) + 1
        if key not in baseline.entries or found[key] > baseline.entries[key].count:
            new.append(issue)
    vanished = [
        (entry, found.get(key, 0))
        for key, entry in baseline.entries.items()
        if found.get(key, 0) < entry.count and is_judged(key[0], key[1])
    ]
    return new, vanished


def updated(old: Baseline, new: Baseline, is_judged: Callable[[str, str], bool]) -> Baseline:
    """``new``, and of ``old`` what was not looked at this time."""
    baseline = Baseline()
    baseline.entries = dict(new.entries)
    for key, entry in old.entries.items():
        if not is_judged(key[0], key[1]):
            baseline.entries[key] = entry
    return baseline


def stale(baseline: Baseline, vanished: Iterable[tuple[Entry, int]]) -> Iterator[Finding]:
    """A finding for each entry of ``vanished``, in the baseline's file."""
    from tenterhooks.formats.json import locate

    file = baseline.file
    if file is None:
        return
    starts = [*file.starts(), len(file.text)]
    for entry, left in vanished:
        path, test, _ = entry.key
        line, column = locate(file, entry.where)
        is_text = (
            f"is found {_times(left)}, not {entry.count} times" if left else "is no longer found"
        )
        fix = "write the baseline anew, or correct the count" if left else "take the entry out"
        start, after = starts[line - 1 : line + 1]
        is_whole = baseline.is_ours and file.line_text(line) == _row(entry.key, entry.count)
        row = _row(entry.key, left) if left else ""
        end = start + len(_row(entry.key, entry.count)) if left else after
        change = [Edit(start, end, row)] if is_whole else []
        message = f"{test} in {path} {is_text}"
        yield Finding(file.path, line, column, STALE.name, message, fix, change)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _row(key: Key, count: int) -> str:
    import json

    return f"  {json.dumps(': '.join(key))}: {count},"


def text_of(baseline: Baseline) -> str:
    rows = [_row(key, entry.count) for key, entry in sorted(baseline.entries.items())]
    return "\n".join(["{", *rows, f'  "version": {VERSION}', "}", ""])


def write(repository: Repository, file: File, baseline: Baseline) -> None:
    """Put ``baseline`` into ``file``, whole or not at all. Raises edits.NotWritten."""
    data = text_of(baseline).encode("ascii")
    if not os.path.lexists(file.absolute):
        edits.create(repository, file, data)
        return
    try:
        is_same = file.data == data
    except Unreadable as error:
        raise edits.NotWritten(error.message) from None
    if not is_same:
        edits.replace(repository, file, data)
