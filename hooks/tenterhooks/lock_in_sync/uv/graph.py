"""What uv does not look at: do the packages of a lock meet what is asked, are all there, is each
asked for?"""

from __future__ import annotations

from tenterhooks.core import parsed
from tenterhooks.lock_in_sync import compare, rules
from tenterhooks.lock_in_sync.uv import markers, members, urls
from tenterhooks.lock_in_sync.uv.report import short
from tenterhooks.lock_in_sync.uv.target import strings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenterhooks.formats.locks.uv import Edge, Package
    from tenterhooks.lock_in_sync.uv.entries import Entry
    from tenterhooks.lock_in_sync.uv.members import Declared
    from tenterhooks.lock_in_sync.uv.report import Report

    Context = tuple[str, str]


# Packages that one edge can mean.
MAX_SAME = 200


class Graph:
    """The packages of a lock, and what the project asks of them."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._lock = report.lock
        self._versions: dict[tuple[str, str], list[Package]] = {}
        for package in self._lock.packages:
            self._versions.setdefault((package.name, package.version), []).append(package)
        uv = report.target.root.uv
        self._freed = _named(parsed.array(uv, "override-dependencies"))
        self._freed |= _named(parsed.array(uv, "exclude-dependencies"))
        environments = strings(uv, "environments")
        self._environment = markers.either(environments) if environments else ""

    def check_declared(self, declared: Declared) -> None:
        """Each requirement of a member has an edge, and a version that meets it."""
        package = members.block(self._report, declared.member)
        if package is None:
            return
        edges = self._targets(package)
        for entry in declared.requires or ():
            section = "optional-dependencies" if entry.extra else "dependencies"
            self._check_entry(entry, edges.get((section, entry.extra), set()), package.name)
        for group, entries in (declared.groups or {}).items():
            for entry in entries:
                targets = edges.get(("dev-dependencies", group), set())
                self._check_entry(entry, targets, package.name)

    def check_listed(self, entries: Iterable[Entry]) -> None:
        """Requirements that no package asks for, but the script or the root as a whole."""
        for entry in entries:
            self._check_entry(entry, set(self._lock.named), "")

    def _targets(self, package: Package) -> dict[Context, set[str]]:
        found: dict[Context, set[str]] = {}
        for edge in self._lock.edges(package):
            context = (edge.section, compare.normal(edge.group))
            found.setdefault(context, set()).add(edge.item["name"])
        return found

    def _check_entry(self, entry: Entry, targets: set[str], owner: str) -> None:
        report = self._report
        if entry.name in report.told or entry.name == owner or entry.name in self._freed:
            return
        found = self._lock.named.get(entry.name, [])
        may_be_left_out = bool(self._lock.root.get("conflicts"))
        if entry.name not in targets and not (found and may_be_left_out):
            if self._is_possible(entry):
                message = (
                    f"{short(entry.text)} is declared, and {self._lock.name} has no entry for it"
                )
                report.unmet(entry, message, rules.INCOMPLETE)
        elif entry.source[0] == "registry" and entry.specifier and found:
            self._check_versions(entry, found)

    def _check_versions(self, entry: Entry, found: list[Package]) -> None:
        held = [package.version for package in found if package.version]
        if len(held) < len(found):
            return
        if any(compare.meets(version, entry.specifier) for version in held):
            return
        if self._is_possible(entry):
            shown = ", ".join(map(short, held[:5]))
            message = f"{short(entry.text)} is declared, and {self._lock.name} has {shown}"
            self._report.unmet(entry, message)

    def _is_possible(self, entry: Entry) -> bool:
        """Whether it applies anywhere that the lock is for."""
        marker = markers.both(entry.marker, self._environment)
        return entry.source[0] != "unknown" and compare.is_possible(marker, self._report.python)

    def check_edges(self) -> None:
        """Every edge leads to a package, and every package is led to."""
        reached = self._roots()
        queue = list(reached.values())
        edges_of = {id(package): list(self._lock.edges(package)) for package in self._lock.packages}
        for package in queue:
            for edge in edges_of[id(package)]:
                for target in self._ends(edge):
                    if id(target) not in reached:
                        reached[id(target)] = target
                        queue.append(target)
        for edges in edges_of.values():
            for edge in edges:
                if not self._ends(edge):
                    self._tell_broken(edge)
        self._tell_orphans(reached)

    def _roots(self) -> dict[int, Package]:
        lock = self._lock
        names = {compare.normal(str(name)) for name in parsed.array(lock.manifest, "members")}
        names |= set(self._report.target.members)
        groups = lock.table(lock.manifest, "dependency-groups", ("manifest",))
        asked = [lock.items(lock.manifest, "requirements", ("manifest",))]
        asked += [lock.items(groups, name, ("manifest", "dependency-groups")) for name in groups]
        names |= {item["name"] for items in asked for item in items}
        return {
            id(package): package
            for package in lock.packages
            if package.name in names or package.folder == "."
        }

    def _ends(self, edge: Edge) -> list[Package]:
        """The packages that an edge can mean: by name, and by version and source where given."""
        name, version = edge.item["name"], edge.item.get("version")
        if version is None:
            found = self._lock.named.get(name, [])
        else:
            found = self._versions.get((name, str(version)), [])
        return [package for package in found[:MAX_SAME] if _fits(edge, package)]

    def _tell_broken(self, edge: Edge) -> None:
        name = edge.item["name"]
        if name in self._report.told:
            return
        self._report.told.add(name)
        version = edge.item.get("version")
        wanted = f"{name} {version}" if isinstance(version, str) else name
        message = (
            f"{short(edge.owner.name)} depends on {short(wanted)}, for which there is no entry"
        )
        self._report.in_lock(rules.INCOMPLETE, edge.keys, message, name)

    def _tell_orphans(self, reached: dict[int, Package]) -> None:
        for package in self._lock.packages:
            if id(package) not in reached and package.name not in self._report.told:
                what = f"{short(package.name)} {short(package.version)}".rstrip()
                message = f"nothing depends on {what}"
                self._report.in_lock(rules.ORPHAN, package.keys, message, package.name)


def _fits(edge: Edge, package: Package) -> bool:
    source = edge.item.get("source")
    return not isinstance(source, dict) or source == package.source or _same(source, package.source)


def _same(one: dict[str, object], other: dict[str, object]) -> bool:
    if "registry" in one or "registry" in other:
        return one.get("registry") == other.get("registry")
    return urls.of_lock(one) == urls.of_lock(other)


def _named(items: list[object]) -> set[str]:
    """The packages that overrides or exclusions are about."""
    found = set()
    for item in items:
        inner = parsed.array(item, "dependencies") if isinstance(item, dict) else [item]
        for text in inner:
            requirement = compare.parse(text) if isinstance(text, str) else None
            found |= {requirement.name} if requirement else set()
    return found
