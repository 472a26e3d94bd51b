"""What a command line comes down to when all is taken off that only runs the rest of it.

``sudo -E env A=b uvx --from twine==6.1 twine upload dist/*`` is ``twine upload dist/*``, with a
variable and a version.
"""

from __future__ import annotations

import posixpath
import re

from tenterhooks.formats.shell.words import Word
from tenterhooks.trusted_publishing import known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


# Wrappers that run the rest of their line, with those of their options that take a value.
_WRAPPERS = {
    "sudo": "-u -g -C -h -p --user --group",
    "doas": "-u -C",
    "env": "-u -C -S --unset --chdir",
    "command": "",
    "exec": "-a",
    "builtin": "",
    "time": "-f -o",
    "nice": "-n",
    "nohup": "",
    "stdbuf": "-i -o -e",
    "winpty": "",
    "unbuffer": "",
    "xvfb-run": "-n -s",
    "dbus-run-session": "",
    "then": "",
    "retry": "-t -d -s -m --times --delay --tries",
    "chronic": "",
    "xargs": "-n -I -P -L -d -a -s -E --max-args --max-procs --replace --delimiter --arg-file",
    "parallel": "-j --jobs -n -N --max-args",
    "call": "",
    "start": "",
    "dotenv": "-f -e",
    "pipenv": "",
    "coverage": "",
}
_COUNTED = {"timeout": "-s -k --signal --kill-after"}  # take one more word before the command
# Subcommands that run the rest of their line: (tool, subcommand) -> options that take a value.
_RUNNERS = {
    ("uv", "run"): "--with --with-editable --with-requirements --extra --group --only-group "
    "--no-group --python -p --env-file --package --project --directory --index --default-index "
    "--index-url --extra-index-url -i --find-links -f --isolated-from --refresh-package "
    "--upgrade-package -P --config-file --cache-dir --resolution --prerelease --exclude-newer "
    "--link-mode --no-extra -w",
    ("pipx", "run"): "--spec --python --pip-args --index-url -i --fetch-missing-python --with",
    ("poetry", "run"): "-C --directory -P --project",
    ("pdm", "run"): "-p --project --venv",
    ("pipenv", "run"): "",
    ("rye", "run"): "--pyproject",
    ("pixi", "run"): "-e --environment --manifest-path",
    ("pixi", "exec"): "-s --spec -c --channel -w --with -p --platform",
    ("conda", "run"): "-n --name -p --prefix --cwd",
    ("mamba", "run"): "-n --name -p --prefix --cwd",
    ("micromamba", "run"): "-n --name -p --prefix --cwd",
    ("dotenv", "run"): "",
    ("coverage", "run"): "--rcfile --source",
}
_UVX = (
    "--spec --pip-args --fetch-missing-python --from --with --with-editable --with-requirements "
    "--python -p --index --default-index --index-url --extra-index-url -i --env-file -f "
    "--find-links --isolated-from --refresh-package --upgrade-package -P --config-file --cache-dir "
    "--resolution --prerelease --exclude-newer -w --directory --project"
)
_CONTAINER = (
    "-e --env --env-file -v --volume -w --workdir -u --user --name --network --net -p --publish "
    "--entrypoint --mount --platform -h --hostname --add-host --memory -m --cpus --gpus --ipc "
    "--label -l --link --log-driver --pull --restart --security-opt --shm-size --ulimit"
)
# Programs that put stored secrets into the environment of what they run.
_INJECTORS = {
    ("op", "run"): "--env-file --account",
    ("doppler", "run"): "-p -c -t --project --config --token",
    ("infisical", "run"): "--env --path --projectId --token",
    ("chamber", "exec"): "",
    ("aws-vault", "exec"): "-d --duration",
    ("teller", "run"): "",
}
SHELLS = {"bash", "sh", "zsh", "dash", "ksh", "ash", "pwsh", "powershell", "cmd"}
_INTERPRETER = re.compile(r"(?:python|pypy)[\d.]*w?|py|\$.*python.*|%.*python.*%", re.IGNORECASE)
_MAX_WRAPPERS = 12


class Invocation:
    """What a command line comes down to.

    words: the command that is run in the end, by its plain name, with its arguments.
    specs: requirements that pick the version of a tool, such as ``twine==6.1``.
    script: text that a shell is told to run (``bash -c``), with the shell's name, or None.
    assignments: variables that ``env`` sets.
    injector: the program that puts stored secrets into its environment, or None.
    at: the interpreter that runs it as a module, or None.
    """

    __slots__ = ("assignments", "at", "injector", "script", "shell", "specs", "words")

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = list(words)
        self.specs: list[str] = []
        self.script: Word | None = None
        self.shell = "sh"
        self.assignments: list[Word] = []
        self.injector: str | None = None
        self.at: Word | None = None

    @property
    def name(self) -> str:
        return plain(self.words[0].text) if self.words else ""


def plain(word: str) -> str:
    """The name of a program without its folder and ending: ``.venv/Scripts/twine.exe``."""
    name = posixpath.basename(word.replace("\\", "/"))
    return name[:-4] if name.lower().endswith(".exe") else name


def _renamed(word: Word, text: str) -> Word:
    return Word(text, word.start, word.end, word.literal)


def reduce(words: Sequence[Word]) -> Invocation:
    """Take the wrappers off a command line."""
    found = Invocation(words)
    for _ in range(_MAX_WRAPPERS):
        if not found.words or found.script is not None or not _unwrap(found):
            break
    return found


