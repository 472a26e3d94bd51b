"""Pipfile.lock: made for what the Pipfile declares, and fit for it.

Pipenv compares a hash of the Pipfile. The entries know nothing of each other, so of what is only
needed by something else nothing can be said.
"""

from __future__ import annotations

import os

from tenterhooks.core import parsed, toml
from tenterhooks.core.files import Unreadable
from tenterhooks.core.finding import Finding, of_unreadable
from tenterhooks.formats.locks import hashes
from tenterhooks.formats.names import normal
from tenterhooks.lock_in_sync import rules, shell
from tenterhooks.lock_in_sync.specifiers import meets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import SimpleNamespace
    from typing import Any

    from tenterhooks.core.files import File, Repository
    from tenterhooks.core.toml import Path
    from tenterhooks.formats.locks.hashes import Lock

    Table = dict[str, Any]

LOCK = "Pipfile.lock"
MAX_MESSAGE = 400
# Tables of a Pipfile that declare no packages.
_OTHERS = {"source", "requires", "scripts", "pipfile", "pipenv", "build-system"}
_SECTIONS = {"packages": "default", "dev-packages": "develop"}
# Of which Pipenv has made no entries, before it did.
_LEFT_OUT = ("pip", "setuptools", "wheel", "distribute")
# What is taken from elsewhere than an index, and may have any name there.
_ELSEWHERE = {"git", "hg", "svn", "bzr", "path", "file", "editable"}
_DESCRIBING = {"version", "extras", "index"}


class Declared:
    """One package of a Pipfile. words: it, as the Pipfile has it. is_plain: it comes from an
    index, and under all conditions. section: of the lock."""

    __slots__ = ("extras", "is_elsewhere", "is_plain", "keys", "name", "section", "words")

    def __init__(self, table: str, key: str, said: object) -> None:
        self.keys: Path = (table, key)
        bare, _, bracketed = key.partition("[")
        self.name = normal(bare.strip())
        self.section = _SECTIONS.get(table, table)
        details = said if isinstance(said, dict) else {"version": said}
        version = details.get("version", "*")
        self.words = f"{key} {version}" if isinstance(version, str) else key
        self.is_elsewhere = bool(_ELSEWHERE & set(details))
        self.is_plain = set(details) <= _DESCRIBING
        named = bracketed.rstrip("] ").split(",")
        extras = [*parsed.texts(details, "extras"), *filter(None, named)]
        self.extras = {normal(extra.strip()) for extra in extras}

    @property
    def specifier(self) -> str:
        """Its specifier; empty for any, and where it is not understood."""
        said = self.words.partition(" ")[2].strip()
        return said if said[:1] in "<>=!~" else ""


class _Pair:
    """A lock and its Pipfile. root: of the lock. declared: all packages."""

    def __init__(self, lock: File, entries: Lock, pipfile: File, said: Table) -> None:
        self.lock = lock
        self.entries = entries
        self.root = entries.root
        self.pipfile = pipfile
        self.said = said
        self.declared = [
            Declared(table, key, value)
            for table in said
            if table not in _OTHERS
            for key, value in parsed.table(said, table).items()
        ]
        self.sections = {
            section: {
                normal(name): parsed.table(entry) for name, entry in parsed.table(packages).items()
            }
            for section, packages in self.root.items()
            if section != "_meta"
        }
        folder = lock.path.rpartition("/")[0]
        self.fix = shell.in_folder("pipenv lock", folder)

    def entry(self, one: Declared) -> Table | None:
        """What the lock has for a package; what is in another section is installed as well."""
        for section in (one.section, "default"):
            found = self.sections.get(section, {}).get(one.name)
            if found is not None:
                return found
        return None

    def is_wanted(self, one: Declared) -> bool:
        """Whether a package must have an entry. Sections beside the usual two are of 2022."""
        is_name = bool(one.name) and not one.name.startswith("-") and one.name not in _LEFT_OUT
        return one.is_plain and is_name and one.section in self.sections

    def told(self, rule: str, keys: Path, message: str) -> Finding:
        line, column = toml.locate(self.pipfile, keys)
        return Finding(self.pipfile.path, line, column, rule, message[:MAX_MESSAGE], self.fix)


def check(lock: File, repository: Repository, options: SimpleNamespace) -> Iterator[Finding]:
    """Findings of one Pipfile.lock. Raises Unreadable."""
    entries = hashes.load(lock)
    pipfile = repository.file(lock.path.removesuffix(LOCK) + "Pipfile")
    try:
        said = toml.load(pipfile)
    except Unreadable as error:
        if os.path.lexists(pipfile.absolute):
            yield of_unreadable(pipfile.path, error)
        return
    pair = _Pair(lock, entries, pipfile, said)
    meta = entries.root.get("_meta")
    if not meta:
        # Pipenv takes it for made from the Pipfile as it is.
        if options.strict:
            text = f"{LOCK} does not say what it was made for"
            line, column = entries.place(())
            yield Finding(lock.path, line, column, rules.UNDECIDED.name, text, pair.fix)
        return
    yield from _checked(pair, parsed.table(meta), strict=options.strict)


