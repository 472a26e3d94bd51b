"""What templates, parameters and conditions make of an Azure pipeline's YAML.

Conditions (``${{ if ... }}``) are not evaluated: what stands below each of them counts. Source:
Microsoft's documentation of Azure Pipelines, "Template usage reference" and "Template
expressions".
"""

from __future__ import annotations

import posixpath
import re

from tenterhooks.core.files import Unreadable
from tenterhooks.core.git import GitError
from tenterhooks.formats import yaml
from tenterhooks.formats.pipeline import Variable
from tenterhooks.formats.pipelines.nodes import Budget, Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File, Repository
    from tenterhooks.formats.pipeline import Text

    # A node, and what holds where it stands.
    Placed = tuple[yaml.Node, "Context"]
    # Name -> every value that a mapping has for it under some condition, with its key.
    View = dict[str, list[tuple[yaml.Node, Placed]]]

MAX_DEPTH = 30
_MAX_TEMPLATES = 500
_PARAMETER = re.compile(
    r"\$\{\{[ \t]*parameters(?:\.([A-Za-z0-9_-]+)|\['([A-Za-z0-9_-]+)'\])[ \t]*\}\}"
)
_WHOLE = re.compile(r"\$\{\{[ \t]*([A-Za-z0-9_.-]+)[ \t]*\}\}")
_EACH = re.compile(
    r"\$\{\{[ \t]*each[ \t]+([A-Za-z0-9_-]+)[ \t]+in[ \t]+([A-Za-z0-9_.-]+)[ \t]*\}\}"
)


class Context:
    """What holds where a node stands.

    reader: of its file. values, nodes: what expressions stand for, scalars and others; of
    those, where they are written. variables: of the pipeline, the stage, the job so far.
    shell: what ``script`` runs in.
    """

    __slots__ = ("nodes", "reader", "shell", "values", "variables")

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.values: dict[str, str] = {}
        self.nodes: dict[str, Placed] = {}
        self.variables: tuple[Variable, ...] = ()
        self.shell = "sh"

    def copy(self) -> Context:
        other = Context(self.reader)
        other.values, other.nodes = self.values, self.nodes
        other.variables, other.shell = self.variables, self.shell
        return other


