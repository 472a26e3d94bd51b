"""TH114: signatures and host keys that nobody checks.

Sources: PyJWT documentation, "Usage Examples"; google-auth, ``google.auth.jwt``; AsyncSSH
documentation, ``known_hosts``; OpenSSH, ssh_config(5), ``StrictHostKeyChecking``; sigstore-python,
``sigstore.verify.policy.UnsafeNoOp``.
Paramiko's policies are Bandit's B507.
"""

from __future__ import annotations

import ast
import re

from tenterhooks.bandit.detections import names, trees
from tenterhooks.bandit.detections.plugin import HIGH, MEDIUM, detection, found

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenterhooks.bandit.detections.plugin import Context, Issue

_SIGNATURE, _HOST_KEY = 347, 322
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_TOKENS = frozenset({"decode", "decode_complete", "encode"})
_UNVERIFIED = frozenset({"get_unverified_claims", "UnsafeNoOp"})
_CONNECTIONS = frozenset(
    {
        *("connect", "connect_reverse", "create_connection", "listen_reverse", "scp"),
        *("get_server_host_key", "SSHClientConnectionOptions", "dict"),
    }
)
_CALLS = _TOKENS | _UNVERIFIED | _CONNECTIONS
_JWT = ("jwt.", "jose.", "joserfc.", "authlib.", "google.auth.jwt.", "google.auth._jwt_async.")
_SSH_MARK = "trictHostKeyChecking"
_SSH_OFF = re.compile(r"""StrictHostKeyChecking(?:[ =]|['"] *[,:] *['"])['"]?(?:no|off)\b""")
_CLAIMS = (
    "{} takes the claims of a token without a check of its signature, so that anybody can write"
    " them. Verify it with a key, and name the algorithms that are expected."
)
_UNSIGNED = (
    'The algorithm "none" leaves a token unsigned, so that anybody can write one. Sign it with a'
    " key."
)
_NO_POLICY = (
    "UnsafeNoOp accepts a signature of anybody at all. Name who signs:"
    " policy.Identity(identity=..., issuer=...)."
)
_KEYS = (
    "{} takes any key for the server's, so that anybody on the way can be the server. Ship its key"
    " in a known_hosts file."
)


@detection("TH114", "Call", "Dict", "Assign", "Str", names=_CALLS)
def signature_check_off(context: Context) -> Issue:
    """Tokens that are decoded unverified, SSH servers that are taken at their word."""
    node = context.node
    if isinstance(node, ast.Constant):
        return _of_text(str(node.value))
    if isinstance(node, ast.Call):
        return _of_call(context) if context.call_function_name in _CALLS else None
    if isinstance(node, ast.Dict):
        return _of_pairs(zip(node.keys, node.values, strict=True))
    return _of_assignment(node)


def _of_text(value: str) -> Issue:
    if _SSH_MARK in value and _SSH_OFF.search(value):
        return found(_KEYS.format("StrictHostKeyChecking=no"), MEDIUM, _HOST_KEY, MEDIUM)
    return None


def _of_pairs(pairs: Iterable[tuple[ast.expr | None, ast.expr]]) -> Issue:
    """What a mapping turns off."""
    for key, value in pairs:
        if not isinstance(key, ast.Constant):
            continue
        if key.value == "verify_signature" and names.is_constant(value, False):
            return found(_CLAIMS.format("verify_signature=False"), MEDIUM, _SIGNATURE, HIGH)
        if key.value == "known_hosts" and names.is_constant(value, None):
            return found(_KEYS.format("known_hosts=None"), MEDIUM, _HOST_KEY, MEDIUM)
        if key.value == "ANSIBLE_HOST_KEY_CHECKING" and _is_off(value):
            return found(_KEYS.format(key.value), MEDIUM, _HOST_KEY, HIGH)
        if key.value == "StrictHostKeyChecking" and names.text(value) in ("no", "off"):
            return found(_KEYS.format(f"{key.value}=no"), MEDIUM, _HOST_KEY, HIGH)
    return None


def _is_off(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and str(value.value).lower() in ("false", "0", "no")


def _of_assignment(node: ast.Assign) -> Issue:
    """``options["verify_signature"] = False``, and pysftp's ``cnopts.hostkeys = None``."""
    for target in node.targets:
        if isinstance(target, ast.Subscript):
            return _of_pairs([(target.slice, node.value)])
        if isinstance(target, ast.Attribute) and names.is_constant(node.value, None):
            owner = names.dotted(target.value, {}).lower()
            if target.attr == "hostkeys" and owner not in ("self", "cls"):
                return found(_KEYS.format("hostkeys = None"), MEDIUM, _HOST_KEY, HIGH)
    return None


def _of_call(context: Context) -> Issue:
    call, name = context.node, context.call_function_name
    if name in _CONNECTIONS:
        hosts = names.keyword(call, "known_hosts")
        if names.is_constant(hosts, None):
            return found(_KEYS.format("known_hosts=None"), MEDIUM, _HOST_KEY, HIGH)
        if names.is_constant(names.keyword(call, "verify_signature"), False):
            return found(_CLAIMS.format("verify_signature=False"), MEDIUM, _SIGNATURE, HIGH)
        return None
    if name == "UnsafeNoOp":
        return found(_NO_POLICY, MEDIUM, _SIGNATURE, HIGH)
    if name in _UNVERIFIED:
        if _is_handed_through(call, name):
            return None
        return found(_CLAIMS.format(name), MEDIUM, _SIGNATURE, MEDIUM)
    return _of_token(call, name, context.call_function_name_qual or "")


def _is_handed_through(call: ast.Call, name: str) -> bool:
    """Whether a function of the same name makes the call: it is spoken of where that is called."""
    around = (it for it in trees.parents(call) if isinstance(it, _FUNCTIONS))
    return getattr(next(around, None), "name", "") == name


def _of_token(call: ast.Call, name: str, function: str) -> Issue:
    for keyword in call.keywords:
        if keyword.arg in ("algorithms", "algorithm") and _has_none(keyword.value):
            text = _UNSIGNED if name == "encode" else _CLAIMS.format('The algorithm "none"')
            return found(text, HIGH, _SIGNATURE, HIGH)
    if not function.startswith(_JWT) or name == "encode":
        return None
    if names.is_constant(names.argument(call, 2, "verify"), False):
        return found(_CLAIMS.format("verify=False"), MEDIUM, _SIGNATURE, HIGH)
    return None


def _has_none(node: ast.expr) -> bool:
    items = node.elts if isinstance(node, (ast.List, ast.Tuple, ast.Set)) else [node]
    return any((names.text(it) or "").lower() == "none" for it in items)
