"""Scripts of the repository: ``./release.sh``, ``bash -e x``, ``python x.py``."""

from __future__ import annotations

import posixpath

from tenterhooks.core.patterns import lazy
from tenterhooks.formats.pipeline import Text
from tenterhooks.formats.tasks import Commands
from tenterhooks.formats.tasks.common import arguments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File
    from tenterhooks.formats.tasks.common import Where

_SHELLS = {"sh", "bash", "dash", "ksh", "zsh"}
_EXTENSIONS = {
    **dict.fromkeys((".sh", ".bash", ".zsh"), "sh"),
    **dict.fromkeys((".bat", ".cmd"), "cmd"),
    ".ps1": "pwsh",
    ".py": "python",
}
# How CI services name the top of the checkout.
_TOP = lazy(
    r"\$\{\{ ?github\.workspace ?\}\}/|\$\{?(?:GITHUB_WORKSPACE|CI_PROJECT_DIR|TRAVIS_BUILD_DIR"
    r"|BITBUCKET_CLONE_DIR|BUILD_SOURCESDIRECTORY|WORKSPACE|APPVEYOR_BUILD_FOLDER)\}?/"
    r"|\$\((?:Build\.SourcesDirectory|System\.DefaultWorkingDirectory)\)/"
)
_HERE = lazy(r"\$(?:PWD|\{PWD\}|\(pwd\))/")
_SHELL_VALUES = dict.fromkeys(("-o", "-O", "--rcfile", "--init-file"), "other") | {
    "-c": "code",
    "-s": "code",
}
_PYTHON_VALUES = {"-W": "other", "-X": "other", "-c": "code", "-m": "module"}


def run(words: list[str], where: Where) -> Iterator[Commands]:
    """The text of the script that ``words`` name; of one in Python, the commands it starts."""
    name = posixpath.basename(words[0].replace("\\", "/")).lower().removesuffix(".exe")
    file, shell = None, ""
    if name in _SHELLS or name in ("source", "."):
        file, shell = _file(_by_shell(words), where), "sh"
    elif name in ("pwsh", "powershell"):
        file, shell = _file(_by_ending(words, (".ps1",)), where), "pwsh"
    elif name in ("cmd", "call"):
        file, shell = _file(_by_ending(words, (".bat", ".cmd")), where), "cmd"
    elif name.startswith(("python", "pypy")) or name == "py":
        file, shell = _by_python(words, where), "python"
    # A tracked ``tools/python`` or ``./sh`` is a script of its own.
    if file is None and ("/" in words[0] or "\\" in words[0] or "." in name):
        file = _file(words[0], where)
        shell = _shell(file) if file else ""
    if file is not None:
        yield from _commands(file, shell, where)


def _commands(file: File, shell: str, where: Where) -> Iterator[Commands]:
    if shell == "python":
        from tenterhooks.formats.tasks.python_calls import program

        found = program(file, where.folder, [])
        yield from found.everywhere() if found else ()
    else:
        yield Commands(Text(file.text, file, 0, len(file.text)), shell, where.folder)


def _by_shell(words: list[str]) -> str:
    if words[0] in ("source", "."):
        return words[1] if len(words) > 1 else ""
    given = arguments([it for it in words if it[:1] != "+"], _SHELL_VALUES, ends=True)
    return "" if given.all("code") or not given.words else given.words[0]


def _by_ending(words: list[str], endings: tuple[str, ...]) -> str:
    return next((it for it in words[1:] if it.lower().endswith(endings)), "")


def _by_python(words: list[str], where: Where) -> File | None:
    given = arguments(words, _PYTHON_VALUES, ends=True)
    module = given.last("module")
    if module is not None:
        path = module.replace(".", "/")
        return where.first((f"{path}.py", f"{path}/__main__.py"))
    if given.all("code") or not given.words:
        return None
    return _file(given.words[0], where)


def _file(path: str, where: Where) -> File | None:
    """The tracked file at a path, backslashes taken for slashes where it is none otherwise."""
    if not path:
        return None
    for spelling in (path, path.replace("\\", "/")):
        top = _TOP.match(spelling)
        if top:
            up = posixpath.relpath(".", where.folder or ".")
            spelling = posixpath.join(up, spelling[top.end() :])  # noqa: PLW2901
        file = where.file(_HERE.sub("", spelling, count=1))
        if file:
            return file
    return None


def _shell(file: File) -> str:
    """What runs a script that is called by its path: what its first line says, else what its
    ending says."""
    ending = _EXTENSIONS.get(posixpath.splitext(file.path)[1].lower())
    if file.text.startswith("#!"):
        return interpreter(file.text.split("\n", 1)[0])
    return ending or "sh"


def interpreter(line: str) -> str:
    """The shell that a ``#!`` line names: ``sh``, ``pwsh``, ``python`` or another's name."""
    words = line[2:].replace("\\", "/").split()
    names = [posixpath.basename(word) for word in words if word[:1] != "-" and "=" not in word]
    if names and names[0] == "env":
        names = names[1:]
    name = names[0].lower().removesuffix(".exe") if names else "sh"
    if name in _SHELLS:
        return "sh"
    if name.startswith(("python", "pypy")) or name == "uv":
        return "python"
    return {"powershell": "pwsh"}.get(name, name)
