"""``invoke publish``: what the tasks of a ``tasks.py`` run.

Source: Invoke documentation, "Invoking tasks" and "Constructing namespaces".
"""

from __future__ import annotations

import ast

from tenterhooks.formats.tasks.common import MAX_TASKS, arguments
from tenterhooks.formats.tasks.python_calls import program
from tenterhooks.formats.tasks.python_file import last_part

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.formats.tasks import Commands
    from tenterhooks.formats.tasks.common import Where
    from tenterhooks.formats.tasks.python_file import Function

_VALUED = {
    **dict.fromkeys(("-c", "--collection"), "collection"),
    **dict.fromkeys(("-r", "--search-root"), "root"),
    **dict.fromkeys(("-f", "--config", "-T", "--command-timeout"), "other"),
}


def run(words: list[str], where: Where) -> Iterator[Commands]:
    """What Invoke runs, task by task, what they depend on first."""
    given = arguments(words, _VALUED)
    inner = where.inner(given.last("root") or "")
    file = inner.file((given.last("collection") or "tasks") + ".py") if inner else None
    found = program(file, inner.folder, []) if file and inner else None
    if found is None:
        return
    tasks = _tasks(found.module.functions)
    seen: set[str] = set()
    for word in given.words[:MAX_TASKS]:
        for function in _before(tasks.get(_plain(word)), tasks, seen):
            yield from found.of(function)


def _before(
    function: Function | None, tasks: dict[str, Function], seen: set[str]
) -> Iterator[Function]:
    """A task behind all that it wants to be run before it, each once."""
    waiting = [(function, False)]
    while waiting:
        function, is_ready = waiting.pop()
        if function is None or (function.name in seen and not is_ready):
            continue
        if is_ready:
            yield function
            continue
        seen.add(function.name)
        waiting.append((function, True))
        waiting += [(tasks.get(_plain(name)), False) for name in reversed(_wanted(function))]


def _tasks(functions: dict[str, Function]) -> dict[str, Function]:
    tasks: dict[str, Function] = {}
    for function in functions.values():
        for decorator in function.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if last_part(called) == "task":
                for name in [function.name, *_texts(decorator, ("name", "aliases"))]:
                    tasks[_plain(name)] = function
    return tasks


def _wanted(function: Function) -> list[str]:
    """The names in ``@task(build, pre=[clean])``."""
    found: list[str] = []
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call):
            found += [it.id for it in decorator.args if isinstance(it, ast.Name)]
            for keyword in decorator.keywords:
                if keyword.arg in ("pre", "post") and isinstance(keyword.value, ast.List):
                    found += [it.id for it in keyword.value.elts if isinstance(it, ast.Name)]
    return found[:MAX_TASKS]


def _texts(decorator: ast.expr, names: tuple[str, ...]) -> list[str]:
    keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
    nodes = [node for it in keywords if it.arg in names for node in ast.walk(it.value)]
    return [it.value for it in nodes if isinstance(it, ast.Constant) and isinstance(it.value, str)]


def _plain(name: str) -> str:
    """Dashes and underscores are the same; of ``release.publish`` the last part counts."""
    return name.rpartition(".")[2].replace("_", "-")
