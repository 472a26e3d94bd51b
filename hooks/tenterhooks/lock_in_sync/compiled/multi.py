"""pip-compile-multi, which records a SHA1 of each source.

Source: pip-compile-multi 3, ``verify.py``: of the lines without comments, in order of the alphabet;
or, as it was first, of all of the file. What the source includes does not count.
"""

from __future__ import annotations

import posixpath

from tenterhooks.core.files import Unreadable
from tenterhooks.core.finding import Finding
from tenterhooks.lock_in_sync import rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File, Repository
    from tenterhooks.formats.compiled import Compiled
    from tenterhooks.lock_in_sync.compiled.inputs import Inputs


def check(
    compiled: Compiled, inputs: Inputs, repository: Repository, found: list[Finding]
) -> Iterator[Finding]:
    """A finding where the hash is another, and nothing that was found explains it."""
    if not compiled.sha1:
        return
    stem = posixpath.splitext(posixpath.basename(compiled.file.path))[0]
    source = next((path for path in inputs.roots if posixpath.basename(path) == f"{stem}.in"), "")
    explained = any(
        each.rule == rules.OUT_OF_DATE.name and each.path in (source, compiled.file.path)
        for each in found
    )
    sums = [] if explained or not source else _sums(repository.file(source))
    if sums and compiled.sha1 not in sums:
        message = f"{compiled.file.path} was made from another {source}: its SHA1 is not the same"
        fix = compiled.command[:300] or "pip-compile-multi"
        yield Finding(source, 1, 1, rules.OUT_OF_DATE.name, message, fix)


def _sums(file: File) -> list[str]:
    """The SHA1 of a source, in both ways; empty where it cannot be read."""
    import hashlib

    try:
        data, text = file.data, file.text
    except Unreadable:
        return []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    essence = "".join(sorted(line.split("#")[0].strip() for line in lines))
    return [
        hashlib.sha1(content, usedforsecurity=False).hexdigest()
        for content in (essence.encode(), data.strip())
    ]
