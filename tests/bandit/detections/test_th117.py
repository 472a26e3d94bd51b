"""TH117: passwords as defaults."""

from __future__ import annotations

from pathlib import Path

import detecting
import pytest

POSITIVES = [
    'async def f(password="hunter2"): pass',
    'async def f(a, password="hunter2", b=1): pass',
    'async def f(password="hunter2", /): pass',
    'async def f(*, password="hunter2"): pass',
    'def f(*, password="hunter2"): pass',
    'def f(a, *, user="me", db_password="hunter2"): pass',
    'password: str = "hunter2"',
    'class A:\n    password: str = "hunter2"',
    'class A:\n    SECRET_KEY: Final[str] = "hunter2"',
    'def f():\n    self.password: str = "hunter2"',
    'api_key: str | None = "k-123456"',
    'auth_token: str = "t-123456"',
    'DB_PASSWD: str = "postgres"',
    'async def f(*, passphrase="correct"): pass',
]

NEGATIVES = [
    "async def f(password=None): pass",
    'async def f(password=""): pass',
    "def f(*, password): pass",
    'def f(password="hunter2"): pass',
    'password = "hunter2"',
    "password: str",
    "password: str = read()",
    'password: str = ""',
    "password: str | None = None",
    'password: str = "<your password>"',
    'password: str = "{{ password }}"',
    'password: str = "******"',
    'password_field: str = "password"',
    'token: str = "NAME"',
    'pad_token: str = "PAD"',
    'token_type: str = "bearer"',
    'secret_name: str = "db"',
    'secret: str = "/run/secrets/db"',
    'def f(*, user="me", port=1): pass',
    'compass: str = "north"',
    'names["password"]: str = "hunter2"',
]


@pytest.mark.parametrize("source", POSITIVES)
def test_positive(source: str) -> None:
    line = source.count("\n") + 1
    assert detecting.said("TH117", source) == [(line, "LOW", "MEDIUM")]


@pytest.mark.parametrize("source", NEGATIVES)
def test_negative(source: str) -> None:
    assert detecting.said("TH117", source) == []


def test_what_it_says() -> None:
    (issue,) = detecting.issues("TH117", 'def f(\n  *,\n  password="hunter2"): pass')
    assert (issue.lineno, issue.cwe.id) == (3, 259)
    assert "hunter2" not in issue.text


def test_under_plain_bandit(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(POSITIVES[0] + "\n")
    (found,) = detecting.plain("TH117", file)
    assert (found["test_id"], found["line_number"]) == ("TH117", 1)
