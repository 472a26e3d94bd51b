"""The command ``tenterhooks``: every practice over a repository, in one process."""

from __future__ import annotations

import importlib
import sys

from tenterhooks.core import command
from tenterhooks.core.practice import practice_ids

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.core.practice import Practice

TITLE = "Every practice of tenterhooks over a repository, in one process."
# Word -> what it does; each is a module here with ``main(argv) -> int``. A file or folder of such
# a name is checked as ./name.
COMMANDS = {
    "adopt": "set tenterhooks up in a repository, and accept what it finds there today",
    "explain": "print the page of a rule",
    "rules": "list all rules",
    "show-config": "print what is in force, and where it was said",
}


def practices() -> list[Practice]:
    """All practices of this installation, by id."""
    modules = [id.replace("-", "_") for id in practice_ids()]
    return [importlib.import_module(f"tenterhooks.{module}").PRACTICE for module in modules]


def main(argv: Sequence[str] | None = None) -> int:
    """The hook ``tenterhooks``."""
    words = sys.argv[1:] if argv is None else argv
    if words and words[0] in COMMANDS:
        module = importlib.import_module(f"{__name__}.{words[0].replace('-', '_')}")
        code: int = module.main(words[1:])
        return code
    # It takes some time to load them, too, in which a user may have changed his mind.
    return command.guarded("tenterhooks", lambda: command.run_all(practices(), _about(), argv))


def _about() -> str:
    """What ``--help`` says before the options."""
    lines = (f"  tenterhooks {word:12} {what}" for word, what in COMMANDS.items())
    return "\n".join((TITLE, "", "more commands, each with a --help of its own:", *lines))
