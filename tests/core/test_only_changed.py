"""What a change brings is told, and what was there before is not, with real practices."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import ROOT, MakeRepository, git, write

from tenterhooks.core import engine, only_changed
from tenterhooks.core.base import Base
from tenterhooks.core.files import File, Repository, Unreadable
from tenterhooks.core.finding import Finding, Rule
from tenterhooks.core.git import GitError
from tenterhooks.core.job import Job, Outcome
from tenterhooks.core.practice import Practice
from tenterhooks.everything import practices

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
Files = dict[str, str | bytes]

DATA = ROOT / "tests" / "lock_in_sync" / "data" / "uv" / "workspace"
CI = ".github/workflows/ci.yml"
OLD = """\
on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
"""
POLICY = "# Security\n\nReport to hole@people.dev, and not in public.\n"
ATTRS = '    "attrs>=23",\n'
PROJECT = (
    (DATA / "pyproject.toml")
    .read_text()
    .replace('["core", "attrs>=23"]', f'[\n    "core",\n{ATTRS}]')
)
MOVED = PROJECT.replace(ATTRS, "")
START: Files = {
    CI: OLD,
    "SECURITY.md": POLICY,
    **{path.relative_to(DATA).as_posix(): path.read_bytes() for path in DATA.rglob("*.*")},
    "pyproject.toml": PROJECT,
}
# At the key, whose line is what it was.
STALE = "pyproject.toml:5 lock-out-of-date"
PIN = f"{CI}:7 unpinned-action"


@pytest.fixture
def reruns(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The practices that the state before is examined by, each time that it is."""
    seen: list[list[str]] = []

    def examine(base: Repository, jobs: list[Job], *rest: Any, **named: Any) -> Any:
        seen.append([job.practice.id for job in jobs])
        return engine.examine(base, jobs, *rest, **named)

    monkeypatch.setattr(only_changed, "examine", examine)
    return seen


def narrowed(
    *refs: str | None, given: list[str] | None = None, jobs: list[Job] | None = None
) -> Outcome:
    repository = Repository()
    if jobs is None:
        jobs = [Job(it, it.defaults()) for it in practices() if it.id != "bandit"]
    files = None if given is None else [repository.given(name) for name in given]
    outcome = engine.examine(repository, jobs, files, together=True, known=set)
    before = len(outcome.findings)
    only_changed.narrow(repository, jobs, outcome, files, *refs)
    assert len(outcome.findings) + len(outcome.unchanged) == before
    assert outcome.failures == []
    return outcome


def told(*refs: str | None, **named: Any) -> list[str]:
    return [f"{it.path}:{it.line} {it.rule}" for it in narrowed(*refs, **named).findings]


def stage(files: Files) -> None:
    write(Path.cwd(), files)
    git(Path.cwd(), "add", "--all", "--force")


def commit(files: Files) -> str:
    stage(files)
    git(Path.cwd(), "commit", "--quiet", "--allow-empty", "--message", "more")
    return git(Path.cwd(), "rev-parse", "HEAD").strip()


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ({}, []),
        ({CI: "# more\n" + OLD}, []),
        ({CI: OLD.replace("checkout@v4", "checkout@v5")}, [PIN]),
        ({CI: OLD + "      - uses: a/b@v1\n"}, [f"{CI}:8 unpinned-action"]),
        # The same again, on a line of its own.
        ({CI: OLD + "      - uses: actions/checkout@v4\n"}, [f"{CI}:8 unpinned-action"]),
        ({".github/workflows/new.yml": OLD}, [".github/workflows/new.yml:7 unpinned-action"]),
        ({"README.md": "more"}, []),
    ],
)
def test_an_action_that_is_not_pinned(
    files: Files, wanted: list[str], make_repository: MakeRepository
) -> None:
    make_repository(START)
    stage(files)
    assert told() == wanted


def test_a_project_that_moves_on_makes_its_lock_stale(
    make_repository: MakeRepository, reruns: list[list[str]]
) -> None:
    make_repository(START)
    stage({"pyproject.toml": MOVED})
    # What pre-commit passes: the lock has not changed.
    for given in (None, ["pyproject.toml"]):
        assert told(given=given) == [STALE]
    assert reruns == [["lock-in-sync", "pinned-actions"], ["lock-in-sync"]]
    # And once that is committed, it is old.
    commit({})
    stage({"pyproject.toml": MOVED + "\n"})
    assert told() == told(given=["pyproject.toml"]) == []


