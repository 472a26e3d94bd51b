"""GitHub's workflows and action definitions: jobs, steps, and what they run.

Sources: GitHub documentation, "Workflow syntax for GitHub Actions" and "Metadata syntax for
GitHub Actions".
"""

from __future__ import annotations

from tenterhooks.core.files import Unreadable
from tenterhooks.formats import expression, yaml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File

PATHS = r"(^|/)(\.github/workflows/[^/]+|workflow-templates/[^/]+|action)\.ya?ml$"


class Uses:
    """One ``uses:``. node: its value. level: ``step`` or ``job`` (a reusable workflow)."""

    __slots__ = ("level", "node")

    def __init__(self, node: yaml.Node, level: str) -> None:
        self.node = node
        self.level = level


class Image:
    """One container image that a job or a container action runs in.

    node: where the text stands. text: the image, literal. what: for messages.
    """

    __slots__ = ("node", "text", "what")

    def __init__(self, node: yaml.Node, text: str, what: str) -> None:
        self.node = node
        self.text = text
        self.what = what


class Workflow:
    """A workflow (``jobs``) or an action definition (``runs``) with the nodes of its parts."""

    def __init__(self, document: yaml.Document) -> None:
        self.document = document

    @property
    def file(self) -> File:
        return self.document.file

    @property
    def is_workflow(self) -> bool:
        """Whether it has jobs; an action definition has none."""
        return any(root.get("jobs") is not None for root in self.document.roots)

    def jobs(self) -> Iterator[yaml.Node]:
        """The job mappings, each once, whatever aliases stand for it."""
        seen: set[int] = set()
        for root in self.document.roots:
            for _, job in _pairs(root.get("jobs")):
                if id(job) not in seen:
                    seen.add(id(job))
                    yield job

    def steps(self) -> Iterator[yaml.Node]:
        """All steps of jobs and of composite actions, those inside ``parallel`` included, each
        once, whatever aliases stand for it."""
        lists = [job.get("steps") for job in self.jobs()]
        lists += [runs.get("steps") for runs in self._runs()]
        seen: set[int] = set()
        waiting = [node for node in reversed(lists) if node is not None]
        while waiting:
            node = waiting.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            if node.kind is yaml.SEQUENCE:
                waiting += reversed(node.value)
            elif node.kind is yaml.MAPPING:
                yield node
                inner = node.get("parallel")
                if inner is not None:
                    waiting.append(inner)

    def uses(self) -> Iterator[Uses]:
        """Every ``uses`` of a job or a step, in the order of jobs and then steps."""
        seen: set[int] = set()
        owners = [(job, "job") for job in self.jobs()]
        owners += [(step, "step") for step in self.steps()]
        for owner, level in owners:
            for key, node in owner.pairs():
                if key.value == "uses" and id(node) not in seen:
                    seen.add(id(node))
                    yield Uses(node, level)

    def images(self) -> Iterator[Image]:
        """Images of ``container``, ``services`` and ``runs.image``. What an expression says is
        taken where it is a literal, or a literal of the job's own matrix."""
        seen: set[int] = set()
        for job in self.jobs():
            nodes = [(job.get("container"), "the container of a job")]
            services = _pairs(job.get("services"))
            nodes += [(node, f"the service {key.value}") for key, node in services]
            for holder, what in nodes:
                node = holder.get("image") or holder if holder else None
                if node is not None and node.kind is yaml.SCALAR and id(node) not in seen:
                    seen.add(id(node))
                    yield from _images(job, node, what)
        for runs in self._runs():
            node = runs.get("image")
            if node is not None and (node.text() or "").startswith("docker://"):
                yield Image(node, (node.text() or "")[len("docker://") :], "a container action")

    def _runs(self) -> Iterator[yaml.Node]:
        for root in self.document.roots:
            runs = root.get("runs")
            if runs is not None:
                yield runs


def load(file: File) -> Workflow:
    """Read a workflow or an action definition.

    Raises Unreadable: not YAML, or nothing that GitHub could load.
    """
    return file.once(_load)


def _load(file: File) -> Workflow:
    document = yaml.load(file)
    if not document.roots or document.roots[0].is_null:
        raise Unreadable("is empty: GitHub cannot load it", rule="invalid-file")
    for root in document.roots:
        if root.kind is not yaml.MAPPING:
            line, column = document.place(root)
            raise Unreadable(
                "is not a mapping: GitHub cannot load it", line, column, "invalid-file"
            )
    return Workflow(document)


def _pairs(node: yaml.Node | None) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    return node.pairs() if node is not None else iter(())


def _images(job: yaml.Node, node: yaml.Node, what: str) -> Iterator[Image]:
    text = node.text() or ""
    if "${{" not in text:
        yield Image(node, text.strip(), what)
        return
    inner = expression.whole(text)
    for value in expression.values(inner) if inner is not None else ():
        if value.literal is not None:
            yield Image(node, value.literal.strip(), what)
        elif value.path[0] == "matrix":
            for found in _matrix(job, value.path[1:]):
                literal = found.text() or ""
                if "${{" not in literal:
                    yield Image(found, literal.strip(), what)


def _matrix(job: yaml.Node, path: tuple[str, ...]) -> Iterator[yaml.Node]:
    """The scalars that ``matrix.<path>`` can be, as far as the matrix is written out."""
    strategy = job.get("strategy")
    matrix = strategy.get("matrix") if strategy else None
    if matrix is None or not path:
        return
    rows = [value for key, value in matrix.pairs() if str(key.value).lower() == path[0]]
    choices = [item for row in rows for item in row.items()]
    include = matrix.get("include")
    for item in include.items() if include else ():
        choices += [value for key, value in item.pairs() if str(key.value).lower() == path[0]]
    for choice in choices:
        found: yaml.Node | None = choice
        for part in path[1:]:
            inner = [v for k, v in _pairs(found) if str(k.value).lower() == part]
            found = inner[0] if inner else None
        if found is not None and found.kind is yaml.SCALAR:
            yield found
