"""The entries of a compiled file, by name, with those of the files that it includes itself."""

from __future__ import annotations

import posixpath
import re

from tenterhooks.core.files import Unreadable
from tenterhooks.formats import compiled as compiled_format
from tenterhooks.lock_in_sync import compare
from tenterhooks.lock_in_sync.compiled.inputs import source, target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import Repository
    from tenterhooks.formats.compiled import Compiled, Entry
    from tenterhooks.lock_in_sync.compare import Requirement

_PIN = re.compile(r"===?([^\s,*]+)")
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
_MOST = 200  # files


class Pin:
    """An entry that has a name. version: empty for an address. sources: the files that declare
    it, as its comments name them. parents: the names of what needs it. is_own: whether it stands
    in the file itself."""

    __slots__ = ("entry", "is_own", "parents", "requirement", "sources", "version")

    def __init__(self, entry: Entry, requirement: Requirement, *, is_own: bool) -> None:
        self.entry = entry
        self.requirement = requirement
        self.is_own = is_own
        pin = _PIN.fullmatch(requirement.specifier)
        self.version = pin.group(1) if pin else ""
        self.sources = [name for via in entry.via if (name := source(via))]
        self.parents = [
            compare.normal(via)
            for via in entry.via
            if not via.startswith("-") and " " not in via and "/" not in via
        ]

    @property
    def text(self) -> str:
        """The pin as a message shows it."""
        return self.requirement.text.partition(";")[0].strip()[:100]


class Pins:
    """by_name: the pins of each name. unnamed: how entries begin that are paths or addresses
    alone, or cannot be read. is_annotated: whether the file says of its entries which source
    declares them."""

    def __init__(self, compiled: Compiled, repository: Repository) -> None:
        self.by_name: dict[str, list[Pin]] = {}
        self.unnamed: set[str] = set()
        self._take(compiled, is_own=True)
        self.is_annotated = any(pin.sources for pin in self.own())
        for inner in _included(compiled, repository):
            self._take(inner, is_own=False)

    def own(self) -> Iterator[Pin]:
        """The pins that stand in the file itself."""
        return (pin for pins in self.by_name.values() for pin in pins if pin.is_own)

    def of(self, name: str) -> list[Pin]:
        return self.by_name.get(name, [])

    def _take(self, compiled: Compiled, *, is_own: bool) -> None:
        for entry in compiled.entries:
            requirement = None if entry.line.is_editable else compare.parse(entry.text)
            if requirement is None:
                name = _NAME.match(entry.text)
                self.unnamed.add(compare.normal(name.group()) if name else "")
            else:
                pin = Pin(entry, requirement, is_own=is_own)
                self.by_name.setdefault(requirement.name, []).append(pin)


def _included(compiled: Compiled, repository: Repository) -> Iterator[Compiled]:
    """The files that a compiled file includes, as those of pip-compile-multi do."""
    seen = {compiled.file.path}
    waiting = [compiled]
    while waiting and len(seen) < _MOST:
        holder = waiting.pop()
        for line in holder.document.lines:
            name, constrains = line.include or ("", True)
            folder = posixpath.dirname(holder.file.path)
            path = None if constrains else target(name, folder, repository)
            if path is None or path in seen:
                continue
            seen.add(path)
            try:
                inner = compiled_format.load(repository.file(path))
            except Unreadable:
                continue
            waiting.append(inner)
            yield inner
