"""Which rules are on in the repository at hand."""

from __future__ import annotations

from tenterhooks.core.options import CommandLine
from tenterhooks.core.practice import WHOLE_RULES
from tenterhooks.core.run import Run
from tenterhooks.everything import practices

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.bandit.settings import Settings
    from tenterhooks.core.finding import Rule
    from tenterhooks.core.job import Job
    from tenterhooks.core.practice import Practice


class InForce:
    """What ``tenterhooks`` would report in this folder. Raises ConfigError, GitError, when it is
    made and when it is asked."""

    def __init__(self) -> None:
        line = CommandLine("tenterhooks", "", (), practices(), together=True)
        self._run = Run(line, line.read([]))
        self._bandit: Settings | None = None

    def __call__(self, practice: Practice | None, rule: Rule) -> bool:
        made = self._run.made
        if practice is None:
            is_told = rule in WHOLE_RULES or any(job.reports(rule.name) for job in made.jobs)
            return is_told and rule.name not in made.ignored
        job = next((job for job in made.jobs if job.practice is practice), None)
        if job is None or not job.reports(rule.name):
            return False
        return rule in practice.rules or self._runs(job, rule.name)

    def _runs(self, job: Job, test_id: str) -> bool:
        """Whether a test of ours is one of those that Bandit is configured to run."""
        if self._bandit is None:
            from tenterhooks.bandit import settings

            self._bandit = settings.load(self._run.repository, job.options)
        return self._bandit.runs(test_id)
