"""The command in the header of a compiled file, word by word.

Source: ``pip-compile --help`` of pip-tools 7.6; ``uv pip compile --help`` and ``uv export --help``
of uv 0.13: which options take a value, and which are short for which.
"""

from __future__ import annotations

from tenterhooks.formats.requirement_options import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

PIP_COMPILE, UV_COMPILE, UV_EXPORT = "pip-compile", "uv pip compile", "uv export"

_OPTIONS = """
    --output-file --constraint --constraints --override --overrides --exclude --excludes
    --build-constraint --build-constraints --extra --group --only-group --no-group
    --no-emit-package --no-install-package --only-emit-package --unsafe-package --python
    --python-version --python-platform --index-url --extra-index-url --index --default-index
    --find-links --index-strategy --keyring-provider --upgrade-package --upgrade-group
    --resolution --prerelease --fork-strategy --config-setting --config-settings
    --config-settings-package --no-build-isolation-package --exclude-newer --exclude-newer-package
    --link-mode --annotation-style --custom-compile-command --format --no-binary --only-binary
    --no-binary-package --no-build-package --cache-dir --directory --project --config-file --color
    --allow-insecure-host --trusted-host --torch-backend --package --prune --reinstall-package
    --refresh-package --no-sources-package --cert --client-cert --config --max-rounds --newline
    --pip-args --resolver --uploaded-prior-to --prerelease-package
    --no-editable-package --no-extra --build-deps-for --extra-build-dependencies --script --env-file
"""
_VALUED = frozenset(_OPTIONS.split())
_SAME = {
    "--constraints": "--constraint",
    "--overrides": "--override",
    "--excludes": "--exclude",
    "--no-install-package": "--no-emit-package",
    "--no-emit-workspace-members": "--no-emit-workspace",
    "--no-install-project": "--no-emit-project",
    "--no-install-workspace": "--no-emit-workspace",
    "--no-install-local": "--no-emit-local",
    "--python": "--python-version",
}
_SHORT = {"-o": "--output-file", "-c": "--constraint", "-i": "--index-url", "-f": "--find-links"}
_SHORT_UV = {
    **_SHORT,
    "-p": "--python-version",
    "-b": "--build-constraint",
    "-P": "--upgrade-package",
    "-C": "--config-setting",
}
_SHORT_PIP = {**_SHORT, "-P": "--upgrade-package"}
_ENDS = ("&&", "||", ";", "|")


class Command:
    """tool: one of the constants above. sources: its arguments. options: long name -> values,
    empty texts for flags."""

    def __init__(self, tool: str, arguments: list[str]) -> None:
        self.tool = tool
        self.sources: list[str] = []
        self.options: dict[str, list[str]] = {}
        self._short = _SHORT_PIP if tool == PIP_COMPILE else _SHORT_UV
        self._read(arguments)

    def values(self, name: str) -> list[str]:
        """What an option was given, each time."""
        return self.options.get(name, [])

    def last(self, name: str) -> str:
        return (self.options.get(name) or [""])[-1]

    def has(self, name: str) -> bool:
        return name in self.options

    def _read(self, arguments: list[str]) -> None:
        queue = iter(arguments)
        for word in queue:
            if word == "--":
                self.sources += queue
            elif word.startswith("-") and word != "-":
                self._option(word, queue)
            else:
                self.sources.append(word)

    def _option(self, word: str, queue: Iterator[str]) -> None:
        name, equals, value = word.partition("=")
        if not word.startswith("--"):
            name, value = self._short.get(word[:2], word), word[2:]
            equals = value if word[:2] in self._short else ""
        # `uv export` knows --no-binary as a flag.
        if not equals and name in _VALUED and (name, self.tool) != ("--no-binary", UV_EXPORT):
            value = next(queue, "")
        self.options.setdefault(_SAME.get(name, name), []).append(value)


def parse(text: str) -> Command | None:
    """The command of a header; None where it is not one of the three tools' own."""
    try:
        found = words(text)
    except ValueError:
        return None
    tool, start = _tool(found)
    # Behind that are arguments of a program that does who knows what.
    if "--" in found[:start]:
        return None
    if not tool:
        return None
    end = next((n for n, word in enumerate(found) if n > start and word in _ENDS), len(found))
    return Command(tool, found[start:end])


def _tool(found: list[str]) -> tuple[str, int]:
    """Which tool, and where its arguments begin."""
    for index, word in enumerate(found[:12]):
        name = word.replace("\\", "/").rpartition("/")[2]
        if name in ("pip-compile", "pip-compile.exe"):
            return PIP_COMPILE, index + 1
        following = found[index + 1 : index + 3]
        if name == "-m" and following == ["piptools", "compile"]:
            return PIP_COMPILE, index + 3
        if name in ("uv", "uv.exe"):
            if following == ["pip", "compile"]:
                return UV_COMPILE, index + 3
            if following[:1] == ["export"]:
                return UV_EXPORT, index + 2
    return "", 0
