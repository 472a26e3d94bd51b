"""``actions.lock``: what it vouches for, and all that vouches for nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenterhooks.core.files import Repository
from tenterhooks.formats import actions_lock

SHA = "sha1-" + "a" * 40
CI = ".github/workflows/ci.yml"


def lock(
    pins: str = "['Actions/Checkout@v4']", commit: str = SHA, key: str = "Actions/Checkout@v4"
) -> str:
    return (
        "version: v0.0.1\n"
        f"workflows:\n  '{CI}': {pins}\n"
        f"dependencies:\n  '{key}':\n    commit: '{commit}'\n    owner_id: 1\n"
    )  # fmt: skip


def locked(content: str | bytes | None, path: Path, workflow: str = CI) -> set[str]:
    path.joinpath(".github/workflows").mkdir(parents=True)
    if content is not None:
        data = content.encode() if isinstance(content, str) else content
        path.joinpath(actions_lock.PATH).write_bytes(data)
    return actions_lock.locked(Repository(str(path)), workflow)


@pytest.mark.parametrize(
    "content",
    [
        lock(),
        lock(commit="sha256-" + "0" * 64),
        lock(key="actions/checkout@v4"),
        lock(pins="['ACTIONS/checkout@v4', 'a/b@v1']"),
        "\ufeff" + lock().replace("\n", "\r\n"),
        lock().replace("'", '"'),
    ],
)
def test_a_sound_lock(content: str, tmp_path: Path) -> None:
    assert locked(content, tmp_path) == {"actions/checkout@v4"}


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "# nothing\n",
        "[]",
        "text",
        b"\xff",
        "a: [",
        lock(pins="[]"),
        lock(pins=""),
        lock(pins="'Actions/Checkout@v4'"),
        lock(pins="{'Actions/Checkout@v4': x}"),
        lock(pins="['Actions/Checkout@V4']"),
        lock(pins="['Actions/Checkout@v4.1']"),
        lock(pins="['Actions/Checkout']"),
        lock(pins="[['Actions/Checkout@v4']]"),
        lock(key="Actions/Checkout@v5"),
        lock(key="Actions/Checkout"),
        lock(commit=""),
        lock(commit="a" * 40),
        lock(commit="sha1-" + "a" * 39),
        lock(commit="sha1-" + "a" * 41),
        lock(commit="sha1-" + "g" * 40),
        lock(commit="sha256-" + "a" * 40),
        lock(commit="v4"),
        lock(commit=SHA + " "),
        lock().replace("commit", "Commit"),
        lock().replace(f"\n    commit: '{SHA}'", f" '{SHA}'").replace("    owner_id: 1\n", ""),
        # The entry itself must say the commit, and not by its name.
        lock(key=SHA, pins=f"['{SHA}']").replace(f"    commit: '{SHA}'\n", ""),
        lock().replace("workflows:", "workflow:"),
        lock().replace("dependencies:", "dependency:"),
        lock().replace("workflows:", "workflows: []\nx:"),
        lock().replace("dependencies:", "dependencies: []\nx:"),
        "x: 1\n---\n" + lock(),
        "&x\nworkflows: *x\ndependencies: *x\n",
        lock() + "a: *none\n",
    ],
)
def test_what_vouches_for_nothing(content: str | bytes | None, tmp_path: Path) -> None:
    assert locked(content, tmp_path) == set()


def test_a_lock_is_for_the_workflows_that_it_names(tmp_path: Path) -> None:
    assert locked(lock(), tmp_path, ".github/workflows/other.yml") == set()
    repository = Repository(str(tmp_path))
    assert actions_lock.locked(repository, CI) == {"actions/checkout@v4"}
    for other in (f"x/{CI}", "ci.yml", CI.upper(), ""):
        assert actions_lock.locked(repository, other) == set()


@pytest.mark.parametrize(
    ("text", "pin"),
    [
        ("Actions/Checkout@V4", "actions/checkout@V4"),
        (" a/b@v1 ", "a/b@v1"),
        ("a/B@c@D", "a/b@c@D"),
        ("a/b", "a/b@"),
    ],
)
def test_pin(text: str, pin: str) -> None:
    assert actions_lock.pin(text) == pin
