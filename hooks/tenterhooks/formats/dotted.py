"""Names in Python that its parser takes too much memory for."""

from __future__ import annotations

import re

# Below so many dots in a file there can be none.
_MANY = 5000
# Bytes that the parser may take for names, about twice that in truth.
_MOST = 100_000_000
_NAME = re.compile(rb"(?<![\w\x80-\xff])(?:[\w\x80-\xff]+[ \t\f\\\r\n]*\.[ \t\f\\\r\n]*)+")


def are_too_long(data: bytes) -> bool:
    """Whether the names of a source are longer than anybody means. ``import a.a.a`` makes CPython's
    parser keep each beginning of the name: 30 kB of it take 250 MB."""
    if data.count(b".") <= _MANY:
        return False
    taken = 0
    for match in _NAME.finditer(data):
        length = match.end() - match.start()
        if length > _MANY // 10:
            taken += length * match.group().count(b".")
    return taken > _MOST
