"""``[tool.tenterhooks]``: what wins, and that every mistake in it has its place."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import Hook, MakeRepository, write

from tenterhooks.core.config import Config, ConfigError, merge, unknown
from tenterhooks.core.files import Repository
from tenterhooks.core.practice import Option, Practice

NAME = Option("some-name", "text", "x", validate=lambda value: "is odd" if value == "odd" else None)
FLAG = Option("strict", "flag", "x")
LIST = Option("allow", "list", "x", validate=lambda value: "is odd" if value == "odd" else None)
OPTIONS = (NAME, FLAG, LIST)
PRACTICE = Practice("pinned-actions", "x", (), lambda *_: iter(()), options=OPTIONS)


def read(text: str | bytes, make_repository: MakeRepository) -> dict[str, Any]:
    make_repository({"pyproject.toml": text})
    return Config(Repository(), None).of(PRACTICE, OPTIONS)


def test_the_values(make_repository: MakeRepository) -> None:
    text = "[tool.tenterhooks.pinned-actions]\nsome-name = 'a'\nstrict = true\nallow = ['b', 'c']\n"
    assert read(text, make_repository) == {"some_name": "a", "strict": True, "allow": ["b", "c"]}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[project]\nname = 'x'\n",
        "[tool.tenterhooks]\n",
        "[tool.tenterhooks.pinned-actions]\n",
        "[tool.tenterhooks.security-policy]\nanything = 1\n",
        "[tool.other]\nx = 'tenterhooks'\n",
        # A broken file that does not speak of us is for its own checkers.
        "[project\n",
        b"\xff",
        b"a\r = 1",
    ],
)
def test_nothing_said(text: str | bytes, make_repository: MakeRepository) -> None:
    assert read(text, make_repository) == {}


def test_no_pyproject(make_repository: MakeRepository) -> None:
    make_repository({})
    assert Config(Repository(), None).of(PRACTICE, OPTIONS) == {}


def read_all(repository: Repository) -> None:
    config = Config(repository, None)
    config.own(OPTIONS)
    config.of(PRACTICE, OPTIONS)


HOOK = "[tool.tenterhooks.pinned-actions]\n"


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        (
            HOOK + "alow = []\n",
            "2:1",
            "tool.tenterhooks.pinned-actions.alow: unknown key; did you mean allow?",
        ),
        (HOOK + "zzz = 1\n", "2:1", "unknown key; known: some-name, strict, allow"),
        (HOOK + "some_name = 'x'\n", "2:1", "unknown key; did you mean some-name?"),
        (HOOK + "some-name = 1\n", "2:1", "must be a string"),
        (HOOK + "some-name = ['x']\n", "2:1", "must be a string"),
        (HOOK + "some-name = 'odd'\n", "2:1", "some-name: is odd"),
        (HOOK + "strict = 'yes'\n", "2:1", "must be true or false"),
        (HOOK + "strict = 1\n", "2:1", "must be true or false"),
        (HOOK + "allow = 'x'\n", "2:1", "must be a list of strings"),
        (HOOK + "allow = [\n  'a/*',\n  1,\n]\n", "4:3", "must be a list of strings"),
        (HOOK + "allow = ['x', ['y']]\n", "2:15", "must be a list of strings"),
        (HOOK + "allow = ['x', 'odd']\n", "2:15", "allow: is odd"),
        (HOOK + "allow = {x = 1}\n", "2:1", "must be a list of strings"),
        (
            "[tool.tenterhooks]\npinned-action.x = 1\n",
            "2:1",
            "unknown hook; did you mean pinned-actions?",
        ),
        ("x = 1\n[tool.tenterhooks.zzz]\n", "2:1", "unknown hook; known: bandit"),
        ("[tool]\ntenterhooks = 1\n", "2:1", "tool.tenterhooks: must be a table"),
        ("# tenterhooks\ntool = 1\n", "2:1", "tool: must be a table"),
        ("[[tool.tenterhooks]]\n", "1:1", "must be a table"),
        ("[[tool.tenterhooks.pinned-actions]]\n", "1:1", "must be a table"),
        ("[tool.tenterhooks]\npinned-actions = 1\n", "2:1", "must be a table"),
        (HOOK + "allow = [\n", "3:1", "is not valid TOML"),
        ("x = 1\nx = 2 # tenterhooks\n", "2:6", "is not valid TOML"),
        (b"x = 1\n# tenterhooks caf\xe9\n", "2:18", "is not UTF-8"),
        ("# tenterhooks\nx = " + "[" * 200, "2:105", "nests deeper"),
    ],
)
@pytest.mark.parametrize("hook_id", ["pinned-actions", "tenterhooks"])
def test_mistakes(
    text: str | bytes,
    place: str,
    words: str,
    hook_id: str,
    make_repository: MakeRepository,
    hook: Hook,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    top = make_repository({"pyproject.toml": text, "x/.github/workflows/a.yml": ""})
    with pytest.raises(ConfigError) as caught:
        read_all(Repository())
    assert str(caught.value).startswith(f"pyproject.toml:{place}: ")
    assert words in str(caught.value)

    result = hook(hook_id)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"{hook_id}: error: pyproject.toml:{place.partition(':')[0]}:")
    assert result.err.count("\n") == 1
    monkeypatch.chdir(top / "x")
    assert hook(hook_id).err.startswith(f"{hook_id}: error: ../pyproject.toml:")


@pytest.mark.parametrize(
    ("configured", "given", "value"),
    [
        ({}, None, []),
        ({"allow": ["a"]}, None, ["a"]),
        ({"allow": ["a"]}, ["b"], ["b"]),
        ({}, ["b"], ["b"]),
    ],
)
def test_options_win_over_configuration_over_defaults(
    configured: dict[str, Any], given: Any, value: Any
) -> None:
    merged = merge([LIST, FLAG, NAME], configured, SimpleNamespace(allow=given))
    assert merged == SimpleNamespace(allow=value, strict=False, some_name=None)


def test_unknown() -> None:
    assert unknown("key", "x", []) == "unknown key; known: none"


# In a run.

WORKFLOW = "on: push\njobs:\n  a:\n    steps:\n    - uses: actions/checkout@v4\n"
FILES: dict[str, str | bytes] = {
    ".github/workflows/a.yml": WORKFLOW,
    "x/action.yml": WORKFLOW,
}


def checked(config: str, hook: Hook, make_repository: MakeRepository, *words: str) -> list[str]:
    make_repository({**FILES, "pyproject.toml": config})
    result = hook("pinned-actions", *words)
    assert result.err == ""
    return [line.split(":")[0] for line in result.lines]


BOTH = list(FILES)


@pytest.mark.parametrize(
    ("config", "words", "paths"),
    [
        ("", [], BOTH),
        (HOOK + "allow = ['actions/*']", [], []),
        (HOOK + "allow = ['actions/*']", ["--allow", "other/*"], BOTH),
        (HOOK + "ignore = ['unpinned-action']", [], []),
        ("[tool.tenterhooks]\nignore = ['unpinned-action']", [], []),
        # What is left out and what is switched off adds up.
        (HOOK + "ignore = ['unpinned-image']", ["--ignore", "unpinned-action"], []),
        ("[tool.tenterhooks]\nexclude = ['x']", [], BOTH[:1]),
        (HOOK + "exclude = ['x/**']", [], BOTH[:1]),
        (HOOK + "exclude = ['x']", ["--exclude", ".github"], []),
        ("[tool.tenterhooks]\nexclude = ['x']", ["--exclude", ".github", "--", *BOTH], []),
        ("", ["--exclude", "*.yml"], BOTH),
        ("[tool.tenterhooks]\nselect = ['security-policy']", [], BOTH),
    ],
)
def test_configuration_of_a_run(
    config: str, words: list[str], paths: list[str], hook: Hook, make_repository: MakeRepository
) -> None:
    assert checked(config, hook, make_repository, *words) == paths


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (HOOK + "ignore = ['unpined-action']", "unknown rule; did you mean unpinned-action?"),
        ("[tool.tenterhooks]\nselect = ['pinned-action']", "did you mean pinned-actions?"),
        ("[tool.tenterhooks]\nexclude = 'x'", "must be a list of strings"),
        ("[tool.tenterhooks]\nformat = 'json'", "unknown key"),
    ],
)
def test_mistakes_in_what_all_hooks_share(
    config: str, words: str, hook: Hook, make_repository: MakeRepository
) -> None:
    make_repository({**FILES, "pyproject.toml": config})
    result = hook("tenterhooks")
    assert (result.code, result.out) == (2, "")
    assert words in result.err


def test_another_file(make_repository: MakeRepository, hook: Hook) -> None:
    top = make_repository({**FILES, "pyproject.toml": HOOK + "allow = ['actions/*']"})
    write(top.parent, {"other.toml": "", "wrong.toml": HOOK + "\nx = 1", "broken.toml": "["})
    assert hook("pinned-actions").code == 0
    assert hook("pinned-actions", "--config", "../other.toml").code == 1
    wrong = hook("pinned-actions", "--config", "../wrong.toml")
    assert wrong.code == 2
    assert "../wrong.toml:3:1: " in wrong.err
    assert "../broken.toml:1:2: " in hook("pinned-actions", "--config", "../broken.toml").err
    for none in ("none.toml", ".", "a\nb"):
        result = hook("pinned-actions", "--config", none)
        assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)


def test_only_the_pyproject_at_the_top_counts(
    make_repository: MakeRepository, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hostile or forgotten one below must not switch rules off."""
    top: Path = make_repository({**FILES, "x/pyproject.toml": HOOK + "allow = ['actions/*']"})
    monkeypatch.chdir(top / "x")
    assert hook("pinned-actions", "action.yml").code == 1


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("ignore = ['bandit']\n", "1:1: ignore: must stand in [tool.tenterhooks]"),
        ("[tenterhooks]\nignore = ['bandit']\n", "1:1: tenterhooks: must stand in "),
        ("[tool.tenterhooks]\n[bandit]\n", "2:1: bandit: must stand in [tool.tenterhooks]"),
    ],
)
def test_what_would_have_no_effect_in_a_file_of_our_own(
    text: str, error: str, make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({"tenterhooks.toml": text})
    assert f" tenterhooks.toml:{error}" in hook("tenterhooks").err


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[tool.other]\nx = 1\n"])
def test_a_file_of_our_own_may_be_empty(
    text: str, make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({"tenterhooks.toml": text})
    assert hook("pinned-actions") == (0, "", "")
