"""A scan in another process says what it says in this one, and nothing of it is left behind."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Hook, MakeRepository, write
from tools import thinned

from tenterhooks.bandit import (
    PRACTICE,
    beside,
    driver,
    installed,
    loading,
    processes,
    scanning,
    workers,
)
from tenterhooks.bandit.beside import Beside, started
from tenterhooks.bandit.processes import FORK, NONE, START
from tenterhooks.bandit.ruleset import Ruleset
from tenterhooks.bandit.run import Run
from tenterhooks.bandit.scanning import Scan, Scanned
from tenterhooks.core.config import ConfigError
from tenterhooks.core.files import File, Repository

# Other threads of the test runner do nothing that a child would miss.
pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="everything stays in one process"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]
MODES = pytest.mark.parametrize("mode", [FORK, START])
RULES = ["B101", "B102", "TH113"]


@pytest.fixture(autouse=True)
def _nothing_is_left(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    before = len(os.listdir("/dev/fd"))
    yield
    gc.collect()
    assert len(os.listdir("/dev/fd")) == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def files(top: Path, contents: dict[str, str | bytes]) -> list[File]:
    write(top, contents)
    return [File(name, str(top / name), name) for name in contents]


def mixed(top: Path) -> list[File]:
    """Good and bad, of each kind, not there, and with a content that the disk does not have."""
    given = files(
        top,
        {
            "a.py": "assert x\n",
            "b.py": "def f(:\n",
            "c.py": "exec(x)  # nosec B102\nexec(y)\n",
            "d.pth": "import os; exec('x')\n",
            "LICENSE": "MIT\n",
            "run": "#!/usr/bin/env python3\nexec(x)\n",
        },
    )
    given.append(File("gone.py", str(top / "gone.py"), "gone.py"))
    given.append(File("a\udcff\n.py", str(top / "a.py"), "a", b"password = '\\ud800'\nassert x\n"))
    return given


def scan_of(given: list[File], **options: Any) -> Scan:
    return Scan(given, Ruleset(tests=RULES), None, cached=False, **options)


def told(scanned: Scanned) -> list[Any]:
    return scanned.pack()


@MODES
def test_the_same_as_here(mode: str, tmp_path: Path) -> None:
    given = mixed(tmp_path)
    child = started(scan_of(given), mode)
    assert child is not None
    found = child.wait()
    assert told(found) == told(scan_of(given).run())
    assert len(found.results) == 6
    assert list(found.unreadable) == ["gone.py"]


@pytest.mark.parametrize("mode", thinned([FORK, START], 2))
def test_many_files_and_an_answer_larger_than_a_pipe(
    mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "FEW_BYTES", 0)
    given = files(tmp_path, {f"{n}.py": "assert x\n" * 3000 for n in range(12)})
    child = started(scan_of(given), mode)
    assert child is not None
    time.sleep(0.1)
    found = child.wait()
    assert sum(len(result.issues) for result in found.results.values()) == 36_000
    assert told(found) == told(scan_of(given).run())


def test_a_forked_child_reads_the_files_itself(tmp_path: Path) -> None:
    given = files(tmp_path, {"a.py": "assert x\n"})
    child = started(scan_of(given), FORK)
    assert child is not None
    assert len(child.wait().results["a.py"].issues) == 1
    (tmp_path / "a.py").write_text("x = 1\n")
    assert given[0].data == b"x = 1\n"


@MODES
def test_the_cache_is_used(mode: str, tmp_path: Path) -> None:
    given = files(tmp_path, {"a.py": "assert x\n" + "x = 1\n" * 60_000})
    for cached in (False, True):
        child = started(Scan(given, Ruleset(tests=RULES), 1, cached), mode)
        assert child is not None
        assert len(child.wait().results["a.py"].issues) == 1
        assert (tmp_path / "cache" / "tenterhooks").exists() is cached


@MODES
def test_what_is_wrong_with_bandit_is_raised_here(
    mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugins = tmp_path / "plugins"
    write(
        plugins,
        {
            "x-1.dist-info/METADATA": "Name: x\nVersion: 1\n",
            "x-1.dist-info/entry_points.txt": "[bandit.plugins]\nx = martian:x\n",
        },
    )
    monkeypatch.syspath_prepend(str(plugins))
    child = started(Scan(files(tmp_path, {"a.py": "x\n"}), Ruleset(), 1, cached=False), mode)
    assert child is not None
    with pytest.raises(loading.Broken, match=r"plugin x of x-1 \(martian\) cannot be loaded"):
        child.wait()


@MODES
def test_bandit_is_missing(mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = (
        "import sys; sys.path[:] = {}\n"
        "from tenterhooks.bandit import beside, installed\n"
        "def look(*_): raise installed.Missing('bandit is not installed')\n"
        "installed.look = look; beside.serve()"
    )
    monkeypatch.setattr(beside, "_PROGRAM", program)

    def look(*_: Any) -> Any:
        raise installed.Missing("bandit is not installed")

    monkeypatch.setattr(installed, "look", look)
    child = started(scan_of(files(tmp_path, {"a.py": "x\n"})), mode)
    assert child is not None
    with pytest.raises(installed.Missing, match="bandit is not installed"):
        child.wait()


@MODES
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_that_dies_is_no_pass(mode: str, number: int, tmp_path: Path) -> None:
    given = mixed(tmp_path)
    child = started(scan_of(given), mode)
    assert child is not None
    os.kill(child._pid, number)
    assert told(child.wait()) == told(scan_of(given).run())


def test_a_child_that_goes_wrong_is_no_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = mixed(tmp_path)
    monkeypatch.setattr(beside, "_PROGRAM", "{}; raise SystemExit(7)")
    child = started(scan_of(given), START)
    assert child is not None
    assert told(child.wait()) == told(scan_of(given).run())

    parent = os.getpid()
    real = driver.scan

    def fails(*arguments: Any) -> Any:
        if os.getpid() != parent:
            raise RuntimeError
        return real(*arguments)

    monkeypatch.setattr(driver, "scan", fails)
    child = started(scan_of(given), FORK)
    assert child is not None
    assert told(child.wait()) == told(scan_of(given).run())


@MODES
@pytest.mark.parametrize("what", ["pipe", "process"])
def test_where_no_process_can_be_had(
    mode: str, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise BlockingIOError("no")

    name = "pipe" if what == "pipe" else "fork" if mode == FORK else "posix_spawn"
    monkeypatch.setattr(os, name, refuse)
    assert started(scan_of(mixed(tmp_path)), mode) is None


def test_where_it_is_of_no_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = mixed(tmp_path)
    assert started(scan_of([]), FORK) is None
    assert started(scan_of(given), NONE) is None
    monkeypatch.setattr(beside, "processors", lambda: 1)
    assert started(scan_of(given)) is None
    monkeypatch.setattr(beside, "processors", lambda: 2)
    monkeypatch.setattr(sys, "platform", "win32")
    assert started(scan_of(given)) is None


SLOW = ["x = 1\n" * 40_000] * 12


@MODES
@pytest.mark.parametrize("end", [Beside.stop, lambda child: child.__del__()])
def test_one_that_is_not_wanted_any_more(
    mode: str, end: Callable[[Beside], None], tmp_path: Path
) -> None:
    given = files(tmp_path, {f"{n}.py": text for n, text in enumerate(SLOW)})
    child = started(scan_of(given), mode)
    assert child is not None
    pid = child._pid
    end(child)
    child.stop()
    with pytest.raises(ChildProcessError):
        os.waitpid(pid, 0)


def test_an_interruption_while_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = started(scan_of(mixed(tmp_path)), FORK)
    assert child is not None

    def interrupt(_: int) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(processes, "receive", interrupt)
    with pytest.raises(KeyboardInterrupt):
        child.wait()


# A shell that starts the tests in the background has them ignore SIGINT.
PARENT = """
import os, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.path[:0] = {path!r}
from tenterhooks.bandit import beside, workers
from tenterhooks.bandit.ruleset import Ruleset
from tenterhooks.bandit.scanning import Scan
from tenterhooks.core.files import File
names = [it for it in os.listdir() if it.endswith(".py")]
files = [File(it, os.path.abspath(it), it) for it in names]
child = beside.started(Scan(files, Ruleset(), 2, False), {mode!r})
print("ready", flush=True)
time.sleep(60)
"""


def family(pid: int) -> set[int]:
    """The processes below one, as the system tells them."""
    found: set[int] = set()
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as stream:
                fields = stream.read().rpartition(") ")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found |= {int(name)} | family(int(name))
    return found


def is_alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stream:
            return stream.read().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
@MODES
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_no_process_outlives_its_parent(mode: str, number: int, tmp_path: Path) -> None:
    text = "def f(a):\n    return subprocess.call(a, shell=True)\n\n\n"
    write(tmp_path, {f"{n}.py": text * 8_000 for n in range(40)})
    path = [it for it in sys.path if it]
    program = PARENT.format(path=path, mode=mode)
    command = [sys.executable, "-I", "-c", program]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        below: set[int] = set()
        for _ in range(200):
            below = family(parent.pid)
            if len(below) >= 3:  # the child, and two of its own
                break
            time.sleep(0.05)
        assert len(below) >= 3
        parent.send_signal(number)
        parent.wait(10)
    deadline = time.monotonic() + 10
    while any(map(is_alive, below)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [pid for pid in below if is_alive(pid)]


def run_of(files: dict[str, str | bytes], make: MakeRepository, **options: Any) -> tuple[Run, Any]:
    make(files)
    repository = Repository()
    given = [repository.file(path) for path in files]
    values = PRACTICE.defaults(**{"beside": True, "no_cache": True, **options})
    return Run(given, repository, values), given


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that are scanned in this process."""
    seen: list[str] = []
    real = driver.scan

    def scan(data: bytes, path: str, rules: Ruleset) -> Any:
        seen.append(path)
        return real(data, path, rules)

    monkeypatch.setattr(driver, "scan", scan)
    monkeypatch.setattr(beside, "processors", lambda: 2)
    return seen


