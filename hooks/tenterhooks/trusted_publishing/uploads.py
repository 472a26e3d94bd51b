"""What is found in a job: uploads, and credentials by their names."""

from __future__ import annotations

import re

from tenterhooks.trusted_publishing import known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.formats.pipeline import Step, Text
    from tenterhooks.formats.shell.words import Word
    from tenterhooks.trusted_publishing.known import Action, Tool
    from tenterhooks.trusted_publishing.values import Scope, Source


_SECRETIVE = r"(?:tok|pass|pwd|secret|key|auth|cred)"
# Names of credentials to install with, from an index that is not PyPI.
_OF_OTHERS = ("private", "internal", "mirror", "uv_index_", "pip_", "poetry_http_basic_")
# What the path of a file ends in that is but a step of a pipeline.
STEP_IN_PYTHON = ": a step in Python"
_LONGEST_NAME = 200
_PYPI_NAME = rf"pypi.*{_SECRETIVE}|{_SECRETIVE}.*pypi"


def is_pypi_name(name: str) -> bool:
    """Whether a name is that of a credential for PyPI."""
    name = name[:_LONGEST_NAME].lower()
    return "pypi" in name and not is_of_others(name) and re.search(_PYPI_NAME, name) is not None


def is_of_others(name: str) -> bool:
    """Whether a name is that of a credential to install with, from an index that is not PyPI."""
    return any(sign in name.lower() for sign in _OF_OTHERS)


class Upload:
    """One upload of a job.

    name: what uploads, for messages. tool: the tool that does, or None. action: the action, or
        None. at: the word or the ``uses`` that says so. anchor: the step in the file under check.
    index: PYPI, TESTPYPI, PRIVATE or UNKNOWN. credentials: what it is given, first choice first,
        each with a name for messages. user: the user name, if one is given.
    specs: requirements that pick the tool's version. mode: uv's ``trusted-publishing``.
    subcommand, options: of the command. injector: what puts secrets into its environment, or None.
    is_dry: nothing is really uploaded. step, scope: where it is, and what names mean there.
    """

    __slots__ = (
        "action",
        "anchor",
        "at",
        "credentials",
        "index",
        "injector",
        "is_dry",
        "mode",
        "name",
        "options",
        "scope",
        "specs",
        "step",
        "subcommand",
        "tool",
        "user",
    )

    def __init__(
        self, name: str, tool: Tool | None, at: Source, anchor: Text, step: Step, scope: Scope
    ) -> None:
        self.name = name
        self.tool = tool
        self.action: Action | None = None
        self.at = at
        self.anchor = anchor
        self.step = step
        self.scope = scope
        self.index = known.PYPI
        self.credentials: list[tuple[str, Source]] = []
        self.user: Source | None = None
        self.specs: list[str] = []
        self.mode = "automatic"
        self.options: dict[str, Word] = {}
        self.injector: str | None = None
        self.subcommand = ""
        self.is_dry = False

    def trusted(self, service: str) -> str | None:
        """The version since which what uploads does Trusted Publishing on a service: "" for any,
        None where it never does."""
        if self.action is not None and self.action.trusted:
            return ""
        return self.tool.since(service) if self.tool is not None else None

    @property
    def is_public(self) -> bool:
        """Whether it really goes to PyPI or TestPyPI."""
        return self.index in (known.PYPI, known.TESTPYPI) and not self.is_dry


class Mention:
    """A credential by its name, wherever it may go: an environment variable that a tool reads,
    or an input whose name speaks of PyPI. tool: the one that reads it, or ""."""

    __slots__ = ("name", "scope", "source", "tool")

    def __init__(self, name: str, source: Source, tool: str, scope: Scope) -> None:
        self.name = name
        self.source = source
        self.tool = tool
        self.scope = scope
