"""TH112: commands run in a shell, or started, by ways that Bandit's B602 to B607 do not look at."""

from __future__ import annotations

import ast

from tenterhooks.bandit.detections import flow, names, trees
from tenterhooks.bandit.detections.plugin import HIGH, LOW, MEDIUM, detection, found

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tenterhooks.bandit.detections.plugin import Context, Issue

_COMMAND_INJECTION = 78
_SHELL = frozenset(
    {
        *("os.system", "os.popen", "posix.system", "nt.system", "subprocess.getoutput"),
        *("subprocess.getstatusoutput", "asyncio.create_subprocess_shell"),
    }
)
_RUNNERS = frozenset(
    f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen")
)
# Calls that take a function and its arguments, and where these start (None: in `args`).
_BY_REFERENCE = {
    "Thread": None,
    "Process": None,
    "Timer": 2,
    "submit": 1,
    "map": 1,
    "apply": 1,
    "apply_async": 1,
    "starmap": 1,
    "partial": 1,
    "run_in_executor": 2,
    "to_thread": 1,
    "run_sync": 1,
    "register": 1,
    "call_soon": 1,
    "call_later": 2,
    "start_new_thread": 1,
    "addCleanup": 1,
}
_OF_ASYNCIO = {"create_subprocess_shell": 0, "subprocess_shell": 1}
_STARTERS = frozenset({"spawn", "posix_spawn", "posix_spawnp"})
_HIDDEN = frozenset(name.rpartition(".")[2] for name in _SHELL | _RUNNERS) | {""}
_CALLS = frozenset({*_OF_ASYNCIO, *_STARTERS, *_HIDDEN, *_BY_REFERENCE})
# The program that runs this one, and what its user asked for.
_OWN = frozenset({"sys.executable", "sys.argv"})
_SHELLS = ("/bin/sh", "/bin/bash", "/bin/zsh", "sh", "bash", "zsh", "cmd.exe", "cmd", "pwsh")
_FIX = "Pass a list of words to subprocess.run, without a shell."


@detection("TH112", "Call", names=_CALLS)
def shell_by_another_name(context: Context) -> Issue:
    """asyncio's shell, functions passed by reference, looked up by name, or imported in place."""
    name = context.call_function_name
    if name not in _CALLS:
        return None
    call, aliases = context.node, context.import_aliases
    if name in _OF_ASYNCIO:
        command = names.argument(call, _OF_ASYNCIO[name], "cmd")
        fix = "Use asyncio.create_subprocess_exec with a list of words."
        return _shell(f"{name} runs its command in a shell.", command, fix)
    if name in _BY_REFERENCE:
        return _of_reference(call, name, aliases)
    return _of_starter(call, aliases) if name in _STARTERS else _of_hidden(call, aliases)


def _of_starter(call: ast.Call, aliases: Mapping[str, str]) -> Issue:
    function = names.spelled(call.func, aliases)
    program = names.argument(call, 0, "argv" if function == "pty.spawn" else "path")
    if isinstance(program, (ast.List, ast.Tuple)) and program.elts:
        program = program.elts[0]
    literal = names.text(program) if program is not None else None
    if function == "pty.spawn" and literal in _SHELLS:
        text = "pty.spawn opens a shell on a terminal, as a reverse shell does."
        fix = "Take it out if nobody can say why it is there."
        return found(f"{text} {fix}", HIGH, _COMMAND_INJECTION, MEDIUM)
    if literal is not None or function not in ("pty.spawn", "os.posix_spawn", "os.posix_spawnp"):
        return None
    owner = program.value if isinstance(program, ast.Subscript) else program
    if owner is not None and names.dotted(owner, aliases) in _OWN:
        return None
    text = f"{function} starts a program whose name is not written here. Check where it comes from."
    return found(text, LOW, _COMMAND_INJECTION, MEDIUM)


def _of_reference(call: ast.Call, name: str, aliases: Mapping[str, str]) -> Issue:
    passed = [*call.args[:3], *(it.value for it in call.keywords if it.arg in ("target", "func"))]
    for at, value in enumerate(passed):
        function = names.spelled(value, aliases)
        if function in _SHELL:
            text = f"{name} is given {function}, which opens a shell."
            return _shell(text, _command(call, name, at), _FIX)
        if function in _RUNNERS and _asks_for_shell(call):
            text = f"{name} is given {function} with shell=True."
            return _shell(text, _command(call, name, at), _FIX)
    return None