def test_a_run_beside_others(make_repository: MakeRepository, here: list[str]) -> None:
    contents: dict[str, str | bytes] = {"a.py": "exec(x)\n", "b.py": "exec(y)\n", "x.pth": "y\n"}
    run, given = run_of(contents, make_repository)
    assert run._results == {}
    found = [(it.path, it.rule) for file in given for it in run.findings(file)]
    assert found == [("a.py", "B102"), ("b.py", "B102")]
    assert here == []
    assert run.notes == []


def test_a_run_alone_is_done_before_it_is_asked(
    make_repository: MakeRepository, here: list[str]
) -> None:
    run, given = run_of({"a.py": "exec(x)\n"}, make_repository, beside=False)
    assert here == ["a.py"]
    assert [it.rule for it in run.findings(given[0])] == ["B102"]


def test_what_goes_wrong_is_told_once(
    make_repository: MakeRepository, here: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: Any) -> Any:
        raise installed.Missing

    monkeypatch.setattr(installed, "look", missing)
    run, given = run_of({"a.py": "exec(x)\n", "b.py": "exec(x)\n"}, make_repository)
    with pytest.raises(ConfigError, match="install tenterhooks"):
        list(run.findings(given[0]))
    assert list(run.findings(given[1])) == []
    assert run.notes == []


