"""Where a requirement is taken from, in a form that can be compared.

A source is a tuple: its kind, then what tells two of that kind apart. What uv takes out before it
compares (credentials, fragments) is taken out here.
"""

from __future__ import annotations

import posixpath
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Source = tuple[str, ...]

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(?:[^/@]*@)?([^/?#]*)([^?#]*)([^#]*)")
_PORTS = {"http": ":80", "https": ":443", "ssh": ":22"}
REGISTRY: Source = ("registry", "", "")
# Of what cannot be known from the files; nothing differs from it.
UNKNOWN: Source = ("unknown", "")
# A path, of which only that is known.
LOCAL: Source = ("unknown", "path")


def plain(url: str) -> str:
    """A URL without credentials and fragment, scheme and host in lower case, with a path."""
    found = _URL.match(url.strip())
    if not found:
        return url.strip().partition("#")[0]
    scheme, host, path, query = found.groups()
    scheme = scheme.lower()
    host = host.lower().removesuffix(_PORTS.get(scheme, ":"))
    if "/." in path:
        path = posixpath.normpath(path)
    return f"{scheme}://{host}{path or '/'}{query}"


def fields(text: str) -> dict[str, str]:
    """The pairs of a query or a fragment, decoded."""
    pairs = (pair.partition("=") for pair in text.split("&") if pair)
    return {key: _decoded(value) for key, _, value in pairs}


def _decoded(text: str) -> str:
    if "%" not in text and "+" not in text:
        return text
    from urllib.parse import unquote_plus

    return unquote_plus(text)


def git(url: str, reference: tuple[str, str], subdirectory: str, lfs: bool, path: str) -> Source:
    """A git source; reference: ``rev``, ``tag`` or ``branch`` and its name."""
    where = plain(url).partition("?")[0]
    return ("git", where, *reference, subdirectory, str(lfs), path)


def git_of_lock(url: str) -> Source:
    """``https://host/repo?subdirectory=x&rev=y#commit``."""
    before = url.partition("#")[0]
    query = fields(before.partition("?")[2])
    reference = ("", "")
    for kind in ("rev", "tag", "branch"):
        if kind in query:
            reference = (kind, query[kind])
    lfs = query.get("lfs", "").lower() == "true"
    return git(before, reference, query.get("subdirectory", ""), lfs, query.get("path", ""))


def direct(url: str) -> Source:
    """What stands after the ``@`` of a requirement."""
    before, _, fragment = url.partition("#")
    scheme, colon, rest = before.partition("+")
    if colon and scheme.lower() == "git":
        where, reference = _without_reference(rest.partition("?")[0])
        subdirectory = fields(fragment).get("subdirectory", "")
        return git(where, reference, subdirectory, False, "")
    if not _URL.match(before) or before.lower().startswith("file:"):
        # Relative to a folder that may be given by a variable.
        return LOCAL
    return ("url", plain(before), fields(fragment).get("subdirectory", ""))


def _without_reference(url: str) -> tuple[str, tuple[str, str]]:
    start, slash, path = url.partition("://")
    host, slash_after_host, path = path.partition("/")
    path, at, reference = path.rpartition("@") if "@" in path else (path, "", "")
    where = f"{start}{slash}{host}{slash_after_host}{path}"
    return where, (("rev", _percent(reference)) if at else ("", ""))


def _percent(text: str) -> str:
    # Unlike in a query, a plus is a plus.
    return _decoded(text.replace("+", "%2B")) if "%" in text else text


def of_lock(item: dict[str, Any]) -> Source:
    """The source of a requirement that a lock repeats, or of a package of it."""
    for kind in ("editable", "virtual", "directory", "path"):
        if kind in item:
            return (kind, folder_path(str(item[kind])))
    if "git" in item:
        return git_of_lock(str(item["git"]))
    if "url" in item:
        return ("url", plain(str(item["url"])), str(item.get("subdirectory", "")))
    conflict = item.get("conflict")
    return ("registry", index(str(item.get("index", ""))), conflict_text(conflict))


def index(url: str) -> str:
    """An index as it is compared: exactly, but for credentials."""
    return plain(url) if "://" in url else url


def conflict_text(conflict: object) -> str:
    """The project's extra or group that a source belongs to."""
    if not isinstance(conflict, dict):
        return ""
    kind = "extra" if "extra" in conflict else "group"
    return f"{conflict.get('package')} {kind} {conflict.get(kind)}"


def folder_path(path: str) -> str:
    """A path in its shortest form; the folder itself is a dot."""
    return posixpath.normpath(path.replace("\\", "/")) if path else "."
