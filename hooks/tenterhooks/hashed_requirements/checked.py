"""What is wrong with one requirements file, line by line."""

from __future__ import annotations

import posixpath
import re

from tenterhooks.core.finding import Edit, Finding
from tenterhooks.core.patterns import lazy
from tenterhooks.core.practice import INVALID
from tenterhooks.hashed_requirements.rules import (
    CONFLICTING_PINS,
    DROPPED_HASH,
    HASH_MODE_OFF,
    MISSING_HASH,
    MISSING_INCLUDE,
    MUTABLE,
    PARTIALLY_HASHED,
    UNHASHABLE,
    UNPINNED,
    UNSAFE_OPTION,
    WEAK_HASH,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import SimpleNamespace

    from tenterhooks.core.files import Repository
    from tenterhooks.core.finding import Rule
    from tenterhooks.formats.requirements import Line, Requirements
    from tenterhooks.hashed_requirements.includes import Reach
    from tenterhooks.hashed_requirements.reading import Requirement

_SOUND = re.compile(r"sha256:[0-9a-f]{64}")  # nearly all of them, at the speed of C
_LOCAL = lazy(r"http://(localhost|127(\.\d+){3}|\[::1\])(:\d+)?(/|$)")
_INDEXES = ("--index-url", "--extra-index-url", "--find-links")


class Checked:
    """One requirements file, with what decides how it is judged."""

    def __init__(
        self,
        document: Requirements,
        repository: Repository,
        options: SimpleNamespace,
        around: Reach,
    ) -> None:
        from tenterhooks.hashed_requirements import dropped, given_back, wanted

        self.document = document
        self.repository = repository
        self.around = around
        self.dropped = dropped.dropped(document)
        given = given_back.settle(document, self.dropped)
        self.lost = {lost.owner.start: lost.requirement for lost in self.dropped if lost.owner}
        self.refused: Line | None = None
        said = [(line, line.requirement or self.lost.get(line.start)) for line in document.lines]
        self.lines = [(line, _read(line, text)) for line, text in said if text]
        self.reads = {line.start: read for line, read in self.lines}
        self.is_hashed = bool(
            self.dropped
            or around.has_hashes
            or any(line.hashes or _refused_hash(line) for line in document.lines)
        )
        self.hashed = sum(1 for line, _ in self.lines if line.hashes)
        # Once what can be mended is.
        self.is_complete = not (around.has_bare or around.problems) and all(
            read.is_hashable and (line.hashes or read.fragment or line.start in given)
            for line, read in self.lines
        )
        self.reason = "it has hashes" if self.is_hashed else wanted.asked(document.file, options)
        self.reason = self.reason or wanted.reason(document, repository)

    def findings(self) -> Iterator[Finding]:
        yield from self._lost_hashes()
        for line in self.document.lines:
            yield from self._line(line)
        yield from self._includes()
        yield from self._refused()
        if self.reason is not None:
            yield from self._exactness()
        elif self.is_complete:
            for line, read in self.lines:
                if read.kind == "archive" and read.fragment:
                    yield from self._fragment(line, read)
        yield from self._conflicts()

    def at(
        self, offset: int, rule: Rule, message: str, fix: str | None, edits: Sequence[Edit] = ()
    ) -> Finding:
        file = self.document.file
        line, column = self.document.position(offset)
        # Edits count characters of the UTF-8 text; of another encoding none are made.
        certain = edits if self.document.is_utf8 else ()
        return Finding(file.path, line, column, rule.name, message, fix, certain)

    def _lost_hashes(self) -> Iterator[Finding]:
        from tenterhooks.hashed_requirements.reading import without_hashes

        for lost in self.dropped:
            count = len(lost.values)
            what = "a hash" if count == 1 else f"{count} hashes"
            owner = without_hashes(lost.owner.arguments) if lost.owner else ""
            whose = f" of {_short(owner.strip())}" if owner else ""
            message = f"pip does not see {what}{whose}: {lost.why}"
            fix = "one logical line: name==version \\, then --hash=... on lines that end in \\"
            yield self.at(lost.offset, DROPPED_HASH, message, fix, lost.edits)

    def _line(self, line: Line) -> Iterator[Finding]:
        if _refused_hash(line):
            yield self.at(line.start, WEAK_HASH, f"pip refuses this hash: {line.error}", _SHA256)
        if line.requirement is None:
            yield from self._options(line)
        yield from self._digests(line)

    def _refused(self) -> Iterator[Finding]:
        """The first line that pip refuses; there it stops."""
        from tenterhooks.hashed_requirements.reading import refusal

        for line in self.document.lines:
            if not _refused_hash(line) and not self._is_lost(line):
                wrong = line.error
                # A variable of pip's, or a template: what is there when it is read, is not known.
                known = not any(mark in line.text for mark in ("${", "{{", "{%"))
                if wrong is None and line.arguments and known:
                    wrong = refusal(self.reads[line.start])
                if wrong is not None:
                    message = f"pip refuses this line: {wrong}"
                    yield self.at(line.start, INVALID, message, None)
                    self.refused = line
                    return

    def _is_lost(self, line: Line) -> bool:
        return line.start in self.lost

    def _options(self, line: Line) -> Iterator[Finding]:
        if "--no-require-hashes" in line.options:
            fix = "remove the option, and give every requirement a hash"
            message = "--no-require-hashes lets pip take requirements that have no hash"
            yield self.at(line.start, HASH_MODE_OFF, message, fix)
        for host in line.options.get("--trusted-host", ()):
            message = (
                f"--trusted-host {_short(host)} turns off the check of that host's certificate"
            )
            fix = "remove it, and give pip the certificate of your index with --cert"
            yield self.at(line.start, UNSAFE_OPTION, message, fix)
        for name in _INDEXES:
            for url in line.options.get(name, ()):
                if url.lower().startswith("http://") and not _LOCAL.match(url.lower()):
                    message = f"{name} {_short(url)} goes over plain http, where it can be changed"
                    yield self.at(line.start, UNSAFE_OPTION, message, "use https")
        if "--extra-index-url" in line.options and self._has_unhashed():
            message = (
                "--extra-index-url beside requirements without hashes: whoever registers one of "
                "their names on either index can supply it (dependency confusion)"
            )
            fix = "give every requirement a hash, or use one index with --index-url"
            yield self.at(line.start, UNSAFE_OPTION, message, fix)

    def _has_unhashed(self) -> bool:
        return (
            any(not line.hashes and read.kind in ("pinned", "range") for line, read in self.lines)
            or self.around.has_unhashed
        )

    def _digests(self, line: Line) -> Iterator[Finding]:
        """Digests that are none, wherever they stand."""
        from tenterhooks.formats.digests import weakness

        for value in line.hashes:
            if "${" in value:
                continue
            wrong = None if _SOUND.fullmatch(value) else weakness(value)
            if wrong is not None:
                message = f"the hash {_short(value)} {wrong}"
                yield self.at(line.place_of(value), WEAK_HASH, message, _SHA256)
        read = self.reads.get(line.start)
        fragment = read.fragment if read is not None and not line.hashes else None
        if fragment is not None:
            wrong = weakness(":".join(fragment))
            if wrong is not None:
                message = f"the hash {_short('='.join(fragment))} in the address {wrong}"
                yield self.at(line.start, WEAK_HASH, message, _SHA256)

    def _includes(self) -> Iterator[Finding]:
        for line, problem, certain in self.around.problems:
            if certain or self.reason is not None:
                fix = "put the file there, or take the line out"
                yield self.at(line.start, MISSING_INCLUDE, problem, fix)
        for line in self.around.cycles:
            message = "pip refuses this line: the file includes itself"
            yield self.at(line.start, INVALID, message, None)

    def _exactness(self) -> Iterator[Finding]:
        """What a file that must be hashed has to keep."""
        named = [(line, read) for line, read in self.lines if not _is_constraint(self.document)]
        if named and not self.is_hashed and not any(read.fragment for _, read in named):
            line = named[0][0]
            none = f"none of {len(named)} requirements" if len(named) > 1 else "no requirement"
            message = f"{none} has a hash, and {self.reason}"
            yield self.at(line.start, MISSING_HASH, message, self._how())
        for line, read in named:
            if (line.error is None or self._is_lost(line)) and line is not self.refused:
                yield from self._requirement(line, read)

    def _requirement(self, line: Line, read: Requirement) -> Iterator[Finding]:
        what = _short(" ".join(read.text.split()))
        if not read.is_hashable or line.is_editable:
            message = f"{what} cannot have a hash: pip refuses it beside hashed requirements"
            fix = "name an archive with its hash, or install this one apart, with --no-deps"
            yield self.at(line.start, UNHASHABLE, message, fix)
            if read.kind == "vcs" and not read.is_commit:
                message = f"{what} names no full commit: the content can change"
                fix = "put @<40-hex commit> behind the address of the repository"
                yield self.at(line.start, MUTABLE, message, fix)
            return
        if read.kind == "archive" and read.fragment and not line.hashes:
            yield from self._fragment(line, read)
        elif read.is_remote and not line.hashes:
            message = f"{what} has no hash: whoever holds that address can change the content"
            yield self.at(line.start, MUTABLE, message, "put --hash=sha256:<digest> behind it")
        elif self.is_hashed and not self._has_hash(line, read):
            message = f"{what} has no hash, and {self._others()}"
            yield self.at(line.start, PARTIALLY_HASHED, message, self._how())
        if read.kind == "range" and self.is_hashed:
            message = f"{what} is not pinned: its hashes fit the releases of one day only"
            yield self.at(line.start, UNPINNED, message, "pin it: name==version")

    def _fragment(self, line: Line, read: Requirement) -> Iterator[Finding]:
        """A sound digest in a place where pip uses it, but does not ask for others."""
        from tenterhooks.formats.digests import weakness

        digest = ":".join(read.fragment or ())
        if weakness(digest) is not None or self._is_lost(line):
            return
        message = "a hash in an address does not switch hash mode on: the other lines go unchecked"
        edits: tuple[Edit, ...] = ()
        # With one --hash in the file, pip refuses the lines that have none. Behind another option,
        # or a lone --, it would not see this one.
        is_alone = line.arguments.strip() == line.text.strip()
        if is_alone and line.error is None and self.is_complete:
            end = line.offset(len(line.text) - 1) + 1
            edits = (Edit(end, end, f" --hash={digest}"),)
        yield self.at(line.start, WEAK_HASH, message, f"put --hash={digest} behind it", edits)

    def _has_hash(self, line: Line, read: Requirement) -> bool:
        return bool(line.hashes or self._is_lost(line) or read.name in self.around.constrained)

    def _others(self) -> str:
        if self.hashed:
            others = "1 other here has" if self.hashed == 1 else f"{self.hashed} others here have"
            return f"{others} one: pip refuses them all"
        return "what this file includes has hashes: pip refuses them all"

    def _how(self) -> str:
        from tenterhooks.hashed_requirements import wanted

        return wanted.way(self.document)

    def _conflicts(self) -> Iterator[Finding]:
        from tenterhooks.hashed_requirements import pins

        own = [(read, line) for line, read in self.lines if read.version]
        pinned = [*((read, None) for read in self.around.pins), *own]
        for line, earlier in pins.conflicts(pinned):
            message = f"{_short(self.reads[line.start].text)} contradicts {_short(earlier.text)}"
            fix = "keep one, or give them markers that exclude each other"
            yield self.at(line.start, CONFLICTING_PINS, message, fix)


_SHA256 = "use sha256, with all of its 64 hex digits"


def _read(line: Line, text: str) -> Requirement:
    from tenterhooks.hashed_requirements.reading import Requirement, without_hashes

    return Requirement(without_hashes(text), editable=line.is_editable)


def _refused_hash(line: Line) -> bool:
    return line.error is not None and line.error.startswith("--hash")


def _is_constraint(document: Requirements) -> bool:
    """Constraints install nothing; with hashes, they are what does the checking."""
    name = posixpath.basename(document.file.path).lower()
    return "constraint" in name and "--hash" not in document.text


def _short(text: str, limit: int = 80) -> str:
    return text if len(text) <= limit else text[: limit - 3] + "..."
