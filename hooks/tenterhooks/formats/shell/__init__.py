"""Shell text taken apart into simple commands: what a CI step, a recipe or a script runs.

Nothing is expanded or run, and nothing is refused: what no shell would take is read as well as it
goes. Sources: POSIX.1-2024, "Shell Command Language"; the manual of bash 5.2; Microsoft's
``about_Parsing`` and ``about_Quoting_Rules`` for PowerShell, ``cmd /?``, ``if /?``, ``for /?`` and
``set /?`` for batch files; for what a CI service replaces before a shell sees it: GitHub's
"Expressions", GitLab's "CI/CD inputs", CircleCI's "Using parameters".
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.formats.shell.reader import Reader
    from tenterhooks.formats.shell.words import Command, Word


def commands(text: str, shell: str = "sh") -> list[Command]:
    """The simple commands in the order of the text, whatever they are joined or held by; those in
    a substitution come behind the command that it stands in.

    shell: ``pwsh``, ``powershell``, ``cmd``; any other name is read as bash reads.
    """
    from tenterhooks.formats.shell.reader import Source

    source = Source(text)
    _reader(shell.lower())(source, 0, len(text)).read()
    return [command for command in source.found if not command.is_empty]


def assigned(command: Command) -> list[tuple[str, Word]]:
    """Name and value of each variable that a command leaves set: ``A=b`` alone, ``export A=b``
    and its like, PowerShell's ``$env:A = "b"``, ``set A=b`` of cmd."""
    return command.declared if command.words else command.assignments


def _reader(shell: str) -> type[Reader]:
    if shell in ("pwsh", "powershell"):
        from tenterhooks.formats.shell.powershell import PowerShell

        return PowerShell
    if shell == "cmd":
        from tenterhooks.formats.shell.batch import Batch

        return Batch
    from tenterhooks.formats.shell.posix import Posix

    return Posix
