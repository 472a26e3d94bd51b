"""Where a value comes from: a stored secret, a token minted on the spot, or nobody knows."""

from __future__ import annotations

import re

from tenterhooks.core.patterns import lazy
from tenterhooks.trusted_publishing import known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tenterhooks.formats.pipeline import Text

    Key = tuple[str, int, int, str]
    Trail = dict[Key, "Verdict"]

EMPTY, UNKNOWN, MINTED, STORED = "empty", "unknown", "minted", "stored"
_STRENGTH = (EMPTY, UNKNOWN, MINTED, STORED)
MAX_TRAIL = 50
PLAIN = "plain text in the file"

EXPRESSION = re.compile(r"\$\{\{((?:[^$}]|\$(?!\{\{)|\}(?!\}))*)\}\}")
# $NAME, ${NAME...}, $env:NAME, ${env:NAME}, %NAME%
VARIABLE = re.compile(r"\$\{?(?:env:)?([A-Za-z_]\w*|[1-9@*])|%([A-Za-z_]\w*)%|%([1-9])")
_MACRO = lazy(r"\$\(([A-Za-z_][\w.]*)\)")
_FILE = lazy(r"\$\([ \t]*(?:cat[ \t]+|<[ \t]*)([^\s()]+)[ \t]*\)")
_SECRET = lazy(r"\bsecrets\s*(?:\.\s*([\w-]+)|\[\s*(?:'([^']*)')?)", re.IGNORECASE)
_OWN_TOKEN = ("github_token", "ci_job_token", "system_accesstoken")


class Source:
    """A value and where it is written: ``text.value[index:index + length]``, or all of ``text``
    where ``length`` is 0. literal: no shell expands variables in it. origin: the stored secret
    that it is, in words, where that is known from elsewhere."""

    __slots__ = ("index", "length", "literal", "origin", "text", "value")

    def __init__(
        self,
        text: Text,
        value: str | None = None,
        index: int = 0,
        length: int = 0,
        *,
        literal: bool = False,
    ) -> None:
        self.text = text
        self.value = text.value if value is None else value
        self.index = index
        self.length = length
        self.literal = literal
        self.origin = text.stored

    @property
    def offset(self) -> int:
        return self.text.offset(self.index, self.length)

    @property
    def key(self) -> Key:
        """What makes two of them the same."""
        return self.text.file.path, self.text.start, self.index, self.value

    def part(self, start: int, length: int) -> Source:
        """A piece of the value. Quotes may stand before it in the text, so it is looked for."""
        value = self.value[start : start + length]
        index = self.text.value.find(value, self.index + start)
        return Source(self.text, value, max(index, 0), length, literal=self.literal)


class Verdict:
    """kind: EMPTY, UNKNOWN, MINTED or STORED. what: for STORED the secret, in words.
    source: where the value has its root."""

    __slots__ = ("kind", "source", "what")

    def __init__(self, kind: str, source: Source, what: str = "") -> None:
        self.kind = kind
        self.source = source
        self.what = what


def nothing(_: tuple[str, ...]) -> None:
    """What a path of an expression can be where there are none."""


class Scope:
    """What names mean at one point of a job.

    service: of the pipeline. variables: name -> value, of the environment and of the shell.
    lookup: what a context path of a GitHub expression can be; None where that is not known.
    mints: something in the job trades an identity token for an upload token.
    """

    __slots__ = ("_lower", "lookup", "mints", "service", "variables")

    def __init__(
        self,
        service: known.Service,
        variables: dict[str, Source],
        lookup: Callable[[tuple[str, ...]], Sequence[Source | Verdict] | None],
        *,
        mints: bool = False,
    ) -> None:
        self.service = service
        self.variables = variables
        self.lookup = lookup
        self.mints = mints
        self._lower: dict[str, Source] | None = None

    def by_lower_name(self, name: str) -> Source | None:
        """The variable of a name that an expression has in lower case."""
        if self._lower is None:
            self._lower = {written.lower(): bound for written, bound in self.variables.items()}
        return self._lower.get(name)

    def with_variables(self, variables: dict[str, Source]) -> Scope:
        """The same names, and these."""
        together = {**self.variables, **variables}
        return Scope(self.service, together, self.lookup, mints=self.mints)


def judge(source: Source, scope: Scope, trail: Trail | None = None) -> Verdict:
    """Where the value of ``source`` comes from, as far as ``scope`` tells.

    trail: what was found out on the way here, for values that several others, or they themselves,
    refer to.
    """
    if source.origin is not None:
        return Verdict(STORED, source, source.origin)
    value = source.value.strip()
    trail = {} if trail is None else trail
    if not value or len(trail) > MAX_TRAIL:
        return Verdict(UNKNOWN if value else EMPTY, source)
    if value.startswith("op://"):
        return Verdict(STORED, source, "an item of 1Password")
    verdicts = list(_parts(value, source, scope, trail))
    if not verdicts:
        nothing = EXPRESSION.fullmatch(value) is not None
        return Verdict(EMPTY if nothing else STORED, source, PLAIN)
    best = max(verdicts, key=lambda verdict: _STRENGTH.index(verdict.kind))
    if best.kind == UNKNOWN and scope.mints:
        return Verdict(MINTED, best.source)
    return best


