"""Regular expressions that most runs do not need: to compile one takes 0.1 to 0.3 ms."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, AnyStr


class _Lazy:
    """A pattern that is compiled when it is first used, and from then on as fast as one."""

    def __init__(self, pattern: Any, flags: int) -> None:
        self._source = (pattern, flags)

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(*self._source), name)
        setattr(self, name, value)
        return value


def lazy(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """``re.compile(pattern, flags)`` for calls of its methods, not for functions of ``re``."""
    return _Lazy(pattern, flags)  # type: ignore[return-value]
