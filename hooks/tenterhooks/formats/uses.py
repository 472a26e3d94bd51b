"""What a ``uses`` names.

Source: actions/runner, ``PipelineTemplateConverter``, which splits a ``uses`` just so.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.formats import yaml

_SHA = re.compile(r"[0-9a-fA-F]{40}|[0-9a-fA-F]{64}")
_NAME = re.compile(r"[A-Za-z0-9][\w-]*[/\\][^/\\@\s]+(?:[/\\][^@]*)?")


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
