"""What the scopes of a file bind: every assignment to a name, with its place.

Every search is bounded, for a file may be hostile.
"""

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Place = tuple[int, int]
    Block = tuple[int, str]

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_CLOSED = (*FUNCTIONS, ast.ClassDef)


class Binding:
    """``name = value``. value: None if it is not known, as for a parameter. declared: the
    annotation. whole: it replaces what was there (``+=`` does not)."""

    __slots__ = ("block", "declared", "place", "value", "whole")

    def __init__(
        self,
        value: ast.expr | None,
        place: Place,
        block: Block,
        declared: ast.expr | None = None,
        whole: bool = True,
    ) -> None:
        self.value = value
        self.place = place
        self.block = block
        self.declared = declared
        self.whole = whole


def place_of(node: ast.AST) -> Place:
    """Line and column."""
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def bindings(scope: ast.AST) -> dict[str, list[Binding]]:
    """The names that a scope binds, in the order of the source."""
    known: dict[str, list[Binding]] | None = getattr(scope, "tenterhooks_bindings", None)
    if known is None:
        known = {}
        for name, binding in _collected(scope):
            known.setdefault(name, []).append(binding)
        for bound in known.values():
            bound.sort(key=lambda binding: binding.place)
        scope.tenterhooks_bindings = known  # type: ignore[attr-defined]
    return known


def _collected(scope: ast.AST) -> Iterator[tuple[str, Binding]]:
    top: Block = (id(scope), "body")
    if isinstance(scope, FUNCTIONS):
        yield from _parameters(scope.args, top)
    waiting: list[tuple[ast.AST, Block]] = []
    if not isinstance(scope, ast.Lambda):
        waiting = [(statement, top) for statement in getattr(scope, "body", ())]
    while waiting:
        node, block = waiting.pop()
        if isinstance(node, ast.stmt):
            node.tenterhooks_block = block  # type: ignore[attr-defined]
        yield from _bound(node, block)
        if not isinstance(node, _CLOSED):
            waiting += _children(node, block)


def _children(node: ast.AST, block: Block) -> Iterator[tuple[ast.AST, Block]]:
    for field, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            yield value, block
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, ast.stmt):
                    yield item, (id(node), field)
                elif isinstance(item, ast.AST):
                    yield item, block


def _parameters(arguments: ast.arguments, block: Block) -> Iterator[tuple[str, Binding]]:
    extra = [it for it in (arguments.vararg, arguments.kwarg) if it is not None]
    for it in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *extra]:
        yield it.arg, Binding(None, place_of(it), block, it.annotation)


def _bound(node: ast.AST, block: Block) -> Iterator[tuple[str, Binding]]:
    """What one statement (or walrus) binds."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name, Binding(None, place_of(node), block)
        return
    for target, value in _assigned(node):
        for name, it in _targets(target, value, _after(node, target, value), block):
            it.whole = not isinstance(node, (ast.AugAssign, ast.Expr))
            _unfold(name, it)
            it.declared = node.annotation if isinstance(node, ast.AnnAssign) else None
            yield name, it


def _after(node: ast.AST, target: ast.expr, value: ast.expr | None) -> Place:
    """From where on the name is bound: not yet in the value, which may use the old one."""
    if isinstance(node, (ast.With, ast.AsyncWith)) and value is not None:
        node = value
    elif isinstance(node, (ast.For, ast.AsyncFor)):
        node = target
    return getattr(node, "end_lineno", 0), getattr(node, "end_col_offset", 0)


def _assigned(node: ast.AST) -> list[tuple[ast.expr, ast.expr | None]]:
    """The targets of a statement, each with its value if that is known."""
    if isinstance(node, ast.Assign):
        return [(target, node.value) for target in node.targets]
    if isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
        return [(node.target, node.value)]
    if isinstance(node, ast.Expr):
        return _appended(node.value)
    if isinstance(node, (ast.With, ast.AsyncWith)):
        return [(it.optional_vars, it.context_expr) for it in node.items if it.optional_vars]
    if isinstance(node, (ast.For, ast.AsyncFor)):
        return [(node.target, None)]
    return []


def _appended(call: ast.expr) -> list[tuple[ast.expr, ast.expr | None]]:
    """``name.append(value)`` and ``name.extend(values)``: the name, with a list."""
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return []
    if call.func.attr == "append" and len(call.args) == 1:
        return [(call.func.value, ast.List(call.args, ast.Load()))]
    if call.func.attr == "extend" and len(call.args) == 1:
        return [(call.func.value, call.args[0])]
    return []


def _unfold(name: str, it: Binding) -> None:
    """``x = x + y`` is ``x += y``."""
    value = it.value
    if not isinstance(value, ast.BinOp) or not isinstance(value.op, ast.Add):
        return
    if isinstance(value.left, ast.Name) and value.left.id == name:
        it.value = value.right
        it.whole = False


def _targets(
    target: ast.expr, value: ast.expr | None, place: Place, block: Block
) -> Iterator[tuple[str, Binding]]:
    waiting = [(target, value)]
    while waiting:
        target, value = waiting.pop()
        if isinstance(target, ast.Name):
            yield target.id, Binding(value, place, block)
        elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            yield f"{target.value.id}.{target.attr}", Binding(value, place, block)
        elif isinstance(target, (ast.Tuple, ast.List)):
            waiting += zip(target.elts, _parts(value, len(target.elts)), strict=True)


def _parts(value: ast.expr | None, count: int) -> list[ast.expr | None]:
    """The values of ``a, b = value``, one for each target."""
    if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == count:
        return list(value.elts)
    return [None] * count
