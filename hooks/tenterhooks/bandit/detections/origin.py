"""What the value of an expression is made of, as far back as one file tells."""

from __future__ import annotations

import ast

from tenterhooks.bandit.detections import flow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_DEEP = 12
_STEPS = 200


class Origin:
    """Whether something is a part of what a call is given. What is looked for, a subclass says.

    left: how many steps may still be taken.
    """

    def __init__(self, call: ast.Call, aliases: Mapping[str, str]) -> None:
        self.call = call
        self.aliases = aliases
        self.left = _STEPS

    def is_in(self, node: ast.AST, deep: int = _DEEP) -> bool:
        """deep: how many expressions may still be inside of each other."""
        if not self.may_go_on(deep):
            return False
        deep -= 1
        if isinstance(node, ast.Call):
            return self.is_made_by(node, deep)
        if isinstance(node, ast.Attribute):
            return self.is_attribute(node, deep)
        if isinstance(node, ast.Subscript):
            return self.is_item(node, deep)
        if isinstance(node, ast.BinOp):
            return self.is_in(node.left, deep) or self.is_in(node.right, deep)
        if isinstance(node, (ast.JoinedStr, ast.BoolOp)):
            return any(self.is_in(value, deep) for value in node.values)
        if isinstance(node, (ast.FormattedValue, ast.Await, ast.Starred)):
            return self.is_in(node.value, deep)
        return isinstance(node, ast.Name) and self.is_named(node, deep)

    def may_go_on(self, deep: int) -> bool:
        self.left -= 1
        return deep > 0 and self.left > 0

    def is_made_by(self, node: ast.Call, deep: int) -> bool:
        raise NotImplementedError

    def is_attribute(self, node: ast.Attribute, deep: int) -> bool:
        return self.is_named(node, deep)

    def is_item(self, node: ast.Subscript, deep: int) -> bool:
        return self.is_in(node.value, deep)

    def is_named(self, node: ast.AST, deep: int) -> bool:
        """Whether it is in what was assigned to a name."""
        return any(self.is_in(value, deep) for value in flow.values(node, self.call))
