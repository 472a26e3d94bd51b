"""The copy of what was declared that PDM puts into a lock when ``lock_inputs`` is set.

Source: ``pdm/project/lockfile/freshness.py`` of PDM 2.28.1 to 2.29. Requirements are kept without
their specifiers, and these are held against the locked versions. Whether there is a copy is
decided by the lock; that there must be one, by the project.
"""

from __future__ import annotations

import re

from tenterhooks.core import parsed
from tenterhooks.formats.names import normal
from tenterhooks.lock_in_sync import digest, rules
from tenterhooks.lock_in_sync.compare import is_possible, meets, parse, same_marker
from tenterhooks.lock_in_sync.pdm import body
from tenterhooks.lock_in_sync.pdm.graph import Graph
from tenterhooks.lock_in_sync.pdm.project import DEFAULT, NOT_A_NAME, group_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tenterhooks.core.finding import Finding
    from tenterhooks.formats.locks.pdm import Package
    from tenterhooks.lock_in_sync.compare import Requirement
    from tenterhooks.lock_in_sync.pdm.project import Declared, Keys, Project
    from tenterhooks.lock_in_sync.pdm.telling import Teller

    Table = dict[str, Any]
    Difference = tuple[Project, Keys, str]

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,99}://")
_VOLATILE = {"dependencies", "optional-dependencies", "requires-python", "version"}
_OPAQUE = "url-sha256:"
_TOP: Keys = ("project",)


def findings(tell: Teller) -> Iterator[Finding]:
    """What makes PDM take a lock for stale. Raises TypeError: what it cannot copy either."""
    locked = tell.locked
    copy = locked.inputs
    if not locked.has_inputs:
        keys: Keys = ("tool", "pdm", "resolution", "lock_inputs")
        message = f"lock_inputs is set, and {tell.name} was made without it"
        yield tell.at_project(rules.OUT_OF_DATE, tell.root, keys, message)
        return
    if not isinstance(copy, dict) or not isinstance(copy.get("project"), dict):
        message = f"the lock_inputs of {tell.name} are not what PDM writes"
        yield tell.at_lock(rules.OUT_OF_DATE, (*locked.keys, "lock_inputs"), message)
        return
    told = False
    for project, keys, message in _differences(tell, copy):
        told = True
        yield tell.at_project(rules.OUT_OF_DATE, project, keys, message)
    if not told:
        graph = Graph(locked, tell.projects)
        for project, item, message in _unmet(tell, graph):
            yield tell.at_project(rules.OUT_OF_DATE, project, item.keys, message)


def _differences(tell: Teller, copy: Table) -> Iterator[Difference]:
    yield from _of_project(tell, tell.root, copy["project"])
    members = parsed.table(copy, "workspace")
    inside = {project.path_from(tell.root): project for project in tell.projects[1:]}
    for path, project in inside.items():
        if isinstance(members.get(path), dict):
            yield from _of_project(tell, project, members[path])
            yield from _of_package(tell, project, members[path])
        else:
            yield project, _TOP, f"{path} is in the workspace, and {tell.name} was made without it"
    for path in members.keys() - inside.keys():
        message = f"{path} is not in the workspace any more, and {tell.name} was made with it"
        yield tell.root, ("tool", "pdm", "workspace"), message


def _of_project(tell: Teller, project: Project, copy: Table) -> Iterator[Difference]:
    python = parsed.text(copy, "requires-python")
    if _clauses(project.requires_python) != _clauses(python):
        message = f"requires-python is {project.requires_python or 'not set'}, and {tell.name} was"
        yield project, ("project", "requires-python"), f"{message} made for {python or 'any'}"
    settings = {name: value for name, value in project.resolution.items() if name != "lock_inputs"}
    if _plain(settings) != copy.get("resolution"):
        message = f"tool.pdm.resolution is another than that {tell.name} was made with"
        yield project, ("tool", "pdm", "resolution"), message
    if _sources(project) != copy.get("sources"):
        message = f"the sources are others than those that {tell.name} was made with"
        yield project, ("tool", "pdm", "source"), message
    groups = parsed.table(copy, "groups")
    for group in groups.keys() - project.groups.keys() - {DEFAULT}:
        yield project, _TOP, f"the group {group} is not declared any more, and {tell.name} has it"
    for group in sorted({DEFAULT, *project.groups}):
        yield from _of_group(tell, project, group, groups.get(group))


def _of_group(tell: Teller, project: Project, group: str, copy: object) -> Iterator[Difference]:
    keys = project.groups.get(group, _TOP)
    if not isinstance(copy, list):
        yield project, keys, f"the group {group} is declared, and {tell.name} was made without it"
        return
    rest = parsed.texts(copy)
    by_name: dict[str, list[str]] = {}
    for text in rest:
        by_name.setdefault(_key(text), []).append(text)
    for item in _expanded(project, group):
        left = by_name.get(_key_of(item), [])
        if not left and item.requirement is not None:
            left = by_name.get(item.requirement.name, [])
        same = next((text for text in left if _is_same(project, item, text)), None)
        if same is not None:
            left.remove(same)
        elif _is_known(item):
            what = "otherwise" if left else "without it"
            message = f"{item.text[:100]} is declared, and {tell.name} was made {what}"
            yield project, item.keys, message
            del left[:1]
    # A path or an address has no name there: what it was cannot be told.
    for text in [text for left in by_name.values() for text in left if text[:11] != _OPAQUE]:
        message = f"{text[:100]} is not declared any more, and {tell.name} was made with it"
        yield project, keys, message


