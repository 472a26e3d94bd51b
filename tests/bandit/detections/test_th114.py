"""TH114: signatures and host keys."""

from __future__ import annotations

from pathlib import Path

import detecting
import pytest

HEAD = """\
import asyncssh, google.auth.jwt, jwt, os, pysftp, subprocess
from google.auth import _jwt_async, jwt as google_jwt
from jose import jws
from jwt import decode as unpack
from sigstore.verify import policy
"""

POSITIVES = [
    'jwt.decode(t, options={"verify_signature": False})',
    'jwt.decode(t, k, algorithms=["RS256"], options={"verify_signature": False, "x": 1})',
    'options = {"verify_signature": False}',
    'options["verify_signature"] = False',
    "options = dict(verify_signature=False)",
    'jwt.decode(t, k, algorithms=["none"])',
    'jwt.decode(t, k, algorithms=["HS256", "None"])',
    'jwt.decode(t, k, algorithms="none")',
    'jwt.encode(claims, None, algorithm="none")',
    "jwt.decode(t, verify=False)",
    "jwt.decode(t, k, False)",
    "unpack(t, verify=False)",
    "google.auth.jwt.decode(t, verify=False)",
    "google_jwt.decode(t, certs, False)",
    "_jwt_async.decode(t, verify=False)",
    "jwt.get_unverified_claims(t)",
    "def claims_of(t):\n    return jwt.get_unverified_claims(t)",
    "verifier.verify_artifact(a, b, policy.UnsafeNoOp())",
    'asyncssh.connect("example.com", known_hosts=None)',
    "asyncssh.SSHClientConnectionOptions(known_hosts=None)",
    "asyncssh.create_connection(Client, host, known_hosts=None)",
    "options = dict(known_hosts=None)",
    'options = {"known_hosts": None, "port": 22}',
    'options["known_hosts"] = None',
    "cnopts.hostkeys = None",
    "pysftp.CnOpts().hostkeys = None\ncnopts.hostkeys = None",
    'subprocess.run(["ssh", "-o", "StrictHostKeyChecking=no", host])',
    'subprocess.run("ssh -o StrictHostKeyChecking=no " + host, shell=True)',
    "command = f'scp -oStrictHostKeyChecking=no {a} {b}'",
    'os.environ["GIT_SSH_COMMAND"] = "ssh -o StrictHostKeyChecking=off"',
    'connect(ssh_config={"StrictHostKeyChecking": "no"})',
    'os.environ["ANSIBLE_HOST_KEY_CHECKING"] = "False"',
    'env = {"ANSIBLE_HOST_KEY_CHECKING": "0"}',
]

NEGATIVES = [
    'jwt.decode(t, k, algorithms=["RS256"])',
    'jwt.decode(t, k, algorithms=["HS256"], options={"verify_aud": False})',
    'jwt.decode(t, k, algorithms=["HS256"], options={"verify_signature": True})',
    "jwt.decode(t, k, True)",
    "jwt.decode(t, k, algorithms=None)",
    "jwt.get_unverified_header(t)",
    "google_jwt.decode(t, certs=certs)",
    "google.auth.jwt.decode(t, certs, True)",
    "def get_unverified_claims(t):\n    return jws.get_unverified_claims(t)",
    'b"x".decode("utf-8", "replace")',
    "codec.decode(data, errors, False)",
    "codec.decode(data, verify=False)",
    'options = {"verify_signature": check}',
    'options["verify_exp"] = False',
    'asyncssh.connect("example.com")',
    'asyncssh.connect("example.com", known_hosts="hosts")',
    'sqlite3.connect("x.db")',
    "dict(verify=False)",
    "valid, data = serializer.loads_unsafe(t)",
    "self.hostkeys = None",
    "cnopts.hostkeys = hosts",
    "cnopts.hostkeys.load(path)",
    'subprocess.run(["ssh", "-o", "StrictHostKeyChecking=yes", host])',
    'subprocess.run(["ssh", "-o", "StrictHostKeyChecking=accept-new", host])',
    'subprocess.run(["ssh", "-o", "StrictHostKeyChecking=notify", host])',
    'connect(ssh_config={"StrictHostKeyChecking": "yes"})',
    'print("StrictHostKeyChecking is not set")',
    'os.environ["ANSIBLE_HOST_KEY_CHECKING"] = "True"',
    'env = {"ANSIBLE_HOST_KEY_CHECKING": value, 1: False}',
    "policy.Identity(identity=i, issuer=j)",
    "x = {**options, 'a': False}",
    'options = {"known_hosts": hosts}',
    'options["known_hosts"] = "hosts"',
]


@pytest.mark.parametrize("source", POSITIVES)
def test_positive(source: str) -> None:
    found = detecting.issues("TH114", HEAD + source)
    assert len(found) == source.count("hostkeys") if "hostkeys" in source else len(found) == 1


@pytest.mark.parametrize("source", NEGATIVES)
def test_negative(source: str) -> None:
    assert detecting.said("TH114", HEAD + source) == []


@pytest.mark.parametrize(
    ("source", "severity", "confidence", "cwe"),
    [
        (POSITIVES[0], "MEDIUM", "HIGH", 347),
        ('jwt.decode(t, k, algorithms=["none"])', "HIGH", "HIGH", 347),
        ("jwt.get_unverified_claims(t)", "MEDIUM", "MEDIUM", 347),
        ("policy.UnsafeNoOp()", "MEDIUM", "HIGH", 347),
        ('asyncssh.connect("example.com", known_hosts=None)', "MEDIUM", "HIGH", 322),
        ("x = 'StrictHostKeyChecking=no'", "MEDIUM", "MEDIUM", 322),
    ],
)
def test_what_it_says(source: str, severity: str, confidence: str, cwe: int) -> None:
    (issue,) = detecting.issues("TH114", HEAD + source)
    assert (issue.severity, issue.confidence, issue.cwe.id) == (severity, confidence, cwe)


def test_under_plain_bandit(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(HEAD + POSITIVES[0] + "\n")
    (found,) = detecting.plain("TH114", file)
    assert (found["test_id"], found["line_number"]) == ("TH114", 6)
