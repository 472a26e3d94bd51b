"""``task publish``: the commands of a Taskfile's task, behind those of what it needs.

Source: Task documentation, "Taskfile Schema Reference" and "Command Line Interface Reference".
Included Taskfiles and loops are left alone.
"""

from __future__ import annotations

import re

from tenterhooks.core.files import Unreadable
from tenterhooks.formats import yaml
from tenterhooks.formats.pipeline import Text, Variable, text_of
from tenterhooks.formats.tasks import Commands
from tenterhooks.formats.tasks.common import (
    MAX_DEPTH,
    MAX_TASKS,
    MAX_WRITTEN,
    Arguments,
    arguments,
    joined,
    quoted,
    reference,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.formats.tasks.common import Where

_VALUED = {
    **dict.fromkeys(("-t", "--taskfile"), "file"),
    **dict.fromkeys(("-d", "--dir"), "folder"),
    **dict.fromkeys(("-C", "--concurrency", "-o", "--output", "-I", "--interval"), "other"),
}
_NAMES = tuple(
    f"{name}.{ending}"
    for name in ("Taskfile", "taskfile", "Taskfile.dist", "taskfile.dist")
    for ending in ("yml", "yaml")
)
_VARIABLE = re.compile(r"\{\{-?[ \t]*(\.?[^{}\n]{0,200}?)[ \t]*-?\}\}")
_PLAIN = re.compile(r"\.([A-Za-z_]\w*)")


def run(words: list[str], where: Where) -> Iterator[Commands]:
    """What Task runs, task by task."""
    given = arguments(words, _VALUED)
    inner = where.inner(given.last("folder") or "")
    named = given.last("file")
    file = inner and (inner.file(named) if named else inner.first(_NAMES))
    if not inner or not file:
        return
    try:
        document = yaml.load(file)
    except Unreadable:
        return
    taskfile = _Taskfile(document, where.beside(file).folder, given)
    for name in [it for it in given.words if "=" not in it][:MAX_TASKS] or ["default"]:
        yield from taskfile.task(name, {}, MAX_DEPTH)


class _Taskfile:
    def __init__(self, document: yaml.Document, folder: str, given: Arguments) -> None:
        self._document = document
        self._folder = folder
        self._root = document.root
        self._left = 4 * MAX_TASKS
        self._unwritten = MAX_WRITTEN
        values = dict(it.split("=", 1) for it in given.words if "=" in it)
        rest = " ".join(map(quoted, given.rest))
        self._given = {**values, "CLI_ARGS": rest, "TASKFILE_DIR": ".", "ROOT_DIR": "."}

    def task(self, name: str, values: dict[str, str], depth: int) -> Iterator[Commands]:
        """The commands of a task. values: what the caller sets for it."""
        tasks = self._root.get("tasks") if self._root else None
        node = tasks.get(name) if tasks else None
        self._left -= 1
        if node is None or not depth or self._left < 0:
            return
        values = {**self._values(self._root), **self._values(node), **values, **self._given}
        for need in _items(node.get("deps")):
            yield from self._called(need, values, depth)
        commands = node.get("cmds") or node.get("cmd") or node
        for command in _items(commands):
            yield from self._command(command, node, values, depth)

    def _command(
        self, command: yaml.Node, task: yaml.Node, values: dict[str, str], depth: int
    ) -> Iterator[Commands]:
        deferred = command.get("defer")
        command = deferred if deferred is not None else command
        if command.get("task"):
            yield from self._called(command, values, depth)
            return
        text = command.get("cmd") or command
        if text.kind is yaml.SCALAR:
            where = task.get("dir")
            folder = self._filled(where.text() or "", values) if where else ""
            folder = joined(self._folder, folder) or self._folder
            variables = [*self._variables(self._root, values), *self._variables(task, values)]
            yield Commands(self._text(text, values), "sh", folder, variables)

    def _called(self, node: yaml.Node, values: dict[str, str], depth: int) -> Iterator[Commands]:
        """Another task, by its name or as ``task: name`` with ``vars``."""
        named = node.get("task") or node
        own = {key: self._filled(it, values) for key, it in self._values(node).items()}
        yield from self.task(self._filled(named.text() or "", values).lstrip(":"), own, depth - 1)

    def _values(self, node: yaml.Node | None) -> dict[str, str]:
        """``vars``: texts, and what a shell would say."""
        found: dict[str, str] = {}
        table = node.get("vars") if node else None
        for key, value in list(table.pairs() if table else ())[:MAX_TASKS]:
            shell = value.get("sh")
            text = f"$({shell.text()})" if shell else value.text()
            if text is not None:
                found[key.text() or ""] = text
        return found

    def _variables(self, node: yaml.Node | None, values: dict[str, str]) -> list[Variable]:
        table = node.get("env") if node else None
        pairs = list(table.pairs() if table else ())[:MAX_TASKS]
        return [
            Variable(key.text() or "", self._text(value.get("sh") or value, values))
            for key, value in pairs
        ]

    def _text(self, node: yaml.Node, values: dict[str, str]) -> Text:
        text = text_of(self._document, node)
        text.value = self._filled(text.value, values)
        return text

    def _filled(self, text: str, values: dict[str, str], depth: int = 3) -> str:
        """``{{.NAME}}`` from the variables, else from the environment."""
        if "{{" not in text:
            return text

        def one(match: re.Match[str]) -> str:
            plain = _PLAIN.fullmatch(match[1])
            if plain is None:
                return "{...}"
            value = values.get(plain[1], reference(plain[1]))
            self._unwritten -= len(value) + 1
            if not depth or self._unwritten < 0:
                return reference(plain[1])
            return self._filled(value, values, depth - 1)

        return _VARIABLE.sub(one, text[:100_000])


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    if node is None:
        return []
    return list(node.items())[: 4 * MAX_TASKS] if node.kind is yaml.SEQUENCE else [node]
