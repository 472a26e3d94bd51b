"""TH111: a token that publishes packages, images or code, written in the source.

Sources: PyPI help, "What is an API token"; GitHub, "Behind GitHub's new authentication token
formats" (the last six characters are a checksum in base 62); the macaroon binary format, version
2; AWS documentation, "IAM identifiers".
"""

from __future__ import annotations

import re

from tenterhooks.bandit.detections.plugin import HIGH, LOW, MEDIUM, detection, found

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tenterhooks.bandit.detections.plugin import Context, Issue

_HARD_CODED = 798
_SHORTEST = 20
_PLACEHOLDER = re.compile(
    r"(?i:example|dummy|fake|redacted|placeholder|changeme|secret|your|xxxx|1234567|abcdef"
    r"|tokentoken|testtest|0{6}|deadbeef)|(.)\1{4}"
)
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LOOKING_RANDOM = 0.4


@detection("TH111", "Str", "Bytes")
def publishing_token(context: Context) -> Issue:
    """Tokens told by their form, and where the form allows it, proved by it."""
    value = context.node.value
    if len(value) < _SHORTEST:
        return None
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    for what, mark, pattern, proof in _KINDS:
        if mark in value:
            for token in pattern.finditer(value):
                sure = _judged(token.group(1), proof)
                if sure:
                    return _finding(what, mark, sure)
    return None


def _finding(what: str, mark: str, confidence: str) -> Issue:
    message = (
        f"{what} ({mark}...) is in the source. Revoke it now, for the history keeps it; read it"
        " from the environment or a keyring, and publish with Trusted Publishing."
    )
    return found(message, HIGH if confidence == HIGH else MEDIUM, _HARD_CODED, confidence)


def _judged(secret: str, proof: Callable[[str], bool] | None) -> str | None:
    """How sure it is that the secret part of a token is real: HIGH if its own checksum or
    structure proves it, None if it is a placeholder."""
    if proof is not None and proof(secret):
        return HIGH
    if _PLACEHOLDER.search(secret) or len(set(secret)) < min(10, len(secret) * _LOOKING_RANDOM):
        return None
    return MEDIUM if proof is None else LOW


def _has_checksum(secret: str) -> bool:
    import zlib

    number = zlib.crc32(secret[:30].encode())
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = _BASE62[digit] + digits
    return digits.rjust(6, "0") == secret[30:]


def _is_macaroon(secret: str) -> bool:
    """Whether this is version 2, a location, an identifier, and at the end a signature."""
    import base64
    import binascii

    try:
        data = base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4))
    except (binascii.Error, ValueError):
        return False
    if len(data) < 3 or data[:2] != b"\x02\x01":
        return False
    identifier = 3 + data[2]
    return data[identifier : identifier + 1] == b"\x02" and data[-34:-32] == b"\x06\x20"


def _kind(
    what: str, mark: str, form: str, proof: Callable[[str], bool] | None = None
) -> tuple[str, str, re.Pattern[str], Callable[[str], bool] | None]:
    pattern = re.compile(rf"(?<![A-Za-z0-9_]){mark}({form})(?![A-Za-z0-9_])")
    return what, mark, pattern, proof


_KINDS = [
    # The first characters of the base64 are the address of the index.
    (
        "A PyPI upload token",
        "pypi-AgE",
        re.compile(r"(?<![A-Za-z0-9])pypi-(AgE[IN][A-Za-z0-9_-]{60,})"),
        _is_macaroon,
    ),
    *(
        _kind("A GitHub token", mark, "[A-Za-z0-9]{36}", _has_checksum)
        for mark in ("ghp_", "gho_", "ghu_", "ghs_", "ghr_")
    ),
    _kind("A GitHub token", "github_pat_", "[A-Za-z0-9]{22}_[A-Za-z0-9]{59}"),
    _kind("An npm token", "npm_", "[A-Za-z0-9]{36}", _has_checksum),
    _kind("A GitLab token", "glpat-", "[A-Za-z0-9_-]{20,300}(?:[.][0-9a-z]{2}[.][0-9a-z]{9})?"),
    _kind("A Docker Hub token", "dckr_pat_", "[A-Za-z0-9_-]{27}"),
    _kind("A RubyGems token", "rubygems_", "[0-9a-f]{48}"),
    _kind("A Hugging Face token", "hf_", "[A-Za-z]{34}"),
    _kind("An AWS access key", "AKIA", "[A-Z2-7]{16}"),
]
