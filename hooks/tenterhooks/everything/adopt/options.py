"""The command line of ``tenterhooks adopt``."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import tenterhooks
from tenterhooks.core import acceptances, git
from tenterhooks.core.selection import PRESETS
from tenterhooks.everything.adopt.accepting import Terms
from tenterhooks.everything.adopt.errors import Stopped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.core.files import Repository

PROG = "tenterhooks adopt"
DAYS = 180
REASON = "found when tenterhooks was adopted"
_DESCRIPTION = """\
Set tenterhooks up in a repository: the hook in the configuration of its runner, pinned to the
commit of this version, and what is found today accepted for a time, rule by rule and file by file.
From then on only new findings fail. Nothing is written before it was shown. Run it again to accept
what has come since, and to drop acceptances that met nothing.
"""
_EPILOG = """\
exit: 0 written, or nothing to do; 1 shown, but not written; 2 it could not be done
"""


def read(argv: Sequence[str]) -> SimpleNamespace:
    """Raises SystemExit after --help (0), and on a bad command line (2)."""
    import argparse

    parser = argparse.ArgumentParser(
        prog=PROG,
        description=_DESCRIPTION,
        epilog=_EPILOG,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("path", nargs="?", default=".", metavar="PATH", help="a folder in it (default: this one)")
    until = parser.add_mutually_exclusive_group()
    until.add_argument("--until", metavar="DATE", help="accept up to this day, such as 2027-05-21")
    until.add_argument(
        "--days", type=int, default=DAYS, metavar="N", help=f"accept for N days (default: {DAYS})"
    )
    add("--reason", default=REASON, metavar="TEXT", help=f"why it is accepted (default: {REASON})")
    add("--renew", action="store_true", help="give acceptances that are over the new day, too")
    add(
        "--preset",
        action="append",
        default=[],
        choices=list(PRESETS),
        help="which rules, written into the configuration as well (may be repeated)",
    )
    add("--rev", metavar="SHA", help=f"the commit of v{tenterhooks.__version__} to pin")
    add("--online", action="store_true", help="ask the network for it, where nothing here tells")
    add("--yes", action="store_true", help="write without asking")
    return SimpleNamespace(**vars(parser.parse_args(list(argv))))


def terms(given: SimpleNamespace, repository: Repository) -> Terms:
    """For how long and why. Raises Stopped: no day, a day that is over, no reason."""
    if not given.reason.strip() or not given.reason.isprintable():
        raise Stopped("--reason: must be a line of text")
    now = _today(repository)
    day = _day(given.until) if given.until is not None else _after(now, given.days)
    if day < now:
        raise Stopped(f"--until: {day} is over")
    return Terms(given.reason.strip(), now, day, renew=given.renew)


def _today(repository: Repository) -> dt.date:
    """The day that acceptances will be held against once this is committed: HEAD may be old."""
    reference = git.reference_time(repository.top)
    if git.given_time() is None:
        reference = max(reference, int(dt.datetime.now(dt.timezone.utc).timestamp()))
    return acceptances.day_at(reference)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Stopped("--until: must be a day such as 2027-05-21") from None


def _after(now: dt.date, days: int) -> dt.date:
    if days < 1:
        raise Stopped("--days: must be 1 or more")
    try:
        return now + dt.timedelta(days=days)
    except OverflowError:
        raise Stopped("--days: is beyond the end of time") from None
