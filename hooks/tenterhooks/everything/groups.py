"""All rules there are, by who reports them."""

from __future__ import annotations

from tenterhooks.core.finding import Rule
from tenterhooks.core.practice import SHARED_RULES, WHOLE_RULES
from tenterhooks.core.selection import CORE
from tenterhooks.everything import pages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tenterhooks.core.practice import Practice

    # Whether a rule is on. The practice is None for a rule of no single one.
    IsOn = Callable[[Practice | None, Rule], bool]

ALL_HOOKS, WHOLE = "all hooks", "tenterhooks"


class Group:
    """Rules that belong together.

    name: of the practice, or of who reports them. title: a sentence. practice: None for rules of
    no single one.
    """

    __slots__ = ("name", "practice", "rules", "title")

    def __init__(
        self, name: str, title: str, rules: Sequence[Rule], practice: Practice | None = None
    ) -> None:
        self.name = name
        self.title = " ".join(title.split())
        self.rules = tuple(rules)
        self.practice = practice

    def presets(self, rule: Rule) -> list[str]:
        """The presets that one of the rules belongs to, but for the one of all there are."""
        of_practice = {CORE, *(self.practice.presets if self.practice else ())}
        return sorted({*rule.presets, *(of_practice if rule.default else ())})


def of(practice: Practice) -> Group:
    """The rules of a practice, and those that this package adds to the ones of another tool."""
    added = [_added(practice, name) for name in pages.names(practice.id)]
    return Group(practice.id, practice.title, [*practice.rules, *added], practice)


def of_none() -> list[Group]:
    """The rules of no single practice."""
    among = "What every hook reports among the files that it must check."
    beside = "What only the command that runs all practices can tell."
    return [Group(ALL_HOOKS, among, SHARED_RULES), Group(WHOLE, beside, WHOLE_RULES)]


def by_default(_: Practice | None, rule: Rule) -> bool:
    """Whether a rule is on where nobody has said anything."""
    return rule.default


def _added(practice: Practice, name: str) -> Rule:
    """A rule that is known by its page."""
    title = pages.title(pages.read(practice.id, name))
    summary = f"{title[:1].upper()}{title[1:]}."
    return Rule(name, summary, default=name not in practice.opt_in)
