"""Edits of real projects that Poetry has locked, each with what is to be said of it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parent / "data" / "poetry"
PROJECT, LOCK = "pyproject.toml", "poetry.lock"


class Edit(NamedTuple):
    """Texts replaced in the project and in the lock of a fixture.

    is_stale: whether Poetry says that the lock does not fit. said: what each finding holds, after
    its rule, in any order.
    """

    id: str
    fixture: str
    project: tuple[tuple[str, str], ...]
    lock: tuple[tuple[str, str], ...]
    is_stale: bool
    said: tuple[str, ...]

    def texts(self) -> dict[str, str]:
        """The files of the project after the edit."""
        found = {}
        for name, replacements in ((PROJECT, self.project), (LOCK, self.lock)):
            text = (DATA / self.fixture / name).read_text()
            for old, new in replacements:
                assert old in text, (self.id, old)
                text = text.replace(old, new, 1)
            found[name] = text
        return found


def _project(id: str, fixture: str, old: str, new: str, *said: str) -> Edit:
    said = tuple(f"lock-out-of-date {one}" for one in said)
    return Edit(id, fixture, ((old, new),), (), bool(said), said)


def _lock(id: str, fixture: str, old: str, new: str, *said: str) -> Edit:
    return Edit(id, fixture, (), ((old, new),), False, said)


def _entry(fixture: str, name: str) -> str:
    """The whole entry of a package."""
    parts = (DATA / fixture / LOCK).read_text().split("[[package]]\n")
    (found,) = (part for part in parts if part.startswith(f'name = "{name}"\n'))
    return "[[package]]\n" + found.split("[extras]\n")[0].split("[metadata]\n")[0]


CLICK = 'click = "^8.1"\n'
PYGMENTS = 'Pygments = ">=2.15,<3"\n'
OF_GROUP = "[tool.poetry.group.dev.dependencies]\n"
ANOTHER = "its hash is another"
FOREIGN = '[[package]]\nname = "evil"\nversion = "1.0"\nfiles = []\n\n'
SOURCE = '\n[package.source]\ntype = "url"\nurl = "https://example.org/click.zip"\n'
CLASSIC = (
    _project("nothing", "classic", CLICK, CLICK),
    _project("add", "classic", CLICK, CLICK + 'attrs = "*"\n', "attrs * is declared"),
    _project("add-what-is-there", "classic", CLICK, CLICK + 'idna = "^3"\n', "made without it"),
    _project("add-two", "classic", CLICK, CLICK + 'attrs = "*"\nsix = "*"\n', "attrs *", "six *"),
    _project("add-in-group", "classic", OF_GROUP, OF_GROUP + 'six = "*"\n', "six * is declared"),
    _project(
        "add-twice-in-group",
        "classic",
        OF_GROUP,
        OF_GROUP + 'click = "^8"\nidna = "*"\n',
        "click ^8 is declared in group dev, and poetry.lock has it for main",
        "idna * is declared in group dev, and poetry.lock has it for main",
    ),
    _project("remove", "classic", CLICK, "", "nothing declared needs click any more"),
    _project("remove-what-is-needed", "classic", PYGMENTS, "", ANOTHER),
    _project("tighten-met", "classic", '"^8.1"', '"^8.1.5"', ANOTHER),
    _project("tighten-a-clause", "classic", '"^8.1"', '"^8.1,!=8.1.5"', "made for click ^8.1"),
    _project("tighten-unmet", "classic", '"^8.1"', '"^9"', "click ^9 is declared, and"),
    _project("loosen", "classic", '"^8.1"', '"*"', ANOTHER),
    _project("spaces", "classic", '"^8.1"', '"^ 8.1"', ANOTHER),
    _project("name", "classic", "Pygments", "pygments", ANOTHER),
    _project("order", "classic", CLICK + PYGMENTS, PYGMENTS + CLICK),
    _project("comment", "classic", CLICK, "# a comment\n" + CLICK),
    _project("layout", "classic", CLICK, 'click   =   "^8.1" # sic\n\n'),
    _project("quotes", "classic", CLICK, "click = '^8.1'\n"),
    _project("version", "classic", '"1.0.0"', '"1.0.1"'),
    _project("rename", "classic", '"sample-app"', '"other"'),
    _project("description", "classic", "to be locked", "that is locked"),
    _project("other-tool", "classic", "[build-", "[tool.ruff]\nline-length = 9\n\n[build-"),
    _project("build-system", "classic", "core>=2.0", "core>=2.1"),
    _project("python", "classic", '">=3.9,<4.0"', '">=3.10,<4.0"', "Python >=3.10,<4.0 is"),
    _project("python-words", "classic", '">=3.9,<4.0"', '"<4.0,>=3.9"', ANOTHER),
    _project("python-space", "classic", '">=3.9,<4.0"', '">=3.9, <4.0"', ANOTHER),
    _project("extra-of-dependency", "classic", '["socks"]', '["socks", "h2"]', "h2 is declared"),
    _project("no-extra-of-dependency", "classic", ', extras = ["socks"]', "", ANOTHER),
    _project("extra", "classic", "pretty =", 'more = ["rich"]\npretty =', "more is declared"),
    _project("extra-empty", "classic", "pretty =", "more = []\npretty =", "more is declared"),
    _project("extra-other", "classic", '["rich"]', '["rich", "click"]', "click is declared"),
    _project("extra-renamed", "classic", "pretty =", "nice =", "extra nice is", "extra pretty is"),
    _project("group", "classic", OF_GROUP, f"[tool.poetry.group.new]\n\n{OF_GROUP}", "new is"),
    _project("group-renamed", "classic", "group.dev.", "group.tests.", "in group tests", "tests"),
    _project("optional-group", "classic", "optional = true\n", "optional = false\n", ANOTHER),
    _project(
        "marker",
        "classic",
        CLICK,
        CLICK[:-7] + '{ version = "^8.1", python = "<4" }\n',
        "for click ^8.1",
    ),
    _project("no-marker", "classic", '", python = "<3.11"', '"', "without a marker, and"),
    _project("other-marker", "classic", '"<3.11"', '"<3.12"', "declared for python_full_version"),
    _project("same-marker", "classic", "== 'win32'", '== \\"win32\\"', ANOTHER),
    _project("git", "classic", CLICK, 'click = { git = "https://example.org/c" }\n', "an index"),
    _project("path", "classic", CLICK, 'click = { path = "../click" }\n', "from an index"),
    _project(
        "source",
        "classic",
        "[build",
        "[[tool.poetry.source]]\nname = 'x'\nurl = 'u'\n[build",
        "a source",
    ),
    # Two changes at once: no hash tells them, the entries do.
    Edit(
        "extra-other-and-one-more",
        "classic",
        (('["rich"]', '["rich", "click"]'), (CLICK, CLICK + 'attrs = "*"\n')),
        (),
        True,
        (
            "lock-out-of-date attrs * is declared",
            "lock-out-of-date the extra pretty is click, rich, and in poetry.lock rich",
        ),
    ),
    Edit(
        "extra-of-dependency-and-one-more",
        "classic",
        (('["socks"]', '["use-chardet-on-py3"]'), (CLICK, CLICK + 'attrs = "*"\n')),
        (),
        True,
        (
            "lock-out-of-date attrs * is declared",
            "lock-out-of-date requests >=2.31 is declared with the extra use-chardet-on-py3, and",
        ),
    ),
    Edit(
        "from-a-source",
        "classic",
        (
            (CLICK, 'click = { version = "^8.1", source = "own" }\n'),
            ("[build", "[[tool.poetry.source]]\nname = 'own'\nurl = 'https://e.org/s'\n[build"),
        ),
        (),
        True,
        ("lock-out-of-date click ^8.1 is declared from own, and poetry.lock takes it from the d",),
    ),
    Edit(
        "source-removed",
        "classic",
        ((CLICK, CLICK + 'attrs = "*"\nsix = "*"\n'),),
        (
            (
                _entry("classic", "click"),
                _entry("classic", "click").rstrip("\n")
                + '\n\n[package.source]\ntype = "legacy"\nurl = "https://e.org/s"\n'
                'reference = "own"\n\n',
            ),
        ),
        True,
        (
            "lock-out-of-date attrs * is declared",
            "lock-out-of-date six * is declared",
            "lock-out-of-date the source own is not declared any more",
        ),
    ),
    _lock(
        "downgraded", "classic", 'version = "8.1.8"', 'version = "7.1.2"', "lock-unsatisfied click"
    ),
    _lock(
        "downgraded-below",
        "classic",
        'version = "2.6.3"',
        'version = "1.20"',
        "lock-unsatisfied requests 2.32.5 needs urllib3 >=1.21.1,<3, and poetry.lock holds 1.20",
    ),
    _lock("taken-out", "classic", _entry("classic", "click"), "", "lock-incomplete click ^8.1 is"),
    _lock("taken-out-below", "classic", _entry("classic", "idna"), "", "lock-incomplete requests"),
    _lock(
        "taken-out-of-extra",
        "classic",
        _entry("classic", "pysocks"),
        "",
        "lock-incomplete requests 2.32.5 needs pysocks >=1.5.6,!=1.5.7",
    ),
    _lock("foreign", "classic", "[[package]]\n", FOREIGN + "[[package]]\n", "lock-orphan nothing"),
    _lock(
        "from-elsewhere",
        "classic",
        _entry("classic", "click"),
        _entry("classic", "click").rstrip("\n") + "\n" + SOURCE + "\n",
        "lock-unsatisfied click ^8.1 is declared, and poetry.lock takes it from url",
    ),
    Edit(
        "no-hash",
        "classic",
        (),
        (("content-hash", "other"),),
        True,
        ("lock-out-of-date poetry.lock has",),
    ),
)
ADDED = '    "click (>=8.1,<9)",\n'
REQUESTS = '    "requests[socks]>=2.31",\n'
STANDARD = (
    _project("nothing", "standard", ADDED, ADDED),
    _project("add", "standard", ADDED, ADDED + '    "six",\n', "six is declared"),
    _project("remove", "standard", ADDED, "", "nothing declared needs click any more"),
    _project("tighten-unmet", "standard", "(>=8.1,<9)", "(>=9)", "click (>=9) is"),
    _project("tighten-met", "standard", ">=2.31", ">=2.32", ANOTHER),
    _project("clause", "standard", ">=8.1,<9)", ">=8.1,<9,!=8.1.1)", "click (>=8.1,<9,!=8.1.1)"),
    _project("reorder", "standard", REQUESTS + ADDED, ADDED + REQUESTS, ANOTHER),
    _project("marker", "standard", '>=8.1,<9)"', ">=8.1,<9); python_version < '4'\"", "made for"),
    _project("other-marker", "standard", "< '3.11'", "< '3.12'", "tomli>=2; python_version"),
    _project("same-marker", "standard", "< '3.11'", '< \\"3.11\\"', ANOTHER),
    _project("requires-python", "standard", ">=3.9,<4", ">=3.10,<4", "Python >=3.10,<4"),
    _project("enriched", "standard", '"!=8.1.0"', '"!=8.1.8"', "click (>=8.1,<9) is declared"),
    _project("standard-group", "standard", '"iniconfig>=2"]', '"iniconfig>=2", "six"]', "six is"),
    _project("group-include", "standard", '{ include-group = "test" }, ', "", ANOTHER),
    _project("extra", "standard", "pretty =", 'more = ["six"]\npretty =', "more"),
    _project(
        "tighten-one-of-two",
        "standard",
        'version = ">=2",',
        'version = ">=5",',
        "markdown-it-py >=5",
    ),
    _project("dynamic", "standard", 'version = "0.3.0"', 'dynamic = ["version"]'),
    _project("version", "standard", "0.3.0", "0.4.0"),
    _lock("taken-out", "standard", _entry("standard", "rich"), "", "lock-incomplete rich>=12"),
    _lock(
        "one-of-two", "standard", 'version = "8.5.1"', 'version = "7.0"', "lock-unsatisfied click"
    ),
)
OLDER = (
    _project("nothing", "older", CLICK, CLICK),
    _project("add", "older", CLICK, CLICK + 'attrs = "*"\n', "attrs * is declared"),
    _project("remove", "older", CLICK, "", "nothing declared needs click any more"),
    _project("python", "older", '">=3.9,<4.0"', '"^3.9"', "Python ^3.9 is declared"),
    _project("version", "older", '"1.0.0"', '"1.0.1"'),
    _lock(
        "downgraded", "older", 'version = "8.1.8"', 'version = "7.1.2"', "lock-unsatisfied click"
    ),
    _lock("foreign", "older", "[[package]]\n", FOREIGN + "[[package]]\n", "lock-orphan nothing"),
)
EDITS = (*CLASSIC, *STANDARD, *OLDER)
