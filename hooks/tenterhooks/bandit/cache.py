"""What was found before: results kept under a digest of the rules, the path and the content.

One SQLite file under the user's cache folder, shared by all repositories and processes. It may
be deleted, restored from elsewhere or broken at any time: what it does not say well is looked
for again.
"""

from __future__ import annotations

import os
import sys

from tenterhooks.bandit import driver, plain, workers

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Sequence

    from tenterhooks.bandit.model import Result
    from tenterhooks.bandit.ruleset import Ruleset

    Files = Sequence[tuple[str, bytes]]

LIMIT = 64 * 1024 * 1024
# Below so many bytes of source, to ask and to keep takes too large a part of what finding takes:
# measured, 15 to 20 ms, in which 150 kB are scanned. The files of one commit are mostly new.
WORTH_BYTES = 300_000
# To be raised with every change of the table; an older file is another file.
_NAME = "bandit-1.sqlite"
_APPLICATION = 0x74686B73
_TABLE = (
    "CREATE TABLE IF NOT EXISTS results"
    " (key BLOB PRIMARY KEY, value TEXT NOT NULL, day INTEGER NOT NULL)"
)
_DROP_OLDEST = (
    "DELETE FROM results WHERE rowid IN (SELECT rowid FROM results ORDER BY day, rowid"
    " LIMIT (SELECT (count(*) + 3) / 4 FROM results))"
)
_BATCH = 500
_DAY = 86_400


def scan_cached(
    files: Files, ruleset: Ruleset, jobs: int | None = None, folder: str | None = None
) -> Iterator[tuple[str, Result]]:
    """``workers.scan_all``, with what is known already taken from the cache, and what is new put
    there. folder: where it is kept, the user's cache folder if not said."""
    if sum(len(data) for _, data in files) < WORTH_BYTES:
        yield from workers.scan_all(files, ruleset, jobs)
        return
    cache = Cache(ruleset.key(), folder)
    try:
        known = cache.get(files)
        missing = [index for index in range(len(files)) if index not in known]
        found = workers.scan_all([files[index] for index in missing], ruleset, jobs)
        new = {index: result for index, (_, result) in zip(missing, found, strict=True)}
        cache.put([(*files[index], result) for index, result in new.items()])
    finally:
        cache.close()
    for index, (path, _) in enumerate(files):
        yield path, known[index] if index in known else new[index]


def default_folder() -> str | None:
    """The folder for caches of the user, where there is one."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(given):
        if sys.platform == "win32":
            given = os.environ.get("LOCALAPPDATA", "")
        else:
            tail = "Library/Caches" if sys.platform == "darwin" else ".cache"
            given = os.path.join(os.path.expanduser("~"), tail)
    return os.path.join(given, "tenterhooks") if os.path.isabs(given) else None


class Cache:
    """The results under one ruleset. Nothing here raises: no cache is as good as an empty one.

    rules: ``Ruleset.key()``. limit: how many bytes may be kept.
    """

    def __init__(self, rules: bytes, folder: str | None = None, limit: int = LIMIT) -> None:
        self._rules = rules
        self._limit = limit
        self._file = ""
        self._connection: sqlite3.Connection | None = None
        folder = default_folder() if folder is None else folder
        if folder is not None:
            self._file = os.path.join(folder, _NAME)
            self._open(folder)

    def get(self, files: Files) -> dict[int, Result]:
        """Index -> result of those of ``files`` that are known."""
        keys = {self._key(path, data): index for index, (path, data) in enumerate(files)}
        found = {}
        for key, value in self._rows(list(keys)):
            path = files[keys[key]][0]
            result = _decode(value, path)
            if result is not None:
                found[keys[key]] = result
        return found

    def put(self, found: Sequence[tuple[str, bytes, Result]]) -> None:
        """Keep results, but not those that another try could turn out otherwise."""
        import json

        day = _today()
        rows = [
            (self._key(path, data), json.dumps(plain.pack(result), separators=(",", ":")), day)
            for path, data, result in found
            if result.failure in (None, driver.SYNTAX)
        ]
        if rows:
            self._guarded(lambda connection: self._write(connection, rows))

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _key(self, path: str, data: bytes) -> bytes:
        import hashlib  # late: with OpenSSL, it costs more than a small file

        digest = hashlib.blake2b(data, key=self._rules, digest_size=20)
        digest.update(b"\0" + path.encode("utf-8", "surrogateescape"))
        return digest.digest()

    def _open(self, folder: str) -> None:
        try:
            import sqlite3
        except ImportError:  # a Python built without it
            return
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            self._connection = sqlite3.connect(self._file, timeout=2, isolation_level=None)
        except (OSError, sqlite3.Error):
            return
        self._guarded(_prepare)

    def _guarded(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Do it, unless the file is broken or busy; a broken one is removed."""
        if self._connection is None:
            return
        import sqlite3

        try:
            work(self._connection)
        except _Foreign:
            self.close()
        except (sqlite3.OperationalError, sqlite3.IntegrityError):  # locked, full, read-only
            self.close()
        except sqlite3.DatabaseError:
            self.close()
            self._remove()

    def _remove(self) -> None:
        try:
            os.remove(self._file)
        except OSError:
            pass

    def _rows(self, keys: list[bytes]) -> list[tuple[bytes, str]]:
        found: list[tuple[bytes, str]] = []

        def read(connection: sqlite3.Connection) -> None:
            old = []
            for start in range(0, len(keys), _BATCH):
                batch = keys[start : start + _BATCH]
                places = ",".join("?" * len(batch))
                query = f"SELECT key, value, day FROM results WHERE key IN ({places})"  # noqa: S608
                for key, value, day in connection.execute(query, batch):
                    found.append((key, value))
                    if day != _today():
                        old.append((_today(), key))
            if old:
                _in_transaction(connection, "UPDATE results SET day = ? WHERE key = ?", old)

        self._guarded(read)
        return found

    def _write(self, connection: sqlite3.Connection, rows: list[tuple[bytes, str, int]]) -> None:
        _in_transaction(connection, "INSERT OR REPLACE INTO results VALUES (?, ?, ?)", rows)
        if _size(connection) > self._limit:
            while _size(connection) > self._limit // 2:
                if not connection.execute(_DROP_OLDEST).rowcount:
                    break
            connection.execute("VACUUM")


class _Foreign(Exception):
    """A database of somebody else has the place."""


def _prepare(connection: sqlite3.Connection) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != _APPLICATION:
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise _Foreign
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
    # Nothing is lost but time if the machine stops in between.
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute(_TABLE)


def _in_transaction(
    connection: sqlite3.Connection, statement: str, rows: Sequence[tuple[object, ...]]
) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.executemany(statement, rows)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _size(connection: sqlite3.Connection) -> int:
    """Bytes in use."""
    pages, free, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)


def _decode(value: object, path: str) -> Result | None:
    import json

    try:
        return plain.unpack(json.loads(value), path)  # type: ignore[arg-type]
    except (TypeError, ValueError, RecursionError):
        return None


def _today() -> int:
    import time

    return int(time.time()) // _DAY
