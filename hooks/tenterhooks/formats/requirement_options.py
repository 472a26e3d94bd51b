"""The options that a line of a requirements file can hold, as pip reads them.

Source: pip 26.3, ``pip/_internal/req/req_file.py`` and ``cli/cmdoptions.py``.
"""

from __future__ import annotations

import re

from tenterhooks.core.patterns import lazy

# What shlex takes apart: blanks, plain text, quoted text, an escaped character; else an error.
_SHELL = lazy(
    r"""(?P<blank>[ \t]+)|(?P<plain>[^ \t"'\\]+)|'(?P<single>[^']*)'"""
    r"""|"(?P<double>[^"\\]*(?:\\.[^"\\]*)*)"|\\(?P<escaped>.)|(?P<open>.)""",
    re.DOTALL,
)
_ESCAPED = lazy(r"""\\(["\\])""")

# Whether an option takes a value. Long ones may be shortened as far as they stay unambiguous.
_LONG = {
    "--index-url": True,
    "--pypi-url": True,
    "--extra-index-url": True,
    "--no-index": False,
    "--constraint": True,
    "--requirement": True,
    "--editable": True,
    "--find-links": True,
    "--no-binary": True,
    "--only-binary": True,
    "--prefer-binary": False,
    "--require-hashes": False,
    "--no-require-hashes": False,
    "--pre": False,
    "--all-releases": True,
    "--only-final": True,
    "--trusted-host": True,
    "--use-feature": True,
    "--hash": True,
    "--config-settings": True,
}
_SHORT = {
    "-i": "--index-url",
    "-c": "--constraint",
    "-r": "--requirement",
    "-e": "--editable",
    "-f": "--find-links",
    "-C": "--config-settings",
}
_SAME = {"--pypi-url": "--index-url"}
# They refuse what looks like an option for their value; the others take it.
_NAMES = {"--no-binary", "--only-binary", "--all-releases", "--only-final"}
# What pip's parser accepts for --hash; anything else is an error there.
HASHES = {"sha256": 64, "sha384": 96, "sha512": 128}


def words(text: str) -> list[str]:
    """As shlex splits, which is quadratic and takes 20 ms to import. Raises ValueError: a quotation
    without an end."""
    if text.isascii() and not any(mark in text for mark in "\"'\\\x1f"):
        return text.split()  # what nearly every line is, ten times as fast
    words: list[str] = []
    parts: list[str] = []
    for piece in _SHELL.finditer(text):
        kind = piece.lastgroup
        if kind == "open":
            raise ValueError("a quotation or a backslash has no end")
        if kind != "blank":
            said = piece[kind or 0]
            parts.append(_ESCAPED.sub(r"\1", said) if kind == "double" else said)
        elif parts:
            words.append("".join(parts))
            parts = []
    if parts:
        words.append("".join(parts))
    return words


def options(words: list[str]) -> dict[str, list[str]]:
    """As optparse reads them: what is no option there is dropped without a word."""
    found: dict[str, list[str]] = {}
    queue = list(reversed(words))
    while queue:
        word = queue.pop()
        if word.startswith("--hash=sha256:"):  # nearly all of them
            found.setdefault("--hash", []).append(word[7:])
            continue
        if word == "--":
            break
        option = _option(word)
        if option is None:
            continue
        name, has_value, value = option
        if not _LONG[name]:
            if has_value:
                raise ValueError(f"{name} takes no value")
        elif not has_value:
            if not queue:
                raise ValueError(f"{name} lacks its value")
            value = queue.pop()
        _check(name, value)
        found.setdefault(_SAME.get(name, name), []).append(value)
    return found


def _option(word: str) -> tuple[str, bool, str] | None:
    """The long name of an option, whether it brings its value along, and that; None for a word
    that is no option."""
    if word.startswith("--"):
        name, equals, value = word.partition("=")
        return _whole_name(name), bool(equals), value
    if not word.startswith("-") or len(word) < 2:
        return None
    if word[:2] not in _SHORT:
        raise ValueError(f"no such option: {word[:2]}")
    return _SHORT[word[:2]], len(word) > 2, word[2:]


def _whole_name(name: str) -> str:
    if name in _LONG:
        return name
    fitting = [whole for whole in _LONG if whole.startswith(name)]
    if len(fitting) != 1:
        problem = "ambiguous option" if fitting else "no such option"
        raise ValueError(f"{problem}: {name}")
    return fitting[0]


def _check(name: str, value: str) -> None:
    if name == "--hash":
        algorithm, separator, _ = value.partition(":")
        if not separator:
            raise ValueError("--hash takes sha256:<digest>, sha384:<digest> or sha512:<digest>")
        if algorithm not in HASHES:
            raise ValueError(f"--hash does not take {algorithm}, only {', '.join(HASHES)}")
    elif name == "--config-settings" and "=" not in value:
        raise ValueError(f"{name} takes KEY=VALUE")
    elif name in _NAMES and value.startswith("-"):
        raise ValueError(f"{name} lacks its value")
