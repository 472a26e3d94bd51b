"""pylock.toml of every creator, against what it was made from."""

# a line for each edit

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import write
from lock_in_sync.lockers import answers
from lock_in_sync.pdm_edits import FRESH

from tenterhooks.core.files import Repository
from tenterhooks.core.finding import Finding
from tenterhooks.formats.locks import pdm as formats
from tenterhooks.lock_in_sync import pylock
from tenterhooks.lock_in_sync.pdm.graph import Graph
from tenterhooks.lock_in_sync.pdm.project import Project

DATA = Path(__file__).parent / "data" / "pylock"
PROJECT, LOCK = "pyproject.toml", "pylock.toml"
STALE, UNMET, MISSING = "lock-out-of-date", "lock-unsatisfied", "lock-incomplete"
UNDECIDED = "lock-undecided"
Files = dict[str, str | bytes]


def files_of(folder: str) -> Files:
    paths = [path for path in (DATA / folder).rglob("*") if path.is_file()]
    return {path.relative_to(DATA / folder).as_posix(): path.read_text("utf-8") for path in paths}


def edited(folder: str, file: str, old: str, new: str) -> Files:
    files = files_of(folder)
    text = str(files[file])
    assert old in text
    return {**files, file: text.replace(old, new, 1)}


def check(folder: Path, lock: str = LOCK, *, strict: bool = True) -> list[Finding]:
    repository = Repository(str(folder))
    return list(
        pylock.check(repository.file(lock), repository, SimpleNamespace(strict=strict, compiled=[]))
    )


def rules(folder: Path, lock: str = LOCK) -> set[str]:
    return {finding.rule for finding in check(folder, lock)}


BY_PDM = [
    (PROJECT, "[project]", "[project]", set()),
    (PROJECT, '"packaging>=24",', '"packaging>=24", "attrs",', {STALE}),
    (PROJECT, '    "packaging>=24",\n', "", {STALE}),
    (PROJECT, "packaging>=24", "packaging>=25", {STALE}),
    (PROJECT, "packaging>=24", "packaging>=99", {STALE}),
    (PROJECT, "0.1.0", "0.2.0", set()),
    (PROJECT, ">=3.10", ">=3.11", {STALE}),
    (PROJECT, "lint = [", 'new = ["attrs"]\nlint = [', {STALE}),
    (PROJECT, 'certifi = ">=2024"\n', "", {STALE}),
    (PROJECT, "[project]", "# words\n[project]", set()),
    (LOCK, '[tool.pdm]\nhashes = {sha256 = "f', '[tool.pdm]\nhashes = {sha256 = "e', {STALE}),
    (LOCK, "[tool.pdm]\nhashes = {sha256", "[tool.pdm]\nhashes = {md5", {STALE}),
    (LOCK, 'created-by = "pdm"', 'created-by = "PDM"', set()),
]
BY_PDM_BODY = [
    ('name = "idna"\nversion = "3', 'name = "idna"\nversion = "1', {UNMET}),
    ('name = "hpack"\nversion = "4', 'name = "hpack"\nversion = "1', {UNMET}),
    ('name = "iniconfig"', 'name = "other"', {MISSING}),
    ('name = "h11"', 'name = "h12"', {MISSING}),
    (
        '[[packages]]\nname = "idna"',
        '[[packages]]\nname = "evil"\n[[packages]]\nname = "idna"',
        set(),
    ),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [*BY_PDM, *((LOCK, *edit) for edit in BY_PDM_BODY)],
)
def test_made_by_pdm(file: str, old: str, new: str, expected: set[str], tmp_path: Path) -> None:
    write(tmp_path, edited("pdm", file, old, new))
    assert rules(tmp_path) == expected


def test_pdm_says_the_same(tmp_path: Path) -> None:
    edits = BY_PDM[:-1]
    for number, (file, old, new, _) in enumerate(edits):
        write(tmp_path / str(number), edited("pdm", file, old, new))
    said = answers(FRESH, [str(tmp_path / str(n)) for n in range(len(edits))])
    assert [answer == "False" for answer in said] == [STALE in expected for *_, expected in edits]