def _expanded(project: Project, group: str) -> list[Declared]:
    """What a group declares and what those declare that it includes, one step deep as PDM goes;
    of members of a workspace nothing, which the lock names by their paths."""
    own = [item for item in project.declared if item.group == group and not item.is_own]
    for other in sorted(project.includes.get(group, ())):
        own += [item for item in project.declared if item.group == other and not item.is_own]
    return own


def _is_known(item: Declared) -> bool:
    """Whether what the lock would have of it is known here: of paths, and of addresses with
    markers, PDM keeps what depends on how it writes them."""
    requirement = item.requirement
    if requirement is None:
        return False
    return not requirement.url or not (requirement.marker or "${" in requirement.url)


def _is_same(project: Project, item: Declared, text: str) -> bool:
    requirement = item.requirement
    if requirement is None or requirement.url:
        return text == _fingerprint(_line(item), _OPAQUE)
    other = parse(text)
    if other is None or _written(item.text) != _written(text):
        return False
    return same_marker(requirement.marker, other.marker, project.requires_python)


def _line(item: Declared) -> str:
    requirement = item.requirement
    if requirement is None:
        return ""
    url = requirement.url
    if not url.startswith(("git+", "hg+", "svn+", "bzr+")) or "subdirectory" not in url:
        url = url.partition("#")[0]
    return f"{_written(item.text)} @ {url}"


def _written(text: str) -> str:
    """Name and extras as PDM writes them, in the letters that they are declared in."""
    name = re.match(r"\s*[A-Za-z0-9._-]*", text)
    end = name.end() if name else 0
    bare = NOT_A_NAME.sub("-", text[:end].strip())
    rest = text[end:].lstrip()
    if not rest.startswith("["):
        return bare
    extras = [extra.strip() for extra in rest[1 : rest.find("]")].split(",")]
    return f"{bare}[{','.join(sorted(extras))}]" if any(extras) else bare


def _key(text: str) -> str:
    return "" if text.startswith(_OPAQUE) else normal(_written(text).partition("[")[0])


def _key_of(item: Declared) -> str:
    requirement = item.requirement
    return "" if requirement is None or requirement.url else requirement.name


def _of_package(tell: Teller, project: Project, copy: Table) -> Iterator[Difference]:
    """Of the members of a workspace PDM keeps what they are, too."""
    package = parsed.table(copy, "package")
    dynamic = sorted(parsed.texts(project.metadata, "dynamic"))
    here = {
        "build-system": _plain(parsed.table(project.root, "build-system")),
        "distribution": _is_distribution(project),
        "dynamic": dynamic,
        "name": project.name,
        "version": parsed.text(project.metadata, "version"),
    }
    for key in [key for key, value in here.items() if package.get(key) != value]:
        place = ("build-system",) if key == "build-system" else ("project", key)
        yield project, place, f"the {key} of a member is another than {tell.name} was made with"
    if _VOLATILE & set(dynamic):
        message = "what a member declares is dynamic, so that PDM takes every lock for stale"
        yield project, ("project", "dynamic"), message


def _is_distribution(project: Project) -> bool:
    settings = project.settings
    if not project.name:
        return False
    if "package-type" in settings:
        return bool(settings["package-type"] == "library")
    return bool(settings.get("distribution", True))


def _sources(project: Project) -> list[Any]:
    found = []
    for source in parsed.tables(project.settings, "source"):
        item = dict(source)
        for name in ("username", "password"):
            item.pop(name, None)
        if item.get("url"):
            item["url"] = _fingerprint(str(item["url"]))
        for name in ("include_packages", "exclude_packages"):
            if name in item:
                item[name] = sorted(parsed.texts(item[name]))
        found.append(_plain(item))
    return found


def _plain(value: object) -> Any:
    """Values as they are copied: addresses are not, they may hold secrets. They nest no deeper
    than what reads TOML lets them."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        return _fingerprint(value) if _ADDRESS.search(value) else value
    isoformat = getattr(value, "isoformat", None)
    return isoformat() if isoformat else value


def _fingerprint(text: str, prefix: str = "sha256:") -> str:
    return prefix + digest.sha256(text)


def _clauses(specifier: str) -> set[str]:
    return {clause for clause in "".join(specifier.split()).split(",") if clause}


def _unmet(tell: Teller, graph: Graph) -> Iterator[tuple[Project, Declared, str]]:
    """What is declared and is not met by all that is locked where it counts."""
    for project, item, requirement in graph.declared():
        what = f"{item.text[:100]} is declared, and {tell.name} has "
        found = [
            package
            for package in graph.by_name.get(requirement.name, [])
            if not package.groups or item.group in map(group_name, package.groups)
        ]
        if not found:
            yield project, item, what + "no entry for it there"
        elif not all(_meets(graph, requirement, package) for package in found):
            yield project, item, what + body.versions(graph, requirement)
        elif not _covers(graph, requirement, found):
            yield project, item, what + f"it where {found[0].marker[:100]} only"


def _meets(graph: Graph, requirement: Requirement, package: Package) -> bool:
    if package.kind or not package.version or requirement.url:
        return True
    if package.marker and requirement.marker:
        both = f"({package.marker}) and ({requirement.marker})"
        if not is_possible(both, graph.root.requires_python):
            return True
    return meets(package.version, requirement.specifier)


def _covers(graph: Graph, requirement: Requirement, found: list[Package]) -> bool:
    """Whether there is an entry wherever a requirement counts."""
    if not all(package.marker for package in found):
        return True
    wanted = requirement.marker
    entries = " or ".join(f"({package.marker})" for package in found)
    both = f"({wanted}) and ({entries})" if wanted else entries
    return same_marker(wanted, both, graph.root.requires_python)
