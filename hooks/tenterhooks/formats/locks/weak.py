"""Lock files: each artifact has a digest, and one that cannot be forged.

The rule stands beside its check, on this floor, because two practices have both.
"""

from __future__ import annotations

from tenterhooks.core.finding import Finding, Rule
from tenterhooks.formats.digests import weakness
from tenterhooks.formats.locks import hashes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File
    from tenterhooks.formats.locks.hashes import Artifact, Keys, Lock

LOCKS = r"(^|/)(uv\.lock|poetry\.lock|pdm\.lock|Pipfile\.lock|pylock(\.[^/]+)?\.toml)$"
LOCK_WEAK_HASH = Rule(
    "lock-weak-hash", "A lock file has no hash for an artifact, or one that proves nothing."
)

_COMMANDS = {
    # uv keeps what stands in a lock that is up to date, whatever its hashes.
    "uv.lock": "uv lock --upgrade-package {}",
    "poetry.lock": "poetry lock",
    "pdm.lock": "pdm lock",
    "Pipfile.lock": "pipenv lock",
}
_PYLOCK_COMMANDS = {
    "uv": "uv export --format pylock.toml --output-file pylock.toml",
    "pip": "pip lock",
    "pdm": "pdm lock",
    "pipenv": "pipenv lock",
}


def check(file: File) -> Iterator[Finding]:
    """Findings of one lock file. Raises Unreadable."""
    lock = hashes.load(file)
    for artifact in lock.artifacts():
        for keys, message in _problems(artifact):
            fix = _fix(file, lock, artifact.package)
            yield Finding(file.path, *lock.place(keys), LOCK_WEAK_HASH.name, message, fix)


def _problems(artifact: Artifact) -> Iterator[tuple[Keys, str]]:
    what = artifact.package[:80]
    if artifact.name:
        what += f" ({artifact.name[:120]})"
    if not artifact.digests:
        yield artifact.keys, f"{what} has no hash"
    for digest, keys in artifact.digests:
        problem = weakness(digest)
        if problem:
            yield keys, f"the hash of {what} {problem}"


def _fix(file: File, lock: Lock, package: str) -> str:
    name = file.path.rpartition("/")[2]
    command = _COMMANDS.get(name) or _PYLOCK_COMMANDS.get(str(lock.root.get("created-by")))
    if command is None:
        return "restore the lock from git, or write it anew with the tool that made it"
    is_harmless = package.isascii() and package.replace("-", "").replace("_", "").isalnum()
    command = command.format(package if is_harmless else "NAME")
    return f"restore the lock from git, or write it anew: {command}"
