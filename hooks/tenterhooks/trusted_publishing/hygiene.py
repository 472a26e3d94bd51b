"""How a release is made, beside what it logs in with: the opt-in rules.

Sources: PyPI's documentation, "Trusted Publishers: security model and considerations"; SPEC 8,
"Securing the release process" (Scientific Python).
"""

from __future__ import annotations

import re

from tenterhooks.core.finding import Finding
from tenterhooks.formats import shell, yaml
from tenterhooks.formats.pipeline import text_of
from tenterhooks.formats.uses import Action, MalformedUses, parse
from tenterhooks.trusted_publishing import (
    budget,
    installs,
    known,
    occasions,
    reading,
    wrappers,
)
from tenterhooks.trusted_publishing.github import GitHubJob, GitHubStep, on_of
from tenterhooks.trusted_publishing.rules import (
    BUILD_IN_PUBLISH,
    CACHE,
    KEEPS_CREDENTIALS,
    NO_ATTESTATIONS,
    NOT_PINNED,
    PULL_REQUEST,
    UNLOCKED_INSTALL,
    WITHOUT_ENVIRONMENT,
    WORKFLOW_TOKEN,
)
from tenterhooks.trusted_publishing.values import Source
from tenterhooks.trusted_publishing.words import source_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tenterhooks.core.files import Repository
    from tenterhooks.core.finding import Rule
    from tenterhooks.trusted_publishing.assessment import Assessment
    from tenterhooks.trusted_publishing.flow import Flow
    from tenterhooks.trusted_publishing.uploads import Upload
    from tenterhooks.trusted_publishing.wrappers import Invocation


_MAJOR = re.compile(r"v?(\d+)(?:\.|$)")


def check(assessment: Assessment, repository: Repository) -> Iterator[Finding]:
    """The findings of all opt-in rules in one workflow."""
    jobs = {job.name: job for job in assessment.jobs if isinstance(job, GitHubJob)}
    publishing = {
        flow.job.name: uploads
        for flow in assessment.flows
        if isinstance(flow.job, GitHubJob) and (uploads := _public(flow))
    }
    if not publishing:
        return
    yield from _workflow(jobs[next(iter(publishing))])
    for name, uploads in publishing.items():
        yield from _job(jobs[name], uploads)
    tagged = all(occasions.for_tags_alone(jobs[name], them) for name, them in publishing.items())
    for name, job in _needed(list(publishing), jobs).items():
        reading.read_steps(job, repository)
        makes = name in publishing or any(True for _ in _builds(job))
        yield from _release_job(job, repository, makes=makes, tagged=tagged)


def _public(flow: Flow) -> list[Upload]:
    return [upload for upload in flow.uploads if upload.is_public]


def _needed(names: list[str], jobs: dict[str, GitHubJob]) -> dict[str, GitHubJob]:
    """The jobs of these names and all that they wait for."""
    found: dict[str, GitHubJob] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in jobs and name not in found:
            found[name] = jobs[name]
            needs = jobs[name].node.get("needs")
            if needs is not None:
                waiting += [node.text() or "" for node in (needs, *needs.items())]
    return found


def _at(source: Source, rule: Rule, message: str, fix: str) -> Finding:
    file = source.text.file
    return Finding(file.path, *file.position(source.offset), rule.name, message, fix)


def _workflow(job: GitHubJob) -> Iterator[Finding]:
    permissions = job.root.get("permissions")
    token = permissions.get("id-token") if permissions is not None else None
    if token is not None and token.text() == "write":
        source = Source(text_of(job.document, token))
        message = "id-token: write here is for every job of the workflow"
        yield _at(source, WORKFLOW_TOKEN, message, "grant it to the job that publishes, alone")
    elif permissions is not None and permissions.text() == "write-all":
        source = Source(text_of(job.document, permissions))
        message = "write-all gives every job of the workflow an identity token"
        yield _at(source, WORKFLOW_TOKEN, message, "grant each job what it needs")
    for node in _triggers(job.root):
        message = f"a workflow that publishes is started by {node.value}"
        fix = "publish from a workflow of its own, which a release or a tag starts"
        yield _at(Source(text_of(job.document, node)), PULL_REQUEST, message, fix)


def _triggers(root: yaml.Node) -> Iterator[yaml.Node]:
    on = on_of(root)
    if on is None:
        return
    for node in [on, *on.items(), *(key for key, _ in on.named())]:
        if node.text() in ("pull_request", "pull_request_target"):
            yield node


def _job(job: GitHubJob, uploads: Sequence[Upload]) -> Iterator[Finding]:
    """What is wrong with a job that publishes."""
    if job.name and not _has_environment(job):
        message = f"the job {job.name} publishes to {uploads[0].index} without an environment"
        fix = "environment: pypi, with reviewers or tag rules, and named in the trusted publisher"
        yield _at(Source(job.where), WITHOUT_ENVIRONMENT, message, fix)
    for source, what in (*_builds(job), *_building(uploads)):
        message = f"{what} builds in the job that publishes"
        fix = "build in a job without id-token, and hand the files on as an artifact"
        yield _at(source, BUILD_IN_PUBLISH, message, fix)
        break
    for upload in uploads:
        yield from _publisher(upload)
    for step in job.steps:
        name, inputs = _used(step.uses.value if step.uses is not None else ""), step.inputs
        if name != "actions/checkout" or step.uses is None:
            continue
        kept = inputs["persist-credentials"][1].value if "persist-credentials" in inputs else ""
        if not _is_false(kept):
            message = "the checkout leaves a token for git behind in the job that publishes"
            fix = "with: persist-credentials: false"
            yield _at(Source(step.uses), KEEPS_CREDENTIALS, message, fix)


