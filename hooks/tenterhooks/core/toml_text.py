"""Writing plain values as TOML."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
}
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def string(text: str) -> str:
    """A basic string. Raises ValueError: a path that is no UTF-8 has no spelling in TOML."""
    text.encode("utf-8")
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def value(data: Any) -> str:
    """Plain data, strings, numbers, truth values, lists and tables, on one line. Raises
    ValueError, see ``string``."""
    if isinstance(data, dict):
        pairs = (f"{key(name)} = {value(it)}" for name, it in data.items())
        return "{ " + ", ".join(pairs) + " }"
    if isinstance(data, list):
        return "[" + ", ".join(map(value, data)) + "]"
    if isinstance(data, bool):
        return str(data).lower()
    return string(data) if isinstance(data, str) else str(data)


def key(name: str) -> str:
    """A key, in quotes where it needs them. Raises ValueError, see ``string``."""
    return name if _BARE.fullmatch(name) else string(name)
