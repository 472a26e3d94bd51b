"""When a context of `ssl` that does not check is no news."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from itertools import islice

from tenterhooks.bandit.detections import flow, names, trees
from tenterhooks.bandit.detections.bindings import FUNCTIONS, place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TypeGuard

    from tenterhooks.bandit.detections.plugin import Context

_SERVER = ("CLIENT_AUTH", "PROTOCOL_TLS_SERVER")
_NONE = ("CERT_NONE", "none", "cert_none")
# What settings are called that ask for it: verify, insecure, ignore_cert_errors, sslmode.
_SETTING = re.compile(
    r"verif|insecure|ssl_?mode|cert_reqs|(?:validate|ignore|check|skip|invalid)_?(?:ssl_?)?cert",
    re.IGNORECASE,
)
# And which of them ask for it to be off.
_OFF = re.compile(
    r"insecure|ignore|skip|invalid|disable|unverif|no_?(?:check|verif)", re.IGNORECASE
)
_SCOPES = (*FUNCTIONS, ast.ClassDef, ast.Module)
_LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_BLOCKS = ("body", "orelse", "finalbody")
# So many nodes of a condition, and statements before one, are looked at.
_MOST = 60


def is_none(node: ast.AST, aliases: Mapping[str, str]) -> bool:
    """Whether it means ``ssl.CERT_NONE``."""
    if names.dotted(node, aliases).rpartition(".")[2] == "CERT_NONE":
        return True
    return names.text(node) in _NONE or names.is_constant(node, 0)


def is_server_call(call: ast.Call, whole: str) -> bool:
    """Whether a mode is said to a server: ``wrap_socket(server_side=True)``, ``uvicorn.run``."""
    side = names.keyword(call, "server_side")
    return names.is_constant(side, True) or whole.startswith("uvicorn.")


def is_server(node: ast.AST, at: ast.AST) -> bool:
    """Whether a context is a server's: a server seldom asks its clients for certificates."""
    return any(
        isinstance(made, ast.Call)
        and any(
            names.dotted(given, {}).rpartition(".")[2] in _SERVER
            for given in [*made.args, *(it.value for it in made.keywords)]
        )
        for made in flow.values(node, at)
    )


def is_meant(context: Context, target: ast.Attribute) -> bool:
    """Whether not to speak of ``check_hostname = False``: the same scope also turns
    ``verify_mode`` off, which asks for this first (one finding is enough), or also sets one of
    the two to something that is not written there (a setting decides, or it is put back); the
    context trusts one CA file only; the object is no context of `ssl` but ``self``; or host names
    are compared nearby."""
    holder, node = names.dotted(target.value, {}), context.node
    modes = flow.attributes(f"{holder}.verify_mode", node)
    others = flow.attributes(f"{holder}.check_hostname", node)
    return (
        holder in ("self", "cls")
        or any(names.dotted(it, {}).rpartition(".")[2] != "CERT_REQUIRED" for it in modes)
        or not all(names.is_constant(it, False) for it in others)
        or any(_has_own_ca(it) for it in flow.values(target.value, node))
        or any(names.mentions(it, "host") for it in flow.conditions(node))
        or bool(context.is_module_imported_like("match_hostname"))
    )


def _has_own_ca(made: ast.expr) -> bool:
    given = ("cafile", "cadata", "capath")
    return isinstance(made, ast.Call) and any(it.arg in given for it in made.keywords)


def is_asked_for(at: ast.AST) -> bool:
    """Whether it happens only where a setting that is called after the check says so (``if
    insecure:``), which is like handing the setting on; or in a function that fetches the
    certificate itself, to look at it."""
    if any(_says_off(test, holds) for test, holds in _asked(at)):
        return True
    scope = flow.function_of(at)
    return isinstance(scope, FUNCTIONS) and _fetches(scope)


def _fetches(scope: ast.AST) -> bool:
    """Whether a function fetches a certificate, found out once for each."""
    known: bool | None = getattr(scope, "tenterhooks_fetches", None)
    if known is None:
        known = any(map(_is_certificate, trees.own_nodes(scope)))
        scope.tenterhooks_fetches = known  # type: ignore[attr-defined]
    return known


def _says_off(test: ast.expr, holds: bool) -> bool:
    """Whether a condition that holds, or does not, turns the check off: ``args.insecure``, not
    ``options["verify"]``. One that compares or denies is taken to mean it."""
    nodes = list(islice(ast.walk(test), _MOST))
    settings = [it for it in map(_name, nodes) if _SETTING.search(it)]
    if any(isinstance(it, (ast.Not, ast.Compare)) for it in nodes):
        return bool(settings)
    return any(bool(_OFF.search(it)) == holds for it in settings)


def _name(node: ast.AST) -> str:
    """A name, or a key: ``args.insecure``, ``options["verify"]``."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value if len(node.value.split()) == 1 else ""
    return str(getattr(node, "id", "") or getattr(node, "attr", ""))


def _asked(at: ast.AST) -> Iterator[tuple[ast.expr, bool]]:
    """What is asked before it runs, within its scope, and whether that holds then: by the
    statements around, and by those before that leave (``if verify: return``)."""
    node = at
    for parent in trees.parents(at):
        if isinstance(parent, ast.If):
            yield parent.test, _place(node, parent.orelse) is None
        elif isinstance(parent, ast.IfExp):
            yield parent.test, node is not parent.orelse
        for block in (getattr(parent, name, None) for name in _BLOCKS):
            if isinstance(block, list):
                place = _place(node, block) or 0
                before = block[max(0, place - _MOST) : place]
                yield from ((it.test, False) for it in before if _is_leaving(it))
        if isinstance(parent, _SCOPES):
            return
        node = parent


def _place(node: ast.AST, block: Sequence[ast.AST]) -> int | None:
    """The number of a statement in a block that it stands in."""
    place = bisect_left(block, place_of(node), key=place_of)
    return place if place < len(block) and block[place] is node else None


def _is_leaving(statement: ast.AST) -> TypeGuard[ast.If]:
    return isinstance(statement, ast.If) and isinstance(statement.body[-1], _LEAVING)


def _is_certificate(node: ast.AST) -> bool:
    """``sock.getpeercert(True)``, which is given even where nobody checks."""
    if not isinstance(node, ast.Call) or trees.last_name(node) != "getpeercert":
        return False
    return names.is_constant(names.argument(node, 0, "binary_form"), True)
