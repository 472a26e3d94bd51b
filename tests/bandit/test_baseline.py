"""The baseline: a second hole of a kind is new, one that is gone is told of, and a report of
Bandit's is read as it was meant."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import MakeRepository, git, write
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.bandit import baseline as known
from tenterhooks.bandit.baseline import Baseline, BrokenBaseline, digest
from tenterhooks.bandit.model import Issue
from tenterhooks.core import edits
from tenterhooks.core.files import File, Repository
from tenterhooks.core.finding import Finding

D = digest("f()")
SOURCE = ["f()", "  f()", "g()", "f() ", "g( )"]


def issue(line: int, test: str = "B602", path: str = "a.py") -> Issue:
    return Issue(path, test, "", "LOW", "HIGH", "text", 0, line, 0, 0, [line], "")


def lines_of(path: str) -> Sequence[str]:
    return SOURCE


def of(*issues: Issue) -> Baseline:
    return known.made_of(issues, lines_of)


def always(path: str, test: str) -> bool:
    return True


@pytest.mark.parametrize(
    ("old", "now", "new", "vanished"),
    [
        ([], [], [], []),
        ([], [issue(1)], [1], []),
        ([issue(1)], [issue(1)], [], []),
        # Moved, and indented otherwise.
        ([issue(1)], [issue(2)], [], []),
        ([issue(1)], [issue(4)], [], []),
        # A second one on a line of the same content.
        ([issue(1)], [issue(1), issue(2)], [2], []),
        ([issue(1), issue(2)], [issue(1), issue(2), issue(4)], [4], []),
        ([issue(1), issue(1)], [issue(1), issue(1)], [], []),
        ([issue(1)], [issue(1), issue(1)], [1], []),
        # Another line, test or file.
        ([issue(1)], [issue(3)], [3], [0]),
        ([issue(1)], [issue(1, "B607")], [1], [0]),
        ([issue(1)], [issue(1, path="b.py")], [1], [0]),
        ([issue(3)], [issue(5)], [5], [0]),
        # Spelled as Bandit does.
        ([issue(1)], [issue(1, path="./a.py")], [], []),
        ([issue(1, path="./a.py")], [issue(1)], [], []),
        ([issue(1), issue(2), issue(4)], [issue(1)], [], [1]),
        ([issue(1), issue(2)], [], [], [0]),
        # Past the end of the file.
        ([issue(99)], [issue(98)], [], []),
        ([issue(99)], [issue(0)], [], []),
    ],
)
def test_subtract(old: list[Issue], now: list[Issue], new: list[int], vanished: list[int]) -> None:
    kept, gone = known.subtract(of(*old), now, lines_of, always)
    assert [it.line for it in kept] == new
    assert [left for _, left in gone] == vanished


def test_what_was_not_looked_at_has_not_vanished() -> None:
    old = of(issue(1), issue(1, "B607"), issue(1, path="b.py"))

    def is_judged(path: str, test: str) -> bool:
        return (path, test) == ("a.py", "B607")

    new, gone = known.subtract(old, [], lines_of, is_judged)
    assert new == []
    assert [entry.key for entry, _ in gone] == [("a.py", "B607", D)]
    kept = known.updated(old, of(issue(3)), is_judged)
    assert sorted(kept.entries) == sorted(
        [("a.py", "B602", D), ("b.py", "B602", D), ("a.py", "B602", digest("g()"))]
    )


ISSUES = st.lists(
    st.builds(issue, st.integers(0, 6), st.sampled_from(["B602", "TH101"]), st.sampled_from("ab"))
)


@given(ISSUES, ISSUES)
def test_what_is_new_and_what_is_gone_make_up_the_difference(
    old: list[Issue], now: list[Issue]
) -> None:
    new, gone = known.subtract(of(*old), now, lines_of, always)
    more = sum(entry.count - left for entry, left in gone)
    assert len(now) - len(new) == len(old) - more
    assert known.subtract(of(*now), now, lines_of, always) == ([], [])
    assert known.subtract(of(*old), [], lines_of, always)[0] == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("f()", "  f()\t", True),
        ("f( a )", "f(  a )", True),
        ("f()\r", "f()", True),
        ("f(a)", "f( a)", False),
        ("", " ", True),
        ("\udcff", "\udcff", True),
        ("\udcff", "\udcfe", False),
    ],
)
def test_digest(one: str, other: str, same: bool) -> None:
    assert (digest(one) == digest(other)) is same
    assert len(digest(one)) == 16


def test_the_digest_is_what_files_out_there_hold() -> None:
    assert digest("subprocess.call(a, shell=True)") == "e4b642d94118c300"


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"a\nb\r\nc\rd", ["a", "b", "c", "d"]),
        (b"\xef\xbb\xbfa\n", ["a", ""]),
        (b"a\x0cb\x1c\xc2\x85\xe2\x80\xa8c\n", ["a\fb\x1c\x85\u2028c", ""]),
        (b"# coding: latin-1\n\xe9", ["# coding: latin-1", "\xe9"]),
        (b"# coding: no-such\n\xe9", ["# coding: no-such", "\ufffd"]),
        (b"# coding: hex\nzz", ["# coding: hex", "zz"]),
        (b"\xe9", ["\ufffd"]),
        (b"", [""]),
    ],
)
def test_source_lines(data: bytes, lines: list[str]) -> None:
    assert known.source_lines(data) == lines


TEXT = f"""{{
  "a.py: B602: {D}": 2,
  "a.py: TH101: {D}": 1,
  "b: c.py: B602: {D}": 1,
  "version": 1
}}
"""


def test_how_it_is_written() -> None:
    paths = [issue(1), issue(2), issue(1, "TH101"), issue(1, path="b: c.py")]
    assert known.text_of(of(*paths)) == TEXT
    assert known.text_of(of(*paths[::-1])) == TEXT
    assert known.text_of(of()) == '{\n  "version": 1\n}\n'


def load(text: str | bytes) -> Baseline:
    data = text.encode() if isinstance(text, str) else text
    return known.read(Repository(), File("base.json", "base.json", "base.json", data))


NAMES = st.text(min_size=1).map(lambda name: name.replace("\0", "")).filter(bool)


@given(st.dictionaries(NAMES, st.integers(1, 9)))
def test_what_is_written_is_read(paths: dict[str, int]) -> None:
    written = of(*(issue(1, path=path) for path, count in paths.items() for _ in range(count)))
    text = known.text_of(written)
    assert text.isascii()
    again = load(text)
    assert {key: it.count for key, it in again.entries.items()} == {
        key: it.count for key, it in written.entries.items()
    }
    assert len(text.split("\n")) == len(written.entries) + 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1:1: is not valid JSON"),
        (TEXT[:-3], "5:15: is not valid JSON"),
        (TEXT.replace("  ", "<<<<<<< HEAD\n  ", 1), "2:1: is not valid JSON"),
        (b"\xff", "1:1: is not UTF-8"),
        ("[]", "1:1: is no baseline"),
        ("{}", "1:1: is no baseline"),
        ("null", "1:1: is no baseline"),
        ('{"results": {}}', "1:1: is no baseline"),
        ('{"version": 2}', "1:2: is a baseline of a version other than 1"),
        ('{"version": null}', "1:2: is a baseline of a version other than 1"),
        (TEXT.replace("2,", "0,"), "2:3: must be a path, a test and a digest, with a count"),
        (TEXT.replace("2,", "true,"), "2:3: must be a path"),
        (TEXT.replace("2,", "1.5,"), "2:3: must be a path"),
        (TEXT.replace("2,", '"2",'), "2:3: must be a path"),
        (TEXT.replace("2,", "{},"), "2:3: must be a path"),
        (TEXT.replace(D, "0", 1), "2:3: must be a path"),
        (TEXT.replace("a.py: B", "B", 1), "2:3: must be a path"),
        (TEXT.replace("a.py: B", ": B", 1), "2:3: must be a path"),
        (TEXT.replace("a.py: T", "b: c.py: T", 1).replace("TH101", "B602"), "4:3: stands twice"),
        ('{"results": [1]}', "1:14: is no finding of Bandit"),
        ('{"results": [{}]}', "1:14: is no finding of Bandit"),
        ("[" * 100000, "1:1: is not valid JSON"),
    ],
)
def test_a_broken_baseline_is_an_error(text: str | bytes, said: str) -> None:
    with pytest.raises(BrokenBaseline) as raised:
        load(text)
    assert str(raised.value).startswith(f"base.json:{said}")


def test_a_baseline_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    repository = Repository()
    with pytest.raises(BrokenBaseline, match=r"none\.json:1:1: cannot be opened"):
        known.read(repository, repository.given("none.json"))


def stale(text: str, now: Sequence[Issue]) -> tuple[list[Finding], str]:
    """What is said of a baseline, and what is left of it."""
    base = load(text)
    _, gone = known.subtract(base, now, lines_of, always)
    found = list(known.stale(base, gone))
    return found, edits.apply(text, [edit for it in found for edit in it.edits])


def test_what_is_no_longer_found() -> None:
    found, after = stale(TEXT, [issue(1), issue(1, path="b: c.py")])
    assert [(it.line, it.column, it.rule, it.message) for it in found] == [
        (2, 3, "stale-baseline", "B602 in a.py is found once, not 2 times"),
        (3, 3, "stale-baseline", "TH101 in a.py is no longer found"),
    ]
    assert after == TEXT.replace("2,", "1,").replace(f'  "a.py: TH101: {D}": 1,\n', "")
    assert stale(after, [issue(1), issue(1, path="b: c.py")]) == ([], after)


def test_nothing_is_found_any_more() -> None:
    found, after = stale(TEXT, [])
    assert len(found) == 3
    assert after == '{\n  "version": 1\n}\n'
    crlf = TEXT.replace("\n", "\r\n")
    assert stale(crlf, [])[1] == after.replace("\n", "\r\n")


def test_no_edit_in_what_was_written_otherwise() -> None:
    text = json.dumps(json.loads(TEXT))
    found, after = stale(text, [])
    assert [it.line for it in found] == [1, 1, 1]
    assert after == text


@pytest.fixture
def top(make_repository: MakeRepository) -> Path:
    return make_repository({"a.py": "f()\n"})


def test_write(top: Path) -> None:
    repository = Repository()
    known.write(repository, repository.file("base.json"), of(issue(1)))
    path = top / "base.json"
    assert path.read_text() == known.text_of(of(issue(1)))
    inode = path.stat().st_ino
    known.write(Repository(), Repository().file("base.json"), of(issue(1)))
    assert path.stat().st_ino == inode
    known.write(Repository(), Repository().file("base.json"), of(issue(3)))
    assert path.read_text() == known.text_of(of(issue(3)))
    assert [it.name for it in top.iterdir() if it.name.endswith(".tmp")] == []


def test_what_cannot_be_written(top: Path, tmp_path: Path) -> None:
    repository = Repository()
    (tmp_path / "outside").mkdir()
    (top / "link").symlink_to(tmp_path / "outside")
    (top / "folder").mkdir()
    for name in ("none/base.json", "link/base.json", "folder"):
        with pytest.raises(edits.NotWritten):
            known.write(repository, repository.file(name), of(issue(1)))
    assert list((tmp_path / "outside").iterdir()) == []


def test_branches_that_add_and_remove_findings_merge(top: Path) -> None:
    def commit(*issues: Issue) -> None:
        known.write(Repository(), Repository().file("base.json"), of(*issues))
        git(top, "add", "base.json")
        git(top, "commit", "--quiet", "--message", "more")

    paths = [issue(1, path=f"{letter}.py") for letter in "bdfhjl"]
    commit(*paths)
    git(top, "checkout", "--quiet", "-b", "other")
    commit(*paths, issue(1, path="m.py"))
    git(top, "checkout", "--quiet", "main")
    commit(*paths[1:], issue(1, path="g.py"))
    git(top, "merge", "--quiet", "other")
    merged = known.read(Repository(), Repository().file("base.json"))
    assert [path for path, _, _ in merged.entries] == [f"{it}.py" for it in "dfghjlm"]


def result(**values: object) -> dict[str, object]:
    """A finding as a report has it."""
    code = "1 import a\n2 f()\n3 g()\n"
    facts = {"filename": "./a.py", "test_id": "B602", "line_number": 2, "code": code}
    return {**facts, "issue_text": "", **values}


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({}, ("a.py", "B602", D)),
        ({"filename": "a.py"}, ("a.py", "B602", D)),
        ({"filename": "src/../a.py"}, ("a.py", "B602", D)),
        ({"filename": ".\\src\\a.py"}, ("src/a.py", "B602", D)),
        ({"filename": "./src/a\\b.py"}, ("src/a\\b.py", "B602", D)),
        ({"line_number": 3}, ("a.py", "B602", digest("g()"))),
        ({"code": "2\tf()\n3\tg()\n"}, ("a.py", "B602", D)),
        ({"code": "1 '''\n2 f()\n"}, ("a.py", "B602", D)),
        ({"code": "2 \n"}, ("a.py", "B602", digest(""))),
        ({"code": "9 a\n10 f()", "line_number": 10}, ("a.py", "B602", D)),
        ({"code": ""}, None),
        ({"code": None}, None),
        ({"code": "7 f()\n"}, None),
        ({"line_number": "2"}, None),
        ({"filename": 1}, None),
        ({"test_id": None}, None),
    ],
)
def test_reports(values: dict[str, object], key: tuple[str, str, str] | None) -> None:
    text = json.dumps({"errors": [], "metrics": {}, "results": [result(**values)]})
    if key is None:
        with pytest.raises(BrokenBaseline, match="is no finding of Bandit with its file"):
            load(text)
    else:
        assert list(load(text).entries) == [key]


def test_a_report_with_absolute_paths(top: Path) -> None:
    text = json.dumps({"results": [result(filename=str(top / "src" / "a.py"))] * 2})
    (entry,) = load(text).entries.values()
    assert (entry.key[0], entry.count) == ("src/a.py", 2)


def test_what_is_no_longer_found_of_a_report() -> None:
    text = json.dumps({"results": [result(), result(), result(line_number=3)]}, indent=2)
    found, after = stale(text, [])
    assert [(it.line, it.message) for it in found] == [
        (3, "B602 in a.py is no longer found"),
        (17, "B602 in a.py is no longer found"),
    ]
    assert after == text


CODE = b"""# coding: latin-1
import subprocess, pickle
\x0c
def f(a='\xe9'):
\tassert a
\tsubprocess.call(
\t\ta, shell=True)
\tsubprocess.call(a, shell=True); subprocess.call(a, shell=True)
\tpassword = '\xe9t\xe9'
\treturn pickle.loads(
\t\ta)
"""


@pytest.mark.parametrize("arguments", [["-r", "src"], ["-r", "."], ["./src/a.py"], ["-n", "1"]])
def test_a_report_by_bandit_itself(arguments: list[str], top: Path) -> None:
    write(top, {"src/a.py": CODE})
    if arguments == ["-n", "1"]:
        arguments = [*arguments, "src/a.py"]
    command = [sys.executable, "-W", "ignore", "-m", "bandit", "-q", "-f", "json", *arguments]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    base = load(done.stdout)
    results = json.loads(done.stdout)["results"]
    assert len(results) >= 7
    now = [issue(it["line_number"], it["test_id"], "src/a.py") for it in results]
    source = known.source_lines(CODE)
    assert known.subtract(base, now, lambda _: source, always) == ([], [])
    more = [*now, now[-1]]
    assert known.subtract(base, more, lambda _: source, always)[0] == [now[-1]]
