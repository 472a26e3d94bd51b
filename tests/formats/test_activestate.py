"""ActiveState's build scripts: the calls that publish, and what they are given."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.core.files import File, Unreadable
from tenterhooks.formats.pipelines import activestate
from tenterhooks.formats.pipelines.activestate import Call


def load(text: str) -> list[Call]:
    path = "buildscript.as"
    return list(activestate.publishers(File(path, f"/nowhere/{path}", path, text.encode())))


def arguments(text: str) -> list[dict[str, str]]:
    return [{name: it.value for name, it in call.arguments.items()} for call in load(text)]


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("buildscript.as", True),
        ("a/b/buildscript.as", True),
        ("mybuildscript.as", False),
        ("buildscript.as.bak", False),
        ("buildscript.py", False),
    ],
)
def test_paths(path: str, wanted: bool) -> None:
    assert (re.search(activestate.PATHS, path) is not None) is wanted


SCRIPT = """\
at_time = "2024-03-01T00:00:00.000Z"
receipt = pypi_publisher(
\tattempt = 1,
\taudience = "testpypi",
\tpypi_uri = "https://upload.example.org",
\tsrc = wheels
)
sources = solve(
\tplatforms = [
\t\t"7c998ec2"
\t],
\trequirements = [
\t\tReq(name = "python", version = Eq(value = "3.10.13")),
\t],
\tsolver_version = null
)
main = receipt
"""


def test_places() -> None:
    (call,) = load(SCRIPT)
    assert (call.where.value, call.where.place()) == ("pypi_publisher", (2, 11))
    assert {name: (it.value, it.place()) for name, it in call.arguments.items()} == {
        "audience": ("testpypi", (4, 13)),
        "pypi_uri": ("https://upload.example.org", (5, 13)),
    }
    word = call.arguments["pypi_uri"]
    assert word.place(8, len("upload")) == (5, 22)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("a = solve()", []),
        ("pypi_publisher = 1", []),
        ("a = pypi_publisher(src = wheels)", [{}]),
        ("a = pypi_publisher()", [{}]),
        ("a = pypi_publisher\n (\n audience\n =\n 'x')", [{}]),
        ('a = pypi_publisher\n (\n audience\n =\n "x")', [{"audience": "x"}]),
        ('a=pypi_publisher(audience="",src=w,)', [{"audience": ""}]),
        # Only calls of that very name, and only strings with a name.
        ('a = my_pypi_publisher(audience = "x")', []),
        ('a = pypi_publisher2(audience = "x")', []),
        ('a = pypi_publisher["x"]', []),
        ('a = pypi_publisher("x", audience = aud, attempt = 2)', [{}]),
        ('a = pypi_publisher(audience "x")', [{}]),
        # What is nested in it is not its own; and it may be nested itself.
        (
            'a = pypi_publisher(src = make(audience = "no"), list = [{audience = "no"}], b = "y")',
            [{"b": "y"}],
        ),
        ('a = [run(src = pypi_publisher(audience = "x"), b = "no")]', [{"audience": "x"}]),
        (
            'a = pypi_publisher(src = pypi_publisher(b = "2"), b = "1")',
            [{"b": "1"}, {"b": "2"}],
        ),
        (
            'a = pypi_publisher(b = "1")\nc = pypi_publisher(b = "2")',
            [{"b": "1"}, {"b": "2"}],
        ),
        ('let:\n  a = pypi_publisher(b = "1")\nin:\n  a', [{"b": "1"}]),
        # Comments and strings hold no calls.
        ('// a = pypi_publisher(b = "1")', []),
        ('# a = pypi_publisher(b = "1")', []),
        ('/* a = pypi_publisher(b = "1")\n*/ c = 1', []),
        ('/* a = pypi_publisher(b = "1")', []),
        ('a = "pypi_publisher(" b = "1")', []),
        ("```\npypi_publisher(\n```\na = 1", []),
        (
            'a = pypi_publisher(/* b = "1", */ c = "//2", // d = "3"\n e = "#4")',
            [{"c": "//2", "e": "#4"}],
        ),
        ('a = pypi_publisher /* x */ (b = /* y */ "1")', [{"b": "1"}]),
        # Escapes.
        (r'a = pypi_publisher(b = "\"\\\t\u0041\x41\101\U00000041\q")', [{"b": '"\\\tAAAA\\q'}]),
        (r'a = pypi_publisher(b = "\ud800\U00110000")', [{"b": r"\ud800\U00110000"}]),
        (r'a = pypi_publisher(b = "\\")', [{"b": "\\"}]),
        ("a = pypi_publisher(b = `x\\n`)", [{"b": "x\\n"}]),
        # Broken ones.
        ('a = pypi_publisher(b = "1"', [{"b": "1"}]),
        ('a = pypi_publisher(b = "1\n, c = "2")', [{"b": "1", "c": "2"}]),
        (')]}a = pypi_publisher(b = "1"]', [{"b": "1"}]),
        ("a = pypi_publisher(b = `1", [{"b": "1"}]),
    ],
)
def test_calls(text: str, found: list[dict[str, str]]) -> None:
    assert arguments(text) == found


def test_what_is_no_text() -> None:
    file = File("buildscript.as", "/nowhere", "buildscript.as", b"pypi_publisher(\xff")
    with pytest.raises(Unreadable):
        list(activestate.publishers(file))


@pytest.mark.parametrize("piece", ["/*", '"\\', "`", "pypi_publisher(", "a = ", "(", '"\n', "\\"])
def test_hostile_text_is_read_in_linear_time(piece: str) -> None:
    assert len(load("pypi_publisher(" + piece * 100_000)) in (1, 100_001)


@given(st.text(alphabet='pypi_publisher()[]{}=",\\/*#`\n x1', max_size=200))
def test_any_text_is_read(text: str) -> None:
    for call in load(f'pypi_publisher(a = "1", {text}'):
        assert call.where.value == "pypi_publisher"
        for it in (call.where, *call.arguments.values()):
            assert it.place() >= (1, 1)
