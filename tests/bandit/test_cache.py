"""What was found before is found again, and whatever else is in the cache is not believed."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tenterhooks.bandit import cache as caches
from tenterhooks.bandit import driver, installed, ruleset
from tenterhooks.bandit.cache import Cache, default_folder, scan_cached
from tenterhooks.bandit.model import Result
from tenterhooks.bandit.plain import pack
from tenterhooks.bandit.ruleset import Ruleset

RULES = b"r" * 32
FILES = [("a.py", b"assert x\n"), ("b.py", b"exec(y)\n"), ("b.py", b"assert x\n"), ("c.py", b"(\n")]


@pytest.fixture(autouse=True)
def _always_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches, "WORTH_BYTES", 0)


@pytest.fixture
def scans(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that are really scanned."""
    seen: list[str] = []
    real = driver.scan

    def scan(data: bytes, path: str, rules: Ruleset) -> Result:
        seen.append(path)
        return real(data, path, rules)

    monkeypatch.setattr(driver, "scan", scan)
    return seen


def told(results: Any) -> list[tuple[str, list[Any]]]:
    return [(path, pack(result)) for path, result in results]


def fresh(files: list[tuple[str, bytes]], rules: Ruleset) -> list[tuple[str, list[Any]]]:
    return told((path, driver.scan(data, path, rules)) for path, data in files)


def test_a_second_run_says_the_same_and_scans_nothing(tmp_path: Path, scans: list[str]) -> None:
    rules = Ruleset(tests=["B101", "B102"])
    wanted = fresh(FILES, rules)
    scans.clear()
    first = told(scan_cached(FILES, rules, folder=str(tmp_path)))
    assert scans == [path for path, _ in FILES]
    scans.clear()
    second = told(scan_cached(FILES, rules, folder=str(tmp_path)))
    assert scans == []
    assert first == second == wanted


def test_only_what_changed_is_scanned(tmp_path: Path, scans: list[str]) -> None:
    rules = Ruleset(tests=["B101", "B102"])
    list(scan_cached(FILES, rules, folder=str(tmp_path)))
    scans.clear()
    changed = [*FILES[:2], ("b.py", b"assert y\n"), ("d.py", b"assert x\n"), FILES[3]]
    assert told(scan_cached(changed, rules, folder=str(tmp_path)))
    assert scans == ["b.py", "d.py"]


def test_where_the_path_ends_and_the_content_starts(tmp_path: Path) -> None:
    cache, other = Cache(RULES, str(tmp_path)), Cache(b"s" * 32, str(tmp_path))
    assert cache._key("a", b"b\0c") != cache._key("c", b"b\0a")
    assert cache._key("a", b"b") != other._key("a", b"b")
    cache.close()
    other.close()


@pytest.mark.parametrize(
    "other",
    [
        {"tests": ["B101"]},
        {"skips": ["B101"]},
        {"ignore_nosec": True},
        {"options": {"assert_used": {"skips": ["*"]}}},
        {"blacklist": {"Call": []}},
    ],
)
def test_other_rules_have_other_keys(other: dict[str, Any]) -> None:
    assert Ruleset(**other).key() != Ruleset().key()
    assert Ruleset(**other).key() == Ruleset(**other).key()


def test_another_python_has_other_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Ruleset().key()
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    assert Ruleset().key() != before


def test_another_driver_has_other_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruleset, "__file__", str(tmp_path / "ruleset.py"))
    keys = {Ruleset().key()}
    for text in ("", "x", "y"):
        (tmp_path / "driver.py").write_text(text)
        keys.add(Ruleset().key())
    assert len(keys) == 4


