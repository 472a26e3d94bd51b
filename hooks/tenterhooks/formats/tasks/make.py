"""``make -C docs publish``: the recipes of a target, behind those of what it needs.

Source: GNU make manual, "How to Run make" and "Options Summary".
"""

from __future__ import annotations

from tenterhooks.formats.pipeline import Text
from tenterhooks.formats.tasks import Commands
from tenterhooks.formats.tasks.common import MAX_DEPTH, MAX_TASKS, arguments, is_name
from tenterhooks.formats.tasks.makefile import Makefile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File, Repository
    from tenterhooks.formats.tasks.common import Where

_VALUED = {
    **dict.fromkeys(("-C", "--directory"), "folder"),
    **dict.fromkeys(("-f", "--file", "--makefile"), "file"),
    **dict.fromkeys(("-j", "--jobs", "-l", "--load-average", "--max-load"), "number?"),
    **dict.fromkeys(("-I", "--include-dir", "-o", "--old-file", "--assume-old"), "other"),
    **dict.fromkeys(("-W", "--what-if", "--new-file", "--assume-new", "--eval"), "other"),
}
_NAMES = ("GNUmakefile", "makefile", "Makefile")
MAX_TARGETS = 1000
MAX_ANEW = 5_000_000


def run(words: list[str], where: Where) -> Iterator[Commands]:
    """The lines of the recipes that make would run, each its own commands as it has its own
    shell."""
    given = arguments(words, _VALUED)
    inner: Where | None = where
    for folder in given.all("folder"):
        inner = inner.inner(folder) if inner else None
    if inner is None:
        return
    named = given.all("file")
    files = [inner.file(name) for name in named] if named else [inner.first(_NAMES)]
    goals = [*given.words, *given.rest]
    makefile = _makefile([file for file in files if file], inner, _values(goals))
    asked = [it for it in goals if "=" not in it] or [makefile.default]
    for name in _ordered(asked, makefile):
        yield from _commands(makefile, name, inner.folder)


def _values(words: list[str]) -> dict[str, str]:
    found = {}
    for word in words:
        name, equals, value = word.partition("=")
        if equals and is_name(name.rstrip(":")):
            found[name.rstrip(":")] = value
    return found


class _Made:
    """The Makefiles of a repository that were read, by paths and folder. left: how many characters
    may be read anew because a call sets variables; behind that, it sets none."""

    def __init__(self, _: Repository) -> None:
        self.by_place: dict[tuple[str, ...], Makefile] = {}
        self.left = MAX_ANEW


def _makefile(files: list[File], where: Where, values: dict[str, str]) -> Makefile:
    made = where.repository.once(_Made)
    made.left -= sum(len(file.text) for file in files) if values else 0
    if values and made.left > 0:
        return _read(files, where, values)
    place = (where.folder, *(file.path for file in files))
    if place not in made.by_place:
        made.by_place[place] = _read(files, where, {})
    return made.by_place[place]


def _read(files: list[File], where: Where, values: dict[str, str]) -> Makefile:
    makefile = Makefile(values)
    seen: set[str] = set()
    read_already: set[str] = set()

    def read(file: File, depth: int) -> None:
        def include(name: str) -> None:
            if depth and name not in seen and len(seen) < MAX_TASKS:
                seen.add(name)
                inner = where.file(name)
                if inner and inner.path not in read_already:
                    read(inner, depth - 1)

        read_already.add(file.path)
        makefile.read(file, include)

    for file in files:
        read(file, MAX_DEPTH)
    return makefile


def _ordered(asked: list[str], makefile: Makefile) -> Iterator[str]:
    """Targets, each once, behind all that they need."""
    seen: set[str] = set()
    waiting = [(name, False) for name in reversed(asked)]
    while waiting and len(seen) < MAX_TARGETS:
        name, is_ready = waiting.pop()
        if is_ready:
            yield name
        elif name in makefile.targets and name not in seen:
            seen.add(name)
            waiting.append((name, True))
            waiting += [(need, False) for need in reversed(makefile.targets[name].needs)]


def _commands(makefile: Makefile, name: str, folder: str) -> Iterator[Commands]:
    target = makefile.targets[name]
    variables = makefile.variables(target) if target.recipe else []
    said = [(makefile.shown(line, name, target), line) for line in target.recipe]
    if makefile.one_shell and said:
        first, last = target.recipe[0], target.recipe[-1]
        whole = "\n".join(text for text, _ in said)
        yield Commands(Text(whole, first.file, first.start, last.end), "sh", folder, variables)
        return
    for text, line in said:
        yield Commands(Text(text, line.file, line.start, line.end), "sh", folder, variables)
