"""The nodes of a service's YAML, read forgivingly, and no further than a budget goes."""

from __future__ import annotations

from tenterhooks.formats import yaml
from tenterhooks.formats.pipeline import Variable, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.formats.pipeline import Text

    Mapping = dict[str, tuple[yaml.Node, yaml.Node]]

# Of a budget, for one step.
STEP_COSTS = 20
_MAX_WORK = 500_000


class Budget:
    """What aliases, merges and parameters may let one pipeline grow to, in nodes and characters.
    When it is spent, what is left of the pipeline is not read."""

    __slots__ = ("left",)

    def __init__(self, left: int = _MAX_WORK) -> None:
        self.left = left

    def spend(self, amount: int = 1) -> bool:
        """Whether there was that much left; it is no longer."""
        self.left -= amount
        return self.left >= 0


class Reader:
    """The nodes of a document, whatever their shape: what is not as wanted is empty."""

    __slots__ = ("_mappings", "budget", "document")

    def __init__(self, document: yaml.Document, budget: Budget | None = None) -> None:
        self.document = document
        self.budget = budget or Budget()
        self._mappings: dict[int, Mapping] = {}

    def mapping(self, node: yaml.Node | None) -> Mapping:
        """Name -> (key, value), with what ``<<`` merges: own keys before merged ones, and of
        those the first (YAML's "Merge Key Language-Independent Type")."""
        if node is None or node.kind is not yaml.MAPPING:
            return {}
        if id(node) not in self._mappings:
            self._mappings[id(node)] = self._merged(node)
        return self._mappings[id(node)]

    def _merged(self, node: yaml.Node) -> Mapping:
        found: Mapping = {}
        seen: set[int] = set()
        waiting = [node]
        while waiting:
            node = waiting.pop()
            if id(node) in seen or not self.budget.spend(1 + len(node.value)):
                continue
            seen.add(id(node))
            if node.kind is yaml.SEQUENCE:
                waiting += reversed(node.value)
            elif node.kind is yaml.MAPPING:
                own = {key.value: (key, value) for key, value in node.value if _is_name(key)}
                merged = own.pop("<<", None)
                for name, pair in own.items():
                    found.setdefault(name, pair)
                waiting += [merged[1]] if merged else ()
        return found

    def get(self, node: yaml.Node | None, *path: str) -> yaml.Node | None:
        """The value at ``path`` in nested mappings."""
        for name in path:
            pair = self.mapping(node).get(name)
            node = pair[1] if pair else None
        return node

    def items(self, node: yaml.Node | None) -> Iterator[yaml.Node]:
        """The items of a list, and of lists in it; what is no list is one item."""
        waiting = [node] if node is not None else []
        while waiting:
            node = waiting.pop()
            is_list = node.kind is yaml.SEQUENCE
            if not self.budget.spend(1 + len(node.value) * is_list):
                return
            if is_list:
                waiting += reversed(node.value)
            else:
                yield node

    def text(self, node: yaml.Node, stored: str | None = None) -> Text:
        return text_of(self.document, node, stored)

    def scalars(self, node: yaml.Node | None) -> Iterator[yaml.Node]:
        """The scalars that say something in a list, or the one that stands in its place."""
        for item in self.items(node):
            if item.kind is yaml.SCALAR and item.value and not item.is_null:
                yield item

    def value(self, node: yaml.Node | None) -> Text | None:
        """A scalar, or what ``{secure: ...}`` has of one, as Travis and AppVeyor write it. The
        place of that is the whole mapping's."""
        if node is None or node.kind is yaml.SCALAR:
            return None if node is None else self.text(node)
        secure = self.get(node, "secure")
        if secure is None or secure.kind is not yaml.SCALAR:
            return None
        text = self.text(node, "an encrypted value")
        text.value = self.text(secure).value
        return text

    def values(self, node: yaml.Node | None) -> Iterator[tuple[str, Text]]:
        """Names and values of a mapping, or of a list of mappings."""
        for item in self.items(node):
            for name, (_, value) in self.mapping(item).items():
                text = self.value(value)
                if text is not None:
                    yield name, text

    def variables(self, node: yaml.Node | None) -> list[Variable]:
        return [Variable(name, text) for name, text in self.values(node)]

    def inputs(self, node: yaml.Node | None) -> dict[str, tuple[str, Text]]:
        """As ``Step.inputs`` has them."""
        return {name.lower(): (name, text) for name, text in self.values(node)}


def _is_name(key: yaml.Node) -> bool:
    return key.kind is yaml.SCALAR
