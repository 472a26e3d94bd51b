"""Whether an edited YAML document says what it said before, and one thing more."""

from __future__ import annotations

from tenterhooks.formats.yaml import MAPPING, SCALAR, SEQUENCE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tenterhooks.formats.yaml import Node


def has_grown(before: Node, after: Node, grown: Node, added: Any) -> bool:
    """Whether ``after`` is ``before``, but for ``added`` at the end of ``grown``: a node of
    ``before`` that is a list, a mapping, or null for an empty one. In a loop and each pair once:
    aliases may nest deeper than a stack, and in circles."""
    pairs = [(before, after)]
    seen = set()
    times = 0
    while pairs:
        old, new = pairs.pop()
        times += old is grown
        if times > 1:  # an alias of it would grow as well
            return False
        if (id(old), id(new)) in seen:
            continue
        seen.add((id(old), id(new)))
        if old is grown:
            inner = _without_last(old, new, added)
            if inner is None:
                return False
            pairs += inner
        elif old.kind is not new.kind or not _is_like(old, new):
            return False
        else:
            pairs += zip(_children(old), _children(new), strict=True)
    return True


def _is_like(old: Node, new: Node) -> bool:
    """Whether two nodes of a kind are alike, but for what is in them."""
    if old.kind is SCALAR:
        return (old.value, old.plain) == (new.value, new.plain)
    return len(old.value) == len(new.value)


def _children(node: Node) -> list[Node]:
    if node.kind is MAPPING:
        return [it for pair in node.value for it in pair]
    return list(node.items())


def _without_last(old: Node, new: Node, added: Any) -> list[tuple[Node, Node]] | None:
    """The pairs that are left to compare; None where the last of ``new`` is not ``added``."""
    last = _children(new)[-2 if new.kind is MAPPING else -1 :]
    data: list[Any] = [added] if new.kind is SEQUENCE else [*next(iter(added.items()), ())]
    is_there = len(last) == len(data) and all(map(says, last, data))
    is_kind = new.kind is old.kind or old.is_null
    rest = _children(new)[: -len(data)]
    if not is_there or not is_kind or len(_children(old)) != len(rest):
        return None
    return list(zip(_children(old), rest, strict=True))


def says(node: Node, data: Any) -> bool:
    """Whether a node holds plain ``data``, which is not deep."""
    if isinstance(data, str):
        return node.text() == data and not node.is_null
    if isinstance(data, list):
        items = list(node.items())
        return node.kind is SEQUENCE and len(items) == len(data) and all(map(says, items, data))
    found = [it for pair in node.pairs() for it in pair]
    wanted = [it for pair in data.items() for it in pair]
    return node.kind is MAPPING and len(found) == len(wanted) and all(map(says, found, wanted))
