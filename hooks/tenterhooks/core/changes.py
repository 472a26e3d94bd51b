"""Which lines are changed: by what is staged, or between two commits.

A set of lines holds the number of each line that is new, and ``-n`` where lines were removed
between the lines n and n + 1: it may be what they said that kept a finding away.
"""

from __future__ import annotations

import os
import re

from tenterhooks.core import git
from tenterhooks.core.files import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tenterhooks.core.files import File, Repository

# No command that would start a filter, and nothing left to attributes or configuration: `*.py
# -diff` in .gitattributes would hide every change.
_FORM = (
    *("-p", "-U0", "--inter-hunk-context=0", "--full-index", "--text", "--no-renames"),
    *("--no-ext-diff", "--no-textconv", "--no-color", "--src-prefix=a/", "--dst-prefix=b/"),
)
_HUNK = re.compile(rb"@@ -[0-9]+(?:,([0-9]+))? \+([0-9]+)(?:,([0-9]+))? @@")
_ESCAPED = re.compile(rb"\\(?:([0-7]{3})|(.))", re.DOTALL)
_CONTROLS = dict(zip(b"abtnvfr", b"\a\b\t\n\v\f\r", strict=True))
_NO_COMMIT = "0" * 40  # as git calls what a new branch was before
_OBJECT = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class Change:
    """base: id of the commit (or of the empty tree) that things are held against. commit: id of
    the one up to which; None for what is staged."""

    __slots__ = ("base", "commit")

    def __init__(self, base: str, commit: str | None) -> None:
        self.base = base
        self.commit = commit


def change(
    repository: Repository, from_ref: str | None = None, to_ref: str | None = None
) -> Change | None:
    """The change that is meant; None where there is no git, and all is new.

    What is staged is held against HEAD; what is between two commits, against where they parted,
    as pre-commit does it; its variables stand in for refs that are not given.
    Raises git.GitError.
    """
    if not repository.is_git:
        return None
    if not from_ref and not to_ref:
        from_ref = os.environ.get("PRE_COMMIT_FROM_REF")
        to_ref = os.environ.get("PRE_COMMIT_TO_REF")
        if not from_ref and os.environ.get("PRE_COMMIT_REMOTE_NAME"):
            from_ref = _NO_COMMIT  # a push to where nothing of this history is
    if to_ref and not from_ref:
        raise git.GitError("a commit to compare up to, and none to compare from")
    if not from_ref:
        return Change(_head(repository.top), None)
    commit = _commit(repository.top, to_ref or "HEAD")
    return Change(_base(repository.top, from_ref, commit), commit)


def changed(
    repository: Repository,
    from_ref: str | None = None,
    to_ref: str | None = None,
    files: Iterable[File] = (),
) -> dict[str, set[int]] | None:
    """Path -> changed lines; None where there is no git, and all is new.

    Which change is meant: see ``change``. files: those under check. Of one that git does not know
    all lines are changed; of one whose content on the disk is another, those lines too.
    Raises git.GitError.
    """
    meant = change(repository, from_ref, to_ref)
    return None if meant is None else changed_by(meant, repository.top, files)


def changed_by(meant: Change, top: str, files: Iterable[File] = ()) -> dict[str, set[int]]:
    """``changed``, by a change that is known."""
    listing: tuple[str, ...]
    if meant.commit is not None:
        output = git.run(top, "diff-tree", "-r", *_FORM, meant.base, meant.commit, "--")
        listing = ("ls-tree", "-r", "-z", "--full-tree", meant.commit)
    else:
        output = git.run(top, "diff-index", "--cached", *_FORM, meant.base, "--")
        listing = ("ls-files", "--stage", "-z")
    lines, objects = _parse(output)
    _hold_against_disk(top, files, lines, objects, listing)
    return lines


def touches(lines: set[int], line: int, span: Sequence[int] = ()) -> bool:
    """Whether what is found at ``line``, about the lines of ``span``, is among the changed lines
    of its file."""
    if len(span) < len(lines):
        own = {line, *span}
        return any(it in lines or (-it in lines and it + 1 in own) for it in own)

    def has(number: int) -> bool:
        return number == line or number in span

    return any(has(it) if it >= 0 else has(-it) and has(1 - it) for it in lines)


def _commit(top: str, ref: str) -> str:
    """The id of the commit that ``ref`` names. Raises GitError."""
    if not ref.startswith("-") and "\0" not in ref:
        try:
            return _object(git.run(top, "rev-parse", "--verify", ref + "^{commit}"))
        except git.GitError:
            pass
    raise git.GitError(f"{ref[:200]}: there is no such commit here{_why(top)}")


def _why(top: str) -> str:
    """What to say of a clone that lacks history."""
    try:
        is_shallow = git.run(top, "rev-parse", "--is-shallow-repository").strip() == b"true"
    except git.GitError:
        is_shallow = False
    return "; the clone is shallow: fetch more of its history" if is_shallow else ""


def _base(top: str, from_ref: str, commit: str) -> str:
    if not from_ref.strip("0"):  # of a branch that is new
        return nothing(top)
    start = _commit(top, from_ref)
    try:
        return _object(git.run(top, "merge-base", start, commit))
    except git.GitError:  # they have nothing in common, or a shallow clone does not have it
        why = _why(top)
        if why:
            what = f"{from_ref[:200]}: where it parted from {commit[:12]} is not known here"
            raise git.GitError(what + why) from None
        return start


def _head(top: str) -> str:
    """HEAD; the empty tree before the first commit."""
    try:
        return _object(git.run(top, "rev-parse", "--verify", "HEAD^{commit}"))
    except git.GitError:
        return nothing(top)


