"""Whether what is asked for under conditions (markers, Pythons, platforms) is ever asked for."""

from __future__ import annotations

import re

from tenterhooks.lock_in_sync.poetry.constraints import alternatives

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_OPERATOR = re.compile("[<>=!~]+")


def may_hold(
    markers: Iterable[str], project: str, pythons: Sequence[str] = (), platforms: Sequence[str] = ()
) -> bool:
    """Whether all of these hold together somewhere that the project is for; False also where that
    is not sure.

    project, pythons: constraints on the version of Python. platforms: constraints on its name.
    """
    parts: list[str | None] = [marker for marker in markers if marker]
    parts += [python_marker(python) for python in pythons]
    parts += [_platform(platform) for platform in platforms]
    if not parts:
        return True
    text = together([*parts, python_marker(project)])
    if not text:
        return text is not None
    from tenterhooks.lock_in_sync.compare import is_possible
    from tenterhooks.lock_in_sync.markers import is_valid

    return is_valid(text) and is_possible(text)


def together(markers: Sequence[str | None]) -> str | None:
    """One marker for all of these; None where one of them is not known."""
    if None in markers:
        return None
    found = [f"({marker})" if " or " in marker else marker for marker in markers if marker]
    return " and ".join(found)


def python_marker(constraint: str) -> str | None:
    """A constraint on the version of Python as a marker, empty where it lets all in; None where
    it is not understood."""
    found = alternatives(constraint)
    if found is None or not all(found):
        return None if found is None else ""
    return " or ".join(" and ".join(_comparison(clause) for clause in part) for part in found)


def _comparison(clause: str) -> str:
    operator = _OPERATOR.match(clause)
    sign = operator.group() if operator else "=="
    return f'python_full_version {sign} "{clause.removeprefix(sign)}"'


def _platform(constraint: str) -> str | None:
    is_plain = re.fullmatch("[A-Za-z0-9_]+", constraint)
    return f'sys_platform == "{constraint}"' if is_plain else None
