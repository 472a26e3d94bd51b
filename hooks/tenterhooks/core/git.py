"""Questions to git, asked so that a hostile repository's configuration runs nothing.

Only plumbing commands that start no pager, filter, hook, file-system monitor or signature
check are used; the settings that could start one are overridden on the command line.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    # Waits; returns the exit code, the answers, and the warnings, which must not stand among them.
    End = Callable[[], tuple[int, bytes, bytes]]

# The last one: a folder that is tracked may look like a repository, with a configuration in it.
_SAFE = (
    *("-c", "core.fsmonitor=false", "-c", "core.alternateRefsCommand=", "--no-optional-locks"),
    *("-c", "safe.bareRepository=explicit"),
)
# The modes of a symlink and of a submodule.
LINK, MODULE = "120000", "160000"
_LAST = 253402300799  # 9999-12-31T23:59:59Z
_DIGITS = 20  # int() refuses thousands of them
_PROGRAM = "git.exe" if os.name == "nt" else "git"
# Where these stand, a listing may hold paths that git itself would not write.
_ODD = ("\t../", "/../", ".git/")


class GitError(Exception):
    """git is not there, or it refused; the text is its last word on the matter."""


def run(top: str, *arguments: str) -> bytes:
    """Standard output of ``git <arguments>`` in the folder ``top``.

    Raises GitError.
    """
    return start(top, *arguments)()


def ask(address: str, *references: str) -> bytes:
    """What a server says of ``references``: the one question that needs the network. It is not
    asked in a repository, whose configuration may name a program.

    Raises GitError.
    """
    return start(os.path.abspath(os.sep), "ls-remote", address, *references, allowed="https")()


def start(top: str, *arguments: str, allowed: str = "none") -> Callable[[], bytes]:
    """Set git going; what is given back waits for it, and is to be called once. allowed: the
    protocol that it may speak. Raises GitError, now or then."""
    environment = _environment(top, allowed)
    command = [_program(environment, top), *_SAFE, "-C", top, *arguments]
    # subprocess costs 5 ms of import: half of what a bare interpreter takes to start.
    spawn = _spawn if hasattr(os, "posix_spawnp") else _popen
    end = spawn(command, environment)

    def output() -> bytes:
        code, answer, said = end()
        if code:
            raise GitError(_last_word(said) or f"git {arguments[0]} failed with {code}")
        return answer

    return output


def _last_word(said: bytes) -> str:
    """Why git gave up; advice may stand behind it."""
    lines = said.decode("utf-8", "replace").strip().splitlines()
    fatal = [line for line in lines if line.startswith("fatal: ")]
    return (fatal or lines or [""])[-1].strip()


def _program(environment: dict[str, str], top: str) -> str:
    """The path of git, so that nobody looks for it in the working directory, as Windows would. One
    in the repository is taken where there is no other. Raises GitError."""
    folders = filter(None, environment["PATH"].split(os.pathsep))  # an empty one is the working one
    found = [os.path.join(folder, _PROGRAM) for folder in folders]
    found = [it for it in found if os.path.isfile(it) and os.access(it, os.X_OK)]
    if not found:
        raise GitError("git cannot be started: it is in no folder of PATH")
    apart = (it for it in found if not os.path.realpath(it).startswith(os.path.join(top, "")))
    return next(apart, found[0])


def _environment(top: str, allowed: str) -> dict[str, str]:
    """The environment for git. GIT_* of a running commit holds for its own repository only, or
    for a folder that no ``.git`` marks as one."""
    environment = dict(os.environ)
    if find_top(os.getcwd()) != top and find_top(top) is not None:
        for name in [name for name in environment if name.startswith("GIT_")]:
            del environment[name]
    # What it writes about its own work would stand among its answers.
    for name in [name for name in environment if name.startswith("GIT_TRACE")]:
        del environment[name]
    environment.update({"GIT_TRACE2": "0", "GIT_TRACE2_EVENT": "0", "GIT_TRACE2_PERF": "0"})
    environment["GIT_OPTIONAL_LOCKS"] = "0"
    environment["LC_ALL"] = "C"
    # The others are in the repository, wherever git looks for its helpers.
    folders = environment.get("PATH", os.defpath).split(os.pathsep)
    environment["PATH"] = os.pathsep.join(it for it in folders if os.path.isabs(it))
    # In a clone that lacks objects, git fetches them when it is asked for one: over the network,
    # by the command that the repository's configuration names.
    environment["GIT_ALLOW_PROTOCOL"] = allowed
    environment["GIT_NO_LAZY_FETCH"] = "1"
    return environment


def _spawn(command: list[str], environment: dict[str, str]) -> End:
    (answers, write_end), (warnings, warn_end) = os.pipe(), os.pipe()
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, write_end, 1),
        (os.POSIX_SPAWN_DUP2, warn_end, 2),
    ]
    try:
        process = os.posix_spawnp(command[0], command, environment, file_actions=actions)
    except OSError as error:
        os.close(answers)
        os.close(warnings)
        raise GitError(f"git cannot be started: {error.strerror}") from error
    finally:
        os.close(write_end)
        os.close(warn_end)

    def end() -> tuple[int, bytes, bytes]:
        answer, said = _both(answers, warnings)
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), answer, said

    return end


def _both(*pipes: int) -> list[bytes]:
    """What comes out of some pipes until they end, each read as soon as it has something: whoever
    writes may wait for that."""
    import select

    found = {pipe: bytearray() for pipe in pipes}
    waiting = select.poll()
    for pipe in pipes:
        waiting.register(pipe, select.POLLIN)
    left = set(pipes)
    while left:
        for pipe, _ in waiting.poll():
            piece = os.read(pipe, 1 << 16)
            found[pipe] += piece
            if not piece:
                waiting.unregister(pipe)
                os.close(pipe)
                left.remove(pipe)
    return [bytes(it) for it in found.values()]


def _popen(command: list[str], environment: dict[str, str]) -> End:
    import subprocess

    try:
        process = subprocess.Popen(  # noqa: S603
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except OSError as error:
        raise GitError(f"git cannot be started: {error.strerror}") from error

    def end() -> tuple[int, bytes, bytes]:
        answer, said = process.communicate()
        return process.returncode, answer, said

    return end


def find_top(start: str) -> str | None:
    """The nearest folder at or above ``start`` that holds ``.git`` (a folder, or the file that
    a worktree or submodule has), else None."""
    folder = os.path.realpath(start)
    while True:
        if os.path.lexists(os.path.join(folder, ".git")):
            return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def listing(top: str) -> Callable[[], dict[str, str]]:
    """Let git list what the index holds, unmerged entries included. What is given back waits for
    it: path -> mode (``100644``, ``100755``, LINK, MODULE).

    Raises GitError, now or then.
    """
    output = start(top, "ls-files", "--stage", "-z")

    def entries() -> dict[str, str]:
        found: dict[str, str] = {}
        text = os.fsdecode(output())
        is_odd = os.name == "nt" or any(it in text for it in _ODD)
        for entry in text.split("\0"):
            if entry:
                facts, path = entry.split("\t", 1)
                if not is_odd or _is_sound(path):
                    found[path] = facts[:6]
        return found

    return entries


def _is_sound(path: str) -> bool:
    """Whether git would write such a path: not out of the work tree, and not into its own folder.
    An index made by somebody else may hold any."""
    if os.name == "nt" and (":" in path or "\\" in path):
        return False
    return all(part.lower() not in ("..", ".git") for part in path.split("/"))


def tracked(top: str) -> dict[str, str]:
    """What ``listing`` gives, waited for. Raises GitError."""
    return listing(top)()


def ignored(top: str, path: str) -> bool:
    """Whether git's ignore rules cover ``path``."""
    try:
        run(top, "check-ignore", "--quiet", "--", path)
    except GitError:
        return False
    return True