def _follow(source: Source, scope: Scope, trail: Trail) -> Verdict:
    """Judge a value that another one refers to, each once."""
    if source.key not in trail:
        trail[source.key] = Verdict(UNKNOWN, source)  # for one that refers to itself
        trail[source.key] = judge(source, scope, trail)
    return trail[source.key]


def _parts(value: str, source: Source, scope: Scope, trail: Trail) -> Iterator[Verdict]:
    """A verdict for each expression, variable and command in ``value``."""
    for match in EXPRESSION.finditer(value):
        yield from _expression(match.group(1), source, scope, trail)
    rest = EXPRESSION.sub("", value)
    if source.literal:
        return
    if scope.service is known.SERVICES["azure"]:
        for match in _MACRO.finditer(rest):
            yield _variable(match.group(1).replace(".", "_"), source, scope, trail)
        rest = _MACRO.sub("", rest)
    if "$(" in rest or "`" in rest:
        yield _printed(rest, source, scope, trail)
    if not known.mints(rest):
        for match in VARIABLE.finditer(rest):
            name = match.group(1) or match.group(2) or match.group(3)
            yield _variable(name, source, scope, trail)


def _printed(text: str, source: Source, scope: Scope, trail: Trail) -> Verdict:
    """What a command in place of a value prints."""
    match = _FILE.search(text)
    if match and f"<{match.group(1)}" in scope.variables:
        return _follow(scope.variables[f"<{match.group(1)}"], scope, trail)
    for command in known.SECRET_COMMANDS:
        if command in " ".join(text.split()):
            return Verdict(STORED, source, f"what `{command.strip()}` prints")
    if known.mints(text):
        return Verdict(MINTED, source)
    return Verdict(UNKNOWN, source)


def _variable(name: str, source: Source, scope: Scope, trail: Trail) -> Verdict:
    bound = scope.variables.get(name) or scope.variables.get(name.upper())
    if bound is not None and bound is not source:
        return _follow(bound, scope, trail)
    settings = scope.service.settings
    if name.startswith("_") and scope.service is known.SERVICES["cloudbuild"]:
        settings = "the settings of the build trigger"
    if settings is None or not name.isidentifier() or _is_given(name, scope.service):
        return Verdict(UNKNOWN, source)
    return Verdict(STORED, source, f"{name}, which is kept in {settings}")


def _is_given(name: str, service: known.Service) -> bool:
    """Whether a variable is one that the service or the system sets itself."""
    if name in known.HARMLESS:
        return True
    return name.upper().startswith(service.given) and "PYPI" not in name.upper()


def _expression(text: str, source: Source, scope: Scope, trail: Trail) -> Iterator[Verdict]:
    from tenterhooks.formats import expression

    found = expression.values(text)
    if not found:
        yield _by_mention(text, source)
        return
    for value in found:
        if value.literal is not None:
            what = PLAIN
            yield Verdict(STORED if value.literal else EMPTY, source, what)
        else:
            yield from _context(value.path, source, scope, trail)


def _by_mention(text: str, source: Source) -> Verdict:
    """An expression that is not understood: what it mentions decides."""
    for match in _SECRET.finditer(text):
        name = match.group(1) or match.group(2) or ""
        if name.lower() not in _OWN_TOKEN:
            return Verdict(STORED, source, f"the secret {name}" if name else "a secret")
    return Verdict(UNKNOWN, source)


def _context(
    path: tuple[str, ...], source: Source, scope: Scope, trail: Trail
) -> Iterator[Verdict]:
    head, name = path[0], path[1] if len(path) > 1 else ""
    if head == "secrets":
        own = name in _OWN_TOKEN
        yield Verdict(UNKNOWN if own else STORED, source, _named(head, name, source))
    elif head == "vars":
        yield Verdict(STORED, source, _named(head, name, source))
    elif head in ("env", "variables"):
        yield _by_name(name, source, scope, trail)
    else:
        values = scope.lookup(path)
        if values is None:
            yield Verdict(UNKNOWN, source)
        for value in values or ():
            if isinstance(value, Verdict):
                yield Verdict(value.kind, source, value.what)
            else:
                yield _follow(value, scope, trail)


def _named(head: str, name: str, source: Source) -> str:
    """``the secret X``, X as the file writes it: the expression has it in lower case."""
    what = "secret" if head == "secrets" else "variable"
    if not name:
        return f"a {what}"
    text = source.value.lower()
    position = text.find(name, text.find(head) + len(head))
    return f"the {what} {source.value[position : position + len(name)]}"


def _by_name(name: str, source: Source, scope: Scope, trail: Trail) -> Verdict:
    """A variable whose name comes from an expression, in lower case."""
    bound = scope.by_lower_name(name)
    if bound is None or bound is source:
        return Verdict(UNKNOWN, source)
    return _follow(bound, scope, trail)
