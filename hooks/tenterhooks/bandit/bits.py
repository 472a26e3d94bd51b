"""Some of the tests of one kind, as a set of bits: one for each test, the first the lowest."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.bandit.configured import BanditTest

MEMO_LIMIT = 20_000
"""How many answers are remembered of each kind; a hostile file must not fill the memory."""


class Bits:
    """The tests of one kind."""

    def __init__(self, tests: Sequence[BanditTest]) -> None:
        self.tests = tuple(tests)
        self._of: dict[int, tuple[BanditTest, ...]] = {}

    def of(self, bits: int) -> tuple[BanditTest, ...]:
        """The tests that ``bits`` stands for, in order."""
        found = self._of.get(bits)
        if found is None:
            if len(self._of) >= MEMO_LIMIT:
                self._of.clear()
            found = tuple(test for at, test in enumerate(self.tests) if bits >> at & 1)
            self._of[bits] = found
        return found
