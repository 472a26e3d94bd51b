"""The parts of hashed-requirements, each by itself: what a requirement names, which pins collide,
what includes bring, which files must be hashed, and what a fix writes."""

from __future__ import annotations

import os

import pytest
from conftest import Hook, MakeRepository
from labelled_requirements import COMMIT, HEX, A, B

from tenterhooks.core.files import File, Repository
from tenterhooks.formats import requirements
from tenterhooks.hashed_requirements import includes, pins, wanted
from tenterhooks.hashed_requirements.dropped import dropped
from tenterhooks.hashed_requirements.reading import Requirement, refusal

NAMED = "https://example.org/a-1.zip"


def document(text: str, path: str = "requirements.txt") -> requirements.Requirements:
    return requirements.load(File(path, "", path, text.encode()))


@pytest.mark.parametrize(
    ("text", "kind", "name", "location", "marker"),
    [
        ("a", "range", "a", None, ""),
        ("A_b[x] >=1", "range", "a-b", None, ""),
        ("a ; os_name == 'nt'", "range", "a", None, " os_name == 'nt'"),
        ("a==1", "pinned", "a", None, ""),
        ("a==1.*", "range", "a", None, ""),
        ("a===1.*", "range", "a", None, ""),
        ("a==1,==1.*", "range", "a", None, ""),
        ("a 1", "?", "a", None, ""),
        (f"a @ {NAMED}", "archive", "a", NAMED, ""),
        (f"a@{NAMED}", "archive", "a", NAMED, ""),
        (f"{NAMED} ; os_name == 'nt'", "archive", None, NAMED, "os_name == 'nt'"),
        (f"{NAMED}; os_name == 'nt'", "archive", None, NAMED, "os_name == 'nt'"),
        (f"{NAMED};x", "archive", None, f"{NAMED};x", ""),
        ("git+https://example.org/a@main", "vcs", None, "git+https://example.org/a@main", ""),
        ("a @ git+https://example.org/a", "vcs", "a", "git+https://example.org/a", ""),
        ("./a", "folder", None, "./a", ""),
        ("./a.whl", "archive", None, "./a.whl", ""),
        ("", "folder", None, "", ""),
    ],
)
def test_what_a_requirement_names(
    text: str, kind: str, name: str | None, location: str | None, marker: str
) -> None:
    read = Requirement(text)
    assert (read.kind, read.name, read.location, read.marker) == (kind, name, location, marker)


