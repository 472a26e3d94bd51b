"""dev.py and release.py as modules, and the tools of the environment that the tests run in."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from conftest import ROOT

sys.path.insert(0, str(ROOT))

import dev as dev  # noqa: PLC0414
import release as release  # noqa: PLC0414


def tool(name: str) -> str:
    """The path of a locked tool: what happens to be on PATH is another version."""
    found = shutil.which(name, path=str(Path(sys.executable).parent))
    assert found, f"{name} is missing here; python3 dev.py test sets it up"
    return found
