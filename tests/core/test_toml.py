"""The places that ``toml.locate`` finds, held against the values that tomli reads."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.core import toml
from tenterhooks.core.files import File, Unreadable


def file_of(text: str) -> File:
    return File("a.toml", "/nowhere/a.toml", "a.toml", text.encode())


def paths(value: Any, path: toml.Path = ()) -> Iterator[toml.Path]:
    """The paths of all keys and array items of a document."""
    entries: Any = ()
    if isinstance(value, dict):
        entries = value.items()
    elif isinstance(value, list):
        entries = enumerate(value)
    for key, inner in entries:
        yield (*path, key)
        yield from paths(inner, (*path, key))


def places(text: str) -> dict[toml.Path, str]:
    """Each path of a document and the text at its place, to the end of the line."""
    file = file_of(text)
    found = {}
    for path in paths(toml.load(file)):
        line, column = toml.locate(file, path)
        found[path] = file.line_text(line)[column - 1 :]
    return found


@pytest.mark.parametrize(
    ("text", "path", "place"),
    [
        ("a = 1\nb = 2\n", ("b",), (2, 1)),
        (
            "[project]\ndependencies = [\n  'x',\n  'y',\n]\n",
            ("project", "dependencies", 1),
            (4, 3),
        ),
        ("a = [1, [2, {b.c = 3}]]\n", ("a", 1, 1, "b", "c"), (1, 14)),
        ("a.'b.c'.\"d\\te\" = 1\n", ("a", "b.c", "d\te"), (1, 1)),
        ("[[a]]\nx=1\n[[a]]\nx=2\n", ("a", 1), (3, 1)),
        ("[[a]]\nx=1\n[[a]]\nx=2\n", ("a", 1, "x"), (4, 1)),
        ("[[a]]\n[[a.b]]\n[[a]]\n[[a.b]]\n[a.b.c]\nd=1\n", ("a", 1, "b", 0, "c", "d"), (6, 1)),
        # A table that only stands in the header of another has the place of that header ...
        ("[tool.black]\nx=1\n", ("tool",), (1, 1)),
        ("\n\n[ tool . black ]\nx=1\n", ("tool",), (3, 1)),
        # ... and its own where it has one.
        ("[a.b]\nx=1\n[a]\ny=1\n", ("a",), (3, 1)),
        ("a = '''\n[b]\n'''\nb = 1\n", ("b",), (4, 1)),
        ('a = """x""""\nb = 1\n', ("b",), (2, 1)),
        ('a = """"x""" # """\nb = 1\n', ("b",), (2, 1)),
        ("a = '''x'''''\nb = 1\n", ("b",), (2, 1)),
        ('a = ""\nb = ""\n', ("b",), (2, 1)),
        ('a = "\\"" # "\nb = 1\n', ("b",), (2, 1)),
        ("a = 1 # b = 2\nb = 3\n", ("b",), (2, 1)),
        ("a = [ # [\n 1, # ]\n 2 ]\n", ("a", 1), (3, 2)),
        ("a = {\n b = 1, # TOML 1.1\n c = 2,\n}\n", ("a", "c"), (3, 2)),
        ("a = 1979-05-27 07:32:00Z\nb = [07:32:00, 1979-05-27 07:32:00 ]\n", ("b", 1), (2, 16)),
        ("a = inf # x\nb = -nan\n", ("b",), (2, 1)),
        ("a = 1\r\nb = [\r\n 1,\r\n 2]\r\n", ("b", 1), (4, 2)),
        ("\ufeffa = 1\n", ("a",), (1, 1)),
        ("a = 'é\U0001f600'\nb = ['é', 'x']\n", ("b", 1), (2, 11)),
    ],
)
def test_locate(text: str, path: toml.Path, place: tuple[int, int]) -> None:
    assert toml.locate(file_of(text), path) == place


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("a", "none"), (2, 1)),
        (("a", "b", 7), (3, 1)),
        (("a", "b", 0, "deeper"), (3, 6)),
        (("none", "a"), (1, 1)),
        ((), (1, 1)),
    ],
)
def test_locate_takes_the_nearest_ancestor(path: toml.Path, place: tuple[int, int]) -> None:
    assert toml.locate(file_of("x = 1\n[a]\nb = [1]\n"), path) == place


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a = 1\nb = \n", (2, 5), "invalid value"),
        ("a = 1\n a = 2\n", (2, 7), "overwrite"),
        ("a = 'x", (1, 7), "unterminated|expected"),
        ("a = [1,\n2\n", (3, 1), "unclosed array"),
        ("é = 1\n", (1, 1), "invalid statement"),
        ("a = 1\r\nb\r\n", (2, 2), "expected '='"),
        ("a = " + "9" * 5000, (1, 1), "limit"),
        ("a\x00 = 1", (1, 2), "expected|invalid"),
        ("x = " + "[" * 10_000, (1, 105), "deeper than 100"),
        ("x = " + "{a=" * 10_000, (1, 305), "deeper than 100"),
        ("x = " + "[" * 101 + "]" * 101, (1, 105), "deeper than 100"),
        ("b=1\n" + "a." * 100 + "a = 1", (2, 1), "more than 100 parts"),
        ("[x]\n[ " + "'\"'." * 100 + "a]", (2, 3), "more than 100 parts"),
        ('x = {"\\""' + '."\\""' * 100 + " = 1}", (1, 6), "more than 100 parts"),
    ],
)
def test_errors_have_their_place(text: str, place: tuple[int, int], words: str) -> None:
    with pytest.raises(Unreadable, match=words) as caught:
        toml.load(file_of(text))
    assert (caught.value.line, caught.value.column) == place
    assert caught.value.rule == "invalid-file"


