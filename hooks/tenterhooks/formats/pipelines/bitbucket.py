"""Bitbucket's pipelines.

Source: Bitbucket Cloud documentation, "Bitbucket Pipelines configuration reference".
"""

from __future__ import annotations

from tenterhooks.formats import yaml
from tenterhooks.formats.pipeline import Job, Step, Variable
from tenterhooks.formats.pipelines.nodes import STEP_COSTS, Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tenterhooks.core.files import File

PATHS = r"(^|/)bitbucket-pipelines\.ya?ml$"
_TRIGGERS = ("branches", "tags", "bookmarks", "pull-requests", "custom")


def jobs(file: File) -> Iterator[Job]:
    """Each step as a job of its own, as each has a machine of its own; once, whatever number of
    pipelines it is part of. Raises Unreadable: not YAML."""
    reader = Reader(yaml.load(file))
    seen: set[int] = set()
    for root in reader.document.roots:
        for name, pipeline in _pipelines(reader, reader.get(root, "pipelines")):
            variables = _declared(reader, pipeline)
            for step in _steps(reader, pipeline, seen):
                yield _job(reader, name, step, variables)


def _pipelines(reader: Reader, node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    """What starts a pipeline, and its list."""
    for trigger, (_, value) in reader.mapping(node).items():
        if trigger in _TRIGGERS:
            for name, (_, pipeline) in reader.mapping(value).items():
                yield f"{trigger} {name}", pipeline
        else:
            yield trigger, value


def _declared(reader: Reader, pipeline: yaml.Node) -> list[Variable]:
    """What ``variables`` of a custom pipeline asks for, where it has a default."""
    found = []
    for item in reader.items(pipeline):
        for variable in reader.items(reader.get(item, "variables")):
            name, default = (
                reader.get(variable, "name"),
                reader.value(reader.get(variable, "default")),
            )
            if name is not None and default is not None:
                found.append(Variable(name.text() or "", default))
    return found


def _steps(reader: Reader, pipeline: yaml.Node, seen: set[int]) -> Iterator[yaml.Node]:
    """The steps of a list, those that run side by side or make up a stage among them, which are
    not in ``seen`` yet."""
    waiting = [pipeline]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if node.kind is yaml.SEQUENCE:
            waiting += reversed(node.value)
            continue
        step = reader.get(node, "step")
        if step is not None and id(step) not in seen:
            seen.add(id(step))
            yield step
        inner = [reader.get(node, name) for name in ("steps", "stage", "parallel")]
        waiting += [part for part in inner if part is not None]


def _job(reader: Reader, name: str, node: yaml.Node, variables: Sequence[Variable]) -> Job:
    said = reader.value(reader.get(node, "name"))
    machine = [label.value for label in reader.scalars(reader.get(node, "runs-on"))]
    shell = "pwsh" if "windows" in machine else "sh"
    steps = []
    for phase in ("script", "after-script"):
        for item in reader.items(reader.get(node, phase)):
            step = _command(reader, item, shell)
            if step is not None and reader.budget.spend(STEP_COSTS):
                steps.append(step)
    where = said or reader.text(node)
    return Job("bitbucket", said.value if said else name, where, variables, steps)


def _command(reader: Reader, item: yaml.Node, shell: str) -> Step | None:
    if item.kind is yaml.SCALAR:
        text = reader.text(item)
        return Step(text, text, shell) if text.value else None
    pipe = reader.get(item, "pipe")
    if pipe is None or pipe.kind is not yaml.SCALAR:
        return None
    uses = reader.text(pipe)
    return Step(uses, uses=uses, inputs=reader.inputs(reader.get(item, "variables")))
