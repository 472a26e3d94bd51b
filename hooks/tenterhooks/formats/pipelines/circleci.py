"""CircleCI's pipelines: jobs and the commands, parameters and executors that they are made of.

Source: CircleCI documentation, "Configuration reference" and "Reusing configuration". What is
in an orb that is not written in the file itself is not known here.
"""

from __future__ import annotations

import posixpath
import re

from tenterhooks.formats import yaml
from tenterhooks.formats.pipeline import Job, Step
from tenterhooks.formats.pipelines.nodes import STEP_COSTS, Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File
    from tenterhooks.formats.pipeline import Text, Variable
    from tenterhooks.formats.pipelines.nodes import Mapping

PATHS = r"(^|/)\.circleci/.+\.ya?ml$"
_MAX_DEPTH = 20
_MAX_VARIANTS = 20
_PARAMETER = re.compile(r"(?<!\\)<<[ \t]*parameters\.([A-Za-z0-9_-]+)[ \t]*>>")
_SHELLS = {"bash": "sh", "zsh": "sh", "dash": "sh", "ash": "sh", "powershell": "pwsh"}


class _Scope:
    """What parameters stand for where steps are written.

    orb: the orb in whose definition that is, with a slash; "" for the file itself.
    values: those that are scalars. nodes: the others, each with the scope that it is written in.
    """

    __slots__ = ("nodes", "orb", "values")

    def __init__(self, orb: str = "") -> None:
        self.orb = orb
        self.values: dict[str, str] = {}
        self.nodes: dict[str, tuple[yaml.Node, _Scope]] = {}


def jobs(file: File) -> Iterator[Job]:
    """The jobs, used or not, once for all parameters from workflows that make no difference
    here; and the jobs of orbs that workflows name. Raises Unreadable: not YAML."""
    reader = Reader(yaml.load(file))
    for root in reader.document.roots:
        yield from _Config(reader, root).jobs()


