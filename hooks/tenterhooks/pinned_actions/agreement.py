"""All pins of a repository with their version comments, and where those contradict each other.

The files around the ones under check are searched for text that looks like a pin, which is ten
times cheaper than to parse them; only where that looks like a contradiction are they parsed.
"""

from __future__ import annotations

import re
from itertools import islice

from tenterhooks.core.files import Unreadable
from tenterhooks.core.git import GitError
from tenterhooks.formats import workflow as workflows
from tenterhooks.formats.uses import Action, MalformedUses, parse
from tenterhooks.pinned_actions import known
from tenterhooks.pinned_actions.comments import version_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tenterhooks.core.files import File, Repository
    from tenterhooks.formats import yaml
    from tenterhooks.pinned_actions.comments import Version

    Saying = tuple[str, str, tuple[int, ...], str]
    Subject = tuple[str | int | tuple[int, ...], ...]

# It begins with the @, which is rare, so that the search runs at the speed of memchr.
_LOOKS_PINNED = re.compile(
    r"@([0-9a-fA-F]{40}(?:[0-9a-fA-F]{24})?)[\]\}\"',]*([ \t]+)#[ \t]*([^\r\n]{1,200})"
)
_NAME_BEFORE = re.compile(r"[\w.-]+/[\w./-]+$", re.ASCII)
_LONGEST_NAME = 300
_ENOUGH = 50
_PATHS = re.compile(workflows.PATHS)


class Pin:
    """An action pinned to a SHA, with a version comment.

    action: ``owner/repo[/path]`` in lower case; name: as written. index: offset of its name.
    gap: blanks before the comment.
    """

    __slots__ = ("action", "file", "gap", "index", "name", "sha", "version")

    def __init__(
        self, file: File, index: int, name: str, sha: str, version: Version, gap: str
    ) -> None:
        self.file = file
        self.index = index
        self.name = name
        self.action = name.lower()
        self.sha = sha.lower()
        self.version = version
        self.gap = gap

    @property
    def place(self) -> tuple[int, int]:
        """1-based line and column."""
        return self.file.position(self.index)

    @property
    def says(self) -> Saying:
        """What is claimed: this commit is this version."""
        return (self.sha, self.version.prefix, self.version.parts, self.version.suffix)

    @property
    def text(self) -> str:
        """The line to write."""
        return f"uses: {self.name}@{self.sha} # {self.version.text}"


class Index:
    """Pins by what they say, and which sayings are about the same commit or the same version."""

    def __init__(self, pins: Iterable[Pin]) -> None:
        self.pins: dict[tuple[str, Saying], list[Pin]] = {}
        self._about: dict[tuple[str, Subject], dict[Saying, None]] = {}
        self._parsed: dict[tuple[str, Saying], list[Pin]] = {}
        for pin in pins:
            self.pins.setdefault((pin.action, pin.says), []).append(pin)
            for subject in _subjects(pin.says):
                self._about.setdefault((pin.action, subject), {})[pin.says] = None

    def about(self, action: str, subject: Subject) -> list[Saying]:
        """What is said of a commit, or of a version; not more than anybody would read."""
        return list(islice(self._about.get((action, subject), ()), _ENOUGH))

    def parsed(self, action: str, says: Saying) -> list[Pin]:
        """The pins that say so, by parsing the files of all that seem to."""
        key = (action, says)
        if key not in self._parsed:
            files = {pin.file.path: pin.file for pin in self.pins.get(key, ())}
            self._parsed[key] = [
                pin
                for path in sorted(files)
                for pin in files[path].once(_pins_parsed)
                if (pin.action, pin.says) == key
            ]
        return self._parsed[key]


def _subjects(says: Saying) -> tuple[Subject, Subject]:
    """The commit and the version that a saying is about."""
    return says[:1], says[1:]


def index(repository: Repository) -> Index:
    """All that looks like a pin in the tracked workflows and actions, tag objects left out."""
    return repository.once(_index)


def _index(repository: Repository) -> Index:
    try:
        files = repository.matching(_PATHS)
    except GitError:
        files = []
    return Index(pin for file in files for pin in _released(file, repository))


