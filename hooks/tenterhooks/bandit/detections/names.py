"""What expressions are called and what text they stand for, as far as the source says it."""

from __future__ import annotations

import ast
from itertools import islice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeGuard

HOLE = "{}"
_DEEP = 40
_IMPORTERS = ("__import__", "importlib.import_module", "builtins.__import__")


def dotted(node: ast.AST, aliases: Mapping[str, str]) -> str:
    """The name of a name or an attribute, imports resolved: ``s.run`` after ``import subprocess
    as s`` is ``subprocess.run``. "" where the root is no name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    parts.append(aliases.get(node.id, node.id))
    return ".".join(reversed(parts))


def spelled(node: ast.AST, aliases: Mapping[str, str]) -> str:
    """Like ``dotted``, and sees through ``getattr(x, "name")``, ``x.__dict__["name"]``,
    ``__import__("x")`` and ``importlib.import_module("x")``."""
    parts: list[str] = []
    for _ in range(_DEEP):
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Name):
            parts.append(aliases.get(node.id, node.id))
            return ".".join(reversed(parts))
        else:
            step = _step(node, aliases)
            if step is None:
                return ""
            name, inner = step
            parts.append(name)
            if inner is None:
                return ".".join(reversed(parts))
            node = inner
    return ""


def _step(node: ast.AST, aliases: Mapping[str, str]) -> tuple[str, ast.AST | None] | None:
    """The last part of a name, and what it is taken from (None: it is a module)."""
    if isinstance(node, ast.Subscript):
        holder = node.value
        name = text(node.slice)
        if name and isinstance(holder, ast.Attribute) and holder.attr == "__dict__":
            return name, holder.value
        if name and isinstance(holder, ast.Name) and holder.id == "__builtins__":
            return name, holder
        if name and isinstance(holder, ast.Call) and _is_name(holder.func, ("vars", "globals")):
            return name, holder.args[0] if holder.args else ast.Name("builtins", ast.Load())
        return None
    if not isinstance(node, ast.Call) or not node.args:
        return None
    called = dotted(node.func, aliases)
    if called in ("getattr", "builtins.getattr") and len(node.args) > 1:
        name = text(node.args[1])
        return None if name is None else (name, node.args[0])
    if called in _IMPORTERS:
        name = text(node.args[0])
        return None if name is None else (name, None)
    return None


def _is_name(node: ast.AST, names: tuple[str, ...]) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def text(node: ast.AST, depth: int = _DEEP) -> str | None:
    """The string that an expression of literals stands for: also one that is put together with
    ``+``, reversed by ``[::-1]``, or an f-string without a hole. None for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if depth <= 0:
        return None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = text(node.left, depth - 1), text(node.right, depth - 1)
        return None if left is None or right is None else left + right
    if isinstance(node, ast.JoinedStr):
        parts = [text(value, depth - 1) for value in node.values]
        return None if None in parts else "".join(part or "" for part in parts)
    if is_reversed(node):
        whole = text(node.value, depth - 1)
        return None if whole is None else whole[::-1]
    return None


def is_reversed(node: ast.AST) -> TypeGuard[ast.Subscript]:
    """Whether it is ``x[::-1]``."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Slice):
        return False
    cut = node.slice
    return cut.lower is None and cut.upper is None and number(cut.step) == -1


def number(node: ast.AST | None) -> int | None:
    """A whole number, with its sign."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = number(node.operand)
        return None if value is None else -value
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    return None


def template(node: ast.AST, depth: int = _DEEP) -> str | None:
    """The text of an expression that builds a string, with ``{}`` for what is not known: literals,
    ``+``, ``%``, f-strings, ``.format`` and ``sep.join([...])``. None if none of it is text."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if depth <= 0:
        return None
    if isinstance(node, ast.JoinedStr):
        return "".join(text(value) or HOLE for value in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = template(node.left, depth - 1), template(node.right, depth - 1)
        if left is None and right is None:
            return None
        return (HOLE if left is None else left) + (HOLE if right is None else right)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return template(node.left, depth - 1)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _built(node, node.func, depth - 1)
    return None


def _built(node: ast.Call, func: ast.Attribute, depth: int) -> str | None:
    if func.attr == "format":
        return template(func.value, depth)
    if func.attr == "join" and len(node.args) == 1:
        separator = text(func.value)
        items = node.args[0]
        if separator is not None and isinstance(items, (ast.List, ast.Tuple)):
            return separator.join(template(item, depth) or HOLE for item in items.elts)
    return None


def argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    """An argument by its place or its name; None if it is not there or hidden in ``*args``."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    if position < 0 or position >= len(call.args):
        return None
    if any(isinstance(it, ast.Starred) for it in call.args[: position + 1]):
        return None
    return call.args[position]


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The value of a keyword argument."""
    return argument(call, -1, name)


def is_constant(node: ast.AST | None, value: object) -> bool:
    """Whether it is this literal; ``True`` is not ``1``."""
    return (
        isinstance(node, ast.Constant)
        and type(node.value) is type(value)
        and bool(node.value == value)
    )


def mentions(node: ast.AST, word: str) -> bool:
    """Whether a name in an expression has ``word`` in it. Looks at no more than 200 nodes."""
    return any(
        word in str(getattr(it, "id", "")) or word in str(getattr(it, "attr", ""))
        for it in islice(ast.walk(node), 200)
    )
