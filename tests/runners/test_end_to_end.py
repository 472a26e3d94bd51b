"""The hooks of this checkout in real repositories, run by real runners, with no network."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import real_runners
from real_runners import (
    ACTION,
    FOUND,
    PINNED,
    POLICY,
    UNPINNED,
    WORKFLOW,
    Runner,
    commit,
    repository,
    result,
)
from tools import dev

runner = real_runners.runner
quick_runner = real_runners.quick_runner


def test_clean(runner: Runner, tmp_path: Path) -> None:
    hashed = f"click==8.1.8 --hash=sha256:{'a' * 64}\n"
    files: dict[str, str | bytes] = {WORKFLOW: PINNED, "SECURITY.md": POLICY}
    files |= {"requirements.txt": hashed, "a.py": "x = 1\n"}
    top = runner.repository(tmp_path / "top", files)
    done = runner.run(top, "--all-files")
    assert done.findings == []
    assert done.code == 0, done.out
    assert done.out.count("Passed") == len(dev.hook_ids())


def test_findings_fail_the_run(runner: Runner, tmp_path: Path) -> None:
    top = runner.repository(tmp_path / "top", {WORKFLOW: UNPINNED})
    done = runner.run(top, "--all-files")
    assert done.code == 1
    assert "- exit code: 1" in done.out
    assert done.findings.count(FOUND) == 2
    assert done.findings.count("SECURITY.md:1:1: missing-security-policy") == 2


def test_wrong_configuration_is_exit_code_2(runner: Runner, tmp_path: Path) -> None:
    files = {"pyproject.toml": "[tool.tenterhooks]\nunheard-of = 1\n"}
    top = runner.repository(tmp_path / "top", {**files}, "tenterhooks")
    done = runner.run(top, "--all-files")
    assert done.code != 0
    assert "- exit code: 2" in done.out
    assert "unheard-of" in done.out


def test_project_in_a_subfolder(runner: Runner, tmp_path: Path) -> None:
    files = {"services/api/action.yml": ACTION, "SECURITY.md": POLICY}
    top = runner.repository(tmp_path / "top", {**files})
    done = runner.run(top / "services" / "api", "--all-files")
    assert done.findings == ["services/api/action.yml:6:13: unpinned-action"] * 2


def test_fix_changes_and_fails_and_then_all_is_well(runner: Runner, tmp_path: Path) -> None:
    other = ".github/workflows/other.yml"
    config = runner.config("pinned-actions", args=["--fix"])
    files = {".pre-commit-config.yaml": config, WORKFLOW: PINNED, other: UNPINNED}
    top = runner.repository(tmp_path / "top", {**files})
    done = runner.run(top, "--all-files")
    assert done.code == 1
    assert "files were modified by this hook" in done.out
    assert (top / other).read_text("utf-8") == PINNED
    assert (top / WORKFLOW).read_text("utf-8") == PINNED
    assert runner.run(top, "--all-files").code == 0


def test_modules_of_the_repository_are_not_run(runner: Runner, tmp_path: Path) -> None:
    planted = "open('planted', 'w')\n"
    names = [
        "argparse.py",
        "tenterhooks.py",
        "tenterhooks/__init__.py",
        "sitecustomize.py",
        "re.py",
    ]
    files = {**dict.fromkeys(names, planted), WORKFLOW: PINNED, "SECURITY.md": POLICY}
    top = runner.repository(tmp_path / "top", {**files})
    assert runner.run(top, "--all-files").code == 0
    assert not (top / "planted").exists()


def test_adopt(quick_runner: Runner, tmp_path: Path) -> None:
    runner = quick_runner
    """What `adopt`, run from a runner's environment, writes is what that runner then runs: of the
    commit that the environment was made of; what was there passes, and what is new fails."""
    home = "https://github.com/tenterhooks/tenterhooks"
    runner = copy.copy(runner)
    runner.variables = {
        **runner.variables,
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{runner.hooks}.insteadOf",
        "GIT_CONFIG_VALUE_0": home,
    }
    entry = {"repo": home, "rev": runner.revision, "hooks": [{"id": "tenterhooks"}]}
    config = json.dumps({"repos": [entry]})
    first = repository(tmp_path / "first", {".pre-commit-config.yaml": config})
    runner.prepare(first)

    top = repository(tmp_path / "top", {WORKFLOW: UNPINNED})
    # Environments of the other address are there as well, from which the commit cannot be told.
    programs = runner.home.glob("**/bin/tenterhooks")
    done = [result([str(it), "adopt", "--yes"], top, runner.variables) for it in programs]
    assert 0 in [it.code for it in done], done
    text = (top / ".pre-commit-config.yaml").read_text()
    assert f"rev: {runner.revision}  # frozen: v" in text
    commit(top, {})
    again = runner.run(top, "--all-files")
    assert again.code == 0, again.out

    commit(top, {WORKFLOW: UNPINNED + "      - uses: c/d@v4\n"})
    assert runner.run(top, "--all-files").code == 1
