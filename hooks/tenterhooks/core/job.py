"""What is to be done, and what came of it."""

from __future__ import annotations

from tenterhooks.core import selection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from types import SimpleNamespace

    from tenterhooks.core.acceptance import Acceptance
    from tenterhooks.core.files import File
    from tenterhooks.core.finding import Finding
    from tenterhooks.core.globs import Globs
    from tenterhooks.core.practice import Practice
    from tenterhooks.core.selection import Selection

    Targets = Sequence[File | None]


class Job:
    """One practice with its options, the rules that are on, and the paths that are left out.

    targets: the files it looked at, in order, once it has; None stands for the repository.
    """

    def __init__(
        self,
        practice: Practice,
        options: SimpleNamespace,
        ignored: Collection[str] = (),
        excluded: Globs | None = None,
        chosen: Selection | None = None,
    ) -> None:
        self.practice = practice
        self.options = options
        self.excluded = excluded
        self.ignored = frozenset(ignored)
        self.chosen = chosen or selection.default(practice, options, ignored)
        self.targets: Targets = ()

    def reports(self, rule: str) -> bool:
        """Whether findings of a rule are told."""
        return self.chosen.reports(rule)


class Outcome:
    """findings: in printing order. accepted: those that the configuration accepts, and why.
    failures: one line for each thing that could not be done. notes: one line for each thing that
    is worth saying beside. unchanged: those that are not told since no change touches them."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.accepted: list[tuple[Finding, Acceptance]] = []
        self.unchanged: list[Finding] = []
        self.failures: list[str] = []
        self.notes: list[str] = []

    @property
    def exit_code(self) -> int:
        return 2 if self.failures else int(bool(self.findings))

    def all_findings(self) -> list[Finding]:
        """Those that are told and those that are not, in printing order."""
        accepted = [finding for finding, _ in self.accepted]
        found = [*self.findings, *accepted, *self.unchanged]
        return sorted(found, key=lambda finding: finding.key)
