"""What a runner's configuration says of one repository of hooks, and what is put into it."""

from __future__ import annotations

import tenterhooks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tenterhooks.everything.adopt.revision import Revision

    Item = dict[str, Any]

HOOK = "tenterhooks"
BANDIT = ".[bandit]"


class Entry:
    """One repository of hooks.

    number: which one it is. hooks: their ids. has_bandit: whether the hook ``tenterhooks`` gets
    it.
    """

    __slots__ = ("address", "has_bandit", "hooks", "number", "revision")

    def __init__(self, number: int, address: str | None, revision: str | None) -> None:
        self.number = number
        self.address = address
        self.revision = revision
        self.hooks: list[str] = []
        self.has_bandit = False

    def add(self, id: str, dependencies: list[str]) -> None:
        self.hooks.append(id)
        if id == HOOK:
            self.has_bandit |= any("bandit" in it for it in dependencies)


def hook(*, with_bandit: bool) -> Item:
    more = {"additional_dependencies": [BANDIT]} if with_bandit else {}
    return {"id": HOOK, **more}


def entry(revision: Revision, *, with_bandit: bool) -> Item:
    return {"repo": tenterhooks.HOME, "rev": revision.sha, "hooks": [hook(with_bandit=with_bandit)]}


def comments(revision: Revision) -> dict[str, str]:
    """What stands behind the values of an entry."""
    return {"rev": revision.comment} if revision.comment else {}
