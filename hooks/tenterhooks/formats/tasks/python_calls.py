"""The commands that a Python program starts, by the calls that do so: ``subprocess``,
``os.system``, nox's ``session.run``, Invoke's ``c.run``, and helpers of these names.
"""

from __future__ import annotations

import ast

from tenterhooks.core.files import Unreadable
from tenterhooks.formats.pipeline import Variable
from tenterhooks.formats.tasks import Commands
from tenterhooks.formats.tasks.common import MAX_DEPTH, MAX_TASKS, is_name, joined
from tenterhooks.formats.tasks.python_file import Module, last_part, load, spelled
from tenterhooks.formats.tasks.python_words import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File
    from tenterhooks.formats.tasks.python_file import Function, Scope

_STARTERS = {
    *("run", "call", "check_call", "check_output", "Popen", "system", "popen", "getoutput"),
    *("getstatusoutput", "run_install", "run_always", "sudo", "spawn", "local", "sh", "shell"),
    *("run_command", "run_cmd", "check_run", "cmd", "exec_command"),
}
_MODULES = ("subprocess", "os", "sp")


class Program:
    """A Python file whose commands are wanted.

    folder: where it runs. given: what stands behind ``--``. spreads: whether ``x.run("a", "b")``
    takes the words of one command, as nox's sessions do.
    """

    def __init__(
        self, module: Module, folder: str, given: list[str], spreads: bool = False
    ) -> None:
        self.module = module
        self._folder = folder
        self._given = given
        self._spreads = spreads

    def everywhere(self) -> Iterator[Commands]:
        """All commands of the file."""
        for scope in self.module.scopes():
            yield from self._started(scope)

    def of(self, function: Function) -> Iterator[Commands]:
        """The commands of a function, and of those of the file that it calls."""
        seen = {function.name}
        waiting = [(function, 0)]
        while waiting:
            function, depth = waiting.pop()
            scope = self.module.scope_of(function)
            yield from self._started(scope)
            for inner in scope.functions:
                yield from self._started(self.module.scope_of(inner))
            for call in scope.calls:
                name = call.func.id if isinstance(call.func, ast.Name) else ""
                if name in self.module.functions and name not in seen and depth < MAX_DEPTH:
                    seen.add(name)
                    waiting.append((self.module.functions[name], depth + 1))

    def notified(self, function: Function) -> list[str]:
        """The sessions that ``session.notify("x")`` of a function names."""
        calls = self.module.scope_of(function).calls
        return [
            str(call.args[0].value)
            for call in calls
            if last_part(call.func) == "notify"
            and call.args
            and isinstance(call.args[0], ast.Constant)
        ][:MAX_TASKS]

    def _started(self, scope: Scope) -> Iterator[Commands]:
        reader = Reader(self.module, scope, self._given)
        environ = [*self.module.scope.environ, *scope.environ][:MAX_TASKS]
        common = [it for name, node in environ for it in self._variable(name, node, reader)]
        for call in scope.calls:
            if last_part(call.func) in _STARTERS:
                said = self._said(call, reader)
                if said and not (said.startswith("{") and said.endswith("}")):
                    variables = [*common, *self._variables(call, reader)]
                    folder = self._where(call, reader)
                    yield Commands(self.module.text(said, call), "sh", folder, variables)

    def _said(self, call: ast.Call, reader: Reader) -> str:
        arguments = call.args or [it.value for it in call.keywords if it.arg in ("args", "command")]
        if not arguments:
            return ""
        first = arguments[0]
        if isinstance(first, ast.Starred) or self._spreads_words(call):
            return reader.words(arguments)
        if reader.is_list(first):
            return reader.words([ast.copy_location(ast.Starred(first, ast.Load()), first)])
        if len(arguments) > 1 and all(map(_is_word, arguments)):
            return reader.words(arguments)
        return reader.line(first)

    def _spreads_words(self, call: ast.Call) -> bool:
        if not self._spreads or not isinstance(call.func, ast.Attribute):
            return False
        return spelled(call.func.value) not in _MODULES

    def _where(self, call: ast.Call, reader: Reader) -> str:
        for keyword in call.keywords:
            if keyword.arg == "cwd":
                folder = joined(self._folder, reader.line(keyword.value))
                return self._folder if folder is None else folder
        return self._folder

    def _variables(self, call: ast.Call, reader: Reader) -> list[Variable]:
        """What ``env=`` sets."""
        found: list[Variable] = []
        for keyword in call.keywords:
            if keyword.arg == "env":
                for name, node in _table(reader.resolved(keyword.value), reader, MAX_DEPTH):
                    found += self._variable(name, node, reader)
        return found[:MAX_TASKS]

    def _variable(self, name: str, node: ast.expr, reader: Reader) -> list[Variable]:
        text = self.module.text(reader.line(node), node)
        return [Variable(name, text)] if is_name(name) else []


def program(file: File, folder: str, given: list[str], spreads: bool = False) -> Program | None:
    """A Python file to be asked for its commands; None where it cannot be parsed."""
    try:
        return Program(load(file), folder, given, spreads)
    except Unreadable:
        return None


def _is_word(node: ast.expr) -> bool:
    """Whether it can only be a text, or several."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    return isinstance(node, (ast.JoinedStr, ast.Starred))


def _table(node: ast.expr, reader: Reader, depth: int) -> Iterator[tuple[str, ast.expr]]:
    """Names and values of ``{"A": b, **c}``, ``dict(c, A=b)`` and ``c | {"A": b}``."""
    if depth <= 0:
        return
    if isinstance(node, ast.Dict):
        for key, value in list(zip(node.keys, node.values, strict=True))[:MAX_TASKS]:
            if key is None:
                yield from _table(reader.resolved(value), reader, depth // 2)
            elif isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, value
    elif isinstance(node, ast.Call) and last_part(node.func) == "dict":
        yield from ((it.arg, it.value) for it in node.keywords if it.arg)
    elif isinstance(node, ast.BinOp):
        for side in (node.left, node.right):
            yield from _table(reader.resolved(side), reader, depth // 2)
