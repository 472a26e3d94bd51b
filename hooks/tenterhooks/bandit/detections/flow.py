"""Where a value comes from: the assignments that reach a name, within one file.

It is no proof, and need not be: it follows names through the scopes of Python, prefers the last
assignment that stands in the same block or around it, and gives up (an empty answer) on what it
cannot follow. Every search is bounded, for a file may be hostile.
"""

from __future__ import annotations

import ast
from bisect import bisect_right

from tenterhooks.bandit.detections.bindings import FUNCTIONS, bindings, place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.bandit.detections.bindings import Binding, Block

# Of a name that is bound more often than this, only the last ones are looked at.
_MOST = 20
_SCOPES = (*FUNCTIONS, ast.ClassDef, ast.Module)


def values(node: ast.AST, at: ast.AST) -> list[ast.expr]:
    """What a name (or ``self.name``) that is used at ``at`` may stand for: the expressions that
    were assigned to it. ``at`` is the node that Bandit visits, so that its parents are known."""
    return [it.value for it in _reaching(node, at) if it.value is not None]


def histories(node: ast.AST, at: ast.AST) -> list[list[ast.expr | None]]:
    """What a name may stand for, each as the value that was assigned and what was added to it
    later (``+=``, ``append``, ``extend``)."""
    found: list[list[ast.expr | None]] = []
    for it in sorted(_reaching(node, at), key=lambda it: it.place):
        if it.whole or not found:
            found.append([])
        found[-1].append(it.value)
    return found


def is_bound(node: ast.AST, at: ast.AST) -> bool:
    """Whether a name is assigned to, and so is not (only) what was imported."""
    return bool(_reaching(node, at))


def declared(node: ast.AST, at: ast.AST) -> list[ast.expr]:
    """The annotations of a name."""
    return [it.declared for it in _reaching(node, at) if it.declared is not None]


def attributes(name: str, at: ast.AST) -> list[ast.expr]:
    """What ``object.attribute``, given as text, was set to in the scope around ``at``."""
    scope = function_of(at)
    bound = bindings(scope).get(name, []) if scope is not None else []
    return [it.value for it in bound[-_MOST:] if it.value is not None]


def conditions(at: ast.AST) -> list[ast.expr]:
    """What is asked, within the scope around ``at``, before it runs."""
    asked: list[ast.expr] = []
    node: ast.AST | None = at
    while node is not None and not isinstance(node, _SCOPES):
        if isinstance(node, (ast.If, ast.IfExp)):
            asked.append(node.test)
        node = _parent(node)
    return asked


def function_of(at: ast.AST) -> ast.AST | None:
    """The function, class or module that ``at`` stands in."""
    return next(_scopes(at), None)


def _scopes(at: ast.AST) -> Iterator[ast.AST]:
    """The scopes around ``at`` whose names it sees, inside out."""
    node: ast.AST | None = _parent(at)
    inside = False
    while node is not None:
        if isinstance(node, _SCOPES) and not (inside and isinstance(node, ast.ClassDef)):
            yield node
            inside = inside or isinstance(node, FUNCTIONS)
        node = _parent(node)


def _parent(node: ast.AST) -> ast.AST | None:
    return getattr(node, "_bandit_parent", None)


def _reaching(node: ast.AST, at: ast.AST) -> list[Binding]:
    if isinstance(node, ast.Name):
        for number, scope in enumerate(_scopes(at)):
            bound = bindings(scope).get(node.id)
            if bound:
                return bound[-_MOST:] if number else _last(bound, node, at)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return _of_self(f"{node.value.id}.{node.attr}", node, at)
    return []


def _of_self(name: str, used: ast.AST, at: ast.AST) -> list[Binding]:
    """What ``self.x`` was set to: here, or in any method of the class."""
    scope = function_of(at)
    here = _last(bindings(scope).get(name, []), used, at) if scope is not None else []
    if here:
        return here
    node: ast.AST | None = at
    while node is not None and not isinstance(node, ast.ClassDef):
        node = _parent(node)
    if node is None or not name.startswith(("self.", "cls.")):
        return []
    return _attributes(node).get(name.split(".", 1)[1], [])[-_MOST:]


def _attributes(owner: ast.ClassDef) -> dict[str, list[Binding]]:
    """The attributes that the methods of a class set on ``self`` or ``cls``."""
    known: dict[str, list[Binding]] | None = getattr(owner, "tenterhooks_attributes", None)
    if known is None:
        known = {name: list(bound) for name, bound in bindings(owner).items() if "." not in name}
        for method in owner.body:
            if isinstance(method, FUNCTIONS):
                for name, bound in bindings(method).items():
                    if name.startswith(("self.", "cls.")):
                        known.setdefault(name.split(".", 1)[1], []).extend(bound)
        owner.tenterhooks_attributes = known  # type: ignore[attr-defined]
    return known


def _last(bound: list[Binding], used: ast.AST, at: ast.AST) -> list[Binding]:
    """The bindings that a name that is used at ``used`` may see: from the last one back to one
    that stands in a block around ``at``, for that one always runs."""
    before = bisect_right(bound, place_of(used), key=lambda binding: binding.place)
    blocks = _blocks(at)
    reaching: list[Binding] = []
    for binding in reversed(bound[max(0, before - _MOST) : before]):
        reaching.append(binding)
        if binding.whole and binding.block in blocks:
            break
    return reaching


def _blocks(at: ast.AST) -> set[Block]:
    """The blocks of statements around ``at``, within its scope."""
    blocks: set[Block] = set()
    node: ast.AST | None = at
    while node is not None:
        block = getattr(node, "tenterhooks_block", None)
        if block is not None:
            blocks.add(block)
        node = _parent(node)
        if isinstance(node, _SCOPES):
            blocks.add((id(node), "body"))
            break
    return blocks
