"""pylock.toml and pylock.NAME.toml: the lock that every tool can write (PEP 751)."""

from __future__ import annotations

import re

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
        self.version = _text(table.get("version"))
        self.marker = _text(table.get("marker"))
        self.keys = keys
        self.address = next(
            (_address(kind, table[kind]) for kind in _ADDRESSES if kind in table), ""
        )
        asks = table.get("dependencies")
        tables = asks if isinstance(asks, list) else []
        self.asks = [_text(ask.get("name")) for ask in tables if isinstance(ask, dict)]


class Pylock:
    """label: what stands in the file's name between its dots. creator: the tool that wrote it, as
    it says; empty where it does not."""

    def __init__(self, file: File, lock: Lock, packages: list[Package]) -> None:
        name = _NAME.search(file.path)
        self.file = file
        self.root = lock.root
        self.lock = lock
        self.label = (name[1] or "") if name else ""
        self.creator = _text(lock.root.get("created-by"))
        self.version = _text(lock.root.get("lock-version"))
        self.packages = packages

    def place(self, keys: Keys) -> tuple[int, int]:
        return self.lock.place(keys)

    def note(self, tool: str) -> Table:
        """What a tool noted for itself."""
        tools = self.root.get("tool")
        table = tools.get(tool) if isinstance(tools, dict) else None
        return table if isinstance(table, dict) else {}


def load(file: File) -> Pylock:
    """Read a lock. Raises Unreadable."""
    return file.once(_load)


def _load(file: File) -> Pylock:
    lock = hashes.load(file)
    if not isinstance(lock.root.get("lock-version"), str):
        raise lock.wrong(("lock-version",), "a string")
    # Required by the form; uv leaves it out where there are none.
    tables = lock.root.get("packages", [])
    if not isinstance(tables, list):
        raise lock.wrong(("packages",), "an array of tables")
    packages = []
    for number, table in enumerate(tables):
        keys = ("packages", number)
        if not isinstance(table, dict) or not isinstance(table.get("name"), str):
            raise lock.wrong(keys, "tables with a name")
        packages.append(Package(table, keys))
    return Pylock(file, lock, packages)


def _address(kind: str, value: object) -> str:
    table = value if isinstance(value, dict) else {}
    place = _text(table.get("url")) or _text(table.get("path")) or "."
    if kind != "vcs":
        return place
    commit = _text(table.get("commit-id"))
    return f"{_text(table.get('type'))}+{place}@{commit}"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
