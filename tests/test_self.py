"""What is preached here is done here: this repository passes every rule, with nothing accepted."""

from __future__ import annotations

import json
import posixpath
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import tomli
from conftest import ROOT, Hook, git
from ruamel.yaml import YAML

import tenterhooks
from tenterhooks.core.practice import practice_ids

PYPROJECT: dict[str, Any] = tomli.loads((ROOT / "pyproject.toml").read_text("utf-8"))
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
# Folders of small repositories, and what says so itself.
FIXTURES = ("tests/examples/", "tests/lock_in_sync/data/")
OPTIONS = {
    "pinned-actions": ("--require-version-comment",),
    "trusted-publishing": ("--spec8", "--strict"),
}
PIN = re.compile(r"uses: ([\w./-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$", re.MULTILINE)

each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


def load(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text("utf-8"))


def tracked() -> list[str]:
    names = git(ROOT, "ls-files", "-z").split("\0")
    return [name for name in names if name and not name.startswith(FIXTURES)]


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in load(path)["jobs"].values() for step in job["steps"]]


# --- our own hooks ---------------------------------------------------------------------------


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the top of this repository, with no cache of an earlier run."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


@pytest.mark.usefixtures("here")
def test_every_rule_holds(hook: Hook) -> None:
    assert find_spec("bandit"), "without it, its rules are not looked at"
    assert hook("tenterhooks", "--preset", "all") == (0, "", "")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("hook_id", [id for id in practice_ids() if id != "bandit"])
def test_every_other_hook_is_content(hook_id: str, hook: Hook) -> None:
    assert hook(hook_id, *OPTIONS.get(hook_id, ())) == (0, "", "")


def test_nothing_is_accepted() -> None:
    ours = PYPROJECT["tool"]["tenterhooks"]
    assert set(ours) == {"preset", "exclude", "bandit"}
    assert ours["preset"] == ["all"]
    assert tuple(ours["exclude"]) == tuple(f"{folder}**" for folder in FIXTURES)
    assert set(ours["bandit"]) == {"per-file-ignores"}
    assert not (ROOT / "tenterhooks.toml").exists()


@pytest.mark.usefixtures("here")
def test_what_files_are_excused_from_is_still_found_in_them(hook: Hook, tmp_path: Path) -> None:
    ours = PYPROJECT["tool"]["tenterhooks"]
    config = tmp_path / "tenterhooks.toml"
    config.write_text(f"[tool.tenterhooks]\nexclude = {json.dumps(ours['exclude'])}\n", "utf-8")
    told = hook("tenterhooks", "--format", "json", "--preset", "all", "--config", str(config))
    found = {(finding["path"], finding["rule"]) for finding in json.loads(told.out)}
    for entry in ours["bandit"]["per-file-ignores"]:
        prefix, _, rules = entry.partition(":")
        for rule in rules.split(","):
            assert any(path.startswith(prefix) and it == rule for path, it in found), (prefix, rule)


