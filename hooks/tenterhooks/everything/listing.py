"""Rules in rows, for people to read."""

from __future__ import annotations

from tenterhooks.everything.tables import columns
from tenterhooks.everything.words import Word, fill, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tenterhooks.core.colours import Palette
    from tenterhooks.core.finding import Rule
    from tenterhooks.everything.groups import Group, IsOn

_INDENT, _STATE, _NAME = 2, 3, 32
# A summary is not squeezed into fewer columns than these, but put below the name.
_NARROW = 24


def whole(groups: Sequence[Group], is_on: IsOn, palette: Palette, width: int) -> Iterator[str]:
    """All groups, and how many rules there are."""
    for group in groups:
        yield from one(group, is_on, palette, width)
        yield ""
    pairs = [(group.practice, rule) for group in groups for rule in group.rules]
    # Two practices may share a rule.
    count = len({rule.name for _, rule in pairs})
    on = len({rule.name for practice, rule in pairs if is_on(practice, rule)})
    told = f"{count} rules, {on} of them on. `tenterhooks explain RULE` says more."
    yield from fill(words(told, palette, width), width)


def one(group: Group, is_on: IsOn, palette: Palette, width: int) -> Iterator[str]:
    """A group: its name, what it is about, and its rules."""
    yield palette.bold(group.name)
    room = width - _INDENT
    told = [*fill(words(f"{group.title} {_presets(group)}", palette, room), room), ""]
    for rule in group.rules:
        told += _rule(rule, is_on(group.practice, rule), palette, room)
    if group.practice is not None and group.practice.others is not None:
        others = (
            "And the tests of Bandit itself, such as `B602`, as Bandit's configuration has them."
        )
        told += ["", *fill(words(others, palette, room), room)]
    for line in told:
        yield f"{' ' * _INDENT}{line}".rstrip()


def _rule(rule: Rule, is_on: bool, palette: Palette, room: int) -> Iterator[str]:
    state = Word(palette.green("on"), 2) if is_on else Word(palette.dim("off"), 3)
    name = Word(palette.bold(rule.name), len(rule.name))
    summary = [
        *words(rule.summary, palette, room),
        *words(_marks(rule), palette, room, palette.dim),
    ]
    rest = room - _STATE - _NAME - 4
    if rest >= _NARROW:
        yield from columns([[state], [name], summary], [_STATE, _NAME, rest])
    else:
        yield from columns([[state], [name]], [_STATE, _NAME])
        yield from columns([[], summary], [_STATE, room - _STATE - 2])


def _presets(group: Group) -> str:
    """The presets of all rules that are on by default, beside the one that has them all."""
    names = sorted(group.practice.presets) if group.practice else []
    return f"(presets: {', '.join(names)})" if names else ""


def _marks(rule: Rule) -> str:
    """What is out of the ordinary."""
    marks = [*rule.marks, *sorted(rule.presets)]
    return f"({', '.join(marks)})" if marks else ""
