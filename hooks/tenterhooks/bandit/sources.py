"""The file that configures Bandit: where it is found, and what it says with the place of each
thing, whether it is TOML, YAML or INI."""

from __future__ import annotations

import os

from tenterhooks.core.config import ConfigError
from tenterhooks.core.files import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tenterhooks.core.files import File, Repository

    Path = tuple[str | int, ...]

PYPROJECT = "pyproject.toml"
# In this order, where the pyproject has no [tool.bandit].
OTHERS = (".bandit", "bandit.yaml", "bandit.yml")
TABLE = ("tool", "bandit")
TOML, YAML, INI = "toml", "yaml", "ini"
_BY_NAME = {".toml": TOML, ".yaml": YAML, ".yml": YAML, ".ini": INI, ".cfg": INI}


class SettingsError(ConfigError):
    """Bandit's configuration is wrong: one line that begins with its place."""


class Source:
    """What one file says.

    kind: TOML, YAML or INI. values: plain values by key, ``[tool.bandit]`` itself in TOML, texts
    in INI. is_silent: whether nothing in the file speaks to Bandit.
    """

    def __init__(self, file: File, kind: str) -> None:
        self.file = file
        self.kind = kind
        self.values: dict[Any, Any] = {}
        self.is_silent = False
        self._places: dict[Path, tuple[int, int]] = {}
        self._read()

    def place(self, path: Path) -> str:
        """``path:line:column`` of the value that ``path`` leads to, or of what is around it."""
        if self.kind == TOML:
            from tenterhooks.core import toml

            line, column = toml.locate(self.file, (*TABLE, *path))
        else:
            while path and path not in self._places:
                path = path[:-1]
            line, column = self._places.get(path, (1, 1))
        return f"{self.file.shown}:{line}:{column}"

    def error(self, path: Path, what: str) -> SettingsError:
        """What is wrong with the value at ``path``."""
        name = ".".join(str(part) for part in path if isinstance(part, str))
        return SettingsError(f"{self.place(path)}: {name + ': ' if name else ''}{what}")

    def _read(self) -> None:
        try:
            {TOML: self._read_toml, YAML: self._read_yaml, INI: self._read_ini}[self.kind]()
        except Unreadable as error:
            raise _unreadable(self.file, error) from None

    def _read_toml(self) -> None:
        from tenterhooks.core import toml

        table: Any = toml.load(self.file)
        for depth, key in enumerate(TABLE, 1):
            self.is_silent = self.is_silent or key not in table
            table = table.get(key, {})
            if not isinstance(table, dict):
                line, column = toml.locate(self.file, TABLE[:depth])
                where = f"{self.file.shown}:{line}:{column}"
                raise SettingsError(f"{where}: {'.'.join(TABLE[:depth])}: must be a table")
        self.values = table

    def _read_yaml(self) -> None:
        from tenterhooks.bandit import plain_yaml

        values, self._places = plain_yaml.load(self.file)
        self.is_silent = values is None
        if not isinstance(values, dict | None):
            raise Unreadable("must be a mapping of keys to values")
        self.values = values or {}

    def _read_ini(self) -> None:
        from tenterhooks.bandit import ini

        section = ini.section(self.file, "bandit")
        if section is None:
            raise Unreadable("has no section [bandit]")
        for key, (value, line) in section.items():
            self.values[key] = value
            self._places[key,] = line, 1


def find(repository: Repository, given: str | None) -> Source | None:
    """The file that ``--bandit-config`` names, else ``[tool.bandit]`` of the pyproject at the top,
    else ``.bandit``, ``bandit.yaml`` or ``bandit.yml`` there; None where none of these is.

    Raises SettingsError: it cannot be read, or is not what it seems to be.
    """
    if given:
        return read(named(repository, given))
    pyproject = repository.file(PYPROJECT)
    if os.path.lexists(pyproject.absolute) and _speaks(pyproject):
        source = Source(pyproject, TOML)
        if not source.is_silent:
            return source
    for path in OTHERS:
        file = repository.file(path)
        if os.path.isfile(file.absolute) or os.path.islink(file.absolute):
            return read(file)
    return None


def read(file: File) -> Source:
    """The file, in the form that its name or else its content has. Raises SettingsError."""
    kind = _BY_NAME.get(os.path.splitext(file.path)[1])
    try:
        return Source(file, kind or _kind(file))
    except Unreadable as error:
        raise _unreadable(file, error) from None


def named(repository: Repository, name: str) -> File:
    """The file that an option names: from the working directory, else from the top."""
    file = repository.given(name)
    if os.path.lexists(file.absolute) or os.path.isabs(name):
        return file
    above = repository.file(os.path.normpath(name).replace(os.sep, "/"))
    return above if os.path.lexists(above.absolute) else file


def _speaks(file: File) -> bool:
    """Whether a pyproject may speak of Bandit; if not, its faults are for its own checkers."""
    try:
        return b"bandit" in file.data
    except Unreadable as error:
        raise _unreadable(file, error) from None


def _kind(file: File) -> str:
    """The form of a file whose name does not tell: people keep YAML in their .bandit as well."""
    from tenterhooks.bandit import ini

    if ini.has_section(file, "bandit"):
        return INI
    return TOML if ini.has_section(file, ".".join(TABLE)) else YAML


def _unreadable(file: File, error: Unreadable) -> SettingsError:
    return SettingsError(error.told(file.shown))
