"""What a project says of indexes: those that its lock may name."""

from __future__ import annotations

import posixpath
import re

from tenterhooks.core import parsed, toml
from tenterhooks.core.files import Unreadable
from tenterhooks.lock_in_sync import hosts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File, Repository

    Keys = tuple[str, ...]

_PROJECT = re.compile(r"(?:^|/)pyproject\.toml$")
_URL = re.compile(r"""["']([a-z+]+://[^"'\n]+)["']""")
_UV: tuple[tuple[str, Keys], ...] = (("pyproject.toml", ("tool", "uv")), ("uv.toml", ()))
_POETRY: tuple[str, Keys] = ("pyproject.toml", ("tool", "poetry", "source"))
_PDM: tuple[str, Keys] = ("pyproject.toml", ("tool", "pdm", "source"))
_PIPENV: tuple[str, Keys] = ("Pipfile", ("source",))
# By the lock's name: where indexes are named, and the table to name one in.
_PLACES = {
    "uv.lock": (_UV, "[[tool.uv.index]]"),
    "poetry.lock": ((_POETRY,), "[[tool.poetry.source]]"),
    "pdm.lock": ((_PDM,), "[[tool.pdm.source]]"),
    "Pipfile.lock": ((_PIPENV,), "[[source]]"),
}
_ANY = ((*_UV, _POETRY, _PDM, _PIPENV), "its table of indexes")
_MAX_VALUES = 10_000


class Settings:
    """The indexes that the project of a lock names. It is read when it is first asked."""

    def __init__(self, lock: File, repository: Repository) -> None:
        self._lock = lock
        self._repository = repository
        self._folder, self._base = posixpath.split(lock.path)
        self._places, self._table = _PLACES.get(self._base, _ANY)
        self._urls: list[str] | None = None
        # Poetry and Pipenv take indexes from the project alone.
        self.can_be_elsewhere = self._base not in ("poetry.lock", "Pipfile.lock")

    @property
    def name(self) -> str:
        """The project file, as messages call it."""
        return "the script" if self._is_script else self._places[0][0]

    @property
    def how(self) -> str:
        """How to let the project name an index."""
        return f"if it is meant, name it in {self.name}, in {self._table}"

    @property
    def urls(self) -> list[str]:
        """The URLs of all that it names."""
        if self._urls is None:
            self._urls = list(self._script() if self._is_script else self._read())
        return self._urls

    @property
    def hosts(self) -> set[str]:
        return {found.host for found in map(hosts.address, self.urls) if found}

    def names_index(self, url: str) -> bool:
        """Whether the project names this index; True as well where that cannot be known: there is
        no project file, or the environment fills something in."""
        if not self._files():
            return True
        name = hosts.index(url)
        return any(hosts.index(it) == name or _is_open(it) for it in self.urls)

    @property
    def _is_script(self) -> bool:
        return self._base.endswith(".py.lock")

    def _files(self) -> list[tuple[File, Keys]]:
        if self._is_script:
            script = self._repository.file(self._lock.path.removesuffix(".lock"))
            return [(script, ())] if script.is_there else []
        found = [
            (self._repository.file(posixpath.join(self._folder, name)), keys)
            for name, keys in self._places
        ]
        return [(file, keys) for file, keys in found if file.is_there]

    def _script(self) -> Iterator[str]:
        for script, _ in self._files():
            try:
                yield from _URL.findall(script.text)
            except Unreadable:
                continue

    def _read(self) -> Iterator[str]:
        files = self._files()
        if self._base == "uv.lock" and self._repository.is_git:
            # A member of a workspace may name an index for itself.
            members = self._repository.matching(_PROJECT, self._folder)
            beside = posixpath.join(self._folder, "pyproject.toml")
            files += [(file, ("tool", "uv")) for file in members if file.path != beside]
        for file, keys in files:
            try:
                yield from _strings(toml.load(file), keys)
            except Unreadable:
                continue


def _is_open(url: str) -> bool:
    """Whether the environment says where a URL leads; of credentials it may."""
    found = hosts.address(url)
    return "$" in (url if found is None else str(found))


def _strings(document: object, keys: Keys) -> Iterator[str]:
    """All strings with an address at and below ``keys``."""
    queue = [parsed.at(document, *keys)]
    for _ in range(_MAX_VALUES):
        if not queue:
            return
        value = queue.pop()
        if isinstance(value, dict):
            queue.extend(value.values())
        elif isinstance(value, list):
            queue.extend(value)
        elif isinstance(value, str) and "://" in value:
            yield value
