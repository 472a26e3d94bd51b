"""Pipfile.lock beside its Pipfile, with Pipenv as the one who knows."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
import tomli
from conftest import Hook, MakeRepository, write
from hypothesis import given
from hypothesis import strategies as st
from lock_in_sync.lockers import answers
from tools import tool

from tenterhooks.core.files import File, Repository, Unreadable
from tenterhooks.core.finding import Finding
from tenterhooks.formats.public_index import INDEX_HOST
from tenterhooks.lock_in_sync import pipfile_hash
from tenterhooks.lock_in_sync.pipenv import check

DATA = Path(__file__).parent / "data" / "pipenv"
PROJECT, LOCK = "Pipfile", "Pipfile.lock"
IS_FRESH = """
import json, sys
from types import SimpleNamespace
from pipenv.utils.pipfile import Pipfile
for line in sys.stdin:
    folder = line.strip()
    now = Pipfile.calculate_hash(SimpleNamespace(exists=True, location=folder + "/Pipfile"))
    with open(folder + "/Pipfile.lock") as lock:
        print(json.load(lock)["_meta"].get("hash", {}).get("sha256") == now)
"""


class Edit(NamedTuple):
    """A text replaced in one of the files. said: what each finding holds, after its rule."""

    id: str
    file: str
    old: str
    new: str
    is_stale: bool
    said: tuple[str, ...]

    def texts(self) -> dict[str, str]:
        found = {name: (DATA / name).read_text() for name in (PROJECT, LOCK)}
        assert self.old in found[self.file], self.id
        found[self.file] = found[self.file].replace(self.old, self.new, 1)
        return found


def _project(id: str, old: str, new: str, *said: str) -> Edit:
    texts = tuple(f"lock-out-of-date {one}" for one in said)
    return Edit(id, PROJECT, old, new, bool(said), texts)


def _lock(id: str, old: str, new: str, *said: str) -> Edit:
    return Edit(id, LOCK, old, new, False, said)


def _entry(name: str) -> str:
    """The whole entry of a package that is not the last of its section."""
    text = (DATA / LOCK).read_text()
    start = text.index(f'        "{name}": {{\n')
    return text[start : text.index("        },\n", start) + len("        },\n")]


CLICK = 'click = "~=8.1"\n'
ANOTHER = "its hash is another"
EDITS = (
    _project("nothing", CLICK, CLICK),
    _project("add", CLICK, CLICK + 'attrs = "*"\n', "attrs * is declared"),
    _project("add-what-is-there", CLICK, CLICK + 'idna = ">=3"\n', "made without it"),
    _project("add-two", CLICK, CLICK + 'attrs = "*"\nsix = "*"\n', "attrs *", "six *"),
    _project("add-dev", "[dev-packages]\n", '[dev-packages]\nsix = "*"\n', "six * is declared"),
    _project("add-to-category", "[docs]\n", '[docs]\nsix = "*"\n', "six * is declared"),
    _project("add-category", "[docs]\n", '[new]\nsix = "*"\n[docs]\n', "new is declared"),
    _project("remove", CLICK, "", ANOTHER),
    _project("remove-any", 'Pygments = "*"\n', "", "pygments * is not declared any more"),
    _project("remove-dev", 'iniconfig = "*"\n', "", "iniconfig * is not declared any more"),
    _project("remove-category", '[docs]\nmarkdown-it-py = ">=2"\n', "", ANOTHER),
    _project("tighten-met", "~=8.1", "~=8.2", ANOTHER),
    _project("tighten-any", 'Pygments = "*"', 'Pygments = ">=2"', "made for Pygments *"),
    _project("tighten-clause", '">=1.4,<2"', '">=1.4,<2,!=1.5"', "pluggy >=1.4,<2,!=1.5 is"),
    _project(
        "tighten-unmet", "~=8.1", "==8.0.*", "click ==8.0.* is declared, and Pipfile.lock holds"
    ),
    _project("loosen", "~=8.1", "*", ANOTHER),
    _project("spaces", '">=1.4,<2"', '">=1.4, <2"', ANOTHER),
    _project("name", "Pygments", "pygments"),
    _project("name-dots", "markdown-it-py", '"Markdown_It.py"'),
    _project("order", CLICK + 'Pygments = "*"\n', 'Pygments = "*"\n' + CLICK),
    _project("comment", CLICK, "# a comment\n" + CLICK),
    _project("layout", CLICK, "click   =   '~=8.1'\n\n"),
    _project("extra", '["socks"]', '["socks", "h2"]', "h2 is declared"),
    _project(
        "no-extra", 'extras = ["socks"], ', "", "is declared with no extras, and Pipfile.lock"
    ),
    _project("marker", CLICK, "click = { version = '~=8.1', markers = 'a' }\n", "made for click"),
    _project("other-marker", "< '4'", "< '5'", ANOTHER),
    _project("same-marker", "python_version <", "python_full_version <", ANOTHER),
    _project("index", CLICK, 'click = { version = "~=8.1", index = "pypi" }\n', "made for click"),
    _project("git", CLICK, 'click = { git = "https://example.org/c" }\n', ANOTHER),
    _project("path", CLICK, 'click = { path = "../click", editable = true }\n', ANOTHER),
    _project("python", '"3.11"', '"3.12"', "python_version 3.12 is required, and Pipfile.lock was"),
    _project(
        "python-full", "python_version = ", "python_full_version = ", "no python_version", "p"
    ),
    _project("no-python", 'python_version = "3.11"', "", "no python_version is required any more"),
    _project("source", "simple", "simple/", "the source", "the source"),
    _project("source-added", "[packages]", "[[source]]\nname = 'x'\nurl = 'u'\n[packages]", "x"),
    _project(
        "no-source",
        (
            '[[source]]\nurl = "https://'
            + INDEX_HOST
            + '/simple"\nverify_ssl = true\nname = "pypi"\n'
        ),
        "",
    ),
    _project("not-verified", "verify_ssl = true", "verify_ssl = false", ANOTHER),
    _project("scripts", '"python -m sample"', '"true"'),
    _project("prereleases", "[scripts]", "[pipenv]\nallow_prereleases = true\n[scripts]"),
    _lock("downgraded", '"==8.5.1"', '"==7.1.2"', "lock-unsatisfied click ~=8.1 is declared"),
    _lock("taken-out", _entry("click"), "", "lock-incomplete click ~=8.1 is declared"),
    _lock("taken-out-dev", _entry("iniconfig"), "", "lock-incomplete iniconfig * is declared"),
    _lock("taken-out-below", _entry("idna"), ""),
    _lock("foreign", _entry("idna"), _entry("idna") + _entry("idna").replace("idna", "evil")),
    Edit("no-hash", LOCK, '"sha256":', '"md5":', True, ("lock-out-of-date the Pipfile has",)),
)


def findings(folder: Path, files: dict[str, str], *, strict: bool = False) -> list[Finding]:
    write(folder, dict(files))
    repository = Repository(str(folder))
    return list(check(repository.file(LOCK), repository, SimpleNamespace(strict=strict)))


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: str(edit.id))
def test_edit(edit: Edit, tmp_path: Path) -> None:
    found = [f"{one.rule} {one.message}" for one in findings(tmp_path, edit.texts())]
    assert len(found) == len(edit.said), found
    for rule, words in (one.split(" ", 1) for one in edit.said):
        assert any(text.startswith(rule + " ") and words in text for text in found), found
    assert any(text.startswith("lock-out-of-date") for text in found) is edit.is_stale


def test_pipenv_says_so_too(tmp_path: Path) -> None:
    for edit in EDITS:
        write(tmp_path / edit.id, dict(edit.texts()))
    folders = [str(tmp_path / edit.id) for edit in EDITS]
    verdicts = answers(IS_FRESH, folders)
    pairs = zip(EDITS, verdicts, strict=True)
    assert not [edit.id for edit, fresh in pairs if (fresh == "False") is not edit.is_stale]


@pytest.mark.parametrize(("new", "is_stale"), [("~=8.1", False), ("~=8.2", True)])
def test_pipenv_verify(new: str, is_stale: bool, tmp_path: Path) -> None:
    pipenv = tool("pipenv")
    files = {name: (DATA / name).read_text() for name in (PROJECT, LOCK)}
    files[PROJECT] = files[PROJECT].replace("~=8.1", new)
    found = findings(tmp_path, files)
    environment = {**os.environ, "PIPENV_IGNORE_VIRTUALENVS": "1"}
    done = subprocess.run(
        [pipenv, "verify"], cwd=tmp_path, env=environment, capture_output=True, check=False
    )
    assert done.returncode == int(is_stale)
    assert bool(found) is is_stale


def locked(said: dict[str, object], packages: dict[str, object], **sections: object) -> str:
    """A lock with the hash of a Pipfile, computed as Pipenv did before it normalised names."""
    from hashlib import sha256

    source = [{"name": "pypi", "url": ("https://" + INDEX_HOST + "/simple"), "verify_ssl": True}]
    hashed = {"_meta": {"sources": source, "requires": {}}, "default": said, "develop": {}}
    text = json.dumps(hashed, sort_keys=True, separators=(",", ":"))
    meta = {"hash": {"sha256": sha256(text.encode()).hexdigest()}, "pipfile-spec": 6}
    return json.dumps({"_meta": meta, "default": packages, "develop": {}, **sections})


@pytest.mark.parametrize(
    ("project", "rules"),
    [
        ('[packages]\nFlask = "*"\n', []),
        ('[packages]\nFlask = "*"\n[extra]\nx = "*"\n', []),
        ('[packages]\nflask = "*"\n', ["lock-out-of-date"]),
    ],
)
def test_locks_of_old(project: str, rules: list[str], tmp_path: Path) -> None:
    """Before 2026.4 names were hashed as they are, before 2022 no categories were."""
    lock = locked({"Flask": "*"}, {"flask": {"version": "==1.0"}})
    assert [one.rule for one in findings(tmp_path, {PROJECT: project, LOCK: lock})] == rules


@pytest.mark.parametrize(
    ("files", "rules"),
    [
        ({LOCK: "{}"}, []),
        ({LOCK: "{}", PROJECT: "[packages\n"}, ["invalid-file"]),
        ({LOCK: "{}", PROJECT: "[packages]\n"}, ["lock-undecided"]),
        ({LOCK: '{"_meta": 1}', PROJECT: "[packages]\n"}, ["lock-out-of-date"]),
        (
            {LOCK: '{"_meta": {"a": 1}}', PROJECT: "[packages]\na = 2020-01-01\n"},
            ["lock-undecided"],
        ),
    ],
)
def test_other_files(files: dict[str, str], rules: list[str], tmp_path: Path) -> None:
    assert [one.rule for one in findings(tmp_path, files, strict=True)] == rules


@pytest.mark.parametrize("text", ["[]", "{", "<<<<<<< HEAD\n", "1"])
def test_no_lock(text: str, tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        findings(tmp_path, {LOCK: text, PROJECT: "[packages]\n"})


def test_place_and_fix(tmp_path: Path) -> None:
    (edit,) = (one for one in EDITS if one.id == "tighten-unmet")
    write(tmp_path, {f"a b/{name}": text for name, text in edit.texts().items()})
    repository = Repository(str(tmp_path))
    found = list(check(repository.file(f"a b/{LOCK}"), repository, SimpleNamespace(strict=False)))
    assert [(one.path, one.line, one.fix) for one in found] == [
        (f"a b/{PROJECT}", 8, "(cd 'a b' && pipenv lock)")
    ]


KEYS = st.sampled_from(
    [
        "_meta",
        "hash",
        "sha256",
        "default",
        "develop",
        "sources",
        "requires",
        "a",
        "version",
        "extras",
        "index",
        "url",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("==1.0"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, VALUES))
def test_wrong_types(root: dict[str, object]) -> None:
    repository = Repository("/")
    repository.put(File(PROJECT, "/nowhere/Pipfile", PROJECT, b'[packages]\na = "*"\n[b]\nc = 1\n'))
    lock = File(LOCK, "/nowhere/Pipfile.lock", LOCK, json.dumps(root).encode())
    list(check(lock, repository, SimpleNamespace(strict=True)))


@pytest.mark.parametrize("name", ["pip", "setuptools", '"-e ."'])
def test_what_pipenv_has_left_out(name: str, make_repository: MakeRepository, hook: Hook) -> None:
    pipfile = f'[packages]\n{name} = "*"\n'
    part = pipfile_hash.relevant(tomli.loads(pipfile))
    digest = pipfile_hash._digest(part, normalised=True, categories=True)
    lock = {"_meta": {"hash": {"sha256": digest}, "sources": []}, "default": {}, "develop": {}}
    make_repository({"Pipfile": pipfile, "Pipfile.lock": json.dumps(lock)})
    assert hook("lock-in-sync") == (0, "", "")
