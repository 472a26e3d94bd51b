"""Which lock belongs to which project, and what is wrong with the pair whatever the lock says."""

from __future__ import annotations

import posixpath
import re

from tenterhooks.core import git, parsed, toml
from tenterhooks.core.files import Unreadable
from tenterhooks.core.finding import Finding
from tenterhooks.core.patterns import lazy
from tenterhooks.lock_in_sync import paths, shell, shows
from tenterhooks.lock_in_sync.paths import LOCK, LOCKERS, PROJECT, SCRIPT_LOCK
from tenterhooks.lock_in_sync.rules import MISSING, NOT_TRACKED, UNMERGED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from types import SimpleNamespace

    from tenterhooks.core.files import File, Repository

REQUIREMENTS = lazy(r"(^|/)([^/]*requirements[^/]*|requirements/([^/]+/)?[^/]+)\.(in|txt)$")
_PIPENV = paths.lock_names("Pipfile")
_LOCKS = {"pyproject.toml": (*paths.lock_names("pyproject.toml"), "pylock.toml")}
_CONFLICT = lazy(rb"^(?:<<<<<<<|>>>>>>>|\|\|\|\|\|\|\|)(?:[ \t]|\r?$)", re.MULTILINE)


# Where dependencies are declared.
_IN_PIPFILE = (("packages",), ("dev-packages",))
_IN_PYPROJECT = (
    ("project", "dependencies"),
    ("project", "optional-dependencies"),
    ("dependency-groups",),
    ("tool", "poetry", "dependencies"),
    ("tool", "poetry", "group"),
    ("tool", "uv", "dev-dependencies"),
    ("tool", "pdm", "dev-dependencies"),
)


def locks_of(path: str, present: Collection[str]) -> list[str]:
    """The locks of a project file, of those that are present."""
    folder, name = posixpath.split(path)
    names = _LOCKS.get(name, _PIPENV)
    while True:
        found = [posixpath.join(folder, lock) for lock in names]
        found = [lock for lock in found if lock in present]
        # A Pipfile has its lock beside it.
        if found or not folder or names is _PIPENV:
            return found
        folder = posixpath.dirname(folder)


def check(file: File, repository: Repository, options: SimpleNamespace) -> Iterator[Finding]:
    """Findings of a lock or a project file, as far as they need no format."""
    if PROJECT.search(file.path):
        if not shows.is_show(file.path):
            yield from _not_tracked(file, repository)
            if options.require_lock or MISSING.name in options.select:
                yield from _missing(file, repository)
        return
    unmerged = conflict(file)
    if unmerged is not None:
        yield unmerged
    elif LOCK.search(file.path) and not shows.is_show(file.path):
        from tenterhooks.lock_in_sync import disagreements, strays

        yield from strays.check(file, repository)
        yield from disagreements.check(file, repository)


def conflict(lock: File) -> Finding | None:
    """The first conflict marker of a lock; what else it says is not worth reading then."""
    return lock.once(_conflict)


def _conflict(lock: File) -> Finding | None:
    if b"<<<<<<<" not in lock.data and b">>>>>>>" not in lock.data:
        return None
    found = _CONFLICT.search(lock.data)
    if found is None:
        return None
    line = lock.data.count(b"\n", 0, found.start()) + 1
    folder, name = posixpath.split(lock.path)
    then = _again(name, folder)
    fix = f"take either side (git checkout --theirs -- {shell.quoted(lock.path)}), then run {then}"
    message = f"{name} was merged by git, and not made whole: it holds conflict markers"
    return Finding(lock.path, line, 1, UNMERGED.name, message, fix)


def _again(name: str, folder: str) -> str:
    """What makes a lock anew, as it is to be run from the top."""
    if name in LOCKERS:
        return shell.in_folder(LOCKERS[name].command, folder)
    if name.endswith(SCRIPT_LOCK):
        script = shell.quoted(name.removesuffix(".lock"))
        return shell.in_folder(f"uv lock --script {script}", folder)
    return "the command that made it" if name == "pylock.toml" else "the command that compiled it"


def _not_tracked(project: File, repository: Repository) -> Iterator[Finding]:
    if not repository.is_git or project.path not in repository.tracked():
        return
    folder, name = posixpath.split(project.path)
    for lock in _LOCKS.get(name, _PIPENV):
        file = repository.file(posixpath.join(folder, lock))
        if file.path in repository.tracked() or not file.is_there:
            continue
        if git.ignored(repository.top, file.path):
            continue
        message = f"{lock} is there, and not in git: nobody else installs what it says"
        fix = (
            f"git add {shell.quoted(file.path)}; or name it in .gitignore if it is to stay with you"
        )
        yield Finding(file.path, 1, 1, NOT_TRACKED.name, message, fix)


def _missing(project: File, repository: Repository) -> Iterator[Finding]:
    # Where the path is a link, the project is told of at its own place.
    if not repository.is_git or repository.tracked().get(project.path) == git.LINK:
        return
    keys = _declares(project)
    if keys is None or locks_of(project.path, repository.tracked()):
        return
    if _has_other_lock(project.path, repository):
        return
    folder, name = posixpath.split(project.path)
    if any(project.path in _sources(file, repository) for file in _compiled(folder, repository)):
        return
    line, column = toml.locate(project, keys)
    what = _LOCKS.get(name, _PIPENV)
    ignored = [it for it in what if git.ignored(repository.top, posixpath.join(folder, it))]
    why = f", and {ignored[0]} is named in .gitignore" if len(ignored) == 1 else ""
    message = f"{name} declares dependencies, and no lock file in git says which versions{why}"
    fix = "pipenv lock" if name == "Pipfile" else "uv lock, poetry lock or pdm lock; and git add it"
    yield Finding(project.path, line, column, MISSING.name, message, fix)


def _has_other_lock(path: str, repository: Repository) -> bool:
    """Whether a lock of another kind is in the folder of a project file, or above it."""
    locked = repository.once(_of_other_locks)
    folders = [posixpath.dirname(path)]
    while folders[-1]:
        folders.append(posixpath.dirname(folders[-1]))
    return not locked.isdisjoint(folders)


def _of_other_locks(repository: Repository) -> set[str]:
    """The folders that have a lock of another kind."""
    splits = map(posixpath.split, repository.tracked())
    return {folder for folder, name in splits if paths.OTHER_LOCK.fullmatch(name)}


def _compiled(folder: str, repository: Repository) -> list[File]:
    """The compiled requirements at and below a folder."""
    from tenterhooks.lock_in_sync import compiled

    found = []
    for file in repository.once(_requirements):
        if not folder or file.path.startswith(folder + "/"):
            try:
                if compiled.is_compiled(file):
                    found.append(file)
            except Unreadable:
                continue
    return found


def _requirements(repository: Repository) -> list[File]:
    return repository.matching(REQUIREMENTS)


def _sources(file: File, repository: Repository) -> list[str]:
    from tenterhooks.lock_in_sync import compiled

    try:
        return [source.path for source in compiled.sources(file, repository)]
    except Unreadable:
        return []


def _declares(project: File) -> tuple[str, ...] | None:
    """Where a project declares a dependency; None where it declares none, or cannot be read."""
    try:
        document = toml.load(project)
    except Unreadable:
        return None
    for keys in _IN_PIPFILE if project.path.endswith("Pipfile") else _IN_PYPROJECT:
        value = parsed.at(document, *keys)
        names = set(value) - {"python"} if isinstance(value, dict) else value
        if names:
            return keys
    return None
