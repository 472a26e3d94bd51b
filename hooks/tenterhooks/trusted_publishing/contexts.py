"""What the contexts of GitHub's expressions can be: ``inputs``, ``matrix``, ``steps``, ``needs``.

Source: GitHub documentation, "Contexts".
"""

from __future__ import annotations

import re

from tenterhooks.core.files import Unreadable
from tenterhooks.formats import workflow, yaml
from tenterhooks.formats.pipeline import text_of
from tenterhooks.trusted_publishing import known
from tenterhooks.trusted_publishing.github import scalar
from tenterhooks.trusted_publishing.local import called_file, callers, local_action
from tenterhooks.trusted_publishing.values import MINTED, STORED, Source, Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tenterhooks.core.files import File, Repository
    from tenterhooks.formats.pipeline import Text
    from tenterhooks.trusted_publishing.github import GitHubJob, GitHubStep


class Context:
    """What ``inputs``, ``steps``, ``matrix`` and ``needs`` mean in one list of steps.

    given: the inputs of a composite action; None in a workflow. steps: those before.
    """

    __slots__ = ("given", "job", "matrix", "repository", "steps")

    def __init__(
        self, job: GitHubJob, repository: Repository, given: dict[str, Source] | None
    ) -> None:
        self.job = job
        self.repository = repository
        self.given = given
        self.steps: list[GitHubStep] = []
        self.matrix: dict[str, list[yaml.Node]] | None = None

    def lookup(self, path: tuple[str, ...]) -> Sequence[Source | Verdict] | None:
        """What a context path can be; None where that is not known."""
        if path[:3] == ("github", "event", "inputs"):
            path = path[2:]
        if len(path) < 2:
            return None
        if path[0] == "inputs":
            return self._input(path[1])
        if path[0] == "matrix":
            return self._matrix(path[1:])
        if path[0] == "steps":
            return _output([step for step in self.steps if step.id == path[1]], path[-1], self)
        if path[0] == "needs":
            return self._needed(path[1])
        return None

    def _input(self, name: str) -> Sequence[Source | Verdict] | None:
        if self.given is not None:
            return [self.given[name]] if name in self.given else []
        found = [Source(text) for text in _declared(self.job, name)]
        for file, node in callers(self.repository).get(self.job.document.file.path, ()):
            found += [Source(text) for key, text in _inputs(file, node.get("with")) if key == name]
        return found or None

    def _matrix(self, path: tuple[str, ...]) -> Sequence[Source | Verdict] | None:
        if self.matrix is None:
            strategy = self.job.node.get("strategy")
            matrix = strategy.get("matrix") if strategy else None
            self.matrix = workflow.choices(matrix) if matrix is not None else {}
        nodes = [workflow.at(node, path[1:]) for node in self.matrix.get(path[0], ())]
        document = self.job.document
        found = [Source(text_of(document, node)) for node in nodes if node is not None]
        return found if path[0] in self.matrix else None

    def _needed(self, name: str) -> Sequence[Source | Verdict] | None:
        jobs = self.job.root.get("jobs")
        for key, node in jobs.named() if jobs is not None else ():
            if key.value.lower() == name:
                text = self.job.document.file.text[node.start : node.end]
                called = called_file(scalar(node, "uses"), self.repository)
                if _mints(text) or (called is not None and _mints(_read(called))):
                    return [Verdict(MINTED, Source(self.job.where))]
        return None


def _declared(job: GitHubJob, name: str) -> Iterator[Text]:
    """The default and the options of an input of the workflow itself."""
    for event in ("workflow_dispatch", "workflow_call"):
        about = job.events.get(event)
        inputs = about.get("inputs") if about is not None else None
        for key, node in inputs.named() if inputs is not None else ():
            if key.value.lower() != name:
                continue
            default, options = node.get("default"), node.get("options")
            if default is not None:
                yield text_of(job.document, default)
            for option in options.items() if options is not None else ():
                yield text_of(job.document, option)


def _inputs(document: yaml.Document, node: yaml.Node | None) -> Iterator[tuple[str, Text]]:
    for key, value in node.named() if node is not None else ():
        yield key.value.lower(), text_of(document, value)


def _output(
    steps: Sequence[GitHubStep], name: str, context: Context
) -> Sequence[Source | Verdict] | None:
    """What a step gives out under a name: a minted token, a stored secret that it fetches, what
    its script writes; None where that is not known."""
    for step in steps:
        uses = step.uses.value.lower() if step.uses is not None else ""
        if uses.startswith(known.SECRET_ACTIONS):
            what = f"a secret that {uses.partition('@')[0]} fetches"
            return [Verdict(STORED, Source(step.where), what)]
        script = step.script.value if step.script is not None else ""
        local = local_action(uses, context.repository)
        if _mints(script) or _mints(uses) or (local is not None and _mints(_read(local))):
            return [Verdict(MINTED, Source(step.where))]
        written = list(_written(step, name))
        if written:
            return written
        for command in known.SECRET_COMMANDS:
            if command in script:
                what = f"what `{command.strip()}` prints"
                return [Verdict(STORED, Source(step.where), what)]
    return None


def _written(step: GitHubStep, name: str) -> Iterator[Source]:
    """What a script writes to ``$GITHUB_OUTPUT`` under a name, variables of the step put in."""
    if step.script is None or "GITHUB_OUTPUT" not in step.script.value:
        return
    whole, own = Source(step.script), {it.name: Source(it.text) for it in step.variables}
    begin = 0
    for line in step.script.value.split("\n"):
        start = line.lower().find(f"{name}=") + len(name) + 1
        if "GITHUB_OUTPUT" in line and start > len(name):
            value = re.split(r"[\"'>]", line[start:], maxsplit=1)[0].rstrip()
            found = whole.part(begin + start, len(value))
            yield own.get(found.value.strip("${}"), found)
        begin += len(line) + 1


def _mints(text: str) -> bool:
    return known.mints(text) or any(name in text for name in known.MINT_ACTIONS)


def _read(file: File) -> str:
    try:
        return file.text
    except Unreadable:
        return ""
