"""The hooks as git starts them: at a commit, a merge and a push, also from unusual places."""

from __future__ import annotations

from pathlib import Path

import pytest
import real_runners
from conftest import git, write
from real_runners import (
    ACTION,
    FOUND,
    PINNED,
    POLICY,
    UNPINNED,
    WORKFLOW,
    Runner,
    commit,
)

runner = real_runners.quick_runner

CHANGED = ["--format", "text", "--only-changed"]


def head(top: Path) -> str:
    return git(top, "rev-parse", "HEAD")


def with_origin(runner: Runner, parent: Path, **options: object) -> Path:
    """A repository whose hooks run at a push, and an empty one to push to."""
    files = {WORKFLOW: UNPINNED, "SECURITY.md": POLICY}
    top = runner.repository(parent / "top", files, "tenterhooks", **options)
    runner.install(top, "pre-push")
    git(parent, "init", "--quiet", "--bare", "origin.git")
    git(top, "remote", "add", "origin", "../origin.git")
    return top


def test_commit(runner: Runner, tmp_path: Path) -> None:
    top = runner.repository(tmp_path / "top", {"SECURITY.md": POLICY})
    runner.install(top, "pre-commit")
    write(top, {WORKFLOW: UNPINNED})
    git(top, "add", "--all")
    before = head(top)
    done = runner.git(top, "commit", "--message", "x")
    assert done.code == 1
    assert done.findings == [FOUND] * 2
    assert head(top) == before
    write(top, {WORKFLOW: PINNED})
    git(top, "add", "--all")
    assert runner.git(top, "commit", "--message", "x").code == 0
    assert head(top) != before


def test_first_commit_of_all(runner: Runner, tmp_path: Path) -> None:
    """There is no HEAD yet to hold anything against."""
    top = tmp_path / "top"
    top.mkdir()
    git(top, "init", "--quiet")
    config = runner.config("tenterhooks", args=CHANGED)
    write(top, {".pre-commit-config.yaml": config, WORKFLOW: UNPINNED, "SECURITY.md": POLICY})
    git(top, "add", "--all")
    runner.install(top, "pre-commit")
    done = runner.git(top, "commit", "--message", "x")
    assert (done.code, done.findings) == (1, [FOUND])


def test_commit_in_a_worktree(runner: Runner, tmp_path: Path) -> None:
    top = runner.repository(tmp_path / "top", {"SECURITY.md": POLICY})
    runner.install(top, "pre-commit")
    git(top, "worktree", "add", "--quiet", "../tree")
    write(tmp_path / "tree", {WORKFLOW: UNPINNED})
    git(tmp_path / "tree", "add", "--all")
    done = runner.git(tmp_path / "tree", "commit", "--all", "--message", "x")
    assert done.code == 1
    assert done.findings == [FOUND] * 2


def test_amended_commit(runner: Runner, tmp_path: Path) -> None:
    """What the commit had already is not looked at again by hooks that are given names."""
    files = {WORKFLOW: UNPINNED, "SECURITY.md": POLICY}
    top = runner.repository(tmp_path / "top", files, "pinned-actions", "security-policy")
    commit(top, {"a/action.yml": ACTION})
    runner.install(top, "pre-commit")
    write(top, {"b/action.yml": ACTION})
    git(top, "add", "--all")
    done = runner.git(top, "commit", "--amend", "--no-edit")
    assert done.code == 1
    assert done.findings == ["b/action.yml:6:13: unpinned-action"]
    git(top, "rm", "--quiet", "--force", "b/action.yml")
    assert runner.git(top, "commit", "--amend", "--message", "new").code == 0


def test_commit_of_some_of_what_is_staged(runner: Runner, tmp_path: Path) -> None:
    """git makes an index of its own for `git commit FILE`, and names it in GIT_INDEX_FILE."""
    top = runner.repository(tmp_path / "top", {"a.txt": ""}, "pinned-actions", "security-policy")
    runner.install(top, "pre-commit")
    write(top, {"SECURITY.md": POLICY, WORKFLOW: UNPINNED, "a.txt": "x\n"})
    git(top, "add", "--all")
    done = runner.git(top, "commit", "--message", "x", "a.txt")
    assert done.code == 1
    assert done.findings == ["SECURITY.md:1:1: untracked-security-policy"]
    assert git(top, "diff", "--cached", "--name-only").split() == [WORKFLOW, "SECURITY.md", "a.txt"]
    done = runner.git(top, "commit", "--message", "x", "a.txt", "SECURITY.md")
    assert done.code == 0, done.out


