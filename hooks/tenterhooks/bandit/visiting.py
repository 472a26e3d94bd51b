"""The walk over one file's tree: every node in Bandit's order, tests only where one may find."""

# ruff: noqa: SLF001 - `_bandit_parent` is where Bandit's tests look for a node's parent

from __future__ import annotations

import ast
import io
from importlib import import_module

from tenterhooks.bandit import naming
from tenterhooks.bandit.loading import Broken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from tenterhooks.bandit.configured import BanditTest
    from tenterhooks.bandit.engine import Engine

    Report = Callable[[BanditTest, Any, dict[str, Any]], None]


class Walk:
    """One file.

    report: called with each test, what it returned or the exception it raised, and the context.
    """

    def __init__(self, engine: Engine, path: str, data: bytes, report: Report) -> None:
        context = import_module("bandit.core.context")
        utils = import_module("bandit.core.utils")
        self._engine = engine
        self._path = path
        self._data = data
        self._stream = io.BytesIO(data)
        self._report = report
        self._utils = utils
        self._lines_of = utils.linerange if engine.foreign else naming.lines_by(utils)
        self._context = context.Context
        self._imports: set[str] = set()
        self._aliases: dict[str, str] = {}
        self._sums: dict[int, bool] = {}
        self._every, self._any = engine.calls.of_file(path, data)
        self._actions: dict[str, Callable[[Any], None]] = {
            "Call": self._call,
            "Constant": self._constant,
            "FunctionDef": self._function,
            "Import": self._import,
            "ImportFrom": self._import_from,
        }

    def run(self, tree: ast.Module) -> None:
        """Walk the tree, then run the tests of the whole file. The tree is used up."""
        opened = self._visit_with_siblings(tree) if self._engine.foreign else self._visit(tree)
        self._file()
        if not self._engine.foreign:
            # Parents and children refer to each other: without this, only the garbage
            # collector would free them.
            for node in opened:
                vars(node).clear()

    def _visit(self, tree: ast.Module) -> list[ast.AST]:
        """All nodes of classes that matter; returns those that have children."""
        table = self._table()
        stack: list[Any] = [tree]
        pop, push = stack.pop, stack.append
        opened = []
        while stack:
            node = pop()
            action, fields = table[node.__class__]
            if action is not None:
                action(node)
            if not fields:
                continue
            opened.append(node)
            for field in fields:
                value = getattr(node, field)
                if value.__class__ is list:
                    for child in value[::-1]:
                        if child.__class__ in table:
                            child._bandit_parent = node  # type: ignore[attr-defined]
                            push(child)
                elif value.__class__ in table:
                    value._bandit_parent = node  # type: ignore[attr-defined]
                    push(value)
        return opened

    def _visit_with_siblings(self, tree: ast.Module) -> list[ast.AST]:
        """The same, with all that plugins of other people may look at."""
        table = self._table()
        stack: list[Any] = [(tree, None, None)]
        while stack:
            node, parent, sibling = stack.pop()
            if parent is not None:
                node._bandit_parent = parent
                node._bandit_sibling = sibling
            action, fields = table[node.__class__]
            if action is not None:
                action(node)
            for field in fields:
                value = getattr(node, field)
                children = value if value.__class__ is list else (value,)
                after = None
                for child in children[::-1]:
                    if child.__class__ in table:
                        stack.append((child, node, after))
                    after = child
        return []

    def _table(self) -> dict[type, tuple[Callable[[Any], None] | None, Sequence[str]]]:
        return {
            kind: (None if name is None else self._action(name), fields)
            for kind, (name, fields) in self._engine.table.items()
        }

    # What Bandit's visitor does for each type of node.

    def _action(self, kind: str) -> Callable[[Any], None]:
        if kind in self._actions:
            return self._actions[kind]
        tests, aliases = self._engine.tests[kind], self._aliases
        guards = [test.guard for test in tests if test.guard is not None]
        if len(guards) < len(tests):
            return self._other

        def guarded(node: Any) -> None:
            for guard in guards:
                if guard(node, aliases):
                    self._other(node)
                    break

        return guarded

    def _call(self, node: Any) -> None:
        calls = self._engine.calls
        function = node.func
        bits = self._every
        if function.__class__ is ast.Name:
            name = function.id
            if name == "__import__":
                bits |= calls.dynamic_import
            name = self._aliases.get(name, name)
        elif function.__class__ is ast.Attribute:
            name = self._attribute(function)
        else:
            name = ""
        bits |= calls.named(name)
        for keyword in node.keywords:
            if keyword.arg is not None:
                bits |= calls.keyword(keyword.arg)
        bits &= self._any
        if bits:
            context = self._about(node)
            context["call"] = node
            context["qualname"] = name
            context["name"] = name.rpartition(".")[2]
            self._run(calls.of(bits), context, node)

    def _attribute(self, node: Any) -> str:
        """The dotted name with what is imported under another name resolved, as Bandit does."""
        aliases = self._aliases
        names = []
        while node.__class__ is ast.Attribute:
            names.append(node.attr)
            node = node.value
        name: str = aliases.get(node.id, node.id) if node.__class__ is ast.Name else ""
        for part in reversed(names):
            name = f"{name}.{part}"
            if name in aliases:
                name = aliases[name]
        return name

    def _constant(self, node: Any) -> None:
        value = node.value
        parent = node._bandit_parent
        if parent.__class__ is ast.Expr:
            return
        if value.__class__ is str:
            bits = self._engine.strings.bits(node, parent, self._sums)
            if bits:
                context = self._about(node)
                context["str"] = value
                self._run(self._engine.strings.of(bits), context, parent)
        elif value.__class__ is bytes:
            tests = self._wanted("Bytes", node)
            if tests:
                context = self._about(node)
                context["bytes"] = value
                self._run(tests, context, parent)

    def _import(self, node: Any) -> None:
        for alias in node.names:
            if alias.asname:
                self._aliases[alias.asname] = alias.name
            self._imports.add(alias.name)
        tests = self._wanted("Import", node)
        if tests:
            context = self._about(node)
            context["module"] = node.names[-1].name
            self._run(tests, context, node)

    def _import_from(self, node: Any) -> None:
        module = node.module
        if module is None:
            self._import(node)
            return
        for alias in node.names:
            whole = f"{module}.{alias.name}"
            self._aliases[alias.asname or alias.name] = whole
            self._imports.add(whole)
        tests = self._wanted("ImportFrom", node)
        if tests:
            context = self._about(node)
            context["module"] = module
            context["name"] = node.names[-1].name
            self._run(tests, context, node)

    def _function(self, node: Any) -> None:
        tests = self._wanted("FunctionDef", node)
        if not tests:
            return
        context = self._about(node)
        context["function"] = node
        context["name"] = node.name
        context["qualname"] = self._qualified(node) if self._engine.foreign else ""
        self._run(tests, context, node)

    def _qualified(self, node: Any) -> str:
        return f"{naming.namespace(node, self._path, self._utils)}.{node.name}"

    def _other(self, node: Any) -> None:
        tests = self._wanted(node.__class__.__name__, node)
        if tests:
            self._run(tests, self._about(node), node)

    def _wanted(self, kind: str, node: Any) -> list[BanditTest]:
        """The tests that ``node`` needs; a file's is its bytes."""
        return [
            test
            for test in self._engine.tests.get(kind, ())
            if test.guard is None or test.guard(node, self._aliases)
        ]

    def _file(self) -> None:
        tests = self._wanted("File", self._data)
        if tests:
            context = {
                "file_data": self._stream,
                "filename": self._path,
                "lineno": 0,
                "linerange": [0, 1],
                "col_offset": 0,
            }
            self._run(tests, context, None)

    # Contexts and tests.

    def _about(self, node: Any) -> dict[str, Any]:
        context: dict[str, Any] = {
            "imports": self._imports,
            "import_aliases": self._aliases,
            "node": node,
            "filename": self._path,
            "file_data": self._stream,
        }
        # Not all nodes have a place; those that do not lack all of it.
        if hasattr(node, "lineno"):
            context["lineno"] = node.lineno
            context["col_offset"] = node.col_offset
            context["end_col_offset"] = node.end_col_offset
        return context

    def _run(self, tests: Sequence[BanditTest], context: dict[str, Any], ranged: Any) -> None:
        """Run each test; ``ranged``: the node whose lines a finding is said to span."""
        shared = None
        for test in tests:
            if not test.shares or "linerange" in context:
                self._range(context, ranged)
                found = self._call_test(test, self._context(dict(context)))
            else:
                shared = shared or self._context(context)
                found = self._call_test(test, shared)
            if found is not None:
                self._range(context, ranged)
                self._report(test, found, context)

    def _range(self, context: dict[str, Any], node: Any) -> None:
        if "linerange" not in context:
            context["linerange"] = self._lines_of(node)

    @staticmethod
    def _call_test(test: BanditTest, context: Any) -> Any:
        try:
            return test(context)
        except (RecursionError, Broken):
            raise
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin may raise anything
            return error
