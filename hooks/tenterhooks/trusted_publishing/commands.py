"""The upload that a command means: which tool, and with which options."""

from __future__ import annotations

from tenterhooks.formats.shell.words import Word
from tenterhooks.trusted_publishing import known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.trusted_publishing.known import Tool
    from tenterhooks.trusted_publishing.wrappers import Invocation


class CommandLine:
    """An upload on a command line.

    tool: what uploads. word: its name, for the place. options: name -> the word that holds its
    value; of flags, the flag. specs: what picks its version. subcommand: the one that uploads.
    is_dry: nothing is really uploaded.
    """

    __slots__ = ("is_dry", "options", "specs", "subcommand", "tool", "word")

    def __init__(
        self, tool: Tool, word: Word, options: dict[str, Word], specs: Sequence[str]
    ) -> None:
        self.tool = tool
        self.word = word
        self.options = options
        self.specs = list(specs)
        self.subcommand = ""
        self.is_dry = False

    def first(self, names: Sequence[str]) -> Word | None:
        """The value of the first of these options that is given."""
        return next((self.options[name] for name in names if name in self.options), None)


def upload(invocation: Invocation) -> CommandLine | None:
    """The upload that a command line means; None where it means none, or a dry run."""
    name = invocation.name
    tool = known.TOOLS.get(known.ALIASES.get(name, name))
    if tool is None:
        return None
    words = invocation.words[1:]
    index = _subcommand(words, tool)
    if index is None:
        return None
    found = options([*words[:index], *words[index + 1 :]], tool)
    if "--help" in found:
        return None
    upload = CommandLine(tool, invocation.at or invocation.words[0], found, invocation.specs)
    upload.subcommand = words[index].text
    upload.is_dry = any(flag in found for flag in tool.dry)
    return upload


def _subcommand(words: Sequence[Word], tool: Tool) -> int | None:
    """Where the subcommand that uploads is. setup.py takes several commands in a line."""
    skip = False
    for index, word in enumerate(words):
        text = word.text
        if skip:
            skip = False
        elif text in tool.uploads:
            return index
        elif text.startswith("-"):
            skip = text in tool.values and "=" not in text
        elif tool.name != "setup.py":
            return None
    return None


def options(words: Sequence[Word], tool: Tool) -> dict[str, Word]:
    """Option -> the word that holds its value, of a flag the flag itself."""
    taking = {*tool.values, *tool.passwords, *tool.users, *tool.names, *tool.urls}
    short = {name for name in taking if len(name) == 2}
    found: dict[str, Word] = {}
    index = 0
    while index < len(words):
        word = words[index]
        name, equals, value = word.text.partition("=")
        index += 1
        if not name.startswith("-") or name == "-":
            continue
        if name in taking and not equals:
            if index < len(words):
                found[name] = words[index]
                index += 1
        elif equals:
            found[name] = _tail(word, value)
        elif name[:2] in short and not name.startswith("--"):
            found[name[:2]] = _tail(word, name[2:])
        else:
            found[name] = word
    return found


def _tail(word: Word, text: str) -> Word:
    """The last part of a word. Where it begins is not known here, as there may be quotes: a
    negative start says so, and from where to look for it."""
    return Word(text, -word.start - 1, word.end, word.literal)
