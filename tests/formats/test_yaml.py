"""The YAML reader with both of its parsers, held against each other and against ruamel.yaml."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from tenterhooks.core.files import File, Unreadable
from tenterhooks.formats import yaml

pytest.importorskip("_ruamel_yaml", reason="there is nothing to compare with")
from ruamel.yaml.cyaml import CSafeLoader

Reading = list[Any]


@pytest.fixture(params=["accelerated", "pure"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each test runs with the C extension, and as where there is none."""
    if request.param == "pure":
        monkeypatch.setitem(sys.modules, "_ruamel_yaml", None)
    return str(request.param)


def file_of(text: str) -> File:
    return File("a.yml", "/nowhere/a.yml", "a.yml", text.encode("utf-8", "surrogatepass"))


def load(text: str) -> yaml.Document:
    return yaml.load(file_of(text))


def reading(text: str) -> Reading:
    """All that the reader makes of a text: its nodes with their places, or its complaint."""
    try:
        document = load(text)
    except Unreadable as error:
        return [error.rule, error.line, error.column, error.message]
    numbers: dict[int, int] = {}
    found: Reading = []
    waiting = list(reversed(document.roots))
    while waiting:
        node = waiting.pop()
        if id(node) in numbers:
            found.append(numbers[id(node)])
            continue
        numbers[id(node)] = len(numbers)
        content = node.value if node.kind == yaml.SCALAR else len(node.value)
        found.append((node.kind, content, node.start, node.end, node.plain))
        inner = list(node.items()) + [one for pair in node.pairs() for one in pair]
        waiting += reversed(inner)
    found += [(again.start, first.start) for again, first in document.duplicates]
    return found


def pure_reading(text: str) -> Reading:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "_ruamel_yaml", None)
        return reading(text)


def tree(node: Any) -> Any:
    """A tree of ruamel.yaml's own composer, as ``shape`` gives it of ours."""
    place = (node.start_mark.index, node.end_mark.index)
    if isinstance(node, ScalarNode):
        return (*place, node.value)
    if isinstance(node, SequenceNode):
        return (*place, [tree(item) for item in node.value])
    assert isinstance(node, MappingNode)
    return (*place, [(tree(key), tree(value)) for key, value in node.value])


def shape(node: yaml.Node) -> Any:
    place = (node.start, node.end)
    if node.kind == yaml.SCALAR:
        return (*place, node.value)
    if node.kind == yaml.SEQUENCE:
        return (*place, [shape(item) for item in node.items()])
    return (*place, [(shape(key), shape(value)) for key, value in node.pairs()])


WORKFLOW = """\
# a comment
name: "CI é \U0001f600"
on: {push: {branches: [main, 'v*']}, pull_request: }
env: &env
  A: 1
jobs:
  test: &job
    runs-on: ubuntu-latest
    env: *env
    steps:
    - uses: actions/checkout@v4 # v4
      with:
        fetch-depth: 0
    - run: |
        echo "# not a comment"

        exit 1
    - name: >-
        folded
        text
      run: !!str plain
        text
  again: *job
"""

