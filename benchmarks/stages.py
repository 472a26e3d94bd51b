"""One run of the command `tenterhooks` in this process, with a clock on each of its stages.

A program of its own: `python stages.py FILE [ARGUMENT ...]` writes stage -> seconds, as JSON.
The stages are put around functions from here, so that the product keeps no time; what one stage
calls of another counts for the other. It is the processor's time: others may be at work as well.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any, TypeVar

from tenterhooks import everything
from tenterhooks.core import engine, file, files, git, ignores, toml
from tenterhooks.core.report import output
from tenterhooks.formats import compiled, requirements, yaml
from tenterhooks.formats.locks import hashes

T = TypeVar("T")

# Of a module, or of a class.
STAGES: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("listing (git)", git, ("start", "tracked", "listing")),
    ("listing (git)", files.Repository, ("tracked",)),
    ("choosing files", files.Repository, ("matching", "file")),
    ("choosing files", engine, ("_by_file",)),
    ("reading", file, ("_read", "_decode")),
    ("parsing YAML", yaml, ("_load",)),
    ("parsing TOML", toml, ("_load",)),
    ("hashes of locks", hashes, ("_load",)),
    ("parsing requirements", requirements, ("_load",)),
    ("parsing requirements", compiled, ("_load",)),
    ("ignores", ignores, ("ignores",)),
    ("reporting", output, ("report", "tell")),
)


class Clock:
    """seconds: by stage, without what it calls of others."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._within = [0.0]

    def on(self, stage: str, function: Any) -> Any:
        """A function that counts for a stage; a generator counts as far as it is asked."""

        def counted(*arguments: Any, **named: Any) -> Any:
            found = self._during(stage, lambda: function(*arguments, **named))
            is_lazy = hasattr(found, "__next__")
            return self._steps(stage, found) if is_lazy else found

        return counted

    def _steps(self, stage: str, generator: Any) -> Any:
        end = object()
        while (item := self._during(stage, lambda: next(generator, end))) is not end:
            yield item

    def _during(self, stage: str, function: Any) -> Any:
        start = time.process_time()
        self._within.append(0.0)
        try:
            return function()
        finally:
            taken = time.process_time() - start
            own = taken - self._within.pop()
            self._within[-1] += taken
            self.seconds[stage] = self.seconds.get(stage, 0.0) + own


def main() -> int:
    """Returns the command's exit code."""
    into, sys.argv = Path(sys.argv[1]), ["tenterhooks", *sys.argv[2:]]
    clock = Clock()
    for stage, owner, names in STAGES:
        for name in names:
            setattr(owner, name, clock.on(stage, getattr(owner, name)))
    for practice in everything.practices():
        practice.check = clock.on(practice.id, practice.check)
        for name in ("prepare", "more"):
            if getattr(practice, name) is not None:
                setattr(practice, name, clock.on(f"{practice.id}, {name}", getattr(practice, name)))
    code: int = clock.on("everything else", everything.main)()
    into.write_text(json.dumps(clock.seconds), "utf-8")
    return code


if __name__ == "__main__":
    raise SystemExit(main())
