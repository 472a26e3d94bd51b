"""What is known of the tests that the hook ``bandit`` runs and that have no page here."""

from __future__ import annotations

import re

from tenterhooks.bandit import installed, known, loading, selection
from tenterhooks.bandit.sources import SettingsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    # A row of the table at the head of a page.
    Fact = tuple[str, str]

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def names() -> list[str]:
    """The names of Bandit's tests and ours. Not the ids, which are all alike."""
    ours = selection.CATALOGUE.ours().values()
    return [*known.PLUGINS.values(), *known.BLACKLISTS.values(), *ours]


def find(word: str) -> str | None:
    """The id of a test, of this version of Bandit or an earlier one, by its id or name; None for
    what is none."""
    # To look for anything else at what is installed would be a waste.
    if not _WORD.fullmatch(word):
        return None
    return selection.retired(word) or _find(word)


def _find(word: str) -> str | None:
    try:
        return selection.CATALOGUE.find(word)
    except SettingsError:  # a package that adds tests is broken; the hook itself tells how
        return None


def page(test_id: str) -> str:
    """What there is to say of a test, in the form of our pages."""
    try:
        facts, source = _of_retired(test_id) or _of_installed(test_id)
    except (installed.Missing, loading.Broken) as error:
        facts = [("Name", known.PLUGINS.get(test_id) or known.BLACKLISTS.get(test_id, "blacklist"))]
        source = f"Bandit's own documentation. Its address is not known here: {error}."
    rows = "".join(f"| {name} | {value} |\n" for name, value in (("Hook", "`bandit`"), *facts))
    return f"# {test_id}\n\n| | |\n| --- | --- |\n{rows}\n## Source\n{source}\n"


def _of_retired(test_id: str) -> tuple[list[Fact], str] | None:
    if test_id not in known.RETIRED:
        return None
    facts = [("Name", f"`{known.RETIRED[test_id]}`")]
    return facts, f"Earlier versions of Bandit. {known.VERSION} has it no more."


def _of_installed(test_id: str) -> tuple[list[Fact], str]:
    """Raises Missing, Broken."""
    registry = loading.load(installed.look())
    source = registry.url(test_id) or "None that its package names."
    return list(_facts(registry, test_id)), source


def _facts(registry: loading.Registry, test_id: str) -> Iterator[Fact]:
    plugin = registry.plugins_by_id.get(test_id)
    entry = registry.blacklist_by_id.get(test_id)
    if plugin is not None:
        yield "Name", f"`{plugin.name}`"
        yield "From", plugin.distribution
    elif entry is not None:
        yield "Name", f"`{entry['name']}`"
        yield "From", f"the blacklists of Bandit {registry.version}"
        yield "Looks for", ", ".join(f"`{name}`" for name in entry["qualnames"])
    else:
        yield "Name", "`blacklist`"
        yield "From", f"Bandit {registry.version}: all its blacklists, B3 and B4"
