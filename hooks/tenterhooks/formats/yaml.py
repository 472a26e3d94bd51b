"""YAML as a graph of nodes with their places, comments and anchors kept; nothing is constructed.

The events come from libyaml through ruamel.yaml's C extension, or from ruamel.yaml's own parser
where there is no wheel of that, or where libyaml finds fault: so all errors are those of the one
parser. They are composed here, in a loop that a deep or an explosive
file cannot drive into the C stack (libyaml's own composer dies of 100,000 nested lists), and
that is a fifth faster than ruamel.yaml's.
"""

from __future__ import annotations

import re

from tenterhooks.core.files import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from tenterhooks.core.files import File

MAX_DEPTH = 100
MAX_NODES = 250_000
MAX_CHARACTERS = 2 * 1024 * 1024

SCALAR, SEQUENCE, MAPPING = "scalar", "sequence", "mapping"
# What a plain scalar is that readers take for nothing.
NULLS = ("", "~", "null", "Null", "NULL")

# A text and not compiled: that takes 4 ms, and libyaml needs no help to refuse these.
_NOT_YAML = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_CLOSERS = re.compile(r"[ \t\]\}\"',]*")
_COMMENT = re.compile(r"(?:(?<=[ \t])|^)#[ \t]*(.*)")


class Node:
    """kind: SCALAR, SEQUENCE or MAPPING.
    value: text; list of nodes; list of (key node, value node) pairs.
    start, end: offsets of the node in the text, an anchor or tag before it included.
    plain: a scalar without quotes, which a reader may take for null or a number.

    An alias is the very node that it stands for.
    """

    __slots__ = ("end", "kind", "plain", "start", "value")

    def __init__(self, kind: str, value: Any, start: int, end: int, plain: bool = False) -> None:
        self.kind = kind
        self.value = value
        self.start = start
        self.end = end
        self.plain = plain

    @property
    def is_null(self) -> bool:
        return self.plain and self.value in NULLS

    def get(self, key: str) -> Node | None:
        """The value beside ``key`` in a mapping; the last one where the key stands twice."""
        if self.kind == MAPPING:
            for name, value in reversed(self.value):
                if name.value == key:
                    return value  # type: ignore[no-any-return]
        return None

    def pairs(self) -> Iterator[tuple[Node, Node]]:
        """Keys and values of a mapping; nothing for another node."""
        return iter(self.value if self.kind == MAPPING else ())

    def named(self) -> Iterator[tuple[Node, Node]]:
        """Those of the keys and values of a mapping whose key is a scalar, as all sane ones are."""
        return (pair for pair in self.pairs() if pair[0].kind is SCALAR)

    def items(self) -> Iterator[Node]:
        """Items of a sequence; nothing for another node."""
        return iter(self.value if self.kind == SEQUENCE else ())

    def text(self) -> str | None:
        """The text of a scalar, None for another node."""
        return self.value if self.kind == SCALAR else None


class Document:
    """What one file holds.

    roots: the documents, as a rule one.
    duplicates: keys that stand a second time in their mapping, each with the first.
    """

    def __init__(self, file: File) -> None:
        self.file = file
        self.roots: list[Node] = []
        self.duplicates: list[tuple[Node, Node]] = []

    @property
    def root(self) -> Node | None:
        return self.roots[0] if self.roots else None

    def place(self, node: Node) -> tuple[int, int]:
        """1-based line and column of the content of a node, behind its anchor or tag."""
        return self.file.position(self.content(node))

    def content(self, node: Node) -> int:
        """Offset of the content of a node, behind its anchor or tag."""
        text = self.file.text
        position = node.start
        while position < node.end and text[position] in "&!":
            while position < node.end and not text[position].isspace():
                position += 1
            while position < node.end and text[position].isspace():
                position += 1
        return position

    def comment(self, node: Node) -> tuple[str, int, int] | None:
        """The comment behind a scalar on its last line: its text without ``#``, the offset of
        that ``#``, and its end. Only closing brackets, quotes and commas may stand between.
        Behind the text of a block scalar there is none: there it would be more text."""
        text = self.file.text
        if self._is_block(node):
            return None
        position = _CLOSERS.match(text, self._end(node)).end()  # type: ignore[union-attr]
        end = position
        while end < len(text) and text[end] not in "\r\n":
            end += 1
        match = _COMMENT.match(text, position, end)
        return (match.group(1).rstrip(), position, end) if match else None

    def rest_is_free(self, node: Node) -> bool:
        """Whether a comment could be put behind a scalar: nothing but closing brackets follows
        on its line, and it is no block scalar."""
        if self._is_block(node):
            return False
        position = _CLOSERS.match(self.file.text, self._end(node)).end()  # type: ignore[union-attr]
        return self.file.text[position : position + 1] in ("", "\r", "\n")

    def line_end(self, node: Node) -> int:
        """Offset of the end of the last line of a scalar, trailing blanks not counted."""
        text = self.file.text
        end = self._end(node)
        while end < len(text) and text[end] not in "\r\n":
            end += 1
        while text[end - 1] in " \t":
            end -= 1
        return end

    def lines(self, node: Node) -> range:
        """The 1-based lines from the first of a node to its last, comments behind it left out."""
        last = node
        while last.kind is not SCALAR and last.value and self.file.text[last.end - 1] not in "]}":
            child = last.value[-1][1] if last.kind is MAPPING else last.value[-1]
            if child.start <= last.start:  # an alias, which stands elsewhere, or around it
                break
            last = child
        end = max(self._end(last), node.start + 1)
        return range(self.file.position(node.start)[0], self.file.position(end - 1)[0] + 1)

    def _is_block(self, node: Node) -> bool:
        return self.file.text[self.content(node) : node.end][:1] in ("|", ">")

    def _end(self, node: Node) -> int:
        """A block scalar's end mark is where the next node begins, lines below."""
        end = node.end
        while end > node.start and self.file.text[end - 1].isspace():
            end -= 1
        return end