def test_a_baseline_is_written_after_the_scan(
    make_repository: MakeRepository, here: list[str]
) -> None:
    run, given = run_of(
        {"a.py": "exec(x)\n"}, make_repository, baseline="known.json", write_baseline=True
    )
    assert not os.path.exists("known.json")
    assert run.notes == ["known.json knows 1 finding"]
    assert list(run.findings(given[0])) == []
    assert "a.py: B102" in Path("known.json").read_text()


def test_another_version_is_noted(
    make_repository: MakeRepository, here: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "PROVED", "1.9.3")
    run, _ = run_of({"a.py": "exec(x)\n"}, make_repository)
    assert [note.partition(":")[0] for note in run.notes] == [
        "Bandit 1.9.4 is installed, not 1.9.3"
    ]


def test_the_command_says_the_same(
    make_repository: MakeRepository, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_repository(
        {
            "a.py": "exec(x)\n",
            "b.py": "exec(y)  # tenterhooks: ignore[B102] ours\nx = 1  # nosec B101\n",
            "c.py": "def f(:\n",
            ".github/workflows/a.yml": "jobs: {a: {uses: a/b/.github/workflows/c.yml@v1}}",
        }
    )
    monkeypatch.setattr(beside, "processors", lambda: 2)
    command = ("tenterhooks", "--preset", "all", "--format", "json")
    together = hook(*command)
    starts: list[Scan] = []
    monkeypatch.setattr(beside, "started", starts.append)
    assert hook(*command) == together
    assert len(starts) == 1
    rules = {finding["rule"] for finding in json.loads(together.out)}
    assert {"B102", "invalid-file", "unused-nosec"} < rules


def test_only_what_was_packed_is_taken() -> None:
    scanned = scanning.Scanned()
    scanned.other_version = "1.8"
    other = scanning.Scanned()
    other.add(scanned.pack())
    assert other.pack() == scanned.pack()
