"""The settings that a lock records, and the indexes that it takes packages from."""

from __future__ import annotations

import os

from tenterhooks.core import parsed
from tenterhooks.lock_in_sync import compare
from tenterhooks.lock_in_sync.uv import entries, markers, sameness, times, urls
from tenterhooks.lock_in_sync.uv.report import short
from tenterhooks.lock_in_sync.uv.settings import DEFAULT_INDEX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tenterhooks.lock_in_sync.uv.entries import Entry
    from tenterhooks.lock_in_sync.uv.report import Report
    from tenterhooks.lock_in_sync.uv.settings import Settings

    Table = dict[str, Any]

# A setting, its name in the lock, and what counts where it is not given; the default of the
# last is another in every other version of uv.
_MODES = (
    ("resolution", "resolution-mode", "highest"),
    ("fork-strategy", "fork-strategy", "requires-python"),
    ("prerelease", "prerelease-mode", ""),
)
_INDEXES = ("default-index", "index", "index-url", "extra-index-url", "find-links")
_DEFAULTS = ("", "if-necessary-or-explicit", "if-necessary")


def check(report: Report, settings: Settings) -> None:
    recorded = report.lock.table(report.lock.root, "options", ())
    for written, name, default in _MODES:
        _check_mode(report, settings, written, _text(recorded, name), default)
    _check_newer(report, settings, recorded)
    _check_packages(report, settings, recorded)
    _check_metadata(report, settings)
    _check_indexes(report, settings)


def _check_mode(
    report: Report, settings: Settings, written: str, made_for: str, default: str
) -> None:
    declared = settings.text(written)
    if _variable(written):
        report.undecided(f"the environment has {_variable(written)}")
    elif (declared or default) != (made_for or default):
        if written == "prerelease" and {declared, made_for} <= set(_DEFAULTS):
            return
        what = f"{written} is {short(declared or default or 'not set')}"
        made = short(made_for or default or "the default")
        message = f"{what}, and {report.lock.name} was made for {made}"
        report.stale(settings.origin(written), message)


def _variable(setting: str) -> str:
    name = "UV_" + setting.upper().replace("-", "_")
    return name if os.environ.get(name) else ""


def _check_newer(report: Report, settings: Settings, recorded: Table) -> None:
    """A date before which everything must have been published, or a span of time."""
    declared = str(settings.values.get("exclude-newer", ""))
    span = _text(recorded, "exclude-newer-span")
    made_for = span or _text(recorded, "exclude-newer")
    name = report.lock.name
    if _variable("exclude-newer"):
        report.undecided(f"the environment has {_variable('exclude-newer')}")
        return
    if not declared:
        if made_for:
            # It may well be in the environment, or in the settings of whoever locks.
            report.undecided(f"{name} was made with exclude-newer {short(made_for)}, not set here")
        return
    origin = settings.origin("exclude-newer")
    if not made_for:
        report.stale(origin, f"exclude-newer is {short(declared)}, and {name} was made without it")
    elif not _same_time(declared, made_for, is_span=bool(span)):
        message = f"exclude-newer is {short(declared)}, and {name} was made for {short(made_for)}"
        report.stale(origin, message)


def _check_packages(report: Report, settings: Settings, recorded: Table) -> None:
    """The same for single packages, where the lock says nothing of all packages."""
    for written in ("exclude-newer-package", "prerelease-package"):
        made_for = parsed.table(recorded, written)
        is_time = written.startswith("exclude") and "exclude-newer" not in recorded
        for name, value in parsed.table(settings.values, written).items():
            other = made_for.get(compare.normal(name))
            is_new = other is None and (is_time or written.startswith("prerelease"))
            if compare.normal(name) in report.lock.named and isinstance(value, str) and is_new:
                what = f"{written} of {short(name)} is {short(value)}"
                message = f"{what}, and {report.lock.name} was made without it"
                report.stale(settings.origin(written, name), message, compare.normal(name))


