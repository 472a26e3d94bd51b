"""What the uploads of a pipeline log in with: a stored secret, an identity, nothing, or no one
can tell."""

from __future__ import annotations

import re

from tenterhooks.trusted_publishing import identity, index, known
from tenterhooks.trusted_publishing.follow import follow
from tenterhooks.trusted_publishing.values import EMPTY, MINTED, PLAIN, STORED, Verdict, judge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.core.files import Repository
    from tenterhooks.formats.pipeline import Job
    from tenterhooks.trusted_publishing.budget import Budget
    from tenterhooks.trusted_publishing.flow import Flow
    from tenterhooks.trusted_publishing.uploads import Mention, Upload
    from tenterhooks.trusted_publishing.values import Source

    Root = tuple[str, int]

_COSTLY = 5  # to judge a variable, in units of looking at it
_REACHABLE = re.compile(r"pypi|twine|token|pass|publish|upload|index|cred", re.IGNORECASE)


class Stored:
    """A stored credential. name: what it is called where it is used. what: the secret, in words.
    source: where it comes in. uploads: those it feeds, empty where none is to be seen.
    tool: the tool that is known to take it, or ""."""

    __slots__ = ("job", "name", "source", "tool", "uploads", "what")

    def __init__(self, name: str, verdict: Verdict, tool: str, job: Job) -> None:
        self.name = name
        self.what = verdict.what
        self.source = verdict.source
        self.tool = tool
        self.job = job
        self.uploads: list[Upload] = []


class Failure:
    """An upload that cannot log in. at: the place. why: for the message. fix: what to do."""

    __slots__ = ("at", "fix", "upload", "why")

    def __init__(self, upload: Upload, at: Source, why: str, fix: str) -> None:
        self.upload = upload
        self.at = at
        self.why = why
        self.fix = fix


class Assessment:
    """stored, failures, and undecided: values with what cannot be known of them, and the upload.
    jobs: all. flows: what goes on in those that may upload. relying: the uploads that rely on an
    identity, with their jobs."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self.stored: dict[Root, Stored] = {}
        self.failures: list[Failure] = []
        self.undecided: list[tuple[Source, str, Upload | None]] = []
        self.jobs: list[Job] = []
        self.flows: list[Flow] = []
        self.relying: list[tuple[Job, Upload]] = []
        self._settled: set[Root] = set()

    def add(self, job: Job, repository: Repository) -> Flow:
        """Take a job in."""
        flow = follow(job, repository, self._budget)
        self.flows.append(flow)
        for upload in flow.uploads:
            self._upload(flow, upload)
        return flow

    def close(self) -> None:
        """Nobody will ask again: take the circles apart that jobs, steps and their contexts make,
        which nobody looks for in a hook's process, and which hold all that the file says."""
        for job in self.jobs:
            for step in job.steps:
                step.lookup = None

    def _upload(self, flow: Flow, upload: Upload) -> None:
        verdicts = [(name, judge(source, upload.scope)) for name, source in upload.credentials]
        if upload.is_dry or upload.index in (known.PRIVATE, known.UNKNOWN):
            self._settled.update(_root(verdict.source) for _, verdict in verdicts)
            if upload.index == known.UNKNOWN and not upload.is_dry:
                self.undecided.append((upload.at, f"which index {upload.name} uploads to", upload))
            return
        if identity.goes_first(flow.job, upload):
            self._settled.update(_root(verdict.source) for _, verdict in verdicts)
            self.relying.append((flow.job, upload))
            return
        for name, verdict in verdicts:
            if verdict.kind == EMPTY:
                continue
            if verdict.kind == STORED:
                self._feed(name, verdict, upload, flow.job)
            else:
                self._settled.add(_root(verdict.source))
                if verdict.kind != MINTED:
                    what = f"where {name} comes from, with which {upload.name} logs in"
                    self.undecided.append((verdict.source, what, upload))
            return
        self._without(flow, upload)

    def _feed(self, name: str, verdict: Verdict, upload: Upload, job: Job) -> None:
        root = _root(verdict.source)
        tool = upload.tool.name if upload.tool is not None else ""
        found = self.stored.setdefault(root, Stored(name, verdict, tool, job))
        found.uploads.append(upload)

    def _without(self, flow: Flow, upload: Upload) -> None:
        """An upload that is given no credential that could be seen."""
        answer = identity.without_credential(flow, upload, within_reach=self._reach(upload))
        if answer.kind == identity.STORED:
            verdict = Verdict(STORED, upload.at, answer.why)
            self._feed("", verdict, upload, flow.job)
        elif answer.kind == identity.CANNOT:
            at = answer.at or upload.at
            self.failures.append(Failure(upload, at, answer.why, answer.fix))
        elif answer.kind == identity.UNDECIDED:
            self.undecided.append((upload.at, answer.why, upload))
        else:
            self.relying.append((flow.job, upload))

    def _reach(self, upload: Upload) -> bool:
        """Whether some stored secret is at hand that the upload may be given in a way that is
        not understood."""
        self._budget.spend(_COSTLY * len(upload.scope.variables))
        return any(
            _REACHABLE.search(name) and judge(source, upload.scope).kind == STORED
            for name, source in upload.scope.variables.items()
        )

    def leftovers(self) -> None:
        """Take in the credentials that feed no upload that was seen, as the one that they feed
        may be out of sight."""
        for flow in self.flows:
            for mention in flow.mentions:
                self._budget.spend(len(mention.scope.variables))
                verdict = judge(mention.source, mention.scope)
                root = _root(verdict.source)
                if _is_setting(mention, verdict) or verdict.kind != STORED:
                    continue
                if root in self._settled or root in self.stored:
                    continue
                if not _is_elsewhere(mention, flow.uploads):
                    self.stored[root] = Stored(mention.name, verdict, mention.tool, flow.job)


def _root(source: Source) -> Root:
    return source.text.file.path, source.offset


def _is_elsewhere(mention: Mention, uploads: Sequence[Upload]) -> bool:
    """Whether a credential is for another index than PyPI, as far as its surroundings say."""
    tool = known.TOOLS.get(mention.tool)
    if tool is None:
        return False
    mine = [upload for upload in uploads if upload.tool is tool]
    if mine:
        return all(upload.index in (known.PRIVATE, known.UNKNOWN) for upload in mine)
    variables = mention.scope.variables
    urls = [variables[name] for name in tool.env_urls if name in variables]
    names = [variables[name] for name in tool.env_names if name in variables]
    found = index.decide(urls, names, {}, mention.scope, tool.name)
    return found in (known.PRIVATE, known.UNKNOWN)


def _is_setting(mention: Mention, verdict: Verdict) -> bool:
    """Whether plain text that is no token is beside a name that speaks of PyPI (``oidc``)."""
    return (
        not mention.tool
        and verdict.what == PLAIN
        and not verdict.source.value.strip().startswith("pypi-")
    )
