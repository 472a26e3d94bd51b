"""INI files, as configparser reads them."""

from __future__ import annotations

import configparser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tenterhooks.bandit import ini
from tenterhooks.core.files import File, Unreadable


def load(text: str) -> ini.Section | None:
    return ini.section(File(".bandit", "/nowhere/.bandit", ".bandit", text.encode()), "bandit")


def ours(text: str) -> dict[str, str] | None:
    try:
        section = load(text)
    except Unreadable:
        return None
    return None if section is None else {key: value for key, (value, _) in section.items()}


def oracle(text: str) -> dict[str, str] | None:
    """What ``bandit.core.utils.parse_ini_file`` does with a file of this text."""
    parser = configparser.ConfigParser()
    try:
        parser.read_string(text.replace("\r\n", "\n").replace("\r", "\n"))
        return dict(parser.items("bandit"))
    except (configparser.Error, KeyError, TypeError):
        return None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[bandit]\nexclude: a,b\n", {"exclude": "a,b"}),
        ("[bandit]\nskips = B101\n", {"skips": "B101"}),
        ("[bandit]\nSkips=B101", {"skips": "B101"}),
        ("[bandit]\nskips = B101\n  ,B102\n", {"skips": "B101\n,B102"}),
        ("[bandit]\nskips =\n  B101,\n  # no\n  B102\n", {"skips": "\nB101,\nB102"}),
        ("[bandit]\nskips = a\n\n  b\n\n", {"skips": "a\n\nb"}),
        ("[bandit]\nskips = a # b\n", {"skips": "a # b"}),
        ("[bandit]\nskips = a = b : c\n", {"skips": "a = b : c"}),
        ("[bandit]\n# no\n; no\na = 1\n", {"a": "1"}),
        ("[DEFAULT]\na = 1\n[bandit]\nb = 2\n", {"a": "1", "b": "2"}),
        ("[bandit]\na = 100%%\n", {"a": "100%"}),
        ("[bandit]\r\na = 1\r\n b\r\n", {"a": "1\nb"}),
        ("[x]\na = 1\n[bandit]\n", {}),
        ("  [bandit]\n  a = 1\n", {"a": "1"}),
        ("[bandit] # no\na = 1\n", {"a": "1"}),
        ("[bandit]\na =\n", {"a": ""}),
        ("[x]\na = 1\n", None),
        ("", None),
        ("a = 1\n", None),
        ("[bandit]\na\n", None),
        ("[bandit]\n= a\n", None),
        ("[bandit]\na = 1\na = 2\n", None),
        ("[bandit]\na = 1\n[bandit]\n", None),
        ("[bandit]\na = 5%\n", None),
    ],
)
def test_as_configparser(text: str, wanted: dict[str, str] | None) -> None:
    assert ours(text) == wanted
    assert oracle(text) == wanted


def test_a_reference_to_another_value_is_refused() -> None:
    with pytest.raises(Unreadable, match="not followed"):
        load("[bandit]\na = 1\nb = %(a)s\n")


LINES = [
    "[bandit]",
    "[x]",
    "[DEFAULT]",
    "a = 1",
    "b: 2",
    " c",
    "  d = 3",
    "",
    "#e",
    " ;f",
    "B",
    "=",
]


@given(st.lists(st.sampled_from([*LINES, "[]", "[bandit", "bandit]", " [bandit] x", "\t"])))
@example(["[bandit]", "  d = 3", " c"])
def test_any_lines_as_configparser(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert ours(text) == oracle(text)


@given(st.text("[]bandit=:#;% \n\t\r\x0c", max_size=60))
def test_any_text_as_configparser(text: str) -> None:
    assert ours("[bandit]\n" + text) == oracle("[bandit]\n" + text)


def test_places() -> None:
    section = load("# x\n[bandit]\nskips = a\n  b\n\ntests = c\n")
    assert section == {"skips": ("a\nb", 3), "tests": ("c", 6)}


@pytest.mark.parametrize(
    ("text", "line"),
    [("[bandit]\na = 1\na = 2\n", 3), ("x\n", 1), ("[bandit]\na=1\n\n[bandit]\n", 4)],
)
def test_places_of_errors(text: str, line: int) -> None:
    with pytest.raises(Unreadable) as caught:
        load(text)
    assert caught.value.line == line


def test_no_text_takes_long() -> None:
    assert ours("[bandit]\na" + " " * 500_000 + "b\n") is None
    assert ours("[bandit]\na = 1\n" + "\n b" * 100_000 + "\n")
