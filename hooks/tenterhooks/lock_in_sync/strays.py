"""stray-lock: a lock file that its tool never reads. Sure cases only."""

from __future__ import annotations

import posixpath

from tenterhooks.core import parsed, toml
from tenterhooks.core.files import Unreadable
from tenterhooks.core.finding import Finding
from tenterhooks.lock_in_sync import shell
from tenterhooks.lock_in_sync.paths import LOCKERS, SCRIPT_LOCK
from tenterhooks.lock_in_sync.rules import STRAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tenterhooks.core.files import File, Repository


def check(lock: File, repository: Repository) -> Iterator[Finding]:
    """The finding of a lock, if nothing reads it."""
    folder, name = posixpath.split(lock.path)
    why = _reason(folder, name, repository)
    if why:
        tool = LOCKERS[name].name if name in LOCKERS else "uv"
        message = f"{tool} never reads this lock: {why}"
        yield Finding(lock.path, 1, 1, STRAY.name, message, f"git rm {shell.quoted(lock.path)}")


def _reason(folder: str, name: str, repository: Repository) -> str:
    """Why a lock is never read; empty where it is, or where that is not sure."""
    if name.endswith(SCRIPT_LOCK):
        script = posixpath.join(folder, name.removesuffix(".lock"))
        return "" if _is_there(script, repository) else f"there is no {posixpath.basename(script)}"
    if name not in LOCKERS:
        return ""
    project = posixpath.join(folder, LOCKERS[name].project)
    if not _is_there(project, repository):
        return f"there is no {LOCKERS[name].project} beside it"
    document = _document(project, repository)
    if document is None:
        return ""
    if (
        name == "poetry.lock"
        and "project" not in document
        and not parsed.at(document, "tool", "poetry")
    ):
        return "pyproject.toml has neither [project] nor [tool.poetry]"
    root = _workspace(folder, document, repository) if name == "uv.lock" else None
    if root is not None:
        return f"the project is a member of the workspace in {root or 'the top folder'}"
    return ""


def _workspace(folder: str, document: dict[str, Any], repository: Repository) -> str | None:
    """The root of the workspace that the project in a folder is a member of."""
    from tenterhooks.lock_in_sync.uv.workspace import member_folders

    if parsed.at(document, "tool", "uv", "workspace") is not None or "project" not in document:
        return None
    if parsed.at(document, "tool", "uv", "managed") is False:
        return None
    above = folder
    while above:
        above = posixpath.dirname(above)
        root = _document(posixpath.join(above, "pyproject.toml"), repository)
        workspace = parsed.at(root, "tool", "uv", "workspace")
        if not isinstance(workspace, dict):
            continue
        # The nearest workspace decides; uv looks no further.
        members, left_out = (parsed.texts(workspace, key) for key in ("members", "exclude"))
        is_member = folder in member_folders(repository, above, members, left_out)
        return (
            above if is_member and parsed.at(root, "tool", "uv", "managed") is not False else None
        )
    return None


def _is_there(path: str, repository: Repository) -> bool:
    """Whether the disk has a file, or git, whose work tree may be a part only."""
    is_tracked = repository.is_git and path in repository.tracked()
    return is_tracked or repository.file(path).is_there


def _document(path: str, repository: Repository) -> dict[str, Any] | None:
    try:
        return toml.load(repository.file(path))
    except Unreadable:
        return None