def _command(call: ast.Call, name: str, at: int) -> ast.expr | None:
    """The first argument of a function that is passed at a place."""
    start = _BY_REFERENCE[name]
    if start is not None and not any(it.arg == "args" for it in call.keywords):
        return names.argument(call, max(start, at + 1), "command")
    given = names.keyword(call, "args")
    return given.elts[0] if isinstance(given, (ast.Tuple, ast.List)) and given.elts else None


def _asks_for_shell(call: ast.Call) -> bool:
    """Whether ``shell=True`` is among the keywords, or in a ``kwargs`` that is written out."""
    for keyword in call.keywords:
        if keyword.arg == "shell":
            return _is_true(keyword.value)
        if keyword.arg in ("kwargs", "kwds", None) and _holds_shell(keyword.value, call):
            return True
    return False


def _holds_shell(options: ast.expr, call: ast.Call) -> bool:
    """Whether keywords that are written out, here or under a name, have ``shell=True``."""
    if isinstance(options, ast.Name):
        scope = flow.function_of(call)
        if scope is not None and options.id in _set_to_shell(scope):
            return True
        return any(_has_shell(it) for it in flow.values(options, call))
    return _has_shell(options)


def _has_shell(options: ast.expr) -> bool:
    if isinstance(options, ast.Call) and trees.last_name(options) == "dict":
        return any(it.arg == "shell" and _is_true(it.value) for it in options.keywords)
    if not isinstance(options, ast.Dict):
        return False
    pairs = zip(options.keys, options.values, strict=True)
    return any(key and names.text(key) == "shell" and _is_true(it) for key, it in pairs)


def _set_to_shell(scope: ast.AST) -> frozenset[str]:
    """The names for which a function says ``name["shell"] = True``. Remembered on the function,
    which is asked for every call in it."""
    known: frozenset[str] | None = getattr(scope, "_tenterhooks_shell", None)
    if known is None:
        known = frozenset(_shells(scope))
        scope._tenterhooks_shell = known  # type: ignore[attr-defined]  # noqa: SLF001
    return known


def _shells(scope: ast.AST) -> Iterator[str]:
    for node in trees.own_nodes(scope):
        if isinstance(node, ast.Assign) and _is_true(node.value):
            for target in node.targets:
                if isinstance(target, ast.Subscript) and names.text(target.slice) == "shell":
                    yield trees.last_name(target.value)


def _is_true(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and bool(node.value)


def _of_hidden(call: ast.Call, aliases: Mapping[str, str]) -> Issue:
    """``getattr(os, "system")(c)``, ``__import__("os").system(c)``,
    ``run(c, **{"shell": True})``."""
    plain = names.dotted(call.func, aliases)
    unpacked = any(it.arg is None for it in call.keywords)
    if plain and not (unpacked and plain in _RUNNERS):
        return None
    function = plain or _spelled(call.func, aliases)
    if function not in _SHELL and not (function in _RUNNERS and _asks_for_shell(call)):
        return None
    command = call.args[0] if call.args else None
    if plain:
        text = "shell=True is passed through **, where nobody looks for it."
        return _shell(text, command, _FIX) if _is_only_unpacked(call) else None
    text = f"{function} is reached by a name made at run time, where nobody looks for a shell."
    return _shell(text, command, _FIX, hidden=True)


def _is_only_unpacked(call: ast.Call) -> bool:
    """B602 reads the keyword that is written out."""
    return all(it.arg != "shell" for it in call.keywords)


def _spelled(node: ast.expr, aliases: Mapping[str, str]) -> str:
    """As `names.spelled`, and through ``sys.modules["os"]``."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Subscript):
        owner = node.value
        if names.dotted(owner.value, aliases) == "sys.modules":
            return f"{names.text(owner.slice) or ''}.{node.attr}"
    return names.spelled(node, aliases)


def _shell(said: str, command: ast.expr | None, fix: str, *, hidden: bool = False) -> Issue:
    """Graded as B602 does: a command that is a literal cannot be injected into."""
    literal = command is not None and names.text(command) is not None
    severity = (MEDIUM if hidden else LOW) if literal else HIGH
    return found(f"{said} {fix}", severity, _COMMAND_INJECTION, HIGH if hidden else MEDIUM)
