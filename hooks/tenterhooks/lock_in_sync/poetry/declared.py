"""What a pyproject asks Poetry to lock: ``[tool.poetry]``, ``[project]`` enriched by it, and
``[dependency-groups]``.

Source: ``_configure_package_dependencies`` in poetry-core's factory.py, and ``dependencies`` and
``dependencies_for_locking`` in its packages/dependency_group.py.
"""

from __future__ import annotations

from tenterhooks.core import parsed
from tenterhooks.formats.locks.poetry import KINDS, first_name
from tenterhooks.formats.names import normal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tenterhooks.core.toml import Path

    Table = dict[str, Any]

MAIN = "main"
MAX_TEXT = 120
# No name of a platform.
UNKNOWN = "?"


class Declared:
    """One dependency, as one place declares it.

    name, group, extras: normalised. text: it, in the words of the file. keys: the way to it.
    constraints: all must be met, in Poetry's syntax. conditions: markers that must all hold, and
    ``python``, ``platform`` constraints that must be met. kind: one of KINDS, or empty for what
    an index has. index: the name of the source that it is tied to.
    """

    __slots__ = (
        "constraints",
        "extras",
        "group",
        "index",
        "is_optional",
        "keys",
        "kind",
        "markers",
        "name",
        "platforms",
        "pythons",
        "text",
    )

    def __init__(self, name: str, group: str, keys: Path, text: str) -> None:
        self.name = normal(name)
        self.group = group
        self.keys = keys
        self.text = text
        self.constraints: list[str] = []
        self.markers: list[str] = []
        self.pythons: list[str] = []
        self.platforms: list[str] = []
        self.extras: frozenset[str] = frozenset()
        self.kind = ""
        self.index = ""
        self.is_optional = False


def load(root: Table, *, with_groups: bool = True) -> list[Declared]:
    """All that is declared in the document of a pyproject; what is not well formed is left out.

    with_groups: whether Poetry reads ``[dependency-groups]``, as it does since 2.2.
    """
    return list(_all(root, with_groups=with_groups))


def python(root: Table) -> str:
    """The versions of Python that the project is locked for."""
    own = parsed.table(parsed.table(root, "tool"), "poetry", "dependencies").get("python")
    said = own if own is not None else parsed.table(root, "project").get("requires-python", "*")
    return parsed.text(said)


def project_name(root: Table) -> str:
    poetry = parsed.table(root, "tool", "poetry")
    name = parsed.table(root, "project").get("name") or poetry.get("name")
    return normal(parsed.text(name))


def extras(root: Table) -> dict[str, tuple[Path, list[str]]]:
    """Of each extra, the way to it and the names that it holds, all normalised."""
    project = parsed.table(root, "project")
    optional = parsed.table(project, "optional-dependencies")
    if project.get("dependencies") or optional:
        way: Path = ("project", "optional-dependencies")
        return {
            normal(extra): ((*way, extra), [_name(text) for text in parsed.texts(members)])
            for extra, members in optional.items()
        }
    return {
        normal(extra): (
            ("tool", "poetry", "extras", extra),
            [normal(n) for n in parsed.texts(names)],
        )
        for extra, names in parsed.table(root, "tool", "poetry", "extras").items()
    }


def indexes(root: Table) -> list[str]:
    """The names of the sources that are configured."""
    tables = parsed.array(root, "tool", "poetry", "source")
    return [parsed.text(table, "name") for table in tables if isinstance(table, dict)]


def _all(root: Table, *, with_groups: bool) -> Iterator[Declared]:
    poetry = parsed.table(root, "tool", "poetry")
    way: Path = ("tool", "poetry")
    own = list(_poetry(poetry, (*way, "dependencies"), MAIN))
    yield from _merged(list(_project(root)), own, _dynamic(root))
    yield from _poetry(poetry, (*way, "dev-dependencies"), "dev")
    standard: dict[str, list[Declared]] = {}
    if with_groups:
        for name, members in parsed.table(root, "dependency-groups").items():
            keys: Path = ("dependency-groups", name)
            standard[normal(name)] = list(_listed(members, keys, normal(name)))
    for name, group in parsed.table(poetry, "group").items():
        enriching = list(_poetry(group, (*way, "group", name, "dependencies"), normal(name)))
        yield from _merged(standard.pop(normal(name), []), enriching, frozenset())
    for members in standard.values():
        yield from members


