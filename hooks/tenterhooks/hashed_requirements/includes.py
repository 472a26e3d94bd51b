"""What -r and -c bring: bounded, never out of the repository, never over the network."""

from __future__ import annotations

import os
import posixpath

from tenterhooks.core import git
from tenterhooks.core.files import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.core.files import Repository
    from tenterhooks.formats.requirements import Line, Requirements
    from tenterhooks.hashed_requirements.reading import Requirement

MAX_FILES = 200


class Reach:
    """What the files say that one requirements file includes, directly or not.

    has_hashes, has_unhashed, has_bare: among the requirements that -r brings; a bare one has no
    hash in its address either. constrained: the names that a -c file gives hashes. pins: the pinned
    requirements that -r brings. problems: lines of the file whose include cannot be followed, how,
    and whether that is wrong in any case. cycles: lines that lead back to the file. paths: of the
    files that are included.
    """

    def __init__(self) -> None:
        self.has_hashes = False
        self.has_unhashed = False
        self.has_bare = False
        self.constrained: set[str] = set()
        self.pins: list[Requirement] = []
        self.problems: list[tuple[Line, str, bool]] = []
        self.cycles: list[Line] = []
        self.paths: list[str] = []


def reach(document: Requirements, repository: Repository) -> Reach:
    """Follow the includes of a file."""
    found = Reach()
    seen = {document.file.path}
    waiting = [(document, line, line) for line in document.lines if line.include]
    while waiting:
        holder, line, first = waiting.pop()
        name, constraint = line.include or ("", False)
        own = holder is document
        path, problem, certain = _target(name, holder.file.path, repository)
        if path == document.file.path:
            found.cycles.append(first)
            continue
        if path is None:
            if own:
                found.problems.append((line, problem, certain))
            continue
        if path in seen or len(seen) > MAX_FILES:
            continue
        seen.add(path)
        found.paths.append(path)
        inner = _load(path, repository)
        if inner is None:
            continue
        _take(found, inner, constraint=constraint)
        waiting += [(inner, each, first) for each in inner.lines if each.include]
    return found


def _target(name: str, holder: str, repository: Repository) -> tuple[str | None, str, bool]:
    """The path that an include means; else what is wrong, and whether it is so in any case."""
    if "://" in name or name.startswith("file:"):
        return None, f"{name[:80]} is an address: what it brings is not read here", False
    if "${" in name:
        return None, f"{name[:80]} depends on the environment: what it brings is not known", False
    path = posixpath.normpath(posixpath.join(posixpath.dirname(holder), name))
    if path.startswith(("../", "/")) or os.path.isabs(name):
        return None, f"{name[:80]} lies outside the repository: it is not read", False
    if os.path.isdir(repository.file(path).absolute):
        return None, f"{name[:80]} is a folder", True
    if not os.path.exists(repository.file(path).absolute):
        if git.ignored(repository.top, path):
            return None, f"{name[:80]} is made elsewhere, as git ignores it: it is not read", False
        return None, f"{name[:80]} is not there", True
    return path, "", False


def _load(path: str, repository: Repository) -> Requirements | None:
    from tenterhooks.formats import requirements

    file = repository.file(path)
    if repository.leads_out(file):
        return None
    try:
        return requirements.load(file)
    except Unreadable:
        return None  # it is reported where it stands itself


def _take(found: Reach, inner: Requirements, *, constraint: bool) -> None:
    from tenterhooks.hashed_requirements.reading import Requirement

    for line in inner.lines:
        if line.requirement is None:
            continue
        read = Requirement(line.requirement, editable=line.is_editable)
        if constraint:
            if line.hashes and read.name:
                found.constrained.add(read.name)
            continue
        found.has_hashes = found.has_hashes or bool(line.hashes)
        found.has_unhashed = found.has_unhashed or not line.hashes
        found.has_bare = found.has_bare or not (line.hashes or read.fragment)
        if read.version:
            found.pins.append(read)
