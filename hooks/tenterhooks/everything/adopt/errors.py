"""What stops an adoption."""

from __future__ import annotations


class Stopped(Exception):
    """It cannot go on; the text says why, and what to do."""
