"""From the command line and the configuration to what is to be done."""

from __future__ import annotations

from tenterhooks.core import config, selection
from tenterhooks.core.job import Job
from tenterhooks.core.options import COMMON, CONFIGURED, SELECT_RULE, report_of
from tenterhooks.core.practice import SHARED_RULES, WHOLE_RULES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import SimpleNamespace
    from typing import Any

    from tenterhooks.core.finding import Rule
    from tenterhooks.core.globs import Globs
    from tenterhooks.core.options import CommandLine
    from tenterhooks.core.practice import Option, Practice

_SHOWN = 80  # characters of a name, at most, in an error
NOT_CHOSEN = "not chosen"
NOT_INSTALLED = "not installed"


class Plan:
    """jobs: one for each practice that runs. left_out: the others, each with the reason.
    ignored: names that are left out everywhere. only_changed, from_ref, to_ref: whether only what
    a change brings is told, and which. reports: form and file of each report to be written.
    show_accepted: whether what the configuration accepts is told, too.
    """

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.left_out: list[tuple[Practice, str]] = []
        self.ignored: frozenset[str] = frozenset()
        self.only_changed = False
        self.from_ref: str | None = None
        self.to_ref: str | None = None
        self.reports: list[tuple[str, str]] = []
        self.show_accepted = False


def plan(settings: config.Config, line: CommandLine, given: SimpleNamespace) -> Plan:
    """The practices with their options: given ones, else configured ones, else defaults.

    Raises ConfigError.
    """
    if line.together:
        given.preset, given.select, given.ignore = map(
            _parted, (given.preset, given.select, given.ignore)
        )
    for option in line.options:
        _check_given(option, given)
    own = settings.own(CONFIGURED)
    return (
        _together(settings, line, given, own) if line.together else _one(settings, line, given, own)
    )


def _one(
    settings: config.Config, line: CommandLine, given: SimpleNamespace, own: dict[str, Any]
) -> Plan:
    """One practice, to which the options of its command line belong."""
    made = Plan()
    made.ignored = frozenset([*(given.ignore or []), *own.get("ignore", [])])
    _check_names("ignore", given.ignore or [], lambda name: wrong_rule(name, line.practices))
    for practice in line.practices:
        values, table = _told(settings, practice, line.practices, given)
        ignored = {*made.ignored, *table.get("ignore", [])}
        chosen = selection.default(practice, values, ignored)
        made.jobs.append(Job(practice, values, ignored, _excluded(given, table, own), chosen))
    return made


def _together(
    settings: config.Config, line: CommandLine, given: SimpleNamespace, own: dict[str, Any]
) -> Plan:
    """All practices that are chosen, and that are there. One that is named must be there: its own
    error tells what is missing."""
    made = Plan()
    made.ignored = frozenset([*(given.ignore or []), *own.get("ignore", [])])
    presets, names = choice(own, given)
    ids = {practice.id for practice in line.practices}

    def wrong(name: str) -> str | None:
        return None if name in ids else wrong_rule(name, line.practices, others=sorted(ids))

    for key in ("select", "ignore"):
        _check_names(key, getattr(given, key) or [], wrong)
        _check_names(key, own.get(key, []), wrong, settings, settings.where)
    rules = {rule.name for practice in line.practices for rule in practice.rules}
    for practice in line.practices:
        values, table = _told(settings, practice, line.practices, None)
        ignored = {*made.ignored, *table.get("ignore", [])}
        # What is a practice, or a rule of another one, is no rule of another tool.
        mine = {practice.id, *(rule.name for rule in practice.rules)}
        meant = [name for name in names if name in mine or name not in rules | ids]
        chosen = selection.choose(practice, values, presets, meant, ignored)
        if chosen is None:
            made.left_out.append((practice, NOT_CHOSEN))
        elif not practice.is_available() and set(names) <= ids - {practice.id}:
            made.left_out.append((practice, NOT_INSTALLED))
        else:
            job = Job(practice, values, ignored, _excluded(given, table, own), chosen)
            made.jobs.append(job)
    made.from_ref, made.to_ref = given.from_ref, given.to_ref
    made.only_changed = bool(given.only_changed or given.from_ref or given.to_ref)
    made.reports = [report_of(value) for value in given.report or ()]
    made.show_accepted = bool(given.show_accepted)
    return made


