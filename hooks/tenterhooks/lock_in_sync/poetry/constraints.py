"""Poetry's version constraints: ``^1.2``, ``~1.2``, ``1.*``, ``>=1,<2 || >=3``, and PEP 440.

Source: ``parse_single_constraint`` in poetry-core's constraints/version/parser.py.
"""

from __future__ import annotations

import functools
import re

from tenterhooks.lock_in_sync.specifiers import meets_clause

_CLAUSE = re.compile(r"[ ,]*(\^|~=?|={1,2}|!=|[<>]=?|) ?([^ ,<>=!~^][^ ,<>=~^]*)")
_ANY = re.compile(r"v?[xX*](?:\.[xX*])*")
_RELEASE = re.compile(r"v?((?:[0-9]{1,18}!)?)([0-9]{1,18}(?:\.[0-9]{1,18}){0,9})")


def allows(constraint: str, version: str) -> bool:
    """Whether ``constraint`` lets ``version`` in; True where either of them is not understood."""
    found = alternatives(constraint)
    return found is None or any(
        all(meets_clause(version, clause) is not False for clause in clauses) for clauses in found
    )


@functools.lru_cache(4096)
def alternatives(constraint: str) -> list[list[str]] | None:
    """A constraint in PEP 440: clauses that must all be met, in one of these lists. None where it
    is not understood."""
    found = []
    for part in constraint.replace("||", "|").split("|"):
        clauses = _clauses(" ".join(part.split()).strip(" ,"))
        if clauses is None:
            return None
        found.append(clauses)
    return found


def _clauses(text: str) -> list[str] | None:
    clauses: list[str] = []
    position = 0
    while position < len(text):
        match = _CLAUSE.match(text, position)
        if match is None:
            return None
        position = match.end()
        found = _pep440(match[1], match[2])
        if found is None:
            return None
        clauses += found
    return clauses


def _pep440(operator: str, version: str) -> list[str] | None:
    if _ANY.fullmatch(version):
        return [] if not operator else None
    release = _RELEASE.match(version)
    if release is None:
        return None
    epoch, numbers = release[1], [int(number) for number in release[2].split(".")]
    if operator == "^":
        return [f">={version}", f"<{epoch}{_raised(numbers, _first_that_counts(numbers))}"]
    # Poetry 1 keeps the first two numbers after `~=`, however many follow.
    if operator == "~" or (operator == "~=" and len(numbers) not in (2, 3)):
        return [f">={version}", f"<{epoch}{_raised(numbers, min(1, len(numbers) - 1))}"]
    if operator == "~=":
        return [f">={version}", f"=={epoch}{'.'.join(map(str, numbers[:-1]))}.*"]
    return _compared(operator, version)


def _compared(operator: str, version: str) -> list[str]:
    bare = version
    while bare.endswith(".*"):
        bare = bare[:-2]
    if operator in ("", "=", "==", "!="):
        wildcard = ".*" if bare != version else ""
        return [f"{'!=' if operator == '!=' else '=='}{bare}{wildcard}"]
    return [f"{operator}{bare}"]


def _first_that_counts(numbers: list[int]) -> int:
    """Of what ``^`` keeps: the first number that is not zero, at most the third."""
    for index, number in enumerate(numbers[:3]):
        if number:
            return index
    return min(len(numbers), 3) - 1


def _raised(numbers: list[int], index: int) -> str:
    return ".".join(str(number) for number in (*numbers[:index], numbers[index] + 1))
