"""Which files make up a GitLab pipeline: the one it begins with, and what that includes.

Sources: GitLab documentation, "CI/CD YAML syntax reference" (``include``, ``spec``,
``trigger:include``) and "Use CI/CD configuration from other files". Only ``include:local`` can
be followed; paths begin at the top of the repository, wherever the file is that names them.
"""

from __future__ import annotations

import os
import re

from tenterhooks.core.files import Unreadable
from tenterhooks.core.git import GitError
from tenterhooks.formats import yaml
from tenterhooks.formats.pipelines.gitlab_values import Place, Values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File, Repository
    from tenterhooks.formats.pipelines.gitlab_values import Inputs

_ROOT = r"(^|/)\.gitlab-ci\.ya?ml$"
MAX_INCLUDES = 150  # GitLab's own limit, where an administrator has set no other
_MAX_DEPTH = 50
_MAX_TOKENS = 20
_WILDCARD = r"(\*\*|\*)"


def layers(file: File, repository: Repository, values: Values) -> list[Place]:
    """The contents of a file and of all that it includes, each behind what it includes itself,
    so that a later one overrides those before it. What cannot be read is left out; Unreadable
    is raised where that is ``file`` itself."""
    walk = _Walk(repository, values)
    walk.visit(file, {}, (file.path,))
    return walk.layers


def roots(file: File, repository: Repository) -> list[File]:
    """The tracked pipelines that a file is part of: those that reach it by local includes, and
    the file alone if it begins one itself, or if there are none."""
    if re.search(_ROOT, file.path):
        return [file]
    try:
        graph = repository.once(_graph)
    except GitError:
        return [file]
    if file.path in graph:  # a child pipeline
        return [file]
    found = sorted(path for path, reached in graph.items() if file.path in reached)
    return [repository.file(path) for path in found] or [file]


def _graph(repository: Repository) -> dict[str, set[str]]:
    """What each pipeline includes. A child pipeline is one of its own."""
    waiting = [file.path for file in repository.matching(re.compile(_ROOT))]
    found: dict[str, set[str]] = {}
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        walk = _Walk(repository, Values(), by_word=True)
        try:
            walk.visit(repository.file(path), {}, (path,))
            waiting += [child for place in walk.layers for child in walk.children(place)]
        except Unreadable:  # for others to tell
            pass
        found[path] = walk.reached
    return found


