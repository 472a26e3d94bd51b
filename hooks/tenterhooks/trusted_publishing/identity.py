"""Whether an upload that is given no credential can log in by its job's identity.

Sources: PyPI's documentation, "Trusted Publishers: security model" and "troubleshooting"; GitHub
documentation, "OpenID Connect reference"; GitLab documentation, "id_tokens"; the ``id`` package,
which reads ``<AUDIENCE>_ID_TOKEN`` on GitLab.
"""

from __future__ import annotations

from tenterhooks.trusted_publishing import known
from tenterhooks.trusted_publishing.github import DENIED, GRANTED, GitHubJob, GitHubStep, scalar
from tenterhooks.trusted_publishing.values import EMPTY, Source, judge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

    from tenterhooks.formats.pipeline import IdToken, Job
    from tenterhooks.trusted_publishing.flow import Flow
    from tenterhooks.trusted_publishing.uploads import Upload

FINE, STORED, CANNOT, UNDECIDED = "fine", "stored", "cannot", "undecided"


_BUILDERS = ("poetry", "hatch", "flit", "rye", "setup.py")


class Answer:
    """kind: FINE, STORED, CANNOT or UNDECIDED. why, fix: in words. at: the place where it is
    not the upload itself."""

    __slots__ = ("at", "fix", "kind", "why")

    def __init__(self, kind: str, why: str = "", fix: str = "", at: Source | None = None) -> None:
        self.kind = kind
        self.why = why
        self.fix = fix
        self.at = at


def way_out(name: str, service: str) -> str:
    """What to do where ``name`` has no Trusted Publishing."""
    other = known.OFFICIAL if service == "github" else "`twine upload`"
    if name in _BUILDERS:
        return f"build with {name}, and publish what it built with {other} or `uv publish`"
    return f"publish with {other} or `uv publish`"


def goes_first(job: Job, upload: Upload) -> bool:
    """Whether the job's identity is used although a credential is given."""
    first = upload.action is not None and upload.action.identity_first
    return first and isinstance(job, GitHubJob) and job.token == GRANTED


def without_credential(flow: Flow, upload: Upload, *, within_reach: bool) -> Answer:
    """How an upload to PyPI logs in that is given no credential that can be seen.

    within_reach: a stored secret is in its environment under some other name.
    """
    job = flow.job
    if flow.mints:
        return Answer(FINE)
    if upload.injector is not None:
        return Answer(STORED, f"the secrets that `{upload.injector}` puts into its environment")
    if isinstance(job, GitHubJob):
        return _on_github(job, upload, within_reach)
    if job.is_partial:
        return Answer(UNDECIDED, f"how {upload.name} logs in: its job extends what is elsewhere")
    if job.service == "gitlab":
        return _on_gitlab(job, upload)
    service = known.SERVICES[job.service]
    if not service.trusted:
        return Answer(STORED, f"a credential that {service.settings} hold")
    if upload.trusted(job.service) is None:
        return Answer(UNDECIDED, f"how {upload.name} logs in: it is given no credential")
    return Answer(FINE)


def _on_github(job: GitHubJob, upload: Upload, within_reach: bool) -> Answer:
    definite = upload.action is not None
    if not definite and (within_reach or _looks_elsewhere(upload)):
        return Answer(UNDECIDED, f"how {upload.name} logs in: it is given no credential")
    unfit = _unfit(upload, job.service)
    if unfit is not None:
        sure = job.hosted or job.token == GRANTED
        return unfit if sure else Answer(UNDECIDED, f"how {upload.name} logs in: {unfit.why}")
    if job.token == DENIED:
        if not definite and not job.hosted:
            return Answer(UNDECIDED, f"how {upload.name} logs in on a machine of your own")
        return Answer(CANNOT, *_no_token(job))
    if "pull_request_target" in job.events and _is_unguarded(job, upload):
        why = "PyPI refuses identity tokens of pull_request_target"
        return Answer(CANNOT, why, "publish from a workflow that a release or a tag starts")
    return Answer(FINE)


def _no_token(job: GitHubJob) -> tuple[str, str]:
    if job.node.get("permissions") is not None:
        why = "the permissions of the job lack id-token: write"
        if scalar(job.root.get("permissions"), "id-token") == "write":
            why += ", and replace those of the workflow"
    elif job.root.get("permissions") is not None:
        why = "the permissions of the workflow lack id-token: write"
    else:
        why = "the job has no permissions block, so it gets no id-token"
    return why, "give the job permissions: id-token: write"


