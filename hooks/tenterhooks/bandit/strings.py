"""The tests of strings: which of them a string in the source can concern."""

# ruff: noqa: SLF001 - `_bandit_parent` is where Bandit's tests look for a node's parent

from __future__ import annotations

import ast
import re

from tenterhooks.bandit import guards
from tenterhooks.bandit.bits import MEMO_LIMIT, Bits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from tenterhooks.bandit.configured import BanditTest
    from tenterhooks.bandit.guards import OfNode

_MEMO_LENGTH = 100
_NO_ALIASES: dict[str, str] = {}
_INTERFACES = "hardcoded_bind_all_interfaces"
_FOLDERS = "hardcoded_tmp_directory"
_PASSWORDS = "hardcoded_password_string"
_STATEMENTS = "hardcoded_sql_expressions"
# Bandit's test goes through the whole sum at each of its strings. Bandit itself gives up, by its
# recursion, on a sum a quarter as long.
_MOST_TERMS = 1500
# Any statement that B608 looks for has one of these, whole, within one piece of a sum of strings.
_SQL = re.compile("select|delete|insert|update", re.IGNORECASE)


class Strings(Bits):
    """The tests where their condition is known (see guards), and all others.

    tests: which of them run for a string is told as a set of bits.
    """

    def __init__(self, tests: Sequence[BanditTest]) -> None:
        super().__init__(tests)
        self._always = 0
        self._bits: dict[str, int] = {}
        self._guarded: list[tuple[int, OfNode]] = []
        self._prefixes: tuple[str, ...] = ()
        self._password: dict[str, bool] = {}
        for index, test in enumerate(tests):
            guard = guards.for_node(test.function, test.config, "Str")
            if guard is not None:
                self._guarded.append((1 << index, guard))
            elif self._known(test):
                self._bits[test.name] = 1 << index
            else:
                self._always |= 1 << index

    def bits(self, node: Any, parent: Any, sums: dict[int, bool]) -> int:
        """The tests for the string ``node``. ``sums``: what is known of the file's sums."""
        value = node.value
        bits = self._always
        if value == "0.0.0.0":  # noqa: S104 - what B104 looks for
            bits |= self._bits.get(_INTERFACES, 0)
        if value.startswith(self._prefixes):
            bits |= self._bits.get(_FOLDERS, 0)
        password = _PASSWORD_PARENTS.get(parent.__class__)
        if password is not None and password(self, node, parent):
            bits |= self._bits.get(_PASSWORDS, 0)
        statement = _SQL_PARENTS.get(parent.__class__)
        if statement is not None and statement(node, parent, sums):
            bits |= self._bits.get(_STATEMENTS, 0)
        for bit, guard in self._guarded:
            if guard(node, _NO_ALIASES):
                bits |= bit
        return bits

    def _known(self, test: BanditTest) -> bool:
        if not test.function.__module__.startswith("bandit."):
            return False
        if test.name == _FOLDERS:
            return self._keep_prefixes(test.config)
        return test.name in (_INTERFACES, _PASSWORDS, _STATEMENTS)

    def _keep_prefixes(self, config: Any) -> bool:
        folders = config.get("tmp_dirs") if isinstance(config, dict) else None
        if not isinstance(folders, list) or not all(isinstance(it, str) for it in folders):
            return False
        self._prefixes = tuple(folders)
        return True

    def _password_like(self, name: str) -> bool:
        found = self._password.get(name)
        if found is None:
            if len(self._password) >= MEMO_LIMIT:
                self._password.clear()
            found = guards.password_like(name)
            if len(name) < _MEMO_LENGTH:
                self._password[name] = found
        return found

    def _names_password(self, node: Any) -> bool:
        if node.__class__ is ast.Name:
            return self._password_like(node.id)
        return node.__class__ is ast.Attribute and self._password_like(node.attr)

    def _assigned(self, _: Any, parent: Any) -> bool:
        return any(self._names_password(target) for target in parent.targets)

    def _compared(self, _: Any, parent: Any) -> bool:
        return self._names_password(parent.left)

    def _key(self, node: Any, _: Any) -> bool:
        return self._password_like(node.value)


def _summed(_: Any, parent: Any, sums: dict[int, bool]) -> bool:
    """Whether a string in the whole sum has a word of SQL."""
    node = parent
    passed = []
    # Not always up to the top, or a long sum takes quadratic time.
    while id(node) not in sums and node._bandit_parent.__class__ is ast.BinOp:
        passed.append(node)
        node = node._bandit_parent
    found = sums.get(id(node))
    if found is None:
        terms = list(_terms(node))
        found = sums[id(node)] = any(map(_has_sql, terms))
        if found and len(terms) > _MOST_TERMS:
            raise RecursionError
    sums.update((id(it), found) for it in passed)
    return found


def _formatted(node: Any, parent: Any, _: dict[int, bool]) -> bool:
    return parent.attr in ("format", "replace") and _SQL.search(node.value) is not None


def _first_of_joined(node: Any, parent: Any, _: dict[int, bool]) -> bool:
    return next(it for it in parent.values if it.__class__ is ast.Constant) is node


def _terms(node: Any) -> Iterator[Any]:
    """The terms of a sum, however deep."""
    stack = [node]
    while stack:
        node = stack.pop()
        if node.__class__ is ast.BinOp:
            stack += (node.left, node.right)
        else:
            yield node


def _has_sql(node: Any) -> bool:
    value = node.value if node.__class__ is ast.Constant else None
    return value.__class__ is str and _SQL.search(value) is not None


# Type of a string's parent -> when the test has to run.
_PASSWORD_PARENTS: dict[type, Callable[[Strings, Any, Any], bool]] = {
    ast.Assign: Strings._assigned,
    ast.Compare: Strings._compared,
    ast.Dict: Strings._key,
    ast.Subscript: Strings._key,
}
_SQL_PARENTS: dict[type, Callable[[Any, Any, dict[int, bool]], bool]] = {
    ast.BinOp: _summed,
    ast.Attribute: _formatted,
    ast.JoinedStr: _first_of_joined,
}
