"""The rules of ours beside Bandit's tests."""

from __future__ import annotations

from tenterhooks.core.finding import Rule

BLANKET = Rule("blanket-nosec", "A nosec comment without ids silences every test.", default=False)
UNKNOWN = Rule(
    "unknown-nosec",
    "A nosec comment names a test that does not exist, or one that is not read.",
    fixable=True,
)
UNUSED = Rule("unused-nosec", "A nosec comment suppresses nothing.", fixable=True)
STALE = Rule("stale-baseline", "An entry of a baseline is no longer found.", fixable=True)
UNCHECKED = Rule("unchecked-file", "Bandit could not look at a file: nothing is known of it.")
# Detections of ours that cannot be precise: on only where they are asked for.
OPT_IN = frozenset({"TH115", "TH116"})
RULES = (BLANKET, UNKNOWN, UNUSED, STALE, UNCHECKED)