def nothing(top: str) -> str:
    """The id of the empty tree. git knows it whether the repository holds it or not."""
    return _object(git.run(top, "hash-object", "-t", "tree", "--stdin"))


def _object(output: bytes) -> str:
    """The object id in the last line of an answer; warnings may stand before it."""
    last = output.strip().rpartition(b"\n")[2]
    if not _OBJECT.fullmatch(last):
        raise git.GitError("git gave no object id")
    return last.decode("ascii")


def _parse(output: bytes) -> tuple[dict[str, set[int]], dict[str, str]]:
    """Of a diff: path -> changed lines, and path -> id of the new content.

    Raises GitError where it is not what was asked for.
    """
    found: dict[str, set[int]] = {}
    objects: dict[str, str] = {}
    new = ""
    lines: set[int] = set()
    rows = iter(output.split(b"\n"))
    for row in rows:
        if row.startswith(b"diff --git "):
            lines = set()
        elif row.startswith(b"index "):
            new = row[6:].partition(b"..")[2].split(b" ")[0].decode("ascii", "replace")
        elif row.startswith(b"+++ ") and row != b"+++ /dev/null":
            path = _path(row[4:])
            lines = found.setdefault(path, set())
            objects[path] = new
        elif row.startswith(b"@@ "):
            _hunk(row, rows, lines)
    return found, objects


def _path(name: bytes) -> str:
    """``b/name``, with a tab behind it where it holds a blank, or in quotes and escaped."""
    if name.startswith(b'"'):
        name = _ESCAPED.sub(_unescaped, name[1 : name.rfind(b'"')])
    return os.fsdecode(name.removesuffix(b"\t").removeprefix(b"b/"))


def _unescaped(match: re.Match[bytes]) -> bytes:
    if match[1]:
        return bytes([int(match[1], 8) & 255])
    return bytes([_CONTROLS.get(match[2][0], match[2][0])])


def _hunk(head: bytes, rows: Iterator[bytes], lines: set[int]) -> None:
    """Take as many rows as ``head`` announces. A row of content can look like a header."""
    match = _HUNK.match(head)
    if match is None:
        raise git.GitError("git gave a diff that cannot be read")
    old, new = (1 if count is None else int(count) for count in match.group(1, 3))
    line = int(match[2]) + (new == 0)  # of no lines, git names the line before
    while old or new:
        row = next(rows, b"!")
        sign = row[:1] or b" "
        if sign == b"\\":  # no line end at the end of the file
            continue
        if sign not in b"+- " or (sign != b"-" and not new) or (sign != b"+" and not old):
            raise git.GitError("git gave a diff that cannot be read")
        old -= sign != b"+"
        new -= sign != b"-"
        if sign == b"+":
            lines.add(line)
        elif sign == b"-":
            lines.add(1 - line)
        line += sign != b"-"


def _hold_against_disk(
    top: str,
    files: Iterable[File],
    lines: dict[str, set[int]],
    objects: dict[str, str],
    listing: tuple[str, ...],
) -> None:
    """Make ``lines`` speak of the files as they are on the disk, which are what is checked."""
    listed: dict[str, str] | None = None
    for file in files:
        try:
            data = file.data
        except Unreadable:
            continue
        known = objects.get(file.path)
        if known is None:
            listed = objects_of(git.run(top, *listing)) if listed is None else listed
            known = listed.get(file.path)
        if known is None or data.count(b"\r") != data.count(b"\r\n"):
            # Python ends a line at a carriage return, git does not.
            lines[file.path] = set(range(1, data.count(b"\n") + data.count(b"\r") + 2))
        elif not is_object(known, data):
            was = git.run(top, "cat-file", "blob", known)
            lines[file.path] = _moved(lines.get(file.path, set()), was, data)


def objects_of(output: bytes) -> dict[str, str]:
    """Path -> object id of an index or a tree; without those that wait to be merged."""
    found = {}
    for entry in os.fsdecode(output).split("\0"):
        facts, _, path = entry.partition("\t")
        words = facts.split(" ")  # mode id stage, or mode type id
        if len(words) == 3 and words[2] == "0":
            found[path] = words[1]
        elif len(words) == 3 and words[1] == "blob":
            found[path] = words[2]
    return found


def is_object(known: str, data: bytes) -> bool:
    """Whether ``data`` has the object id ``known``, or has it with the line ends of git's."""
    import hashlib

    for content in (data, data.replace(b"\r\n", b"\n")):
        blob = b"blob %d\0%b" % (len(content), content)
        kind = "sha1" if len(known) == 40 else "sha256"
        if hashlib.new(kind, blob, usedforsecurity=False).hexdigest() == known:
            return True
    return False


def _moved(lines: set[int], was: bytes, now: bytes) -> set[int]:
    """The changed lines of a content, in another one: all that lies between what both begin
    with and what both end with is changed."""
    old = was.replace(b"\r\n", b"\n").split(b"\n")
    new = now.replace(b"\r\n", b"\n").split(b"\n")
    most = min(len(old), len(new))
    head = next((at for at in range(most) if old[at] != new[at]), most)
    most -= head
    tail = next((at for at in range(most) if old[-1 - at] != new[-1 - at]), most)
    shift = len(new) - len(old)
    moved = {line for line in lines if abs(line) <= head}
    moved |= {line + shift for line in lines if line > len(old) - tail}
    moved |= {line - shift for line in lines if -line >= len(old) - tail}
    return moved | set(range(head + 1, len(new) - tail + 1)) | {-head}
