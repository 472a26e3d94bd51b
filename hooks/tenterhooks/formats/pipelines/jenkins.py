"""Jenkins' pipelines: shell steps and the credentials around them, out of Groovy text.

Groovy is not parsed, let alone run: steps are known by their names. Source: Jenkins
documentation, "Pipeline Syntax", "Pipeline Steps Reference" and "Credentials Binding".
"""

from __future__ import annotations

from tenterhooks.core.files import Unreadable
from tenterhooks.formats.pipeline import Job, Step, Text, Variable
from tenterhooks.formats.pipelines.groovy import MARK, NAME, STRING, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tenterhooks.core.files import File
    from tenterhooks.formats.pipelines.groovy import Token

PATHS = r"(^|/)(Jenkinsfile(\.[^/]*)?|[^/]+\.[jJ]enkinsfile|\.?(jenkins|ci|pipelines?)/.*\.groovy)$"
_MAX_CHARACTERS = 2 * 1024 * 1024
_MAX_DEPTH = 100
_MAX_VARIABLES = 500
_SHELLS = {"sh": "sh", "bat": "cmd", "powershell": "pwsh", "pwsh": "pwsh"}


class _Block:
    """What holds between two braces.

    variables: all that are set there, one tuple for all steps and blocks in it.
    added: those that the block itself sets. used: whether a step stands in it.
    """

    __slots__ = ("added", "folder", "used", "variables")

    def __init__(self, folder: str = "", variables: tuple[Variable, ...] = ()) -> None:
        self.folder = folder
        self.variables = variables
        self.added: tuple[Variable, ...] = ()
        self.used = False

    def add(self, found: Sequence[Variable]) -> None:
        if found and len(self.variables) + len(found) <= _MAX_VARIABLES:
            self.variables = (*self.variables, *found)
            self.added = (*self.added, *found)


def jobs(file: File) -> Iterator[Job]:
    """One job. Its steps have the variables that hold where they stand; what is set for a block
    without a step (it may call a library) makes a step without a script.

    Raises Unreadable: not text, or too large to be meant.
    """
    if len(file.text) > _MAX_CHARACTERS:
        raise Unreadable("is larger than 2 MB, too large to be checked")
    scan = _Scan(file)
    steps = list(scan.steps())
    where = Text("", file, 0, 0)
    yield Job("jenkins", file.path.rpartition("/")[2], where, scan.variables, steps)