@pytest.mark.parametrize(
    "text",
    [
        "x = '" + "[" * 200 + "'",
        'x = """\n' + "[\n" * 200 + '"""',
        "# " + "[" * 200 + "\nx = 1",
        "x = [" + "[1], " * 200 + "]",
        "x = " + "[" * 100 + "]" * 100,
        "x = '" + "a." * 200 + "'",
        "# " + "a." * 200,
        "a." * 99 + "a = 1",
    ],
)
def test_what_only_looks_deep_is_read(text: str) -> None:
    file = file_of(text)
    assert {toml.locate(file, path) != (0, 0) for path in paths(toml.load(file))} <= {True}


BROKEN_OFF = "a = '" + "[" * 101 + "'\nb = "


@pytest.mark.parametrize(
    "text",
    [
        BROKEN_OFF + '"""\n\\' * 100_000,
        BROKEN_OFF + '"' + '\\"' * 500_000,
        'a = "' + "x" * 3_000_000 + '"',
        'a = """' + '""\\n' * 300_000 + '"""',
        "a = " + " " * 2_000_000 + "1",
        "#\n" * 500_000,
        "a = [" + "1, " * 200_000 + "]",
        ("a." * 90 + "a = 1\n") * 2_000,
        "".join(f"x{i}." + "a." * 900 + "a = 1\n" for i in range(500)),
        "\n" * 1_000_000 + "=",
    ],
    ids=range(10),
)
def test_hostile_text_ends(text: str) -> None:
    file = file_of(text)
    with contextlib.suppress(Unreadable):
        toml.locate(file, ("a", 1))


# Documents are generated as text, from pieces whose values tomli then tells us.

KEYS = st.one_of(
    st.text("ab-_1", min_size=1, max_size=3),
    st.text(" .#='[]{}é\U0001f600", max_size=4).map(lambda t: '"' + t + '"'),
    st.text(' .#="[]{}\\', max_size=4).map(lambda t: "'" + t + "'"),
    st.sampled_from([r'"\t"', r'"\""', r'"\u00e9"', '""', "''"]),
)
DOTTED = st.lists(KEYS, min_size=1, max_size=3).map(" . ".join) | KEYS
SCALARS = st.sampled_from(
    [
        "1",
        "0x1F",
        "1_000.5e-3",
        "inf",
        "-nan",
        "true",
        "1979-05-27T07:32:00Z",
        "1979-05-27 07:32:00.5-07:00",
        "1979-05-27",
        "07:32:00",
        '"a # ] } , = \\" b"',
        "'a # ] } , = \" b'",
        '"""\n[a]\nb = 1 "" \\""" \\\n  c"""',
        "'''\n[a]\n'' b = 1'''",
        '"""a"""""',
        "'''a'''''",
        '""""a""""',
        '""',
        "''",
        '""""""',
    ]
)
GAPS = st.sampled_from(["", " ", "\n", " # ] } , \" ''' \n", "\t", "\r\n  "])


def arrays(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    item = st.tuples(GAPS, inner, GAPS).map("".join)
    comma = st.sampled_from(["", ",", ", # x\n"])
    return st.lists(item, max_size=3).flatmap(
        lambda items: comma.map(lambda end: "[" + ",".join(items) + (end if items else "") + "]")
    )


def inline_tables(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(GAPS, DOTTED, st.just(" = "), inner, GAPS).map("".join)
    comma = st.sampled_from(["", ","])
    return st.lists(pair, max_size=3).flatmap(
        lambda pairs: comma.map(lambda end: "{" + ",".join(pairs) + (end if pairs else "") + "}")
    )


VALUES = st.recursive(SCALARS, lambda inner: arrays(inner) | inline_tables(inner), max_leaves=6)
LINES = st.one_of(
    st.tuples(DOTTED, st.sampled_from([" = ", "=", "\t=\t"]), VALUES).map("".join),
    DOTTED.map(lambda key: f"[{key}]"),
    DOTTED.map(lambda key: f"[[ {key} ]]"),
    st.sampled_from(["", "# x = 1", " "]),
)
ENDS = st.sampled_from(["\n", "\r\n", " # [x]\n"])
DOCUMENTS = st.lists(st.tuples(LINES, ENDS).map("".join), max_size=8)


def readable(lines: list[str]) -> str:
    """The lines that make a document; those that clash with the ones before are left out."""
    text = ""
    for line in lines:
        try:
            toml.load(file_of(text + line))
        except Unreadable:
            continue
        text += line
    return text


@given(DOCUMENTS)
def test_locate_finds_every_key_and_item(lines: list[str]) -> None:
    text = readable(lines)
    file = file_of(text)
    document = toml.load(file)
    assert set(file.once(toml._places)) == set(paths(document))
    for path, there in places(text).items():
        if isinstance(path[-1], int):
            assert there[:1] not in ("", ",", "]", " ", "#"), path
        else:
            assert _named_in(path[-1], there), (path, there)


def _named_in(key: str, there: str) -> bool:
    """Whether ``there`` begins with a header or a dotted key that has ``key`` in it."""
    head = there.lstrip("[ \t")
    return any(form in head for form in (key, '"', "'"))


@given(st.text("ab.='\"[]{},#\n \\", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    file = file_of(text)
    problem: Unreadable | None = None
    try:
        document = toml.load(file)
    except Unreadable as error:
        problem = error
    if problem is not None:
        assert problem.rule == "invalid-file"
        assert min(problem.line, problem.column) >= 1
    else:
        assert set(file.once(toml._places)) == set(paths(document))
