"""Bandit's tests over one file's bytes: the findings that Bandit has, without its detours."""

from __future__ import annotations

import gc
import sys

from tenterhooks.bandit import guards, parsing, plain
from tenterhooks.bandit.loading import Broken
from tenterhooks.bandit.model import Issue, Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator
    from typing import Any

    from tenterhooks.bandit.configured import BanditTest
    from tenterhooks.bandit.engine import Engine
    from tenterhooks.bandit.nosec import Nosec, Silence
    from tenterhooks.bandit.ruleset import Ruleset

SYNTAX = "syntax error while parsing AST from file"
EXCEPTION = "exception while scanning file"
# Deep enough for any source that people write; a stack of 256 MB is reserved, not used.
_DEEP = 30_000
_DEEP_STACK = 256 * 1024 * 1024


def scan(data: bytes, path: str, ruleset: Ruleset) -> Result:
    """What Bandit says of the file ``path`` that holds ``data``.

    All findings, before any is left out for its severity or confidence. A file that cannot be
    checked to its end says so in ``failure``. Raises loading.Broken, installed.Missing.
    """
    if not ruleset.proved:
        from tenterhooks.bandit import manager

        return manager.scan(data, path, ruleset)
    engine = ruleset.engine
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _scan(data, path, engine, ruleset.ignore_nosec)
    except RecursionError:
        return _scan_deep(data, path, engine, ruleset.ignore_nosec)
    finally:
        if collecting:
            gc.enable()


def _scan(data: bytes, path: str, engine: Engine, ignore_nosec: bool) -> Result:
    import warnings

    file = _File(data, path, engine)
    try:
        with warnings.catch_warnings():
            # Neither an invalid escape nor what a plugin calls that is deprecated is an error,
            # even where PYTHONWARNINGS makes it one.
            warnings.simplefilter("ignore")
            file.walk(file.parse(ignore_nosec))
    except (RecursionError, Broken):
        raise
    except SyntaxError as error:
        file.fail(SYNTAX, error.msg, error.lineno, error.offset)
    except MemoryError:
        file.fail(EXCEPTION, "too deeply nested for Python's parser")
    except Exception as error:  # noqa: BLE001 - as Bandit does: the file is named, others go on
        file.fail(EXCEPTION, f"{type(error).__name__}: {error}")
    return file.result


def _scan_deep(data: bytes, path: str, engine: Engine, ignore_nosec: bool) -> Result:
    """The same with a stack that a deep expression fits on."""
    import threading

    found: list[Result] = []
    broken: list[Broken] = []

    def work() -> None:
        try:
            found.append(_scan(data, path, engine, ignore_nosec))
        except Broken as error:
            broken.append(error)
        except RecursionError:
            found.append(_too_deep(data, path, engine))

    limit, size = sys.getrecursionlimit(), threading.stack_size(_DEEP_STACK)
    sys.setrecursionlimit(_DEEP)
    try:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    except RuntimeError:  # no room for such a stack
        pass
    finally:
        sys.setrecursionlimit(limit)
        threading.stack_size(size)
    if broken:
        raise broken[0]
    return found[0] if found else _too_deep(data, path, engine)


def _too_deep(data: bytes, path: str, engine: Engine) -> Result:
    file = _File(data, path, engine)
    file.fail(EXCEPTION, "too deeply nested")
    return file.result


