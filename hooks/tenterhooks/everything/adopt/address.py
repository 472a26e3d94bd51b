"""Spellings of the address of a git repository."""

from __future__ import annotations

import re

import tenterhooks

_ADDRESS = re.compile(
    r"(?:[a-z][a-z+]*://)?(?:[^@/\s]*@)?(?:www\.)?([^:/\s]+)(?::\d+(?=/))?[:/]+(\S+)", re.IGNORECASE
)


def is_ours(address: str | None) -> bool:
    """Whether an address, in any spelling, is that of this project."""
    return address is not None and _place(address) == _place(tenterhooks.HOME)


def _place(address: str) -> tuple[str, str]:
    match = _ADDRESS.fullmatch(address.strip())
    if not match:
        return "", address
    path = match.group(2).rstrip("/").lower().removesuffix(".git")
    return match.group(1).lower(), path
