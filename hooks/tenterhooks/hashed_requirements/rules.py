"""The rules of ``hashed-requirements``."""

from __future__ import annotations

from tenterhooks.core.finding import Rule
from tenterhooks.formats.locks.weak import LOCK_WEAK_HASH

MISSING_HASH = Rule("missing-hash", "A requirements file that must be hashed has no hash at all.")
PARTIALLY_HASHED = Rule(
    "partially-hashed", "Some requirements have hashes and this one has none: pip refuses them all."
)
UNPINNED = Rule("unpinned-requirement", "A requirement of a hashed file is not pinned by ==.")
WEAK_HASH = Rule(
    "weak-hash",
    "A hash is of a weak kind, malformed, or in a place where it does not switch hash mode on.",
    fixable=True,
)
DROPPED_HASH = Rule("dropped-hash", "A hash stands there that pip does not see.", fixable=True)
UNHASHABLE = Rule("unhashable-requirement", "pip refuses this kind of requirement in hash mode.")
MUTABLE = Rule("mutable-reference", "A URL or repository is named whose content can change.")
HASH_MODE_OFF = Rule("hash-mode-off", "A file switches the check of hashes off.")
UNSAFE_OPTION = Rule("unsafe-option", "An option lets somebody else supply the packages.")
MISSING_INCLUDE = Rule(
    "missing-include", "What -r or -c names is not there, or where it cannot be checked."
)
CONFLICTING_PINS = Rule(
    "conflicting-pins", "One name is pinned to two versions for the same environment."
)
RULES = (
    MISSING_HASH,
    PARTIALLY_HASHED,
    UNPINNED,
    WEAK_HASH,
    DROPPED_HASH,
    UNHASHABLE,
    MUTABLE,
    HASH_MODE_OFF,
    UNSAFE_OPTION,
    MISSING_INCLUDE,
    CONFLICTING_PINS,
    LOCK_WEAK_HASH,
)
