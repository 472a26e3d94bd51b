"""Which files the hook is for, and what each of them is."""

from __future__ import annotations

import os

from tenterhooks.core.files import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.core.files import File

# All that `identify` calls Python, by extension or by the first line of a script, and .pth.
PATTERN = r"(^|/)([^/]*\.(?i:pyw?|wsgi|tac|pyt|gypi?|f?cgi|pth)|wscript\.[^/]+|\.pdbrc|[^/.]+)$"
PYTHON, PTH = "python", "pth"
# What `identify` calls Python by the whole name, of those without an extension.
_NAMES = ("wscript",)


def kind(file: File) -> str | None:
    """PYTHON, PTH, or None for a file that is neither.

    A file without an extension is Python where its first line says so; one with another extension
    is what somebody named on the command line, and taken for Python.

    Raises Unreadable: what somebody named is a folder, or not there; silence would be a pass.
    """
    name = os.path.basename(file.path)
    if name.endswith(".pth"):
        return PTH if _is_text(file) else None
    if "." in name:
        return PYTHON
    return PYTHON if name in _NAMES or _is_script(file) else None


def _is_script(file: File) -> bool:
    try:
        data = file.data
    except Unreadable:
        if _is_plain_folder(file.absolute) or not os.path.lexists(file.absolute):
            raise
        # A submodule, a link to a folder, or too large for any script. But what must not be
        # read may be anything.
        return os.path.isfile(file.absolute) and not os.access(file.absolute, os.R_OK)
    if not data.startswith(b"#!"):
        return False
    # The whole line: blanks can push the name out of any window. `env -Spython3` is one word.
    line = data[2:].partition(b"\n")[0]
    words = [it.lstrip(b"-S\"'") for it in line.replace(b"/", b" ").split()]
    return b"uv" in words or any(it.startswith((b"python", b"pypy")) for it in words)


def _is_plain_folder(path: str) -> bool:
    """Whether it is a folder of this repository: neither a link nor a submodule."""
    if os.path.islink(path) or not os.path.isdir(path):
        return False
    try:
        names = os.listdir(path)
    except OSError:
        return True
    # A submodule that is not checked out is empty.
    return bool(names) and ".git" not in names


def _is_text(file: File) -> bool:
    """Weights of models are kept under the same extension."""
    try:
        return b"\0" not in file.data[:1024]
    except Unreadable:
        return False
