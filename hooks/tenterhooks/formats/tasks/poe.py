"""``poe publish``: the tasks of ``[tool.poe.tasks]``.

Source: Poe the Poet documentation, "Task types" and "Options available for all task types".
"""

from __future__ import annotations

from tenterhooks.core import parsed
from tenterhooks.formats.pipeline import Variable
from tenterhooks.formats.tasks import Commands
from tenterhooks.formats.tasks.common import (
    MAX_DEPTH,
    MAX_TASKS,
    arguments,
    dict_at,
    joined,
    quoted,
    toml_text,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tenterhooks.core.files import File
    from tenterhooks.formats.tasks.common import Where

    Path = tuple[str | int, ...]

_VALUED = {
    **dict.fromkeys(("-C", "--directory", "--root"), "folder"),
    **dict.fromkeys(("-e", "--executor", "-X", "--executor-opt"), "other"),
}
_FILES: tuple[tuple[str, Path], ...] = (
    ("pyproject.toml", ("tool", "poe")),
    ("poe_tasks.toml", ("tool", "poe")),
    ("poe_tasks.toml", ()),
)
_SHELLS = {"pwsh": "pwsh", "powershell": "pwsh", "python": "python"}


def run(words: list[str], where: Where) -> Iterator[Commands]:
    """What Poe runs for a task."""
    given = arguments(words, _VALUED, ends=True)
    inner = where.inner(given.last("folder") or "")
    named = given.words + given.rest
    for name, path in _FILES:
        file = inner.file(name) if inner else None
        if inner and file and named and named[0] in dict_at(file, (*path, "tasks")):
            tasks = _Tasks(file, path, inner.folder)
            yield from tasks.named(named[0], named[1:], [], MAX_DEPTH)
            return


class _Tasks:
    def __init__(self, file: File, path: Path, folder: str) -> None:
        self._file = file
        self._path = path
        self._folder = folder
        self._table = dict_at(file, (*path, "tasks"))
        self._left = 4 * MAX_TASKS

    def named(
        self, name: str, given: list[str], variables: list[Variable], depth: int
    ) -> Iterator[Commands]:
        if name in self._table:
            path = (*self._path, "tasks", name)
            yield from self._task(self._table[name], path, given, variables, depth)

    def _task(
        self, task: Any, path: Path, given: list[str], around: list[Variable], depth: int
    ) -> Iterator[Commands]:
        """A task as it may be written: a command, a list of tasks, or a table."""
        self._left -= 1
        if not depth or self._left < 0:
            return
        if isinstance(task, list):
            yield from self._sequence(task, path, given, around, depth)
        elif isinstance(task, str):
            yield self._commands(task, {}, path, given, around)
        elif isinstance(task, dict):
            variables = [*around, *self._variables((*path, "env"))]
            for name in parsed.array(task, "deps"):
                words = str(name).split()
                yield from self.named(words[0] if words else "", words[1:], variables, depth - 1)
            yield from self._by_type(task, path, given, variables, depth)

    def _by_type(
        self,
        task: dict[str, Any],
        path: Path,
        given: list[str],
        variables: list[Variable],
        depth: int,
    ) -> Iterator[Commands]:
        said = task.get("cmd", task.get("shell"))
        if isinstance(task.get("ref"), str):
            words = task["ref"].split()
            yield from self.named(words[0] if words else "", words[1:], variables, depth - 1)
        elif isinstance(task.get("sequence"), list):
            inner = (*path, "sequence")
            yield from self._sequence(task["sequence"], inner, given, variables, depth)
        elif isinstance(said, str):
            key = "cmd" if "cmd" in task else "shell"
            yield self._commands(said, task, (*path, key), given, variables)

    def _sequence(
        self, items: list[Any], path: Path, given: list[str], variables: list[Variable], depth: int
    ) -> Iterator[Commands]:
        """The parts of a sequence: where they are texts, the names of tasks."""
        for index, item in enumerate(items[:MAX_TASKS]):
            words = item.split() if isinstance(item, str) else []
            if words and words[0] in self._table:
                yield from self.named(words[0], words[1:], variables, depth - 1)
            else:
                yield from self._task(item, (*path, index), given, variables, depth - 1)

    def _commands(
        self, said: str, task: dict[str, Any], path: Path, given: list[str], around: list[Variable]
    ) -> Commands:
        # Named arguments take what is given; without them it goes behind the command.
        takes = "args" in task or "$POE_EXTRA_ARGS" in said or "shell" in task
        text = said if takes else " ".join([said, *map(quoted, given)])
        variables = [*self._variables((*self._path, "env")), *around]
        folder = joined(self._folder, str(task.get("cwd", ""))) or self._folder
        shell = _SHELLS.get(str(task.get("interpreter", "")), "sh")
        return Commands(toml_text(self._file, path, text), shell, folder, variables)

    def _variables(self, path: Path) -> list[Variable]:
        """A table of them; ``{default = ...}`` is what holds where the environment is silent."""
        found = []
        for name, value in list(dict_at(self._file, path).items())[:MAX_TASKS]:
            default = value.get("default") if isinstance(value, dict) else value
            if isinstance(default, str):
                found.append(Variable(name, toml_text(self._file, (*path, name), default)))
        return found
