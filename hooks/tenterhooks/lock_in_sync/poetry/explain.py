"""What has changed since a poetry.lock was made, as far as its hash and its entries tell."""

from __future__ import annotations

from tenterhooks.core import parsed
from tenterhooks.formats.names import normal
from tenterhooks.lock_in_sync.poetry import declared as project
from tenterhooks.lock_in_sync.poetry.conditions import python_marker, together

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tenterhooks.core.toml import Path
    from tenterhooks.formats.locks.poetry import Package
    from tenterhooks.lock_in_sync.poetry.body import Body
    from tenterhooks.lock_in_sync.poetry.declared import Declared
    from tenterhooks.lock_in_sync.undoing import Addition

    # Where in the pyproject, and what is to be said there.
    Change = tuple[Path, str]

LOCK = "poetry.lock"
_WITH_GROUPS = (2, 1)
_TABLES = ("dependencies", "dev-dependencies")


def added(part: dict[str, Any], one: Addition) -> Change:
    """The words for the one thing without which the hash is right."""
    value: Any = part
    for key in one.keys:
        value = value[key]
    what = _named(one.keys, value)
    if one.before is None:
        return one.keys, f"{what} is declared, and {LOCK} was made without it"
    before = _named(one.keys, one.before)
    return one.keys, f"{what} is declared, and {LOCK} was made for {before}"


def _named(keys: Path, value: Any) -> str:
    """What stands at ``keys``, in the words of the file."""
    last = keys[-1]
    if isinstance(value, str) and (isinstance(last, int) or last in ("python", "requires-python")):
        return value if isinstance(last, int) else f"Python {value}"
    if isinstance(value, dict) and keys[:3] == ("tool", "poetry", "source"):
        return f"the source {parsed.text(value, 'name')}"
    if len(keys) > 2 and keys[-2] in _TABLES:
        return f"{last} {value}" if isinstance(value, str) else str(last)
    if keys == ("tool", "poetry", "source"):
        return "a source"
    if isinstance(value, (dict, list)) or len(keys) < 3:
        return ".".join(map(str, keys))
    names = [key for key in keys[:-1] if isinstance(key, str)]
    return f"{names[-1]} {value}" if last == "version" else f"{last} of {names[-1]}"


def home(root: dict[str, Any]) -> Path:
    """Where the pyproject declares dependencies, or would."""
    poetry = parsed.table(root, "tool", "poetry")
    if "dependencies" in parsed.table(root, "project") or not poetry:
        return ("project", "dependencies")
    return ("tool", "poetry", *(key for key in _TABLES[:1] if key in poetry))


def changes(root: dict[str, Any], body: Body) -> Iterator[Change]:
    """What the entries show to be otherwise than declared."""
    yield from _python(root, body)
    missing = set()
    for one, entries in body.unmet():
        missing.add(one.keys)
        yield one.keys, unmet(one, entries)
    for one in body.declared:
        if one.keys not in missing and body.is_wanted(one):
            yield from _otherwise(body, one)
    yield from _extras(root, body)
    yield from _indexes(root, body)
    for name in _tops(body):
        yield home(root), f"nothing declared needs {name} any more, and {LOCK} holds it"


def unmet(one: Declared, entries: list[Package]) -> str:
    """The words for a declaration that these entries do not fit."""
    if not entries:
        return f"{one.text} is declared, and {LOCK} has no entry for it"
    if one.kind or any(package.kind for package in entries):
        return f"{one.text} is declared, and {LOCK} takes it from {_origin(entries[0])}"
    held = " and ".join(package.version for package in entries[:3])
    return f"{one.text} is declared, and {LOCK} holds {held}"


def _origin(package: Package) -> str:
    if not package.kind:
        return "an index"
    return f"{package.kind} {parsed.text(package.source, 'url')}".strip()


def _python(root: dict[str, Any], body: Body) -> Iterator[Change]:
    said, held = project.python(root), body.document.python
    if not held or _words(said) == _words(held):
        return
    own = ("tool", "poetry", "dependencies", "python")
    poetry = parsed.table(root, "tool", "poetry")
    is_own = "python" in parsed.table(poetry, "dependencies")
    where = own if is_own else ("project", "requires-python")
    yield where, f"Python {said} is declared, and {LOCK} was made for {held}"


