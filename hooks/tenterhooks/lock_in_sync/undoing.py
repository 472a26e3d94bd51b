"""What has changed under a hash, where it is one thing that was added: what is declared is tried
without each of its parts, until the hash is right."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from typing import Any

    from tenterhooks.core.toml import Path

MAX_TRIED = 400
MAX_DEPTH = 8
MAX_CLAUSES = 8
# A JSON text of this many characters takes a millisecond to hash.
MAX_WORK = 4_000_000
_CLAUSE = re.compile(r"(?:[<>!=~^]=|[<>^~]) ?[^\s,;)<>=!~^]+")


class Addition:
    """keys: the way to what was added. before: what a text there was made from; None where there
    was nothing."""

    __slots__ = ("before", "keys")

    def __init__(self, keys: Path, before: str | None) -> None:
        self.keys = keys
        self.before = before


def addition(
    part: Any, size: int, is_right: Callable[[], bool], whole: Collection[Path] = ()
) -> Addition | None:
    """The one thing without which ``is_right`` holds of ``part``; None where there is none, or it
    is not among the first that are looked at. ``part`` is afterwards as it was.

    size: how long ``part`` is as JSON. whole: what is too much to be named as one thing.
    """
    left = min(MAX_TRIED, MAX_WORK // max(size, 1))
    for keys, holder in _places(part):
        if keys in whole:
            continue
        for before in (None, *_shorter(holder[keys[-1]])):
            left -= 1
            if left < 0:
                return None
            if _holds_with(holder, keys[-1], before, is_right):
                return Addition(keys, before)
    return None


def _places(part: Any) -> Iterator[tuple[Path, Any]]:
    """The ways to all that is in ``part``, and what each is in."""
    holders: list[tuple[Path, Any]] = [((), part)]
    for way, holder in holders:
        keys: list[str | int] = list(holder) if isinstance(holder, dict) else [*range(len(holder))]
        for key in keys:
            path = (*way, key)
            yield path, holder
            if isinstance(holder[key], (dict, list)) and len(path) < MAX_DEPTH:
                holders.append((path, holder[key]))


def _shorter(value: object) -> Iterator[str]:
    """What a requirement or specifier may have been: any version, no marker, one clause less."""
    if isinstance(value, dict) and isinstance(value.get("version"), str):
        yield value["version"]
    if not isinstance(value, str) or len(value) > 500:
        return
    yield "*"
    bare, semicolon, marker = value.partition(";")
    if semicolon:
        yield bare
        yield bare.rstrip()
    for number, clause in enumerate(_CLAUSE.finditer(bare)):
        if number < MAX_CLAUSES:
            left, right = bare[: clause.start()].rstrip(), bare[clause.end() :]
            if left.endswith(","):
                left = left[:-1]
            else:
                right = right.lstrip(" ,")
            yield left + right + semicolon + marker


def _holds_with(holder: Any, key: Any, before: str | None, is_right: Callable[[], bool]) -> bool:
    """Whether ``is_right`` with another text for ``key``, or with none."""
    value = holder.pop(key)
    is_dict = isinstance(holder, dict)
    try:
        if before is not None and is_dict:
            holder[key] = before
        elif before is not None:
            holder.insert(key, before)
        return is_right()
    finally:
        if is_dict:
            holder[key] = value
        else:
            if before is not None:
                holder.pop(key)
            holder.insert(key, value)
