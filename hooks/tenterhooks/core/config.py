"""``[tool.tenterhooks]`` of the pyproject.toml or tenterhooks.toml at the top of the repository, or
of the file given with ``--config``. It mirrors the options one to one; options win."""

from __future__ import annotations

import os
from types import SimpleNamespace

from tenterhooks.core.files import Unreadable
from tenterhooks.core.practice import practice_ids

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tenterhooks.core.files import File, Repository
    from tenterhooks.core.practice import Option, Practice

TOP = ("tool", "tenterhooks")
_LISTED = 30  # names, at most, in an error
ACCEPT = "accept"  # see acceptances.py
# The second one is for projects without the first, which must not get one: pip would build them
# in another way.
FILES = ("pyproject.toml", "tenterhooks.toml")
_WANTED: dict[str, tuple[type, str]] = {
    "flag": (bool, "true or false"),
    "text": (str, "a string"),
    "number": (int, "a whole number"),
    "list": (list, "a list of strings"),
}


class ConfigError(Exception):
    """Our own configuration is wrong; the text begins with its place."""


class Config:
    """What ``[tool.tenterhooks]`` says, and where.

    file: which file says it, or would; table: what it says.

    Raises ConfigError: not readable, not TOML, a table for a hook that does not exist, two files
    that both speak of us.
    """

    where = TOP

    def __init__(self, repository: Repository, given: str | None) -> None:
        files = [repository.given(given)] if given else [repository.file(name) for name in FILES]
        found = []
        for file in files:
            table = self._read(file, is_given=bool(given))
            if table is not None:
                found.append((file, table))
        if len(found) > 1:
            raise ConfigError(
                f"{found[1][0].shown}:1:1: {found[0][0].shown} configures tenterhooks as well; "
                "keep one of the two"
            )
        self.file: File
        self.table: dict[str, Any]
        self.file, self.table = found[0] if found else (files[0], {})

    def _read(self, file: File, *, is_given: bool) -> dict[str, Any] | None:
        """Our table in a file; None where there is none."""
        if not is_given and not os.path.lexists(file.absolute):
            return None
        try:
            # A broken pyproject that does not speak of us is for its own checkers.
            if not is_given and file.path == FILES[0] and b"tenterhooks" not in file.data:
                return None
            return self._table_of(file)
        except Unreadable as error:
            raise ConfigError(error.told(file.shown)) from None

    def _table_of(self, file: File) -> dict[str, Any] | None:
        from tenterhooks.core import toml

        self.file = file
        table: Any = toml.load(file)
        strange = next((key for key in table if key != TOP[0]), None)
        if file.path == FILES[1] and strange is not None:
            # Whoever wrote it there would believe that it holds.
            raise self.error((strange,), f"must stand in [{'.'.join(TOP)}]")
        for depth, key in enumerate(TOP, 1):
            if key not in table:
                return None
            table = table[key]
            if not isinstance(table, dict):
                raise self.error(TOP[:depth], "must be a table")
        known = practice_ids()
        for key, value in table.items():
            if isinstance(value, dict) and key not in known and key != ACCEPT:
                raise self.error((*TOP, key), unknown("hook", key, known))
            if key in known and not isinstance(value, dict):
                raise self.error((*TOP, key), "must be a table")
        found: dict[str, Any] = table
        return found

    def place(self, path: tuple[str | int, ...]) -> tuple[int, int]:
        """1-based line and column of a key."""
        from tenterhooks.core import toml

        return toml.locate(self.file, path)

    def error(self, path: tuple[str | int, ...], what: str) -> ConfigError:
        """An error at the place of a key."""
        line, column = self.place(path)
        name = ".".join(str(part) for part in path if isinstance(part, str))
        return ConfigError(f"{self.file.shown}:{line}:{column}: {name}: {what}")

    def own(self, options: Sequence[Option]) -> dict[str, Any]:
        """The values that stand directly in ``[tool.tenterhooks]``. Raises ConfigError."""
        flat = {
            key: value
            for key, value in self.table.items()
            if not isinstance(value, dict) and key != ACCEPT
        }
        return self._values(TOP, flat, options)

    def of(self, practice: Practice, options: Sequence[Option]) -> dict[str, Any]:
        """The values of ``[tool.tenterhooks.<hook>]``, by option attribute. Raises ConfigError:
        an unknown key or a wrong type."""
        return self._values((*TOP, practice.id), self.table.get(practice.id, {}), options)

    def _values(
        self, where: tuple[str, ...], table: dict[str, Any], options: Sequence[Option]
    ) -> dict[str, Any]:
        by_name = {option.name: option for option in options}
        values = {}
        for key, value in table.items():
            option = by_name.get(key)
            if option is None:
                raise self.error((*where, key), unknown("key", key, list(by_name)))
            if option.asked:
                raise self.error((*where, key), "is an option of the command line alone")
            kind, wanted = _WANTED[option.kind]
            if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
                raise self.error((*where, key), f"must be {wanted}")
            items: list[Any] = value if isinstance(value, list) else [value]
            for number, item in enumerate(items):
                place: tuple[str | int, ...] = (*where, key)
                if kind is list:
                    place = (*place, number)
                if kind is list and not isinstance(item, str):
                    raise self.error(place, f"must be {wanted}")
                wrong = option.validate(item) if option.validate else None
                if wrong:
                    raise self.error(place, wrong)
            values[option.attribute] = value
        return values


def merge(options: Sequence[Option], config: dict[str, Any], given: Any) -> SimpleNamespace:
    """Option values: what was given on the command line, else the configuration, else the
    default. ``given`` holds None for what was not given."""
    merged = {}
    for option in options:
        value = getattr(given, option.attribute, None)
        if value is None:
            value = config.get(option.attribute, option.default())
        merged[option.attribute] = value
    return SimpleNamespace(**merged)


def unknown(what: str, name: str, known: list[str]) -> str:
    """What to say of a name that is none of ``known``."""
    import difflib

    near = difflib.get_close_matches(name, known, 1)
    listed = ", ".join(known) if len(known) <= _LISTED else "`tenterhooks rules` lists them"
    hint = f"did you mean {near[0]}?" if near else f"known: {listed or 'none'}"
    return f"unknown {what}; {hint}"
