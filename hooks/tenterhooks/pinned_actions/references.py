"""What a ``uses`` names, and which of them a project allows to stay unpinned.

Source: actions/runner, ``PipelineTemplateConverter``, which splits a ``uses`` just so.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.formats import yaml

_SHA = re.compile(r"[0-9a-fA-F]{40}|[0-9a-fA-F]{64}")
_DIGEST = re.compile(r"@(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$")
_NAME = re.compile(r"[A-Za-z0-9][\w-]*[/\\][^/\\@\s]+(?:[/\\][^@]*)?")
_PATTERN = re.compile(r"!?[\w.-]+/(?:\*|[\w.-]+(?:/[^*\s]*[^*\s/])?(?:/\*)?)")


class MalformedUses(Exception):
    """A ``uses`` that GitHub cannot resolve; the text says why."""


class Action:
    """``owner/repo[/path]@ref``."""

    __slots__ = ("name", "ref")

    def __init__(self, name: str, ref: str) -> None:
        self.name = name
        self.ref = ref

    @property
    def repository(self) -> str:
        """``owner/repo``."""
        return "/".join(self.name.split("/")[:2])

    @property
    def is_pinned(self) -> bool:
        """Whether the ref is a full SHA: 40 hex digits, or 64 in a SHA-256 repository."""
        return _SHA.fullmatch(self.ref) is not None


def parse(node: yaml.Node) -> Action | str | None:
    """What a ``uses`` names: an action or reusable workflow, the image of ``docker://image``,
    or None for one of this repository (``./path``, ``$/path``).

    Raises MalformedUses.
    """
    text = node.text()
    if text is None:
        raise MalformedUses("uses is not text")
    text = text.strip()
    if not text or node.is_null:
        raise MalformedUses("uses is empty")
    if text.startswith("docker://"):
        text = text[len("docker://") :]
        if not text:
            raise MalformedUses("docker:// names no image")
        if "${{" in text:
            raise MalformedUses(f"GitHub evaluates no expression in uses: docker://{text[:80]}")
        return text
    if text.startswith(("./", "$/", ".\\")):
        return None
    if "${{" in text:
        raise MalformedUses(f"GitHub evaluates no expression in uses: {text[:80]}")
    name, separator, ref = text.partition("@")
    if not separator or not ref:
        raise MalformedUses(f"{text[:80]} has no @ref behind it")
    if "@" in ref or not _NAME.fullmatch(name) or any(map(str.isspace, ref)):
        raise MalformedUses(f"{text[:80]} is not of the form owner/repo@ref")
    return Action(name.replace("\\", "/"), ref)


def is_short(ref: str) -> bool:
    """Whether a ref looks like the beginning of a SHA."""
    return re.fullmatch(r"(?=.*\d)[0-9a-f]{7,39}", ref) is not None


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
