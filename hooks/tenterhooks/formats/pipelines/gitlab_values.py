"""Values of GitLab's configuration: mappings of several files laid over each other, with the
place of everything in them, and the inputs of included files put in.

Sources: GitLab documentation, "Use CI/CD configuration from other files" (merge method for
``include``), "Optimize GitLab CI/CD configuration files" (anchors, merge details) and "CI/CD
inputs".
"""

from __future__ import annotations

import re

from tenterhooks.core.files import Unreadable
from tenterhooks.formats import yaml
from tenterhooks.formats.pipeline import Text, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Inputs = dict[str, "Text | Place"]
    # One node, or mappings laid over each other, the uppermost last; empty for nothing.
    Value = tuple["Place", ...]

# What a pipeline may come to: aliases, `extends` and references make much of little.
MAX_WORK = 500_000
_MAX_MERGES = 20
_INPUT = re.compile(r"\$\[\[\s*inputs\.([\w-]+)\s*(?:\|[^\[\]$]*)?\]\]")


class Place:
    """A node of one file, and the inputs that the file is read with."""

    __slots__ = ("document", "inputs", "node")

    def __init__(self, document: yaml.Document, node: yaml.Node, inputs: Inputs) -> None:
        self.document = document
        self.node = node
        self.inputs = inputs

    @property
    def is_mapping(self) -> bool:
        return self.node.kind is yaml.MAPPING

    @property
    def is_scalar(self) -> bool:
        return self.node.kind is yaml.SCALAR

    def beside(self, node: yaml.Node) -> Place:
        """Another node of the same file."""
        return Place(self.document, node, self.inputs)


def is_mapping(value: Value) -> bool:
    return bool(value) and value[0].is_mapping


def is_null(value: Value) -> bool:
    """Whether nothing is there, or null."""
    return not value or value[0].node.is_null


class Values:
    """Looks values up. All that is read through one of these has one limit in common, and
    whatever goes beyond it raises Unreadable."""

    def __init__(self) -> None:
        self._left = MAX_WORK
        self._pairs: dict[tuple[int, int], dict[str, tuple[Place, Place]]] = {}
        self._texts: dict[tuple[int, int], Text] = {}
        self._references: dict[int, bool] = {}

    def spend(self, amount: int) -> None:
        """Count work. Raises Unreadable when there is too much of it."""
        self._left -= amount
        if self._left < 0:
            message = f"expands to more than {MAX_WORK} values, too many to be meant"
            raise Unreadable(message, rule="invalid-file")

    def text(self, place: Place) -> Text:
        """A scalar as a Text, inputs put in; empty for another node, and for null."""
        key = (id(place.node), id(place.inputs))
        if key not in self._texts:
            text = text_of(place.document, place.node)
            if place.inputs and "$[[" in text.value:
                text.value = self._with_inputs(text.value, place.inputs)
            self._texts[key] = text
        return self._texts[key]

    def items(self, place: Place) -> list[Place]:
        """The items of a sequence; none for another node."""
        self.spend(sum(1 for _ in place.node.items()))
        return [self._behind_input(place.beside(node)) for node in place.node.items()]

    def pairs(self, place: Place, depth: int = 0) -> dict[str, tuple[Place, Place]]:
        """Keys with their places, and values, of one mapping with its merge keys (``<<``)
        resolved; none for another node. Whatever stands last wins, a merge key included: so
        Ruby reads it, and of a list of mappings the first."""
        key = (id(place.node), id(place.inputs))
        if key in self._pairs:
            return self._pairs[key]
        found = self._pairs[key] = {}  # a mapping within itself finds what was read so far
        for name, value in place.node.pairs():
            if name.plain and name.value == "<<":
                for base in reversed(value.value) if value.kind is yaml.SEQUENCE else (value,):
                    if depth < _MAX_MERGES:
                        found.update(self.pairs(place.beside(base), depth + 1))
                        self.spend(len(found))
            elif name.kind is yaml.SCALAR:
                here = place.beside(name)
                found[self.text(here).value] = (here, self._behind_input(place.beside(value)))
        self.spend(len(found))
        return found

    def get(self, value: Value, name: str) -> Value:
        """What stands beside ``name``, of all layers; empty where nothing does."""
        found: Value = ()
        for place in value:
            pair = self.pairs(place).get(name)
            if pair is not None:
                found = self.over(found, (pair[1],))
        return found

    def entries(self, value: Value) -> dict[str, tuple[Place, Value]]:
        """All keys, each with the place where it stands in the uppermost layer that has it."""
        found: dict[str, tuple[Place, Value]] = {}
        for place in value:
            pairs = self.pairs(place)
            self.spend(len(pairs) + 1)
            for name, (key, inner) in pairs.items():
                below = found[name][1] if name in found else ()
                found[name] = (key, self.over(below, (inner,)))
        return found

    def over(self, below: Value, above: Value) -> Value:
        """One value laid over another: mappings merge, at any depth, and anything else
        replaces what was there."""
        if not above or not (is_mapping(below) and is_mapping(above)):
            return above or below
        self.spend(len(below) + len(above))
        # Laid over all, a layer further down has nothing more to say.
        again = set(map(id, above))
        return (*(place for place in below if id(place) not in again), *above)

    def is_reference(self, place: Place) -> bool:
        """Whether a node is tagged ``!reference``."""
        node = place.node
        if node.kind is not yaml.SEQUENCE:
            return False
        if id(node) not in self._references:
            head = place.document.file.text[node.start : place.document.content(node)]
            self._references[id(node)] = "!reference" in head.split()
        return self._references[id(node)]

    def input(self, place: Place) -> Text | Place:
        """What is handed on as an input: the text of a scalar, and another node as it is."""
        return self.text(place) if place.is_scalar else place

    def _with_inputs(self, text: str, inputs: Inputs) -> str:
        pieces = list(_pieces(text, inputs))
        self.spend(sum(map(len, pieces)) // 16)
        return "".join(pieces)

    def _behind_input(self, place: Place) -> Place:
        """The list or mapping that an input holds, where a scalar is that input alone."""
        if place.inputs and place.is_scalar and "$[[" in place.node.value:
            alone = _INPUT.fullmatch(place.node.value.strip())
            given = place.inputs.get(alone.group(1)) if alone else None
            if isinstance(given, Place):
                return given
        return place


def _pieces(text: str, inputs: Inputs) -> Iterator[str]:
    """A text in pieces; an input that is not known stays as it is written."""
    end = 0
    for match in _INPUT.finditer(text):
        value = inputs.get(match.group(1))
        if isinstance(value, Text):
            yield text[end : match.start()]
            yield value.value
            end = match.end()
    yield text[end:]
