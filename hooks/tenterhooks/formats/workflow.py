"""GitHub's workflows and action definitions: jobs, steps, and what they run.

Sources: GitHub documentation, "Workflow syntax for GitHub Actions" and "Metadata syntax for
GitHub Actions".
"""

from __future__ import annotations

import re

from tenterhooks.core.files import Unreadable
from tenterhooks.formats import yaml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File
    from tenterhooks.formats import expression

_IMAGE_LIKE = re.compile(r"[:/]")
_HAS_JOBS = re.compile(r"^[\"']?jobs[\"']?[ \t]*:", re.MULTILINE)
PATHS = r"(^|/)(\.github/workflows/[^/]+|workflow-templates/[^/]+|action)\.ya?ml$"


class Uses:
    """One ``uses:``. node: its value. level: ``step`` or ``job`` (a reusable workflow).
    owner: the whole step or job."""

    __slots__ = ("level", "node", "owner")

    def __init__(self, node: yaml.Node, level: str, owner: yaml.Node) -> None:
        self.node = node
        self.level = level
        self.owner = owner


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
                    yield Uses(node, level, owner)

    def images(self) -> Iterator[Image]:
        """Images of ``container``, ``services`` and ``runs.image``. What an expression says is
        taken where it is a literal, or a literal of the job's own matrix."""
        seen: set[int] = set()
        matrices = _Matrices()
        for job in self.jobs():
            nodes = [(job.get("container"), "the container of a job")]
            services = job.get("services")
            if services is not None and id(services) not in seen:
                seen.add(id(services))
                nodes += [(node, f"the service {key.value}") for key, node in services.pairs()]
            for holder, what in nodes:
                node = holder.get("image") or holder if holder else None
                if node is not None and node.kind is yaml.SCALAR and id(node) not in seen:
                    seen.add(id(node))
                    yield from _images(job, node, what, matrices)
        for runs in self._runs():
            node = runs.get("image")
            if node is not None and (node.text() or "").startswith("docker://"):
                yield Image(node, (node.text() or "")[len("docker://") :], "a container action")

    def _runs(self) -> Iterator[yaml.Node]:
        for root in self.document.roots:
            runs = root.get("runs")
            if runs is not None:
                yield runs


def is_run(file: File) -> bool:
    """Whether GitHub would ever run this file: it reads ``.github/workflows`` and
    ``workflow-templates`` at the top of a repository, and of the latter (which is also what
    other tools call their folders) what has jobs. Action definitions count wherever they are."""
    if file.path.startswith(".github/workflows/"):
        return True
    if "/.github/workflows/" in file.path or "/workflow-templates/" in file.path:
        return False
    if file.path.startswith("workflow-templates/"):
        return _HAS_JOBS.search(file.text) is not None
    return True


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


def _images(job: yaml.Node, node: yaml.Node, what: str, matrices: _Matrices) -> Iterator[Image]:
    text = node.text() or ""
    if "${{" not in text:
        yield Image(node, text.strip(), what)
        return
    from tenterhooks.formats import expression

    inner = expression.whole(text)
    for value in expression.values(inner) if inner is not None else ():
        if value.literal is not None:
            yield Image(node, value.literal.strip(), what)
        elif value.path[0] == "matrix":
            for found in matrices.scalars(job, value):
                literal = found.text() or ""
                # A condition may let only some of the matrix through (`startsWith(matrix.db,
                # 'postgres') && matrix.db`): what it drops is hardly written like an image.
                doubtful = value.conditional and not _IMAGE_LIKE.search(literal)
                if "${{" not in literal and not doubtful:
                    yield Image(found, literal.strip(), what)


class _Matrices:
    """What is written out in the matrices of jobs; each looked through once, as one large matrix
    may stand in thousands of jobs by an alias."""

    def __init__(self) -> None:
        self._choices: dict[int, dict[str, list[yaml.Node]]] = {}
        self._told: set[tuple[int, tuple[str, ...], bool]] = set()

    def scalars(self, job: yaml.Node, value: expression.Value) -> list[yaml.Node]:
        """The scalars that ``matrix.<path>`` can be in ``job``; none where they were given out
        before."""
        path = value.path[1:]
        strategy = job.get("strategy")
        matrix = strategy.get("matrix") if strategy else None
        if matrix is None or not path:
            return []
        what = (id(matrix), path, value.conditional)
        if what in self._told:
            return []
        self._told.add(what)
        if id(matrix) not in self._choices:
            self._choices[id(matrix)] = choices(matrix)
        rows = self._choices[id(matrix)].get(path[0], [])
        found = [at(row, path[1:]) for row in rows]
        return [node for node in found if node and node.kind is yaml.SCALAR]


def choices(matrix: yaml.Node) -> dict[str, list[yaml.Node]]:
    """The values of each variable of a matrix, its name in lower case."""
    found: dict[str, list[yaml.Node]] = {}
    for key, row in matrix.pairs():
        found.setdefault(_name(key), []).extend(row.items())
    include = matrix.get("include")
    for item in include.items() if include else ():
        for key, value in item.pairs():
            found.setdefault(_name(key), []).append(value)
    return found


def at(node: yaml.Node | None, path: tuple[str, ...]) -> yaml.Node | None:
    """What stands at a path of lower-case keys below a value of a matrix."""
    for part in path:
        node = next((value for key, value in _pairs(node) if _name(key) == part), None)
    return node


def _name(key: yaml.Node) -> str:
    return (key.text() or "").lower()
