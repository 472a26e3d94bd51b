"""Which index an upload goes to."""

from __future__ import annotations

import re

from tenterhooks.core import parsed
from tenterhooks.core.files import Unreadable
from tenterhooks.trusted_publishing import known
from tenterhooks.trusted_publishing.known import PRIVATE, PYPI, TESTPYPI, UNKNOWN
from tenterhooks.trusted_publishing.literals import literals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tenterhooks.core.files import Repository
    from tenterhooks.trusted_publishing.values import Scope, Source

_ADDRESS = re.compile(r"[a-z]+://(?:[^/@\s]*@)?([^/:\s?#]+)", re.IGNORECASE)
_OWN_REGISTRY = ("CI_API_V4_URL", "CI_SERVER_", "CI_REGISTRY")
_NAMES = {"pypi": PYPI, "main": PYPI, "pypitest": TESTPYPI, "test": TESTPYPI}
_ANY = (PYPI, TESTPYPI, UNKNOWN, PRIVATE)  # which one to believe of several that it can be


def by_address(address: str) -> str:
    """PYPI, TESTPYPI, PRIVATE or UNKNOWN for the text of an upload address."""
    if any(name in address for name in _OWN_REGISTRY):
        return PRIVATE
    match = _ADDRESS.match(address)
    if match is None:
        return UNKNOWN
    host = match.group(1).lower()
    if host in known.HOSTS:
        return known.HOSTS[host]
    return UNKNOWN if any(sign in host for sign in "${}%<") else PRIVATE


def by_name(name: str, configured: dict[str, str], tool: str) -> str:
    """The index that ``name`` stands for: what is configured, or PyPI's own names, or another."""
    if name in configured:
        return by_address(configured[name])
    if "://" in name:
        return by_address(name)
    if any(sign in name for sign in "${}%<"):
        return UNKNOWN
    bare = re.sub(r"[^a-z]", "", name.lower())
    if "testpypi" in bare:
        return TESTPYPI
    if bare in ("main", "test") and tool != "hatch":
        return PRIVATE
    return _NAMES.get(bare, PRIVATE)


def decide(
    urls: Sequence[Source],
    names: Sequence[Source],
    configured: dict[str, str],
    scope: Scope,
    tool: str,
) -> str:
    """The index for an upload, from the first address or name that says anything."""
    for source, is_url in [*((url, True) for url in urls), *((name, False) for name in names)]:
        texts = literals(source, scope)
        if texts is None:
            return UNKNOWN
        found = {
            by_address(text) if is_url else by_name(text, configured, tool)
            for text in texts
            if text.strip()
        }
        if len(found) < len(texts) and "" in map(str.strip, texts):
            found.add(PYPI)  # empty: the tool's default
        if texts != [""]:
            return next(index for index in _ANY if index in found)
    if configured.get("pypi"):
        return by_address(configured["pypi"])
    return PYPI


def project(repository: Repository, folder: str) -> dict[str, Any]:
    """The pyproject in ``folder`` or above, and uv.toml beside it as ``tool.uv``."""
    parts = folder.split("/") if folder else []
    for depth in range(len(parts), -1, -1):
        prefix = "".join(f"{part}/" for part in parts[:depth])
        data = _toml(repository, f"{prefix}pyproject.toml")
        if data is not None:
            uv = _toml(repository, f"{prefix}uv.toml")
            tool = parsed.table(data, "tool")
            return {**tool, "uv": uv} if uv else tool
    return {}


def _toml(repository: Repository, path: str) -> dict[str, Any] | None:
    import os

    file = repository.file(path)
    if not os.path.lexists(file.absolute) or repository.leads_out(file):
        return None
    from tenterhooks.core import toml

    try:
        return toml.load(file)
    except Unreadable:
        return None


def configured(repository: Repository, folder: str, tool: str) -> dict[str, str]:
    """The names and addresses of indexes that the project's own files give to ``tool``; under
    ``pypi`` the address that it uploads to where nothing is said."""
    if tool == "uv":
        return _of_uv(parsed.table(project(repository, folder), "uv"))
    if tool == "hatch":
        publish = parsed.table(project(repository, folder), "hatch", "publish", "index", "repos")
        return {
            name: repo["url"]
            for name, repo in publish.items()
            if isinstance(repo, dict) and isinstance(repo.get("url"), str)
        }
    return {}


def _of_uv(uv: dict[str, Any]) -> dict[str, str]:
    found = {}
    for index in parsed.tables(uv, "index"):
        if isinstance(index.get("publish-url"), str):
            found[str(index.get("name"))] = index["publish-url"]
    if isinstance(uv.get("publish-url"), str):
        found["pypi"] = uv["publish-url"]
    return found


def uv_mode(repository: Repository, folder: str) -> str:
    """``trusted-publishing`` of uv's configuration, ``automatic`` where it is not set."""
    return parsed.text(project(repository, folder), "uv", "trusted-publishing") or "automatic"
