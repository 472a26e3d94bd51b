"""The site: its pages, what is generated in them, their links, their code, and how it is built."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import page_commands
import pytest
import tomli
from conftest import ROOT, Hook, MakeRepository, write
from page_commands import Block, blocks, commands
from ruamel.yaml import YAML
from tools import dev, tool

from tenterhooks import everything
from tenterhooks.core.options import SELECT_RULE, CommandLine

sys.path.insert(0, str(ROOT / "docs" / "site"))

import gather
import generate

PAGES = page_commands.pages()
PLACES = gather.places()
CODE = [(path, block) for path in PAGES for block in blocks(path)]
COMMANDS = [(path, [pair for block in blocks(path) for pair in commands(block)]) for path in PAGES]
# What is wrong on purpose, by page.
BROKEN = {"invalid-file", "unmerged-lock"}
# Names a test of a package that is not here.
FOREIGN = {"unchecked-file"}
OURS = ("tenterhooks", *(f"{name}" for name in dev.hook_ids()))


def of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# --- the pages ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "old", "new"), list(generate.pages()), ids=lambda it: getattr(it, "name", "")
)
def test_what_is_generated_is_as_the_code_says(path: Path, old: str, new: str) -> None:
    assert old == new, f"run: python3 docs/site/generate.py, which writes {path.name}"


def test_every_practice_has_a_page() -> None:
    pages = {path.stem for path in (ROOT / "docs" / "practices").glob("*.md")}
    assert pages == {"tenterhooks", *(practice.id for practice in everything.practices())}
    for practice in everything.practices():
        page = (ROOT / "docs" / "practices" / f"{practice.id}.md").read_text("utf-8")
        assert page.startswith(f"# {practice.id}\n")
        for part in ("facts", "rules", "options"):
            assert f"<!-- from the code: {part} {practice.id} -->" in page


def anchors(path: Path) -> set[str]:
    """The anchors of a page, as GitHub and the site make them of its headings."""
    lines = gather.prose(path.read_text("utf-8"))
    titles = [line.lstrip("# ") for line in lines if re.match(r"#{1,6} ", line)]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", PAGES, ids=of)
def test_links_lead_to_pages_and_headings(path: Path) -> None:
    for link in gather.links(path.read_text("utf-8")):
        file, _, anchor = link.partition("#")
        if not re.match(r"[a-z]+:", link):
            there = (path.parent / file).resolve() if file else path
            assert there.is_relative_to(ROOT), link
            assert there.exists(), link
            assert not anchor or anchor in anchors(there), link


def test_every_page_is_in_the_navigation_once() -> None:
    texts = gather.pages()
    listed = [f"{name}.md" for name in re.findall(r"(?m)^/(\S+)$", "\n".join(texts.values()))]
    assert sorted(listed) == sorted(set(texts) - {"index.md"})
    assert set(texts) == set(PLACES.values())
    assert ":caption: More" not in texts["index.md"], "name the page in GUIDES of gather.py"


def test_links_have_the_places_of_the_site() -> None:
    moved = gather.target("docs/index.md", "../hooks/tenterhooks/pages/rules/weak-hash.md", PLACES)
    assert moved == "rules/weak-hash.md"
    from_rule = "hooks/tenterhooks/pages/rules/weak-hash.md"
    assert gather.target(from_rule, "../bandit/README.md#plugins", PLACES) == (
        "../bandit/index.md#plugins"
    )
    assert (
        gather.target("CONTRIBUTING.md", "dev.py", PLACES) == f"{gather.SOURCES}/blob/main/dev.py"
    )
    assert gather.target("docs/ci.md", "https://example.org/x.md", PLACES).startswith("https:")
    with pytest.raises(gather.Broken):
        gather.target("docs/ci.md", "nowhere.md", PLACES)


def test_links_in_code_are_left_alone() -> None:
    text = "```text\n[a](b.md)\n```\n`[a](c.md)` and [a](d.md)\n"
    assert gather.links(text) == ["d.md"]


def test_stale_pages_are_taken_away(tmp_path: Path) -> None:
    write(tmp_path, {"rules/gone.md": "", "kept.txt": ""})
    assert gather.main(str(tmp_path)) == 0
    assert not (tmp_path / "rules" / "gone.md").exists()
    assert (tmp_path / "kept.txt").exists()
    assert (tmp_path / "bandit" / "index.md").exists()


# --- the code in them -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "block"),
    [(path, block) for path, block in CODE if block.language == "toml"],
    ids=lambda it: it.stem if isinstance(it, Path) else "",
)
def test_toml_is_valid_and_ours_is_taken(
    path: Path, block: Block, make_repository: MakeRepository, hook: Hook
) -> None:
    if path.stem in BROKEN:
        return
    text = block.text.replace("sha256:...", "sha256:0")
    table = tomli.loads(text)
    if "tenterhooks" in table.get("tool", {}) and path.stem not in FOREIGN:
        make_repository({"tenterhooks.toml": text})
        assert hook("tenterhooks", "show-config").code == 0


@pytest.mark.parametrize(
    ("path", "block"),
    [(path, block) for path, block in CODE if block.language in ("yaml", "json")],
    ids=lambda it: it.stem if isinstance(it, Path) else "",
)
def test_yaml_is_valid_and_names_hooks_and_options(path: Path, block: Block) -> None:
    if path.stem in BROKEN:
        return
    document = YAML(typ="safe", pure=True).load(block.text)
    practices = {practice.id: practice for practice in everything.practices()}
    for repo in document.get("repos", []) if isinstance(document, dict) else []:
        for entry in repo["hooks"] if repo["repo"].endswith("/tenterhooks") else []:
            assert entry["id"] in dev.hook_ids()
            mine = [practices[entry["id"]]] if entry["id"] in practices else []
            options = [*(option for it in mine for option in it.options), SELECT_RULE]
            line = CommandLine(entry["id"], "", options, mine, together=not mine)
            line.parser().parse_args(entry.get("args", []))


def test_what_is_not_run_is_in_the_pages() -> None:
    said = {command for _, pairs in COMMANDS for command, _ in pairs}
    assert set(page_commands.NOT_RUN) <= said
    for start in page_commands.SCRIPTS_NOT_RUN:
        assert any(block.text.startswith(start) for _, block in CODE)


def variables() -> dict[str, str]:
    """The process environment, with the tools of the tests first, and no way to the network."""
    proxies = {f"{scheme}_proxy": "http://127.0.0.1:9" for scheme in ("http", "https", "all")}
    here = [str(Path(sys.executable).parent), os.environ["PATH"]]
    own = {"PATH": os.pathsep.join(here), "GIT_CONFIG_GLOBAL": os.devnull, "NO_COLOR": "1"}
    return {**dev.neutral_variables(), **proxies, **own, "TERM": "dumb"}


@pytest.mark.parametrize(
    ("path", "pairs"),
    [(path, pairs) for path, pairs in COMMANDS if pairs],
    ids=lambda it: it.stem if isinstance(it, Path) else "",
)
def test_commands_run(path: Path, pairs: list[tuple[str, str | None]], tmp_path: Path) -> None:
    pairs = [pair for pair in pairs if pair[0] not in page_commands.NOT_RUN]
    if not pairs:
        return
    top = tmp_path / "repository"
    page_commands.prepare(path, top)
    for command, printed in pairs:
        name, *_ = command.split()
        arguments = ["bash", "-c", command]
        if name in OURS:
            tool(name)
        done = subprocess.run(
            arguments, cwd=top, env=variables(), capture_output=True, text=True, check=False
        )
        assert done.returncode in ((0, 1) if name in OURS else (0,)), (command, done.stderr)
        assert "error:" not in done.stderr, (command, done.stderr)
        assert printed is None or done.stdout == printed, command


# --- the build ------------------------------------------------------------------------------


@pytest.mark.skipif(
    not all(map(importlib.util.find_spec, ("sphinx", "myst_parser", "furo"))),
    reason="Sphinx is not in this environment; python3 dev.py docs builds the site, strictly",
)
def test_the_site_is_built_and_takes_nothing_from_elsewhere(tmp_path: Path) -> None:
    assert gather.main(str(tmp_path / "pages")) == 0
    sphinx = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-c", "docs/site"]
    done = subprocess.run(
        [*sphinx, str(tmp_path / "pages"), str(tmp_path / "site")],
        cwd=ROOT,
        env=variables(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    for page in (tmp_path / "site").rglob("*.html"):
        text = page.read_text("utf-8")
        for tag in re.findall(r"<(?:link|script|img|iframe|source)\b[^>]*>", text):
            assert not re.search(r"(?:src|href)=\"(?:https?:)?//", tag), (page.name, tag)
