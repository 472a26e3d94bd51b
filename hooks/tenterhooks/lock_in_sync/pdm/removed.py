"""What a lock of PDM holds that was declared when it was made, and is no more."""

from __future__ import annotations

from tenterhooks.formats.names import normal
from tenterhooks.lock_in_sync.pdm.project import DEFAULT, group_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.lock_in_sync.pdm.graph import Graph

# Beyond that many groups, they are not looked at one by one.
_MOST = 100


def messages(lock: str, graph: Graph) -> Iterator[str]:
    orphans = {normal(package.name) for package in graph.orphans()}
    for name in _first(graph, orphans):
        yield f"{name[:80]} is not declared any more, and {lock} has it"
    declared = set(graph.root.groups)
    for group in (graph.lock.groups or [])[:_MOST] if graph.lock.has_groups else ():
        if group in declared or group == DEFAULT:
            for name in _first(graph, _unreached(graph, group) - orphans):
                yield f"{name[:80]} is not declared for {group[:80]} any more, and {lock} has it so"
    asked = {(edge.name, edge.extras) for edges in graph.edges.values() for _, edge in edges}
    asked |= {(each.name, each.extras) for _, _, each in graph.declared()}
    for package in graph.lock.packages:
        extras = frozenset(map(normal, package.extras))
        if extras and (normal(package.name), extras) not in asked:
            what = f"{package.name[:80]}[{','.join(sorted(extras))[:80]}]"
            yield f"{what} is not declared any more, and {lock} has it"


def _first(graph: Graph, names: set[str]) -> list[str]:
    """Of some packages those that no other of them asks for."""
    return sorted(name for name in names if not _parents(graph, name) & (names - {name}))


def _parents(graph: Graph, name: str) -> set[str]:
    return {normal(parent.name) for parent, _ in graph.edges.get(name, ())}


def _unreached(graph: Graph, group: str) -> set[str]:
    """The entries that are locked for a group in which nothing asks for them."""
    if not graph.is_known:
        return set()
    here = {
        normal(package.name)
        for package in graph.lock.packages
        if group in map(group_name, package.groups) and not package.kind
    }
    roots = {item.requirement.name for item in graph.root.within([group]) if item.requirement}
    if group == DEFAULT:
        for project in graph.projects[1:]:
            roots |= {item.requirement.name for item in project.declared if item.requirement}
    return here - graph.reached(roots)
