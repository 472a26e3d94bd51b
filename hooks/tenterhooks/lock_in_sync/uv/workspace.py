"""The members of a workspace, found as uv finds them."""

from __future__ import annotations

import os
import posixpath
import re
from fnmatch import fnmatchcase

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tenterhooks.core.files import Repository

MAX_FOLDERS = 20_000
_MAGIC = re.compile(r"[*?\[]")
PROJECT = "pyproject.toml"


def member_folders(
    repository: Repository, root: str, members: Iterable[str], excluded: Iterable[str]
) -> list[str]:
    """The folders below the top that patterns name and that hold a project, without those that
    are excluded and without the root itself. ``root`` is empty for the top."""
    leave_out = [posixpath.normpath(pattern) for pattern in excluded]
    found: dict[str, None] = {}
    for pattern in members:
        for folder in _matching(repository, root, posixpath.normpath(pattern)):
            inner = posixpath.relpath(folder or ".", root or ".")
            if folder != root and not any(_excludes(one, inner) for one in leave_out):
                found.setdefault(folder)
    return list(found)


def project_path(folder: str) -> str:
    return f"{folder}/{PROJECT}" if folder else PROJECT


def joined(folder: str, path: str) -> str:
    """A path from a folder, in its shortest form from the top, which is empty itself."""
    found = posixpath.normpath(posixpath.join(folder, path))
    return "" if found == "." else found


def _matching(repository: Repository, root: str, pattern: str) -> Iterator[str]:
    """Folders with a project. What the disk has counts, tracked or not, as for uv; patterns that
    go through all of it are only asked about what is tracked."""
    if pattern.startswith("/") or "\0" in pattern:
        return
    if "**" in pattern and repository.is_git:
        parts = joined(root, pattern).split("/")
        for path in repository.tracked():
            folder, _, name = path.rpartition("/")
            if name == PROJECT and _covers(parts, folder):
                yield folder
        return
    folders = [root]
    for part in pattern.split("/"):
        folders = [below for folder in folders for below in _step(repository, folder, part)]
        del folders[MAX_FOLDERS:]
    yield from (folder for folder in folders if _exists(repository, project_path(folder)))


def _step(repository: Repository, folder: str, part: str) -> Iterable[str]:
    """The folders that one part of a pattern leads to."""
    if part == "**":
        return _all_below(repository, folder)
    if not _MAGIC.search(part):
        below = joined(folder, part)
        return [] if below.startswith("../") or below == ".." else [below]
    names = sorted(name for name in repository.folders(folder) if fnmatchcase(name, part))
    return [f"{folder}/{name}" if folder else name for name in names]


def _all_below(repository: Repository, root: str) -> list[str]:
    folders = [root]
    for folder in folders:
        if len(folders) < MAX_FOLDERS:
            folders += [f"{folder}/{name}".lstrip("/") for name in repository.folders(folder)]
    return folders


def _exists(repository: Repository, path: str) -> bool:
    return os.path.isfile(repository.file(path).absolute)


def _covers(parts: list[str], folder: str) -> bool:
    """Whether a pattern, part by part, names a folder; ``**`` stands for any number of parts."""
    states = {0}
    for name in folder.split("/"):
        states = _closed(parts, states)
        states = {
            state if parts[state] == "**" else state + 1
            for state in states
            if state < len(parts) and (parts[state] == "**" or fnmatchcase(name, parts[state]))
        }
    return len(parts) in _closed(parts, states)


def _closed(parts: list[str], states: set[int]) -> set[int]:
    """The states, and those that are reached by a ``**`` that stands for nothing."""
    closed = set(states)
    for number, part in enumerate(parts):
        if number in closed and part == "**":
            closed.add(number + 1)
    return closed


def _excludes(pattern: str, folder: str) -> bool:
    """Here ``*`` crosses folders as well, as in Rust's glob when it is asked about a path."""
    shorter = pattern.removeprefix("**/")
    return fnmatchcase(folder, pattern) or (shorter != pattern and fnmatchcase(folder, shorter))
