"""``.github/workflows/actions.lock``, which GitHub's own lock command writes.

Source: github/gh-actions-lock; versions 0.0.x of the format, read in November 2026:
``workflows`` lists for each workflow the pins it uses, ``dependencies`` gives each pin its
``commit`` as ``sha1-<40 hex>`` or ``sha256-<64 hex>``.
"""

from __future__ import annotations

import re

from tenterhooks.core.files import Repository, Unreadable
from tenterhooks.formats import yaml

PATH = ".github/workflows/actions.lock"
_COMMIT = re.compile(r"sha1-[0-9a-f]{40}|sha256-[0-9a-f]{64}")


def locked(repository: Repository, workflow: str) -> set[str]:
    """The pins, ``owner/repo@ref``, that the lock gives a full commit for the workflow at this
    path; empty where there is no lock, or none that can be read. Owner and repository in lower
    case."""
    return repository.once(_load).get(workflow, set())


def _load(repository: Repository) -> dict[str, set[str]]:
    try:
        document = yaml.load(repository.file(PATH))
    except Unreadable:
        return {}
    root = document.root
    workflows = root.get("workflows") if root else None
    dependencies = root.get("dependencies") if root else None
    if workflows is None or dependencies is None:
        return {}
    sound = {
        pin(str(key.value))
        for key, entry in dependencies.pairs()
        for name, commit in entry.pairs()
        if name.value == "commit" and _COMMIT.fullmatch(commit.text() or "")
    }
    return {
        str(path.value): {pin(item.text() or "") for item in pins.items()} & sound
        for path, pins in workflows.pairs()
    }


def pin(text: str) -> str:
    """A pin in its canonical case: GitHub does not tell case in owner and repository."""
    name, _, ref = text.strip().partition("@")
    return f"{name.lower()}@{ref}"
