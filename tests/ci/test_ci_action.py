"""The GitHub action: its shell, run as the service runs it."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from ci_services import (
    ACTION,
    CLEAN,
    EXPRESSION,
    PWNED,
    REPOSITORY,
    STEPS,
    TRAPS,
    pull_request,
    repository,
)
from conftest import ROOT, git
from real_runners import result, shared_folder, variables
from tools import dev

from tenterhooks.everything import COMMANDS

pytestmark = pytest.mark.slow


class Outcome(NamedTuple):
    code: int
    out: str
    outputs: dict[str, str]


def valued(value: str, known: dict[str, str]) -> str:
    """A value of ``env`` as GitHub makes it of names that ``||`` joins."""

    def evaluated(match: re.Match[str]) -> str:
        return next((known[it] for it in match[1].split(" || ") if known.get(it)), "")

    return EXPRESSION.sub(evaluated, str(value))


class Action:
    """The steps of the action, with what a runner puts around them."""

    def __init__(self, folder: Path) -> None:
        self.temp = folder / "runner temp"  # with a blank, as on a self-hosted runner
        self.temp.mkdir(exist_ok=True)
        self.known = {f"inputs.{name}": it["default"] for name, it in ACTION["inputs"].items()}

    def step(self, name: str, cwd: Path, known: dict[str, str], **own: str) -> Outcome:
        """Run one step's script, the way that ``shell: bash`` is defined."""
        step = STEPS[name]
        known = {**self.known, **known}
        script, output = self.temp / "script.sh", self.temp / "output"
        script.write_text(step["run"], "utf-8")
        output.write_text("", "utf-8")
        kept = {k: v for k, v in variables().items() if not k.startswith(("GITHUB_", "RUNNER_"))}
        environment = {
            **kept,
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_REF": "refs/heads/main",
            "GITHUB_SHA": "0" * 40,
            "GITHUB_WORKSPACE": str(cwd),
            "RUNNER_TEMP": str(self.temp),
            **{key: valued(value, known) for key, value in step.get("env", {}).items()},
            **own,
        }
        bash = [shutil.which("bash") or "bash", "--noprofile", "--norc", "-eo", "pipefail"]
        code, out = result([*bash, str(script)], cwd, environment)
        lines = output.read_text("utf-8").splitlines()
        return Outcome(code, out, dict(line.split("=", 1) for line in lines))

    def install(self, cwd: Path) -> Outcome:
        return self.step("Install tenterhooks", cwd, {"inputs.python": sys.executable})

    def check(
        self, cwd: Path, inputs: dict[str, str] | None = None, base: str = "", **own: str
    ) -> Outcome:
        known = {f"inputs.{name}": value for name, value in (inputs or {}).items()}
        assert set(known) <= set(self.known)
        if base:
            known["github.event.pull_request.base.sha"] = base
        return self.step("Run tenterhooks", cwd, known, **own)


@pytest.fixture(scope="session")
def action(tmp_path_factory: pytest.TempPathFactory) -> Action:
    """The action, installed by its own step in a repository that would take it over."""
    folder = shared_folder(tmp_path_factory, "action")
    made = Action(folder)
    with dev.setting_up(folder):
        done = folder / "installed.json"
        if not done.exists():
            top = repository(folder / "trapped", TRAPS)
            result = made.install(top)
            assert result.code == 0, result.out
            assert not list(folder.rglob("pwned"))
            done.write_text(json.dumps(result.outputs), "utf-8")
        outputs = json.loads(done.read_text("utf-8"))
    made.known |= {f"steps.install.outputs.{name}": value for name, value in outputs.items()}
    return made


@pytest.fixture
def own(action: Action, tmp_path: Path) -> Action:
    """The installed action with a folder of its own for what it writes."""
    made = Action(tmp_path)
    made.known = {**action.known, "steps.install.outputs.folder": str(made.temp)}
    return made


def annotated(out: str) -> list[str]:
    """The files that have annotations."""
    return re.findall(r"(?m)^::error file=([^,]+),line=", out)


def test_findings_are_annotated_written_as_sarif_and_fail(own: Action, tmp_path: Path) -> None:
    top = repository(tmp_path / "r", REPOSITORY)
    result = own.check(top)
    assert result.code == 1
    assert annotated(result.out) == [".github/workflows/a.yml"]
    assert result.outputs["exit-code"] == "1"
    assert Path(result.outputs["top"]).samefile(top)
    assert "html" not in result.outputs
    sarif = json.loads(Path(result.outputs["sarif"]).read_text("utf-8"))
    assert [it["ruleId"] for it in sarif["runs"][0]["results"]] == ["unpinned-action"]
    assert git(top, "status", "--porcelain") == ""


def test_nothing_found_passes(own: Action, tmp_path: Path) -> None:
    result = own.check(repository(tmp_path / "r", CLEAN))
    assert (result.code, annotated(result.out)) == (0, [])
    assert result.outputs["exit-code"] == "0"
    assert json.loads(Path(result.outputs["sarif"]).read_text("utf-8"))["runs"][0]["results"] == []


def test_code_under_check_is_not_imported(own: Action, tmp_path: Path) -> None:
    top = repository(tmp_path / "r", {**CLEAN, **TRAPS})
    assert own.check(top, {"bandit": "true"}).code in (0, 1)
    assert not (top / "pwned").exists()


@pytest.mark.parametrize("name", ["preset", "select", "ignore", "path", "report"])
@pytest.mark.parametrize("text", PWNED)
def test_inputs_are_no_shell_code(name: str, text: str, own: Action, tmp_path: Path) -> None:
    top = repository(tmp_path / "r", CLEAN)
    assert own.check(top, {name: text}).code == 2
    assert not list(tmp_path.rglob("pwned"))


