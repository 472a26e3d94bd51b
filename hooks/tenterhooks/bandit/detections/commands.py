"""The commands that a program starts: which calls start one, and of what words it is made."""

from __future__ import annotations

import ast
import re

from tenterhooks.bandit.detections import flow, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_SUBPROCESS = ("run", "call", "check_call", "check_output", "Popen")
# Name of the call -> place of the command. What takes its words one by one is in `_SPREAD`.
_LAUNCHERS = {
    **{f"subprocess.{name}": 0 for name in _SUBPROCESS},
    "subprocess.getoutput": 0,
    "subprocess.getstatusoutput": 0,
    "asyncio.create_subprocess_shell": 0,
    "os.system": 0,
    "os.popen": 0,
    "os.execv": 1,
    "os.execve": 1,
    "os.execvp": 1,
    "os.execvpe": 1,
    "os.posix_spawn": 1,
    "os.posix_spawnp": 1,
    "os.spawnv": 2,
    "os.spawnve": 2,
    "os.spawnvp": 2,
    "os.spawnvpe": 2,
    "pty.spawn": 0,
}
_SPREAD = {
    "asyncio.create_subprocess_exec": 0,
    "os.execl": 1,
    "os.execle": 1,
    "os.execlp": 1,
    "os.execlpe": 1,
    "os.spawnl": 2,
    "os.spawnle": 2,
    "os.spawnlp": 2,
    "os.spawnlpe": 2,
}
_KEYWORDS = {
    "subprocess.getoutput": "cmd",
    "subprocess.getstatusoutput": "cmd",
    "asyncio.create_subprocess_shell": "cmd",
    "os.system": "command",
    "os.popen": "cmd",
}
NAMES = frozenset(name.rpartition(".")[2] for name in (*_LAUNCHERS, *_SPREAD))
_BREAK = re.compile(r"\|\||&&|[|;&\n()]")
_DEEP = 4
_LONGEST = 20_000


class Command:
    """What one call starts. lists: the words of each command that it may be, with ``{}`` for what
    is not known. shell: the text, if it was one string; it may hold several commands."""

    __slots__ = ("lists", "shell")

    def __init__(self, lists: list[list[str]], shell: str | None = None) -> None:
        self.lists = lists
        self.shell = shell


def started(call: ast.Call, aliases: Mapping[str, str]) -> Command | None:
    """The command that a call starts, if it is one of those that start one and some of its words
    are known."""
    name = names.spelled(call.func, aliases)
    if name in _SPREAD:
        return Command([[_word(word) for word in call.args[_SPREAD[name] :]]])
    if name not in _LAUNCHERS:
        return None
    given = names.argument(call, _LAUNCHERS[name], _KEYWORDS.get(name, "args"))
    return None if given is None else _command(given, call)


def argument_of(call: ast.Call, aliases: Mapping[str, str]) -> list[ast.expr]:
    """The expressions that a call hands over as a command."""
    name = names.spelled(call.func, aliases)
    if name in _SPREAD:
        return call.args[_SPREAD[name] :]
    if name not in _LAUNCHERS:
        return []
    node = names.argument(call, _LAUNCHERS[name], _KEYWORDS.get(name, "args"))
    if isinstance(node, (ast.List, ast.Tuple)):
        return node.elts
    return [] if node is None else [node]


def words_of(node: ast.expr, at: ast.AST) -> list[str] | None:
    """The words of a list, of lists that are added, of ``"...".split()`` and ``shlex.split``,
    through names. None if it is no list."""
    return _Reader(at).listed(node, _DEEP)


def _command(node: ast.expr, call: ast.Call) -> Command | None:
    it = _written(node, call)
    if it is not None or not isinstance(node, (ast.Name, ast.Attribute)):
        return it
    lists: list[list[str]] = []
    for history in flow.histories(node, call):
        first = None if history[0] is None else _written(history[0], call)
        if first is not None and first.shell is not None:
            return first
        lists.append(_Reader(call).joined(history, _DEEP))
    return Command(lists) if lists else None


def _written(node: ast.expr, call: ast.Call) -> Command | None:
    """The command that an expression is: a text, or a list."""
    shell = names.template(node)
    if shell is not None:
        shell = shell[:_LONGEST]
        return Command([split(part) for part in _BREAK.split(shell)], shell)
    words = None if isinstance(node, ast.Name) else words_of(node, call)
    return None if words is None else Command([words])


def split(line: str) -> list[str]:
    """The words of a text, roughly as a shell would have them."""
    return [word.strip("\"'") for word in line[:_LONGEST].split()]


class _Reader:
    """Reads the words of one list. left: how many more it may read, for lists may be made of
    lists that are made of lists."""

    def __init__(self, at: ast.AST) -> None:
        self.at = at
        self.left = 1_000

    def listed(self, node: ast.expr, deep: int) -> list[str] | None:
        if deep <= 0:
            return None
        if isinstance(node, (ast.List, ast.Tuple)):
            return [word for item in node.elts[: self.left] for word in self._words(item, deep)]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            left, right = self.listed(node.left, deep - 1), self.listed(node.right, deep - 1)
            if left is None and right is None:
                return None
            return (left or [names.HOLE]) + (right or [names.HOLE])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            return _taken_apart(node, node.func)
        if isinstance(node, ast.Name):
            histories = flow.histories(node, self.at)
            return self.joined(histories[-1], deep - 1) if histories else None
        return None

    def joined(self, history: list[ast.expr | None], deep: int) -> list[str]:
        """The words of a list and of what was added to it."""
        words: list[str] = []
        for value in history:
            words += (value and self.listed(value, deep)) or [names.HOLE]
        return words

    def _words(self, item: ast.expr, deep: int) -> list[str]:
        self.left -= 1
        if self.left <= 0:
            return []
        if isinstance(item, ast.Starred):
            return self.listed(item.value, deep - 1) or [names.HOLE]
        return [_word(item)]


def _taken_apart(node: ast.Call, func: ast.Attribute) -> list[str] | None:
    if func.attr != "split":
        return None
    if names.dotted(func, {}) != "shlex.split":
        line = names.template(func.value)
    else:
        line = names.template(node.args[0]) if node.args else None
    return None if line is None else split(line)


def _word(node: ast.AST) -> str:
    return names.template(node) or names.HOLE
