"""Which addresses the project files name, and who may bring others."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import MakeRepository

from tenterhooks.core.files import Repository
from tenterhooks.lock_in_sync import undeclared

URL = "https://x.org/a/b.whl"
NEEDS = {"name": "p", "dependencies": [{"name": "Q_r"}]}


@pytest.mark.parametrize(
    ("url", "text", "named"),
    [
        (URL, f"# {URL}\n", True),
        (URL, "# https://x.org/a/c.whl\n", False),
        (URL, "# https://user@X.org/a/b.whl\n", True),
        (URL, "# see x.org/A/b.whl\n", True),
        ("git+ssh://git@x.org/a/b.git", "b @ git+https://x.org/a/b\n", True),
        ("git@x.org:a/b.git", "b @ git+ssh://git@x.org/a/b.git\n", True),
        ("git@x.org:a/b.git", "b @ git@x.org:a/b.git\n", True),
        ("git@x.org:a/b.git", "b\n", False),
        ("https://x.org/a%20b/c.whl", "c @ https://x.org/a b/c.whl\n", True),
        ("https://x.org/a b/c.whl", "c @ https://x.org/a%20b/c.whl\n", True),
        # What a variable stands for is not known, nor where a path leads.
        (URL, "b @ https://${HOST}/b.whl\n", True),
        (URL, "b @ https://%HOST%/b.whl\n", True),
        ("./b.whl", "b\n", True),
    ],
)
def test_addresses_that_a_project_names(
    url: str, text: str, named: bool, make_repository: MakeRepository
) -> None:
    make_repository({"uv.lock": URL, "requirements.in": text, "constraints.txt": b"\xff"})
    repository = Repository()
    project = undeclared.Project(repository.file("uv.lock"), repository)
    assert project.names(url) is named


def test_without_a_project_all_may_be_named(make_repository: MakeRepository) -> None:
    make_repository({"uv.lock": ""})
    repository = Repository()
    assert undeclared.Project(repository.file("uv.lock"), repository).names(URL)


@pytest.mark.parametrize(("text", "named"), [(URL, True), ("", False)])
def test_a_script_alone_speaks_for_its_lock(
    text: str, named: bool, make_repository: MakeRepository
) -> None:
    make_repository({"a.py": f"# {text}\n", "a.py.lock": "", "pyproject.toml": f"# {URL}\n"})
    repository = Repository()
    assert undeclared.Project(repository.file("a.py.lock"), repository).names(URL) is named


@pytest.mark.parametrize(
    ("package", "brings"),
    [
        ({"source": {"registry": "https://x.org/simple"}}, False),
        ({"source": {"git": "https://x.org/p"}}, True),
        ({"source": {"url": URL}}, True),
        ({"source": {"editable": "."}}, False),
        ({"source": {"editable": "libs/p"}}, False),
        ({"source": {"editable": "../p"}}, True),
        ({"source": {"directory": "/srv/p"}}, True),
        ({"source": {"path": "C:/p"}}, True),
        ({"source": {"virtual": 1}}, True),
        ({"git": "https://x.org/p"}, True),
        ({"path": "./p"}, False),
        ({}, False),
        ({"source": {"type": "legacy", "url": "https://x.org/simple"}}, False),
        ({"source": {"type": "git", "url": "https://x.org/p"}}, True),
        ({"source": {"type": "directory", "url": "libs/p"}}, False),
        ({"source": {"type": "directory", "url": "../p"}}, True),
    ],
)
def test_who_may_bring_what_is_not_from_an_index(package: dict[str, Any], brings: bool) -> None:
    root = {"package": [NEEDS | package, {"name": "q-r"}, 1]}
    assert undeclared.brought(root, is_alone=True) == ({"q-r"} if brings else set())


@pytest.mark.parametrize(
    ("needs", "names"),
    [
        ({"dependencies": ["a>=1", {"name": "B"}, {"name": 1}, 2, "-"]}, {"a", "b"}),
        ({"dependencies": {"a": "*", "B.c": {"version": "1"}}}, {"a", "b-c"}),
        ({"optional-dependencies": {"x": [{"name": "a"}]}}, {"a"}),
        ({"dev-dependencies": {"x": [{"name": "a"}], "y": 1}}, {"a"}),
        ({"dependencies": 1, "dev-dependencies": 1}, set()),
    ],
)
def test_what_a_package_needs(needs: dict[str, Any], names: set[str]) -> None:
    assert undeclared.brought({"package": [{"git": URL} | needs]}, is_alone=True) == names


@pytest.mark.parametrize(
    ("root", "is_alone", "brought"),
    [
        # pylock.toml, and Pipenv's: neither says who needs what.
        ({"packages": [], "created-by": "uv"}, True, set()),
        ({"packages": [], "created-by": "uv"}, False, None),
        ({"packages": [], "created-by": "pip"}, True, None),
        ({"packages": 1, "created-by": "pdm"}, True, None),
        ({"packages": [{"directory": {"path": "."}}], "created-by": "pdm"}, True, None),
        ({"default": {"a": {"version": "==1"}}}, True, set()),
        ({"default": {"a": {"path": "."}}}, True, None),
        ({"develop": {"a": {"editable": True}}}, True, None),
        ({"develop": {"a": 1}, "_meta": 1}, True, set()),
    ],
)
def test_locks_that_do_not_say_who_needs_what(
    root: dict[str, Any], is_alone: bool, brought: set[str] | None
) -> None:
    assert undeclared.brought(root, is_alone=is_alone) == brought
