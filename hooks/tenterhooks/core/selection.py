"""Which rules of a practice are on: by preset, by name, and but for what is ignored."""

from __future__ import annotations

from tenterhooks.core.practice import SHARED_RULES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from types import SimpleNamespace

    from tenterhooks.core.practice import Practice

CORE, ALL = "core", "all"
# Name -> the reason behind it.
PRESETS = {
    CORE: "what is wrong for everyone: every rule that is on by default",
    "spec8": "SPEC 8 of Scientific Python, on how a release is made",
    "scorecard": "what OpenSSF Scorecard checks, as far as the files tell",
    ALL: "every rule there is",
}


def wrong_preset(name: str) -> str | None:
    """What is wrong with the name of a preset, or None."""
    known = ", ".join(PRESETS)
    return None if name in PRESETS else f"{name[:80]}: unknown preset; known: {known}"


class Selection:
    """What is on of one practice.

    active: names of its own rules, and of those that all hooks share.
    others: which names of another tool's rules are told; None for all.
    """

    __slots__ = ("_ignored", "_own", "active", "others")

    def __init__(
        self,
        practice: Practice,
        active: Collection[str],
        others: Collection[str] | None,
        ignored: Collection[str],
    ) -> None:
        shared = {rule.name for rule in SHARED_RULES}
        self._ignored = frozenset(ignored)
        self._own = {rule.name for rule in practice.rules} | shared
        self.active = ({*active} | shared) - self._ignored
        self.others = None if others is None else frozenset(others)

    def reports(self, rule: str) -> bool:
        """Whether findings of a rule are told."""
        if rule in self._own:
            return rule in self.active
        return rule not in self._ignored and (self.others is None or rule in self.others)


def default(
    practice: Practice, options: SimpleNamespace, ignored: Collection[str] = ()
) -> Selection:
    """What is on where nobody chose: what the practice and its options say."""
    return Selection(practice, practice.active(options), None, ignored)


def choose(
    practice: Practice,
    options: SimpleNamespace,
    presets: Collection[str],
    names: Collection[str],
    ignored: Collection[str],
) -> Selection | None:
    """What is on of a practice, where ``presets`` and ``names``, of practices and of rules, are
    chosen; None for nothing. Rules that are off by default and are on now are put into
    ``options.select``, where practices look for them."""
    if practice.id in ignored:
        return None
    own = {rule.name for rule in practice.rules}
    active = own.intersection(names)
    strange = set(names) - own - {practice.id}
    # To ask for the names of another tool's rules takes longer.
    foreign = strange & practice.names() if strange and practice.others else set()
    is_whole = CORE in presets or ALL in presets or practice.id in names
    is_whole = is_whole or not practice.presets.isdisjoint(presets)
    if is_whole:
        active |= practice.active(options)
    active |= {rule.name for rule in practice.rules if not set(rule.presets).isdisjoint(presets)}
    if ALL in presets:
        active |= own
        foreign |= set(practice.opt_in)
    if not active and not foreign:
        return None
    by_default = {rule.name for rule in practice.rules if rule.default}
    options.select = sorted({*options.select, *foreign, *(active - by_default)} - set(ignored))
    return Selection(practice, active, None if is_whole else foreign, ignored)
