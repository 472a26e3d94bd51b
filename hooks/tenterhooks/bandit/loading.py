"""Bandit's plugins and blacklists in memory, without what only its command line needs."""

from __future__ import annotations

from tenterhooks.bandit import detections, installed, known, standing_in
from tenterhooks.bandit.detections import needs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

PROVED = "1.9.4"
"""The version that the driver was proved to agree with."""
_IDS = {name: id for id, name in known.PLUGINS.items()}
_DOCS = "https://bandit.readthedocs.io/en"


class Broken(Exception):
    """A declared plugin cannot be used; the text names it and says why."""


class Later:
    """A test that is known, in the place of its function: its module is imported when it is
    called first. Raises Broken then, if that cannot be, or it is not the test it was said to be.

    It has what Bandit's decorators give to a function. section: of the configuration. needs: what
    it has to see (see guards).
    """

    def __init__(
        self,
        entry: installed.Entry,
        test_id: str,
        checks: list[str],
        section: str | None = None,
        needs: dict[str, Any] | None = None,
    ) -> None:
        self.__name__ = entry.attribute
        self.__module__ = entry.module
        self._entry = entry
        self._function: Any = None
        self._test_id = test_id
        self._checks = checks
        self._takes_config = section
        self.needs = needs or {}

    @property
    def defaults(self) -> dict[str, Any] | None:
        """What it is configured with where nothing is said."""
        return known.SECTIONS[self._takes_config] if self._takes_config else None

    def __call__(self, *arguments: Any) -> Any:
        function = self._function or self._load()
        return function(*arguments)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._function or self._load(), name)

    def _load(self) -> Any:
        function = _usable(_load(self._entry), self._entry)
        for name in ("_test_id", "_checks", "_takes_config"):
            if getattr(function, name, None) != getattr(self, name, None):
                raise Broken(_complaint(self._entry, f"its {name[1:]} is not what it should be"))
        self._function = function
        return function


class Plugin:
    """One test: entry point's name, the function, and where it is from."""

    __slots__ = ("distribution", "name", "plugin")

    def __init__(self, name: str, plugin: Any, distribution: str) -> None:
        self.name = name
        self.plugin = plugin
        self.distribution = distribution


class Registry:
    """All tests by id and by name; stands in for Bandit's extension manager.

    blacklist: node type -> Bandit's blacklist data.
    """

    builtin = ("B001",)

    def __init__(self, version: str) -> None:
        self.version = version
        self.plugins: list[Plugin] = []
        self.plugins_by_id: dict[str, Plugin] = {}
        self.plugins_by_name: dict[str, Plugin] = {}
        self.blacklist: dict[str, list[dict[str, Any]]] = {}
        self.blacklist_by_id: dict[str, dict[str, Any]] = {}
        self.blacklist_by_name: dict[str, dict[str, Any]] = {}

    def check_id(self, test: str) -> bool:
        """Whether ``test`` is the id of a test."""
        return test in self.plugins_by_id or test in self.blacklist_by_id or test in self.builtin

    def get_test_id(self, name: str) -> str | None:
        """The id of the test called ``name``."""
        if name in self.plugins_by_name:
            found: str = self.plugins_by_name[name].plugin._test_id  # noqa: SLF001
            return found
        entry = self.blacklist_by_name.get(name)
        return None if entry is None else entry["id"]

    def find(self, word: str) -> str | None:
        """The id that a word of a comment stands for."""
        return word if self.check_id(word) else self.get_test_id(word)

    def url(self, test_id: str) -> str:
        """Where Bandit's documentation is on this test; empty for a test of somebody else."""
        plugin = self.plugins_by_id.get(test_id)
        if plugin is not None:
            function = plugin.plugin
            if not function.__module__.startswith("bandit."):
                return str(getattr(function, "more_info", ""))
            return f"{_DOCS}/{self.version}/plugins/{test_id.lower()}_{function.__name__}.html"
        entry = self.blacklist_by_id.get(test_id)
        if entry is None:
            return f"{_DOCS}/{self.version}/"
        return f"{_DOCS}/{self.version}/blacklists/blacklist_{_anchor(entry)}".lower()

    def add_plugin(self, plugin: Plugin) -> None:
        self.plugins.append(plugin)
        self.plugins_by_id[plugin.plugin._test_id] = plugin  # noqa: SLF001
        self.plugins_by_name[plugin.name] = plugin

    def add_blacklist(self, data: dict[str, list[dict[str, Any]]]) -> None:
        for node_type, entries in data.items():
            self.blacklist.setdefault(node_type, []).extend(entries)

    def index(self) -> None:
        """To be called when all is added."""
        for entries in self.blacklist.values():
            for entry in entries:
                self.blacklist_by_id[entry["id"]] = entry
                self.blacklist_by_name[entry["name"]] = entry


