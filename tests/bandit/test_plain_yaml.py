"""YAML as plain values: PyYAML's ``safe_load`` is the oracle."""

from __future__ import annotations

from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.bandit import plain_yaml
from tenterhooks.core.files import File, Unreadable


def load(text: str) -> Any:
    return plain_yaml.load(File("a.yml", "/nowhere/a.yml", "a.yml", text.encode()))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "---\n",
        "skips:\n- B101\n- 'B102'\n",
        "skips: [B101, B102]  # why\n",
        "skips:\ntests: ~\n",
        "a: yes\nb: No\nc: 'yes'\nd: y\ne: true\nf: OFF\n",
        "a: 1024\nb: 0x1F\nc: 010\nd: -3\ne: +4\nf: 08\ng: '8'\nh: 0\n",
        "a: 1.5\nb: 1e3\nc: .5\nd: 1.\ne: 1.5e+3\nf: 1.2.3\n",
        "a: '*.py'\n",
        "a: &x [b, c]\nd: *x\n",
        "a:\n  b:\n    c: [1, [2, {d: e}]]\n",
        "a: |\n  text\n  more\nb: >\n  folded\n",
        "a: null\nb: Null\nc: nULL\n",
        "- a\n- b\n",
        "text\n",
        '{a: "\\u00e9", b: x y z}\n',
    ],
)
def test_as_safe_load(text: str) -> None:
    assert load(text)[0] == yaml.safe_load(text)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text("aB1.:-# '\"", max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
    max_leaves=12,
)


@given(VALUES, st.booleans())
def test_round_trip(value: Any, flow: bool) -> None:
    assert load(yaml.safe_dump(value, default_flow_style=flow))[0] == value


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("a: 1\na: 2\n", "a: stands twice", 2),
        ("a: 1\n---\nb: 2\n", "more than one document", 3),
        ("1: a\n", "a key must be text", 1),
        ("[a]: b\n", "a key must be text", 1),
        ("a: &x [*x]\n", "more values", 1),
        ("a: [\n", "not valid YAML", 2),
    ],
)
def test_refused(text: str, message: str, line: int) -> None:
    with pytest.raises(Unreadable, match=message) as caught:
        load(text)
    assert caught.value.line == line


def test_aliases_do_not_explode() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(Unreadable, match="more values"):
        load("\n".join(lines) + "\n")


def test_places() -> None:
    _, places = load("skips:\n- B101\n-   B102\nassert_used:\n  skips: [a,\n    b]\n")
    assert places == {
        ("skips",): (1, 1),
        ("skips", 0): (2, 3),
        ("skips", 1): (3, 5),
        ("assert_used",): (4, 1),
        ("assert_used", "skips"): (5, 3),
        ("assert_used", "skips", 0): (5, 11),
        ("assert_used", "skips", 1): (6, 5),
    }
