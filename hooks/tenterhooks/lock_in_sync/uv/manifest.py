"""What a lock records of the workspace or the script as a whole."""

from __future__ import annotations

from tenterhooks.core import parsed
from tenterhooks.lock_in_sync import compare
from tenterhooks.lock_in_sync.uv import conflicts, entries, markers, members, sameness
from tenterhooks.lock_in_sync.uv.groups import Groups
from tenterhooks.lock_in_sync.uv.lowering import Lowering
from tenterhooks.lock_in_sync.uv.report import short
from tenterhooks.lock_in_sync.uv.target import strings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tenterhooks.lock_in_sync.uv.entries import Entry
    from tenterhooks.lock_in_sync.uv.report import Report
    from tenterhooks.lock_in_sync.uv.settings import Settings
    from tenterhooks.lock_in_sync.uv.target import Target

    Table = dict[str, Any]
    # A package that an entry is for alone, with its version; empty where it is for all.
    Scope = tuple[str, str]

_LISTS = {
    "constraint-dependencies": "constraints",
    "override-dependencies": "overrides",
    "build-constraint-dependencies": "build-constraints",
}
_ALL: Scope = ("", "")


def check(report: Report, settings: Settings) -> list[Entry]:
    """Tell in what the workspace or the script differs from what the lock was made for. Returns
    what it asks for as a whole."""
    _check_python(report)
    if not report.target.is_script:
        _check_members(report)
        _check_environments(report)
        conflicts.check(report)
        asked = _check_root_groups(report, settings)
    else:
        asked = _check_script(report, settings)
    for written, recorded in _LISTS.items():
        _check_list(report, settings, written, recorded)
    _check_excluded(report)
    return asked


def _check_python(report: Report) -> None:
    """The range of Pythons that all members share; only where it begins and ends."""
    made_for = report.lock.root.get("requires-python")
    found = dict(_pythons(report.target))
    if not found or not isinstance(made_for, str):
        return
    declared, locked = markers.bounds(found), markers.bounds([made_for])
    if declared is None or locked is None or declared == locked:
        return
    own = [value for value in found if markers.bounds([value]) == declared]
    words = short(own[0] if own else " and ".join(found))
    message = f"requires-python is {words}, and {report.lock.name} was made for {short(made_for)}"
    report.stale(found[own[0] if own else next(iter(found))], message)


def _pythons(target: Target) -> Iterator[tuple[str, entries.Origin]]:
    """What each member says of the Pythons that it runs on, and where."""
    for member in list(target.members.values()) or [target.root]:
        holder = member.document if target.is_script else member.project
        value = holder.get("requires-python")
        if isinstance(value, str):
            keys = () if target.is_script else ("project",)
            yield value, member.origin(*keys, "requires-python")


def _check_members(report: Report) -> None:
    target, lock = report.target, report.lock
    declared = set(target.members)
    made_for = {
        compare.normal(name) for name in lock.texts(lock.manifest, "members", ("manifest",))
    }
    if not made_for and target.is_project:
        # A project on its own is not listed.
        made_for = {package.name for package in lock.packages if package.folder == "."}
        if target.root.name not in made_for and made_for:
            _tell_name(report, min(made_for))
            return
    for name in sorted(declared - made_for):
        member = target.members[name]
        message = f"{short(name)} is a member of the workspace, and {lock.name} was made without it"
        report.stale(member.origin("project", "name"), message, name)
    for name in sorted(made_for - declared):
        message = f"{lock.name} was made with the member {short(name)}, which is none"
        report.stale(target.root.origin("tool", "uv", "workspace", "members"), message, name)


def _tell_name(report: Report, other: str) -> None:
    root = report.target.root
    message = (
        f"the project is {short(root.name)}, and {report.lock.name} was made for {short(other)}"
    )
    report.stale(root.origin("project", "name"), message)


def _check_environments(report: Report) -> None:
    for written, recorded in (
        ("environments", "supported-markers"),
        ("required-environments", "required-markers"),
    ):
        texts = strings(report.target.root.uv, written)
        made_for = report.lock.texts(report.lock.root, recorded, ())
        pairs = zip(texts, made_for, strict=False)
        is_same = all(compare.same_marker(one, other, report.python) for one, other in pairs)
        if len(texts) != len(made_for) or not is_same:
            is_or_not = f"made for {short('; '.join(made_for))}" if made_for else "made without"
            message = f"{written} of [tool.uv] is another; {report.lock.name} was {is_or_not}"
            report.stale(report.target.root.origin("tool", "uv", written), message)


def _check_script(report: Report, settings: Settings) -> list[Entry]:
    target, lock = report.target, report.lock
    root = target.root
    texts = parsed.array(root.document, "dependencies")
    place = root.origin("dependencies")
    found = [
        entries.declared(text, root.origin("dependencies", number))
        for number, text in enumerate(texts)
    ]
    known = [entry for entry in found if entry]
    if len(known) != len(texts):
        report.undecided("a dependency of the script is not valid", place)
        return []
    declared = Lowering(target, settings, root, is_own=False).all(known)
    locked = [entries.locked(i) for i in lock.items(lock.manifest, "requirements", ("manifest",))]
    report.differences(sameness.differences(declared, locked, report.python), place)
    return declared


