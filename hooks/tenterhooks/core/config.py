"""``[tool.tenterhooks]`` of the pyproject at the top of the repository, or the file given with
``--config``. It mirrors the options one to one; options win."""

from __future__ import annotations

import os
from types import SimpleNamespace

from tenterhooks.core.files import Unreadable
from tenterhooks.core.practice import practice_ids

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tenterhooks.core.files import Repository
    from tenterhooks.core.practice import Option, Practice

TOP = ("tool", "tenterhooks")
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

    Raises ConfigError: not readable, not TOML, a table for a hook that does not exist.
    """

    def __init__(self, repository: Repository, given: str | None) -> None:
        self._file = repository.given(given) if given else repository.file("pyproject.toml")
        self._table: dict[str, Any] = {}
        if given is None and not os.path.lexists(self._file.absolute):
            return
        try:
            # A broken pyproject that does not speak of us is for its own checkers.
            if given or b"tenterhooks" in self._file.data:
                self._table = self._read()
        except Unreadable as error:
            raise ConfigError(
                f"{self._file.shown}:{error.line}:{error.column}: {error.message}"
            ) from None

    def _read(self) -> dict[str, Any]:
        from tenterhooks.core import toml

        table: dict[str, Any] = toml.load(self._file)
        for depth, key in enumerate(TOP, 1):
            table = table.get(key, {})
            if not isinstance(table, dict):
                raise self._error(TOP[:depth], "must be a table")
        known = practice_ids()
        for key, value in table.items():
            if isinstance(value, dict) and key not in known:
                raise self._error((*TOP, key), unknown("hook", key, known))
            if key in known and not isinstance(value, dict):
                raise self._error((*TOP, key), "must be a table")
        return table

    def _error(self, path: tuple[str | int, ...], what: str) -> ConfigError:
        from tenterhooks.core import toml

        line, column = toml.locate(self._file, path)
        name = ".".join(str(part) for part in path if isinstance(part, str))
        return ConfigError(f"{self._file.shown}:{line}:{column}: {name}: {what}")

    def own(self, options: Sequence[Option]) -> dict[str, Any]:
        """The values that stand directly in ``[tool.tenterhooks]``. Raises ConfigError."""
        flat = {key: value for key, value in self._table.items() if not isinstance(value, dict)}
        return self._values(TOP, flat, options)

    def of(self, practice: Practice, options: Sequence[Option]) -> dict[str, Any]:
        """The values of ``[tool.tenterhooks.<hook>]``, by option attribute. Raises ConfigError:
        an unknown key or a wrong type."""
        return self._values((*TOP, practice.id), self._table.get(practice.id, {}), options)

    def _values(
        self, where: tuple[str, ...], table: dict[str, Any], options: Sequence[Option]
    ) -> dict[str, Any]:
        by_name = {option.name: option for option in options}
        values = {}
        for key, value in table.items():
            option = by_name.get(key)
            if option is None:
                raise self._error((*where, key), unknown("key", key, list(by_name)))
            kind, wanted = _WANTED[option.kind]
            if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
                raise self._error((*where, key), f"must be {wanted}")
            items: list[Any] = value if isinstance(value, list) else [value]
            for number, item in enumerate(items):
                place: tuple[str | int, ...] = (*where, key)
                if kind is list:
                    place = (*place, number)
                if kind is list and not isinstance(item, str):
                    raise self._error(place, f"must be {wanted}")
                wrong = option.validate(item) if option.validate else None
                if wrong:
                    raise self._error(place, wrong)
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
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known) or 'none'}"
    return f"unknown {what}; {hint}"
