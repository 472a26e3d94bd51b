"""prek's workspace mode: a folder with a configuration of its own is a project, and its hooks run
in that folder, with names relative to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import real_runners
from conftest import write
from real_runners import ACTION, FOUND, PINNED, POLICY, UNPINNED, WORKFLOW, Runner
from tools import dev

runner = real_runners.quick_runner
pytestmark = pytest.mark.parametrize("runner", ["prek"], indirect=True)

CONFIG = ".pre-commit-config.yaml"
SUB_FOUND = "action.yml:6:13: unpinned-action"
HASHED = f"a==1 --hash=sha256:{'a' * 64}\n"
PROJECT = '[project]\nname = "x"\nversion = "1"\ndependencies = ["idna"]\n'
# What uv locks for a project with no requirement: the one above has one.
STALE = """\
version = 1
requires-python = ">=3.10"

[[package]]
name = "x"
version = "1"
source = { virtual = "." }
"""


def test_workspace(runner: Runner, tmp_path: Path) -> None:
    """A file of the inner project is shown to the outer one as well, under its longer name."""
    config = runner.config(*dev.hook_ids())
    files = {f"sub/{CONFIG}": config, "sub/action.yml": ACTION, "SECURITY.md": POLICY}
    top = runner.repository(tmp_path / "top", files)
    done = runner.run(top, "--all-files")
    assert done.code == 1
    assert "missing-security-policy" not in done.out
    found = [line for line in done.findings if "unpinned-action" in line]
    # The command that looks at the whole repository names files as seen from where it runs.
    assert sorted(set(found)) == [SUB_FOUND, f"sub/{SUB_FOUND}"]
    assert found.count(SUB_FOUND) == found.count(f"sub/{SUB_FOUND}") == 2


def test_projects_side_by_side(runner: Runner, tmp_path: Path) -> None:
    """Projects of the same depth run at the same time; each reads its own files."""
    config = runner.config("lock-in-sync", "hashed-requirements", "tenterhooks")
    files = {"SECURITY.md": POLICY}
    for name in ("a", "b c", "\u00e9"):
        files |= {f"{name}/{CONFIG}": config, f"{name}/requirements.txt": HASHED + "b==1\n"}
        files |= {f"{name}/pyproject.toml": PROJECT, f"{name}/uv.lock": STALE}
    top = runner.repository(tmp_path / "top", files, "security-policy")
    done = runner.run(top, "--all-files")
    assert done.code == 1
    # Twice in each project, by its own names: by the hook, and by the command that runs all.
    for name in ("requirements.txt:2:1: partially-hashed", "pyproject.toml:4:17: lock-out-of-date"):
        assert done.findings.count(name) == 2 * 3, done.out


def test_configuration_stands_at_the_top(runner: Runner, tmp_path: Path) -> None:
    config = runner.config("pinned-actions", "tenterhooks")
    settings = '[tool.tenterhooks]\nexclude = ["sub/**"]\n'
    files = {f"sub/{CONFIG}": config, "sub/action.yml": ACTION, "SECURITY.md": POLICY}
    files |= {"pyproject.toml": settings, WORKFLOW: UNPINNED}
    top = runner.repository(tmp_path / "top", files, "pinned-actions")
    done = runner.run(top, "--all-files")
    assert set(done.findings) == {FOUND, f"../{FOUND}"}


def test_fixes_in_all_projects(runner: Runner, tmp_path: Path) -> None:
    config = runner.config("pinned-actions", args=["--fix"])
    names = [f"p{number}" for number in range(3)]
    files: dict[str, str | bytes] = {WORKFLOW: PINNED}
    files |= {f"{name}/{CONFIG}": config for name in names}
    files |= {f"{name}/action.yml": ACTION for name in names}
    top = runner.repository(tmp_path / "top", files, "pinned-actions", args=["--fix"])
    assert runner.run(top, "--all-files").code == 1
    pin = PINNED.split("uses: ")[1]
    for name in names:
        assert (top / name / "action.yml").read_text() == ACTION.replace("a/b@v4.2.2\n", pin)
        assert sorted(path.name for path in (top / name).iterdir()) == [CONFIG, "action.yml"]
    assert runner.run(top, "--all-files").code == 0


@pytest.mark.parametrize("priority", [None, 0])
def test_hooks_at_the_same_time(runner: Runner, tmp_path: Path, priority: int | None) -> None:
    """Hooks of the same priority run at once: three that fix the same files."""
    options = {} if priority is None else {"priority": priority}
    entry = runner.entry("pinned-actions", "tenterhooks", args=["--fix"], **options)
    hooks = entry["hooks"]
    assert isinstance(hooks, list)
    hooks.append({**hooks[0], "alias": "again"})
    workflows = [f".github/workflows/w{number}.yml" for number in range(40)]
    files: dict[str, str | bytes] = {**dict.fromkeys(workflows, UNPINNED), WORKFLOW: PINNED}
    top = runner.repository(tmp_path / "top", {**files, "SECURITY.md": POLICY})
    write(top, {CONFIG: json.dumps({"repos": [entry]})})
    assert runner.run(top, "--all-files").code != 0
    assert {(top / path).read_text("utf-8") for path in workflows} == {PINNED}
    assert len(list((top / ".github" / "workflows").iterdir())) == len(workflows) + 1
    done = runner.run(top, "--all-files")
    assert done.code == 0, done.out
