"""What a command line asks for: where, by which configuration, which practices, which files."""

from __future__ import annotations

import os
import time

from tenterhooks.core import config
from tenterhooks.core.files import Repository
from tenterhooks.core.jobs import plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import SimpleNamespace

    from tenterhooks.core.files import File
    from tenterhooks.core.options import CommandLine
    from tenterhooks.core.practice import Practice


class Run:
    """What a command line asks for.

    repository, settings, made: where, by which configuration, and what is to be done. files: those
    that it names, None for all. line: as it was read. started: when, for the time that it takes.
    """

    def __init__(self, line: CommandLine, given: SimpleNamespace) -> None:
        """Raises ConfigError, GitError."""
        self.started = time.perf_counter()
        self.line = line
        names = given.paths
        start = names[0] if len(names) == 1 and os.path.isdir(names[0]) else None
        self.repository = Repository(start)
        if line.together or not names:
            self.repository.begin_listing()
        try:
            self.settings = config.Config(self.repository, given.config)
            self.made = plan(self.settings, line, given)
            self.files = _files(self.repository, line.practices, names)
            if line.together:
                _check_there(self.files or ())
        finally:
            self.repository.end_listing()


def _check_there(files: Sequence[File]) -> None:
    """Raises ConfigError. One practice tells so itself, of a file that it is asked to check."""
    for file in files:
        if not os.path.lexists(file.absolute):
            raise config.ConfigError(f"{file.shown}: there is no such file or folder")


def _files(
    repository: Repository, practices: Sequence[Practice], names: Sequence[str]
) -> list[File] | None:
    """The files that the command line names, or None for all; a folder opens into the tracked
    files below it. One without any stands for itself where a practice looks for its name."""
    if not names:
        return None
    files: dict[str, File] = {}
    for name in names:
        file = repository.given(name)
        is_folder = os.path.isdir(file.absolute)
        if is_folder and file.path == ".":
            return None
        inner = _below(repository, practices, file) if is_folder else [file]
        if not inner and any(practice.wants(file) for practice in practices):
            inner = [file]
        files.update((it.path, it) for it in inner)
    return list(files.values())


def _below(repository: Repository, practices: Sequence[Practice], folder: File) -> list[File]:
    """The tracked files in a folder that one of the practices wants. Raises GitError."""
    patterns = [practice.files for practice in practices if practice.files is not None]
    found = [file for pattern in patterns for file in repository.matching(pattern)]
    return [file for file in found if file.path.startswith(folder.path + "/")]
