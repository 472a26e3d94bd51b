"""``just publish``: the lines of a recipe, behind those of what it needs.

Source: just manual, "Command-line options" and "Recipes".
"""

from __future__ import annotations

from tenterhooks.formats.pipeline import Text
from tenterhooks.formats.tasks import Commands
from tenterhooks.formats.tasks.common import (
    MAX_DEPTH,
    MAX_TASKS,
    arguments,
    is_name,
    joined,
    logical,
    quoted,
)
from tenterhooks.formats.tasks.justfile import Justfile, Recipe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File, Repository
    from tenterhooks.formats.tasks.common import Where

_VALUED = {
    **dict.fromkeys(("-f", "--justfile"), "file"),
    **dict.fromkeys(("-d", "--working-directory"), "folder"),
    **dict.fromkeys(("--color", "--chooser", "--dotenv-path", "--dotenv-filename"), "other"),
    **dict.fromkeys(("-E", "--shell", "--shell-arg", "--command-color"), "other"),
    **dict.fromkeys(("-s", "--show", "-c", "--command", "--usage"), "else"),
    "--set": "set",
}
_NAMES = ("justfile", "Justfile", "JUSTFILE", ".justfile")
_SHELLS = {"pwsh": "pwsh", "powershell": "pwsh", "cmd": "cmd", "python": "python"}


def run(words: list[str], where: Where) -> Iterator[Commands]:
    """The lines that just would run; those of a recipe with ``#!`` as one script."""
    given = arguments(_without_set(words), _VALUED, ends=True)
    file = _found(given.last("file"), where)
    if file is None or given.all("else"):
        return
    justfile = _justfile(file, where)
    folder = where.beside(file).folder
    named = given.last("folder") or justfile.settings.get("working-directory", "").strip("'\"")
    folder = joined(where.folder if given.last("folder") else folder, named) or folder
    queue = [*given.words, *given.rest]
    while queue and "=" in queue[0]:
        name, _, value = queue.pop(0).partition("=")
        justfile.given[name] = value
    for recipe, values in _ordered(queue, justfile):
        yield from _commands(justfile, recipe, values, folder)


def _without_set(words: list[str]) -> list[str]:
    """``--set NAME VALUE`` takes two words; made ``NAME=VALUE``, which means the same."""
    found: list[str] = []
    queue = list(reversed(words))
    while queue:
        word = queue.pop()
        if word == "--set" and len(queue) > 1:
            name = queue.pop()
            word = f"{name}={queue.pop()}"
        found.append(word)
    return found


def _found(named: str | None, where: Where) -> File | None:
    if named is not None:
        return where.file(named)
    return next((file for it in where.upward() if (file := it.first(_NAMES))), None)


class _Made:
    """The justfiles of a repository that were read, by path."""

    def __init__(self, _: Repository) -> None:
        self.by_path: dict[str, Justfile] = {}


def _justfile(file: File, where: Where) -> Justfile:
    """A justfile, with no values given to its variables."""
    made = where.repository.once(_Made).by_path
    if file.path not in made:
        made[file.path] = _read(file, where)
    made[file.path].given = {}
    return made[file.path]


def _read(file: File, where: Where) -> Justfile:
    justfile = Justfile()
    seen: set[str] = set()

    def read(file: File | None, depth: int) -> None:
        if file and file.path not in seen and depth and len(seen) < MAX_TASKS:
            seen.add(file.path)
            beside = where.beside(file)
            justfile.read(file, lambda name: read(beside.file(name), depth - 1))

    read(file, MAX_DEPTH)
    return justfile


def _ordered(words: list[str], justfile: Justfile) -> Iterator[tuple[Recipe, dict[str, str]]]:
    """Recipes with the values of their parameters, behind all that they need."""
    queue = words or list(justfile.recipes)[:1]
    seen: set[str] = set()
    while queue and len(seen) < MAX_TASKS:
        name = justfile.aliases.get(queue[0], queue[0])
        recipes = justfile.recipes.get(name, [])
        if not recipes:
            return
        values, queue = _values(recipes[0], queue[1:])
        for needed in _needed(name, justfile, seen):
            for recipe in justfile.recipes[needed]:
                own = values if needed == name else _values(recipe, [])[0]
                yield recipe, own


def _needed(name: str, justfile: Justfile, seen: set[str]) -> Iterator[str]:
    waiting = [(name, False)]
    while waiting:
        name, is_ready = waiting.pop()
        name = justfile.aliases.get(name, name)
        if is_ready:
            yield name
        elif name in justfile.recipes and name not in seen:
            seen.add(name)
            waiting.append((name, True))
            needs = [need for it in justfile.recipes[name] for need in it.needs]
            waiting += [(need, False) for need in reversed(needs)]


def _values(recipe: Recipe, words: list[str]) -> tuple[dict[str, str], list[str]]:
    """What the parameters are, and the words that are left over."""
    values: dict[str, str] = {}
    for name, default, takes_many, _ in recipe.parameters:
        if words:
            taken = words if takes_many else words[:1]
            words = words[len(taken) :]
            values[name] = " ".join(map(quoted, taken))
        elif default is not None:
            values[name] = default.strip("'\"")
        elif takes_many:
            values[name] = ""
    return values, words


def _commands(
    justfile: Justfile, recipe: Recipe, values: dict[str, str], folder: str
) -> Iterator[Commands]:
    variables = justfile.variables(values)
    body = _body(recipe)
    if not body:
        return
    if body[0][1].lstrip("@- ").startswith("#!") or "[script" in recipe.attributes:
        yield from _script(justfile, recipe, body, values, folder)
        return
    for start, end, line in logical(body):
        said = justfile.filled(line.lstrip("@- "), values)
        yield Commands(Text(said, recipe.file, start, end), _shell(justfile), folder, variables)


def _script(
    justfile: Justfile,
    recipe: Recipe,
    body: list[tuple[int, str]],
    values: dict[str, str],
    folder: str,
) -> Iterator[Commands]:
    from tenterhooks.formats.tasks.script import interpreter

    first = body[0][1]
    shell = interpreter(first.lstrip("@- ")) if "#!" in first else "sh"
    said = "\n".join(justfile.filled(line, values) for _, line in body)
    last, line = body[-1]
    text = Text(said, recipe.file, body[0][0], last + len(line))
    yield Commands(text, shell, folder, justfile.variables(values))


def _body(recipe: Recipe) -> list[tuple[int, str]]:
    """The lines without the indentation of the first, and without the blank ones."""
    said = [(start, line) for start, line in recipe.lines if line.strip()]
    if not said:
        return []
    first = said[0][1]
    width = len(first) - len(first.lstrip())
    indent = first[:width]
    return [(start + width, line.removeprefix(indent)) for start, line in said]


def _shell(justfile: Justfile) -> str:
    """What ``set shell := ["bash", "-c"]`` says."""
    first = justfile.settings.get("shell", "").strip("[ ").split(",")[0].strip("'\" ]")
    name = first.rpartition("/")[2].lower().removesuffix(".exe")
    return _SHELLS.get(name, "sh") if is_name(name) else "sh"
