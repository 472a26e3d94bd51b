"""What setup.cfg declares, where setup.py and pyproject.toml leave it to it."""

from __future__ import annotations

import posixpath

from tenterhooks.core.files import Unreadable
from tenterhooks.formats import setup_cfg
from tenterhooks.lock_in_sync import compare

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.core.files import File, Repository
    from tenterhooks.lock_in_sync.compiled.project import Project


def read(found: Project, path: str, extras: set[str] | None, repository: Repository) -> None:
    """Add the dependencies and those of ``extras``; None for all of these."""
    file = repository.file(path)
    try:
        values = setup_cfg.items(file)
    except Unreadable as error:
        found.unknown = f"{path} {error.message}"
        return
    if _is_shared(posixpath.dirname(path), repository):
        found.unknown = f"{path} does not say it alone"
    for (section, key), listed in values.items():
        name = compare.normal(key)
        is_extra = section == "options.extras_require" and (extras is None or name in extras)
        if is_extra or (section, key) == ("options", "install_requires"):
            _take(found, file, listed)


def _take(found: Project, file: File, listed: list[tuple[str, int]]) -> None:
    for text, offset in listed:
        requirement = compare.parse(text)
        if requirement is None:
            found.unknown = f"{text[:80]} in {file.path} cannot be read"
        else:
            found.declared.append((requirement, file.path, file.position(offset)))


def _is_shared(folder: str, repository: Repository) -> bool:
    """Whether another file beside setup.cfg can say what the project needs."""
    for name, word in (("setup.py", b"_require"), ("pyproject.toml", b"[project]")):
        try:
            if word in repository.file(posixpath.join(folder, name)).data:
                return True
        except Unreadable:
            continue
    return False
