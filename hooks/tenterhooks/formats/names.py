"""Names of packages, which have many spellings."""

from __future__ import annotations

import functools
import re

_RUN = re.compile("[-_.]+")


@functools.lru_cache(8192)
def normal(name: str) -> str:
    """A name as PEP 503 writes it."""
    return _RUN.sub("-", name).lower()