def _check_root_groups(report: Report, settings: Settings) -> list[Entry]:
    """The groups of a root that is no project."""
    target, lock = report.target, report.lock
    keys = ("manifest", "dependency-groups")
    made_for = lock.table(lock.manifest, keys[1], keys[:1])
    locked = {
        compare.normal(name): [entries.locked(item) for item in lock.items(made_for, name, keys)]
        for name in made_for
    }
    declared: dict[str, list[Entry]] = {}
    if not target.is_project:
        groups = Groups(target.root)
        if not groups.is_sound:
            return []
        lowering = Lowering(target, settings, target.root, is_own=False)
        declared = {name: lowering.all(found, name) for name, found in groups.found.items()}
    members.check_groups(report, target.root, declared, locked, has_empty=False)
    return [entry for found in declared.values() for entry in found]


def _check_list(report: Report, settings: Settings, written: str, recorded: str) -> None:
    """Constraints and the like. One more on a package that is not in the lock makes no
    difference, but for those that only count while something is built."""
    declared = _declared_list(report, settings, written)
    if declared is None:
        return
    locked: dict[Scope, list[Entry]] = {}
    for item in parsed.array(report.lock.manifest, recorded):
        for scope, entry in _recorded(item):
            locked.setdefault(scope, []).append(entry)
    place = report.target.root.origin("tool", "uv", written)
    is_build = recorded == "build-constraints"
    for scope in dict.fromkeys((*declared, *locked)):
        mine, made_for = declared.get(scope, []), locked.get(scope, [])
        if recorded == "constraints":
            mine, made_for = _constraining(report, mine), _constraining(report, made_for)
        found = sameness.differences(mine, made_for, report.python, entry_by_entry=is_build)
        if scope == _ALL and not is_build:
            known = {*report.lock.named, *(entry.name for entry in made_for)}
            found = (one for one in found if one.name in known)
        report.differences(found, place, f" in {written}")


def _declared_list(
    report: Report, settings: Settings, written: str
) -> dict[Scope, list[Entry]] | None:
    """What a list of the root says, by what it is for; None where not all of it is valid."""
    root = report.target.root
    lowering = Lowering(report.target, settings, root, is_own=False)
    declared: dict[Scope, list[Entry]] = {}
    for number, item in enumerate(parsed.array(root.document, "tool", "uv", written)):
        for scope, entry in _scoped(item, root.origin("tool", "uv", written, number)):
            if entry is None:
                return None
            declared.setdefault(scope, []).extend(lowering.one(entry, ""))
    return declared


def _constraining(report: Report, listed: list[Entry]) -> list[Entry]:
    """The constraints that apply anywhere. They say nothing of extras."""
    possible = [entry for entry in listed if compare.is_possible(entry.marker, report.python)]
    return [entry.but(extras=()) for entry in possible]


def _scoped(item: object, origin: entries.Origin) -> list[tuple[Scope, Entry | None]]:
    """What one item of a list says: a requirement, or some for one package alone."""
    if not isinstance(item, dict):
        return [(_ALL, entries.declared(item, origin))]
    scope = _scope(item)
    texts = parsed.array(item, "dependencies")
    return [(scope, entries.declared(text, origin)) for text in texts]


def _recorded(item: object) -> list[tuple[Scope, Entry]]:
    if not isinstance(item, dict):
        return []
    if "package" not in item:
        return [(_ALL, entries.locked(item))] if isinstance(item.get("name"), str) else []
    inner = [one for one in parsed.array(item, "dependencies") if isinstance(one, dict)]
    return [
        (_scope(item), entries.locked(one)) for one in inner if isinstance(one.get("name"), str)
    ]


def _scope(item: Table) -> Scope:
    package = parsed.table(item, "package")
    return compare.normal(str(package.get("name", ""))), str(package.get("version", ""))


def _check_excluded(report: Report) -> None:
    root, lock = report.target.root, report.lock
    keys = ("tool", "uv", "exclude-dependencies")
    declared = dict(_excluded(parsed.array(root.document, *keys)))
    made_for = dict(_excluded(parsed.array(lock.manifest, "excludes")))
    for key, number in declared.items():
        if key not in made_for and (key[1] in lock.named or key[0] != _ALL):
            message = f"{short(key[1])} is excluded, and {lock.name} was made with it"
            report.stale(root.origin(*keys, number), message, key[1])
    for key in made_for:
        if key not in declared:
            message = f"{lock.name} was made without {short(key[1])}, which is not excluded"
            report.stale(root.origin(*keys), message, key[1])


def _excluded(items: list[Any]) -> list[tuple[tuple[Scope, str], int]]:
    found = []
    for number, item in enumerate(items):
        names = parsed.array(item, "dependencies") if isinstance(item, dict) else [item]
        scope = _scope(item) if isinstance(item, dict) else _ALL
        found += [((scope, compare.normal(str(name))), number) for name in names]
    return found
