"""What all practices find in a repository today: the one place that knows how they are run."""

from __future__ import annotations

from tenterhooks.core.command import outcome_of
from tenterhooks.core.options import CommandLine
from tenterhooks.core.practice import SHARED_RULES, WHOLE_RULES
from tenterhooks.core.run import Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tenterhooks.core.files import Repository
    from tenterhooks.core.finding import Finding


class Sight:
    """What was seen.

    findings: all, accepted ones too. ran: ids of the practices that looked.
    judged: names of the rules that were looked for. failures, notes: a line each.
    """

    def __init__(
        self,
        findings: Sequence[Finding],
        ran: Collection[str],
        judged: Collection[str],
        failures: Sequence[str] = (),
        notes: Sequence[str] = (),
    ) -> None:
        self.findings = list(findings)
        self.ran = set(ran)
        self.judged = set(judged)
        self.failures = list(failures)
        self.notes = list(notes)


def look(repository: Repository, presets: Sequence[str]) -> Sight:
    """Run all practices, or those of ``presets``, as the configuration has it, and put no finding
    aside as accepted. Raises ConfigError, GitError."""
    from tenterhooks import everything

    practices = everything.practices()
    line = CommandLine("tenterhooks", everything.TITLE, (), practices, together=True)
    words = [word for preset in presets for word in ("--preset", preset)]
    run = Run(line, line.read([repository.top, "--show-accepted", *words]))
    outcome = outcome_of(run)
    made = run.made
    judged = {name for job in made.jobs for name in job.practice.names() if job.reports(name)}
    if not made.left_out:  # who did not look may be the one that met a broken file
        judged |= {rule.name for rule in (*SHARED_RULES, *WHOLE_RULES)}
    ran = [job.practice.id for job in made.jobs]
    return Sight(outcome.all_findings(), ran, judged, outcome.failures, outcome.notes)
