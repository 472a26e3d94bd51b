"""Files in a lock that bear the name of another package than the one they are listed for.

A wheel installs what it holds, whatever the lock calls it: uv compares its version alone.
Source: the binary distribution format (PEP 427) and that of sdists (PEP 625), which older ones
follow but for the spelling of the name.
"""

from __future__ import annotations

import re

from tenterhooks.core import parsed, toml
from tenterhooks.formats.locks import hashes, origins
from tenterhooks.formats.names import normal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tenterhooks.core.files import File
    from tenterhooks.formats.locks.origins import Origin

    Table = dict[str, Any]

# What `hashes` cuts out; a requirement with a URL looks the same but for the hash.
_MARK = re.compile(
    r"\n(?:\[\[packages?\]\]"
    r'|(?:    |sdist = )\{ ?(?:name = "[^"\n]*", ?)?url = "([^"\n?#]*)(?:[?#][^"\n]*)?", ?'
    r"(?:upload-time = [^,\n]*, )?(?:size = \d+, )?hash)",
)
_RUN = re.compile(r"[-_.]+")
_SDISTS = (".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz", ".tar.Z", ".tar")


def foreign(file: File) -> Iterator[tuple[Origin, str, int]]:
    """The packages of an index, with a file that is not of theirs and its offset in the text,
    one for each; the offset is negative where it is not known. Raises Unreadable."""
    if "url" not in file.text:
        return
    known = origins.load(file)
    lock = hashes.load(file)
    packages = {it.keys[1]: it for it in known.packages if not it.url and it.name}
    # A file may have both "package" and "packages".
    key = next((str(it.keys[0]) for it in packages.values()), "")
    tables = parsed.array(lock.root, key)
    has_cut = lock.has_cut('url = "')
    blocks = list(_blocks(file.text)) if has_cut else []
    if has_cut and len(blocks) != len(tables):
        # Not as a machine writes it: read all of it.
        tables = parsed.array(toml.load(file), key)
        blocks = []
    for number, package in packages.items():
        urls = [(url, -1) for url in _urls(tables[number])] if isinstance(number, int) else []
        urls += blocks[number] if isinstance(number, int) and number < len(blocks) else []
        name = normal(package.name)
        wheel = _RUN.sub("_", package.name) + "-"
        for url, offset in urls:
            base = url.rpartition("/")[2]
            if not base.startswith(wheel) and _is_foreign(base, name):
                yield package, base, offset
                break


def _blocks(text: str) -> Iterator[list[tuple[str, int]]]:
    """The URLs of each package, with their offsets."""
    urls: list[tuple[str, int]] | None = None
    for mark in _MARK.finditer(text):
        if mark[1] is None:
            if urls is not None:
                yield urls
            urls = []
        elif urls is not None:
            urls.append((mark[1], mark.start(1)))
    if urls is not None:
        yield urls


def _urls(table: Table) -> Iterator[str]:
    """Those that the document has."""
    for item in hashes.listed_files(table):
        url = parsed.text(item, "url")
        if url:
            yield url.partition("#")[0].partition("?")[0]


def _is_foreign(base: str, name: str) -> bool:
    """Whether a file is of another package; False where its name says nothing, and no installer
    would take it."""
    if "-" not in base:
        return False
    if base.endswith(".whl"):
        return normal(base.partition("-")[0]) != name
    if not base.endswith(_SDISTS):
        return False
    rest = normal(base).removeprefix(name + "-").removeprefix("v")
    return not rest[:1].isdigit() or not normal(base).startswith(name + "-")