def load(file: File) -> Document:
    """Compose a file. Raises Unreadable: not text, not YAML, or too large or deep to be meant."""
    return file.once(_load)


def _load(file: File) -> Document:
    text = file.text
    if len(text) > MAX_CHARACTERS:
        raise Unreadable(f"is larger than {MAX_CHARACTERS // 1024**2} MB, too large to be checked")
    if text.startswith("\ufeff"):
        # libyaml would skip it without a count, and all places would be off by one.
        raise _invalid(file, 0, "there is a second byte order mark")
    try:
        from tenterhooks.formats import c_yaml

        parser = c_yaml.parser()
    except ImportError:
        return _by_pure_parser(file)
    if text.count("%TAG") > MAX_DEPTH:  # libyaml's time is quadratic in them
        return _by_pure_parser(file)
    try:
        return _compose(file, parser(text).get_event)
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001  # the other parser knows better, and says where
        return _by_pure_parser(file)


def _by_pure_parser(file: File) -> Document:
    from tenterhooks.formats.pure_yaml import Parser

    text = file.text
    strange = re.search(_NOT_YAML, text)
    if strange:
        what = f"character U+{ord(strange.group()):04X} is not allowed"
        raise _invalid(file, strange.start(), what)
    # What it raises beside YAMLError (a RecursionError, a ValueError of a bad escape) is the
    # file's fault as well.
    try:
        return _compose(file, Parser(text).get_event)
    except Unreadable:
        raise
    except Exception as error:  # noqa: BLE001
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        index = min(mark.index, len(text)) if mark else 0
        raise _invalid(file, index, " ".join(str(problem).split())[:200]) from None


def _invalid(file: File, index: int, what: str) -> Unreadable:
    line, column = file.position(index)
    return Unreadable(f"is not valid YAML: {what}", line, column, "invalid-file")


def _compose(file: File, next_event: Callable[[], Any]) -> Document:  # noqa: C901  # one loop
    from ruamel.yaml import events

    scalar, alias = events.ScalarEvent, events.AliasEvent
    starts = {events.MappingStartEvent: MAPPING, events.SequenceStartEvent: SEQUENCE}
    ends = (events.MappingEndEvent, events.SequenceEndEvent)
    document = Document(file)
    anchors: dict[str, Node] = {}
    stack: list[tuple[list[Node], Node]] = []
    siblings = document.roots
    left = MAX_NODES
    while True:
        event = next_event()
        kind = event.__class__
        if kind is scalar:
            plain = event.implicit[0] and not event.style
            start, end = event.start_mark.index, event.end_mark.index
            node = Node(SCALAR, event.value, start, end, plain)
            siblings.append(node)
        elif kind in starts:
            node = Node(starts[kind], [], event.start_mark.index, event.end_mark.index)
            siblings.append(node)
            stack.append((siblings, node))
            siblings = node.value
            if len(stack) > MAX_DEPTH:
                raise _invalid(file, node.start, f"nests deeper than {MAX_DEPTH} levels")
        elif kind in ends:
            siblings, node = stack.pop()
            node.end = event.end_mark.index
            if node.kind is MAPPING:
                node.value = list(zip(node.value[::2], node.value[1::2], strict=True))
                _note_duplicates(document, node)
            continue
        elif kind is alias:
            if event.anchor not in anchors:
                raise _invalid(file, event.start_mark.index, f"no anchor named {event.anchor[:80]}")
            siblings.append(anchors[event.anchor])
            continue
        elif kind is events.StreamEndEvent:
            return document
        else:
            if kind is events.DocumentStartEvent:
                anchors = {}
            continue
        if event.anchor:
            anchors[event.anchor] = node
        left -= 1
        if left < 0:
            raise _invalid(file, node.start, f"holds more than {MAX_NODES} values")


def _note_duplicates(document: Document, mapping: Node) -> None:
    first: dict[str, Node] = {}
    for key, _ in mapping.value:
        if key.kind is SCALAR:
            other = first.setdefault(key.value, key)
            if other is not key and key.value != "<<":
                document.duplicates.append((key, other))
