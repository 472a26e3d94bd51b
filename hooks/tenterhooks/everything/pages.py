"""The pages of documentation that are installed with the package."""

from __future__ import annotations

import os
import re

_FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "pages")
# Beside ``rules`` it has a folder for each practice that adds rules to those of another tool.
OVERVIEW = "README"
_TITLE = re.compile(r"# (?:[^\n:]+: )?([^\n]+)")


def names(folder: str) -> list[str]:
    """What has a page in a folder, in order; nothing where there is no such folder."""
    try:
        files = os.listdir(os.path.join(_FOLDER, folder))
    except OSError:
        return []
    pages = sorted(name.removesuffix(".md") for name in files if name.endswith(".md"))
    return [name for name in pages if name != OVERVIEW]


def folder(name: str) -> str | None:
    """The folder that has a page of this name."""
    found = (it for it in sorted(os.listdir(_FOLDER)) if name in names(it))
    return next(found, None)


def has_overview(folder: str) -> bool:
    """Whether a practice has a page on the whole of it."""
    return os.path.exists(os.path.join(_FOLDER, folder, f"{OVERVIEW}.md"))


def read(folder: str, name: str) -> str:
    """A page that ``names`` has. Raises OSError."""
    with open(os.path.join(_FOLDER, folder, f"{name}.md"), encoding="utf-8") as stream:
        return stream.read()


def title(page: str) -> str:
    """The heading of a page, without the name in front."""
    found = _TITLE.match(page)
    return found[1] if found else ""
