"""``prek.toml``: what it says, and an entry at its end."""

from __future__ import annotations

from tenterhooks.core import edits, parsed, toml
from tenterhooks.core.files import File
from tenterhooks.core.toml_text import value
from tenterhooks.everything.adopt.entries import Entry
from tenterhooks.everything.adopt.errors import Stopped
from tenterhooks.everything.adopt.toml_lines import with_end

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tenterhooks.everything.adopt.entries import Item


def entries(file: File) -> list[Entry]:
    """The repositories of hooks. Raises Unreadable."""
    found = []
    for number, table in enumerate(parsed.tables(toml.load(file), "repos")):
        entry = Entry(number, _text(table.get("repo")), _text(table.get("rev")))
        for hook in parsed.tables(table, "hooks"):
            entry.add(parsed.text(hook, "id"), parsed.texts(hook, "additional_dependencies"))
        found.append(entry)
    return found


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def with_hook(file: File, entry: Entry, item: Item) -> str:
    """Raises Stopped: which form the hooks have is for a person to look at."""
    raise Stopped(
        f"{file.shown}: add this to the hooks of {entry.address}, and run the command again:\n"
        f"  {value(item)}"
    )


def with_entry(file: File, item: Item, comments: dict[str, str]) -> str:
    """The text with one more repository of hooks. Raises Stopped, Unreadable."""
    behind = {key: f"  # {comment}" for key, comment in comments.items()}
    lines = [f"{key} = {value(it)}{behind.get(key, '')}" for key, it in item.items()]
    text = with_end(file.text, ["[[repos]]", *lines])
    before = toml.load(file)
    wanted = {**before, "repos": [*parsed.tables(before, "repos"), item]}
    after = toml.or_empty(File(file.path, file.absolute, file.shown, edits.encode(file, text)))
    if after != wanted:
        raise Stopped(
            f"{file.shown}: `repos` is not made of [[repos]] tables, to which one could be added; "
            f"add this by hand, and run the command again:\n  {value(item)}"
        )
    return text
