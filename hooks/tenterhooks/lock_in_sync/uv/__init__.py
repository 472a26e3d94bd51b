"""uv.lock, and the lock of a script: does it hold what the project files ask for?

uv keeps no hash. A lock repeats what it was made for, and uv compares that with the project, by
meaning since 0.13; so does this. What uv does not look at comes after: see graph.
"""

from __future__ import annotations

from tenterhooks.core.finding import Finding, of_unreadable
from tenterhooks.formats.locks import uv
from tenterhooks.lock_in_sync.uv import manifest, members, options
from tenterhooks.lock_in_sync.uv import target as targets
from tenterhooks.lock_in_sync.uv.graph import Graph
from tenterhooks.lock_in_sync.uv.report import Report
from tenterhooks.lock_in_sync.uv.settings import Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import SimpleNamespace

    from tenterhooks.core.files import File, Repository

# Of the format itself; what is newer may mean something else.
KNOWN_VERSION = 1


def check(lock: File, repository: Repository, options: SimpleNamespace) -> Iterator[Finding]:
    """The findings on a lock of uv. Raises Unreadable where it is none."""
    locked = uv.load(lock)
    try:
        target = targets.target_of(lock, repository)
        if target is None:
            return
        report = Report(lock, locked, target)
        if locked.version != KNOWN_VERSION:
            report.undecided(f"{locked.name} is of version {locked.version}, which is not known")
        else:
            _compare(report)
    except targets.Broken as broken:
        yield of_unreadable(broken.file.path, broken.error)
        return
    yield from report.findings
    if options.strict and not report.is_stale:
        yield from report.told_undecided()


def _compare(report: Report) -> None:
    settings = Settings(report.target)
    asked = manifest.check(report, settings)
    options.check(report, settings)
    projects = [
        members.Declared(report, settings, member) for member in report.target.members.values()
    ]
    for project in projects:
        members.check(report, project)
    members.check_paths(report, settings)
    graph = Graph(report)
    for project in projects:
        graph.check_declared(project)
    graph.check_listed(asked)
    graph.check_edges()
