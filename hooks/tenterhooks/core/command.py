"""From a command line to an exit code: what every console script does."""

from __future__ import annotations

import gc
import os
import sys
import time

from tenterhooks.core import config, engine
from tenterhooks.core.files import Repository
from tenterhooks.core.git import GitError
from tenterhooks.core.jobs import plan
from tenterhooks.core.options import SELECT_RULE, CommandLine
from tenterhooks.core.practice import SHARED_RULES, WHOLE_RULES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import SimpleNamespace

    from tenterhooks.core.files import File
    from tenterhooks.core.practice import Practice
    from tenterhooks.core.progress import Progress


def run(practice: Practice, argv: Sequence[str] | None) -> int:
    """The console script of one practice. Returns 0 clean, 1 findings, 2 could not do the job."""
    options = (*practice.options, SELECT_RULE)
    line = CommandLine(practice.id, practice.title, options, [practice])
    return _main(line, argv)


def run_all(practices: Sequence[Practice], title: str, argv: Sequence[str] | None) -> int:
    """The console script that runs several practices in one process. Exit as ``run``."""
    return _main(CommandLine("tenterhooks", title, (), practices, together=True), argv)


def _main(line: CommandLine, argv: Sequence[str] | None) -> int:
    if argv is None:
        # A process of its own, which ends soon: to look for cycles among the nodes of a thousand
        # files would take as long as to check them.
        gc.disable()
    try:
        return guarded(line.prog, lambda: _checked(line, sys.argv[1:] if argv is None else argv))
    finally:
        if argv is None:
            gc.freeze()


def guarded(prog: str, act: Callable[[], int]) -> int:
    """The exit code of ``act``; what it raises becomes a line for the user, and a code."""
    try:
        return act()
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except KeyboardInterrupt:
        return _fail(prog, "interrupted")
    except (config.ConfigError, GitError) as error:
        return _fail(prog, str(error))
    except Exception as error:  # noqa: BLE001  # no traceback ever reaches a user
        return _fail(
            prog,
            f"a defect of tenterhooks: {type(error).__name__}: {error}; please report it",
        )


def _fail(prog: str, message: str) -> int:
    say(f"{prog}: error: {message}")
    return 2


def say(line: str) -> None:
    """Tell the user something beside the report."""
    from tenterhooks.core.report.text import harmless

    print(harmless(line), file=sys.stderr)


class Run:
    """What a command line asks for, and what was found.

    repository, settings, made: where, by which configuration, and what is done.
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

    def outcome(self) -> engine.Outcome:
        """What is found, what is accepted set aside. Raises ConfigError, GitError."""
        known = (lambda: known_rules(self.line.practices)) if self.line.together else None
        progress = _progress()
        try:
            outcome = engine.examine(
                self.repository,
                self.made.jobs,
                self.files,
                together=self.line.together,
                known=known,
                progress=progress,
            )
        finally:
            if progress is not None:
                progress.done()
        if self.settings.table.get(config.ACCEPT):
            from tenterhooks.core import acceptances

            is_whole = self.files is None and not self.made.only_changed
            acceptances.apply(self, outcome, is_whole=is_whole)
        made = self.made
        if made.only_changed:
            from tenterhooks.core import only_changed

            only_changed.narrow(
                self.repository, made.jobs, outcome, self.files, made.from_ref, made.to_ref
            )
        return outcome


def _check_there(files: Sequence[File]) -> None:
    """Raises ConfigError. One practice tells so itself, of a file that it is asked to check."""
    for file in files:
        if not os.path.lexists(file.absolute):
            raise config.ConfigError(f"{file.shown}: there is no such file or folder")


def _progress() -> Progress | None:
    if sys.stderr is None or not sys.stderr.isatty():
        return None
    from tenterhooks.core.progress import Progress

    return Progress(sys.stderr)


def _checked(line: CommandLine, words: Sequence[str]) -> int:
    given = line.read(words)
    asked = Run(line, given)
    outcome = asked.outcome()
    if given.fix:
        from tenterhooks.core.mend import mend

        mend(asked.repository, asked.made.jobs, outcome)
    if outcome.findings or line.together or given.format != "text":
        from tenterhooks.core.report import output

        outcome.failures += output.tell(asked, outcome, given.format)
    for note in outcome.notes:
        say(f"{line.prog}: note: {note}")
    for failure in outcome.failures:
        _fail(line.prog, failure.removeprefix(f"{line.prog}: "))
    return outcome.exit_code


def known_rules(practices: Sequence[Practice]) -> set[str]:
    """The names of all rules, those of other tools included."""
    shared = {rule.name for rule in (*SHARED_RULES, *WHOLE_RULES)}
    return shared.union(*(practice.names() for practice in practices))


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
