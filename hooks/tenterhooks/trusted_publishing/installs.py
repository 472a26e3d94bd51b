"""What a command installs or builds, and whether anything says which version."""

from __future__ import annotations

import os
import posixpath
import re

from tenterhooks.core.files import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tenterhooks.core.files import Repository
    from tenterhooks.formats.requirements import Line
    from tenterhooks.trusted_publishing.wrappers import Invocation

_BUILDERS = ("uv", "poetry", "hatch", "pdm", "flit", "maturin", "rye")
_VALUED = {
    *("-r", "--requirement", "--requirements", "-c", "--constraint", "--constraints"),
    *("-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--python", "-p"),
    *("-t", "--target", "--prefix", "--root", "--python-version", "--platform", "--only-binary"),
    *("--no-binary", "--index", "--default-index", "--with", "--pip-args", "-e", "--editable"),
    *("--group", "--extra", "--only-group"),
}
_LOCKING = {"--require-hashes", "--no-index", "--no-deps"}
_PINNED = re.compile(r"[^=<>!~]+==(?!.*\*)|.*@[0-9a-f]{40}\b|.*#sha256=")
_LOCAL = re.compile(r"(?!.*://).*/|.*\.(whl|tar\.gz)$|\*")


def builds(name: str, words: Sequence[str]) -> str:
    """The name of the command when it builds a package, else ""."""
    second = next((word for word in words[1:] if not word.startswith("-")), "")
    if name in ("build", "pyproject-build", "cibuildwheel"):
        return "`python -m build`" if name == "build" else name
    if name in _BUILDERS and second == "build":
        return f"{name} build"
    if name == "setup.py" and {"sdist", "bdist_wheel", "bdist", "bdist_egg"} & set(words):
        return name
    return "pip wheel" if name in ("pip", "pip3") and second == "wheel" else ""


def unlocked(invocation: Invocation, repository: Repository) -> str:
    """What is installed without a version, in words, or ""."""
    words = [word.text for word in invocation.words]
    arguments = _arguments(invocation.name, words)
    if arguments is None or _LOCKING & set(words):
        return ""
    given = {"-c", "--constraint", "--constraints"} & {word.partition("=")[0] for word in words}
    loose = [] if given else list(_loose(arguments, repository))
    if not loose:
        return ""
    what = "what this project depends on" if loose[0] == "." else loose[0][:80]
    return f"{words[0]} installs {what}"


def _arguments(name: str, words: Sequence[str]) -> list[str] | None:
    """The words behind ``install``; None where a command installs nothing."""
    if name in ("pip", "pip3", "pipx") and "install" in words[1:3]:
        return list(words[words.index("install") + 1 :])
    if name == "uv" and words[1:3] in (["pip", "install"], ["tool", "install"]):
        return list(words[3:])
    return None


def _loose(arguments: Sequence[str], repository: Repository) -> Iterator[str]:
    """The requirements that no version is said of."""
    before = ""
    for word in arguments:
        option, before = before, word
        name, equals, value = word.partition("=")
        if word.startswith("-"):
            if equals and name in ("-r", "--requirement", "--requirements"):
                yield from _loose_in(value, repository)
        elif option in ("-r", "--requirement", "--requirements"):
            yield from _loose_in(word, repository)
        elif option in _VALUED and option not in ("-e", "--editable"):
            continue
        elif not _PINNED.match(word) and not _LOCAL.match(word) and "$" not in word:
            yield word


def _loose_in(path: str, repository: Repository) -> Iterator[str]:
    """A requirements file of the repository with a line that is not pinned."""
    for line in lines_of(path, repository):
        pinned = line.hashes or _PINNED.match(line.arguments)
        if line.arguments and not pinned:
            yield f"{path}, where {line.arguments[:60]} is not pinned"
            return


def lines_of(path: str, repository: Repository) -> Sequence[Line]:
    """The lines of a requirements file of the repository; none where there is no such file."""
    file = repository.file(posixpath.normpath(path))
    if "$" in path or repository.leads_out(file) or not os.path.isfile(file.absolute):
        return ()
    from tenterhooks.formats import requirements

    try:
        return requirements.load(file).lines
    except Unreadable:
        return ()
