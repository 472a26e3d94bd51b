"""Requirements (PEP 508) taken apart, and compared by meaning.

The grammar is that of packaging, which the tests ask; packaging itself costs 53 ms of import,
and a specifier that is hostile takes it more than linear time.
"""

from __future__ import annotations

import re

from tenterhooks.core.patterns import lazy
from tenterhooks.formats.names import normal
from tenterhooks.lock_in_sync.markers import is_valid
from tenterhooks.lock_in_sync.meaning import is_possible, same_marker
from tenterhooks.lock_in_sync.specifiers import meets, same_specifier

__all__ = [
    "Requirement",
    "is_possible",
    "meets",
    "normal",
    "parse",
    "same_marker",
    "same_specifier",
]

_NAME = re.compile(r"[ \t]*([A-Za-z0-9][A-Za-z0-9._-]*)\b[ \t]*")
_URL = re.compile(r"@[ \t]*([^ \t]+)(?:[ \t]+|\Z)")
_BLANKS = re.compile(r"[ \t]*")
_RELEASE = r"v?(?:[0-9]+!)?[0-9]+(?:\.[0-9]+)"
_PRE = r"(?:[-_.]?(?:alpha|beta|preview|pre|a|b|c|rc)[-_.]?[0-9]*)?"
_POST = r"(?:-[0-9]+|[-_.]?(?:post|rev|r)[-_.]?[0-9]*)?"
_DEV = r"(?:[-_.]?dev[-_.]?[0-9]*)?"
_SUFFIX = _PRE + _POST + _DEV
_LOCAL = r"(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?"
_GAP = r"(?u:\s*)"
# Nearly all of them; that for all others takes 2 ms to compile.
_PLAIN = re.compile(r"(?:[<>=!]=|[<>])[ \t]*[0-9]+(?:\.[0-9]+)*(?=[ \t]*(?:[,;)]|\Z))")
_CLAUSE = lazy(
    rf"==={_GAP}(?u:[^\s;)])*"
    rf"|(?:==|!=){_GAP}{_RELEASE}*(?:\.\*|{_SUFFIX}{_LOCAL})"
    rf"|~={_GAP}{_RELEASE}+{_SUFFIX}"
    rf"|(?:<=|>=|<|>){_GAP}{_RELEASE}*{_SUFFIX}",
    re.IGNORECASE | re.ASCII,
)


class Requirement:
    """name, extras: normalised. specifier: its clauses joined by commas, without blanks.
    url, marker: as written; empty where there is none. text: all of it, as written."""

    __slots__ = ("extras", "marker", "name", "specifier", "text", "url")

    def __init__(
        self, name: str, extras: frozenset[str], specifier: str, url: str, marker: str, text: str
    ) -> None:
        self.name = name
        self.extras = extras
        self.specifier = specifier
        self.url = url
        self.marker = marker
        self.text = text

    def __repr__(self) -> str:
        return f"Requirement({self.text!r})"


def parse(text: str) -> Requirement | None:
    """Take a requirement apart, in one pass; None where it is not valid."""
    name = _NAME.match(text)
    if name is None:
        return None
    extras, position = _extras(text, name.end())
    if extras is None:
        return None
    specifier: str | None = ""
    url = _URL.match(text, position)
    if url:
        position = url.end()
    else:
        specifier, position = _specifier(text, position)
    marker = _marker(text, position)
    if specifier is None or marker is None:
        return None
    address = url[1] if url else ""
    return Requirement(normal(name[1]), extras, specifier, address, marker, text)


def _extras(text: str, start: int) -> tuple[frozenset[str] | None, int]:
    """The extras in brackets, and where what follows them begins."""
    if not text.startswith("[", start):
        return frozenset(), start
    end = text.find("]", start)
    names = [_NAME.fullmatch(part) for part in text[start + 1 : end].split(",")]
    after = _skip(text, end + 1)
    if end < 0:
        return None, after
    if not text[start + 1 : end].strip(" \t"):
        return frozenset(), after
    found = [normal(name[1]) for name in names if name]
    return (frozenset(found) if len(found) == len(names) else None), after


def _specifier(text: str, start: int) -> tuple[str | None, int]:
    """The clauses, in parentheses or not, and where what follows them begins."""
    is_enclosed = text.startswith("(", start)
    position = _skip(text, start + 1) if is_enclosed else start
    clauses = []
    while clause := _PLAIN.match(text, position) or _CLAUSE.match(text, position):
        clauses.append("".join(clause[0].split()))
        position = _skip(text, clause.end())
        if not text.startswith(",", position):
            break
        position = _skip(text, position + 1)
    if is_enclosed:
        if not text.startswith(")", position):
            return None, position
        position = _skip(text, position + 1)
    return _joined(clauses), position


def _joined(clauses: list[str]) -> str | None:
    """The clauses as one text. What `===` takes for its version may hold a comma, at which the
    text parts again."""
    whole = ",".join(clauses)
    if "===" in whole:
        parts = [part for part in whole.split(",") if part]
        if not all(_CLAUSE.fullmatch(part) for part in parts):
            return None
    return whole


def _marker(text: str, start: int) -> str | None:
    if start >= len(text):
        return ""
    marker = text[start + 1 :].strip(" \t")
    is_marker = text.startswith(";", start) and marker and is_valid(marker)
    return marker if is_marker else None


def _skip(text: str, position: int) -> int:
    blanks = _BLANKS.match(text, position)
    return blanks.end() if blanks else position
