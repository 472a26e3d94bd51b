"""What is installed beside us for Bandit: its version, its plugins and those of others.

Read from the ``entry_points.txt`` of each distribution on ``sys.path``, in the order in which
importlib.metadata would give them, which costs three times as much as all of this.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PLUGINS = "bandit.plugins"
BLACKLISTS = "bandit.blacklists"
_NEEDLES = (b"bandit.plugins", b"bandit.blacklists")


class Missing(Exception):
    """Bandit is not installed, or not whole; the text says what is not there."""


class Entry:
    """One declared entry point: ``name = module:attribute`` of ``distribution`` (name-version)."""

    __slots__ = ("attribute", "distribution", "group", "module", "name")

    def __init__(
        self, group: str, name: str, module: str, attribute: str, distribution: str
    ) -> None:
        self.group = group
        self.name = name
        self.module = module
        self.attribute = attribute
        self.distribution = distribution

    @property
    def of_bandit(self) -> bool:
        return self.module.split(".", 1)[0] == "bandit"


class Installed:
    """What one look at ``sys.path`` found.

    folder: where the package ``bandit`` is. version: Bandit's. entries: plugins and blacklists.
    """

    __slots__ = ("entries", "folder", "version")

    def __init__(self, folder: str, version: str, entries: list[Entry]) -> None:
        self.folder = folder
        self.version = version
        self.entries = entries


def look(paths: Sequence[str] | None = None) -> Installed:
    """Bandit and its plugins on ``paths`` (default: ``sys.path``). Raises Missing."""
    paths = sys.path if paths is None else paths
    folder = _folder(paths)
    version = None
    entries: list[Entry] = []
    for place, name, release in _distributions(paths):
        if name == "bandit" and release:
            version = release
        entries += _entries(place, f"{name}-{release}" if release else name)
    if version is None or not any(entry.of_bandit for entry in entries):
        raise Missing("bandit is not installed as a distribution, so its tests cannot be found")
    return Installed(folder, version, entries)


def is_there() -> bool:
    """Whether Bandit's package can be found; its distribution is not looked at."""
    try:
        return bool(_folder(sys.path))
    except Missing:
        return False


def module_file(module: str, paths: Sequence[str] | None = None) -> str | None:
    """The source file of a dotted module, found without importing anything."""
    relative = os.path.join(*module.split("."))
    for path in sys.path if paths is None else paths:
        for tail in (".py", os.sep + "__init__.py"):
            name = os.path.join(path, relative) + tail
            if path and os.path.isfile(name):
                return name
    return None


def _folder(paths: Sequence[str]) -> str:
    for path in paths:
        folder = os.path.join(path, "bandit")
        if path and os.path.isfile(os.path.join(folder, "core", "node_visitor.py")):
            return folder
    raise Missing("bandit is not installed")


def _distributions(paths: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """(metadata folder, normalised name, version) of each; the first of a name counts."""
    seen = set()
    # An empty path is the working directory: the repository under check must not add plugins.
    for path in filter(None, paths):
        try:
            children = os.listdir(path)
        except OSError:
            continue
        for child in children:
            stem, dot, kind = child.rpartition(".")
            if dot and kind in ("dist-info", "egg-info"):
                name, _, release = stem.partition("-")
                name = name.lower().replace("_", "-")
                if name not in seen:
                    seen.add(name)
                    yield os.path.join(path, child), name, release.split("-py", 1)[0]


def _entries(place: str, distribution: str) -> list[Entry]:
    try:
        with open(os.path.join(place, "entry_points.txt"), "rb") as stream:
            data = stream.read()
    except OSError:
        return []
    if not any(needle in data for needle in _NEEDLES):
        return []
    found = []
    group = ""
    for line in map(str.strip, data.decode("utf-8", "replace").splitlines()):
        if line.startswith("[") and line.endswith("]"):
            group = line[1:-1].strip()
        elif group in (PLUGINS, BLACKLISTS) and "=" in line and line[0] not in "#;":
            found.append(_entry(group, line, distribution))
    return found


def _entry(group: str, line: str, distribution: str) -> Entry:
    name, _, value = line.partition("=")
    module, _, attribute = value.partition("[")[0].partition(":")
    return Entry(group, name.strip(), module.strip(), attribute.strip(), distribution)
