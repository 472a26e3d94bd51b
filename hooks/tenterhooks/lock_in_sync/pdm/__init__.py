"""PDM: is a lock what the project declares?

PDM itself compares a hash, by a formula that changed with its versions; the lock says its own
version, so that every formula counts which a PDM of that version has. Where the hash differs,
the body of the lock tells what changed, as far as it can be known. Where it is the same, the body
is held against the project, which PDM does not do.
"""

from __future__ import annotations

import os
import posixpath

from tenterhooks.core import parsed
from tenterhooks.core.files import Unreadable
from tenterhooks.core.finding import Finding, of_unreadable
from tenterhooks.formats.locks import pdm
from tenterhooks.lock_in_sync import rules
from tenterhooks.lock_in_sync.pdm import content, project
from tenterhooks.lock_in_sync.pdm.telling import Teller

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import SimpleNamespace

    from tenterhooks.core.files import File, Repository

# What is known of the form of a lock ends here.
_LATEST = (4, 5)


def check(lock: File, repository: Repository, options: SimpleNamespace) -> Iterator[Finding]:
    """Findings of one lock. Raises Unreadable: the lock is broken."""
    locked = pdm.load(lock)
    if locked.algorithm and locked.algorithm not in content.ALGORITHMS:
        line, column = locked.place((*locked.keys, "content_hash"))
        raise Unreadable("is not a lock: its hash is unknown", line, column, "invalid-file")
    own = repository.file(posixpath.join(posixpath.dirname(lock.path), project.NAME))
    if not os.path.isfile(own.absolute):
        return
    try:
        root = project.Project(own)
        if project.is_member(root, repository):
            return  # PDM reads the lock of the workspace instead
        projects = [root, *project.members(root, repository)]
    except Unreadable as error:
        yield of_unreadable(own.path, error)
        return
    tell = Teller(lock, locked, projects)
    unknown = _unknown(tell)
    if not unknown:
        try:
            found = _findings(tell)
            yield from found
            unknown = "" if found else _unseen(tell)
        except TypeError:
            unknown = "PDM cannot hash what is declared: there is a date in it"
    if unknown and options.strict:
        yield tell.at_lock(rules.UNDECIDED, locked.keys, f"cannot tell if it is in sync: {unknown}")


def _unknown(tell: Teller) -> str:
    """Why it cannot be decided, or nothing."""
    version = tell.locked.version
    if tell.root.is_of_another_tool:
        return "PDM would have to convert the project first"
    if version[:2] > _LATEST:
        return f"lock version {version[0]}.{version[1]} is newer than what is known here"
    if version and version < (3,) and "project" not in tell.root.root:
        return "a PDM before 1.5 wrote the lock"
    return ""


def _unseen(tell: Teller) -> str:
    """What PDM looks at and is not looked at here, or nothing."""
    copy = tell.locked.inputs
    if not isinstance(copy, dict):
        return ""
    parts = [copy.get("project"), *parsed.table(copy, "workspace").values()]
    if any(isinstance(part, dict) and "local" in part for part in parts):
        return "what is declared in the folders of path dependencies is not looked at"
    return ""


def _findings(tell: Teller) -> list[Finding]:
    locked = tell.locked
    if not locked.version:
        message = f"{tell.name} has no lock_version, so that PDM takes it for out of date"
        return [tell.at_lock(rules.OUT_OF_DATE, locked.keys, message)]
    if locked.has_inputs or tell.root.resolution.get("lock_inputs") is True:
        from tenterhooks.lock_in_sync.pdm import inputs

        stale = list(inputs.findings(tell))
    else:
        from tenterhooks.lock_in_sync.pdm import reasons

        stale = list(reasons.findings(tell))
    if stale or locked.version < (4,):
        return stale
    from tenterhooks.lock_in_sync.pdm import body, graph

    return list(body.findings(tell, graph.Graph(locked, tell.projects)))
