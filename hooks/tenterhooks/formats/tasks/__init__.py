"""What a task runner would run: ``tox -e release`` as the texts of the commands behind it.

Read from the repository alone; nothing is executed. A runner is a module with a generator
``run(words, where)``, and a row in ``RUNNERS``.
"""

from __future__ import annotations

import posixpath

from tenterhooks.core.git import GitError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.core.files import Repository
    from tenterhooks.formats import pipeline

MAX_COMMANDS = 200
MAX_WORDS = 1000

RUNNERS = {
    "tox": "tox",
    "nox": "nox",
    "make": "make",
    "gmake": "make",
    "nmake": "make",
    "mingw32-make": "make",
    "just": "just",
    "hatch": "hatch",
    "pdm": "pdm",
    "poe": "poe",
    "poethepoet": "poe",
    "invoke": "invoke",
    "inv": "invoke",
    "task": "taskfile",
    "go-task": "taskfile",
    **dict.fromkeys(("sh", "bash", "dash", "ksh", "zsh", "source", "."), "script"),
    **dict.fromkeys(("pwsh", "powershell", "cmd", "call"), "script"),
    **dict.fromkeys(("python", "python3", "py", "pypy", "pypy3"), "script"),
}
# To look for these is a hundredth of what it takes to ask git.
_FILES = {
    "make": ("Makefile", "makefile", "GNUmakefile"),
    "nox": ("noxfile.py",),
    "taskfile": tuple(
        f"{stem}.{end}" for stem in ("Taskfile", "taskfile") for end in ("yml", "yaml")
    ),
}
_SCRIPTS = (".bat", ".cmd", ".ps1", ".py", ".sh")


class Commands:
    """What one task runs.

    text: the commands, and the place in the file that they stand in.
    shell: ``sh``, ``pwsh``, ``cmd``, or the name of another interpreter.
    folder: the working directory below the top of the repository, "" for the top.
    variables: what the runner sets in the environment.
    """

    __slots__ = ("folder", "shell", "text", "variables")

    def __init__(
        self,
        text: pipeline.Text,
        shell: str = "sh",
        folder: str = "",
        variables: Sequence[pipeline.Variable] = (),
    ) -> None:
        self.text = text
        self.shell = shell
        self.folder = folder
        self.variables = list(variables)


def followed(words: list[str], folder: str, repository: Repository) -> list[Commands]:
    """What the command ``words`` (quotes removed) would run in ``folder``, in order; nothing
    where it is no task runner, or where no tracked file says."""
    runner = _runner(words[0]) if words else None
    if runner is None or not _has_file(runner, words, folder, repository):
        return []
    from importlib import import_module

    from tenterhooks.formats.tasks.common import Where

    try:
        where = Where(repository, folder)
    except GitError:
        return []
    found: dict[tuple[str, int, str, str], Commands] = {}
    for it in import_module(f"{__name__}.{runner}").run(words[:MAX_WORDS], where):
        if it.text.value.strip():
            found.setdefault((it.text.file.path, it.text.start, it.text.value, it.folder), it)
        if len(found) >= MAX_COMMANDS:
            break
    return list(found.values())


def _has_file(runner: str, words: Sequence[str], folder: str, repository: Repository) -> bool:
    """Whether the file that a runner reads may be there. Options can name another one."""
    names = _FILES.get(runner)
    if names is None or any(word.startswith("-") for word in words):
        return True
    return any(repository.may_track(posixpath.join(folder, name)) for name in names)


def is_runner(command: str) -> bool:
    """Whether a command may be a task runner or a script."""
    return _runner(command) is not None


def _runner(command: str) -> str | None:
    """The module for a command; a path that is none of the known tools may be a script."""
    name = command.replace("\\", "/").rpartition("/")[2]
    stem = name.lower().removesuffix(".exe")
    if stem in RUNNERS:
        return RUNNERS[stem]
    if len(stem) > 7 and stem.startswith("python3."):
        return "script"
    is_path = "/" in command or "\\" in command
    return "script" if is_path or stem.endswith(_SCRIPTS) else None