def _unwrap(found: Invocation) -> bool:
    """Take one wrapper off; whether there was one."""
    name = found.name
    if name in SHELLS:
        return _shell(found, name)
    if name == "eval" and len(found.words) == 2:
        found.script = found.words[1]
        return True
    if _INTERPRETER.fullmatch(name) or (found.words[0].text[:1] in "$%{" and _has_m(found)):
        return _module(found)
    if name == "uvx" or (name == "pipx" and _second(found, 1) == "run"):
        return _tool_run(found, 1 if name == "uvx" else 2)
    if name == "uv" and _texts(found)[1:3] == ["tool", "run"]:
        return _tool_run(found, 3)
    if name == "hatch":
        return _hatch(found)
    return _prefix(found, name)


def _texts(found: Invocation) -> list[str]:
    return [word.text for word in found.words]


def _second(found: Invocation, index: int) -> str:
    return found.words[index].text if len(found.words) > index else ""


def _has_m(found: Invocation) -> bool:
    return "-m" in _texts(found)[1:4]


def _shell(found: Invocation, name: str) -> bool:
    """``bash -euxc text``; a script file is left to those who know files."""
    texts = _texts(found)
    for index, text in enumerate(texts[1:], 1):
        is_flag = text.lower() in ("/c", "-command") or (
            text.startswith("-") and not text.startswith("--") and text.endswith("c")
        )
        if is_flag and index + 1 < len(texts):
            found.script = found.words[index + 1]
            found.shell = {"cmd": "cmd", "pwsh": "pwsh", "powershell": "pwsh"}.get(name, "sh")
            return True
        if not text.startswith(("-", "/", "+")):
            break
    return False


def _module(found: Invocation) -> bool:
    """``python -I -m twine upload`` -> ``twine upload``; a script of Python is left alone."""
    for index, text in enumerate(_texts(found)[1:], 1):
        if text == "-c" and index + 1 < len(found.words):
            found.script, found.shell = found.words[index + 1], "python"
            return True
        if text == "-m" and index + 1 < len(found.words):
            found.at = found.words[0]
            found.words = found.words[index + 1 :]
            return True
        if not text.startswith("-"):
            if plain(text) == "setup.py":
                found.words = found.words[index:]
                return True
            break
    return False


def _skip_options(found: Invocation, start: int, taking: str) -> int:
    """Index of the first word that is no option, noting the requirements among the options."""
    values = taking.split()
    index = start
    while index < len(found.words):
        text = found.words[index].text
        if text == "--":
            return index + 1
        if not text.startswith("-") or text == "-":
            return index
        name, equals, value = text.partition("=")
        if name in ("--from", "--with", "-w", "--spec"):
            found.specs.append(value if equals else _second(found, index + 1))
        if name in ("-m", "--module"):
            return index + 1
        index += 2 if name in values and not equals else 1
    return index


def _tool_run(found: Invocation, start: int) -> bool:
    """``uvx [options] twine@6.1 upload``."""
    index = _skip_options(found, start, _UVX)
    if index >= len(found.words):
        return False
    text = found.words[index].text
    name, at, version = text.partition("@")
    if at and version[:1].isdigit():
        found.specs.append(f"{name}=={version}")
    elif "=" in text or "<" in text or ">" in text:
        found.specs.append(text)
        name = re.split(r"[\[<>=!~ ]", text, maxsplit=1)[0]
    found.words = found.words[index:]
    found.words[0] = _renamed(found.words[0], name)
    return True


def _hatch(found: Invocation) -> bool:
    """``hatch [-e env] run [env:]command``."""
    index = _skip_options(found, 1, "-e --env -p --project --data-dir --cache-dir --config")
    texts = _texts(found)
    if texts[index : index + 2] == ["env", "run"]:
        index += 1
    if index + 1 >= len(texts) or texts[index] != "run":
        return False
    index = _skip_options(found, index + 1, "-e --env -i --include -x --exclude")
    if index >= len(texts) or (":" not in texts[index] and texts[index] not in _DIRECT):
        return False
    rest = found.words[index:]
    name = rest[0].text.partition(":")[2] or rest[0].text
    if name not in _DIRECT:
        return False
    found.words = [_renamed(rest[0], name), *rest[1:]]
    return True


# What hatch runs as it is; other names are those of its own scripts.
_DIRECT = {*known.TOOLS, "python", "python3", "py", "bash", "sh"}


def _prefix(found: Invocation, name: str) -> bool:
    if name == "find":
        texts = _texts(found)
        at = next((n for n, text in enumerate(texts) if text in ("-exec", "-execdir")), 0)
        return at > 0 and _drop(found, at + 1)
    second = _second(found, 1)
    if name in ("docker", "podman", "nerdctl") and second in ("run", "exec"):
        return _drop(found, _skip_options(found, 2, _CONTAINER) + 1)
    if (name, second) in _INJECTORS:
        found.injector = f"{name} {second}"
        index = _skip_options(found, 2, _INJECTORS[name, second])
        if name in ("chamber", "aws-vault") and "--" not in _texts(found)[:index]:
            texts = _texts(found)
            index = texts.index("--") + 1 if "--" in texts else index + 1
        return _drop(found, index)
    if (name, second) in _RUNNERS:
        return _drop(found, _skip_options(found, 2, _RUNNERS[name, second]))
    if name == "uv" and second.startswith("-") and "run" in _texts(found)[1:5]:
        index = _texts(found).index("run")
        return _drop(found, _skip_options(found, index + 1, _RUNNERS["uv", "run"]))
    if name in _WRAPPERS or name in _COUNTED:
        index = _skip_options(found, 1, _WRAPPERS.get(name) or _COUNTED.get(name, ""))
        index += name in _COUNTED
        while name in ("env", "sudo", "retry") and "=" in _second(found, index):
            found.assignments.append(found.words[index])
            index += 1
        return _drop(found, index)
    return False


def _drop(found: Invocation, index: int) -> bool:
    if index >= len(found.words):
        return False
    found.words = found.words[index:]
    return True
