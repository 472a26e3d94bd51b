"""The same targets under a coverage-guided fuzzer, atheris, where somebody has installed it:

    python tests/fuzz/guided.py --corpus folder --seconds 60 --only "lock: uv"

Each target, or each whose name has one of the parts that are asked for, is tried in a process of
its own. An input is the number of a seed in two bytes, which stands for the repository around the
file, and the file. Inputs that reach new code are kept in the folder, and the next run goes on from
them. Half of the mutations are ours, half are libFuzzer's.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from random import Random

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS.parent / "hooks")]

import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: E402

with atheris.instrument_imports(include=["tenterhooks"]):
    from fuzz import campaign, mutations, practices, watch
    from fuzz.seeds import Seed
    from fuzz.targets import BY_NAME, Target

MOST = 20_000


def guide(target: Target, folder: str, runs: int, seconds: int) -> None:
    """Does not return: libFuzzer ends the process. What was found is beside the folder."""
    faults: dict[str, list[str]] = {}
    done = 0

    def note() -> None:
        Path(f"{folder}.json").write_text(json.dumps({"done": done, "faults": faults}), "utf-8")

    def one(data: bytes) -> None:
        nonlocal done
        done += 1
        seed = target.seeds[int.from_bytes(data[:2], "big") % len(target.seeds)]
        fault = watch.look(target.act, seed, data[2:]).fault
        if fault and campaign.kind(fault) not in faults:
            faults[campaign.kind(fault)] = [fault, data.hex()]
            note()
        if done % 100 == 0:
            note()

    def mutate(data: bytes, most: int, number: int) -> bytes:
        random = Random(number)
        if number % 2:
            changed: bytes = atheris.Mutate(data[2:], most - 2)
            return data[:2] + changed
        index = random.randrange(len(target.seeds)) if number % 8 == 0 else None
        kept = int.from_bytes(data[:2], "big") if index is None else index
        seed = target.seeds[kept % len(target.seeds)]
        if index is None and len(data) > 2:
            text = data[2:].decode("utf-8", "surrogateescape")
            seed = Seed(seed.case, seed.path, text)
        made = mutations.mutated(seed, random, target.seeds, target.words, most - 2)
        return kept.to_bytes(2, "big") + made

    os.makedirs(folder, exist_ok=True)
    note()
    for number, seed in enumerate(target.seeds[:2000]):
        path = Path(folder, f"seed-{number}")
        if not path.exists():
            text = seed.text.encode("utf-8", "surrogateescape")
            path.write_bytes(number.to_bytes(2, "big") + text[: MOST - 2])
    options = [f"-runs={runs}", f"-max_total_time={seconds}", f"-max_len={MOST}"]
    options += ["-rss_limit_mb=1500", "-timeout=60", "-len_control=0", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *options, folder], one, custom_mutator=mutate)
    with practices.without_git():
        atheris.Fuzz()


def apart(name: str, corpus: str, runs: int, seconds: int) -> bool:
    """One target in a process of its own. Whether it found nothing."""
    folder = os.path.join(corpus, re.sub(r"\W+", "-", name))
    command = [sys.executable, __file__, "--corpus", folder, "--work", name]
    command += ["--runs", str(runs), "--seconds", str(seconds)]
    ended = subprocess.run(command, capture_output=True, check=False)
    told = json.loads(Path(f"{folder}.json").read_text("utf-8"))
    kept = len(os.listdir(folder))
    print(f"{name:28} {told['done']:9} {kept:6} {len(told['faults']):3}", flush=True)
    for text, data in told["faults"].values():
        print(f"    {text}: {data[:200]}")
    if ended.returncode:
        print(f"    ended with {ended.returncode}: {ended.stderr.decode(errors='replace')[-500:]}")
    return not (ended.returncode or told["faults"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--corpus", required=True, help="folder of inputs, kept and gone on from")
    parser.add_argument("--runs", type=int, default=100_000, help="at most, of each target")
    parser.add_argument("--seconds", type=int, default=60, help="at most, for each target")
    parser.add_argument("--only", action="append", help="part of a target's name")
    parser.add_argument("--work", help=argparse.SUPPRESS)
    given = parser.parse_args()
    os.environ["SOURCE_DATE_EPOCH"] = "1768478400"
    if given.work:
        guide(BY_NAME[given.work], given.corpus, given.runs, given.seconds)
    os.makedirs(given.corpus, exist_ok=True)
    print("target                       executions inputs  finds")
    names = [name for name in BY_NAME if campaign.is_asked_for(name, given.only)]
    clean = [apart(name, given.corpus, given.runs, given.seconds) for name in names]
    return int(not all(clean))


if __name__ == "__main__":
    sys.exit(main())
