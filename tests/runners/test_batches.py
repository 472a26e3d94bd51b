"""Thousands of files, in batches and in any order; and what users tell the runners."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path

import pytest
import real_runners
from conftest import git, write
from real_runners import (
    FOUND,
    PINNED,
    POLICY,
    UNPINNED,
    WORKFLOW,
    Runner,
    repository,
    result,
)
from tools import dev, tool

runner = real_runners.quick_runner

CONFIG = ".pre-commit-config.yaml"
CODE = "import subprocess\n\nsubprocess.call('ls', shell=True)\n"
HASHED = f"a==1 --hash=sha256:{'a' * 64}\n"
PROJECT = '[project]\nname = "x"\nversion = "1"\ndependencies = ["idna"]\n'
STALE = """version = 1\nrequires-python = ">=3.10"\n
[[package]]\nname = "x"\nversion = "1"\nsource = {{ virtual = "{}" }}\n"""
UPLOAD = (
    "      - run: twine upload dist/*\n        env:\n          TWINE_PASSWORD: ${{ secrets.X }}\n"
)


def many(count: int) -> dict[str, str | bytes]:
    """As many files, in folders; in each there is something to be found by each hook."""
    files: dict[str, str | bytes] = {}
    for number in range(count // 10):
        name = f"projects/{number % 7}/some longer name of a project {number}"
        files[f"{name}/pyproject.toml"] = PROJECT.replace('"x"', f'"x{number}"')
        files[f"{name}/uv.lock"] = STALE.replace('"x"', f'"x{number}"').format(".")
        files[f"{name}/requirements.txt"] = HASHED + "b==1\n"
        files[f".github/workflows/w{number}.yml"] = (UNPINNED if number % 3 else PINNED) + UPLOAD
        for part in range(6):
            files[f"{name}/module{part}.py"] = CODE if part == number % 6 else "x = 1\n"
    return files


@pytest.mark.parametrize("count", [500, pytest.param(5000, marks=pytest.mark.slow)])
def test_batches(runner: Runner, tmp_path: Path, count: int) -> None:
    """All hooks, given names in batches, find together what they find when they are given none:
    each finding once, whatever batch and whatever process has its file."""
    ids = [id for id in dev.hook_ids() if id not in ("tenterhooks", "security-policy")]
    top = runner.repository(tmp_path / "top", many(count), *ids, args=["--format", "text"])
    done = runner.run(top, "--all-files")
    assert done.code == 1
    alone = []
    for id in ids:
        program = runner.program("tenterhooks-bandit" if id == "bandit" else id)
        whole = result([program, "--format", "text"], top, runner.variables)
        assert whole.code == 1, whole.out
        alone += whole.findings
    assert len(alone) > count / 10 * 6
    assert sorted(done.findings) == sorted(alone)


@pytest.mark.parametrize("runner", ["prek"], indirect=True)
@pytest.mark.slow
def test_order_of_the_names(runner: Runner, tmp_path: Path) -> None:
    """The same report for the same names in another order; and in two halves the same findings."""
    top = repository(tmp_path / "top", many(60))
    names = git(top, "ls-files", "-z").strip("\0").split("\0")
    for id in ("lock-in-sync", "hashed-requirements", "pinned-actions", "trusted-publishing"):
        program = runner.program(id)
        whole = result([program, *names], top, runner.variables)
        assert whole.code == 1
        shuffled = random.Random(id).sample(names, len(names))
        assert result([program, *shuffled], top, runner.variables) == whole
        halves = [
            result([program, *shuffled[at::2]], top, runner.variables).findings for at in (0, 1)
        ]
        both = halves[0] + halves[1]
        # Of a project and its lock, each half tells what it knows of the other.
        same = (
            set(both) == set(whole.findings)
            if id == "lock-in-sync"
            else sorted(both) == sorted(whole.findings)
        )
        assert same


@pytest.mark.slow
def test_several_runs_at_the_same_time(runner: Runner, tmp_path: Path) -> None:
    """Two terminals: one of them fixes a file, and the other says so where it comes too late."""
    files: dict[str, str | bytes] = {
        f".github/workflows/w{number}.yml": UNPINNED for number in range(60)
    }
    files |= {WORKFLOW: PINNED}
    top = runner.repository(tmp_path / "top", files, "pinned-actions", args=["--fix"])
    command = [tool(runner.name), "run", "--all-files"]
    started = [
        subprocess.Popen(
            command,
            cwd=top,
            env=runner.variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for _ in range(2)
    ]
    said = [process.communicate()[0].decode() for process in started]
    assert not [text for text in said if "Traceback" in text], said
    folder = top / ".github" / "workflows"
    assert {path.read_text("utf-8") for path in folder.iterdir()} == {PINNED}
    assert len(list(folder.iterdir())) == len(files)
    assert runner.run(top, "--all-files").code == 0


def test_skipped_hooks(runner: Runner, tmp_path: Path) -> None:
    top = runner.repository(tmp_path / "top", {WORKFLOW: UNPINNED})
    skipped = [id for id in dev.hook_ids() if id != "pinned-actions"]
    done = runner.run(top, "--all-files", SKIP=",".join(skipped))
    assert (done.code, done.findings) == (1, [FOUND])
    assert done.out.count("Skipped") == len(skipped)


def test_fail_fast(runner: Runner, tmp_path: Path) -> None:
    hooks = ("security-policy", "pinned-actions")
    top = runner.repository(tmp_path / "top", {WORKFLOW: UNPINNED}, *hooks, fail_fast=True)
    done = runner.run(top, "--all-files")
    assert (done.code, done.findings) == (1, ["SECURITY.md:1:1: missing-security-policy"])


def test_single_files_and_other_stages(runner: Runner, tmp_path: Path) -> None:
    files = {WORKFLOW: UNPINNED, "SECURITY.md": POLICY, "b/action.yml": UNPINNED}
    top = runner.repository(tmp_path / "top", files)
    done = runner.run(top, "pinned-actions", "--files", WORKFLOW)
    assert (done.code, done.findings) == (1, [FOUND])
    done = runner.run(top, "tenterhooks", "--hook-stage", "manual", "--all-files")
    assert done.findings.count(FOUND) == 1


def test_version_of_python(runner: Runner, tmp_path: Path) -> None:
    """A user's choice of an interpreter, which the manifest does not override."""
    version = f"python{dev.VERSION}"
    config = json.loads(runner.config("pinned-actions"))
    config["default_language_version"] = {"python": version}
    files = {WORKFLOW: UNPINNED}
    top = repository(tmp_path / "top", {**files, CONFIG: json.dumps(config)})
    assert runner.run(top, "--all-files").findings == [FOUND]
    write(top, {CONFIG: runner.config("pinned-actions", language_version=version)})
    assert runner.run(top, "--all-files").findings == [FOUND]


@pytest.mark.slow
def test_try_repo_of_a_checkout(runner: Runner, tmp_path: Path) -> None:
    top = repository(tmp_path / "top", {WORKFLOW: UNPINNED})
    command = [tool(runner.name), "try-repo", str(runner.hooks), "pinned-actions", "--all-files"]
    done = result([*command, "--ref", runner.revision], top, runner.variables)
    assert done.code == 1
    assert done.findings == [FOUND], done.out
