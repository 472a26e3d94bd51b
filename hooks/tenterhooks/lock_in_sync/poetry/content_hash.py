"""The hash of what is declared, as each Poetry has computed it.

Source: ``Locker._get_content_hash`` in Poetry's packages/locker.py, 0.12 to 2.5.
"""

from __future__ import annotations

from tenterhooks.core import parsed
from tenterhooks.lock_in_sync import digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tenterhooks.lock_in_sync.undoing import Addition

    Table = dict[str, Any]

_ALWAYS = ("dependencies", "source", "extras", "dev-dependencies")
_PROJECT = ("requires-python", "dependencies", "optional-dependencies")


def relevant(root: Table) -> Table:
    """The part of a pyproject's document that any of the hashes is made from, as a copy.
    Raises TypeError, ValueError where it holds what JSON does not."""
    import json

    project = parsed.table(root, "project")
    poetry = parsed.table(root, "tool", "poetry")
    part = {
        "project": {key: project[key] for key in _PROJECT if key in project},
        "dependency-groups": root.get("dependency-groups") or {},
        "tool": {"poetry": {key: poetry[key] for key in (*_ALWAYS, "group") if key in poetry}},
    }
    copy: Table = json.loads(json.dumps(part))
    return copy


def is_met(part: Table, wanted: str, writer: tuple[int, int] | None) -> bool:
    """Whether ``relevant`` has the hash ``wanted`` by any formula that a Poetry would go by that
    reads what ``writer`` wrote: its own, and that of those after it."""
    return any(_digest(content) == wanted for content in _contents(part, writer))


def _contents(part: Table, writer: tuple[int, int] | None) -> Iterator[Table]:
    yield _standard(part, with_groups=True)
    if writer is None or writer < (2, 3):
        yield _standard(part, with_groups=False)
    if writer is None or writer < (2, 0):
        yield _first(part, with_group=True)
    if writer is None or writer < (1, 2):
        yield _first(part, with_group=False)


def _first(part: Table, *, with_group: bool) -> Table:
    """Up to 1.8. Before 1.2 there were no groups."""
    poetry = _poetry(part)
    content = {key: poetry.get(key) for key in _ALWAYS}
    if with_group and "group" in poetry:
        content["group"] = poetry["group"]
    return content


def _standard(part: Table, *, with_groups: bool) -> Table:
    """Since 2.0, and with the standard's dependency groups since 2.3."""
    project = part.get("project")
    groups = part.get("dependency-groups") if with_groups else {}
    if not project and not groups:
        return _first(part, with_group=True)
    content: Table = {"tool": {"poetry": _poetry(part)}}
    if project:
        content["project"] = project
    if groups:
        content["dependency-groups"] = groups
    return content


def _poetry(part: Table) -> Table:
    return parsed.table(part, "tool", "poetry")


def _digest(content: Table) -> str:
    import json

    return digest.sha256(json.dumps(content, sort_keys=True))


def addition(part: Table, wanted: str, writer: tuple[int, int] | None) -> Addition | None:
    """The one thing without which the hash is ``wanted``."""
    import json

    from tenterhooks.lock_in_sync import undoing

    size = len(json.dumps(part))
    whole = (("tool",), ("tool", "poetry"), ("project",))
    return undoing.addition(part, size, lambda: is_met(part, wanted, writer), whole)
