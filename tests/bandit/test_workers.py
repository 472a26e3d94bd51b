"""Several processes say what one says, in order, and one that dies takes one file with it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import pytest
from tools import thinned

from tenterhooks.bandit import driver, loading, processes, workers
from tenterhooks.bandit.configured import BanditTest
from tenterhooks.bandit.engine import Engine
from tenterhooks.bandit.model import Result
from tenterhooks.bandit.plain import pack
from tenterhooks.bandit.processes import FORK, NONE, START
from tenterhooks.bandit.ruleset import Ruleset
from tenterhooks.bandit.workers import scan_all

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="everything stays in one process")
# Other threads of the test runner do nothing that a child would miss.
FORKS = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
pytestmark = [POSIX, FORKS]


@pytest.fixture(autouse=True)
def _always_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "FEW_FILES", 0)
    monkeypatch.setattr(workers, "FEW_BYTES", 0)


def files(count: int) -> list[tuple[str, bytes]]:
    """Small and large, clean, bad and broken."""
    return [
        (f"p/{n}.py", b"assert x\nexec(y)\n" * (n % 7) + b"(\n" * (n % 5 == 4) + b"# nosec\n")
        for n in range(count)
    ]


def told(results: Any) -> list[tuple[str, list[Any]]]:
    return [(path, pack(result)) for path, result in results]


def alone(given: list[tuple[str, bytes]], rules: Ruleset) -> list[tuple[str, list[Any]]]:
    return told((path, driver.scan(data, path, rules)) for path, data in given)


@pytest.mark.parametrize("mode", [FORK, START, NONE])
@pytest.mark.parametrize(("count", "jobs"), [(0, 2), (1, 2), (2, 2), (3, 8), (40, 2), (40, 3)])
def test_the_same_from_any_number_of_processes(mode: str, count: int, jobs: int) -> None:
    rules = Ruleset(tests=["B101", "B102"])
    assert told(scan_all(files(count), rules, jobs, mode)) == alone(files(count), rules)


@pytest.mark.parametrize("mode", thinned([FORK, START], 2))
def test_results_larger_than_a_pipe(mode: str) -> None:
    given = [(f"{n}.py", b"assert x, '" + b"y" * 100_000 + b"'\n" * 1) for n in range(6)]
    given += [(f"{n}.py", b"assert x\n" * 20_000) for n in range(3)]
    rules = Ruleset(tests=["B101"])
    assert told(scan_all(given, rules, 2, mode)) == alone(given, rules)


@pytest.mark.parametrize("mode", [FORK, START])
def test_names_and_text_that_are_no_text(mode: str) -> None:
    given = [("a\udcff\n.py", b"password = '\\ud800'\n"), ("b.py", b""), ("b.py", b"assert x\n")]
    rules = Ruleset()
    assert told(scan_all(given, rules, 2, mode)) == alone(given, rules)


@pytest.mark.parametrize("mode", [FORK, START])
def test_configuration_reaches_every_process(mode: str) -> None:
    rules = Ruleset(
        tests=["B101", "B108"],
        skips=["B101"],
        options={"hardcoded_tmp_directory": {"tmp_dirs": ["/mine"]}},
        ignore_nosec=True,
    )
    given = [(f"{n}.py", b"assert x\nf('/mine')  # nosec\nf('/tmp')\n") for n in range(4)]
    found = [result for _, result in scan_all(given, rules, 2, mode)]
    assert [[(it.test_id, it.line) for it in result.issues] for result in found] == [
        [("B108", 2)]
    ] * 4


def with_plugin(body: Callable[[Any], Any]) -> Ruleset:
    """Rules with one test, of asserts, that does what it likes."""

    def function(context: Any) -> None:
        body(context)

    vars(function).update(_test_id="X100", _checks=["Assert"])
    rules = Ruleset()
    _ = rules.engine
    registry = loading.Registry(loading.PROVED)
    registry.add_plugin(loading.Plugin("x", function, "x-1"))
    rules._engine = Engine(registry, {"Assert": [BanditTest(function, "X100", False, None)]})
    return rules


def dies(how: Callable[[], Any]) -> Callable[[Any], None]:
    def body(context: Any) -> None:
        if "bad" in context.filename:
            how()

    return body


@pytest.mark.parametrize(
    ("how", "detail"),
    [
        (lambda: os._exit(3), "exit status 3"),
        (lambda: os._exit(0), "exit status 0"),
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "signal 9"),
        (lambda: os.kill(os.getpid(), signal.SIGTERM), "signal 15"),
    ],
)
@pytest.mark.parametrize("bad", [[0], [9], [3, 4], list(range(10))])
def test_a_process_that_dies_is_the_failure_of_one_file(
    how: Callable[[], Any], detail: str, bad: list[int]
) -> None:
    given = [(f"{'bad' if n in bad else 'good'}{n}.py", b"assert x\n") for n in range(10)]
    found = dict(scan_all(given, with_plugin(dies(how)), 2, FORK))
    assert list(found) == [path for path, _ in given]
    failed = {path for path, result in found.items() if result.failure}
    assert failed == {path for path in found if path.startswith("bad")}
    assert {found[path].detail for path in failed} == {detail}
    assert all("died" in (found[path].failure or "") for path in failed)


def test_a_process_that_does_not_start_is_no_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_PROGRAM", "{}; raise SystemExit(7)")
    found = [result for _, result in scan_all(files(4), Ruleset(), 2, START)]
    assert all(result.failure and "exit status 7" in result.detail for result in found)


@pytest.mark.parametrize("mode", [FORK, START])
@pytest.mark.parametrize("allowed", [0, 1])
def test_where_no_process_can_be_had_this_one_does_it(
    mode: str, allowed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "fork" if mode == FORK else "posix_spawn"
    real = getattr(os, name)
    left = [None] * allowed

    def start(*arguments: Any, **named: Any) -> Any:
        if not left:
            raise BlockingIOError("no")
        left.pop()
        return real(*arguments, **named)

    monkeypatch.setattr(os, name, start)
    before = len(os.listdir("/dev/fd"))
    rules = Ruleset(tests=["B101", "B102"])
    assert told(scan_all(files(20), rules, 2, mode)) == alone(files(20), rules)
    assert len(os.listdir("/dev/fd")) == before


@pytest.mark.parametrize("mode", [FORK, START])
def test_an_interruption_leaves_no_process_and_no_pipe(
    mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def interrupt(pool: Any, worker: Any) -> None:
        seen.extend(it.pid for it in pool._workers)
        raise KeyboardInterrupt

    before = len(os.listdir("/dev/fd"))
    monkeypatch.setattr(workers._Pool, "_receive", interrupt)
    with pytest.raises(KeyboardInterrupt):
        list(scan_all(files(20), Ruleset(tests=["B101"]), 2, mode))
    assert seen
    for pid in set(seen):
        with pytest.raises(ChildProcessError):
            os.waitpid(pid, 0)
    assert len(os.listdir("/dev/fd")) == before


@pytest.mark.parametrize("mode", [FORK, START])
def test_nothing_is_left_afterwards(mode: str) -> None:
    before = len(os.listdir("/dev/fd"))
    list(scan_all(files(20), Ruleset(tests=["B101"]), 3, mode))
    assert len(os.listdir("/dev/fd")) == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_what_a_plugin_prints_is_not_taken_for_a_result(
    capfd: pytest.CaptureFixture[str],
) -> None:
    body = lambda _: os.write(1, b"loud\n")  # noqa: E731
    found = list(scan_all(files(6), with_plugin(body), 2, FORK))
    assert all(isinstance(result, Result) for _, result in found)
    assert "loud" in capfd.readouterr().out


BREAKING = """
import sys; sys.path[:] = {}
from tenterhooks.bandit import driver, loading, processes, workers
def broken(*_): raise loading.Broken("theirs")
driver.scan = broken
workers.serve()
"""


def broken(*_: Any) -> Any:
    raise loading.Broken("theirs")


def test_broken_plugins_are_told_once_and_before(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(_: Any) -> Any:
        raise loading.Broken("theirs")

    monkeypatch.setattr(loading, "load", load)
    with pytest.raises(loading.Broken, match="theirs"):
        list(scan_all(files(9), Ruleset(), 2, FORK))


@pytest.mark.parametrize("mode", [FORK, START])
def test_a_test_that_turns_out_broken_in_another_process_is_told(
    mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_PROGRAM", BREAKING)
    monkeypatch.setattr(driver, "scan", broken)
    before = len(os.listdir("/dev/fd"))
    with pytest.raises(loading.Broken, match="theirs"):
        list(scan_all(files(9), Ruleset(tests=["B101"]), 2, mode))
    assert len(os.listdir("/dev/fd")) == before


@pytest.mark.parametrize(
    ("count", "size", "jobs"), [(1, 10**6, 4), (5, 10**5, 4), (50, 100, 4), (50, 10**5, 1)]
)
def test_few_files_stay_in_this_process(
    count: int, size: int, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(workers, "_Pool", None)
    given = [(f"{n}.py", b"#" * size) for n in range(count)]
    assert len(list(scan_all(given, Ruleset(tests=["B101"]), jobs))) == count


def test_a_configuration_that_cannot_be_sent_stays_here(monkeypatch: pytest.MonkeyPatch) -> None:
    import datetime as dt

    monkeypatch.setattr(sys, "platform", "darwin")
    assert processes.way(Ruleset()) == START
    rules = Ruleset(options={"x": {"since": dt.date(2026, 1, 1)}})
    assert processes.way(rules) == NONE
    monkeypatch.setattr(sys, "platform", "win32")
    assert processes.way(Ruleset()) == NONE
