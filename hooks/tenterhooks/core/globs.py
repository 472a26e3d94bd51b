"""Path patterns: ``*`` and ``?`` stay within a folder, ``**`` does not; a pattern that names a
folder covers all that is in it."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_PART = re.compile(r"\*\*/|\*\*|\*|\?|[^*?]+")
_TRANSLATED = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def compile_globs(patterns: Sequence[str]) -> re.Pattern[str] | None:
    """One expression for ``fullmatch`` on paths relative to the top; None for no patterns."""
    if not patterns:
        return None
    return re.compile("|".join(f"(?:{_translate(pattern)})" for pattern in patterns))


def _translate(pattern: str) -> str:
    parts = _PART.findall(pattern.removeprefix("./").rstrip("/"))
    return "".join(_TRANSLATED.get(part) or re.escape(part) for part in parts) + "(?:/.*)?"
