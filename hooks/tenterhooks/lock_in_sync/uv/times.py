"""Points and spans of time, as uv reads them in ``exclude-newer``."""

from __future__ import annotations

import re

from tenterhooks.core.patterns import lazy

DAY = lazy(r"\d{4}-\d\d-\d\d")
_NUMBER = lazy(r"(\d{1,18})\s*([a-z]+)")
_FRACTION = lazy(r"(.{19})\.(\d{1,18})(.*)", re.DOTALL)
_UNITS = ("y", "mo", "w", "d", "h", "min", "s")


def span(text: str) -> dict[str, int] | None:
    """``P1W``, ``PT12H``, ``1 week``: the numbers by unit; None where it is of another form."""
    words = text.strip().lower()
    pairs = _NUMBER.findall(words)
    if words.startswith("p"):
        day, _, hour = words[1:].partition("t")
        # An m is a month before the T, and a minute after it.
        pairs = [(n, "mo" if u == "m" else u) for n, u in _NUMBER.findall(day)]
        pairs += [(n, "min" if u == "m" else u) for n, u in _NUMBER.findall(hour)]
    found: dict[str, int] = {}
    for number, unit in pairs:
        key = next((known for known in _UNITS if unit.startswith(known)), "")
        if not key:
            return None
        found[key] = int(number)
    return found or None


def instant(text: str) -> float | None:
    """Seconds since the epoch; of a date alone, the last that it can mean anywhere; None where it
    is of another form."""
    import datetime as dt

    try:
        time = dt.datetime.fromisoformat(_plain(text))
        if len(text) == len("2026-01-01"):
            time += dt.timedelta(hours=38)
    except (ValueError, OverflowError):
        return None
    return (time if time.tzinfo else time.replace(tzinfo=dt.timezone.utc)).timestamp()


def _plain(text: str) -> str:
    """A time as Python 3.10 reads it: fractions of a second have six digits there."""
    found = _FRACTION.fullmatch(text)
    if found:
        text = f"{found[1]}.{found[2][:6]:0<6}{found[3]}"
    return text.upper().replace("Z", "+00:00")
