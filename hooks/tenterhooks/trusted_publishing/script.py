"""A script of a step, and those that it calls: what they set, write, install and upload."""

from __future__ import annotations

import itertools
import posixpath
import re

from tenterhooks.core.patterns import lazy
from tenterhooks.formats import shell as shells
from tenterhooks.formats.pipeline import Text
from tenterhooks.formats.shell.words import Word
from tenterhooks.trusted_publishing import budget, commands, index, known, wrappers
from tenterhooks.trusted_publishing.uploads import STEP_IN_PYTHON, Mention, Upload
from tenterhooks.trusted_publishing.values import Source
from tenterhooks.trusted_publishing.words import content, prints, source_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.formats.pipeline import Step
    from tenterhooks.formats.shell.words import Command
    from tenterhooks.trusted_publishing.flow import Flow
    from tenterhooks.trusted_publishing.values import Scope
    from tenterhooks.trusted_publishing.wrappers import Invocation

_MAX_DEPTH = 8
_LONGEST_FOLDER = 500
_ASSIGNED = lazy(r"([A-Za-z_]\w*)(?:=|<<\w+\n)(.*)", re.DOTALL)
_PREFIX = lazy(r"\$\{\w+\}(?=/?[a-z])|\$\w+/(?=[a-z])")
_WRITING = (">", ">>", "&>", ">|", "1>", "1>>")
_REQUIREMENTS = ("-r", "--requirement", "--requirements")
# A script without any of these neither uploads nor prepares an upload.
_INTERESTING = re.compile(
    r"pypi|twine|publish|upload|flit|maturin|release|deploy|token|passw|keyring|_ENV\b|\./|bin/|ci/"
    r"|scripts?/|tools?/|requirement|[ \t]-r[ \t=]|\.(?:sh|py|ps1|bat|cmd)\b"
    r"|\b(?:tox|nox|g?make|just|inv|invoke|poe|task|hatch|pdm|uv|semantic)\b",
    re.IGNORECASE,
)


