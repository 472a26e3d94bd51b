"""TH102: a program installs packages while it runs.

What it gets was in no lock file, was hashed by nobody, and is whatever the index has that day.

Source: pip documentation, "Secure installs" and "Using pip from your program".
"""

from __future__ import annotations

import ast
import re

from tenterhooks.bandit.detections import commands, flow, names, trees
from tenterhooks.bandit.detections.plugin import (
    HIGH,
    LOW,
    MEDIUM,
    NO_INTEGRITY_CHECK,
    detection,
    found,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tenterhooks.bandit.detections.plugin import Context, Issue

_MAINS = (
    "pip.main",
    "pip._internal.main",
    "pip._internal.main.main",
    "pip._internal.cli.main.main",
    "pip._internal.cli.main",
)
_EASY = "setuptools.command.easy_install.main"
_NAMES = commands.NAMES | {"main", ""}
_PIP = re.compile(r"(?:.*[/\\])?(?:pip|pipx)(?:[0-9][0-9.]*)?(?:\.exe)?", re.DOTALL)
# A variable: `pip_path`, `VENV_PIP`, not `pipenv` or `pipeline`.
_CALLED_PIP = re.compile(r"pip(?!e)", re.IGNORECASE)
_EASY_INSTALL = re.compile(r"(?:.*[/\\])?easy_install(?:-[0-9.]+)?(?:\.exe)?", re.DOTALL)
_MODULE = re.compile(r"-[A-Za-z]{0,8}m")
_UV = re.compile(r"(?:.*[/\\])?uv(?:\.exe)?", re.DOTALL)
# What may stand before the command itself.
_PREFIXES = frozenset({"sudo", "exec", "nohup", "time", "command", "env", "-H", "-E", "nice"})
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
_HARMLESS = frozenset({"--require-hashes", "--no-index", "--dry-run", "-h", "--help"})
# Options of pip that are followed by a value which is no requirement.
_VALUED = frozenset(
    {
        "-t", "--target", "-i", "--index-url", "--extra-index-url", "-f", "--find-links",
        "--prefix", "--root", "--cache-dir", "--timeout", "--trusted-host", "--log",
        "--upgrade-strategy", "--progress-bar", "--python", "-c", "--constraint", "--proxy",
        "--only-binary", "--no-binary", "--platform", "--python-version", "--retries",
    }
)  # fmt: skip
_EDITABLE = ("-e", "--editable")
_LOCAL = re.compile(r"\.{1,2}(?:$|[/\\\[])|/|file:|.*\.(?:whl|tar\.gz)$", re.DOTALL)
_PINNED = re.compile(r"[^=<>!~;]+===?[^=*]+$")


@detection("TH102", "Call", names=_NAMES)
def runtime_install(context: Context) -> Issue:
    if context.call_function_name not in _NAMES and context.call_function_name_qual not in _MAINS:
        return None
    call, aliases = context.node, context.import_aliases
    name = names.spelled(call.func, aliases)
    if name in _MAINS or name == _EASY:
        return _in_process(call, name)
    command = commands.started(call, aliases)
    if command is None:
        return None
    for words in command.lists:
        wanted = _installed(words)
        if wanted is not None:
            return _issue(wanted, HIGH if command.shell is None else MEDIUM)
        if words[:2] == [names.HOLE, "install"] and _is_called_pip(call, aliases):
            return _issue(words[2:], MEDIUM)
    return None


def _is_called_pip(call: ast.Call, aliases: Mapping[str, str]) -> bool:
    """Whether the first word of the command is a variable that is called after pip, as in
    ``[pip_path, "install", name]``."""
    words = commands.argument_of(call, aliases)
    if len(words) == 1:
        words = [it for value in flow.values(words[0], call) for it in getattr(value, "elts", ())]
    first = words[0] if words else None
    if not isinstance(first, (ast.Name, ast.Attribute)):
        return False
    return _CALLED_PIP.search(trees.last_name(first)) is not None


def _in_process(call: ast.Call, name: str) -> Issue:
    given = names.argument(call, 0, "argv" if name == _EASY else "args")
    words = None if given is None else commands.words_of(given, call)
    if name == _EASY:
        return _issue(words or [], HIGH)
    if not words:
        return None
    wanted = _after_pip(words)
    return None if wanted is None else _issue(wanted, HIGH)


def _installed(words: Sequence[str]) -> list[str] | None:
    """What follows ``install`` in a command that is pip's, or None."""
    for place, word in enumerate(words[:40]):
        if _PIP.fullmatch(word) and _begins(words[:place]):
            return _after_pip(words[place + 1 :])
        if _EASY_INSTALL.fullmatch(word) and _begins(words[:place]):
            return list(words[place + 1 :])
    return None


def _begins(before: Sequence[str]) -> bool:
    """Whether a command may start after these words: ``python -m``, ``uv``, ``sudo``."""
    if before and _MODULE.fullmatch(before[-1]):
        return True
    # A variable before pip is uv, or something else that runs it.
    if before and (_UV.fullmatch(before[-1]) or before == [names.HOLE]):
        before = before[:-1]
    return all(word in _PREFIXES or _ASSIGNMENT.match(word) for word in before)


def _after_pip(words: Sequence[str]) -> list[str] | None:
    for place, word in enumerate(words):
        if word == "install":
            return list(words[place + 1 :])
        if not word.startswith("-"):
            return None
    return None


def _issue(words: list[str], confidence: str) -> Issue:
    if _HARMLESS.intersection(words):
        return None
    severity = LOW if _is_bounded(words) else MEDIUM
    return found(
        "Packages are installed while the program runs: nobody locked or hashed what it gets. "
        "Declare them as dependencies, or install with --require-hashes -r a locked file.",
        severity,
        NO_INTEGRITY_CHECK,
        confidence,
    )


def _is_bounded(words: Sequence[str]) -> bool:
    """Whether only local files, pinned versions or a requirements file are asked for."""
    bounded = False
    skipped = False
    for place, word in enumerate(words):
        if skipped:
            skipped = False
        elif word in ("-r", "--requirement") or word.startswith(("-r", "--requirement=")):
            bounded = True
            skipped = word in ("-r", "--requirement")
        elif word in _VALUED:
            skipped = True
        elif not word.startswith("-"):
            project = place and words[place - 1] in _EDITABLE and word.startswith(names.HOLE)
            if not (project or _LOCAL.match(word) or _PINNED.match(word)):
                return False
            bounded = True
    return bounded
