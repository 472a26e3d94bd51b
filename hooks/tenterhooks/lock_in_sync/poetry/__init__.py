"""poetry.lock: made for what pyproject.toml declares, and fit for it.

Poetry compares a hash of what is declared. It says that something has changed, not what, and
nothing of the entries; both is looked for in them here.
"""

from __future__ import annotations

import os

from tenterhooks.core import parsed, toml
from tenterhooks.core.files import Unreadable
from tenterhooks.core.finding import Finding, of_unreadable
from tenterhooks.formats.locks import poetry
from tenterhooks.lock_in_sync import rules, shell
from tenterhooks.lock_in_sync.poetry import content_hash, declared
from tenterhooks.lock_in_sync.poetry.body import Body

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import SimpleNamespace
    from typing import Any

    from tenterhooks.core.files import File, Repository
    from tenterhooks.core.toml import Path
    from tenterhooks.formats.locks.poetry import Document

MAX_MESSAGE = 400
_KNOWN = (1, 2)
# Poetry reads [dependency-groups] since.
_GROUPS_READ = (2, 2)


class _Pair:
    """A lock and its project. fix: the command that writes the lock anew."""

    def __init__(self, document: Document, lock: File, project: File, fix: str) -> None:
        self.document = document
        self.lock = lock
        self.project = project
        self.fix = fix

    def at_project(self, rule: str, keys: Path, message: str) -> Finding:
        line, column = toml.locate(self.project, keys)
        return Finding(self.project.path, line, column, rule, message[:MAX_MESSAGE], self.fix)

    def at_lock(self, rule: str, keys: Path, message: str) -> Finding:
        line, column = self.document.lock.place(keys)
        return Finding(self.lock.path, line, column, rule, message[:MAX_MESSAGE], self.fix)


def check(lock: File, repository: Repository, options: SimpleNamespace) -> Iterator[Finding]:
    """Findings of one poetry.lock. Raises Unreadable."""
    document = poetry.load(lock)
    project = repository.file(lock.path.removesuffix("poetry.lock") + "pyproject.toml")
    try:
        root = toml.load(project)
    except Unreadable as error:
        if os.path.lexists(project.absolute):
            yield of_unreadable(project.path, error)
        return
    if not _is_poetry(root):
        return
    pair = _Pair(document, lock, project, _fix(lock, document))
    if document.version[0] in _KNOWN or not document.content_hash:
        yield from _checked(pair, root, strict=options.strict)
    elif options.strict:
        keys = ("metadata", "lock-version")
        text = f"poetry.lock is of version {document.version[0]}, and 2 is the last known here"
        yield pair.at_lock(rules.UNDECIDED.name, keys, text)


def _is_poetry(root: dict[str, Any]) -> bool:
    return "project" in root or "poetry" in parsed.table(root, "tool")


def _fix(lock: File, document: Document) -> str:
    folder = lock.path.rpartition("/")[0]
    is_old = document.writer is not None and (1, 1) <= document.writer < (2, 0)
    # What it does by itself since 2.0.
    command = "poetry lock --no-update" if is_old else "poetry lock"
    return shell.in_folder(command, folder)


def _checked(pair: _Pair, root: dict[str, Any], *, strict: bool) -> Iterator[Finding]:
    writer = pair.document.writer
    with_groups = writer is not None and writer >= _GROUPS_READ
    asked = declared.load(root, with_groups=with_groups)
    body = Body(pair.document, asked, declared.project_name(root))
    try:
        part = content_hash.relevant(root)
    except (TypeError, ValueError):
        if strict:
            text = "what is declared holds dates or the like, of which Poetry makes no hash"
            yield pair.at_project(rules.UNDECIDED.name, ("tool", "poetry"), text)
        return
    if content_hash.is_met(part, pair.document.content_hash, writer):
        yield from _fresh(pair, body, root)
        yield from _undecided(pair, body) if strict else ()
    else:
        yield from _stale(pair, body, root, part)
    yield from _broken(pair, body)


def _stale(
    pair: _Pair, body: Body, root: dict[str, Any], part: dict[str, Any]
) -> Iterator[Finding]:
    from tenterhooks.lock_in_sync.poetry import explain

    rule = rules.OUT_OF_DATE.name
    wanted, writer = pair.document.content_hash, pair.document.writer
    if not wanted:
        text = "poetry.lock has no hash of what it was made for"
        yield pair.at_lock(rule, ("metadata", "content-hash"), text)
        return
    one = content_hash.addition(part, wanted, writer)
    found = [explain.added(part, one)] if one else list(explain.changes(root, body))
    if not found:
        text = "what is declared has changed since poetry.lock was made: its hash is another"
        found = [(explain.home(root), text)]
    for place, message in found:
        yield pair.at_project(rule, place, message)


def _fresh(pair: _Pair, body: Body, root: dict[str, Any]) -> Iterator[Finding]:
    for one, entries in body.unmet():
        from tenterhooks.lock_in_sync.poetry import explain

        rule = rules.UNSATISFIED.name if entries else rules.INCOMPLETE.name
        yield pair.at_project(rule, one.keys, explain.unmet(one, entries))
    if not body.orphans():
        return
    # What no Poetry of this lock reads may still be why an entry is there.
    every = Body(pair.document, declared.load(root), body.project)
    for package in every.orphans():
        text = f"nothing that is declared leads to {package.name} {package.version}"
        yield pair.at_lock(rules.ORPHAN.name, package.keys, text)


def _broken(pair: _Pair, body: Body) -> Iterator[Finding]:
    for package, edge in body.broken():
        entries = body.entries(edge.name)
        asks = f"{package.name} {package.version} needs {edge.name} {edge.constraint}".strip()
        keys = (*package.keys, "dependencies")
        if entries:
            held = " and ".join(entry.version for entry in entries[:3])
            text = f"{asks}, and poetry.lock holds {held}"
            yield pair.at_lock(rules.UNSATISFIED.name, keys, text)
        else:
            text = f"{asks}, and poetry.lock has no entry for it"
            yield pair.at_lock(rules.INCOMPLETE.name, keys, text)


def _undecided(pair: _Pair, body: Body) -> Iterator[Finding]:
    for one in body.declared:
        kinds = [package.kind for package in body.entries(one.name)]
        if one.kind and "directory" in kinds:
            text = (
                f"poetry.lock may be out of date with what {one.name} needs, which is not looked at"
            )
            yield pair.at_project(rules.UNDECIDED.name, one.keys, text)
