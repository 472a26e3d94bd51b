"""What a configuration file of Bandit says, checked key by key."""

from __future__ import annotations

from tenterhooks.bandit import known
from tenterhooks.bandit.options import LEVELS
from tenterhooks.bandit.paths import covers_all
from tenterhooks.bandit.selection import retired, words
from tenterhooks.bandit.sources import INI, SettingsError
from tenterhooks.core.config import unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tenterhooks.bandit.selection import Catalogue
    from tenterhooks.bandit.sources import Path, Source

# So many patterns and no more are compared with every file.
MAX_PATTERNS = 1000
_TYPES = {list: "a list of strings", bool: "true or false", int: "a whole number"}
_YES = ("1", "yes", "true", "on")
_NO = ("0", "no", "false", "off", "")


class Said:
    """What files say.

    values: tests and skips as ids, exclude, targets and include as texts, severity and confidence
    as Bandit ranks them, ignore_nosec, baseline, profile and configfile; a key is missing where
    nothing is said. places: where each of these is said. sections: for the plugins, by name.
    profiles: name -> tests and skips as ids. notes: what has no effect, a line each.
    """

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.places: dict[str, str] = {}
        self.sections: dict[str, Any] = {}
        self.profiles: dict[str, tuple[list[str], list[str]]] = {}
        self.notes: list[str] = []

    def add(self, name: str, value: Any, place: str) -> None:
        """Lists of several files add up; of other things the last one holds."""
        if value in (None, []):
            return
        if isinstance(value, list) and name in self.values:
            self.values[name] = self.values[name] + value
            self.places[name] += f" and {place}"
        else:
            self.values[name] = value
            self.places[name] = place

    def of(self, name: str) -> Any:
        """The value, an empty list where nothing is said."""
        return self.values.get(name, [])


