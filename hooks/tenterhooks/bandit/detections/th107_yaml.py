"""TH107: YAML is loaded by a loader that makes any Python object.

B506 knows ``yaml.load`` after ``import yaml``. This one speaks of the rest, and not of that.

Sources: PyYAML documentation, "Loading YAML"; ruamel.yaml documentation, "Basic usage".
"""

from __future__ import annotations

import ast

from tenterhooks.bandit.detections import flow, names
from tenterhooks.bandit.detections.plugin import (
    HIGH,
    MEDIUM,
    UNTRUSTED_DESERIALIZATION,
    detection,
    found,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.bandit.detections.plugin import Context, Issue

_MODULES = ("yaml", "ruamel.yaml", "ruamel_yaml", "oyaml", "ruamel.yaml.main")
_UNSAFE = frozenset({"unsafe_load", "unsafe_load_all"})
_LOADS = frozenset({"load", "load_all"})
_LOADERS = frozenset({"Loader", "CLoader", "UnsafeLoader", "CUnsafeLoader"})
_NAMES = frozenset({*_UNSAFE, *_LOADS, *_LOADERS, "YAML"})
_SAFE = ("SafeLoader", "CSafeLoader")


@detection("TH107", "Call", names=_NAMES)
def unsafe_yaml_loading(context: Context) -> Issue:
    name = context.call_function_name
    if name not in _NAMES:
        return None
    call: ast.Call = context.node
    module = names.dotted(call.func, context.import_aliases).rpartition(".")[0]
    if module.removesuffix(".loader") not in _MODULES or not _is_imported(context, call.func):
        return None
    if name in _UNSAFE:
        return _unsafe(f"{module}.{name}", HIGH)
    if name in _LOADERS:
        return _unsafe(f"{module}.{name}", MEDIUM)
    if name == "YAML":
        unsafe = names.is_constant(names.keyword(call, "typ"), "unsafe")
        return _unsafe("YAML(typ='unsafe')", HIGH) if unsafe else None
    return _of_load(context, call, f"{module}.{name}")


def _is_imported(context: Context, func: ast.AST) -> bool:
    """Whether the name comes from an import: `yaml` is also what people call a parser of theirs."""
    root = func
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name) or flow.is_bound(root, context.node):
        return False
    return root.id in context.import_aliases or any(map(context.is_module_imported_exact, _MODULES))


def _of_load(context: Context, call: ast.Call, whole: str) -> Issue:
    if any(keyword.arg is None for keyword in call.keywords):
        return None
    if any(isinstance(given, ast.Starred) for given in call.args):
        return None
    loader = names.argument(call, 1, "Loader")
    name = "" if loader is None else names.dotted(loader, context.import_aliases)
    last = name.rpartition(".")[2]
    if _is_of_b506(context, last) or (loader is not None and last not in _LOADERS):
        return None
    if loader is None and not call.args and not call.keywords:
        return None
    return _unsafe(f"{whole} with {last}" if loader is not None else f"{whole} without a loader")


def _is_of_b506(context: Context, loader: str) -> bool:
    """Whether B506 speaks already: it wants ``import yaml``, and a function called ``load``."""
    whole = context.call_function_name_qual.split(".")
    seen = context.is_module_imported_exact("yaml") and whole[-1] == "load" and "yaml" in whole
    return bool(seen) and loader not in _SAFE


def _unsafe(what: str, severity: str = MEDIUM) -> Issue:
    return found(
        f"{what} makes any Python object that the document asks for, and so runs its code. Use "
        "safe_load, Loader=SafeLoader or YAML(typ='safe').",
        severity,
        UNTRUSTED_DESERIALIZATION,
    )
