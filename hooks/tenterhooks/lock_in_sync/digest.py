"""SHA-256 without hashlib, which loads OpenSSL: that takes 3 ms, and nothing here needs it."""

from __future__ import annotations

# The module of CPython that has it, since 3.12 and before; other Pythons may have neither.
_MODULES = ("_sha2", "_sha256")


def sha256(text: str, errors: str = "strict") -> str:
    """The digest of a text in UTF-8, in hex."""
    data = text.encode("utf-8", errors)
    for name in _MODULES:
        try:
            return str(__import__(name).sha256(data).hexdigest())
        except (ImportError, AttributeError):
            continue
    import hashlib

    return hashlib.sha256(data).hexdigest()
