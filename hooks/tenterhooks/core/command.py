"""From a command line to an exit code: what every console script does."""

from __future__ import annotations

import gc
import os
import sys

from tenterhooks.core import config, engine
from tenterhooks.core.files import Repository
from tenterhooks.core.git import GitError
from tenterhooks.core.options import COMMON, SELECT, SELECT_RULE, CommandLine
from tenterhooks.core.practice import SHARED_RULES, UNUSED_IGNORE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import SimpleNamespace

    from tenterhooks.core.files import File
    from tenterhooks.core.finding import Rule
    from tenterhooks.core.globs import Globs
    from tenterhooks.core.practice import Option, Practice


def run(practice: Practice, argv: Sequence[str] | None) -> int:
    """The console script of one practice. Returns 0 clean, 1 findings, 2 could not do the job."""
    options = (*practice.options, SELECT_RULE)
    line = CommandLine(practice.id, practice.title, options, [practice])
    return _main(line, argv)


def run_all(practices: Sequence[Practice], title: str, argv: Sequence[str] | None) -> int:
    """The console script that runs several practices in one process. Exit as ``run``."""
    return _main(CommandLine("tenterhooks", title, [SELECT], practices), argv, together=True)


def _main(line: CommandLine, argv: Sequence[str] | None, *, together: bool = False) -> int:
    if argv is None:
        # A process of its own, which ends soon: to look for cycles among the nodes of a thousand
        # files would take as long as to check them.
        gc.disable()
    try:
        given = line.read(sys.argv[1:] if argv is None else argv)
        return _checked(line, given, together=together)
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except KeyboardInterrupt:
        return _fail(line.prog, "interrupted")
    except (config.ConfigError, GitError) as error:
        return _fail(line.prog, str(error))
    except Exception as error:  # noqa: BLE001  # no traceback ever reaches a user
        return _fail(
            line.prog,
            f"a defect of tenterhooks: {type(error).__name__}: {error}; please report it",
        )
    finally:
        if argv is None:
            gc.freeze()


def _fail(prog: str, message: str) -> int:
    _say(f"{prog}: error: {message}")
    return 2


def _say(line: str) -> None:
    from tenterhooks.core.report.text import harmless

    print(harmless(line), file=sys.stderr)


def _checked(line: CommandLine, given: SimpleNamespace, *, together: bool) -> int:
    start = given.paths[0] if len(given.paths) == 1 and os.path.isdir(given.paths[0]) else None
    repository = Repository(start)
    practices = line.practices
    jobs = _jobs(config.Config(repository, given.config), line, given, together=together)
    files = _files(repository, practices, given.paths)
    known = (lambda: _known(practices)) if together else None
    outcome = engine.examine(repository, jobs, files, together=together, known=known)
    if given.fix:
        from tenterhooks.core.mend import mend

        mend(repository, jobs, outcome)
    if outcome.findings or given.format != "text":
        _report(given.format, repository, practices, outcome)
    for note in outcome.notes:
        _say(f"{line.prog}: note: {note}")
    for failure in outcome.failures:
        _fail(line.prog, failure.removeprefix(f"{line.prog}: "))
    return outcome.exit_code


def _jobs(
    settings: config.Config, line: CommandLine, given: SimpleNamespace, *, together: bool
) -> list[engine.Job]:
    """The practices with their options: given ones, else configured ones, else defaults."""
    for option in line.options:
        _check_given(option, given)
    own = settings.own([SELECT, *COMMON])
    selected = [practice.id for practice in line.practices]
    if together:
        _check_rules(own.get("ignore", []), line.practices)
        chosen = config.merge([SELECT], own, given).select
        for name in chosen:
            if name not in selected:
                raise config.ConfigError(config.unknown("practice", name, selected))
        selected = chosen or [it.id for it in line.practices if it.is_available()]
    jobs = []
    for practice in line.practices:
        table = settings.of(practice, [*practice.options, SELECT_RULE, *COMMON])
        ignored = [*(given.ignore or []), *table.get("ignore", [])]
        _check_rules(ignored, line.practices)
        switched = [*([] if together else given.select or []), *table.get("select", [])]
        _check_rules(switched, [practice], shared=())
        if practice.id in selected:
            values = config.merge(practice.options, table, given)
            values.select = switched
            excluded = [
                *(given.exclude or []),
                *table.get("exclude", []),
                *own.get("exclude", []),
            ]
            ignored += own.get("ignore", [])
            jobs.append(engine.Job(practice, values, ignored, _globs(excluded)))
    return jobs


def _globs(patterns: Sequence[str]) -> Globs | None:
    if not patterns:
        return None
    from tenterhooks.core.globs import Globs

    return Globs(patterns)


def _known(practices: Sequence[Practice]) -> set[str]:
    shared = {rule.name for rule in (*SHARED_RULES, UNUSED_IGNORE)}
    return shared.union(*(practice.names() for practice in practices))


def _check_given(option: Option, given: SimpleNamespace) -> None:
    value = getattr(given, option.attribute)
    if option.validate and value is not None:
        for item in value if option.kind == "list" else [value]:
            wrong = option.validate(item)
            if wrong:
                raise config.ConfigError(f"--{option.name}: {wrong}")


def _check_rules(
    names: Sequence[str],
    practices: Sequence[Practice],
    shared: Sequence[Rule] = (*SHARED_RULES, UNUSED_IGNORE),
) -> None:
    """Raises ConfigError: no rule of these practices has such a name."""
    own = {rule.name for practice in practices for rule in practice.rules}
    own |= {rule.name for rule in shared}
    for name in names:
        # To ask for the names of another tool's rules takes longer.
        if name not in own and not any(name in practice.names() for practice in practices):
            raise config.ConfigError(config.unknown("rule", name, sorted(own)))


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
        inner = _below(repository, practices, file) if is_folder else [file]
        if not inner and any(practice.wants(file) for practice in practices):
            inner = [file]
        files.update((it.path, it) for it in inner)
    return list(files.values())


def _below(repository: Repository, practices: Sequence[Practice], folder: File) -> list[File]:
    """The tracked files in a folder that one of the practices wants. Raises GitError."""
    start = "" if folder.path == "." else folder.path + "/"
    patterns = [practice.files for practice in practices if practice.files is not None]
    found = [file for pattern in patterns for file in repository.matching(pattern)]
    return [file for file in found if file.path.startswith(start)]


def _report(
    form: str, repository: Repository, practices: Sequence[Practice], outcome: engine.Outcome
) -> None:
    from tenterhooks.core.report import Report

    if form == "text":
        from tenterhooks.core.report.text import render
    elif form == "json":
        from tenterhooks.core.report.json import render
    elif form == "github":
        from tenterhooks.core.report.github import render
    elif form == "gitlab":
        from tenterhooks.core.report.gitlab import render
    else:
        from tenterhooks.core.report.sarif import render
    if form != "text":
        from tenterhooks.core.report.fingerprint import add_fingerprints

        add_fingerprints(outcome.findings, repository)
    # Two practices may share a rule.
    rules = dict.fromkeys(rule for practice in practices for rule in practice.rules)
    report = Report(repository, outcome.findings, [*rules, *SHARED_RULES, UNUSED_IGNORE])
    sys.stdout.write(render(report))
    sys.stdout.flush()
