"""A Python file as far as the commands in it go: its functions, its names, what it calls.

Parsed, never run. What a name stands for is the last that was assigned to it above.
"""

from __future__ import annotations

import ast
import sys
import warnings

from tenterhooks.core.files import Unreadable
from tenterhooks.formats import dotted
from tenterhooks.formats.pipeline import Text
from tenterhooks.formats.tasks.common import MAX_DEPTH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File

# Python 3.10 builds a deep tree until its stack is full, and dies of it; later ones refuse.
MAX_CHARACTERS = (256 if sys.version_info >= (3, 11) else 64) * 1024
MAX_ASSIGNMENTS = 200  # of one name
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# What a command that is started later inherits; the last is nox's.
_ENVIRONMENTS = {"os.environ", "environ", "session.env"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Scope:
    """What stands in the body of a function or of the module, without the functions in it.

    calls: in order. names: name -> (line, whether it is added to a list, what is assigned).
    environ: what is put into ``os.environ``, with the name of the variable.
    functions: those defined there.
    """

    __slots__ = ("calls", "environ", "functions", "names")

    def __init__(self, body: list[ast.stmt]) -> None:
        self.calls: list[ast.Call] = []
        self.names: dict[str, list[tuple[int, bool, ast.expr]]] = {}
        self.environ: list[tuple[str, ast.expr]] = []
        self.functions: list[Function] = []
        waiting: list[ast.AST] = list(reversed(body))
        while waiting:
            node = waiting.pop()
            if isinstance(node, _FUNCTIONS):
                self.functions.append(node)
                continue
            self._note(node)
            waiting += reversed(list(ast.iter_child_nodes(node)))

    def _note(self, node: ast.AST) -> None:
        if isinstance(node, ast.Call):
            self.calls.append(node)
            self._note_call(node)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                self._note_target(target, node.value, False)
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign)) and node.value:
            self._note_target(node.target, node.value, isinstance(node, ast.AugAssign))

    def _note_target(self, target: ast.expr, value: ast.expr, adds: bool) -> None:
        if isinstance(target, ast.Name):
            known = self.names.setdefault(target.id, [])
            if len(known) < MAX_ASSIGNMENTS:
                known.append((value.lineno, adds, value))
        elif isinstance(target, ast.Subscript) and spelled(target.value) in _ENVIRONMENTS:
            name = target.slice.value if isinstance(target.slice, ast.Constant) else ""
            self.environ.append((str(name), value))

    def _note_call(self, call: ast.Call) -> None:
        """``words.append("x")`` and ``words.extend(["x"])``."""
        receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
        if isinstance(receiver, ast.Name) and len(call.args) == 1:
            (value,) = call.args
            if last_part(call.func) == "append":
                value = ast.copy_location(ast.List([value], ast.Load()), value)
            elif last_part(call.func) != "extend":
                return
            self._note_target(receiver, value, True)


class Module:
    """A Python file. scope: of what stands at its top level. functions: all, by name."""

    def __init__(self, file: File, tree: ast.Module) -> None:
        self.file = file
        self.tree = tree
        self.scope = Scope(tree.body)
        self.functions: dict[str, Function] = {}
        self._scopes: dict[int, Scope] = {}
        for scope in self.scopes():
            for function in scope.functions:
                self.functions[function.name] = function

    def scope_of(self, function: Function) -> Scope:
        if id(function) not in self._scopes:
            self._scopes[id(function)] = Scope(function.body)
        return self._scopes[id(function)]

    def scopes(self) -> Iterator[Scope]:
        """The module's and all functions', in the order in which they stand."""
        waiting = [self.scope]
        while waiting:
            scope = waiting.pop()
            yield scope
            waiting += [self.scope_of(it) for it in reversed(scope.functions)]

    def lookup(self, name: str, scope: Scope, line: int) -> list[ast.expr]:
        """What ``name`` is on ``line``: what was assigned to it last, and what was added."""
        found: list[ast.expr] = []
        for at, adds, value in scope.names.get(name, ()):
            if at <= line:
                if not adds:
                    found = []
                found.append(value)
        if not found and scope is not self.scope:
            return self.lookup(name, self.scope, len(self.file.text))
        return found[: MAX_DEPTH * 10]

    def text(self, value: str, node: ast.expr) -> Text:
        """``value`` as what ``node`` says."""
        begin = self._offset(node.lineno, node.col_offset)
        end = self._offset(node.end_lineno or node.lineno, node.end_col_offset or 0)
        return Text(value, self.file, begin, end)

    def _offset(self, line: int, column: int) -> int:
        """Places in the tree are counted in bytes of UTF-8."""
        begin = self.file.starts()[line - 1]
        return begin + len(
            self.file.text[begin : begin + column].encode()[:column].decode("utf-8", "ignore")
        )


def load(file: File) -> Module:
    """Parse a file. Raises Unreadable: not Python, or too large or deep to be read."""
    return file.once(_load)


def _load(file: File) -> Module:
    text = file.text
    if len(text) > MAX_CHARACTERS:
        raise Unreadable("is too large to be read for commands")
    if dotted.are_too_long(text.encode("utf-8", "surrogatepass")):
        raise Unreadable("has names too long to be read for commands")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Module(file, ast.parse(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Unreadable("is not valid Python", rule="invalid-file") from None


def spelled(node: ast.AST) -> str:
    """``a.b.c`` for a name with attributes; empty for what is called or computed."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(parts)])


def last_part(node: ast.AST) -> str:
    """The ``c`` of ``a.b().c``."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
