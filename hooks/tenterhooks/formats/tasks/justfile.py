"""Justfiles: recipes, variables and settings.

Source: just manual, "Language reference" and "Grammar". Modules (``mod``) are left alone.
"""

from __future__ import annotations

import re

from tenterhooks.formats.pipeline import Text, Variable
from tenterhooks.formats.tasks.common import MAX_DEPTH, MAX_TASKS, lines, reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tenterhooks.core.files import File

MAX_PARTS = 20
_STRING = r"""'[^'\n]*'|"[^"\\\n]*(?:\\.[^"\\\n]*)*\""""
_ASSIGNMENT = re.compile(r"(export[ \t]+)?([A-Za-z_][\w-]*)[ \t]*:=[ \t]*")
_SETTING = re.compile(r"set[ \t]+([\w-]+)[ \t]*(?::=[ \t]*)?")
_IMPORT = re.compile(rf"import\??[ \t]+({_STRING})")
_ALIAS = re.compile(r"alias[ \t]+([\w-]+)[ \t]*:=[ \t]*([\w-]+)")
_HEADER = re.compile(r"@?([A-Za-z_][\w-]*)(?=[ \t:])")
_PARAMETER = re.compile(rf"([+*]?)(\$?)([A-Za-z_][\w-]*)(?:=({_STRING}|[^\s:]+))?")
_PLACEHOLDER = re.compile(r"\{\{([^{}\n]*)\}\}")
_ENVIRONMENT = re.compile(rf"env(?:_var(?:_or_default)?)?\([ \t]*({_STRING})[ \t]*(?:,.*)?\)")
_NAME = re.compile(r"[A-Za-z_][\w-]*")


class Recipe:
    """parameters: (name, default or None, whether it takes many, whether it is exported).
    needs: the recipes to be run before. lines: those of the body, with their places."""

    __slots__ = ("attributes", "file", "lines", "name", "needs", "parameters")

    def __init__(self, name: str, file: File, attributes: str) -> None:
        self.name = name
        self.file = file
        self.attributes = attributes
        self.parameters: list[tuple[str, str | None, bool, bool]] = []
        self.needs: list[str] = []
        self.lines: list[tuple[int, str]] = []


class Justfile:
    """recipes: by name, all of those that stand for different systems. values: name -> the
    expression and its place. settings: name -> what is written."""

    def __init__(self) -> None:
        self.recipes: dict[str, list[Recipe]] = {}
        self.values: dict[str, tuple[str, File, int]] = {}
        self.exported: set[str] = set()
        self.settings: dict[str, str] = {}
        self.aliases: dict[str, str] = {}
        self.given: dict[str, str] = {}

    def read(self, file: File, include: Callable[[str], None]) -> None:
        """Take in one file; ``include`` is called with the name of each that it imports."""
        recipe: Recipe | None = None
        attributes = ""
        for start, line in lines(file.text):
            if line[:1] in (" ", "\t") or not line.strip():
                if recipe:
                    recipe.lines.append((start, line))
            elif line.startswith("["):
                attributes += line
            elif not line.startswith("#"):
                recipe = self._statement(line, start, file, attributes, include)
                attributes = ""

    def _statement(
        self, line: str, start: int, file: File, attributes: str, include: Callable[[str], None]
    ) -> Recipe | None:
        """What begins a line; the recipe, where it is the head of one."""
        imported, alias = _IMPORT.match(line), _ALIAS.match(line)
        setting, assigned = _SETTING.match(line), _ASSIGNMENT.match(line)
        if imported:
            include(imported[1][1:-1])
        elif alias:
            self.aliases[alias[1]] = alias[2]
        elif assigned:
            self.values[assigned[2]] = (line[assigned.end() :], file, start + assigned.end())
            if assigned[1]:
                self.exported.add(assigned[2])
        elif setting and (":=" in line or ":" not in line):
            self.settings[setting[1]] = line[setting.end() :].strip()
        else:
            return self._recipe(line, file, attributes)
        return None

    def _recipe(self, line: str, file: File, attributes: str) -> Recipe | None:
        head = _HEADER.match(line)
        if not head:
            return None
        recipe = Recipe(head[1], file, attributes)
        position = head.end()
        while position < len(line) and line[position] != ":":
            parameter = _PARAMETER.match(line, position)
            if parameter:
                many, export, name, default = parameter.groups()
                recipe.parameters.append((name, default, bool(many), bool(export)))
            position = parameter.end() if parameter else position + 1
        if position < len(line):
            recipe.needs = _needs(line[position + 1 :])
            self.recipes.setdefault(head[1], []).append(recipe)
            return recipe
        return None

    def variables(self, given: dict[str, str]) -> list[Variable]:
        """What a recipe finds in its environment beside what was there."""
        everything = self.settings.get("export", "false") in ("", "true")
        found = []
        for name, (expression, file, start) in list(self.values.items())[: MAX_TASKS * 2]:
            if everything or name in self.exported:
                said = self.value(expression, given)
                found.append(Variable(name, Text(said, file, start, start + len(expression))))
        return found

    def filled(self, text: str, given: dict[str, str]) -> str:
        """A line of a body with what stands in ``{{ }}`` in its place."""
        if "{{" not in text:
            return text
        return _PLACEHOLDER.sub(lambda it: self.value(it[1], given), text)

    def value(self, expression: str, given: dict[str, str], depth: int = MAX_DEPTH) -> str:
        """What an expression says: literals, names, the environment, backticks, and these
        added or joined; ``{...}`` for what only just knows."""
        return "".join(self._part(it, given, depth) for it in _terms(expression))

    def _part(self, term: str, given: dict[str, str], depth: int) -> str:
        environment = _ENVIRONMENT.fullmatch(term)
        if environment:
            return reference(environment[1][1:-1])
        if len(term) > 1 and term[0] == term[-1] and term[0] in "'\"":
            return term[1:-1]
        if len(term) > 1 and term[0] == term[-1] == "`":
            return f"$({term[1:-1]})"
        if term == "/":
            return term
        if term in given or term in self.given:
            return given.get(term, self.given.get(term, ""))
        if term in self.values and depth:
            return self.value(self.values[term][0], given, depth // 2)
        return f"{{{term}}}" if _NAME.fullmatch(term) else "{...}"


def _needs(text: str) -> list[str]:
    """The names of recipes behind the colon: ``a (b "x") && c``."""
    found: list[str] = []
    depth, wants_name = 0, True
    for match in re.finditer(rf"{_STRING}|#.*|[()]|[A-Za-z_][\w-]*", text):
        word = match.group()
        if word.startswith("#"):
            break
        if word == "(":
            depth, wants_name = depth + 1, depth == 0
        elif word == ")":
            depth, wants_name = max(0, depth - 1), True
        elif wants_name and word[0] not in "'\"":
            found.append(word)
            wants_name = not depth
    return found[:MAX_TASKS]


def _terms(expression: str) -> Iterator[str]:
    """What stands between the plus signs and slashes of an expression, slashes kept."""
    term = r"(?:'[^'\n]*'|\"[^\"\n]*\"|`[^`\n]*`|\([^()\n]*\)|[^+/#'\"`()\n])+|/|#"
    for count, match in enumerate(re.finditer(term, expression)):
        if match.group() == "#" or count >= MAX_PARTS:
            break
        if match.group().strip():
            yield match.group().strip()
