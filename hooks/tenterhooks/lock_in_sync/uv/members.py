"""Each project of a workspace beside the copy of its metadata that the lock holds."""

from __future__ import annotations

from tenterhooks.core import parsed
from tenterhooks.formats.locks.uv import GROUPS
from tenterhooks.lock_in_sync import compare
from tenterhooks.lock_in_sync.uv import entries, flat, sameness
from tenterhooks.lock_in_sync.uv.groups import Groups
from tenterhooks.lock_in_sync.uv.lowering import Lowering
from tenterhooks.lock_in_sync.uv.report import short
from tenterhooks.lock_in_sync.uv.target import is_member, project_in
from tenterhooks.lock_in_sync.uv.workspace import joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tenterhooks.formats.locks.uv import Package
    from tenterhooks.lock_in_sync.uv.entries import Entry
    from tenterhooks.lock_in_sync.uv.report import Report
    from tenterhooks.lock_in_sync.uv.settings import Settings
    from tenterhooks.lock_in_sync.uv.target import Member

# Since this revision a lock may have no copy of the metadata.
WITHOUT_METADATA = 4
_ORDINARY = ("dependencies", "optional-dependencies")


class Declared:
    """What one member asks for, as uv compares it: of itself with its extras, and by group.
    Each is None where it cannot be known."""

    def __init__(self, report: Report, settings: Settings, member: Member) -> None:
        self.member = member
        lowering = Lowering(report.target, settings, member)
        self.requires: list[Entry] | None = None
        written = _requirements(member)
        if written is None:
            why = f"the dependencies of {member.name} are dynamic, or not all of them are valid"
            report.undecided(why, member.origin("project"))
        else:
            self.requires = lowering.all(written)
        groups = Groups(member)
        self.groups: dict[str, list[Entry]] | None = None
        if groups.is_sound:
            self.groups = {name: lowering.all(found, name) for name, found in groups.found.items()}
        else:
            why = f"a dependency group of {member.name} is not valid"
            report.undecided(why, member.origin("dependency-groups"))

    @property
    def extras(self) -> list[str]:
        return [compare.normal(name) for name in _extras(self.member)]

    @property
    def has_dynamic_version(self) -> bool:
        return "version" in parsed.array(self.member.project, "dynamic")


def check(report: Report, declared: Declared) -> None:
    """Tell in what a member differs from its block in the lock."""
    package = block(report, declared.member)
    if package is not None:
        _check_kind(report, declared.member, package)
        _check_block(report, declared, package)


def check_paths(report: Report, settings: Settings) -> None:
    """The same for projects of this repository that are taken by their path."""
    target = report.target
    for package in report.lock.packages:
        folder = joined(target.folder, package.folder) if package.folder else "."
        if folder in (".", "..") or folder.startswith(("/", "../")) or ":" in folder:
            continue
        if package.name not in target.members:
            project = project_in(target.repository, folder)
            if (
                project is None
                or "project" not in project.document
                or is_member(target.repository, project)
            ):
                report.undecided(f"what {short(package.name)} depends on is not known here")
            elif project.name == package.name:
                _check_block(report, Declared(report, settings, project), package)


def _check_block(report: Report, declared: Declared, package: Package) -> None:
    member = declared.member
    _check_version(report, declared, package)
    metadata = report.lock.table(package.table, "metadata", package.keys)
    edges = next(report.lock.edges(package), None)
    if not package.has_metadata and report.lock.revision >= WITHOUT_METADATA and edges:
        why = f"{report.lock.name} has no copy of what {member.name} declared"
        report.undecided(why, member.origin("project"))
        return
    _check_extras(report, declared, metadata)
    _check_requirements(report, declared, package, metadata)
    _check_groups(report, declared, package, metadata)


def block(report: Report, member: Member) -> Package | None:
    """The block of a member in the lock."""
    return next(iter(report.lock.named.get(member.name, ())), None)


def _check_kind(report: Report, member: Member, package: Package) -> None:
    target = report.target
    is_required = member.name in target.required
    expected = "virtual"
    if member.is_package(is_required=is_required):
        expected = "directory" if target.required.get(member.name) is False else "editable"
    kinds = [kind for kind in ("virtual", "editable") if kind in package.source]
    actual = kinds[0] if kinds else "directory"
    if actual != expected:
        name = report.lock.name
        words = {"virtual": "not to be built", "directory": "not editable", "editable": "editable"}
        report.stale(
            member.origin("project", "name"),
            f"{short(member.name)} is {words[expected]}, and {name} was made for one that is "
            f"{words[actual]}",
        )


def _check_version(report: Report, declared: Declared, package: Package) -> None:
    member = declared.member
    version = member.project.get("version")
    name = report.lock.name
    if declared.has_dynamic_version:
        if package.version:
            message = f"the version is dynamic, and {name} was made for {short(package.version)}"
            report.stale(member.origin("project", "dynamic"), message)
    elif isinstance(version, str) and not _same_version(version, package.version):
        made_for = short(package.version) or "one that is dynamic"
        message = f"the version is {short(version)}, and {name} was made for {made_for}"
        report.stale(member.origin("project", "version"), message)