TEXTS = [
    WORKFLOW,
    WORKFLOW.replace("\n", "\r\n"),
    WORKFLOW.replace("\n", "\r"),
    "\ufeff" + WORKFLOW,
    "a:\tb\t# c\nd: e\tf\n",
    'a: "b"\t# c\n',
    "- - a\n  - b\n-\n- ? c\n  : d\n",
    "a: b\u2028c: d\n",
    "a: |\n  b\u2029  c\n  d\x85  e\n",
    "# x\x85a: b\n",
    "---\n\ufeff--- a\n",
    "# x\n\ufeffa: b\n",
    "a: &x !!str b\nc: !!str &y d\ne: *x\n",
    "a: ! b\nc: !\nd: ! ''\ne: !<tag:x> f\ng: !t h\n",
    "? a\n? |\n  b\n: c\n",
    "a:\nb: # c\nc:\n\n  # d\n\nd: e\n",
    "a: 'b\n\n  c ''d'''\ne: \"f \\\n  \\x41\\u00e9\\U0001F600\"\n",
    "a: >+\n\n  b\n   c\n  d\n\n\ne: |2-\n   f\n\ng: |-\n",
    "a: |#\n  b\n",
    "|\n---\n",
    ">\n a\n...\n---\nb\n",
    "--- # c\na\n--- |\n b\n...\n# d\n--- >\n",
    "%YAML 1.2\n---\na: yes\n",
    "%TAG ! tag:x,2000:\n---\n!foo a\n",
    "a: [b, c: d, 'e':f, ? g : h, {i, j: k, l: , ? m}, [], {}]\n",
    "[a: ]\n",
    "&x: a\n",
    "&a a: &b b\n*a : *b\n",
    "{a: , b:  , ? c : , ? : d, ? , e}\n",
    "[a: , ? d : ]\n",
    "<<: {a: b}\n<<: {c: d}\n",
    "x" * 900 + ": a\n",
    "- !\n  &x: a\n",
    "",
    "\n\n",
    "# only this\n",
    "---\n",
    "\ufeff# c\n",
    "~\n",
]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_the_tree_is_ruamels(text: str, parser: str) -> None:
    bare = text.removeprefix("\ufeff")
    loader = CSafeLoader(bare)
    wanted = []
    while loader.check_node():
        wanted.append(loader.get_node())
    roots = load(text).roots
    assert [shape(root) for root in roots] == [tree(node) for node in wanted]


@pytest.mark.parametrize(
    "text",
    [
        *TEXTS,
        "a: [b", "a: 'b", 'a: "b', 'a: "\\q"', "a: b: c", "a\nb: c", "\ta: b", "a:\n\t- b",
        "a: |\n\tb", "a: |x\n", "a: |0\n", "a: |99\n", "a: - b", "- a\nb: c", "a: b\n- c", "]",
        "a: @b", "a: %b", "a: &", "a: *", "a: *none", "*none: a", "a: !none!b c", "a: !!", "!<a",
        "%YAML 2.0\n---\na", "%", "...\n", "a: b\n... c", "[a, , b]", 'a: "\\ud800"',
        'a: "\\U00110000"', 'a: "\\U7fffffff"', "a: !%zz b", "\ufeff\ufeffa: b", "a: \ufeffb",
        "a: b\n\ufeffc: d", "- &a.b c\n- *a.b", "{image: python:3.12}", "[https://x/y?z=1]",
    ],
)  # fmt: skip
def test_both_parsers_say_the_same(text: str) -> None:
    assert reading(text) == pure_reading(text)


PIECES = st.sampled_from(
    [
        "a", "b: ", "- ", "? ", ": ", ":", "?", "-", "[", "]", "{", "}", ", ", ",", "'", '"',
        "\n", "\n  ", "\n ", "\n    ", "\t", " ", "# c", "&x ", "*x ", "*x", "!t ", "!!str ", "!",
        "|\n", "|-\n", ">+\n", "|2\n", "---", "\n--- ", "\n...\n", "%YAML 1.1\n", "\\n", "\\",
        "\u2028", "\x85", "\ufeff", "é", "\U0001f600", "\r\n", "\r", "<<: ", "uses: a/b@v1",
        "'q'", '"q"', "x:y", "|\n  t\n\n  u\n", ">\n  t\n  u\n\n   v\n", '"a\n  b"', "''",
    ]
)  # fmt: skip
TANGLES = st.lists(PIECES, min_size=1, max_size=14).map("".join)


@given(TANGLES)
def test_both_parsers_say_the_same_of_tangles(text: str) -> None:
    # libyaml 0.1.7 loses a colon here, and takes what no other parser does.
    assume("?::" not in "".join(text.split()))
    assert reading(text) == pure_reading(text)


@given(st.integers(0, len(WORKFLOW)), st.integers(0, 2), PIECES)
def test_both_parsers_say_the_same_of_broken_workflows(at: int, less: int, more: str) -> None:
    text = WORKFLOW[:at] + more + WORKFLOW[at + less :]
    assert reading(text) == pure_reading(text)


@given(TANGLES)
@example("? - a\n")
def test_what_ruamel_composes_we_compose(text: str) -> None:
    assume(not text.startswith("\ufeff"))
    assume("*" not in text)
    loader = CSafeLoader(text)
    wanted = []
    try:
        while loader.check_node():
            wanted.append(loader.get_node())
    except (YAMLError, ValueError):
        assume(False)
    assert [shape(root) for root in load(text).roots] == [tree(node) for node in wanted]


