"""What is written for people, held to the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import ROOT, Hook, MakeRepository
from pages import HEADINGS, PAGES_FOLDER, blocks, facts, headings
from ruamel.yaml import YAML

from tenterhooks import __version__, everything
from tenterhooks.core.finding import Rule
from tenterhooks.core.options import COMMON, SELECT_RULE, WHOLE, CommandLine
from tenterhooks.core.practice import SHARED_RULES, WHOLE_RULES

README = (ROOT / "README.md").read_text("utf-8")
PAGES = PAGES_FOLDER.relative_to(ROOT).as_posix()
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *(ROOT / "docs").rglob("*.md"),
    *PAGES_FOLDER.rglob("*.md"),
]
PRACTICES = everything.practices()
HOOKS: dict[Rule, list[str]] = {}
for practice in PRACTICES:
    for rule in practice.rules:
        HOOKS.setdefault(rule, []).append(f"`{practice.id}`")
RULES: list[tuple[Rule, str]] = [
    *((rule, ", ".join(hooks)) for rule, hooks in HOOKS.items()),
    *((rule, "all") for rule in SHARED_RULES),
    *((rule, "`tenterhooks`") for rule in WHOLE_RULES),
]


def test_rule_names_are_words_and_unique() -> None:
    names = [rule.name for rule, _ in RULES]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names)


def test_every_rule_has_a_page_and_no_page_lacks_a_rule() -> None:
    pages = {path.stem for path in (PAGES_FOLDER / "rules").glob("*.md")}
    assert pages == {rule.name for rule, _ in RULES}


@pytest.mark.parametrize(("rule", "hook"), RULES, ids=lambda value: getattr(value, "name", ""))
def test_a_page_has_the_fixed_form(rule: Rule, hook: str) -> None:
    page = (PAGES_FOLDER / "rules" / f"{rule.name}.md").read_text("utf-8")
    assert page.startswith(f"# {rule.name}\n")
    assert headings(page) == HEADINGS
    table = facts(page)
    assert table["Hook"] == hook
    assert table["Works offline"] == "yes"
    assert table["On by default"].split(":")[0] == ("yes" if rule.default else "no")
    assert (table["Mended by `--fix`"] != "no") is rule.fixable
    assert "**Before**" in page
    assert "**After**" in page


@pytest.mark.parametrize("path", DOCUMENTS, ids=str)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), target


def test_the_first_block_is_the_two_commands() -> None:
    first = re.search(r"^```\w*\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert first is not None
    assert first.group(1) == "python3 dev.py check\npython3 dev.py test\n"
    assert (ROOT / ".ci" / "run").read_text("utf-8").endswith("exec python3 dev.py test\n")


def test_every_practice_and_rule_is_in_the_table() -> None:
    for practice in PRACTICES:
        (row,) = re.findall(rf"^\| `{practice.id}` \| .* \|$", README, re.MULTILINE)
        assert " ".join(practice.title.split()) in row
        named = re.findall(r"\[([a-z-]+)\]\(hooks/tenterhooks/pages/rules/\1\.md\)", row)
        assert named == [rule.name for rule in practice.rules]
    for rule in (*SHARED_RULES, *WHOLE_RULES):
        assert f"[{rule.name}]({PAGES}/rules/{rule.name}.md)" in README


def test_the_table_of_options_is_that_of_help() -> None:
    line = CommandLine("x", "x", [], [])
    shared = set(re.findall(r"--[a-z0-9-]+", line.parser().format_help())) - {"--help", "--version"}
    wanted = {(f"`{option}`", "all") for option in shared}
    assert {f"`--{option.name}`" for option in COMMON} <= {name for name, _ in wanted}
    wanted |= {(f"`--{option.name}`", "`tenterhooks`") for option in WHOLE} - {
        (f"`--{option.name}`", "`tenterhooks`") for option in COMMON
    }
    wanted.add((f"`--{SELECT_RULE.name}`", "others"))
    for practice in PRACTICES:
        wanted |= {(f"`--{option.name}`", f"`{practice.id}`") for option in practice.options}
    rows = re.findall(r"^\| (`--[a-z0-9-]+`) \| (\S+) \|", README, re.MULTILINE)
    assert sorted(rows) == sorted(wanted)


def test_the_configuration_to_copy_is_right() -> None:
    (text,) = [block for block in blocks(README, "yaml") if "repos:" in block]
    (repo,) = YAML(typ="safe", pure=True).load(text)["repos"]
    assert repo["rev"] == f"v{__version__}"
    assert [entry["id"] for entry in repo["hooks"]] == [practice.id for practice in PRACTICES]


def test_the_sample_configuration_and_comment_are_taken(
    make_repository: MakeRepository, hook: Hook
) -> None:
    (toml,) = blocks(README, "toml")
    (comment,) = [block for block in blocks(README, "yaml") if "tenterhooks: ignore" in block]
    job = "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n"
    make_repository(
        {
            "pyproject.toml": toml,
            ".github/workflows/a.yml": job + "".join(f"    {x}\n" for x in comment.splitlines()),
        }
    )
    assert hook("pinned-actions") == (0, "", "")
    assert hook("tenterhooks", "--select", "pinned-actions").rules == ["unused-ignore"]


def test_the_sample_output_is_what_is_printed(make_repository: MakeRepository, hook: Hook) -> None:
    (sample,) = blocks(README, "console")
    job = "on: push\n\njobs:\n  test:\n    runs-on: ubuntu-latest\n    permissions: {}\n"
    body = "    env:\n      A: b\n    timeout-minutes: 5\n\n    steps:\n"
    body += "      - uses: actions/checkout@v5\n"
    make_repository({".github/workflows/release.yml": job + body})
    assert f"$ pinned-actions\n{hook('pinned-actions').out}" == sample


@pytest.mark.parametrize("hook_id", [*(practice.id for practice in PRACTICES), "tenterhooks"])
def test_help_is_whole_and_plain(hook_id: str, hook: Hook) -> None:
    result = hook(hook_id, "--help")
    assert result.code == 0
    assert result.out.isascii()
    assert result.out.startswith(f"usage: {hook_id} ")
    mine = [p for p in PRACTICES if hook_id in (p.id, "tenterhooks")]
    for rule in (*(rule for practice in mine for rule in practice.rules), *SHARED_RULES):
        assert f"  {rule.name} " in result.out
        assert rule.summary in result.out


def test_the_changelog_and_the_package_name_the_version() -> None:
    assert re.search(r"^## Unreleased$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    pyproject = (ROOT / "pyproject.toml").read_text("utf-8")
    assert f'\nversion = "{__version__}"\n' in pyproject
