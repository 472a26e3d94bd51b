"""Which locks have to be looked at when a file changes."""

from __future__ import annotations

import os
import re

from tenterhooks.core.files import Unreadable
from tenterhooks.lock_in_sync.paths import COMPILED, LOCK, PYLOCK, SCRIPT_LOCK, lock_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from types import SimpleNamespace

    from tenterhooks.core.files import File, Repository
    from tenterhooks.core.finding import Finding

    Check = Callable[[File, Repository, SimpleNamespace], Iterator[Finding]]

_REQUIREMENTS = (
    r"[^/]*(requirements|constraints)[^/]*\.(txt|in|lock)"
    r"|(requirements|constraints)([._-][^/]*)?/([^/]+/)?[^/]+\.(txt|in)|[^/]+\.(in|lock\.txt)"
)
_USUAL = re.compile(rf"(^|/)({_REQUIREMENTS})$")
_COMPILED = re.compile(rf"(^|/){COMPILED}$")
# What is read from the folders above as well: the lock of a workspace.
_OF_WORKSPACES = ("uv.lock", "pdm.lock", "pylock.toml")
_BESIDE = {
    **{name: lock_names(name) for name in ("pyproject.toml", "Pipfile")},
    "uv.toml": ("uv.lock",),
}


def checker(lock: File, sources: Collection[str] = ()) -> Check | None:
    """What checks a lock, told by its name and, for requirements, by what they say or that they are
    among ``sources``; None for a file that is none. Raises Unreadable."""
    name = os.path.basename(lock.path)
    if name == "uv.lock" or name.endswith(SCRIPT_LOCK):
        from tenterhooks.lock_in_sync.uv import check
    elif name == "poetry.lock":
        from tenterhooks.lock_in_sync.poetry import check
    elif name == "pdm.lock":
        from tenterhooks.lock_in_sync.pdm import check
    elif name == "Pipfile.lock":
        from tenterhooks.lock_in_sync.pipenv import check
    elif re.fullmatch(PYLOCK, name):
        from tenterhooks.lock_in_sync.pylock import check
    else:
        return _of_compiled(lock, sources)
    return check


def _of_compiled(lock: File, sources: Collection[str]) -> Check | None:
    is_named = lock.path in sources
    if not is_named and not _COMPILED.search(lock.path):
        return None
    from tenterhooks.lock_in_sync import compiled

    return compiled.check if is_named or compiled.is_compiled(lock) else None


class Scope:
    """The locks of a run: path of a file under check -> those that it is told of with.

    Each lock is looked at once, with the first of the files that lead to it. sources: compiled file
    -> its inputs, where the user named them.
    """

    def __init__(
        self,
        files: Iterable[File],
        repository: Repository,
        sources: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._repository = repository
        self._sources = sources or {}
        self._made_of: dict[str, list[str]] | None = None
        self._by_folder: dict[str, list[str]] | None = None
        self._by_file: dict[str, list[str]] = {}
        seen: set[str] = set()
        # A lock among the files is told of with itself.
        given = sorted(files, key=lambda file: not _is_lock(file.path))
        for file in given:
            locks = [path for path in self._leads_to(file) if path not in seen]
            seen.update(locks)
            self._by_file[file.path] = locks

    def of(self, file: File) -> Sequence[str]:
        """The paths of the locks that are told of with ``file``."""
        return self._by_file.get(file.path, ())

    def _leads_to(self, file: File) -> list[str]:
        folder, _, name = file.path.rpartition("/")
        if _is_lock(file.path):
            return [file.path]
        found = [_join(folder, lock) for lock in _BESIDE.get(name, ())]
        if name == "pyproject.toml":
            found += [*self._above(folder), *self._pylocks(folder)]
        found += self._outputs().get(file.path, ())
        if file.path in self._sources or _COMPILED.search(file.path):
            found.append(file.path)
        return [path for path in dict.fromkeys(found) if self._is_there(path)]

    def _above(self, folder: str) -> Iterator[str]:
        """The nearest lock of each kind in the folders above."""
        for name in _OF_WORKSPACES:
            above = folder
            while above:
                above = above.rpartition("/")[0]
                if self._is_there(_join(above, name)):
                    yield _join(above, name)
                    break

    def _pylocks(self, folder: str) -> list[str]:
        if self._by_folder is None:
            self._by_folder = {}
            for path in self._tracked():
                where, _, name = path.rpartition("/")
                if name.startswith("pylock") and re.fullmatch(PYLOCK, name):
                    self._by_folder.setdefault(where, []).append(path)
        return self._by_folder.get(folder, [])

    def _outputs(self) -> dict[str, list[str]]:
        """Input -> the files that were compiled from it."""
        if self._made_of is None:
            from tenterhooks.lock_in_sync import compiled

            self._made_of = {}
            # What stands beside an input may have any name.
            folders = {_folder(path) for path in self._tracked() if path.endswith(".in")}
            usual = [
                path
                for path in self._tracked()
                if _USUAL.search(path) or (path.endswith(".txt") and _folder(path) in folders)
            ]
            for path in dict.fromkeys([*self._sources, *usual]):
                file = self._repository.file(path)
                given = self._sources.get(path, ())
                try:
                    is_output = bool(given) or _says(file)
                    found = compiled.sources(file, self._repository, given) if is_output else []
                except Unreadable:
                    continue
                for source in found:
                    self._made_of.setdefault(source.path, []).append(path)
                self._repository.release(file)
        return self._made_of

    def _tracked(self) -> Iterable[str]:
        return self._repository.tracked() if self._repository.is_git else ()

    def _is_there(self, path: str) -> bool:
        repository = self._repository
        return repository.may_track(path) and os.path.isfile(repository.file(path).absolute)


def _says(file: File) -> bool:
    """Whether a requirements file says that it was compiled. Raises Unreadable."""
    from tenterhooks.lock_in_sync import compiled

    return os.path.isfile(file.absolute) and compiled.is_compiled(file)


def _is_lock(path: str) -> bool:
    return LOCK.search(path) is not None


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
