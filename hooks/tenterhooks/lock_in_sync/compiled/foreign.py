"""Entries that nothing asks for: compiling again would take them away, or bring back what they
are there for."""

from __future__ import annotations

from tenterhooks.lock_in_sync import rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.finding import Finding
    from tenterhooks.lock_in_sync.compiled.context import Context
    from tenterhooks.lock_in_sync.compiled.pins import Pin


def check(context: Context) -> Iterator[Finding]:
    """Nothing is said where not all of the inputs are known."""
    if context.unknown or context.inputs.missing or not context.pins.is_annotated:
        return
    pins = [pin for pin in context.pins.own() if _is_odd(context, pin)]
    elsewhere = {each.requirement.name for each in context.declared.required} if pins else set()
    for pin in pins:
        if pin.sources and not pin.parents:
            is_elsewhere = pin.requirement.name in elsewhere
            how = "for other environments" if is_elsewhere else "no more"
            said = f"{pin.text} is here for {pin.sources[0][:80]}, which declares it {how}"
            yield context.at(pin, rules.OUT_OF_DATE, said)
    # What a script of the project's own does to the file is not known.
    if context.command is not None:
        yield from _unexplained(context, pins)


def _is_odd(context: Context, pin: Pin) -> bool:
    """Whether an entry is not declared, by its name or as a file."""
    name = pin.requirement.name
    is_file = pin.requirement.url and context.declared.has_unnamed
    return not is_file and name not in context.by_name and name not in context.skipped


def _unexplained(context: Context, pins: list[Pin]) -> Iterator[Finding]:
    """Entries that nothing is said to need, or only what is not there."""
    told = set()
    for pin in pins:
        if not pin.entry.via and not context.declared.has_unnamed:
            said = f"{pin.text} is not declared, and nothing is said to need it"
            yield context.at(pin, rules.ORPHAN, said)
        gone = [] if pin.sources else [name for name in pin.parents if _is_gone(context, name)]
        if gone and len(gone) == len(pin.parents) and gone[0] not in told:
            told.add(gone[0])
            said = f"{gone[0][:80]} has no entry, and {pin.text} is here for it"
            yield context.at(pin, rules.INCOMPLETE, said)


def _is_gone(context: Context, name: str) -> bool:
    there = name in context.pins.by_name or bool(context.pins.unnamed)
    return not there and name not in context.by_name and name not in context.skipped
