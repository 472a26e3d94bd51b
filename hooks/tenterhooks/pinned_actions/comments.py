"""The version comment beside a pin, as Dependabot and Renovate read it.

Sources: dependabot-core ``github_actions/lib/dependabot/github_actions/file_updater.rb`` (the
comment must end with the version), renovate ``lib/modules/manager/github-actions/extract.ts``
(it must begin with it, behind a few words that it knows).
"""

from __future__ import annotations

import re

from tenterhooks.core.patterns import lazy

_LEAD = re.compile(
    r"(?:(?:renovate|frozen|ratchet|pinned|pin|tag)[ \t]*[:= ][ \t]*)?(?:[\w.-]+/[\w./-]+@)?@?",
    re.IGNORECASE,
)
_VERSION = re.compile(
    r"((?:[A-Za-z][\w.]*[-/])*)(v?)(\d{1,9}(?:\.\d{1,9}){0,3})((?:[-+.]?[A-Za-z][\w.+-]*)?)"
    r"(?=$|[\s,;:)#])"
)
_BARE = lazy(r"(?:[A-Za-z][\w.]*[-/])*v?\d+(?:\.\d+){0,3}(?:[-+.]?[A-Za-z][\w.+-]*)?")


class Version:
    """prefix: of tags such as ``release/v1``. parts: the numbers. suffix: ``-rc1`` and the like.
    text: all of it as it was written."""

    __slots__ = ("parts", "prefix", "suffix", "text")

    def __init__(self, prefix: str, parts: tuple[int, ...], suffix: str, text: str) -> None:
        self.prefix = prefix
        self.parts = parts
        self.suffix = suffix
        self.text = text

    def equals(self, other: Version) -> bool:
        """Whether both are spellings of one version, with or without ``v``."""
        return (self.prefix, self.parts, self.suffix) == (other.prefix, other.parts, other.suffix)

    def agrees(self, other: Version) -> bool:
        """Whether one commit can be both: they are equal, one is the moving tag of the other
        (``v4`` and ``v4.2.2``), or they name tags of different kinds."""
        if self.prefix != other.prefix or self.equals(other):
            return True
        short, long = sorted((self, other), key=lambda version: len(version.parts))
        if len(short.parts) == len(long.parts):
            return False
        return not short.suffix and long.parts[: len(short.parts)] == short.parts


def version_in(text: str) -> Version | None:
    """The version that a comment (or a ref) begins with, behind words that bots write."""
    lead = _LEAD.match(text)
    match = _VERSION.match(text, lead.end() if lead else 0)
    if match is None:
        return None
    prefix, _, numbers, suffix = match.groups()
    parts = tuple(int(number) for number in numbers.split("."))
    return Version(prefix.lower(), parts, suffix.lower(), match.group())


def is_bare(comment: str) -> bool:
    """Whether a comment is nothing but a version, so that both bots keep it up to date."""
    return _BARE.fullmatch(comment) is not None
