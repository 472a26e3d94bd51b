"""What a value can be where no secret is meant: an address, or the name of an index."""

from __future__ import annotations

from tenterhooks.trusted_publishing.values import EXPRESSION, MAX_TRAIL, VARIABLE, Source, Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.trusted_publishing.values import Key, Scope


def literals(source: Source, scope: Scope, trail: set[Key] | None = None) -> list[str] | None:
    """All that the value can be, where no secret is meant (an address, a name); None where
    something in it cannot be known. A variable that stays unknown is left as it is written."""
    value = source.value.strip()
    trail = set() if trail is None else trail
    if source.key in trail:
        return []
    if len(trail) > MAX_TRAIL or source.text.stored is not None:
        return None
    trail.add(source.key)
    match = EXPRESSION.fullmatch(value)
    if match:
        return _literals_of(match.group(1), source, scope, trail)
    variable = VARIABLE.match(value)
    if variable and not source.literal:
        whole = variable.end() == len(value.rstrip('}"'))
        bound = scope.variables.get(variable.group(1) or variable.group(2))
        if bound is not None and bound is not source:
            inner = literals(bound, scope, trail)
            rest = "" if whole else value[variable.end() :].lstrip("}")
            return None if inner is None else [text + rest for text in inner]
    return [value]


def _literals_of(text: str, source: Source, scope: Scope, trail: set[Key]) -> list[str] | None:
    from tenterhooks.formats import expression

    found: list[str] = []
    values = expression.values(text)
    for value in values:
        if value.literal is not None:
            found.append(value.literal)
            continue
        inner = _sources(value.path, source, scope)
        if inner is None:
            return None
        for item in inner:
            texts = None if isinstance(item, Verdict) else literals(item, scope, trail)
            if texts is None:
                return None
            found += texts
    return found or None


def _sources(
    path: tuple[str, ...], source: Source, scope: Scope
) -> Sequence[Source | Verdict] | None:
    if path[0] == "env" and len(path) > 1:
        bound = scope.by_lower_name(path[1])
        return None if bound is None or bound is source else [bound]
    return scope.lookup(path)
