"""Changed lines, with git's own word for what has changed."""

from __future__ import annotations

import difflib
import os
import sys
from pathlib import Path

import pytest
from conftest import MakeRepository, git, write
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.core.changes import _moved, _parse, changed, touches
from tenterhooks.core.files import Repository
from tenterhooks.core.git import GitError

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
TEN = "".join(f"line {number}\n" for number in range(1, 11))


def stage(top: Path, files: dict[str, str | bytes]) -> None:
    write(top, files)
    git(top, "add", "--all", "--force")


def commit(top: Path, files: dict[str, str | bytes]) -> str:
    stage(top, files)
    git(top, "commit", "--quiet", "--allow-empty", "--message", "more")
    return git(top, "rev-parse", "HEAD").strip()


def lines_of(path: str, from_ref: str | None = None, to_ref: str | None = None) -> list[int] | None:
    """What has changed in a file, as it is on the disk; None where nothing has."""
    repository = Repository()
    found = changed(repository, from_ref, to_ref, [repository.file(path)])
    assert found is not None
    return sorted(found[path]) if path in found else None


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (TEN, TEN, None),
        (TEN, TEN.replace("line 3\n", "line 3!\n"), [-2, 3]),
        (TEN, TEN.replace("line 1\n", "!\n"), [0, 1]),
        (TEN, TEN + "more\n", [11]),
        (TEN, "more\n" + TEN, [1]),
        (TEN, TEN.replace("line 5\n", "line 5\na\nb\n"), [6, 7]),
        (TEN, TEN.replace("line 5\n", ""), [-4]),
        (TEN, TEN.replace("line 5\nline 6\n", ""), [-4]),
        (TEN, TEN.replace("line 5\nline 6\n", "x\n"), [-4, 5]),
        (TEN, TEN.replace("line 1\n", ""), [0]),
        (TEN, TEN.replace("line 10\n", ""), [-9]),
        (TEN, TEN.replace("line 2\n", "").replace("line 8\n", "8\n"), [-6, -1, 7]),
        (TEN, TEN.removesuffix("\n"), [-9, 10]),
        (TEN.removesuffix("\n"), TEN, [-9, 10]),
        (TEN.removesuffix("\n"), TEN.removesuffix("\n") + "!", [-9, 10]),
        (TEN, "", [0]),
        ("", "a\nb\n", [1, 2]),
        (TEN, TEN.replace("\n", "\r\n"), [0, *range(1, 11)]),
        # What looks like the diff's own words.
        (TEN, TEN + "++ b/other.py\n@@ -0,0 +1,9 @@\ndiff --git a/x b/x\n", [11, 12, 13]),
        ("-- a/x\n" + TEN, TEN, [0]),
        (TEN, TEN + "a\fb\n\x85c\n\u2028d\n\0e\n", [11, 12, 13, 14]),
        (TEN, TEN + "\\ No newline at end of file\n", [11]),
    ],
)
def test_what_is_staged(
    before: str, after: str, lines: list[int] | None, make_repository: MakeRepository
) -> None:
    top = make_repository({"a.py": before, "b.py": ""})
    stage(top, {"a.py": after, "z.py": "z\n"})
    assert lines_of("a.py") == lines
    assert lines_of("z.py") == [1]
    assert lines_of("b.py") is None


def test_a_new_file_is_new_as_a_whole(make_repository: MakeRepository) -> None:
    top = make_repository({})
    stage(top, {"a.py": TEN, "empty.py": ""})
    assert lines_of("a.py") == [*range(1, 11)]
    assert lines_of("empty.py") is None


def test_a_moved_file_is_new_as_a_whole(make_repository: MakeRepository) -> None:
    top = make_repository({"a.py": TEN})
    git(top, "mv", "a.py", "b.py")
    git(top, "config", "diff.renames", "copies")
    assert lines_of("b.py") == [*range(1, 11)]


def test_a_removed_file_is_not_there(make_repository: MakeRepository) -> None:
    top = make_repository({"a.py": "++ b/b.py\n", "b.py": TEN})
    git(top, "rm", "--quiet", "a.py")
    assert changed(Repository()) == {}


def test_before_the_first_commit(make_repository: MakeRepository, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    git(fresh, "init", "--quiet")
    stage(fresh, {"a.py": "a\nb\n"})
    assert changed(Repository(str(fresh))) == {"a.py": {1, 2}}


def test_a_repository_with_longer_ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "--quiet", "--object-format=sha256")
    monkeypatch.chdir(tmp_path)
    stage(tmp_path, {"a.py": "a\nb\n"})
    assert lines_of("a.py") == [1, 2]
    first = commit(tmp_path, {})
    stage(tmp_path, {"a.py": "a\nb\nc\n"})
    assert lines_of("a.py") == [3]
    commit(tmp_path, {})
    assert lines_of("a.py", first) == [3]


