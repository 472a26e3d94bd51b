"""AppVeyor's builds.

Source: AppVeyor documentation, "appveyor.yml reference" and "Build configuration".
"""

from __future__ import annotations

from tenterhooks.formats import yaml
from tenterhooks.formats.pipeline import Job, Step
from tenterhooks.formats.pipelines.nodes import STEP_COSTS, Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File
    from tenterhooks.formats.pipeline import Variable
    from tenterhooks.formats.pipelines.nodes import Mapping

PATHS = r"(^|/)\.?appveyor\.ya?ml$"
_PHASES = (
    *("init", "install", "before_build", "build_script", "after_build", "before_package"),
    *("before_test", "test_script", "after_test", "before_deploy", "deploy", "deploy_script"),
    *("after_deploy", "on_success", "on_failure", "on_finish"),
)
_SHELLS = {"cmd": "cmd", "ps": "pwsh", "pwsh": "pwsh", "sh": "sh", "bash": "sh"}
_UNIX = ("ubuntu", "macos")


def jobs(file: File) -> Iterator[Job]:
    """The build as its top level has it, then what ``for`` makes of it for some branches or
    images. A file may also be a list of builds. Raises Unreadable: not YAML."""
    reader = Reader(yaml.load(file))
    for root in reader.document.roots:
        for item in reader.items(root):
            build = reader.mapping(item)
            if not build:
                continue
            variables = _variables(reader, reader.get(item, "environment"))
            yield Job("appveyor", "build", reader.text(item), variables, _steps(reader, build))
            for special in reader.items(reader.get(item, "for")):
                own = reader.mapping(special)
                added = _variables(reader, reader.get(special, "environment"))
                steps = _steps(reader, {**build, **own})
                where = reader.text(special)
                yield Job("appveyor", "for", where, [*variables, *added], steps)


def _variables(reader: Reader, node: yaml.Node | None) -> list[Variable]:
    """What ``environment`` sets, in all lines of its matrix one after another."""
    found = reader.variables(reader.get(node, "global"))
    found += reader.variables(node)
    return found + reader.variables(reader.get(node, "matrix"))


def _steps(reader: Reader, build: Mapping) -> list[Step]:
    images = [(node.text() or "").lower() for node in _at(reader, build, "image")]
    is_unix = bool(images) and all(image.startswith(_UNIX) for image in images)
    steps: list[Step] = []
    for phase in _PHASES:
        for item in _at(reader, build, phase):
            if not reader.budget.spend(STEP_COSTS):
                break
            if phase == "deploy":
                steps += _deployment(reader, item)
            else:
                steps += _commands(reader, item, "sh" if is_unix else "cmd")
    return steps


def _at(reader: Reader, build: Mapping, name: str) -> Iterator[yaml.Node]:
    return reader.items(build[name][1] if name in build else None)


def _commands(reader: Reader, item: yaml.Node, shell: str) -> Iterator[Step]:
    for node in reader.scalars(item):
        text = reader.text(node)
        yield Step(text, text, shell)
    for name, text in reader.values(item):
        if name in _SHELLS and text.value:
            yield Step(text, text, _SHELLS[name])


def _deployment(reader: Reader, item: yaml.Node) -> Iterator[Step]:
    provider = reader.get(item, "provider")
    if provider is not None and provider.text():
        uses = reader.text(provider)
        yield Step(uses, uses=uses, inputs=reader.inputs(item))
