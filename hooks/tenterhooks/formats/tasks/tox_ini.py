"""tox's INI files: environments, with what they inherit, choose by factors and substitute.

Source: tox 4 documentation, "Configuration".
"""

from __future__ import annotations

import re

from tenterhooks.formats.pipeline import Text, Variable
from tenterhooks.formats.tasks.common import MAX_DEPTH, MAX_TASKS, MAX_WRITTEN, is_name, lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File
    from tenterhooks.formats.tasks.tox_words import Words

    Line = tuple[str, int, int]  # text, start, end
    Sections = dict[str, dict[str, list[Line]]]

_FACTORS = re.compile(r"([\w.!{},-]+):(?:[ \t]+|$)")
_REFERENCE = re.compile(r"\{\[([^]{}\[\n]*)\]([^{}\n]*)\}")
_BRACES = re.compile(r"\{([^{}]*)\}")
MAX_NAME = 500
_SAME = {"setenv": "set_env", "passenv": "pass_env", "changedir": "change_dir"}
_SAME["envlist"] = "env_list"


def parse(text: str, begin: int = 0) -> Sections:
    """Sections of an INI text that stands at ``begin`` of its file: keys with their lines, where
    comments are gone and a backslash at the end has joined the next."""
    sections: Sections = {}
    section: dict[str, list[Line]] = {}
    values: list[Line] = []
    for start, line in lines(text, begin):
        bare = line.strip()
        if not bare or bare[0] in "#;":
            continue
        if line[0] in " \t":
            _add(values, bare, start + len(line) - len(line.lstrip()))
        elif bare[0] == "[" and "]" in bare:
            section = sections.setdefault(bare[1 : bare.index("]")].strip(), {})
            values = []
        else:
            at = min((at for at in map(line.find, "=:") if at >= 0), default=-1)
            key = line[:at].strip().lower() if at > 0 else ""
            values = section[_SAME.get(key, key)] = []
            value = line[at + 1 :].lstrip()
            _add(values, value.rstrip(), start + len(line) - len(value))
    return sections


def _add(values: list[Line], text: str, start: int) -> None:
    end = start + len(text)
    hash_at = text.find("#")
    while hash_at > 0 and text[hash_at - 1] == "\\":
        hash_at = text.find("#", hash_at + 1)
    if hash_at >= 0:
        text = text[:hash_at].rstrip()
    text = text.replace("\\#", "#")
    if values and values[-1][0].endswith("\\"):
        before, begin, _ = values[-1]
        values[-1] = (before[:-1] + text, begin, end)
    elif text:
        values.append((text, start, end))


def generated(text: str) -> list[str]:
    """The names that ``py{310,311}-{a,b}, docs`` stands for, bounded."""
    found: list[str] = []
    depth = begin = 0
    for index, character in enumerate(text + ","):
        depth += (character == "{") - (character == "}")
        if (character == "," and depth <= 0) or character == "\n":
            found += _expanded("".join(text[begin:index].split()))
            begin = index + 1
        if len(found) >= MAX_TASKS:
            break
    return [name for name in found[:MAX_TASKS] if name]


def _expanded(name: str) -> list[str]:
    found = [""] if len(name) < MAX_NAME else []
    end = 0
    for group in _BRACES.finditer(name):
        before = name[end : group.start()]
        choices = group[1].split(",")[:MAX_TASKS]
        found = [one + before + choice for one in found for choice in choices][:MAX_TASKS]
        end = group.end()
    return [one + name[end:] for one in found]


def applies(factors: str, name: str) -> bool:
    """Whether ``py310-django,!docs`` is true of the environment ``name``."""
    own = set(name.split("-"))
    for group in generated(factors):
        if all((part.lstrip("!") in own) != part.startswith("!") for part in group.split("-")):
            return True
    return False


class Environment:
    """One environment of a tox.ini. name: as in ``-e``. words: what substitutes."""

    def __init__(self, file: File, sections: Sections, name: str, words: Words) -> None:
        self._file = file
        self._sections = sections
        self._name = name
        self._words = words
        self._left = MAX_WRITTEN
        self._chain = list(self._inherited(self._own()))

    def _own(self) -> list[str]:
        """The sections of this name, those that generate it included."""
        found = [f"testenv:{self._name}"]
        for section in self._sections:
            prefix, _, names = section.partition(":")
            if "{" in names and prefix == "testenv" and self._name in generated(names):
                found.append(section)
        return found

    def _inherited(self, waiting: list[str]) -> Iterator[str]:
        seen: set[str] = set()
        while waiting and len(seen) < MAX_TASKS:
            section = waiting.pop(0)
            if section in seen:
                continue
            seen.add(section)
            if section in self._sections:
                yield section
                for text, _, _ in self._sections[section].get("base", ()):
                    waiting += [base.strip() for base in text.split(",")]
        if "testenv" not in seen:
            yield "testenv"

    def texts(self) -> Iterator[Text]:
        """What it runs, a text for each of the keys that say so."""
        for key in ("commands_pre", "commands", "commands_post"):
            found = self._lines(key)
            if found:
                said = "\n".join(self._words.command(text) for text, _, _ in found)
                yield self._text(said, key)

    def variables(self) -> list[Variable]:
        found = []
        for text, start, end in self._lines("set_env")[:MAX_TASKS]:
            name, equals, value = text.partition("=")
            if equals and is_name(name.strip()):
                value = self._words.filled(value.strip())
                found.append(Variable(name.strip(), Text(value, self._file, start, end)))
        return found

    def folder(self) -> str:
        found = self._lines("change_dir")
        return self._words.filled(found[0][0]) if found else ""

    def _text(self, said: str, key: str) -> Text:
        for section in self._chain:
            lines = self._sections.get(section, {}).get(key)
            if lines:
                return Text(said, self._file, lines[0][1], lines[-1][2])
        return Text(said, self._file, 0, 0)

    def _lines(self, key: str) -> list[Line]:
        for section in self._chain:
            if key in self._sections.get(section, {}):
                return self._chosen(section, key, MAX_DEPTH)
        return []

    def _chosen(self, section: str, key: str, depth: int) -> list[Line]:
        """The lines that the factors let through, with the references in them followed."""
        found: list[Line] = []
        for text, start, end in self._sections.get(section, {}).get(_SAME.get(key, key), ()):
            condition = _FACTORS.match(text)
            if condition and condition[1] not in ("-", "!"):
                if not applies(condition[1], self._name):
                    continue
                text = text[condition.end() :]  # noqa: PLW2901
            if "{[" in text and depth:
                text = _REFERENCE.sub(lambda it: self._referred(it, depth), text)  # noqa: PLW2901
            found += [(part, start, end) for part in text.split("\n") if part]
        return found

    def _referred(self, match: re.Match[str], depth: int) -> str:
        if self._left < 0:
            return match[0]
        # What follows a colon behind the key is a default.
        key, _, default = match[2].partition(":")
        found = self._chosen(match[1], key.strip(), depth - 1)
        text = "\n".join(line for line, _, _ in found) or default
        self._left -= len(text) + 1
        return text


def names(sections: Sections) -> list[str]:
    """What runs where no environment is asked for."""
    own = sections.get("tox") or sections.get("tox:tox") or {}
    listed = own.get("env_list")
    return generated("\n".join(text for text, _, _ in listed)) if listed else ["py"]
