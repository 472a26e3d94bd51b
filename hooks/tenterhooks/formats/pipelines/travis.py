"""Travis CI's builds: what their phases run, and what their deployments hand over.

Source: Travis CI documentation, "Job Lifecycle", "Deployment" and "Environment Variables".
"""

from __future__ import annotations

import re

from tenterhooks.formats import yaml
from tenterhooks.formats.pipeline import Job, Step, Text, Variable
from tenterhooks.formats.pipelines.nodes import STEP_COSTS, Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File
    from tenterhooks.formats.pipelines.nodes import Mapping

PATHS = r"(^|/)\.travis\.ya?ml$"
_PHASES = (
    *("before_install", "install", "before_script", "script", "before_cache"),
    *("after_success", "after_failure", "before_deploy", "deploy", "after_deploy", "after_script"),
)
_MATRICES = ("jobs", "matrix", "stages")
_GROUPS = ("global", "jobs", "matrix")
# What stands in a phase that is left out.
_NOTHING = ("skip", "ignore", "true", "false")
_ASSIGNMENT = re.compile(
    r"""(?<!\S)([A-Za-z_][A-Za-z0-9_]*)=((?:"[^"]*"|'[^']*'|[^\s"'])*)""",
)


def jobs(file: File) -> Iterator[Job]:
    """The build as its top level has it, then each job that it includes, with what the top
    level says where the job says nothing. Raises Unreadable: not YAML."""
    reader = Reader(yaml.load(file))
    for root in reader.document.roots:
        build = reader.mapping(root)
        if not build:
            continue
        variables = _variables(reader, reader.get(root, "env"))
        yield Job("travis", "build", reader.text(root), variables, _steps(reader, build))
        for included in _included(reader, build):
            own = reader.mapping(included)
            added = _variables(reader, reader.get(included, "env"))
            steps = _steps(reader, {**build, **own})
            where = reader.text(included)
            yield Job("travis", _name(reader, included), where, [*variables, *added], steps)


def _included(reader: Reader, build: Mapping) -> Iterator[yaml.Node]:
    for name in _MATRICES:
        for node in reader.items(build[name][1] if name in build else None):
            include = reader.get(node, "include")
            for item in [node] if include is None else reader.items(include):
                if reader.mapping(item) and reader.budget.spend(STEP_COSTS):
                    yield item


def _name(reader: Reader, node: yaml.Node) -> str:
    said = reader.get(node, "name") or reader.get(node, "stage")
    return (said.text() if said else None) or "included"


def _steps(reader: Reader, build: Mapping) -> list[Step]:
    steps: list[Step] = []
    for phase in _PHASES:
        node = build[phase][1] if phase in build else None
        if phase == "deploy":
            steps += _deployments(reader, node)
        else:
            steps += _commands(reader, node)
    return steps


def _commands(reader: Reader, node: yaml.Node | None) -> Iterator[Step]:
    if node is not None and (node.text() or "").lower() in _NOTHING:
        return
    for item in reader.scalars(node):
        if reader.budget.spend(STEP_COSTS):
            text = reader.text(item)
            yield Step(text, text)


def _deployments(reader: Reader, node: yaml.Node | None) -> Iterator[Step]:
    for item in reader.items(node):
        if not reader.budget.spend(STEP_COSTS):
            return
        provider = item if item.kind is yaml.SCALAR else reader.get(item, "provider")
        if provider is None or not provider.text() or provider.text() in _NOTHING:
            continue
        if provider.text() == "script":
            yield from _commands(reader, reader.get(item, "script"))
            continue
        uses = reader.text(provider)
        yield Step(uses, uses=uses, inputs={**_by_branch(reader, item), **reader.inputs(item)})


def _by_branch(reader: Reader, deployment: yaml.Node) -> dict[str, tuple[str, Text]]:
    """What is encrypted for each branch apart (``password: {main: {secure: ...}}``), the first
    for all of them."""
    found: dict[str, tuple[str, Text]] = {}
    for name, (_, value) in reader.mapping(deployment).items():
        for _, text in reader.values(value):
            if text.stored:
                found.setdefault(name.lower(), (name, text))
    return found


def _variables(reader: Reader, node: yaml.Node | None) -> list[Variable]:
    """What ``env`` sets: text, a list of texts and mappings, one mapping, or any of these below
    ``global``, ``jobs`` and ``matrix``; those of all lines of a matrix, one after another."""
    groups = [group for group in (reader.get(node, name) for name in _GROUPS) if group]
    found: list[Variable] = []
    for part in groups or (node,):
        for item in reader.items(part):
            is_text = item.kind is yaml.SCALAR
            found += (_assignments if is_text else _from_mapping)(reader, item)
    return found


def _from_mapping(reader: Reader, node: yaml.Node) -> Iterator[Variable]:
    secret = reader.value(node)
    if secret is not None:  # the name is encrypted as well
        yield Variable("", secret)
    for name, text in reader.values(node):
        if name != "secure":
            yield Variable(name, text)


def _assignments(reader: Reader, node: yaml.Node) -> Iterator[Variable]:
    """``A=b C="d e"`` as variables, each with its place where the line is written as read."""
    whole = reader.text(node)
    written = whole.file.text.find(whole.value, whole.start, whole.end)
    for match in _ASSIGNMENT.finditer(whole.value):
        value = match.group(2)
        start, end = whole.start, whole.end
        if written >= 0:
            start, end = written + match.start(2), written + match.end(2)
        text = Text(value.replace('"', "").replace("'", ""), whole.file, start, end)
        yield Variable(match.group(1), text)
