"""The lockers themselves, which are in the environment of the tests: the word that counts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence


def answers(script: str, lines: Sequence[str]) -> list[str]:
    """What a script prints that imports a locker, a line for each line given."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.split("\n")[: len(lines)]
