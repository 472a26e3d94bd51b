"""The hash of every version of PDM, and locks and projects that are not what they should be."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import tempfile
from pathlib import Path

import pytest
from conftest import write
from hypothesis import given
from hypothesis import strategies as st
from lock_in_sync.pdm_edits import DATA, LOCK, PROJECT, STALE, check, edited, rules

from tenterhooks.core.files import Unreadable

BASE = {
    "sources": [],
    "dependencies": ["idna>=3"],
    "optional-dependencies": {},
    "requires-python": ">=3.8",
}
TEXT = """\
[project]
name = "sample"
requires-python = ">=3.8"
dependencies = ["idna>=3"]

[tool.pdm.dev-dependencies]
Dev = ["pluggy"]
"""
OLD = {"Dev": ["pluggy"]}
OVERRIDES = {"idna": "3.4"}
OVERRIDDEN = '[tool.pdm.overrides]\nidna = "3.4"\n'
RESOLUTION = '[tool.pdm.resolution.overrides]\nidna = "3.4"\n'
GROUPS = '[dependency-groups]\ntest = ["pytest"]\n'


@pytest.mark.parametrize(
    ("version", "more", "hashed", "is_fresh"),
    [
        ("2", "", {"dev-dependencies": OLD}, True),
        ("2", "", {"dev-dependencies": []}, True),
        ("3", "", {"dev-dependencies": OLD}, True),
        ("3.1", OVERRIDDEN, {"dev-dependencies": OLD}, True),
        ("3.1", OVERRIDDEN, {"dev-dependencies": OLD, "overrides": OVERRIDES}, True),
        ("4.0", OVERRIDDEN, {"dev-dependencies": OLD, "overrides": OVERRIDES}, True),
        ("4.0", OVERRIDDEN, {"dev-dependencies": OLD}, False),
        ("4.1", RESOLUTION, {"dev-dependencies": OLD, "overrides": OVERRIDES}, True),
        ("4.3", RESOLUTION, {"dev-dependencies": OLD, "overrides": OVERRIDES}, True),
        ("4.4.1", RESOLUTION, {"dev-dependencies": OLD, "overrides": OVERRIDES}, True),
        ("4.4.1", OVERRIDDEN, {"dev-dependencies": OLD, "overrides": {}}, True),
        ("4.4.1", "", {"dev-dependencies": OLD, "resolution": {}}, False),
        ("4.4.2", "", {"dev-dependencies": OLD, "overrides": {}}, False),
        ("4.4.2", "", {"dev-dependencies": OLD, "resolution": {}}, True),
        ("4.5.0", "", {"dev-dependencies": OLD, "resolution": {}}, True),
        ("4.5.0", "", {"dev-dependencies": {"dev": ["pluggy"]}, "resolution": {}}, True),
        ("4.5.0", GROUPS, {"dev-dependencies": OLD, "resolution": {}}, False),
        ("4.5.1", "", {"dev-dependencies": OLD, "resolution": {}}, False),
        (
            "4.5.1",
            GROUPS,
            {"dev-dependencies": {"dev": ["pluggy"], "test": ["pytest"]}, "resolution": {}},
            True,
        ),
        # Both tables have the group: PDM adds to it at each look.
        (
            "4.5.1",
            '[dependency-groups]\ndev = ["pytest"]\n',
            {"dev-dependencies": {"dev": ["pytest", "pluggy", "pluggy"]}, "resolution": {}},
            True,
        ),
    ],
)
@pytest.mark.parametrize("algorithm", ["sha256", "md5"])
def test_formula_is_that_of_the_lock_version(
    version: str,
    more: str,
    hashed: dict[str, object],
    is_fresh: bool,
    algorithm: str,
    tmp_path: Path,
) -> None:
    said = json.dumps({**BASE, **hashed}, sort_keys=True).encode()
    digest = hashlib.new(algorithm, said, usedforsecurity=False).hexdigest()
    names = ("idna", "pluggy", *(["pytest"] if "pytest" in more else []))
    lock = f'[metadata]\nlock_version = "{version}"\ncontent_hash = "{algorithm}:{digest}"\n'
    lock += "".join(f'[[package]]\nname = "{name}"\nversion = "3.4"\n' for name in names)
    write(tmp_path, {PROJECT: TEXT + more, LOCK: lock})
    assert rules(check(tmp_path)) == (() if is_fresh else (STALE,))


HOSTILE = [
    (LOCK, "[metadata]\ngroups", "[metadata\ngroups"),
    (LOCK, "[metadata]\ngroups", "<<<<<<< ours\n[metadata]\ngroups"),
    (LOCK, '"4.5.1"', "4.5"),
    (LOCK, '"4.5.1"', '"new"'),
    (LOCK, 'content_hash = "', "content_hash = 1 # "),
    (LOCK, 'content_hash = "sha256', 'content_hash = "whirl'),
    (LOCK, '[[package]]\nname = "anyio"', '[[package]]\nnaem = "anyio"'),
]


@pytest.mark.parametrize(("file", "old", "new"), HOSTILE)
def test_broken_lock_is_unreadable(file: str, old: str, new: str, tmp_path: Path) -> None:
    write(tmp_path, edited("project", file, old, new))
    with pytest.raises(Unreadable) as caught:
        check(tmp_path)
    assert caught.value.rule == "invalid-file"


def test_whole_lock_of_the_wrong_type(tmp_path: Path) -> None:
    for lock in ("metadata = 1", "package = 1", "package = [1]", "[metadata]\n[package]\na = 1"):
        write(tmp_path, {PROJECT: TEXT, LOCK: lock})
        with pytest.raises(Unreadable):
            check(tmp_path)


VALUES = ["1", "true", "[]", "{}", '"x"', "[1]", '["", "-e .", "a b c"]', "[{}]", "{a = 1}", "[[]]"]
KEYS = [
    "project.name",
    "project.dependencies",
    "project.optional-dependencies",
    "project.optional-dependencies.a",
    "project.requires-python",
    "project.dynamic",
    "dependency-groups",
    "dependency-groups.a",
    "tool.pdm",
    "tool.pdm.source",
    "tool.pdm.dev-dependencies",
    "tool.pdm.dev-dependencies.a",
    "tool.pdm.resolution",
    "tool.pdm.resolution.overrides",
    "tool.pdm.resolution.excludes",
    "tool.pdm.resolution.lock_inputs",
    "tool.pdm.overrides",
    "tool.pdm.workspace",
    "tool.pdm.workspace.members",
    "build-system",
]
LOCK_KEYS = ["groups", "strategy", "targets", "lock_inputs", "lock_inputs.project", "content_hash"]


@given(st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(VALUES)), max_size=3))
def test_wrong_types_in_a_project_do_no_harm(pairs: list[tuple[str, str]]) -> None:
    text = "".join(f"{key} = {value}\n" for key, value in dict(pairs).items())
    with tempfile.TemporaryDirectory() as name:
        for folder in ("project", "inputs"):
            lock = (DATA / folder / LOCK).read_text("utf-8")
            write(Path(name), {PROJECT: text, LOCK: lock})
            check(Path(name), strict=True)


@given(
    st.sampled_from(LOCK_KEYS),
    st.sampled_from(VALUES),
    st.sampled_from(["extras", "groups", "marker", "dependencies", "version", "files", "git"]),
    st.sampled_from(VALUES),
)
def test_wrong_types_in_a_lock_do_no_harm(key: str, value: str, own: str, other: str) -> None:
    lock = f'[metadata]\nlock_version = "4.5.1"\n{key} = {value}\n'
    lock += f'[[package]]\nname = "idna"\n{own} = {other}\n'
    with tempfile.TemporaryDirectory() as name:
        write(Path(name), {PROJECT: TEXT, LOCK: lock})
        with contextlib.suppress(Unreadable):
            check(Path(name), strict=True)


def test_cycles_end(tmp_path: Path) -> None:
    text = TEXT + '[project.optional-dependencies]\na = ["sample[b]"]\nb = ["sample[a]"]\n'
    lock = '[metadata]\nlock_version = "4.5.1"\ncontent_hash = "sha256:0"\n'
    for name, other in (("idna", "pluggy"), ("pluggy", "idna"), ("x", "y"), ("y", "x")):
        lock += f'[[package]]\nname = "{name}"\nversion = "3"\ndependencies = ["{other}"]\n'
    write(tmp_path, {PROJECT: text, LOCK: lock})
    assert rules(check(tmp_path)) == (STALE,)


def test_many_packages_and_dependencies_take_linear_time(tmp_path: Path) -> None:
    names = [f"p{number}" for number in range(20_000)]
    declared = ", ".join(f"\"{name}>=1; os_name == 'a'\"" for name in names)
    lock = '[metadata]\nlock_version = "4.5.1"\nstrategy = ["inherit_metadata"]\n'
    lock += 'content_hash = "sha256:0"\ngroups = ["default"]\n'
    lock += "".join(
        f'[[package]]\nname = "{name}"\nversion = "0"\ngroups = ["other"]\n'
        f'dependencies = ["p{random.Random(name).randrange(20_000)}>=2"]\n'
        for name in names
    )
    write(tmp_path, {PROJECT: f"[project]\nname = 'a'\ndependencies = [{declared}]\n", LOCK: lock})
    before = os.times().user
    assert rules(check(tmp_path)) == (STALE,)
    assert os.times().user - before < 30
