"""TH106: a model or an array is loaded in a way that runs the code in it.

B301 and B614 know ``pickle``, ``dill`` and ``torch.load`` after ``import torch``. This one speaks
of the rest, and not of these.

Sources: documentation of joblib, NumPy (``numpy.load``), PyTorch (``torch.load``, ``torch.hub``),
Keras (``load_model``) and Transformers (``trust_remote_code``).
"""

from __future__ import annotations

import ast
import re

from tenterhooks.bandit.detections import flow, names
from tenterhooks.bandit.detections.plugin import (
    HIGH,
    MEDIUM,
    NO_INTEGRITY_CHECK,
    UNTRUSTED_DESERIALIZATION,
    detection,
    found,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.bandit.detections.plugin import Context, Issue

_PICKLES = frozenset(
    {
        "joblib.load",
        "joblib.numpy_pickle.load",
        "sklearn.externals.joblib.load",
        *(
            f"{module}.{name}"
            for module in ("cloudpickle", "compress_pickle", "pickle5")
            for name in ("load", "loads")
        ),
    }
)
# Those that others carry along: ``ray.cloudpickle``, ``joblib.externals.cloudpickle``.
_CARRIED = (".cloudpickle.load", ".cloudpickle.loads")
_TORCH = ("torch.load", "torch.serialization.load")
_ARRAYS = ("numpy", "np", "jax.numpy", "cupy")
_ARRAY_LOADERS = frozenset({"load", "read_array", "NpzFile"})
_KERAS = frozenset({"load_model", "deserialize_keras_object", "deserialize", "model_from_json"})
_UNSAFE_MODE = "enable_unsafe_deserialization"
_NAMES = frozenset({"load", "loads", "read_array", "NpzFile", *_KERAS, _UNSAFE_MODE})
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@detection("TH106", "Call")
def unsafe_model_loading(context: Context) -> Issue:
    call = context.node
    if context.call_function_name in _NAMES:
        issue = _of_loader(context, call)
        if issue is not None:
            return issue
    for keyword in call.keywords:
        if keyword.arg == "trust_remote_code" and names.is_constant(keyword.value, True):
            return _remote(call, keyword.value.lineno)
    return None


def _of_loader(context: Context, call: ast.Call) -> Issue:
    name, whole = context.call_function_name, context.call_function_name_qual
    if whole in _PICKLES or whole.endswith(_CARRIED):
        if name == "loads" and _is_of_own(context, call):
            return None
        return _runs(f"{whole} unpickles")
    if whole in _TORCH:
        return _torch(context, call, whole)
    if whole == "torch.hub.load":
        return _hub(call)
    if name in _ARRAY_LOADERS and whole.startswith(_ARRAYS):
        allowed = names.is_constant(names.argument(call, 2, "allow_pickle"), True)
        return _runs(f"{whole}(allow_pickle=True) unpickles") if allowed else None
    if name == _UNSAFE_MODE and "keras" in whole:
        return _runs(f"After {whole}, a model is deserialised")
    if name in _KERAS and names.is_constant(names.keyword(call, "safe_mode"), False):
        return _runs(f"{whole}(safe_mode=False) deserialises lambdas")
    return None


def _is_of_own(context: Context, call: ast.Call) -> bool:
    """Whether what is loaded was dumped right here."""
    if not call.args:
        return False
    origins = flow.values(call.args[0], call) or call.args[:1]
    return all(
        isinstance(it, ast.Call)
        and names.dotted(it.func, context.import_aliases).rpartition(".")[2] == "dumps"
        for it in origins
    )


def _torch(context: Context, call: ast.Call, whole: str) -> Issue:
    """B614 looks only where ``import torch`` is written."""
    if context.is_module_imported_exact("torch"):
        return None
    weights = names.keyword(call, "weights_only")
    if weights is None or names.is_constant(weights, False):
        return _runs(f"{whole} without weights_only=True unpickles")
    return None


def _hub(call: ast.Call) -> Issue:
    if names.is_constant(names.keyword(call, "source"), "local"):
        return None
    repository = names.argument(call, 0, "repo_or_dir")
    pinned = "" if repository is None else names.text(repository) or ""
    if _COMMIT.fullmatch(pinned.rpartition(":")[2]):
        return None
    return found(
        "torch.hub.load runs hubconf.py of a repository as it is that day. Pin it to a commit "
        "(owner/name:<40 hex digits>) that was read, or load local code with source='local'.",
        HIGH,
        NO_INTEGRITY_CHECK,
    )


def _remote(call: ast.Call, line: int) -> Issue:
    """Code of a pinned revision can be read before it runs, and stays what it was."""
    for name in ("code_revision", "revision"):
        revision = names.keyword(call, name)
        said = [] if revision is None else flow.values(revision, call) or [revision]
        if said and all(_COMMIT.fullmatch(names.text(it) or "") for it in said):
            return None
    return found(
        "trust_remote_code=True runs Python code of the model's repository as it is that day. "
        "Leave it off, or pin revision to a commit that was read.",
        HIGH,
        NO_INTEGRITY_CHECK,
        line=line,
    )


def _runs(what: str) -> Issue:
    return found(
        f"{what}, which runs whatever code the file holds. Load only files whose hash was "
        "compared, or use a format without code (safetensors, skops, ONNX, npz without pickle).",
        MEDIUM,
        UNTRUSTED_DESERIALIZATION,
    )