class _File:
    """One file on its way through."""

    def __init__(self, data: bytes, path: str, engine: Engine) -> None:
        self.result = Result()
        self.result.loc = _count_lines(data)
        self._data = data
        self._path = path
        self._engine = engine
        self._comments: Silence | None = None

    def parse(self, ignore_nosec: bool) -> ast.Module:
        """The tree, with the nosec comments taken up before it, where there are any. Raises what
        Python's tokenizer and parser raise, in the order in which Bandit meets it."""
        if ignore_nosec:
            return parsing.tree(self._data)
        must_be_read = _must_be_read(self._data)
        if must_be_read:
            from tenterhooks.bandit import nosec

            if not nosec.is_plain(self._data):
                self._take_comments(nosec.read(self._data))
                return parsing.tree(self._data)
        try:
            tree = parsing.tree(self._data)
        except Exception:
            from tenterhooks.bandit import nosec

            self._take_comments(nosec.read(self._data))
            raise
        if must_be_read:
            self._take_comments(nosec.of_parsed(self._data))
        return tree

    def _take_comments(self, comments: Iterator[Nosec]) -> None:
        from tenterhooks.bandit.nosec import Silence

        self._comments = Silence()
        self.result.comments = self._comments.text
        self._comments.take(comments, self._engine.registry)

    def _silenced(
        self, line: int | None, context: dict[str, Any], test_id: str
    ) -> tuple[list[int], bool] | None:
        if self._comments is None:
            return None
        return self._comments.covering(line, context["linerange"], test_id)

    def walk(self, tree: ast.Module) -> None:
        from tenterhooks.bandit.visiting import Walk

        Walk(self._engine, self._path, self._data, self._report).run(tree)

    def fail(
        self, reason: str, detail: str, line: int | None = None, column: int | None = None
    ) -> None:
        """The file was not checked."""
        self.result.issues.clear()
        self.result.failure = reason
        self.result.detail = detail
        self.result.failure_line = max(line or 1, 1)
        self.result.failure_column = max(column or 1, 1)

    def _report(self, test: BanditTest, found: Any, context: dict[str, Any]) -> None:
        # Who leaves with SystemExit would end the run, maybe with 0.
        if isinstance(found, BaseException):
            self._crash(test, found, context)
            return
        try:
            self._take(test, found, context)
        except Exception as error:  # noqa: BLE001 - a plugin may return anything
            self._crash(test, error, context)

    def _take(self, test: BanditTest, found: Any, context: dict[str, Any]) -> None:
        """Keep a finding, unless a comment silences it. Completed as Bandit's tester does."""
        lines = found.linerange or context["linerange"]
        test_id = found.test_id or test.id
        silenced = self._silenced(found.lineno, context, test_id)
        if silenced is not None:
            self._silence(*silenced, test_id)
            return
        issue = Issue(
            self._path,
            test_id,
            test.name,
            found.severity,
            found.confidence,
            found.text,
            found.cwe.id,
            context["lineno"] if found.lineno is None else found.lineno,
            context["col_offset"] if found.col_offset == -1 else found.col_offset,
            context.get("end_col_offset", 0),
            lines,
            self._engine.url(test_id),
        )
        self.result.issues.append(plain.checked(issue))

    def _silence(self, lines: list[int], blanket: bool, test_id: str) -> None:
        self.result.suppressed += [(line, test_id) for line in lines]
        if blanket:
            self.result.nosec += 1
        else:
            self.result.skipped_tests += 1

    def _crash(self, test: BanditTest, error: BaseException, context: dict[str, Any]) -> None:
        """A test that breaks has found nothing, which must not look like a pass. Bandit logs it
        and goes on; a nosec comment for the test accepts that."""
        silenced = self._silenced(None, context, test.id)
        if silenced is not None:
            self.result.suppressed += [(line, test.id) for line in silenced[0]]
        elif self.result.failure is None:
            self.result.failure = f"Bandit's test {test.id} ({test.name}) crashed"
            self.result.detail = f"{type(error).__name__}: {error}"
            self.result.failure_line = max(context.get("lineno", 1), 1)
            self.result.failure_column = context.get("col_offset", 0) + 1


def _must_be_read(data: bytes) -> bool:
    """Whether the tokenizer can have something to say of a file that the parser has not."""
    if b"nosec" in data or guards.has_cookie(data):
        return True
    try:
        # The parser lets wrong bytes in comments pass.
        data.isascii() or data.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _count_lines(data: bytes) -> int:
    """Lines with code, by Bandit's measure."""
    lines = [line.lstrip() for line in data.splitlines()]
    return sum(1 for line in lines if line and line[0] != 35)