def test_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert changed(Repository()) is None


@pytest.mark.parametrize(
    ("attributes", "config"),
    [
        ("*.py -diff", ()),
        ("*.py binary", ()),
        ("*.py diff=mine", ("diff.mine.binary", "true")),
        ("*.py diff=mine", ("diff.mine.xfuncname", ".*")),
        ("*.py -text", ("core.autocrlf", "true")),
        ("", ("diff.noprefix", "true")),
        ("", ("diff.mnemonicPrefix", "true")),
        ("", ("diff.context", "9")),
        ("", ("diff.interHunkContext", "9")),
        ("", ("diff.algorithm", "patience")),
        ("", ("diff.suppressBlankEmpty", "true")),
        ("", ("diff.relative", "true")),
        ("", ("diff.srcPrefix", "x/")),
        ("", ("color.ui", "always")),
        ("", ("color.diff", "always")),
        ("", ("core.quotePath", "false")),
    ],
)
def test_nothing_hides_a_change(
    attributes: str, config: tuple[str, ...], make_repository: MakeRepository
) -> None:
    top = make_repository({"a.py": TEN, ".gitattributes": attributes})
    if config:
        git(top, "config", *config)
    stage(top, {"a.py": TEN.replace("line 5\n", "\n\nfive\n")})
    assert lines_of("a.py") == [-4, 5, 6, 7]


