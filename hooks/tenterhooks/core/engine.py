"""From practices and files to findings: guarded, ignored where asked, mended where certain."""

from __future__ import annotations

import re

from tenterhooks.core import ignores
from tenterhooks.core.config import ConfigError
from tenterhooks.core.files import Unreadable
from tenterhooks.core.finding import Finding, of_unreadable
from tenterhooks.core.git import GitError
from tenterhooks.core.job import Outcome
from tenterhooks.core.practice import SHARED_RULES, UNUSED_IGNORE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tenterhooks.core.files import File, Repository
    from tenterhooks.core.finding import Rule
    from tenterhooks.core.job import Job, Targets
    from tenterhooks.core.progress import Progress

    Key = tuple[str, int, int, str, str]


# A file with one of these was not checked any further.
UNCHECKED = {rule.name for rule in SHARED_RULES}
_NO_IGNORES = ignores.Ignores([])


def examine(
    repository: Repository,
    jobs: Sequence[Job],
    given: Sequence[File] | None,
    *,
    together: bool = False,
    known: Callable[[], set[str]] | None = None,
    progress: Progress | None = None,
    beside: bool = True,
) -> Outcome:
    """Run every job over the ``given`` files, or where that is None over the tracked files that
    its practice wants. A defect or a git error in one place leaves the others checked.

    together: the given files are for several practices, and each takes those that it wants.
    known: gives the names of all rules there are; ignore comments that silence nothing are
    reported. progress: is told of each file before it is checked. beside: whether practices may
    work in the background while others check.
    """
    run = _Run(repository, jobs, known, progress)
    for job in jobs:
        job.options.beside = beside and len(jobs) > 1
    run.prepare(given, only_wanted=together)
    run.check()
    return run.end()


class _Run:
    """What is found, as long as practices are at work."""

    def __init__(
        self,
        repository: Repository,
        jobs: Sequence[Job],
        known: Callable[[], set[str]] | None,
        progress: Progress | None,
    ) -> None:
        self._repository = repository
        self._jobs = jobs
        self._known = known
        self._progress = progress
        self._outcome = Outcome()
        self._ready: list[Job] = []
        self._seen: dict[Key, Finding] = {}
        self._ignores: dict[str, ignores.Ignores] = {}

    def prepare(self, given: Sequence[File] | None, *, only_wanted: bool) -> None:
        """Find the files of each job, and let its practice look at them together; those first
        that go on in the background. The jobs that could be prepared are ready, in their order."""
        ready = []
        for job in sorted(self._jobs, key=lambda job: not job.practice.background):
            self._repository.excluded = job.excluded
            try:
                job.targets = _targets(self._repository, job, given, only_wanted=only_wanted)
                if job.practice.prepare is not None:
                    files = [file for file in job.targets if file is not None]
                    prepared = job.practice.prepare(files, self._repository, job.options)
                    job.options.prepared = prepared
                ready.append(job)
            except (GitError, ConfigError) as error:
                self._outcome.failures.append(f"{job.practice.id}: {error}")
        self._ready = [job for job in self._jobs if job in ready]

    def check(self) -> None:
        """All files; those of practices in the background come last."""
        for background in (False, True):
            by_file = _by_file([it for it in self._ready if it.practice.background is background])
            if self._progress is not None:
                self._progress.total += len(by_file)
            if background and self._known is not None:
                # While they are still at work.
                for file, _ in by_file:
                    if file is not None:
                        self._note_ignores(file)
                        self._repository.release(file)
            for file, jobs in by_file:
                self._check_by_all(file, jobs)
        for job in self._ready:
            if job.practice.prepare is not None:
                self._outcome.notes += job.options.prepared.notes

    def _check_by_all(self, file: File | None, jobs: Sequence[Job]) -> None:
        """One file by all practices before the next one, so that what was made of it can be
        forgotten."""
        if self._progress is not None:
            self._progress.step(file.path if file else "")
        for job in jobs:
            self._check(job, file)
        if file is not None:
            if self._known is not None:
                self._note_ignores(file)
            self._repository.release(file)

    def _check(self, job: Job, file: File | None) -> None:
        self._repository.excluded = job.excluded
        for finding in _guarded(self._repository, job, file, self._outcome):
            finding.hook = job.practice.id
            finding.shown = self._repository.file(finding.path).shown
            if finding.edits:
                self._repository.file(finding.path).keep()
            if job.reports(finding.rule):
                self._seen.setdefault(finding.key, finding)

    def _note_ignores(self, file: File) -> None:
        """Look at the comments while the text is at hand."""
        if file.path not in self._ignores:
            try:
                self._ignores[file.path] = ignores.ignores(file)
            except Unreadable:
                self._ignores[file.path] = _NO_IGNORES

    def end(self) -> Outcome:
        """The outcome, what is ignored left out."""
        for key in self._seen:
            self._note_ignores(self._repository.file(key[0]))
        kept = self._not_silenced()
        if self._known is not None and not self._outcome.failures:
            kept += self._idle(kept, self._known)
        self._outcome.findings = sorted(kept, key=lambda finding: finding.key)
        return self._outcome

    def _not_silenced(self) -> list[Finding]:
        kept = []
        for finding in self._seen.values():
            silencers = self._ignores[finding.path].covering(finding)
            for ignore in silencers:
                ignore.used = True
            if not silencers:
                kept.append(finding)
        return kept

    def _idle(self, kept: Sequence[Finding], known: Callable[[], set[str]]) -> list[Finding]:
        """One finding for each comment that names a rule that is on, or one that is not even
        known, and silences nothing. The rules of another tool are known, and not judged: whether
        they are on is for that tool to say."""
        judging = [job.chosen.active for job in self._jobs if UNUSED_IGNORE.name not in job.ignored]
        if not judging:
            return []
        judged = set().union(*judging)
        # What could not be read was not checked, and may well need its comments.
        broken = {finding.path for finding in kept if finding.rule in UNCHECKED}
        idle = [
            (self._repository.file(path), ignore)
            for path, found in self._ignores.items()
            if path not in broken
            for ignore in found
            if not ignore.used
        ]
        names = known() if idle else set()
        return [
            _unused(file, ignore, names)
            for file, ignore in idle
            if ignore.rule in judged or ignore.rule not in names
        ]


