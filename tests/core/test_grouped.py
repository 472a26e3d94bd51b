"""The report that groups findings by file."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.core import colours
from tenterhooks.core.colours import Palette
from tenterhooks.core.files import Repository
from tenterhooks.core.finding import Edit, Finding
from tenterhooks.core.practice import Practice
from tenterhooks.core.report import Look, Report, grouped

SGR = re.compile(r"\x1b\[\d+m")
EDITS = (Edit(0, 0, "x"),)
OFF, ON = Palette(on=False), Palette(on=True)


def finding(
    path: str, place: str, rule: str, message: str = "is bad", fix: str | None = None, **more: Any
) -> Finding:
    line, column = place.split(":")
    it = Finding(path, int(line), int(column), rule, message, fix, more.pop("edits", ()))
    for name, value in more.items():
        setattr(it, name, value)
    return it


def look(id: str, files: Sequence[str] = (), left_out: str | None = None) -> Look:
    return Look(Practice(id, "", [], lambda *_: iter(())), set(), files, left_out)


def report_of(*findings: Finding, **more: Any) -> Report:
    return Report(Repository(), findings, [], **more)


def shown(*findings: Finding, width: int | None = None, **more: Any) -> list[str]:
    """The lines without the summary."""
    every = list(grouped.lines(report_of(*findings), OFF, width, **more))
    assert every[-2] == ""
    return every[:-2]


def summary(*findings: Finding, **more: Any) -> list[str]:
    """The lines after the last finding."""
    rendered = grouped.plain(report_of(*findings, **more))
    return rendered.rpartition("\n\n")[2].splitlines()


def test_a_report() -> None:
    findings = [
        finding(".github/workflows/release.yml", "12:15", "unpinned-action", fix="pin it"),
        finding(".github/workflows/release.yml", "140:9", "stored-credential", fix="drop it"),
        finding("uv.lock", "3:1", "lock-out-of-date", "is old", "uv lock", edits=EDITS),
        finding("uv.lock", "4:1", "unpinned-action", "is bad", "pin it"),
    ]
    looks = [look("a", ["uv.lock", "x"]), look("b", ["uv.lock"]), look("c")]
    report = report_of(*findings, looks=looks, seconds=0.24, accepted=[(None, None)] * 12)
    assert grouped.plain(report) == (
        ".github/workflows/release.yml\n"
        "  12:15  unpinned-action    is bad\n"
        "         fix: pin it\n"
        "  140:9  stored-credential  is bad\n"
        "         fix: drop it\n"
        "\n"
        "uv.lock\n"
        "  3:1  lock-out-of-date  is old\n"
        "       fix: uv lock\n"
        "  4:1  unpinned-action   is bad\n"
        "\n"
        "4 findings in 2 files (1 can be mended with --fix), 12 accepted; "
        "3 practices looked at 2 files in 0.2 s\n"
    )


def test_the_remedy_stands_where_it_is_first_needed() -> None:
    assert shown(
        finding("a", "1:1", "r", fix="mend it", fixed=True),
        finding("a", "2:1", "r", fix="mend it"),
        finding("a", "3:1", "r", fix="mend it"),
        finding("b", "1:1", "other", "", fix="mend it", fixed=True, left="look at it"),
        finding("b", "2:1", "mute", "is bad "),
    ) == [
        "a",
        "  1:1  r  is bad (fixed)",
        "  2:1  r  is bad",
        "       fix: mend it",
        "  3:1  r  is bad",
        "",
        "b",
        "  1:1  other   (fixed)",
        "       fix: look at it",
        "  2:1  mute   is bad",
    ]


def test_a_file_has_one_heading_by_the_name_that_the_user_knows() -> None:
    assert shown(
        finding("x/a", "1:1", "r", shown="../a"),
        finding("x/b", "1:1", "r"),
        finding("x/a", "2:1", "r", shown="../a"),
    ) == ["../a", "  1:1  r  is bad", "  2:1  r  is bad", "", "x/b", "  1:1  r  is bad"]


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("a/b.yml", "a/b.yml"),
        (".github/a.yml", ".github/a.yml"),
        ("../a.yml", "../a.yml"),
        ("_a.py", "_a.py"),
        (" a", "./ a"),
        ("a b", "./a b"),
        ("../a b", "../a b"),
        ("./a b", "./a b"),
        (".. a", "./.. a"),
        (os.path.abspath("/a b"), os.path.abspath("/a b")),
        ("::error::b", "./::error::b"),
        ("3 findings in 1 file", "./3 findings in 1 file"),
        ("3rdparty/a", "./3rdparty/a"),
        ("#a", "./#a"),
        ("-a", "./-a"),
        ("##[error]b", r"./#\x23[error]b"),
        ("a##[error]b", r"a#\x23[error]b"),
        ("a\nb", r"a\nb"),
        ("\x1b[2Jb", r"./\x1b[2Jb"),
        ("\u202eb", r"./\u202eb"),
        ("\udcff", r"./\udcff"),
        ("\u00e9", r"\xe9"),
    ],
)
def test_headings(path: str, heading: str) -> None:
    assert shown(finding(path, "1:1", "r"))[0] == heading


# Wrapping. The message begins at column 12.

LONG = "the lock was made for another version of the project than the one here"


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (None, [f"  1:1  r2  {LONG}"]),
        (11 + len(LONG), [f"  1:1  r2  {LONG}"]),
        (
            10 + len(LONG),
            [
                "  1:1  r2  the lock was made for another version of the project than the one",
                "           here",
            ],
        ),
        (
            51,
            [
                "  1:1  r2  the lock was made for another version of",
                "           the project than the one here",
            ],
        ),
        (
            50,
            [
                "  1:1  r2",
                "       the lock was made for another version of",
                "       the project than the one here",
            ],
        ),
    ],
)
def test_long_messages(width: int | None, expected: list[str]) -> None:
    lines = shown(finding("a", "1:1", "r2", LONG, f"run: {LONG}"), width=width)
    assert lines == ["a", *expected, f"       fix: run: {LONG}"]


def test_a_message_that_just_fits() -> None:
    row = f"  1:1  r  {'x' * 20}"
    assert shown(finding("a", "1:1", "r", "x" * 20), width=len(row)) == ["a", row]


def test_a_word_too_long_for_a_line() -> None:
    word = "x" * 60
    assert shown(finding("a", "1:1", "r", f"is {word} here"), width=60) == [
        "a",
        "  1:1  r  is",
        f"          {word}",
        "          here",
    ]


def test_no_line_is_a_command() -> None:
    lines = shown(finding("a", "1:1", "r", f"{'x' * 48} ::error::b {'y' * 30}"), width=60)
    assert lines[1:] == [f"  1:1  r  {'x' * 48} ::error::b", f"          {'y' * 30}"]
    lines = shown(finding("a", "1:1", "r", " ::error::b c"), width=20)
    assert lines[1:] == ["  1:1  r  ::error::b", "          c"]


# What an editor opens.


def opened(lines: list[str]) -> list[tuple[str, int, int]]:
    """The places that VS Code's terminal makes links of, as TerminalMultiLineLinkDetector finds
    them: a line with a place in front, and the nearest above that has no digit in front."""
    found = []
    for number, line in enumerate(lines):
        place = re.match(r" *(\d+):(\d+)", line)
        if place:
            path = next(it for it in lines[number::-1] if not re.match(r"\s*\d", it))
            found.append((path, int(place[1]), int(place[2])))
    return found


def test_in_an_editor_every_row_can_be_opened() -> None:
    findings = [
        finding("3rdparty/a.yml", "1:1", "r", LONG, "mend it"),
        finding("3rdparty/a.yml", "22:2", "s", LONG, "mend it"),
        finding("b.yml", "3:3", "r", LONG, "mend it"),
    ]
    lines = shown(*findings, width=60, is_linked=True)
    assert lines == [
        "./3rdparty/a.yml",
        f"  1:1   r  {LONG}",
        "  1:1   fix: mend it",
        f"  22:2  s  {LONG}",
        "  22:2  fix: mend it",
        "",
        "b.yml",
        f"  3:3  r  {LONG}",
    ]
    first = "./3rdparty/a.yml"
    places = [(first, 1, 1), (first, 1, 1), (first, 22, 2), (first, 22, 2), ("b.yml", 3, 3)]
    assert opened(lines) == places


# The summary.

ONE = finding("a", "1:1", "r")
TWO = finding("b", "1:1", "r", edits=EDITS)
FIXED = finding("b", "1:1", "r", edits=EDITS, fixed=True)
LOOKS = [look("p", ["a", "b"]), look("q", ["b"])]


@pytest.mark.parametrize(
    ("findings", "more", "expected"),
    [
        ([ONE], {}, "1 finding in 1 file"),
        ([ONE, TWO], {}, "2 findings in 2 files (1 can be mended with --fix)"),
        ([ONE, FIXED], {}, "2 findings in 2 files (1 fixed)"),
        ([TWO, FIXED], {}, "2 findings in 1 file (1 fixed)"),
        ([ONE], {"accepted": [(ONE, None)]}, "1 finding in 1 file, 1 accepted"),
        ([ONE], {"only_changed": True}, "1 finding in 1 file of the change"),
        ([ONE], {"failures": ["x"]}, "1 finding in 1 file"),
        ([], {}, "nothing found"),
        ([], {"accepted": [(ONE, None)] * 3}, "nothing found beside 3 accepted"),
        ([], {"only_changed": True}, "nothing found in the change"),
        ([], {"failures": ["x"]}, "nothing found, but not all could be checked"),
    ],
)
def test_what_was_found(findings: list[Finding], more: Any, expected: str) -> None:
    assert summary(*findings, **more) == [expected]
    looked = "2 practices looked at 2 files in 3.0 s"
    between = "; " if findings else ": "
    assert summary(*findings, looks=LOOKS, seconds=3, **more) == [f"{expected}{between}{looked}"]


@pytest.mark.parametrize(
    ("looks", "seconds", "expected"),
    [
        ([look("p", ["a"])], 0.1, ["1 practice looked at 1 file in 0.1 s"]),
        ([look("p")], 0.099, ["1 practice looked at the repository in less than 0.1 s"]),
        (LOOKS, 75.26, ["2 practices looked at 2 files in 75.3 s"]),
        (
            [*LOOKS, look("r", [], "why\n"), look("s", ["c"], "off"), look("t", [], "why\n")],
            1.0,
            [
                "2 practices looked at 2 files in 1.0 s",
                r"left out: r, t (why\n); s (off)",
            ],
        ),
        ([look("p", (), "off")], 1.0, ["no practice looked", "left out: p (off)"]),
    ],
)
def test_where_was_looked(looks: list[Look], seconds: float, expected: list[str]) -> None:
    first, *others = summary(looks=looks, seconds=seconds)
    assert [first.removeprefix("nothing found: "), *others] == expected


# Standard output.


class Output:
    """Standard output that is a terminal, or is not."""

    def __init__(self, patch: pytest.MonkeyPatch, *, terminal: bool, wide: int | None) -> None:
        patch.setattr(colours, "is_terminal", lambda stream: terminal and stream is sys.stdout)
        patch.setattr(colours, "columns", lambda stream: wide)
        for name in ("PYTHON_COLORS", "NO_COLOR", "FORCE_COLOR", "TERM", "TERM_PROGRAM"):
            patch.delenv(name, raising=False)
        patch.delenv("PRE_COMMIT", raising=False)


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize(
    ("variable", "on_a_terminal", "elsewhere"),
    [("TERM", True, False), ("NO_COLOR", False, False), ("FORCE_COLOR", True, True)],
)
def test_colour_where_it_is_wanted(
    terminal: bool,
    variable: str,
    on_a_terminal: bool,
    elsewhere: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Output(monkeypatch, terminal=terminal, wide=60)
    monkeypatch.setenv(variable, "1")
    report = report_of(finding("a", "1:1", "r", LONG))
    wrapped = list(grouped.lines(report, OFF, 60 if terminal else None))
    rendered = grouped.render(report)
    assert SGR.sub("", rendered).splitlines() == wrapped
    assert bool(SGR.search(rendered)) is (on_a_terminal if terminal else elsewhere)
    assert grouped.plain(report).splitlines() == list(grouped.lines(report, OFF))


@pytest.mark.parametrize(
    ("terminal", "environment", "expected"),
    [
        (True, {"NO_COLOR": "1"}, "nothing found: 1 practice looked at 1 file in 1.0 s\n"),
        (True, {"PRE_COMMIT": "1"}, ""),
        (False, {}, ""),
        (False, {"FORCE_COLOR": "1"}, ""),
    ],
)
def test_silent_when_clean_unless_a_person_looks(
    terminal: bool, environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Output(monkeypatch, terminal=terminal, wide=80)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    report = report_of(looks=[look("p", ["a"])], seconds=1.0)
    assert grouped.render(report) == expected
    assert grouped.plain(report) == "nothing found: 1 practice looked at 1 file in 1.0 s\n"


@pytest.mark.parametrize(("terminal", "linked"), [(True, True), (False, False)])
def test_the_terminal_of_an_editor(
    terminal: bool, linked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    Output(monkeypatch, terminal=terminal, wide=60)
    monkeypatch.setenv("TERM_PROGRAM", "vscode")
    monkeypatch.setenv("NO_COLOR", "1")
    report = report_of(finding("a", "1:1", "r", LONG, "mend it"))
    expected = list(grouped.lines(report, OFF, None, is_linked=linked))
    assert grouped.render(report).splitlines() == expected


def test_the_colours() -> None:
    findings = [
        finding("a", "1:1", "r", fix="mend it"),
        finding("a", "2:10", "s2", fixed=True),
    ]
    assert list(grouped.lines(report_of(*findings), ON)) == [
        "\x1b[1ma\x1b[0m",
        "  \x1b[2m1:1\x1b[0m   \x1b[31mr\x1b[0m   is bad",
        "        \x1b[32mfix:\x1b[0m mend it",
        "  \x1b[2m2:10\x1b[0m  \x1b[33ms2\x1b[0m  is bad (fixed)",
        "",
        "\x1b[1m2 findings in 1 file\x1b[0m (1 fixed)",
    ]
    looks = [look("p", (), "off")]
    assert list(grouped.lines(report_of(looks=looks), ON)) == [
        "\x1b[32mnothing found\x1b[0m: no practice looked",
        "\x1b[33mleft out:\x1b[0m p (off)",
    ]


# Whatever is found.

ODD = st.sampled_from(
    ["##[", "#", "[", "::", "::error::", "\n", "\r", "\x1b[31m", " ", "  ", "1:1", "\xe9", "\udc80"]
)
TEXT = st.text(max_size=12) | st.lists(ODD | st.text(max_size=5), max_size=30).map("".join)
PATHS = st.sampled_from(["a", "b c", "3d"]) | TEXT.filter(bool)
FINDINGS = st.builds(
    lambda path, line, column, rule, message, fix, fixed: finding(
        path, f"{line}:{column}", rule, message, fix, fixed=fixed
    ),
    PATHS,
    st.integers(1, 10**6),
    st.integers(1, 300),
    st.sampled_from(["unpinned-action", "B101", "x\x1b[2J"]),
    TEXT,
    st.none() | TEXT,
    st.booleans(),
)
WIDTHS = st.none() | st.integers(1, 200)


@given(st.lists(FINDINGS, max_size=8), WIDTHS, st.booleans())
def test_nothing_gets_through(findings: list[Finding], width: int | None, linked: bool) -> None:
    report = report_of(*findings, looks=[look("p", (), "why")])
    plain = list(grouped.lines(report, OFF, width, is_linked=linked))
    painted = list(grouped.lines(report, ON, width, is_linked=linked))
    assert [SGR.sub("", line) for line in painted] == plain
    for line in plain:
        assert line.isascii()
        assert line.isprintable()
        assert "##[" not in line
        assert not line.lstrip().startswith("::")
        assert line == "" or line.strip()
    assert not any("##[" in line for line in painted)


PLACES = st.tuples(st.integers(1, 10**6), st.integers(1, 300)).map(lambda it: f"{it[0]}:{it[1]}")
RULES = st.sampled_from(["unpinned-action", "B101", "lock-out-of-date"])
WORDS = st.lists(st.text("abc", min_size=1, max_size=10), max_size=30).map(" ".join)


@given(st.lists(st.tuples(PLACES, RULES), min_size=1, max_size=6))
def test_rows_are_aligned(rows: list[tuple[str, str]]) -> None:
    _, *lines = shown(*(finding("a", place, rule) for place, rule in rows))
    begin = 2 + max(len(place) for place, _ in rows) + 2
    then = begin + max(len(rule) for _, rule in rows) + 2
    for (place, rule), line in zip(rows, lines, strict=True):
        parts = [line[:2], line[2:begin], line[begin:then], line[then:]]
        assert [part.rstrip() for part in parts] == ["", place, rule, "is bad"]


@given(PLACES, st.sampled_from(["B101", "a" * 30]), WORDS, st.integers(40, 120))
def test_rows_fit(place: str, rule: str, message: str, width: int) -> None:
    rule = rule[: width - 20]
    _, first, *more = shown(finding("a", place, rule, message), width=width)
    assert all(len(line) <= width for line in (first, *more))
    below = {len(line) - len(line.lstrip()) for line in more}
    assert below <= {first.index(rule)} or below <= {first.index(rule) + len(rule) + 2}
    assert " ".join([*first.split()[2:], *" ".join(more).split()]) == message


@given(TEXT, st.integers(1, 100))
def test_wrapping_loses_no_word(text: str, room: int) -> None:
    filled = grouped._filled(text, room)
    assert " ".join(filled).split() == text.split()
    assert all(len(line) <= room or len(line.split()) == 1 or "::" in line for line in filled)