def test_plugins_and_what_is_written_in_them_are_in_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [Ruleset().key()]
    place = tmp_path / "x-1.0.dist-info"
    place.mkdir()
    (place / "entry_points.txt").write_text("[bandit.plugins]\nx = x_cached:check\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    keys.append(Ruleset().key())
    for text in ("one = 1", "one = 2"):
        (tmp_path / "x_cached.py").write_text(text)
        keys.append(Ruleset().key())
    (tmp_path / "x_cached.py").rename(tmp_path / "x_beside.py")
    (tmp_path / "x_cached").mkdir()
    for name in ("__init__.py", "helper.py"):
        (tmp_path / "x_cached" / name).write_text(name)
        keys.append(Ruleset().key())
    place.rename(tmp_path / "x-1.1.dist-info")
    keys.append(Ruleset().key())
    assert len(set(keys)) == 7


def test_a_plugin_that_is_a_package_is_found(tmp_path: Path) -> None:
    (tmp_path / "p" / "q").mkdir(parents=True)
    (tmp_path / "p" / "q" / "__init__.py").touch()
    found = installed.module_file("p.q", [str(tmp_path)])
    assert found == str(tmp_path / "p" / "q" / "__init__.py")
    assert installed.module_file("p.r", [str(tmp_path)]) is None


def file_of(folder: Path) -> Path:
    found = list(folder.glob("*.sqlite"))
    assert len(found) == 1
    return found[0]


def spoil(folder: Path, statement: str, *values: Any) -> None:
    connection = sqlite3.connect(file_of(folder))
    with connection:
        connection.execute(statement, values)
    connection.close()


@pytest.mark.parametrize(
    "value",
    [
        "",
        "{}",
        "[]",
        "null",
        "1",
        "[[],[],[],[],[]]",
        '[[["B101"]],[null,"",1,1],[],[],[0,0,0]]',
        '[[],[null,"",1,1],[],[],[0,0,"0"]]',
        '[[],[null,"",1,1],[[1]],[],[0,0,0]]',
        '[[["B101","a","AWFUL","LOW","t",1,1,1,1,[1],""]],[null,"",1,1],[],[],[1,0,0]]',
        "[" * 100_000,
        b"\xff\xfe",
        7,
    ],
)
def test_a_value_that_is_no_result_is_not_believed(
    value: Any, tmp_path: Path, scans: list[str]
) -> None:
    rules = Ruleset(tests=["B101", "B102"])
    wanted = told(scan_cached(FILES, rules, folder=str(tmp_path)))
    spoil(tmp_path, "UPDATE results SET value = ?", value)
    scans.clear()
    assert told(scan_cached(FILES, rules, folder=str(tmp_path))) == wanted
    assert len(scans) == len(FILES)


@pytest.mark.parametrize(
    "data", [b"", b"not a database" * 100, b"SQLite format 3\0" + b"\xff" * 5000]
)
def test_a_file_that_is_no_database_is_replaced(
    data: bytes, tmp_path: Path, scans: list[str]
) -> None:
    rules = Ruleset(tests=["B101"])
    list(scan_cached(FILES, rules, folder=str(tmp_path)))
    file_of(tmp_path).write_bytes(data)
    wanted = fresh(FILES, rules)
    for _ in range(2):
        assert told(scan_cached(FILES, rules, folder=str(tmp_path))) == wanted
    scans.clear()
    list(scan_cached(FILES, rules, folder=str(tmp_path)))
    assert scans == []


def test_a_file_with_holes_is_survived(tmp_path: Path) -> None:
    rules = Ruleset(tests=["B101"])
    many = [(f"{n}.py", b"assert x\n" * (n % 50)) for n in range(300)]
    wanted = told(scan_cached(many, rules, folder=str(tmp_path)))
    data = bytearray(file_of(tmp_path).read_bytes())
    data[4096:] = b"\x5a" * (len(data) - 4096)
    file_of(tmp_path).write_bytes(data)
    for _ in range(3):
        assert told(scan_cached(many, rules, folder=str(tmp_path))) == wanted


def test_the_database_of_somebody_else_is_left_alone(tmp_path: Path, scans: list[str]) -> None:
    place = tmp_path / caches._NAME
    connection = sqlite3.connect(place)
    with connection:
        connection.execute("CREATE TABLE results (key, value, day)")
    connection.close()
    before = place.read_bytes()
    rules = Ruleset(tests=["B101"])
    for _ in range(2):
        assert len(list(scan_cached(FILES, rules, folder=str(tmp_path)))) == len(FILES)
    assert place.read_bytes() == before
    assert len(scans) == 2 * len(FILES)


def test_a_table_of_another_shape_is_survived(tmp_path: Path) -> None:
    rules = Ruleset(tests=["B101"])
    wanted = told(scan_cached(FILES, rules, folder=str(tmp_path)))
    spoil(tmp_path, "DROP TABLE results")
    spoil(tmp_path, "CREATE TABLE results (key TEXT)")
    assert told(scan_cached(FILES, rules, folder=str(tmp_path))) == wanted


@pytest.mark.parametrize("kind", ["file", "nothing", "relative home"])
def test_no_place_for_a_cache_is_no_error(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = Ruleset(tests=["B101"])
    if kind == "file":
        (tmp_path / "f").touch()
        found = scan_cached(FILES, rules, folder=str(tmp_path / "f" / "g"))
    else:
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
        monkeypatch.setenv("HOME", "" if kind == "nothing" else "here")
        monkeypatch.chdir(tmp_path)
        found = scan_cached(FILES, rules)
    assert told(found) == fresh(FILES, rules)
    assert kind == "file" or os.listdir(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_cache_is_read(tmp_path: Path, scans: list[str]) -> None:
    rules = Ruleset(tests=["B101"])
    list(scan_cached(FILES, rules, folder=str(tmp_path)))
    file_of(tmp_path).chmod(0o400)
    scans.clear()
    list(scan_cached(FILES, rules, folder=str(tmp_path)))
    assert scans == []


def test_a_locked_cache_is_not_waited_for_long(tmp_path: Path) -> None:
    rules = Ruleset(tests=["B101"])
    list(scan_cached(FILES[:1], rules, folder=str(tmp_path)))
    other = sqlite3.connect(file_of(tmp_path), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        assert told(scan_cached(FILES, rules, folder=str(tmp_path))) == fresh(FILES, rules)
    finally:
        other.close()


def test_python_without_sqlite_has_no_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sqlite3", None)
    rules = Ruleset(tests=["B101"])
    assert told(scan_cached(FILES, rules, folder=str(tmp_path))) == fresh(FILES, rules)


@pytest.mark.parametrize(
    ("failure", "kept"),
    [
        (None, True),
        (driver.SYNTAX, True),
        (driver.EXCEPTION, False),
        ("the process that checked it died", False),
        ("Bandit's test B202 (tarfile_unsafe_members) crashed", False),
    ],
)
def test_what_may_turn_out_otherwise_is_not_kept(
    failure: str | None, kept: bool, tmp_path: Path
) -> None:
    result = Result()
    result.failure = failure
    cache = Cache(RULES, str(tmp_path))
    cache.put([("a.py", b"", result)])
    assert list(cache.get([("a.py", b"")])) == ([0] if kept else [])
    cache.close()


def test_the_oldest_are_dropped_when_there_is_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = Cache(RULES, str(tmp_path), limit=200_000)
    result = Result()
    result.detail = "x" * 1000
    files = [(f"{n}.py", b"") for n in range(1000)]
    for day in range(10):
        monkeypatch.setattr(caches, "_today", lambda day=day: day)
        cache.put([(path, data, result) for path, data in files[day * 100 : day * 100 + 100]])
    known = cache.get(files)
    assert set(range(980, 1000)) <= set(known)
    assert not set(range(100)) & set(known)
    cache.close()
    assert file_of(tmp_path).stat().st_size < 250_000


def test_what_is_asked_for_is_not_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(RULES, str(tmp_path))
    monkeypatch.setattr(caches, "_today", lambda: 1)
    cache.put([("a.py", b"", Result()), ("b.py", b"", Result())])
    monkeypatch.setattr(caches, "_today", lambda: 2)
    assert cache.get([("a.py", b"")])
    cache.close()
    connection = sqlite3.connect(file_of(tmp_path))
    assert sorted(day for (day,) in connection.execute("SELECT day FROM results")) == [1, 2]
    connection.close()


PROGRAM = """
import sys
from tenterhooks.bandit import cache
from tenterhooks.bandit.ruleset import Ruleset
cache.WORTH_BYTES = 0
files = [(f"{n}.py", b"assert x\\n" * (n % 9)) for n in range(200)]
for _ in range(3):
    found = list(cache.scan_cached(files, Ruleset(tests=["B101"]), 1, sys.argv[1]))
    assert [len(result.issues) for _, result in found] == [n % 9 for n in range(200)]
"""


def test_several_processes_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-I", "-c", PROGRAM, str(tmp_path)]
    running = [subprocess.Popen(command) for _ in range(4)]
    assert [it.wait() for it in running] == [0] * 4
    connection = sqlite3.connect(file_of(tmp_path))
    assert connection.execute("SELECT count(*) FROM results").fetchone() == (200,)
    connection.close()


@pytest.mark.parametrize(
    ("platform", "environment", "wanted"),
    [
        ("linux", {"XDG_CACHE_HOME": "/x"}, "/x/tenterhooks"),
        ("linux", {"XDG_CACHE_HOME": "x", "HOME": "/h"}, "/h/.cache/tenterhooks"),
        ("linux", {"HOME": "/h"}, "/h/.cache/tenterhooks"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Caches/tenterhooks"),
        ("darwin", {"HOME": "/h", "XDG_CACHE_HOME": "/x"}, "/x/tenterhooks"),
        ("win32", {"LOCALAPPDATA": "/l", "HOME": "/h"}, "/l/tenterhooks"),
        ("win32", {"HOME": "/h"}, None),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="paths of another system")
def test_where_the_cache_is(
    platform: str, environment: dict[str, str], wanted: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert default_folder() == wanted


def test_the_folder_is_the_users_alone(tmp_path: Path) -> None:
    Cache(RULES, str(tmp_path / "new")).close()
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


def test_few_bytes_are_not_worth_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches, "WORTH_BYTES", 10**6)
    assert len(list(scan_cached(FILES, Ruleset(tests=["B101"]), folder=str(tmp_path)))) == 4
    assert os.listdir(tmp_path) == []
