"""What a script says about itself in a comment (PEP 723)."""

from __future__ import annotations

import re

from tenterhooks.core.files import File

_OPENING = re.compile(r"^# /// script[ \t]*\r?$", re.MULTILINE)


def block(script: File) -> File | None:
    """The block ``# /// script`` as a TOML document, every line where it is in the script; None
    where there is none. Raises Unreadable."""
    return script.once(_block)


def _block(script: File) -> File | None:
    found = _OPENING.search(script.text)
    if found is None:
        return None
    lines = script.text[found.end() :].split("\n")[1:]
    last = 0
    inside = []
    for number, raw in enumerate(lines):
        line = raw.rstrip("\r")
        if line != "#" and not line.startswith("# "):
            break
        if line.rstrip() == "# ///":
            last = number
        inside.append(line)
    before = script.text.count("\n", 0, found.end()) + 1
    # Two blanks in the place of what makes it a comment, so that columns are right as well.
    text = "\n" * before + "\n".join("  " + line[2:] for line in inside[:last])
    return File(script.path, script.absolute, script.shown, text.encode())
