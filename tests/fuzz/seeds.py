"""What is mutated: the files of the examples and of the lockers' data, each with its repository."""

from __future__ import annotations

import copy
import functools
import re
from pathlib import Path

from tenterhooks.core.files import File, Repository

TESTS = Path(__file__).parent.parent
MAX_SEED = 40_000
TOKEN = re.compile(r"\r\n|\n|\r|[ \t]+|\w+|[^\w\s]|\s")
_OWN = ("expected.txt", "args.txt", "after")


class Case:
    """A small repository: a folder of the examples."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        paths = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
        names = sorted(path.relative_to(folder).as_posix() for path in paths)
        self.paths = [name for name in names if name.split("/")[0] not in _OWN]
        self._repository: Repository | None = None

    def repository(self, path: str, data: bytes) -> Repository:
        """The repository with ``data`` at ``path``; the disk is left alone, git is not asked."""
        if self._repository is None:
            made = Repository(str(self.folder))
            made.top = made.cwd = str(self.folder)
            made.is_git = True
            self._repository = made
        other = copy.copy(self._repository)
        other._tracked = dict.fromkeys([*self.paths, path], "100644")
        absolute = str(self.folder / path)
        other.put(File(path, absolute, path, data))
        return other


class Seed:
    """One file of a case. tokens: of its text."""

    def __init__(self, case: Case, path: str, text: str | None = None) -> None:
        self.case = case
        self.path = path
        if text is None:
            data = (case.folder / path).read_bytes()
            text = data.decode("utf-8", "surrogateescape")
        self.text = text[:MAX_SEED]

    @functools.cached_property
    def tokens(self) -> list[str]:
        return TOKEN.findall(self.text)

    def file(self, data: bytes) -> File:
        return File(self.path, f"/nowhere/{self.path}", self.path, data)

    def repository(self, data: bytes) -> Repository:
        return self.case.repository(self.path, data)


@functools.cache
def cases() -> tuple[Case, ...]:
    """All examples, and the projects of the lockers."""
    folders = {path for path in (TESTS / "examples").glob("*/*/*") if path.is_dir()}
    data = TESTS / "lock_in_sync" / "data"
    folders |= {path for path in data.glob("*/*") if path.is_dir()}
    folders.add(data / "pipenv")
    return tuple(Case(folder) for folder in sorted(folders))


def seeds(pattern: str, cases_below: str = "") -> list[Seed]:
    """The files whose path ``pattern`` finds, of all cases or of those below a folder of tests;
    each content once."""
    found: dict[tuple[str, str], Seed] = {}
    for case in cases():
        if cases_below in f"{case.folder.relative_to(TESTS).as_posix()}/":
            for path in case.paths:
                if re.search(pattern, path):
                    seed = Seed(case, path)
                    found.setdefault((seed.path, seed.text), seed)
    return list(found.values())


def written(path: str, name: str) -> list[Seed]:
    """The files ``written/<name>-<number>.txt``, as if they were at ``path``."""
    folder = Path(__file__).parent / "written"
    files = sorted(folder.glob(f"{name}-[0-9]*.txt"))
    return [Seed(cases()[0], path, file.read_bytes().decode()) for file in files]
