"""What a configuration should accept, from what it accepts and what is found.

Acceptances are plain tables here, as TOML has them. The first one that covers the path of a
finding and has not expired takes it, as in ``core.acceptances``.
"""

from __future__ import annotations

from collections import Counter

from tenterhooks.core.globs import Globs

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from tenterhooks.core.finding import Finding

    Table = dict[str, Any]
    Counts = dict[tuple[str, str], int]

# Of acceptances themselves: to accept that one has expired would be to lift its end.
_OF_ACCEPTANCES = {"expired-acceptance", "unused-acceptance"}


class Terms:
    """For how long, and why, new findings are accepted. today: what dates are held against.
    renew: what has expired is given the new day, too."""

    __slots__ = ("reason", "renew", "today", "until")

    def __init__(self, reason: str, today: dt.date, until: dt.date, *, renew: bool) -> None:
        self.reason = reason
        self.today = today
        self.until = until
        self.renew = renew


class Plan:
    """What becomes of the acceptances.

    tables: for each that there was, what it becomes; None where it goes.
    new: those that come.
    expired: how many findings are reported again, since their acceptance has expired.
    not_utf8: paths of findings that cannot be written in TOML.
    raised, lowered, gone: how many entries.
    """

    def __init__(self) -> None:
        self.tables: list[Table | None] = []
        self.new: list[Table] = []
        self.expired = 0
        self.not_utf8: list[str] = []
        self.raised = 0
        self.lowered = 0
        self.gone = 0

    def all(self) -> list[Table]:
        return [table for table in self.tables if table is not None] + self.new


def counts(findings: Iterable[Finding]) -> Counts:
    """How often each rule is broken in each file."""
    return Counter((it.rule, it.path) for it in findings if it.rule not in _OF_ACCEPTANCES)


def plan(
    tables: Sequence[Table], found: Counts, is_judged: Callable[[str], bool], terms: Terms
) -> Plan:
    """is_judged: whether a rule was looked for; what is accepted of others stays as it is."""
    result = Plan()
    tables = [_renewed(table, terms) for table in tables]
    taken: dict[tuple[int, str], int] = {}  # by table and what covers; how many in the worst file
    fresh: dict[str, dict[str, int]] = {}
    for (rule, path), number in sorted(found.items()):
        takers = [(at, it) for at, it in enumerate(tables) if it["rule"] == rule]
        covering = [(at, name) for at, it in takers if (name := _covering(it, path)) is not None]
        live = next((it for it in covering if tables[it[0]]["until"] >= terms.today), None)
        if live is not None:
            taken[live] = number
        elif covering:
            taken.update(dict.fromkeys(covering, number))
            result.expired += number
        elif _is_utf8(path):
            fresh.setdefault(rule, {})[path] = number
        else:
            result.not_utf8.append(path)
    for at, table in enumerate(tables):
        used = {name: number for (taker, name), number in taken.items() if taker == at}
        result.tables.append(
            _kept(table, used, result, terms) if is_judged(table["rule"]) else table
        )
    result.new = [
        {"rule": rule, "reason": terms.reason, "until": terms.until, "paths": paths}
        for rule, paths in fresh.items()
    ]
    return result


def _renewed(table: Table, terms: Terms) -> Table:
    is_over = table["until"] < terms.today
    return {**table, "until": terms.until} if is_over and terms.renew else table


def _covering(table: Table, path: str) -> str | None:
    """The path or pattern of a table that covers a path."""
    paths = table["paths"]
    if isinstance(paths, dict):
        return path if path in paths else None
    return next((pattern for pattern in paths if Globs([pattern]).covers(path)), None)


def _is_utf8(path: str) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _kept(table: Table, used: dict[str, int], result: Plan, terms: Terms) -> Table | None:
    """A table without what is used no more, and with the numbers of today; None for nothing."""
    paths = table["paths"]
    result.gone += sum(1 for name in paths if name not in used)
    if not isinstance(paths, dict):
        left: Any = [name for name in paths if name in used]
    elif table["until"] < terms.today:
        left = {name: number for name, number in paths.items() if name in used}
    else:
        left = {name: used[name] for name in paths if name in used}
        result.raised += sum(1 for name, number in left.items() if number > paths[name])
        result.lowered += sum(1 for name, number in left.items() if number < paths[name])
    return {**table, "paths": left} if left else None
