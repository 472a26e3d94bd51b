"""The artifacts that a lock file names, and their digests.

Locks are large, and nearly all of it is one line for each artifact, written by a machine and
sound. Such a line is blanked, or replaced by a mark, before the text is parsed: it is a whole item
on a line of its own, so that the lines keep their numbers, and whatever is not exactly of that
form (a weak digest, a conflict marker, a line edited by hand) is still there to be looked at.
"""

from __future__ import annotations

import re

from tenterhooks.core import parsed, toml
from tenterhooks.core.files import File, Unreadable
from tenterhooks.formats.names import normal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    Keys = tuple[str | int, ...]
    Table = dict[str, Any]

_MARK = "+"
# No TOML has it.
_CUT = "\x01"
# Nothing in here can open or close a string of more than one line.
_TEXT = r"""\"[^"'\\\x00-\x1f\x7f]*\""""
_NAME = rf"(?:name = {_TEXT}, ?)?(?:(?:url|path|file|filename) = {_TEXT}, ?)?"
_UPLOADED = rf"upload-time = (?:{_TEXT}|[0-9TZ:.-]+)"
_HASH = r'hash = "sha256:[0-9a-f]{64}"'
_HASHES = r'hashes = \{ ?sha256 = "[0-9a-f]{64}" ?\}'
_VCS = ("git", "hg", "svn", "bzr")


class Artifact:
    """A file that gets installed, and that is not sound at first sight.

    package: its name. name: of the file, empty where the lock names none.
    keys: the way to it in the document. digests: each as ``algorithm:hex``, with the way to it.
    """

    __slots__ = ("digests", "keys", "name", "package")

    def __init__(
        self, package: str, name: str, keys: Keys, digests: Sequence[tuple[str, Keys]]
    ) -> None:
        self.package = package
        self.name = name
        self.keys = keys
        self.digests = digests


class Lock:
    """root: the document, with a mark in the place of each artifact that is sound."""

    def __init__(
        self,
        file: File,
        root: Table,
        locate: Callable[[File, Keys], tuple[int, int]],
        *,
        whole: File | None = None,
    ) -> None:
        self.root = root
        self.is_shortened = whole is not None
        self._whole = whole
        self._file = file
        self._locate = locate

    def place(self, keys: Keys) -> tuple[int, int]:
        """1-based line and column of a key or item, or of the nearest thing around it."""
        return self._locate(self._file, keys)

    def has_cut(self, text: str) -> bool:
        """Whether any of the artifacts that the document lacks has a text in it."""
        whole = self._whole
        return whole is not None and whole.text.count(text) > self._file.text.count(text)

    def artifacts(self) -> Iterator[Artifact]:
        """The artifacts that must have a digest, without those that are sound at first sight.
        Raises Unreadable where the document is not of the form of its lock."""
        return _reader(self._file.path)(self)

    def tables(self, name: str) -> Iterator[tuple[Keys, Table]]:
        """The elements of an array of tables at the root, each with the way to it. Raises
        Unreadable where it is something else."""
        tables = self.root.get(name, [])
        if not isinstance(tables, list):
            raise self.wrong((name,), "an array of tables")
        for number, table in enumerate(tables):
            if not isinstance(table, dict):
                raise self.wrong((name, number), "an array of tables")
            yield (name, number), table

    def named_tables(self, name: str) -> Iterator[tuple[Keys, Table]]:
        for keys, table in self.tables(name):
            if not isinstance(table.get("name"), str):
                raise self.wrong(keys, "tables with a name")
            yield keys, table

    def wrong(self, keys: Keys, wanted: str) -> Unreadable:
        line, column = self.place(keys)
        what = f"{keys[0]} " if keys else ""
        return Unreadable(f"is not a lock: {what}must be {wanted}", line, column, "invalid-file")


def load(file: File) -> Lock:
    """Read a lock file. Raises Unreadable."""
    return file.once(_load)


def _load(file: File) -> Lock:
    if _reader(file.path) is _pipenv:
        from tenterhooks.formats import json

        root = json.load(file)
        lock = Lock(file, root, json.locate)
        if not isinstance(root, dict):
            raise lock.wrong((), "an object")
        return lock
    if f'"{_MARK}"' in file.text or _CUT in file.text:
        return Lock(file, toml.load(file), toml.locate)
    text = _shortened(file)
    short = File(file.path, file.absolute, file.shown, text.encode())
    return Lock(short, toml.load(short), toml.locate, whole=file)


def listed_files(package: object) -> list[Any]:
    """What an entry has for its files, whatever it is; a mark where they were sound."""
    items = [parsed.at(package, "sdist")]
    for name in ("wheels", "files"):
        items += parsed.array(package, name)
    return items


def _shortened(file: File) -> str:
    """The text without the artifacts that stand alone on their lines and have sound digests."""
    reader = _reader(file.path)
    hashes = _HASHES if reader is _pylock else _HASH
    size = r"size = \d+"
    table = (
        rf"\{{ ?{_NAME}(?:{_UPLOADED}, )?(?:{size}, )?{hashes}"
        rf"(?:, {size})?(?:, {_UPLOADED})? ?\}}"
    )
    # Poetry and PDM install what has no files at all, so there a mark must say that it has: one for
    # a list that begins with such a line.
    is_marked = reader not in (_uv, _pylock)
    text = re.sub(rf"\n    {table},(?=\r?\n)", f"\n{_CUT if is_marked else ''}", file.text)
    if is_marked:
        for end in ("\n", "\r\n"):
            text = text.replace(f"[{end}{_CUT}", f'["{_MARK}",{end}')
        text = text.replace(_CUT, "")
    return re.sub(rf"\nsdist = {table}(?=\r?\n)", f'\nsdist = "{_MARK}"', text)


