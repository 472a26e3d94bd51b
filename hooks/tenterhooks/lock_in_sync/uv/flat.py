"""Extras of a project that ask for other extras of it, resolved as some build backends do."""

from __future__ import annotations

from tenterhooks.lock_in_sync.uv import markers, urls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.lock_in_sync.uv.entries import Entry

MAX_ENTRIES = 20_000
MAX_ASKING = 1000
MAX_MARKER = 1000


def flattened(entries: list[Entry], name: str) -> list[Entry] | None:
    """The entries of a project called ``name``, those that ask for it replaced by what they
    bring; None where that has no end, as when extras ask for each other, each with a marker."""
    found = [entry for entry in entries if entry.name != name]
    own = [entry for entry in found if entry.extra]
    queue = [entry for entry in entries if entry.name == name]
    seen = set()
    for asking in queue:
        if len(queue) > MAX_ASKING or len(asking.marker) > MAX_MARKER or len(found) > MAX_ENTRIES:
            return None
        for extra in sorted(asking.extras):
            key = (extra, asking.extra, asking.marker)
            if key not in seen:
                seen.add(key)
                found += [_moved(entry, asking) for entry in own if entry.extra == extra]
                queue += [
                    _moved(entry, asking)
                    for entry in entries
                    if entry.name == name and entry.extra == extra
                ]
    # What is asked of the project itself, beyond its extras, stays.
    kept = (each for each in queue if each.specifier or each.source != urls.REGISTRY)
    return [*found, *(each.but(extras=()) for each in kept)]


def _moved(entry: Entry, asking: Entry) -> Entry:
    return entry.but(extra=asking.extra, marker=markers.both(entry.marker, asking.marker))