class _Scan:
    """One walk over the tokens. variables: what ``env.NAME = ...`` sets for all that follows."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.tokens = list(tokens(file.text))
        self.variables: list[Variable] = []
        self.blocks = [_Block()]

    def steps(self) -> Iterator[Step]:
        handlers: dict[str, Callable[[int], int]] = {
            "environment": self._environment,
            "withCredentials": self._with,
            "withEnv": self._with,
            "dir": self._with,
            "env": self._env,
        }
        index = 0
        while index < len(self.tokens):
            token = self.tokens[index]
            index += 1
            if token.kind == MARK:
                if token.value == "{":
                    self._open()
                elif token.value == "}" and len(self.blocks) > 1:
                    yield from self._close()
            elif token.kind == NAME and token.value in handlers:
                index = handlers[token.value](index)
            elif token.kind == NAME and token.value in _SHELLS:
                yield from self._shell(index)
        while self.blocks:
            yield from self._close()

    def _is(self, index: int, *values: str) -> bool:
        """Whether marks or names of these values stand at ``index`` and behind."""
        found = self.tokens[index : index + len(values)]
        wanted = zip(found, values, strict=False)
        fits = all(token.kind != STRING and token.value == value for token, value in wanted)
        return fits and len(found) == len(values)

    def _is_kind(self, index: int, kind: str) -> bool:
        return index < len(self.tokens) and self.tokens[index].kind == kind

    def _open(self) -> _Block:
        outer = self.blocks[-1]
        self.blocks.append(_Block(outer.folder, outer.variables))
        return self.blocks[-1]

    def _close(self) -> Iterator[Step]:
        block = self.blocks.pop()
        if block.used and self.blocks:
            self.blocks[-1].used = True
        elif block.added and not block.used:
            yield Step(block.added[0].text, variables=block.added)

    def _shell(self, index: int) -> Iterator[Step]:
        """``sh 'x'``, ``sh('x')``, ``sh(script: 'x')``, the name being before ``index``."""
        name = self.tokens[index - 1].value
        index += self._is(index, "(")
        if self._is_kind(index, NAME) and self._is(index + 1, ":"):
            for later in range(index, index + 12):
                if self._is(later, "script", ":"):
                    index = later + 2
                    break
        script = self._joined(index)
        if script is not None:
            block = self.blocks[-1]
            block.used = True
            yield Step(script, script, _SHELLS[name], block.folder, block.variables)

    def _joined(self, index: int) -> Text | None:
        """A string, or several and names that are added up; a name as ``${name}``."""
        if not self._is_kind(index, STRING):
            return None
        parts = [self.tokens[index].value]
        start, end = self.tokens[index].start, self.tokens[index].end
        while self._is(index + 1, "+") and index + 2 < len(self.tokens):
            index += 2
            token = self.tokens[index]
            end = token.end
            parts.append(token.value if token.kind == STRING else f"${{{token.value}}}")
            while self._is(index + 1, ".") and self._is_kind(index + 2, NAME):
                index += 2
        return Text("".join(parts), self.file, start, end)

    def _env(self, index: int) -> int:
        if self._is(index, ".") and self._is(index + 2, "="):
            self.variables += self._assigned(index + 1)
        return index

    def _environment(self, index: int) -> int:
        """Read ``environment { NAME = ... }`` into the block around it, and go past it."""
        if not self._is(index, "{"):
            return index
        found: list[Variable] = []
        depth = 0
        while index < len(self.tokens):
            depth += self._is(index, "{") - self._is(index, "}")
            if not depth:
                break
            if self._is_kind(index, NAME) and self._is(index + 1, "="):
                found += self._assigned(index)
            index += 1
        self.blocks[-1].add(found)
        return index + 1

    def _assigned(self, index: int) -> list[Variable]:
        """What ``NAME = 'text'`` or ``NAME = credentials('id')`` sets. For a credential of two
        parts, which it may be, Jenkins sets two more."""
        name = self.tokens[index].value
        text = self._joined(index + 2)
        if text is not None:
            return [Variable(name, text)]
        if self._is(index + 2, "credentials", "(") and self._is_kind(index + 4, STRING):
            secret = self._credential(self.tokens[index + 4], self.tokens[index + 2])
            return [Variable(name + part, secret) for part in ("", "_USR", "_PSW")]
        return []

    def _credential(self, name: Token, first: Token) -> Text:
        """The credential of this name, whose place begins with ``first``."""
        stored = f"Jenkins' credential {name.value}"
        return Text(name.value, self.file, first.opened, name.end, stored)

    def _with(self, index: int) -> int:
        """Read what ``withCredentials``, ``withEnv`` or ``dir`` says of the block behind it, and
        open that."""
        name = self.tokens[index - 1].value
        first = index
        depth = 0
        while index < len(self.tokens) and not self._is(index, "{"):
            depth += self._is(index, "(") - self._is(index, ")")
            index += 1
            if depth <= 0:
                break
        arguments = self.tokens[first:index]
        if not self._is(index, "{"):
            return index
        block = self._open()
        if len(self.blocks) > _MAX_DEPTH:
            return index + 1
        if name == "withEnv":
            block.add(self._pairs(arguments))
        elif name == "withCredentials":
            block.add(self._bindings(arguments))
        else:
            folder = next((it.value for it in arguments if it.kind == STRING), "")
            block.folder = _below(block.folder, folder)
        return index + 1

    def _pairs(self, tokens: list[Token]) -> list[Variable]:
        found = []
        for token in tokens:
            name, equals, value = token.value.partition("=")
            if token.kind == STRING and equals:
                shift = len(name) + 1 if self.file.text.startswith(name + "=", token.start) else 0
                text = Text(value, self.file, token.start + shift, token.end)
                found.append(Variable(name, text))
        return found

    def _bindings(self, tokens: list[Token]) -> list[Variable]:
        """The variables that credentials are bound to: ``string(credentialsId: 'x', variable:
        'Y')`` and its like, or the older ``[$class: ..., credentialsId: ..., ...]``."""
        found: list[Variable] = []
        names: list[Token] = []
        secret: Text | None = None
        for index, token in enumerate(tokens):
            key = tokens[index - 2].value if index > 1 and tokens[index - 1].value == ":" else ""
            if token.kind == STRING and key == "credentialsId":
                secret = self._credential(token, token)
            elif token.kind == STRING and key.endswith("ariable"):
                names.append(token)
            elif token.kind == MARK and token.value in ")]":
                found += [Variable(it.value, secret or self._unnamed(it)) for it in names]
                names, secret = [], None
        return found

    def _unnamed(self, token: Token) -> Text:
        return Text("", self.file, token.start, token.end, "a credential of Jenkins")


def _below(outer: str, folder: str) -> str:
    """The folder that ``dir(folder)`` enters; "" where it may be anywhere."""
    folder = folder.strip("/").removeprefix("./")
    if "$" in folder or folder.startswith(("..", "~")):
        return ""
    return "/".join(part for part in (outer, folder) if part not in ("", "."))
