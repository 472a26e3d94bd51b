"""TH115: MD5 and SHA-1 where Bandit's B324 does not look, which reads calls of hashlib alone.

Sources: documentation of ``hashlib`` and ``hmac``; NIST SP 800-131A; RFC 6151 (HMAC-MD5); OWASP,
"Password Storage Cheat Sheet" (PBKDF2).
"""

from __future__ import annotations

import ast

from tenterhooks.bandit.detections import names
from tenterhooks.bandit.detections.plugin import HIGH, LOW, MEDIUM, detection, found

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenterhooks.bandit.detections.plugin import Context, Issue

_BROKEN_CRYPTO = 327
_WEAK = frozenset({"md4", "md5", "sha", "sha1"})
_NAMES = {"hmac.new": 2, "hmac.HMAC": 2, "hmac.digest": 2}
_FILE = "hashlib.file_digest"
_PBKDF2 = "hashlib.pbkdf2_hmac"
_WERKZEUG = "generate_password_hash"
_PASSLIB = frozenset(
    {
        *("md5_crypt", "sha1_crypt", "des_crypt", "bigcrypt", "crypt16", "ldap_md5", "ldap_sha1"),
        *("ldap_salted_md5", "ldap_salted_sha1", "hex_md5", "hex_sha1", "lmhash", "nthash"),
        *("mysql323", "apr_md5_crypt"),
    }
)
_PASSLIB_CALLS = frozenset({"hash", "encrypt", "using"})
_CALLS = frozenset(
    {"new", "HMAC", "digest", "file_digest", "pbkdf2_hmac", _WERKZEUG, "getattr", *_PASSLIB_CALLS}
)


@detection("TH115", "Call", "Attribute", names=_CALLS)
def weak_digest_variant(context: Context) -> Issue:
    """Weak digests as arguments, in tables, by reference, and under password hashes."""
    node = context.node
    if isinstance(node, ast.Attribute):
        return _of_reference(node, context.import_aliases) if node.attr in _WEAK else None
    if context.call_function_name in _CALLS:
        return _of_call(node, context.import_aliases)
    return None


def _of_call(call: ast.Call, aliases: Mapping[str, str]) -> Issue:
    function = names.dotted(call.func, aliases)
    if function in _NAMES:
        return _of_hmac(call, function, aliases)
    if function == _FILE:
        return _of_file(names.argument(call, 1, "digest"), aliases)
    if function == _PBKDF2:
        weak = _weak(names.argument(call, 0, "hash_name"), aliases)
        return _password(f"{_PBKDF2} with {weak}") if weak else None
    if function.endswith(_WERKZEUG):
        method = names.text(names.argument(call, 1, "method") or call) or ""
        parts = method.lower().split(":")
        weak = next((part for part in parts if part in _WEAK), "")
        return _password(f"{_WERKZEUG} with {weak}") if weak else None
    if function == "getattr":
        return _of_lookup(call, aliases)
    scheme = function.split(".")[-2:-1]
    if function.startswith("passlib.hash.") and scheme and scheme[0] in _PASSLIB:
        return _password(f"passlib's {scheme[0]}")
    return None


def _of_hmac(call: ast.Call, function: str, aliases: Mapping[str, str]) -> Issue:
    keyword = "digest" if function == "hmac.digest" else "digestmod"
    weak = _weak(names.argument(call, _NAMES[function], keyword), aliases)
    if not weak:
        return None
    text = (
        f"{function} with {weak}: no forgery is known, but nothing new should build on it."
        ' Use "sha256" unless a protocol leaves no choice.'
    )
    return found(text, LOW, _BROKEN_CRYPTO, HIGH)


def _of_file(digest: ast.expr | None, aliases: Mapping[str, str]) -> Issue:
    weak = _weak(digest, aliases)
    if not weak:
        return None
    text = (
        f"{_FILE} with {weak}: two files can be made that have the same digest. Use"
        ' "sha256"; where it protects nothing, pass a function that says'
        " usedforsecurity=False."
    )
    return found(text, MEDIUM, _BROKEN_CRYPTO, HIGH)


def _password(said: str) -> Issue:
    text = f"{said} is too weak for a password. Use scrypt, Argon2 or PBKDF2 with SHA-256."
    return found(text, MEDIUM, _BROKEN_CRYPTO, HIGH)


def _of_lookup(call: ast.Call, aliases: Mapping[str, str]) -> Issue:
    """``getattr(hashlib, "md5")``."""
    function = names.spelled(call, aliases)
    module, _, name = function.rpartition(".")
    if module == "hashlib" and name in _WEAK and not _is_allowed_around(call):
        return _by_reference(function)
    return None


def _of_reference(node: ast.Attribute, aliases: Mapping[str, str]) -> Issue:
    """``hashlib.md5`` that is passed on or kept; B324 has the calls, and here it is the calls of
    ``hmac`` and ``file_digest`` that say more."""
    if not isinstance(node.value, ast.Name) or not isinstance(node.ctx, ast.Load):
        return None
    function = names.dotted(node, aliases)
    if function != f"hashlib.{node.attr}" or _is_allowed_around(node):
        return None
    return _by_reference(function)


def _by_reference(function: str) -> Issue:
    text = (
        f"{function} is handed on, and with it the choice of a broken digest. Use hashlib.sha256;"
        " where it protects nothing, hand on partial(..., usedforsecurity=False)."
    )
    return found(text, LOW, _BROKEN_CRYPTO, MEDIUM)


def _is_allowed_around(node: ast.expr) -> bool:
    """Whether the node is called, compared, asked for an attribute, a statement of its own,
    marked as not for security, or reported with the call that it is an argument of."""
    parent = getattr(node, "_bandit_parent", None)
    if isinstance(parent, ast.keyword):
        parent = getattr(parent, "_bandit_parent", None)
    if isinstance(parent, (ast.Attribute, ast.Compare, ast.Expr)):
        return True
    if not isinstance(parent, ast.Call):
        return False
    if parent.func is node:
        return True
    last = names.dotted(parent.func, {}).rpartition(".")[2]
    marked = names.is_constant(names.keyword(parent, "usedforsecurity"), False)
    return marked or last in ("new", "HMAC", "digest", "file_digest", "isinstance", "patch")


def _weak(node: ast.expr | None, aliases: Mapping[str, str]) -> str:
    """``md5`` for its name or its function in hashlib or Crypto; nothing for any other."""
    if node is None:
        return ""
    word = names.text(node)
    if word is None:
        module, _, word = names.spelled(node, aliases).rpartition(".")
        if module not in ("hashlib", "_hashlib") and module.rpartition(".")[2] != "Hash":
            return ""
    plain = word.lower().replace("-", "").replace("_", "").removeprefix("openssl")
    return plain if plain in _WEAK else ""
