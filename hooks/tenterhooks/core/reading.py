"""The bytes of a file under check, or why there are none."""

from __future__ import annotations

import os
import stat

MAX_BYTES = 10 * 1024 * 1024


class Unreadable(Exception):
    """A file under check cannot be taken at its word; becomes a finding at its place.

    rule: ``unreadable-file`` where no text can be had of it, ``invalid-file`` where the text
    is not what its format demands.
    """

    def __init__(
        self, message: str, line: int = 1, column: int = 1, rule: str = "unreadable-file"
    ) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.rule = rule

    def told(self, shown: str) -> str:
        """One line about it, for where it does not become a finding. shown: how the user calls
        the file."""
        return f"{shown}:{self.line}:{self.column}: {self.message}"


def reason(error: OSError) -> str:
    """Why the system refused, for the end of a sentence."""
    return (error.strerror or "error").lower()


def read_bytes(path: str, limit: int = MAX_BYTES) -> bytes:
    """The content of the regular file ``path``, symlinks followed.

    Raises Unreadable: not there, a folder, a device, a loop of links, no permission, or more
    than ``limit`` bytes.
    """
    try:
        # A FIFO that a hostile repository put in a file's place would block a plain open.
        descriptor = os.open(
            path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        )
    except OSError as error:
        if os.path.isdir(path):
            raise Unreadable("is a directory, not a file") from None
        raise Unreadable(f"cannot be opened: {reason(error)}") from None
    except ValueError:
        raise Unreadable("cannot be opened: the path holds a NUL character") from None
    return read_open(descriptor, limit)


def read_open(descriptor: int, limit: int = MAX_BYTES) -> bytes:
    """The content of an open file, which is closed. Raises Unreadable."""
    try:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise Unreadable("is a directory, not a file")
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("is not a regular file")
        if status.st_size <= limit:
            with open(descriptor, "rb", closefd=False) as stream:
                data = stream.read(limit + 1)
            if len(data) <= limit:
                return data
        raise Unreadable(f"is larger than {limit // (1024 * 1024)} MB, too large to be checked")
    finally:
        os.close(descriptor)
