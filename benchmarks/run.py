"""Every line of the speed budget, as a ratio against its peer in the same run.

Run by `python3 dev.py bench`. Whole processes are timed from outside, the commands in turn, so
that a machine whose speed drifts drifts for all of them; the median counts.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import locks
import monorepo
import python_files
from workflows import POLICY, track, workflow

BIN = Path(sys.executable).parent
FLOOR = [sys.executable, "-I", "-c", "pass"]
ZIZMOR = ["zizmor", "--no-online-audits", "--no-config", "--no-progress", "--quiet"]
RUNTIME = ("tenterhooks", "packaging", "tomli", "ruamel.yaml", "ruamel.yaml.clib")
MEGABYTE = 1024 * 1024


class Line(NamedTuple):
    """One line of the budget: the ratio of two commands, and how large it may be.

    finds: both have findings. cache: where our cache is between the runs; without it, each run
    begins with none. runs: how many, where the commands take so long that few must do.
    """

    what: str
    command: list[str]
    peer: list[str]
    folder: Path
    budget: float
    finds: bool = False
    cache: Path | None = None
    runs: int | None = None


def repository(parent: Path, name: str, workflows: int) -> Path:
    """A git repository with that many workflows, a security policy and a pyproject."""
    top = parent / name
    folder = top / ".github" / "workflows"
    folder.mkdir(parents=True)
    for number in range(workflows):
        (folder / f"w{number:04}.yml").write_text(workflow(number), "utf-8")
    (top / "SECURITY.md").write_text(POLICY, "utf-8")
    (top / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "1.0"\n', "utf-8")
    track(top)
    return top


def names(top: Path) -> list[str]:
    """The workflows of a repository, as a runner passes them."""
    return sorted(path.relative_to(top).as_posix() for path in top.glob(".github/workflows/*"))


def budget(parent: Path) -> list[Line]:
    """The lines of the design's budget that the hooks of today touch."""
    empty, like_urllib3 = repository(parent, "empty", 0), repository(parent, "seven", 7)
    (empty / "requirements.txt").write_text(locks.compiled(), "utf-8")
    (empty / "uv.lock").write_text(locks.uv(), "utf-8")
    hashed = ["hashed-requirements", "requirements.txt"]
    lines = [
        Line("hashed-requirements, 10,000 lines", hashed, FLOOR, empty, 6),
        Line("hashed-requirements, 2 MB lock", [hashed[0], "uv.lock"], FLOOR, empty, 8),
        Line("pinned-actions, nothing to do", ["pinned-actions"], FLOOR, empty, 2.5),
        Line("trusted-publishing, nothing to do", ["trusted-publishing"], FLOOR, empty, 2.5),
        Line("security-policy, all well", ["security-policy"], FLOOR, empty, 2.5),
        Line("tenterhooks, 7 workflows", ["tenterhooks"], FLOOR, like_urllib3, 12),
    ]
    for count in (1, 10, 100, 1000):
        top = repository(parent, f"r{count}", count)
        files = names(top)
        for hook in ("pinned-actions", "trusted-publishing"):
            what = f"{hook}, {count} workflow{'s' * (count > 1)}"
            if count == 10:
                lines.append(Line(what, [hook, *files], FLOOR, top, 6))
            runs = 5 if count == 1000 else None
            lines.append(Line(what, [hook, *files], [*ZIZMOR, *files], top, 1, runs=runs))
    return lines


def bandit_lines(parent: Path) -> list[Line]:
    """The hook `bandit` against what its users run today. Prints how far the two agree."""
    theirs = python_files.peer(parent)
    lines = []
    for (count, top), ratio in zip(python_files.corpora(parent).items(), (3, 4, 5, 8), strict=True):
        files = python_files.names(top)
        found, different = python_files.differences(top, theirs)
        print(f"{len(files)} Python files: {found} findings of Bandit, {different} differences")
        if different:
            raise SystemExit("what does not agree is not to be compared")
        ours = [python_files.HOOK, *files]
        what = f"bandit, {len(files)} file{'s' * (count > 1)}"
        runs = 3 if count > 100 else None
        # With -q, and as Bandit's own hook runs it.
        for flags in (["-q"], []):
            peer = [*theirs, *flags, *files]
            lines.append(Line(what, ours, peer, top, 1 / ratio, finds=True, runs=runs))
        if count > 1000:
            print(f"memory of a process: {python_files.largest_megabytes(top):.0f} MB of 200")
            warm = lines[-2]._replace(what=f"{what}, warm", budget=1 / 40, cache=parent / "cache")
            lines.append(warm)
    return lines


