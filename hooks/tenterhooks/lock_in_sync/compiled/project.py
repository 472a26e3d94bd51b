"""What is known of a project that requirements are compiled from."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.lock_in_sync.compare import Requirement

    Placed = tuple[Requirement, str, tuple[int, int]]


class Project:
    """declared: what gets compiled. sourced: names that come from somewhere else than the index.
    unknown: why not all of it is known."""

    def __init__(self) -> None:
        self.declared: list[Placed] = []
        self.sourced: set[str] = set()
        self.unknown = ""