class _Config:
    """One document. commands, executors, jobs: what it defines, by name, those of an orb that
    is written in it with the orb's name before."""

    def __init__(self, reader: Reader, root: yaml.Node) -> None:
        self.reader = reader
        self.root = root
        self.commands: Mapping = {}
        self.executors: Mapping = {}
        self.defined: Mapping = {}
        self._collect("", root)
        for name, (_, orb) in reader.mapping(reader.get(root, "orbs")).items():
            self._collect(name + "/", orb)

    def _collect(self, orb: str, node: yaml.Node) -> None:
        kinds = {"commands": self.commands, "executors": self.executors, "jobs": self.defined}
        for kind, found in kinds.items():
            for name, pair in self.reader.mapping(self.reader.get(node, kind)).items():
                found[orb + name] = pair

    def jobs(self) -> Iterator[Job]:
        uses: dict[str, list[Mapping]] = {}
        for key, given in self._invocations():
            if key.value in self.defined:
                uses.setdefault(key.value, []).extend(self._variants(given))
            elif "/" in key.value and self.reader.budget.spend(STEP_COSTS):
                yield self._of_orb(key, given)
        for name, (key, node) in self.defined.items():
            seen: set[object] = set()
            for given in uses.get(name, [{}]):
                if self.reader.budget.spend(STEP_COSTS):
                    job = self._job(name, key, node, given)
                    said = _said(job)
                    if said not in seen:
                        seen.add(said)
                        yield job

    def _invocations(self) -> Iterator[tuple[yaml.Node, Mapping]]:
        """The names of jobs in workflows, each with what it is given."""
        workflows = self.reader.mapping(self.reader.get(self.root, "workflows"))
        for _, workflow in workflows.values():
            for item in self.reader.items(self.reader.get(workflow, "jobs")):
                if item.kind is yaml.SCALAR:
                    yield item, {}
                for key, given in self.reader.mapping(item).values():
                    yield key, self.reader.mapping(given)

    def _variants(self, given: Mapping) -> list[Mapping]:
        """What is given as it is, or for a matrix so often that each of its values comes up."""
        matrix = self.reader.get(given["matrix"][1], "parameters") if "matrix" in given else None
        rows = {
            name: (key, list(self.reader.items(values)))
            for name, (key, values) in self.reader.mapping(matrix).items()
        }
        longest = max((len(values) for _, values in rows.values()), default=1)
        found = []
        for index in range(max(1, min(longest, _MAX_VARIANTS))):
            cell = {
                name: (key, values[min(index, len(values) - 1)])
                for name, (key, values) in rows.items()
                if values
            }
            found.append({**given, **cell})
        return found

    def _bind(self, name: str, node: yaml.Node, given: Mapping, outer: _Scope) -> _Scope:
        """The scope inside of ``node``, a command, a job or an executor with parameters."""
        orb, slash, _ = name.rpartition("/")
        scope = _Scope(orb + slash)
        for parameter, (_, declared) in self._get_mapping(node, "parameters").items():
            value, where = self.reader.get(declared, "default"), scope
            if parameter in given:
                value, where = given[parameter][1], outer
            if value is None or not self.reader.budget.spend():
                continue
            text = value.text()
            if text is None:
                scope.nodes[parameter] = (value, where)
            elif _whole(text) in where.nodes:
                scope.nodes[parameter] = where.nodes[_whole(text)]
            else:
                scope.values[parameter] = self._fill(text, where)
        return scope

    def _fill(self, text: str, scope: _Scope) -> str:
        """``<< parameters.x >>`` replaced where its value is known, and ``\\<<``, as here-documents
        have it, by what it stands for."""
        if "<<" not in text:
            return text

        def value(match: re.Match[str]) -> str:
            known = scope.values.get(match.group(1))
            if known is None or not self.reader.budget.spend(len(known)):
                return match.group()
            return known

        return _PARAMETER.sub(value, text).replace("\\<<", "<<")

    def _text(self, node: yaml.Node, scope: _Scope) -> Text:
        text = self.reader.text(node)
        text.value = self._fill(text.value, scope)
        return text

    def _variables(self, node: yaml.Node | None, scope: _Scope) -> list[Variable]:
        found = self.reader.variables(node)
        for variable in found:
            variable.text.value = self._fill(variable.text.value, scope)
        return found

    def _get_mapping(self, node: yaml.Node, name: str) -> Mapping:
        return self.reader.mapping(self.reader.get(node, name))

    def _job(self, name: str, key: yaml.Node, node: yaml.Node, given: Mapping) -> Job:
        scope = self._bind(name, node, given, _Scope())
        variables = self._of_executor(node, scope) + self._environment(node, scope)
        steps = list(self._steps(self.reader.get(node, "steps"), scope))
        where = self.reader.text(key)
        return Job("circleci", name, where, variables, self._around(steps, given))

    def _of_orb(self, key: yaml.Node, given: Mapping) -> Job:
        uses = self.reader.text(key)
        steps = [Step(uses, uses=uses, inputs=self._inputs(given, _Scope()))]
        return Job("circleci", key.value, uses, (), self._around(steps, given))

    def _around(self, steps: list[Step], given: Mapping) -> list[Step]:
        """The steps of a job between those that a workflow adds to them."""
        around = [given[name][1] if name in given else None for name in ("pre-steps", "post-steps")]
        before, after = (list(self._steps(node, _Scope())) for node in around)
        return before + steps + after

    def _environment(self, node: yaml.Node, scope: _Scope) -> list[Variable]:
        """What a job or an executor sets: for its first image, which runs the steps, and then
        for all that it runs."""
        first = next(self.reader.items(self.reader.get(node, "docker")), None)
        found = self._variables(self.reader.get(first, "environment"), scope)
        return found + self._variables(self.reader.get(node, "environment"), scope)

    def _of_executor(self, job: yaml.Node, scope: _Scope) -> list[Variable]:
        node = self.reader.get(job, "executor")
        given = self.reader.mapping(node)
        said = given["name"][1] if "name" in given else node
        name = self._fill(said.text() or "", scope) if said is not None else ""
        name = scope.orb + name if scope.orb + name in self.executors else name
        if name not in self.executors:
            return []
        executor = self.executors[name][1]
        return self._environment(executor, self._bind(name, executor, given, scope))

    def _steps(self, node: yaml.Node | None, scope: _Scope, depth: int = 0) -> Iterator[Step]:
        for item in self.reader.items(node) if depth < _MAX_DEPTH else ():
            text = item.text()
            if text is None:
                for name, (key, value) in self.reader.mapping(item).items():
                    yield from self._step(name, key, value, scope, depth + 1)
            elif _whole(text) in scope.nodes:
                yield from self._steps(*scope.nodes[_whole(text)], depth + 1)
            else:
                yield from self._step(text, item, None, scope, depth + 1)

    def _step(
        self, name: str, key: yaml.Node, value: yaml.Node | None, scope: _Scope, depth: int
    ) -> Iterator[Step]:
        """What one name in a list of steps stands for."""
        own = scope.orb + name if scope.orb + name in self.commands else name
        if not self.reader.budget.spend(STEP_COSTS):
            return
        if name in ("run", "deploy"):
            yield from self._run(value, scope)
        elif name in ("when", "unless"):
            yield from self._steps(self.reader.get(value, "steps"), scope, depth)
        elif name == "steps":
            yield from self._steps(value, scope, depth)
        elif own in self.commands:
            command = self.commands[own][1]
            inner = self._bind(own, command, self.reader.mapping(value), scope)
            yield from self._steps(self.reader.get(command, "steps"), inner, depth)
        elif "/" in name:
            uses = self.reader.text(key)
            inputs = self._inputs(self.reader.mapping(value), scope)
            yield Step(uses, uses=uses, inputs=inputs)

    def _inputs(self, given: Mapping, scope: _Scope) -> dict[str, tuple[str, Text]]:
        return {
            name.lower(): (name, self._text(value, scope))
            for name, (_, value) in given.items()
            if value.kind is yaml.SCALAR
        }

    def _run(self, value: yaml.Node | None, scope: _Scope) -> Iterator[Step]:
        command = self.reader.get(value, "command") or value
        if command is None or command.kind is not yaml.SCALAR or command.is_null:
            return
        script = self._text(command, scope)
        shell, folder = (self.reader.get(value, it) for it in ("shell", "working_directory"))
        variables = self._variables(self.reader.get(value, "environment"), scope)
        named = _shell(self._fill(shell.text() or "", scope) if shell else "")
        inside = _folder(self._fill(folder.text() or "", scope) if folder else "")
        yield Step(script, script, named, inside, variables)


def _said(job: Job) -> object:
    """All that a job says, to be compared with another of the same place."""
    parts: list[str | None] = [variable.text.value for variable in job.variables]
    for step in job.steps:
        texts = [step.script, step.uses, *(variable.text for variable in step.variables)]
        texts += [text for _, text in step.inputs.values()]
        parts += [text.value if text else None for text in texts]
        parts += [step.shell, step.folder]
    return tuple(parts)


def _whole(text: str) -> str:
    """The parameter that is all of a text, or ""."""
    match = _PARAMETER.fullmatch(text) if text.startswith("<<") else None
    return match.group(1) if match else ""


def _shell(command: str) -> str:
    """``sh``, ``pwsh``, ``cmd`` or another interpreter, of ``/bin/bash -eo pipefail``."""
    word = next(iter(command.split()), "sh").replace("\\", "/").rpartition("/")[2]
    name = word.lower().removesuffix(".exe")
    return _SHELLS.get(name, name)


def _folder(folder: str) -> str:
    """A working directory below the top of the repository, which is ``~/project``; "" where it
    may be anywhere."""
    folder = posixpath.normpath(folder.removeprefix("~/project").strip("/") or ".")
    return "" if folder == "." or folder.startswith(("~", "$", "<", "..")) else folder
