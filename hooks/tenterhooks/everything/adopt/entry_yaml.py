"""``.pre-commit-config.yaml``: what it says, and minimal edits of it."""

from __future__ import annotations

from tenterhooks.core import edits
from tenterhooks.core.files import File, Unreadable
from tenterhooks.core.finding import Edit
from tenterhooks.everything.adopt import same_yaml, yaml_append
from tenterhooks.everything.adopt.entries import Entry
from tenterhooks.everything.adopt.errors import Stopped
from tenterhooks.formats import yaml
from tenterhooks.formats.yaml import MAPPING, SCALAR, SEQUENCE, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenterhooks.everything.adopt.entries import Item


def whole(item: Item, comments: dict[str, str], *, end: str = "\n", indent: int = 0) -> str:
    """All that a configuration with one entry holds."""
    lines = yaml_append.block(item, indent + 2, yaml_append.Style(), comments)
    return "".join(line + end for line in [" " * indent + "repos:", *lines])


def entries(file: File) -> list[Entry]:
    """The repositories of hooks. Raises Unreadable; Stopped: it has another form."""
    repos = _root(file).get("repos")
    found = []
    for number, node in enumerate(repos.items() if repos else ()):
        address, revision = node.get("repo"), node.get("rev")
        entry = Entry(
            number, address.text() if address else None, revision.text() if revision else None
        )
        hooks = node.get("hooks")
        for it in hooks.items() if hooks else ():
            id, more = it.get("id"), it.get("additional_dependencies")
            words = [word.text() or "" for word in more.items()] if more else []
            entry.add((id.text() if id else None) or "", words)
        found.append(entry)
    return found


def with_hook(file: File, entry: Entry, item: Item) -> str:
    """The text with one more hook in an entry. Raises Stopped, Unreadable."""
    repos = _root(file).get("repos")
    hooks = list(repos.items())[entry.number].get("hooks") if repos else None
    return _appended(file, hooks, item, {}) if hooks else _stopped(file, item)


def with_entry(file: File, item: Item, comments: dict[str, str]) -> str:
    """The text with one more repository of hooks. Raises Stopped, Unreadable."""
    repos = _root(file).get("repos")
    if repos is None:
        return _proven(file, [_own_end(file, item, comments)], _root(file), {"repos": [item]}, item)
    return _appended(file, repos, item, comments)


def _root(file: File) -> Node:
    """The outermost mapping, empty where there is nothing yet."""
    document = yaml.load(file)
    if len(document.roots) > 1:
        raise Stopped(f"{file.shown}: holds more than one document, which no runner reads")
    root = document.root
    if root is None or root.is_null:
        return root or Node(SCALAR, "", 0, 0, plain=True)
    if root.kind is not MAPPING:
        raise Stopped(
            f"{file.shown}: is not a mapping with `repos`; "
            "`pre-commit migrate-config` brings an old form up to date"
        )
    return root


def _own_end(file: File, item: Item, comments: dict[str, str]) -> list[Edit]:
    """``repos`` as the last key."""
    text = file.text
    root = _root(file)
    indent = file.position(root.start)[1] - 1 if root.kind is MAPPING else 0
    end = yaml_append.newline(text)
    added = whole(item, comments, end=end, indent=indent)
    if text and text[-1] not in "\r\n":
        added = end + added.removesuffix(end)
    return [Edit(len(text), len(text), added)]


def _appended(file: File, items: Node, item: Item, comments: dict[str, str]) -> str:
    document = yaml.load(file)
    if items.kind is SEQUENCE:
        ways: Iterable[list[Edit]] = yaml_append.append(document, items, item, comments)
    elif items.is_null:
        ways = [yaml_append.fill(document, items, item, comments)]
    else:
        ways = []
    return _proven(file, ways, items, item, item)


def _proven(file: File, ways: Iterable[list[Edit]], grown: Node, added: Item, item: Item) -> str:
    """The text after the first of some edits that leave all else as it was. Raises Stopped."""
    before = yaml.load(file)
    for way in ways:
        text = edits.apply(file.text, way)
        try:
            after = yaml.load(File(file.path, file.absolute, file.shown, edits.encode(file, text)))
        except Unreadable:
            continue
        old = before.root or grown
        if len(after.roots) == 1 and same_yaml.has_grown(old, after.roots[0], grown, added):
            return text
    return _stopped(file, item)


def _stopped(file: File, item: Item) -> str:
    lines = yaml_append.block(item, 2, yaml_append.Style(), {})
    raise Stopped(
        f"{file.shown}: is written in a way that is not safe to edit; "
        "add this by hand, and run the command again:\n" + "\n".join(lines)
    )
