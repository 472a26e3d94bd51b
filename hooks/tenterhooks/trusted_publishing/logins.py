"""What the tools of a job have been told: ``.pypirc``, ``poetry config``, versions, addresses."""

from __future__ import annotations

import re

from tenterhooks.core.patterns import lazy
from tenterhooks.trusted_publishing import index, known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tenterhooks.core.files import Repository
    from tenterhooks.trusted_publishing.known import Tool
    from tenterhooks.trusted_publishing.values import Scope, Source

_PYPIRC_LINE = lazy(
    r"^[ \t]*(?:\[([^\]\n]+)\][ \t]*|(repository|username|password)[ \t]*[=:][ \t]*(\S.*)?)$",
    re.MULTILINE,
)
POETRY_TOKEN = lazy(r"POETRY_(?:PYPI_TOKEN_(\w+)|HTTP_BASIC_(\w+)_PASSWORD)")
_POETRY_URL = lazy(r"POETRY_REPOSITORIES_(\w+)_URL")
_PIN = re.compile(r"^([A-Za-z][\w.-]*)(?:\[[^\]]*\])?[ \t]*([=<>!~].*)$")
_MAX_SPECS = 5
_LONGEST_SPEC = 80
# These have files or settings of their own, and do not look into .pypirc.
_NO_PYPIRC = ("poetry", "uv", "pdm")


class Logins:
    """What is known at one point of a job.

    specs: tool -> requirements that pick its version.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self.specs: dict[str, list[str]] = {}
        self._read: set[str] = set()
        self._pypirc: dict[str, dict[str, Source]] = {}
        self._pypirc_whole: Source | None = None
        self._told: dict[tuple[str, str], tuple[Source, str]] = {}
        self._addresses: dict[str, dict[str, str]] = {}

    def pin(self, requirement: str) -> None:
        """Note the version of a tool that gets installed."""
        match = _PIN.match(requirement.strip("\"'"))
        if match and match.group(1).lower() in known.TOOLS:
            name = match.group(1).lower()
            specs = self.specs.setdefault(name, [])
            spec = f"{name}{match.group(2)}"[:_LONGEST_SPEC]
            if spec not in specs and len(specs) < _MAX_SPECS:
                specs.append(spec)

    def pins_of(self, path: str) -> None:
        """Note the versions of a requirements file of the repository."""
        if path in self._read:
            return
        self._read.add(path)
        from tenterhooks.trusted_publishing import installs

        for line in installs.lines_of(path, self._repository):
            self.pin(line.arguments.partition(";")[0].strip())

    def tell(self, tool: str, name: str, value: Source, where: str) -> bool:
        """Note the credential of an index, and where it is kept; whether that is PyPI's or
        TestPyPI's."""
        self._told[tool, name.lower()] = value, where
        return index.by_name(name, {}, tool) in (known.PYPI, known.TESTPYPI)

    def configure(self, tool: str, key: str, value: Source) -> bool:
        """Note a setting, such as Poetry's ``pypi-token.pypi``; whether it is the credential of
        PyPI or TestPyPI."""
        kind, _, name = key.partition(".")
        if tool == "hatch":
            is_login = key.startswith("publish.index") and key.endswith("auth")
            return is_login and self.tell(tool, "main", value, "`hatch config`")
        if kind in ("pypi-token", "http-basic"):
            return bool(name) and self.tell(tool, name, value, f"`{tool} config {key}`")
        if kind in ("repositories", "repository"):
            name, _, last = name.partition(".")
            if last == "password":
                return self.tell(tool, name, value, f"`{tool} config {key}`")
            if last in ("", "url"):
                self._addresses.setdefault(tool, {})[name] = value.value
        return False

    def pypirc(self, pieces: Sequence[Source]) -> None:
        """Note the passwords and addresses of a ``.pypirc`` that is being written. The pieces are
        the words of an ``echo``, a ``printf`` with its arguments, or a here-document."""
        section = list(self._pypirc)[-1] if self._pypirc else "pypi"
        fill = list(pieces[1:]) if len(pieces) > 1 and "%s" in pieces[0].value else []
        for piece in pieces[:1] if fill else pieces:
            value = piece.value.replace("\\n", " \n")  # as long as before
            found = False
            for match in _PYPIRC_LINE.finditer(value):
                found = True
                if match.group(1):
                    section = match.group(1).strip()
                    self._pypirc[section] = self._pypirc.pop(section, {})  # now the last one
                elif match.group(3):
                    item = piece.part(match.start(3), len(match.group(3).rstrip()))
                    if item.value == "%s" and fill:
                        item = fill[value.count("%s", 0, match.start(3)) % len(fill)]
                    self._pypirc.setdefault(section, {})[match.group(2)] = item
            if not found and ("$" in value or "%" in value):
                self._pypirc_whole = (fill or [piece])[0]

    def addresses(self, tool: str, folder: str, scope: Scope) -> dict[str, str]:
        """Name -> address of the indexes that ``tool`` knows of."""
        found = index.configured(self._repository, folder, tool)
        found.update(self._addresses.get(tool, {}))
        if tool == "poetry":
            for name, source in scope.variables.items():
                match = _POETRY_URL.fullmatch(name)
                if match:
                    found[match.group(1).lower().replace("_", "-")] = source.value
        if tool not in _NO_PYPIRC:
            for section, entries in self._pypirc.items():
                if "repository" in entries:
                    found[section] = entries["repository"].value
        return found

    def credentials(self, tool: Tool, name: str, scope: Scope) -> Iterator[tuple[str, Source]]:
        """What ``tool`` finds for the index ``name`` beside its options, first choice first."""
        for variable in tool.env_passwords:
            if variable in scope.variables:
                yield variable, scope.variables[variable]
        if tool.name == "poetry":
            for variable, source in scope.variables.items():
                match = POETRY_TOKEN.fullmatch(variable)
                owner = (match.group(1) or match.group(2)) if match else ""
                if owner.lower().replace("_", "-") == name and variable not in tool.env_passwords:
                    yield variable, source
        for (owner, told), (source, where) in self._told.items():
            if owner == tool.name and told in (name, "main"):
                yield where, source
        if tool.name not in _NO_PYPIRC:
            yield from self._in_pypirc(name)

    def _in_pypirc(self, name: str) -> Iterator[tuple[str, Source]]:
        for section, entries in self._pypirc.items():
            if "password" in entries and section.lower() in (name, "pypi", "testpypi"):
                yield "the password in .pypirc", entries["password"]
        if self._pypirc_whole is not None:
            yield ".pypirc", self._pypirc_whole
