"""Dependency groups (PEP 735) with all that they include, and the older ``dev-dependencies``."""

from __future__ import annotations

from tenterhooks.core import parsed
from tenterhooks.lock_in_sync import compare
from tenterhooks.lock_in_sync.uv import markers
from tenterhooks.lock_in_sync.uv.entries import declared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.lock_in_sync.uv.entries import Entry
    from tenterhooks.lock_in_sync.uv.target import Member

    Group = list[Entry]

MAX_ENTRIES = 20_000
MAX_DEPTH = 50


class Groups:
    """found: the entries of each group, by its normalised name, not lowered yet.
    is_sound: whether all of it could be understood."""

    def __init__(self, member: Member) -> None:
        self._member = member
        self.is_sound = True
        self._total = 0
        tables = parsed.table(member.document, "dependency-groups")
        self._written = {compare.normal(name): name for name in tables}
        settings = parsed.table(member.uv, "dependency-groups")
        self._pythons = {compare.normal(name): settings[name] for name in settings}
        self.found: dict[str, Group] = {}
        for name in self._written:
            self._resolve(name, ())
        self._add_old()

    def _resolve(self, name: str, parents: tuple[str, ...]) -> Group:
        if name in self.found:
            return self.found[name]
        entries: Group = []
        is_known = name in self._written and name not in parents and len(parents) <= MAX_DEPTH
        self.is_sound = self.is_sound and is_known and self._total <= MAX_ENTRIES
        if not self.is_sound:
            return entries
        for number, item in enumerate(parsed.array(self._member.document, *self._keys(name))):
            if isinstance(item, dict):
                included = compare.normal(str(item.get("include-group", "")))
                entries += self._resolve(included, (*parents, name))
            else:
                self._add(entries, item, (*self._keys(name), number))
            if len(entries) > MAX_ENTRIES:
                self.is_sound = False
                return entries
        self._total += len(entries)
        self.found[name] = self._within(name, entries)
        return self.found[name]

    def _keys(self, name: str) -> tuple[str, str]:
        return ("dependency-groups", self._written[name])

    def _add(self, entries: Group, item: object, keys: tuple[str | int, ...]) -> None:
        entry = declared(item, self._member.origin(*keys))
        if entry is None:
            self.is_sound = False
        else:
            entries.append(entry)

    def _within(self, name: str, entries: Group) -> Group:
        """uv lets a group have a range of Pythons of its own; it counts as a marker."""
        specifier = parsed.table(self._pythons, name).get("requires-python")
        if not isinstance(specifier, str):
            return entries
        clauses = [clause for clause in markers.without_holes(specifier).split(",") if clause]
        marker = " and ".join(map(_marker, clauses))
        return [entry.but(marker=markers.both(entry.marker, marker)) for entry in entries]

    def _add_old(self) -> None:
        old = self._member.uv.get("dev-dependencies")
        if isinstance(old, list):
            entries = list(self.found.get("dev", []))
            for number, item in enumerate(old):
                self._add(entries, item, ("tool", "uv", "dev-dependencies", number))
            self.found["dev"] = entries


def _marker(clause: str) -> str:
    digits = clause.lstrip("<>=!~")
    return f"python_full_version {clause[: -len(digits)]} '{digits.strip()}'"