def remote_url(top: str) -> str | None:
    """The address of the remote ``origin``, as configured, or None."""
    try:
        return os.fsdecode(run(top, "config", "--local", "--get", "remote.origin.url")).strip()
    except GitError:
        return None


def commit_time(top: str) -> int | None:
    """Seconds since the epoch at which HEAD was committed, or None before the first commit."""
    try:
        commit = run(top, "cat-file", "commit", "HEAD")
    except GitError:
        return None
    for line in commit.split(b"\n"):
        if line.startswith(b"committer "):
            return _time(os.fsdecode(line.rsplit(b" ", 2)[1]))
        if not line:
            break
    return None


def _time(seconds: str) -> int | None:
    """A time that was written down, as far as calendars go; None where it is none."""
    if not (seconds.isascii() and seconds.isdigit()):
        return None
    return min(int(seconds), _LAST) if len(seconds) <= _DIGITS else _LAST


def given_time() -> int | None:
    """What SOURCE_DATE_EPOCH says, in seconds since the epoch; None where it says nothing."""
    return _time(os.environ.get("SOURCE_DATE_EPOCH", ""))


def reference_time(top: str | None) -> int:
    """The time that dates are held against, in seconds since the epoch: SOURCE_DATE_EPOCH,
    else HEAD's committer date (so that a green history stays green), else now."""
    given = given_time()
    if given is not None:
        return given
    committed = commit_time(top) if top else None
    if committed is not None:
        return committed
    import time

    return int(time.time())
