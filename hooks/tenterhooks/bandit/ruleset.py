"""Which tests run, and with what configuration."""

# ruff: noqa: SLF001 - `_test_id` and the like are where Bandit's decorators keep it

from __future__ import annotations

import os
import sys

from tenterhooks.bandit import installed, loading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from tenterhooks.bandit.configured import BanditTest
    from tenterhooks.bandit.engine import Engine


class Ruleset:
    """A choice of tests; cheap to make, for the plugins are loaded when the first file comes.

    tests, skips: ids to run (none: all) and not to run, as in Bandit's profile. options: the
    configuration of plugins, by the name that they ask for. ignore_nosec: no comment silences.
    blacklist: node type -> entries that take the place of Bandit's own (its legacy profiles).
    """

    def __init__(
        self,
        tests: Collection[str] = (),
        skips: Collection[str] = (),
        options: dict[str, Any] | None = None,
        ignore_nosec: bool = False,
        blacklist: dict[str, list[dict[str, Any]]] | None = None,
    ) -> None:
        self.tests = frozenset(tests)
        self.skips = frozenset(skips)
        self.options = options or {}
        self.ignore_nosec = ignore_nosec
        self.blacklist = blacklist
        self._installed: installed.Installed | None = None
        self._engine: Engine | None = None

    def arguments(self) -> dict[str, Any]:
        """What makes the same ruleset in another process."""
        return {
            "tests": sorted(self.tests),
            "skips": sorted(self.skips),
            "options": self.options,
            "ignore_nosec": self.ignore_nosec,
            "blacklist": self.blacklist,
        }

    @property
    def installed(self) -> installed.Installed:
        """Raises installed.Missing."""
        if self._installed is None:
            self._installed = installed.look()
        return self._installed

    @property
    def proved(self) -> bool:
        """Whether the installed Bandit is the one that the driver agrees with; if not, Bandit's
        own manager does the work, slowly."""
        return self.installed.version == loading.PROVED

    @property
    def engine(self) -> Engine:
        """The tests, loaded. Raises installed.Missing, loading.Broken."""
        if self._engine is None:
            from tenterhooks.bandit import engine

            registry = loading.load(self.installed)
            self._engine = engine.Engine(registry, self._chosen(registry))
        return self._engine

    def key(self) -> bytes:
        """A digest of all that decides what is said of a file, but for the file."""
        import hashlib
        import json

        digest = hashlib.blake2b(digest_size=32)
        entries = [
            (it.distribution, it.name, it.module, it.attribute) for it in self.installed.entries
        ]
        versions = [self.installed.version, sys.version_info[:3]]
        whole = json.dumps([self.arguments(), versions, entries], sort_keys=True, default=repr)
        digest.update(whole.encode("ascii"))
        # Not just versions: who writes a plugin, or this driver, edits it in place.
        for name in self._sources():
            with open(name, "rb") as stream:
                digest.update(hashlib.blake2b(stream.read(), digest_size=32).digest())
        return digest.digest()

    def _sources(self) -> list[str]:
        """The files of this package and those around each plugin of somebody else."""
        folders = {os.path.dirname(__file__)}
        names = []
        for module in {it.module for it in self.installed.entries if not it.of_bandit}:
            name = installed.module_file(module)
            if name is not None:
                names.append(name)
                if "." in module or name.endswith("__init__.py"):
                    folders.add(os.path.dirname(name))
        for folder in folders:
            found = [it for it in os.listdir(folder) if it.endswith(".py")]
            names += [os.path.join(folder, it) for it in found]
        return sorted(set(names))

    def _chosen(self, registry: loading.Registry) -> dict[str, list[BanditTest]]:
        """Check type -> tests, in Bandit's order."""
        wanted = self._wanted(registry)
        chosen: dict[str, list[BanditTest]] = {}
        for plugin in registry.plugins:
            function = plugin.plugin
            if function._test_id in wanted:
                test = self._configured(plugin)
                for kind in function._checks:
                    chosen.setdefault(kind, []).append(test)
        self._add_blacklist(registry, wanted, chosen)
        return chosen

    def _wanted(self, registry: loading.Registry) -> set[str]:
        listed = {entry["id"] for entries in registry.blacklist.values() for entry in entries}
        include = _spread(self.tests, listed)
        everything = {*registry.plugins_by_id, *registry.builtin, *listed}
        return (include or everything) - _spread(self.skips, listed)

    def _configured(self, plugin: loading.Plugin) -> BanditTest:
        from tenterhooks.bandit.configured import BanditTest

        function = plugin.plugin
        name = getattr(function, "_takes_config", None)
        if name is None:
            has_own = hasattr(function, "_config")
            return BanditTest(
                function, function._test_id, has_own, getattr(function, "_config", None)
            )
        config = self.options.get(name)
        if config is None and isinstance(function, loading.Later):
            config = function.defaults
        if config is None:
            try:
                config = sys.modules[function.__module__].gen_config(name)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - somebody else's code
                reason = f"{type(error).__name__}: {error}"
                message = (
                    f"the Bandit plugin {plugin.name} of {plugin.distribution} has no defaults"
                )
                raise loading.Broken(f"{message}: {reason}") from None
        return BanditTest(function, function._test_id, True, config)

    def _add_blacklist(
        self, registry: loading.Registry, wanted: set[str], chosen: dict[str, list[BanditTest]]
    ) -> None:
        from tenterhooks.bandit.configured import BanditTest

        data = self.blacklist
        if not data:
            data = {
                kind: kept
                for kind, entries in registry.blacklist.items()
                if (kept := [entry for entry in entries if entry["id"] in wanted])
            }
        if data:
            module: Any = __import__("bandit.core.blacklisting", fromlist=["x"])
            test = BanditTest(module.blacklist, "B001", True, data)
            for kind in data:
                chosen.setdefault(kind, []).append(test)


def _spread(ids: Collection[str], listed: set[str]) -> set[str]:
    """``B001`` is all of the blacklists, unless one of them is named beside it."""
    found = set(ids)
    if "B001" in found:
        if not found & listed:
            found |= listed
        found.discard("B001")
    return found
