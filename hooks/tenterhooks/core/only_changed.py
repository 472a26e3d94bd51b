"""Only what a change brings is told.

A finding is due to the change where its line is among the changed ones, or where the state before
the change does not have it: a lock that went stale as the project moved on is told of, though
nobody touched it.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from types import SimpleNamespace

from tenterhooks.core import changes
from tenterhooks.core.engine import examine
from tenterhooks.core.practice import UNUSED_IGNORE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.core.changes import Change
    from tenterhooks.core.files import File, Repository
    from tenterhooks.core.finding import Finding
    from tenterhooks.core.job import Job, Outcome

    Kind = tuple[str, str, str]

_LINE = re.compile(r"\bline \d+")


def narrow(
    repository: Repository,
    jobs: Sequence[Job],
    outcome: Outcome,
    given: Sequence[File] | None,
    from_ref: str | None = None,
    to_ref: str | None = None,
) -> None:
    """Move the findings that the change does not bring from ``findings`` to ``unchanged``.

    jobs, given: what ``examine`` was called with. Which change is meant: see ``changes.change``.
    Where there is no git, or was nothing before, all stay. The state before is examined only where
    a finding on an untouched line needs it, and by its practice alone; not by one that is
    ``alone``, whose findings cannot be due to another place. Raises git.GitError.
    """
    meant = changes.change(repository, from_ref, to_ref)
    if meant is None or meant.base == changes.nothing(repository.top):
        return
    paths = dict.fromkeys(finding.path for finding in outcome.findings)
    files = [repository.file(path) for path in paths]
    lines = changes.changed_by(meant, repository.top, files)
    untouched = [it for it in outcome.findings if not _is_touched(it, lines)]
    ids = {job.practice.id for job in jobs if not job.practice.alone}
    open_ = [finding for finding in untouched if finding.hook in ids]
    new = _new(repository, jobs, outcome, given, meant, open_) if open_ else []
    dropped = {id(it) for it in untouched} - {id(it) for it in new}
    outcome.unchanged += [it for it in outcome.findings if id(it) in dropped]
    outcome.findings = [it for it in outcome.findings if id(it) not in dropped]


def _is_touched(finding: Finding, lines: dict[str, set[int]]) -> bool:
    span = finding.span
    if finding.rule == UNUSED_IGNORE.name:
        # What it silenced may have stood on the line below.
        span = (finding.line, finding.line + 1)
    return changes.touches(lines.get(finding.path, set()), finding.line, span)


def _new(
    repository: Repository,
    jobs: Sequence[Job],
    outcome: Outcome,
    given: Sequence[File] | None,
    meant: Change,
    findings: Sequence[Finding],
) -> list[Finding]:
    """Those of ``findings`` that were not there before. Where that cannot be told, all of them."""
    from tenterhooks.core.base import Base

    base = Base(repository, meant.base)
    hooks = {finding.hook for finding in findings}
    again = [_copy(job) for job in jobs if job.practice.id in hooks]
    files = None
    if given is not None:
        paths = {file.path for file in given} | {finding.path for finding in findings}
        files = [base.file(path) for path in sorted(paths & base.tracked().keys())]
    before = examine(base, again, files, together=True)
    if before.failures:
        outcome.notes.append(
            "what was there before the change could not be told, so that all is reported: "
            f"{before.failures[0]}"
        )
        return list(findings)
    known = Counter(map(_kind, before.findings))
    return [finding for finding in findings if not _taken(known, _kind(finding))]


def _copy(job: Job) -> Job:
    """The same job, that leaves no mark on the options of the first."""
    again = copy.copy(job)
    again.options = SimpleNamespace(**vars(job.options))
    return again


def _kind(finding: Finding) -> Kind:
    """What makes it the same as one before; the lines that a message names move."""
    return finding.path, finding.rule, _LINE.sub("", finding.message)


def _taken(known: Counter[Kind], kind: Kind) -> bool:
    """Whether there is one more of a kind; it is there no more then."""
    known[kind] -= 1
    return known[kind] >= 0
