"""What git is asked, and that a hostile repository gets nothing run by it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import MakeRepository, git, write

from tenterhooks.core import git as questions
from tenterhooks.core.files import Repository

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")


@pytest.fixture(params=["spawn", "popen"])
def starter(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to start git."""
    if request.param == "popen":
        monkeypatch.delattr(os, "posix_spawnp", raising=False)
    return str(request.param)


def test_tracked(make_repository: MakeRepository, starter: str) -> None:
    top = make_repository({"a": "", "b/c d": "", "b/é": "", ".github/x.yml": ""})
    (top / "untracked").touch()
    (top / "a").unlink()
    assert questions.tracked(str(top)) == dict.fromkeys(
        ["a", "b/c d", "b/é", ".github/x.yml"], "100644"
    )


def test_git_runs_while_nobody_waits(make_repository: MakeRepository, starter: str) -> None:
    top = make_repository({"a": ""})
    listings = [questions.listing(str(top)) for _ in range(3)]
    assert [list(listing()) for listing in listings] == [["a"]] * 3


def test_more_than_a_pipe_holds(make_repository: MakeRepository, starter: str) -> None:
    names = [f"{'n' * 100}{number}" for number in range(2000)]
    top = make_repository(dict.fromkeys(names, ""))
    listing = questions.listing(str(top))
    assert sorted(listing()) == sorted(names)


def test_who_waits_is_told(make_repository: MakeRepository, starter: str) -> None:
    end = questions.start(str(make_repository({"a": ""})), "cat-file", "commit", "none")
    with pytest.raises(questions.GitError, match="none"):
        end()


def test_warnings_are_no_answers(make_repository: MakeRepository, starter: str) -> None:
    top = make_repository({"a": ""})
    write(top, {".git/objects/info/alternates": "/nowhere/objects\n"})
    said = questions.run(str(top), "rev-parse", "HEAD^{tree}")
    assert said.decode().strip() == git(top, "rev-parse", "HEAD^{tree}").strip()
    with pytest.raises(questions.GitError, match="none"):
        questions.run(str(top), "cat-file", "commit", "none")


def test_more_warnings_than_a_pipe_holds(make_repository: MakeRepository, starter: str) -> None:
    top = make_repository({"a": ""})
    write(top, {".git/objects/info/alternates": f"/nowhere/{'x' * 200}\n" * 1000})
    with pytest.raises(questions.GitError, match="none"):
        questions.run(str(top), "cat-file", "commit", "none")
    said = questions.run(str(top), "cat-file", "blob", "HEAD:a")
    assert said == b""


@POSIX
def test_modes(make_repository: MakeRepository, starter: str) -> None:
    top = make_repository({"a": "", "b": ""})
    (top / "b").chmod(0o755)
    (top / "c").symlink_to("a")
    commit = git(top, "rev-parse", "HEAD").strip()
    git(top, "update-index", "--add", "--cacheinfo", f"160000,{commit},module")
    git(top, "add", "b", "c")
    assert questions.tracked(str(top)) == {
        "a": "100644",
        "b": "100755",
        "c": "120000",
        "module": "160000",
    }


@POSIX
@pytest.mark.parametrize(
    "name", ["a\nb", "a\tb", 'a"b', "a\\b", "-a", ":(top)a", "\x1b[31m", "a\x7f", "é\U0001f600"]
)
def test_odd_names(name: str, make_repository: MakeRepository, starter: str) -> None:
    top = make_repository({name: "", "z": ""})
    assert sorted(questions.tracked(str(top))) == sorted([name, "z"])


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take only UTF-8 names")
def test_undecodable_names(make_repository: MakeRepository, starter: str) -> None:
    top = make_repository({})
    with open(os.path.join(os.fsencode(top), b"a\xff.yml"), "wb"):
        pass
    git(top, "add", "--all")
    (name,) = questions.tracked(str(top))
    assert os.fsencode(name) == b"a\xff.yml"
    assert Repository().file(name).data == b""


def test_an_unmerged_index(make_repository: MakeRepository, starter: str) -> None:
    top = make_repository({"a": "1\n"})
    git(top, "checkout", "--quiet", "-b", "other")
    write(top, {"a": "2\n"})
    git(top, "commit", "--quiet", "--all", "--message", "2")
    git(top, "checkout", "--quiet", "main")
    write(top, {"a": "3\n"})
    git(top, "commit", "--quiet", "--all", "--message", "3")
    with pytest.raises(AssertionError):
        git(top, "merge", "other")
    assert questions.tracked(str(top)) == {"a": "100644"}


def test_what_git_says_when_it_refuses(make_repository: MakeRepository, starter: str) -> None:
    top = make_repository({"a": ""})
    (top / ".git" / "index").write_bytes(b"broken")
    with pytest.raises(questions.GitError, match="index file"):
        questions.tracked(str(top))


