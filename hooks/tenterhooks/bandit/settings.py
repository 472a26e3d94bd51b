"""How Bandit runs on a repository: found, checked, and put together with the hook's options."""

from __future__ import annotations

import os

from tenterhooks.bandit import known, sources
from tenterhooks.bandit.options import LEVELS, parted
from tenterhooks.bandit.paths import Paths
from tenterhooks.bandit.reading import Reader, Said, check_apart
from tenterhooks.bandit.rules import OPT_IN
from tenterhooks.bandit.selection import (
    Catalogue,
    Selection,
    combined,
    expanded,
    installed_tests,
    retired,
    words,
)
from tenterhooks.bandit.sources import SettingsError
from tenterhooks.core.config import unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import SimpleNamespace
    from typing import Any

    from tenterhooks.bandit.model import Issue
    from tenterhooks.bandit.selection import Plugin
    from tenterhooks.core.files import File, Repository

_RANKS = list(LEVELS.values())
_ASSERT = "B101"
# What is right in a test, or of no consequence there.
NOT_IN_TESTS = frozenset({_ASSERT, "TH102", "TH105", "TH106", "TH114", "TH117"})
# Where an assert is what is wanted, by the names that pytest, unittest and Django look for.
TEST_FILES = (
    "tests",
    "test",
    "testing",
    "test_*.py",
    "*_test.py",
    "tests.py",
    "conftest.py",
)
# What Bandit leaves out by default: `bandit.core.constants.EXCLUDE`.
NEVER = (".svn", "CVS", ".bzr", ".hg", ".git", "__pycache__", ".tox", ".eggs", "*.egg")


_TESTS = Paths(TEST_FILES)


class Settings:
    """selection: which tests run. severity, confidence: floors, ``UNDEFINED`` to ``HIGH``.
    configuration: section -> what its plugins are told, where the file says anything of it,
    complete with defaults. ignore_nosec: as it says. baseline: the file, or None.
    targets: what Bandit would scan where no files are passed; empty for everything.
    source: the file that configures Bandit, or None. origins: what -> where it comes from.
    notes: what of the file has no effect, each with its place.
    """

    def __init__(self, said: Said) -> None:
        self.selection = Selection()
        self.severity = self.confidence = "UNDEFINED"
        self.configuration = said.sections
        self.ignore_nosec = False
        self.baseline: File | None = None
        self.targets: list[str] = said.of("targets")
        self.include: list[str] = said.of("include")
        self.source: File | None = None
        self.origins: dict[str, str] = dict(said.places)
        self.notes = said.notes
        self._excluded = Paths([*NEVER, *said.of("exclude")])
        self._ignores: list[tuple[Paths, frozenset[str]]] = []

    def runs(self, test_id: str) -> bool:
        """Whether a test is selected, for some files at least."""
        return self.selection.runs(test_id)

    def excludes(self, path: str) -> bool:
        """Whether the file at ``path``, relative to the top, is not to be checked."""
        return self._excluded.covers(path)

    def ignored(self, path: str) -> frozenset[str]:
        """The ids of the tests whose findings do not count in this file."""
        found: frozenset[str] = frozenset()
        for paths, tests in self._ignores:
            if not tests <= found and paths.covers(path):
                found |= tests
        return found

    def off(self, path: str) -> frozenset[str]:
        """The ids of the tests that are off in this file unless somebody asks for them."""
        return OPT_IN | NOT_IN_TESTS if _TESTS.covers(path) else OPT_IN

    def reports(self, issue: Issue) -> bool:
        """Whether an issue reaches the floors of severity and confidence."""
        return _RANKS.index(issue.severity) >= _RANKS.index(self.severity) and (
            _RANKS.index(issue.confidence) >= _RANKS.index(self.confidence)
        )

    def add_ignore(self, patterns: Iterable[str], tests: Iterable[str]) -> None:
        self._ignores.append((Paths(patterns), frozenset(tests)))


def load(
    repository: Repository,
    options: SimpleNamespace,
    installed: Callable[[], Iterable[Plugin]] = installed_tests,
) -> Settings:
    """What the file that configures Bandit says, with what ``options`` say beside it or instead.

    tests, skips: added to those of the file, as Bandit adds its own options; where one contradicts
    the file it holds. The others stand instead of what the file says.
    installed: gives the tests that are installed beside Bandit's; asked only where it matters.

    Raises SettingsError.
    """
    catalogue = Catalogue(installed)
    said = Said()
    source = sources.find(repository, options.bandit_config)
    if source is not None:
        _take(repository, Reader(said, catalogue), source)
    settings = Settings(said)
    settings.source = source.file if source else None
    _select(settings, said, options, catalogue)
    _set_floors(settings, said, options)
    _set_baseline(settings, said, options, repository)
    _set_ignores(settings, options, catalogue)
    settings.ignore_nosec = options.ignore_nosec or bool(said.values.get("ignore_nosec"))
    return settings


