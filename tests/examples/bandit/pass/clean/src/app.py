"""Nothing in here is worth a word."""

import hashlib


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
