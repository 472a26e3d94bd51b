"""Bandit finds nothing new in the changed Python files."""

from __future__ import annotations

from tenterhooks.bandit.options import OPTIONS
from tenterhooks.bandit.rules import OPT_IN, RULES
from tenterhooks.bandit.targets import PATTERN
from tenterhooks.core import command
from tenterhooks.core.practice import Practice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import SimpleNamespace

    from tenterhooks.bandit.run import Run
    from tenterhooks.core.files import File, Repository
    from tenterhooks.core.finding import Finding


def prepare(files: Sequence[File], repository: Repository, options: SimpleNamespace) -> Run:
    """Look at all files at once, or begin to. Raises ConfigError, GitError."""
    from tenterhooks.bandit.run import Run

    return Run(files, repository, options)


def check(file: File, _: Repository, options: SimpleNamespace) -> Iterator[Finding]:
    """What is told of one file, of those that were looked at."""
    run: Run = options.prepared
    yield from run.findings(file)


def is_available() -> bool:
    """Whether Bandit is installed."""
    from tenterhooks.bandit import installed

    return installed.is_there()


def origins(repository: Repository, options: SimpleNamespace) -> Iterator[tuple[str, str]]:
    """What Bandit's own configuration says, and where. Raises ConfigError."""
    from tenterhooks.bandit import settings

    yield from sorted(settings.load(repository, options).origins.items())


def tests() -> set[str]:
    """The ids of the tests of Bandit, ours, and those of other packages."""
    from tenterhooks.bandit.selection import CATALOGUE

    return CATALOGUE.ids() | {id for id, _, _ in CATALOGUE.others()}


PRACTICE = Practice(
    id="bandit",
    title=(
        "Bandit finds nothing new in Python code: the same findings, faster, and no file is left\n"
        "out in silence."
    ),
    rules=RULES,
    check=check,
    files=PATTERN,
    options=OPTIONS,
    prepare=prepare,
    is_available=is_available,
    others=tests,
    more_settings=origins,
    opt_in=OPT_IN,
    presets=frozenset({"scorecard"}),
    background=True,
    alone=True,
)


def main(argv: Sequence[str] | None = None) -> int:
    """The hook ``bandit``."""
    return command.run(PRACTICE, argv)
