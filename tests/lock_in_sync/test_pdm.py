"""pdm.lock: edits of projects that PDM has locked, and what PDM says of each."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import write
from lock_in_sync.lockers import answers
from lock_in_sync.pdm_edits import (
    DATA,
    EDITS,
    FRESH,
    INPUTS,
    LOCK,
    MEMBERS,
    PROJECT,
    WORKSPACE,
    Edit,
    check,
    edited,
    outcome,
    rules,
)
from tools import thinned

FOLDERS = {"project": EDITS, "inputs": INPUTS, "workspace": WORKSPACE, "members": MEMBERS}
CASES = [
    pytest.param(folder, edit, id=f"{folder}-{edit.what}")
    for folder, edits in FOLDERS.items()
    for edit in edits
]
Files = dict[str, str | bytes]


@pytest.mark.parametrize(("folder", "edit"), CASES)
def test_edit(folder: str, edit: Edit, tmp_path: Path) -> None:
    write(tmp_path, edited(folder, edit.file, edit.old, edit.new))
    assert outcome(tmp_path) == tuple(sorted(edit.rules))


@pytest.mark.parametrize("folder", thinned(FOLDERS, 4))
def test_pdm_says_the_same(folder: str, tmp_path: Path) -> None:
    edits = FOLDERS[folder]
    for number, edit in enumerate(edits):
        write(tmp_path / str(number), edited(folder, edit.file, edit.old, edit.new))
    lines = [str(tmp_path / str(number)) for number in range(len(edits))]
    said = answers(FRESH, lines)
    stale = {edit.what: answer == "False" for edit, answer in zip(edits, said, strict=True)}
    assert stale == {edit.what: edit.is_stale for edit in edits}


def told(folder: Path, edit: tuple[str, str, str], data: str = "project") -> list[str]:
    write(folder, edited(data, *edit))
    return [f"{each.path}:{each.line}: {each.message}" for each in check(folder)]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            '    "packaging>=24",',
            '    "packaging>=24",\n    "attrs",',
            "pyproject.toml:10: attrs is declared, and pdm.lock was made without it",
        ),
        (
            "packaging>=24",
            "packaging>=99",
            "pyproject.toml:9: packaging>=99 is declared, and pdm.lock has packaging 26.3",
        ),
        (
            '    "packaging>=24",\n',
            "",
            (
                "pyproject.toml:5: packaging is not declared for default any more, "
                "and pdm.lock has it so"
            ),
        ),
        (
            "; sys_platform != 'win32'",
            "",
            (
                "pyproject.toml:6: click>=8.1 is declared, and pdm.lock has it where "
                'sys_platform != "win32"'
            ),
        ),
        (
            ">=3.10",
            ">=3.11",
            "pyproject.toml:4: requires-python is >=3.11, and pdm.lock was made for >=3.10",
        ),
        (
            "httpx[http2]",
            "httpx",
            "pyproject.toml:5: httpx[http2] is not declared any more, and pdm.lock has it",
        ),
        (
            "fast = [",
            "new = []\nfast = [",
            "pyproject.toml:13: the extra new is declared, and pdm.lock was made without it",
        ),
        (
            'certifi = ">=2024"',
            'certifi = ">=2024"\nh2 = "*"',
            (
                "pyproject.toml:32: tool.pdm.resolution.overrides.h2 is set, "
                "and pdm.lock was made without it"
            ),
        ),
    ],
)
def test_message_says_what_changed(old: str, new: str, message: str, tmp_path: Path) -> None:
    assert told(tmp_path, (PROJECT, old, new)) == [message]


def test_one_change_at_two_places_is_told_at_both(tmp_path: Path) -> None:
    files = edited("project", PROJECT, '"packaging>=24"', '"packaging>=99", "attrs"')
    write(tmp_path, files)
    assert [each.message.partition(",")[0] for each in check(tmp_path)] == [
        "packaging>=99 is declared",
        "attrs is declared",
    ]


def test_fix_is_run_in_the_folder_of_the_project(tmp_path: Path) -> None:
    files = edited("project", PROJECT, "packaging>=24", "packaging>=99")
    write(tmp_path / "a" / "b", files)
    (finding,) = check(tmp_path, "a/b/pdm.lock")
    assert finding.fix == "(cd a/b && pdm lock --update-reuse)"
    assert finding.path == "a/b/pyproject.toml"


@pytest.mark.parametrize(
    ("file", "old", "new", "why"),
    [
        (LOCK, '"4.5.1"', '"4.6"', "lock version 4.6 is newer"),
        (PROJECT, "certifi = ", "certifi = 2024-01-01\nother = ", "a date"),
    ],
)
def test_undecided(file: str, old: str, new: str, why: str, tmp_path: Path) -> None:
    write(tmp_path, edited("project", file, old, new))
    assert check(tmp_path) == []
    (finding,) = check(tmp_path, strict=True)
    assert finding.rule == "lock-undecided"
    assert why in finding.message


def test_path_dependencies_of_inputs_are_undecided(tmp_path: Path) -> None:
    heading = "[metadata.lock_inputs.project.groups]"
    write(tmp_path, edited("inputs", LOCK, heading, f"local = {{a = {{}}}}\n{heading}"))
    assert check(tmp_path) == []
    assert rules(check(tmp_path, strict=True)) == ("lock-undecided",)


def test_project_of_another_tool_is_undecided(tmp_path: Path) -> None:
    lock = (DATA / "project" / LOCK).read_text("utf-8")
    write(tmp_path, {LOCK: lock, PROJECT: "[tool.poetry]\nname = 'a'\n"})
    assert check(tmp_path) == []
    assert rules(check(tmp_path, strict=True)) == ("lock-undecided",)


def test_without_a_project_nothing_is_said(tmp_path: Path) -> None:
    write(tmp_path, {LOCK: (DATA / "project" / LOCK).read_text("utf-8")})
    assert check(tmp_path, strict=True) == []


def test_broken_project_is_told_there(tmp_path: Path) -> None:
    write(tmp_path, edited("project", PROJECT, "[project]", "[project"))
    (finding,) = check(tmp_path)
    assert (finding.path, finding.rule) == (PROJECT, "invalid-file")


def test_lock_of_a_member_is_not_read(tmp_path: Path) -> None:
    files = edited("workspace", PROJECT, "[project]", "[project]")
    lock = (DATA / "project" / LOCK).read_text("utf-8")
    write(tmp_path, {**files, "packages/one/pdm.lock": lock})
    assert check(tmp_path, "packages/one/pdm.lock") == []
