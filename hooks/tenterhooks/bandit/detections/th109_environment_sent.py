"""TH109: the whole environment, with every secret in it, sent over the network."""

from __future__ import annotations

import ast

from tenterhooks.bandit.detections import names, trees
from tenterhooks.bandit.detections.plugin import HIGH, MEDIUM, detection, found

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from tenterhooks.bandit.detections.plugin import Context, Issue

_HTTP = frozenset({"post", "put", "patch", "request", "get", "urlopen", "Request", "urlretrieve"})
_SOCKET = frozenset({"send", "sendall", "sendto", "sendmail", "send_json", "send_str"})
_CALLS = _HTTP | _SOCKET
# These are names of much else (a queue's `put`, `mock.patch`, a generator's `send`): only with a
# network library or a client in front.
_COMMON = frozenset({"get", "put", "patch", "Request", "send"})
_NETWORK = ("requests.", "httpx.", "urllib.", "urllib2.", "urllib3.", "aiohttp.")
_CLIENTS = frozenset({"session", "client", "http", "sess", "s"})
_SOCKETS = ("sock", "ws", "conn")
_ENVIRONMENTS = frozenset({"os.environ", "os.environb"})
_ADDERS = frozenset({"update", "append"})
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Module)
_METHODS = frozenset({"copy", "items", "values", "encode", "decode", "hex", "replace", "strip"})
_NAMES_ONLY = frozenset({"list", "sorted", "tuple", "set", "frozenset"})
_CONVERTERS = frozenset(
    {
        *("dict", "str", "repr", "bytes", "bytearray", "ascii", "format", "pformat", "join"),
        *("dumps", "urlencode", "quote", "quote_plus", "compress", "hexlify", "deepcopy"),
        *("b64encode", "urlsafe_b64encode", "standard_b64encode", "encodebytes", "b32encode"),
        *("b85encode", "b16encode", "encrypt", "BytesIO", "StringIO", *_NAMES_ONLY),
    }
)
_PRINTERS = frozenset({"check_output", "getoutput", "popen", "run"})
_SENT_INFORMATION = 201
_TEXT = (
    "The whole environment is sent over the network, with every token and password in it. Send"
    " the variables that are needed, by name."
)


@detection("TH109", "Call", names=_CALLS)
def environment_sent(context: Context) -> Issue:
    """``requests.post(url, data=dict(os.environ))``, and what amounts to it."""
    name = context.call_function_name
    if name not in _CALLS:
        return None
    call = context.node
    if not _is_sink(call, name, context.call_function_name_qual or ""):
        return None
    aliases = context.import_aliases
    sent = [*call.args, *(it.value for it in call.keywords)]
    if _is_whole(sent, aliases, frozenset()):
        return found(_TEXT, HIGH, _SENT_INFORMATION, HIGH if name in _HTTP else MEDIUM)
    if any(isinstance(it, ast.Name) for value in sent for it in ast.walk(value)) and _is_whole(
        sent, aliases, _holders(call, aliases)
    ):
        return found(_TEXT, HIGH, _SENT_INFORMATION, MEDIUM)
    return None


def _is_sink(call: ast.Call, name: str, qualified: str) -> bool:
    if name not in _COMMON or qualified.startswith(_NETWORK):
        return True
    receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
    owner = trees.last_name(receiver).lower()
    if name == "send":
        return owner == "s" or any(it in owner for it in _SOCKETS)
    return owner in _CLIENTS


def _is_whole(
    values: Iterable[ast.AST | None], aliases: Mapping[str, str], holders: Container[str]
) -> bool:
    """Whether one of the values is the environment, or a rendering of all of it."""
    waiting = list(values)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.Name, ast.Attribute)):
            if _is_environment(node, aliases) or getattr(node, "id", "") in holders:
                return True
        elif isinstance(node, ast.Call):
            if _prints_environment(node):
                return True
            waiting += _through_call(node, aliases)
        else:
            waiting += _through(node, aliases)
    return False


