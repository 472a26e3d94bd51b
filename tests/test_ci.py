"""The GitHub action and the GitLab component: their form, and their shell, run as runners do it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import ROOT, Hook, MakeRepository, git, write
from pages import blocks
from real_runners import POLICY, UNPINNED, variables
from ruamel.yaml import YAML
from tools import dev

from tenterhooks.everything import COMMANDS

TEXT = (ROOT / "action.yml").read_text("utf-8")
TEMPLATE = (ROOT / "templates" / "tenterhooks.yml").read_text("utf-8")
PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")
INPUT = re.compile(r"\$\[\[ (inputs|component)\.([a-z-]+) \]\]")
PIN = re.compile(r"(?m)^ *(?:- )?uses: ([\w./-]+)@([0-9a-f]{40}) # (v[0-9.]+)$")

REPOSITORY: dict[str, str | bytes] = {
    "SECURITY.md": POLICY,
    "app.py": "import subprocess\n\nsubprocess.call('ls', shell=True)\n",
    ".github/workflows/a.yml": UNPINNED,
}
CLEAN: dict[str, str | bytes] = {"SECURITY.md": POLICY}
# Whoever imports one of these runs the code that is under check.
TRAP = "open('pwned', 'w').close()\n"
TRAPS: dict[str, str | bytes] = {
    f"{name}.py": TRAP for name in ("pip", "venv", "sys", "tenterhooks", "argparse", "bandit")
}
PWNED = ["x; touch pwned", "$(touch pwned)", "`touch pwned`", "x' && touch pwned '", '"; exit 0; "']


def load(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def load_all(text: str) -> list[Any]:
    return list(YAML(typ="safe", pure=True).load_all(text))


ACTION = load(TEXT)
STEPS: dict[str, dict[str, Any]] = {step["name"]: step for step in ACTION["runs"]["steps"]}
HEADER, JOBS = load_all(TEMPLATE)
(JOB,) = JOBS.values()
YAML_BLOCKS = blocks(PAGE, "yaml")


# --- the form of the action -----------------------------------------------------------------


def test_the_action_is_a_composite_of_known_keys() -> None:
    assert set(ACTION) == {"name", "description", "author", "branding", "inputs", "outputs", "runs"}
    assert set(ACTION["runs"]) == {"using", "steps"}
    assert ACTION["runs"]["using"] == "composite"
    for step in STEPS.values():
        own = {"run", "shell", "env"} if "run" in step else {"uses", "with"}
        assert set(step) <= {"name", "id", "if", *own}
        assert step.get("shell") == ("bash" if "run" in step else None)


def test_every_input_is_described_optional_and_used() -> None:
    for name, about in ACTION["inputs"].items():
        assert set(about) == {"description", "default"}
        assert isinstance(about["default"], str)
        assert f"inputs.{name}" in json.dumps(ACTION["runs"])
    assert set(re.findall(r"inputs\.([a-z-]+)", TEXT)) == set(ACTION["inputs"])


def test_every_output_of_a_step_that_is_read_is_written() -> None:
    ids = {step["id"]: step for step in STEPS.values() if "id" in step}
    for step, output in re.findall(r"steps\.([a-z-]+)\.outputs\.([a-z-]+)", TEXT):
        assert f'echo "{output}=' in ids[step].get("run", "") or "uses" in ids[step]


def test_every_use_is_pinned_to_a_commit_with_its_version() -> None:
    assert len(PIN.findall(TEXT)) == len(re.findall(r"(?m)^ *(?:- )?uses:", TEXT)) == 3


def test_no_expression_stands_in_a_script() -> None:
    for step in STEPS.values():
        assert "${{" not in step.get("run", "")
    assert "${{" not in json.dumps(JOB)


def test_uploads_happen_after_findings_and_only_where_asked_for() -> None:
    asked = "inputs.upload-sarif == 'true'"
    written = "steps.check.outputs.sarif != ''"
    assert STEPS["Upload to code scanning"]["if"] == f"always() && {asked} && {written}"
    assert STEPS["Upload the report"]["if"] == "always() && steps.check.outputs.html != ''"
    assert ACTION["inputs"]["upload-sarif"]["default"] == "false"
    assert ACTION["inputs"]["report"]["default"] == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("pinned-actions", "--require-version-comment"),
        ("trusted-publishing", "--spec8", "--strict"),
    ],
)
def test_our_own_hooks_find_nothing_in_it(
    arguments: tuple[str, ...], make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({"action.yml": TEXT, "templates/tenterhooks.yml": TEMPLATE})
    assert hook(*arguments) == (0, "", "")


# --- the form of the component --------------------------------------------------------------


def test_every_input_of_the_component_is_described_and_used() -> None:
    inputs = HEADER["spec"]["inputs"]
    used = {name for kind, name in INPUT.findall(TEMPLATE) if kind == "inputs"}
    assert used == set(inputs)
    assert {name for kind, name in INPUT.findall(TEMPLATE) if kind == "component"} == set(
        HEADER["spec"]["component"]
    )
    for about in inputs.values():
        assert set(about) <= {"description", "default", "regex", "type"}
        assert {"description", "default"} <= set(about)


def test_no_text_becomes_a_part_of_the_script() -> None:
    for kind, name in INPUT.findall("\n".join(JOB["script"])):
        assert kind == "inputs"
        assert HEADER["spec"]["inputs"][name]["type"] == "boolean"


def test_what_reaches_the_shell_is_held_to_a_pattern_that_takes_the_default() -> None:
    for value in JOB["variables"].values():
        ((kind, name),) = INPUT.findall(value)
        if kind == "inputs":
            about = HEADER["spec"]["inputs"][name]
            pattern = re.compile(about["regex"])
            assert pattern.search(about["default"])
            assert not any(map(pattern.search, PWNED))


@pytest.mark.parametrize(
    "source",
    [
        "https://gitlab.example.com/group/sub-group/tenterhooks.git",
        "https://gitlab.example.com:8443/group/tenterhooks.git",
        "$CI_SERVER_URL/group/tenterhooks.git",
    ],
)
def test_a_mirror_may_be_the_source(source: str) -> None:
    assert re.search(HEADER["spec"]["inputs"]["source"]["regex"], source)


@pytest.mark.parametrize("source", ["http://x.example/y", "ext::sh", "--upload-pack=x", "$HOME/x"])
def test_nothing_else_may(source: str) -> None:
    assert not re.search(HEADER["spec"]["inputs"]["source"]["regex"], source)


def test_the_image_is_pinned_and_the_report_is_declared() -> None:
    image = HEADER["spec"]["inputs"]["image"]["default"]
    assert re.fullmatch(r"python:[\w.-]+@sha256:[0-9a-f]{64}", image)
    assert JOB["artifacts"]["when"] == "always"
    assert JOB["artifacts"]["reports"]["codequality"] in JOB["script"][1]
    assert JOB["artifacts"]["paths"][0] in JOB["script"][1]


# --- the page -------------------------------------------------------------------------------


def test_the_blocks_of_the_page_pass_our_own_hooks(
    make_repository: MakeRepository, hook: Hook
) -> None:
    workflows = [block for block in YAML_BLOCKS if "runs-on:" in block]
    pipelines = [block for block in YAML_BLOCKS if "include:" in block]
    files: dict[str, str | bytes] = {
        f".github/workflows/{number}.yml": block for number, block in enumerate(workflows)
    }
    files |= {f".gitlab/ci/{number}.yml": block for number, block in enumerate(pipelines)}
    assert len(workflows) > 1
    assert pipelines
    make_repository(files)
    assert hook("pinned-actions", "--require-version-comment") == (0, "", "")
    assert hook("trusted-publishing", "--spec8", "--strict") == (0, "", "")


def test_workflows_of_the_page_grant_little_and_say_what_for() -> None:
    for block in (block for block in YAML_BLOCKS if "runs-on:" in block):
        workflow = load(block)
        assert workflow["permissions"] == {}
        (job,) = workflow["jobs"].values()
        uses = [step for step in job["steps"] if "tenterhooks/" in step.get("uses", "")]
        wanted = {"contents": "read"}
        if any(step.get("with", {}).get("upload-sarif") for step in uses):
            wanted["security-events"] = "write"
        assert job["permissions"] == wanted
        for grant in wanted:
            assert re.search(rf"(?m)^ *{grant}: \w+ # \w", block)
        (checkout,) = [s for s in job["steps"] if s.get("uses", "").startswith("actions/checkout@")]
        assert checkout["with"]["persist-credentials"] is False


def test_the_page_names_inputs_and_hooks_that_exist() -> None:
    for document in map(load, YAML_BLOCKS):
        for job in document.get("jobs", {}).values():
            for step in job["steps"]:
                if step.get("uses", "").startswith("tenterhooks/tenterhooks@"):
                    assert set(step.get("with", {})) <= set(ACTION["inputs"])
        for include in document.get("include", []):
            assert set(include.get("inputs", {})) <= set(HEADER["spec"]["inputs"])
        for repo in document.get("repos", []):
            assert {entry["id"] for entry in repo["hooks"]} <= set(dev.hook_ids())


def test_the_page_pins_what_the_action_pins() -> None:
    pins = {action: (commit, version) for action, commit, version in PIN.findall(TEXT)}
    for action, commit, version in PIN.findall(PAGE):
        assert pins.get(action, (commit, version)) == (commit, version)


def test_the_page_tells_every_input() -> None:
    for name in {*ACTION["inputs"], *HEADER["spec"]["inputs"]}:
        assert f"`{name}`" in PAGE


# --- the shell of the action ----------------------------------------------------------------


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
        code, out = run([*bash, str(script)], cwd, environment)
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


def run(command: list[str], cwd: Path, environment: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.returncode, done.stdout.decode("utf-8", "replace")


def shared_folder(factory: pytest.TempPathFactory, name: str) -> Path:
    """A folder that all processes of this run share."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    folder.mkdir(exist_ok=True)
    return folder


