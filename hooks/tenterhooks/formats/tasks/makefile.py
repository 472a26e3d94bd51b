"""Makefiles: rules with their recipes.

Source: GNU make manual, chapters "Writing Makefiles", "Writing Rules", "Writing Recipes".
Of conditionals all branches count; pattern rules do not.
"""

from __future__ import annotations

import re

from tenterhooks.formats.pipeline import Text, Variable
from tenterhooks.formats.tasks.common import is_name, lines, logical
from tenterhooks.formats.tasks.make_values import Piece, Values, closing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tenterhooks.core.files import File

MAX_TARGETS = 100  # of one rule
_ASSIGNMENT = re.compile(r"[ \t]*([^\s:#=?+!]+)[ \t]*(:{0,3}=|\?=|\+=|!=)[ \t]*")
_EXPORT = re.compile(r"[ \t]*(?:override[ \t]+)?export(?:[ \t]+|$)")
_INCLUDE = re.compile(r"[-s]?include[ \t]+(.+)")
_CONDITION = re.compile(r"[ \t]*(?:ifn?eq|ifn?def|else|endif|unexport|vpath)\b")
_PREFIX = re.compile(r"[ \t@+-]*")


class Target:
    """What a target needs first, runs, and puts into the environment of its recipe."""

    __slots__ = ("exports", "needs", "recipe")

    def __init__(self) -> None:
        self.needs: list[str] = []
        self.recipe: list[Piece] = []
        self.exports: list[str] = []


class Makefile:
    """targets: by name, in order. values: the variables. exported: the names of those that
    recipes get; None for all. one_shell: whether a recipe is one script."""

    def __init__(self, given: dict[str, str]) -> None:
        self.targets: dict[str, Target] = {}
        self.values = Values(given)
        self.exported: set[str] | None = set()
        self._current: list[Target] = []
        self._is_fresh = False

    @property
    def one_shell(self) -> bool:
        return ".ONESHELL" in self.targets

    @property
    def default(self) -> str:
        """What is made where no target is named."""
        chosen = self.values.own.get(".DEFAULT_GOAL")
        if chosen:
            return self.values.expanded(chosen.text).strip()
        return next((it for it in self.targets if it[:1] != "." or "/" in it), "")

    def read(self, file: File, include: Callable[[str], None]) -> None:
        """Take in one file; ``include`` is called with the name of each that it includes."""
        self._current = []
        in_definition = False
        for start, end, line in logical(lines(file.text)):
            bare = line.strip()
            if in_definition or bare.startswith("define "):
                in_definition = bare != "endef"
            elif line.startswith("\t") and self._current:
                self._add(Piece(line[1:], file, start + 1, end))
            elif bare and bare[0] != "#" and not _CONDITION.match(line):
                # As long as before, so that places stay right.
                line = line.replace("\\\n", "  ")  # noqa: PLW2901
                included = _INCLUDE.match(bare)
                if included:
                    for name in self.values.expanded(_bare(included[1])).split():
                        include(name)
                else:
                    self._statement(Piece(line, file, start, end))

    def _add(self, line: Piece) -> None:
        for target in self._current:
            if self._is_fresh:  # a later rule's recipe takes the place of an earlier one's
                target.recipe = []
            target.recipe.append(line)
        self._is_fresh = False

    def _statement(self, line: Piece) -> None:
        exports = _EXPORT.match(line.text)
        name = self._assigned(line, exports.end() if exports else 0)
        if name:
            self._current = []
            if exports and self.exported is not None:
                self.exported.add(name)
        elif exports:
            names = self.values.expanded(_bare(line.text[exports.end() :])).split()
            if names and self.exported is not None:
                self.exported.update(names)
            elif not names:
                self.exported = None
        else:
            self._rule(line)

    def _assigned(self, line: Piece, at: int) -> str:
        """The variable that is assigned to from ``at`` on; empty where none is."""
        match = _ASSIGNMENT.match(line.text, at)
        if not match:
            return ""
        start = line.start + match.end()
        value = Piece(_bare(line.text[match.end() :]), line.file, start, line.end)
        self.values.assign(match[1], match[2], value)
        return match[1]

    def _rule(self, line: Piece) -> None:
        colon = _colon(line.text)
        self._current = []
        if colon < 0:
            return
        named = self.values.expanded(line.text[:colon]).split()[:MAX_TARGETS]
        targets = [self.targets.setdefault(it, Target()) for it in named if "%" not in it]
        if ".EXPORT_ALL_VARIABLES" in named:
            self.exported = None
        is_double = line.text.startswith("::", colon)
        at = colon + 1 + is_double
        exports = _EXPORT.match(line.text, at)
        name = self._assigned(line, exports.end() if exports else at)
        if name:
            for target in targets if exports else ():
                target.exports.append(name)
            return
        self._current = targets
        self._is_fresh = not is_double
        self._needs(line, at)

    def _needs(self, line: Piece, at: int) -> None:
        needs, semicolon, recipe = line.text[at:].partition(";")
        wanted = self.values.expanded(_bare(needs)).replace(":", " ").split()
        for target in self._current:
            target.needs += [it for it in wanted if it != "|" and "%" not in it][:MAX_TARGETS]
        if semicolon:
            self._add(Piece(recipe.strip(), line.file, line.end - len(recipe), line.end))

    def variables(self, target: Target) -> list[Variable]:
        """What a recipe finds in its environment beside what was there."""
        names = self.values.own if self.exported is None else self.exported
        found = []
        for name in sorted({*names, *target.exports})[:MAX_TARGETS]:
            value = self.values.own.get(name)
            if value and is_name(name):
                said = self.values.expanded(value.text)
                found.append(Variable(name, Text(said, value.file, value.start, value.end)))
        return found

    def shown(self, line: Piece, name: str, target: Target) -> str:
        """A line of a recipe as the shell gets it."""
        text = _PREFIX.sub("", line.text, count=1).replace("\n\t", "\n")
        needs = " ".join(target.needs[:MAX_TARGETS])[:1000]
        automatic = {"@": name[:1000], "^": needs, "+": needs, "<": needs.split(" ")[0]}
        return self.values.expanded(text, automatic)


def _colon(line: str) -> int:
    """Where the colon of a rule is, one in ``$(...)`` not counted; -1 for no rule."""
    position = 0
    while position < len(line) and line[position] not in "#:":
        is_open = line[position] == "$" and line[position + 1 : position + 2] in ("(", "{")
        position = closing(line, position + 1) if is_open else position + 1
    return position if line[position : position + 1] == ":" else -1


def _bare(text: str) -> str:
    """A value without blanks around it and the comment behind it."""
    found = text.find("#")
    while found > 0 and text[found - 1] == "\\":
        found = text.find("#", found + 1)
    return (text if found < 0 else text[:found]).replace("\\#", "#").strip()
