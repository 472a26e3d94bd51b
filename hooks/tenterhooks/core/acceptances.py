"""Findings that a repository accepts for a time: ``[[tool.tenterhooks.accept]]``.

    [[tool.tenterhooks.accept]]
    rule = "unpinned-action"
    reason = "found when tenterhooks was adopted"
    until = 2027-05-21

    [tool.tenterhooks.accept.paths]
    ".github/workflows/ci.yml" = 3

``paths`` holds how many findings are accepted in each file, or is a list of patterns, in whose
files any number is accepted.
"""

from __future__ import annotations

import datetime as dt

from tenterhooks.core.acceptance import Acceptance, Entry
from tenterhooks.core.config import ACCEPT, unknown
from tenterhooks.core.engine import of_whole
from tenterhooks.core.globs import Globs
from tenterhooks.core.practice import EXPIRED_ACCEPTANCE, UNUSED_ACCEPTANCE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from tenterhooks.core.config import Config
    from tenterhooks.core.files import File, Repository
    from tenterhooks.core.finding import Finding
    from tenterhooks.core.job import Outcome
    from tenterhooks.core.run import Run

    Place = tuple[str | int, ...]

_KEYS = ("rule", "reason", "until", "paths")


def apply(run: Run, outcome: Outcome, *, is_whole: bool) -> None:
    """Take out of the findings what the configuration accepts, and, where the whole repository
    was looked at by all practices that were chosen, tell of acceptances that have had their day.

    Raises ConfigError.
    """
    line, made, repository = run.line, run.made, run.repository

    def is_judged(name: str) -> bool:
        return any(job.reports(name) and name in job.practice.names() for job in made.jobs)

    found = of_run(run)
    day = today(repository)
    if made.show_accepted:
        return
    settle(outcome, found, day)
    if line.together and is_whole and not outcome.failures:
        told = idle(found, day, is_judged, run.settings.file)
        outcome.findings += [it for it in told if it.rule not in made.ignored]
        outcome.findings.sort(key=lambda finding: finding.key)


def of_run(run: Run) -> list[Acceptance]:
    """All acceptances that hold for a run. Raises ConfigError."""
    from tenterhooks.core.jobs import wrong_rule

    def wrong(name: str) -> str | None:
        # One practice does not know the rules of the others.
        return wrong_rule(name, run.line.practices) if run.line.together else None

    return read(run.settings, wrong)


def read(config: Config, check_rule: Callable[[str], str | None]) -> list[Acceptance]:
    """All acceptances of a configuration. ``check_rule`` says what is wrong with the name of a
    rule, or None. Raises ConfigError."""
    tables = config.table.get(ACCEPT, [])
    where = (*config.where, ACCEPT)
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise config.error(where, "must be tables: [[tool.tenterhooks.accept]]")
    return [
        _acceptance(config, (*where, number), table, check_rule)
        for number, table in enumerate(tables)
    ]


def _acceptance(
    config: Config, where: Place, table: dict[str, Any], check_rule: Callable[[str], str | None]
) -> Acceptance:
    for key in table:
        if key not in _KEYS:
            raise config.error((*where, key), unknown("key", key, list(_KEYS)))
    for key in _KEYS:
        if key not in table:
            raise config.error(where, f"{key} is missing")
    for key in ("rule", "reason"):
        if not isinstance(table[key], str) or not table[key].strip():
            raise config.error((*where, key), "must be a string, and not an empty one")
    wrong = check_rule(table["rule"])
    if wrong:
        raise config.error((*where, "rule"), wrong)
    until = table["until"]
    if not isinstance(until, dt.date) or isinstance(until, dt.datetime):
        raise config.error((*where, "until"), "must be a date, without quotes: 2027-05-21")
    entries = list(_entries(config, (*where, "paths"), table["paths"]))
    return Acceptance(
        table["rule"], table["reason"], until, entries, *config.place((*where, "rule"))
    )