def test_a_member_that_is_deleted_or_new(make_repository: MakeRepository) -> None:
    """Members are folders of the disk that a pattern finds."""
    make_repository(START)
    git(Path.cwd(), "rm", "--quiet", "packages/cli/pyproject.toml")
    assert "pyproject.toml:14 lock-out-of-date" in told()
    git(Path.cwd(), "reset", "--quiet", "--hard")
    stage({"packages/new/pyproject.toml": '[project]\nname = "new"\nversion = "1"\n'})
    assert [it.partition(" ")[2] for it in told()] == ["lock-out-of-date"]
    commit({})
    stage({"x": ""})
    assert told() == []


def test_a_policy_that_is_deleted(make_repository: MakeRepository) -> None:
    make_repository(START)
    git(Path.cwd(), "rm", "--quiet", "SECURITY.md")
    assert told() == ["SECURITY.md:1 missing-security-policy"]
    assert told(given=[]) == ["SECURITY.md:1 missing-security-policy"]
    commit({})
    stage({"x": ""})
    assert told() == []


def test_a_policy_that_is_deleted_on_the_disk_and_not_staged(
    make_repository: MakeRepository,
) -> None:
    make_repository({**START, "requirements.txt": "-r more.txt\n", "more.txt": ""})
    (Path.cwd() / "more.txt").unlink()
    assert [it.partition(" ")[2] for it in told()] == ["missing-include"]


def test_a_file_that_is_renamed_is_new(make_repository: MakeRepository) -> None:
    make_repository(START)
    git(Path.cwd(), "mv", CI, ".github/workflows/b.yml")
    assert told() == [".github/workflows/b.yml:7 unpinned-action"]


def test_an_ignore_that_is_taken_away(make_repository: MakeRepository) -> None:
    line = "      - uses: actions/checkout@v4\n"
    ignore = "      # tenterhooks: ignore[unpinned-action] ours\n"
    make_repository({**START, CI: OLD.replace(line, ignore + line)})
    assert told() == []
    stage({CI: OLD})
    assert told() == [PIN]


def test_an_ignore_that_is_idle_since_the_line_below_changed(
    make_repository: MakeRepository, reruns: list[list[str]]
) -> None:
    line = "      - uses: actions/checkout@v4\n"
    ignore = "      # tenterhooks: ignore[unpinned-action] ours\n"
    text = OLD.replace(line, ignore + line + "      - run: make\n")
    make_repository({**START, CI: text})
    pinned = text.replace("@v4", "@" + "0123456789" * 4 + " # v4")
    stage({CI: pinned})
    assert told() == [f"{CI}:7 unused-ignore"]
    stage({CI: text.replace(line, "")})
    assert told() == [f"{CI}:7 unused-ignore"]
    commit({})
    stage({CI: text.replace(line, "") + "      - run: more\n"})
    assert told() == []
    assert reruns == []


def test_before_is_not_examined_where_nothing_needs_it(
    make_repository: MakeRepository, reruns: list[list[str]]
) -> None:
    make_repository({"SECURITY.md": POLICY})
    stage({CI: OLD})
    assert told() == [PIN]
    assert reruns == []


def test_what_is_not_staged_is_changed_too(make_repository: MakeRepository) -> None:
    """As it is what was looked at; a runner puts it aside."""
    make_repository(START)
    write(Path.cwd(), {CI: OLD + "      - uses: a/b@v1\n"})
    assert told() == [f"{CI}:8 unpinned-action"]
    write(Path.cwd(), {CI: OLD, "pyproject.toml": MOVED})
    assert told() == [STALE]


def test_between_commits(make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch) -> None:
    make_repository(START)
    first = git(Path.cwd(), "rev-parse", "HEAD").strip()
    second = commit({CI: OLD + "      - uses: a/b@v1\n"})
    third = commit({CI: OLD + "      - uses: a/b@v1\n      - uses: c/d@v1\n"})
    eight, nine = f"{CI}:8 unpinned-action", f"{CI}:9 unpinned-action"
    assert told() == []
    assert told(first) == told(first, third) == [eight, nine]
    assert told(second) == [nine]
    assert told("HEAD~1", "HEAD") == [nine]
    assert told("0" * 40) == [PIN, eight, nine]
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", first)
    monkeypatch.setenv("PRE_COMMIT_TO_REF", third)
    assert told() == [eight, nine]
    with pytest.raises(GitError, match="there is no such commit"):
        told("nowhere")
    with pytest.raises(GitError, match="none to compare from"):
        told(None, "HEAD")


def test_where_the_branches_parted_counts(make_repository: MakeRepository) -> None:
    """What main did meanwhile is not due to the branch."""
    top = make_repository(START)
    git(top, "checkout", "--quiet", "-b", "branch")
    commit({"a": ""})
    git(top, "checkout", "--quiet", "main")
    git(top, "rm", "--quiet", CI)
    commit({})
    git(top, "checkout", "--quiet", "branch")
    assert told("main") == told("main", "branch") == []
    commit({CI: OLD + "      - uses: a/b@v1\n"})
    assert told("main") == [f"{CI}:8 unpinned-action"]


