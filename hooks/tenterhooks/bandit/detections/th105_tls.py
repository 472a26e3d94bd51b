"""TH105: the certificate of the other side is not checked.

B501 sees ``requests.get(verify=False)`` and httpx's like, B323 a call of
``ssl._create_unverified_context``. This one speaks of the other ways, and not of these two.

Sources: documentation of ``ssl``, "Security considerations"; PEP 476; PEP 493; documentation of
requests, urllib3, aiohttp, redis-py, PyMongo and git for their switches.
"""

from __future__ import annotations

import ast

from tenterhooks.bandit.detections import (
    flow,
    names,
    th105_clients,
    th105_environment,
    th105_hostnames,
)
from tenterhooks.bandit.detections.plugin import (
    CERTIFICATE_VALIDATION,
    HIGH,
    LOW,
    MEDIUM,
    detection,
    found,
)
from tenterhooks.bandit.detections.th105_hostnames import is_none

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenterhooks.bandit.detections.plugin import Context, Issue

# Keyword -> the literal that turns the check off.
_SWITCHES: dict[str, bool] = {
    "verify_ssl": False,
    "ssl_verify": False,
    "verify_ssl_certs": False,
    "tls_verify": False,
    "verify_tls": False,
    "verify_cert": False,
    "verify_certs": False,
    "validate_cert": False,
    "validate_certs": False,
    "tlsInsecure": True,
    "tlsAllowInvalidCertificates": True,
    "tlsAllowInvalidHostnames": True,
    "disable_ssl_certificate_validation": True,
    "insecure_skip_verify": True,
    "insecure_skip_tls_verify": True,
}
# What else is a key of a mapping, such as the settings of Celery, Django and redis-py.
_KEYS = ("tlsInsecure", "tlsAllowInvalidCertificates", "tlsAllowInvalidHostnames")
_HOSTNAMES = frozenset({"check_hostname", "assert_hostname", "ssl_check_hostname"})
_MODES = frozenset({"cert_reqs", "ssl_cert_reqs", "verify_mode"})
_MODES_OF_SSL = ("verify_mode", "check_hostname")
# Without TLS there is nothing to check.
_PLAIN = ("ssl", "tls", "use_ssl", "use_tls")
_OTHERS = frozenset({"verify", "ssl", "env"})
_KEYWORDS = frozenset({*_SWITCHES, *_HOSTNAMES, *_MODES, *_OTHERS})
_UNVERIFIED = "ssl._create_unverified_context"

_QUIET = frozenset({"disable_warnings", "filterwarnings", "simplefilter"})
_INSECURE = ("InsecureRequestWarning", "HTTPWarning", "SecurityWarning")
_METHODS = _QUIET | {"set_verify", "setopt", "tls_insecure_set", "setdefault", "putenv", "update"}


@detection("TH105", "Call", "Assign", "AnnAssign", "Dict")
def tls_verification_off(context: Context) -> Issue:
    issue = _judged(context)
    return None if issue is None or th105_hostnames.is_asked_for(context.node) else issue


def _judged(context: Context) -> Issue:
    node = context.node
    if isinstance(node, ast.Call):
        return _of_call(context, node)
    if isinstance(node, ast.Dict):
        return _of_mapping(context, node)
    if node.value is None:
        return None
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if names.dotted(node.value, context.import_aliases) == _UNVERIFIED:
        return _off(f"{_UNVERIFIED} stands for a checked context")
    for target in targets:
        issue = _of_target(context, target, node.value)
        if issue is not None:
            return issue
    return None


def _of_call(context: Context, call: ast.Call) -> Issue:
    plain = any(it.arg in _PLAIN and names.is_constant(it.value, False) for it in call.keywords)
    for keyword in call.keywords:
        if keyword.arg in _KEYWORDS and not (plain and keyword.arg not in _OTHERS):
            issue = _of_keyword(context, call, keyword)
            if issue is not None:
                return issue
        elif names.dotted(keyword.value, context.import_aliases) == _UNVERIFIED:
            return _off(f"{keyword.arg}={_UNVERIFIED}", line=keyword.value.lineno)
    if context.call_function_name in _METHODS:
        return _of_method(context, call, context.call_function_name)
    return None


def _of_keyword(context: Context, call: ast.Call, keyword: ast.keyword) -> Issue:
    name, value, line = keyword.arg or "", keyword.value, keyword.value.lineno
    if name in _SWITCHES:
        off = names.is_constant(value, _SWITCHES[name])
        return _off(f"{name}={_SWITCHES[name]}", line=line) if off else None
    if name in _HOSTNAMES:
        pinned = names.keyword(call, "assert_fingerprint") is not None
        off = names.is_constant(value, False) and not pinned
        return _hostname(f"{name}=False", line) if off else None
    if name in _MODES:
        server = th105_hostnames.is_server_call(call, context.call_function_name_qual)
        none = not server and _is_none(name, value, context.import_aliases)
        return _off(f"{name}=CERT_NONE", line=line) if none else None
    if name == "env":
        variable = th105_environment.in_keyword(value, call)
        return _variable(variable, line) if variable else None
    if not names.is_constant(value, False):
        return None
    says = th105_clients.checks_by_verify if name == "verify" else th105_clients.is_aiohttp
    return _off(f"{name}=False", line=line) if says(context, call) else None


