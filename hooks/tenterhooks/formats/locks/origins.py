"""Where each package of a lock comes from: its index, its files, its repository.

The lines of artifacts are cut out of a lock before it is parsed (see hashes); what their URLs
begin with is taken from the text, where they are one line each, and all else from the document.
"""

from __future__ import annotations

import re

from tenterhooks.core import parsed, toml
from tenterhooks.formats.locks import hashes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from tenterhooks.core.files import File

    Keys = tuple[str | int, ...]
    Table = dict[str, Any]

_VCS = ("git", "hg", "svn", "bzr")
# A URL up to its host, however it is written: `https:x` has a host as well, for some. What has
# an escape in it is not cut, and is read from the document.
_FIRST = re.compile(r"[^/]*(?://[^/]*)?")
_BEGINNINGS = re.compile(
    r'\n(?:    |sdist = )\{ ?(?:name = "[^"\n]*", ?)?url = "'
    r'([^/"\\\n]*//[^/"\\\n]*(?=[/"])|[^/"\\\n]*(?="|/(?!/)))'
)
# What stands before each of them.
_ADDRESS = 'url = "'
_URL = re.compile(r"""\burl["']? ?= ?["']([^"'\n]*)""")
_BLOCK = re.compile(r"^\[\[packages?\]\]", re.MULTILINE)


class Origin:
    """One package. name: as the lock has it. keys: the way to what tells where it is from.

    index: the URL of its index, empty where none is told.
    url: where it is taken from directly: a file, or a repository.
    commit: of a repository, empty where none is told; None where there is none to look at.
    begins: what the URLs of its files begin with, up to the host.
    """

    __slots__ = ("begins", "commit", "index", "keys", "name", "url")

    def __init__(
        self, name: str, keys: Keys, index: str = "", url: str = "", commit: str | None = None
    ) -> None:
        self.name = name
        self.keys = keys
        self.index = index
        self.url = url
        self.commit = commit
        self.begins: set[str] = set()


class Origins:
    """packages: those that come from elsewhere, in order. begins: what the URLs of all files
    begin with."""

    def __init__(self, file: File, lock: hashes.Lock, packages: list[Origin]) -> None:
        self.packages = packages
        self.place = lock.place
        self._file = file
        self._lock = lock
        self._blocks: list[tuple[int, int]] = []
        self.begins = set(_BEGINNINGS.findall(file.text)) if lock.has_cut(_ADDRESS) else set()
        self.begins.update(*[package.begins for package in packages])

    def attribute(self) -> None:
        """Give each package what its own lines in the text say."""
        text = self._file.text
        starts = [block.start() for block in _BLOCK.finditer(text)]
        if len(starts) != len(_list(self._lock.root, "package", "packages")):
            self._attribute_slowly()
            return
        self._blocks = list(zip(starts, [*starts[1:], len(text)], strict=bool(starts)))
        if self._lock.is_shortened:
            for package in self.packages:
                start, end = self._blocks[_number(package)]
                package.begins.update(_BEGINNINGS.findall(text, start, end))

    def _attribute_slowly(self) -> None:
        """Not as a machine writes it: read all of it."""
        tables = _list(toml.load(self._file), "package", "packages")
        for package in self.packages:
            if _number(package) < len(tables):
                package.begins.update(_begins(tables[_number(package)]))

    def files(self, package: Origin, begin: str) -> list[tuple[str, int]]:
        """The URLs of a package that begin so, each with its offset in the text; none where the
        text is not as a machine writes it."""
        if not self._blocks:
            return []
        found = _URL.finditer(self._file.text, *self._blocks[_number(package)])
        return [(url[1], url.start(1)) for url in found if _begin(url[1]) == begin]


def load(file: File) -> Origins:
    """Read where the packages of a lock come from. Raises Unreadable."""
    return file.once(_load)


def _load(file: File) -> Origins:
    lock = hashes.load(file)
    packages = list(_reader(file.path)(lock.root))
    return Origins(file, lock, packages)


def _reader(path: str) -> Callable[[Table], Iterator[Origin]]:
    name = path.rpartition("/")[2]
    if name.startswith("pylock"):
        return _pylock
    return {"poetry.lock": _poetry, "pdm.lock": _pdm, "Pipfile.lock": _pipenv}.get(name, _uv)


