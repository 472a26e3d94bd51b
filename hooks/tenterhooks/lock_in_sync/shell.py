"""Commands as somebody types them who does what a finding says."""

from __future__ import annotations

import re

from tenterhooks.core.patterns import lazy

_PLAIN = lazy(r"[\w./+-]+", re.ASCII)


def in_folder(command: str, folder: str) -> str:
    """A command as it is to be run from the top."""
    return f"(cd {quoted(folder)} && {command})" if folder else command


def quoted(text: str) -> str:
    """A name as one word of a shell: the repository chose it."""
    return text if _PLAIN.fullmatch(text) else "'" + text.replace("'", "'\\''") + "'"
