"""``tenterhooks show-config``: the values in force, each with where it comes from."""

from __future__ import annotations

import re

import pytest
import tomli
from conftest import Hook, MakeRepository

from tenterhooks import everything
from tenterhooks.core.options import CONFIGURED

CONFIG = """\
[tool.tenterhooks]
exclude = ["tests/data/**"]
preset = ["core", "spec8"]

[tool.tenterhooks.pinned-actions]
allow = ["octo-org/*"]
require-version-comment = true

[[tool.tenterhooks.accept]]
rule = "unpinned-action"
reason = 'a "quoted" reason'
until = 2026-01-01
paths = [".github/**"]

[[tool.tenterhooks.accept]]
rule = "unpinned-image"
reason = "old"
until = 2026-06-01
paths = { "a b.yml" = 3 }

[tool.bandit]
skips = ["B101"]
"""


def shown(hook: Hook, *options: str) -> str:
    result = hook("tenterhooks", "show-config", *options)
    assert (result.code, result.err) == (0, "")
    return result.out


def origin(text: str, key: str) -> str:
    found = re.search(rf"^{re.escape(key)} = .*  # (.*)$", text, re.MULTILINE)
    assert found, key
    return found[1]


def test_without_configuration_all_is_default(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({})
    text = shown(hook)
    assert "nothing is configured" in text.splitlines()[0]
    table = tomli.loads(text)["tool"]["tenterhooks"]
    assert table["preset"] == ["core"]
    assert {option.name for option in CONFIGURED} == {
        key for key, value in table.items() if not isinstance(value, dict)
    }
    for practice in everything.practices():
        assert practice.id in table
        for option in practice.options:
            found = re.search(rf"^(# )?{option.name} (= |is not set)", text, re.MULTILINE)
            assert bool(found) is not option.asked
    assert set(re.findall(r"  # (.*)$", text, re.MULTILINE)) == {"default"}


def test_values_and_their_places(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({"pyproject.toml": CONFIG})
    text = shown(hook)
    assert origin(text, "exclude").startswith("pyproject.toml:2:1")
    assert origin(text, "preset") == "pyproject.toml:3:1"
    assert origin(text, "select") == "default"
    assert origin(text, "allow") == "pyproject.toml:6:1"
    assert origin(text, "require-version-comment") == "pyproject.toml:7:1"
    assert "# skips: pyproject.toml:22" in text
    table = tomli.loads(text)["tool"]["tenterhooks"]
    mine = tomli.loads(CONFIG)["tool"]["tenterhooks"]
    assert table["pinned-actions"]["allow"] == ["octo-org/*"]
    assert table["pinned-actions"]["require-version-comment"] is True
    assert table["accept"] == mine["accept"]
    assert re.findall(r"^\[\[.*\]\]  # (.*)$", text, re.MULTILINE) == [
        "pyproject.toml:10; expired",
        "pyproject.toml:16; in force",
    ]


@pytest.mark.parametrize(
    ("options", "key", "value", "wanted"),
    [
        (["--preset", "all"], "preset", ["all"], "--preset"),
        (["--select", "pinned-actions"], "select", ["pinned-actions"], "--select"),
        (["--select", "pinned-actions"], "preset", [], "default"),
        (
            ["--exclude", "x"],
            "exclude",
            ["x", "tests/data/**"],
            "--exclude and pyproject.toml:2:1",
        ),
        (["--ignore", "bandit"], "ignore", ["bandit"], "--ignore"),
    ],
)
def test_options_win(
    options: list[str],
    key: str,
    value: object,
    wanted: str,
    make_repository: MakeRepository,
    hook: Hook,
) -> None:
    make_repository({"pyproject.toml": CONFIG})
    text = shown(hook, *options)
    assert origin(text, key) == wanted
    assert tomli.loads(text)["tool"]["tenterhooks"][key] == value


def test_which_practices_run(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({})
    text = shown(hook, "--select", "unpinned-action", "--select", "security-policy")
    states = dict(re.findall(r"^\[tool\.tenterhooks\.(\S+)\]\n# (.*)$", text, re.MULTILINE))
    assert states["pinned-actions"] == "runs, with unpinned-action"
    assert states["security-policy"].startswith("runs, with missing-security-policy, ")
    assert states["lock-in-sync"] == "does not run: not chosen"


def test_mistakes_are_errors(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({"pyproject.toml": "[tool.tenterhooks]\nnothing = 1\n"})
    result = hook("tenterhooks", "show-config")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("tenterhooks show-config: error: pyproject.toml:2:1: ")


def test_hostile_values_are_harmless(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository(
        {"pyproject.toml": '[tool.tenterhooks]\nexclude = ["\\u001b[31m\\n::error::\u00e9"]\n'}
    )
    text = shown(hook)
    assert text.isascii()
    assert "\x1b" not in text
    assert tomli.loads(text)["tool"]["tenterhooks"]["exclude"] == ["\x1b[31m\n::error::\u00e9"]
