"""The hash that PDM puts into a lock of what the project declares, and what a difference is due to.

Source: ``PyProject.content_hash`` in ``pdm/project/project_file.py`` (before 2.3
``Project.get_content_hash`` in ``core.py``) from PDM 1.5 to 2.29, and ``pdm/project/workspace.py``.
"""

from __future__ import annotations

from itertools import islice

from tenterhooks.core import parsed
from tenterhooks.lock_in_sync.digest import sha256
from tenterhooks.lock_in_sync.pdm.project import group_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tenterhooks.formats.locks.pdm import PdmLock
    from tenterhooks.lock_in_sync.pdm.project import Keys, Project

    Table = dict[str, Any]

ALGORITHMS = ("sha256", "md5", "sha1", "sha224", "sha384", "sha512")
NEWEST = (4, 5, 1)
# A group of two tables is put together again at each look, so that it grows.
_LOOKS = 6
# Characters that are hashed to explain a difference.
MOST_HASHED = 20_000_000


class Contents:
    """What is hashed of a project and of the members of its workspace, in one of the forms.

    projects, tables: the root first, then the members. Raises TypeError: what JSON does not have.
    """

    def __init__(
        self, algorithm: str, root: Project, inside: list[Project], tables: list[Table]
    ) -> None:
        self.algorithm = algorithm
        self.projects = [root, *inside]
        self.tables = tables
        self.is_workspace = bool(root.settings.get("workspace"))
        self.paths = [project.path_from(root) for project in inside]
        self.digests = [_digest(table, algorithm) for table in tables]

    def digest(self, number: int = 0, table: Table | None = None) -> str:
        """The hash; with ``table`` in the place of the one at ``number``, if there is one."""
        digests = list(self.digests)
        if table is not None:
            digests[number] = _digest(table, self.algorithm)
        if not self.is_workspace:
            return digests[0]
        parts = [digests[0]]
        for path, digest in zip(self.paths, digests[1:], strict=True):
            parts += [path, digest]
        return _hashed("\0".join(parts), self.algorithm)


def contents(lock: PdmLock, root: Project, inside: list[Project]) -> list[Contents]:
    """What is hashed, in each form that a PDM which writes this version of the lock knows."""
    newest = [_newest(project) for project in inside]
    return [
        Contents(lock.algorithm, root, inside, [table, *newest])
        for table in _forms(lock.version, root)
    ]


def _forms(version: tuple[int, ...], project: Project) -> list[Table]:
    settings = project.settings
    old = {**_common(project), "dev-dependencies": settings.get("dev-dependencies", {})}
    if version < (3,):
        # Up to 1.4 they stood among the project's own keys.
        return [old, {**old, "dev-dependencies": project.metadata.get("dev-dependencies", [])}]
    if version < (4, 4, 2):
        # Up to 2.11 the old name wins, from then on it is not known.
        overrides = [project.resolution.get("overrides", {})]
        if "overrides" in settings:
            overrides.append(settings["overrides"])
        found: list[Table] = [{**old, "overrides": each} for each in overrides]
        return [*found, old] if version < (4,) else found
    old["resolution"] = settings.get("resolution", {})
    if version < (4, 5):
        return [old]
    new = [_newest(project, looks) for looks in range(1, _LOOKS if _grows(project) else 2)]
    # PDM before 2.20 knew no dependency groups; where there are some, it is not that old.
    is_old = version < NEWEST and not parsed.table(project.root, "dependency-groups")
    return [*new, old] if is_old else new


def _newest(project: Project, looks: int = 1) -> Table:
    groups: dict[str, list[Any]] = {}
    for name, items in parsed.table(project.root, "dependency-groups").items():
        groups[group_name(name)] = list(parsed.array(items))
    for name, items in parsed.table(project.settings, "dev-dependencies").items():
        groups.setdefault(group_name(name), []).extend(
            parsed.array(items) * (looks if group_name(name) in groups else 1)
        )
    resolution = project.settings.get("resolution", {})
    return {**_common(project), "dev-dependencies": groups, "resolution": resolution}