def test_orphan_where_no_extras_are_asked_for(tmp_path: Path) -> None:
    files = edited("pdm", PROJECT, "httpx[http2]", "httpx")
    files[PROJECT] = str(files[PROJECT]).replace('"sample[fast]"', "")
    folder = Repository(str(tmp_path))
    write(tmp_path, files)
    lock = formats.load(folder.file(LOCK))
    graph = Graph(lock, [Project(folder.file(PROJECT))])
    assert {package.name for package in graph.orphans()} == {"h2", "hpack", "hyperframe"}


def test_what_pdm_exported_for_some_groups_is_no_reason_to_miss_others(tmp_path: Path) -> None:
    files = edited("pdm", LOCK, 'extras = ["all", "fast"]\n', "")
    text = str(files[LOCK]).replace('dependency-groups = ["default", "docs", "lint", "test"]\n', "")
    files[LOCK] = text.replace('name = "iniconfig"', 'name = "packaging"')
    write(tmp_path, files)
    assert MISSING not in {each.rule for each in check(tmp_path) if each.path == PROJECT}


BY_EXPORT = [
    (PROJECT, "[project]", "[project]", set()),
    (LOCK, 'name = "idna"\nversion = "3.20"', 'name = "idna"\nversion = "3.10"', {STALE}),
    ("uv.lock", 'name = "idna"\nversion = "3.20"', 'name = "idna"\nversion = "3.21"', {STALE}),
    (LOCK, 'name = "idna"', 'name = "other"', {STALE}),
    (
        LOCK,
        "[[packages]]\n",
        '[[packages]]\nname = "evil"\nversion = "1"\n\n[[packages]]\n',
        {STALE},
    ),
    (LOCK, "uv export --format", "uv export --no-dev --format", {STALE}),
    (LOCK, "uv via", "uv, for", set()),
]


@pytest.mark.parametrize(("file", "old", "new", "expected"), BY_EXPORT)
def test_made_by_uv_export(
    file: str, old: str, new: str, expected: set[str], tmp_path: Path
) -> None:
    write(tmp_path, edited("uv", file, old, new))
    assert rules(tmp_path) == expected


def test_export_is_told_at_the_entry(tmp_path: Path) -> None:
    write(tmp_path, edited("uv", LOCK, '"idna"\nversion = "3.20"', '"idna"\nversion = "3.10"'))
    (finding,) = check(tmp_path)
    line = (tmp_path / LOCK).read_text("utf-8").split("\n")[finding.line - 1]
    assert line == 'name = "idna"'
    assert finding.fix == "uv export --format pylock.toml -o pylock.toml"
    assert "3.20" in finding.message


IN, COMPILED = "requirements.in", "pylock.reqs.toml"
BY_COMPILE = [
    (IN, "idna", "idna", set()),
    (IN, "pluggy", "pluggy\nattrs", {STALE}),
    (IN, "idna>=3", "idna>=3.1", set()),
    (IN, "idna>=3", "idna>=99", {STALE}),
    (IN, "idna>=3", "idna", set()),
    (IN, "idna>=3", "Idna >= 3  # words", set()),
    (IN, "pluggy", "pluggy\nattrs; python_version < '3'", set()),
    (IN, "idna>=3", "idna @ https://x.example/idna.zip", {STALE}),
    (COMPILED, 'name = "idna"\nversion = "3', 'name = "idna"\nversion = "1', {STALE}),
    (COMPILED, 'name = "pluggy"', 'name = "plucky"', {STALE}),
]


@pytest.mark.parametrize(("file", "old", "new", "expected"), BY_COMPILE)
def test_made_by_uv_pip_compile(
    file: str, old: str, new: str, expected: set[str], tmp_path: Path
) -> None:
    write(tmp_path, edited("compiled", file, old, new))
    assert rules(tmp_path, COMPILED) == expected


def test_compiled_is_told_at_the_requirement(tmp_path: Path) -> None:
    write(tmp_path, edited("compiled", IN, "pluggy", "pluggy\nattrs"))
    (finding,) = check(tmp_path, COMPILED)
    assert (finding.path, finding.line) == (IN, 4)


