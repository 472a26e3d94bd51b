"""What Bandit says of a node beside its place: the lines it spans, and how it calls a function
that is defined, for which its own tests do not ask."""

# ruff: noqa: SLF001 - `_bandit_parent` is where Bandit's tests look for a node's parent

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


def lines_by(utils: Any) -> Callable[[Any], Sequence[int]]:
    """What gives the lines of a node, as a range where that is all that Bandit does: a list for
    each string of a long display takes quadratic time. utils: the module of Bandit."""

    def lines(node: Any) -> Sequence[int]:
        if hasattr(node, "lineno"):
            return range(node.lineno, node.end_lineno + 1)
        found: list[int] = utils.linerange(node)
        return found

    return lines


def namespace(node: Any, path: str, utils: Any) -> str:
    """The dotted name of what a function is defined in, the module's by its path. utils: the
    module of Bandit."""
    names = []
    parent = node._bandit_parent
    while parent.__class__ is not ast.Module:
        if parent.__class__ in (ast.FunctionDef, ast.ClassDef):
            names.append(parent.name)
        parent = parent._bandit_parent
    try:
        names.append(utils.get_module_qualname_from_path(path))
    except utils.InvalidModulePath:
        names.append("")
    return ".".join(reversed(names))
