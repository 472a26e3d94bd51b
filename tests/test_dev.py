"""The front door: what it says when something is missing, what it keeps and what it makes anew."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import tomli
from conftest import ROOT, git, write
from ruamel.yaml import YAML
from tools import dev


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """.dev/ elsewhere."""
    folder = tmp_path / "state"
    folder.mkdir()
    monkeypatch.setattr(dev, "DEV", folder)
    return folder


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small stand-in for this repository, not even known to git."""
    top = tmp_path / "check out"
    files = {name: "x" for name in dev.PACKAGE if name != "hooks"}
    write(top, {**files, "hooks/tenterhooks/x.py": "", ".gitignore": "__pycache__/\n"})
    monkeypatch.setattr(dev, "ROOT", top)
    return top


@pytest.mark.parametrize("argv", [[], ["-h"], ["--help"]])
def test_help(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(argv) == 0
    out = capsys.readouterr().out
    assert all(f"dev.py {name} " in out for name in dev.COMMANDS)


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["nothing"], f"there is no command nothing; there are {', '.join(dev.COMMANDS)}"),
        (["check", "a", "b"], "check takes one repository"),
        (["check", "/does/not/exist"], "cannot change to '/does/not/exist'"),
    ],
)
def test_wrong_arguments(argv: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(argv) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("dev.py: error: ")
    assert message in err


def test_not_a_repository(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["check", str(tmp_path)]) == 2
    assert "not a git repository" in capsys.readouterr().err


def test_no_git(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    assert dev.main(["check"]) == 2
    assert capsys.readouterr().err == "dev.py: error: git is needed, and not to be found\n"


def test_old_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    with pytest.raises(SystemExit, match=r"^dev\.py: error: Python 3\.10 or newer is needed"):
        runpy.run_path(str(ROOT / "dev.py"))


def test_no_venv_module(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"venv.py": "raise SystemExit('ensurepip is not available')"})
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(dev.Failure, match="python3-venv"):
        dev.environment("run")
    assert "ensurepip is not available" in capsys.readouterr().err


def test_no_index(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    with pytest.raises(dev.Failure, match="setting up needs a package index, later runs do not"):
        dev.wheels(sys.executable)
    assert "No matching distribution" in capsys.readouterr().err


def test_what_is_complete_is_made_once(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("a==1\n")
    first = dev.made("x", lock, Path.mkdir)
    (first / "mark").touch()
    assert dev.made("x", lock, Path.mkdir) == first
    assert (first / "mark").exists()


def test_what_was_interrupted_is_made_again(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("a==1\n")

    def fail(folder: Path) -> None:
        folder.mkdir()
        (folder / "half").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dev.made("x", lock, fail)
    assert [path.name for path in dev.made("x", lock, Path.mkdir).iterdir()] == ["complete"]


def test_a_changed_lock_is_made_anew_and_the_old_is_dropped(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("a==1\n")
    old = dev.made("x", lock, Path.mkdir)
    lock.write_text("a==2\n")
    new = dev.made("x", lock, Path.mkdir)
    assert new != old
    assert not old.exists()
    assert re.fullmatch(r"x-3\.\d+-[0-9a-f]{12}", new.name)


def test_snapshot_depends_on_content_alone(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = dev.snapshot(tmp_path / "a")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Somebody")
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    write(checkout, {"tests/test_x.py": "", "hooks/__pycache__/x.pyc": ""})
    assert dev.snapshot(tmp_path / "a") == first
    assert dev.snapshot(tmp_path / "b") == first
    assert not (checkout / ".git").exists()


def test_snapshot_has_new_and_changed_files_and_not_deleted_ones(
    checkout: Path, tmp_path: Path
) -> None:
    first = dev.snapshot(tmp_path / "a")
    write(checkout, {"hooks/tenterhooks/new.py": "new", "LICENSE": "changed"})
    (checkout / "hooks/tenterhooks/x.py").unlink()
    second = dev.snapshot(tmp_path / "a")
    listing = git(tmp_path / "a", "diff", "--name-status", "--no-renames", first, second)
    assert listing.splitlines() == [
        "M\tLICENSE",
        "A\thooks/tenterhooks/new.py",
        "D\thooks/tenterhooks/x.py",
    ]


def test_snapshot_after_an_interrupted_one(checkout: Path, tmp_path: Path) -> None:
    first = dev.snapshot(tmp_path / "a")
    (tmp_path / "a" / "index.lock").touch()
    assert dev.snapshot(tmp_path / "a") == first


def test_package_can_be_built_from_the_snapshot() -> None:
    project = tomli.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert {project["readme"], *project["license-files"]} <= set(dev.PACKAGE)


def test_toplevel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    top = tmp_path / "a b"
    write(top, {"sub/x": ""})
    git(top, "init", "--quiet")
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "--message", "all")
    git(top, "worktree", "add", "--quiet", "../tree")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.chdir(tmp_path)
    assert dev.toplevel(Path("a b")).samefile(top)
    assert dev.toplevel(Path("a b/sub")).samefile(top)
    assert dev.toplevel(Path("tree")).samefile(tmp_path / "tree")


def test_hook_variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "x")
    monkeypatch.setenv("PRE_COMMIT_HOME", "x")
    monkeypatch.setenv("GIT_INDEX_FILE", "x")
    variables = dev.hook_variables(str(tmp_path / "a b"))
    assert not {"PIP_EXTRA_INDEX_URL", "GIT_INDEX_FILE"} & set(variables)
    assert variables["PRE_COMMIT_HOME"].startswith(str(tmp_path))
    assert variables["PIP_NO_INDEX"] == "1"
    # pip takes the value for several places where it holds a space.
    assert variables["PIP_FIND_LINKS"].endswith("/a%20b")


def test_hook_config_has_every_hook() -> None:
    manifest = YAML(typ="safe").load((ROOT / dev.MANIFEST).read_text("utf-8"))
    config = YAML(typ="safe").load(Path(dev.hook_config("0" * 40)).read_text("utf-8"))
    assert [hook["id"] for hook in config["repos"][0]["hooks"]] == [hook["id"] for hook in manifest]


def test_build_requirements() -> None:
    system = tomli.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]
    assert dev.build_requirements().splitlines() == system["requires"]


def test_needs_nothing_but_the_standard_library() -> None:
    done = subprocess.run([sys.executable, "-I", "-S", str(ROOT / "dev.py"), "-h"], check=False)
    assert done.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="a stand-in is a script")
def test_a_python_that_is_none_or_half_is_left_out(tmp_path: Path) -> None:
    assert dev.is_python(sys.executable, dev.VERSION)
    assert not dev.is_python(sys.executable, "3.9")
    half = "import sys; sys.modules['ensurepip'] = None; exec(sys.argv[2])"
    stand_in = tmp_path / "python"
    for body in ("echo not installed; exit 127", f'exec "{sys.executable}" -c "{half}" "$@"'):
        stand_in.write_text(f"#!/bin/sh\n{body}\n")
        stand_in.chmod(0o755)
        assert not dev.is_python(str(stand_in), dev.VERSION)
