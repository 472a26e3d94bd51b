"""Python's own parser, kept from taking all memory."""

from __future__ import annotations

from tenterhooks.formats import dotted

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from typing import Any


def tree(data: bytes) -> ast.Module:
    """What ast.parse does, without the future imports of this module. Raises what that raises, and
    MemoryError, too, before there is none left."""
    if dotted.are_too_long(data):
        raise MemoryError
    module: Any = compile(data, "<unknown>", "exec", 0x400, dont_inherit=True)
    return module  # type: ignore[no-any-return]
