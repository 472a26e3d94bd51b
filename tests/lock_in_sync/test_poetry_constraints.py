"""Poetry's constraints, and the conditions that are made of them, with poetry-core as the judge."""

from __future__ import annotations

from itertools import product

import pytest
from lock_in_sync.lockers import answers

from tenterhooks.lock_in_sync.poetry.conditions import may_hold, python_marker
from tenterhooks.lock_in_sync.poetry.constraints import allows, alternatives

CONSTRAINTS = (
    *("*", "x", "1.2", "=1.2", "==1.2", "v1.2", "1.*", "==1.*", "1.2.*", "!=1.2.*", "!=1.2"),
    *("^1", "^1.2", "^1.2.3", "^0", "^0.0", "^0.1", "^0.0.3", "^0.1.2", "^0.0.0", "^1.2.3.4"),
    *("^1.2b1", "^2.0a1", "^0.0.3b2", "^v1.2", "^1!2.0", "~1", "~1.2", "~1.2.3", "~1.2.3.4", "~0"),
    *("~2.0b1", "~=1", "~=1.2", "~=1.2.3", ">=1,<2", ">=1 <2", ">= 1.0, < 2", ">=1,<2,", "<2"),
    *(">=1,<2 || >=3", "^1.2 | ^3", "<1.0||>=2||=1.5", "<=2", ">1.2", ">1.0a1", "<2.0a1", ">=1.*"),
    *("<2.*", ">=1!1.0", ">=2.0.dev0", "1.0.post1", "1.0+local", "==1.0.*.*", ">=1.2,<3.0,!=1.5"),
)
VERSIONS = (
    *("0", "0.0.3", "0.0.4", "0.1", "0.1.5", "0.2", "1", "1.0", "1.0.0", "1.0.post1", "1.0+local"),
    *("1.2", "1.2.0", "1.2.3", "1.2.4", "1.2.3.4", "1.2.3.5", "1.2b1", "1.2rc1", "1.3", "1.5", "2"),
    *("2.0a1", "2.0.dev1", "2.0rc1", "2.0.1", "2.1", "3", "3.1", "1!1.0", "1!2.5", "2.0.post1"),
)
ALLOWED = """
import sys
from poetry.core.constraints.version import Version, parse_constraint
for line in sys.stdin:
    constraint, version = line.rstrip("\\n").split("\\t")
    print(parse_constraint(constraint).allows(Version.parse(version)))
"""


@pytest.mark.parametrize(
    ("constraint", "inside", "outside"),
    [
        ("^1.2", "1.9 1.2 1.2.0", "1.1 2.0 2.0a1"),
        ("^0.2.3", "0.2.9", "0.3"),
        ("^0.0.3", "0.0.3", "0.0.4"),
        ("^0", "0.9", "1.0"),
        ("~1.2.3", "1.2.9", "1.3"),
        ("~1", "1.9", "2.0"),
        ("1.2", "1.2.0 1.2+local", "1.2.1"),
        ("1.*", "1.9", "2.0"),
        (">=1,<2 || >=3", "1.5 3.1", "2.5"),
        (">=1 <2", "1.5", "2.5"),
        ("*", "1 2a1", ""),
    ],
)
def test_allows(constraint: str, inside: str, outside: str) -> None:
    assert all(allows(constraint, version) for version in inside.split())
    assert not any(allows(constraint, version) for version in outside.split())


@pytest.mark.parametrize(
    "constraint", ["latest", "^", ">=", "1.0 - 2.0", "<>1", "1..2", "=>1", "@"]
)
def test_what_is_not_understood_allows_all(constraint: str) -> None:
    assert allows(constraint, "1.0")
    assert allows(constraint, "99")


def test_poetry_allows_the_same() -> None:
    pairs = list(product(CONSTRAINTS, VERSIONS))
    verdicts = answers(ALLOWED, ["\t".join(pair) for pair in pairs])
    ours = [str(allows(constraint, version)) for constraint, version in pairs]
    wrong = [pair for pair, one, other in zip(pairs, ours, verdicts, strict=True) if one != other]
    assert not wrong


def test_alternatives() -> None:
    assert alternatives("^1.2 || ~3") == [[">=1.2", "<2"], [">=3", "<4"]]


def test_python_marker() -> None:
    either = python_marker("^3.8 || 2.7.*")
    lowest = 'python_full_version >= "3.8" and python_full_version < "4"'
    assert either == f'{lowest} or python_full_version == "2.7.*"'
    assert python_marker("*") == ""
    assert python_marker("latest") is None


@pytest.mark.parametrize(
    ("markers", "project", "pythons", "platforms", "expected"),
    [
        ([], "^3.9", [], [], True),
        (["python_version < '3.8'"], "^3.9", [], [], False),
        (["python_version < '3.10'"], "^3.9", [], [], True),
        (["python_version < '3.10'", "python_version > '3.10'"], "*", [], [], False),
        (["sys_platform == 'win32'"], "^3.9", ["<3.9"], [], False),
        (["sys_platform == 'win32'"], "^3.9", ["<3.10"], ["win32"], True),
        (["sys_platform == 'win32'"], "^3.9", [], ["linux"], False),
        ([], "^3.9 || ^2.7", [">=3,<3.9"], [], False),
        ([], "^3.9", [], ["linux|darwin"], False),
        (["no marker"], "^3.9", [], [], False),
        (["python_version > '3'"], "latest", [], [], False),
    ],
)
def test_may_hold(
    markers: list[str], project: str, pythons: list[str], platforms: list[str], expected: bool
) -> None:
    assert may_hold(markers, project, pythons, platforms) is expected
