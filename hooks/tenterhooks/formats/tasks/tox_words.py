"""What tox writes in place of ``{...}``, in INI and in TOML alike.

Source: tox 4 documentation, "Configuration", "Substitutions".
"""

from __future__ import annotations

import re

from tenterhooks.formats.tasks.common import MAX_DEPTH, is_name, quoted, reference

_INNERMOST = re.compile(r"(?<!\\)\{([^{}\n]*)\}")
_OPEN, _CLOSE = "\x01", "\x02"
_ESCAPED = re.compile(r"\\([{}#])")


class Words:
    """Substitutes for one environment. name: its name. given: what stands behind ``--``.
    root: the way from its working folder to the folder of the configuration."""

    __slots__ = ("given", "name", "root")

    def __init__(self, name: str, given: list[str], root: str = ".") -> None:
        self.name = name
        self.given = given
        self.root = root

    def command(self, text: str) -> str:
        """One command as a shell would be given it, without tox's marks before it."""
        bare = text.lstrip("-! \t") if text[:1] in ("-", "!") else text
        return self.filled(bare)

    def filled(self, text: str) -> str:
        """``text`` with all that can be known substituted; what cannot stays in its braces."""
        if "{" not in text:
            return text
        for _ in range(MAX_DEPTH):
            filled = _INNERMOST.sub(self._one, text)
            if filled == text:
                break
            text = filled
        text = text.replace(_OPEN, "{").replace(_CLOSE, "}")
        return _ESCAPED.sub(r"\1", text).strip()

    def _one(self, match: re.Match[str]) -> str:
        kind, _, rest = match[1].partition(":")
        if kind == "posargs":
            return " ".join(map(quoted, self.given)) or rest
        if kind == "env":
            name, _, default = rest.partition(":")
            if not is_name(name):
                return f"{_OPEN}{match[1]}{_CLOSE}"
            return reference(name, default).replace("{", _OPEN).replace("}", _CLOSE)
        return self._known(match[1])

    def _known(self, name: str) -> str:
        if name in ("toxinidir", "tox_root"):
            return self.root
        if name in ("envname", "env_name"):
            return self.name
        if name in ("envpython", "env_python"):
            return "python"
        if name in ("/", ":"):
            return name
        return f"{_OPEN}{name}{_CLOSE}"
