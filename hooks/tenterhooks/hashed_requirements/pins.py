"""One name, two versions: where the environments that they are for overlap.

Source: pip, "Double requirement given"; PEP 508 for the markers.
"""

from __future__ import annotations

from itertools import combinations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tenterhooks.formats.requirements import Line
    from tenterhooks.hashed_requirements.reading import Requirement

_PYTHONS = [f"3.{minor}" for minor in range(7, 16)]
_PLATFORMS = (
    ("linux", "posix", "Linux", "x86_64"),
    ("linux", "posix", "Linux", "aarch64"),
    ("darwin", "posix", "Darwin", "arm64"),
    ("darwin", "posix", "Darwin", "x86_64"),
    ("win32", "nt", "Windows", "AMD64"),
    ("win32", "nt", "Windows", "x86"),
    ("win32", "nt", "Windows", "ARM64"),
    ("cygwin", "posix", "CYGWIN", "x86_64"),
)
_IMPLEMENTATIONS = (("cpython", "CPython"), ("pypy", "PyPy"))
_ENOUGH = 20


def conflicts(
    pinned: Iterable[tuple[Requirement, Line | None]],
) -> Iterator[tuple[Line, Requirement]]:
    """The line of the later of two pins of one name that differ and can meet, and the earlier
    pin; where the later has no line, it is not reported. Pins that cannot be compared are left
    alone."""
    by_name: dict[str, list[tuple[Requirement, Line | None]]] = {}
    for pin, place in pinned:
        if pin.name and pin.version:
            by_name.setdefault(pin.name, []).append((pin, place))
    for pins in by_name.values():
        if len({pin.version for pin, _ in pins}) < 2:
            continue
        for (one, _), (other, line) in combinations(pins[:_ENOUGH], 2):
            if line and _differ(one, other) and _meet(one.marker, other.marker):
                yield line, one


def _differ(one: Requirement, other: Requirement) -> bool:
    if one.version == other.version:
        return False
    from packaging.version import Version

    try:
        return Version(one.version or "") != Version(other.version or "")
    except ValueError:  # no version, or more digits than int() takes
        return False


def _meet(one: str, other: str) -> bool:
    """Whether some environment satisfies both markers."""
    if not one or not other:
        return True
    from packaging.markers import InvalidMarker, Marker, UndefinedEnvironmentName

    try:
        first, second = Marker(one), Marker(other)
        return any(
            first.evaluate(environment) and second.evaluate(environment)
            for environment in _environments()
        )
    except (InvalidMarker, UndefinedEnvironmentName, ValueError, RecursionError):
        return False


def _environments() -> Iterator[dict[str, str]]:
    for python in _PYTHONS:
        for system, os_name, platform, machine in _PLATFORMS:
            for implementation, name in _IMPLEMENTATIONS:
                yield {
                    "python_version": python,
                    "python_full_version": f"{python}.5",
                    "implementation_version": f"{python}.5",
                    "sys_platform": system,
                    "os_name": os_name,
                    "platform_system": platform,
                    "platform_machine": machine,
                    "implementation_name": implementation,
                    "platform_python_implementation": name,
                    "extra": "",
                }