class Templates:
    """The files of one pipeline: their readers, and how much of them there may be."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.budget = Budget()
        self.readers: dict[int, Reader] = {}
        self.templates = 0

    def context(self, document: yaml.Document) -> Context:
        reader = self.readers.setdefault(id(document), Reader(document, self.budget))
        return Context(reader)

    def bind(self, root: yaml.Node, given: View, context: Context) -> None:
        """Let ``context`` know the parameters of ``root``: what is given, else the default."""
        bound: dict[str, Placed] = {}
        for item in context.reader.items(context.reader.get(root, "parameters")):
            declared = context.reader.mapping(item)
            name = declared["name"][1].text() if "name" in declared else None
            if name is None:  # the older form
                bound.update({key: (value, context) for key, (_, value) in declared.items()})
            elif "default" in declared:
                bound[name] = (declared["default"][1], context)
        bound.update({name: every[0][1] for name, every in given.items()})
        for name, placed in bound.items():
            node, where = self._resolved(placed)
            if node.kind is yaml.SCALAR:
                context.values[name] = self.text((node, where)).value
            else:
                context.nodes[f"parameters.{name}"] = (node, where)

    def inside(self, placed: Placed) -> tuple[View, Context]:
        """What a mapping says, and what holds in it by its own ``variables`` and ``pool``."""
        node, context = placed[0], placed[1].copy()
        view = self.view((node, context))
        if "variables" in view or "pool" in view:
            found = [it for value in values(view, "variables") for it in self._variables(value)]
            if found and self.budget.spend(len(context.variables) + len(found)):
                context.variables = (*context.variables, *found)
            pools = [self.view(pool) for pool in values(view, "pool")]
            images = [self.text(it).value for pool in pools for it in values(pool, "vmImage")]
            if images:
                windows = [image.lower().startswith(("win", "vs20")) for image in images]
                context.shell = "cmd" if all(windows) else "sh"
            view = self.view((node, context))
        return view, context

    def _variables(self, placed: Placed) -> Iterator[Variable]:
        """What ``variables`` sets: a mapping, or a list of names with values, of groups (whose
        names are not in the file) and of templates."""
        if placed[0].kind is yaml.MAPPING:
            yield from self.pairs(placed)
            return
        for item in self.entries(placed, ("variables",)):
            view = self.view(item)
            if "name" not in view and "group" not in view:
                yield from self.pairs(item)
            names = [self.text(it).value for it in values(view, "name")]
            for value in values(view, "value") if names else ():
                yield Variable(names[0], self.text(value))
            for group in values(view, "group"):
                text = self.text(group)
                text.stored = "a variable group"
                yield Variable("", text)

    def pairs(self, placed: Placed) -> Iterator[Variable]:
        for name, every in self.view(placed).items():
            for _, value in every:
                if value[0].kind is yaml.SCALAR:
                    yield Variable(name, self.text(value))

    def text(self, placed: Placed) -> Text:
        """A scalar, with ``${{ parameters.x }}`` replaced where its value is known."""
        node, context = placed
        text = context.reader.text(node)

        def value(match: re.Match[str]) -> str:
            known = context.values.get(match.group(1) or match.group(2))
            return match.group() if known is None or not self.budget.spend(len(known)) else known

        if "${{" in text.value and context.values:
            text.value = _PARAMETER.sub(value, text.value)
        return text

    def _resolved(self, placed: Placed) -> Placed:
        """What an expression stands for that is all of a scalar, where that is no scalar."""
        node, context = placed
        text = node.text() or ""
        match = _WHOLE.fullmatch(text) if context.nodes and text.startswith("${{") else None
        return context.nodes.get(match.group(1), placed) if match else placed

    def view(self, placed: Placed) -> View:
        """A mapping, with what stands below ``${{ if ... }}`` and its like as if it did not."""
        found: View = {}
        seen: set[int] = set()
        waiting = [placed]
        while waiting and self.budget.spend():
            node, context = self._resolved(waiting.pop())
            if id(node) in seen:
                continue
            seen.add(id(node))
            inner: list[Placed] = []
            for name, (key, value) in context.reader.mapping(node).items():
                if name.startswith("${{"):
                    inner.append((value, self._looped(name, context)))
                else:
                    found.setdefault(name, []).append((key, (value, context)))
            waiting += reversed(inner)
        return found

    def _looped(self, key: str, context: Context) -> Context:
        """Below ``${{ each x in parameters.y }}``, ``x`` is all of ``y`` at once."""
        match = _EACH.fullmatch(key)
        if not match or match.group(2) not in context.nodes:
            return context
        inner = context.copy()
        inner.nodes = {**context.nodes, match.group(1): context.nodes[match.group(2)]}
        return inner if self.budget.spend(len(inner.nodes)) else context

    def entries(self, placed: Placed, lists: tuple[str, ...], depth: int = 0) -> Iterator[Placed]:
        """The items of a list, with those of conditions, loops, parameters and templates;
        ``lists`` are what of a template is meant."""
        node, context = self._resolved(placed)
        for item in context.reader.items(node) if depth < MAX_DEPTH else ():
            parts = context.reader.mapping(item)
            inner: list[Placed] = []
            if item.kind is yaml.SCALAR:
                inner = [it for it in [self._resolved((item, context))] if it[0] is not item]
            elif "template" in parts:
                inner = self._template((item, context), lists)
            elif all(name.startswith("${{") for name in parts):
                inner = [(value, self._looped(name, context)) for name, (_, value) in parts.items()]
            else:
                yield item, context
            for it in inner:
                yield from self.entries(it, lists, depth + 1)

    def _template(self, placed: Placed, lists: tuple[str, ...]) -> list[Placed]:
        """The lists of a template; where that is not in this repository, the lists that it is
        given."""
        context = placed[1]
        view = self.view(placed)
        given: View = {}
        for parameters in values(view, "parameters"):
            given.update(self.view(parameters))
        path = self.text(next(values(view, "template"))).value
        document = self._included(path, context.reader.document.file)
        root = document.root if document else None
        if document is None or root is None:
            every = [self._resolved(it) for it in values(given, *given)]
            return [it for it in every if it[0].kind is yaml.SEQUENCE]
        inner = self.context(document)
        inner.variables, inner.shell = context.variables, context.shell
        self.bind(root, given, inner)
        if "variables" in lists:
            return list(values(self.view((root, inner)), *lists))
        return list(values(self.inside((root, inner))[0], *lists))

    def _included(self, path: str, file: File) -> yaml.Document | None:
        """The template at ``path``, relative to ``file`` or from the top, if it is tracked."""
        path, _, elsewhere = path.replace("\\", "/").partition("@")
        self.templates += 1
        if elsewhere not in ("", "self") or self.templates > _MAX_TEMPLATES:
            return None
        path = posixpath.normpath(posixpath.join("/", posixpath.dirname(file.path), path))[1:]
        try:
            if path not in self.repository.tracked():
                return None
            included = self.repository.file(path)
            return None if self.repository.leads_out(included) else yaml.load(included)
        except (GitError, Unreadable):
            return None


def values(view: View, *names: str) -> Iterator[Placed]:
    return (placed for name in names for _, placed in view.get(name, ()))


def scalars(view: View, *names: str) -> Iterator[Placed]:
    return (placed for placed in values(view, *names) if placed[0].kind is yaml.SCALAR)
