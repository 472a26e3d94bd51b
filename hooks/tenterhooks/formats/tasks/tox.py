"""``tox run -e release``: its configuration in any of the files that tox reads.

Source: tox 4 documentation, "Configuration" and "Command line interface".
"""

from __future__ import annotations

import posixpath

from tenterhooks.formats.tasks import Commands, tox_ini, tox_toml
from tenterhooks.formats.tasks.common import (
    MAX_TASKS,
    Arguments,
    arguments,
    dict_at,
    joined,
    toml_offset,
)
from tenterhooks.formats.tasks.tox_words import Words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File
    from tenterhooks.formats.tasks.common import Where

_VALUED = {
    **dict.fromkeys(("-e", "--env"), "env"),
    **dict.fromkeys(("-c", "--conf"), "conf"),
    **dict.fromkeys(("-f", "--factor", "-m", "--label"), "factor*"),
    **dict.fromkeys(("-p", "--parallel"), "parallel?"),
    **dict.fromkeys(("-s", "--skip-missing-interpreters", "-x", "--override"), "other"),
    **dict.fromkeys(("--workdir", "--root", "--installpkg", "--runner", "--discover"), "other"),
    **dict.fromkeys(
        ("--result-json", "--hashseed", "--skip-env", "--exit-and-dump-after"), "other"
    ),
    **dict.fromkeys(("--colored", "--stderr-color", "--temp-dir"), "other"),
}
_RUNS = {"run", "r", "run-parallel", "p", "legacy", "le"}
_NAMES = ("tox.ini", "setup.cfg", "pyproject.toml", "tox.toml")


class Configuration:
    """What one file says. sections: of an INI text, or None for TOML, where ``path`` leads."""

    __slots__ = ("file", "path", "sections")

    def __init__(
        self, file: File, sections: tox_ini.Sections | None, path: tuple[str, ...] = ()
    ) -> None:
        self.file = file
        self.sections = sections
        self.path = path

    def names(self) -> list[str]:
        if self.sections is None:
            return tox_toml.names(self.file, self.path)
        return tox_ini.names(self.sections)

    def all_names(self) -> list[str]:
        """Those too that are only run when asked for."""
        if self.sections is None:
            return _unique([*self.names(), *dict_at(self.file, (*self.path, "env"))])
        prefix = "testenv:"
        own = [it[len(prefix) :] for it in self.sections if it.startswith(prefix)]
        return _unique([*self.names(), *tox_ini.generated(",".join(own))])

    def environment(self, words: Words) -> tox_ini.Environment | tox_toml.Environment:
        if self.sections is None:
            return tox_toml.Environment(self.file, self.path, words.name, words)
        return tox_ini.Environment(self.file, self.sections, words.name, words)


def _unique(names: list[str]) -> list[str]:
    return list(dict.fromkeys(names))[:MAX_TASKS]


def run(words: list[str], where: Where) -> Iterator[Commands]:
    """What tox runs, environment by environment."""
    given = arguments(words, _VALUED)
    if given.words and given.words[0] not in _RUNS:
        return
    found = _configuration(given, where)
    for name in _asked(given, found) if found else ():
        if found and "$" not in name:
            root = posixpath.dirname(found.file.path)
            yield from _commands(found, Words(name, given.rest), root)


def _commands(found: Configuration, words: Words, root: str) -> Iterator[Commands]:
    folder = joined(root, found.environment(words).folder()) or root
    words.root = posixpath.relpath(root or ".", folder or ".")
    environment = found.environment(words)
    variables = environment.variables()
    for text in environment.texts():
        yield Commands(text, "sh", folder, variables)


def _asked(given: Arguments, found: Configuration) -> list[str]:
    asked = [name for value in given.all("env") for name in tox_ini.generated(value)]
    if "ALL" in asked:
        return found.all_names()
    if asked:
        return asked[:MAX_TASKS]
    factors = {part for value in given.all("factor") for part in value.split("-")}
    return [name for name in found.names() if factors <= set(name.split("-"))]


def _configuration(given: Arguments, where: Where) -> Configuration | None:
    named = given.last("conf")
    if named is not None:
        file = where.file(named)
        if file:
            return _read(file)
        inner = where.inner(named)
        return _in_folder(inner) if inner else None
    return next((found for found in map(_in_folder, where.upward()) if found), None)


def _in_folder(where: Where) -> Configuration | None:
    files = (where.file(name) for name in _NAMES)
    return next((found for file in files if file and (found := _read(file))), None)


def _read(file: File) -> Configuration | None:
    if not file.path.endswith(".toml"):
        sections = tox_ini.parse(file.text)
        is_tox = not file.path.endswith("setup.cfg") or "tox:tox" in sections
        return Configuration(file, sections) if is_tox else None
    path = ("tool", "tox") if posixpath.basename(file.path) == "pyproject.toml" else ()
    table = dict_at(file, path)
    legacy = table.get("legacy_tox_ini")
    if isinstance(legacy, str):
        at = file.text.find(legacy)
        begin = at if at >= 0 else toml_offset(file, (*path, "legacy_tox_ini"))
        return Configuration(file, tox_ini.parse(legacy, begin))
    return Configuration(file, None, path) if table else None
