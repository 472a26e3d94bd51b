"""The rules of the practice."""

from __future__ import annotations

from tenterhooks.core.finding import Rule
from tenterhooks.formats.locks.weak import LOCK_WEAK_HASH

OUT_OF_DATE = Rule("lock-out-of-date", "A lock file was made for other dependencies than declared.")
UNSATISFIED = Rule("lock-unsatisfied", "A locked version does not meet a declared specifier.")
INCOMPLETE = Rule("lock-incomplete", "A dependency has no entry in the lock file.")
ORPHAN = Rule("lock-orphan", "A lock file has an entry that nothing asks for.")
UNTRUSTED = Rule(
    "lock-untrusted-source", "A lock file takes a file from a place that its registry does not own."
)
MISSING = Rule("missing-lock", "A project has no lock file.", default=False)
NOT_TRACKED = Rule("lock-not-tracked", "A lock file exists and is not in git.")
STRAY = Rule("stray-lock", "A lock file that its tool never reads.")
CONFLICTING = Rule("conflicting-locks", "Two lock files of one project disagree on a version.")
UNMERGED = Rule("unmerged-lock", "A lock file holds conflict markers.")
UNDECIDED = Rule(
    "lock-undecided", "The files do not tell whether a lock file is in sync.", default=False
)
RULES = (
    OUT_OF_DATE,
    UNSATISFIED,
    INCOMPLETE,
    ORPHAN,
    UNTRUSTED,
    LOCK_WEAK_HASH,
    NOT_TRACKED,
    STRAY,
    CONFLICTING,
    UNMERGED,
    MISSING,
    UNDECIDED,
)
