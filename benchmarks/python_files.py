"""The hook `bandit` beside Bandit itself: the files that both check, and whether they agree."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections import Counter
from pathlib import Path
from typing import Any

from workflows import track

HOOK = "tenterhooks-bandit"
# Five files of the standard library, of 4,500 lines together.
FIVE = (
    "argparse.py",
    "asyncio/streams.py",
    "email/message.py",
    "json/decoder.py",
    "tempfile.py",
)
PACKAGES = ("asyncio", "concurrent", "email", "http", "importlib", "json", "logging", "unittest")
# What most of a project's files are no larger than.
USUAL_BYTES = 24 * 1024
PROGRAM = """\
import sys
sys.argv[:2] = ["bandit"]
sys.path.append({packages!r})
from bandit.cli.main import main
main()
"""


def corpora(parent: Path) -> dict[int, Path]:
    """Number of files -> a git repository with so many of the standard library's."""
    library = Path(sysconfig.get_path("stdlib"))
    every = [
        path
        for path in sorted(library.rglob("*.py"))
        if "site-packages" not in path.parts and 0 < path.stat().st_size < USUAL_BYTES
    ]
    packages = [path for name in PACKAGES for path in sorted((library / name).rglob("*.py"))]
    chosen = {
        1: [library / "json" / "scanner.py"],
        5: [library / name for name in FIVE],
        80: packages[:80],
        1500: every[:1500],
    }
    return {count: _repository(parent, library, found) for count, found in chosen.items()}


def _repository(parent: Path, library: Path, paths: list[Path]) -> Path:
    top = parent / f"python{len(paths)}"
    for path in paths:
        target = top / "src" / path.relative_to(library)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    track(top)
    return top


def names(top: Path) -> list[str]:
    """The Python files of a repository, as a runner passes them."""
    return sorted(path.relative_to(top).as_posix() for path in top.rglob("*.py"))


def peer(parent: Path) -> list[str]:
    """Bandit as a command, without our detections, which would be its plugins here."""
    folder = parent / "bandit"
    folder.mkdir()
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if not path.name.startswith("tenterhooks"):
            (folder / path.name).symlink_to(path)
    # Without `site` as well, which only saves it time.
    return [sys.executable, "-I", "-S", "-c", PROGRAM.format(packages=str(folder)), "bandit"]


def differences(top: Path, command: list[str]) -> tuple[int, int]:
    """How many findings Bandit has in the files of ``top``, and in how many the hook differs."""
    files = names(top)
    theirs = _report([*command, "-q", "-f", "json", *files], top)["results"]
    hook = [str(Path(sys.executable).parent / HOOK), "--format", "json", "--all-in-tests"]
    ours = _report([*hook, "--no-cache", *files], top)
    wanted = Counter(
        (it["filename"].removeprefix("./"), it["line_number"], it["test_id"]) for it in theirs
    )
    found = Counter(
        (it["path"], it["line"], it["rule"]) for it in ours if it["rule"].startswith("B")
    )
    return len(theirs), ((wanted - found) + (found - wanted)).total()


def _report(command: list[str], top: Path) -> Any:
    done = subprocess.run(command, cwd=top, capture_output=True, check=False, text=True)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{command[0]} failed with {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)


def largest_megabytes(top: Path) -> float:
    """The memory of the largest of the hook's processes over the files of ``top``."""
    program = str(Path(sys.executable).parent / HOOK)
    pid = os.posix_spawn(
        program,
        [program, "--no-cache", *names(top)],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    usage = os.wait4(pid, 0)[2]
    return usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)