def load(found: installed.Installed) -> Registry:
    """All plugins and blacklists that are declared. Raises Broken, Missing."""
    standing_in.prepare(found)
    registry = Registry(found.version)
    for entry in found.entries:
        if entry.group == installed.PLUGINS:
            function = _later(entry, found.version) or _usable(_load(entry), entry)
            registry.add_plugin(Plugin(entry.name, function, entry.distribution))
        else:
            registry.add_blacklist(_blacklist(_load(entry), entry))
    registry.index()
    return registry


def _later(entry: installed.Entry, version: str) -> Later | None:
    """The test without an import, if the tables tell all of it; None for anybody else's."""
    if version != PROVED:
        return None
    return _of_bandit(entry) or _of_ours(entry)


def _of_bandit(entry: installed.Entry) -> Later | None:
    test_id = _IDS.get(entry.name)
    if test_id is None or not entry.of_bandit or entry.distribution != f"bandit-{PROVED}":
        return None
    checks = [known.LOOKS_AT.get(entry.name, "Call")]
    return Later(entry, test_id, checks, section=known.section(entry.name))


def _of_ours(entry: installed.Entry) -> Later | None:
    declared = (entry.name, entry.module, entry.attribute)
    test_id = next((id for id, row in detections.TESTS.items() if row == declared), None)
    if test_id is None:
        return None
    needed = needs.NEEDS[test_id]
    return Later(entry, test_id, list(needed), needs=needed)


def _anchor(entry: dict[str, Any]) -> str:
    """The page and place of a blacklist entry; some of them share one."""
    kind, name = "calls", entry["name"].replace("_", "-")
    number = entry["id"]
    if not number.startswith("B3"):
        kind = "imports"
    elif number in ("B304", "B305"):
        number, name = "b304-b305", "ciphers-and-modes"
    elif "B313" <= number <= "B320":
        number = "b313-b320"
    return f"{kind}.html#{number}-{name}"


def _load(entry: installed.Entry) -> Any:
    try:
        loaded: Any = __import__(entry.module, fromlist=["x"])
        for part in filter(None, entry.attribute.split(".")):
            loaded = getattr(loaded, part)
        return loaded
    # SystemExit too: a script without a guard would end the run, maybe with 0.
    except (Exception, SystemExit) as error:  # noqa: BLE001 - somebody else's code
        raise Broken(_complaint(entry, f"{type(error).__name__}: {error}")) from None


def _usable(function: Any, entry: installed.Entry) -> Any:
    if not callable(function) or not getattr(function, "_test_id", ""):
        raise Broken(_complaint(entry, "it has no test id"))
    if not getattr(function, "_checks", None):
        raise Broken(_complaint(entry, "it does not say what it checks"))
    return function


def _blacklist(make: Any, entry: installed.Entry) -> dict[str, list[dict[str, Any]]]:
    try:
        return {kind: list(_checked(entries)) for kind, entries in make().items()}
    except (Exception, SystemExit) as error:  # noqa: BLE001 - somebody else's code
        raise Broken(_complaint(entry, f"{type(error).__name__}: {error}")) from None


def _checked(entries: Any) -> Iterator[dict[str, Any]]:
    for entry in entries:
        for key in ("id", "name", "message", "qualnames"):
            entry[key]
        yield entry


def _complaint(entry: installed.Entry, why: str) -> str:
    return (
        f"the Bandit plugin {entry.name} of {entry.distribution} ({entry.module}) "
        f"cannot be loaded: {why}"
    )
