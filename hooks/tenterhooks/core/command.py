"""From a command line to an exit code: what every console script does."""

from __future__ import annotations

import gc
import sys

from tenterhooks.core import config, engine
from tenterhooks.core.git import GitError
from tenterhooks.core.options import SELECT_RULE, CommandLine
from tenterhooks.core.practice import SHARED_RULES, WHOLE_RULES
from tenterhooks.core.run import Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tenterhooks.core.job import Outcome
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
        from tenterhooks.core import printing

        printing.drop()
        return 2
    except KeyboardInterrupt:
        return fail(prog, "interrupted")
    except (config.ConfigError, GitError) as error:
        return fail(prog, str(error))
    except Exception as error:  # noqa: BLE001  # no traceback ever reaches a user
        return fail(prog, engine.defect(error))


def fail(prog: str, message: str) -> int:
    """Say what is wrong; returns the exit code for that."""
    say(f"{prog}: error: {message}")
    return 2


def say(line: str) -> None:
    """Tell the user something beside the report."""
    from tenterhooks.core.report.text import harmless

    print(harmless(line), file=sys.stderr)


def outcome_of(asked: Run) -> Outcome:
    """What is found, what is accepted set aside. Raises ConfigError, GitError."""
    known = (lambda: known_rules(asked.line.practices)) if asked.line.together else None
    progress = _progress()
    try:
        found = engine.examine(
            asked.repository,
            asked.made.jobs,
            asked.files,
            together=asked.line.together,
            known=known,
            progress=progress,
        )
    finally:
        if progress is not None:
            progress.done()
    if asked.settings.table.get(config.ACCEPT):
        from tenterhooks.core import acceptances

        is_whole = asked.files is None and not asked.made.only_changed
        acceptances.apply(asked, found, is_whole=is_whole)
    made = asked.made
    if made.only_changed:
        from tenterhooks.core import only_changed

        only_changed.narrow(
            asked.repository, made.jobs, found, asked.files, made.from_ref, made.to_ref
        )
    return found


def _progress() -> Progress | None:
    if sys.stderr is None or not sys.stderr.isatty():
        return None
    from tenterhooks.core.progress import Progress

    return Progress(sys.stderr)


def _checked(line: CommandLine, words: Sequence[str]) -> int:
    given = line.read(words)
    asked = Run(line, given)
    found = outcome_of(asked)
    if given.fix:
        from tenterhooks.core.mend import mend

        mend(asked.repository, asked.made.jobs, found)
    if found.findings or line.together or given.format != "text":
        from tenterhooks.core.report import output

        found.failures += output.tell(asked, found, given.format)
    if not asked.made.jobs:
        found.notes.append("no practice is chosen, so nothing was looked at")
    for note in found.notes:
        say(f"{line.prog}: note: {note}")
    for failure in _gathered(found.failures, [job.practice.id for job in asked.made.jobs]):
        fail(line.prog, failure.removeprefix(f"{line.prog}: "))
    return found.exit_code


def _gathered(failures: Sequence[str], ids: Sequence[str]) -> list[str]:
    """What could not be done, once where several practices say the same of it; of what all of
    them say, without their names."""
    reasons: dict[str, list[str]] = {}
    for failure in failures:
        id, _, why = failure.partition(": ")
        if id in ids:
            reasons.setdefault(why, []).append(id)
        else:
            reasons.setdefault(failure, [])
    return [
        f"{', '.join(by)}: {why}" if by and (len(by) < len(ids) or len(by) == 1) else why
        for why, by in reasons.items()
    ]


def known_rules(practices: Sequence[Practice]) -> set[str]:
    """The names of all rules, those of other tools included."""
    shared = {rule.name for rule in (*SHARED_RULES, *WHOLE_RULES)}
    return shared.union(*(practice.names() for practice in practices))
