"""Applying edits to text, and putting the result on the disk whole or not at all."""

from __future__ import annotations

import os
import stat

from tenterhooks.core.files import Unreadable, read_bytes

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
    temporary file beside it, flushed, given its mode, renamed over it. A symlink is followed,
    but not out of the repository.

    Raises NotWritten.
    """
    target = _inside(repository, file)
    try:
        mode = stat.S_IMODE(os.stat(target).st_mode)
        temporary = _write_beside(target, data, mode)
    except OSError as error:
        raise NotWritten(f"cannot be written: {(error.strerror or 'error').lower()}") from None
    try:
        if read_bytes(target) != file.data:
            raise NotWritten("changed while it was being fixed")
        os.replace(temporary, target)
    except (OSError, Unreadable) as error:
        raise NotWritten(f"cannot be written: {error}") from None
    finally:
        _discard(temporary)
    _sync_folder(os.path.dirname(target))


def create(repository: Repository, file: File, data: bytes) -> None:
    """Make the new file ``file`` hold ``data``; never over an existing one.

    Raises NotWritten.
    """
    target = _inside(repository, file)
    try:
        temporary = _write_beside(target, data, 0o666 & ~_umask())
    except OSError as error:
        raise NotWritten(f"cannot be written: {(error.strerror or 'error').lower()}") from None
    try:
        if os.path.lexists(target):
            raise NotWritten("exists already")
        try:
            os.link(temporary, target)
        except FileExistsError:
            raise NotWritten("exists already") from None
        except OSError:  # a file system without hard links
            os.rename(temporary, target)
    except OSError as error:
        raise NotWritten(f"cannot be written: {(error.strerror or 'error').lower()}") from None
    finally:
        _discard(temporary)
    _sync_folder(os.path.dirname(target))


def _inside(repository: Repository, file: File) -> str:
    if repository.leads_out(file):
        raise NotWritten("lies outside the repository, behind a symlink")
    return os.path.realpath(file.absolute)


def _write_beside(target: str, data: bytes, mode: int) -> str:
    """A new, complete, flushed file in the folder of ``target``; returns its path."""
    import secrets

    folder, name = os.path.split(target)
    path = os.path.join(folder, f".{name[:80]}.{secrets.token_hex(6)}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, 0o600)
    try:
        with open(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(descriptor)
        os.chmod(path, mode)
    except BaseException:
        _discard(path)
        raise
    return path


def _discard(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        pass


def _sync_folder(folder: str) -> None:
    """Make the rename itself durable, where the system lets a folder be opened."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
