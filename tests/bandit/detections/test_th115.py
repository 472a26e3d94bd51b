"""TH115: weak digests that are not called."""

from __future__ import annotations

from pathlib import Path

import detecting
import pytest

HEAD = """\
import hashlib, hmac
import hashlib as h
from functools import partial
from hashlib import file_digest, pbkdf2_hmac, sha1
from passlib.hash import md5_crypt
import passlib.hash
from Crypto.Hash import MD5
from werkzeug.security import generate_password_hash
"""

POSITIVES = [
    ('hmac.new(k, m, "md5")', "LOW"),
    ('hmac.new(k, m, "SHA1")', "LOW"),
    ("hmac.new(k, m, hashlib.sha1)", "LOW"),
    ("hmac.new(k, m, sha1)", "LOW"),
    ("hmac.new(k, m, digestmod=hashlib.md5)", "LOW"),
    ('hmac.HMAC(k, digestmod="sha-1")', "LOW"),
    ('hmac.digest(k, m, "sha1")', "LOW"),
    ('hashlib.file_digest(f, "md5")', "MEDIUM"),
    ("file_digest(f, hashlib.sha1)", "MEDIUM"),
    ('hashlib.file_digest(f, digest="sha1")', "MEDIUM"),
    ('hashlib.pbkdf2_hmac("sha1", p, s, 1000)', "MEDIUM"),
    ('pbkdf2_hmac("md5", p, s, 1000)', "MEDIUM"),
    ('hashlib.pbkdf2_hmac(hash_name="SHA1", password=p, salt=s, iterations=1)', "MEDIUM"),
    ('DIGESTS = {"md5": hashlib.md5}', "LOW"),
    ("def f(data, digest=hashlib.sha1): pass", "LOW"),
    ("def f(data, *, digest=h.md5): pass", "LOW"),
    ("digest = hashlib.md5", "LOW"),
    ("check(path, hashlib.sha1)", "LOW"),
    ("partial(hashlib.md5, data)", "LOW"),
    ('digest = getattr(hashlib, "md5")', "LOW"),
    ('generate_password_hash(p, method="pbkdf2:sha1")', "MEDIUM"),
    ('generate_password_hash(p, "pbkdf2:sha1:1000")', "MEDIUM"),
    ("passlib.hash.md5_crypt.hash(p)", "MEDIUM"),
    ("md5_crypt.hash(p)", "MEDIUM"),
    ("passlib.hash.ldap_salted_sha1.using(rounds=1)", "MEDIUM"),
]

NEGATIVES = [
    'hmac.new(k, m, "sha256")',
    "hmac.new(k, m, hashlib.sha512)",
    "hmac.new(k, m, digestmod=digest)",
    "hmac.new(k, m)",
    'hmac.digest(k, m, "sha3_256")',
    'hashlib.file_digest(f, "sha256")',
    "hashlib.file_digest(f, lambda: hashlib.md5(usedforsecurity=False))",
    "hashlib.file_digest(f, partial(hashlib.md5, usedforsecurity=False))",
    'hashlib.pbkdf2_hmac("sha256", p, s, 600000)',
    "partial(hashlib.md5, usedforsecurity=False)",
    "hashlib.md5(data)",
    "hashlib.md5(data, usedforsecurity=False)",
    'hashlib.new("md5")',
    "DIGESTS = {'sha256': hashlib.sha256}",
    "if digest is hashlib.md5: pass",
    "hashlib.md5().name",
    "hashlib.md5.__doc__",
    "hashlib.md5 = None",
    "del hashlib.md5",
    "isinstance(x, hashlib.sha1)",
    "self.md5 = checksums.md5",
    "row.sha1",
    "getattr(hashlib, name)",
    'getattr(row, "md5")',
    'hasattr(hashlib, "md5")',
    "generate_password_hash(p)",
    'generate_password_hash(p, method="scrypt")',
    "passlib.hash.argon2.hash(p)",
    "passlib.hash.md5_crypt.verify(p, x)",
    'client.new("md5")',
    'message.digest("sha1")',
]


@pytest.mark.parametrize(("source", "severity"), POSITIVES)
def test_positive(source: str, severity: str) -> None:
    assert [it[1] for it in detecting.said("TH115", HEAD + source)] == [severity]


@pytest.mark.parametrize("source", NEGATIVES)
def test_negative(source: str) -> None:
    assert detecting.said("TH115", HEAD + source) == []


@pytest.mark.parametrize(
    ("source", "confidence", "words"),
    [
        ('hmac.new(k, m, "md5")', "HIGH", "no forgery is known"),
        ('hashlib.file_digest(f, "md5")', "HIGH", "usedforsecurity=False"),
        ('hashlib.pbkdf2_hmac("sha1", p, s, 1)', "HIGH", "Argon2"),
        ("digest = hashlib.md5", "MEDIUM", "handed on"),
    ],
)
def test_what_it_says(source: str, confidence: str, words: str) -> None:
    (issue,) = detecting.issues("TH115", HEAD + source)
    assert (issue.confidence, issue.cwe.id) == (confidence, 327)
    assert words in issue.text


def test_under_plain_bandit(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(HEAD + "digest = hashlib.md5\n")
    (found,) = detecting.plain("TH115", file)
    assert (found["test_id"], found["line_number"]) == ("TH115", 9)
