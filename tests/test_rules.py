"""``tenterhooks rules``."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import Hook, MakeRepository, write
from pages import PAGES_FOLDER, facts

from tenterhooks import everything, page
from tenterhooks.bandit.detections import TESTS
from tenterhooks.bandit.rules import OPT_IN
from tenterhooks.core.colours import Palette
from tenterhooks.core.finding import Rule
from tenterhooks.core.practice import SHARED_RULES, WHOLE_RULES, Practice
from tenterhooks.core.selection import ALL, PRESETS
from tenterhooks.everything import groups, listing, rules
from tenterhooks.everything.groups import Group

PRACTICES = everything.practices()
OFF = Palette(on=False)


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLUMNS", "FORCE_COLOR", "NO_COLOR", "PYTHON_COLORS", "TERM"):
        monkeypatch.delenv(name, raising=False)


def listed(hook: Hook) -> list[dict[str, object]]:
    code, out, err = hook("tenterhooks", "rules", "--format", "json")
    assert (code, err) == (0, "")
    found: list[dict[str, object]] = json.loads(out)
    return found


@pytest.fixture(autouse=True)
def nothing_is_configured(make_repository: MakeRepository) -> None:
    make_repository({})


def test_all_rules_are_there(hook: Hook) -> None:
    wanted = [(rule.name, practice.id) for practice in PRACTICES for rule in practice.rules]
    wanted += [(test_id, "bandit") for test_id in TESTS]
    wanted += [(rule.name, "all hooks") for rule in SHARED_RULES]
    wanted += [(rule.name, "tenterhooks") for rule in WHOLE_RULES]
    assert sorted((it["name"], it["practice"]) for it in listed(hook)) == sorted(wanted)


def test_what_is_told_of_a_rule(hook: Hook) -> None:
    by_name = {it["name"]: it for it in listed(hook)}
    assert by_name["unpinned-action"] == {
        "name": "unpinned-action",
        "practice": "pinned-actions",
        "summary": "An action or reusable workflow is referenced by a tag or branch, which can be "
        "moved.",
        "fixable": True,
        "on": True,
        "default": True,
        "presets": ["core", "scorecard", "spec8"],
        "page": page("rules/unpinned-action"),
    }
    assert by_name["TH115"] == {
        "name": "TH115",
        "practice": "bandit",
        "summary": "Weak digests that Bandit does not see.",
        "fixable": False,
        "on": False,
        "default": False,
        "presets": [],
        "page": page("bandit/TH115"),
    }
    assert by_name["cache-in-release-job"]["presets"] == ["spec8"]


def test_every_rule_has_what_its_page_says(hook: Hook) -> None:
    for it in listed(hook):
        address = str(it["page"]).partition("/pages/")[2]
        table = facts((PAGES_FOLDER / address).read_text("utf-8"))
        assert table["On by default"].startswith("no") is not it["default"]
        assert (table.get("Mended by `--fix`", "no") != "no") is it["fixable"]
        assert set(it["presets"]) <= set(PRESETS) - {ALL}  # type: ignore[call-overload]
        assert ("core" in it["presets"]) is it["default"]  # type: ignore[operator]
    assert {it["name"] for it in listed(hook) if not it["default"]} > OPT_IN


def changed(hook: Hook, pyproject: str) -> dict[str, bool]:
    """The rules that a configuration switches on or off."""
    before = {(it["practice"], it["name"]): it["on"] for it in listed(hook)}
    write(Path.cwd(), {"pyproject.toml": pyproject})
    after = listed(hook)
    return {
        str(it["name"]): bool(it["on"])
        for it in after
        if before[it["practice"], it["name"]] is not it["on"]
    }


@pytest.mark.parametrize(
    ("pyproject", "expected"),
    [
        ("", {}),
        ("[tool.tenterhooks]\nignore = ['malformed-uses']", {"malformed-uses": False}),
        (
            "[tool.tenterhooks]\nignore = ['unused-ignore', 'invalid-file']",
            {"unused-ignore": False, "invalid-file": False},
        ),
        (
            "[tool.tenterhooks.pinned-actions]\nselect = ['missing-version-comment']",
            {"missing-version-comment": True},
        ),
        ("[tool.bandit]\nskips = ['TH101', 'B101']", {"TH101": False}),
        ("[tool.tenterhooks.bandit]\nskips = ['TH102']", {"TH102": False}),
        ("[tool.tenterhooks]\nignore = ['TH103']", {"TH103": False}),
        ("[tool.tenterhooks.bandit]\nselect = ['TH115']", {"TH115": True}),
    ],
)
def test_the_configuration_is_heard(pyproject: str, expected: dict[str, bool], hook: Hook) -> None:
    assert changed(hook, pyproject) == expected


def test_what_is_not_chosen_is_off(hook: Hook) -> None:
    write(Path.cwd(), {"pyproject.toml": "[tool.tenterhooks]\nselect = ['pinned-actions']\n"})
    on = {it["practice"] for it in listed(hook) if it["on"]}
    assert on == {"pinned-actions", "all hooks", "tenterhooks"}


def test_everything_is_on_in_the_preset_of_all(hook: Hook) -> None:
    write(Path.cwd(), {"pyproject.toml": "[tool.tenterhooks]\npreset = ['all']\n"})
    assert [it["name"] for it in listed(hook) if not it["on"]] == []


@pytest.mark.parametrize("wrong", ["[tool.tenterhooks]\nx = 1", "[tool.bandit]\nskips = ['B999']"])
def test_a_wrong_configuration(wrong: str, hook: Hook) -> None:
    """It is told, but a practice can be explained all the same."""
    write(Path.cwd(), {"pyproject.toml": wrong})
    code, out, err = hook("tenterhooks", "rules")
    assert (code, out) == (2, "")
    assert err.startswith("tenterhooks rules: error: pyproject.toml:2:")
    assert hook("tenterhooks", "explain", "bandit").code == 0


def test_where_there_is_no_repository(
    hook: Hook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = listed(hook)
    monkeypatch.chdir(tmp_path)
    assert listed(hook) == expected


def test_what_is_on_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    def is_on(practice: Practice | None, rule: Rule) -> bool:
        return practice is not None and practice.id == "pinned-actions" and rule.fixable

    assert rules.main(["--format=json"], is_on) == 0
    on = [it["name"] for it in json.loads(capsys.readouterr().out) if it["on"]]
    assert on == ["unpinned-action", "tag-object-pin"]
    assert rules.main([], is_on) == 0
    out = capsys.readouterr().out
    assert re.findall(r"^  on   (\S+)", out, re.MULTILINE) == on
    assert out.splitlines()[-1].split(" on.")[0].endswith(" rules, 2 of them")


@pytest.mark.parametrize("width", [20, 40, 80, 100])
def test_the_list_fits(width: int, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    code, out, err = hook("tenterhooks", "rules")
    assert (code, err) == (0, "")
    assert out.isascii()
    for line in out.splitlines():
        assert len(line) <= width or len(line.split()) <= 2
    said = " ".join(out.split())
    for it in listed(hook):
        state = "on" if it["on"] else "off"
        assert f" {state} {it['name']} " in said
        if width < 80:
            assert str(it["summary"]).replace("`", "'") in said
    assert re.findall(r"^\S+(?: hooks)?$", out, re.MULTILINE)[: len(PRACTICES)] == [
        practice.id for practice in PRACTICES
    ]


def test_the_columns_are_aligned(hook: Hook) -> None:
    out = hook("tenterhooks", "rules").out
    starts = {row.start(1) for row in re.finditer(r"^  (?:on |off)  \S+ +(\S)", out, re.MULTILINE)}
    columns = {start - out.rindex("\n", 0, start) for start in starts}
    assert len(columns) == 1


def test_a_group() -> None:
    plain, marked = Rule("a-b", "It is bad."), Rule("c", "It is `worse` still.", fixable=True)
    rare = Rule("d", "It is rare.", default=False, presets=("spec8",))
    practice = Practice(
        "x", "All is\nwell.", [plain, marked, rare], lambda *_: iter(()), presets=frozenset({"p"})
    )
    group = groups.of(practice)
    assert list(listing.one(group, groups.by_default, OFF, 100)) == [
        "x",
        "  All is well. (presets: p)",
        "",
        "  on   a-b                               It is bad.",
        "  on   c                                 It is 'worse' still. (--fix)",
        "  off  d                                 It is rare. (opt-in, spec8)",
    ]
    assert list(listing.one(group, groups.by_default, OFF, 40)) == [
        "x",
        "  All is well. (presets: p)",
        "",
        "  on   a-b",
        "       It is bad.",
        "  on   c",
        "       It is 'worse' still. (--fix)",
        "  off  d",
        "       It is rare. (opt-in, spec8)",
    ]
    assert [group.presets(it) for it in group.rules] == [["core", "p"], ["core", "p"], ["spec8"]]


def test_a_rule_that_two_practices_share_counts_once() -> None:
    rule = Rule("a", "It is bad.")
    twice = [Group("x", "X.", [rule]), Group("y", "Y.", [rule])]
    last = list(listing.whole(twice, groups.by_default, OFF, 100))[-1]
    assert last.startswith("1 rules, 1 of them on. ")


def test_the_command_line(hook: Hook) -> None:
    result = hook("tenterhooks", "rules", "--help")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("usage: tenterhooks rules ")
    assert hook("tenterhooks", "rules", "pinned-actions").code == 2
    assert hook("tenterhooks", "rules", "--format", "xml").code == 2


def test_a_defect_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    def is_on(*_: object) -> bool:
        raise ZeroDivisionError("no\nway")

    assert rules.main([], is_on) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("tenterhooks rules: error: a defect of tenterhooks: ZeroDivisionError")
    assert len(err.splitlines()) == 1
