"""How a page becomes text for a terminal."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.core.colours import Palette
from tenterhooks.everything.markdown import render
from tenterhooks.everything.words import page_name

OFF, ON = Palette(on=False), Palette(on=True)
SGR = re.compile(r"\x1b\[\d+m")
PIECES = [
    "`",
    "*",
    "**",
    "***",
    "[",
    "]",
    "](",
    "[a](",
    ")",
    "| ",
    "|\n",
    "\\|",
    "- ",
    "  - ",
    "1. ",
]
PIECES += [
    "```\n",
    "# ",
    " ",
    "\n",
    "a",
    "a`b c`",
    "[a](b.md)",
    "| --- |\n",
    "| a | b |\n",
    "\t",
    "\x1b",
]
PIECES += ["**Before**\n```\na\n```\n", "\n\n", "*a", "_", "\u20ac", "\x85", "\0", "\r"]


def shown(text: str, width: int = 80, palette: Palette = OFF) -> list[str]:
    return list(render(text, palette, width))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("a\nb", ["  a b"]),
        ("a\n\n\n\nb", ["  a", "", "  b"]),
        ("# Title\n\n## Part\ntext", ["Title", "", "Part", "  text"]),
        ("#tag", ["  #tag"]),
        ("- a\n- b\n  c\n  - d\n\n  e\n", ["  - a", "  - b c", "    - d", "", "    e"]),
        ("* a", ["  - a"]),
        ("1. a\n10. b\n   c", ["  1. a", "  10. b c"]),
        ("```sh\na  b\n\n  c\n```", ["      a  b", "", "        c"]),
        ("- a\n  ```\n  b\n   c\n  ```", ["  - a", "        b", "         c"]),
        ("```\nnever\nclosed `*", ["      never", "      closed `*"]),
        ("**Before**\n```\na\n```", ["  Before", "      a"]),
        ("a `b` c", ["  a 'b' c"]),
        ("a `--b` c", ["  a --b c"]),
        ("a `b c`, d", ["  a 'b c', d"]),
        ("a `it's b` c", ['  a "it\'s b" c']),
        ("`b c`", ["  b c"]),
        ("*so* **it is**, 2*3*4 * 5", ["  so it is, 2*3*4 * 5"]),
        ("`**kwargs`, `[a](b)` left", ["  **kwargs, [a](b) left"]),
        ("[a-b](a-b.md)", ["  a-b"]),
        ("[that rule](a-b.md)", ["  that rule (see a-b)"]),
        ("[`a-b`](../rules/a-b.md#part)", ["  a-b"]),
        ("[all](../bandit/README.md)", ["  all (see bandit)"]),
        ("[PyPA](https://x.org/a.md)", ["  PyPA (https://x.org/a.md)"]),
        ("[https://x.org](https://x.org)", ["  https://x.org"]),
        ("left ` alone ** and [this] or ](that)", ["  left ` alone ** and [this] or ](that)"]),
        ("tab\there \x1b[31m \u20ac", ["  tab here \\x1b[31m \\u20ac"]),
        ("| | |\n| --- | --- |\n| A b | c |\n| D | `e` |", ["  A b  c", "  D    e"]),
        ("| A | B |\n| --- | :-: |\n| a\\|b | c |", ["  A    B", "  ---  -", "  a|b  c"]),
        ("| A | B |\n| --- | --- |\n| a |", ["  A  B", "  -  -", "  a"]),
        ("| - | - |", ["  -  -", "  -  -"]),
        ("|", []),
        ("| |\n| - |", []),
    ],
)
def test_what_is_shown(text: str, lines: list[str]) -> None:
    assert shown(text) == lines


def test_lines_are_filled() -> None:
    text = "aa bb cc dd\nee `ff gg` [hh](https://example.org/long) ii"
    assert shown(text, 20) == [
        "  aa bb cc dd ee",
        "  'ff gg' hh",
        "  (https://example.org/long)",
        "  ii",
    ]
    assert shown("- aa bb cc dd\n  ee ff", 20) == ["  - aa bb cc dd ee", "    ff"]
    assert shown("## aa bb cc dd ee ff gg", 20) == ["aa bb cc dd ee ff", "  gg"]
    assert shown("x `aa bb cc dd ee ff`", 20) == ["  x 'aa bb cc dd ee", "  ff'"]


TABLE = "| Key | What it is |\n| --- | --- |\n| aa bb | cc dd ee ff |\n| gg | hh |\n"


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (
            40,
            ["  Key    What it is", "  -----  -----------", "  aa bb  cc dd ee ff", "  gg     hh"],
        ),
        (
            18,
            [
                "  Key    What it",
                "         is",
                "  -----  ---------",
                "  aa bb  cc dd ee",
                "         ff",
                "  gg     hh",
            ],
        ),
        (
            10,
            ["  Key", "  What it", "  is", "", "  aa bb", "  cc dd ee", "  ff", "", "  gg", "  hh"],
        ),
    ],
)
def test_tables_take_what_room_there_is(width: int, lines: list[str]) -> None:
    assert shown(TABLE, width) == lines


def test_colours() -> None:
    text = "# a\n\n| | |\n| --- | --- |\n| k | `v w` |\n\nuse `x y` or **z**\n"
    assert shown(text, palette=ON) == [
        ON.bold("a"),
        "",
        f"  {ON.dim('k')}  {ON.cyan('v w')}",
        "",
        f"  use {ON.cyan('x y')} or {ON.bold('z')}",
    ]


def test_what_goes_and_what_comes_is_coloured() -> None:
    text = "**Before**\n```\nsame\nold\n```\n\n**After**\n```\nsame\nnew\n```\n\n```\nold\nx\n```\n"
    assert shown(text, palette=ON) == [
        f"  {ON.bold('Before')}",
        "      same",
        f"      {ON.red('old')}",
        "",
        f"  {ON.bold('After')}",
        "      same",
        f"      {ON.green('new')}",
        "",
        "      old",
        "      x",
    ]
    assert ON.red("old") not in "".join(shown(text.replace("After", "Later"), palette=ON))


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("a-b.md", "a-b"),
        ("../rules/a-b.md#c", "a-b"),
        ("../bandit/README.md", "bandit"),
        ("README.md", None),
        ("https://example.org/a.md", None),
        ("#part", None),
        ("", None),
    ],
)
def test_page_name(address: str, name: str | None) -> None:
    assert page_name(address) == name


TEXTS = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES)).map("".join))


@given(TEXTS, st.integers(1, 120))
def test_any_text_is_shown_and_harmless(text: str, width: int) -> None:
    for line in shown(text, width):
        assert line.isascii()
        assert line.isprintable()
        assert line == line.rstrip()


@given(TEXTS, st.integers(1, 120))
def test_colours_change_nothing_but_the_bounds_of_code(text: str, width: int) -> None:
    def bare(palette: Palette) -> str:
        whole = "".join(shown(text.replace("`", ""), width, palette))
        return SGR.sub("", whole)

    assert bare(ON) == bare(OFF)


@given(st.lists(st.from_regex(r"[a-z]{1,9}", fullmatch=True)), st.integers(12, 120))
def test_no_word_is_lost(words: list[str], width: int) -> None:
    lines = shown(" ".join(words), width)
    assert " ".join(lines).split() == words
    assert all(len(line) <= width for line in lines)


@pytest.mark.parametrize("piece", PIECES)
def test_the_time_is_linear(piece: str) -> None:
    before = time.process_time()
    shown(piece * 20_000)
    assert time.process_time() - before < 5
