"""TH111: tokens that publish. Those here are made up by the tests, with a right checksum."""

from __future__ import annotations

import base64
import hashlib
import zlib
from pathlib import Path

import detecting
import pytest
from hypothesis import given
from hypothesis import strategies as st

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BODY = "Vk7pQz2LmXc9RbTw4NsYhGd8FjUe3K"


def checked(body: str) -> str:
    """A body of thirty characters with its checksum in base 62."""
    number, digits = zlib.crc32(body.encode()), ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = DIGITS[digit] + digits
    return body + digits


def macaroon(location: bytes = b"my.index") -> str:
    """An upload token, as the index makes them."""
    noise = hashlib.sha512(location).digest()
    field = bytes([2, 36]) + noise[:18].hex().encode()
    caveat = bytes([0, 2, 60]) + noise[:30].hex().encode()
    data = bytes([2, 1, len(location)]) + location + field + caveat
    data += bytes([0, 0, 6, 32]) + noise[32:]
    return "pypi-" + base64.urlsafe_b64encode(data).decode().rstrip("=")


GITHUB = "ghp_" + checked(BODY)
RANDOM = "Vk7pQz2LmXc9RbTw4NsYhGd8FjUe3KoP6aBiD5lEqH1tCyZ0xWuSrJvMgOnIfA-_KzT2Lp"

POSITIVES = [
    (macaroon(), "HIGH"),
    (macaroon(b"other.example"), "HIGH"),
    (GITHUB, "HIGH"),
    ("gho_" + checked(BODY), "HIGH"),
    ("ghs_" + checked(BODY[::-1]), "HIGH"),
    ("npm_" + checked(BODY), "HIGH"),
    (f"https://x-access-token:{GITHUB}@github.com/a/b", "HIGH"),
    (f"token {GITHUB}", "HIGH"),
    ("ghp_" + RANDOM[:36], "LOW"),
    ("pypi-AgEIcHlwaS5vcmc" + RANDOM, "LOW"),
    ("github_pat_" + RANDOM[:22] + "_" + (RANDOM[22:61] + RANDOM[:20]), "MEDIUM"),
    ("glpat-" + RANDOM[:20], "MEDIUM"),
    ("dckr_pat_" + RANDOM[:27], "MEDIUM"),
    ("hf_" + "VkpQzLmXcRbTwNsYhGdFjUeKoPaBiDlEqH", "MEDIUM"),
    ("AKIAQYLPMN5HHHFPZAM2", "MEDIUM"),
    ("aws_access_key_id=AKIAQYLPMN5HHHFPZAM2", "MEDIUM"),
    ("rubygems_" + hashlib.sha256(b"x").hexdigest()[:48], "MEDIUM"),
]

NEGATIVES = [
    "",
    "pypi-",
    "pypi-AgEIcHlwaS5vcmc",
    "pypi-AgEIcHlwaS5vcmcCJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "pypi-AgEIcHlwaS5vcmc<your token>",
    "ghp_",
    "ghp_" + "x" * 36,
    "ghp_" + "0" * 36,
    "ghp_1234567890abcdefghijklmnopqrstuvwxyz",
    "ghp_YourTokenHereYourTokenHereYourTokenH",
    "ghp_" + RANDOM[:35],
    "ghp_" + RANDOM[:50],
    "xghp_" + checked(BODY),
    "ghp_[A-Za-z0-9]{36}",
    "github_pat_" + "a" * 22 + "_" + "b" * 59,
    "npm_config_registry_and_a_long_name_of_it",
    "glpat-xxxxxxxxxxxxxxxxxxxx",
    "AKIAIOSFODNN7EXAMPLE",
    "AKIAAAAAAAAAAAAAAAAA",
    "AKIA2E0A8F3B244C9986",
    "XAKIAQYLPMN5HHHFPZAM2",
    "AKIAQYLPMN5HHHFPZAM2Q",
    "hf_hub_download_of_a_model_and_more",
    "hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "dckr_pat_your_token_goes_here_0000",
]


@pytest.mark.parametrize(("token", "confidence"), POSITIVES)
def test_positive(token: str, confidence: str) -> None:
    severity = "HIGH" if confidence == "HIGH" else "MEDIUM"
    assert detecting.said("TH111", f"x = {token!r}") == [(1, severity, confidence)]
    assert detecting.said("TH111", f"f(a, b={token.encode()!r})") == [(1, severity, confidence)]


@pytest.mark.parametrize("token", NEGATIVES)
def test_negative(token: str) -> None:
    assert detecting.said("TH111", f"x = {token!r}") == []


@pytest.mark.parametrize(
    "source",
    [f'x = ["{GITHUB}"]', f'x = ("{GITHUB[:20]}"\n     "{GITHUB[20:]}")', f"x = f'{{u}}:{GITHUB}'"],
)
def test_where_it_stands(source: str) -> None:
    assert len(detecting.issues("TH111", source)) == 1


def test_the_message_does_not_tell_the_token() -> None:
    (issue,) = detecting.issues("TH111", f"x = {GITHUB!r}")
    assert BODY[:4] not in issue.text
    assert "Revoke" in issue.text
    assert issue.cwe.id == 798


@given(st.text(alphabet=DIGITS, min_size=30, max_size=30), st.integers(0, 35))
def test_a_wrong_checksum_is_never_sure(body: str, at: int) -> None:
    token = checked(body)
    other = token[:at] + ("a" if token[at] != "a" else "b") + token[at + 1 :]
    assert all(it[2] != "HIGH" for it in detecting.said("TH111", f"x = 'ghp_{other}'"))
    assert detecting.said("TH111", f"x = 'ghp_{token}'") == [(1, "HIGH", "HIGH")]


@given(st.text(alphabet="pypi-AgEI_ghpAKIA" + DIGITS[:12], max_size=200))
def test_no_text_makes_it_fail(text: str) -> None:
    detecting.issues("TH111", f"x = {text!r}")


def test_under_plain_bandit(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(f"x = {GITHUB!r}\n")
    (found,) = detecting.plain("TH111", file)
    assert (found["test_id"], found["line_number"]) == ("TH111", 1)
