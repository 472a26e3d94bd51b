"""``hatch run release:publish``: the scripts of Hatch's environments.

Source: Hatch documentation, "Environment configuration", "Scripts" and "Inheritance".
"""

from __future__ import annotations

from tenterhooks.formats.tasks import Commands
from tenterhooks.formats.tasks.common import (
    MAX_DEPTH,
    MAX_TASKS,
    Arguments,
    arguments,
    dict_at,
    toml_text,
    toml_variables,
)
from tenterhooks.formats.tasks.pyproject import filled, with_arguments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File
    from tenterhooks.formats.tasks.common import Where

_VALUED = {
    **dict.fromkeys(("-e", "--env"), "env"),
    **dict.fromkeys(("-p", "--project", "--color", "--data-dir", "--cache-dir"), "other"),
    **dict.fromkeys(("--config", "-i", "--include", "-x", "--exclude", "--filter"), "other"),
}
_FILES = (("hatch.toml", ("envs",)), ("pyproject.toml", ("tool", "hatch", "envs")))


class Environments:
    """The table of environments in a file, and what of it was asked for."""

    def __init__(self, file: File, path: tuple[str, ...], given: list[str]) -> None:
        self.file = file
        self._path = path
        self._given = given
        self._left = 4 * MAX_TASKS

    def chain(self, name: str) -> list[tuple[str, ...]]:
        """The tables of an environment and of its templates, the nearest first."""
        found: list[tuple[str, ...]] = []
        for _ in range(MAX_DEPTH):
            path = (*self._path, name)
            table = dict_at(self.file, path)
            found.append(path)
            is_alone = table.get("detached") is True
            template = name if is_alone else table.get("template", "default")
            if template == name or not isinstance(template, str):
                break
            name = template
        return found

    def script(self, chain: list[tuple[str, ...]], name: str) -> tuple[str, ...] | None:
        """Where the script ``name`` of an environment is written."""
        paths = [(*path, "scripts", name) for path in chain]
        return next((it for it in paths if name in dict_at(self.file, it[:-1])), None)

    def commands(
        self, chain: list[tuple[str, ...]], text: str, given: list[str], depth: int
    ) -> list[str]:
        """A command; where it begins with the name of a script, the commands of that."""
        self._left -= 1
        words = text.split()
        words = words[1:] if words[:1] == ["-"] else words
        path = self.script(chain, words[0]) if words and depth else None
        if path is None or self._left < 0:
            return [with_arguments(" ".join(words), given)]
        # What stands behind the name of a script is handed to each of its commands.
        rest = filled(" ".join(words[1:]), given).split() or given
        value = dict_at(self.file, path[:-1])[path[-1]]
        listed = value if isinstance(value, list) else [value]
        found: list[str] = []
        for it in listed[:MAX_TASKS]:
            if isinstance(it, str) and it.split()[:1] != [words[0]]:
                found += self.commands(chain, it, rest, depth - 1)
            elif isinstance(it, str):
                found.append(with_arguments(it, rest))
        return found


def run(words: list[str], where: Where) -> Iterator[Commands]:
    """What ``hatch run`` and ``hatch env run`` run."""
    given = _run(words)
    if not given or not given.words:
        return
    environment, colon, name = given.words[0].rpartition(":")
    named = environment if colon else given.last("env") or "default"
    for file_name, path in _FILES:
        file = where.file(file_name)
        if file and dict_at(file, path):
            environments = Environments(file, path, given.words[1:])
            yield from _script(environments, named, [name, *given.words[1:]], where.folder)


def _run(words: list[str]) -> Arguments | None:
    """The command line behind ``run``; None for another of Hatch's commands."""
    outer = arguments(words, _VALUED, ends=True)
    inner = outer.words[1:] if outer.words[:1] == ["env"] else outer.words
    if inner[:1] != ["run"]:
        return None
    given = arguments(inner, _VALUED, ends=True)
    given.words += given.rest
    given.words = given.words[next((n for n, it in enumerate(given.words) if it[:1] != "+"), 0) :]
    if "env" in outer.options:
        given.options.setdefault("env", outer.options["env"])
    return given


def _script(
    environments: Environments, name: str, words: list[str], folder: str
) -> Iterator[Commands]:
    chain = environments.chain(name)
    path = environments.script(chain, words[0])
    if path is None:
        return
    found = environments.commands(chain, words[0], words[1:], MAX_DEPTH)
    text = toml_text(environments.file, path, "\n".join(found))
    variables = [
        it
        for table in reversed(chain)
        for it in toml_variables(environments.file, (*table, "env-vars"))
    ]
    yield Commands(text, "sh", folder, variables)
