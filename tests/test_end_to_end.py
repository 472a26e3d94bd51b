"""The hooks of this checkout in real repositories, run by real runners, with no network."""

from __future__ import annotations

import copy
import functools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import git, write
from tools import dev, tool

SHA = "11bd71901bbe5b1630ceea73d27597364c9af683"
WORKFLOW = ".github/workflows/ci.yml"
POLICY = """\
# Security policy

Report a vulnerability in private: https://github.com/owner/repository/security/advisories/new
We answer within three days.
"""


UNPINNED = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: a/b@v4.2.2\n"
PINNED = UNPINNED.replace("@v4.2.2", f"@{SHA} # v4.2.2")
ACTION = "name: x\ndescription: x\nruns:\n  using: composite\n  steps:\n    - uses: a/b@v4.2.2\n"


class Result(NamedTuple):
    code: int
    out: str

    @property
    def findings(self) -> list[str]:
        """Path, line and rule of what is reported."""
        lines = [line.strip() for line in self.out.splitlines()]
        return [" ".join(line.split()[:2]) for line in lines if ":1:1: " in line or ":6:" in line]


class Runner:
    """A runner with one environment that holds all hooks of this checkout."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.hooks = folder / "hooks"
        self.revision = dev.snapshot(self.hooks)
        self.variables = {**variables(), "PREK_HOME": str(folder / "home")}
        self.variables["PRE_COMMIT_HOME"] = self.variables["PREK_HOME"]

    def prepare(self, top: Path) -> None:
        """Build the environment, which is all that ever needs a network."""
        self.repository(top, {})
        command = "prepare-hooks" if self.name == "prek" else "install-hooks"
        done = result([tool(self.name), command], top, self.variables)
        assert done.code == 0, done.out

    def config(self, *ids: str, **options: object) -> str:
        """A configuration with these hooks, each with these options; JSON is YAML."""
        lines = {"tenterhooks": {"args": ["--format", "text"]}}
        hooks = [{"id": id, **lines.get(id, {}), **options} for id in ids]
        repo = {"repo": str(self.hooks), "rev": self.revision, "hooks": hooks}
        return json.dumps({"repos": [repo]})

    def repository(self, top: Path, files: dict[str, str | bytes], *ids: str) -> Path:
        """A repository with these files committed and these hooks configured, or all."""
        config = self.config(*(ids or dev.hook_ids()))
        return repository(top, {".pre-commit-config.yaml": config, **files})

    def run(self, folder: Path, *arguments: str) -> Result:
        """Run the hooks with no network."""
        proxies = {f"{scheme}_proxy": "http://127.0.0.1:9" for scheme in ("http", "https", "all")}
        command = [*offline(), tool(self.name), "run", *arguments]
        return result(command, folder, {**self.variables, **proxies})


def result(command: list[str], folder: Path, variables: dict[str, str]) -> Result:
    done = subprocess.run(
        command,
        cwd=folder,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return Result(done.returncode, done.stdout.decode())


def repository(top: Path, files: dict[str, str | bytes]) -> Path:
    top.mkdir()
    git(top, "init", "--quiet")
    write(top, files)
    commit(top)
    return top


def commit(top: Path) -> None:
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "--no-verify", "--message", "all")


def variables() -> dict[str, str]:
    """The process environment of runners: locked tools first, and wheels if dev.py has any."""
    kept = {
        name: value
        for name, value in dev.neutral_variables().items()
        if not name.startswith(("PRE_COMMIT", "PREK", "SKIP", "GIT_"))
    }
    own = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "UV_PYTHON_DOWNLOADS": "never",
    }
    wheels = os.environ.get("TENTERHOOKS_WHEELS")
    if wheels:
        own |= dict.fromkeys(("PIP_NO_INDEX", "UV_NO_INDEX", "UV_OFFLINE"), "1")
        own["PIP_FIND_LINKS"] = own["UV_FIND_LINKS"] = Path(wheels).as_uri()
    return {**kept, **own}


@functools.cache
def offline() -> list[str]:
    """What to put before a command so that it has no network; nothing where it cannot be had."""
    for prefix in (["unshare", "--net"], ["unshare", "--net", "--map-root-user"]):
        if (
            shutil.which("unshare")
            and subprocess.run([*prefix, "true"], check=False).returncode == 0
        ):
            return prefix
    return []


@pytest.fixture(scope="session", params=["pre-commit", "prek"])
def runner(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A runner whose environment is built once, whichever process comes first."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    folder = folder / f"hooks-{request.param}"
    with dev.setting_up(folder):
        runner = Runner(request.param, folder)
        if not (folder / "prepared").exists():
            runner.prepare(folder / "prepared")
    return runner


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
    assert done.findings.count(f"{WORKFLOW}:6:15: unpinned-action") == 2
    assert done.findings.count("SECURITY.md:1:1: missing-security-policy") == 2


def test_wrong_configuration_is_exit_code_2(runner: Runner, tmp_path: Path) -> None:
    files = {"pyproject.toml": "[tool.tenterhooks]\nunheard-of = 1\n"}
    top = runner.repository(tmp_path / "top", {**files}, "tenterhooks")
    done = runner.run(top, "--all-files")
    assert done.code != 0
    assert "- exit code: 2" in done.out
    assert "unheard-of" in done.out


def test_what_is_staged_counts(runner: Runner, tmp_path: Path) -> None:
    top = runner.repository(tmp_path / "top", {WORKFLOW: PINNED}, "pinned-actions")
    write(top, {WORKFLOW: UNPINNED})
    assert runner.run(top).code == 0
    git(top, "add", "--all")
    write(top, {WORKFLOW: PINNED})
    done = runner.run(top)
    assert done.code == 1
    assert done.findings == [f"{WORKFLOW}:6:15: unpinned-action"]
    assert (top / WORKFLOW).read_text("utf-8") == PINNED


def test_file_in_the_index_only(runner: Runner, tmp_path: Path) -> None:
    top = runner.repository(tmp_path / "top", {"x": ""}, "pinned-actions")
    write(top, {WORKFLOW: UNPINNED})
    git(top, "add", "--all")
    (top / WORKFLOW).unlink()
    assert runner.run(top).findings == [f"{WORKFLOW}:6:15: unpinned-action"]
    assert not (top / WORKFLOW).exists()


def test_untracked_file_is_no_policy(runner: Runner, tmp_path: Path) -> None:
    top = runner.repository(tmp_path / "top", {"x": ""}, "security-policy")
    write(top, {"SECURITY.md": POLICY})
    assert "untracked-security-policy" in runner.run(top).out
    git(top, "add", "SECURITY.md")
    assert runner.run(top).code == 0


def test_deleted_files(runner: Runner, tmp_path: Path) -> None:
    top = runner.repository(tmp_path / "top", {WORKFLOW: UNPINNED, "SECURITY.md": POLICY})
    git(top, "rm", "--quiet", WORKFLOW)
    assert runner.run(top).code == 0
    git(top, "rm", "--quiet", "SECURITY.md")
    done = runner.run(top)
    assert done.code == 1
    assert done.findings == ["SECURITY.md:1:1: missing-security-policy"] * 2


def test_names_with_spaces_and_beyond_ascii(runner: Runner, tmp_path: Path) -> None:
    workflows = [f".github/workflows/{name}.yml" for name in ("a b", ";$(x)", "d\u00e9j\u00e0 vu")]
    actions = [f"{folder}/action.yml" for folder in ("my project", "-rf")]
    files = {**dict.fromkeys(workflows, UNPINNED), **dict.fromkeys(actions, ACTION)}
    top = runner.repository(tmp_path / "a b", {**files}, "pinned-actions")
    done = runner.run(top, "--all-files")
    assert done.out.isascii()
    assert done.out.count(": unpinned-action ") == len(files)
    for path in (*workflows[:2], *actions):
        assert f"{path}:6:" in done.out


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


def test_commit_in_a_worktree(runner: Runner, tmp_path: Path) -> None:
    top = runner.repository(tmp_path / "top", {"SECURITY.md": POLICY})
    installed = result([tool(runner.name), "install"], top, runner.variables)
    assert installed.code == 0, installed.out
    git(top, "worktree", "add", "--quiet", "../tree")
    write(tmp_path / "tree", {WORKFLOW: UNPINNED})
    git(tmp_path / "tree", "add", "--all")
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    command = [*offline(), "git", *identity, "commit", "--all", "--message", "x"]
    done = result(command, tmp_path / "tree", runner.variables)
    assert done.code == 1
    assert done.findings == [f"{WORKFLOW}:6:15: unpinned-action"] * 2


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


@pytest.mark.parametrize("runner", ["prek"], indirect=True)
def test_workspace(runner: Runner, tmp_path: Path) -> None:
    """A folder with a configuration of its own is a project: its hooks run there."""
    config = runner.config(*dev.hook_ids())
    files = {"sub/.pre-commit-config.yaml": config, "sub/action.yml": ACTION}
    top = runner.repository(tmp_path / "top", {**files, "SECURITY.md": POLICY})
    done = runner.run(top, "--all-files")
    assert done.code == 1
    assert "missing-security-policy" not in done.out
    assert "action.yml:6:13: unpinned-action" in done.findings
    assert "sub/action.yml:6:13: unpinned-action" in done.findings


def test_adopt(runner: Runner, tmp_path: Path) -> None:
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
    command = "prepare-hooks" if runner.name == "prek" else "install-hooks"
    assert result([tool(runner.name), command], first, runner.variables).code == 0

    top = repository(tmp_path / "top", {WORKFLOW: UNPINNED})
    # Environments of the other address are there as well, from which the commit cannot be told.
    programs = Path(runner.variables["PREK_HOME"]).glob("**/bin/tenterhooks")
    done = [result([str(it), "adopt", "--yes"], top, runner.variables) for it in programs]
    assert 0 in [it.code for it in done], done
    text = (top / ".pre-commit-config.yaml").read_text()
    assert f"rev: {runner.revision}  # frozen: v" in text
    commit(top)
    again = runner.run(top, "--all-files")
    assert again.code == 0, again.out

    write(top, {WORKFLOW: UNPINNED + "      - uses: c/d@v4\n"})
    commit(top)
    assert runner.run(top, "--all-files").code == 1
