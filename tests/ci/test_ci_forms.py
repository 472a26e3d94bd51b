"""The GitHub action, the GitLab component and their page: their form."""

from __future__ import annotations

import json
import re

import pytest
from ci_services import (
    ACTION,
    HEADER,
    INPUT,
    JOB,
    PAGE,
    PIN,
    PWNED,
    STEPS,
    TEMPLATE,
    TEXT,
    YAML_BLOCKS,
    load,
)
from conftest import Hook, MakeRepository
from tools import dev

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