def _words(constraint: str) -> list[str]:
    return sorted("".join(constraint.split()).split(","))


def _otherwise(body: Body, one: Declared) -> Iterator[Change]:
    entries = body.entries(one.name)
    if body.document.version >= _WITH_GROUPS:
        if not any(one.group in package.groups for package in entries):
            groups = ", ".join(sorted({name for package in entries for name in package.groups}))
            text = f"{one.text} is declared in group {one.group}, and {LOCK} has it for {groups}"
            yield one.keys, text
            return
        yield from _marked(body, one, [package.marker(one.group) for package in entries])
    yield from _brought(body, one)
    held = {parsed.text(package.source, "reference") for package in entries}
    if one.index and one.index not in held and not one.kind:
        text = f"{one.text} is declared from {one.index}, and {LOCK} takes it from "
        yield one.keys, text + (" and ".join(sorted(filter(None, held))) or "the default index")


def _marked(body: Body, one: Declared, held: list[str]) -> Iterator[Change]:
    """Where the lock says that it is installed for its group, beside where it is declared for."""
    if one.is_optional:
        return
    said = together([*one.markers, *map(python_marker, one.pythons)])
    python = python_marker(body.document.python)
    if one.platforms or said is None or python is None or (said and not body.is_only(one)):
        return
    from tenterhooks.lock_in_sync.compare import same_marker

    # More than one entry is for more than one part of all environments.
    where = " or ".join(f"({marker})" for marker in held) if all(held) else ""
    if not same_marker(together([said, python]) or "", together([where, python]) or ""):
        declared = f"for {said}" if said else "without a marker"
        place = f"for {held[0]}" if where else "for all"
        yield one.keys, f"{one.text} is declared {declared}, and {LOCK} has it {place}"


def _brought(body: Body, one: Declared) -> Iterator[Change]:
    """What the extras that are asked for bring, and has no entry."""
    for package in body.entries(one.name):
        brought = package.extras()
        for extra in sorted(one.extras & set(brought)):
            names = [n for n in brought[extra] if n != one.name and not body.entries(n)]
            if names and len(names) == len(brought[extra]):
                text = (
                    f"{one.text} is declared with the extra {extra}, and {LOCK} has no {names[0]}"
                )
                yield one.keys, text


def _extras(root: dict[str, Any], body: Body) -> Iterator[Change]:
    said = project.extras(root)
    held = {normal(name): members for name, members in body.document.extras.items()}
    for name, (keys, members) in said.items():
        if name not in held:
            yield keys, f"the extra {name} is declared, and {LOCK} does not have it"
        elif isinstance(held[name], list) and set(members) != _names(held[name]):
            one, other = _listed(set(members)), _listed(_names(held[name]))
            yield keys, f"the extra {name} is {one}, and in {LOCK} {other}"
    poetry: Path = ("tool", "poetry", "extras")
    where = ("project", "optional-dependencies") if "project" in root else poetry
    for name in held:
        if name not in said:
            yield where, f"the extra {name} is not declared any more, and {LOCK} has it"


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "empty"


def _names(members: list[Any]) -> set[str]:
    return {normal(parsed.text(member).split(" ")[0].split("[")[0]) for member in members}


def _indexes(root: dict[str, Any], body: Body) -> Iterator[Change]:
    known = {name.lower() for name in project.indexes(root)}
    gone = {
        parsed.text(package.source, "reference")
        for package in body.document.packages
        if package.source.get("type") == "legacy"
    }
    for name in sorted(gone):
        if name.lower() not in known:
            text = f"the source {name} is not declared any more, and {LOCK} takes packages from it"
            yield ("tool", "poetry", "source"), text


def _tops(body: Body) -> list[str]:
    """Of what nothing declared leads to, that which nothing of it leads to either."""
    orphans = body.orphans()
    names = {edge.name for package in orphans for edge in package.edges}
    found = list(dict.fromkeys(package.name for package in orphans))
    return [name for name in found if name not in names] or found[:1]