@pytest.mark.parametrize("text", ["pinned-action[s]", "--fix", "-h", "x\n--fix"])
def test_words_are_neither_patterns_nor_options(text: str, own: Action, tmp_path: Path) -> None:
    top = repository(tmp_path / "r", {**CLEAN, "pinned-actions": ""})
    for name in ("preset", "select", "ignore"):
        result = own.check(top, {name: text})
        assert result.code == 2
        assert "sarif" not in result.outputs


@pytest.mark.parametrize(
    ("inputs", "rules"),
    [
        ({"select": "security-policy"}, []),
        ({"select": "security-policy, pinned-actions"}, ["unpinned-action"]),
        ({"select": "security-policy\npinned-actions\n"}, ["unpinned-action"]),
        ({"select": "missing-version-comment"}, []),
        ({"ignore": "unpinned-action"}, []),
        ({"preset": "core"}, ["unpinned-action"]),
        ({"preset": "spec8 scorecard"}, ["unpinned-action"]),
        ({"select": "bandit", "bandit": "true"}, ["B404", "B602", "B607"]),
        ({"bandit": "false"}, ["unpinned-action"]),
    ],
)
def test_practices_are_chosen(
    inputs: dict[str, str], rules: list[str], own: Action, tmp_path: Path
) -> None:
    result = own.check(repository(tmp_path / "r", REPOSITORY), inputs)
    assert result.code == bool(rules), result.out
    sarif = json.loads(Path(result.outputs["sarif"]).read_text("utf-8"))
    assert sorted({it["ruleId"] for it in sarif["runs"][0]["results"]}) == rules


def test_a_report_for_people_is_written_where_asked_for(own: Action, tmp_path: Path) -> None:
    result = own.check(repository(tmp_path / "r", REPOSITORY), {"report": "supply-chain"})
    assert result.code == 1
    html = Path(result.outputs["html"])
    assert html.name == "supply-chain.html"
    assert "unpinned-action" in html.read_text("utf-8")


def test_paths_are_from_the_top_of_the_checked_repository(own: Action, tmp_path: Path) -> None:
    top = tmp_path / "workspace"
    inner = {f"{folder}/action.yml": "runs:\n  using: node24\n" for folder in ("a", "b c")}
    files = {path: f"{text}  main: x\n" for path, text in inner.items()}
    top.mkdir()
    repository(top / "checkout", {**CLEAN, **files, "b c/.github/x": "", **REPOSITORY})
    result = own.check(top, {"path": "checkout"})
    assert annotated(result.out) == [".github/workflows/a.yml"]
    assert own.check(top, {"path": "checkout/b c"}).code == 0
    assert own.check(top, {"path": "checkout/.github"}).code == 1


@pytest.mark.parametrize("path", ["nowhere", "-P", "outside", "file"])
def test_a_wrong_path_is_said(path: str, own: Action, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "file").touch()
    result = own.check(tmp_path, {"path": path}, GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert result.code == 2
    assert "::error title=tenterhooks::path: " in result.out
    assert result.outputs["exit-code"] == "2"


def test_a_run_that_left_something_unchecked_uploads_nothing(own: Action, tmp_path: Path) -> None:
    broken: dict[str, str | bytes] = {"pyproject.toml": "[tool.tenterhooks]\nnonsense = 1\n"}
    result = own.check(repository(tmp_path / "r", {**REPOSITORY, **broken}))
    assert result.code == 2
    assert result.outputs["exit-code"] == "2"
    assert "sarif" not in result.outputs


@pytest.mark.parametrize("depth", [2, 0])
def test_only_what_a_pull_request_changes_is_told(depth: int, own: Action, tmp_path: Path) -> None:
    top, base, merge = pull_request(tmp_path, depth)
    event = {"GITHUB_REF": "refs/pull/7/merge", "GITHUB_SHA": merge}
    result = own.check(top, {"only-changed": "true"}, base, **event)
    assert annotated(result.out) == [".github/workflows/b.yml"]
    assert result.code == 1
    assert len(annotated(own.check(top, {}, base, **event).out)) == 2


def test_the_head_of_a_pull_request_is_held_against_its_base(own: Action, tmp_path: Path) -> None:
    top, base, merge = pull_request(tmp_path, 0)
    git(top, "checkout", "--quiet", "--detach", f"{merge}^2")
    event = {"GITHUB_REF": "refs/pull/7/merge", "GITHUB_SHA": merge}
    result = own.check(top, {"only-changed": "true"}, base, **event)
    assert annotated(result.out) == [".github/workflows/b.yml"]


def test_without_the_base_commit_nothing_passes(own: Action, tmp_path: Path) -> None:
    top, base, merge = pull_request(tmp_path, 1)
    event = {"GITHUB_REF": "refs/pull/7/merge", "GITHUB_SHA": merge}
    result = own.check(top, {"only-changed": "true"}, base, **event)
    assert result.code == 2
    assert "fetch-depth" in result.out


def test_outside_a_pull_request_all_is_told(own: Action, tmp_path: Path) -> None:
    result = own.check(repository(tmp_path / "r", REPOSITORY), {"only-changed": "true"})
    assert annotated(result.out) == [".github/workflows/a.yml"]


def test_a_folder_with_the_name_of_a_subcommand_is_a_folder(own: Action, tmp_path: Path) -> None:
    top = repository(tmp_path / "r", {**CLEAN, **{f"{name}/x": "" for name in COMMANDS}})
    for name in COMMANDS:
        assert own.check(top, {"path": name}).code == 0
