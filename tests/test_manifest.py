"""The manifest is what runners read: it agrees with the code, and old runners understand it.

``examples/<hook-id>/paths.txt`` holds paths that a hook is for (``+``) and is not for (``-``).
"""

from __future__ import annotations

import importlib
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import tomli
from conftest import ROOT
from identify import identify
from ruamel.yaml import YAML
from tools import tool

from tenterhooks import everything
from tenterhooks.core.practice import practice_ids

MANIFEST = ROOT / ".pre-commit-hooks.yaml"
HOOKS: list[dict[str, Any]] = YAML(typ="safe").load(MANIFEST.read_text("utf-8"))
BY_ID = {hook["id"]: hook for hook in HOOKS}
REQUIRED = {"id", "name", "description", "entry", "language"}
OPTIONAL = {
    "additional_dependencies",
    "always_run",
    "exclude",
    "files",
    "minimum_pre_commit_version",
    "pass_filenames",
    "require_serial",
    "stages",
    "types",
    "types_or",
}
# One tag that the user's identify does not know makes the whole manifest invalid for him.
OLD_TAGS = {"file", "python", "text", "toml", "yaml"}
LATER_STAGES = {"pre-commit", "pre-merge-commit", "pre-push"}

each_hook = pytest.mark.parametrize("hook", HOOKS, ids=list(BY_ID))


@pytest.mark.parametrize("runner", ["pre-commit", "prek"])
def test_runners_accept_it(runner: str) -> None:
    command = [tool(runner), "validate-manifest", str(MANIFEST)]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ids_are_unique() -> None:
    assert len(BY_ID) == len(HOOKS)


def test_every_practice_has_an_entry_and_every_entry_a_practice() -> None:
    assert sorted(BY_ID) == sorted([*practice_ids(), "tenterhooks"])


def test_every_entry_is_a_console_script_and_every_script_an_entry() -> None:
    scripts = tomli.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert sorted(shlex.split(hook["entry"])[0] for hook in HOOKS) == sorted(scripts)
    for target in scripts.values():
        module, function = target.split(":")
        assert callable(getattr(importlib.import_module(module), function))


def test_every_id_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [id for id in BY_ID if f"`{id}`" not in readme] == []


@each_hook
def test_keys_are_known(hook: dict[str, Any]) -> None:
    assert set(hook) >= REQUIRED
    assert set(hook) <= REQUIRED | OPTIONAL


@each_hook
def test_language_and_version_are_left_to_the_user(hook: dict[str, Any]) -> None:
    assert hook["language"] == "python"
    assert "language_version" not in hook


@each_hook
def test_description_is_what_the_hook_says_of_itself(hook: dict[str, Any]) -> None:
    titles = {practice.id: practice.title for practice in everything.practices()}
    title = titles.get(hook["id"], everything.TITLE)
    assert hook["description"] == " ".join(title.split())
    assert re.fullmatch(r"[A-Z][ -~]{20,138}\.", hook["description"])


@each_hook
def test_types_are_known_to_old_runners(hook: dict[str, Any]) -> None:
    used = {*hook.get("types", ()), *hook.get("types_or", ()), *hook.get("exclude_types", ())}
    assert used <= OLD_TAGS


@each_hook
def test_stage_names_come_with_the_version_that_knows_them(hook: dict[str, Any]) -> None:
    minimum = "3.2.0" if LATER_STAGES & set(hook.get("stages", ())) else None
    assert hook.get("minimum_pre_commit_version") == minimum


@each_hook
def test_without_files_it_always_runs_but_not_at_every_stage(hook: dict[str, Any]) -> None:
    whole = "files" not in hook
    assert hook.get("always_run", False) is whole
    assert hook.get("pass_filenames", True) is not whole
    assert ("stages" in hook) is whole


@pytest.mark.parametrize("practice", everything.practices(), ids=lambda practice: practice.id)
def test_files_are_those_of_the_practice(practice: Any) -> None:
    files = BY_ID[practice.id].get("files")
    assert files == (practice.files.pattern if practice.files else None)
    assert files is None or files.startswith("(^|/)")


def listing(hook: dict[str, Any]) -> Path:
    return ROOT / f"tests/examples/{hook['id']}/paths.txt"


def paths() -> list[tuple[str, str, bool]]:
    found = [(hook["id"], listing(hook)) for hook in HOOKS if listing(hook).exists()]
    lines = [(id, line) for id, path in found for line in path.read_text("utf-8").splitlines()]
    return [(id, line[2:], line.startswith("+ ")) for id, line in lines]


def test_every_hook_that_takes_files_has_paths_of_each_kind() -> None:
    kinds = {(id, wanted) for id, _, wanted in paths()}
    takes = [hook["id"] for hook in HOOKS if "files" in hook]
    assert kinds == {(id, wanted) for id in takes for wanted in (True, False)}


@pytest.mark.parametrize(("hook_id", "path", "wanted"), paths())
def test_runners_pass_the_right_files(hook_id: str, path: str, wanted: bool) -> None:
    hook = BY_ID[hook_id]
    # Where the name tells nothing, identify looks into the file.
    tags = {"file"} | (identify.tags_from_filename(path) or {"text"})
    passed = (
        re.search(hook["files"], path) is not None
        and not re.search(hook.get("exclude", "^$"), path)
        and tags >= set(hook.get("types", ["file"]))
        and (not hook.get("types_or") or tags & set(hook["types_or"]))
    )
    assert passed is wanted
