"""What the runners share that keep their scripts in ``pyproject.toml``: Hatch, PDM, Poe."""

from __future__ import annotations

import re

from tenterhooks.formats.tasks.common import quoted, reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FIELD = re.compile(r"\{(args|env|root|pdm)(?::([^{}\n]*))?\}")


def filled(text: str, given: list[str]) -> str:
    """``{args:default}``, ``{env:NAME:default}`` and ``{root}`` in their places."""

    def one(match: re.Match[str]) -> str:
        if match[1] == "args":
            return " ".join(map(quoted, given)) or match[2] or ""
        if match[1] == "env":
            name, _, default = (match[2] or "").partition(":")
            return reference(name, default)
        return "." if match[1] == "root" else match[1]

    return _FIELD.sub(one, text)


def with_arguments(text: str, given: list[str]) -> str:
    """A command with the arguments where it says so, else behind it."""
    if "{args" in text or not given:
        return filled(text, given)
    return " ".join([filled(text, []), *map(quoted, given)])


def command(value: Any) -> str | None:
    """A command that is a text or a list of words; None for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value and all(isinstance(it, str) for it in value):
        return " ".join(it if "{" in it or it[:1] == "$" else quoted(it) for it in value)
    return None
