"""libyaml, by ruamel.yaml's C extension, without the rest of ruamel.yaml.

The extension wants a few classes of ruamel.yaml's modules, and whoever imports a module of a
package gets that package's ``__init__`` first, here all there is. So the package is put in place
empty, and so are two modules of which the extension wants a class that it never uses. Each runs
once somebody asks it for what it does not have yet: to others in this process they are what they
always were, only later. Together that saves three fifths of the time.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Make = Callable[[str], Any]

_EXTENSION = "_ruamel_yaml"
_PACKAGE = "ruamel.yaml"
_UNUSED = {
    f"{_PACKAGE}.constructor": "ConstructorError",
    f"{_PACKAGE}.representer": "RepresenterError",
}


class _Later(ModuleType):
    """A module that runs once it is asked for something."""

    def __getattr__(self, name: str) -> Any:
        if name == "__path__":  # the import system asks so whether it is a package
            raise AttributeError(name)
        self.__class__ = ModuleType  # type: ignore[assignment]  # for what it asks of itself
        try:
            self.__spec__.loader.exec_module(self)  # type: ignore[union-attr]
        except BaseException:
            sys.modules.pop(self.__name__, None)
            raise
        return getattr(self, name)


def parser() -> Make:
    """What makes a parser of a text. Raises ImportError: there is no such extension."""
    if _EXTENSION not in sys.modules and not any(map(_is_theirs, sys.modules)):
        try:
            _load()
        except Exception:  # noqa: BLE001  # then the way that is meant to be taken
            _forget()
    from _ruamel_yaml import CParser

    make: Make = CParser
    return make


def _is_theirs(name: str) -> bool:
    return name == _PACKAGE or name.startswith(f"{_PACKAGE}.")


def _load() -> None:
    """Import the extension. Raises whatever may go wrong with another layout than expected."""
    import ruamel

    package = _put(_PACKAGE, ruamel)
    empty = {name: _put(name, package) for name in _UNUSED}
    for name, module in empty.items():
        setattr(module, _UNUSED[name], type(_UNUSED[name], (Exception,), {}))
    __import__(_EXTENSION)
    for name, module in empty.items():
        if isinstance(module, _Later):  # it has not run
            delattr(module, _UNUSED[name])


def _put(name: str, parent: ModuleType) -> _Later:
    """A module of ``parent`` that has not run yet. Raises Exception: there is none to be had."""
    spec = PathFinder.find_spec(name, parent.__path__)
    if spec is None or spec.origin is None:
        raise ImportError(name=name)
    module = _Later(name)
    module.__spec__ = spec
    module.__loader__ = spec.loader
    module.__file__ = spec.origin
    module.__package__ = spec.parent
    if spec.submodule_search_locations is not None:
        module.__path__ = spec.submodule_search_locations
    sys.modules[name] = module
    setattr(parent, name.rpartition(".")[2], module)
    return module


def _forget() -> None:
    """Leave no trace of an attempt."""
    for name in [name for name in sys.modules if name == _EXTENSION or _is_theirs(name)]:
        del sys.modules[name]
    vars(sys.modules.get("ruamel", sys)).pop("yaml", None)
