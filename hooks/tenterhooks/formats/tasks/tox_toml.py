"""tox's native TOML: ``tox.toml``, and ``[tool.tox]`` of a pyproject.

Source: tox 4 documentation, "Configuration", "TOML".
"""

from __future__ import annotations

from tenterhooks.core import parsed
from tenterhooks.formats.pipeline import Text, Variable
from tenterhooks.formats.tasks.common import (
    MAX_DEPTH,
    MAX_TASKS,
    dict_at,
    quoted,
    reference,
    toml_text,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tenterhooks.core.files import File
    from tenterhooks.formats.tasks.tox_words import Words

    Path = tuple[str | int, ...]

_OLD = {"set_env": "setenv", "change_dir": "changedir"}


class Environment:
    """One environment. path: where the configuration is in the file, () or ("tool", "tox")."""

    def __init__(self, file: File, path: Path, name: str, words: Words) -> None:
        self._file = file
        self._path = path
        self._words = words
        self._chain = list(self._inherited(name))
        self._left = 1000

    def _inherited(self, name: str) -> Iterator[Path]:
        """Tables that have a say, the nearest first."""
        own: Path = (*self._path, "env", name)
        yield own
        bases = dict_at(self._file, own).get("base", ["env_run_base"])
        for base in bases[:MAX_TASKS] if isinstance(bases, list) else [bases]:
            if isinstance(base, str):
                inner = (*self._path, "env", base)
                yield inner if dict_at(self._file, inner) else (*self._path, *base.split("."))
        yield (*self._path, "env_run_base")

    def texts(self) -> Iterator[Text]:
        """What it runs, a text for each of the keys that say so."""
        for key in ("commands_pre", "commands", "commands_post"):
            path, value = self._value(key)
            commands = self._flat(value, MAX_DEPTH)
            said = [self._words.command(self._line(command)) for command in commands]
            if said:
                yield toml_text(self._file, path, "\n".join(said))

    def variables(self) -> list[Variable]:
        path, value = self._value("set_env")
        if not isinstance(value, dict):
            return []
        return [
            Variable(name, toml_text(self._file, (*path, name), self._said(text)))
            for name, text in list(value.items())[:MAX_TASKS]
        ]

    def folder(self) -> str:
        return self._said(self._value("change_dir")[1] or "")

    def _value(self, key: str) -> tuple[Path, Any]:
        for path in self._chain:
            table = dict_at(self._file, path)
            for name in (key, _OLD.get(key, key)):
                if name in table:
                    return (*path, name), table[name]
        return (), None

    def _said(self, value: Any) -> str:
        return " ".join(self._words.filled(str(it)) for it in self._flat([value], MAX_DEPTH))

    def _line(self, command: Any) -> str:
        """A command, a list of words; words with a substitution in them are not quoted."""
        parts = self._flat(command, MAX_DEPTH) if isinstance(command, list) else [command]
        return " ".join(
            part if part in ("-", "!") or "{" in part or part[:1] == "$" else quoted(part)
            for part in map(str, parts)
        )

    def _flat(self, value: Any, depth: int) -> list[Any]:
        """The items of a list, with what ``replace`` tables put among them."""
        found: list[Any] = []
        for item in parsed.array(value):
            self._left -= 1
            if self._left < 0:
                break
            found += self._replaced(item, depth) if isinstance(item, dict) else [item]
        return found

    def _replaced(self, table: dict[str, Any], depth: int) -> list[Any]:
        kind = table.get("replace")
        if not depth:
            return []
        if kind == "posargs" and self._words.given:
            return list(self._words.given)
        if kind == "env":
            return [reference(str(table.get("name")), parsed.text(table, "default"))]
        if kind == "ref":
            return self._flat(self._referred(table), depth - 1)
        chosen = table.get("then", table.get("default", []))
        return self._flat(chosen if isinstance(chosen, list) else [chosen], depth - 1)

    def _referred(self, table: dict[str, Any]) -> Any:
        of = table.get("of")
        if isinstance(of, list) and of and all(isinstance(it, str) for it in of):
            return dict_at(self._file, (*self._path, *of[:-1])).get(of[-1])
        env = ("env", str(table.get("env")))
        return dict_at(self._file, (*self._path, *env)).get(str(table.get("key")))


def names(file: File, path: Path) -> list[str]:
    """What runs where no environment is asked for."""
    table = dict_at(file, path)
    listed = table.get("env_list", table.get("envlist", ["py"]))
    return parsed.texts(listed)[:MAX_TASKS]