def _looks_elsewhere(upload: Upload) -> bool:
    """Whether a command says that its credential is in a keyring or in a file."""
    options = upload.options
    return any(
        name in options
        for name in ("--keyring-provider", "--config-file", "--pypirc", "--ini-file", "-C")
    )


def _is_unguarded(job: GitHubJob, upload: Upload) -> bool:
    if len(job.events) == 1:
        return True
    step = upload.step
    return not job.condition and not (isinstance(step, GitHubStep) and step.condition)


def _unfit(upload: Upload, service: str) -> Answer | None:
    """Why what uploads cannot do Trusted Publishing, whatever the job is granted."""
    needed = upload.trusted(service)
    if needed is None:
        name = upload.tool.name if upload.tool is not None else upload.name
        where = f" on {known.SERVICES[service].title}" if upload.trusted("github") else ""
        why = f"{name} has no Trusted Publishing{where}, and gets no credential"
        return Answer(CANNOT, why, way_out(name, service))
    if upload.mode == "never":
        why = "Trusted Publishing is switched off, and there is no credential"
        return Answer(CANNOT, why, "drop `never`, or say `always`, for trusted-publishing")
    user = upload.user
    falls_back = upload.tool is not None and bool(upload.tool.later)
    if (
        user is not None
        and not falls_back
        and judge(user, upload.scope).kind != EMPTY
        and user.value.strip() != "__token__"
    ):
        why = "it is given a user name, and no password"
        return Answer(CANNOT, why, "drop the user name: only without one is the identity used")
    if needed and upload.specs and upload.tool is not None:
        name = upload.tool.name
        if not _allows(upload.specs, name, needed):
            why = f"{', '.join(upload.specs)} is too old: {name} does it since {needed}"
            return Answer(CANNOT, why, f"take {name} {needed} or newer")
    return None


def _allows(specs: Sequence[str], name: str, needed: str) -> bool:
    """Whether requirements let a version in that is at least ``needed``."""
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.version import Version

    for spec in specs:
        try:
            requirement = Requirement(spec)
        except (InvalidRequirement, RecursionError):  # of a marker in a thousand brackets
            continue
        if requirement.name.lower() != name:
            continue
        if not _fits(requirement.specifier, Version(needed)):
            return False
    return True


def _fits(specifier: SpecifierSet, needed: Version) -> bool:
    """Whether a version at least as new as ``needed`` is in: such a one, or one that the
    specifier itself names."""
    from packaging.version import Version

    for text in ["999", str(needed), *(item.version.removesuffix(".*") for item in specifier)]:
        try:
            version = Version(text)
            if version >= needed and specifier.contains(version, prereleases=True):
                return True
        except ValueError:  # no version, or more digits than int() takes
            continue
    return False


def _on_gitlab(job: Job, upload: Upload) -> Answer:
    audience = known.AUDIENCES[upload.index]
    held = f"a credential that {known.SERVICES['gitlab'].settings} hold"
    meant = [token for token in job.id_tokens if _is_meant(token)]
    if not meant:
        return Answer(STORED, held)
    unfit = _unfit(upload, job.service)
    if unfit is not None:
        return unfit
    wanted = f"{audience.upper()}_ID_TOKEN"
    for token in meant:
        if token.name.value == wanted and audience in (text.value for text in token.audiences):
            return Answer(FINE)
    token = next((token for token in meant if token.name.value == wanted), meant[0])
    fix = f"id_tokens: {wanted}: aud: {audience}"
    if token.name.value != wanted:
        why = f"the identity token for {upload.index} must be called {wanted}"
        return Answer(CANNOT, why, fix, Source(token.name))
    at = Source(token.audiences[0]) if token.audiences else Source(token.name)
    why = f"the audience of the identity token for {upload.index} must be {audience}"
    return Answer(CANNOT, why, fix, at)


def _is_meant(token: IdToken) -> bool:
    """Whether a token is asked for with PyPI in mind."""
    texts = [token.name, *token.audiences]
    return any("pypi" in text.value.lower() for text in texts)