def test_before_the_first_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "--quiet")
    stage({CI: OLD})
    assert sorted(told()) == [PIN, "SECURITY.md:1 missing-security-policy"]


def test_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {CI: OLD})
    jobs = [Job(it, it.defaults()) for it in practices() if it.id == "pinned-actions"]
    assert told(given=[CI], jobs=jobs) == [PIN]


def test_a_shallow_clone_says_so(
    make_repository: MakeRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = make_repository(START)
    first = commit({"a": ""})
    git(top, "checkout", "--quiet", "-b", "branch")
    commit({"b": ""})
    commit({"b": "1"})
    git(top, "checkout", "--quiet", "main")
    commit({"a": "1"})
    commit({"a": "2"})
    clone = tmp_path / "clone"
    url = top.as_uri()
    git(tmp_path, "clone", "--quiet", "--depth=1", "--no-single-branch", url, str(clone))
    git(clone, "checkout", "--quiet", "branch")
    monkeypatch.chdir(clone)
    with pytest.raises(GitError, match=f"{first}: there is no such commit here; the clone is sha"):
        told(first)
    with pytest.raises(GitError, match=r"origin/main: where it parted from .* is shallow"):
        told("origin/main")
    assert told("HEAD") == []


WORD = Rule("bad-word", "A word is bad.")


def across(file: File, repository: Repository, options: SimpleNamespace) -> Iterator[Finding]:
    """Tells of each file that is named in words.txt, at the top of that."""
    for name in repository.file("words.txt").text.split():
        yield Finding(name, 1, 1, WORD.name, f"named on line {len(file.text)}")


def job(check: Any = across, **more: Any) -> list[Job]:
    it = Practice(id="x", title="X.", rules=[WORD], check=check, files=r"words\.txt$", **more)
    return [Job(it, it.defaults())]


def test_as_many_of_a_kind_as_before(make_repository: MakeRepository) -> None:
    make_repository({"words.txt": "a b", "a": "a", "b": "b", "c": "c"})
    stage({"words.txt": "a b c"})
    assert told(jobs=job()) == ["c:1 bad-word"]
    # What stands alone counts by its lines only.
    assert told(jobs=job(alone=True)) == []


def test_where_before_cannot_be_told_all_is_told(make_repository: MakeRepository) -> None:
    make_repository({"words.txt": "a", "a": "a"})
    stage({"words.txt": "a "})

    def fails_before(file: File, repository: Repository, _: Any) -> Iterator[Finding]:
        if isinstance(repository, Base):
            raise ZeroDivisionError
        yield Finding("a", 1, 1, WORD.name, "x")

    outcome = narrowed(jobs=job(fails_before))
    assert [it.path for it in outcome.findings] == ["a"]
    assert outcome.notes[0].startswith("what was there before the change could not be told")


def test_the_jobs_are_as_they_were(make_repository: MakeRepository) -> None:
    make_repository({"words.txt": "a", "a": "a"})
    stage({"words.txt": "a "})
    made: list[SimpleNamespace] = []

    def prepare(files: Any, repository: Repository, options: Any) -> Any:
        made.append(SimpleNamespace(notes=["x"]))
        return made[-1]

    jobs = job(prepare=prepare)
    outcome = narrowed(jobs=jobs)
    assert len(made) == 2
    assert jobs[0].options.prepared is made[0]
    assert [file.path for file in jobs[0].targets if file] == ["words.txt"]
    assert outcome.notes == ["x"]


def test_what_bandit_finds_is_touched_wherever_its_code_is(
    make_repository: MakeRepository, reruns: list[list[str]]
) -> None:
    call = "import subprocess  # nosec B404\nsubprocess.run(\n    a,\n    shell=True,\n)\n"
    make_repository({"SECURITY.md": POLICY, "a.py": call + "exec(x)\n"})
    jobs = [Job(it, it.defaults()) for it in practices() if it.id == "bandit"]
    assert told(jobs=jobs) == []
    stage({"a.py": call.replace(" a,", " b,") + "exec(x)\n"})
    assert told(jobs=jobs) == ["a.py:4 B602"]
    assert reruns == []


def base() -> Base:
    return Base(Repository(), "HEAD")


def test_what_was(make_repository: MakeRepository) -> None:
    top = make_repository({"same": "1", "other": "1", "gone": "1", "away/x": "1", "folder": "1"})
    write(top, {"other": "2", "new": "1", "untracked": "1"})
    git(top, "rm", "--quiet", "gone", "away/x", "folder")
    git(top, "add", "new", "other")
    write(top, {"folder/y": "1"})
    was = base()
    assert was.tracked() == dict.fromkeys(["away/x", "folder", "gone", "other", "same"], "100644")
    for path in was.tracked():
        file = was.file(path)
        assert file.text == "1"
        assert os.path.isfile(file.absolute)
        assert not was.leads_out(file)
        assert was.may_track(path)
        assert file is was.file(path)
    assert not os.path.lexists(was.file("new").absolute)
    assert not was.may_track("new")
    with pytest.raises(Unreadable, match="no such file"):
        _ = was.file("new").data
    assert was.file("untracked").text == "1"
    with pytest.raises(Unreadable, match="no such file"):
        _ = was.file("never").data
    assert was.with_content(was.file("same"), b"3").file("same").text == "3"
    assert Repository().file("other").text == "2"


def test_the_folders_that_were(make_repository: MakeRepository) -> None:
    top = make_repository({"a/x": "", "b/c/x": "", "d/x": "", "x": ""})
    git(top, "rm", "--quiet", "b/c/x")
    write(top, {"new/x": "", "d/new/x": "", "other/x": ""})
    git(top, "add", "new", "d")
    now, was = Repository(), base()
    found = [sorted(set(it.folders("")) - {".git"}) for it in (now, was)]
    assert found == [["a", "d", "new", "other"], ["a", "b", "d", "other"]]
    assert (now.folders("d"), was.folders("d")) == (["new"], [])
    assert (now.folders("b"), was.folders("b")) == ([], ["c"])
    assert now.folders("none") == was.folders("none") == now.folders("x") == []


def test_a_worktree(make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch) -> None:
    top = make_repository({"gone": "1"})
    git(top, "worktree", "add", "--quiet", str(top.parent / "tree"))
    monkeypatch.chdir(top.parent / "tree")
    git(Path.cwd(), "rm", "--quiet", "gone")
    file = base().file("gone")
    assert (file.text, os.path.isfile(file.absolute)) == ("1", True)


def test_line_ends_that_git_makes(make_repository: MakeRepository) -> None:
    top = make_repository({"a": "1\n2\n"})
    write(top, {"a": "1\r\n2\r\n"})
    assert base().file("a").data == b"1\r\n2\r\n"


def test_too_large(make_repository: MakeRepository) -> None:
    top = make_repository({"a": b"x" * (10 * 1024 * 1024 + 1)})
    write(top, {"a": "1"})
    with pytest.raises(Unreadable, match="too large"):
        _ = base().file("a").data


@POSIX
def test_symlinks(make_repository: MakeRepository) -> None:
    top = make_repository({"d/a": "1", "b": "2"})
    links = {"d/in": "a", "d/up": "../b", "loop": "loop", "out": "../../x", "abs": "/etc/x"}
    for name, target in links.items():
        (top / name).symlink_to(target)
    commit({})
    write(top, {"d/a": "changed", "b": "changed"})
    for name in links:
        (top / name).unlink()
    (top / "d" / "in").symlink_to("../b")
    was = base()
    assert (was.file("d/in").text, was.file("d/up").text) == ("1", "2")
    assert not was.leads_out(was.file("d/in"))
    for name in ("loop", "out", "abs"):
        with pytest.raises(Unreadable):
            _ = was.file(name).data
        assert was.leads_out(was.file(name))


@POSIX
def test_a_hostile_configuration_runs_nothing(
    make_repository: MakeRepository, tmp_path: Path
) -> None:
    marker = tmp_path / "marker"
    script = tmp_path / "evil" / "script"
    write(script.parent, {"script": f"#!/bin/sh\necho $0 $@ >> {marker}\ncat\n"})
    script.chmod(0o755)
    top = make_repository({**START, ".gitattributes": "* filter=evil diff=evil\n"})
    with open(top / ".git" / "config", "a") as stream:
        stream.write(
            f'[filter "evil"]\n clean = {script}\n smudge = {script}\n process = {script}\n'
            f'[diff "evil"]\n textconv = {script}\n command = {script}\n'
            f"[diff]\n external = {script}\n[core]\n fsmonitor = {script}\n pager = {script}\n"
        )
    write(top, {CI: OLD + "      - uses: a/b@v1\n"})
    assert told() == [f"{CI}:8 unpinned-action"]
    assert base().file(CI).text == OLD
    assert not marker.exists()


def test_no_process_is_left(make_repository: MakeRepository) -> None:
    make_repository(START)
    stage({CI: "# more\n" + OLD})
    told()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    assert subprocess.run(["git", "status"], check=False, capture_output=True).returncode == 0