class _Walk:
    """Follows includes, depth first.

    by_word: leave out files that do not even hold the word ``include``.
    layers: what was found, in order. reached: paths of what was included.
    """

    def __init__(self, repository: Repository, values: Values, *, by_word: bool = False) -> None:
        self.layers: list[Place] = []
        self.reached: set[str] = set()
        self._repository = repository
        self._values = values
        self._by_word = by_word
        self._left = MAX_INCLUDES

    def visit(self, file: File, given: Inputs, above: tuple[str, ...]) -> None:
        """Read a file and what it includes. Raises Unreadable for the file itself."""
        if self._by_word and b"include" not in file.data:
            return
        content = self._content(yaml.load(file), given)
        if content is None or not content.is_mapping:
            return
        pair = self._values.pairs(content).get("include")
        for path, inputs in self._local(pair[1]) if pair else ():
            if path in above or len(above) > _MAX_DEPTH or not self._left:
                continue
            self._left -= 1
            self.reached.add(path)
            try:
                self.visit(self._repository.file(path), inputs, (*above, path))
            except Unreadable:
                continue
        self.layers.append(content)

    def children(self, content: Place) -> Iterator[str]:
        """The local files that jobs of one file start as pipelines of their own."""
        for _, job in self._values.pairs(content).values():
            trigger = self._values.pairs(job).get("trigger")
            include = self._values.pairs(trigger[1]).get("include") if trigger else None
            for path, _ in self._local(include[1]) if include else ():
                yield path

    def _content(self, document: yaml.Document, given: Inputs) -> Place | None:
        """The document behind the header that declares inputs (``spec``), with these set to
        what was given, or else to their defaults."""
        parts = document.roots
        if len(parts) < 2 or parts[0].get("spec") is None:
            return Place(document, parts[0], {}) if parts else None
        declared: tuple[Place, ...] = (Place(document, parts[0], {}),)
        for name in ("spec", "inputs"):
            declared = self._values.get(declared, name)
        inputs: Inputs = {}
        for name, (_, value) in self._values.entries(declared).items():
            default = self._values.get(value, "default")
            if name in given:
                inputs[name] = given[name]
            elif default:
                inputs[name] = self._values.input(default[0])
        return Place(document, parts[1], inputs)

    def _local(self, include: Place) -> Iterator[tuple[str, Inputs]]:
        """Paths of the files that the local ones of some includes name, with their inputs."""
        values = self._values
        items = values.items(include) if include.node.kind is yaml.SEQUENCE else [include]
        for item in items:
            pairs = values.pairs(item)
            where = pairs["local"][1] if "local" in pairs else item
            given = values.pairs(pairs["inputs"][1]) if "inputs" in pairs else {}
            values.spend(len(given))
            inputs = {name: values.input(value) for name, (_, value) in given.items()}
            for path in self._named(values.text(where).value):
                yield path, inputs

    def _named(self, text: str) -> Iterator[str]:
        """The files that a path, or a path with wildcards, names. GitLab takes none but these
        endings, and sees only what is tracked."""
        parts = [part for part in text.strip().split("/") if part not in ("", ".")]
        path = "/".join(parts)
        is_remote = text.startswith(("http://", "https://"))
        if is_remote or ".." in parts or not path.endswith((".yml", ".yaml")):
            return
        for name in self._matches(path) if "*" in path else (path,):
            if _can_be_read(name, self._repository):
                yield name

    def _matches(self, pattern: str) -> list[str]:
        """Tracked paths that a pattern names: ``*`` stays within a folder, ``**`` does not."""
        tokens = [part for part in re.split(_WILDCARD, pattern) if part]
        if len(tokens) > _MAX_TOKENS:
            return []
        first, last = ("" if "*" in token else token for token in (tokens[0], tokens[-1]))
        tracked = _tracked(self._repository) or {}
        self._values.spend(len(tracked) // 50)
        paths = sorted(it for it in tracked if it.startswith(first) and it.endswith(last))
        self._values.spend(sum(map(len, paths)) * len(tokens) // 20)
        return [path for path in paths if _is_match(tokens, path)]


def _can_be_read(path: str, repository: Repository) -> bool:
    file = repository.file(path)
    tracked = _tracked(repository)
    if (tracked is not None and path not in tracked) or repository.excludes(file):
        return False
    try:
        return os.path.lexists(file.absolute) and not repository.leads_out(file)
    except ValueError:  # a NUL character
        return False


def _tracked(repository: Repository) -> dict[str, str] | None:
    try:
        return repository.tracked()
    except GitError:
        return None


def _is_match(tokens: list[str], path: str) -> bool:
    """Token by token, with all the places that the ones before can end at, as a backtracking
    expression could be made to take for ever."""
    ends = {0}
    for token in tokens:
        if "*" not in token:
            ends = {end + len(token) for end in ends if path.startswith(token, end)}
        elif ends:
            ends = _stretch(min(ends), path) if token == "**" else _within(ends, path)  # noqa: S105
    return len(path) in ends


def _stretch(start: int, path: str) -> set[int]:
    return set(range(start, len(path) + 1))


def _within(starts: set[int], path: str) -> set[int]:
    """The places from each start up to the end of its part of the path."""
    found: set[int] = set()
    end = 0
    for start in sorted(starts):
        end = max(end, start)
        while end <= len(path):
            found.add(end)
            if path[end : end + 1] in ("", "/"):
                break
            end += 1
    return found
