"""Words of a script as values with their places, and what commands print."""

from __future__ import annotations

from tenterhooks.trusted_publishing import wrappers
from tenterhooks.trusted_publishing.values import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.formats.pipeline import Text
    from tenterhooks.formats.shell.words import Command, Redirect, Word

_PRINTING = ("echo", "printf", "write-output", "write-host")


def source_of(word: Word, text: Text) -> Source:
    """A word of a script as a value."""
    start, end = word.start, word.end
    if start < 0:  # the tail of a word: --token=VALUE
        start = max(0, text.value.find(word.text, -start - 1, end))
        end = start + len(word.text)
    return Source(text, word.text, start, end - start, literal=word.literal)


def prints(command: Command) -> bool:
    """Whether a command prints its arguments."""
    return wrappers.plain(command.words[0].text).lower() in _PRINTING


def content(command: Command, text: Text, printed: Sequence[Command]) -> list[Source]:
    """What a command prints: its here-document, or the words of ``echo`` and ``printf``; of
    ``cat`` and ``tee`` what is piped into them; of a group what its commands, ``printed``, do."""
    source: Command | None = command
    while source is not None and source.words and not _bodies(source):
        if wrappers.plain(source.words[0].text) not in ("tee", "cat"):
            break
        source = source.pipe_from
    if source is None:
        return []
    if not source.words and not source.assignments and not _bodies(source):
        return [piece for inner in printed for piece in _words(inner, text)]
    return _words(source, text)


def _bodies(command: Command) -> list[Redirect]:
    return [redirect for redirect in command.redirects if redirect.body is not None]


def _words(command: Command, text: Text) -> list[Source]:
    bodies = _bodies(command)
    if bodies or not command.words or not prints(command):
        return [Source(text, it.body, it.body_start, len(it.body or "")) for it in bodies]
    words = [word for word in command.words[1:] if not word.text.startswith("-")]
    return [source_of(word, text) for word in words]
