"""Real runners, pre-commit and prek, that run the hooks of this checkout with no network."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
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
# What a runner finds in UNPINNED.
FOUND = f"{WORKFLOW}:6:15: unpinned-action"

_FINDING = re.compile(r"^ *(\S.*:[0-9]+:[0-9]+: (?:[a-z][a-z-]*|[A-Z]+[0-9]+)) ", re.MULTILINE)

Files = Mapping[str, str | bytes]


class Result(NamedTuple):
    code: int
    out: str

    @property
    def findings(self) -> list[str]:
        """Place and rule of each finding."""
        return _FINDING.findall(self.out)


class Runner:
    """A runner with its environments of the hooks of this checkout."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.hooks = folder / "hooks"
        self.home = folder / "home"
        self.revision = ""
        self.variables = {**variables(), "PREK_HOME": str(self.home)}
        self.variables["PRE_COMMIT_HOME"] = self.variables["PREK_HOME"]

    def prepare(self, top: Path) -> None:
        """Build what the configuration of a repository needs, which may need a network."""
        command = "prepare-hooks" if self.name == "prek" else "install-hooks"
        done = result([tool(self.name), command], top, self.variables)
        assert done.code == 0, done.out

    def entry(self, *ids: str, **options: object) -> dict[str, object]:
        """These hooks, each with these options, as an entry of ``repos``."""
        lines = {"tenterhooks": {"args": ["--format", "text"]}}
        hooks = [{"id": id, **lines.get(id, {}), **options} for id in ids]
        return {"repo": str(self.hooks), "rev": self.revision, "hooks": hooks}

    def config(self, *ids: str, **options: object) -> str:
        """A configuration with these hooks, each with these options; JSON is YAML."""
        return json.dumps({"repos": [self.entry(*ids, **options)]})

    def repository(self, top: Path, files: Files, *ids: str, **options: object) -> Path:
        """A repository with these files committed and these hooks configured, or all."""
        config = self.config(*(ids or dev.hook_ids()), **options)
        return repository(top, {".pre-commit-config.yaml": config, **files})

    def run(self, folder: Path, *arguments: str, **more: str) -> Result:
        """Run the hooks with no network, and with more variables."""
        return self.call([tool(self.name), "run", *arguments], folder, **more)

    def git(self, folder: Path, *arguments: str, **more: str) -> Result:
        """A git command that starts the hooks where they are installed."""
        identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
        return self.call(["git", *identity, *arguments], folder, **more)

    def call(self, command: list[str], folder: Path, **more: str) -> Result:
        proxies = {f"{scheme}_proxy": "http://127.0.0.1:9" for scheme in ("http", "https", "all")}
        return result([*offline(), *command], folder, {**self.variables, **proxies, **more})

    def install(self, top: Path, *stages: str) -> None:
        """Let git start the hooks at these stages."""
        types = [word for stage in stages for word in ("--hook-type", stage)]
        done = result([tool(self.name), "install", *types], top, self.variables)
        assert done.code == 0, done.out

    def environments(self) -> Iterator[Path]:
        """The folders of packages of the environments that it has built."""
        # Not glob, which fails over a folder that another process takes away meanwhile.
        for folder, inner, _ in os.walk(self.home):
            inner.sort()
            if "tenterhooks" in inner and os.path.basename(folder) == "site-packages":
                yield Path(folder)

    def program(self, name: str) -> str:
        """A console script of ours, that of the bandit hook in the environment that has Bandit."""
        needs = name == "tenterhooks-bandit"
        folder = next(it for it in self.environments() if (it / "bandit").is_dir() == needs)
        return str(folder.parents[2] / "bin" / name)


def result(command: list[str], folder: Path, variables: Mapping[str, str]) -> Result:
    done = subprocess.run(
        command,
        cwd=folder,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return Result(done.returncode, done.stdout.decode("utf-8", "replace"))


def repository(top: Path, files: Files) -> Path:
    top.mkdir()
    git(top, "init", "--quiet")
    commit(top, files)
    return top


def commit(top: Path, files: Files) -> str:
    """Write and commit files, and all else that is there, past the hooks. Returns the commit."""
    write(top, dict(files))
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "--no-verify", "--allow-empty", "--message", "all")
    return git(top, "rev-parse", "HEAD").strip()


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


def released(hooks: Path) -> str:
    """Commit this checkout, with a history and a tag, of which runners fetch neither."""
    snapshot = dev.snapshot(hooks)
    tree = f"{snapshot}^{{tree}}"
    revision = git(hooks, "commit-tree", "-p", snapshot, "-m", "release", tree).strip()
    git(hooks, "update-ref", "refs/heads/main", revision)
    git(hooks, "tag", "v9.9.9", revision)
    return revision


@functools.cache
def ready(name: str, folder: Path) -> Runner:
    """A runner with an environment that holds all hooks, built by whichever process comes first.
    The checkout may have changed since: what the first one took counts."""
    runner = Runner(name, folder)
    known = folder / "revision"
    with dev.setting_up(folder):
        if not known.exists():
            runner.revision = released(runner.hooks)
            runner.prepare(runner.repository(folder / "prepared", {}))
            known.write_text(runner.revision)
    runner.revision = known.read_text()
    return runner


RUNNERS = ["pre-commit", "prek"]


@pytest.fixture(scope="session", params=RUNNERS)
def runner(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """Each runner, its environments built once in a run of the tests."""
    return _ready(request.param, tmp_path_factory)


@pytest.fixture(
    scope="session", params=["prek", pytest.param("pre-commit", marks=pytest.mark.slow)]
)
def quick_runner(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Runner:
    """The quicker one, where both ask git alike; the other is slow."""
    return _ready(request.param, tmp_path_factory)


def _ready(name: str, tmp_path_factory: pytest.TempPathFactory) -> Runner:
    return ready(name, shared_folder(tmp_path_factory, f"hooks-{name}"))


def shared_folder(factory: pytest.TempPathFactory, name: str) -> Path:
    """A folder that all processes of this run share."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    folder.mkdir(exist_ok=True)
    return folder