def _of_mapping(context: Context, node: ast.Dict) -> Issue:
    """``{"ssl_cert_reqs": ssl.CERT_NONE}``, and ``cert_reqs`` in what `ssl` is handed."""
    for key, value in zip(node.keys, node.values, strict=True):
        name = key.value if isinstance(key, ast.Constant) else None
        if name in _MODES and _is_none(name, value, context.import_aliases):
            return _off(f"{name}: CERT_NONE", line=value.lineno)
        if name in _KEYS and names.is_constant(value, True):
            return _off(f"{name}: True", line=value.lineno)
    return None


def _is_none(name: str, value: ast.expr, aliases: Mapping[str, str]) -> bool:
    """Whether a mode is none; redis-py takes ``None`` for it, where others take their default."""
    return is_none(value, aliases) or (name == "ssl_cert_reqs" and names.is_constant(value, None))


def _of_method(context: Context, call: ast.Call, name: str) -> Issue:
    whole = context.call_function_name_qual
    if name in _QUIET:
        return _quiet(context, call, name, whole)
    first = names.argument(call, 0, "mode")
    if name == "set_verify":
        last = "" if first is None else names.dotted(first, {}).rpartition(".")[2]
        return _off("set_verify(VERIFY_NONE)") if last == "VERIFY_NONE" else None
    if name == "tls_insecure_set":
        return _off("tls_insecure_set(True)") if names.is_constant(first, True) else None
    if name == "setopt":
        return _curl(context, call)
    variable = th105_environment.in_call(call, whole)
    return _variable(variable, call.lineno) if variable else None


def _quiet(context: Context, call: ast.Call, name: str, whole: str) -> Issue:
    """The warning about unchecked certificates is turned off, which is done for one reason."""
    if name == "disable_warnings":
        ours = "urllib3" in whole or whole.startswith("requests.")
        category = names.argument(call, 0, "category")
        named = ours and category is None
    else:
        category = names.argument(call, 1 if name == "simplefilter" else 2, "category")
        ignored = names.argument(call, 0, "action")
        ours, named = whole.startswith("warnings.") and names.is_constant(ignored, "ignore"), False
    if category is not None:
        named = names.dotted(category, context.import_aliases).rpartition(".")[2] in _INSECURE
    if not (ours and named):
        return None
    return found(
        "The warning about unchecked certificates is silenced, which hides where certificates "
        "are not checked. Check them, with the CA file that is needed, and keep the warning.",
        LOW,
        CERTIFICATE_VALIDATION,
    )


def _curl(context: Context, call: ast.Call) -> Issue:
    if len(call.args) != 2:
        return None
    option = names.dotted(call.args[0], {}).rpartition(".")[2]
    off = names.is_constant(call.args[1], 0) or names.is_constant(call.args[1], False)
    if off and option.removeprefix("PROXY_") in ("SSL_VERIFYPEER", "SSL_VERIFYHOST"):
        return _off(f"{option} = 0", *_level(context))
    return None


def _of_target(context: Context, target: ast.expr, value: ast.expr) -> Issue:
    if isinstance(target, ast.Subscript):
        variable = th105_environment.in_assignment(
            target, value, context.node, context.import_aliases
        )
        return _variable(variable, target.lineno) if variable else None
    if not isinstance(target, ast.Attribute):
        return None
    if target.attr in _MODES_OF_SSL and th105_hostnames.is_server(target.value, context.node):
        return None
    if target.attr == "verify_mode" and is_none(value, context.import_aliases):
        return _off("verify_mode = CERT_NONE", *_level(context))
    if target.attr == "check_hostname" and names.is_constant(value, False):
        if not th105_hostnames.is_meant(context, target):
            return _hostname("check_hostname = False")
        return None
    if target.attr == "verify" and names.is_constant(value, False):
        client = th105_clients.is_client(context, target.value, context.node)
        return _off("verify = False", *_level(context)) if client else None
    return None


def _level(context: Context) -> tuple[str, str]:
    """Severity and confidence: where something is asked first, whoever answers decides."""
    return (MEDIUM, MEDIUM) if flow.conditions(context.node) else (HIGH, HIGH)


def _off(what: str, severity: str = HIGH, confidence: str = HIGH, line: int | None = None) -> Issue:
    return found(
        f"{what} turns the check of TLS certificates off: anybody on the way can read and change "
        "what is sent. Leave it on; for a private CA, pass its file.",
        severity,
        CERTIFICATE_VALIDATION,
        confidence,
        line,
    )


def _hostname(what: str, line: int | None = None) -> Issue:
    return found(
        f"{what} accepts a certificate of any host: whoever has one at all can stand in the way. "
        "Leave it on, or name the host that is meant.",
        MEDIUM,
        CERTIFICATE_VALIDATION,
        MEDIUM,
        line=line,
    )


def _variable(what: str, line: int) -> Issue:
    return found(
        f"{what} turns the check of TLS certificates off for this process and what it starts: "
        "anybody on the way can read and change what is sent. Leave it on; for a private CA, set "
        "the variable to its file.",
        HIGH,
        CERTIFICATE_VALIDATION,
        line=line,
    )
