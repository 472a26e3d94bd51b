"""``security.txt``, which a web site serves. Source: RFC 9116."""

from __future__ import annotations

import re

from tenterhooks.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX = 65_536
_CONTACT = lazy(
    r"^(?:- )?Contact[ \t]{0,9}:[ \t]*((?:mailto|https?|tel):\S)", re.IGNORECASE | re.MULTILINE
)
_EXPIRES = lazy(r"^(?:- )?Expires[ \t]{0,9}:([^\r\n]{0,200})", re.IGNORECASE | re.MULTILINE)
_RFC3339 = lazy(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))",
    re.ASCII,
)
# Files below these are test data or somebody else's.
_NOT_SERVED = {
    "example", "examples", "fixture", "fixtures", "node_modules", "samples", "snapshots",
    "test", "testdata", "testing", "tests", "third_party", "vendor", "vendored",
}  # fmt: skip


def is_served(path: str) -> bool:
    """Whether ``path`` looks like a security.txt of the project's own, not like test data."""
    return _NOT_SERVED.isdisjoint(path.lower().split("/")[:-1])


def contact(text: str) -> int | None:
    """Where the first ``Contact`` field is, which section 2.5.3 demands; None without one."""
    match = _CONTACT.search(text[:_MAX])
    return match.start() if match else None


def expiry(text: str, top: str) -> Iterator[tuple[int, str]]:
    """Where and how ``Expires`` breaks section 2.5.5: present, once, in the future. Nothing for
    a file without ``Contact``, which is something else of that name."""
    first = contact(text)
    if first is None:
        return
    fields = list(_EXPIRES.finditer(text[:_MAX]))
    if not fields:
        yield first, "has no Expires field, without which readers must not trust it"
        return
    if len(fields) > 1:
        yield fields[1].start(), "has more than one Expires field"
    value = fields[0].group(1).strip()
    if "{{" in value or "{%" in value or "${" in value or "<%" in value:
        return  # filled in when the site is built
    seconds = _seconds(value)
    if seconds is None:
        yield fields[0].start(), f"Expires: {value[:60]!r} is no date and time of RFC 3339"
        return
    from tenterhooks.core import git

    if seconds <= git.reference_time(top):
        yield fields[0].start(), f"expired on {value[:10]}: readers must no longer trust it"


def _seconds(value: str) -> int | None:
    match = _RFC3339.fullmatch(value)
    if not match:
        return None
    import calendar
    import datetime as dt

    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    try:
        # RFC 3339 knows leap seconds, datetime does not.
        moment = dt.datetime(year, month, day, hour, minute, min(second, 59))  # noqa: DTZ001
    except ValueError:
        return None
    sign, hours, minutes = match.group(7, 8, 9)
    shift = (int(hours) * 60 + int(minutes)) * 60 if sign else 0
    return calendar.timegm(moment.timetuple()) - (shift if sign == "+" else -shift)