def test_git_is_not_there(
    make_repository: MakeRepository, starter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = make_repository({})
    monkeypatch.setenv("PATH", str(top))
    with pytest.raises(questions.GitError, match="git cannot be started"):
        questions.tracked(str(top))


def test_no_descriptor_is_left_open(make_repository: MakeRepository, starter: str) -> None:
    top = str(make_repository({"a": ""}))
    before = os.open(os.devnull, os.O_RDONLY)
    os.close(before)
    for _ in range(5):
        questions.tracked(top)
        assert questions.ignored(top, "none") is False
    after = os.open(os.devnull, os.O_RDONLY)
    os.close(after)
    assert after == before


def test_large_listings(make_repository: MakeRepository, starter: str) -> None:
    """More than a pipe holds."""
    top = make_repository({})
    blob = git(top, "hash-object", "-w", "--stdin").strip()
    lines = "".join(f"100644 {blob} 0\tfolder/file-{number}\n" for number in range(5000))
    (top / ".git" / "lines").write_text(lines)
    with open(top / ".git" / "lines") as stream:
        subprocess.run(["git", "update-index", "--index-info"], stdin=stream, cwd=top, check=True)
    assert len(questions.tracked(str(top))) == 5000


def test_find_top(make_repository: MakeRepository, tmp_path: Path) -> None:
    top = make_repository({"a/b/c": ""})
    assert questions.find_top(str(top / "a" / "b")) == str(top)
    assert questions.find_top(str(top)) == str(top)
    assert questions.find_top(str(tmp_path)) is None


def test_a_worktree(make_repository: MakeRepository, tmp_path: Path, starter: str) -> None:
    top = make_repository({"a": ""})
    git(top, "worktree", "add", "--quiet", "../tree")
    write(tmp_path / "tree", {"b": ""})
    git(tmp_path / "tree", "add", "b")
    assert questions.find_top(str(tmp_path / "tree")) == str(tmp_path / "tree")
    assert sorted(questions.tracked(str(tmp_path / "tree"))) == ["a", "b"]
    assert sorted(questions.tracked(str(top))) == ["a"]


def test_the_index_of_a_commit_in_progress(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch, starter: str
) -> None:
    """``git commit -a`` and ``git commit FILE`` prepare another index and tell hooks of it."""
    top = make_repository({"a": ""})
    write(top, {"b": ""})
    monkeypatch.setenv("GIT_INDEX_FILE", str(top / ".git" / "index.other"))
    git(top, "add", "a", "b")
    assert sorted(questions.tracked(str(top))) == ["a", "b"]
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert sorted(questions.tracked(str(top))) == ["a"]


def test_a_commit_in_progress_elsewhere(
    make_repository: MakeRepository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    starter: str,
) -> None:
    """Its variables are not for another repository than its own."""
    top = make_repository({"a": ""})
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    write(other, {"b": ""})
    git(other, "add", "b")
    monkeypatch.setenv("GIT_DIR", str(top / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(top / ".git" / "index"))
    assert list(questions.tracked(str(other))) == ["b"]


def test_git_dir_without_a_dot_git(
    make_repository: MakeRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, starter: str
) -> None:
    """A work tree whose repository lies elsewhere, as dotfile managers have it."""
    top = make_repository({"a": "", "b/c": ""})
    (top / ".git").rename(tmp_path / "elsewhere")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_WORK_TREE", str(top))
    repository = Repository()
    assert repository.is_git
    assert sorted(repository.tracked()) == ["a", "b/c"]
    monkeypatch.chdir(top / "b")
    assert sorted(Repository().tracked()) == ["a", "b/c"]


def test_ignored(make_repository: MakeRepository, starter: str) -> None:
    top = str(make_repository({".gitignore": "*.log\n/build/\n"}))
    assert questions.ignored(top, "x/a.log") is True
    assert questions.ignored(top, "build/a") is True
    assert questions.ignored(top, "a") is False
    assert questions.ignored(top, "-a") is False


def test_remote_url(make_repository: MakeRepository, starter: str) -> None:
    top = make_repository({})
    assert questions.remote_url(str(top)) is None
    git(top, "remote", "add", "origin", "git@github.com:o/r.git")
    assert questions.remote_url(str(top)) == "git@github.com:o/r.git"


def test_commit_time(make_repository: MakeRepository, tmp_path: Path, starter: str) -> None:
    assert questions.commit_time(str(make_repository({}))) == 1768478400
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    git(fresh, "init", "--quiet")
    assert questions.commit_time(str(fresh)) is None


def test_commit_time_is_not_what_a_message_says(
    make_repository: MakeRepository, starter: str
) -> None:
    top = make_repository({})
    git(top, "commit", "--quiet", "--allow-empty", "--message", "x\n\ncommitter A <a> 1 +0000")
    assert questions.commit_time(str(top)) == 1768478400


def test_reference_time(make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch) -> None:
    top = str(make_repository({}))
    assert questions.reference_time(top) == 1768478400
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    assert questions.reference_time(top) == 1000000000
    for wrong in ("soon", "-5", "\N{SUPERSCRIPT TWO}", "\N{ARABIC-INDIC DIGIT THREE}"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
        assert questions.reference_time(top) == 1768478400
    for late in ("99999999999999", "9" * 30, "9" * 5000):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", late)
        assert time.gmtime(questions.reference_time(top)).tm_year == 9999
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert questions.reference_time(None) > 1768478400


HOSTILE = """
[core]
    fsmonitor = {script}
    pager = {script}
    editor = {script}
    askPass = {script}
    sshCommand = {script}
    gitProxy = {script}
    hooksPath = {folder}
    attributesFile = {folder}/attributes
    alternateRefsCommand = {script}
[alias]
    ls-files = !{script}
    check-ignore = !{script}
    cat-file = !{script}
    rev-parse = !{script}
    config = !{script}
[pager]
    ls-files = {script}
    config = {script}
    cat-file = {script}
    check-ignore = {script}
[log]
    showSignature = true
[gpg]
    program = {script}
[gpg "ssh"]
    program = {script}
[filter "evil"]
    clean = {script}
    smudge = {script}
    process = {script}
    required = true
[diff]
    external = {script}
[diff "evil"]
    textconv = {script}
    command = {script}
[credential]
    helper = !{script}
[remote "origin"]
    url = ext::{script}
    uploadpack = {script}
[trace2]
    eventTarget = {folder}/traced
"""
HOOKS = ("post-index-change", "fsmonitor-watchman", "query-watchman", "reference-transaction")


@POSIX
def test_a_hostile_configuration_runs_nothing(
    make_repository: MakeRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, starter: str
) -> None:
    evil = tmp_path / "evil"
    marker = tmp_path / "marker"
    script = f"#!/bin/sh\necho $0 $@ >> {marker}\n"
    write(evil, {"script": script, "attributes": "* filter=evil diff=evil\n"})
    write(evil, dict.fromkeys(HOOKS, script))
    top = make_repository({"a": "1", ".gitignore": "*.log\n"})
    write(top, {".gitattributes": "* filter=evil diff=evil\n", "a": "22"})
    write(top, {f".git/hooks/{name}": script for name in HOOKS})
    for path in [*evil.iterdir(), *(top / ".git" / "hooks").iterdir()]:
        path.chmod(0o755)
    config = top / ".git" / "config"
    with open(config, "a") as stream:
        stream.write(HOSTILE.format(script=evil / "script", folder=evil))
    write(top, {"bin/git": script})
    (top / "bin" / "git").chmod(0o755)
    write(top, {"git": script})
    (top / "git").chmod(0o755)

    repository = Repository()
    assert set(repository.tracked()) == {"a", ".gitignore"}
    assert questions.ignored(str(top), "b.log") is True
    assert questions.remote_url(str(top)) == f"ext::{evil / 'script'}"
    assert questions.commit_time(str(top)) == 1768478400
    monkeypatch.setenv("GIT_DIR", str(top / ".git"))
    assert questions.run(str(top), "rev-parse", "--show-toplevel").strip() == os.fsencode(top)

    assert not marker.exists(), marker.read_text()
    # The bait is not a dud: without the precautions it is taken.
    monkeypatch.delenv("GIT_DIR")
    subprocess.run(["git", "status"], cwd=top, capture_output=True, check=False)
    assert marker.exists()


def test_the_index_is_left_alone(make_repository: MakeRepository, starter: str) -> None:
    top = make_repository({"a": ""})
    index = top / ".git" / "index"
    os.utime(top / "a", (1, 1))
    before = index.read_bytes(), index.stat().st_mtime_ns
    Repository().tracked()
    questions.ignored(str(top), "a")
    assert (index.read_bytes(), index.stat().st_mtime_ns) == before


@POSIX
def test_what_a_clone_lacks_is_not_fetched(
    make_repository: MakeRepository, tmp_path: Path, starter: str
) -> None:
    marker, script = tmp_path / "marker", tmp_path / "script"
    script.write_text(f"#!/bin/sh\necho ran >> {marker}\n")
    script.chmod(0o755)
    top = make_repository({"a": "1"})
    blob = git(top, "rev-parse", "HEAD:a").strip()
    (top / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with open(top / ".git" / "config", "a") as stream:
        stream.write(
            f"[core]\n repositoryformatversion = 1\n sshCommand = {script}\n"
            "[extensions]\n partialClone = far\n[protocol]\n allow = always\n"
            '[protocol "ssh"]\n allow = always\n'
            '[remote "far"]\n url = ssh://host.invalid/x\n promisor = true\n'
        )
    with pytest.raises(questions.GitError):
        questions.run(str(top), "cat-file", "blob", blob)
    assert not marker.exists()


@pytest.mark.parametrize(
    "name",
    ["GIT_TRACE", "GIT_TRACE_SETUP", "GIT_TRACE2", "GIT_TRACE2_EVENT", "GIT_TRACE_PERFORMANCE"],
)
def test_what_git_traces_is_not_among_its_answers(
    name: str, make_repository: MakeRepository, starter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = str(make_repository({"a": ""}))
    quiet = questions.run(top, "ls-files", "--stage", "-z"), questions.run(top, "rev-parse", "HEAD")
    monkeypatch.setenv(name, "1")
    assert quiet[0] == questions.run(top, "ls-files", "--stage", "-z")
    assert quiet[1] == questions.run(top, "rev-parse", "HEAD")
