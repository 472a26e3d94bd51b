"""What TOML, YAML or JSON held, by the kind that is wanted. What is not there and what is of
another kind come out alike: empty. Where that has to be told, the caller asks for itself.

Every function takes data, and the names that lead from there to the value; without any, the data
is the value.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Table = dict[str, Any]


def at(data: object, *names: str) -> Any:
    """The value itself; None where a name leads nowhere."""
    for name in names:
        data = data.get(name) if isinstance(data, dict) else None
    return data


def table(data: object, *names: str) -> Table:
    value = at(data, *names)
    return value if isinstance(value, dict) else {}


def array(data: object, *names: str) -> list[Any]:
    value = at(data, *names)
    return value if isinstance(value, list) else []


def text(data: object, *names: str) -> str:
    value = at(data, *names)
    return value if isinstance(value, str) else ""


def tables(data: object, *names: str) -> list[Table]:
    """The tables of an array. What is no table is left empty, so that all keep their numbers."""
    return [item if isinstance(item, dict) else {} for item in array(data, *names)]


def texts(data: object, *names: str) -> list[str]:
    """The strings of an array."""
    return [item for item in array(data, *names) if isinstance(item, str)]
