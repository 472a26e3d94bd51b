"""``tenterhooks show-config``: what is in force, and where each value comes from, as TOML."""

from __future__ import annotations

import tenterhooks
from tenterhooks import everything
from tenterhooks.core import acceptances, command, jobs
from tenterhooks.core.config import ACCEPT
from tenterhooks.core.options import COMMON, CONFIGURED, SELECT_RULE, CommandLine
from tenterhooks.core.report.text import harmless
from tenterhooks.core.run import Run
from tenterhooks.core.toml_text import key, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import SimpleNamespace
    from typing import Any

    from tenterhooks.core.practice import Option, Practice

PROG = "tenterhooks show-config"
TITLE = "What is in force for `tenterhooks` with the same options, and where each value comes from."
_DEFAULT = "default"
# As jobs.choice gives them; each stands for both.
_CHOICE = ("preset", "select")


def main(argv: Sequence[str]) -> int:
    """Print it. Returns 0, or 2 where the configuration or the command line is wrong."""
    return command.guarded(PROG, lambda: _shown(argv))


def _shown(argv: Sequence[str]) -> int:
    line = CommandLine(PROG, TITLE, (), everything.practices(), together=True)
    given = line.read(argv)
    run = Run(line, given)
    for text in _lines(run, given):
        print(harmless(text))
    return 0


def _lines(run: Run, given: SimpleNamespace) -> Iterator[str]:
    said = run.settings.file.shown if run.settings.table else "nothing is configured"
    yield f"# tenterhooks {tenterhooks.__version__}: {said}"
    yield "[tool.tenterhooks]"
    own = run.settings.own(CONFIGURED)
    for option in CONFIGURED:
        yield _value(option.name, *_in_force(run, given, own, option))
    for practice in run.line.practices:
        yield from _of_practice(run, practice)
    yield from _accepted(run)


def _in_force(
    run: Run, given: SimpleNamespace, own: dict[str, Any], option: Option
) -> tuple[Any, str]:
    """What holds for all practices, and who says so."""
    told, place = getattr(given, option.attribute), _place(run, option.name)
    written = own.get(option.attribute)
    if option.name in _CHOICE:
        is_given = bool(given.preset or given.select)
        chosen = jobs.choice(own, given)[_CHOICE.index(option.name)]
        by_file = written is not None and not is_given
        return chosen, place if by_file else f"--{option.name}" if told else _DEFAULT
    if told and written and option.kind == "list":
        return [*told, *written], f"--{option.name} and {place}"
    if told is not None:
        return told, f"--{option.name}"
    return (option.default(), _DEFAULT) if written is None else (written, place)


def _place(run: Run, *path: str) -> str:
    """Where a key stands; empty where it does not."""
    table: Any = run.settings.table
    for part in path:
        if part not in table:
            return ""
        table = table[part]
    line, column = run.settings.place((*run.settings.where, *path))
    return f"{run.settings.file.shown}:{line}:{column}"


def _value(name: str, told: Any, origin: str) -> str:
    if told is None:
        return f"# {name} is not set"
    return f"{name} = {value(told)}  # {origin}"


def _of_practice(run: Run, practice: Practice) -> Iterator[str]:
    yield ""
    yield f"[tool.tenterhooks.{practice.id}]"
    job = next((job for job in run.made.jobs if job.practice is practice), None)
    table = run.settings.of(practice, [*practice.options, SELECT_RULE, *COMMON])
    if job is None:
        reasons = {other.id: why for other, why in run.made.left_out}
        yield f"# does not run: {reasons[practice.id]}"
    else:
        on = [rule.name for rule in practice.rules if job.reports(rule.name)]
        yield f"# runs, with {', '.join(on) or 'none of its own rules'}"
    configured = [option for option in practice.options if not option.asked]
    for option in (*configured, SELECT_RULE, *COMMON):
        told = table.get(option.attribute)
        origin = _DEFAULT if told is None else _place(run, practice.id, option.name)
        yield _value(option.name, option.default() if told is None else told, origin)
    if job is not None and practice.more_settings is not None:
        for what, where in practice.more_settings(run.repository, job.options):
            yield f"# {what}: {where}"


def _accepted(run: Run) -> Iterator[str]:
    if not run.settings.table.get(ACCEPT):
        return
    day = acceptances.today(run.repository)
    for it in acceptances.of_run(run):
        state = "in force" if day <= it.until else "expired"
        yield ""
        yield f"[[tool.tenterhooks.accept]]  # {run.settings.file.shown}:{it.line}; {state}"
        yield f"rule = {value(it.rule)}"
        yield f"reason = {value(it.reason)}"
        yield f"until = {it.until}"
        counted = [entry for entry in it.entries if entry.most is not None]
        if counted:
            yield "[tool.tenterhooks.accept.paths]"
            yield from (f"{key(entry.path)} = {entry.most}" for entry in counted)
        else:
            yield f"paths = {value([entry.path for entry in it.entries])}"
