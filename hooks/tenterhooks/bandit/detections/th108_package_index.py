"""TH108: code that points an installer at an index that somebody else can answer for.

Sources: pip documentation, "pip install" (``--extra-index-url``, ``--trusted-host``); uv
documentation, "Package indexes"; A. Birsan, "Dependency Confusion".
"""

from __future__ import annotations

import ast

from tenterhooks.bandit.detections import commands, names, trees
from tenterhooks.bandit.detections.plugin import HIGH, LOW, MEDIUM, detection, found

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tenterhooks.bandit.detections.plugin import Context, Issue

_SETTERS = frozenset({"setdefault", "putenv", "setenv"})
_BY_KEYWORD = frozenset({"update", "dict"})
# `session.install("--extra-index-url", ...)` and `session.run("pip", ...)` of nox.
_SESSIONS = frozenset({"install", "run", "run_always", "run_install"})
_CALLS = commands.NAMES | _SETTERS | _BY_KEYWORD | _SESSIONS
_HOST, _EXTRA, _PLACE = "host", "extra", "place"
_OPTIONS = {
    "--trusted-host": _HOST,
    "--allow-insecure-host": _HOST,
    "--extra-index-url": _EXTRA,
    "--index-url": _PLACE,
    "--default-index": _PLACE,
    "--index": _PLACE,
    "--find-links": _PLACE,
}
_SHORT = {"-i": _PLACE, "-f": _PLACE}
# uv asks its indexes in order and stops at the first that has the name, so an extra one of uv's
# cannot outbid the others.
_VARIABLES = {
    "PIP_TRUSTED_HOST": _HOST,
    "UV_INSECURE_HOST": _HOST,
    "PIP_EXTRA_INDEX_URL": _EXTRA,
    "PIP_INDEX_URL": _PLACE,
    "PIP_FIND_LINKS": _PLACE,
    "UV_DEFAULT_INDEX": _PLACE,
    "UV_EXTRA_INDEX_URL": _PLACE,
    "UV_FIND_LINKS": _PLACE,
    "UV_INDEX": _PLACE,
    "UV_INDEX_URL": _PLACE,
}
_TEXTS = {
    _HOST: "{} turns TLS off for a package index, so that anybody on the way can answer with"
    " code of their own. Give the index a certificate that pip trusts (--cert).",
    _EXTRA: "{} lets another index answer for every name: pip takes the highest version,"
    " whoever offers it (dependency confusion). Use one index that proxies the others, or"
    " --require-hashes.",
    _PLACE: "{} fetches packages over plain http, where anybody on the way can replace them."
    " Use https.",
}
_CWE = {_HOST: 295, _EXTRA: 427, _PLACE: 319}
_LOCAL = ("localhost", "127.", "[::1]", "::1", "0.0.0.0", "host.docker.internal")  # noqa: S104
_PIPS = frozenset({"pip", "pip3", "pip.exe", "pipx", "pip-compile", "pip-sync"})


@detection("TH108", "Call", "List", "Tuple", "Dict", "Assign", names=_CALLS)
def package_index_option(context: Context) -> Issue:
    """Options and variables of pip and uv that weaken where packages come from."""
    node = context.node
    if isinstance(node, (ast.List, ast.Tuple)):
        words = [_word(it) for it in node.elts]
        return None if _is_data(node, _installer(words)) else _of_words(words)
    if isinstance(node, ast.Call):
        return _of_call(context) if context.call_function_name in _CALLS else None
    if isinstance(node, ast.Dict):
        return _of_settings(zip(node.keys, node.values, strict=True))
    slots = [it.slice for it in node.targets if isinstance(it, ast.Subscript)]
    return _of_settings((slot, node.value) for slot in slots) if slots else None


def _is_data(node: ast.expr, installer: str) -> bool:
    """Whether a list is compared with something; or holds options only, and is a row of a table
    that nobody runs: of a list, or of ``pytest.param``."""
    parent = getattr(node, "_bandit_parent", None)
    if isinstance(parent, ast.Compare):
        return True
    rows = isinstance(parent, (ast.List, ast.Tuple, ast.Set)) or trees.last_name(parent) == "param"
    return rows and not installer


