"""Extras and groups that may not be installed together."""

from __future__ import annotations

from tenterhooks.core import parsed
from tenterhooks.lock_in_sync import compare

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenterhooks.lock_in_sync.uv.report import Report
    from tenterhooks.lock_in_sync.uv.target import Member, Target

    # A package, and its extra or group.
    Item = tuple[str, str, str]
    Conflict = frozenset[Item]

MAX_SETS = 2000


def check(report: Report) -> None:
    """Tell in what the declared conflicts differ from those that the lock was made for. To those
    that are declared, uv adds those of the groups that include one of them."""
    target, lock = report.target, report.lock
    declared = list(_declared(target))
    made_for = list(_read(lock.root, ""))
    # Their order counts for uv; those that it adds itself come last.
    is_same = made_for[: len(declared)] == declared
    if made_for == declared or (is_same and _implied(declared, target.root).issuperset(made_for)):
        return
    holders = [target.root, *target.members.values()]
    place = next((holder for holder in holders if "conflicts" in holder.uv), target.root)
    message = f"the conflicts of [tool.uv] are not those that {lock.name} was made for"
    report.stale(place.origin("tool", "uv", "conflicts"), message)


def _declared(target: Target) -> Iterable[Conflict]:
    """Those of a root that is no project, then those of the members, by name."""
    if not target.is_project:
        yield from _read(target.root.uv, "")
    for name in sorted(target.members):
        yield from _read(target.members[name].uv, name)


def _read(holder: dict[str, object], package: str) -> Iterable[Conflict]:
    for items in parsed.array(holder, "conflicts"):
        found = (item for item in parsed.array(items) if isinstance(item, dict))
        conflict = frozenset(_item(item, package) for item in found)
        if conflict:
            yield conflict


def _item(item: dict[str, object], package: str) -> Item:
    owner = compare.normal(str(item.get("package", package)))
    for kind in ("extra", "group"):
        if kind in item:
            return owner, kind, compare.normal(str(item[kind]))
    return owner, "", ""


def _implied(declared: list[Conflict], root: Member) -> set[Conflict]:
    """The conflicts with groups of the root put in the place of those that they include."""
    includers = _includers(root)
    found = set(declared)
    queue = list(declared)
    while queue and len(found) < MAX_SETS:
        conflict = queue.pop()
        for item in conflict:
            for group in includers.get(item, ()):
                other = conflict - {item} | {group}
                if other not in found:
                    found.add(other)
                    queue.append(other)
    return found


def _includers(root: Member) -> dict[Item, set[Item]]:
    found: dict[Item, set[Item]] = {}
    groups = parsed.table(root.document, "dependency-groups")
    for name in groups:
        for item in parsed.array(groups, name):
            if isinstance(item, dict):
                included = (root.name, "group", compare.normal(str(item.get("include-group", ""))))
                found.setdefault(included, set()).add((root.name, "group", compare.normal(name)))
    return found
