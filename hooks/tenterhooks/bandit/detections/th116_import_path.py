"""TH116: modules imported from a place that somebody else may write to.

Sources: documentation of ``sys.path`` and of ``-P``; CWE-427, "Uncontrolled Search Path Element";
Nox documentation, "Configuration & API" (the folder of the noxfile is made the current one).
"""

from __future__ import annotations

import ast
import os.path
import re

from tenterhooks.bandit.detections import flow, names, trees
from tenterhooks.bandit.detections.plugin import HIGH, LOW, MEDIUM, detection, found

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tenterhooks.bandit.detections.plugin import Context, Issue

    Place = tuple[str, str]

_SEARCH_PATH = 427
_CALLS = {"insert": 1, "append": 0, "extend": 0, "addsitedir": 0}
_FOLDERS = frozenset({"os.getcwd", "os.getcwdb", "pathlib.Path.cwd", "Path.cwd"})
_RELATIVE = frozenset({"os.curdir", "os.pardir", "os.path.curdir", "os.path.pardir"})
# Also a share of Windows, and `%s` and `{}`, which leave open where the rest leads.
_ABSOLUTE = re.compile(r"[/\\~%{]|[A-Za-z]:")
# What is put behind all the rest takes no other module's place.
_AT_THE_END = frozenset({"append", "extend"})
_TEMPORARY = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108
_TEMPORARY_CALLS = frozenset({"tempfile.gettempdir", "tempfile.gettempdirb"})
_OUTSIDE_CALLS = frozenset({"os.getenv", "os.environ.get", "input", "builtins.input"})
_OUTSIDE = frozenset({"os.environ", "sys.argv"})
# What leaves a place what it is: conversions, and names of something below it.
_KEPT = frozenset(
    {
        *("abspath", "realpath", "normpath", "expanduser", "expandvars", "str", "fspath", "Path"),
        *("join", "resolve", "absolute", "as_posix", "split", "joinpath"),
    }
)
_CURRENT = ("the current folder", LOW)
_WRITABLE = ("a folder that every user can write to", MEDIUM)
_GIVEN = ("a folder that the environment or the command line names", MEDIUM)
# Sphinx, Nox, and whoever builds, make the folder of these the current one.
_RUN_AT_HOME = ("conf.py", "setup.py", "noxfile.py")
# Where Python takes modules from anyway.
_ENVIRONMENTS = ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH")
_MOST = 100


@detection("TH116", "Call", "Assign", "AugAssign", names=_CALLS)
def import_path_from_outside(context: Context) -> Issue:
    """What is put on ``sys.path``."""
    node, aliases = context.node, context.import_aliases
    if isinstance(node, ast.Call):
        added = _added(node, context.call_function_name, aliases)
    else:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        bases = [it.value if isinstance(it, ast.Subscript) else it for it in targets]
        is_path = any(names.dotted(base, aliases) == "sys.path" for base in bases)
        added = [node.value] if is_path else []
    place = _place(added, node, aliases)
    if place is None or (place is _CURRENT and _is_usual_there(context)):
        return None
    text = (
        f"{place[0].capitalize()} is searched for modules, so that a file there takes the place of"
        " one of yours, or of Python's. Use a folder beside __file__, or install the package."
    )
    return found(text, place[1], _SEARCH_PATH, MEDIUM if place is _CURRENT else HIGH)


def _is_usual_there(context: Context) -> bool:
    """Whether the current folder does no harm: it is the file's own, or comes after all others."""
    node = context.node
    if isinstance(node, ast.AugAssign):
        return not isinstance(node.target, ast.Subscript)
    at_the_end = isinstance(node, ast.Call) and context.call_function_name in _AT_THE_END
    return at_the_end or os.path.basename(str(context.filename)) in _RUN_AT_HOME


def _added(call: ast.Call, name: str | None, aliases: Mapping[str, str]) -> list[ast.expr]:
    if name not in _CALLS:
        return []
    function = names.dotted(call.func, aliases)
    if function != "site.addsitedir" and function != f"sys.path.{name}":
        return []
    value = names.argument(call, _CALLS[name], "sitedir")
    return [] if value is None else [value]


def _place(values: Iterable[ast.expr], at: ast.AST, aliases: Mapping[str, str]) -> Place | None:
    """What kind of place the first of the values is that anybody else decides on."""
    waiting = list(values)
    for _ in range(_MOST):
        if not waiting:
            return None
        node = waiting.pop()
        known = _known(node, aliases)
        if known is not None:
            return known
        waiting += _inside(node, at, aliases)
    return None


def _known(node: ast.expr, aliases: Mapping[str, str]) -> Place | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if node.value.startswith(_TEMPORARY):
            return _WRITABLE
        return None if _ABSOLUTE.match(node.value) else _CURRENT
    if isinstance(node, ast.Attribute) and names.dotted(node, aliases) in _RELATIVE:
        return _CURRENT
    if isinstance(node, ast.Call):
        function = names.dotted(node.func, aliases)
        if function in _FOLDERS:
            return _CURRENT
        if function in _TEMPORARY_CALLS:
            return _WRITABLE
        return _GIVEN if function in _OUTSIDE_CALLS and not _is_usual(node.args[:1]) else None
    if isinstance(node, ast.Subscript) and names.dotted(node.value, aliases) in _OUTSIDE:
        # `sys.argv[0]` is the script itself.
        usual = names.number(node.slice) == 0 or _is_usual([node.slice])
        return None if usual else _GIVEN
    return None


def _is_usual(keys: Iterable[ast.expr]) -> bool:
    return any(names.text(key) in _ENVIRONMENTS for key in keys)


def _inside(node: ast.expr, at: ast.AST, aliases: Mapping[str, str]) -> list[ast.expr]:
    """The parts of an expression that say where it leads: the first of a path, all of a list."""
    if isinstance(node, (ast.List, ast.Tuple)):
        return list(node.elts)
    if isinstance(node, ast.JoinedStr):
        return node.values[:1]
    if isinstance(node, ast.FormattedValue):
        return [node.value]
    if isinstance(node, ast.BinOp):
        lists = isinstance(node.op, ast.Add) and (_is_list(node.left) or _is_list(node.right))
        both = lists or isinstance(node.op, ast.Mod)
        return [node.right, node.left] if both else [node.left]
    if isinstance(node, ast.Name):
        return flow.values(node, at)
    if isinstance(node, ast.Call) and trees.last_name(node) in _KEPT:
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        is_module = owner is None or names.dotted(owner, aliases) in ("os", "os.path", "pathlib")
        return node.args[:1] if is_module or owner is None else [owner]
    return []


def _is_list(node: ast.expr) -> bool:
    """Whether ``+`` joins lists of folders here, and not the parts of one."""
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Slice)
    return isinstance(node, (ast.List, ast.Tuple)) or trees.last_name(node) in ("path", "list")
