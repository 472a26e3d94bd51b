"""One run: each lock that the files under check are about, looked at once."""

from __future__ import annotations

import re

from tenterhooks.core.files import Unreadable
from tenterhooks.core.finding import Finding, of_unreadable
from tenterhooks.lock_in_sync import given, pairs, scope, shows
from tenterhooks.lock_in_sync.paths import PROJECT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import SimpleNamespace

    from tenterhooks.core.files import File, Repository


class Run:
    """The locks of a run, with what is told of each. Raises GitError."""

    def __init__(
        self, files: Sequence[File], repository: Repository, options: SimpleNamespace
    ) -> None:
        self.notes: list[str] = []
        self._repository = repository
        self._options = options
        self._sources = given.sources(options.compiled)
        self._scope = scope.Scope(files, repository, self._sources)

    def findings(self, file: File) -> Iterator[Finding]:
        """What is told with one file of those under check."""
        if PROJECT.search(file.path):
            yield from self._guarded(file, pairs.check)
        for path in self._scope.of(file):
            lock = self._repository.file(path)
            yield from self._guarded(lock, self._of_lock)

    def _guarded(self, file: File, check: scope.Check) -> Iterator[Finding]:
        try:
            yield from check(file, self._repository, self._options)
        except Unreadable as error:
            yield of_unreadable(file.path, error)

    def _of_lock(
        self, lock: File, repository: Repository, options: SimpleNamespace
    ) -> Iterator[Finding]:
        from tenterhooks.formats.locks import weak
        from tenterhooks.lock_in_sync import sources

        if shows.is_data(lock.path) and not self._options.test_data:
            return
        check = scope.checker(lock, self._sources)
        if check is None:
            return
        unmerged = pairs.conflict(lock)
        if unmerged is not None:
            yield unmerged
            return
        yield from pairs.check(lock, repository, options)
        found = list(check(lock, repository, options))
        yield from found
        yield from sources.check(lock, repository, options, found)
        if re.search(weak.LOCKS, lock.path):
            yield from weak.check(lock)
