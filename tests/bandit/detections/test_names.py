"""What an expression spells, however it is put together."""

from __future__ import annotations

import ast

import pytest

from tenterhooks.bandit.detections import names

DEEP = " + ".join(["'a'"] * 200)


def node(source: str) -> ast.expr:
    return ast.parse(source, mode="eval").body


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("os.system", "os.system"),
        ("o.system", "os.system"),
        ("getattr(o, 'sys' + 'tem')", "os.system"),
        ("o.__dict__['system']", "os.system"),
        ("__import__('os').system", "os.system"),
        ("importlib.import_module('os').system", "os.system"),
        ("f().system", ""),
        ("[o][0].system", ""),
        ("a" + ".b" * 200, ""),
    ],
)
def test_spelled(source: str, name: str) -> None:
    assert names.spelled(node(source), {"o": "os"}) == name


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("'ab'", "ab"),
        ("b'ab'", None),
        ("1", None),
        ("'a' + 'b'", "ab"),
        ("'a' + b", None),
        ("'ba'[::-1]", "ab"),
        ("f'ab'", "ab"),
        ("f'a{b}'", None),
        (DEEP, None),
    ],
)
def test_text(source: str, text: str | None) -> None:
    assert names.text(node(source)) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("'ab'", "ab"),
        ("a", None),
        ("'a' + b", "a{}"),
        ("a + 'b'", "{}b"),
        ("a + b", None),
        ("'a %s' % b", "a %s"),
        ("f'a{b}c'", "a{}c"),
        ("'a{}'.format(b)", "a{}"),
        ("' '.join(['a', b, 'c'])", "a {} c"),
        ("' '.join(a)", None),
        ("a.join(['b'])", None),
        ("a.strip()", None),
    ],
)
def test_template(source: str, text: str | None) -> None:
    assert names.template(node(source)) == text


def test_what_is_too_deep_is_not_known() -> None:
    found = names.template(node(DEEP))
    assert found is not None
    assert found.startswith("{}aaa")
    assert len(found) < 200


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        ("f(1)", "1"),
        ("f(x=2)", "2"),
        ("f(1, *a)", "1"),
        ("f()", None),
        ("f(*a)", None),
        ("f(*a, 1)", None),
        ("f(**a)", None),
    ],
)
def test_argument(call: str, argument: str | None) -> None:
    it = node(call)
    assert isinstance(it, ast.Call)
    found = names.argument(it, 0, "x")
    assert (None if found is None else ast.unparse(found)) == argument
