"""Locks and projects that are almost right: nothing but Unreadable is ever raised."""

from __future__ import annotations

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st
from lock_in_sync.poetry_edits import DATA, LOCK, PROJECT

from tenterhooks.core.files import File, Repository, Unreadable
from tenterhooks.core.finding import Finding
from tenterhooks.lock_in_sync.poetry import check

TEXTS = {
    (fixture, name): (DATA / fixture / name).read_text()
    for fixture in ("classic", "standard", "older")
    for name in (PROJECT, LOCK)
}
PIECES = (
    *"[]{}()'\"|>=^~*#\\\n\t ,.<;@",
    *("\r\n", "\0", "\u0130", "\U0001f600", '"""', "'''", " = 1\n", " = []\n", " = {}\n"),
    *("= [1]", "= { a = 1 }", "[[package]]\n", "[package.source]\n", "[extras]\n", "[metadata]\n"),
    *("[project]\n", "[tool.poetry]\n", "[dependency-groups]\n", "2020-01-01", "nan", "true"),
)


def findings(project: str, lock: str) -> list[Finding]:
    repository = Repository("/")
    repository.put(
        File(PROJECT, "/nowhere/" + PROJECT, PROJECT, project.encode("utf-8", "replace"))
    )
    file = File(LOCK, "/nowhere/" + LOCK, LOCK, lock.encode("utf-8", "replace"))
    return list(check(file, repository, SimpleNamespace(strict=True)))


@st.composite
def broken(draw: st.DrawFn) -> tuple[str, str]:
    """A project and its lock, one of them with pieces put in, taken out, doubled or moved."""
    fixture = draw(st.sampled_from(("classic", "standard", "older")))
    place = draw(st.sampled_from((PROJECT, LOCK)))
    text = TEXTS[fixture, place]
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 30)))
        new = draw(st.sampled_from(["", text[start:end] * 2, text[start:end][::-1], *PIECES]))
        text = text[:start] + new + text[end:]
    both = {PROJECT: TEXTS[fixture, PROJECT], LOCK: TEXTS[fixture, LOCK], place: text}
    return both[PROJECT], both[LOCK]


@given(broken())
def test_almost_right(texts: tuple[str, str]) -> None:
    try:
        found = findings(*texts)
    except Unreadable:
        return
    assert all(finding.message and finding.line > 0 for finding in found)


VALUES = st.sampled_from(
    ["1", "true", "2020-01-01", "nan", "''", "'*'", "[]", "[1]", "['a']", "[{}]", "{}", "{a = 1}"]
)
PROJECT_KEYS = (
    *("project", "project.dependencies", "project.optional-dependencies", "project.name"),
    *("project.dynamic", "project.requires-python", "dependency-groups", "dependency-groups.a"),
    *("tool", "tool.poetry", "tool.poetry.dependencies", "tool.poetry.dependencies.a"),
    *("tool.poetry.dependencies.python", "tool.poetry.group", "tool.poetry.group.dev"),
    *("tool.poetry.group.dev.dependencies", "tool.poetry.extras", "tool.poetry.extras.a"),
    *("tool.poetry.source", "tool.poetry.dev-dependencies", "tool.poetry.name"),
)
LOCK_KEYS = (
    *("metadata", "metadata.content-hash", "metadata.lock-version", "metadata.python-versions"),
    *("extras", "extras.a", "package"),
)
PACKAGE_KEYS = ("name", "version", "groups", "markers", "dependencies", "dependencies.a", "extras")


def lines(keys: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Values of any kind under some of the keys."""
    some = st.dictionaries(st.sampled_from(keys), VALUES, max_size=3)
    return some.map(lambda found: "".join(f"{key} = {value}\n" for key, value in found.items()))


@given(lines(PROJECT_KEYS), lines(LOCK_KEYS), st.lists(lines((*PACKAGE_KEYS, "source"))))
def test_wrong_types(project: str, lock: str, packages: list[str]) -> None:
    entries = "".join(f"[[package]]\n{package}" for package in packages)
    try:
        findings(project or "[tool.poetry.x]\n", lock + entries)
    except Unreadable:
        pass


def test_many_packages() -> None:
    """A hundred thousand would be a lock of 20 MB, more than is read; each leads to the next."""
    count = 20_000
    lock = "".join(
        f'[[package]]\nname = "p{n}"\nversion = "1"\n[package.dependencies]\n'
        f'p{(n + 1) % count} = "^1"\nq = {{ version = ">{n}", optional = true }}\n\n'
        for n in range(count)
    )
    lock += '[metadata]\nlock-version = "2.0"\npython-versions = "*"\ncontent-hash = "x"\n'
    found = findings('[tool.poetry.dependencies]\np0 = "^1"\n', lock)
    assert [finding.rule for finding in found] == ["lock-out-of-date"]


def test_many_entries_of_one_name() -> None:
    entry = '[[package]]\nname = "p"\nversion = "{}"\n[package.dependencies]\np = ">{}"\n'
    lock = "".join(entry.format(n, 9000 + n) for n in range(4000))
    lock += '[metadata]\nlock-version = "2.0"\npython-versions = "*"\ncontent-hash = "x"\n'
    assert findings('[tool.poetry.dependencies]\np = "^1"\n', lock)


def test_long_constraint() -> None:
    for text in ("^" * 50_000, " " * 50_000 + "!", ",1" * 30_000, "1." * 30_000, "|" * 30_000):
        findings(f'[tool.poetry.dependencies]\nclick = "{text}"\n', TEXTS["classic", LOCK])
