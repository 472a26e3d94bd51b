"""The page for people, as a real browser shows it."""

from __future__ import annotations

import base64
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import html_reports as make
import pytest
from browser import Browser, Json, Page, running, why_not

from tenterhooks.core.report import html

pytestmark = pytest.mark.skipif(why_not() is not None, reason=why_not() or "")

WIDTHS = (360, 768, 1440)
SCHEMES = ("light", "dark")
OPEN_ALL = "document.querySelectorAll('details').forEach(it => { it.open = true; })"
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"
# Each text that is not told from what is behind it: WCAG 2.2, 1.4.3 (AA).
FAINT = r"""
(() => {
  const numbers = colour => colour.match(/[\d.]+/g).map(Number);
  const light = colour => numbers(colour).slice(0, 3).map(it => it / 255)
    .map(it => it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4)
    .reduce((sum, it, index) => sum + it * [0.2126, 0.7152, 0.0722][index], 0);
  const behind = element => {
    for (let it = element; it; it = it.parentElement) {
      const colour = getComputedStyle(it).backgroundColor;
      if ((numbers(colour)[3] ?? 1) === 1) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint = [];
  let seen = 0;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    seen += 1;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const [low, high] = [light(style.color), light(behind(element))].sort((a, b) => a - b);
    const contrast = (high + 0.05) / (low + 0.05);
    if (contrast < (large ? 3 : 4.5)) {
      faint.push([element.tagName, walker.currentNode.data.slice(0, 40), contrast]);
    }
  }
  return [seen, faint];
})()
"""
FOCUS = """
(() => {
  const it = document.activeElement;
  const style = getComputedStyle(it);
  const box = it.getBoundingClientRect();
  const isSeen = box.left >= 0 && box.width > 0 && style.outlineStyle === 'solid'
    && parseFloat(style.outlineWidth) >= 2;
  return [it.tagName, it.textContent, isSeen];
})()
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running() as it:
        yield it


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("page")


def opened(browser: Browser, folder: Path, content: str) -> Page:
    path = folder / f"{abs(hash(content))}.html"
    path.write_text(content, "utf-8")
    page = Page(browser, path.as_uri())
    page.media()
    page.size(1440)
    return page


@pytest.fixture(scope="module")
def page(browser: Browser, folder: Path) -> Page:
    """The page with something of everything."""
    return opened(browser, folder, html.render(make.full()))


@pytest.fixture(scope="module")
def bad(browser: Browser, folder: Path) -> Page:
    """A page with everything wrong that these tests look for."""
    content = (
        '<body style="color: #777"><img src="x.png"><h1>a</h1><h3>b</h3>faint'
        '<p style="width: 3000px">wide<script>console.error("x")</script><a href="#x"></a>'
    )
    return opened(browser, folder, content)


def requests(page: Page) -> list[str]:
    return [event["request"]["url"] for event in page.told("Network.requestWillBeSent")]


def complaints(page: Page) -> list[Json]:
    kinds = ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown")
    return [event for kind in kinds for event in page.told(kind)]


def outline(page: Page) -> list[tuple[str, str, Json]]:
    """The role, the name and the properties of all that a screen reader is told."""
    nodes = page.call("Accessibility.getFullAXTree")["nodes"]
    return [
        (
            node["role"]["value"],
            node.get("name", {}).get("value", ""),
            {it["name"]: it["value"].get("value") for it in node.get("properties", ())},
        )
        for node in nodes
        if not node["ignored"]
    ]


def jumps(page: Page) -> bool:
    """Whether the levels of headings jump."""
    levels = [more["level"] for role, _, more in outline(page) if role == "heading"]
    return any(after > before + 1 for before, after in itertools.pairwise([0, *levels]))


def test_it_asks_for_nothing_and_says_nothing(page: Page, bad: Page) -> None:
    address = page.evaluate("document.URL")
    assert requests(page) == [address]
    assert complaints(page) == []
    assert len(requests(bad)) == 2
    assert complaints(bad)


def test_what_is_slipped_in_does_nothing(browser: Browser, folder: Path) -> None:
    """Even if a repository could write HTML here."""
    more = (
        "<img src=x.png><script>document.title = 'owned'</script>"
        "<style>main { display: none }</style><p style='color: red' id=here>x"
    )
    page = opened(browser, folder, html.render(make.full()).replace("</main>", more + "</main>"))
    assert page.evaluate("document.title") != "owned"
    assert page.evaluate("getComputedStyle(document.querySelector('main')).display") == "block"
    assert page.evaluate(
        "getComputedStyle(document.getElementById('here')).color"
    ) == page.evaluate("getComputedStyle(document.body).color")
    assert len(complaints(page)) >= 4
    blocked = page.told("Network.loadingFailed")
    assert len(requests(page)) - 1 == len([it for it in blocked if it["blockedReason"] == "csp"])


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("is_open", [False, True])
def test_nothing_is_wider_than_the_screen(page: Page, bad: Page, width: int, is_open: bool) -> None:
    page.size(width)
    page.evaluate(OPEN_ALL.replace("true", str(is_open).lower()))
    assert page.evaluate("innerWidth") == width
    assert page.evaluate(TOO_WIDE) <= 0
    bad.size(width)
    assert bad.evaluate(TOO_WIDE) > 0


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("media", ["screen", "print"])
def test_everything_can_be_told_from_its_background(
    page: Page, bad: Page, scheme: str, media: str
) -> None:
    page.size(1440)
    page.media(media, scheme)
    page.evaluate(OPEN_ALL)
    seen, faint = page.evaluate(FAINT)
    page.media()
    assert seen > 150
    assert faint == []
    assert [tag for tag, _, _ in bad.evaluate(FAINT)[1]] == ["BODY", "P"]


def test_light_and_dark_differ(page: Page) -> None:
    colours = []
    for scheme in SCHEMES:
        page.media("screen", scheme)
        colours.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    page.media()
    light, dark = (int(re.findall(r"\d+", colour)[0]) for colour in colours)
    assert light > 200
    assert dark < 60


@pytest.mark.parametrize("width", WIDTHS)
def test_what_a_screen_reader_is_told(page: Page, bad: Page, width: int) -> None:
    page.size(width)
    told = outline(page)
    roles = [role for role, _, _ in told]
    for landmark in ("main", "banner", "contentinfo"):
        assert roles.count(landmark) == 1
    assert not jumps(page)
    assert jumps(bad)
    assert [name for role, name, _ in told if role == "table"] == [
        "What holds, what does not, and what was looked at"
    ]
    assert roles.count("columnheader") == 3
    assert roles.count("rowheader") == 4
    assert roles.count("row") == 5
    assert all(name for role, name, _ in told if role in {"link", "heading", "region"})
    assert not all(name for role, name, _ in outline(bad) if role == "link")


def test_all_can_be_reached_by_keyboard(page: Page) -> None:
    page.size(1440)
    page.evaluate(OPEN_ALL.replace("true", "false"))
    page.call("Page.bringToFront")
    wanted = page.evaluate(
        "[...document.querySelectorAll('a, summary')].filter(it => it.checkVisibility()).length"
    )
    reached = []
    for _ in range(wanted):
        page.press("Tab")
        reached.append(page.evaluate(FOCUS))
    assert reached[0][:2] == ["A", "Skip to the verdict"]
    assert [it for it in reached if it[0] not in {"A", "SUMMARY"} or not it[2]] == []
    assert any(tag == "SUMMARY" for tag, _, _ in reached)


def test_the_keyboard_unfolds_and_skips(page: Page) -> None:
    page.evaluate(OPEN_ALL.replace("true", "false"))
    page.evaluate("document.querySelector('summary').focus()")
    page.press("Enter")
    assert page.evaluate("document.querySelector('details').open") is True
    page.evaluate("document.querySelector('.skip').focus()")
    page.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "MAIN"


def test_on_paper(page: Page) -> None:
    page.evaluate(OPEN_ALL.replace("true", "false"))
    data = page.call("Page.printToPDF", preferCSSPageSize=True)["data"]
    document = base64.b64decode(data)
    assert document.startswith(b"%PDF-")
    sheets = len(re.findall(rb"/Type\s*/Page\b", document))
    assert 4 <= sheets <= 40


def test_on_paper_all_findings_are_there(page: Page) -> None:
    page.evaluate(OPEN_ALL.replace("true", "false"))
    script = "[...document.querySelectorAll('{}')].map(it => it.checkVisibility())"
    assert not all(page.evaluate(script.format(".messages li")))
    page.media("print")
    findings = page.evaluate(script.format(".messages li"))
    files = page.evaluate(script.format(".files"))
    page.media()
    assert len(findings) > 40
    assert all(findings)
    assert not any(files)
