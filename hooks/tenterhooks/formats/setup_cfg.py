"""The lists of setup.cfg, item by item with their places.

Source: ``configparser`` for the lines, setuptools' ``config/setupcfg.py`` for the lists: one item
a line, or items parted by semicolons where there is one line only.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File

_SECTION = re.compile(r"\[([^\]]+)\]")
_KEY = re.compile(r"([^\s=:#;\[][^=:]*)[=:]")


def items(file: File) -> dict[tuple[str, str], list[tuple[str, int]]]:
    """Section and key, in small letters -> the items, each with its offset. Raises Unreadable."""
    return file.once(_items)


def _items(file: File) -> dict[tuple[str, str], list[tuple[str, int]]]:
    found: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for section, key, texts in _values(file.text):
        found[section, key] = list(_parted(*texts[0])) if len(texts) == 1 else texts
    return found


def _values(text: str) -> Iterator[tuple[str, str, list[tuple[str, int]]]]:
    """Section, key, and the lines of the value that hold something."""
    section = key = ""
    lines: list[tuple[str, int]] = []
    offset = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        start = offset + len(line) - len(line.lstrip())
        offset += len(line)
        if not bare or bare.startswith(("#", ";")):
            continue
        if line[0] in " \t":
            lines.append((bare, start))
            continue
        if key:
            yield section, key, lines
        header, pair = _SECTION.match(line), _KEY.match(line)
        section = header.group(1).strip() if header else section
        key = pair.group(1).strip().lower() if pair and not header else ""
        rest = line[pair.end() :] if pair else ""
        lines = [(rest.strip(), offset - len(rest.lstrip()))] if rest.strip() else []
    if key:
        yield section, key, lines


def _parted(text: str, start: int) -> Iterator[tuple[str, int]]:
    for part in text.split(";"):
        if part.strip():
            yield part.strip(), start + len(part) - len(part.lstrip())
        start += len(part) + 1
