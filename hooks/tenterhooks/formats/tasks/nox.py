"""``nox -s publish``: what the sessions of a noxfile run.

Source: nox documentation, "Command-line usage" and "Configuration & API".
"""

from __future__ import annotations

import ast

from tenterhooks.formats.tasks.common import MAX_TASKS, arguments
from tenterhooks.formats.tasks.python_calls import Program, program
from tenterhooks.formats.tasks.python_file import last_part, spelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.formats.tasks import Commands
    from tenterhooks.formats.tasks.common import Where
    from tenterhooks.formats.tasks.python_file import Function

_VALUED = {
    **dict.fromkeys(("-s", "-e", "--session", "--sessions"), "session*"),
    **dict.fromkeys(("-f", "--noxfile"), "noxfile"),
    **dict.fromkeys(("-t", "--tags"), "tag*"),
    **dict.fromkeys(("-p", "--python", "--pythons", "--extra-python", "--extra-pythons"), "other*"),
    **dict.fromkeys(("-k", "--keywords", "--envdir", "-db", "--default-venv-backend"), "other"),
    **dict.fromkeys(("-fb", "--force-venv-backend", "--force-python", "--report"), "other"),
    **dict.fromkeys(("-P", "--download-python", "-j", "--parallel"), "other"),
}
_DECORATORS = {"session", "nox_session"}


def run(words: list[str], where: Where) -> Iterator[Commands]:
    """What nox runs, session by session, those that they notify included."""
    given = arguments(words, _VALUED)
    file = where.file(given.last("noxfile") or "noxfile.py")
    found = program(file, where.beside(file).folder, given.rest, True) if file else None
    if found is None:
        return
    sessions = _sessions(found)
    asked = [name for value in given.all("session") for name in value.split(",")]
    waiting = _chosen(found, sessions, asked, set(given.all("tag")))
    seen: set[str] = set()
    while waiting and len(seen) < MAX_TASKS:
        name = waiting.pop(0)
        if name not in seen and name in sessions:
            seen.add(name)
            yield from found.of(sessions[name])
            notified = found.notified(sessions[name])
            waiting += [other for it in notified for other in _named(it, sessions)]


def _chosen(
    found: Program, sessions: dict[str, Function], asked: list[str], tags: set[str]
) -> list[str]:
    if asked:
        return [name for one in asked[:MAX_TASKS] for name in _named(one, sessions)]
    if tags:
        return [name for name, function in sessions.items() if tags & set(_tags(function))]
    default = _default(found)
    return [it for one in default for it in _named(one, sessions)] if default else list(sessions)


def _named(asked: str, sessions: dict[str, Function]) -> list[str]:
    """``tests`` is meant by ``tests``, ``tests-3.12`` and ``tests(django='5')`` alike."""
    bare = asked.partition("(")[0]
    for name in (bare, bare.rpartition("-")[0]):
        plain = name.replace("_", "-")
        found = [it for it in sessions if it.replace("_", "-") == plain]
        if found:
            return found
    return []


def _sessions(found: Program) -> dict[str, Function]:
    sessions: dict[str, Function] = {}
    for function in found.module.functions.values():
        for decorator in function.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if last_part(called) in _DECORATORS:
                name = _keyword(decorator, "name")
                is_text = isinstance(name, ast.Constant) and isinstance(name.value, str)
                sessions[str(name.value) if is_text else function.name] = function  # type: ignore[union-attr]
    return sessions


def _keyword(decorator: ast.expr, name: str) -> ast.expr | None:
    keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
    return next((it.value for it in keywords if it.arg == name), None)


def _tags(function: Function) -> list[str]:
    listed = [_keyword(decorator, "tags") for decorator in function.decorator_list]
    return [text for it in listed if it for text in _strings(it)]


def _default(found: Program) -> list[str]:
    """What ``nox.options.sessions`` says."""
    for node in found.module.tree.body:
        if isinstance(node, ast.Assign) and spelled(node.targets[0]) == "nox.options.sessions":
            return _strings(node.value)
    return []


def _strings(node: ast.expr) -> list[str]:
    items = node.elts if isinstance(node, (ast.List, ast.Tuple, ast.Set)) else []
    return [it.value for it in items if isinstance(it, ast.Constant) and isinstance(it.value, str)]