def _word(node: ast.AST) -> str:
    """The text of a word, with holes; a hole where nothing of it is known."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else names.HOLE
    said = names.template(node) or names.HOLE
    return said if said.replace(names.HOLE, "").strip(":/") else names.HOLE


def _of_call(context: Context) -> Issue:
    call, name = context.node, context.call_function_name
    if name in _BY_KEYWORD:
        return _of_settings((ast.Constant(it.arg), it.value) for it in call.keywords)
    if name in _SETTERS:
        return _of_settings([(call.args[0], call.args[1])]) if len(call.args) > 1 else None
    if name == "install":
        return _of_words(["pip", *map(_word, call.args)])
    command = commands.started(call, context.import_aliases)
    if command is None:
        return _of_words([_word(it) for it in call.args]) if name in _SESSIONS else None
    if command.shell is None and not all(map(names.template, call.args[:1])):
        return None  # The list itself is looked at where it stands.
    for words in command.lists:
        issue = _of_words(words) if _installer(words) else None
        if issue is not None:
            return issue
    return None


def _of_settings(pairs: Iterable[tuple[ast.expr | None, ast.expr]]) -> Issue:
    for key, value in pairs:
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            continue
        kind = _VARIABLES.get(key.value)
        if kind and _is_weak_value(key.value, kind, value):
            return _finding(key.value, kind, LOW if _word(value) == names.HOLE else MEDIUM)
    return None


def _is_weak_value(name: str, kind: str, value: ast.expr) -> bool:
    said = _word(value)
    if said != names.HOLE:
        return _is_weak(kind, said)
    handed_on = any(names.text(it) == name for it in _looked_up(value))
    return kind != _PLACE and not isinstance(value, ast.Constant) and not handed_on


def _looked_up(value: ast.expr) -> list[ast.expr]:
    """The keys of ``os.environ["X"]`` and ``os.environ.get("X")``."""
    if isinstance(value, ast.Call):
        return value.args
    return [value.slice] if isinstance(value, ast.Subscript) else []


def _of_words(words: Sequence[str]) -> Issue:
    """A command, word by word."""
    settings = "config" in words
    if not settings and not any(word[:1] == "-" for word in words):
        return None
    installer = _installer(words)
    for at, word in enumerate(words):
        option, equals, value = word.partition("=")
        kind = _kind(option, installer, settings)
        if kind and _is_fault(kind, value if equals else _after(words, at), installer):
            return _finding(option, kind, HIGH if kind == _HOST else MEDIUM)
    return None


def _kind(option: str, installer: str, settings: bool) -> str | None:
    if installer and option in _SHORT:
        return _SHORT[option]
    if installer and settings and option.startswith(("global.", "install.")):
        option = "--" + option.partition(".")[2]
    return _OPTIONS.get(option)


def _after(words: Sequence[str], at: int) -> str:
    return words[at + 1] if at + 1 < len(words) else ""


def _is_fault(kind: str, value: str, installer: str) -> bool:
    if kind == _EXTRA and installer == "uv":
        kind = _PLACE
    if value == names.HOLE:
        return kind != _PLACE and bool(installer)
    return _is_weak(kind, value)


def _is_weak(kind: str, value: str) -> bool:
    """Whether a literal value is a host, or an address, that the option is wrong with."""
    if not value or value[0] == "-" or (kind == _HOST and (" " in value or "/" in value)):
        return False
    scheme, _, rest = value.rpartition("://")
    host = rest.rpartition("@")[2] if scheme else (value if kind == _HOST else "")
    if host.startswith(_LOCAL):
        return False
    if kind == _PLACE:
        return scheme.endswith("http") and not host.startswith(names.HOLE)
    return kind == _HOST or (bool(scheme) and scheme != "file")


def _installer(words: Sequence[str]) -> str:
    """``pip`` or ``uv``, if that is what the words run; else nothing."""
    for at, word in enumerate(words[:8]):
        base = word.replace("\\", "/").rpartition("/")[2]
        if base == "uv":
            return "uv"
        if base in _PIPS or (word == "piptools" and at and words[at - 1] == "-m"):
            return "pip"
    return ""


def _finding(option: str, kind: str, confidence: str) -> Issue:
    return found(_TEXTS[kind].format(option), MEDIUM, _CWE[kind], confidence)
