"""Reports to make pages of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from tenterhooks.core.acceptance import Acceptance
from tenterhooks.core.files import Repository
from tenterhooks.core.finding import Edit, Finding, Rule
from tenterhooks.core.practice import Practice
from tenterhooks.core.report import Look, Report

PIN = Rule("some-pin", "Something is not pinned.", fixable=True)
LOCK = Rule("some-lock", "Something is not locked.")
QUIET = Rule("some-quiet", "Something is not quiet.", default=False)
RULES = (PIN, LOCK, QUIET)
ACCEPTANCE = Acceptance("some-lock", "the vendor will lock it", dt.date(2027, 5, 21), [], 7)
HOSTILE = "<script>alert(1)</script>\"'&amp;\u202e\x1b[2J\x00\n\ufeff\udcff\u3164`a`{x}%s"


def nothing(*_: Any) -> Iterator[Finding]:
    yield from ()


def practice(id: str = "some-practice", files: str | None = r"\.yml$") -> Practice:
    return Practice(id, "What is demanded of\nsome files.", RULES, nothing, files)


def look(id: str = "some-practice", *files: str, left_out: str | None = None) -> Look:
    return Look(practice(id), {"some-pin", "some-lock"}, files, left_out)


def finding(
    path: str = "a.yml",
    line: int = 1,
    rule: str = "some-pin",
    message: str = "is not pinned",
    fix: str | None = "pin it",
    hook: str = "some-practice",
    *,
    edits: int = 0,
) -> Finding:
    it = Finding(path, line, 5, rule, message, fix, [Edit(0, 0, "")] * edits)
    it.hook = hook
    return it


def report(*findings: Finding, **more: Any) -> Report:
    """A report on the working directory, with one practice unless told otherwise."""
    more.setdefault("looks", [look("some-practice", "a.yml")])
    return Report(Repository(), findings, RULES, **more)


def full(text: str = HOSTILE, width: int = 300) -> Report:
    """A report with something of everything, hostile and long wherever a repository has a say."""
    long = "/".join(["a" * width, text, "b" * width])
    found = [finding(f"{number}/{long}", number, fix=f"fix {long}") for number in range(1, 10)]
    found += [finding(line=number, message=f"{number} {long}") for number in range(1, 30)]
    found += [
        finding(rule="X1", message=text, fix=f"mend it, see https://example.org/x; {text}"),
        finding(rule=text, fix="mend it, see javascript:alert(1)", hook="tenterhooks"),
    ]
    found[0].fixed, found[0].left = True, text
    acceptance = Acceptance("some-lock", long, dt.date(2027, 5, 21), [], 7)
    looks = [
        look("some-practice", "a.yml", *(f"{number}/{long}" for number in range(9))),
        look("other-practice", left_out="not chosen"),
        look("third-practice"),
    ]
    accepted = [(finding(long, rule="some-lock", message=long), acceptance)]
    return report(
        *found, looks=looks, accepted=accepted, notes=[long], failures=[f"third-practice: {long}"]
    )