def _told(
    settings: config.Config,
    practice: Practice,
    practices: Sequence[Practice],
    given: SimpleNamespace | None,
) -> tuple[SimpleNamespace, dict[str, Any]]:
    """The options of a practice, and its table. given: its command line, where it has one."""
    table = settings.of(practice, [*practice.options, SELECT_RULE, *COMMON])
    where = (*settings.where, practice.id)
    ignored, selected = table.get("ignore", []), table.get("select", [])
    _check_names("ignore", ignored, lambda name: wrong_rule(name, practices), settings, where)
    switched = given.select or [] if given else []

    def wrong(name: str) -> str | None:
        return wrong_rule(name, [practice], shared=())

    _check_names("select", switched, wrong)
    _check_names("select", selected, wrong, settings, where)
    values = config.merge(practice.options, table, given)
    values.select = [*switched, *selected]
    values.beside = False
    return values, table


def _excluded(given: SimpleNamespace, table: dict[str, Any], own: dict[str, Any]) -> Globs | None:
    return _globs([*(given.exclude or []), *table.get("exclude", []), *own.get("exclude", [])])


def choice(own: dict[str, Any], given: SimpleNamespace) -> tuple[list[str], list[str]]:
    """Presets, and names of practices and rules: given ones, else configured ones, else core."""
    if given.preset or given.select:
        return given.preset or [], given.select or []
    presets, names = own.get("preset", []), own.get("select", [])
    return (presets, names) if presets or names else ([selection.CORE], [])


def _parted(values: list[str] | None) -> list[str] | None:
    """Names that were given, those too that are parted by commas. One without any stays, to be
    refused."""
    if values is None:
        return None
    return [name for value in values for name in value.split(",") if name or not value.strip(",")]


def _globs(patterns: Sequence[str]) -> Globs | None:
    if not patterns:
        return None
    from tenterhooks.core.globs import Globs

    return Globs(patterns)


def _check_given(option: Option, given: SimpleNamespace) -> None:
    value = getattr(given, option.attribute)
    if option.validate and value is not None:
        for item in value if option.kind == "list" else [value]:
            wrong = option.validate(item)
            if wrong:
                raise config.ConfigError(f"--{option.name}: {wrong}")


def _check_names(
    key: str,
    names: Sequence[str],
    wrong: Callable[[str], str | None],
    settings: config.Config | None = None,
    where: tuple[str, ...] = (),
) -> None:
    """Raises ConfigError: ``wrong`` says of a name what is. key: the option that holds the names,
    in the table ``where`` of the settings, else on the command line."""
    for number, name in enumerate(names):
        what = wrong(name)
        if what is not None:
            told = f"{name[:_SHOWN]}: {what}"
            if settings is not None:
                raise settings.error((*where, key, number), told)
            raise config.ConfigError(f"--{key}: {told}")


def wrong_rule(
    name: str,
    practices: Sequence[Practice],
    shared: Sequence[Rule] = (*SHARED_RULES, *WHOLE_RULES),
    others: Sequence[str] = (),
) -> str | None:
    """What is wrong with the name of a rule of these practices, or None. others: what else it
    may have been meant for."""
    own = {rule.name for practice in practices for rule in practice.rules}
    own |= {rule.name for rule in shared}
    # To ask for the names of another tool's rules takes longer.
    if name in own or any(name in practice.names() for practice in practices):
        return None
    what = "practice or rule" if others else "rule"
    return config.unknown(what, name, sorted({*own, *others}))
