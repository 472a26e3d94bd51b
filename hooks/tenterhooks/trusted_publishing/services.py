"""Which file belongs to which CI service, and the reader of each."""

from __future__ import annotations

import re

from tenterhooks.formats import workflow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tenterhooks.core.files import File, Repository
    from tenterhooks.formats.pipeline import Job

# What the readers call their PATHS, once more: to import ten modules for it would cost each run
# more than all else. A test holds the two together.
_PATHS = {
    "github": workflow.PATHS.removeprefix("(^|/)").removesuffix("$"),
    "gitlab": (
        r"([^/]*\.gitlab-ci\.ya?ml|\.gitlab(-ci)?/(?!(issue|merge_request)_templates/).+\.ya?ml)"
    ),
    "cloudbuild": (r"(([^/]*[-_.])?cloudbuild[^/]*|\.?cloudbuild/([^/]+/)*[^/]+)\.(ya?ml|json)"),
    "activestate": r"buildscript\.as",
    "azure": (
        r"(\.?azure[-_]pipelines?[^/]*|(\.?azure[-_]pipelines?|\.azuredevops|\.pipelines)/.+"
        r"|\.azure/.*pipelines?.*)\.ya?ml"
    ),
    "circleci": r"\.circleci/.+\.ya?ml",
    "travis": r"\.travis\.ya?ml",
    "jenkins": (
        r"(Jenkinsfile(\.[^/]*)?|[^/]+\.[jJ]enkinsfile|\.?(jenkins|ci|pipelines?)/.*\.groovy)"
    ),
    "appveyor": r"\.?appveyor\.ya?ml",
    "bitbucket": r"bitbucket-pipelines\.ya?ml",
}
PATHS = rf"(^|/)({'|'.join(_PATHS.values())})$"
# These services look for their file at the top of a repository alone.
_AT_THE_TOP = ("travis", "circleci", "appveyor", "bitbucket")
_WITH_CONTEXT = ("gitlab", "azure")


def service(path: str) -> str | None:
    """The service that runs what is at a path; None where none does, whatever it is called."""
    for name, pattern in _PATHS.items():
        if re.search(rf"(^|/){pattern}$", path):
            return None if name in _AT_THE_TOP and not re.match(f"{pattern}$", path) else name
    return None


def jobs(name: str, file: File, repository: Repository) -> Sequence[Job]:
    """The jobs of a file that belongs to a service. Raises Unreadable."""
    if name == "github":
        from tenterhooks.trusted_publishing import reading

        return reading.jobs(file, repository)
    import importlib

    reader = importlib.import_module(f"tenterhooks.formats.pipelines.{name}")
    if name == "gitlab":
        roots = reader.roots(file, repository)
        return [job for root in roots for job in reader.jobs(root, repository)]
    found: Iterable[Job] = (
        reader.jobs(file, repository) if name in _WITH_CONTEXT else reader.jobs(file)
    )
    return list(found)
