"""One section of an INI file as Python's configparser reads it, with the line of each key.

configparser is the oracle of the tests. It is not used itself because it does not tell places,
takes quadratic time for a line of blanks, and its ``%(name)s`` can be made to grow without end;
that one is refused here.
"""

from __future__ import annotations

from tenterhooks.core.files import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.core.files import File

    Section = dict[str, tuple[str, int]]

_DEFAULT = "DEFAULT"


def section(file: File, name: str) -> Section | None:
    """Key, in lower case -> value and 1-based line, of the section ``name`` with what stands in
    ``[DEFAULT]``; None where there is no such section.

    Raises Unreadable: not text, not an INI file, a key or the section twice, ``%(name)s``.
    """
    sections = _Reader(file.text).read()
    if name not in sections:
        return None
    found = {**sections.get(_DEFAULT, {}), **sections[name]}
    return {key: (_unescaped(value, line), line) for key, (value, line) in found.items()}


def has_section(file: File, name: str) -> bool:
    """Whether a line of a file is the header of the section ``name``. Raises Unreadable."""
    return any(_header(line) == name for line in file.text.split("\n"))


def _header(line: str) -> str | None:
    stripped = line.strip()
    if line[:1].isspace() or not stripped.startswith("["):
        return None
    name, closed, _ = stripped[1:].rpartition("]")
    return name if closed and name else None


class _Reader:
    """The sections of a text; what is not in one is an error."""

    def __init__(self, text: str) -> None:
        self.lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.sections: dict[str, Section] = {}
        self.current: Section | None = None
        self.key: str | None = None
        self.parts: list[str] = []
        self.indent = 0

    def read(self) -> dict[str, Section]:
        for number, line in enumerate(self.lines, 1):
            stripped = line.strip()
            if stripped.startswith(("#", ";")):
                continue
            indent = len(line) - len(line.lstrip())
            if not stripped:
                self.parts.append("")
            elif self.key is not None and indent > self.indent:
                self.parts.append(stripped)
            else:
                self._finish()
                self.indent = indent
                self._begin(stripped, number)
        self._finish()
        return self.sections

    def _begin(self, stripped: str, number: int) -> None:
        """A header or a key with its value."""
        header = _header(stripped)
        if header is not None:
            if header in self.sections and header != _DEFAULT:
                raise _invalid(f"the section {header[:80]} stands twice", number)
            self.current = self.sections.setdefault(header, {})
            return
        at = min((stripped.find(mark) for mark in "=:" if mark in stripped), default=0)
        key = stripped[:at].rstrip().lower()
        if self.current is None or not key:
            raise _invalid("neither a [section] nor a key with a value", number)
        if key in self.current:
            raise _invalid(f"{key[:80]}: stands twice", number)
        self.current[key] = ("", number)
        self.key = key
        self.parts = [stripped[at + 1 :].strip()]

    def _finish(self) -> None:
        if self.key is not None and self.current is not None:
            line = self.current[self.key][1]
            self.current[self.key] = ("\n".join(self.parts).rstrip(), line)
        self.key = None
        self.parts = []


def _unescaped(value: str, line: int) -> str:
    """Two percent signs are one; a single one would take a value from elsewhere."""
    if "%" in value.replace("%%", ""):
        raise _invalid("a single % would insert another value, which is not followed", line)
    return value.replace("%%", "%")


def _invalid(message: str, line: int) -> Unreadable:
    return Unreadable(message, line, 1, "invalid-file")
