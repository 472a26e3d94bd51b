"""What the hook can be told, on the command line and in ``[tool.tenterhooks.bandit]``, of what
Bandit's own options decide. ``--exclude`` is there already: all hooks have it."""

from __future__ import annotations

from tenterhooks.core.practice import Option

# In rising order, as Bandit ranks them; `all` is its UNDEFINED.
LEVELS = {"all": "UNDEFINED", "low": "LOW", "medium": "MEDIUM", "high": "HIGH"}
MOST_JOBS = 64


def wrong_level(value: str) -> str | None:
    """What is wrong with a floor, or None."""
    return None if value in LEVELS else f"must be {', '.join(list(LEVELS)[:-1])} or high"


def wrong_tests(value: str) -> str | None:
    """What is wrong with ids and names of tests, or None."""
    from tenterhooks.bandit.selection import CATALOGUE, is_retired, words

    for word in words(value):
        if CATALOGUE.find(word) is None and not is_retired(word):
            return CATALOGUE.unknown(word)
    return None if words(value) else "names no test"


def wrong_ignore(value: str) -> str | None:
    """What is wrong with one of ``--per-file-ignores``, or None."""
    pattern, tests = parted(value)
    if not pattern or not tests:
        return "must be a pattern, a colon, and tests: tests/**:B105,B106"
    return wrong_tests(tests)


def wrong_jobs(value: int) -> str | None:
    """What is wrong with a number of processes, or None."""
    return None if 0 < value <= MOST_JOBS else f"must be 1 to {MOST_JOBS}"


def parted(value: str) -> tuple[str, str]:
    """The pattern and the tests of one of ``--per-file-ignores``."""
    pattern, _, tests = value.rpartition(":")
    return pattern.strip(), tests.strip()


OPTIONS = (
    Option(
        "bandit-config",
        "text",
        "file to configure Bandit from (default: [tool.bandit] in the pyproject.toml at the top, "
        "else .bandit, else bandit.yaml)",
        "FILE",
    ),
    Option(
        "severity-level",
        "text",
        "report findings of this severity and above: all, low, medium or high (default: all)",
        "LEVEL",
        wrong_level,
    ),
    Option(
        "confidence-level",
        "text",
        "report findings of this confidence and above: all, low, medium or high (default: all)",
        "LEVEL",
        wrong_level,
    ),
    Option(
        "tests",
        "list",
        "run only these tests, by id or name, such as B602,B607 (may be repeated; default: all)",
        "TESTS",
        wrong_tests,
    ),
    Option("skips", "list", "leave these tests out (may be repeated)", "TESTS", wrong_tests),
    Option("profile", "text", "profile of Bandit's configuration to use", "NAME"),
    Option(
        "per-file-ignores",
        "list",
        "leave tests out in some files, such as tests/**:B105,B106 (may be repeated)",
        "GLOB:TESTS",
        wrong_ignore,
    ),
    Option(
        "all-in-tests",
        "flag",
        "report in files of tests too what is left out there by default, such as B101 (assert)",
    ),
    Option("ignore-nosec", "flag", "report what a nosec comment silences"),
    Option("baseline", "text", "file of the findings that are known", "FILE"),
    Option("write-baseline", "flag", "write what is found into the file of --baseline", asked=True),
    Option(
        "changed-lines",
        "flag",
        "report only what is on changed lines: those staged, or between two commits where "
        "--from-ref, --to-ref or pre-commit name them",
    ),
    Option("from-ref", "text", "with --changed-lines: the commit to compare from", "REF"),
    Option("to-ref", "text", "with --changed-lines: the commit to compare up to", "REF"),
    Option("no-cache", "flag", "neither read nor write the cache of results"),
    Option("jobs", "number", "processes at most (default: one a processor)", "N", wrong_jobs),
)
