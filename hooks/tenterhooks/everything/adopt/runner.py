"""The runner's configuration with the hook ``tenterhooks`` in it.

pre-commit reads ``.pre-commit-config.yaml`` alone; prek the first there is of ``prek.toml``, that,
and ``.pre-commit-config.yml``.
"""

from __future__ import annotations

import os

import tenterhooks
from tenterhooks.core.files import Unreadable
from tenterhooks.everything.adopt import entries, entry_toml, entry_yaml
from tenterhooks.everything.adopt.address import is_ours
from tenterhooks.everything.adopt.drafts import Draft
from tenterhooks.everything.adopt.errors import Stopped
from tenterhooks.everything.adopt.revision import FULL, TAG

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.core.files import File, Repository
    from tenterhooks.everything.adopt.entries import Entry
    from tenterhooks.everything.adopt.revision import Revision, Revisions

YAML, YML, TOML = ".pre-commit-config.yaml", ".pre-commit-config.yml", "prek.toml"


def draft(
    repository: Repository, revisions: Revisions, notes: list[str], *, with_bandit: bool
) -> Draft | None:
    """The hook in the configuration of the runner; None where it is there. with_bandit: Bandit
    ran here. What is worth saying beside is put into ``notes``.

    Raises Stopped: the file cannot be read, or there is no safe way to edit it, or the commit to
    pin is not known.
    """
    there = [name for name in (TOML, YAML, YML) if _exists(repository, name)]
    if not there:
        revision = revisions.needed()
        item = entries.entry(revision, with_bandit=with_bandit)
        text = entry_yaml.whole(item, entries.comments(revision))
        return Draft(repository.file(YAML), text, is_new=True)
    # Where there are both, people may use both runners; what pre-commit reads, it reads alone.
    file = repository.file(YAML if YAML in there else there[0])
    notes += _on_names(there)
    try:
        changed = _text(file, revisions, notes, with_bandit=with_bandit)
    except Unreadable as error:
        raise Stopped(error.told(file.shown)) from None
    return None if changed is None else Draft(file, changed, is_new=False)


def _exists(repository: Repository, name: str) -> bool:
    return os.path.lexists(repository.file(name).absolute)


def _on_names(there: list[str]) -> list[str]:
    if there == [YML]:
        return [f"{YML}: prek reads it, pre-commit does not, which wants {YAML}"]
    if len(there) > 1:
        return [f"{' and '.join(there)} are there: prek reads {there[0]} alone, pre-commit {YAML}"]
    return []


def _text(file: File, revisions: Revisions, notes: list[str], *, with_bandit: bool) -> str | None:
    """Raises Stopped, Unreadable."""
    form = entry_toml if file.path == TOML else entry_yaml
    found = form.entries(file)
    own = [entry for entry in found if is_ours(entry.address)]
    for entry in own:
        notes += _on_revision(file, entry, revisions.known())
    for entry in found:
        if entries.HOOK in entry.hooks and (entry in own or entry.address == "local"):
            notes += [_on_bandit(file)] if with_bandit and not entry.has_bandit else []
            return None
    if own:
        notes += [_on_single_hooks(file)] if own[0].hooks else []
        text: str = form.with_hook(file, own[0], entries.hook(with_bandit=with_bandit))
    else:
        revision = revisions.needed()
        item = entries.entry(revision, with_bandit=with_bandit)
        text = form.with_entry(file, item, entries.comments(revision))
    return text


def _on_revision(file: File, entry: Entry, known: Revision | None) -> list[str]:
    if entry.revision is None or FULL.fullmatch(entry.revision.lower()):
        return []
    told = f"`pre-commit autoupdate --freeze --repo {entry.address}` freezes it"
    if known is not None and known.is_release and entry.revision == TAG:
        told = f"frozen it is {known.sha}  # {known.comment}"
    return [f"{file.shown}: rev {entry.revision} of {entry.address} can move; {told}"]


def _on_bandit(file: File) -> str:
    return (
        f"{file.shown}: Bandit ran here, and will not in the hook {entries.HOOK}, unless that gets "
        f'additional_dependencies: ["{entries.BANDIT}"]'
    )


def _on_single_hooks(file: File) -> str:
    return (
        f"{file.shown}: the hook {entries.HOOK} runs what the other hooks of "
        f"{tenterhooks.HOME} there do; they can go"
    )
