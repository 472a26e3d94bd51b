"""Environment variables that turn the check of TLS certificates off."""

from __future__ import annotations

import ast

from tenterhooks.bandit.detections import flow, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ZERO = ("0",)
_EMPTY = ("",)
_TRUE = ("1", "true", "True", "TRUE", "yes", "on")
_VARIABLES = {
    "PYTHONHTTPSVERIFY": _ZERO,
    "NODE_TLS_REJECT_UNAUTHORIZED": _ZERO,
    "CURL_CA_BUNDLE": _EMPTY,
    "REQUESTS_CA_BUNDLE": _EMPTY,
    "AWS_CA_BUNDLE": _EMPTY,
    "GIT_SSL_NO_VERIFY": _TRUE,
}
_ENVIRON = "os.environ"
_CALLED = ("env", "_environ")


def in_assignment(
    target: ast.Subscript, value: ast.expr, at: ast.AST, aliases: Mapping[str, str]
) -> str:
    """``os.environ["X"] = "0"``, or of a copy of it: the variable and its value, or ""."""
    off = _off(target.slice, value)
    return off if off and _is_environment(target.value, at, aliases) else ""


def in_call(call: ast.Call, whole: str) -> str:
    """``os.environ.setdefault``, ``os.environ.update`` and ``os.putenv``."""
    if whole == f"{_ENVIRON}.update":
        given = [*call.args[:1], *(_as_pair(it) for it in call.keywords if it.arg)]
        return next(filter(None, map(in_mapping, given)), "")
    if whole in (f"{_ENVIRON}.setdefault", "os.putenv") and len(call.args) == 2:
        return _off(call.args[0], call.args[1])
    return ""


def in_keyword(value: ast.expr, call: ast.Call) -> str:
    """``env={**os.environ, "X": "0"}``, also by a name."""
    return next(filter(None, map(in_mapping, [value, *flow.values(value, call)])), "")


def _is_environment(node: ast.expr, at: ast.AST, aliases: Mapping[str, str]) -> bool:
    """Whether it is ``os.environ``, made of it, or called ``env``."""
    name = names.dotted(node, aliases)
    if name in (_ENVIRON, "environ") or name.rpartition(".")[2].lower().endswith(_CALLED):
        return True
    return any(names.mentions(it, "environ") for it in flow.values(node, at))


def in_mapping(node: ast.expr) -> str:
    """``{..., "X": "0"}``, ``dict(os.environ, X="0")``."""
    if isinstance(node, ast.Dict):
        return _first((key, value) for key, value in zip(node.keys, node.values, strict=True))
    if isinstance(node, ast.BinOp) and isinstance(node.right, ast.Dict):
        return in_mapping(node.right)
    if isinstance(node, ast.Call) and names.dotted(node.func, {}) == "dict":
        return next(filter(None, (in_mapping(_as_pair(it)) for it in node.keywords if it.arg)), "")
    return ""


def _as_pair(keyword: ast.keyword) -> ast.Dict:
    return ast.Dict([ast.Constant(keyword.arg)], [keyword.value])


def _first(pairs: Iterable[tuple[ast.expr | None, ast.expr]]) -> str:
    return next((it for key, value in pairs if key is not None and (it := _off(key, value))), "")


def _off(key: ast.expr, value: ast.expr) -> str:
    name, given = names.text(key), names.text(value)
    if name is None or given is None or given not in _VARIABLES.get(name, ()):
        return ""
    return f'{name}="{given}"'
