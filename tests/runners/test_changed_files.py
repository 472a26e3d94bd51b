"""Which content the hooks see: staged, in part, deleted, renamed, and with what names."""

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

LONG = UNPINNED + "      - run: make\n" * 9
FIXED_LONG = LONG.replace(UNPINNED, PINNED)
NAMES = ("a b", ";$(x)", "d\u00e9j\u00e0 vu", "\u6f22\u5b57", "new\nline", "tab\t", "'\"\\", "-rf")


def test_what_is_staged_counts(runner: Runner, tmp_path: Path) -> None:
    top = runner.repository(tmp_path / "top", {WORKFLOW: PINNED}, "pinned-actions")
    write(top, {WORKFLOW: UNPINNED})
    assert runner.run(top).code == 0
    git(top, "add", "--all")
    write(top, {WORKFLOW: PINNED})
    done = runner.run(top)
    assert done.code == 1
    assert done.findings == [FOUND]
    assert (top / WORKFLOW).read_text("utf-8") == PINNED


def test_file_in_the_index_only(runner: Runner, tmp_path: Path) -> None:
    top = runner.repository(tmp_path / "top", {"x": ""}, "pinned-actions")
    write(top, {WORKFLOW: UNPINNED})
    git(top, "add", "--all")
    (top / WORKFLOW).unlink()
    assert runner.run(top).findings == [FOUND]
    assert not (top / WORKFLOW).exists()


@pytest.mark.parametrize(
    ("unstaged", "left"),
    [
        # Far from the fix: both stay.
        (LONG + "      - run: more\n", FIXED_LONG + "      - run: more\n"),
        # On the line that is fixed: whoever is typing there wins.
        (LONG.replace("v4.2.2", "v5.0.0"), LONG.replace("v4.2.2", "v5.0.0")),
    ],
)
def test_fix_of_a_file_that_is_staged_in_part(
    runner: Runner, tmp_path: Path, unstaged: str, left: str
) -> None:
    files = {WORKFLOW: "on: push\n", ".github/workflows/other.yml": PINNED}
    top = runner.repository(tmp_path / "top", files, "pinned-actions", args=["--fix"])
    write(top, {WORKFLOW: LONG})
    git(top, "add", "--all")
    write(top, {WORKFLOW: unstaged})
    assert runner.run(top).code == 1
    assert (top / WORKFLOW).read_text("utf-8") == left
    assert git(top, "show", f":{WORKFLOW}") == LONG


def test_untracked_file_is_no_policy(runner: Runner, tmp_path: Path) -> None:
    top = runner.repository(tmp_path / "top", {"x": ""}, "security-policy")
    write(top, {"SECURITY.md": POLICY})
    assert "untracked-security-policy" in runner.run(top).out
    git(top, "add", "SECURITY.md")
    assert runner.run(top).code == 0


def test_file_that_is_only_intended_to_be_added(runner: Runner, tmp_path: Path) -> None:
    top = runner.repository(tmp_path / "top", {"x": ""})
    write(top, {WORKFLOW: UNPINNED, "SECURITY.md": POLICY})
    git(top, "add", "--intent-to-add", "SECURITY.md")
    git(top, "add", WORKFLOW)
    done = runner.run(top)
    assert done.code == 1
    assert set(done.findings) == {FOUND, "SECURITY.md:1:1: untracked-security-policy"}
    assert (top / "SECURITY.md").read_text("utf-8") == POLICY


def test_deleted_files(runner: Runner, tmp_path: Path) -> None:
    top = runner.repository(tmp_path / "top", {WORKFLOW: UNPINNED, "SECURITY.md": POLICY})
    git(top, "rm", "--quiet", WORKFLOW)
    assert runner.run(top).code == 0
    git(top, "rm", "--quiet", "SECURITY.md")
    done = runner.run(top)
    assert done.code == 1
    assert done.findings == ["SECURITY.md:1:1: missing-security-policy"] * 2


def test_renamed_files(runner: Runner, tmp_path: Path) -> None:
    """A renamed file is looked at under its new name, by the hooks that look for that name."""
    files = {
        "notes.txt": f"a==1 --hash=sha256:{'a' * 64}\nb==1\n",
        WORKFLOW: UNPINNED,
        "SECURITY.md": POLICY,
    }
    top = runner.repository(tmp_path / "top", files)
    git(top, "mv", "notes.txt", "requirements.txt")
    git(top, "mv", WORKFLOW, ".github/workflows/new.yml")
    git(top, "mv", "SECURITY.md", "POLICY.md")
    found = runner.run(top).findings
    assert found.count("requirements.txt:2:1: partially-hashed") == 2
    assert found.count(FOUND.replace("ci.yml", "new.yml")) == 2
    assert found.count("SECURITY.md:1:1: missing-security-policy") == 2


@pytest.mark.parametrize("chosen", [(), ("--all-files",)], ids=["staged", "all"])
def test_names(runner: Runner, tmp_path: Path, chosen: tuple[str, ...]) -> None:
    """What a name holds beyond letters is printed harmlessly, and the hook finds the file."""
    top = runner.repository(tmp_path / "d\u00e9p\u00f4t \u6f22 b", {"SECURITY.md": POLICY})
    write(top, {f".github/workflows/{name}.yml": UNPINNED for name in NAMES})
    write(top, {f"{name}/action.yml": ACTION for name in NAMES})
    git(top, "add", "--all")
    done = runner.run(top, *chosen, LC_ALL="C")
    assert done.code == 1
    assert done.out.isascii()
    assert done.out.count(": unpinned-action ") == 2 * 2 * len(NAMES)
    for path in (".github/workflows/a b.yml", ".github/workflows/;$(x).yml", "-rf/action.yml"):
        assert f"{path}:6:" in done.out


def test_between_two_commits(runner: Runner, tmp_path: Path) -> None:
    top = runner.repository(tmp_path / "top", {WORKFLOW: UNPINNED, "SECURITY.md": POLICY})
    commit(top, {"a/action.yml": ACTION})
    commit(top, {"b/action.yml": ACTION})
    git(top, "rm", "--quiet", "--force", "a/action.yml")
    commit(top, {"c/action.yml": ACTION})
    done = runner.run(top, "--from-ref", "HEAD~2", "--to-ref", "HEAD")
    places = {line.split(":")[0] for line in done.findings}
    assert done.code == 1
    # The hook that looks at all of the repository, and those that are given names.
    assert places == {"b/action.yml", "c/action.yml", WORKFLOW}
    assert done.findings.count(FOUND) == 1
    assert done.findings.count("c/action.yml:6:13: unpinned-action") == 2


def test_only_what_is_new_between_two_commits(runner: Runner, tmp_path: Path) -> None:
    args = ["--format", "text", "--only-changed"]
    files = {WORKFLOW: UNPINNED, "SECURITY.md": POLICY}
    top = runner.repository(tmp_path / "top", files, "tenterhooks", args=args)
    commit(top, {WORKFLOW: UNPINNED + "      - run: make\n"})
    between = ("--from-ref", "HEAD~1", "--to-ref", "HEAD")
    assert runner.run(top, *between).code == 0
    git(top, "rm", "--quiet", "SECURITY.md")
    commit(top, {WORKFLOW: UNPINNED + "      - uses: c/d@v4\n"})
    done = runner.run(top, *between)
    assert done.code == 1
    found = [FOUND.replace(":6:", ":7:"), "SECURITY.md:1:1: missing-security-policy"]
    assert sorted(done.findings) == sorted(found)