def _grows(project: Project) -> bool:
    groups = {group_name(name) for name in parsed.table(project.root, "dependency-groups")}
    older = parsed.table(project.settings, "dev-dependencies")
    return any(group_name(name) in groups for name in older)


def _common(project: Project) -> Table:
    metadata = project.metadata
    return {
        "sources": project.settings.get("source", []),
        "dependencies": metadata.get("dependencies", []),
        "optional-dependencies": metadata.get("optional-dependencies", {}),
        "requires-python": metadata.get("requires-python", ""),
    }


def _digest(table: Table, algorithm: str) -> str:
    import json

    return _hashed(json.dumps(table, sort_keys=True), algorithm)


def _hashed(text: str, algorithm: str) -> str:
    if algorithm == "sha256":
        return sha256(text, "surrogateescape")
    import hashlib

    data = text.encode("utf-8", "surrogateescape")
    return hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()


def difference(lock: PdmLock, found: Contents) -> tuple[Project, Keys, str] | None:
    """The one thing without which the hash is that of the lock: where it is declared, and what
    to say of it; None where it takes more than one."""
    for number, project in enumerate(found.projects):
        table = found.tables[number]
        tries = MOST_HASHED // (len(str(table)) + 1)
        for keys, what, smaller in islice(_smaller(lock, project, table), tries):
            if found.digest(number, smaller) == lock.digest:
                return project, keys, what
    return None


def _smaller(lock: PdmLock, project: Project, table: Table) -> Iterator[tuple[Keys, str, Table]]:
    """The table without one of the things in it, each with its keys and with what to say."""
    yield from _without_items(table, "dependencies", ("project", "dependencies"))
    yield from _without_keys(table, "optional-dependencies", "the extra", project)
    yield from _without_keys(table, "dev-dependencies", "the group", project)
    yield from _without_items(table, "sources", ("tool", "pdm", "source"))
    for way, smaller in _without_settings(table):
        what = f"tool.pdm.{'.'.join(way)} is set, and {{}} was made without it"
        yield ("tool", "pdm", *way), what, smaller
    for python in sorted(
        {parsed.text(target, "requires_python") for target in lock.targets} | {""}
    ):
        what = f"requires-python is {project.requires_python or 'not set'}, and {{}} was made "
        what += f"for {python}" if python else "without one"
        yield ("project", "requires-python"), what, {**table, "requires-python": python}


def _without_settings(table: Table) -> Iterator[tuple[tuple[str, ...], Table]]:
    resolution = parsed.table(table, "resolution")
    for key in resolution:
        yield ("resolution", key), {**table, "resolution": _less(resolution, key)}
    for way, rest in _without_overrides(resolution):
        yield way, {**table, "resolution": rest}
    yield from _without_overrides(table)


def _without_overrides(holder: Table) -> Iterator[tuple[tuple[str, ...], Table]]:
    overrides = parsed.table(holder, "overrides")
    for key in overrides:
        yield ("resolution", "overrides", key), {**holder, "overrides": _less(overrides, key)}


def _without_items(table: Table, name: str, keys: Keys) -> Iterator[tuple[Keys, str, Table]]:
    items = parsed.array(table, name)
    for number in range(len(items)):
        what = _what(items[number]).replace("{", "{{").replace("}", "}}")
        rest = [*items[:number], *items[number + 1 :]]
        yield (*keys, number), f"{what}, and {{}} was made without it", {**table, name: rest}


def _what(item: object) -> str:
    if not isinstance(item, dict):
        return f"{str(item)[:100]} is declared"
    if "include-group" in item:
        return f"the group {item['include-group']} is included"
    return f"the source {item.get('name', 'without a name')} is declared"


def _without_keys(
    table: Table, name: str, kind: str, project: Project
) -> Iterator[tuple[Keys, str, Table]]:
    lists = parsed.table(table, name)
    for key in lists:
        place = project.groups.get(group_name(key), ())
        what = f"{kind} {group_name(key)} is declared, and {{}} was made without it"
        yield place, what, {**table, name: _less(lists, key)}
        for keys, what, smaller in _without_items(lists, key, place):
            yield keys, what, {**table, name: smaller}


def _less(table: Table, key: str) -> Table:
    return {name: value for name, value in table.items() if name != key}
