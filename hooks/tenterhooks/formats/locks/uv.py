"""uv.lock, and the lock of a script: the packages, and which asks for which."""

from __future__ import annotations

from tenterhooks.formats.locks import hashes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tenterhooks.core.files import File, Unreadable

    Keys = tuple[str | int, ...]
    Table = dict[str, Any]

# Where a package that is built from a folder of this machine may stand.
FOLDERS = ("editable", "virtual", "directory")
# What the groups of a package were called for some weeks, here and in its metadata.
GROUPS = "dependency-groups"


class Package:
    """One block of the lock.

    name, version: as they are written; version is empty where it is dynamic.
    source: its table. keys: the way to the block.
    """

    __slots__ = ("keys", "name", "source", "table", "version")

    def __init__(self, table: Table, keys: Keys) -> None:
        self.name: str = table["name"]
        self.version: str = table.get("version", "")
        self.source: Table = table["source"]
        self.table = table
        self.keys = keys

    @property
    def folder(self) -> str:
        """The folder that it is built from, relative to the lock; empty where there is none."""
        return next((self.source[kind] for kind in FOLDERS if kind in self.source), "")

    @property
    def has_metadata(self) -> bool:
        return "metadata" in self.table


class Edge:
    """One package that another asks for.

    owner: who asks. section: ``dependencies``, ``optional-dependencies`` or ``dev-dependencies``;
    group: the extra or group in it. item: the table of the dependency.
    """

    __slots__ = ("group", "item", "keys", "owner", "section")

    def __init__(self, owner: Package, section: str, group: str, item: Table, keys: Keys) -> None:
        self.owner = owner
        self.section = section
        self.group = group
        self.item = item
        self.keys = keys


class UvLock:
    """root: the document. packages: in order; named: the same by name."""

    def __init__(self, file: File) -> None:
        self._lock = hashes.load(file)
        self.root = self._lock.root
        self.name = file.path.rpartition("/")[2]
        self.packages = list(self._packages())
        self.named: dict[str, list[Package]] = {}
        for package in self.packages:
            self.named.setdefault(package.name, []).append(package)

    @property
    def version(self) -> int:
        return self.number("version")

    @property
    def revision(self) -> int:
        return self.number("revision")

    @property
    def manifest(self) -> Table:
        return self.table(self.root, "manifest", ())

    def number(self, name: str) -> int:
        value = self.root.get(name, 0)
        if type(value) is not int:
            raise self.wrong((name,), "a number")
        return value

    def place(self, keys: Keys) -> tuple[int, int]:
        """1-based line and column of a key or item, or of the nearest thing around it."""
        return self._lock.place(keys)

    def wrong(self, keys: Keys, wanted: str) -> Unreadable:
        return self._lock.wrong(keys, wanted)

    def table(self, holder: Table, name: str, keys: Keys) -> Table:
        """The table under ``name``, empty where there is none. Raises Unreadable."""
        value = holder.get(name, {})
        if not isinstance(value, dict):
            raise self.wrong((*keys, name), "a table")
        return value

    def items(self, holder: Table, name: str, keys: Keys) -> list[Table]:
        """The tables in the array under ``name``, each with a name. Raises Unreadable."""
        value = holder.get(name, [])
        if not isinstance(value, list):
            raise self.wrong((*keys, name), "an array")
        for number, item in enumerate(value):
            if not isinstance(item, dict) or not isinstance(item.get("name"), str):
                raise self.wrong((*keys, name, number), "a table with a name")
        return value

    def texts(self, holder: Table, name: str, keys: Keys) -> list[str]:
        """The strings in the array under ``name``. Raises Unreadable."""
        value = holder.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong((*keys, name), "an array of strings")
        return value

    def edges(self, package: Package) -> Iterator[Edge]:
        """All that a package asks for. Raises Unreadable."""
        keys = package.keys
        for number, item in enumerate(self.items(package.table, "dependencies", keys)):
            way = (*keys, "dependencies", number)
            yield Edge(package, "dependencies", "", item, way)
        for section, older in (("optional-dependencies", ""), ("dev-dependencies", GROUPS)):
            name = older if older in package.table else section
            groups = self.table(package.table, name, keys)
            for group in groups:
                inner = (*keys, name)
                for number, item in enumerate(self.items(groups, group, inner)):
                    yield Edge(package, section, group, item, (*inner, group, number))

    def _packages(self) -> Iterator[Package]:
        # The first versions of uv had another word for it.
        name = "package" if "package" in self.root else "distribution"
        for number, table in enumerate(self.items(self.root, name, ())):
            keys: Keys = (name, number)
            if not isinstance(table.get("version", ""), str):
                raise self.wrong((*keys, "version"), "a string")
            source = table.get("source")
            if not isinstance(source, dict):
                raise self.wrong((*keys, "source"), "a table")
            for kind in FOLDERS:
                if not isinstance(source.get(kind, ""), str):
                    raise self.wrong((*keys, "source", kind), "a string")
            yield Package(table, keys)


def load(file: File) -> UvLock:
    """Read a lock of uv. Raises Unreadable."""
    return file.once(UvLock)