def test_commit_from_another_index(runner: Runner, tmp_path: Path) -> None:
    top = runner.repository(tmp_path / "top", {"SECURITY.md": POLICY})
    runner.install(top, "pre-commit")
    other = {"GIT_INDEX_FILE": str(tmp_path / "index")}
    assert runner.git(top, "read-tree", "HEAD", **other).code == 0
    write(top, {WORKFLOW: UNPINNED})
    assert runner.git(top, "add", WORKFLOW, **other).code == 0
    done = runner.git(top, "commit", "--message", "x", **other)
    assert (done.code, done.findings) == (1, [FOUND] * 2)
    assert git(top, "diff", "--cached", "--name-only") == ""


@pytest.mark.parametrize("conflict", [False, True])
def test_merge(runner: Runner, tmp_path: Path, conflict: bool) -> None:
    files = {"SECURITY.md": POLICY, "x": ""}
    top = runner.repository(tmp_path / "top", files, "pinned-actions", "tenterhooks")
    git(top, "checkout", "--quiet", "-b", "topic")
    commit(top, {WORKFLOW: UNPINNED, "x": "1"})
    git(top, "checkout", "--quiet", "-")
    commit(top, {"y": "", "x": "2" if conflict else ""})
    runner.install(top, "pre-commit", "pre-merge-commit")
    before = head(top)
    done = runner.git(top, "merge", "--no-ff", "--no-edit", "topic")
    if conflict:
        write(top, {"x": "3"})
        git(top, "add", "x")
        done = runner.git(top, "commit", "--no-edit")
    assert done.code == 1
    # Of a merge with conflicts, runners pass names of files that both sides have changed.
    assert done.findings == [FOUND] * (1 if conflict else 2)
    assert head(top) == before


def test_push(runner: Runner, tmp_path: Path) -> None:
    top = with_origin(runner, tmp_path)
    done = runner.git(top, "push", "origin", "HEAD:main")
    assert done.code == 1
    assert done.findings == [FOUND]
    assert git(tmp_path / "origin.git", "branch", "--list") == ""
    commit(top, {WORKFLOW: PINNED})
    assert runner.git(top, "push", "origin", "HEAD:main").code == 0
    assert "main" in git(tmp_path / "origin.git", "branch", "--list")


def test_push_of_what_is_new(runner: Runner, tmp_path: Path) -> None:
    """Of a first push all is new; later only what the other side does not have."""
    top = with_origin(runner, tmp_path, args=CHANGED)
    done = runner.git(top, "push", "origin", "HEAD:main")
    assert (done.code, done.findings) == (1, [FOUND])
    git(top, "push", "--quiet", "--no-verify", "origin", "HEAD:main")
    commit(top, {"x": ""})
    done = runner.git(top, "push", "origin", "HEAD:main")
    assert done.code == 0, done.out
    commit(top, {"a/action.yml": ACTION})
    commit(top, {"y": ""})
    for branch in ("main", "new"):
        done = runner.git(top, "push", "origin", f"HEAD:{branch}")
        assert (done.code, done.findings) == (1, ["a/action.yml:6:13: unpinned-action"])


def test_stages_of_a_message(runner: Runner, tmp_path: Path) -> None:
    """The hooks that look at a whole repository keep out of stages that have no content; the
    others are given the message, which is not theirs whatever it looks like."""
    top = runner.repository(tmp_path / "top", {WORKFLOW: UNPINNED})
    runner.install(top, "prepare-commit-msg", "commit-msg")
    message = "#!/usr/bin/env python\nexec(input())"
    done = runner.git(top, "commit", "--allow-empty", "--message", message)
    assert (done.code, done.findings) == (0, []), done.out
    assert git(top, "log", "-1", "--format=%B").strip() == message


def test_submodule(runner: Runner, tmp_path: Path) -> None:
    """What is in a submodule is for its own hooks to find, run there."""
    files = {WORKFLOW: UNPINNED, "action.yml": ACTION, "requirements.txt": "a\n"}
    inner = runner.repository(tmp_path / "inner", files)
    top = runner.repository(tmp_path / "top", {"SECURITY.md": POLICY})
    for path in ("sub", "action.yml", ".github/workflows"):
        add = ["-c", "protocol.file.allow=always", "submodule", "add", "--quiet", "--force"]
        git(top, *add, str(inner), path)
    git(top, "commit", "--quiet", "--message", "submodules")
    done = runner.run(top, "--all-files")
    assert (done.code, done.findings) == (0, []), done.out
    done = runner.run(top / "sub", "--all-files")
    assert done.code == 1
    assert set(done.findings) >= {FOUND, "SECURITY.md:1:1: missing-security-policy"}
    git(top, "rm", "--quiet", "--cached", "sub")
    commit(top / "sub", {"more": ""})
    assert runner.run(top).code == 0
