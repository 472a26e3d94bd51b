"""What changed since a lock was made whose hash is not that of the project."""

from __future__ import annotations

from tenterhooks.lock_in_sync import rules
from tenterhooks.lock_in_sync.compare import same_marker, same_specifier
from tenterhooks.lock_in_sync.pdm import body, content, removed
from tenterhooks.lock_in_sync.pdm.graph import Graph

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.finding import Finding
    from tenterhooks.lock_in_sync.compare import Requirement
    from tenterhooks.lock_in_sync.pdm.content import Contents
    from tenterhooks.lock_in_sync.pdm.project import Declared, Keys, Project
    from tenterhooks.lock_in_sync.pdm.telling import Teller

    Reason = tuple[Project, Keys, str]

_TOP: Keys = ("project", "dependencies")
_UNSEEN = (
    "dependencies, sources, requires-python or tool.pdm.resolution are written otherwise than when "
    "{} was made: its hash is of another text, and nothing else in it shows what changed"
)


def findings(tell: Teller) -> Iterator[Finding]:
    """Nothing where the hash is one that a PDM of the lock's version gives. Raises TypeError:
    what PDM cannot hash either."""
    locked = tell.locked
    if not locked.digest:
        message = f"{tell.name} has no hash of what is declared, so that PDM takes it for stale"
        yield tell.at_lock(rules.OUT_OF_DATE, locked.keys, message)
        return
    forms = content.contents(locked, tell.root, tell.projects[1:])
    if any(form.digest() == locked.digest for form in forms):
        return
    for project, keys, message in _reasons(tell, forms):
        yield tell.at_project(rules.OUT_OF_DATE, project, keys, message)


def _reasons(tell: Teller, forms: list[Contents]) -> Iterator[Reason]:
    for form in forms:
        found = content.difference(tell.locked, form)
        if found is not None:
            project, keys, message = found
            yield project, keys, message.format(tell.name)
            return
    # One reason at a place is enough.
    seen: dict[tuple[str, Keys], Reason] = {}
    for reason in _seen(tell) if tell.locked.version >= (4,) else ():
        seen.setdefault((reason[0].file.path, (*reason[1], *_apart(reason))), reason)
    yield from seen.values()
    if not seen:
        yield tell.root, _TOP, _UNSEEN.format(tell.name)


def _apart(reason: Reason) -> Keys:
    """What is told of a whole table is not one thing."""
    return () if reason[1] and isinstance(reason[1][-1], int) else (reason[2],)


def _seen(tell: Teller) -> Iterator[Reason]:
    """What the body of the lock shows."""
    graph = Graph(tell.locked, tell.projects)
    yield from _pythons(tell)
    for _, project, item, message in body.of_declared(tell.name, graph):
        yield project, item.keys, message
    for project, item, requirement in graph.declared():
        message = _placed(tell, graph, item, requirement)
        if message:
            yield project, item.keys, f"{item.text[:100]} is declared, and {tell.name} {message}"
    yield from _groups(tell)
    for message in removed.messages(tell.name, graph):
        yield tell.root, _TOP, message


def _pythons(tell: Teller) -> Iterator[Reason]:
    locked = tell.locked
    python = tell.root.requires_python
    if len(locked.targets) == 1 and locked.is_cross_platform:
        other = str(locked.targets[0].get("requires_python", ""))
        if not same_specifier(python, other):
            message = f"requires-python is {python or 'not set'}, and {tell.name} was made for "
            yield tell.root, ("project", "requires-python"), message + (other or "any")


def _placed(tell: Teller, graph: Graph, item: Declared, requirement: Requirement) -> str:
    """What an entry says of groups and markers that is not so for what is declared."""
    entries = graph.entries(requirement)
    if not tell.locked.has_groups or tell.locked.is_pylock or not graph.has_entry(requirement):
        return ""
    groups = {group for entry in entries for group in entry.groups}
    if groups and item.group not in groups:
        return f"has it for {', '.join(sorted(groups))} only"
    if len(entries) != 1 or graph.edges.get(requirement.name):
        return ""
    python = tell.root.requires_python
    if graph.times[requirement.name] == 1 and not same_marker(
        requirement.marker, entries[0].marker, python
    ):
        return f"has it where {entries[0].marker}" if entries[0].marker else "has it everywhere"
    return ""


def _groups(tell: Teller) -> Iterator[Reason]:
    """Groups that were locked and are declared no more."""
    declared = set(tell.root.groups)
    for group in tell.locked.groups or ():
        if group not in declared and group != "default":
            message = f"the group {group[:80]} is not declared any more, and {tell.name} has it"
            yield tell.root, ("project",), message