def _same_time(declared: str, made_for: str, *, is_span: bool) -> bool:
    """A later date lets more in, and since 0.13 uv keeps the lock. A span counts as it is
    written, but for its words: 21 days are not three weeks."""
    is_date = bool(times.DAY.match(declared))
    if is_span is is_date:
        return False
    if is_span:
        one, other = times.span(declared), times.span(made_for)
        return one is None or other is None or one == other
    first, second = times.instant(declared), times.instant(made_for)
    return first is None or second is None or first >= second


def _check_metadata(report: Report, settings: Settings) -> None:
    """Metadata that a project gives for packages that it does not trust to give their own."""
    declared = dict(_metadata(parsed.array(settings.values, "dependency-metadata")))
    made_for = dict(_metadata(parsed.array(report.lock.manifest, "dependency-metadata")))
    for key in dict.fromkeys((*declared, *made_for)):
        one, other = declared.get(key), made_for.get(key)
        is_known = key[0] in report.lock.named or key in made_for
        if is_known and not _same_metadata(one, other, report.python):
            message = (
                f"dependency-metadata of {short(key[0])} is another than {report.lock.name} has"
            )
            report.stale(settings.origin("dependency-metadata"), message, key[0])


def _metadata(items: list[Any]) -> list[tuple[tuple[str, str], Table]]:
    tables = [item for item in items if isinstance(item, dict)]
    return [
        ((compare.normal(str(item.get("name", ""))), str(item.get("version", ""))), item)
        for item in tables
    ]


def _same_metadata(one: Table | None, other: Table | None, python: str) -> bool:
    if one is None or other is None:
        return False
    pythons = [markers.bounds([str(item.get("requires-python", ""))]) for item in (one, other)]
    extras = [set(map(str, parsed.array(item, "provides-extras"))) for item in (one, other)]
    if pythons[0] != pythons[1] or extras[0] != extras[1]:
        return False
    first, second = _required(one), _required(other)
    return not list(sameness.differences(first, second, python))


def _required(item: Table) -> list[Entry]:
    """Requirements as text, in the lock as well."""
    origin = entries.Origin(None, ())  # type: ignore[arg-type]
    found = (entries.declared(one, origin) for one in parsed.array(item, "requires-dist"))
    return [entry for entry in found if entry]


def _check_indexes(report: Report, settings: Settings) -> None:
    """Where a project configures indexes, a lock takes packages from no other."""
    configured = settings.indexes()
    if configured is None:
        return
    for member in [report.target.root, *report.target.members.values()]:
        for item in parsed.array(member.uv, "index"):
            configured.add(urls.index(str(parsed.table(item).get("url", ""))))
    used = _used_indexes(report)
    foreign = [registry for registry in used if registry not in configured]
    variable = next(filter(None, map(_variable, _INDEXES)), "")
    if foreign and variable:
        report.undecided(f"the environment has {variable}")
        return
    if len(foreign) == 1 and DEFAULT_INDEX in configured and DEFAULT_INDEX not in used:
        # A mirror, in the environment or in the settings of everybody who locks.
        report.undecided(f"{report.lock.name} was made with the index {short(foreign[0])}")
        return
    for registry in foreign:
        what = f"{report.lock.name} takes {short(used[registry])} from {short(registry)}"
        message = f"{what}, which is none of the indexes that are configured"
        report.stale(settings.origin("index"), message, used[registry])


def _used_indexes(report: Report) -> dict[str, str]:
    """The registries that packages of the lock come from, each with the first of them."""
    used: dict[str, str] = {}
    for package in report.lock.packages:
        registry = package.source.get("registry")
        if isinstance(registry, str) and "://" in registry:
            used.setdefault(urls.index(registry), package.name)
    return used


def _text(holder: Table, name: str) -> str:
    value = holder.get(name, "")
    return value if isinstance(value, str) else str(value)