def _project(root: Table) -> Iterator[Declared]:
    project = parsed.table(root, "project")
    yield from _listed(project.get("dependencies"), ("project", "dependencies"), MAIN)
    for extra, members in parsed.table(project, "optional-dependencies").items():
        for one in _listed(members, ("project", "optional-dependencies", extra), MAIN):
            one.is_optional = True
            yield one


def _dynamic(root: Table) -> frozenset[str]:
    return frozenset(parsed.texts(root, "project", "dynamic"))


def _merged(
    listed: list[Declared], own: list[Declared], dynamic: frozenset[str]
) -> Iterator[Declared]:
    """Where a group is declared in the standard's tables, Poetry's own only say more of it."""
    if not listed:
        yield from own
        return
    by_name: dict[str, list[Declared]] = {}
    for one in own:
        by_name.setdefault(one.name, []).append(one)
    for one in listed:
        if one.name in by_name:
            for more in by_name[one.name]:
                yield _enriched(one, more)
        else:
            yield one
    if dynamic & {"dependencies", "optional-dependencies"}:
        kinds = {one.is_optional for one in listed}
        yield from (one for one in own if len(kinds) == 1 and one.is_optional not in kinds)


def _enriched(one: Declared, more: Declared) -> Declared:
    both = Declared(one.name, one.group, one.keys, one.text)
    both.constraints = one.constraints + more.constraints
    both.markers = one.markers + more.markers
    both.pythons = one.pythons + more.pythons
    both.platforms = one.platforms + more.platforms
    both.extras = one.extras
    both.kind = one.kind or more.kind
    both.index = more.index
    both.is_optional = one.is_optional
    return both


def _poetry(holder: Any, keys: Path, group: str) -> Iterator[Declared]:
    """What one of Poetry's own tables of dependencies holds; the last key is its name."""
    for name, said in parsed.table(holder, str(keys[-1])).items():
        if name.lower() == "python":
            continue
        if isinstance(said, list):
            for number, one in enumerate(said):
                yield _own(name, one, (*keys, name, number), group)
        else:
            yield _own(name, said, (*keys, name), group)


def _own(name: str, said: object, keys: Path, group: str) -> Declared:
    table: Table = said if isinstance(said, dict) else {"version": said}
    constraint = parsed.text(table, "version")
    kind = next((kind for kind in KINDS if kind in table), "")
    words = f"{name} {constraint or '*'}" if not kind else f"{name} from {kind}"
    one = Declared(name, group, keys, words[:MAX_TEXT])
    one.kind = kind
    one.constraints = [constraint] if constraint and not kind else []
    one.markers = _some(table.get("markers"))
    one.pythons = _some(table.get("python"))
    one.platforms = _some(table.get("platform"))
    one.extras = frozenset(normal(extra) for extra in parsed.texts(table, "extras"))
    one.index = parsed.text(table, "source")
    one.is_optional = bool(table.get("optional"))
    return one


def _some(value: object) -> list[str]:
    return [value] if isinstance(value, str) and value else []


def _listed(members: object, keys: Path, group: str) -> Iterator[Declared]:
    """What an array of requirements (PEP 508) holds."""
    from tenterhooks.lock_in_sync.compare import parse

    for number, text in enumerate(parsed.array(members)):
        found = parse(text) if isinstance(text, str) else None
        if found is not None:
            one = Declared(found.name, group, (*keys, number), text[:MAX_TEXT])
            one.kind = "url" if found.url else ""
            one.constraints = [found.specifier] if found.specifier else []
            one.markers = [found.marker] if found.marker else []
            one.extras = found.extras
            yield one
        elif isinstance(text, str):
            # Poetry may take it all the same: when it is wanted is not known.
            one = Declared(first_name(text), group, (*keys, number), text[:MAX_TEXT])
            one.platforms = [UNKNOWN]
            yield one


def _name(text: str) -> str:
    from tenterhooks.lock_in_sync.compare import parse

    found = parse(text)
    return found.name if found else ""
