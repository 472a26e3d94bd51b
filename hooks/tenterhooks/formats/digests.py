"""Digests as lock and requirements files write them, ``algorithm:hex``."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# Hex digits of the algorithms for which nobody can make two files of one digest.
STRONG: Mapping[str, int] = {
    "sha256": 64,
    "sha384": 96,
    "sha512": 128,
    "sha3_256": 64,
    "sha3_384": 96,
    "sha3_512": 128,
    "blake2b": 128,
    "blake2s": 64,
}
_BROKEN = ("md5", "sha1")
_SHORT = ("sha224", "sha3_224")
_HEX = frozenset("0123456789abcdefABCDEF")


def weakness(digest: str) -> str | None:
    """What is wrong with a digest, as the end of a sentence that begins with "the hash"; None
    where it is sound. Lower and upper case are the same number."""
    algorithm, separator, digits = digest.partition(":")
    name = algorithm.replace("-", "_")
    if not digest.strip():
        return "is empty"
    if not separator or not name:
        return "names no algorithm"
    if name in _BROKEN:
        return f"is {name}, which can be forged"
    if name in _SHORT:
        return f"is {algorithm}, which is too short"
    wanted = STRONG.get(name)
    if wanted is None:
        return f"is of an unknown algorithm, {algorithm[:40]}"
    if not digits:
        return f"says {algorithm} and no digest"
    if not _HEX.issuperset(digits):
        return "is not hexadecimal"
    if len(digits) != wanted:
        return f"has {len(digits)} hex digits, and {algorithm} has {wanted}"
    return None