def _same_version(one: str, other: str) -> bool:
    if one == other:
        return True
    from packaging.version import Version

    try:
        return bool(other) and Version(one) == Version(other)
    except ValueError:
        # Or has more digits than int() takes. What is no version is for uv to say.
        return bool(other)


def _check_extras(report: Report, declared: Declared, metadata: dict[str, Any]) -> None:
    if report.lock.revision < 1 or declared.requires is None:
        return
    keys = ("package",)
    made_for = {*map(compare.normal, report.lock.texts(metadata, "provides-extras", keys))}
    member, name = declared.member, report.lock.name
    written = {compare.normal(extra): extra for extra in _extras(member)}
    place = ("project", "optional-dependencies")
    for extra, original in written.items():
        if extra not in made_for:
            message = f"the extra {short(extra)} is declared, and {name} was made without it"
            report.stale(member.origin(*place, original), message)
            report.told |= {entry.name for entry in declared.requires if entry.extra == extra}
    for extra in sorted(made_for - set(written)):
        message = f"{name} was made with the extra {short(extra)}, which is not declared"
        report.stale(member.origin(*place), message)


def _check_requirements(
    report: Report, declared: Declared, package: Package, metadata: dict[str, Any]
) -> None:
    if declared.requires is None:
        return
    keys = (*package.keys, "metadata")
    locked = [entries.locked(item) for item in report.lock.items(metadata, "requires-dist", keys)]
    found = list(sameness.differences(declared.requires, locked, report.python))
    if found and declared.has_dynamic_version:
        # What builds the package may have resolved extras that ask for each other.
        others = flat.flattened(declared.requires, package.name)
        if others is None or not list(sameness.differences(others, locked, report.python)):
            return
    told = {f"extra {extra}" for extra in _unequal_extras(declared, metadata)}
    place = declared.member.origin("project", "dependencies")
    report.differences(_without(found, told), place)


def _unequal_extras(declared: Declared, metadata: dict[str, Any]) -> set[str]:
    locked = set(map(str, parsed.array(metadata, "provides-extras")))
    return locked ^ set(declared.extras) if locked else set()


def _without(found: list[sameness.Difference], told: set[str]) -> list[sameness.Difference]:
    """The differences that are not those of an extra as a whole, which is told already."""
    kept = []
    for difference in found:
        difference.declared = [e for e in difference.declared if f"extra {e.extra}" not in told]
        difference.locked = [e for e in difference.locked if f"extra {e.extra}" not in told]
        if difference.declared or difference.locked:
            kept.append(difference)
    return kept


def _check_groups(
    report: Report, declared: Declared, package: Package, metadata: dict[str, Any]
) -> None:
    if declared.groups is None:
        return
    keys = (*package.keys, "metadata")
    place = GROUPS if GROUPS in metadata else "requires-dev"
    made_for = report.lock.table(metadata, place, keys)
    locked = {
        compare.normal(name): [
            entries.locked(item) for item in report.lock.items(made_for, name, (*keys, place))
        ]
        for name in made_for
    }
    check_groups(report, declared.member, declared.groups, locked)


def check_groups(
    report: Report,
    member: Member,
    declared: dict[str, list[Entry]],
    locked: dict[str, list[Entry]],
    *,
    has_empty: bool = True,
) -> None:
    """Tell in what groups differ. Older locks do not say which groups are empty."""
    name = report.lock.name
    counts = has_empty and report.lock.revision >= 1
    for group, found in declared.items():
        place = _group_origin(member, group)
        if group in locked:
            differences = sameness.differences(found, locked[group], report.python)
            report.differences(differences, place, f" in the group {short(group)}")
        elif found or counts:
            message = f"the group {short(group)} is declared, and {name} was made without it"
            report.stale(place, message)
            report.told |= {entry.name for entry in found}
    for group, made_for in locked.items():
        if group not in declared and (made_for or counts):
            message = f"{name} was made with the group {short(group)}, which is not declared"
            report.stale(member.origin("dependency-groups"), message)


def _group_origin(member: Member, group: str) -> entries.Origin:
    """Where a group stands; in the older list where it is in no other."""
    for name in parsed.table(member.document, "dependency-groups"):
        if compare.normal(name) == group:
            return member.origin("dependency-groups", name)
    return member.origin("tool", "uv", "dev-dependencies")


def _extras(member: Member) -> list[str]:
    return list(parsed.table(member.project, "optional-dependencies"))


def _requirements(member: Member) -> list[Entry] | None:
    """Dependencies and those of the extras, not lowered yet; None where they are not known."""
    if any(name in parsed.array(member.project, "dynamic") for name in _ORDINARY):
        return None
    found = []
    for number, text in enumerate(parsed.array(member.project, "dependencies")):
        found.append(entries.declared(text, member.origin("project", "dependencies", number)))
    for extra in _extras(member):
        keys = ("project", "optional-dependencies", extra)
        for number, text in enumerate(parsed.array(member.document, *keys)):
            origin = member.origin(*keys, number)
            found.append(entries.declared(text, origin, compare.normal(extra)))
    known = [entry for entry in found if entry is not None]
    return known if len(known) == len(found) else None
