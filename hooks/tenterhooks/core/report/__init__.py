"""One module a form of report, each with ``render(report) -> str``."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.core.acceptance import Acceptance
    from tenterhooks.core.files import Repository
    from tenterhooks.core.finding import Finding, Rule
    from tenterhooks.core.practice import Practice


class Look:
    """What one practice looked at.

    active: names of the rules that were on. files: paths from the top of the repository, in order;
    empty for a practice that looks at the repository as a whole. left_out: why it did not run, or
    None.
    """

    __slots__ = ("active", "files", "left_out", "practice")

    def __init__(
        self,
        practice: Practice,
        active: set[str],
        files: Sequence[str] = (),
        left_out: str | None = None,
    ) -> None:
        self.practice = practice
        self.active = active
        self.files = list(files)
        self.left_out = left_out


class Report:
    """All that a form of report may show of one run.

    findings: in printing order, with hook and shown set, and fingerprint where the form has it.
    accepted: findings that the configuration accepts, each with its acceptance.
    looks: what each practice looked at, by id. rules: all there are.
    notes, failures: a line each. seconds: how long the run took.
    only_changed: whether only what a change touches is reported.
    """

    def __init__(
        self,
        repository: Repository,
        findings: Sequence[Finding],
        rules: Sequence[Rule],
        accepted: Sequence[tuple[Finding, Acceptance]] = (),
        looks: Sequence[Look] = (),
        notes: Sequence[str] = (),
        failures: Sequence[str] = (),
        seconds: float = 0.0,
        only_changed: bool = False,
    ) -> None:
        self.repository = repository
        self.findings = list(findings)
        self.rules = list(rules)
        self.accepted = list(accepted)
        self.looks = list(looks)
        self.notes = list(notes)
        self.failures = list(failures)
        self.seconds = seconds
        self.only_changed = only_changed
