"""A bound on what one pipeline may come to, and what is read of scripts and tasks, each once.

Aliases, local actions and tasks that call each other make much of little: a file of 200 bytes can
stand for more commands than anybody could read.
"""

from __future__ import annotations

import gc

from tenterhooks.core.files import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.core.files import File, Repository
    from tenterhooks.formats.shell.words import Command
    from tenterhooks.formats.tasks import Commands

_LEAST = 1_500_000
_PER_BYTE = 6
STEP = 100
SCRIPT = 80
_TASK, _COMMAND, _PER_CHARACTER = 3000, 10, 0.25
_MANY = 50


class Budget:
    """Units are about a character of a script that is read, or a variable that is looked at."""

    def __init__(self, file: File) -> None:
        self._left = _LEAST + _PER_BYTE * len(file.data)

    def spend(self, units: int) -> None:
        """Raises Unreadable: there is not so much left."""
        self._left -= units
        if self._left < 0:
            raise Unreadable("comes to more jobs, steps and scripts than can be checked")


def of(file: File) -> Budget:
    """The budget of a pipeline. Raises Unreadable: no file."""
    return file.once(Budget)


class _Memo:
    """What was read in a repository."""

    def __init__(self, _: Repository) -> None:
        self.commands: dict[tuple[str, str], list[Command]] = {}
        self.followed: dict[tuple[tuple[str, ...], str], list[Commands]] = {}


class Reading:
    """Scripts and tasks of a repository, each read once, at the cost of a budget."""

    def __init__(self, repository: Repository, budget: Budget) -> None:
        self._repository = repository
        self._memo = repository.once(_Memo)
        self._spend = budget.spend

    def commands(self, text: str, shell: str) -> list[Command]:
        """The commands of a script."""
        key = text, shell
        if key not in self._memo.commands:
            from tenterhooks.formats import shell as shells

            self._spend(len(text))
            self._memo.commands[key] = shells.commands(text, shell)
        self._spend(_COMMAND * len(self._memo.commands[key]))
        return self._memo.commands[key]

    def followed(self, words: Sequence[str], folder: str) -> list[Commands]:
        """What a task runner or a script of the repository would run."""
        from tenterhooks.formats import tasks

        if not tasks.is_runner(words[0]):
            return []
        key = tuple(words), folder
        if key not in self._memo.followed:
            self._spend(_TASK)
            found = tasks.followed(list(words), folder, self._repository)
            self._memo.followed[key] = found
            # A runner reads its file anew for each set of variables that it is given.
            read = {it.text.file.path: len(it.text.file.text) for it in found}
            self._spend(int(_PER_CHARACTER * sum(read.values())))
            if len(self._memo.followed) % _MANY == 0:
                gc.collect()  # a hook's process does without, and a Makefile leaves cycles behind
        return self._memo.followed[key]