def locked(creator: str = "pip", **versions: str) -> str:
    text = f'lock-version = "1.0"\ncreated-by = "{creator}"\npackages = []\n'
    if versions:
        text = text.replace("packages = []\n", "")
    return text + "".join(
        f'[[packages]]\nname = "{name}"\nversion = "{version}"\n'
        for name, version in versions.items()
    )


def project(*dependencies: str) -> str:
    return f'[project]\nname = "a"\nversion = "1"\ndependencies = {list(dependencies)}\n'


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({PROJECT: project("idna>=3", "attrs")}, set()),
        ({PROJECT: project("idna>=3", "attrs", "click")}, {STALE}),
        ({PROJECT: project("idna>=3", "attrs>=99")}, {STALE}),
        # What lacks most of it was made from something else.
        ({PROJECT: project("idna>=3", "click", "flask")}, {UNDECIDED}),
        ({PROJECT: project()}, {UNDECIDED}),
        ({PROJECT: '[project]\nname = "a"\ndynamic = ["dependencies"]\n'}, {UNDECIDED}),
        ({PROJECT: "[project"}, {UNDECIDED}),
        ({}, {UNDECIDED}),
        ({"requirements.in": "idna>=3\nattrs\n"}, set()),
        ({"requirements.in": "idna>=3\nattrs\nclick\n"}, {STALE}),
        ({"requirements.in": "-r more.in\n", "more.in": "idna>=4"}, {STALE}),
        ({"requirements.in": "-r none.in\nidna>=4"}, {UNDECIDED}),
        ({"requirements.txt": "idna==3.20\n"}, set()),
        ({"requirements.in": "flask", PROJECT: project("idna>=4")}, {STALE}),
    ],
)
def test_by_what_stands_beside_it(files: Files, expected: set[str], tmp_path: Path) -> None:
    write(tmp_path, {**files, LOCK: locked(idna="3.20", attrs="1.0", other="1")})
    assert rules(tmp_path) == expected


def test_a_label_names_its_source(tmp_path: Path) -> None:
    inputs: Files = {"docs.in": "idna>=4\n", "requirements.in": "idna>=3\n"}
    write(tmp_path, {**inputs, "pylock.docs.toml": locked(idna="3.20"), LOCK: locked(idna="3.20")})
    (finding,) = check(tmp_path, "pylock.docs.toml")
    assert (finding.path, finding.rule) == ("docs.in", STALE)
    assert check(tmp_path) == []


@pytest.mark.parametrize(
    ("version", "expected"),
    [("3.20", set()), ("3.21", {STALE}), ("", {STALE})],
)
def test_made_by_pipenv(version: str, expected: set[str], tmp_path: Path) -> None:
    lock = locked("pipenv", idna="3.20") + '[tool.pipenv]\ngenerated_from = "Pipfile.lock"\n'
    packages = f'{{"idna": {{"version": "=={version}"}}}}' if version else "{}"
    other = f'{{"_meta": {{}}, "default": {packages}, "develop": {{}}}}'
    write(tmp_path, {LOCK: lock, "Pipfile.lock": other})
    assert rules(tmp_path) == expected


def test_made_by_pipenv_from_what_is_not_there(tmp_path: Path) -> None:
    lock = locked("pipenv", idna="3.20") + '[tool.pipenv]\ngenerated_from = "Pipfile.lock"\n'
    write(tmp_path, {LOCK: lock})
    assert rules(tmp_path) == {UNDECIDED}
    assert check(tmp_path, strict=False) == []


def test_what_an_entry_asks_for_has_an_entry(tmp_path: Path) -> None:
    lock = locked(idna="3.20") + 'dependencies = [{name = "Idna"}, {name = "gone"}]\n'
    write(tmp_path, {LOCK: lock})
    found = [each for each in check(tmp_path) if each.rule == MISSING]
    assert [each.message for each in found] == ["idna asks for gone, and it has no entry"]
