"""Fixtures: real git repositories, and hooks run in this process with the network forbidden."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import hypothesis
import pytest

from tenterhooks import everything

ROOT = Path(__file__).parent.parent
COMMIT_TIME = "2026-01-15T12:00:00+0000"

# A leg of `dev.py legs`: as where no wheel of the accelerator is published.
if os.environ.get("TENTERHOOKS_WITHOUT_LIBYAML"):
    sys.modules["_ruamel_yaml"] = None  # type: ignore[assignment]

# A busy machine is no reason to fail.
hypothesis.settings.register_profile("quick", deadline=None, max_examples=40)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=100)
hypothesis.settings.load_profile("quick")

# A commit in progress must not leak into the repositories that tests make.
for name in [name for name in os.environ if name.startswith(("GIT_", "PRE_COMMIT", "SOURCE_DATE"))]:
    del os.environ[name]


def git(folder: Path, *arguments: str) -> str:
    """Standard output of git in ``folder``, with an identity and dates of its own."""
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_AUTHOR_DATE": COMMIT_TIME,
        "GIT_COMMITTER_DATE": COMMIT_TIME,
    }
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    done = subprocess.run(
        ["git", *identity, "-c", "init.defaultBranch=main", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def write(folder: Path, files: dict[str, str | bytes]) -> None:
    """Write ``files`` below ``folder``; text as UTF-8 with its line ends as they are."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


class Result(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines of standard output without the ``fix:`` lines."""
        return [line for line in self.out.splitlines() if not line.startswith("    fix: ")]

    @property
    def rules(self) -> list[str]:
        """The rule of each finding, in order."""
        return [line.split(": ", 1)[1].split(" ", 1)[0] for line in self.lines]


Hook = Callable[..., Result]
MakeRepository = Callable[[dict[str, str | bytes]], Path]


@pytest.fixture
def make_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeRepository:
    """Make a git repository with these files committed, and go there."""

    def make(files: dict[str, str | bytes]) -> Path:
        top = tmp_path / "repository"
        top.mkdir()
        git(top, "init", "--quiet")
        write(top, files)
        git(top, "add", "--all", "--force")
        git(top, "commit", "--quiet", "--allow-empty", "--message", "all")
        monkeypatch.chdir(top)
        return top

    return make


@pytest.fixture
def hook(capsys: pytest.CaptureFixture[str]) -> Hook:
    """Run a hook, by id, in this process: ``hook("pinned-actions", "--fix")``; in the form with a
    line for each finding, unless another is asked for."""

    def run(hook_id: str, *arguments: str) -> Result:
        is_run = hook_id == "tenterhooks" and not set(arguments[:1]) & set(everything.COMMANDS)
        if is_run and "--format" not in arguments:
            arguments = ("--format", "text", *arguments)
        module = "everything" if hook_id == "tenterhooks" else hook_id.replace("-", "_")
        main = importlib.import_module(f"tenterhooks.{module}").main
        capsys.readouterr()
        code = main(list(arguments))
        out, err = capsys.readouterr()
        return Result(code, out, err)

    return run


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening a socket fails the test; subprocesses are looked after where they are started."""

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a socket was opened")

    monkeypatch.setattr("socket.socket.__init__", refuse)
