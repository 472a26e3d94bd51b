"""Which of the actions and images that a workflow names may stay as they are."""

from __future__ import annotations

import re

from tenterhooks.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.formats.uses import Action

_DIGEST = re.compile(r"@(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$")
_PATTERN = lazy(r"!?[\w.-]+/(?:\*|[\w.-]+(?:/[^*\s]*[^*\s/])?(?:/\*)?)")

NAME = "a name that can be moved"


def described(ref: str) -> str:
    """What a ref is that pins nothing, as the end of a sentence."""
    if re.fullmatch(r"(?=.*\d)[0-9a-f]{7,39}", ref):
        return "a shortened SHA"
    if re.fullmatch(r"(?=.*\d)[0-9a-f]{41,63}", ref):
        return f"no SHA: it has {len(ref)} digits, and one of git has 40 or 64"
    return NAME


def is_harmless(text: str) -> bool:
    """Whether ``text``, which a stranger wrote, may stand in a command that people copy."""
    return re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.:/@+-]*", text) is not None


def is_pinned_image(image: str) -> bool:
    """Whether an image carries the digest of its content."""
    return _DIGEST.search(image) is not None


def wrong_pattern(pattern: str) -> str | None:
    """What is wrong with an ``--allow`` pattern, or None."""
    if _PATTERN.fullmatch(pattern):
        return None
    return f"{pattern!r} is none of OWNER/*, OWNER/REPO, OWNER/REPO/PATH, or one with ! before it"


class AllowList:
    """Patterns of actions that may stay unpinned; case does not count, as on GitHub."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._rules = []
        for pattern in patterns:
            parts = pattern.lower().lstrip("!").split("/")
            parts = parts[:-1] if parts[-1] == "*" else parts
            self._rules.append((parts, not pattern.startswith("!")))

    def allows(self, action: Action) -> bool:
        """Whether the most specific pattern that covers ``action`` allows it; of two that are
        equally specific, the one that takes back."""
        parts = action.name.lower().split("/")
        fitting = [
            (len(rule), not allowed) for rule, allowed in self._rules if parts[: len(rule)] == rule
        ]
        return bool(fitting) and not max(fitting)[1]
