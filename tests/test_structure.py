"""The floors and rooms of the package: imports go down, none goes round, no module grows too long.

Imports for the type checker and late ones count as all others do.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from conftest import ROOT

from tenterhooks.core.practice import practice_ids

SOURCE = ROOT / "hooks"
PACKAGE = "tenterhooks"
MOST_LINES = 300
# Why a module may be longer.
LONGER = {
    "formats.pure_yaml": "one class, over the one class that ruamel.yaml's parser is",
    "trusted_publishing.known": "a table",
}


def name_of(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


FILES = {
    name_of(path.relative_to(SOURCE).as_posix()): path
    for path in sorted(SOURCE.rglob("*.py"))
    if "pages" not in path.parts
}
PRACTICES = {id.replace("-", "_") for id in practice_ids()}


def imported(module: str) -> Iterator[str]:
    """The modules of ours that a module imports, wherever it does."""
    for node in ast.walk(ast.parse(FILES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in FILES)
        elif isinstance(node, ast.ImportFrom) and node.module in FILES and not node.level:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in FILES else node.module


IMPORTS = {module: set(imported(module)) - {module} for module in FILES}


def room(module: str) -> str:
    """The part of the package that a module belongs to."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def floor(module: str) -> int:
    it = room(module)
    return {"": 0, "core": 1, "formats": 2, "everything": 4}.get(it, 3)


@pytest.mark.parametrize("module", FILES)
def test_imports_go_down(module: str) -> None:
    up = {it for it in IMPORTS[module] if floor(it) > floor(module)}
    # The command that runs them all is on top, and finds them by their names.
    assert not up
    if room(module) in PRACTICES:
        others = {it for it in IMPORTS[module] if room(it) in PRACTICES - {room(module)}}
        assert not others


def test_imports_do_not_go_round() -> None:
    waiting = {module: set(imports) for module, imports in IMPORTS.items()}
    # A package is imported ahead of what is in it; that it names it in turn is no circle.
    while ready := [module for module, imports in waiting.items() if not imports]:
        for module in ready:
            del waiting[module]
        for imports in waiting.values():
            imports.difference_update(ready)
    circular = {
        module: sorted(imports & waiting.keys())
        for module, imports in waiting.items()
        if any(module in reached for reached in (reachable(it, waiting) for it in imports))
    }
    assert circular == {}


def reachable(start: str, graph: dict[str, set[str]]) -> set[str]:
    """The modules that one leads to, itself included."""
    seen, stack = {start}, [start]
    while stack:
        new = graph.get(stack.pop(), set()) - seen
        seen |= new
        stack += new
    return seen


@pytest.mark.parametrize("module", FILES)
def test_no_module_is_too_long(module: str) -> None:
    lines = FILES[module].read_text("utf-8").count("\n")
    assert lines <= MOST_LINES or module.removeprefix(f"{PACKAGE}.") in LONGER
