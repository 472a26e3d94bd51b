"""The findings on one lock, and what is known about it while they are gathered."""

from __future__ import annotations

import posixpath

from tenterhooks.core import toml
from tenterhooks.core.finding import Finding
from tenterhooks.lock_in_sync import rules
from tenterhooks.lock_in_sync.uv import markers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenterhooks.core.files import File
    from tenterhooks.core.finding import Rule
    from tenterhooks.formats.locks.uv import UvLock
    from tenterhooks.lock_in_sync.uv.entries import Entry, Origin
    from tenterhooks.lock_in_sync.uv.sameness import Difference
    from tenterhooks.lock_in_sync.uv.target import Target

    Keys = tuple[str | int, ...]

MAX_SHOWN = 200
# Of one name.
MAX_TOLD = 20


class Report:
    """findings: in the order found. told: names of packages about which something was said, so
    that one fault gives one finding. is_stale: whether the lock is out of date.
    python: the range in which markers count.
    """

    def __init__(self, file: File, lock: UvLock, target: Target) -> None:
        self.file = file
        self.lock = lock
        self.target = target
        self.fix = target.command()
        self.findings: list[Finding] = []
        self.told: set[str] = set()
        self.is_stale = False
        self.reasons: dict[str, Origin | None] = {}
        specifier = lock.root.get("requires-python")
        self.python = markers.without_holes(specifier) if isinstance(specifier, str) else ""

    def stale(self, origin: Origin, message: str, name: str = "") -> None:
        """The lock was made for something else than what is declared at ``origin``."""
        self.is_stale = True
        self.told.add(name)
        self._declared(rules.OUT_OF_DATE, origin, message)

    def unmet(self, entry: Entry, message: str, rule: Rule = rules.UNSATISFIED) -> None:
        """Something declared is not so in the lock."""
        if entry.origin and entry.name not in self.told:
            self.told.add(entry.name)
            self._declared(rule, entry.origin, message, self._anew(entry.name))

    def in_lock(self, rule: Rule, keys: Keys, message: str, name: str) -> None:
        """The lock itself is wrong at a place, of the package ``name``."""
        line, column = self.lock.place(keys)
        fix = self._anew(name)
        self._add(Finding(self.file.path, line, column, rule.name, message, fix))

    def _anew(self, name: str) -> str:
        """The command that makes uv resolve again, which keeps a lock whose inputs are right."""
        is_name = (
            name.isascii() and name.replace("-", "").replace("_", "").replace(".", "").isalnum()
        )
        package = name if is_name else "NAME"
        return self.fix.replace("uv lock", f"uv lock --upgrade-package {package}", 1)

    def undecided(self, reason: str, origin: Origin | None = None) -> None:
        self.reasons.setdefault(reason, origin)

    def told_undecided(self) -> Iterable[Finding]:
        """What could not be decided, each at its place."""
        for reason, origin in self.reasons.items():
            path, line, column = self.file.path, 1, 1
            if origin:
                path = origin.file.path
                line, column = toml.locate(origin.file, origin.keys)
            yield Finding(path, line, column, rules.UNDECIDED.name, reason)

    def differences(self, found: Iterable[Difference], place: Origin, where: str = "") -> None:
        """Tell what is declared and what the lock was made for, name by name. place: of the list
        that they stand in; where: words for it."""
        for difference in found:
            mine, theirs = difference.declared, difference.locked
            made_for = f"{self.lock.name} was made"
            for entry in mine[:MAX_TOLD]:
                other = _counterpart(entry, theirs)
                what = f"for {short(other.text)}" if other else "without it"
                message = f"{short(_words(entry, other))} is declared{where}, and {made_for} {what}"
                self.stale(entry.origin or place, message, entry.name)
            for entry in theirs[:MAX_TOLD] if not mine else ():
                message = f"{made_for} for {short(entry.text)}, which is not declared{where}"
                self.stale(place, message, entry.name)

    def _declared(self, rule: Rule, origin: Origin, message: str, fix: str = "") -> None:
        line, column = toml.locate(origin.file, origin.keys)
        fix = fix or self.fix
        if posixpath.dirname(origin.file.path) != posixpath.dirname(self.file.path):
            # There may be more locks of this name that the same line is about.
            message = message.replace(self.lock.name, self.file.path, 1)
        self._add(Finding(origin.file.path, line, column, rule.name, message, fix))

    def _add(self, finding: Finding) -> None:
        if all(finding.key != other.key for other in self.findings[-20:]):
            self.findings.append(finding)


def short(text: str) -> str:
    """A text from a file as a message can hold it."""
    text = " ".join(text.split())
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 3] + "..."


def _words(entry: Entry, other: Entry | None) -> str:
    """A requirement in the words of the project; with its source, where that is what differs."""
    if other is None or entry.source == other.source or " @ " in entry.text:
        return entry.text
    kind, *rest = entry.source
    where = " ".join(part for part in rest if part not in ("", "False"))
    return f"{entry.text} ({'from ' if kind == 'registry' else ''}{kind} {where}".rstrip() + ")"


def _counterpart(entry: Entry, others: list[Entry]) -> Entry | None:
    """What the lock has in the place of a requirement."""
    same = [other for other in others if other.extra == entry.extra]
    return next(iter(same or others), None)