def lock_lines(parent: Path) -> list[Line]:
    """The hook `lock-in-sync` against the floor, and against what its users run today: both must
    say the same."""
    empty = locks.without_locks(parent)
    lines = [Line("lock-in-sync, nothing to do", [locks.HOOK], FLOOR, empty, 2.5)]
    for tool, top in locks.large(parent).items():
        lines.append(Line(f"lock-in-sync, 2 MB of {tool}", [locks.HOOK], FLOOR, top, 8))
    # uv keeps there what it knows of the interpreter.
    cache = parent / "uv"
    for what, top, command, ratio, is_stale in locks.trials(parent):
        ours, name = [locks.HOOK], f"lock-in-sync, {what}"
        lines.append(Line(name, ours, command, top, ratio, finds=is_stale, cache=cache))
    return lines


def seconds(line: Line, command: list[str]) -> float:
    """Wall time of one run of one of a line's commands, from this environment."""
    program = command[0] if os.path.isabs(command[0]) else str(BIN / command[0])
    with tempfile.TemporaryDirectory() as fresh:
        environment = {**locks.environment(), "XDG_CACHE_HOME": str(line.cache or fresh)}
        start = time.perf_counter()
        done = subprocess.run(
            [program, *command[1:]],
            cwd=line.folder,
            env=environment,
            capture_output=True,
            check=False,
            text=True,
        )
        taken = time.perf_counter() - start
    # zizmor's codes tell the severity.
    if done.returncode not in (0, 10, 11, 12, 13, 14, int(line.finds)):
        raise SystemExit(
            f"{command[0]} failed with {done.returncode}: {done.stderr or done.stdout}"
        )
    return taken


def measure(line: Line, runs: int) -> tuple[float, float]:
    """Medians of the command and of its peer, in seconds, after a run that does not count."""
    ours, theirs = [], []
    for run in range(runs + 1):
        pair = seconds(line, line.command), seconds(line, line.peer)
        if run:
            ours.append(pair[0])
            theirs.append(pair[1])
    return statistics.median(ours), statistics.median(theirs)


def peer_name(line: Line) -> str:
    """What the peer of a line is called."""
    if line.peer is FLOOR:
        return "python -I"
    return ("bandit -q" if "-q" in line.peer else "bandit") if "-S" in line.peer else line.peer[0]


def package_megabytes() -> dict[str, float]:
    """What each package of the hook environment takes on the disk, byte code included."""
    sizes = {}
    for name in RUNTIME:
        try:
            files = importlib.metadata.files(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        paths = [path for path in (Path(str(file.locate())) for file in files) if path.is_file()]
        sizes[name] = sum(path.stat().st_size for path in paths) / MEGABYTE
    return sizes


def main() -> int:
    """Print the table; 1 where a line is over its budget."""
    parser = argparse.ArgumentParser(description=__doc__, add_help=True)
    parser.add_argument("--runs", type=int, default=15, help="runs of each command (default: 15)")
    parser.add_argument(
        "--monorepo", action="store_true", help="how time and memory grow with a repository"
    )
    parser.add_argument("--bandit", action="store_true", help="with --monorepo: with Bandit, too")
    given = parser.parse_args()
    if given.monorepo:
        return monorepo.main(with_bandit=given.bandit)
    runs = given.runs
    over = 0
    print(f"{'what':34} {'ours':>9} {'peer':>9}  {'peer is':12} {'ratio':>6} {'budget':>6}")
    with tempfile.TemporaryDirectory() as parent:
        top = Path(parent)
        for line in [*budget(top), *lock_lines(top), *bandit_lines(top)]:
            ours, theirs = measure(line, min(runs, line.runs or runs))
            ratio = ours / theirs
            over += ratio > line.budget
            peer = peer_name(line)
            verdict = "over" if ratio > line.budget else "within"
            print(
                f"{line.what:34} {ours * 1000:6.1f} ms {theirs * 1000:6.1f} ms  {peer:12} "
                f"{ratio:6.3f} {line.budget:6.3f} {verdict}",
                flush=True,
            )
    sizes = package_megabytes()
    parts = ", ".join(f"{name} {size:.1f}" for name, size in sizes.items())
    print(f"packages of the hook environment: {sum(sizes.values()):.1f} MB ({parts})")
    return 1 if over else 0


if __name__ == "__main__":
    raise SystemExit(main())
