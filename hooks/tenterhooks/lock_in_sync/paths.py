"""What project and lock files are called, and which tool keeps which."""

from __future__ import annotations

from tenterhooks.core.patterns import lazy


class Locker:
    """A tool that locks. name: what people call it. project: the file that tells what is wanted.
    command: what makes it write its lock again."""

    __slots__ = ("command", "name", "project")

    def __init__(self, name: str, project: str, command: str) -> None:
        self.name = name
        self.project = project
        self.command = command


# By the name of the lock; what has two of them is held against the first.
LOCKERS = {
    "uv.lock": Locker("uv", "pyproject.toml", "uv lock"),
    "poetry.lock": Locker("Poetry", "pyproject.toml", "poetry lock"),
    "pdm.lock": Locker("PDM", "pyproject.toml", "pdm lock"),
    "Pipfile.lock": Locker("pipenv", "Pipfile", "pipenv lock"),
}
# Of a script (PEP 723), which uv locks.
SCRIPT_LOCK = ".py.lock"
# The lock that every tool can write (PEP 751).
PYLOCK = r"pylock(\.[^/]+)?\.toml"
# Compiled requirements may have any name; their header tells.
COMPILED = r"[^/]+\.(txt|in|lock)"
PATTERN = rf"(^|/)({COMPILED}|{PYLOCK}|pyproject\.toml|uv\.toml|Pipfile|setup\.cfg)$"
LOCK = lazy(rf"(^|/)((uv|poetry|pdm|Pipfile|[^/]+\.py)\.lock|{PYLOCK})$")
PROJECT = lazy(r"(^|/)(pyproject\.toml|Pipfile)$")
# What says as well which versions a project gets, though it is not compared with its pyproject.
OTHER_LOCK = lazy(rf"(?:Pipfile|pixi)\.lock|{PYLOCK}|(?:[^/]+[.-])?conda-lock\.ya?ml")


def lock_names(project: str) -> tuple[str, ...]:
    """The names of the locks that tools keep of a project file of this name."""
    return tuple(lock for lock, locker in LOCKERS.items() if locker.project == project)