DATA = st.recursive(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abc \"'é", max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


def written(value: Any) -> str:
    if isinstance(value, str):
        escaped = "".join(c if c.isalnum() and c.isascii() else f"\\U{ord(c):08x}" for c in value)
        return f'"{escaped}"'
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return "{" + ", ".join(f"{written(k)}: {written(v)}" for k, v in value.items()) + "}"


def read(node: yaml.Node) -> Any:
    if node.kind == yaml.SEQUENCE:
        return [read(item) for item in node.items()]
    if node.kind == yaml.MAPPING:
        return {key.text(): read(value) for key, value in node.pairs()}
    return node.text()


@given(DATA)
def test_what_is_written_is_read(data: Any) -> None:
    for text in (written(data), f"# c\n--- {written(data)} # d\n"):
        assert read(load(text).roots[0]) == data
        assert pure_reading(text) == reading(text)


def nodes(root: yaml.Node | None) -> Iterator[yaml.Node]:
    waiting = [root] if root else []
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [*node.items(), *(one for pair in node.pairs() for one in pair)]


def the(document: yaml.Document, value: str) -> yaml.Node:
    """The one scalar with this text."""
    return next(node for root in document.roots for node in nodes(root) if node.value == value)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: X", (1, 4)),
        ("\ufeffa: X", (1, 4)),
        ("a: b\r\nc: X\r\n", (2, 4)),
        ("a: b\rc: X\r", (2, 4)),
        ("a: é\U0001f600 # é\nb: [é, X]", (2, 8)),
        ("a: &anchor X", (1, 12)),
        ("a: !!str X", (1, 10)),
        ("a: !t &x X", (1, 10)),
        ("a: &x !t X", (1, 10)),
        ("a: &x\n  X", (2, 3)),
        ("a: 'X'", (1, 4)),
        ('a: &x "X"', (1, 7)),
        ("a:\n- X", (2, 3)),
        ("a:\tX", (1, 4)),
        ("a: # b\n\n  X\n", (3, 3)),
        ("a\n--- b\n--- X", (3, 5)),
    ],
)
def test_place(text: str, place: tuple[int, int], parser: str) -> None:
    document = load(text)
    assert document.place(the(document, "X")) == place


def test_place_of_a_block_scalar_is_its_header(parser: str) -> None:
    document = load("a: &x |\n  X\nb: c\n")
    assert document.place(the(document, "X\n")) == (1, 7)


def test_place_of_empty_values(parser: str) -> None:
    document = load("a:\nb: &x\nc: !t\n")
    values = [value for _, value in document.roots[0].pairs()]
    assert [document.place(value) for value in values] == [(1, 3), (2, 6), (3, 6)]


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        ("a: X # b", "b"),
        ("a: X   #b  ", "b"),
        ("a: X\t#\tb\t", "b"),
        ("a: X #", ""),
        ("a: X#b", None),
        ("a: 'X#b' # c", "c"),
        ('a: "X" # b', "b"),
        ("a: X\n# b", None),
        ("a: X # b\r\nc: d # e", "b"),
        ("a: X # b\rc: d", "b"),
        ("a: [X] # b", "b"),
        ("a: [X, ] # b", "b"),
        ("a: [X, c] # b", None),
        ("a: {b: X} # c", "c"),
        ("a: [X # b\n  , c] # d", "b"),
        ("a: X # b # c", "b # c"),
        ("a: X # é", "é"),
        ("a: X", None),
        ("- &x X # b\n- *x # c", "b"),
        ("a: >-\n  X\n# b\nc: d", None),
        ("a: |-\n  X # b\n", None),
    ],
)
def test_comment(text: str, comment: str | None, parser: str) -> None:
    document = load(text)
    node = next(n for root in document.roots for n in nodes(root) if "X" in (n.text() or ""))
    found = document.comment(node)
    assert (found[0] if found else None) == comment
    if found:
        _, start, end = found
        assert document.file.text[start] == "#"
        assert document.file.text[end : end + 1] in ("", "\r", "\n")


