"""A long campaign over all targets, each execution by a number, so that it can be stopped and gone
on with, and every find made again:

    TENTERHOOKS_FUZZ=1000000 python3 dev.py test tests/fuzz     all of it, as a test
    python tests/fuzz/campaign.py --executions 1000000 --state fuzz.json
    python tests/fuzz/campaign.py --show "toml" 1234            the file of one execution

Each target is tried in processes of their own, with 200 MB more than they have when they begin, and
given up after a time. What is found is in the state file: what is wrong, how often, and the number
of the first execution that came to it.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import gc
import json
import mmap
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

TESTS = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path[:0] = [str(TESTS), str(TESTS.parent / "hooks")]

from fuzz import mutations, practices, watch  # noqa: E402
from fuzz.seeds import Seed  # noqa: E402
from fuzz.targets import BY_NAME, TARGETS, Target  # noqa: E402

CHUNK = 4000
_COLLECT = 25
_GIVE_UP = 900  # seconds for a chunk
_WEIGHTS = {"practice: all of them": 0.5, "practice: bandit": 0.5}
State = dict[str, dict[str, Any]]


def made(target: Target, seed: int, number: int) -> tuple[Seed, bytes]:
    """The file of one execution."""
    random = Random(f"{seed}/{target.name}/{number}")
    chosen = random.choice(target.seeds)
    return chosen, mutations.mutated(chosen, random, target.seeds, target.words)


def kind(fault: str) -> str:
    """What two finds have in common that are the same one."""
    place = fault.rpartition(" at ")[2] if ".py:" in fault else ""
    return f"{re.sub(r'[0-9]+', 'N', fault)[:100]} @ {place}"


def work(name: str, seed: int, first: int, count: int, progress: str = "") -> dict[str, Any]:
    """Some executions of a target in this process; the number at hand is kept in the file
    ``progress``, for the case that it does not live to tell."""
    target = BY_NAME[name]
    result: dict[str, Any] = {"done": 0, "seconds": 0.0, "refused": 0, "faults": {}}
    slowest, grown = [0.0, -1, 0], [0.0, -1, 0]
    with practices.without_git(), _Marker(progress) as marker:
        for warm in range(3):
            watch.look(target.act, target.seeds[0], made(target, seed, -1 - warm)[1])
        if progress:
            watch.limit()
        started = time.process_time()
        for number in range(first, first + count):
            marker[:8] = number.to_bytes(8, "little")
            chosen, data = made(target, seed, number)
            look = watch.look(target.act, chosen, data)
            result["refused"] += look.refused
            slowest = max(slowest, [look.seconds, number, len(data)])
            grown = max(grown, [look.grown, number, len(data)])
            if look.fault:
                found = result["faults"].setdefault(
                    kind(look.fault), {"count": 0, "first": number, "text": look.fault}
                )
                found["count"] += 1
            if progress and number % _COLLECT == 0:
                gc.collect()
    result["seconds"] = time.process_time() - started
    return {**result, "done": count, "slowest": slowest, "grown": grown}


class _Marker:
    """Eight bytes in a file, or nowhere."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._bytes: Any = bytearray(8)

    def __enter__(self) -> Any:
        if self._path:
            with open(self._path, "r+b") as stream:
                self._bytes = mmap.mmap(stream.fileno(), 8)
        return self._bytes

    def __exit__(self, *_: object) -> None:
        return


def apart(name: str, seed: int, first: int, count: int) -> dict[str, Any]:
    """Some executions in a process of their own; one that it dies of is a find."""
    with tempfile.NamedTemporaryFile() as progress:
        progress.write(bytes(8))
        progress.flush()
        command = [sys.executable, __file__, "--work", name, str(seed), str(first), str(count)]
        try:
            done = subprocess.run(
                [*command, progress.name], capture_output=True, check=False, timeout=_GIVE_UP
            )
            said, code = done.stdout, done.returncode
            why = f"ended with {code}: {done.stderr.decode(errors='replace')[-300:]}"
        except subprocess.TimeoutExpired:
            code, said, why = -1, b"", "does not end"
        if code == 0:
            result: dict[str, Any] = json.loads(said)
            return result
        at = int.from_bytes(Path(progress.name).read_bytes()[:8], "little")
    fault = f"Died: {' '.join(why.split())}"
    lost = {"done": 1, "seconds": 0.0, "refused": 0, "slowest": [0.0, -1, 0], "grown": [0, -1, 0]}
    lost["faults"] = {kind(fault): {"count": 1, "first": at, "text": fault}}
    parts = [lost]
    if at > first:
        parts.append(apart(name, seed, first, at - first))
    rest = first + count - at - 1
    if rest > 0 and at >= first:
        parts.append(apart(name, seed, at + 1, rest))
    return joined(parts)


