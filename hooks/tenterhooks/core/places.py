"""Where a file is to be written: its folder, held open, and what may be done there.

Whoever swaps one of the folders for a symlink in between does not lead the writing out of the
repository, where the system opens files by the descriptor of their folder (all but Windows).
"""

from __future__ import annotations

import os
import stat

from tenterhooks.core.reading import read_open

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Self

_BY_DESCRIPTOR = {os.open, os.rename, os.unlink} <= os.supports_dir_fd
_CHMOD_BY_DESCRIPTOR = os.chmod in os.supports_fd
_BINARY = getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
# A FIFO in the file's place would block a plain open.
_READ = os.O_RDONLY | _BINARY | _NO_LINK | getattr(os, "O_NONBLOCK", 0)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY
# To write in a folder takes no right to list it.
_FOLDER = getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_PATH", os.O_RDONLY)
_ACL = "system.posix_acl_access"


class Permissions:
    """Who may do what with a file. mode: never more than rwx; to write a file that runs as its
    owner, or that has capabilities, takes these from it, as the system itself has it.

    owner: user and group, or None for those of this process. acl: as the system keeps it.
    """

    __slots__ = ("acl", "mode", "owner")

    def __init__(
        self, mode: int, owner: tuple[int, int] | None = None, acl: bytes | None = None
    ) -> None:
        self.mode = mode & 0o777
        self.owner = owner
        self.acl = acl


def for_new() -> Permissions:
    """Those that any new file gets."""
    mask = os.umask(0o077)
    os.umask(mask)
    return Permissions(0o666 & ~mask)


class Place:
    """A path without symlinks; a context, in which its folder stays open.

    All that is done there raises OSError.
    """

    __slots__ = ("_descriptor", "_folder", "_name", "_top")

    def __init__(self, top: str, path: str) -> None:
        """top: a folder above ``path``, which itself is taken as it is."""
        self._top = top
        self._folder, self._name = os.path.split(path)
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        if _BY_DESCRIPTOR:
            inner = os.path.relpath(self._folder, self._top).split(os.sep)
            self._descriptor = os.open(self._top, _FOLDER)
            for name in inner if inner != ["."] else ():
                self._descend(name)
        return self

    def __exit__(self, *_: object) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _descend(self, name: str) -> None:
        outer = self._descriptor
        try:
            self._descriptor = os.open(name, _FOLDER | _NO_LINK, dir_fd=outer)
        finally:
            os.close(outer)  # type: ignore[arg-type]

    def _at(self, name: str) -> str:
        """``name`` as the system is to be told it, beside the descriptor."""
        return os.path.join(self._folder, name) if self._descriptor is None else name

    def permissions(self) -> Permissions:
        """Those of the file that is there."""
        status = os.stat(self._at(self._name), dir_fd=self._descriptor, follow_symlinks=False)
        acl = None
        if hasattr(os, "getxattr"):
            descriptor = self._open(self._name, _READ)
            try:
                acl = os.getxattr(descriptor, _ACL)
            except OSError:
                pass
            finally:
                os.close(descriptor)
        owner = (status.st_uid, status.st_gid)
        return Permissions(stat.S_IMODE(status.st_mode), owner, acl)

    def read(self) -> bytes:
        """What the file holds. Raises Unreadable, too."""
        return read_open(self._open(self._name, _READ))

    def write_beside(self, data: bytes, permissions: Permissions) -> str:
        """The name of a new, complete, flushed file beside the one at this place."""
        import secrets

        name = f".{self._name[:80]}.{secrets.token_hex(6)}.tmp"
        descriptor = self._open(name, _CREATE)
        try:
            with open(descriptor, "wb") as stream:
                stream.write(data)
                stream.flush()
                self._permit(descriptor, name, permissions)
                os.fsync(descriptor)
        except BaseException:
            self.discard(name)
            raise
        return name

    def rename(self, name: str) -> None:
        """Let the file beside take this place, whatever is there."""
        both: dict[str, Any] = {"src_dir_fd": self._descriptor, "dst_dir_fd": self._descriptor}
        os.replace(self._at(name), self._at(self._name), **both)

    def link(self, name: str) -> None:
        """Let the file beside stand here, too. Raises FileExistsError: something is here."""
        both: dict[str, Any] = {"src_dir_fd": self._descriptor, "dst_dir_fd": self._descriptor}
        try:
            os.link(self._at(name), self._at(self._name), **both)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            if self.kind():
                raise FileExistsError from None
            os.rename(self._at(name), self._at(self._name), **both)

    def kind(self) -> int:
        """Of what is there, the type as in ``st_mode``; 0 where nothing is."""
        try:
            status = os.stat(self._at(self._name), dir_fd=self._descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return 0
        return stat.S_IFMT(status.st_mode)

    def discard(self, name: str) -> None:
        """Remove the file beside, if it is there."""
        try:
            os.unlink(self._at(name), dir_fd=self._descriptor)
        except OSError:
            pass

    def sync(self) -> None:
        """Make the renaming itself durable, where the system lets a folder be opened."""
        try:
            descriptor = os.open(self._at("."), os.O_RDONLY, dir_fd=self._descriptor)
        except OSError:
            return
        try:
            os.fsync(descriptor)
        except OSError:
            pass
        finally:
            os.close(descriptor)

    def _open(self, name: str, flags: int) -> int:
        return os.open(self._at(name), flags, 0o600, dir_fd=self._descriptor)

    def _permit(self, descriptor: int, name: str, permissions: Permissions) -> None:
        mode = permissions.mode
        if permissions.owner is not None and not _own(descriptor, permissions.owner):
            # Another group than the one that was meant gets what all others get.
            mode = mode & 0o707 | (mode & 0o007) << 3
        os.chmod(descriptor if _CHMOD_BY_DESCRIPTOR else self._at(name), mode)
        if permissions.acl is not None:
            os.setxattr(descriptor, _ACL, permissions.acl)


def _own(descriptor: int, owner: tuple[int, int]) -> bool:
    """Give an open file its owner, as far as we may; whether it is of that group now."""
    if not hasattr(os, "fchown"):
        return True
    status = os.fstat(descriptor)
    if (status.st_uid, status.st_gid) == owner:
        return True
    for user in (owner[0], -1):
        try:
            os.fchown(descriptor, user, owner[1])
            return True
        except OSError:
            continue
    return status.st_gid == owner[1]
