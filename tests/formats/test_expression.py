"""The values that an expression of GitHub's can have, as far as they can be read off it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.formats.expression import values, whole


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("${{ a }}", " a "),
        ("  ${{a}}\n", "a"),
        ("${{ 'it''s' }}", " 'it''s' "),
        ("${{\n a\n}}", "\n a\n"),
        ("a ${{ b }}", None),
        ("${{ a }}:${{ b }}", None),
        ("${{ a }} b", None),
        ("${{ a }", None),
        ("a", None),
        ("", None),
    ],
)
def test_whole(text: str, inner: str | None) -> None:
    assert whole(text) == inner


def read(expression: str) -> list[str | tuple[str, ...]]:
    """Literals as text, contexts as paths."""
    return [value.path if value.literal is None else value.literal for value in values(expression)]


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("'a'", ["a"]),
        ("''", [""]),
        ("'it''s'", ["it's"]),
        ("matrix.image", [("matrix", "image")]),
        ("Matrix.Image", [("matrix", "image")]),
        ("matrix['image']", [("matrix", "image")]),
        ("matrix [ 'image' ] . tag", [("matrix", "image", "tag")]),
        ("matrix.my-image_2", [("matrix", "my-image_2")]),
        ("a && 'b' || 'c'", ["b", "c"]),
        ("a || b", [("a",), ("b",)]),
        ("a && b && 'c'", ["c"]),
        ("(matrix.name == 'Tests') && 'postgres:17.5' || ''", ["postgres:17.5", ""]),
        ("a == 'x' && 'b' || a == 'y' && 'c' || 'd'", ["b", "c", "d"]),
        ("a && ('b' || 'c') || matrix.d", ["b", "c", ("matrix", "d")]),
        ("(('a'))", ["a"]),
        ("a != 'b'", []),
        ("a <= 1 && 'b'", ["b"]),
        ("!a", []),
        ("!a && 'b'", ["b"]),
        ("!(a && 'x') && 'b'", ["b"]),
        ("contains(github.ref, 'x') && 'b' || 'c'", ["b", "c"]),
        ("format('{0}:{1}', 'a', matrix.b)", []),
        ("fromJSON(inputs.images)[0]", []),
        ("fromJSON('[1]')", []),
        ("startsWith(a, 'x') && !endsWith(b, 'y') && 'c'", ["c"]),
        ("f()", []),
        ("true", []),
        ("null || 'a'", ["a"]),
        ("1.5", []),
        ("0xff && 'a'", ["a"]),
        ("matrix.*", []),
        ("matrix.*.image", []),
        ("matrix[matrix.b]", []),
        ("matrix[0]", []),
        ("matrix[a || 'b']", []),
        # What cannot be understood has no values.
        ("", []),
        ("'a", []),
        ('"a"', []),
        ("'a' 'b'", []),
        ("a b", []),
        ("'a' ||", []),
        ("|| 'a'", []),
        ("a && ", []),
        ("f('a'", []),
        ("('a'", []),
        ("'a')", []),
        ("a[", []),
        ("a['b'", []),
        ("a.", []),
        ("a..b", []),
        ("f(,)", []),
        ("a $ b", []),
        ("a = 'b'", []),
        ("&& 'a'", []),
    ],
)
def test_values(expression: str, found: list[str | tuple[str, ...]]) -> None:
    assert read(expression) == found
    assert read(f" {expression}\n") == found


@pytest.mark.parametrize(
    "expression",
    [
        "(" * 10_000 + "'a'" + ")" * 10_000,
        "!" * 10_000 + "a",
        "a[" * 10_000,
        "f(" * 10_000,
        "a." * 100_000 + "b",
        "'a' || " * 50_000 + "'a'",
        "a" * 1_000_000,
        "'" + "''" * 500_000,
        " " * 100_000 + "?",
        "f(" + "a," * 100_000 + "a)",
    ],
    ids=range(10),
)
def test_hostile_expressions_end(expression: str) -> None:
    values(expression)


def test_depth_is_no_excuse_for_half_a_reading() -> None:
    assert read("'a' || " + "(" * 100 + "'b'" + ")" * 100) == []
    assert read("(" * 20 + "'b'" + ")" * 20) == ["b"]


PIECES = ["a", "'b'", "(", ")", "[", "]", ".", "*", "&&", "||", "!", "==", ",", "f(", "1", " ", "'"]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_expression_is_read_or_given_up(expression: str) -> None:
    for value in values(expression):
        assert (value.literal is None) is bool(value.path)
        assert all(value.path)
