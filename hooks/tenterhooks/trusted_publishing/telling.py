"""What a finding says, and the steps that mend it, in words."""

from __future__ import annotations

import posixpath
import re

from tenterhooks.trusted_publishing import identity, known
from tenterhooks.trusted_publishing.github import GRANTED, GitHubJob

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.core.files import File, Repository
    from tenterhooks.formats.pipeline import Job
    from tenterhooks.trusted_publishing.assessment import Stored
    from tenterhooks.trusted_publishing.uploads import Upload

_REMOTE = re.compile(r"[:/]([\w.-]+)/([\w.-]+?)(?:\.git)?/?$")
_OF_OTHERS = (
    "publish in a job of this repository, as PyPI takes no reusable workflow of another one"
)
_TITLES = [service.title for service in known.SERVICES.values() if service.trusted]
_TRUSTED = f"{', '.join(_TITLES[:-1])} or {_TITLES[-1]}"


def stored(found: Stored, file: File) -> str:
    """What is wrong with a stored credential: which it is, and what it feeds."""
    if not found.uploads:
        reader = f"{found.tool} logs in with it" if found.tool else "it is handed on for PyPI"
        return f"{found.name} holds {found.what}: {reader}"
    upload = found.uploads[0]
    feeds = f"{upload.name}{_place(upload, file)} logs in to {upload.index} with"
    others = len(found.uploads) - 1
    more = "" if not others else "; so does 1 more" if others == 1 else f"; so do {others} more"
    if not found.name:
        return f"{feeds} {found.what}{more}"
    beats = ""
    granted = isinstance(found.job, GitHubJob) and found.job.token == GRANTED
    if granted and upload.tool is not None and found.name in upload.tool.later:
        beats = ", which it falls back to where the id-token that the job has is refused"
    elif granted and upload.trusted("github") is not None:
        beats = ", which goes before the id-token that the job has"
    return f"{feeds} {found.name}, {found.what}{beats}{more}"


def _place(upload: Upload, file: File) -> str:
    line = upload.at.text.file.position(upload.at.offset)[0]
    other = upload.at.text.file.path
    if other == file.path:
        return f" (line {line})"
    return f" ({other}:{line})" if ": " not in other else ""


def fix_stored(found: Stored, file: File, repository: Repository) -> str:
    """The way to Trusted Publishing from here."""
    service = known.SERVICES[found.job.service]
    if not service.trusted:
        return f"PyPI takes no identity of {service.title}: publish from {_TRUSTED}"
    upload = found.uploads[0] if found.uploads else None
    index = upload.index if upload is not None else known.PYPI
    steps = [register(found, file, repository)]
    if isinstance(found.job, GitHubJob) and found.job.uses is not None:
        steps.append(_OF_OTHERS)
    name = _without_identity(found, upload)
    if name:
        steps.append(
            f"as {name} has no Trusted Publishing, {identity.way_out(name, found.job.service)}"
        )
    dropped = f"drop {found.name}" if found.name else "drop the variable in the settings"
    steps.append(f"{_grant(found.job, index)}{dropped}")
    return "; then ".join(steps)


def _without_identity(found: Stored, upload: Upload | None) -> str:
    """The name of what uploads where it has no Trusted Publishing, else ""."""
    if upload is None:
        tool = known.TOOLS.get(found.tool)
        return tool.name if tool is not None and tool.trusted is None else ""
    if upload.trusted(found.job.service) is not None:
        return ""
    return upload.action.name if upload.action is not None else found.tool


def register(found: Stored, file: File, repository: Repository) -> str:
    """The step that only a person can take."""
    index = found.uploads[0].index if found.uploads else known.PYPI
    return f"on {index}, add a trusted publisher: {_publisher(found.job, file, repository)}"


def _grant(job: Job, index: str) -> str:
    if job.service == "github":
        granted = isinstance(job, GitHubJob) and job.token == GRANTED
        return "" if granted else "give the job permissions: id-token: write, and "
    if job.service == "gitlab":
        audience = known.AUDIENCES[index]
        return f"give the job id_tokens: {audience.upper()}_ID_TOKEN: aud: {audience}, and "
    return ""


def _publisher(job: Job, file: File, repository: Repository) -> str:
    """What PyPI asks for, as far as the files tell."""
    if job.service == "cloudbuild":
        return "Google, with the email of the service account that the build runs as"
    owner, name = _owner(repository)
    if job.service == "gitlab":
        return f"GitLab, namespace {owner}, project {name}, pipeline file {_pipeline(file)}"
    is_workflow = isinstance(job, GitHubJob) and job.name
    where = posixpath.basename(file.path) if is_workflow else "<workflow>"
    text = f"GitHub, owner {owner}, repository {name}, workflow {where}"
    environment = environment_of(job)
    return f"{text}, environment {environment}" if environment else text


def _pipeline(file: File) -> str:
    is_root = posixpath.basename(file.path).startswith(".gitlab-ci.")
    return file.path if is_root else ".gitlab-ci.yml"


def environment_of(job: Job) -> str:
    """The environment of a job, "" where it has none or only an expression knows."""
    if not isinstance(job, GitHubJob):
        return ""
    node = job.node.get("environment")
    if node is not None and node.text() is None:
        node = node.get("name")
    text = "" if node is None or node.is_null else (node.text() or "").strip()
    return "" if "$" in text else text


def _owner(repository: Repository) -> tuple[str, str]:
    """Owner and name of the repository, by its remote."""
    url = repository.once(_url)
    match = _REMOTE.search(url or "")
    return (match.group(1), match.group(2)) if match else ("<owner>", "<repository>")


def _url(repository: Repository) -> str | None:
    from tenterhooks.core import git

    return git.remote_url(repository.top) if repository.is_git else None
