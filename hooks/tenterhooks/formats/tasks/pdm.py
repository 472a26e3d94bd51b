"""``pdm run release``: the scripts of ``[tool.pdm.scripts]``.

Source: PDM documentation, "PDM Scripts".
"""

from __future__ import annotations

from tenterhooks.core import parsed
from tenterhooks.formats.tasks import Commands
from tenterhooks.formats.tasks.common import (
    MAX_DEPTH,
    MAX_TASKS,
    arguments,
    dict_at,
    joined,
    toml_text,
    toml_variables,
)
from tenterhooks.formats.tasks.pyproject import command, with_arguments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tenterhooks.core.files import File
    from tenterhooks.formats.tasks.common import Where

_VALUED = dict.fromkeys(("-p", "--project", "-c", "--config"), "project")
_PATH = ("tool", "pdm", "scripts")
_OWN = {"add", "build", "cache", "config", "export", "fix", "import", "info", "init", "install"}
_OWN |= {"list", "lock", "new", "outdated", "plugin", "publish", "py", "python", "remove", "search"}
_OWN |= {"self", "show", "sync", "update", "use", "venv", "completion"}


def run(words: list[str], where: Where) -> Iterator[Commands]:
    """What PDM runs for a script; for a command of its own, what it runs before and behind."""
    given = arguments(words, _VALUED, ends=True)
    named = given.words
    is_own = bool(named) and named[0] in _OWN
    if named[:1] == ["run"]:
        inner = arguments(named, _VALUED, ends=True)
        named = inner.words + inner.rest
    where_else = where.inner(given.last("project") or "")
    file = where_else.file("pyproject.toml") if where_else else None
    if file and named and where_else:
        scripts = _Scripts(file, where_else.folder)
        around = ("pre_{}", "post_{}") if is_own else ("pre_{}", "{}", "post_{}")
        for form in around:
            yield from scripts.script(form.format(named[0]), named[1:], [], MAX_DEPTH)


class _Scripts:
    def __init__(self, file: File, folder: str) -> None:
        self._file = file
        self._folder = folder
        self._table = dict_at(file, _PATH)
        self._left = 4 * MAX_TASKS

    def script(
        self, name: str, given: list[str], around: list[tuple[str, ...]], depth: int
    ) -> Iterator[Commands]:
        """The commands of one script. around: the tables whose ``env`` holds for it too."""
        self._left -= 1
        value = self._table.get(name)
        if value is None or name == "_" or not depth or self._left < 0:
            return
        path = (*_PATH, name)
        tables = [*around, path]
        composite = parsed.at(value, "composite")
        if isinstance(composite, list):
            for it in composite[:MAX_TASKS]:
                yield from self._part(it, given, tables, depth)
            return
        said = _said(value)
        if said is not None:
            yield self._commands(said, given, tables)

    def _part(
        self, text: Any, given: list[str], tables: list[tuple[str, ...]], depth: int
    ) -> Iterator[Commands]:
        """An item of ``composite``: another script, or a command, with arguments."""
        words = text.split() if isinstance(text, str) else []
        if words and words[0] in self._table:
            yield from self.script(words[0], words[1:] or given, tables, depth - 1)
        elif words:
            yield self._commands(text, given, tables)

    def _commands(self, said: str, given: list[str], tables: list[tuple[str, ...]]) -> Commands:
        value = self._table[tables[-1][-1]]
        working = str(parsed.table(value).get("working_dir", ""))
        folder = joined(self._folder, working) or self._folder
        text = toml_text(self._file, tables[-1], with_arguments(said, given))
        variables = [
            it
            for path in [(*_PATH, "_"), *tables]
            for it in toml_variables(self._file, (*path, "env"))
        ]
        return Commands(text, "sh", folder, variables)


def _said(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("cmd") or value.get("shell")
    return command(value)
