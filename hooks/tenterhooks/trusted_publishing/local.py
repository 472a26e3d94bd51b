"""What a workflow calls in its own repository: composite actions and reusable workflows."""

from __future__ import annotations

import posixpath
import re

from tenterhooks.core.files import Unreadable
from tenterhooks.core.git import GitError
from tenterhooks.formats import workflow, yaml
from tenterhooks.trusted_publishing.github import scalar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.core.files import File, Repository

_WORKFLOWS = re.compile(r"^\.github/workflows/[^/]+\.ya?ml$")


def local_action(uses: str, repository: Repository) -> File | None:
    """The definition of an action of this repository that ``uses`` names, if it is there."""
    uses = uses.strip()
    if not uses.startswith(("./", "$/")):
        return None
    folder = posixpath.normpath(uses[2:] or ".")
    return _tracked(
        [posixpath.join(folder, name) for name in ("action.yml", "action.yaml")], repository
    )


def called_file(uses: str, repository: Repository) -> File | None:
    """The workflow of this repository that a job calls, if it is there."""
    if not uses.startswith(("./", "$/")):
        return None
    return _tracked([posixpath.normpath(uses[2:])], repository)


def _tracked(paths: Sequence[str], repository: Repository) -> File | None:
    try:
        tracked = repository.tracked()
    except GitError:
        return None
    for path in map(posixpath.normpath, paths):
        if path in tracked:
            file = repository.file(path)
            return None if repository.leads_out(file) else file
    return None


def callers(repository: Repository) -> dict[str, list[tuple[yaml.Document, yaml.Node]]]:
    """Path of a workflow -> the jobs of this repository that call it."""
    return repository.once(_callers)


def _callers(repository: Repository) -> dict[str, list[tuple[yaml.Document, yaml.Node]]]:
    found: dict[str, list[tuple[yaml.Document, yaml.Node]]] = {}
    try:
        files = repository.matching(_WORKFLOWS)
    except GitError:
        return found
    for file in files:
        try:
            if b"/.github/workflows/" not in file.data:
                continue
            loaded = workflow.load(file)
        except Unreadable:
            continue
        for job in loaded.jobs():
            called = called_file(scalar(job, "uses"), repository)
            if called is not None:
                # A document of nothing, for places: that of the file would hold all of it.
                found.setdefault(called.path, []).append((yaml.Document(file), job))
        repository.release(file)
    return found
