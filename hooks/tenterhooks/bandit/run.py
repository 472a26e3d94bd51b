"""One run: the settings, the results of all files, and which findings are told."""

from __future__ import annotations

import os

from tenterhooks.bandit import settings, targets, telling
from tenterhooks.bandit.ruleset import Ruleset
from tenterhooks.core.config import ConfigError
from tenterhooks.core.files import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import SimpleNamespace

    from tenterhooks.bandit.baseline import Baseline
    from tenterhooks.bandit.model import Issue, Result
    from tenterhooks.bandit.nosec import Tests
    from tenterhooks.core.files import File, Repository
    from tenterhooks.core.finding import Finding


class Run:
    """What Bandit says of the files of one run. Raises ConfigError, GitError.

    notes: what the user should know beside the findings, a line each.
    """

    def __init__(
        self, files: Sequence[File], repository: Repository, options: SimpleNamespace
    ) -> None:
        self._repository = repository
        self._options = options
        self._settings = settings.load(repository, options)
        self.notes = list(self._settings.notes)
        # One outside the repository is not to be had from it.
        self._given = {file.path: file for file in files}
        self._unreadable: dict[str, Unreadable] = {}
        self._lines: dict[str, list[str]] = {}
        self._files = list(self._wanted(files))
        self._results = self._scanned(self._files)
        self._stale: list[Finding] = []
        self._known: set[int] = set()
        self._hold_against_baseline()
        self._changed = self._changes()
        self._tests: Tests | None = None

    def findings(self, file: File) -> Iterator[Finding]:
        """What is told of one file."""
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
        for issue in self._counted(file.path, result):
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

    def _scanned(self, files: Iterable[File]) -> dict[str, Result]:
        sources, results = [], {}
        for file in files:
            try:
                kind = targets.kind(file)
                if kind == targets.PYTHON:
                    sources.append((file.path, file.data))
                elif kind == targets.PTH:
                    results[file.path] = self._pth(file)
            except Unreadable as error:
                self._unreadable[file.path] = error
        if sources:
            results.update(self._scan(sources))
        return results

    def _pth(self, file: File) -> Result:
        from tenterhooks.bandit.detections import pth

        result = pth.scan(file.path, file.data)
        result.issues = [it for it in result.issues if self._settings.runs(it.test_id)]
        return result

    def _scan(self, sources: Sequence[tuple[str, bytes]]) -> dict[str, Result]:
        from tenterhooks.bandit import cache, installed, loading, workers

        chosen = self._settings.selection
        configuration = self._settings.configuration
        ignore_nosec = self._settings.ignore_nosec
        ruleset = Ruleset(chosen.include or (), chosen.exclude, configuration, ignore_nosec)
        scan = workers.scan_all if self._options.no_cache else cache.scan_cached
        try:
            if not ruleset.proved:
                self.notes.append(
                    f"Bandit {ruleset.installed.version} is installed, not {loading.PROVED}: its "
                    "own manager looks at the files, which takes several times longer"
                )
            return dict(scan(sources, ruleset, self._options.jobs))
        except installed.Missing:
            what = "Bandit is not installed: install tenterhooks[bandit]"
            raise ConfigError(what) from None
        except loading.Broken as error:
            raise ConfigError(str(error)) from None

    def _counted(self, path: str, result: Result) -> list[Issue]:
        """The findings but for those that do not count in this file; whatever their severity."""
        ignored = self._settings.ignored(path)
        return [issue for issue in result.issues if issue.test_id not in ignored]

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

        found = self._results.items()
        issues = [issue for path, result in found for issue in self._counted(path, result)]
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
        self.notes.append(f"{file.shown} knows {count} finding{'' if count == 1 else 's'}")

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
        from tenterhooks.bandit import changes

        return changes.changed(self._repository, options.from_ref, options.to_ref, self._files)

    def _is_told(self, issue: Issue) -> bool:
        if not self._settings.reports(issue):
            return False
        if self._changed is None:
            return True
        from tenterhooks.bandit.changes import touches

        return touches(self._changed.get(issue.path, set()), issue)

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