@pytest.mark.parametrize(
    ("text", "free", "end"),
    [
        ("a: X", True, "a: X"),
        ("a: X  \n", True, "a: X"),
        ("a: 'X'\r\n", True, "a: 'X'"),
        ("a: [X] \n", True, "a: [X]"),
        ("a: [X, b]\n", False, "a: [X, b]"),
        ("a: X # b\n", False, "a: X # b"),
    ],
)
def test_rest_of_the_line(text: str, free: bool, end: str, parser: str) -> None:
    document = load(text)
    node = the(document, "X")
    assert document.rest_is_free(node) is free
    assert document.file.text[: document.line_end(node)] == end


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("- X", 1, 1),
        ("- X\n  y\n\n# z", 1, 2),
        ("- a: X\n  b:\n  - c # d\n  # e\n\n- f", 1, 3),
        ("\n- {a: X,\n  b: c\n  }\n# d", 2, 4),
        ("- |\n  X\n  y\n\n# z\n- a", 1, 3),
        ("- &x\n  a: X\n  b: *x\n- y", 1, 3),
        ("- &y b\n- a: X\n  b: *y\n- z", 2, 3),
        ("- &x\n  - X\n  - *x\n- y", 1, 3),
        ("- a: X\n  b:\n", 1, 2),
    ],
)
def test_lines(text: str, first: int, last: int, parser: str) -> None:
    document = load(text)
    (root,) = document.roots
    node = next(item for item in root.items() if "X" in text[item.start : item.end])
    lines = document.lines(node)
    assert (lines[0], lines[-1]) == (first, last)


def test_duplicates(parser: str) -> None:
    text = "a: 1\nb: {c: 1, c: 2, 'c': 3}\na: 2\n<<: {}\n<<: {}\n? [a]\n: 1\n? [a]\n: 2\n"
    document = load(text)
    found = [(document.place(again), document.place(first)) for again, first in document.duplicates]
    assert found == [((2, 11), (2, 5)), ((2, 17), (2, 5)), ((3, 1), (1, 1))]


def test_get_takes_the_last_of_duplicates(parser: str) -> None:
    root = load("a: 1\na: 2\n").roots[0]
    found = root.get("a")
    assert found is not None
    assert found.text() == "2"
    assert root.get("b") is None
    assert load("- a\n").roots[0].get("a") is None
    assert load("[a]: b\n").roots[0].get("a") is None


def test_an_alias_is_the_node_it_stands_for(parser: str) -> None:
    root = load("a: &x {b: c}\nd: *x\ne: &x 1\nf: *x\n").roots[0]
    assert root.get("d") is root.get("a")
    assert root.get("f") is root.get("e")


def test_a_recursive_alias(parser: str) -> None:
    root = load("&x\na: *x\nb: [*x]\n").roots[0]
    assert root.get("a") is root


def test_anchors_end_with_their_document(parser: str) -> None:
    with pytest.raises(Unreadable, match="no anchor named x") as caught:
        load("&x a\n---\n  - *x\n")
    assert (caught.value.line, caught.value.column) == (3, 5)


