"""What the page says of each practice, and of all together, before it is put into HTML."""

from __future__ import annotations

from tenterhooks.core.report.html_text import count, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.core.acceptance import Acceptance
    from tenterhooks.core.finding import Finding
    from tenterhooks.core.report import Look, Report

BROKEN, PARTLY, UNSEEN, NOTHING = "broken", "partly", "unseen", "nothing"
MENDED, ACCEPTED, HOLDS = "mended", "accepted", "holds"
WORDS = {
    BROKEN: "Does not hold",
    PARTLY: "Not checked in full",
    UNSEEN: "Not looked at",
    NOTHING: "Nothing to look at",
    MENDED: "Mended in this run",
    ACCEPTED: "Holds, but for what is accepted",
    HOLDS: "Holds",
}
OWN_TITLE = "The comments and the settings that tenterhooks itself reads."


class Part:
    """One practice on the page.

    look: None for findings of no practice, such as a comment that silences nothing.
    findings: those that are not accepted. failures: what of it could not be done.
    """

    __slots__ = ("accepted", "failures", "findings", "id", "look")

    def __init__(self, id: str, look: Look | None) -> None:
        self.id = id
        self.look = look
        self.findings: list[Finding] = []
        self.accepted: list[tuple[Finding, Acceptance]] = []
        self.failures: list[str] = []

    @property
    def title(self) -> str:
        return " ".join(self.look.practice.title.split()) if self.look else OWN_TITLE

    @property
    def words(self) -> str:
        """The state in words."""
        is_own = self.look is None and self.state == BROKEN
        return "Not in order" if is_own else WORDS[self.state]

    @property
    def to_mend(self) -> int:
        """How many findings leave something to do."""
        return sum(not finding.fixed or bool(finding.left) for finding in self.findings)

    @property
    def state(self) -> str:
        """One of WORDS."""
        if self.to_mend:
            return BROKEN
        if self.failures:
            return PARTLY
        if self.look and self.look.left_out is not None:
            return UNSEEN
        if self.findings:
            return MENDED
        if self.accepted:
            return ACCEPTED
        needs_files = self.look is not None and self.look.practice.pattern is not None
        return NOTHING if needs_files and self.look and not self.look.files else HOLDS


def parts(report: Report) -> list[Part]:
    """Those of the practices, as the report has them; then those of findings beside them."""
    found = {look.practice.id: Part(look.practice.id, look) for look in report.looks}
    for finding in report.findings:
        found.setdefault(finding.hook, Part(finding.hook, None)).findings.append(finding)
    for finding, acceptance in report.accepted:
        part = found.setdefault(finding.hook, Part(finding.hook, None))
        part.accepted.append((finding, acceptance))
    for failure in report.failures:
        id = failure.split(": ", 1)[0]
        if id in found:
            found[id].failures.append(failure)
    return list(found.values())


def headline(report: Report, all_parts: Sequence[Part]) -> tuple[str, str]:
    """The verdict: a state, and some words."""
    states = {part.state for part in all_parts}
    to_mend = sum(part.to_mend for part in all_parts)
    if to_mend:
        return BROKEN, f"{count(to_mend, 'finding')} to mend"
    if report.failures:
        return PARTLY, "Not everything could be checked"
    if states <= {UNSEEN, NOTHING}:
        return UNSEEN, "Nothing was looked at"
    if report.findings:
        return MENDED, "Everything that was found is mended"
    if report.accepted:
        return ACCEPTED, f"Nothing to mend, {count(len(report.accepted), 'finding')} accepted"
    return HOLDS, "Nothing found"


def sentences(report: Report, all_parts: Sequence[Part]) -> list[str]:
    """What the headline rests on; plain text."""
    by_state: dict[str, list[str]] = {}
    for part in all_parts:
        if part.look is None:
            continue
        state = HOLDS if part.state == MENDED else part.state
        by_state.setdefault(state, []).append(part.id)
    lines = [
        _sentence(by_state.get(state, []), one, many)
        for state, one, many in (
            (BROKEN, "does not hold", "do not hold"),
            (PARTLY, "could not be checked in full", "could not be checked in full"),
            (UNSEEN, "was not looked at", "were not looked at"),
            (NOTHING, "had nothing to look at", "had nothing to look at"),
            (ACCEPTED, "holds but for what is accepted", "hold but for what is accepted"),
            (HOLDS, "holds", "hold"),
        )
    ]
    beside = sum(part.to_mend for part in all_parts if part.look is None)
    if beside:
        lines.append(f"{count(beside, 'finding')} beside the practices.")
    if report.failures and PARTLY not in by_state:
        lines.insert(0, "The run met failures, so that something may be missing here.")
    if report.only_changed:
        lines.append("Only what the change touches is reported.")
    return [line for line in lines if line]


def _sentence(ids: Sequence[str], one: str, many: str) -> str:
    if not ids:
        return ""
    return f"{count(len(ids), 'practice')} {one if len(ids) == 1 else many}: {listed(ids)}."
