"""One compiled file with all that it is judged by."""

from __future__ import annotations

import posixpath

from tenterhooks.core import parsed
from tenterhooks.core.files import Unreadable
from tenterhooks.core.finding import Finding
from tenterhooks.formats import compiled as compiled_format
from tenterhooks.lock_in_sync import compare, rules, shell
from tenterhooks.lock_in_sync.compiled import declared, inputs, projects
from tenterhooks.lock_in_sync.compiled.environment import Environment
from tenterhooks.lock_in_sync.compiled.pins import Pins

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tenterhooks.core.files import Repository
    from tenterhooks.core.finding import Rule
    from tenterhooks.formats.compiled import Compiled
    from tenterhooks.lock_in_sync.compiled.declared import Declared
    from tenterhooks.lock_in_sync.compiled.pins import Pin

# The tools may leave these out, by settings that are not in the file.
_UNSAFE = {"pip", "setuptools", "distribute", "wheel"}


class Context:
    """compiled, inputs, command, settings, declared, pins, environment: of the file.
    by_name: the requirements of each name that may hold, in the environment that it was compiled
    for. skipped: names that say nothing, as the file leaves them out or they are overridden."""

    def __init__(
        self, compiled: Compiled, repository: Repository, given: Sequence[str] = ()
    ) -> None:
        self.compiled = compiled
        self.repository = repository
        self.path = compiled.file.path
        self.inputs = inputs.find(compiled, repository, given)
        self.command = self.inputs.command
        self.settings = projects.settings(self.inputs, repository)
        self.declared = declared.read(self.inputs, repository)
        self.pins = Pins(compiled, repository)
        self.environment = Environment(compiled, self.command, self.settings)
        self.by_name: dict[str, list[Declared]] = {}
        for each in self.declared.required:
            if self.environment.holds(each.requirement.marker) is not False:
                self.by_name.setdefault(each.requirement.name, []).append(each)
        self.skipped = {compare.normal(name) for name in self._left_out()}
        self.skipped |= self.declared.overridden | _UNSAFE

    def _left_out(self) -> Iterator[str]:
        yield from self.compiled.left_out
        for option in ("unsafe-package", "no-emit-package"):
            if self.command is not None:
                yield from self.command.values(f"--{option}")
            yield from map(str, parsed.array(self.settings.options, option))
        is_custom = self.compiled.command and self.compiled.writer != compiled_format.MULTI
        if self.command is None and is_custom:
            # Taken out again by what only the command knows: others still need it.
            yield from (via for pin in self.pins.own() for via in pin.entry.via)
        for pin in self.pins.own():
            if any(via.startswith("--override") for via in pin.entry.via):
                yield pin.requirement.name

    @property
    def unknown(self) -> str:
        """Why the files do not tell all; empty where they do."""
        if self.is_of_build:
            return "it holds requirements of builds"
        if not self.inputs.roots:
            missing = self.inputs.missing
            return f"{missing[0][:80]} is not there" if missing else "it does not say its source"
        return self.declared.unknown

    @property
    def is_of_build(self) -> bool:
        """Whether it was compiled from what builds need, which is in other places."""
        wanted = any("::build-system" in via for pin in self.pins.own() for via in pin.entry.via)
        options = ("--only-build-deps", "--all-build-deps", "--build-deps-for")
        return wanted or (self.command is not None and any(map(self.command.has, options)))

    def is_compiled(self, path: str) -> bool:
        """Whether an input is itself a compiled file."""
        if posixpath.basename(path) in inputs.PROJECTS:
            return False
        try:
            return compiled_format.is_compiled(self.repository.file(path))
        except Unreadable:
            return False

    def stale(self, each: Declared, found: str, how: str = "is declared") -> Finding:
        """A finding at a declaration."""
        rule = rules.OUT_OF_DATE.name
        message = f"{short(each.requirement.text)} {how}, and {self.path} has {found}"
        return Finding(each.path, each.line, each.column, rule, message, self.fix)

    def at(self, pin: Pin, rule: Rule, message: str) -> Finding:
        """A finding at an entry of the file itself."""
        line, column = self.compiled.place(pin.entry)
        return Finding(self.path, line, column, rule.name, message, self.fix)

    @property
    def fix(self) -> str:
        """How to compile the file again."""
        command, folder = self.compiled.command[:300], self.inputs.folder
        if not command:
            return f"compile {self.path} again"
        return shell.in_folder(command, folder)


def short(text: str) -> str:
    """A requirement as a message shows it."""
    text = " ".join(text.split())
    return text if len(text) <= 100 else text[:97] + "..."