def repository(top: Path, files: dict[str, str | bytes]) -> Path:
    top.mkdir(exist_ok=True)
    if not (top / ".git").exists():
        git(top, "init", "--quiet")
    write(top, files)
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "--allow-empty", "--message", "x")
    return top


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


class PullRequest(NamedTuple):
    """A clone of the merge of a pull request into its base, and both ends."""

    top: Path
    base: str
    merge: str


def pull_request(folder: Path, depth: int) -> PullRequest:
    """One workflow was there, another comes; what is checked out is as actions/checkout does it."""
    origin = repository(folder / "origin", REPOSITORY)
    git(origin, "switch", "--quiet", "--create", "change")
    repository(origin, {".github/workflows/b.yml": UNPINNED, "README.md": "x\n"})
    git(origin, "switch", "--quiet", "main")
    repository(origin, {"other.txt": "x\n"})
    base = git(origin, "rev-parse", "main").strip()
    git(origin, "switch", "--quiet", "--detach")
    git(origin, "merge", "--quiet", "--no-ff", "--message", "merge", "change")
    merge = git(origin, "rev-parse", "HEAD").strip()
    git(origin, "update-ref", "refs/pull/7/merge", merge)
    top = folder / "clone"
    top.mkdir()
    git(top, "init", "--quiet")
    deep = [f"--depth={depth}"] if depth else []
    git(top, "fetch", "--quiet", *deep, origin.as_uri(), f"+{merge}:refs/remotes/pull/7/merge")
    git(top, "checkout", "--quiet", "--detach", merge)
    return PullRequest(top, base, merge)


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


# --- the shell of the component, and of any other service -----------------------------------


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
        return run(["sh", "-e", "-c", text], cwd, environment)


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
    code, out = run(["sh", "-c", text], top, {**variables(), "TMPDIR": str(tmp_path)})
    assert code == 1, out
    assert ".github/workflows/a.yml" in out
    assert not list(tmp_path.rglob("pwned"))


def test_a_folder_with_the_name_of_a_subcommand_is_a_folder(own: Action, tmp_path: Path) -> None:
    top = repository(tmp_path / "r", {**CLEAN, **{f"{name}/x": "" for name in COMMANDS}})
    for name in COMMANDS:
        assert own.check(top, {"path": name}).code == 0