@pytest.mark.usefixtures("here")
def test_no_warning_is_given() -> None:
    code = "import sys; from tenterhooks.everything import main; sys.exit(main())"
    command = [sys.executable, "-W", "error", "-c", code, "--preset", "all"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# --- the workflows ---------------------------------------------------------------------------


def test_the_workflows_are_looked_at() -> None:
    assert {path.stem for path in WORKFLOWS} == {"ci", "locks", "release"}


@each_workflow
def test_every_grant_is_made_to_a_job_and_has_its_reason(path: Path) -> None:
    workflow = load(path)
    assert workflow["permissions"] == {}
    granted = [job["permissions"] for job in workflow["jobs"].values()]
    text = path.read_text("utf-8")
    with_reasons = re.findall(r"(?m)^ +[a-z-]+: (?:read|write) # [a-z ]{10,}", text)
    assert len(with_reasons) == sum(map(len, granted)) >= len(granted)


@each_workflow
def test_every_job_has_an_end_and_runs_do_not_pile_up(path: Path) -> None:
    workflow = load(path)
    assert set(workflow["concurrency"]) == {"group", "cancel-in-progress"}
    assert all(0 < job["timeout-minutes"] <= 40 for job in workflow["jobs"].values())


@each_workflow
def test_no_checkout_leaves_credentials(path: Path) -> None:
    for step in steps(path):
        if "actions/checkout@" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False


@each_workflow
def test_no_expression_stands_in_a_script(path: Path) -> None:
    assert all("${{" not in step.get("run", "") for step in steps(path))


@each_workflow
def test_who_may_write_runs_none_of_our_code(path: Path) -> None:
    for job in load(path)["jobs"].values():
        if "write" in job["permissions"].values():
            assert not re.search("python|\\./", json.dumps(job["steps"]))


def test_an_action_is_pinned_to_one_commit_everywhere() -> None:
    pages = (ROOT / "action.yml", ROOT / "docs" / "ci.md")
    text = "\n".join(path.read_text("utf-8") for path in (*WORKFLOWS, *pages))
    pins: dict[str, set[tuple[str, str]]] = {}
    for name, sha, version in PIN.findall(text):
        pins.setdefault(name, set()).add((sha, version))
    del pins["tenterhooks/tenterhooks"]
    assert len(pins) >= 6
    assert [name for name, found in pins.items() if len(found) > 1] == []


def test_ci_covers_what_the_package_claims() -> None:
    jobs = load(GITHUB / "workflows" / "ci.yml")["jobs"]
    claimed = re.findall(r"Python :: (3\.\d+)", "\n".join(PYPROJECT["project"]["classifiers"]))
    matrix = jobs["test"]["strategy"]["matrix"]
    assert (matrix["os"], matrix["python"]) == (["ubuntu-24.04"], claimed)
    systems = {case["os"].split("-")[0] for case in matrix["include"]}
    assert systems == {"macos", "windows"}
    assert {name.split("-")[0] for name in jobs["self"]["strategy"]["matrix"]["os"]} > systems
    run = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "python3 dev.py test" in run
    assert "python3 dev.py test" in json.dumps(jobs["test"]["steps"])


def test_a_release_is_built_tested_and_published_apart() -> None:
    workflow = load(GITHUB / "workflows" / "release.yml")
    jobs = workflow["jobs"]
    assert workflow["on"] == {"push": {"tags": ["v[0-9]*"]}}
    order = {name: job.get("needs", []) for name, job in jobs.items()}
    assert order == {
        "build": [],
        "test": "build",
        "attest": ["build", "test"],
        "publish": ["build", "test", "attest"],
        "announce": "publish",
    }
    publish = jobs["publish"]
    assert publish["environment"] == "pypi"
    assert set(publish["permissions"]) == {"id-token"}
    names = [step["uses"].split("@")[0] for step in publish["steps"]]
    assert names == ["actions/download-artifact", "pypa/gh-action-pypi-publish"]


# --- updates ---------------------------------------------------------------------------------


def ecosystems() -> set[tuple[str, str]]:
    """What an update bot has to look after, and where."""
    found = {("github-actions", "/")}
    for name in tracked():
        folder, file = posixpath.split(name)
        if file in ("package.json", "package-lock.json"):
            found.add(("npm", f"/{folder}"))
        elif folder == "requirements":
            found.add(("pip", f"/{folder}"))
        assert file not in (
            "Dockerfile",
            "go.mod",
            "Cargo.toml",
            "Gemfile",
            ".gitmodules",
            "uv.lock",
        )
    return found


def test_updates_come_for_everything_and_wait() -> None:
    updates = load(GITHUB / "dependabot.yml")["updates"]
    assert {(each["package-ecosystem"], each["directory"]) for each in updates} == ecosystems()
    for each in updates:
        assert each["cooldown"]["default-days"] >= 7
        assert each["schedule"]["interval"] in ("weekly", "monthly")
        assert each["groups"]


def test_locks_are_made_again_and_wait_too() -> None:
    text = (GITHUB / "workflows" / "locks.yml").read_text("utf-8")
    assert 'python3 dev.py lock --upgrade --exclude-newer "7 days"' in text


# --- the version -----------------------------------------------------------------------------


def test_the_version_is_one() -> None:
    version = PYPROJECT["project"]["version"]
    assert tenterhooks.__version__ == version
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    text = "\n".join(path.read_text("utf-8") for path in pages)
    named = re.findall(r"(?:enterhooks(?:@|\n +rev: )|@0{40} # |frozen: )v(\d[\d.]*\d)", text)
    assert len(named) > 4
    assert set(named) == {version}


def test_where_users_go_from_the_index() -> None:
    urls = PYPROJECT["project"]["urls"]
    assert set(urls) == {"Source", "Documentation", "Changelog", "Issues", "Security"}
    assert all(url.startswith(tenterhooks.HOME) for url in urls.values())
