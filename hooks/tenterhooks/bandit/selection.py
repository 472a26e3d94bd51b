"""Which tests run: the ids and names there are, and what a configuration makes of them."""

from __future__ import annotations

from tenterhooks.bandit import known
from tenterhooks.bandit.sources import SettingsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tenterhooks.bandit.nosec import Tests

    # id, name, and the section of the configuration that it reads, or None.
    Plugin = tuple[str, str, str | None]

BLACKLISTED = frozenset(known.BLACKLISTS)


class Catalogue:
    """All tests by id and name: Bandit's, ours, and those of other distributions, which are looked
    up only for a word that is none of the others.

    installed: gives the tests that are installed: ``installed_tests``, or what a driver that has
    loaded them knows.
    """

    def __init__(self, installed: Callable[[], Iterable[Plugin]]) -> None:
        self._installed = installed
        self._by_word: dict[str, str] | None = None
        self._ours: dict[str, str] | None = None
        self._plugins: list[Plugin] | None = None

    def find(self, word: str) -> str | None:
        """The id that an id or a name stands for, None where no test has it."""
        if self._by_word is None:
            tables = (known.BLACKLISTS, self.ours(), known.PLUGINS)
            ids = {id: id for id in (known.BLACKLIST, *self.ids())}
            self._by_word = {name: id for table in tables for id, name in table.items()} | ids
        if word in self._by_word:
            return self._by_word[word]
        if is_retired(word):
            return None
        return next((id for id, name, _ in self.others() if word in (id, name)), None)

    def ours(self) -> dict[str, str]:
        """Id -> name of the tests that this package brings."""
        if self._ours is None:
            from tenterhooks.bandit.detections import TESTS

            self._ours = {id: row[0] for id, row in TESTS.items()}
        return self._ours

    def others(self) -> list[Plugin]:
        """The tests that are installed beside those of the tables."""
        if self._plugins is None:
            ids = {*known.PLUGINS, *known.BLACKLISTS, *self.ours()}
            self._plugins = [plugin for plugin in self._installed() if plugin[0] not in ids]
        return self._plugins

    def ids(self) -> set[str]:
        """The ids of all tests of the tables."""
        return {*known.PLUGINS, *known.BLACKLISTS, *self.ours()}

    def unknown(self, word: str) -> str:
        """What to say of a word that no test has."""
        if word.startswith("["):
            return f"{word[:80]} is a list as TOML has it; write B101,B602"
        near = self._near(word)
        if near:
            return f"unknown test {word[:80]}; did you mean {near}?"
        others = ", ".join(sorted(id for id, _, _ in self.others()))
        return f"unknown test {word[:80]}; Bandit {known.VERSION} has none of that name" + (
            f", and the other packages have {others}" if others else ""
        )

    def _near(self, word: str) -> str | None:
        """The id or name that was meant. Ids are so much alike that all but a slip of the shift
        key would be a guess."""
        import difflib

        if word.upper() in {*self.ids(), known.BLACKLIST}:
            return word.upper()
        names = [*known.PLUGINS.values(), *known.BLACKLISTS.values(), *self.ours().values()]
        return next(iter(difflib.get_close_matches(word.lower(), names, 1)), None)


def installed_tests() -> list[Plugin]:
    """The tests of this environment, those of Bandit among them; none where Bandit is missing.
    Slow: all plugins are imported.

    Raises SettingsError: one of them cannot be.
    """
    from tenterhooks.bandit import installed, loading

    try:
        registry = loading.load(installed.look())
    except installed.Missing:
        return []
    except loading.Broken as error:
        raise SettingsError(str(error)) from None
    plugins: list[Plugin] = [
        (id, it.name, getattr(it.plugin, "_takes_config", None))
        for id, it in registry.plugins_by_id.items()
    ]
    return plugins + [(id, it["name"], None) for id, it in registry.blacklist_by_id.items()]


CATALOGUE = Catalogue(installed_tests)
"""The tests of this environment."""


def all_tests() -> Tests:
    """The tests of this environment as a nosec comment can name them. Raises SettingsError."""
    from tenterhooks.bandit.nosec import Tests

    names = {name: id for id, name in known.BLACKLISTS.items()}
    names.update({name: id for id, name in CATALOGUE.ours().items()})
    names.update({name: id for id, name in known.PLUGINS.items()})
    names.update({name: id for id, name, _ in installed_tests()})
    return Tests({known.BLACKLIST, *names.values()}, names)


def is_retired(word: str) -> bool:
    """Whether an earlier version of Bandit had a test of this id or name."""
    return retired(word) is not None


def retired(word: str) -> str | None:
    """The id of a test that only earlier versions of Bandit had, by its id or name."""
    return next((id for id, name in known.RETIRED.items() if word in (id, name)), None)


def words(text: str) -> list[str]:
    """The ids and names in a text: Bandit wants commas between them, and no blanks."""
    return text.replace(",", " ").split()


def expanded(ids: Iterable[str]) -> set[str]:
    """The ids without B001, which means all blacklists where none of them is named beside it.

    Source: ``BanditTestSet._get_filter``.
    """
    found = set(ids)
    if known.BLACKLIST in found and found.isdisjoint(BLACKLISTED):
        found |= BLACKLISTED
    return found - {known.BLACKLIST}


class Selection:
    """include: the ids that run, None for all. exclude: those that do not."""

    __slots__ = ("exclude", "include")

    def __init__(self, include: Iterable[str] | None = None, exclude: Iterable[str] = ()) -> None:
        self.include = None if include is None else frozenset(include)
        self.exclude = frozenset(exclude)

    def runs(self, test_id: str) -> bool:
        included = self.include is None or test_id in self.include
        return included and test_id not in self.exclude

    def switched(self, opt_in: frozenset[str], on: Iterable[str]) -> Selection:
        """This selection without those of ``opt_in`` that it does not name, and with ``on``."""
        off = opt_in - (self.include or frozenset())
        include = None if self.include is None else self.include.union(on)
        return Selection(include, (self.exclude | off).difference(on))


def combined(
    file_tests: Iterable[str],
    file_skips: Iterable[str],
    given_tests: Iterable[str],
    given_skips: Iterable[str],
) -> Selection:
    """What a file says, and what is given beside it, which is added as Bandit adds its
    ``--tests`` and ``--skip``; where the two contradict each other the given one holds."""
    given_tests, given_skips = set(given_tests), set(given_skips)
    include = expanded({*file_tests, *given_tests})
    exclude = expanded({*file_skips, *given_skips}) - expanded(given_tests)
    return Selection(include or None, exclude | expanded(given_skips))