def _reader(path: str) -> Callable[[Lock], Iterator[Artifact]]:
    name = path.rpartition("/")[2]
    readers = {
        "uv.lock": _uv,
        "poetry.lock": _poetry,
        "pdm.lock": _pdm,
        "Pipfile.lock": _pipenv,
    }
    return readers.get(name, _pylock)


def _uv(lock: Lock) -> Iterator[Artifact]:
    for keys, package in lock.tables("package"):
        source = parsed.table(package, "source")
        if any(kind in source for kind in ("git", "directory", "editable", "virtual")):
            continue
        # Of files in a folder of this machine, a flat index, uv takes no hashes.
        is_folder = "://" not in str(source.get("registry", "://"))
        for artifact in _files(lock, keys, package, ("sdist", "wheels")):
            if artifact.digests or not is_folder:
                yield artifact


def _poetry(lock: Lock) -> Iterator[Artifact]:
    metadata = parsed.table(lock.root, "metadata")
    # Up to lock version 1.1 the files of all packages stand at the end.
    elsewhere = parsed.table(metadata, "files")
    oldest = parsed.table(metadata, "hashes")
    for keys, package in lock.tables("package"):
        if parsed.table(package, "source").get("type") in ("git", "directory"):
            continue
        name = _name(package)
        if package.get("files"):
            yield from _files(lock, keys, package, ("files",))
        elif elsewhere.get(name):
            yield from _files(lock, ("metadata", "files"), elsewhere, (name,), name)
        elif isinstance(oldest.get(name), list) and oldest[name]:
            way: Keys = ("metadata", "hashes", name)
            texts = enumerate(oldest[name])
            yield Artifact(name, "", way, [(f"sha256:{text}", (*way, n)) for n, text in texts])
        else:
            yield Artifact(name, "", (*keys, "name"), [])


def _pdm(lock: Lock) -> Iterator[Artifact]:
    # Up to lock version 4.3 the files stand at the end, by "name version".
    elsewhere = parsed.table(lock.root, "metadata", "files")
    with_files = {
        normal(str(key).split(" ")[0].split("[")[0]) for key, files in elsewhere.items() if files
    }
    for key in elsewhere:
        name = str(key).split(" ")[0]
        yield from _files(lock, ("metadata", "files"), elsewhere, (key,), name)
    packages = list(lock.tables("package"))
    with_files |= {normal(_name(package)) for _, package in packages if package.get("files")}
    for keys, package in packages:
        if any(kind in package for kind in (*_VCS, "path", "editable")):
            continue
        name = _name(package)
        if package.get("files"):
            yield from _files(lock, keys, package, ("files",))
        elif normal(name) not in with_files:
            with_files.add(normal(name))  # entries with extras repeat the package
            yield Artifact(name, "", (*keys, "name"), [])


def _pipenv(lock: Lock) -> Iterator[Artifact]:
    for section, packages in lock.root.items():
        if section == "_meta":
            continue
        if not isinstance(packages, dict):
            raise lock.wrong((section,), "an object")
        for name, entry in packages.items():
            table = parsed.table(entry)
            if any(kind in table for kind in (*_VCS, "path", "editable")):
                continue
            if "file" in table and "://" not in str(table["file"]).removeprefix("file://"):
                continue
            keys = (section, name, "hashes")
            hashes = enumerate(parsed.array(table, "hashes"))
            digests = [(parsed.text(item), (*keys, n)) for n, item in hashes]
            yield Artifact(name, "", keys, digests)


def _pylock(lock: Lock) -> Iterator[Artifact]:
    for keys, package in lock.tables("packages"):
        if "vcs" not in package and "directory" not in package:
            names = ("sdist", "archive", "wheels")
            yield from _files(lock, keys, package, names, read=_hashes)


def _files(
    lock: Lock,
    keys: Keys,
    holder: Table,
    names: tuple[str, ...],
    package: str | None = None,
    read: Callable[[Table, Keys], list[tuple[str, Keys]]] | None = None,
) -> Iterator[Artifact]:
    """What stands under these names, each one file or a list of files."""
    owner = _name(holder) if package is None else package
    for name in names:
        if name not in holder:
            continue
        value = holder[name]
        way = (*keys, name)
        items = enumerate(value) if isinstance(value, list) else [(None, value)]
        for number, item in items:
            if item == _MARK and lock.is_shortened:
                continue
            place = way if number is None else (*way, number)
            if not isinstance(item, dict):
                raise lock.wrong(place, "a table")
            yield Artifact(owner, _file_name(item), place, (read or _hash)(item, place))


def _hash(artifact: Table, keys: Keys) -> list[tuple[str, Keys]]:
    return [(parsed.text(artifact["hash"]), (*keys, "hash"))] if "hash" in artifact else []


def _hashes(artifact: Table, keys: Keys) -> list[tuple[str, Keys]]:
    return [
        (f"{algorithm}:{parsed.text(digits)}", (*keys, "hashes", algorithm))
        for algorithm, digits in parsed.table(artifact, "hashes").items()
    ]


def _file_name(artifact: Table) -> str:
    for key in ("file", "filename", "name", "url", "path"):
        text = parsed.text(artifact, key)
        if text:
            return text.partition("#")[0].partition("?")[0].rstrip("/").rpartition("/")[2]
    return ""


def _name(package: Table) -> str:
    return parsed.text(package, "name") or "a package without a name"
