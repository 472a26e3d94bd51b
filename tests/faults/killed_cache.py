"""Scan with a cache in one child after the other, each killed one SQL statement later.

    python killed_cache.py FOLDER

Printed is, for each, the statement, whether the cache is sound, and whether it is believed rightly.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Iterator
from typing import Any

from tenterhooks.bandit import cache
from tenterhooks.bandit.plain import pack
from tenterhooks.bandit.ruleset import Ruleset

FILES = [(f"{number}.py", b"exec(x)\n" * (number + 1)) for number in range(3)]
cache.WORTH_BYTES = 0


def scanned(folder: str) -> list[Any]:
    rules = Ruleset(tests=["B102"])
    return [pack(result) for _, result in cache.scan_cached(FILES, rules, folder=folder)]


def kill_at(left: int, told: int) -> None:
    real = sqlite3.connect

    def step(statement: str) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.write(told, statement.encode())
            os.kill(os.getpid(), signal.SIGKILL)

    def connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = real(*arguments, **options)
        connection.set_trace_callback(step)
        return connection

    sqlite3.connect = connect  # type: ignore[assignment]


def runs(folder: str) -> Iterator[tuple[str, str, bool]]:
    wanted = scanned(os.path.join(folder, "other"))
    place = os.path.join(folder, "cache")
    for at in itertools.count(1):
        shutil.rmtree(place, ignore_errors=True)
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            kill_at(at, writing)
            scanned(place)
            os._exit(0)
        os.close(writing)
        with open(reading, "rb") as told:
            statement = told.read().decode()
        os.waitpid(pid, 0)
        connection = sqlite3.connect(os.path.join(place, "bandit-1.sqlite"))
        sound = connection.execute("PRAGMA integrity_check").fetchone()[0]
        connection.close()
        yield statement, sound, scanned(place) == wanted == scanned(place)
        if not statement:
            return


if __name__ == "__main__":
    print(json.dumps(list(runs(sys.argv[1]))))
