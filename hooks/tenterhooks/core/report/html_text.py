"""Words and values for the page: whatever a repository holds, made harmless in HTML."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_MONTHS = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
]  # fmt: skip
_CODE = re.compile("`{1,2}([^`]+)`{1,2}")
# Characters that count as printable and show nothing: fillers, joiners, variation selectors.
_UNSEEN = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
    + "".join(map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)


def text(value: str) -> str:
    """``value`` as HTML, for elements and for attributes in quotes. What a reader could not see,
    or what would change how the rest is shown or encoded, is spelled out (``\\u202e``)."""
    if not value.isprintable() or not (value.isascii() or _UNSEEN.isdisjoint(value)):
        value = "".join(map(_visible, value))
    if "&" in value:
        value = value.replace("&", "&amp;")
    if "<" in value or ">" in value:
        value = value.replace("<", "&lt;").replace(">", "&gt;")
    if '"' in value or "'" in value:
        value = value.replace('"', "&quot;").replace("'", "&#39;")
    return value


def _visible(character: str) -> str:
    if character.isprintable() and character not in _UNSEEN:
        return character
    return character.encode("unicode_escape").decode("ascii")


def prose(value: str) -> str:
    """As ``text``, for a sentence: what stands in backticks is code."""
    return _CODE.sub(r"<code>\1</code>", text(value))


def path(value: str) -> str:
    """A path, which may be broken into lines behind each slash."""
    return f"<code>{text(value).replace('/', '/<wbr>')}</code>"


def link(address: str | None, words: str) -> str:
    """``words`` (not HTML yet), leading to an address where there is one."""
    return f'<a href="{text(address)}">{text(words)}</a>' if address else text(words)


def count(number: int, noun: str, many: str | None = None) -> str:
    """``1 file``, ``1,200 files``."""
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def listed(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def day(year: int, month: int, day_of_month: int) -> str:
    """``21 May 2027``, which nobody takes for another day."""
    iso = f"{year:04}-{month:02}-{day_of_month:02}"
    return f'<time datetime="{iso}">{day_of_month} {_MONTHS[month - 1]} {year}</time>'


def moment(seconds: int) -> str:
    """Seconds since the epoch as a day and a time of day in UTC."""
    import time

    try:
        at = time.gmtime(seconds)
    except (OverflowError, ValueError, OSError):
        return "an unknown time"
    return f"{day(at.tm_year, at.tm_mon, at.tm_mday)}, {at.tm_hour:02}:{at.tm_min:02} UTC"
