"""A requirement, as a project declares it or as a lock repeats it."""

from __future__ import annotations

from tenterhooks.core import parsed
from tenterhooks.lock_in_sync import compare
from tenterhooks.lock_in_sync.uv import markers, urls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from tenterhooks.core.files import File

    Keys = tuple[str | int, ...]


class Origin:
    """Where something is declared: a file, and the way to it in the document."""

    __slots__ = ("file", "keys")

    def __init__(self, file: File, keys: Keys) -> None:
        self.file = file
        self.keys = keys


class Entry:
    """name: normalised. extras: those asked for. specifier: of the version.
    source: see urls. marker: without the extra that it stands under. extra: that one.
    text: in the words of the project, or of the lock. origin: None in a lock.
    """

    __slots__ = ("extra", "extras", "marker", "name", "origin", "source", "specifier", "text")

    def __init__(
        self,
        name: str,
        *,
        extras: Iterable[str] = (),
        specifier: str = "",
        source: urls.Source = urls.REGISTRY,
        marker: str = "",
        extra: str = "",
        text: str = "",
        origin: Origin | None = None,
    ) -> None:
        self.name = name
        self.extras = frozenset(extras)
        self.specifier = specifier
        self.source = source
        self.marker = marker
        self.extra = extra
        self.text = text or name
        self.origin = origin

    def but(self, **changes: Any) -> Entry:
        """The same with some fields changed."""
        mine = {name: getattr(self, name) for name in Entry.__slots__ if name != "name"}
        return Entry(self.name, **{**mine, **changes})

    @property
    def whole_marker(self) -> str:
        """The marker together with the extra."""
        return markers.both(self.marker, f"extra == '{self.extra}'" if self.extra else "")


def declared(text: object, origin: Origin, extra: str = "") -> Entry | None:
    """What a requirement of a project says; None where it is none."""
    requirement = compare.parse(text) if isinstance(text, str) else None
    if requirement is None or not isinstance(text, str):
        return None
    source = urls.direct(requirement.url) if requirement.url else urls.REGISTRY
    return Entry(
        requirement.name,
        extras=requirement.extras,
        specifier=requirement.specifier,
        source=urls.UNKNOWN if markers.is_odd(requirement.marker) else source,
        marker=requirement.marker,
        extra=extra,
        text=" ".join(text.split()),
        origin=origin,
    )


def locked(item: dict[str, Any]) -> Entry:
    """What a lock repeats of a requirement: a table with a name."""
    marker, extra = _without_extra(parsed.text(item, "marker"))
    extras = parsed.texts(item.get("extras", item.get("extra")))
    return Entry(
        compare.normal(item["name"]),
        extras=map(compare.normal, extras),
        specifier=parsed.text(item, "specifier") if _has_specifier(item) else "",
        source=urls.of_lock(item),
        marker=marker,
        extra=extra,
        text=_words(item),
    )


def _has_specifier(item: dict[str, Any]) -> bool:
    return parsed.text(item, "specifier") not in ("", "*")


def _without_extra(marker: str) -> tuple[str, str]:
    """Marker and extra of the form that uv writes for an optional dependency."""
    rest, _, last = marker.rpartition(" and ") if " and " in marker else ("", "", marker)
    if not last.startswith("extra == '") or last.count("'") != 2 or "extra ==" in rest:
        return marker, ""
    if rest.startswith("(") and rest.endswith(")") and "(" not in rest[1:]:
        rest = rest[1:-1]
    elif " or " in rest and "(" not in rest:
        return marker, ""
    return rest, last[len("extra == '") : -1]


def _words(item: dict[str, Any]) -> str:
    extras = parsed.array(item, "extras")
    asked = f"[{','.join(map(str, extras))}]" if extras else ""
    text = f"{item['name']}{asked}{parsed.text(item, 'specifier')}"
    for kind in ("git", "url", "path", "editable", "directory", "virtual", "index"):
        if kind in item:
            text += f" ({kind} {item[kind]})"
    marker = parsed.text(item, "marker")
    return f"{text}; {marker}" if marker else text
