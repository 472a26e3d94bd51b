"""TH103: what was fetched from the network is run as code.

Sources: CWE-494; documentation of requests, httpx, urllib3, aiohttp and urllib.request for what a
response is.
"""

from __future__ import annotations

import ast
import re

from tenterhooks.bandit.detections import commands, executed, flow, names
from tenterhooks.bandit.detections.origin import Origin
from tenterhooks.bandit.detections.plugin import HIGH, NO_INTEGRITY_CHECK, detection, found

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.bandit.detections.plugin import Context, Issue

_VERBS = ("get", "post", "put", "patch", "request", "options", "delete")
_LIBRARIES = ("requests", "httpx", "niquests", "curl_cffi.requests")
_FETCHES = frozenset(
    {f"{library}.{verb}" for library in _LIBRARIES for verb in _VERBS}
    | {
        "requests.api.get",
        "urllib.request.urlopen",
        "urllib2.urlopen",
        "urllib.urlopen",
        "urllib3.request",
        "six.moves.urllib.request.urlopen",
        "aiohttp.request",
        "httpx.stream",
    }
)
# What makes an object whose methods fetch.
_CLIENTS = frozenset(
    {
        "requests.Session",
        "requests.session",
        "requests.sessions.Session",
        "httpx.Client",
        "httpx.AsyncClient",
        "niquests.Session",
        "aiohttp.ClientSession",
        "urllib3.PoolManager",
        "urllib3.ProxyManager",
        "urllib3.HTTPSConnectionPool",
        "urllib3.HTTPConnectionPool",
        "http.client.HTTPConnection",
        "http.client.HTTPSConnection",
        "urllib.request.build_opener",
        "socket.socket",
        "socket.create_connection",
    }
)
_METHODS = frozenset({*_VERBS, "urlopen", "open", "getresponse", "recv", "stream", "makefile"})
# Calls that hand on what they are given, at the first place.
_PASSES = frozenset(
    {"str", "bytes", "compile", "builtins.compile", "codecs.decode", "ast.parse", "textwrap.dedent"}
)
_PASSES_LAST = re.compile(r"(?:^|\.)(?:b64decode|decompress|loads|unhexlify|a2b_base64|decode)$")
# A part of a response that is no code.
_HARMLESS = frozenset({"status_code", "status", "ok", "headers", "reason", "url", "elapsed"})
_PIPE = re.compile(
    r"\b(?:curl|wget)\b[^|;&\n]{0,2000}\|\s*(?:sudo\s+(?:-\w+\s+)*)?(?:\S{0,200}/)?"
    r"(?:env\s+)?(?:ba|z|da|k|a)?(?:sh|python[0-9.]*|perl|ruby|node)\b(?!\.)"
)
_SUBSTITUTED = re.compile(
    r"(?:\b(?:ba|z|da|k)?sh\s+-c\s+[\"']?|\beval\s+[\"']?|\bsource\s+|\b(?:ba|z)?sh\s+)"
    r"(?:\$\(|`|<\()\s*(?:curl|wget)\b"
)


@detection("TH103", "Call", names=executed.NAMES)
def fetched_code_executed(context: Context) -> Issue:
    if context.call_function_name not in executed.NAMES:
        return None
    call, aliases = context.node, context.import_aliases
    it = executed.run(call, aliases)
    if it is None:
        return None
    if any(_Fetched(call, aliases).is_in(code) for code in it.code):
        return _issue(f"{it.what} runs what was fetched from the network")
    command = commands.started(call, aliases)
    if command is not None and any(map(_is_pipe, _lines(command))):
        return _issue(f"{it.what} pipes what was fetched from the network into an interpreter")
    return None


def _issue(what: str) -> Issue:
    return found(
        f"{what}: whoever can change it there runs code here. Ship the code with the program, or "
        "compare a pinned SHA-256 before it runs.",
        HIGH,
        NO_INTEGRITY_CHECK,
    )


def _lines(command: commands.Command) -> list[str]:
    """The lines that a shell is given: the text itself, or what follows ``-c``."""
    if command.shell is not None:
        return [command.shell]
    return [
        words[place + 1]
        for words in command.lists
        for place, word in enumerate(words[:-1])
        if word in ("-c", "-lc", "-ec", "-xc")
    ]


def _is_pipe(line: str) -> bool:
    return bool(_PIPE.search(line) or _SUBSTITUTED.search(line))


class _Fetched(Origin):
    def is_attribute(self, node: ast.Attribute, deep: int) -> bool:
        if node.attr in _HARMLESS:
            return False
        return self.is_named(node, deep) or self.is_in(node.value, deep)

    def is_made_by(self, node: ast.Call, deep: int) -> bool:
        """Whether a call fetches, or hands on what was fetched."""
        name = names.dotted(node.func, self.aliases)
        if name in _FETCHES:
            return True
        if (name in _PASSES or _PASSES_LAST.search(name)) and node.args:
            return self.is_in(node.args[0], deep)
        if not isinstance(node.func, ast.Attribute):
            return False
        holder = node.func.value
        if node.func.attr in _METHODS and self._is_client(holder, deep):
            return True
        return self.is_in(holder, deep)

    def _is_client(self, node: ast.AST, deep: int) -> bool:
        if not self.may_go_on(deep):
            return False
        if isinstance(node, ast.Call):
            return names.dotted(node.func, self.aliases) in _CLIENTS
        if any(self._is_client(value, deep - 1) for value in flow.values(node, self.call)):
            return True
        said = flow.declared(node, self.call)
        return any(names.dotted(it, self.aliases) in _CLIENTS for it in said)
