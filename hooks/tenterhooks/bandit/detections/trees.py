"""Walking a syntax tree that Bandit is visiting; what it has not reached has no parents yet."""

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def last_name(node: ast.AST | None) -> str:
    """The last word of a name, an attribute, or the function of a call; else nothing."""
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def parents(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes around a node, inmost first."""
    parent = getattr(node, "_bandit_parent", None)
    while parent is not None:
        yield parent
        parent = getattr(parent, "_bandit_parent", None)


def own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a module or a function in the order of the source, without those of the
    functions and classes inside it."""
    waiting = list(ast.iter_child_nodes(scope))[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _SCOPES):
            waiting += list(ast.iter_child_nodes(node))[::-1]
