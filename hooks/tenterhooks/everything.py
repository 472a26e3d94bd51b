"""The command ``tenterhooks``: every practice over a repository, in one process."""

from __future__ import annotations

import importlib

from tenterhooks.core import command
from tenterhooks.core.practice import practice_ids

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.core.practice import Practice

TITLE = "Every practice of tenterhooks over a repository, in one process."


def practices() -> list[Practice]:
    """All practices of this installation, by id."""
    modules = [id.replace("-", "_") for id in practice_ids()]
    return [importlib.import_module(f"tenterhooks.{module}").PRACTICE for module in modules]


def main(argv: Sequence[str] | None = None) -> int:
    """The hook ``tenterhooks``."""
    return command.run_all(practices(), TITLE, argv)
