"""What came of the files of one run: read, told apart, and scanned."""

from __future__ import annotations

from tenterhooks.bandit import plain, targets
from tenterhooks.core.files import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from tenterhooks.bandit.model import Issue, Result
    from tenterhooks.bandit.ruleset import Ruleset
    from tenterhooks.core.files import File


class Scanned:
    """results: path -> result, of Python files and .pth files. unreadable: path -> why.
    other_version: of the installed Bandit, where it is not the one that was proved."""

    def __init__(self) -> None:
        self.results: dict[str, Result] = {}
        self.unreadable: dict[str, Unreadable] = {}
        self.other_version: str | None = None

    def pack(self) -> list[Any]:
        """As plain lists, numbers and text."""
        errors = self.unreadable.items()
        return [
            [[path, plain.pack(result)] for path, result in self.results.items()],
            [[path, it.message, it.line, it.column, it.rule] for path, it in errors],
            self.other_version,
        ]

    def add(self, packed: list[Any]) -> None:
        """Add what another ``pack`` gave."""
        results, errors, self.other_version = packed
        self.results.update((path, plain.unpack(value, path)) for path, value in results)
        self.unreadable.update((path, Unreadable(*error)) for path, *error in errors)


class Scan:
    """What is to be scanned, and how.

    files: those under check. jobs: processes at most, None for one a processor. cached: whether
    results are taken from the user's cache, and put there. needed: the issues of a result that
    somebody asks for in the file at a path; others are dropped early, for there are many.
    """

    def __init__(
        self,
        files: Sequence[File],
        ruleset: Ruleset,
        jobs: int | None,
        cached: bool,
        needed: Callable[[str, Result], list[Issue]] = lambda _, result: result.issues,
    ) -> None:
        self.files = files
        self.ruleset = ruleset
        self.jobs = jobs
        self.cached = cached
        self.needed = needed

    def run(self) -> Scanned:
        """Raises installed.Missing, loading.Broken."""
        scanned, sources = told_apart(self.files)
        scan_sources(sources, self.ruleset, self.jobs, self.cached, scanned)
        return self.trimmed(scanned)

    def trimmed(self, scanned: Scanned) -> Scanned:
        """The same, with only what is needed."""
        for path, result in scanned.results.items():
            result.issues = self.needed(path, result)
        return scanned


def told_apart(files: Sequence[File]) -> tuple[Scanned, list[tuple[str, bytes]]]:
    """What needs no Bandit, done, and the (path, bytes) of what does."""
    scanned, sources = Scanned(), []
    for file in files:
        try:
            kind = targets.kind(file)
            if kind == targets.PYTHON:
                sources.append((file.path, file.data))
            elif kind == targets.PTH:
                from tenterhooks.bandit.detections import pth

                scanned.results[file.path] = pth.scan(file.path, file.data)
        except Unreadable as error:
            scanned.unreadable[file.path] = error
    return scanned, sources


def scan_sources(
    sources: Sequence[tuple[str, bytes]],
    ruleset: Ruleset,
    jobs: int | None,
    cached: bool,
    scanned: Scanned,
) -> None:
    """Put what comes of the (path, bytes) into ``scanned``. Raises installed.Missing,
    loading.Broken."""
    if not sources:
        return
    from tenterhooks.bandit import cache, workers

    if not ruleset.proved:
        scanned.other_version = ruleset.installed.version
    scan = cache.scan_cached if cached else workers.scan_all
    scanned.results.update(scan(sources, ruleset, jobs))
