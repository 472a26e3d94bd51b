"""The GitLab component, and what any other service can do: their shell, run as a runner does it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from ci_services import (
    CLEAN,
    HEADER,
    INPUT,
    JOB,
    PAGE,
    PWNED,
    REPOSITORY,
    TRAPS,
    pull_request,
    repository,
)
from conftest import ROOT, git
from pages import blocks
from real_runners import result, variables
from tools import dev

pytestmark = pytest.mark.slow


class Mirror(NamedTuple):
    """This checkout as a repository with one commit."""

    url: str
    commit: str


@pytest.fixture(scope="session")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Mirror:
    top = tmp_path_factory.mktemp("mirror") / "source"
    top.mkdir()
    for name in ("hooks", "requirements", *dev.PACKAGE):
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, top / name, ignore=ignored, dirs_exist_ok=True)
        else:
            shutil.copy(source, top / name)
    repository(top, {})
    return Mirror(top.as_uri(), git(top, "rev-parse", "HEAD").strip())


def component(script: str, inputs: dict[str, str], mirror: Mirror) -> tuple[str, dict[str, str]]:
    """The script and its variables as GitLab makes them of these inputs."""
    given = {name: about["default"] for name, about in HEADER["spec"]["inputs"].items()}
    given |= {"source": mirror.url, **inputs}

    def value(match: re.Match[str]) -> str:
        kind, name = match.groups()
        text = mirror.commit if kind == "component" else given[name]
        return str(text).lower() if isinstance(text, bool) else str(text)

    def interpolated(text: str) -> str:
        return INPUT.sub(value, text)

    return interpolated(script), {k: interpolated(v) for k, v in JOB["variables"].items()}


class Component:
    """The job of the component, installed once."""

    def __init__(self, mirror: Mirror, folder: Path) -> None:
        self.mirror = mirror
        self.folder = folder

    def install(self, cwd: Path) -> tuple[int, str]:
        last = f'\nprintf %s "$folder" > "{self.folder}/made"'
        return self.run(JOB["script"][0] + last, cwd, {})

    def check(self, cwd: Path, inputs: dict[str, str] | None = None, **own: str) -> tuple[int, str]:
        made = (self.folder / "made").read_text("utf-8")
        before = f'set -eu\nfolder="{made}"\nPATH="$folder/venv/bin:$PATH"\n'
        return self.run(before + JOB["script"][1], cwd, inputs or {}, **own)

    def run(self, script: str, cwd: Path, inputs: dict[str, str], **own: str) -> tuple[int, str]:
        """A shell that knows no arrays must do."""
        text, own_variables = component(script, inputs, self.mirror)
        kept = {k: v for k, v in variables().items() if not k.startswith("CI")}
        server = {"CI": "true", "CI_SERVER_URL": "https://gitlab.example.com", "CI_JOB_TOKEN": "t"}
        environment = {**kept, **server, "TMPDIR": str(self.folder), **own_variables, **own}
        return result(["sh", "-e", "-c", text], cwd, environment)


@pytest.fixture(scope="session")
def job(mirror: Mirror, tmp_path_factory: pytest.TempPathFactory) -> Component:
    folder = tmp_path_factory.mktemp("component")
    made = Component(mirror, folder)
    code, out = made.install(repository(folder / "trapped", TRAPS))
    assert code == 0, out
    assert not list(folder.rglob("pwned"))
    return made


def quality(top: Path) -> list[str]:
    """The places that a Code Quality report names."""
    report = json.loads((top / "gl-code-quality-report.json").read_text("utf-8"))
    return [it["location"]["path"] for it in report]


def test_the_component_writes_its_reports_and_fails(job: Component, tmp_path: Path) -> None:
    top = repository(tmp_path / "r", REPOSITORY)
    code, out = job.check(top)
    assert code == 1
    assert out.startswith(".github/workflows/a.yml:6:15: unpinned-action ")
    assert quality(top) == [".github/workflows/a.yml"]
    assert "unpinned-action" in (top / "tenterhooks.html").read_text("utf-8")


def test_the_component_passes_and_imports_nothing(job: Component, tmp_path: Path) -> None:
    top = repository(tmp_path / "r", {**CLEAN, **TRAPS})
    assert job.check(top)[0] == 0
    assert quality(top) == []
    assert not (top / "pwned").exists()


@pytest.mark.parametrize("name", ["preset", "select", "ignore", "path"])
@pytest.mark.parametrize("text", [*PWNED, "pinned-action[s]", "--fix"])
def test_variables_are_no_shell_code(name: str, text: str, job: Component, tmp_path: Path) -> None:
    """What the patterns refuse may still come from variables of a project."""
    top = repository(tmp_path / "r", {**CLEAN, "pinned-actions": ""})
    code, out = job.check(top, {}, **{f"TENTERHOOKS_{name.upper()}": text})
    assert code == 2, out
    assert not list(tmp_path.rglob("pwned"))


@pytest.mark.parametrize(
    ("inputs", "paths"),
    [
        ({"select": "security-policy"}, []),
        ({"select": "security-policy, pinned-actions"}, [".github/workflows/a.yml"]),
        ({"ignore": "unpinned-action"}, []),
        ({"preset": "scorecard"}, [".github/workflows/a.yml"]),
        ({"select": "bandit", "bandit": "true"}, ["app.py"]),
        ({"path": "docs"}, []),
    ],
)
def test_the_component_hands_its_inputs_on(
    inputs: dict[str, str], paths: list[str], job: Component, tmp_path: Path
) -> None:
    top = repository(tmp_path / "r", {**REPOSITORY, "docs/x": ""})
    code, out = job.check(top, inputs)
    assert code == bool(paths), out
    assert sorted(set(quality(top))) == paths


@pytest.mark.parametrize("depth", [0, 1, 2])
@pytest.mark.parametrize("name", ["DIFF_BASE_SHA", "TARGET_BRANCH_SHA"])
def test_the_component_tells_only_what_a_merge_request_changes(
    name: str, depth: int, job: Component, tmp_path: Path
) -> None:
    top, base, _ = pull_request(tmp_path, depth)
    git(top, "remote", "add", "origin", (tmp_path / "origin").as_uri())
    merge_request = {f"CI_MERGE_REQUEST_{name}": base}
    code, out = job.check(top, {"only-changed": "true"}, **merge_request)
    assert code == 1, out
    assert quality(top) == [".github/workflows/b.yml"]


def test_any_other_service_can_do_what_the_page_says(mirror: Mirror, tmp_path: Path) -> None:
    (text,) = [block for block in blocks(PAGE, "sh") if "git init" in block]
    text = text.replace("https://github.com/tenterhooks/tenterhooks", mirror.url)
    text = text.replace("0" * 40, mirror.commit)
    top = repository(tmp_path / "r", {**REPOSITORY, **TRAPS})
    code, out = result(["sh", "-c", text], top, {**variables(), "TMPDIR": str(tmp_path)})
    assert code == 1, out
    assert ".github/workflows/a.yml" in out
    assert not list(tmp_path.rglob("pwned"))
