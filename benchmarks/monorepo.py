"""How the time and the memory of the command `tenterhooks` grow with a repository.

Run by `python3 dev.py bench --monorepo`. The whole is a monorepo of 20,000 tracked files with 200
projects, each with its lock, and 1,000 workflows; before it come an eighth, a quarter and a half.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import locks
from workflows import POLICY, track, workflow

from tenterhooks.core.practice import practice_ids

BIN = Path(sys.executable).parent
STAGES = Path(__file__).resolve().parent / "stages.py"
FILES, PROJECTS, WORKFLOWS = 20_000, 200, 1_000
PARTS = (8, 4, 2, 1)
MEGABYTES = 300
# Twice as much to read may take so many times as long.
LINEAR = 2.5
RUNS = 3
TOOLS = ("uv", "poetry", "pdm")
# Locks of 20 to 120 kB.
SIZES = (
    locks.Size(20, 6, 3),
    locks.Size(40, 12, 3),
    locks.Size(60, 16, 4),
    locks.Size(80, 20, 3),
)
# Every such project has compiled requirements as well.
COMPILED = 5
PINS = 40

COMMAND = """\
# by the following command:
#
#    pip-compile --generate-hashes requirements.in
#
"""
MODULE = '''\
"""Part {number} of the project."""

from __future__ import annotations


def part_{number}(value: int) -> int:
    """What part {number} makes of a value."""
    return value * {number} + len(__name__)
'''
TEXT = "Part {number}\n=======\n\nWhat part {number} is for, and how it is used.\n"


class Measured(NamedTuple):
    """One repository: what is in it, the seconds that a run takes, those that processors were at
    work, the most that its process held, and the seconds of its stages."""

    files: int
    projects: int
    workflows: int
    kilobytes: int
    seconds: float
    work: float
    megabytes: float
    stages: dict[str, float]


def build(top: Path, part: int) -> int:
    """Make one part of the monorepo. Returns how many kilobytes of it a run has to read."""
    wanted: dict[str, str] = {"SECURITY.md": POLICY}
    for number in range(WORKFLOWS // part):
        wanted[f".github/workflows/w{number:04}.yml"] = workflow(number)
    for number in range(PROJECTS // part):
        wanted.update((f"packages/p{number:03}/{name}", text) for name, text in project(number))
    others = FILES // part - len(wanted)
    for path, text in {**wanted, **dict(map(other, range(others), [part] * others))}.items():
        file = top / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    track(top)
    return sum(map(len, wanted.values())) // 1024


def project(number: int) -> list[tuple[str, str]]:
    """Name and text of the files of one project that a run has to read."""
    size = SIZES[number // len(TOOLS) % len(SIZES)]
    found = list(locks.project(TOOLS[number % len(TOOLS)], size).items())
    if number % COMPILED == 0:
        head, _, pins = locks.compiled(PINS, 3, "-r requirements.in").partition("\n")
        names = "".join(f"package-{pin}\n" for pin in range(PINS))
        found += [
            ("requirements.in", names),
            ("requirements.txt", f"{head}\n{COMMAND}{pins}"),
        ]
    return found


def other(number: int, part: int) -> tuple[str, str]:
    """Path and text of a file that no practice but Bandit's looks into."""
    folder = f"packages/p{number % (PROJECTS // part):03}"
    if number % 4:
        return f"{folder}/src/part_{number}.py", MODULE.format(number=number)
    return f"{folder}/docs/part_{number}.rst", TEXT.format(number=number)


def measure(top: Path, part: int, arguments: list[str]) -> Measured:
    """Build one part, and run the command over it."""
    kilobytes = build(top, part)
    command = [str(BIN / "tenterhooks"), *arguments]
    environment = {**os.environ, "XDG_CACHE_HOME": str(top.parent / "cache")}
    # The first does not count: it is then that the disk is read.
    runs = [spent(top, command, environment) for _ in range(RUNS + 1)][1:]
    into = top.parent / "stages.json"
    spent(top, [sys.executable, str(STAGES), str(into), *arguments], environment)
    return Measured(
        FILES // part,
        PROJECTS // part,
        WORKFLOWS // part,
        kilobytes,
        statistics.median(seconds for seconds, _, _ in runs),
        statistics.median(work for _, work, _ in runs),
        max(megabytes for _, _, megabytes in runs),
        json.loads(into.read_text("utf-8")),
    )


def spent(top: Path, command: list[str], environment: dict[str, str]) -> tuple[float, float, float]:
    """Seconds, seconds of work, and the megabytes that the largest of a command's processes had at
    most."""
    shutil.rmtree(environment["XDG_CACHE_HOME"], ignore_errors=True)
    start = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=top, env=environment, stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"{command[0]} failed: {said.read(2000).decode()}")
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit


def practices(*, with_bandit: bool) -> list[str]:
    """Arguments for the command, which by itself runs all practices that are installed."""
    if with_bandit:
        return []
    return [word for id in practice_ids() if id != "bandit" for word in ("--select", id)]


def main(*, with_bandit: bool) -> int:
    """Print the curve and the stages; 1 where the growth or the memory is too much."""
    print("files  projects  workflows   to read  seconds   work  ratio  memory")
    found: list[Measured] = []
    for part in PARTS:
        with tempfile.TemporaryDirectory() as parent:
            it = measure(Path(parent) / "top", part, practices(with_bandit=with_bandit))
        ratio = f"{it.work / found[-1].work:5.2f}" if found else "     "
        size = f"{it.files:5}  {it.projects:8}  {it.workflows:9}  {it.kilobytes:5} kB"
        cost = f"{it.seconds:7.2f}  {it.work:5.2f}  {ratio}  {it.megabytes:3.0f} MB"
        print(f"{size}  {cost}", flush=True)
        found.append(it)
    _print_stages(found)
    return _judged(found)


def _print_stages(found: list[Measured]) -> None:
    last = found[-1].stages
    whole = sum(last.values())
    print(f"\n{'stage':30} " + " ".join(f"{it.files:8}" for it in found) + "  share")
    for stage in sorted(last, key=last.__getitem__, reverse=True):
        row = " ".join(f"{it.stages.get(stage, 0.0):8.3f}" for it in found)
        print(f"{stage:30} {row}  {last[stage] / whole:5.1%}")


def _judged(found: list[Measured]) -> int:
    over = [
        f"{it.files} files take {it.work / before.work:.2f} times the work of half of them"
        for before, it in itertools.pairwise(found)
        if it.work > LINEAR * before.work
    ]
    over += [
        f"{it.files} files take {it.megabytes:.0f} MB of {MEGABYTES}"
        for it in found
        if it.megabytes > MEGABYTES
    ]
    print("", *over or [f"linear, and below {MEGABYTES} MB"], sep="\n")
    return int(bool(over))
