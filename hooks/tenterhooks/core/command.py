"""The command line that all hooks share."""

from __future__ import annotations

import os
import sys

import tenterhooks
from tenterhooks.core import config, engine
from tenterhooks.core.files import Repository
from tenterhooks.core.globs import compile_globs
from tenterhooks.core.practice import SHARED_RULES, UNUSED_IGNORE, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from tenterhooks.core.files import File
    from tenterhooks.core.practice import Practice

FORMATS = ("text", "json", "github", "gitlab", "sarif")
SELECT = Option("select", "list", "run only this practice (may be repeated)", "PRACTICE")
IGNORE = Option("ignore", "list", "switch a rule off (may be repeated)", "RULE")
EXCLUDE = Option(
    "exclude", "list", "leave these paths out, such as tests/data/** (may be repeated)", "GLOB"
)
COMMON = (IGNORE, EXCLUDE)


def run(practice: Practice, argv: Sequence[str] | None) -> int:
    """The console script of one practice. Returns 0 clean, 1 findings, 2 could not do the job."""
    parser = _parser(practice.id, practice.title, practice.options, _epilog([practice]))
    return _main(parser, [practice], practice.options, argv)


def run_all(practices: Sequence[Practice], title: str, argv: Sequence[str] | None) -> int:
    """The console script that runs several practices in one process. Exit as ``run``."""
    parser = _parser("tenterhooks", title, [SELECT], _epilog(practices))
    return _main(parser, practices, [SELECT], argv, together=True)


def _parser(
    prog: str, title: str, options: Sequence[Option], epilog: str
) -> argparse.ArgumentParser:
    import argparse

    parser = argparse.ArgumentParser(
        prog=prog,
        description=title,
        epilog=epilog,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="files to check; a folder stands for the tracked files in it; "
        "without any, all tracked files that the hook is for",
    )
    for option in (*options, *COMMON):
        flag = f"--{option.name}"
        if option.kind == "flag":
            parser.add_argument(flag, action="store_const", const=True, help=option.help)
        else:
            action = "append" if option.kind == "list" else "store"
            parser.add_argument(flag, action=action, metavar=option.metavar, help=option.help)
    parser.add_argument(
        "--fix", action="store_true", help="mend what is certain; exits 1 if it did"
    )
    parser.add_argument(
        "--format", choices=FORMATS, default="text", help="form of the report (default: text)"
    )
    parser.add_argument(
        "--config",
        metavar="FILE",
        help="TOML file to read [tool.tenterhooks] from "
        "(default: pyproject.toml at the top of the repository)",
    )
    parser.add_argument("--version", action="version", version=f"{prog} {tenterhooks.__version__}")
    return parser


def _epilog(practices: Sequence[Practice]) -> str:
    """The rules, for --help; computed cheaply, as it is made at every start."""
    lines = ["rules:"]
    for practice in practices:
        for rule in practice.rules:
            marks = [] if rule.default else ["opt-in"]
            marks += ["--fix"] if rule.fixable else []
            note = f" ({', '.join(marks)})" if marks else ""
            lines.append(f"  {rule.name:30} {rule.summary}{note}")
    lines += [f"  {rule.name:30} {rule.summary}" for rule in SHARED_RULES]
    if len(practices) > 1:
        lines.append(f"  {UNUSED_IGNORE.name:30} {UNUSED_IGNORE.summary}")
    lines += [
        "",
        "exit: 0 clean; 1 findings, fixed ones included; 2 the hook could not do its job",
        "silence one line: # tenterhooks: ignore[RULE] why",
    ]
    return "\n".join(lines)


def _main(
    parser: argparse.ArgumentParser,
    practices: Sequence[Practice],
    options: Sequence[Option],
    argv: Sequence[str] | None,
    *,
    together: bool = False,
) -> int:
    try:
        given = parser.parse_args(_safe(sys.argv[1:] if argv is None else argv))
        return _checked(parser.prog, practices, options, given, together=together)
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except KeyboardInterrupt:
        return _fail(parser.prog, "interrupted")
    except config.ConfigError as error:
        return _fail(parser.prog, str(error))
    except Exception as error:  # noqa: BLE001  # no traceback ever reaches a user
        return _fail(
            parser.prog,
            f"a defect of tenterhooks: {type(error).__name__}: {error}; please report it",
        )


