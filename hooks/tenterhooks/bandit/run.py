"""One run: the settings, the results of all files, and which findings are told."""

from __future__ import annotations

import os

from tenterhooks.bandit import settings, telling
from tenterhooks.bandit.ruleset import Ruleset
from tenterhooks.bandit.scanning import Scan
from tenterhooks.core.config import ConfigError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import SimpleNamespace

    from tenterhooks.bandit.baseline import Baseline
    from tenterhooks.bandit.beside import Beside
    from tenterhooks.bandit.model import Issue, Result
    from tenterhooks.bandit.nosec import Tests
    from tenterhooks.bandit.scanning import Scanned
    from tenterhooks.bandit.settings import Settings
    from tenterhooks.core.files import File, Repository, Unreadable
    from tenterhooks.core.finding import Finding


class Run:
    """What Bandit says of the files of one run. Raises ConfigError, GitError.

    Where ``options.beside`` is set, other practices run meanwhile: the files are scanned in another
    process, which is waited for when somebody asks for findings or notes.
    """

    def __init__(
        self, files: Sequence[File], repository: Repository, options: SimpleNamespace
    ) -> None:
        self._repository = repository
        self._options = options
        self._settings = settings.load(repository, options)
        self._notes = list(self._settings.notes)
        # One outside the repository is not to be had from it.
        self._given = {file.path: file for file in files}
        self._lines: dict[str, list[str]] = {}
        self._files = list(self._wanted(files))
        self._unreadable: dict[str, Unreadable] = {}
        self._results: dict[str, Result] = {}
        self._stale: list[Finding] = []
        self._known: set[int] = set()
        self._changed: dict[str, set[int]] | None = None
        self._tests: Tests | None = None
        self._scan: Scan | None = self._made_scan()
        self._beside: Beside | None = None
        if options.beside:
            from tenterhooks.bandit import beside

            self._beside = beside.started(self._scan)
        if self._beside is None:
            self._finish()

    @property
    def notes(self) -> list[str]:
        """What the user should know beside the findings, a line each. Raises as ``findings``."""
        self._finish()
        return self._notes

    def findings(self, file: File) -> Iterator[Finding]:
        """What is told of one file. What went wrong with all of them is raised, and once: Raises
        ConfigError, GitError."""
        self._finish()
        if file.path in self._unreadable:
            raise self._unreadable[file.path]
        # They are of no Python file; they come with the first.
        stale, self._stale = self._stale, []
        yield from stale
        result = self._results.get(file.path)
        if result is None:
            return
        if result.failure is not None:
            yield telling.failure(file, result)
        for issue in _counted(self._settings, file.path, result):
            if id(issue) not in self._known and self._is_told(issue):
                yield telling.finding(file, issue, self._lines_of(file.path))
        if not self._options.write_baseline:
            yield from self._nosec(file, result)

    def _wanted(self, files: Iterable[File]) -> Iterator[File]:
        baseline = self._settings.baseline
        for file in files:
            is_baseline = baseline is not None and file.path == baseline.path
            if not is_baseline and not self._settings.excludes(file.path):
                yield file

    def _made_scan(self) -> Scan:
        chosen = self._settings.selection
        ruleset = Ruleset(
            chosen.include or (),
            chosen.exclude,
            self._settings.configuration,
            self._settings.ignore_nosec,
        )
        known = self._settings  # not all of this, which the scan would keep alive

        def needed(path: str, result: Result) -> list[Issue]:
            # Those that do not count are held against the nosec comments of their file.
            return result.issues if result.comments else _counted(known, path, result)

        is_cached = not self._options.no_cache
        return Scan(self._files, ruleset, self._options.jobs, is_cached, needed)

    def _finish(self) -> None:
        """Wait for the scan, or do it, and hold what it found against what is known; once."""
        scan, self._scan = self._scan, None
        if scan is None:
            return
        from tenterhooks.bandit import installed, loading

        try:
            scanned = scan.run() if self._beside is None else self._beside.wait()
        except installed.Missing:
            what = "Bandit is not installed: install tenterhooks[bandit]"
            raise ConfigError(what) from None
        except loading.Broken as error:
            raise ConfigError(str(error)) from None
        for file in scan.files:
            self._repository.release(file)
        self._take(scanned)
        self._hold_against_baseline()
        self._changed = self._changes()

    def _take(self, scanned: Scanned) -> None:
        self._unreadable = scanned.unreadable
        self._results = scanned.results
        if scanned.other_version is not None:
            from tenterhooks.bandit import loading

            self._notes.append(
                f"Bandit {scanned.other_version} is installed, not {loading.PROVED}: its "
                "own manager looks at the files, which takes several times longer"
            )

    def _lines_of(self, path: str) -> list[str]:
        if path not in self._lines:
            from tenterhooks.bandit.baseline import source_lines

            file = self._given.get(path) or self._repository.file(path)
            self._lines[path] = source_lines(file.data)
        return self._lines[path]

    def _hold_against_baseline(self) -> None:
        file = self._settings.baseline
        if file is None:
            if self._options.write_baseline:
                raise ConfigError("--write-baseline: --baseline says no file to write to")
            return
        from tenterhooks.bandit import baseline

        issues = [
            issue
            for path, result in self._results.items()
            for issue in _counted(self._settings, path, result)
        ]
        if self._options.write_baseline:
            self._write(file, baseline.made_of(issues, self._lines_of))
            self._known = {id(issue) for issue in issues}
            return
        known = baseline.read(self._repository, file)
        new, vanished = baseline.subtract(known, issues, self._lines_of, self._is_judged)
        self._known = {id(issue) for issue in issues} - {id(issue) for issue in new}
        self._stale = list(baseline.stale(known, vanished))

    def _write(self, file: File, made: Baseline) -> None:
        from tenterhooks.bandit import baseline
        from tenterhooks.core.edits import NotWritten

        if os.path.lexists(file.absolute):
            made = baseline.updated(baseline.read(self._repository, file), made, self._is_judged)
        try:
            baseline.write(self._repository, file, made)
        except NotWritten as error:
            raise ConfigError(f"{file.shown}: not written: {error}") from None
        count = sum(entry.count for entry in made.entries.values())
        self._notes.append(f"{file.shown} knows {count} finding{'' if count == 1 else 's'}")

    def _is_judged(self, path: str, test: str) -> bool:
        """Whether a test was looked for in a file, or there is no such file any more."""
        result = self._results.get(path)
        if result is None:
            return not os.path.lexists(self._repository.file(path).absolute)
        is_on = self._settings.runs(test) and test not in self._settings.ignored(path)
        return is_on and result.failure is None

    def _changes(self) -> dict[str, set[int]] | None:
        """Path -> changed lines; None where all lines count."""
        options = self._options
        if not (options.changed_lines or options.from_ref or options.to_ref):
            return None
        from tenterhooks.core import changes

        return changes.changed(self._repository, options.from_ref, options.to_ref, self._files)

    def _is_told(self, issue: Issue) -> bool:
        if not self._settings.reports(issue):
            return False
        if self._changed is None:
            return True
        from tenterhooks.core.changes import touches

        return touches(self._changed.get(issue.path, set()), issue.line, issue.span)

    def _nosec(self, file: File, result: Result) -> Iterator[Finding]:
        if not result.comments or self._settings.ignore_nosec:
            return
        from tenterhooks.bandit import nosec_rules, selection

        if self._tests is None:
            self._tests = selection.all_tests()
        ran = {it for it in self._tests.ids if self._settings.runs(it)}
        ran -= self._settings.ignored(file.path)
        changed = None if self._changed is None else self._changed.get(file.path, set())
        off = self._settings.off(file.path)
        for finding in nosec_rules.check(file, result, self._tests, ran, off):
            if changed is None or finding.line in changed:
                yield finding


def _counted(settings: Settings, path: str, result: Result) -> list[Issue]:
    """The findings but for those that do not count in this file; whatever their severity."""
    if not result.issues:
        return []
    ignored = settings.ignored(path)
    found = [issue for issue in result.issues if issue.test_id not in ignored]
    if path.endswith(".pth"):  # which are read without Bandit
        found = [issue for issue in found if settings.runs(issue.test_id)]
    return found