def _checked(pair: _Pair, meta: Table, *, strict: bool) -> Iterator[Finding]:
    from tenterhooks.lock_in_sync import pipfile_hash

    wanted = parsed.table(meta, "hash").get("sha256")
    try:
        part = pipfile_hash.relevant(pair.said)
    except (TypeError, ValueError):
        if strict:
            text = "the Pipfile holds dates or the like, of which Pipenv makes no hash"
            yield pair.told(rules.UNDECIDED.name, (), text)
        return
    if pipfile_hash.is_met(part, wanted):
        for one, rule, text in _unmet(pair):
            yield pair.told(rule, one.keys, text)
        return
    changes: list[tuple[Path, str]] = list(_one_change(pair, part, wanted)) or list(
        _changes(pair, meta)
    )
    if not changes:
        text = f"the Pipfile has changed since {LOCK} was made: its hash is another"
        changes = [(next((key,) for key in (*_SECTIONS, "") if key in pair.said or not key), text)]
    for keys, text in changes:
        yield pair.told(rules.OUT_OF_DATE.name, keys, text)


def _one_change(pair: _Pair, part: Table, wanted: object) -> Iterator[tuple[Path, str]]:
    """What has changed, if it is one thing and the hash tells it."""
    from tenterhooks.lock_in_sync import pipfile_hash

    if isinstance(wanted, str):
        change = pipfile_hash.added(part, wanted)
        change = change or pipfile_hash.removed(part, wanted, _undeclared(pair))
        if change:
            yield change


def _unmet(pair: _Pair) -> Iterator[tuple[Declared, str, str]]:
    """The packages without an entry, or with one that is not what is declared."""
    for one in pair.declared:
        entry = pair.entry(one)
        if entry is None:
            if pair.is_wanted(one):
                text = f"{one.words} is declared, and {LOCK} has no entry for it"
                yield one, rules.INCOMPLETE.name, text
            continue
        held = entry.get("version")
        if one.is_elsewhere or not isinstance(held, str):
            continue
        if not meets(held.removeprefix("=="), one.specifier):
            text = f"{one.words} is declared, and {LOCK} holds {held.removeprefix('==')}"
            yield one, rules.UNSATISFIED.name, text


def _changes(pair: _Pair, meta: Table) -> Iterator[tuple[Path, str]]:
    """What the entries show to be otherwise than declared."""
    wanted, made_for = parsed.table(pair.said, "requires"), parsed.table(meta, "requires")
    for key in sorted({*wanted, *made_for}):
        if wanted.get(key) != made_for.get(key):
            one, other = (parsed.text(table, key) for table in (wanted, made_for))
            said = f"{key} {one} is required" if one else f"no {key} is required any more"
            text = f"{said}, and {LOCK} was made " + (f"for {other}" if other else "without")
            yield ("requires", key) if key in wanted else ("requires",), text
    yield from _sources(pair, meta)
    for package, _, text in _unmet(pair):
        yield package.keys, text
    for package in pair.declared:
        yield from _extras(pair, package)


def _extras(pair: _Pair, one: Declared) -> Iterator[tuple[Path, str]]:
    entry = pair.entry(one)
    if entry is None or one.is_elsewhere:
        return
    held = set(map(normal, parsed.texts(entry, "extras")))
    if held != one.extras:
        said, has = (", ".join(sorted(names)) or "no extras" for names in (one.extras, held))
        yield one.keys, f"{one.words} is declared with {said}, and {LOCK} has it with {has}"


def _sources(pair: _Pair, meta: Table) -> Iterator[tuple[Path, str]]:
    held = _addresses(meta, "sources")
    said = _addresses(pair.said, "source") if "source" in pair.said else held
    for url in (url for url in said if url not in held):
        where = ("source", said.index(url))
        yield where, f"the source {url} is declared, and {LOCK} was made without it"
    for url in (url for url in held if url not in said):
        yield ("source",), f"the source {url} is not declared any more, and {LOCK} was made with it"


def _addresses(holder: Table, name: str) -> list[str]:
    return [parsed.text(source, "url") for source in parsed.array(holder, name)]


def _undeclared(pair: _Pair) -> list[tuple[str, str]]:
    """Table and name of what the lock has beside the declared: nearly all is only needed by
    something else. What has an index comes first, as nearly all that is declared has one."""
    known = {one.name for one in pair.declared}
    tables = {section: table for table, section in _SECTIONS.items()}
    found = [
        ("index" not in entry, tables.get(section, section), name)
        for section, entries in pair.sections.items()
        for name, entry in entries.items()
        if name not in known
    ]
    return [(table, name) for _, table, name in sorted(found)]
