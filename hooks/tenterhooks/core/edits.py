"""Applying edits to text, and putting the result on the disk whole or not at all."""

from __future__ import annotations

import os

from tenterhooks.core.files import Unreadable
from tenterhooks.core.places import Place, for_new
from tenterhooks.core.reading import reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenterhooks.core.files import File, Repository
    from tenterhooks.core.finding import Edit


class NotWritten(Exception):
    """The fix was not written; the text says why. The original is untouched."""


def apply(text: str, edits: Iterable[Edit]) -> str:
    """``text`` with all ``edits`` made; the same edit twice counts once.

    Raises NotWritten where two different edits overlap, or are for the very same place.
    """
    unique = {(edit.start, edit.end, edit.replacement) for edit in edits}
    pieces = []
    position = 0
    last = None
    for start, end, replacement in sorted(unique):
        if start < position or (start, end) == last:
            raise NotWritten("two fixes overlap")
        pieces += [text[position:start], replacement]
        position = end
        last = (start, end)
    return "".join([*pieces, text[position:]])


def encode(file: File, text: str) -> bytes:
    """The bytes of ``text`` as ``file`` keeps them: UTF-8, with its byte order mark if any."""
    return (b"\xef\xbb\xbf" if file.has_bom else b"") + text.encode("utf-8")


def replace(repository: Repository, file: File, data: bytes) -> None:
    """Put ``data`` in the place of ``file``, if the disk still holds what was read: written to a
    temporary file beside it, given its permissions, flushed, renamed over it. A symlink is
    followed, but not out of the repository.

    Raises NotWritten.
    """
    try:
        with _place(repository, file) as place:
            temporary = place.write_beside(data, place.permissions())
            try:
                if place.read() != file.data:
                    raise NotWritten("changed while it was being fixed")
                place.rename(temporary)
            finally:
                place.discard(temporary)
            place.sync()
    except (OSError, Unreadable) as error:
        raise _not_written(error) from None


def create(repository: Repository, file: File, data: bytes) -> None:
    """Make the new file ``file`` hold ``data``; never over an existing one.

    Raises NotWritten.
    """
    try:
        with _place(repository, file) as place:
            temporary = place.write_beside(data, for_new())
            try:
                place.link(temporary)
            finally:
                place.discard(temporary)
            place.sync()
    except FileExistsError:
        raise NotWritten("exists already") from None
    except OSError as error:
        raise _not_written(error) from None


def _place(repository: Repository, file: File) -> Place:
    """Raises NotWritten."""
    if repository.leads_out(file):
        raise NotWritten("lies outside the repository, behind a symlink")
    return Place(os.path.realpath(repository.top), os.path.realpath(file.absolute))


def _not_written(error: OSError | Unreadable) -> NotWritten:
    what = error.message.lower() if isinstance(error, Unreadable) else reason(error)
    return NotWritten(f"cannot be written: {what}")
