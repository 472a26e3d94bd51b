"""What a node, or a file, must have before a detection can find anything there (see ``needs``)."""

from __future__ import annotations

import ast
import os.path

from tenterhooks.bandit.guards import may_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_UNVERIFIED = "_create_unverified_context"
TLS_TARGETS = frozenset({"verify_mode", "cert_reqs", "check_hostname", "verify"})
TLS_KEYS = frozenset(
    {
        *("cert_reqs", "ssl_cert_reqs", "verify_mode"),
        *("tlsInsecure", "tlsAllowInvalidCertificates", "tlsAllowInvalidHostnames"),
    }
)
BUILDS = ("setup.py", "hatch_build.py", "pdm_build.py")
HOOKS = (
    *(b"build_wheel", b"build_sdist", b"build_editable", b"prepare_metadata_for_build_wheel"),
    *(b"get_requires_for_build_wheel", b"get_requires_for_build_sdist"),
)
TOKENS = (
    *("pypi-AgE", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "npm_", "glpat-"),
    *("dckr_pat_", "rubygems_", "hf_", "AKIA"),
)
SHORTEST_TOKEN = 20
_OFF_KEYS = (
    *("verify_signature", "known_hosts", "ANSIBLE_HOST_KEY_CHECKING", "StrictHostKeyChecking"),
)
WEAK = frozenset({"md4", "md5", "sha", "sha1"})
INSTALLERS = ("PIP_", "UV_")
# Expressions that may be text that is put together.
_BUILT = (ast.JoinedStr, ast.BinOp, ast.Call)


def is_build(path: str, data: bytes) -> bool:
    return os.path.basename(path) in BUILDS or may_name(data, *HOOKS)


def names_unverified(_: str, data: bytes) -> bool:
    return may_name(data, _UNVERIFIED.encode())


def sets_tls(node: Any, aliases: Mapping[str, str]) -> bool:
    value = node.value
    if value.__class__ is ast.Attribute and value.attr == _UNVERIFIED:
        return True
    if value.__class__ is ast.Name and aliases.get(value.id) == f"ssl.{_UNVERIFIED}":
        return True
    targets = node.targets if node.__class__ is ast.Assign else (node.target,)
    return any(map(_is_tls, targets))


def _is_tls(target: Any) -> bool:
    if target.__class__ is ast.Attribute:
        return target.attr in TLS_TARGETS
    if target.__class__ is not ast.Subscript:
        return False
    # The name of a variable of the environment, if that can be told.
    key = target.slice
    return key.__class__ is not ast.Constant or (key.value.__class__ is str and key.value.isupper())


def has_tls_key(node: Any, _: Mapping[str, str]) -> bool:
    return any(it.__class__ is ast.Constant and it.value in TLS_KEYS for it in node.keys)


def has_options(node: Any, _: Mapping[str, str]) -> bool:
    return any(
        it.value.__class__ is str and (it.value[:1] == "-" or it.value == "config")
        if it.__class__ is ast.Constant
        else it.__class__ in _BUILT
        for it in node.elts
    )


def _is_installers(key: Any) -> bool:
    """Whether it is the name of a variable of pip's or uv's."""
    if key.__class__ is not ast.Constant:
        return False
    return key.value.__class__ is str and key.value.startswith(INSTALLERS)


def has_installers(node: Any, _: Mapping[str, str]) -> bool:
    return any(map(_is_installers, node.keys))


def sets_installers(node: Any, _: Mapping[str, str]) -> bool:
    return any(it.__class__ is ast.Subscript and _is_installers(it.slice) for it in node.targets)


def is_not_ascii(data: Any, _: Mapping[str, str]) -> bool:
    return not data.isascii()


def may_be_token(node: Any, _: Mapping[str, str]) -> bool:
    value = node.value
    if len(value) < SHORTEST_TOKEN:
        return False
    if value.__class__ is bytes:
        value = value.decode("latin-1")
    return any(map(value.__contains__, TOKENS))


def _is_off_key(key: Any) -> bool:
    return key.__class__ is ast.Constant and key.value in _OFF_KEYS


def has_off_key(node: Any, _: Mapping[str, str]) -> bool:
    return any(map(_is_off_key, node.keys))


def sets_host_keys(node: Any, _: Mapping[str, str]) -> bool:
    return any(
        _is_off_key(it.slice)
        if it.__class__ is ast.Subscript
        else it.__class__ is ast.Attribute and it.attr == "hostkeys"
        for it in node.targets
    )


def says_host_keys(node: Any, _: Mapping[str, str]) -> bool:
    return "trictHostKeyChecking" in node.value


def is_weak(node: Any, _: Mapping[str, str]) -> bool:
    return node.attr in WEAK


def sets_path(node: Any, aliases: Mapping[str, str]) -> bool:
    targets = node.targets if node.__class__ is ast.Assign else (node.target,)
    for target in targets:
        base = target.value if target.__class__ is ast.Subscript else target
        if base.__class__ is ast.Attribute and base.attr == "path":
            return True
        if base.__class__ is ast.Name and aliases.get(base.id) == "sys.path":
            return True
    return False


def _is_text(node: Any) -> bool:
    return node.__class__ is ast.Constant and node.value.__class__ is str


def has_text_default(node: Any, _: Mapping[str, str]) -> bool:
    given = node.args
    plain = given.defaults if node.__class__ is ast.AsyncFunctionDef else ()
    return any(map(_is_text, (*given.kw_defaults, *plain)))


def is_annotated_text(node: Any, _: Mapping[str, str]) -> bool:
    return _is_text(node.value)
