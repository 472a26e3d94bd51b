"""Which calls and objects fetch over HTTP, where ``verify=False`` or ``ssl=False`` is said.

Sources: documentation of requests, httpx, boto3 and aiohttp; Bandit's B501 for what it sees.
"""

from __future__ import annotations

import ast

from tenterhooks.bandit.detections import flow, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenterhooks.bandit.detections.plugin import Context

_VERBS = frozenset({"get", "options", "head", "post", "put", "patch", "delete"})
_B501 = {"requests": _VERBS, "httpx": _VERBS | {"request", "stream", "Client", "AsyncClient"}}
_FETCHING = _VERBS | {"request", "stream", "send", "Client", "AsyncClient", "ws_connect"}
_LIBRARIES = ("requests", "httpx", "niquests", "boto3", "hvac")
_CLIENTS = frozenset(
    {
        "requests.Session",
        "requests.session",
        "requests.sessions.Session",
        "requests_html.HTMLSession",
        "requests.Request",
        "httpx.Client",
        "httpx.AsyncClient",
        "niquests.Session",
    }
)
# What httpx sends requests through, and what people derive from it.
_TRANSPORTS = ("HTTPTransport",)
_CLIENT_NAMES = ("session", "client", "http", "requests")


def checks_by_verify(context: Context, call: ast.Call) -> bool:
    """Whether ``verify=False`` is said to something that fetches, and B501 does not see it."""
    name, whole = context.call_function_name, context.call_function_name_qual
    if name == "partial" and call.args:
        whole = names.dotted(call.args[0], context.import_aliases)
        return whole.startswith(("requests.", "httpx."))
    if name in _B501.get(whole.split(".")[0], ()):
        return False
    if name in ("client", "resource"):
        plain = names.is_constant(names.keyword(call, "use_ssl"), False)
        return not plain and bool(context.is_module_imported_like("boto"))
    if whole in _CLIENTS or whole == "requests.request":
        return True
    if name.endswith(_TRANSPORTS):
        return bool(context.is_module_imported_like("httpx"))
    if name not in _FETCHING or not isinstance(call.func, ast.Attribute):
        return False
    return is_client(context, call.func.value, call) or _is_imported(context)


def is_client(context: Context, node: ast.AST, at: ast.AST) -> bool:
    """Whether the expression is an HTTP client, by where it comes from or what it is called."""
    aliases = context.import_aliases
    if isinstance(node, ast.Call):
        return names.dotted(node.func, aliases) in _CLIENTS
    if any(_is_made(value, aliases) for value in flow.values(node, at)):
        return True
    if any(names.dotted(it, aliases) in _CLIENTS for it in flow.declared(node, at)):
        return True
    last = names.dotted(node, {}).rpartition(".")[2].lower()
    return last.endswith(_CLIENT_NAMES)


def _is_made(value: ast.AST, aliases: Mapping[str, str]) -> bool:
    return isinstance(value, ast.Call) and names.dotted(value.func, aliases) in _CLIENTS


def _is_imported(context: Context) -> bool:
    return any(context.is_module_imported_exact(library) for library in _LIBRARIES)


def is_aiohttp(context: Context, call: ast.Call) -> bool:
    """Whether ``ssl=False`` is said to aiohttp; elsewhere it may mean plain text."""
    name = context.call_function_name
    if any((names.template(it) or "").startswith("http://") for it in call.args[:2]):
        return False
    if name == "TCPConnector":
        return True
    return name in _FETCHING and bool(context.is_module_imported_like("aiohttp"))
