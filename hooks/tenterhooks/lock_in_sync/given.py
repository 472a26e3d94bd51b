"""What the user says of compiled requirements that do not say it themselves."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def wrong(value: str) -> str | None:
    """What is wrong with one of ``--compiled``, or None."""
    output, inputs = _parted(value)
    return None if output and inputs else "must be OUTPUT:INPUT, such as deps.txt:deps.in"


def sources(values: Iterable[str]) -> dict[str, list[str]]:
    """Compiled file -> its inputs, as the values of ``--compiled`` have them."""
    return dict(map(_parted, values))


def _parted(value: str) -> tuple[str, list[str]]:
    output, _, names = value.partition(":")
    return output.strip(), [name.strip() for name in names.split(",") if name.strip()]
