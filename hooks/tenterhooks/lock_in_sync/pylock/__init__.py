"""pylock.toml (PEP 751): is it what the project declares?

The form has no room for what a lock was made from. What counts is what its creator put there on
its own account: PDM a hash, uv its command, pipenv the name of its lock. Without that, a file
beside it that declares what it has is taken for its source; else it cannot be known.
"""

from __future__ import annotations

from tenterhooks.core.finding import Finding
from tenterhooks.formats.locks import pylock
from tenterhooks.formats.names import normal
from tenterhooks.lock_in_sync import rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import SimpleNamespace

    from tenterhooks.core.files import File, Repository
    from tenterhooks.formats.locks.pylock import Pylock


def check(lock: File, repository: Repository, options: SimpleNamespace) -> Iterator[Finding]:
    """Findings of one lock. Raises Unreadable: the lock is broken."""
    read = pylock.load(lock)
    if read.version.partition(".")[0] != "1":
        unknown = f"its version, {read.version[:20]}, is newer than what is known here"
        yield from _undecided(lock, options, unknown)
        return
    yield from _incomplete(read)
    note = read.note("pdm")
    if read.creator == "pdm" and ("hashes" in note or "lock_inputs" in note):
        from tenterhooks.lock_in_sync import pdm

        yield from pdm.check(lock, repository, options)
        return
    from tenterhooks.lock_in_sync.pylock import sources

    found, unknown = sources.check(read, repository)
    yield from found
    if unknown:
        yield from _undecided(lock, options, unknown)


def _undecided(lock: File, options: SimpleNamespace, why: str) -> Iterator[Finding]:
    if options.strict:
        message = f"whether {lock.path} is in sync is not known: {why}"
        yield Finding(lock.path, 1, 1, rules.UNDECIDED.name, message)


def _incomplete(lock: Pylock) -> Iterator[Finding]:
    """What an entry depends on must have an entry."""
    names = {normal(package.name) for package in lock.packages}
    for package in lock.packages:
        for number, name in enumerate(package.asks):
            if name and normal(name) not in names:
                place = lock.place((*package.keys, "dependencies", number))
                message = f"{package.name[:80]} asks for {name[:80]}, and it has no entry"
                yield Finding(lock.file.path, *place, rules.INCOMPLETE.name, message, _FIX)


_FIX = "restore the lock from git, or write it anew with the tool that made it"