class Script:
    """One script. What it sets lives on in the step; where a shell runs all steps, in the job."""

    def __init__(self, flow: Flow, step: Step, scope: Scope) -> None:
        self.flow = flow
        self.step = step
        self.scope = scope.with_variables({})
        self.text: Text = step.where
        self.folder = ""
        self.depth = 0
        self._printed: list[Command] = []

    def run(self, text: Text, shell: str, folder: str, depth: int) -> None:
        """Read a script, and those that it calls."""
        self.flow.texts.append(text.value)
        self.folder = folder
        moves = self.flow.shares_shell and "cd " in text.value
        if depth > _MAX_DEPTH or not (moves or _INTERESTING.search(text.value)):
            return
        self.flow.spend(budget.SCRIPT)
        self.text, self.depth = text, depth
        if known.mints(text.value):
            self.scope.mints = self.flow.mints = True
        if shell == "python":
            self._python()
        elif shell in ("sh", "pwsh", "cmd"):
            for command in self.flow.reading.commands(text.value, shell):
                self._command(command)
                if command.words and not command.redirects and prints(command):
                    self._printed.append(command)
                else:
                    self._printed = []

    def _inner(self, scope: Scope, text: Text, shell: str, folder: str) -> None:
        Script(self.flow, self.step, scope).run(text, shell, folder, self.depth + 1)

    def _python(self) -> None:
        """The commands that a step in Python starts."""
        from tenterhooks.core.files import File
        from tenterhooks.formats.tasks import python_calls

        where = self.text.file.path + STEP_IN_PYTHON
        file = File(where, where, where, self.text.value.encode())
        program = python_calls.program(file, self.folder, [])
        for found in program.everywhere() if program is not None else ():
            self._inner(self.scope, found.text, found.shell, found.folder)

    def _command(self, command: Command) -> None:
        declared = self._sources(shells.assigned(command))
        if declared:
            self.scope.variables.update(declared)
            self.flow.mention(declared, self.scope)
            if self.flow.shares_shell:
                self.flow.keep(declared)
            return
        self._written(command)
        if command.words and command.words[0].text in ("cd", "pushd", "chdir", "Set-Location"):
            self._go(command.words)
        elif command.words:
            _strip_prefix(command)
            assigned = self._sources(command.assignments)
            self.flow.mention(assigned, self.scope)
            self._invoked(command, assigned)

    def _go(self, words: Sequence[Word]) -> None:
        """Change the folder, as far as the text says where to."""
        target = words[-1].text if len(words) > 1 else "$HOME"
        if any(sign in target for sign in "$%~") or target.startswith(("/", "-")):
            self.folder = ""
        else:
            folder = posixpath.normpath(posixpath.join(self.folder, target.replace("\\", "/")))
            odd = folder == "." or folder.startswith("..") or len(folder) > _LONGEST_FOLDER
            self.folder = "" if odd else folder

    def _invoked(self, command: Command, assigned: dict[str, Source]) -> None:
        invocation = wrappers.reduce(command.words)
        environment = self._environment(invocation)
        self.flow.mention(environment, self.scope)
        assigned.update(environment)
        scope = self.scope
        if assigned:
            self.flow.spend(len(scope.variables))
            scope = scope.with_variables(assigned)
        self._note(command, invocation)
        if invocation.script is not None:
            word = invocation.script
            start = self.text.offset(word.start, word.end - word.start)
            inner = Text(word.text, self.text.file, start, self.text.end)
            self._inner(scope, inner, invocation.shell, self.folder)
            return
        for it in command.redirects if invocation.name in wrappers.SHELLS else ():
            if it.body is not None:
                start = self.text.offset(it.body_start, len(it.body))
                body = Text(it.body, self.text.file, start, self.text.end)
                self._inner(scope, body, "sh", self.folder)
        upload = commands.upload(invocation)
        if upload is not None:
            self._upload(upload, invocation, scope)
        elif invocation.name == "curl":
            self._curl(invocation, scope)
        else:
            self._follow(invocation, scope)

    def _sources(self, assigned: Sequence[tuple[str, Word]]) -> dict[str, Source]:
        return {name: source_of(word, self.text) for name, word in assigned}

    def _environment(self, invocation: Invocation) -> dict[str, Source]:
        """What ``env NAME=value`` sets."""
        found = {}
        for word in invocation.assignments:
            name, _, value = word.text.partition("=")
            whole = source_of(word, self.text)
            found[name] = whole.part(len(name) + 1, len(value))
        return found

    def _follow(self, invocation: Invocation, scope: Scope) -> None:
        """Look into what a task runner or a script of the repository would run."""
        from tenterhooks.formats import tasks

        words = [word.text for word in invocation.words]
        if invocation.at is not None and words[0] not in tasks.RUNNERS:
            words = ["python", "-m", *words]
        if not self._is_new((tuple(words), self.folder)):
            return
        given = self._sources([(str(n), w) for n, w in enumerate(invocation.words[:10])])
        run = self.flow.reading.followed(words, self.folder)
        self.flow.spend(len(run))
        for found in run:
            text = found.text
            if self._is_new((text.file.path, text.start, text.value, found.folder)):
                own = {variable.name: Source(variable.text) for variable in found.variables}
                inner = scope.with_variables({**given, **own})
                self.flow.spend(len(inner.variables))
                self._inner(inner, text, found.shell, found.folder)

    def _is_new(self, what: tuple[object, ...]) -> bool:
        is_new = what not in self.flow.followed
        self.flow.followed.add(what)
        return is_new

    def _written(self, command: Command) -> None:
        """What a command writes into files that matter later."""
        for redirect in command.redirects:
            target = redirect.target.text
            if redirect.operator not in _WRITING:
                continue
            pieces = content(command, self.text, self._printed)
            if "GITHUB_ENV" in target or "BASH_ENV" in target:
                for piece in pieces:
                    match = _ASSIGNED.match(piece.value)
                    if match:
                        value = piece.part(match.start(2), len(match.group(2)))
                        self.scope.variables[match.group(1)] = value
                        self.flow.keep({match.group(1): value})
            elif target.endswith(".pypirc") or "PYPIRC" in target:
                self.flow.logins.pypirc(pieces)
            elif pieces:
                self.scope.variables[f"<{target}"] = pieces[-1]

    def _note(self, command: Command, found: Invocation) -> None:
        """Configuration that a tool is told, and versions that get installed."""
        texts = [word.text for word in found.words]
        logins = self.flow.logins
        if "install" in texts[:4] or texts[:2] == ["uv", "add"]:
            for before, text in itertools.pairwise(texts):
                logins.pin(text)
                if before in _REQUIREMENTS:
                    logins.pins_of(posixpath.join(self.folder, text))
        if found.name in ("poetry", "pdm", "hatch") and "config" in texts[1:4]:
            self._configure(found.name, found.words, texts)
        is_set = found.name == "keyring" and texts[1:2] == ["set"] and len(texts) > 2
        if is_set and command.pipe_from and index.by_address(texts[2]) in known.AUDIENCES:
            for piece in content(command.pipe_from, self.text, self._printed):
                logins.tell("twine", "pypi", piece, "the keyring")

    def _configure(self, tool: str, words: Sequence[Word], texts: Sequence[str]) -> None:
        """``poetry config pypi-token.pypi X`` and its like."""
        rest = [
            position
            for position in range(texts.index("config") + 1, len(texts))
            if not texts[position].startswith("-") and texts[position] != "set"
        ]
        if len(rest) > 1:
            key, value = texts[rest[0]], source_of(words[rest[-1]], self.text)
            if self.flow.logins.configure(tool, key, value):
                self.flow.mentions.append(Mention(key, value, tool, self.scope))

    def _upload(self, found: commands.CommandLine, invocation: Invocation, scope: Scope) -> None:
        tool, text, logins = found.tool, self.text, self.flow.logins
        at = source_of(found.word, text)
        upload = Upload(
            f"{tool.name} {found.subcommand}", tool, at, self.step.where, self.step, scope
        )
        upload.subcommand = found.subcommand
        upload.options = found.options
        upload.injector = invocation.injector
        upload.is_dry = found.is_dry
        upload.specs = [*found.specs, *logins.specs.get(tool.name, ())]
        upload.index = self._index(found, scope)
        target = found.first(tool.names)
        name = target.text.lower() if target is not None else "pypi"
        upload.credentials = [
            (option, source_of(found.options[option], text))
            for option in tool.passwords
            if option in found.options
        ]
        upload.credentials += logins.credentials(tool, name, scope)
        user = found.first(tool.users)
        users = [scope.variables[name] for name in tool.env_users if name in scope.variables]
        upload.user = source_of(user, text) if user is not None else next(iter(users), None)
        if tool.name == "uv":
            mode = found.first(["--trusted-publishing"])
            upload.mode = mode.text if mode else index.uv_mode(self.flow.repository, self.folder)
        if (
            upload.credentials or tool.name != "semantic-release"
        ):  # since version 8 it has no upload
            self.flow.upload(upload)

    def _index(self, found: commands.CommandLine, scope: Scope) -> str:
        tool, text = found.tool, self.text
        url, name = found.first(tool.urls), found.first(tool.names)
        urls = [source_of(url, text)] if url is not None else []
        names = [source_of(name, text)] if name is not None else []
        if not urls and not names:
            urls = [scope.variables[key] for key in tool.env_urls if key in scope.variables]
            names = [scope.variables[key] for key in tool.env_names if key in scope.variables]
        addresses = self.flow.logins.addresses(tool.name, self.folder, scope)
        return index.decide(urls, names, addresses, scope, tool.name)

    def _curl(self, invocation: Invocation, scope: Scope) -> None:
        """An upload by hand: ``curl -u user:password -F ... <upload address>``."""
        words = invocation.words
        targets = [index.by_address(word.text) for word in words if "/legacy" in word.text]
        wanted = [target for target in targets if target in (known.PYPI, known.TESTPYPI)]
        if not wanted:
            return
        tool, at = known.TOOLS["curl"], source_of(words[0], self.text)
        upload = Upload("curl", tool, at, self.step.where, self.step, scope)
        upload.index = wanted[0]
        options = commands.options(words[1:], tool)
        login = next((options[name] for name in tool.users if name in options), None)
        if login is not None and ":" in login.text:
            start = login.text.index(":") + 1
            secret = source_of(login, self.text).part(start, len(login.text) - start)
            upload.credentials.append(("-u", secret))
        self.flow.upload(upload)


def _strip_prefix(command: Command) -> None:
    """``${PREFIX}twine``: a folder that a variable holds, as a rule an environment's."""
    first = command.words[0]
    match = _PREFIX.match(first.text)
    if match and match.end() < len(first.text):
        name = first.text[match.end() :].lstrip("/")
        command.words[0] = Word(name, first.start, first.end, first.literal)
