"""From practices and files to findings: guarded, ignored where asked, mended where certain."""

from __future__ import annotations

import re

from tenterhooks.core import ignores
from tenterhooks.core.config import ConfigError
from tenterhooks.core.files import Unreadable
from tenterhooks.core.finding import Finding
from tenterhooks.core.git import GitError
from tenterhooks.core.practice import SHARED_RULES, UNUSED_IGNORE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import SimpleNamespace

    from tenterhooks.core.files import File, Repository
    from tenterhooks.core.globs import Globs
    from tenterhooks.core.practice import Practice

    Key = tuple[str, int, int, str, str]


_UNCHECKED = {rule.name for rule in SHARED_RULES}


class Job:
    """One practice with its options, the rules that are on, and the paths that are left out."""

    def __init__(
        self,
        practice: Practice,
        options: SimpleNamespace,
        ignored: Sequence[str] = (),
        excluded: Globs | None = None,
    ) -> None:
        self.practice = practice
        self.options = options
        self.excluded = excluded
        self.ignored = frozenset(ignored)
        self.active = practice.active(options, ignored)
        own = {rule.name for rule in (*practice.rules, *SHARED_RULES)}
        self._off = self.ignored | (own - self.active)

    def reports(self, rule: str) -> bool:
        """Whether findings of a rule are told."""
        return rule not in self._off


class Outcome:
    """findings: in printing order. failures: one line for each thing that could not be done.
    notes: one line for each thing that is worth saying beside."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.failures: list[str] = []
        self.notes: list[str] = []

    @property
    def exit_code(self) -> int:
        return 2 if self.failures else int(bool(self.findings))


def examine(
    repository: Repository,
    jobs: Sequence[Job],
    given: Sequence[File] | None,
    *,
    together: bool = False,
    known: Callable[[], set[str]] | None = None,
) -> Outcome:
    """Run every job over the ``given`` files, or where that is None over the tracked files that
    its practice wants. A defect or a git error in one place leaves the others checked.

    together: the given files are for several practices, and each takes those that it wants.
    known: gives the names of all rules there are; ignore comments that silence nothing are
    reported.
    """
    outcome = Outcome()
    seen: dict[Key, Finding] = {}
    looked_at: dict[str, File] = {}
    for job in jobs:
        repository.excluded = job.excluded
        try:
            targets = _targets(repository, job, given, only_wanted=together)
            outcome.notes += _prepared(repository, job, targets)
        except (GitError, ConfigError) as error:
            outcome.failures.append(f"{job.practice.id}: {error}")
            continue
        for file in targets:
            if file is not None:
                looked_at[file.path] = file
            for finding in _guarded(repository, job, file, outcome):
                finding.hook = job.practice.id
                finding.shown = repository.file(finding.path).shown
                looked_at.setdefault(finding.path, repository.file(finding.path))
                if job.reports(finding.rule):
                    seen.setdefault(finding.key, finding)
    judged = _judged(jobs) if known is not None and not outcome.failures else None
    outcome.findings = _not_ignored(seen, looked_at, judged, known or set)
    return outcome


def _prepared(repository: Repository, job: Job, targets: Sequence[File | None]) -> list[str]:
    """Look at all files of a job together, where its practice does so; what it notes."""
    if job.practice.prepare is None:
        return []
    files = [file for file in targets if file is not None]
    job.options.prepared = job.practice.prepare(files, repository, job.options)
    notes: list[str] = job.options.prepared.notes
    return notes


def _judged(jobs: Sequence[Job]) -> set[str] | None:
    """The rules whose ignore comments are told of where they silence nothing; None for no
    comment at all."""
    judging = [job.active for job in jobs if UNUSED_IGNORE.name not in job.ignored]
    return set().union(*judging) if judging else None


def _targets(
    repository: Repository,
    job: Job,
    given: Sequence[File] | None,
    *,
    only_wanted: bool,
) -> Sequence[File | None]:
    practice = job.practice
    if practice.pattern is None:
        return [None]
    if given is None:
        found = {file.path: file for file in repository.matching(re.compile(practice.pattern))}
        for path in practice.more(repository, job.options) if practice.more else ():
            file = repository.file(path)
            if not repository.excludes(file):
                found.setdefault(path, file)
        return [found[path] for path in sorted(found)]
    return [
        file
        for file in given
        if not repository.excludes(file) and (not only_wanted or practice.wants(file))
    ]


def _guarded(
    repository: Repository, job: Job, file: File | None, outcome: Outcome
) -> Iterator[Finding]:
    at = file.path if file else "the repository"
    try:
        yield from job.practice.check(file, repository, job.options)
    except (GitError, ConfigError) as error:
        outcome.failures.append(f"{job.practice.id}: {error}")
    except Exception as error:  # noqa: BLE001  # the other files are still to be checked
        if file and isinstance(error, Unreadable):
            yield Finding(file.path, error.line, error.column, error.rule, error.message)
        else:
            outcome.failures.append(f"{job.practice.id}: {defect(error, f'looked at {at}')}")


def defect(error: Exception, doing: str) -> str:
    what = f"{type(error).__name__}: {error}"
    return f"a defect of tenterhooks while it {doing}: {what}; please report it"


def _not_ignored(
    seen: dict[Key, Finding],
    looked_at: dict[str, File],
    judged: set[str] | None,
    known: Callable[[], set[str]],
) -> list[Finding]:
    """The findings that no comment silences. Where ``judged`` is given: and one for each comment
    that names a rule in it, or one that is not even ``known``, and silences nothing. The rules of
    another tool are known, and not judged: whether they are on is for that tool to say."""
    by_path: dict[str, ignores.Ignores] = {}
    for path in {key[0] for key in seen} if judged is None else looked_at:
        try:
            by_path[path] = ignores.ignores(looked_at[path])
        except Unreadable:
            by_path[path] = ignores.Ignores([])
    kept = []
    for finding in seen.values():
        silencers = by_path[finding.path].covering(finding)
        for ignore in silencers:
            ignore.used = True
        if not silencers:
            kept.append(finding)
    if judged is not None:
        # What could not be read was not checked, and may well need its comments.
        broken = {finding.path for finding in kept if finding.rule in _UNCHECKED}
        idle = [
            (looked_at[path], ignore)
            for path, found in by_path.items()
            if path not in broken
            for ignore in found
            if not ignore.used
        ]
        names = known() if idle else set()
        kept += [
            _unused(file, ignore, names)
            for file, ignore in idle
            if ignore.rule in judged or ignore.rule not in names
        ]
    return sorted(kept, key=lambda finding: finding.key)


def _unused(file: File, ignore: ignores.Ignore, known: set[str]) -> Finding:
    finding = Finding(
        file.path,
        ignore.line,
        ignore.column,
        UNUSED_IGNORE.name,
        f"nothing here breaks the rule {ignore.rule}"
        if ignore.rule in known
        else f"there is no rule {ignore.rule or 'without a name'}",
        "take the rule out of the comment, or remove the comment",
    )
    finding.hook = "tenterhooks"
    finding.shown = file.shown
    return finding
