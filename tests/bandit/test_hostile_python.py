"""What somebody who wants a finding to vanish, or the hook to hang, would try."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import Hook, MakeRepository, write

from tenterhooks.bandit import baseline, driver, installed, loading, plain, processes, workers
from tenterhooks.bandit.configured import BanditTest
from tenterhooks.bandit.engine import Engine
from tenterhooks.bandit.model import Issue
from tenterhooks.bandit.nosec import first_within
from tenterhooks.bandit.ruleset import Ruleset
from tenterhooks.core.changes import touches

SHELL = "import subprocess  # nosec B404\nsubprocess.call(x, shell=True)\n"
LONG = 20_000


def issue(lines: Any, line: int = 1) -> Issue:
    return Issue("a.py", "B104", "n", "LOW", "LOW", "text", 0, line, 0, 0, lines, "")


@pytest.mark.parametrize(
    "source",
    [
        "x = [\n" + '"0.0.0.0",\n' * LONG + "]\n",
        "x = {\n" + '"token": "",\n' * LONG + "}\n",
        "x = [\n" + "1, # nosec B101\n" * LONG + '"/tmp/a",\n' * LONG + "]\n",
        "x = " + "'a' + " * LONG + "'a'\n",
    ],
)
def test_no_quadratic_time(source: str) -> None:
    """With a list of lines for each finding, or a walk to the top for each term: minutes."""
    result = driver.scan(source.encode(), "a.py", Ruleset())
    # Python's own parser has a limit from 3.12 on.
    assert result.failure in (None, driver.EXCEPTION)


def test_a_baseline_of_one_long_line() -> None:
    count = 20_000
    lines = ["x = [" + '"0.0.0.0",' * count + "]"]
    made = baseline.made_of([issue([1]) for _ in range(count)], lambda _: lines)
    assert [entry.count for entry in made.entries.values()] == [count]


def test_a_finding_on_each_line_of_a_display_shares_its_lines() -> None:
    source = "x = [\n" + '"0.0.0.0",\n' * 500 + "]\n"
    found = driver.scan(source.encode(), "a.py", Ruleset()).issues
    assert len(found) == 500
    assert {it.span for it in found} == {range(1, 503)}
    assert found[0].lines == list(range(1, 503))


@pytest.mark.parametrize(
    ("lines", "packed"),
    [
        ([3, 4, 5], [[3, 6]]),
        ([3], [[3, 4]]),
        (range(3, 6), [[3, 6]]),
        ([], []),
        ([3, 5], [3, 5]),
        ([5, 4], [5, 4]),
        ([0, 1], [[0, 2]]),
    ],
)
def test_lines_through_a_pipe(lines: Any, packed: list[Any]) -> None:
    assert plain._pack_lines(issue(lines).span) == packed
    assert list(plain._unpack_lines(packed)) == list(lines)
    assert issue(lines).lines == list(lines)


@pytest.mark.parametrize(
    "packed", [[[0, 10**18]], [[5, 1]], [[1]], [["a", "b"]], ["a"], [[1, 2, 3]]]
)
def test_lines_that_are_none(packed: list[Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        plain._unpack_lines(packed)


@pytest.mark.parametrize(
    ("changed", "lines", "expected"),
    [
        (set(), range(1, 9), False),
        ({8}, range(1, 9), True),
        ({9}, range(1, 9), False),
        ({-8}, range(1, 9), False),
        ({-7}, range(1, 9), True),
        ({0}, range(1, 9), False),
        ({0}, range(2), True),
        ({*range(10, 90)}, range(1, 9), False),
        ({*range(8, 90)}, range(1, 9), True),
        ({-3, 40}, [3, 4], True),
        ({-3, 40, 41}, [3, 5], False),
        ({1}, [3, 5], True),
    ],
)
def test_touched_whichever_is_longer(changed: set[int], lines: Any, expected: bool) -> None:
    found = issue(lines)
    assert touches(changed, found.line, found.span) is expected


@pytest.mark.parametrize(
    ("lines", "order", "expected"),
    [
        (range(3, 6), [1, 2, 4, 5], 4),
        (range(3, 6), [1, 2, 6], None),
        (range(3, 6), [], None),
        ([5, 3], [3, 5], 5),
        ([5, 3], [3], 3),
        ([7], [3, 5], None),
        ([], [3], None),
    ],
)
def test_the_first_comment_within(lines: Any, order: list[int], expected: int | None) -> None:
    assert first_within(lines, order) == expected


BLANKS = " " * 300


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("wscript", ""),
        ("script", f"#!/usr/bin/env -S {BLANKS} python3\n"),
        ("script", f"#!/{'a/' * 200}python\n"),
        ("script", "#!/usr/bin/env -Spython3\n"),
        ("script", '#!"/usr/bin/python3"\n'),
    ],
)
def test_python_under_another_name(
    name: str, head: str, make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({name: head + SHELL})
    assert hook("bandit", name).rules == ["B602"]


@pytest.mark.parametrize("name", ["gone", "gone.py"])
def test_what_is_not_there_is_no_pass(
    name: str, make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({"a.py": SHELL})
    assert hook("bandit", name).rules == ["unreadable-file"]


@pytest.mark.parametrize("name", ["src", "src/", "./src"])
def test_a_folder_is_never_a_silent_pass(
    name: str, make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({"src/a.py": SHELL})
    assert hook("bandit", name).code == 1


def test_links_and_submodules_are_passed_over(make_repository: MakeRepository, hook: Hook) -> None:
    top = make_repository({"src/a.py": "x = 1\n"})
    (top / "link").symlink_to("src")
    (top / "dangling").symlink_to("nowhere")
    (top / "module").mkdir()
    write(top, {"other/.git": "gitdir: elsewhere\n", "other/a.py": SHELL})
    assert hook("bandit", "link", "dangling", "module", "other") == (0, "", "")


def test_a_file_outside_the_repository(
    make_repository: MakeRepository,
    hook: Hook,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    top = make_repository({"sub/a.py": "x = 1\n"})
    outside = tmp_path_factory.mktemp("outside")
    write(outside, {"o.py": SHELL})
    monkeypatch.chdir(top / "sub")
    assert hook("bandit", str(outside / "o.py")).rules == ["B602"]
    written = hook("bandit", "--baseline", "b.json", "--write-baseline", str(outside / "o.py"))
    assert (written.code, written.err) == (0, "bandit: note: b.json knows 1 finding\n")


def leaves(*_: object) -> None:
    sys.exit(0)


def test_a_plugin_that_ends_the_process_is_a_crash() -> None:
    vars(leaves).update(_test_id="X100", _checks=["Assert"])
    rules = Ruleset()
    _ = rules.engine
    registry = loading.Registry(loading.PROVED)
    registry.add_plugin(loading.Plugin("x", leaves, "x-1"))
    rules._engine = Engine(registry, {"Assert": [BanditTest(leaves, "X100", False, None)]})
    for mode in (processes.NONE, processes.FORK):
        found = dict(workers.scan_all([("a.py", b"assert x\n")] * 2, rules, 2, mode))
        assert found["a.py"].failure == "Bandit's test X100 (leaves) crashed"
        assert "SystemExit: 0" in found["a.py"].detail


def test_a_plugin_that_ends_the_process_when_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"th_leaving.py": "raise SystemExit(0)\n"})
    monkeypatch.syspath_prepend(tmp_path)
    entry = installed.Entry("bandit.plugins", "x", "th_leaving", "f", "x-1")
    with pytest.raises(loading.Broken, match="SystemExit: 0"):
        loading._load(entry)


@pytest.mark.parametrize(
    "comment",
    [
        "# nosec B602 \u6f22\u5b57",
        "# nosec: \u6f22\u5b57 B602",
        "# nosec \u6f22\u5b57",
    ],
)
def test_prose_in_other_letters_is_not_thrown_away(
    comment: str, make_repository: MakeRepository, hook: Hook
) -> None:
    top = make_repository({"a.py": f"x = 1  {comment}\n"})
    assert hook("bandit", "--fix").rules == ["unused-nosec"]
    assert (top / "a.py").read_text("utf-8") == f"x = 1  {comment}\n"


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="the tokenizer ends lines there, too")
@pytest.mark.parametrize(
    ("source", "found"),
    [
        (b"exec(a) # nosec\rx = 1\r", []),
        (b"exec(a) # nosec\rx = 1 # y\r", ["B102"]),
        (b"exec(a) # nosec B999\rx = 1 # no nosec\r", ["B102"]),
        (b"exec(a) # y\rx = 1 # nosec\r", []),
        (b"exec(a) # nosec\nx = 1 # y\n", []),
    ],
)
def test_of_the_comments_on_one_line_the_last_counts(source: bytes, found: list[str]) -> None:
    result = driver.scan(source, "a.py", Ruleset(tests=["B102"]))
    assert [it.test_id for it in result.issues] == found
