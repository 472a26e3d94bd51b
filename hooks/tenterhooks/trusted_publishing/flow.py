"""What is known of a job at one point of it, and the uploads and credentials found so far."""

from __future__ import annotations

import re

from tenterhooks.trusted_publishing import index, known
from tenterhooks.trusted_publishing.budget import Reading
from tenterhooks.trusted_publishing.logins import POETRY_TOKEN, Logins
from tenterhooks.trusted_publishing.uploads import Mention, Upload, is_pypi_name
from tenterhooks.trusted_publishing.values import Scope, Source, nothing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tenterhooks.core.files import Repository
    from tenterhooks.formats.pipeline import Job, Step
    from tenterhooks.trusted_publishing.budget import Budget
    from tenterhooks.trusted_publishing.values import Verdict

    Lookup = Callable[[tuple[str, ...]], Sequence[Source | Verdict] | None]

_COSTLY = 10  # to keep a variable for a whole job, in units of looking at it
_RELEASES = re.compile(r"release|deploy|publish|upload|pypi", re.IGNORECASE)


class Flow:
    """One job on its way. uploads, mentions: in order. logins: what its tools have been told.

    shares_shell: what one step sets in its shell, the next ones have.
    spend: takes units of the pipeline's budget. reading: of its scripts and tasks.
    mints: something in it trades an identity token for an upload token.
    folder: where the shell stands, if all steps share it.
    followed: the tasks that the step at hand has looked into. texts: all scripts that were read.
    """

    def __init__(self, job: Job, repository: Repository, budget: Budget) -> None:
        self.job = job
        self.spend = budget.spend
        self.reading = Reading(repository, budget)
        self.repository = repository
        self.uploads: list[Upload] = []
        self.mentions: list[Mention] = []
        self.logins = Logins(repository)
        self.mints = any(_mints(step) for step in job.steps)
        self.followed: set[tuple[object, ...]] = set()
        self.authenticated: Source | None = None
        self.is_private = False
        self.shares_shell = known.SERVICES[job.service].shares_shell
        self.folder = ""
        self._lookup: Lookup = nothing
        self.spend(_COSTLY * len(job.variables))
        self._outer = {variable.name: Source(variable.text) for variable in job.variables}
        self._kept: dict[str, Source] = {}
        self._own: list[dict[str, Source]] = []
        self.texts: list[str] = []
        self.mention(self._outer, self._scope({}))

    def _scope(self, variables: dict[str, Source]) -> Scope:
        variables = {**self._outer, **self._kept, **variables}
        self.spend(len(variables))
        return Scope(known.SERVICES[self.job.service], variables, self._lookup, mints=self.mints)

    def mention(self, variables: dict[str, Source], scope: Scope) -> None:
        """Note those of the variables that a tool takes its upload credential from."""
        for name, source in variables.items():
            tool = known.CREDENTIALS.get(name)
            match = POETRY_TOKEN.fullmatch(name) if tool is None else None
            if (
                match
                and index.by_name(match.group(1) or match.group(2), {}, "poetry") in known.AUDIENCES
            ):
                tool = "poetry"
            if tool is not None:
                self.mentions.append(Mention(name, source, tool, scope))

    def begin(self, step: Step) -> Scope:
        """Come to the next step: what names mean in it."""
        self._lookup = step.lookup or nothing
        own = {variable.name: Source(variable.text) for variable in step.variables}
        scope = self._scope(own)
        self.mention(own, scope)
        if step.script is not None:
            self._own.append(own)
        self.followed.clear()  # a task that calls itself, or one that a hundred others call
        return scope

    def mention_hidden(self) -> None:
        """Note secrets whose names speak of PyPI and that no command names: in a job that releases
        something, a program that is out of sight takes them from the environment."""
        texts = [self.job.name, *self.texts]
        if self.job.service != "github" or not any(map(_RELEASES.search, texts)):
            return
        scopes = [(self._outer, self._scope({}))]
        scopes += [(own, self._scope(own)) for own in self._own]
        for variables, scope in scopes:
            for name, source in variables.items():
                is_read = name in known.CREDENTIALS or any(name in text for text in texts)
                if is_pypi_name(name) and not is_read:
                    self.mentions.append(Mention(name, source, "", scope))

    def keep(self, variables: dict[str, Source]) -> None:
        """Note variables that later steps have, too."""
        self._kept.update(variables)
        self.mention(variables, self._scope({}))

    def upload(self, upload: Upload) -> None:
        """Note an upload, with what Azure's TwineAuthenticate has said of it before."""
        if upload.tool is known.TOOLS["twine"] and not upload.credentials:
            if self.authenticated is not None:
                upload.credentials.append(("TwineAuthenticate", self.authenticated))
                is_pypi = "pypi" in self.authenticated.value.lower()
                upload.index = known.PYPI if is_pypi else known.UNKNOWN
            elif self.is_private:
                upload.index = known.PRIVATE
        self.uploads.append(upload)


def _mints(step: Step) -> bool:
    text = step.script.value if step.script is not None else ""
    uses = step.uses.value.lower() if step.uses is not None else ""
    return known.mints(text) or uses.startswith(known.MINT_ACTIONS)
