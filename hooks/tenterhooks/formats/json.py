"""JSON with the place of every key and item. The places come from a scan that runs only when one
is asked for."""

from __future__ import annotations

import re

from tenterhooks.core.files import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tenterhooks.core.files import File

    Path = tuple[str | int, ...]

# What lies deeper has the place of what is around it: paths would take memory without bound.
_DEEPEST = 8
# A string is taken whole, and what it holds is no bracket.
_PIECES = r'"[^"\\]*(?:\\.[^"\\]*)*"|[^\s,:\[\]{}"]+|[\[\]{},:]'


def load(file: File) -> Any:
    """The document as plain values; of a key that stands twice, the last. Raises Unreadable."""
    return file.once(_load)


def _load(file: File) -> Any:
    import json

    text = file.text
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        line, column = file.position(error.pos)
        message = f"is not valid JSON: {error.msg.lower()}"
        raise Unreadable(message, line, column, "invalid-file") from None
    except RecursionError:
        raise Unreadable("is not valid JSON: nests too deep", rule="invalid-file") from None
    except ValueError as error:
        raise Unreadable(f"is not valid JSON: {str(error)[:200]}", rule="invalid-file") from None


def locate(file: File, path: Path) -> tuple[int, int]:
    """1-based line and column of the key or item at ``path``; of its nearest ancestor where it
    is not there. Raises Unreadable."""
    load(file)
    return file.nearest(file.once(_places), path)


def _places(file: File) -> dict[Path, int]:
    """Offsets of the keys and items of a text that json has accepted; of a key that stands twice,
    the last."""
    import json

    places: dict[Path, int] = {}
    path: list[str | int] = []  # one part for each open bracket
    is_key = False
    for match in re.finditer(_PIECES, file.text):
        piece = match.group()
        if piece in ("]", "}"):
            path.pop()
        elif piece == ",":
            last = path[-1]
            is_key = isinstance(last, str)
            path[-1] = last if isinstance(last, str) else last + 1
        elif piece != ":":
            if is_key:
                path[-1] = json.loads(piece)
            if path and (is_key or isinstance(path[-1], int)) and len(path) <= _DEEPEST:
                places[tuple(path)] = match.start()
            is_key = piece == "{"
            if piece in ("{", "["):
                path.append("" if is_key else 0)
    return places