@pytest.mark.parametrize(
    ("text", "is_refused"),
    [
        ("a==1", False),
        ("a (==1)", False),
        (NAMED, False),
        ("git+https://example.org/a", False),
        ("file:a", False),
        ("./a", False),
        ("git+git@host:repo", True),
        ("a == 1 2", True),
        ("a ==", True),
        ("a; os == 'x'", True),
        ("a; " + "(" * 10_000 + "os_name == 'nt'" + ")" * 10_000, True),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_pip_refuses(text: str, is_refused: bool) -> None:
    assert (refusal(Requirement(text)) is not None) is is_refused


VALUES = {
    "python_version": "3.7 3.9 3.15",
    "python_full_version": "3.7.5 3.15.5",
    "implementation_version": "3.9.5",
    "sys_platform": "linux darwin win32 cygwin",
    "os_name": "posix nt",
    "platform_system": "Linux Darwin Windows CYGWIN",
    "platform_machine": "x86_64 aarch64 arm64 AMD64 x86 ARM64",
    "implementation_name": "cpython pypy",
    "platform_python_implementation": "CPython PyPy",
}
MARKERS = [(name, value) for name, values in VALUES.items() for value in values.split()]


@pytest.mark.parametrize(("variable", "value"), MARKERS)
def test_pins_meet_wherever_people_are(variable: str, value: str) -> None:
    there, elsewhere = (f"{variable} {sign} '{value}'" for sign in ("==", "!="))
    assert pins._meet(there, there)
    assert pins._meet(elsewhere, elsewhere)
    assert not pins._meet(there, elsewhere)


@pytest.mark.parametrize(
    ("one", "other", "collide"),
    [
        ("a==1", "a==2", True),
        ("a==1", "b==2", False),
        ("a==1", "a==1", False),
        ("a==1", "a==1.0", False),
        ("a==1", "a==x.y", False),
        ("a==1", f"a=={'9' * 5000}", False),
        ("a==1; os_name == 'nt'", "a==2", True),
        ("a==1; os_name == 'nt'", "a==2; os_name == 'posix'", False),
        ("a==1; os_name == 'nt'", "a==2; no such marker", False),
        ("a==1; os_name == 'nt'", "a==2; no_such_name == 'x'", False),
    ],
    ids=lambda value: str(value)[:40],
)
def test_pins_of_one_name(one: str, other: str, collide: bool) -> None:
    (line,) = document(other).lines
    first = Requirement(one)
    found = list(pins.conflicts([(first, None), (Requirement(other), line)]))
    assert found == ([(line, first)] if collide else [])


def test_a_file_is_not_at_fault_for_what_its_includes_contradict(
    make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository(
        {
            "requirements.txt": f"-r one.txt\n-r two.txt\nb==1 {A}\n",
            "one.txt": f"a==1 {A}\n",
            "two.txt": f"a==2 {B}\n",
        }
    )
    assert hook("hashed-requirements", "requirements.txt").code == 0


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("-r https://example.org/r.txt", "is an address"),
        ("-r file:r.txt", "is an address"),
        ("-r ${WHERE}.txt", "depends on the environment"),
        ("-r ../r.txt", "lies outside"),
        ("-r folder", "is a folder"),
        ("-r ignored.txt", "is made elsewhere"),
        ("-r missing.txt", "is not there"),
        ("-r away.txt", None),
        ("-r binary.txt", None),
        ("-r inner.txt", None),
    ],
)
def test_includes_that_cannot_be_followed(
    text: str, problem: str | None, make_repository: MakeRepository
) -> None:
    top = make_repository(
        {
            "requirements.txt": text,
            "folder/a.txt": "",
            ".gitignore": "ignored.txt\n",
            "binary.txt": b"\xff\xfe\0",
            "inner.txt": "-r missing.txt\n",
        }
    )
    os.symlink("/etc/hostname", top / "away.txt")
    repository = Repository()
    found = includes.reach(requirements.load(repository.file("requirements.txt")), repository)
    said = [problem for _, problem, _ in found.problems]
    assert len(said) == (problem is not None)
    assert all(problem is not None and problem in each for each in said)
    assert not found.has_hashes
    assert not found.has_unhashed


def test_each_include_is_read_once_and_not_more_than_anybody_has(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_repository(
        {
            "requirements.txt": "-r 1.txt\n-r 2.txt\n-r 3.txt\n-r 3.txt\n",
            "1.txt": "-r 3.txt\na==1\n",
            "2.txt": "-r requirements.txt\n",
            "3.txt": "",
        }
    )
    repository = Repository()
    top = requirements.load(repository.file("requirements.txt"))
    found = includes.reach(top, repository)
    assert sorted(found.paths) == ["1.txt", "2.txt", "3.txt"]
    assert [line.text for line in found.cycles] == ["-r 2.txt"]
    assert [pin.name for pin in found.pins] == ["a"]
    monkeypatch.setattr(includes, "MAX_FILES", 1)
    assert includes.reach(top, repository).paths == ["3.txt"]


@pytest.mark.parametrize(
    ("constraints", "rules"), [(f"a==1 {A}\n", []), ("a==1\n", ["partially-hashed"])]
)
def test_only_constraints_with_hashes_give_them(
    constraints: str, rules: list[str], make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository(
        {"requirements.txt": f"-c constraints.txt\na\nb==1 {B}\n", "constraints.txt": constraints}
    )
    found = hook("hashed-requirements", "requirements.txt").rules
    assert [rule for rule in found if rule != "unpinned-requirement"] == rules


INSTALL = "RUN pip install -r requirements.txt\n"


@pytest.mark.parametrize(
    ("files", "is_wanted"),
    [
        ({"Dockerfile": INSTALL}, True),
        ({"Dockerfile": "RUN pip install -r /app/requirements.txt\n"}, True),
        ({"Dockerfile": "RUN pip install -r /app/other.txt\n"}, False),
        ({"Dockerfile": "RUN pip install -r $WHERE/requirements.txt\n"}, False),
        ({"Dockerfile": "RUN pip install -r https://example.org/requirements.txt\n"}, False),
        ({"Dockerfile": "# " + INSTALL}, False),
        ({"Dockerfile": INSTALL, "setup.py": "open('requirements.txt')"}, False),
        ({"Dockerfile": INSTALL, "setup.py": "open('other.txt')"}, True),
        ({"Dockerfile": INSTALL, "setup.cfg": b"\xff"}, True),
        (
            {
                "Dockerfile": INSTALL,
                "pyproject.toml": "[tool.tenterhooks.hashed-requirements]\nfiles = "
                "['requirements.txt']\n[project]\nname = 'x'\n",
            },
            True,
        ),
        ({"Dockerfile": b"RUN pip \xff install -r requirements.txt"}, False),
        ({"Dockerfile": b"pip \xff", "api/Dockerfile": INSTALL}, True),
        ({".gitlab-ci.yml": "x:\n  script: [pip install -r requirements.txt]\n"}, False),
        (
            {".gitlab-ci.yml": "x:\n  script:\n  - pip install --require-hashes "
             "-r requirements.txt\n"},
            True,
        ),
        ({"tox.ini": "[testenv:do-release]\ncommands = pip install -r requirements.txt\n"}, True),
        ({"tox.ini": "[testenv:lint]\ncommands = pip install -r requirements.txt\n"}, False),
        ({"requirements.in": "", "Dockerfile": "RUN pip install -r requirements.in\n"}, False),
        ({"Procfile": "web: python x.py\n"}, True),
    ],
)  # fmt: skip
def test_what_must_be_hashed(
    files: dict[str, str | bytes], is_wanted: bool, make_repository: MakeRepository
) -> None:
    make_repository({"requirements.txt": "a==1\n", **files})
    assert list(wanted.installed(Repository())) == ["requirements.txt"] * is_wanted


def test_without_git_nothing_is_known_to_be_installed(
    tmp_path: os.PathLike[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert wanted.installed(Repository()) == {}


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        # pip stops at the first.
        ("--require-hashes\n\nb ==\nc ==\n", ["invalid-file"]),
        # A repository keeps its own digest.
        (f"git+https://example.org/a@{COMMIT}#sha256={HEX}\n", []),
        (f"{NAMED}#sha256={HEX}\n", ["weak-hash"]),
        # A tab before the hash hides it, and a range is no pin all the same.
        (f"a>=1\t{A}\n", ["unpinned-requirement", "dropped-hash"]),
        ("--extra-index-url https://example.org/s\n-r inner.txt\n", ["unsafe-option"]),
        (f"--extra-index-url https://example.org/s\na==1 {A}\n", []),
    ],
)
def test_findings_of_one_file(
    text: str, rules: list[str], make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({"requirements.txt": text, "inner.txt": "a==1\n"})
    assert hook("hashed-requirements", "requirements.txt").rules == rules


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"a==1\n    {A}\n", f"a==1 \\\n    {A}\n"),
        (f"a==1\n    {A}\n    {B}\n", f"a==1 \\\n    {A} \\\n    {B}\n"),
        (f"a==1\t{A}\n", f"a==1 {A}\n"),
        (f"{A} {B} a==1\n", f"a==1 {A} {B}\n"),
        (f"a==1 \\ \n    {A}\n", f"a==1 \\\n    {A}\n"),
        (f"  a==1  # why\n    {A}\n", f"# why\n  a==1 \\\n    {A}\n"),
        (f"a==1 \\\n  # why\n    {A} \\\n    {B}\n", f"# why\na==1 \\\n    {A} \\\n    {B}\n"),
        (f"{A}\na==1\n", f"{A}\na==1\n"),
    ],
)
def test_what_is_put_back(before: str, after: str) -> None:
    edits = [edit for lost in dropped(document(before)) for edit in lost.edits]
    fixed = before
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        fixed = fixed[: edit.start] + edit.replacement + fixed[edit.end :]
    assert fixed == after


@pytest.mark.parametrize("options", ["", " --config-settings=k=v"])
def test_a_fragment_becomes_a_hash_where_nothing_else_follows(
    options: str, make_repository: MakeRepository, hook: Hook
) -> None:
    before = f"{NAMED}#sha256={HEX}{options}\n"
    top = make_repository({"requirements.txt": before})
    hook("hashed-requirements", "--fix")
    after = before if options else before.replace("\n", f" {A}\n")
    assert (top / "requirements.txt").read_text() == after
