"""Calls that run what they are given as code."""

from __future__ import annotations

import ast

from tenterhooks.bandit.detections import commands, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_RUN = ("exec", "eval")
_BUILTINS = ("builtins", "__builtins__", "__builtin__")
_MADE = ("types.FunctionType", "types.LambdaType")
_IMPORTS = ("__import__", "importlib.import_module")
NAMES = frozenset(
    {"exec", "eval", "compile", "FunctionType", "LambdaType", "__import__", "import_module", ""}
    | commands.NAMES
)


class Run:
    """A call that runs code. what: its name, for people. code: the expressions it runs. hidden:
    whether the source takes care not to spell its name."""

    __slots__ = ("code", "hidden", "what")

    def __init__(self, what: str, code: list[ast.expr], hidden: bool) -> None:
        self.what = what
        self.code = code
        self.hidden = hidden


def run(call: ast.Call, aliases: Mapping[str, str]) -> Run | None:
    """What a call runs as code: ``exec`` and its like, a function made of a code object, a shell
    or an interpreter that is handed a program. `compile` counts where nothing near runs it."""
    name = names.spelled(call.func, aliases)
    hidden = bool(name) and not names.dotted(call.func, aliases)
    root, _, last = name.rpartition(".")
    if root in _BUILTINS:
        name = last
    if name in _RUN:
        return Run(name, call.args[:1], hidden)
    if name == "compile":
        return None if _is_run_later(call) else Run(name, call.args[:1], hidden)
    if name in _MADE or name in _IMPORTS:
        return Run(name, call.args[:1], hidden)
    if commands.started(call, aliases) is None and not commands.argument_of(call, aliases):
        return None
    return Run(name, _programs(call, aliases), hidden)


def _is_run_later(call: ast.Call) -> bool:
    """Whether a `compile` stands in a call that runs it, or gets a name that may be run: it is
    spoken of there."""
    parent = getattr(call, "_bandit_parent", None)
    if isinstance(parent, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
        return True
    return isinstance(parent, ast.Call) and call in parent.args[:1]


def _programs(call: ast.Call, aliases: Mapping[str, str]) -> list[ast.expr]:
    """The parts of a command that are a program: all of a string for a shell, what follows
    ``-c`` in a list."""
    parts = commands.argument_of(call, aliases)
    if len(parts) == 1:
        return parts
    for place, part in enumerate(parts[:-1]):
        if names.text(part) in ("-c", "-e", "/c", "-Command"):
            return parts[place + 1 : place + 2]
    return []
