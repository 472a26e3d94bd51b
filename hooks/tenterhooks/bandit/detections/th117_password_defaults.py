"""TH117: a password as a default, where Bandit's B105 to B107 do not look: keyword-only and
asynchronous parameters, and annotated names (fields of a dataclass, of settings).
"""

from __future__ import annotations

import ast
import re

from tenterhooks.bandit.detections.plugin import LOW, MEDIUM, detection, found

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.bandit.detections.plugin import Context, Issue

_HARD_CODED_PASSWORD = 259
# A token alone is a word of every parser, and a model has its padding token.
_SECRETS = re.compile(
    r"(?i:(?:^|_)(?:password|passwd|passphrase|pwd|secret|secret_?key|api_?key|private_?key"
    r"|(?:access|api|auth|bearer|refresh)_?token)$)"
)
_NO_VALUE = re.compile(r"[\s<>{}$%/:]|^\*+$|^(?i:none|null|todo|changeme|x+)$")


@detection("TH117", "FunctionDef", "AsyncFunctionDef", "AnnAssign")
def password_default(context: Context) -> Issue:
    """``async def f(password="x")``, ``def f(*, password="x")``, ``password: str = "x"``."""
    for name, value in _pairs(context.node):
        if _is_secret(name, value):
            text = (
                f"`{name}` has a password as its default, which holds wherever nobody sets another."
                " Give it none, and fail where it is missing."
            )
            return found(text, LOW, _HARD_CODED_PASSWORD, MEDIUM, value.lineno)
    return None


def _pairs(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The names of one node that have a default, and what it is."""
    if isinstance(node, ast.AnnAssign):
        if node.value is not None and isinstance(node.target, (ast.Name, ast.Attribute)):
            target = node.target
            yield target.id if isinstance(target, ast.Name) else target.attr, node.value
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        given = node.args
        for parameter, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
            if default is not None:
                yield parameter.arg, default
        if isinstance(node, ast.AsyncFunctionDef) and given.defaults:
            plain = [*given.posonlyargs, *given.args][-len(given.defaults) :]
            yield from ((it.arg, value) for it, value in zip(plain, given.defaults, strict=True))


def _is_secret(name: str, value: ast.expr) -> bool:
    if not isinstance(value, ast.Constant) or not isinstance(value.value, str) or not value.value:
        return False
    return bool(_SECRETS.search(name)) and not _NO_VALUE.search(value.value)