def _is_environment(node: ast.AST, aliases: Mapping[str, str]) -> bool:
    return names.spelled(node, aliases) in _ENVIRONMENTS


def _prints_environment(call: ast.Call) -> bool:
    """``subprocess.check_output("env")``."""
    if trees.last_name(call) not in _PRINTERS or not call.args:
        return False
    command = call.args[0]
    if isinstance(command, (ast.List, ast.Tuple)) and len(command.elts) == 1:
        command = command.elts[0]
    return names.text(command) in ("env", "printenv", "set")


def _through_call(call: ast.Call, aliases: Mapping[str, str]) -> list[ast.AST | None]:
    """What a call passes through whole: the arguments of a converter, the object of a method.
    Nothing is known of other functions: they may pick what they need."""
    name = trees.last_name(call)
    passed: list[ast.AST | None] = []
    if isinstance(call.func, ast.Attribute) and name in _METHODS:
        passed.append(call.func.value)
    if isinstance(call.func, ast.Attribute) and name == "read":
        passed.append(call.func.value)
    if name in _CONVERTERS:
        passed += [*call.args, *(it.value for it in call.keywords)]
    if name in _NAMES_ONLY:
        passed = [it for it in passed if it is None or not _is_environment(it, aliases)]
    return passed


def _through(node: ast.AST | None, aliases: Mapping[str, str]) -> list[ast.AST | None]:
    """The parts of a display, a format, an operation or a comprehension that it keeps whole."""
    if isinstance(node, ast.Dict):
        return list(node.values)
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return [it for it in node.elts if not isinstance(it, ast.Starred)]
    if isinstance(node, (ast.JoinedStr, ast.BoolOp)):
        return list(node.values)
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, (ast.FormattedValue, ast.NamedExpr, ast.Await)):
        return [node.value]
    if isinstance(node, (ast.DictComp, ast.ListComp, ast.SetComp, ast.GeneratorExp)):
        return _through_comprehension(node, aliases)
    return []


def _through_comprehension(
    node: ast.DictComp | ast.ListComp | ast.SetComp | ast.GeneratorExp, aliases: Mapping[str, str]
) -> list[ast.AST | None]:
    """What is looped over, unless a condition picks from it, or only the names are taken."""
    loop = node.generators[0]
    if loop.ifs:
        return []
    taken = node.value if isinstance(node, ast.DictComp) else node.elt
    names_only = _is_environment(loop.iter, aliases) and isinstance(taken, ast.Name)
    return [] if names_only else [loop.iter]


def _holders(call: ast.Call, aliases: Mapping[str, str]) -> frozenset[str]:
    """The variables that hold the environment where the call is: those of its function, and of
    the module. Remembered on the function, which is asked for every call in it."""
    held: frozenset[str] = frozenset()
    for parent in trees.parents(call):
        if isinstance(parent, _SCOPES):
            known: frozenset[str] | None = getattr(parent, "_tenterhooks_environment", None)
            if known is None:
                known = _assigned(parent, aliases)
                parent._tenterhooks_environment = known  # type: ignore[union-attr]  # noqa: SLF001
            held |= known
    return held


def _assigned(scope: ast.AST, aliases: Mapping[str, str]) -> frozenset[str]:
    holders: set[str] = set()
    for node in trees.own_nodes(scope):
        for target, value in _changes(node):
            base = target.value if isinstance(target, ast.Subscript) else target
            if isinstance(base, ast.Name) and _is_whole([value], aliases, holders):
                holders.add(base.id)
    return frozenset(holders)


def _changes(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST | None]]:
    """What is put where: ``a = b``, ``a |= b``, ``a["x"] = b``, ``a.update(b)``."""
    if isinstance(node, ast.Assign):
        yield from ((target, node.value) for target in node.targets)
    elif isinstance(node, (ast.AnnAssign, ast.AugAssign)):
        yield node.target, node.value
    elif isinstance(node, ast.Call) and trees.last_name(node) in _ADDERS and node.args:
        yield getattr(node.func, "value", node), node.args[0]