@pytest.mark.parametrize("unified", ["-u5", "--unified=5"])
def test_context_that_the_environment_asks_for(
    unified: str, make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = make_repository({"a.py": TEN + "\n\n"})
    stage(top, {"a.py": TEN.replace("line 5\n", "five\n").replace("line 8\n", "") + "\n\n"})
    monkeypatch.setenv("GIT_DIFF_OPTS", unified)
    assert lines_of("a.py") == [-7, -4, 5]


@POSIX
@pytest.mark.parametrize(
    "name",
    [
        "a b.py",
        "a\nb.py",
        "a\tb.py",
        'a"b.py',
        "a\\b.py",
        "a\\142.py",
        "-a.py",
        ":(top)a.py",
        "\x1b[31m.py",
        "a\x7f.py",
        "\u00e9\U0001f600.py",
        "b/b/c.py",
        "x\n+++ b/other.py\n@@ -0,0 +1,3 @@\n+.py",
        " .py ",
        "\u0430\r.py",
    ],
)
def test_odd_names(name: str, make_repository: MakeRepository) -> None:
    top = make_repository({name: "1\n", "other.py": "1\n"})
    stage(top, {name: "1\n2\n"})
    assert changed(Repository()) == {name: {2}}
    assert lines_of(name) == [2]
    assert lines_of("other.py") is None


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take only UTF-8 names")
def test_undecodable_names(make_repository: MakeRepository) -> None:
    top = make_repository({})
    with open(os.path.join(os.fsencode(top), b"a\xff.py"), "wb") as stream:
        stream.write(b"1\n")
    git(top, "add", "--all")
    assert changed(Repository()) == {os.fsdecode(b"a\xff.py"): {1}}


def test_from_a_folder_below(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = make_repository({"a.py": "", "b/c.py": ""})
    stage(top, {"a.py": "1\n", "b/c.py": "1\n"})
    monkeypatch.chdir(top / "b")
    assert changed(Repository()) == {"a.py": {1}, "b/c.py": {1}}


@pytest.fixture
def parted(make_repository: MakeRepository) -> tuple[str, str, str]:
    """Three commits: the one where a branch left, main's, and the branch's, which is out."""
    top = make_repository({"a.py": TEN, "b.py": TEN})
    start = commit(top, {})
    git(top, "checkout", "--quiet", "-b", "branch")
    branch = commit(top, {"a.py": TEN + "branch\n"})
    git(top, "checkout", "--quiet", "main")
    main = commit(top, {"b.py": "main\n" + TEN})
    git(top, "checkout", "--quiet", "branch")
    return start, main, branch


def test_between_commits(parted: tuple[str, str, str]) -> None:
    start, main, branch = parted
    assert changed(Repository(), start, main) == {"b.py": {1}}
    assert changed(Repository(), main, branch) == {"a.py": {11}}
    assert changed(Repository(), "main", "branch") == {"a.py": {11}}
    assert changed(Repository(), "main") == {"a.py": {11}}
    assert changed(Repository(), "HEAD~1") == {"a.py": {11}}
    assert changed(Repository(), branch, branch) == {}
    new = {*range(1, 11)}
    assert changed(Repository(), "0" * 40, branch) == {"a.py": {*new, 11}, "b.py": new}


def test_pre_commits_variables(
    parted: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    start, main, branch = parted
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", main)
    monkeypatch.setenv("PRE_COMMIT_TO_REF", branch)
    assert changed(Repository()) == {"a.py": {11}}
    assert changed(Repository(), start, main) == {"b.py": {1}}
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "no-such")
    with pytest.raises(GitError, match="no-such: there is no such commit here"):
        changed(Repository())


def test_commits_that_have_nothing_in_common(make_repository: MakeRepository) -> None:
    top = make_repository({"a.py": TEN})
    git(top, "checkout", "--quiet", "--orphan", "other")
    commit(top, {"a.py": TEN + "more\n"})
    assert lines_of("a.py", "main") == [11]


@pytest.mark.parametrize(
    "ref",
    [
        "no-such",
        "-p",
        "--output=x",
        "HEAD~9",
        "",
        "a\0b",
        "HEAD:a.py",
        "HEAD..HEAD",
        "^HEAD",
        "@{u}",
    ],
)
def test_what_is_no_commit(ref: str, make_repository: MakeRepository) -> None:
    top = make_repository({"a.py": TEN})
    with pytest.raises(GitError):
        changed(Repository(), ref, "HEAD" if ref else "x")
    with pytest.raises(GitError):
        changed(Repository(), "HEAD" if ref else None, ref or "x")
    assert not (top / "x").exists()


def test_a_merge(parted: tuple[str, str, str], make_repository: MakeRepository) -> None:
    """What is staged is what HEAD does not have, whichever side it is from."""
    top = Path.cwd()
    git(top, "merge", "--quiet", "--no-commit", "main")
    assert changed(Repository()) == {"b.py": {1}}


def test_a_merge_that_waits_to_be_resolved(make_repository: MakeRepository) -> None:
    top = make_repository({"a.py": TEN, "b.py": TEN})
    git(top, "checkout", "--quiet", "-b", "other")
    commit(top, {"a.py": "theirs\n" + TEN})
    git(top, "checkout", "--quiet", "main")
    commit(top, {"a.py": "ours\n" + TEN})
    with pytest.raises(AssertionError):
        git(top, "merge", "--quiet", "other")
    assert lines_of("a.py") == [*range(1, 17)]
    assert lines_of("b.py") is None
    stage(top, {"a.py": "both\n" + TEN})
    assert lines_of("a.py") == [0, 1]


def test_what_git_does_not_know(make_repository: MakeRepository) -> None:
    top = make_repository({"a.py": TEN})
    write(top, {"new.py": "1\n2\n"})
    assert lines_of("new.py") == [1, 2, 3]
    git(top, "add", "--intent-to-add", "new.py")
    assert set(lines_of("new.py") or []) >= {1, 2}
    assert lines_of("new.py", "HEAD") == [1, 2, 3]
    assert lines_of("not-there.py") is None


@pytest.mark.parametrize(
    ("disk", "lines"),
    [
        (TEN + "staged\n", [11]),
        (TEN + "staged\nmore\n", [-11, 11, 12]),
        ("new\n" + TEN + "staged\n", [0, 1, 12]),
        (TEN.replace("line 5\n", "") + "staged\n", [-4, 10]),
        (TEN.replace("line 5\n", "5\n") + "staged\n", [-4, 5, 11]),
        (TEN, [-10]),
        ((TEN + "staged\n").replace("\n", "\r\n"), [11]),
        # Python ends a line where git does not.
        ((TEN + "staged\n").replace("5\n", "5\r"), [*range(1, 13)]),
    ],
)
def test_what_is_on_the_disk_is_not_what_is_staged(
    disk: str, lines: list[int], make_repository: MakeRepository
) -> None:
    top = make_repository({"a.py": TEN})
    stage(top, {"a.py": TEN + "staged\n"})
    write(top, {"a.py": disk})
    assert lines_of("a.py") == lines


def test_a_change_that_is_not_staged_at_all(make_repository: MakeRepository) -> None:
    top = make_repository({"a.py": TEN, "b.py": TEN})
    write(top, {"a.py": "new\n" + TEN})
    assert lines_of("a.py") == [0, 1]
    assert lines_of("a.py", "HEAD") == [0, 1]
    assert lines_of("b.py") is None


def in_common(one: list[str], two: list[str]) -> int:
    """How many lines at most can be the same ones, in order; difflib finds fewer at times."""
    row = [0] * (len(two) + 1)
    for line in one:
        before, row = row, [0]
        for number, other in enumerate(two):
            row.append(before[number] + 1 if line == other else max(before[number + 1], row[-1]))
    return row[-1]


LINES = st.lists(st.sampled_from(["a", "b", "c"]), max_size=8)


@given(LINES, LINES, LINES)
def test_changes_on_top_of_changes(one: list[str], two: list[str], three: list[str]) -> None:
    """What is new against the staged content is found, and what was stays where it went."""
    old, was, now = (f"{'x'.join(it)}".replace("x", "\n") for it in (one, two, three))
    staged = {
        line + 1
        for tag, _, _, start, end in difflib.SequenceMatcher(
            None, old.split("\n"), was.split("\n"), autojunk=False
        ).get_opcodes()
        if tag != "equal"
        for line in range(start, end)
    }
    moved = _moved(staged, was.encode(), now.encode())
    news = now.split("\n")
    kept = in_common(was.split("\n"), news)
    assert len([line for line in moved if line > 0]) >= len(news) - kept
    assert all(line <= len(news) for line in moved)
    untouched = [line for line in range(1, len(news) + 1) if line not in moved]
    assert all(news[line - 1] in was.split("\n") for line in untouched)
    if was == now:
        assert {line for line in moved if line > 0} == staged


@pytest.mark.parametrize(
    "diff",
    [
        b"diff --git a/a b/a\n+++ b/a\n@@ -0,0 +1,9 @@\n+a\n",
        b"diff --git a/a b/a\n+++ b/a\n@@ -0,0 +1 @@\n-a\n",
        b"diff --git a/a b/a\n+++ b/a\n@@ -1 +0,0 @@\n+a\n",
        b"diff --git a/a b/a\n+++ b/a\n@@ -0,0 +1,2 @@\n+a\ndiff --git a/b b/b\n",
        b"diff --git a/a b/a\n+++ b/a\n@@ what @@\n",
    ],
)
def test_a_diff_that_cannot_be_read(diff: bytes) -> None:
    with pytest.raises(GitError, match="a diff that cannot be read"):
        _parse(diff)


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize(
    ("lines", "line", "span", "is_touched"),
    [
        ({3}, 3, [3], True),
        ({3}, 2, [2, 3, 4], True),
        ({3}, 3, [], True),
        ({3}, 4, [4], False),
        ({1}, 1, [5, 6], True),
        (set(), 1, [1], False),
        # An argument was taken out of a call.
        ({-3}, 3, [3, 4], True),
        ({-3}, 2, [2, 3, 4, 5], True),
        ({-3}, 3, [3], False),
        ({-3}, 4, [4], False),
        ({0}, 1, [1], False),
    ],
)
def test_touches(lines: set[int], line: int, span: list[int], is_touched: bool, many: bool) -> None:
    more = set(range(100, 120)) if many else set()
    assert touches(lines | more, line, span) is is_touched


@POSIX
def test_a_hostile_configuration_runs_nothing(
    make_repository: MakeRepository, tmp_path: Path
) -> None:
    marker = tmp_path / "marker"
    script = tmp_path / "evil" / "script"
    write(script.parent, {"script": f"#!/bin/sh\necho $0 $@ >> {marker}\ncat\n"})
    script.chmod(0o755)
    top = make_repository({"a.py": TEN})
    first = commit(top, {})
    stage(top, {"a.py": TEN + "1\n"})
    second = commit(top, {"a.py": TEN + "1\n"})
    stage(top, {"a.py": TEN + "1\n2\n"})
    write(top, {".gitattributes": "* filter=evil diff=evil\n", "a.py": TEN + "1\n2\n3\n"})
    with open(top / ".git" / "config", "a") as stream:
        stream.write(
            f'[filter "evil"]\n clean = {script}\n smudge = {script}\n process = {script}\n'
            f'[diff "evil"]\n textconv = {script}\n command = {script}\n'
            f"[diff]\n external = {script}\n[core]\n fsmonitor = {script}\n pager = {script}\n"
        )
    repository = Repository()
    files = [repository.file("a.py"), repository.file(".gitattributes")]
    assert changed(repository, files=files) == {
        "a.py": {12, 13, -12},
        ".gitattributes": {1, 2},
    }
    assert changed(repository, first, second) == {"a.py": {11}}
    assert not marker.exists()