def _safe(argv: Sequence[str]) -> list[str]:
    """A tracked file whose name begins with a dash must not become an option."""
    return [
        f"./{word}" if word.startswith("-") and "/" in word and os.path.lexists(word) else word
        for word in argv
    ]


def _fail(prog: str, message: str) -> int:
    from tenterhooks.core.report.text import harmless

    print(f"{prog}: error: {harmless(message)}", file=sys.stderr)
    return 2


def _checked(
    prog: str,
    practices: Sequence[Practice],
    options: Sequence[Option],
    given: argparse.Namespace,
    *,
    together: bool,
) -> int:
    start = given.files[0] if len(given.files) == 1 and os.path.isdir(given.files[0]) else None
    repository = Repository(start)
    settings = config.Config(repository, given.config)
    jobs = _jobs(settings, practices, options, given, together=together)
    files = _files(repository, practices, given.files)
    outcome = engine.examine(
        repository, jobs, files, together=together, known=_known(practices) if together else None
    )
    if given.fix:
        engine.mend(repository, jobs, outcome)
    if outcome.findings or given.format != "text":
        _report(given.format, repository, practices, outcome)
    for failure in outcome.failures:
        _fail(prog, failure)
    return outcome.exit_code


def _jobs(
    settings: config.Config,
    practices: Sequence[Practice],
    options: Sequence[Option],
    given: argparse.Namespace,
    *,
    together: bool,
) -> list[engine.Job]:
    """The practices with their options: given ones, else configured ones, else defaults."""
    for option in (*options, *COMMON):
        _check_given(option, given)
    known = sorted(_known(practices))
    own = settings.own([SELECT, *COMMON])
    selected = [practice.id for practice in practices]
    if together:
        _check_known("rule", own.get("ignore", []), known)
        chosen = config.merge([SELECT], own, given).select
        _check_known("practice", chosen, selected)
        selected = chosen or selected
    jobs = []
    for practice in practices:
        if practice.id in selected:
            table = settings.of(practice, [*practice.options, *COMMON])
            ignored = [*(given.ignore or []), *table.get("ignore", [])]
            _check_known("rule", ignored, known)
            values = config.merge(practice.options, table, given)
            excluded = [*(given.exclude or []), *table.get("exclude", []), *own.get("exclude", [])]
            ignored += own.get("ignore", [])
            jobs.append(engine.Job(practice, values, ignored, compile_globs(excluded)))
    return jobs


def _known(practices: Sequence[Practice]) -> set[str]:
    rules = [rule for practice in practices for rule in practice.rules]
    return {rule.name for rule in (*rules, *SHARED_RULES, UNUSED_IGNORE)}


def _check_given(option: Option, given: argparse.Namespace) -> None:
    value = getattr(given, option.attribute)
    if option.validate and value is not None:
        for item in value if option.kind == "list" else [value]:
            wrong = option.validate(item)
            if wrong:
                raise config.ConfigError(f"--{option.name}: {wrong}")


def _check_known(what: str, names: Sequence[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            raise config.ConfigError(config.unknown(what, name, list(known)))


def _files(
    repository: Repository, practices: Sequence[Practice], names: Sequence[str]
) -> list[File] | None:
    """The files that the command line names, or None for all; a folder opens into the tracked
    files below it, unless its name is one that a practice looks for."""
    if not names:
        return None
    files: dict[str, File] = {}
    for name in names:
        file = repository.given(name)
        if os.path.isdir(file.absolute) and not any(p.wants(file) for p in practices):
            below = "" if file.path == "." else file.path + "/"
            for practice in practices:
                if practice.files is not None:
                    for inner in repository.matching(practice.files):
                        if inner.path.startswith(below):
                            files[inner.path] = inner
        else:
            files[file.path] = file
    return list(files.values())


def _report(
    form: str, repository: Repository, practices: Sequence[Practice], outcome: engine.Outcome
) -> None:
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
    rules = [rule for practice in practices for rule in practice.rules]
    sys.stdout.write(render(outcome.findings, [*rules, *SHARED_RULES, UNUSED_IGNORE]))
    sys.stdout.flush()