def _uv(root: Table) -> Iterator[Origin]:
    for number, package in enumerate(_list(root, "package")):
        source = parsed.table(package, "source")
        keys: Keys = ("package", number, "source")
        if "registry" in source:
            index = parsed.text(source, "registry")
            origin = Origin(
                parsed.text(package, "name"), keys, index="" if _is_path(index) else index
            )
        elif "git" in source:
            url, _, commit = parsed.text(source, "git").partition("#")
            origin = Origin(parsed.text(package, "name"), keys, url=url, commit=commit)
        elif "url" in source:
            origin = Origin(parsed.text(package, "name"), keys, url=parsed.text(source, "url"))
        else:
            continue
        origin.begins.update(_begins(package))
        yield origin


def _poetry(root: Table) -> Iterator[Origin]:
    for number, package in enumerate(_list(root, "package")):
        source = parsed.table(package, "source")
        kind, url = source.get("type"), parsed.text(source, "url")
        keys: Keys = ("package", number, "source", "url")
        if kind == "git":
            commit = parsed.text(source, "resolved_reference") or parsed.text(source, "reference")
            yield Origin(parsed.text(package, "name"), keys, url=url, commit=commit)
        elif kind == "url":
            yield Origin(parsed.text(package, "name"), keys, url=url)
        elif kind not in ("file", "directory"):
            origin = Origin(parsed.text(package, "name"), keys, index=url)
            origin.begins.update(_begins(package))
            yield origin


def _pdm(root: Table) -> Iterator[Origin]:
    for number, package in enumerate(_list(root, "package")):
        keys: Keys = ("package", number, "name")
        name = parsed.text(package, "name")
        kind = next((kind for kind in _VCS if kind in package), "")
        if kind:
            commit = _commit(kind, parsed.text(package, "revision"))
            yield Origin(name, keys, url=parsed.text(package, kind), commit=commit)
        elif "url" in package:
            yield Origin(name, keys, url=parsed.text(package, "url"))
        elif "path" not in package:
            origin = Origin(name, keys)
            origin.begins.update(_begins(package))
            yield origin


def _pipenv(root: Table) -> Iterator[Origin]:
    """Every index that the lock names, as an origin without a name; and what is from none."""
    for number, source in enumerate(parsed.tables(root, "_meta", "sources")):
        yield Origin("", ("_meta", "sources", number, "url"), index=parsed.text(source, "url"))
    for section in root:
        if section == "_meta":
            continue
        for name, entry in parsed.table(root, section).items():
            table = parsed.table(entry)
            kind = next((kind for kind in _VCS if kind in table), "")
            if kind:
                url, commit = parsed.text(table, kind), _commit(kind, parsed.text(table, "ref"))
                yield Origin(str(name), (section, name, kind), url=url, commit=commit)
            elif "://" in parsed.text(table, "file"):
                yield Origin(str(name), (section, name, "file"), url=parsed.text(table, "file"))


def _pylock(root: Table) -> Iterator[Origin]:
    for number, package in enumerate(_list(root, "packages")):
        name, keys = parsed.text(package, "name"), ("packages", number)
        vcs, archive = parsed.table(package, "vcs"), parsed.table(package, "archive")
        if vcs:
            commit = _commit(parsed.text(vcs, "type"), parsed.text(vcs, "commit-id"))
            url = parsed.text(vcs, "url")
            yield Origin(name, (*keys, "vcs"), url=url, commit=commit)
        elif archive:
            yield Origin(name, (*keys, "archive"), url=parsed.text(archive, "url"))
        elif "directory" not in package:
            origin = Origin(name, (*keys, "index"), index=parsed.text(package, "index"))
            origin.begins.update(_begins(package))
            yield origin


def _begins(package: Table) -> Iterator[str]:
    """What the URLs of its files begin with, of those that the document still has."""
    urls = [parsed.text(item, "url") for item in hashes.listed_files(package)]
    return (_begin(url) for url in urls if url)


def _begin(url: str) -> str:
    found = _FIRST.match(url)
    return found[0] if found else ""


def _commit(kind: str, commit: str) -> str | None:
    """The commit of a repository; Subversion and Bazaar have numbers, which cannot move."""
    return None if kind in ("svn", "bzr") and commit.isalnum() else commit


def _number(package: Origin) -> int:
    number = package.keys[1]
    return number if isinstance(number, int) else 0


def _is_path(index: str) -> bool:
    """A folder of this machine, a flat index."""
    return ":" not in index or re.match(r"[A-Za-z]:[\\/]", index) is not None


def _list(holder: Table, *names: str) -> list[Any]:
    """The tables under one of the names; what is no table is left empty, so that all keep their
    numbers."""
    return parsed.tables(next((holder[name] for name in names if name in holder), None))
