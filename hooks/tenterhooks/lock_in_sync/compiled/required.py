"""What is declared, or is a constraint, and has no entry, or one that compiling again would surely
change."""

from __future__ import annotations

import re

from tenterhooks.formats.compile_command import PIP_COMPILE
from tenterhooks.lock_in_sync import compare, rules
from tenterhooks.lock_in_sync.compiled.context import short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.finding import Finding
    from tenterhooks.lock_in_sync.compiled.context import Context
    from tenterhooks.lock_in_sync.compiled.declared import Declared
    from tenterhooks.lock_in_sync.compiled.pins import Pin

_COMMIT = re.compile(r"[0-9a-f]{40}")
# Of one name: one for each environment, which nobody has many of.
MAX_PINS = 200


def check(context: Context) -> Iterator[Finding]:
    """One finding for each name at most, and one for each constraint."""
    for name, declarations in context.by_name.items():
        if name not in context.skipped:
            pins = context.pins.of(name)[:MAX_PINS]
            faults = (_fault(context, each, pins) for each in declarations)
            fault = next(filter(None, faults), None)
            if fault is None and len(pins) == 1 and pins[0].is_own:
                fault = _marker(context, declarations, pins[0])
                fault = fault or _more_extras(context, declarations, pins[0])
            if fault is not None:
                yield fault
    for each in context.declared.constraints:
        fault = _constraint(context, each)
        if fault is not None:
            yield fault


def _fault(context: Context, each: Declared, pins: list[Pin]) -> Finding | None:
    """What is wrong with the pins of a declaration that holds for sure."""
    if not context.environment.holds(each.requirement.marker):
        return None
    name = each.requirement.name
    if not pins:
        return None if name in context.pins.unnamed else context.stale(each, f"no {name}")
    if each.requirement.url:
        return _address(context, each, pins)
    return _unmet(context, each, pins) or _extras(context, each, pins)


def _unmet(
    context: Context, each: Declared, pins: list[Pin], how: str = "is declared"
) -> Finding | None:
    """A pin that does not meet a declaration, or a constraint; where it holds in some
    environments only, one pin that meets it is enough."""
    specifier = each.requirement.specifier
    unmet = [pin for pin in pins if pin.version and not compare.meets(pin.version, specifier)]
    is_forked = len(pins) > 1 and (each.requirement.marker or context.environment.is_limited)
    if not unmet or (is_forked and len(unmet) < len(pins)):
        return None
    pin = unmet[0]
    if pin.is_own and context.is_compiled(each.path):
        said = f"{short(each.requirement.text)}, which {each.path}:{each.line} has"
        return context.at(pin, rules.UNSATISFIED, f"{pin.text} contradicts {said}")
    return context.stale(each, pin.text, how)


def _constraint(context: Context, each: Declared) -> Finding | None:
    requirement = each.requirement
    pins = [pin for pin in context.pins.of(requirement.name)[:MAX_PINS] if pin.is_own]
    if requirement.name in context.skipped or not pins or not requirement.specifier:
        return None
    if not context.environment.holds(requirement.marker):
        return None
    return _unmet(context, each, pins, "is a constraint")


def _address(context: Context, each: Declared, pins: list[Pin]) -> Finding | None:
    """A requirement from an address has an entry from there."""
    if all(_is_elsewhere(each.requirement.url, pin.requirement.url) for pin in pins):
        return context.stale(each, pins[0].text)
    return None


def _is_elsewhere(wanted: str, locked: str) -> bool:
    """Whether two addresses surely hold different things."""
    if not locked:
        return True
    if "://" not in wanted or "$" in wanted or "$" in locked:
        return False
    (one, revision), (other, commit) = _apart(wanted), _apart(locked)
    if one != other:
        return True
    both = _COMMIT.fullmatch(revision) and _COMMIT.fullmatch(commit)
    return both is not None and revision != commit


def _apart(url: str) -> tuple[str, str]:
    """An address without what may be written in several ways, and its revision."""
    bare = url.partition("#")[0]
    scheme, _, rest = bare.partition("://")
    if "+" not in scheme:
        return bare.rpartition("@")[2] if "@" in rest.partition("/")[0] else rest, ""
    host, slash, path = rest.partition("/")
    path, _, revision = path.partition("@")
    name = path.rstrip("/").removesuffix(".git").lower()
    return host.rpartition("@")[2].lower() + slash + name, revision


def _extras(context: Context, each: Declared, pins: list[Pin]) -> Finding | None:
    """The extras of a declaration stand at its pin, where the compiler writes them."""
    wanted = each.requirement.extras
    if not wanted or not _shows_extras(context) or any(not pin.is_own for pin in pins):
        return None
    if any(wanted <= pin.requirement.extras for pin in pins):
        return None
    return context.stale(each, pins[0].text)


def _more_extras(context: Context, declarations: list[Declared], pin: Pin) -> Finding | None:
    """Extras at a pin that only its declarations can ask for, and do not."""
    name, shown = pin.requirement.name, pin.requirement.extras
    known = _shows_extras(context) and pin.sources and not pin.parents and not context.unknown
    if not shown or not known or any(each.requirement.url for each in declarations):
        return None
    asked = [*declarations, *context.declared.constraints]
    extras = {
        extra
        for each in asked
        if each.requirement.name == name
        for extra in each.requirement.extras
    }
    return None if shown <= extras else context.stale(declarations[0], pin.text)


def _shows_extras(context: Context) -> bool:
    """Whether the compiler wrote extras into the file."""
    command, options = context.command, context.settings.options
    if command is None:
        return False
    if command.tool == PIP_COMPILE:
        return not command.has("--strip-extras")
    return command.has("--no-strip-extras") or options.get("no-strip-extras") is True


def _marker(context: Context, declarations: list[Declared], pin: Pin) -> Finding | None:
    """pip-compile writes the marker of one of the declarations to the pin; uv, where it resolves
    for all platforms, that of all that needs the pin."""
    if not _shows_marker(context, declarations, pin):
        return None
    name, written = pin.requirement.name, pin.requirement.marker
    limits = [each for each in context.declared.constraints if each.requirement.name == name]
    markers = [each.requirement.marker for each in (*declarations, *limits)]
    holds = {marker: context.environment.holds(marker) for marker in markers}
    possible = [marker for marker in markers if holds[marker] is not False]
    # uv leaves out what holds for every Python that it resolves for; pip-compile copies.
    python = context.environment.requires_python if context.environment.is_universal else ""
    if not possible or any(compare.same_marker(each, written, python) for each in possible):
        return None
    if not written and any(holds[marker] is None for marker in possible):
        return None
    return context.stale(declarations[0], short(pin.requirement.text))


def _shows_marker(context: Context, declarations: list[Declared], pin: Pin) -> bool:
    environment = context.environment
    if context.command is None or context.declared.unknown:
        return False
    if context.command.tool == PIP_COMPILE:
        return True
    if not environment.is_universal or environment.is_limited or len(declarations) > 1:
        return False
    markers = (declarations[0].requirement.marker, pin.requirement.marker)
    return all(map(environment.knows, markers)) and bool(pin.sources) and not pin.parents
