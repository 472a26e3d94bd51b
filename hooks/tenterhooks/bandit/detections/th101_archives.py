"""TH101: a tar archive is unpacked wherever its members want to go.

B202 speaks of any ``extractall`` in a file that says ``import tarfile``. This one resolves what
is extracted from, and speaks where B202 does not: ``from tarfile import ...``, ``extract``, and
``shutil.unpack_archive``.

Source: documentation of ``tarfile``, "Extraction filters"; PEP 706.
"""

from __future__ import annotations

import ast

from tenterhooks.bandit.detections import flow, names
from tenterhooks.bandit.detections.plugin import (
    HIGH,
    MEDIUM,
    PATH_TRAVERSAL,
    detection,
    found,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenterhooks.bandit.detections.plugin import Context, Issue

_METHODS = ("extractall", "extract")
_NAMES = (*_METHODS, "unpack_archive")
_OPENERS = (
    "tarfile.open",
    "tarfile.TarFile",
    "tarfile.TarFile.open",
    "tarfile.TarFile.gzopen",
    "tarfile.TarFile.bz2open",
    "tarfile.TarFile.xzopen",
)
_TRUSTING = ("tarfile.fully_trusted_filter",)
_MOST = 50


@detection("TH101", "Call", names=_NAMES)
def unsafe_archive_extraction(context: Context) -> Issue:
    name = context.call_function_name
    if name not in _NAMES:
        return None
    if name == "unpack_archive":
        return _unpacking(context)
    return _extraction(context, name)


def _unpacking(context: Context) -> Issue:
    call, aliases = context.node, context.import_aliases
    if names.dotted(call.func, aliases) != "shutil.unpack_archive" or _is_zip(call):
        return None
    return _judged(call, 3, aliases, "shutil.unpack_archive", MEDIUM)


def _is_zip(call: ast.Call) -> bool:
    """Whether it is a ZIP file for sure, which the standard library unpacks safely."""
    form = names.argument(call, 2, "format")
    if form is not None:
        return names.is_constant(form, "zip")
    archive = names.argument(call, 0, "filename")
    path = "" if archive is None else names.template(archive) or ""
    return path.lower().endswith((".zip", ".whl"))


def _extraction(context: Context, name: str) -> Issue:
    call, aliases = context.node, context.import_aliases
    if not isinstance(call.func, ast.Attribute):
        return None
    if name == "extractall" and context.is_module_imported_exact("tarfile"):
        return None
    if not _is_tar(call.func.value, call, aliases):
        return None
    if name == "extractall":
        return None if _has_members(call) else _judged(call, 3, aliases, "extractall", HIGH)
    member = names.argument(call, 0, "member")
    if member is None or _is_chosen(member, call):
        return None
    return _judged(call, 4, aliases, "extract", MEDIUM)


def _is_tar(node: ast.expr, call: ast.Call, aliases: Mapping[str, str]) -> bool:
    """Whether the expression is an open tar archive, as far as its file says."""
    waiting = [node]
    for _ in range(_MOST):
        if not waiting:
            break
        node = waiting.pop()
        if isinstance(node, ast.Await):
            waiting.append(node.value)
        elif isinstance(node, ast.Call):
            called = names.dotted(node.func, aliases)
            if called in _OPENERS:
                return True
            if called == "contextlib.closing":
                waiting += node.args[:1]
        elif isinstance(node, (ast.Name, ast.Attribute)):
            said = flow.declared(node, call)
            if any(names.dotted(it, aliases) == "tarfile.TarFile" for it in said):
                return True
            waiting += flow.values(node, call)
    return False


def _is_chosen(member: ast.expr, call: ast.Call) -> bool:
    """Whether the name of a member is written in the code, or was set before it is extracted."""
    said = flow.values(member, call) or [member]
    if all(names.text(it) is not None for it in said):
        return True
    whole = names.dotted(member, {})
    return any(flow.attributes(f"{whole}.{name}", call) for name in ("name", "path"))


def _has_members(call: ast.Call) -> bool:
    """Whether somebody chose the members, other than all that the archive has."""
    members = names.argument(call, 1, "members")
    if members is None or names.is_constant(members, None):
        return False
    return not (
        isinstance(members, ast.Call)
        and isinstance(members.func, ast.Attribute)
        and members.func.attr == "getmembers"
    )


def _judged(
    call: ast.Call, position: int, aliases: Mapping[str, str], what: str, confidence: str
) -> Issue:
    """What the filter makes of it. A filter that is given is trusted, unless it is the one that
    lets everything through."""
    if any(keyword.arg is None for keyword in call.keywords):
        return None
    # `filter` is by keyword only, but for `unpack_archive`, where it may be the fourth.
    chosen = names.argument(call, position if what.startswith("shutil") else -1, "filter")
    if chosen is None:
        return found(
            f"{what} of a tar archive without a filter: before Python 3.14, a member may be "
            'written outside of the folder. Pass filter="data".',
            MEDIUM,
            PATH_TRAVERSAL,
            confidence,
        )
    trusting = names.is_constant(chosen, "fully_trusted")
    if trusting or names.dotted(chosen, aliases) in _TRUSTING:
        return found(
            f"{what} of a tar archive with a filter that trusts it wholly: a member may be "
            'written outside of the folder. Pass filter="data".',
            HIGH,
            PATH_TRAVERSAL,
        )
    return None
