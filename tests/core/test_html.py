"""The page for people."""

from __future__ import annotations

import base64
import hashlib
import itertools
from html.parser import HTMLParser
from typing import Any

import html_reports as make
import pytest
from conftest import MakeRepository
from hypothesis import given
from hypothesis import strategies as st

import tenterhooks
from tenterhooks.core.finding import Finding
from tenterhooks.core.report import Report, html, html_text

VOID = {"meta", "wbr"}
ALLOWED = VOID | {
    *("html", "head", "title", "style", "body", "header", "main", "footer", "section", "div"),
    *("h1", "h2", "h3", "h4", "p", "a", "b", "strong", "span", "code", "time"),
    *("dl", "dt", "dd", "ul", "li", "details", "summary"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td"),
}


class Tree(HTMLParser):
    """A page, taken apart: each element is a tag, its attributes and the text in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self._open: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.feed(page)
        self.close()
        assert not self._open, "an element is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), "an attribute stands twice"
        element = (tag, dict(attrs), list[str]())
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for _, _, text in self._open:
            text.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")

    def texts(self, tag: str, **wanted: str) -> list[str]:
        """The text of each element of a tag that has these attributes."""
        return [
            " ".join("".join(text).split())
            for name, attributes, text in self.elements
            if name == tag and all(attributes.get(key) == value for key, value in wanted.items())
        ]

    def values(self, attribute: str) -> list[str | None]:
        return [them[attribute] for _, them, _ in self.elements if attribute in them]


def page(*findings: Finding, **more: Any) -> Tree:
    return Tree(html.render(make.report(*findings, **more)))


def verdict(tree: Tree) -> str:
    return tree.texts("h2")[0]


def fixed(**more: Any) -> Finding:
    it = make.finding(**more)
    it.fixed = True
    return it


LOCKED = (make.finding(rule="some-lock", message="is not locked"), make.ACCEPTANCE)
FAILED = "some-practice: git error"


@pytest.mark.parametrize(
    ("findings", "more", "headline", "state"),
    [
        ([], {}, "Nothing found", "Holds"),
        ([make.finding()], {}, "1 finding to mend", "Does not hold"),
        ([make.finding()], {"failures": [FAILED]}, "1 finding to mend", "Does not hold"),
        ([fixed()], {}, "Everything that was found is mended", "Mended in this run"),
        (
            [],
            {"accepted": [LOCKED]},
            "Nothing to mend, 1 finding accepted",
            "Holds, but for what is accepted",
        ),
        ([], {"failures": [FAILED]}, "Not everything could be checked", "Not checked in full"),
        ([], {"looks": [make.look()]}, "Nothing was looked at", "Nothing to look at"),
        (
            [],
            {"looks": [make.look(left_out="not installed")]},
            "Nothing was looked at",
            "Not looked at",
        ),
    ],
)
def test_verdicts(findings: list[Finding], more: dict[str, Any], headline: str, state: str) -> None:
    tree = page(*findings, **more)
    assert verdict(tree) == headline
    assert tree.texts("title")[0].endswith(f": {headline}")
    assert tree.texts("strong") == [state]
    assert bool(tree.texts("h2", id="failures")) == bool(more.get("failures"))
    assert bool(tree.texts("a", href="#failures")) == bool(more.get("failures"))


def test_a_run_without_practices_does_not_say_that_all_is_well() -> None:
    assert verdict(page(looks=[])) == "Nothing was looked at"
    assert verdict(page(looks=[], failures=["x"])) == "Not everything could be checked"


def test_nothing_found_is_said_plainly() -> None:
    assert "Nothing was found in what was looked at." in page().texts("p")


def test_a_failure_of_no_practice_is_told_in_the_verdict() -> None:
    tree = page(make.finding(), failures=["tenterhooks: some failure"])
    assert "The run met failures, so that something may be missing here." in tree.texts("p")
    assert "tenterhooks: some failure" in tree.texts("li")


def test_what_did_not_run_and_why() -> None:
    looks = [make.look("one", "a.yml"), make.look("two", left_out="not installed")]
    tree = page(looks=looks)
    assert "1 practice was not looked at: two." in tree.texts("p")
    assert "1 practice holds: one." in tree.texts("p")
    assert "not installed" in tree.texts("span")
    assert "two: not looked at, not installed" in tree.texts("p")


def test_what_a_change_touches() -> None:
    assert "Only what the change touches is reported." in page(only_changed=True).texts("p")


def test_what_is_found_beside_the_practices() -> None:
    tree = page(make.finding(rule="some-quiet", hook="tenterhooks"))
    assert "1 finding beside the practices." in tree.texts("p")
    assert tree.texts("strong") == ["Holds", "Not in order"]


def test_every_finding_has_its_place_message_and_fix() -> None:
    found = [
        make.finding(f"{path}.yml", line, rule, f"{path} {line} is bad", f"mend {path} {line}")
        for path in "ab"
        for line in range(1, 40)
        for rule in ("some-lock", "some-pin")
    ]
    items = page(*found).texts("li")
    for it in found:
        place = f"{it.path} line {it.line}:5"
        assert items.count(f"{it.message}Fix: {it.fix}{place}") == 2  # of two rules
    assert page(*found).texts("h4") == ["some-pin 78 findings", "some-lock 78 findings"]


def test_findings_that_say_the_same_stand_together() -> None:
    places = [("a/b.yml", 1), ("a/b.yml", 7), ("c.yml", 2)]
    items = page(*[make.finding(path, line) for path, line in places]).texts("li")
    assert items[:3] == [
        "is not pinnedFix: pin ita/b.yml lines 1:5, 7:5c.yml line 2:5",
        "a/b.yml lines 1:5, 7:5",
        "c.yml line 2:5",
    ]


def test_one_message_with_two_fixes_stands_twice() -> None:
    items = page(make.finding(fix="one"), make.finding(fix="two")).texts("li")
    assert [item for item in items if "Fix" in item] == [
        "is not pinnedFix: onea.yml line 1:5",
        "is not pinnedFix: twoa.yml line 1:5",
    ]


def test_long_lists_are_folded() -> None:
    tree = page(*[make.finding(f"{number}.yml") for number in range(9)])
    assert "4 more files" in tree.texts("summary")
    tree = page(*[make.finding(message=str(number)) for number in range(25)])
    assert "5 more messages" in tree.texts("summary")
    # To unfold a single one is more work than to read it.
    tree = page(*[make.finding(f"{number}.yml") for number in range(6)])
    assert not any("more" in summary for summary in tree.texts("summary"))


def test_what_was_mended() -> None:
    left = fixed(message="left")
    left.left = "commit it"
    tree = page(fixed(), left)
    assert verdict(tree) == "1 finding to mend"
    assert "Mended in this run." in tree.texts("p")
    assert "Mended in this run. Left to do: commit it" in tree.texts("p")


def test_what_can_be_mended() -> None:
    tree = page(make.finding(edits=1), make.finding(line=2))
    assert "tenterhooks --fix mends 1 of these." in tree.texts("p")
    tree = page(make.finding(edits=1))
    assert "tenterhooks --fix mends this." in tree.texts("p")
    assert not any("--fix" in text for text in page(make.finding()).texts("p"))


def test_what_is_accepted() -> None:
    tree = page(make.finding(), accepted=[LOCKED, LOCKED])
    assert verdict(tree) == "1 finding to mend"
    assert tree.texts("h2", id="accepted") == ["Accepted for a time"]
    assert "some-lock 2 findings" in tree.texts("h3")
    assert "21 May 2027" in tree.texts("time", datetime="2027-05-21")
    assert "the vendor will lock it" in tree.texts("dd")
    assert any(text.startswith("is not locked") for text in tree.texts("li"))
    assert tree.texts("a", href="#accepted") == ["2 accepted"]


def test_rules_lead_to_their_pages() -> None:
    links = {
        attributes["href"]: text
        for tag, attributes, text in page(make.finding()).elements
        if tag == "a"
    }
    assert "".join(links[tenterhooks.page("rules/some-pin")]) == "some-pin"
    assert "Something is not pinned." in page(make.finding()).texts("p")


@pytest.mark.parametrize(
    ("rule", "fix", "shown", "address"),
    [
        ("X1", "mend it, see https://e.org/x; or not", "mend it; or not", "https://e.org/x"),
        ("X1", "mend it, see https://e.org/x", "mend it", "https://e.org/x"),
        ("X1", "mend it, see https://e.org/x now", None, None),
        ("X1", "mend it; a.py, see https://e.org/x; or not", None, None),
        ("X1", "mend it, see javascript:alert(1); or not", None, None),
        ("X1", "mend it", None, None),
        ("some-pin", "mend it, see https://e.org/x; or not", None, "own"),
    ],
)
def test_rules_of_another_tool(rule: str, fix: str, shown: str | None, address: str | None) -> None:
    tree = page(make.finding(rule=rule, fix=fix))
    assert f"Fix: {shown or fix}" in tree.texts("p")
    wanted = tenterhooks.page(f"rules/{rule}") if address == "own" else address
    assert wanted is None or tree.texts("a", href=wanted)[0] == rule
    assert all(str(link).startswith(("https://", "#")) for link in tree.values("href"))


def test_what_was_looked_at() -> None:
    tree = page(looks=[make.look("some-practice", "a/b.yml", "c.yml")])
    assert "some-practice: 2 files, 2 rules" in tree.texts("summary")
    assert {"a/b.yml", "c.yml"} <= set(tree.texts("li"))
    assert "On: some-pin and some-lock." in tree.texts("p")
    assert "Off: some-quiet." in tree.texts("p")


# The page as such.


@pytest.mark.parametrize("report", [make.full, make.report], ids=["full", "empty"])
def test_structure(report: Any) -> None:
    tree = Tree(html.render(report()))
    tags = [tag for tag, _, _ in tree.elements]
    assert set(tags) <= ALLOWED
    for tag in ("main", "header", "footer", "h1", "title", "style"):
        assert tags.count(tag) == 1
    assert tree.elements[0][:2] == ("html", {"lang": "en"})
    levels = [int(tag[1]) for tag in tags if tag in {"h1", "h2", "h3", "h4"}]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert tags.count("caption") == tags.count("table") == 1
    roles = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
    for tag, attributes, _ in tree.elements:
        # Not every browser tells of a table whose cells are shown as blocks.
        assert tag not in roles or attributes["role"] == roles[tag]
    assert all("scope" in attributes for tag, attributes, _ in tree.elements if tag == "th")
    ids = tree.values("id")
    assert len(set(ids)) == len(ids)
    for reference in [*tree.values("aria-labelledby"), *tree.values("href")]:
        assert str(reference).startswith("https://") or str(reference).lstrip("#") in ids


def test_it_admits_nothing_but_its_own_style() -> None:
    page = html.render(make.full())
    tree = Tree(page)
    style = page.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = [
        attributes["content"]
        for _, attributes, _ in tree.elements
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert not {"src", "srcset", "style", "onclick", "onload"} & {
        name for _, attributes, _ in tree.elements for name in attributes
    }
    assert "url(" not in style
    assert "@import" not in style


def test_a_hostile_repository_changes_nothing_but_words() -> None:
    """The page of a hostile report has the elements of a harmless one."""
    hostile, harmless = (html.render(make.full(text)) for text in (make.HOSTILE, "xxx `x`"))
    page = Tree(hostile)
    hostile.encode("utf-8")
    assert [(tag, sorted(them)) for tag, them, _ in page.elements if tag != "wbr"] == [
        (tag, sorted(them)) for tag, them, _ in Tree(harmless).elements if tag != "wbr"
    ]
    assert r"&lt;script&gt;alert(1)&lt;/<wbr>script&gt;" in hostile
    assert r"\u202e\x1b[2J\x00\n\ufeff\udcff\u3164" in hostile
    assert all(line.isprintable() for line in hostile.split("\n"))


@given(st.text(st.characters(exclude_categories=()) | st.sampled_from("<>&'\"`\u202e\udc80")))
def test_any_text_is_harmless(value: str) -> None:
    for make_text in (html_text.text, html_text.prose, html_text.path):
        made = make_text(value)
        made.encode("utf-8")
        assert made.isprintable()
        tree = Tree(f'<p title="{html_text.text(value)}">{made}</p>')
        assert {tag for tag, _, _ in tree.elements} <= {"p", "code", "wbr"}
    shown = "".join(Tree(f"<p>{html_text.text(value)}</p>").elements[0][2])
    if value.isascii() and value.isprintable():
        assert shown == value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("do `a b` now", "do <code>a b</code> now"),
        ("``Markup`` here", "<code>Markup</code> here"),
        ("a ` b", "a ` b"),
        ("`<b>`", "<code>&lt;b&gt;</code>"),
    ],
)
def test_code_in_prose(value: str, shown: str) -> None:
    assert html_text.prose(value) == shown


def test_words_in_other_scripts_stay() -> None:
    words = "d\xe9j\xe0 \u0434\u0430 \u05e9\u05dc\u05d5\u05dd \u65e5\u672c"
    assert html_text.text(words) == words


def test_the_same_commit_gives_the_same_page(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_repository({})
    monkeypatch.setattr("time.time", lambda: 1.0)
    first, second = (html.render(make.report(make.finding(), seconds=it)) for it in (1.0, 2.0))
    assert first == second
    assert "15 Jan 2026, 12:00 UTC" in Tree(first).texts("dd")
    assert Tree(first).texts("h1") == ["repository"]


@pytest.mark.parametrize("epoch", ["9" * 15, "9" * 30])
def test_a_date_that_no_calendar_has(epoch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert Tree(html.render(make.report())).texts("dd")[0]


def test_thousands_of_findings_make_a_page_of_a_bearable_size() -> None:
    folder = "src/some/package/of/the/project"
    found = [
        make.finding(
            f"{folder}/module_{number % 900}.py",
            number,
            "some-lock" if number % 2 else "X1",
            f"{number} is the message of a finding of common length, which says what is wrong",
            f"a fix of common length for {number}, with a command: git ls-remote somewhere",
        )
        for number in range(5000)
    ]
    report: Report = make.report(*found)
    assert len(html.render(report).encode()) < 5_000_000
