"""Jobs that call a reusable workflow.

Sources: PyPI's documentation, "Trusted Publishers: troubleshooting" (a reusable workflow of another
repository cannot be the publisher); GitHub documentation, "Reusing workflows" (a called workflow
gets no permission that its caller lacks).
"""

from __future__ import annotations

from tenterhooks.core.files import Unreadable
from tenterhooks.formats.pipeline import text_of
from tenterhooks.trusted_publishing import actions, known
from tenterhooks.trusted_publishing.assessment import Assessment, Failure
from tenterhooks.trusted_publishing.github import DENIED, GRANTED, GitHubJob
from tenterhooks.trusted_publishing.local import called_file
from tenterhooks.trusted_publishing.uploads import Upload
from tenterhooks.trusted_publishing.values import Scope, Source, nothing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tenterhooks.core.files import File, Repository
    from tenterhooks.formats.pipeline import Text
    from tenterhooks.trusted_publishing.flow import Flow


def check(
    flow: Flow,
    assessment: Assessment,
    repository: Repository,
    assess: Callable[[File], Assessment],
) -> None:
    """Note what a job hands to the workflow that it calls, and whether that one can publish.

    assess: gives the assessment of another workflow of the repository.
    """
    job = flow.job
    if not isinstance(job, GitHubJob) or job.uses is None:
        return
    uses = job.uses.value.strip()
    if uses.startswith(("./", "$/")):
        called = called_file(uses, repository)
        if called is not None:
            _check_local(job, job.uses, called, assessment, assess)
    else:
        _check_remote(flow, job, uses, assessment)


def _check_local(
    job: GitHubJob,
    uses: Text,
    called: File,
    assessment: Assessment,
    assess: Callable[[File], Assessment],
) -> None:
    try:
        inner = assess(called)
    except Unreadable:
        return
    relying = [
        upload
        for callee, upload in inner.relying
        if isinstance(callee, GitHubJob) and "workflow_call" in callee.events
    ]
    if relying and job.token != DENIED:
        assessment.relying.append((job, relying[0]))  # for who calls this one
    elif relying:
        upload = _upload(relying[0].name, uses)
        upload.index = relying[0].index
        why = f"{called.path} needs id-token: write, and the job that calls it does not grant it"
        fix = "give this job permissions: id-token: write, beside those that it has"
        assessment.failures.append(Failure(upload, Source(uses), why, fix))


def _check_remote(flow: Flow, job: GitHubJob, uses: str, assessment: Assessment) -> None:
    name = uses.partition("@")[0].lower()
    secrets = _mapping(job, "secrets")
    inputs = _mapping(job, "with")
    scope = Scope(known.SERVICES["github"], {}, nothing)
    before = len(flow.mentions)
    actions.called(flow, secrets, inputs, scope)
    if len(flow.mentions) > before or job.uses is None:
        return
    passed = job.node.get("secrets")
    inherits = passed is not None and passed.text() == "inherit"
    switch = known.REUSABLE.get(name)
    uploads = "pypi" in name if switch is None else _is_on(inputs.get(switch))
    if uploads and (inherits or secrets):
        what = f"with what {uses} logs in, to which secrets are passed"
        assessment.undecided.append((Source(job.uses), what, None))
    elif uploads and job.token == GRANTED:
        upload = _upload(uses, job.uses)
        why = "PyPI takes no reusable workflow of another repository as a publisher"
        fix = "publish in a job of this repository, with what that workflow has built"
        assessment.failures.append(Failure(upload, Source(job.uses), why, fix))


def _is_on(source: Source | None) -> bool:
    return source is not None and source.value.strip().lower() not in ("", "false")


def _mapping(job: GitHubJob, key: str) -> dict[str, Source]:
    node = job.node.get(key)
    return {
        name.value: Source(text_of(job.document, value))
        for name, value in (node.named() if node is not None else ())
    }


def _upload(name: str, uses: Text) -> Upload:
    from tenterhooks.formats.pipeline import Step

    scope = Scope(known.SERVICES["github"], {}, nothing)
    return Upload(name, None, Source(uses), uses, Step(uses), scope)
