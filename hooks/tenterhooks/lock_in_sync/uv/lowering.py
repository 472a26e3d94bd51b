"""What ``[tool.uv.sources]`` makes of a requirement: uv compares the outcome."""

from __future__ import annotations

import os
import posixpath

from tenterhooks.core import parsed
from tenterhooks.lock_in_sync import compare
from tenterhooks.lock_in_sync.uv import markers, urls
from tenterhooks.lock_in_sync.uv.target import Broken, project_in
from tenterhooks.lock_in_sync.uv.workspace import PROJECT, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tenterhooks.lock_in_sync.uv.entries import Entry
    from tenterhooks.lock_in_sync.uv.settings import Settings
    from tenterhooks.lock_in_sync.uv.target import Member, Target

    Table = dict[str, Any]

# Of one package; nobody has more than a handful.
MAX_SOURCES = 50
_SUFFIXES = (".whl", ".zip", ".gz", ".tgz", ".bz2", ".xz", ".tar", ".zst", ".lz", ".lzma", ".tbz")


def _is_cut_off(target: Target, member: Member) -> bool:
    """Whether uv, on its way up from a member to the workspace, is stopped by another project, and
    takes the member for a workspace of its own."""
    folder = posixpath.dirname(member.folder)
    while len(folder) > len(target.folder):
        if os.path.isfile(target.repository.file(posixpath.join(folder, PROJECT)).absolute):
            return True
        folder = posixpath.dirname(folder)
    return False


class Lowering:
    """Lowers the requirements of one project.

    owner: whose sources count first; the root's are for those that it has none for, where the
    owner is a member. is_own: whether the owner asks, and not the workspace or a script as a whole.
    """

    def __init__(
        self, target: Target, settings: Settings, owner: Member, *, is_own: bool = True
    ) -> None:
        self._target = target
        self._settings = settings
        self._owner = owner
        self._is_own = is_own
        is_member = not is_own or (owner.name in target.members and not _is_cut_off(target, owner))
        self._root = target.root if is_member else owner
        self._sources = {
            compare.normal(name): (sources, holder)
            for holder in (self._root, owner)
            for name, sources in parsed.table(holder.uv, "sources").items()
        }

    def all(self, entries: list[Entry], group: str = "") -> list[Entry]:
        return [lowered for entry in entries for lowered in self.one(entry, group)]

    def one(self, entry: Entry, group: str) -> list[Entry]:
        """The entries that stand for one, each with a source and a marker of its own."""
        if entry.name not in self._sources or self._settings.ignores_sources(entry.name):
            return [entry]
        value, holder = self._sources[entry.name]
        sources = [source for source in _listed(value) if _applies(source, entry.extra, group)]
        found = []
        covered = []
        for source in sources:
            marker = str(source.get("marker", ""))
            covered.append(marker)
            where = self._source(source, entry, holder)
            changes = {"source": where, "marker": markers.both(entry.marker, marker)}
            if where[0] != "registry":
                changes["specifier"] = ""
            found.append(entry.but(**changes))
        return found + self._rest(entry, covered)

    def _rest(self, entry: Entry, covered: list[str]) -> list[Entry]:
        """Where no source applies, the requirement stands as it is."""
        if "" in covered:
            return []
        if not covered:
            return [entry]
        rest = markers.opposite(markers.either(covered))
        if rest is None:
            return [entry.but(source=urls.UNKNOWN)]
        marker = markers.both(entry.marker, rest)
        return [entry.but(marker=marker)] if compare.is_possible(marker) else []

    def _source(self, source: Table, entry: Entry, holder: Member) -> urls.Source:
        if "git" in source:
            return _git(source)
        if "url" in source:
            return ("url", urls.plain(str(source["url"])), str(source.get("subdirectory", "")))
        if "path" in source:
            return self._path(source, holder)
        if source.get("workspace") is True:
            return self._member(entry.name)
        if "index" in source:
            return self._index(source)
        return urls.UNKNOWN

    def _index(self, source: Table) -> urls.Source:
        for holder in (self._owner, self._root):
            for item in parsed.array(holder.uv, "index"):
                if isinstance(item, dict) and item.get("name") == source["index"]:
                    url = str(item.get("url", ""))
                    is_url = "://" in url and not url.startswith("file:")
                    return (
                        ("registry", urls.index(url), self._conflict(source))
                        if is_url
                        else urls.UNKNOWN
                    )
        return urls.UNKNOWN

    def _conflict(self, source: Table) -> str:
        """A source for an extra or a group alone is told apart by it."""
        if not self._is_own or not self._owner.name:
            return ""
        for kind in ("extra", "group"):
            if kind in source:
                item = {"package": self._owner.name, kind: compare.normal(str(source[kind]))}
                return urls.conflict_text(item)
        return ""

    def _member(self, name: str) -> urls.Source:
        target = self._target
        if name not in target.members or self._root is not target.root:
            return urls.UNKNOWN
        member = target.members[name]
        is_required = name in target.required
        kind = "virtual"
        if member.is_package(is_required=is_required):
            kind = "directory" if target.required.get(name) is False else "editable"
        return (kind, posixpath.relpath(member.folder or ".", target.folder or "."))

    def _path(self, source: Table, holder: Member) -> urls.Source:
        given = str(source["path"]).replace("\\", "/")
        if given.startswith(("/", "~", "file:")) or given[1:2] == ":" or not given:
            return urls.UNKNOWN
        path = joined(holder.folder, given)
        shown = posixpath.relpath(path or ".", self._target.folder or ".")
        if self._is_file(path):
            return ("path", shown)
        if source.get("editable") is True:
            return ("editable", shown)
        return ("directory" if self._is_package(source, path) else "virtual", shown)

    def _is_file(self, path: str) -> bool:
        absolute = os.path.join(self._target.repository.top, *path.split("/"))
        return not os.path.isdir(absolute) and path.endswith(_SUFFIXES)

    def _is_package(self, source: Table, folder: str) -> bool:
        explicit = source.get("package")
        if isinstance(explicit, bool):
            return explicit
        try:
            project = project_in(self._target.repository, folder)
        except Broken:
            return True
        return project is None or project.is_package(is_required=True)


def _listed(value: object) -> list[Table]:
    items = value[:MAX_SOURCES] if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]


def _applies(source: Table, extra: str, group: str) -> bool:
    """A source may be for one extra or one group alone."""
    wanted = source.get("extra"), source.get("group")
    asked = extra, group
    return all(
        want is None or compare.normal(str(want)) == ask
        for want, ask in zip(wanted, asked, strict=True)
    )


def _git(source: Table) -> urls.Source:
    references = [kind for kind in ("rev", "tag", "branch") if kind in source]
    kind = references[0] if references else ""
    reference = (kind, str(source[kind]) if kind else "")
    parts = (str(source.get("subdirectory", "")), source.get("lfs") is True)
    return urls.git(str(source["git"]), reference, *parts, str(source.get("path", "")))
