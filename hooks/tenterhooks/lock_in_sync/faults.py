"""What can be wrong with where a package of a lock comes from."""

from __future__ import annotations

import re

from tenterhooks.lock_in_sync import hosts

COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
RESTORE = "if nobody meant this, take the lock of the last good commit, and lock again"
HTTPS = "use https, and lock again"


class Fault:
    """One package, and what is wrong with where it comes from. place: 1-based line and column.
    message: what follows its name; the same for all that are wrong in the same way. undeclared:
    the address, where the fault is that nothing names it."""

    __slots__ = ("fix", "message", "name", "place", "undeclared")

    def __init__(
        self, name: str, place: tuple[int, int], message: str, fix: str, undeclared: str = ""
    ) -> None:
        self.name = name
        self.place = place
        self.message = message
        self.fix = fix
        self.undeclared = undeclared


def undeclared_fault(name: str, place: tuple[int, int], url: str) -> Fault:
    """The fault of a package that is taken from an address that nothing names."""
    where = str(hosts.address(url) or url)[:100]
    message = f"is taken from {where}, which no project file names"
    return Fault(name, place, message, RESTORE, where)


def plain(found: hosts.Address) -> str:
    return f"comes over plain {found.scheme} from {found.host}"
