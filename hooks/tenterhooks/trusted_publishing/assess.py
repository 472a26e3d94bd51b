"""The assessment of a pipeline, and of those that it calls."""

from __future__ import annotations

from tenterhooks.trusted_publishing import budget, calls, services
from tenterhooks.trusted_publishing.assessment import Assessment
from tenterhooks.trusted_publishing.github import GitHubJob

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.core.files import File, Repository
    from tenterhooks.formats.pipeline import Job

_MAX_CALLS = 10  # of workflows that call workflows; GitHub allows as many
_KEPT = 50  # each keeps all that was made of its file


class _Made:
    """The last assessments of a repository's pipelines, those asked for again behind the others,
    and how deep in callers of callers one is."""

    def __init__(self, _: Repository) -> None:
        self.by_path: dict[str, Assessment] = {}
        self.depth = 0


def of(service: str, file: File, repository: Repository) -> Assessment:
    """The assessment of a pipeline, as a rule made once. Raises Unreadable."""
    made = repository.once(_Made)
    if file.path in made.by_path:
        made.by_path[file.path] = made.by_path.pop(file.path)
    elif not made.depth:
        for path in list(made.by_path)[:-_KEPT]:
            made.by_path.pop(path).close()
    if file.path not in made.by_path and made.depth < _MAX_CALLS:
        made.by_path[file.path] = Assessment(budget.of(file))  # for a pipeline that calls itself
        made.depth += 1
        try:
            made.by_path[file.path] = _assess(service, file, repository)
        finally:
            made.depth -= 1
    return made.by_path.get(file.path) or Assessment(budget.of(file))


def _calls(job: Job) -> bool:
    return isinstance(job, GitHubJob) and job.uses is not None


def _assess(service: str, file: File, repository: Repository) -> Assessment:
    assessment = Assessment(budget.of(file))
    for job in services.jobs(service, file, repository):
        assessment.jobs.append(job)
        if not job.steps and service == "github" and not _calls(job):
            continue
        flow = assessment.add(job, repository)
        if service == "github":
            calls.check(
                flow, assessment, repository, lambda called: of(service, called, repository)
            )
    assessment.leftovers()
    return assessment