def _released(file: File, repository: Repository) -> list[Pin]:
    """What looks like a pin in a file that is not kept for it."""
    found = _pins_by_sight(file)
    repository.release(file)
    return found


def _pins_by_sight(file: File) -> list[Pin]:
    found = []
    try:
        text = file.text if workflows.is_run(file) else ""
        for match in _LOOKS_PINNED.finditer(text):
            start = max(0, match.start() - _LONGEST_NAME)
            name = _NAME_BEFORE.search(text[start : match.start()])
            sha, gap, comment = match.groups()
            version = version_in(comment)
            if name and version and sha.lower() not in known.TAG_OBJECTS:
                found.append(Pin(file, start + name.start(), name.group(), sha, version, gap))
    except Unreadable:
        return []
    return found


def _pins_parsed(file: File) -> list[Pin]:
    try:
        workflow = workflows.load(file)
    except Unreadable:
        return []
    found = (pin_of(workflow.document, uses.node) for uses in workflow.uses())
    return [pin for pin in found if pin]


def pin_of(document: yaml.Document, node: yaml.Node) -> Pin | None:
    """The pin that a ``uses`` is, if it is one and has a version comment."""
    try:
        action = parse(node)
    except MalformedUses:
        return None
    comment = document.comment(node)
    if not isinstance(action, Action) or not action.is_pinned or comment is None:
        return None
    version = version_in(comment[0])
    if version is None or action.ref.lower() in known.TAG_OBJECTS:
        return None
    text = document.file.text
    start = comment[1]
    while start and text[start - 1] in " \t":
        start -= 1
    gap = text[start : comment[1]]
    return Pin(document.file, document.content(node), action.name, action.ref, version, gap)


def pins_like(repository: Repository, action: str, wanted: Version) -> list[Pin]:
    """One pin for each commit that this repository pins of ``action``, in lower case, at a
    version that agrees with ``wanted``; those that only look like pins are left out."""
    known_pins = index(repository)
    return [
        pin
        for (name, says), by_sight in known_pins.pins.items()
        if name == action and by_sight[0].version.agrees(wanted)
        for pin in known_pins.parsed(name, says)[:1]
    ]


def is_contested(repository: Repository, action: str, pin: Pin) -> bool:
    """Whether another pin of the repository contradicts ``pin``."""
    return bool(_rivals(action, pin, (index(repository),)))


def conflicts(repository: Repository, file: File) -> Iterator[tuple[Pin, str]]:
    """The pins of ``file`` whose comment another pin of the repository contradicts, and how.
    Where more pins say the one thing than the other, the fewer are at fault."""
    own = Index(file.once(_pins_parsed))
    for (action, says), here in own.pins.items():
        rivals = _rivals(action, here[0], (own, index(repository)))
        if rivals:
            mine = max(len(index(repository).parsed(action, says)), len(here))
            most = max(rivals, key=len)
            if mine <= len(most):
                for pin in here:
                    yield pin, _message(pin, most)


def _rivals(action: str, pin: Pin, indexes: Iterable[Index]) -> list[list[Pin]]:
    """For each saying that contradicts ``pin``, the pins that say it."""
    return [
        others
        for known_pins in indexes
        for subject in _subjects(pin.says)
        for says in known_pins.about(action, subject)
        if _contradicts(pin, known_pins.pins[action, says][0])
        if (others := known_pins.parsed(action, says))
    ]


def _contradicts(one: Pin, other: Pin) -> bool:
    if one.sha == other.sha:
        return not one.version.agrees(other.version)
    return one.version.equals(other.version)


def _message(pin: Pin, against: list[Pin]) -> str:
    other = against[0]
    places = f"{other.file.path}:{other.place[0]}"
    if len(against) > 1:
        places += f" and {len(against) - 1} more"
    if other.sha == pin.sha:
        return (
            f"{pin.name}@{pin.sha[:12]} is called {pin.version.text} here, "
            f"but {other.version.text} at {places}"
        )
    return (
        f"{pin.version.text} of {pin.name} is {pin.sha[:12]} here, but {other.sha[:12]} at {places}"
    )
