"""poetry.lock: who wrote it, its packages and what each of them depends on.

Source: ``Locker`` in Poetry's packages/locker.py, lock versions 1.0 to 2.1.
"""

from __future__ import annotations

import re

from tenterhooks.core import parsed
from tenterhooks.formats.locks import hashes
from tenterhooks.formats.names import normal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File
    from tenterhooks.formats.locks.hashes import Keys, Lock, Table

_WRITER = re.compile(r"Poetry ([0-9]+)\.([0-9]+)([^ ]*)")
# How a dependency says that it is not to be had from an index.
KINDS = ("git", "url", "path", "file")


class Edge:
    """What a package depends on: ``name`` in the versions of ``constraint`` where ``marker`` holds.

    extras: normalised, of what it depends on. kind: one of KINDS, or empty where it comes from
    an index. is_optional: wanted by an extra of the package only.
    """

    __slots__ = ("constraint", "extras", "is_optional", "kind", "marker", "name")

    def __init__(self, name: str, said: object) -> None:
        table = said if isinstance(said, dict) else {"version": said}
        self.name = name
        self.constraint = parsed.text(table, "version")
        self.marker = parsed.text(table, "markers")
        self.extras = {normal(parsed.text(extra)) for extra in parsed.array(table, "extras")}
        self.is_optional = bool(table.get("optional"))
        self.kind = next((kind for kind in KINDS if kind in table), "")


class Package:
    """One entry. name: normalised. keys: the way to it. said: the entry itself.

    kind: ``git``, ``url``, ``file``, ``directory`` or empty for what an index has.
    groups: the dependency groups that it belongs to; empty before lock version 2.1.
    """

    __slots__ = ("edges", "groups", "keys", "kind", "name", "said", "source", "version")

    def __init__(self, keys: Keys, said: Table) -> None:
        self.keys = keys
        self.said = said
        self.name = normal(parsed.text(said, "name"))
        self.version = parsed.text(said, "version")
        self.source = parsed.table(said, "source")
        kind = parsed.text(self.source, "type")
        self.kind = "" if kind == "legacy" else kind
        self.groups = [normal(parsed.text(name)) for name in parsed.array(said, "groups")]
        self.edges = list(_edges(said))

    def extras(self) -> dict[str, list[str]]:
        """Of each extra, the names that it brings, all normalised."""
        found = {}
        for extra, members in parsed.table(self.said, "extras").items():
            names = (first_name(parsed.text(member)) for member in parsed.array(members))
            found[normal(extra)] = [name for name in names if name]
        return found

    def marker(self, group: str | None = None) -> str:
        """Where it is installed for ``group``, or for any; empty for everywhere, and before lock
        version 2.1."""
        said = self.said.get("markers")
        if not isinstance(said, dict):
            return parsed.text(said)
        by_group = {normal(name): parsed.text(marker) for name, marker in said.items()}
        if group is not None:
            return by_group.get(group, "")
        markers = [by_group.get(name, "") for name in self.groups]
        return " or ".join(f"({marker})" for marker in markers) if all(markers) else ""


class Document:
    """A poetry.lock. version: of its format. writer: Poetry's own, as far as the file tells."""

    def __init__(self, file: File, lock: Lock) -> None:
        self.lock = lock
        self.packages = list(_packages(lock))
        self.by_name: dict[str, list[Package]] = {}
        for package in self.packages:
            self.by_name.setdefault(package.name, []).append(package)
        self.metadata = parsed.table(lock.root, "metadata")
        self.extras = parsed.table(lock.root, "extras")
        numbers = re.match(
            r"([0-9]{1,9})\.([0-9]{1,9})", parsed.text(self.metadata, "lock-version")
        )
        self.version = (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)
        self.python = parsed.text(self.metadata, "python-versions")
        self.content_hash = parsed.text(self.metadata, "content-hash")
        self.writer = _writer(file)


def load(file: File) -> Document:
    """Read a poetry.lock. Raises Unreadable."""
    return file.once(_load)


def _load(file: File) -> Document:
    return Document(file, hashes.load(file))


def first_name(requirement: str) -> str:
    """The name that a requirement begins with, normalised; empty where there is none."""
    found = re.match(r"[ \t]*([A-Za-z0-9._-]+)", requirement)
    return normal(found[1]) if found else ""


def _writer(file: File) -> tuple[int, int] | None:
    """The major and minor version in the first line; None where there is none (Poetry 1.0 to 1.4
    wrote none), or it is that of a pre-release."""
    found = _WRITER.search(file.text[:300].partition("\n")[0])
    if found is None or len(found[1]) > 9 or len(found[2]) > 9:
        return None
    return (int(found[1]), int(found[2])) if re.fullmatch("[.0-9]*", found[3]) else None


def _packages(lock: Lock) -> Iterator[Package]:
    entries = lock.root.get("package", [])
    if not isinstance(entries, list):
        raise lock.wrong(("package",), "an array of tables")
    for number, entry in enumerate(entries):
        if not isinstance(entry, dict):
            raise lock.wrong(("package", number), "a table")
        yield Package(("package", number), entry)


def _edges(said: Table) -> Iterator[Edge]:
    for name, constraint in parsed.table(said, "dependencies").items():
        for one in constraint if isinstance(constraint, list) else [constraint]:
            yield Edge(normal(name), one)
