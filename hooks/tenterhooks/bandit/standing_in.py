"""Bandit's own modules, without those that only its command line needs.

``import bandit`` costs 100 ms and more, most of it for a progress bar, a plugin manager and YAML.
Its two package modules only gather names, so light ones take their place: the submodules that
the plugins use are Bandit's own. What these import and hardly ever use comes when it is used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec

from tenterhooks.bandit.installed import Missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

    from tenterhooks.bandit.installed import Installed

_PACKAGE = ("config", "context", "manager", "meta_ast", "node_visitor", "test_set", "tester")
_NEEDED = ("constants", "issue", "test_properties", "context", "utils", "blacklisting")
_STARRED = ("constants", "issue", "test_properties")


def prepare(found: Installed) -> None:
    """Let ``bandit`` and ``bandit.core`` be light packages, unless they are there already.
    Raises Missing."""
    if "bandit" in sys.modules:
        return
    package = _package("bandit", found.folder)
    core = _package("bandit.core", f"{found.folder}/core")
    vars(package).update(core=core, __version__=found.version)
    later = _stand_ins()
    try:
        modules = {name: import_module(f"bandit.core.{name}") for name in _NEEDED}
    except ImportError as error:
        raise Missing(f"bandit cannot be used: {error}") from None
    finally:
        # For Bandit's modules alone: everybody else gets the real ones.
        for name, module in later.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]
    for name in _STARRED:
        for target in (package, core):
            vars(target).update(_public(modules[name]))


def _package(name: str, folder: str) -> ModuleType:
    module = type(sys)(name)
    module.__path__ = [folder]
    module.__package__ = name
    module.__spec__ = ModuleSpec(name, None, is_package=True)
    module.__spec__.submodule_search_locations = [folder]
    vars(module)["__getattr__"] = _late
    sys.modules[name] = module
    return module


def _late(name: str) -> Any:
    """What Bandit's package modules import at once."""
    if name not in (*_PACKAGE, *_NEEDED):
        raise AttributeError(f"module 'bandit' has no attribute {name!r}")
    return import_module(f"bandit.core.{name}")


def _public(module: ModuleType) -> dict[str, Any]:
    return {name: value for name, value in vars(module).items() if not name.startswith("_")}


def _stand_ins() -> dict[str, ModuleType]:
    """Modules in the place of those that are slow to import, where nobody has done so yet."""
    modules: list[ModuleType] = [_Later("configparser"), _Later("linecache"), _Logging("logging")]
    found = {it.__name__: it for it in modules if it.__name__ not in sys.modules}
    sys.modules.update(found)
    return found


class _Later(type(sys)):  # type: ignore[misc]
    """A module that is imported when something of it is used."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


class _Logging(_Later):
    """``logging``, of which everybody takes a logger at once."""

    @staticmethod
    def getLogger(name: str) -> _Logger:  # noqa: N802 - as it is called
        return _Logger(name)


class _Logger:
    """A logger that imports ``logging`` for what matters. Bandit debugs at every step."""

    def __init__(self, name: str) -> None:
        self._name = name

    def debug(self, *_: object, **__: object) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module("logging").getLogger(self._name), name)
