"""pdm.lock, and the pylock.toml that PDM writes: what was locked, and what PDM noted of the project
that it was locked for.

Source: ``pdm/project/lockfile/pdmlock.py`` and ``pylock.py``, ``pdm/models/repositories/lock.py``.
"""

from __future__ import annotations

import re

from tenterhooks.core import parsed
from tenterhooks.formats.locks import hashes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tenterhooks.core.files import File
    from tenterhooks.formats.locks.hashes import Lock

    Keys = tuple[str | int, ...]
    Table = dict[str, Any]

_VERSION = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,9}))?(?:\.([0-9]{1,9}))?(?:\.[0-9]{1,9})*")
# Where a package comes from that no index gave, in pdm.lock and in pylock.toml.
_KINDS = ("git", "hg", "svn", "bzr", "url", "path", "vcs", "directory", "archive")


class Package:
    """One entry.

    name: as written. extras: of this entry, which then stands beside one without.
    groups: that it was locked for, empty where the lock does not say. marker: where it is wanted.
    dependencies: requirements. kind: ``git``, ``url``, ... or empty for a package of an index.
    keys: the way to the entry. table: the entry itself.
    """

    __slots__ = (
        "dependencies",
        "extras",
        "groups",
        "keys",
        "kind",
        "marker",
        "name",
        "requires_python",
        "table",
        "version",
    )

    def __init__(self, table: Table, keys: Keys, dependencies: object) -> None:
        self.name = parsed.text(table, "name")
        self.version = parsed.text(table, "version")
        self.extras = frozenset(parsed.texts(table, "extras"))
        self.groups = parsed.texts(table, "groups")
        self.marker = parsed.text(table, "marker")
        python = table.get("requires_python", table.get("requires-python"))
        self.requires_python = parsed.text(python)
        self.dependencies = parsed.texts(dependencies)
        self.kind = next((kind for kind in _KINDS if kind in table), "")
        self.keys = keys
        self.table = table


class PdmLock:
    """What PDM reads of a lock.

    version: the numbers of its form, three of them; empty where it has none.
    algorithm, digest: the hash of what the project declared; empty where there is none.
    groups: that were locked; None where the lock does not say. targets: what it was locked for.
    inputs: the copy of what the project declared, where ``has_inputs``.
    is_pylock: whether it is of the common form (PEP 751), which has no entries for extras.
    is_selection: whether it was exported for groups that it does not name.
    """

    def __init__(self, lock: Lock, notes: Table, place: Keys, *, is_pylock: bool) -> None:
        self.lock = lock
        self.notes = notes
        self.keys = place
        self.is_pylock = is_pylock
        self.is_selection = False
        self.version: tuple[int, ...] = ()
        self.algorithm = self.digest = ""
        self.groups: list[str] | None = None
        self.strategy = parsed.texts(notes, "strategy")
        targets = parsed.array(notes, "targets")
        self.targets = [target for target in targets if isinstance(target, dict)]
        self.has_inputs = "lock_inputs" in notes
        self.inputs = notes.get("lock_inputs")
        self.packages: list[Package] = []

    @property
    def has_groups(self) -> bool:
        """Whether each entry says for which groups and where it is wanted."""
        return "inherit_metadata" in self.strategy

    @property
    def is_cross_platform(self) -> bool:
        """Whether it was locked for every platform."""
        if self.targets:
            return all(
                not ("platform" in target or "implementation" in target) for target in self.targets
            )
        # The key of lock version 4.4 and before; what says nothing is of all platforms.
        return self.notes.get("cross_platform", True) is True and (
            "strategy" not in self.notes or "cross_platform" in self.strategy
        )

    def place(self, keys: Keys) -> tuple[int, int]:
        return self.lock.place(keys)


def load(file: File) -> PdmLock:
    """Read a lock of PDM. Raises Unreadable."""
    return file.once(_load)


def _load(file: File) -> PdmLock:
    lock = hashes.load(file)
    metadata = lock.root.get("metadata", {})
    if not isinstance(metadata, dict):
        raise lock.wrong(("metadata",), "a table")
    if "lock_version" not in metadata and lock.root.get("lock-version"):
        return _pylock(lock)
    found = PdmLock(lock, metadata, ("metadata",), is_pylock=False)
    found.version = _version(lock, metadata)
    content = metadata.get("content_hash", "")
    if not isinstance(content, str):
        raise lock.wrong(("metadata", "content_hash"), "a string")
    found.algorithm, _, found.digest = content.partition(":")
    if "groups" in metadata:
        found.groups = parsed.texts(metadata["groups"])
    for keys, table in lock.named_tables("package"):
        found.packages.append(Package(table, keys, table.get("dependencies")))
    return found


def _pylock(lock: Lock) -> PdmLock:
    notes = parsed.table(lock.root, "tool", "pdm")
    found = PdmLock(lock, notes, ("tool", "pdm"), is_pylock=True)
    found.version = (4, 5, 1)  # what a PDM that writes this form would write
    for algorithm, digest in parsed.table(notes, "hashes").items():
        found.algorithm, found.digest = algorithm, parsed.text(digest)
        break
    found.is_selection = not {"extras", "dependency-groups"} & lock.root.keys()
    found.groups = parsed.texts(lock.root, "dependency-groups") + parsed.texts(lock.root, "extras")
    for keys, table in lock.named_tables("packages"):
        own = parsed.table(table, "tool", "pdm")
        found.packages.append(Package(table, keys, own.get("dependencies")))
    return found


def _version(lock: Lock, metadata: Table) -> tuple[int, ...]:
    text = metadata.get("lock_version", "")
    match = _VERSION.fullmatch(text) if isinstance(text, str) else None
    if match is None and text != "":
        raise lock.wrong(("metadata", "lock_version"), "a version")
    return tuple(int(number or 0) for number in match.groups()) if match else ()
