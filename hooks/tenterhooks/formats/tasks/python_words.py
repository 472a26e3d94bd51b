"""The strings and lists of strings that a Python program hands to what runs a command, as far as
they are written out: a shell's text of them, ``$NAME`` for what comes from the environment and
``{name}`` for what only the program knows.
"""

from __future__ import annotations

import ast

from tenterhooks.formats.tasks.common import MAX_DEPTH, is_name, quoted, reference
from tenterhooks.formats.tasks.python_file import last_part, spelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.formats.tasks.python_file import Module, Scope

    # Whether a shell shall read it as it is, and the text.
    Piece = tuple[bool, str]
    Word = list[Piece]

MAX_NODES = 2000
_SAME_TEXT = {"split", "format", "strip", "rstrip", "lstrip", "as_posix", "resolve", "absolute"}
_WRAPPERS = {"str", "Path", "fspath", "quote", "dedent", "split", "PurePath", "expanduser"}
_OPAQUE = "{...}"


class Reader:
    """Reads expressions in one scope. given: what the runner was given behind ``--``."""

    def __init__(self, module: Module, scope: Scope, given: list[str]) -> None:
        self._module = module
        self._scope = scope
        self._given = given
        self._left = MAX_NODES
        self._left_in_all = 10 * MAX_NODES

    def line(self, node: ast.expr) -> str:
        """A string that is a shell's text."""
        self._left = MAX_NODES
        return "".join(text for _, text in self._text(node, MAX_DEPTH))

    def words(self, nodes: list[ast.expr]) -> str:
        """Words of a command as a shell's text."""
        self._left = MAX_NODES
        return " ".join(map(_shown, self._words(nodes, MAX_DEPTH)))

    def is_list(self, node: ast.expr) -> bool:
        """Whether it is a list of words, and no string."""
        for _ in range(MAX_DEPTH):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
                node = node.left
            elif isinstance(node, ast.Name):
                found = self._module.lookup(node.id, self._scope, node.lineno)
                if not found:
                    return False
                node = found[0]
            else:
                break
        if isinstance(node, ast.Call):
            return last_part(node.func) in ("split", "list", "tuple")
        return isinstance(node, (ast.List, ast.Tuple))

    def resolved(self, node: ast.expr) -> ast.expr:
        """What a name stands for, where it was assigned once."""
        for _ in range(MAX_DEPTH):
            if not isinstance(node, ast.Name):
                break
            found = self._module.lookup(node.id, self._scope, node.lineno)
            if len(found) != 1:
                break
            node = found[0]
        return node

    def _spent(self, depth: int) -> bool:
        self._left -= 1
        self._left_in_all -= 1
        return depth <= 0 or self._left < 0 or self._left_in_all < 0

    def _words(self, nodes: list[ast.expr], depth: int) -> list[Word]:
        found: list[Word] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                found += self._items(node.value, depth - 1)
            else:
                found.append(self._text(node, depth))
        return found

    def _items(self, node: ast.expr, depth: int) -> list[Word]:
        """The words of an expression that is a list."""
        if self._spent(depth):
            return [[(True, _OPAQUE)]]
        if isinstance(node, (ast.List, ast.Tuple)):
            return self._words(node.elts, depth)
        if isinstance(node, ast.BinOp):
            return self._items(node.left, depth - 1) + self._items(node.right, depth - 1)
        if isinstance(node, ast.IfExp):
            return self._items(node.body, depth - 1)
        if last_part(node) == "posargs":
            return [[(False, word)] for word in self._given]
        if isinstance(node, ast.Name):
            found = self._module.lookup(node.id, self._scope, node.lineno)
            if found:
                return [word for it in found for word in self._items(it, depth - 1)]
        if isinstance(node, ast.Call) and last_part(node.func) in ("list", "tuple") and node.args:
            return self._items(node.args[0], depth - 1)
        if isinstance(node, ast.Call) and last_part(node.func) == "split":
            return [[(True, text) for _, text in self._text(node, depth - 1)]]
        return [[(True, _unknown(node))]]

    def _text(self, node: ast.expr, depth: int) -> Word:
        """The pieces of a string."""
        if self._spent(depth):
            return [(True, _OPAQUE)]
        if isinstance(node, ast.Constant):
            return [(False, str(node.value))]
        if isinstance(node, ast.BinOp):
            return self._operation(node, depth - 1)
        if isinstance(node, ast.Call):
            return self._call(node, depth - 1)
        if isinstance(node, ast.Subscript):
            return self._item(node, depth - 1)
        parts = self._parts(node)
        if parts:
            return [piece for it in parts for piece in self._text(it, depth - 1)]
        return [(True, "python" if spelled(node) == "sys.executable" else _unknown(node))]

    def _parts(self, node: ast.expr) -> list[ast.expr]:
        """What a string is put together from; of alternatives the first."""
        if isinstance(node, ast.FormattedValue):
            return [node.value]
        if isinstance(node, ast.JoinedStr):
            return node.values
        if isinstance(node, ast.IfExp):
            return [node.body]
        if isinstance(node, ast.BoolOp):
            return node.values[:1]
        if isinstance(node, ast.Name):
            return self._module.lookup(node.id, self._scope, node.lineno)
        return []

    def _operation(self, node: ast.BinOp, depth: int) -> Word:
        left = self._text(node.left, depth)
        if isinstance(node.op, ast.Mod):
            return left
        right = self._text(node.right, depth)
        if isinstance(node.op, ast.Div):
            return [*left, (False, "/"), *right]
        return left + right

    def _call(self, node: ast.Call, depth: int) -> Word:
        name, whole = last_part(node.func), spelled(node.func)
        if whole.endswith(("environ.get", "getenv")) and node.args:
            return self._environment(node.args[0])
        if name == "join" and whole.endswith("path.join"):
            parts = [self._text(it, depth) for it in node.args]
            return [piece for part in parts for piece in [*part, (False, "/")]][:-1]
        if name == "join" and node.args:
            words = self._items(node.args[0], depth)
            return [piece for word in words for piece in [*word, (False, " ")]][:-1]
        if name in _WRAPPERS and len(node.args) == 1 and whole:
            return self._text(node.args[0], depth)
        if name in _SAME_TEXT and isinstance(node.func, ast.Attribute):
            return self._text(node.func.value, depth)
        return [(True, _unknown(node.func))]

    def _item(self, node: ast.Subscript, depth: int) -> Word:
        """``os.environ["X"]``, and an item of a dict that is written out."""
        if spelled(node.value).endswith("environ"):
            return self._environment(node.slice)
        table = self.resolved(node.value)
        if isinstance(table, ast.Dict) and isinstance(node.slice, ast.Constant):
            for key, value in zip(table.keys, table.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == node.slice.value:
                    return self._text(value, depth)
        return [(True, _unknown(node.value))]

    def _environment(self, node: ast.expr) -> Word:
        name = node.value if isinstance(node, ast.Constant) else ""
        if isinstance(name, str) and is_name(name):
            return [(True, reference(name))]
        return [(True, _OPAQUE)]


def _unknown(node: ast.AST) -> str:
    name = spelled(node)
    return f"{{{name}}}" if name and len(name) < 100 else _OPAQUE


def _shown(word: Word) -> str:
    if not any(text for _, text in word):
        return "''"
    return "".join(text if raw or not text else quoted(text) for raw, text in word)
