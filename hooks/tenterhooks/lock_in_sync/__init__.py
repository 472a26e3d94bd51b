"""A lock file says what the project asks for."""

from __future__ import annotations

from tenterhooks.core import command
from tenterhooks.core.practice import Option, Practice
from tenterhooks.lock_in_sync import given
from tenterhooks.lock_in_sync.paths import PATTERN
from tenterhooks.lock_in_sync.rules import MISSING, RULES, UNDECIDED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import SimpleNamespace

    from tenterhooks.core.files import File, Repository
    from tenterhooks.core.finding import Finding
    from tenterhooks.lock_in_sync.run import Run


def prepare(files: Sequence[File], repository: Repository, options: SimpleNamespace) -> Run:
    """Find the locks that the files are about. Raises GitError."""
    from tenterhooks.lock_in_sync.run import Run

    return Run(files, repository, options)


def check(file: File, _: Repository, options: SimpleNamespace) -> Iterator[Finding]:
    """What is wrong with the locks that a file is about."""
    run: Run = options.prepared
    yield from run.findings(file)


PRACTICE = Practice(
    id="lock-in-sync",
    title=(
        "A lock file says what the project asks for, told from the files alone, whichever tool\n"
        "wrote it."
    ),
    rules=RULES,
    check=check,
    files=PATTERN,
    options=(
        Option("strict", "flag", "report what the files do not tell, too"),
        Option("require-lock", "flag", "report projects that have no lock"),
        Option(
            "compiled",
            "list",
            "compiled requirements that do not say what they were compiled from, such as "
            "deps.txt:deps.in,extra.in (may be repeated)",
            "OUTPUT:INPUTS",
            given.wrong,
        ),
        Option(
            "test-data", "flag", "look at locks among fixtures, templates and vendored code too"
        ),
    ),
    selects={"strict": (UNDECIDED.name,), "require-lock": (MISSING.name,)},
    prepare=prepare,
)


def main(argv: Sequence[str] | None = None) -> int:
    """The hook ``lock-in-sync``."""
    return command.run(PRACTICE, argv)