def _has_environment(job: GitHubJob) -> bool:
    node = job.node.get("environment")
    if node is not None and node.kind is yaml.MAPPING:
        node = node.get("name")
    return node is not None and not node.is_null and node.value != ""


def _is_false(text: str) -> bool:
    return re.sub(r"[${}\s]", "", text).lower() == "false"


def _publisher(upload: Upload) -> Iterator[Finding]:
    step = upload.step
    if upload.action is not None and isinstance(step, GitHubStep):
        node = yaml.Node(yaml.SCALAR, upload.at.value, 0, 0)
        try:
            action = parse(node)
        except MalformedUses:
            action = None
        if isinstance(action, Action) and not action.is_pinned:
            message = f"{action.name}@{action.ref} publishes, and {action.ref} can be moved"
            fix = f"uses: {action.name}@<commit SHA> # <version>"
            yield _at(upload.at, NOT_PINNED, message, fix)
        given = step.inputs.get("attestations")
        if given is not None and _is_false(given[1].value):
            message = f"{upload.name} is told to make no attestations"
            yield _at(Source(given[1]), NO_ATTESTATIONS, message, "drop attestations: false")
    if "--no-attestations" in upload.options:
        message = f"{upload.name} is told to make no attestations"
        yield _at(upload.at, NO_ATTESTATIONS, message, "drop --no-attestations")


def _used(uses: str) -> str:
    return uses.strip().partition("@")[0].lower()


def _invocations(job: GitHubJob) -> Iterator[tuple[Invocation, Source]]:
    """The commands that stand in the steps of a job."""
    for step in job.steps:
        if step.script is not None and step.shell in ("sh", "pwsh", "cmd"):
            budget.of(job.document.file).spend(len(step.script.value))
            for command in shell.commands(step.script.value, step.shell):
                if command.words:
                    at = source_of(command.words[0], step.script)
                    yield wrappers.reduce(command.words), at


def _builds(job: GitHubJob) -> Iterator[tuple[Source, str]]:
    for step in job.steps:
        name = _used(step.uses.value) if step.uses is not None else ""
        if name.startswith(known.BUILD_ACTIONS) and step.uses is not None:
            command = step.inputs["command"][1].value if "command" in step.inputs else "build"
            if command in ("build", "publish", "sdist"):
                yield Source(step.uses), name
    for invocation, at in _invocations(job):
        words = [word.text for word in invocation.words]
        name = installs.builds(invocation.name, words)
        if name:
            yield at, name


def _building(uploads: Sequence[Upload]) -> Iterator[tuple[Source, str]]:
    """The uploads that build first what they upload."""
    for upload in uploads:
        if upload.tool is not None and _builds_itself(upload):
            yield upload.at, upload.name


def _builds_itself(upload: Upload) -> bool:
    how = upload.tool.builds if upload.tool is not None else ""
    if how.startswith("!"):
        return how[1:] not in upload.options
    return bool(how) and (how in upload.options or how == upload.subcommand)


def _release_job(
    job: GitHubJob, repository: Repository, *, makes: bool, tagged: bool
) -> Iterator[Finding]:
    """What is wrong with a job that publishes, or with one that it waits for.

    makes: it publishes or builds; a cache of tests alone gets into no release.
    tagged: releases are made of tags alone."""
    for step in job.steps if makes else ():
        if step.uses is not None and _caches(step, tagged=tagged):
            name = _used(step.uses.value)
            message = f"{name} brings what an earlier run left in a cache into a release"
            fix = "make releases without a cache"
            yield _at(Source(step.uses), CACHE, message, fix)
    for invocation, at in _invocations(job):
        loose = installs.unlocked(invocation, repository)
        if loose:
            message = f"{loose} in a release, and nothing says which version"
            fix = "install from a requirements file with hashes, or pin with == what is named here"
            yield _at(at, UNLOCKED_INSTALL, message, fix)


def _caches(step: object, *, tagged: bool) -> bool:
    if not isinstance(step, GitHubStep) or step.uses is None:
        return False
    if tagged and occasions.spares_tags(step.condition):
        return False
    name = _used(step.uses.value)
    if name not in known.CACHING:
        return False
    key, since = known.CACHING[name]
    if not key:
        return True
    if key in step.inputs:
        said = step.inputs[key][1].value.strip()
        is_off = said.lower() in ("", "false") or (tagged and occasions.spares_tags(said))
        return not is_off
    return since is not None and _major(step) >= since


def _major(step: GitHubStep) -> int:
    """The major version of an action, by its ref or by the comment beside it; 0 if unknown."""
    if step.uses is None:
        return 0
    ref = step.uses.value.partition("@")[2]
    file = step.uses.file
    line = file.line_text(file.position(step.uses.start)[0])
    for text in (ref, line.partition("#")[2].strip()):
        match = _MAJOR.match(text)
        if match:
            return int(match.group(1)) if len(match.group(1)) < 4 else 0
    return 0
