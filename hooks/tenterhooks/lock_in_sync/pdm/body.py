"""The body of a lock against what is declared, and against itself."""

from __future__ import annotations

from tenterhooks.lock_in_sync import rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.finding import Finding, Rule
    from tenterhooks.formats.locks.pdm import Package
    from tenterhooks.lock_in_sync.compare import Requirement
    from tenterhooks.lock_in_sync.pdm.graph import Graph
    from tenterhooks.lock_in_sync.pdm.project import Declared, Project
    from tenterhooks.lock_in_sync.pdm.telling import Teller

    Fault = tuple[Rule, Project, Declared, str]


def findings(tell: Teller, graph: Graph) -> Iterator[Finding]:
    """What a lock of the right hash still has wrong."""
    told: set[str] = set()
    for rule, project, item, message in of_declared(tell.name, graph):
        told.add(item.requirement.name if item.requirement else "")
        yield tell.at_project(rule, project, item.keys, message)
    for name, edges in graph.edges.items():
        if name not in graph.free and name not in told:
            yield from _of_edges(tell, graph, edges)
    for package in graph.orphans():
        message = f"{package.name[:80]} is locked, and nothing asks for it"
        yield tell.at_lock(rules.ORPHAN, (*package.keys, "name"), message)


def of_declared(lock: str, graph: Graph) -> Iterator[Fault]:
    """What is declared and is not in the lock, or not as it is declared."""
    for project, item, requirement in graph.declared():
        what = f"{item.text[:100]} is declared, and {lock} has "
        if not graph.has_entry(requirement):
            others = graph.by_name.get(requirement.name)
            more = f"{requirement.name} without these extras only" if others else "no entry for it"
            yield rules.INCOMPLETE, project, item, what + more
        elif not graph.met(requirement):
            yield rules.UNSATISFIED, project, item, what + versions(graph, requirement)
        else:
            wrong = _origin(graph, requirement)
            if wrong:
                yield rules.UNSATISFIED, project, item, what + wrong


def versions(graph: Graph, requirement: Requirement) -> str:
    found = graph.entries(requirement)
    several = " and ".join(dict.fromkeys(package.version[:40] for package in found[:5]))
    return f"{requirement.name} {several}"


def _origin(graph: Graph, requirement: Requirement) -> str:
    """Where the lock has a package from, if it is declared from elsewhere; else nothing."""
    found = graph.entries(requirement)
    if requirement.url and not any(package.kind for package in found):
        return "it from the index"
    given = any(edge.url for _, edge in graph.edges.get(requirement.name, ()))
    if requirement.url or given or not all(package.kind for package in found):
        return ""
    if any(_gives_address(project, requirement) for project in graph.projects):
        return ""
    return f"it from elsewhere ({found[0].kind})"


def _gives_address(project: Project, requirement: Requirement) -> bool:
    """Whether a package may be declared with an address, in any of the groups."""
    for item in project.declared:
        other = item.requirement
        if other is None or (other.url and other.name == requirement.name):
            return True
    return False


def _of_edges(
    tell: Teller, graph: Graph, edges: list[tuple[Package, Requirement]]
) -> Iterator[Finding]:
    """What the packages of a lock ask of one other that is not so: the first that is found."""
    for package, edge in edges:
        if not graph.applies(edge, package):
            continue
        if not graph.has_entry(edge):
            keys = (*package.keys, "dependencies")
            asks = f"{package.name[:80]} asks for {edge.text[:100]}"
            message = f"{asks}, and {tell.name} has no entry for it"
            yield tell.at_lock(rules.INCOMPLETE, keys, message)
            return
        if not graph.met(edge):
            entry = graph.entries(edge)[0]
            message = f"{versions(graph, edge)} is locked, and {package.name[:80]} asks for "
            keys = (*entry.keys, "version")
            yield tell.at_lock(rules.UNSATISFIED, keys, message + edge.text[:100])
            return
