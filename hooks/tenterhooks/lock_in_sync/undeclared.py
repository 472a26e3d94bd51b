"""What a lock takes from an address of its own, a repository or a single file, that no project
file names: whoever edits a lock has no easier way to put other code in the place of a package.

A package of an index cannot ask for such an address (uv and pip refuse it); a project can, and so
can what is itself taken from one.
"""

from __future__ import annotations

import posixpath
import re

from tenterhooks.core import parsed
from tenterhooks.core.files import Unreadable
from tenterhooks.core.patterns import lazy
from tenterhooks.formats.names import normal
from tenterhooks.lock_in_sync import hosts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from tenterhooks.core.files import File, Repository

    Table = dict[str, Any]

# Where a project may declare something, by whichever tool.
_PROJECT = re.compile(
    r"(^|/)(pyproject\.toml|uv\.toml|Pipfile|setup\.(py|cfg)|[^/]*(requirements|constraints)[^/]*"
    r"\.(txt|in)|requirements/[^/]+\.(txt|in)|[^/]+\.in)$"
)
_BESIDE = ("pyproject.toml", "uv.toml", "Pipfile")
_SCP = lazy(r"(?:[^@/:\s]+@)?([A-Za-z0-9.-]+\.[A-Za-z]+):(?!/)([^?#\s]+)")
_NAME = lazy(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_REMOTE = ("git", "hg", "svn", "bzr", "url", "file")
_IN_FOLDER = ("path", "editable", "directory", "virtual")


class Project:
    """What the project files around a lock say. They are read when first asked, the nearest first.

    inputs: those that the lock is known to be made of.
    """

    def __init__(self, lock: File, repository: Repository, inputs: Iterable[File] = ()) -> None:
        self._lock = lock
        self._repository = repository
        self._folder = posixpath.dirname(lock.path)
        self._inputs = list(inputs)
        self._paths: list[str] | None = None
        self._texts: dict[str, str] = {}

    def names(self, url: str) -> bool:
        """Whether one of them names an address; True as well where that cannot be told."""
        found = _place(url)
        if found is None or not self._files():
            return True
        host, path = found
        wanted = (f"{host}/{path}", f"{host}:{path}")
        for text in self._all():
            if any(it in text for it in wanted) or "://$" in text or "://%" in text:
                return True
        return False

    def _all(self) -> Iterator[str]:
        for path in self._files():
            if path not in self._texts:
                self._texts[path] = _text(self._repository.file(path))
            yield self._texts[path]

    def _files(self) -> list[str]:
        if self._paths is None:
            self._paths = list(dict.fromkeys(self._found()))
        return self._paths

    def _found(self) -> Iterator[str]:
        yield from (file.path for file in self._inputs)
        if self._lock.path.endswith(".py.lock"):
            yield self._lock.path.removesuffix(".lock")
            return
        beside = [posixpath.join(self._folder, name) for name in _BESIDE]
        yield from (path for path in beside if self._repository.file(path).is_there)
        if self._repository.is_git:
            paths = self._repository.once(_projects)
            # What was compiled is no input, and the lock itself no witness.
            paths = [path for path in paths if path != self._lock.path]
            yield from sorted(paths, key=lambda path: not path.startswith(self._folder))


def _projects(repository: Repository) -> list[str]:
    return [file.path for file in repository.matching(_PROJECT)]


def brought(root: Table, *, is_alone: bool) -> set[str] | None:
    """The names of the packages of a lock that something asks for which is not from an index, and
    whose own project file is not at hand: with it they may come from anywhere. None: any may be.

    is_alone: whether no project file names any address of the lock.
    """
    packages = root.get("package")
    if not isinstance(packages, list):
        # Which package needs which, Pipenv does not say, and pylock.toml need not.
        return set() if is_alone and not _has_folder(root) else None
    tables = [table for table in packages if isinstance(table, dict)]
    return {name for table in tables if _can_bring(table) for name in _needs(table)}


def _can_bring(table: Table) -> bool:
    source = table.get("source")
    where = source if isinstance(source, dict) else table
    kind = where.get("type")
    if isinstance(kind, str):
        # Poetry's, where an index has a `url` as well.
        return kind in _REMOTE or (kind == "directory" and _is_outside(where.get("url")))
    folder = next((where[it] for it in _IN_FOLDER if it in where), ".")
    return any(it in where for it in _REMOTE) or _is_outside(folder)


def _has_folder(root: Table) -> bool:
    """Whether a lock without edges takes anything from a folder, or was made of who knows what."""
    if "packages" in root:
        packages = root["packages"]
        known = root.get("created-by") in ("uv", "pdm")
        return not known or not isinstance(packages, list) or "directory" in str(packages)
    tables = [table for table in root.values() if isinstance(table, dict)]
    entries = [entry for table in tables for entry in table.values() if isinstance(entry, dict)]
    return any("path" in entry or "editable" in entry for entry in entries)


def _is_outside(folder: object) -> bool:
    return not isinstance(folder, str) or folder.startswith(("..", "/", "file:")) or ":" in folder


def _needs(table: Table) -> set[str]:
    """The names that a package depends on, in the form of any of the lockers."""
    lists = [table.get("dependencies")]
    for groups in ("optional-dependencies", "dev-dependencies"):
        lists += parsed.table(table, groups).values()
    names = []
    for items in lists:
        for item in items if isinstance(items, (list, dict)) else ():
            name = item.get("name") if isinstance(item, dict) else item
            found = _NAME.match(name) if isinstance(name, str) else None
            names += [found[0]] if found else []
    return {normal(name) for name in names}


def _place(url: str) -> tuple[str, str] | None:
    """Host and path of an address, as they can be looked for; None where it has none."""
    found = hosts.address(url)
    scp = _SCP.fullmatch(url) if found is None else None
    if found:
        host, path = found.host, found.path
    elif scp:
        host, path = scp.groups()
    else:
        return None
    path = _decoded(path).lower().strip("/").removesuffix(".git")
    return host.lower(), path


def _text(file: File) -> str:
    try:
        return _decoded(file.text).lower()
    except Unreadable:
        return ""


def _decoded(text: str) -> str:
    if "%" not in text:
        return text
    from urllib.parse import unquote

    return unquote(text)
