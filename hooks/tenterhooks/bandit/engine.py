"""The tests that run, arranged by what they look at, so that a file's walk asks little."""

from __future__ import annotations

import ast

from tenterhooks.bandit import guards
from tenterhooks.bandit.bits import MEMO_LIMIT, Bits
from tenterhooks.bandit.strings import Strings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from tenterhooks.bandit.configured import BanditTest
    from tenterhooks.bandit.loading import Registry

# Fields that never hold what a test can look at.
_SCALAR = frozenset(
    ("attr", "ctx", "id", "kind", "level", "op", "ops", "type_comment", "type_ignores")
)
# Nodes without children, which nobody asks about but a plugin of somebody else.
_LEAVES = ("Break", "Continue", "Global", "Name", "Nonlocal", "Pass", "TypeIgnore", "alias")


class Calls(Bits):
    """The tests of calls; which of them a call needs is a set of bits."""

    def __init__(self, tests: Sequence[BanditTest]) -> None:
        super().__init__(tests)
        found = [guards.for_call(test.function, test.config) for test in tests]
        conditions = [(1 << index, guard) for index, guard in enumerate(found)]
        self._always = sum(bit for bit, guard in conditions if guard.always)
        self._by_name = [(bit, it.named) for bit, it in conditions if it.named]
        self._by_keyword = [(bit, it.keyword) for bit, it in conditions if it.keyword]
        self._where = [(bit, it.where) for bit, it in conditions if it.where]
        self._all_where = [(bit, it.all_where) for bit, it in conditions if it.all_where]
        self.dynamic_import = sum(
            1 << index for index, test in enumerate(tests) if test.name == "blacklist"
        )
        self._named: dict[str, int] = {}
        self._keyword: dict[str, int] = {}

    def of_file(self, path: str, data: bytes) -> tuple[int, int]:
        """The tests that every call of a file needs, and those that any of its calls may need."""
        every = sum(bit for bit, condition in self._all_where if condition(path, data))
        never = sum(bit for bit, condition in self._where if not condition(path, data))
        return every, ~never

    def named(self, name: str) -> int:
        """The tests for a call of this qualified name."""
        found = self._named.get(name)
        if found is None:
            if len(self._named) >= MEMO_LIMIT:
                self._named.clear()
            found = self._always | _holding(self._by_name, name)
            self._named[name] = found
        return found

    def keyword(self, name: str) -> int:
        """The tests for a call with this keyword."""
        found = self._keyword.get(name)
        if found is None:
            if len(self._keyword) >= MEMO_LIMIT:
                self._keyword.clear()
            found = _holding(self._by_keyword, name)
            self._keyword[name] = found
        return found


def _holding(conditions: list[tuple[int, Callable[[str], bool]]], name: str) -> int:
    return sum(bit for bit, condition in conditions if guards.holds(condition, name))


class Engine:
    """Everything that a walk needs.

    registry: all tests that there are. tests: check type -> tests. foreign: a plugin of somebody
    else is among them, which may look at every node's neighbours. table: node class -> (its name
    if tests look at it or the walk must, fields from last to first); a class that is not in it
    is passed over.
    """

    def __init__(self, registry: Registry, tests: dict[str, list[BanditTest]]) -> None:
        self.registry = registry
        self.tests = {
            kind: found if kind == "Call" else [test.guarded(kind) for test in found]
            for kind, found in tests.items()
        }
        self.calls = Calls(tests.get("Call", ()))
        self.strings = Strings(tests.get("Str", ()))
        self.foreign = any(not test.shares for found in tests.values() for test in found)
        skipped = _skipped(tests)
        self.table = {
            kind: (self._visited(kind), _fields(kind, skipped))
            for kind in _node_classes()
            if self._matters(kind)
        }
        self.urls: dict[str, str] = {}

    def url(self, test_id: str) -> str:
        if test_id not in self.urls:
            self.urls[test_id] = self.registry.url(test_id)
        return self.urls[test_id]

    def _visited(self, kind: type[ast.AST]) -> str | None:
        name = kind.__name__
        if name == "Constant":
            return "Constant" if "Str" in self.tests or "Bytes" in self.tests else None
        if name in ("Import", "ImportFrom"):
            return name
        # Bandit never runs a test of these.
        wanted = name in self.tests and name not in ("ClassDef", "Module", "Str", "Bytes")
        return name if wanted else None

    def _matters(self, kind: type[ast.AST]) -> bool:
        if self._visited(kind) is not None:
            return True
        if issubclass(kind, _MARKS):
            return False
        return self.foreign or kind.__name__ not in (*_LEAVES, "Constant")


_MARKS = (ast.expr_context, ast.boolop, ast.operator, ast.unaryop, ast.cmpop)


def _node_classes() -> list[type[ast.AST]]:
    """The classes of nodes that a parser makes."""
    return [it for it in vars(ast).values() if isinstance(it, type) and issubclass(it, ast.AST)]


def _skipped(wanted: Collection[str]) -> frozenset[str]:
    """The fields that need no look when these check types are asked for."""
    # Not getattr: the names that newer Pythons have deprecated would warn.
    classes = [vars(ast).get(name) for name in wanted]
    marks = any(isinstance(it, type) and issubclass(it, _MARKS) for it in classes)
    return _SCALAR - {"ctx", "op", "ops"} if marks else _SCALAR


def _fields(kind: type[ast.AST], skipped: frozenset[str]) -> tuple[str, ...]:
    """The fields to be walked, from last to first."""
    if kind.__name__ == "Constant":
        return ()
    return tuple(field for field in reversed(kind._fields) if field not in skipped)
