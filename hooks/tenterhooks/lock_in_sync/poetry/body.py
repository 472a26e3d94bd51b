"""Whether the entries of a poetry.lock belong together, and are what is declared: what Poetry
takes on trust once the hash is right."""

from __future__ import annotations

from tenterhooks.lock_in_sync.poetry.conditions import may_hold
from tenterhooks.lock_in_sync.poetry.constraints import allows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tenterhooks.formats.locks.poetry import Document, Edge, Package
    from tenterhooks.lock_in_sync.poetry.declared import Declared

    # An edge and the entry that it starts from.
    Held = tuple[Package, Edge]

MAX_ENTRIES = 50
# What Poetry 1 left to the environment.
_LEFT_OUT = frozenset({"pip", "setuptools", "distribute", "wheel"})
# From this lock version on an entry says where it is installed.
_WITH_MARKERS = (2, 1)


class Body:
    """A lock beside what is declared.

    project: the name of the project, which needs no entry. declared: all that is declared.
    """

    def __init__(self, document: Document, declared: list[Declared], project: str) -> None:
        self.document = document
        self.declared = declared
        self.project = project
        self._with_kind = {one.name for one in declared if one.kind}
        self._counts: dict[str, int] = {}
        self._extras: dict[str, set[str]] = {}
        for one in declared:
            self._extras.setdefault(one.name, set()).update(one.extras)
            self._counts[one.name] = self._counts.get(one.name, 0) + 1
        self._needed: set[str] = set()
        for package in document.packages:
            self._needed.update(edge.name for edge in package.edges)
            self._with_kind.update(edge.name for edge in package.edges if edge.kind)

    def entries(self, name: str) -> list[Package]:
        """The entries of one name; no project has more of them."""
        return self.document.by_name.get(name, [])[:MAX_ENTRIES]

    def is_wanted(self, one: Declared) -> bool:
        """Whether a declared dependency must have an entry."""
        if one.name in ("", self.project, "python"):
            return False
        return may_hold(one.markers, self.document.python, one.pythons, one.platforms)

    def fits(self, one: Declared, package: Package) -> bool:
        """Whether an entry is what a declaration asks for."""
        if one.kind:
            # Poetry 1.1 left one of two out that were for other environments.
            is_old = self.document.version < (2, 0) and self._counts[one.name] > 1
            return bool(package.kind) or is_old
        if package.kind and package.name not in self._with_kind:
            return False
        return all(allows(constraint, package.version) for constraint in one.constraints)

    def is_only(self, one: Declared) -> bool:
        """Whether nothing else asks for what is declared."""
        return one.name not in self._needed and self._counts[one.name] == 1

    def unmet(self) -> Iterator[tuple[Declared, list[Package]]]:
        """What is declared and wanted and has no entry that fits, with the entries that it has
        instead; or one that does not where another does."""
        for one in self.declared:
            entries = self.entries(one.name)
            misfits = [package for package in entries if not self.fits(one, package)]
            if len(misfits) == len(entries):
                if self.is_wanted(one):
                    yield one, misfits
                continue
            misfits = [package for package in misfits if self._is_installed(one, package)]
            if misfits:
                yield one, misfits

    def _is_installed(self, one: Declared, package: Package) -> bool:
        """Whether an entry is sure to be for an environment that a declaration is for."""
        if one.is_optional or one.group not in package.groups:
            return False
        markers = [*one.markers, package.marker(one.group)]
        return may_hold(markers, self.document.python, one.pythons, one.platforms)

    def broken(self) -> Iterator[Held]:
        """The edges that lead to no entry, or to none of a version that they ask for."""
        for package in self.document.packages:
            for edge in package.edges:
                if not self._is_kept(edge) and self._is_followed(package, edge):
                    yield package, edge

    def _is_kept(self, edge: Edge) -> bool:
        if edge.name in ("", self.project):
            return True
        return any(
            edge.kind or package.kind or allows(edge.constraint, package.version)
            for package in self.entries(edge.name)
        )

    def _is_followed(self, package: Package, edge: Edge) -> bool:
        """Whether an edge is sure to be one that Poetry has gone."""
        has_markers = self.document.version >= _WITH_MARKERS
        if edge.name in _LEFT_OUT and not has_markers:
            return False
        if edge.is_optional and not self._is_asked_for(package, edge):
            return False
        if not edge.marker:
            return True
        # Older locks do not say where the package itself is installed.
        return has_markers and may_hold([edge.marker, package.marker()], self.document.python)

    def _is_asked_for(self, package: Package, edge: Edge) -> bool:
        """Whether a declaration asks for an extra that an optional edge belongs to."""
        from tenterhooks.lock_in_sync.compare import is_possible

        extras = self._extras.get(package.name)
        # An extra in the package's own marker is one of the project.
        if not extras or "extra" not in edge.marker or "extra" in package.marker():
            return False
        return is_possible(edge.marker, extras=extras)

    def orphans(self) -> list[Package]:
        """The entries that nothing declared leads to, whatever the conditions and extras; none
        where something is declared of which not even the name is understood."""
        if any(not one.name for one in self.declared):
            return []
        roots = {one.name for one in self.declared}
        left = set(self.document.by_name) - self._reached(roots, with_extras=False)
        # Older locks have what an extra brings among the extras alone.
        left = left and left - self._reached(roots, with_extras=True)
        return [package for package in self.document.packages if package.name in left]

    def _reached(self, roots: Collection[str], *, with_extras: bool) -> set[str]:
        """The names to which edges lead from ``roots``, those included."""
        found = set(roots)
        pending = list(roots)
        while pending:
            for package in self.entries(pending.pop()):
                names = {edge.name for edge in package.edges}
                for members in package.extras().values() if with_extras else ():
                    names.update(members)
                pending += names - found
                found |= names
        return found
