"""Azure Pipelines: stages, jobs and steps, with the templates of the same repository.

Source: Microsoft's documentation of Azure Pipelines, "YAML schema reference".
"""

from __future__ import annotations

import re

from tenterhooks.formats import yaml
from tenterhooks.formats.pipeline import Job, Step
from tenterhooks.formats.pipelines.azure_templates import MAX_DEPTH, Templates, scalars, values
from tenterhooks.formats.pipelines.nodes import STEP_COSTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File, Repository
    from tenterhooks.formats.pipeline import Text
    from tenterhooks.formats.pipelines.azure_templates import Context, Placed, View

PATHS = (
    r"(^|/)(\.?azure[-_]pipelines?[^/]*|(\.?azure[-_]pipelines?|\.azuredevops|\.pipelines)/.+"
    r"|\.azure/.*pipelines?.*)\.ya?ml$"
)
_LISTS = ("stages", "jobs", "steps", "extends")
_STRATEGIES = ("runOnce", "rolling", "canary")
_HOOKS = ("preDeploy", "deploy", "routeTraffic", "postRouteTraffic", "on", "success", "failure")
_SHELLS = {"script": "", "bash": "sh", "pwsh": "pwsh", "powershell": "pwsh"}
# Tasks with commands among their inputs: the input's name, and the shell ("" is the machine's).
_TASKS = {
    "cmdline": ("script", ""),
    "bash": ("script", "sh"),
    "powershell": ("script", "pwsh"),
    "shellscript": ("script", "sh"),
    "azurecli": ("inlineScript", "sh"),
    "azurepowershell": ("Inline", "pwsh"),
    "pythonscript": ("script", "python"),
}
_TOPS = re.compile(
    r"\$\((?:Build\.SourcesDirectory|System\.DefaultWorkingDirectory)\)", re.IGNORECASE
)


def jobs(file: File, repository: Repository) -> Iterator[Job]:
    """The jobs of a pipeline or a template, with what it includes of ``repository``; steps that
    are in no job make up one. Raises Unreadable: not YAML."""
    document = yaml.load(file)
    pipeline = _Pipeline(repository)
    for root in document.roots:
        context = pipeline.context(document)
        pipeline.bind(root, {}, context)
        view, inside = pipeline.inside((root, context))
        loose: list[Step] = []
        yield from pipeline.jobs(view, loose)
        if loose:
            where = inside.reader.text(root)
            yield Job("azure", "steps", where, inside.variables, loose)


class _Pipeline(Templates):
    """One pipeline, with all that its templates make of it."""

    def jobs(self, view: View, loose: list[Step], depth: int = 0) -> Iterator[Job]:
        """The jobs in the lists of a pipeline or a stage; steps among them go to ``loose``."""
        for placed in values(view, *_LISTS):
            for item in self.entries(placed, _LISTS):
                inner = self.view(item)
                if "job" in inner or "deployment" in inner or "steps" in inner:
                    yield self._job(item)
                elif ("stage" in inner or "jobs" in inner) and depth < MAX_DEPTH:
                    yield from self.jobs(self.inside(item)[0], loose, depth + 1)
                else:
                    loose += self._step(inner, item[1])

    def _job(self, placed: Placed) -> Job:
        view, context = self.inside(placed)
        keys = [(key, name) for it in ("job", "deployment") for key, name in view.get(it, ())]
        where = context.reader.text(placed[0])
        name = ""
        if keys:
            where = self.text(keys[0][1])
            name = where.value
        lists = list(values(view, "steps"))
        for strategy in values(view, "strategy"):
            for kind in values(self.view(strategy), *_STRATEGIES):
                lists += self._of_hooks(kind)
        steps: list[Step] = []
        for part in lists:
            for item in self.entries(part, ("steps",)):
                steps += self._step(self.view(item), item[1])
        return Job("azure", name, where, context.variables, steps)

    def _of_hooks(self, strategy: Placed) -> Iterator[Placed]:
        """The lists of steps of a deployment's hooks; those of ``on`` are a level down."""
        waiting = [(strategy, 0)]
        while waiting:
            placed, depth = waiting.pop(0)
            view = self.view(placed)
            yield from values(view, "steps")
            waiting += [(it, depth + 1) for it in values(view, *_HOOKS) if depth < 2]

    def _step(self, view: View, context: Context) -> Iterator[Step]:
        variables = [it for value in values(view, "env") for it in self.pairs(value)]
        folder = next((self.text(it).value for it in values(view, "workingDirectory")), "")
        if not self.budget.spend(STEP_COSTS):
            return
        for kind, shell in _SHELLS.items():
            for placed in scalars(view, kind):
                text = self.text(placed)
                yield Step(text, text, shell or context.shell, _folder(folder), variables)
        for placed in scalars(view, "task"):
            uses = self.text(placed)
            given = [it for value in values(view, "inputs") for it in self.pairs(value)]
            inputs = {it.name.lower(): (it.name, it.text) for it in given}
            script, shell = _commands(uses.value, inputs, context.shell)
            if "workingdirectory" in inputs:
                folder = inputs["workingdirectory"][1].value
            yield Step(uses, script, shell, _folder(folder), variables, uses, inputs)


def _commands(
    task: str, inputs: dict[str, tuple[str, Text]], shell: str
) -> tuple[Text | None, str]:
    """The commands that a task runs, if it does, and in which shell."""
    name, own = _TASKS.get(task.partition("@")[0].lower(), ("", ""))
    kind = inputs["scripttype"][1].value if "scripttype" in inputs else ""
    if kind.startswith(("ps", "batch")):
        own = "pwsh" if kind.startswith("ps") else "cmd"
    script = inputs[name.lower()][1] if name.lower() in inputs else None
    return script, own or shell


def _folder(folder: str) -> str:
    """A working directory below the top of the repository; "" where it may be anywhere."""
    folder = _TOPS.sub("", folder.replace("\\", "/")).strip("/").removeprefix("./")
    return "" if folder.startswith(("$", "..", "~")) or folder == "." else folder
