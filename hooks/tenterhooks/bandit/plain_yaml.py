"""A YAML file as plain values with their places: what ``yaml.safe_load`` of PyYAML makes of it, as
far as a configuration goes. Dates, sexagesimal numbers and tags stay text; a merge key is an
ordinary key."""

from __future__ import annotations

import re

from tenterhooks.core.files import Unreadable
from tenterhooks.formats import yaml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tenterhooks.core.files import File

    Path = tuple[str | int, ...]

# Aliases let a small file stand for more values than there is memory.
MAX_VALUES = 50_000

_TRUE = ("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON")
_FALSE = ("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF")
_INTEGER = re.compile(r"([-+]?)(?:(0x[0-9a-fA-F]{1,15})|0([0-7]{1,15})|(0|[1-9][0-9]{0,15}))")
_FLOAT = re.compile(r"[-+]?(?:[0-9]{1,20}\.[0-9]{0,20}|\.[0-9]{1,20})(?:[eE][-+][0-9]{1,3})?")


def load(file: File) -> tuple[Any, dict[Path, tuple[int, int]]]:
    """The value, None for an empty file, and the place of each key and list item.

    Raises Unreadable: not YAML, several documents, a key that stands twice or is no text.
    """
    document = yaml.load(file)
    if len(document.roots) > 1:
        line, column = document.place(document.roots[1])
        raise Unreadable("holds more than one document", line, column)
    for key, _ in document.duplicates:
        line, column = document.place(key)
        raise Unreadable(f"{key.value[:80]}: stands twice", line, column)
    if document.root is None:
        return None, {}
    reader = _Reader(document)
    return reader.value(document.root, ()), reader.places


class _Reader:
    def __init__(self, document: yaml.Document) -> None:
        self.document = document
        self.places: dict[Path, tuple[int, int]] = {}
        self.left = MAX_VALUES

    def value(self, node: yaml.Node, path: Path) -> Any:
        """The loader has bounded the depth; an alias can stand for what is around it."""
        self.left -= 1
        if self.left < 0 or len(path) > yaml.MAX_DEPTH:
            raise Unreadable("stands for more values than a configuration has")
        if node.kind == yaml.SEQUENCE:
            return [self._inner(item, item, (*path, at)) for at, item in enumerate(node.value)]
        if node.kind == yaml.MAPPING:
            return {
                self._key(key): self._inner(value, key, (*path, key.value))
                for key, value in node.value
            }
        return _scalar(node)

    def _inner(self, node: yaml.Node, at: yaml.Node, path: Path) -> Any:
        self.places.setdefault(path, self.document.place(at))
        return self.value(node, path)

    def _key(self, key: yaml.Node) -> str:
        text = key.text()
        if text is None or not isinstance(_scalar(key), str):
            line, column = self.document.place(key)
            raise Unreadable("a key must be text", line, column)
        return text


def _scalar(node: yaml.Node) -> Any:
    text: str = node.value
    if not node.plain:
        return text
    if text in yaml.NULLS:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    integer = _INTEGER.fullmatch(text)
    if integer:
        sign, hexadecimal, octal, decimal = integer.groups()
        number = int(hexadecimal or octal or decimal, 16 if hexadecimal else 8 if octal else 10)
        return -number if sign == "-" else number
    return float(text) if _FLOAT.fullmatch(text) else text
