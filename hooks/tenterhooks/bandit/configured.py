"""A test of Bandit as it is configured."""

from __future__ import annotations

from tenterhooks.bandit import guards

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tenterhooks.bandit.guards import OfNode


class BanditTest:
    """One test as configured.

    shares: it may have the same context object as others, for it changes none.
    """

    __slots__ = ("config", "function", "guard", "id", "name", "shares", "takes_config")

    def __init__(self, function: Any, test_id: str, takes_config: bool, config: Any) -> None:
        self.function = function
        self.id = test_id
        self.name: str = function.__name__
        self.takes_config = takes_config
        self.config = config
        self.shares = function.__module__.startswith(("bandit.", "tenterhooks."))
        self.guard: OfNode | None = None

    def __call__(self, context: Any) -> Any:
        if self.takes_config:
            return self.function(context, self.config)
        return self.function(context)

    def guarded(self, kind: str) -> BanditTest:
        """This test, with what must hold of a node of the type ``kind``."""
        test = BanditTest(self.function, self.id, self.takes_config, self.config)
        test.guard = guards.for_node(self.function, self.config, kind)
        return test