def _entries(config: Config, where: Place, paths: Any) -> Iterator[Entry]:
    if not paths and isinstance(paths, (dict, list)):
        raise config.error(where, "must name a path")
    if isinstance(paths, dict):
        for path, most in paths.items():
            if not isinstance(most, int) or isinstance(most, bool) or most < 1:
                raise config.error((*where, path), "must be a whole number above 0")
            yield Entry(path, most, None, *config.place((*where, path)))
    elif isinstance(paths, list) and all(isinstance(path, str) for path in paths):
        for number, path in enumerate(paths):
            yield Entry(path, None, Globs([path]), *config.place((*where, number)))
    else:
        raise config.error(
            where, "must be a table of paths and numbers, or a list of path patterns"
        )


def settle(outcome: Outcome, acceptances: Sequence[Acceptance], today: dt.date) -> None:
    """Move the findings that are accepted today from ``findings`` to ``accepted``. Where a file
    has more of a rule than is accepted, all of them stay, for which one is new nobody can tell."""
    groups: dict[tuple[int, str], list[Finding]] = {}
    entries: dict[tuple[int, str], tuple[Acceptance, Entry]] = {}
    # One rule is often found in one file many times, and there may be thousands of acceptances.
    met: dict[tuple[str, str], list[tuple[int, Entry]]] = {}
    for finding in outcome.findings:
        kind = (finding.rule, finding.path)
        if kind not in met:
            covering = ((at, it.covering(finding)) for at, it in enumerate(acceptances))
            met[kind] = [(at, entry) for at, entry in covering if entry is not None]
        for number, entry in met[kind]:
            entry.used = True
            if today <= acceptances[number].until:
                groups.setdefault((number, finding.path), []).append(finding)
                entries[number, finding.path] = (acceptances[number], entry)
                break
    for key, found in groups.items():
        acceptance, entry = entries[key]
        if entry.most is None or len(found) <= entry.most:
            outcome.accepted += [(finding, acceptance) for finding in found]
        else:
            outcome.notes.append(
                f"{found[0].shown}: {len(found)} findings of {acceptance.rule}, of which "
                f"{entry.most} are accepted: all are shown, for the files do not tell which are new"
            )
    accepted = {id(finding) for finding, _ in outcome.accepted}
    outcome.findings = [it for it in outcome.findings if id(it) not in accepted]
    outcome.accepted.sort(key=lambda pair: pair[0].key)


def idle(
    acceptances: Sequence[Acceptance],
    today: dt.date,
    is_judged: Callable[[str], bool],
    file: File,
) -> Iterator[Finding]:
    """What is to be said of the acceptances themselves, in ``file``, once they are settled.
    is_judged: whether a rule was looked for everywhere."""
    for acceptance in acceptances:
        if today > acceptance.until:
            yield _expired(acceptance, file)
            continue
        for entry in acceptance.entries if is_judged(acceptance.rule) else ():
            if not entry.used:
                yield of_whole(
                    file,
                    (entry.line, entry.column),
                    UNUSED_ACCEPTANCE,
                    f"accepts {acceptance.rule} in {entry.path}, where it is not found",
                    "take it out of the configuration; `tenterhooks adopt` does so, too",
                )


def _expired(acceptance: Acceptance, file: File) -> Finding:
    is_needed = any(entry.used for entry in acceptance.entries)
    told = "what it accepted is reported again" if is_needed else "nothing needs it any more"
    return of_whole(
        file,
        (acceptance.line, acceptance.column),
        EXPIRED_ACCEPTANCE,
        f"accepted {acceptance.rule} until {acceptance.until}: {told}",
        "mend what is reported, or decide anew and set a later day"
        if is_needed
        else "take it out of the configuration",
    )


def today(repository: Repository) -> dt.date:
    """The day that acceptances are held against, see ``git.reference_time``."""
    return day_at(repository.reference_time())


def day_at(seconds: int) -> dt.date:
    """The day in UTC, of seconds since the epoch."""
    return dt.datetime.fromtimestamp(seconds, dt.timezone.utc).date()
