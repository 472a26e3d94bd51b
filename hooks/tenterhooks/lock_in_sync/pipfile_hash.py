"""The hash of a Pipfile, as each Pipenv has computed it.

Source: ``get_hash`` in plette's pipfiles.py, and since Pipenv 2026.4 ``calculate_hash`` in
utils/pipfile.py.
"""

from __future__ import annotations

from tenterhooks.formats.names import normal
from tenterhooks.formats.public_index import SIMPLE
from tenterhooks.lock_in_sync import digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tenterhooks.core.toml import Path

    Table = dict[str, Any]

MAX_REMOVED = 300
_NOT_HASHED = ("scripts", "pipfile", "pipenv")
_TABLES = {"source", "packages", "dev-packages", "requires", *_NOT_HASHED}
# What Pipenv puts into the place of sources that are not declared.
_DEFAULT = {"name": "pypi", "url": f"https://{SIMPLE}", "verify_ssl": True}


def relevant(said: Table) -> Table:
    """The part of a Pipfile that is hashed, as a copy. Raises TypeError, ValueError where it
    holds what JSON does not."""
    import json

    part = {key: value for key, value in said.items() if key not in _NOT_HASHED}
    copy: Table = json.loads(json.dumps(part))
    return copy


def is_met(part: Table, wanted: object) -> bool:
    """Whether ``relevant`` has the hash ``wanted``: with names as they are or normalised, with
    the tables that are categories of their own or, as before 2022, without."""
    return any(
        _digest(part, normalised=normalised, categories=categories) == wanted
        for categories in ((True, False) if set(part) - _TABLES else (True,))
        for normalised in (True, False)
    )


def _digest(part: Table, *, normalised: bool, categories: bool) -> str:
    import json

    rename = _normalised if normalised else _as_it_is
    content = {
        "_meta": {"sources": part.get("source", [_DEFAULT]), "requires": part.get("requires", {})},
        "default": rename(part.get("packages", {})),
        "develop": rename(part.get("dev-packages", {})),
    }
    for table in set(part) - _TABLES - {"default", "develop"} if categories else ():
        content[table] = rename(part[table])
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return digest.sha256(text)


def _normalised(packages: Any) -> Any:
    if not isinstance(packages, dict):
        return packages
    return {normal(name): said for name, said in packages.items()}


def _as_it_is(packages: Any) -> Any:
    return packages


def added(part: Table, wanted: str) -> tuple[Path, str] | None:
    """Where and what it is, if it is one thing that was added since."""
    import json

    from tenterhooks.lock_in_sync import undoing

    # Without any source there is one by default.
    whole = (("source",),)
    found = undoing.addition(part, len(json.dumps(part)), lambda: is_met(part, wanted), whole)
    if found is None:
        return None
    value: Any = part
    for key in found.keys:
        value = value[key]
    return found.keys, _words(found.keys, value, found.before)


def _words(keys: Path, value: object, before: str | None) -> str:
    names = [str(key) for key in keys]
    if before is not None:
        name = names[-2] if names[-1] == "version" else names[-1]
        return f"{name} {value} is declared, and Pipfile.lock was made for {name} {before}"
    if isinstance(value, dict) and keys[:1] == ("source",):
        what = f"the source {value.get('name')}"
    elif len(keys) > 2:
        what = f"{names[-1]} of {names[-2]}" if isinstance(keys[-1], str) else f"{value}"
    else:
        what = f"{names[-1]} {value}" if isinstance(value, str) else names[-1]
    return f"{what} is declared, and Pipfile.lock was made without it"


def removed(part: Table, wanted: str, held: list[tuple[str, str]]) -> tuple[Path, str] | None:
    """The same for one thing that was taken out since.

    held: table and name of what the lock has and the Pipfile does not declare.
    """
    for table, name in held[:MAX_REMOVED]:
        packages = part.setdefault(table, {})
        if not isinstance(packages, dict):
            continue
        packages[name] = "*"
        is_it = is_met(part, wanted)
        del packages[name]
        if is_it:
            text = f"{name} * is not declared any more, and Pipfile.lock was made with it"
            return (table,), text
    return None