class Reader:
    """Takes up one file after the other into ``said``."""

    def __init__(self, said: Said, catalogue: Catalogue) -> None:
        self.said = said
        self.catalogue = catalogue

    def take(self, source: Source) -> None:
        """Raises SettingsError."""
        if source.kind == INI:
            self._take_ini(source)
        else:
            self._take_table(source)

    def _take_table(self, source: Source) -> None:
        for key, value in source.values.items():
            if key in known.KEYS:
                self._general(source, key, value)
            elif value is not None:
                self._section(source, key, value)

    def _general(self, source: Source, key: str, value: Any) -> None:
        kind = known.KEYS[key]
        if kind == "string":
            if not isinstance(value, str | None):
                raise source.error((key,), "must be a string")
        elif kind == "tables":
            if not isinstance(value, dict | None):
                raise source.error((key,), "must be a table")
            if key == "profiles":
                self._profiles(source, value or {})
        elif key in ("tests", "skips"):
            self.said.add(key, self._tests(source, (key,), value), source.place((key,)))
        else:
            name = "exclude" if key == "exclude_dirs" else key
            items = _strings(source, (key,), value)
            if name == "exclude":
                check_patterns(source, (key,), items)
            self.said.add(name, items, source.place((key,)))

    def _profiles(self, source: Source, profiles: dict[str, Any]) -> None:
        for name, profile in profiles.items():
            path = ("profiles", name)
            if not isinstance(profile, dict):
                raise source.error(path, "must be a table")
            for key in profile:
                if key not in ("include", "exclude"):
                    raise source.error((*path, key), unknown("key", key, ["include", "exclude"]))
            self.said.profiles[name] = (
                self._tests(source, (*path, "include"), profile.get("include")),
                self._tests(source, (*path, "exclude"), profile.get("exclude")),
            )

    def _tests(self, source: Source, path: Path, value: Any) -> list[str]:
        """The ids of tests that a list names, each by its id or its name."""
        items = enumerate(_strings(source, path, value))
        return [self._test(source, (*path, at), item) for at, item in items]

    def _test(self, source: Source, path: Path, word: str) -> str:
        found = self.catalogue.find(word)
        if found is not None:
            return found
        old = retired(word)
        if old is not None:
            self._note(source, path, f"{word} is no test of Bandit {known.VERSION} any more")
            return old
        if word in known.LEGACY and path[0] == "profiles":
            return word  # matters only if that profile is chosen
        raise source.error(path, self.catalogue.unknown(word))

    def _section(self, source: Source, key: str, value: Any) -> None:
        """What a plugin can be told. What is not said of it stays as it is by default: Bandit's
        plugins fail without a word where a key of theirs is missing."""
        shared = known.SHARED.get(key)
        defaults = known.SECTIONS.get(shared or key)
        if defaults is None:
            self._strange(source, key, value)
            return
        if not isinstance(value, dict):
            raise source.error((key,), "must be a table")
        for name, item in value.items():
            if name not in defaults:
                raise source.error((key, name), unknown("key", name, list(defaults)))
            if item is not None:
                _check_type(source, (key, name), item, defaults[name])
        filled = {name: it for name, it in value.items() if it is not None}
        if shared is None:
            self.said.sections[key] = {**defaults, **filled}
        elif any(defaults[name] != item for name, item in filled.items()):
            self._note(source, (key,), f"Bandit does not look at it, but at {shared}")

    def _strange(self, source: Source, key: str, value: Any) -> None:
        if key in known.RETIRED_SECTIONS:
            self._note(source, (key,), f"there is no such test in Bandit {known.VERSION} any more")
        elif any(key == section for _, _, section in self.catalogue.others()):
            self.said.sections[key] = value
        elif key in known.MEANT:
            raise source.error((key,), f"unknown key; {known.MEANT[key]}")
        else:
            raise source.error((key,), unknown("key", key, [*known.KEYS, *known.SECTIONS]))

    def _take_ini(self, source: Source) -> None:
        for key, value in source.values.items():
            if key not in known.INI_KEYS:
                meant = known.INI_MEANT.get(key)
                what = f"unknown key; {meant}" if meant else None
                raise source.error((key,), what or unknown("key", key, list(known.INI_KEYS)))
            self._ini_value(source, key, value)

    def _ini_value(self, source: Source, key: str, text: str) -> None:
        place = source.place((key,))
        if key in ("tests", "skips"):
            found = [self._test(source, (key,), word) for word in words(text)]
            self.said.add(key, found, place)
        elif key in ("exclude", "targets"):
            items = [item.strip() for line in text.split("\n") for item in line.split(",")]
            items = [item for item in items if item]
            if key == "exclude":
                check_patterns(source, (key,), items)
            self.said.add(key, items, place)
        elif key in ("level", "confidence"):
            if text.lower() not in LEVELS:
                raise source.error((key,), f"must be {', '.join(LEVELS)}")
            name = "severity" if key == "level" else key
            self.said.add(name, LEVELS[text.lower()], place)
        elif key == "ignore-nosec":
            self.said.add("ignore_nosec", _flag(source, key, text), place)
        elif key in ("baseline", "profile", "configfile"):
            self.said.add(key, text or None, place)
        # The others say what the report looks like.

    def _note(self, source: Source, path: Path, what: str) -> None:
        self.said.notes.append(str(source.error(path, what)))


def check_patterns(source: Source, path: Path, patterns: list[str]) -> None:
    """Raises SettingsError: nothing would be left to check, or too many to compare."""
    if len(patterns) > MAX_PATTERNS:
        raise source.error(path, f"holds more than {MAX_PATTERNS} patterns")
    for at, pattern in enumerate(patterns):
        if covers_all(pattern):
            raise source.error((*path, at), f"{pattern[:80]!r} would leave nothing to check")


def check_apart(tests: list[str], skips: list[str], place: str) -> None:
    """Raises SettingsError: a test is to run and not to run."""
    both = sorted(set(tests) & set(skips))
    if both:
        raise SettingsError(f"{place}: {', '.join(both)}: in tests and in skips")


def _strings(source: Source, path: Path, value: Any) -> list[str]:
    if value is None:  # a key of YAML with nothing behind it
        return []
    _check_type(source, path, value, [])
    found: list[str] = value
    return found


def _check_type(source: Source, path: Path, value: Any, default: Any) -> None:
    """Raises SettingsError: not of the type of ``default``, where a list holds strings."""
    what = f"must be {_TYPES[type(default)]}"
    if type(value) is not type(default):
        raise source.error(path, what)
    if isinstance(value, list):
        for at, item in enumerate(value):
            if not isinstance(item, str):
                raise source.error((*path, at), what)


def _flag(source: Source, key: str, text: str) -> bool:
    """Bandit takes any text for yes, `false` as well."""
    if text.lower() not in (*_YES, *_NO):
        raise source.error((key,), "must be true or false")
    return text.lower() in _YES
