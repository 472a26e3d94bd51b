"""conflicting-locks: two lockers' locks of one project that disagree on a version."""

from __future__ import annotations

import posixpath

from tenterhooks.core import parsed
from tenterhooks.core.files import Unreadable
from tenterhooks.core.finding import Finding
from tenterhooks.formats.locks import hashes
from tenterhooks.formats.names import normal
from tenterhooks.lock_in_sync.paths import LOCKERS
from tenterhooks.lock_in_sync.rules import CONFLICTING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File, Repository

    Keys = tuple[str | int, ...]
    # Name -> version -> the way to it in the lock.
    Versions = dict[str, dict[str, Keys]]

# A lock is held against those that stand before it.
_ORDER = (*LOCKERS, "pylock.toml")


def check(lock: File, repository: Repository) -> Iterator[Finding]:
    """One finding for each other lock beside this one that has another version of something."""
    folder, name = posixpath.split(lock.path)
    for other_name in _ORDER[: _ORDER.index(name)] if name in _ORDER else ():
        other = repository.file(posixpath.join(folder, other_name))
        if repository.is_git and other.path not in repository.tracked():
            continue
        # Pipenv makes the one from the other, which is for the check of pylock.toml.
        if other_name == "Pipfile.lock" and hashes.load(lock).root.get("created-by") == "pipenv":
            continue
        yield from _compared(lock, other)


def _compared(lock: File, other: File) -> Iterator[Finding]:
    try:
        own, others = _versions(lock), _versions(other)
    except Unreadable:
        return
    different = [
        package
        for package, found in own.items()
        if package in others and not _releases(found) & _releases(others[package])
    ]
    if not different:
        return
    first = different[0]
    name = posixpath.basename(other.path)
    here, there = (" or ".join(sorted(found[first])) for found in (own, others))
    message = f"{first} is {here} here and {there} in {name}{_more(len(different) - 1)}"
    line, column = hashes.load(lock).place(next(iter(own[first].values())))
    fix = "keep the lock of one tool; or bring both up to date together, each by its tool"
    yield Finding(lock.path, line, column, CONFLICTING.name, message, fix)


def _more(number: int) -> str:
    packages = "package differs" if number == 1 else "packages differ"
    return f", and {number} more {packages}" if number else ""


def _versions(lock: File) -> Versions:
    """All versions that a lock has. Raises Unreadable."""
    root = hashes.load(lock).root
    found: Versions = {}
    if lock.path.endswith("Pipfile.lock"):
        sections = [(name, table) for name, table in root.items() if name != "_meta"]
        for section, table in sections:
            for name, entry in parsed.table(table).items():
                version = parsed.text(entry, "version")
                if version.startswith("=="):
                    at = (section, name, "version")
                    found.setdefault(normal(name), {}).setdefault(version[2:], at)
        return found
    key = "packages" if "packages" in root else "package"
    for number, package in enumerate(parsed.tables(root, key)):
        name, version = parsed.text(package, "name"), parsed.text(package, "version")
        if name and version:
            found.setdefault(normal(name), {}).setdefault(version, (key, number, "version"))
    return found


def _releases(versions: dict[str, Keys]) -> set[str]:
    """Versions without what a builder added to them, and without zeros at the end."""
    return {_without_zeros(version.partition("+")[0]) for version in versions}


def _without_zeros(version: str) -> str:
    while version.endswith(".0"):
        version = version[:-2]
    return version
