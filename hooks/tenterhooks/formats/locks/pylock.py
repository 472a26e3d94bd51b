"""pylock.toml and pylock.NAME.toml: the lock that every tool can write (PEP 751)."""

from __future__ import annotations

import re

from tenterhooks.core import parsed
from tenterhooks.formats.locks import hashes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tenterhooks.core.files import File
    from tenterhooks.formats.locks.hashes import Keys, Lock

    Table = dict[str, Any]

_NAME = re.compile(r"(?:^|/)pylock(?:\.([^/]+))?\.toml$")
_ADDRESSES = ("vcs", "archive", "directory")


class Package:
    """One entry. address: where it is from, if no index gave it. asks: the names of what it
    depends on. keys: the way to it."""

    __slots__ = ("address", "asks", "keys", "marker", "name", "version")

    def __init__(self, table: Table, keys: Keys) -> None:
        self.name: str = table["name"]
        self.version = parsed.text(table, "version")
        self.marker = parsed.text(table, "marker")
        self.keys = keys
        self.address = next(
            (_address(kind, table[kind]) for kind in _ADDRESSES if kind in table), ""
        )
        asks = parsed.array(table, "dependencies")
        self.asks = [parsed.text(ask, "name") for ask in asks if isinstance(ask, dict)]


class Pylock:
    """label: what stands in the file's name between its dots. creator: the tool that wrote it, as
    it says; empty where it does not."""

    def __init__(self, file: File, lock: Lock, packages: list[Package]) -> None:
        name = _NAME.search(file.path)
        self.file = file
        self.root = lock.root
        self.lock = lock
        self.label = (name[1] or "") if name else ""
        self.creator = parsed.text(lock.root, "created-by")
        self.version = parsed.text(lock.root, "lock-version")
        self.packages = packages

    def place(self, keys: Keys) -> tuple[int, int]:
        return self.lock.place(keys)

    def note(self, tool: str) -> Table:
        """What a tool noted for itself."""
        return parsed.table(self.root, "tool", tool)


def load(file: File) -> Pylock:
    """Read a lock. Raises Unreadable."""
    return file.once(_load)


def _load(file: File) -> Pylock:
    lock = hashes.load(file)
    if not isinstance(lock.root.get("lock-version"), str):
        raise lock.wrong(("lock-version",), "a string")
    # Required by the form; uv leaves it out where there are none.
    packages = [Package(table, keys) for keys, table in lock.named_tables("packages")]
    return Pylock(file, lock, packages)


def _address(kind: str, value: object) -> str:
    place = parsed.text(value, "url") or parsed.text(value, "path") or "."
    if kind != "vcs":
        return place
    return f"{parsed.text(value, 'type')}+{place}@{parsed.text(value, 'commit-id')}"