def _take(repository: Repository, reader: Reader, source: sources.Source) -> None:
    """A ``.bandit`` can name another file, as ``-c`` does on Bandit's command line."""
    reader.take(source)
    said = reader.said
    if source.is_silent:
        said.notes.append(f"{source.place(())}: says nothing to Bandit")
    name = said.values.pop("configfile", None)
    place = said.places.pop("configfile", "")
    if name:
        other = sources.read(_beside(repository, source.file, name))
        if other.kind == sources.INI:
            raise SettingsError(f"{place}: configfile: must be a file of YAML or TOML")
        reader.take(other)


def _beside(repository: Repository, file: File, name: str) -> File:
    """The file that another one names: from where that stands, else from the top."""
    folder = os.path.dirname(file.path)
    path = os.path.normpath(os.path.join(folder, name)).replace(os.sep, "/")
    found = repository.file(path)
    if folder and not os.path.lexists(found.absolute):
        return sources.named(repository, name)
    return repository.given(name) if os.path.isabs(name) else found


def _select(settings: Settings, said: Said, options: SimpleNamespace, catalogue: Catalogue) -> None:
    given_tests, given_skips = _ids(catalogue, options.tests), _ids(catalogue, options.skips)
    check_apart(given_tests, given_skips, "options")
    tests, skips = said.of("tests"), said.of("skips")
    place = said.places.get("skips", "")
    profile = options.profile or said.values.get("profile")
    if profile:
        place = "option profile" if options.profile else said.places["profile"]
        tests, skips = _profile(said, profile, place)
        settings.origins.update(profile=place, tests=place, skips=place)
    check_apart(tests, skips, place)
    chosen = combined(tests, skips, given_tests, given_skips)
    # Rules of the hook itself are among them.
    on = [id for id in map(catalogue.find, options.select) if id]
    settings.selection = chosen.switched(OPT_IN, on)
    if given_tests:
        _note_option(settings, "tests")
    if given_skips:
        _note_option(settings, "skips")
    _check_some(settings, catalogue)


def _check_some(settings: Settings, catalogue: Catalogue) -> None:
    """Raises SettingsError: all that would run is left out, or is of an earlier Bandit."""
    if any(map(settings.runs, catalogue.ids())):
        return
    if not any(settings.runs(id) for id, _, _ in catalogue.others()):
        origins = settings.origins
        where = origins.get("tests") or origins.get("skips") or "options"
        raise SettingsError(f"{where}: no test is left to run")


def _profile(said: Said, name: str, place: str) -> tuple[list[str], list[str]]:
    """The tests of a legacy profile, which stand instead of tests and skips."""
    if name not in said.profiles:
        what = unknown("profile", name, list(said.profiles))
        raise SettingsError(f"{place}: {name[:80]}: {what}")
    tests, skips = said.profiles[name]
    for word in (*tests, *skips):
        if word in known.LEGACY:
            raise SettingsError(
                f"{place}: {name[:80]}: {word} brings a blacklist of its own, which is not "
                "supported; name the ids B301 to B415"
            )
    return tests, skips


def _ids(catalogue: Catalogue, values: Iterable[str]) -> list[str]:
    """The ids of the tests that the values of an option name."""
    found = []
    for word in (word for value in values for word in words(value)):
        id = catalogue.find(word) or retired(word)
        if id is None:
            raise SettingsError(f"options: {catalogue.unknown(word)}")
        found.append(id)
    return found


def _set_floors(settings: Settings, said: Said, options: SimpleNamespace) -> None:
    for name in ("severity", "confidence"):
        given = getattr(options, f"{name}_level")
        if given:
            settings.origins[name] = f"option {name}-level"
        value: Any = LEVELS[given] if given else said.values.get(name, "UNDEFINED")
        setattr(settings, name, value)


def _set_baseline(
    settings: Settings, said: Said, options: SimpleNamespace, repository: Repository
) -> None:
    if options.baseline:
        settings.baseline = sources.named(repository, options.baseline)
        settings.origins["baseline"] = "option baseline"
    elif "baseline" in said.values and settings.source:
        settings.baseline = _beside(repository, settings.source, said.values["baseline"])


def _set_ignores(settings: Settings, options: SimpleNamespace, catalogue: Catalogue) -> None:
    if not options.all_in_tests:
        settings.add_ignore(TEST_FILES, NOT_IN_TESTS)
    # Bandit matches these against a path that it writes with ./ before; ours holds either way.
    skips = settings.configuration.get("assert_used", {}).get("skips")
    if skips:
        settings.add_ignore(skips, [_ASSERT])
    for value in options.per_file_ignores:
        pattern, tests = parted(value)
        ids = expanded(_ids(catalogue, [tests]))
        settings.add_ignore([pattern], ids)


def _note_option(settings: Settings, name: str) -> None:
    before = settings.origins.get(name)
    settings.origins[name] = f"{before} and option {name}" if before else f"option {name}"