@pytest.mark.parametrize(
    ("text", "null"),
    [("~", True), ("null", True), ("", False), ("''", False), ("'null'", False), ("nUll", False)],
)
def test_null(text: str, null: bool, parser: str) -> None:
    node = load(f"a: {text}").roots[0].get("a")
    assert node is not None
    assert node.is_null is (null or not text)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a: b\nc: [d\n", (3, 1), "expected"),
        ("a: b\n c: d", (2, 3), "not allowed here"),
        ("a: 'b\n", (2, 1), "end of stream"),
        ('a: "b', (1, 6), "end of stream"),
        ("a: \x00", (1, 4), r"U\+0000"),
        ("a: b\n\x1b[31m", (2, 1), r"U\+001B"),
        ("a: \x80", (1, 4), r"U\+0080"),
        ("a: \uffff", (1, 4), r"U\+FFFF"),
        ("a: \n\t- b", (2, 1), "cannot start"),
        ('a: "\\ud800"', (1, 4), "half of a character"),
        ('a:\n  "\\U00110000"', (2, 6), "no character"),
        ("a: *none", (1, 4), "no anchor named none"),
        ("a: *" + "x" * 1_000_000, (1, 4), "no anchor named x{80}$"),
        ("a: \r\nb: @", (2, 4), "cannot start"),
        ("é: \U0001f600: b", (1, 5), "not allowed here"),
        ("\ufeff\ufeffa: b", (1, 1), "byte order mark"),
        ("# x\n" + "[" * 10_000, (2, 101), "deeper than 100"),
        ("[" * 10_000 + "]" * 10_000, (1, 101), "deeper than 100"),
        ("{" * 10_000, (1, 101), "deeper than 100"),
        ("{a: " * 10_000, (1, 401), "deeper than 100"),
        ("- " * 10_000, (1, 201), "deeper than 100"),
        ("? " * 10_000, (1, 201), "deeper than 100"),
        ("\n".join(" " * i + "a:" for i in range(1000)), (101, 101), "deeper than 100"),
        ("\n".join(" " * i + "-" for i in range(1000)), (101, 101), "deeper than 100"),
    ],
    ids=lambda value: (
        None if isinstance(value, tuple) else str(value)[:12].encode("unicode_escape")
    ),
)
def test_errors_have_their_place(
    text: str, place: tuple[int, int], words: str, parser: str
) -> None:
    with pytest.raises(Unreadable, match=words) as caught:
        load(text)
    assert (caught.value.line, caught.value.column) == place
    assert caught.value.rule == "invalid-file"
    assert len(caught.value.message) < 300


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[" + "a," * 200 + "]", (1, 200)),
        ("---\n" * 200, (102, 1)),
        ("- &a b\n" + "- *a\n" * 1000 + "- c\n" * 200, (1100, 3)),
    ],
)
def test_too_many_values(
    text: str, place: tuple[int, int], parser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml, "MAX_NODES", 100)
    with pytest.raises(Unreadable, match="more than 100 values") as caught:
        load(text)
    assert (caught.value.line, caught.value.column) == place


def test_lone_surrogates_are_not_text(parser: str) -> None:
    with pytest.raises(Unreadable) as caught:
        load("a: b\nc: \ud800\n")
    assert (caught.value.rule, caught.value.line, caught.value.column) == ("unreadable-file", 2, 4)


def test_too_large(parser: str) -> None:
    with pytest.raises(Unreadable, match="larger than 2 MB") as caught:
        load("#" + "x" * yaml.MAX_CHARACTERS)
    assert caught.value.rule == "unreadable-file"
    assert load("#" + "x" * (yaml.MAX_CHARACTERS - 1)).roots == []


def test_an_alias_bomb_stays_as_small_as_its_text(parser: str) -> None:
    lines = ["a: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 50)]
    document = load("\n".join(lines))
    distinct = {id(node): node for node in reading_nodes(document)}
    assert len(distinct) < 200


def reading_nodes(document: yaml.Document) -> Iterator[yaml.Node]:
    seen = set()
    waiting = list(document.roots)
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            waiting += [*node.items(), *(one for pair in node.pairs() for one in pair)]


HOSTILE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
if sys.argv[1] == "pure":
    sys.modules["_ruamel_yaml"] = None
from tenterhooks.core.files import File, Unreadable
from tenterhooks.formats import yaml
for text in (
    "[" * 2_000_000, "{a: " * 400_000, "- " * 900_000, "? " * 900_000, "- ? " * 400_000,
    "a: '" + "x" * 1_000_000, "a: " + "!" * 1_000_000, "a: *" + "x" * 1_000_000,
    "x" * 1_000_000 + ": a", "a: " + "x " * 500_000 + "@", "\\r" * 300_000 + "@",
    "".join(f"%TAG !a{i}! b\\n" for i in range(50_000)) + "--- a",
    "<<: [" + "*a, " * 300_000, "&a [" + "*a, " * 20_000 + "]", "{" + "a, " * 20_000,
):
    try:
        yaml.load(File("a.yml", "/a.yml", "a.yml", text.encode()))
    except Unreadable as error:
        assert error.rule == "invalid-file", error
print("done")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="memory cannot be limited so")
def test_hostile_text_ends_within_bounds(parser: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HOSTILE, parser],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr[-2000:]