def _by_file(jobs: Sequence[Job]) -> list[tuple[File | None, list[Job]]]:
    """The files of the jobs in order, each with those that want it."""
    wanting: dict[str, tuple[File | None, list[Job]]] = {}
    for job in jobs:
        for file in job.targets:
            path = "" if file is None else file.path
            wanting.setdefault(path, (file, []))[1].append(job)
    return [wanting[path] for path in sorted(wanting)]


def _targets(
    repository: Repository,
    job: Job,
    given: Sequence[File] | None,
    *,
    only_wanted: bool,
) -> Targets:
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
            yield of_unreadable(file.path, error)
        else:
            outcome.failures.append(f"{job.practice.id}: {defect(error, f'looked at {at}')}")


def defect(error: Exception, doing: str = "") -> str:
    """What to say of an exception that nobody foresaw. doing: where it came up, as the end of
    "while it"."""
    where = f" while it {doing}" if doing else ""
    what = f"{type(error).__name__}: {error}"
    return f"a defect of tenterhooks{where}: {what}; please report it"


def _unused(file: File, ignore: ignores.Ignore, known: set[str]) -> Finding:
    return of_whole(
        file,
        (ignore.line, ignore.column),
        UNUSED_IGNORE,
        f"nothing here breaks the rule {ignore.rule}"
        if ignore.rule in known
        else f"there is no rule {ignore.rule or 'without a name'}",
        "take the rule out of the comment, or remove the comment",
    )


def of_whole(file: File, place: tuple[int, int], rule: Rule, message: str, fix: str) -> Finding:
    """A finding of the command that runs all practices, and of none of them."""
    finding = Finding(file.path, *place, rule.name, message, fix)
    finding.hook = "tenterhooks"
    finding.shown = file.shown
    return finding
