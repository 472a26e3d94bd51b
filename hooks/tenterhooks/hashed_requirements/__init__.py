"""What gets installed from a requirements or lock file is pinned and carries a strong hash, read
the way pip reads it."""

from __future__ import annotations

import os
import re

from tenterhooks.core import command
from tenterhooks.core.files import Unreadable
from tenterhooks.core.practice import Option, Practice
from tenterhooks.formats.locks import weak
from tenterhooks.hashed_requirements.rules import RULES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import SimpleNamespace

    from tenterhooks.core.files import File, Repository
    from tenterhooks.core.finding import Finding

PATHS = (
    r"(^|/)([^/]*requirements[^/]*\.(txt|in|pip|lock)"
    r"|requirements([._-][^/]*)?/([^/]+/)?[^/]+\.(txt|in|pip)"
    r"|deterministic-build/[^/]+\.txt|[^/]*constraints[^/]*\.txt|[^/]+\.(pip|lock\.txt))$"
)
_FILES = f"{PATHS}|{weak.LOCKS}"
_NAMED = re.compile(PATHS)
_IS_LOCK = re.compile(weak.LOCKS)


def check(file: File, repository: Repository, options: SimpleNamespace) -> Iterator[Finding]:
    """Findings of one requirements or lock file."""
    if _IS_LOCK.search(file.path):
        yield from weak.check(file)
        return
    from tenterhooks.formats import requirements
    from tenterhooks.hashed_requirements.checked import Checked
    from tenterhooks.hashed_requirements.includes import reach

    document = requirements.load(file)
    checked = Checked(document, repository, options, reach(document, repository))
    yield from checked.findings()


def more(repository: Repository, options: SimpleNamespace) -> Iterator[str]:
    """Tracked requirements files whose name does not tell: those that ``--files`` or an
    installation with hashes names, and those that others include."""
    from tenterhooks.formats import requirements
    from tenterhooks.hashed_requirements import wanted
    from tenterhooks.hashed_requirements.includes import reach

    tracked = repository.tracked()
    known = _covered(tracked, options.files) if options.files else []
    known += wanted.installed(repository)
    known = [path for path in known if os.path.isfile(repository.file(path).absolute)]
    yield from known
    named = [file for file in repository.matching(_NAMED) if not _IS_LOCK.search(file.path)]
    for file in [*named, *map(repository.file, known)]:
        try:
            included = reach(requirements.load(file), repository).paths
        except Unreadable:
            continue
        yield from (path for path in included if path in tracked)
        repository.release(file)


def _covered(paths: Iterable[str], globs: Sequence[str]) -> list[str]:
    from tenterhooks.core.globs import Globs

    asked = Globs(globs)
    return [path for path in paths if asked.covers(path)]


PRACTICE = Practice(
    id="hashed-requirements",
    title=(
        "What gets installed from a requirements or lock file is pinned and carries a strong\n"
        "hash, read the way pip reads it."
    ),
    rules=RULES,
    check=check,
    files=_FILES,
    more=more,
    presets=frozenset({"scorecard"}),
    options=(
        Option("all", "flag", "demand hashes of every requirements file"),
        Option(
            "files", "list", "demand hashes of these requirements files (may be repeated)", "GLOB"
        ),
    ),
)


def main(argv: Sequence[str] | None = None) -> int:
    """The hook ``hashed-requirements``."""
    return command.run(PRACTICE, argv)