def joined(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Several results as one."""
    faults: dict[str, Any] = {}
    for part in parts:
        for key, fault in part["faults"].items():
            known = faults.setdefault(key, {**fault, "count": 0})
            known["count"] += fault["count"]
    return {
        **{key: sum(part[key] for part in parts) for key in ("done", "seconds", "refused")},
        **{key: max(part[key] for part in parts) for key in ("slowest", "grown")},
        "faults": faults,
    }


def shares(executions: int, names: Sequence[str]) -> dict[str, int]:
    """How many executions each target gets."""
    weights = {name: _WEIGHTS.get(name, 1.0) for name in names}
    return {
        name: -(-int(executions * weight) // max(1, int(sum(weights.values()))))
        for name, weight in weights.items()
    }


def _chunks(state: State, wanted: Mapping[str, int]) -> Iterator[tuple[str, int, int]]:
    """What is left to be done, the targets in turn."""
    waiting = {name: state[name]["done"] if name in state else 0 for name in wanted}
    while waiting:
        for name, first in list(waiting.items()):
            count = min(CHUNK, wanted[name] - first)
            if count <= 0:
                del waiting[name]
                continue
            waiting[name] = first + count
            yield name, first, count


def campaign(executions: int, seed: int, path: str, jobs: int, names: Sequence[str]) -> State:
    """Go on up to so many executions in all; what is known is written after each chunk."""
    state: State = {}
    if path and os.path.exists(path):
        state = json.loads(Path(path).read_text("utf-8"))
    chunks = _chunks(state, shares(executions, names))
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        # As many at a time as there are jobs, so that the numbers of a target are done in order.
        running: dict[Any, str] = {}
        while True:
            for name, first, count in chunks:
                running[pool.submit(apart, name, seed, first, count)] = name
                if len(running) >= jobs:
                    break
            if not running:
                return state
            over = concurrent.futures.wait(
                running, return_when=concurrent.futures.FIRST_COMPLETED
            ).done
            for future in over:
                name = running.pop(future)
                known = [state[name]] if name in state else []
                state[name] = joined([*known, future.result()])
                if path:
                    Path(f"{path}.new").write_text(json.dumps(state, indent=1), "utf-8")
                    os.replace(f"{path}.new", path)


def table(state: State) -> str:
    """A line a target."""
    lines = [
        "target                        executions  refused  CPU s  slowest s (bytes)  MB  finds"
    ]
    for name, it in state.items():
        slow, grown = it["slowest"], it["grown"]
        share = 100 * it["refused"] // max(1, it["done"])
        lines.append(
            f"{name:28} {it['done']:11} {share:6} % {it['seconds']:6.0f} "
            f"{slow[0]:9.2f} ({slow[2]:6}) {grown[0]:5.0f} {len(it['faults']):4}"
        )
    done = sum(it["done"] for it in state.values())
    seconds = sum(it["seconds"] for it in state.values())
    return "\n".join([*lines, f"{'in all':28} {done:11} {'':8} {seconds:6.0f}"])


def is_asked_for(name: str, parts: Sequence[str] | None) -> bool:
    return not parts or any(part in name for part in parts)


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--executions", type=int, default=100_000, help="in all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--state", default="", help="file to keep the results in, and go on from")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", action="append", help="part of a target's name")
    parser.add_argument("--show", nargs=2, metavar=("TARGET", "NUMBER"))
    parser.add_argument("--work", nargs=5, help=argparse.SUPPRESS)
    given = parser.parse_args(argv)
    os.environ["SOURCE_DATE_EPOCH"] = "1768478400"
    if given.work:
        name, seed, first, count, progress = given.work
        json.dump(work(name, int(seed), int(first), int(count), progress), sys.stdout)
        return 0
    if given.show:
        target = BY_NAME[given.show[0]]
        chosen, data = made(target, given.seed, int(given.show[1]))
        print(f"{chosen.case.folder}: {chosen.path}", file=sys.stderr)
        sys.stdout.buffer.write(data)
        return 0
    names = [target.name for target in TARGETS if is_asked_for(target.name, given.only)]
    state = campaign(given.executions, given.seed, given.state, given.jobs, names)
    print(table(state))
    for name, it in state.items():
        for fault in it["faults"].values():
            print(f"{name}: {fault['first']} ({fault['count']}): {fault['text']}")
    return int(any(it["faults"] for it in state.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
