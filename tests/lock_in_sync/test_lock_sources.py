"""Files, indexes and repositories that a lock takes things from."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import write
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.core.files import File, Repository, Unreadable
from tenterhooks.formats.public_index import FILE_HOST, INDEX_HOST
from tenterhooks.lock_in_sync import hosts, sources

INDEX = "https://" + INDEX_HOST + "/simple"
FILES = "https://" + FILE_HOST + "/packages"
DIGEST = "0123456789abcdef" * 4
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def told(folder: Path, name: str, files: dict[str, str]) -> list[str]:
    """``line: message`` of each finding for one of the files."""
    write(folder, dict(files))
    repository = Repository(str(folder))
    found = sources.check(repository.file(name), repository, SimpleNamespace(strict=False))
    return [f"{finding.line}: {finding.message}" for finding in found]


def uv(name: str, index: str = INDEX, files: str = FILES, source: str = "") -> str:
    """A package as uv writes it, nine lines and a blank one."""
    return f"""\
[[package]]
name = "{name}"
version = "1.0"
source = {{ {source or f'registry = "{index}"'} }}
sdist = {{ url = "{files}/{name}-1.0.tar.gz", hash = "sha256:{DIGEST}", size = 10 }}
wheels = [
    {{ url = "{files}/{name}-1.0-py3-none-any.whl", hash = "sha256:{DIGEST}", size = 10 }},
    {{ url = "{files}/{name}-1.0-cp312-win.whl", hash = "sha256:{DIGEST}", size = 10 }},
]

"""


def unnamed(line: int, name: str, index: str, project: str = "pyproject.toml") -> str:
    return f"{line}: {name}: comes from the index {index}, which {project} does not name"


def foreign(line: int, name: str, host: str, index: str = (INDEX_HOST + "/simple")) -> str:
    return f"{line}: {name}: has a file at {host}, where {index} keeps none"


HEAD = 'version = 1\nrequires-python = ">=3.10"\n\n'
# What is taken from an address of its own has to be named.
NAMING = "# https://example.com/a.whl https://github.com/a/b https://x.org/a/b\n"
NAMING += "# http://example.com http://a.example.com/b.whl https://example.com/b\n"
NAMING += "# https://example.com/c.whl\n"
PROJECT = f'{NAMING}[project]\nname = "x"\nversion = "1"\n'
MIRROR = "https://mirror.example.com/pypi/simple"
MIRRORED = "https://mirror.example.com/pypi/packages"
TORCH = "https://download.pytorch.org/whl/cpu"
OWN_INDEX = PROJECT + f'[tool.uv]\nindex-url = "{MIRROR}"\n'
NAMED = f'{PROJECT}[[tool.uv.index]]\nname = "torch"\nurl = "{TORCH}"\nexplicit = true\n'


@pytest.mark.parametrize(
    ("packages", "project", "expected"),
    [
        ([uv("a"), uv("b")], PROJECT, []),
        ([uv("a", INDEX + "/")], PROJECT, []),
        ([uv("a", "https://pypi.python.org/simple")], PROJECT, []),
        ([uv("a", INDEX, ("https://" + INDEX_HOST + "/packages"))], PROJECT, []),
        ([uv("a"), uv("b", f"https://test.{INDEX_HOST}/simple", f"https://test-{FILE_HOST}/p")],
         f'{PROJECT}[tool.uv]\nextra-index-url = ["https://test.{INDEX_HOST}/simple/"]\n', []),
        # One letter is another.
        ([uv("a"), uv("b", INDEX, "https://files.pythonhosted.com/packages")], PROJECT,
         [foreign(18, "b", "files.pythonhosted.com")]),
        ([uv("a", INDEX, ("https://" + FILE_HOST + ".example.com/packages"))], PROJECT,
         [foreign(8, "a", (FILE_HOST + ".example.com"))]),
        ([uv("a", INDEX, ("https://" + FILE_HOST + "@example.com/packages"))], PROJECT,
         [foreign(8, "a", "example.com")]),
        ([uv("a", INDEX, ("https://" + FILE_HOST + ":8443/packages"))], PROJECT,
         [foreign(8, "a", (FILE_HOST + ":8443"))]),
        ([uv("a", INDEX, ("https://" + FILE_HOST + ":443/packages"))], PROJECT, []),
        ([uv("a", INDEX, "HTTPS://Files.PythonHosted.org/packages")], PROJECT, []),
        ([uv("a", INDEX, ("https://me:secret@" + FILE_HOST + "/packages"))], PROJECT, []),
        ([uv("a", INDEX, "https:example.com")], PROJECT,
         ["8: a: has a file at 'https:example.com', which is no plain address"]),
        ([uv("a", INDEX, "https:/example.com")], PROJECT,
         ["8: a: has a file at 'https:', which is no plain address"]),
        ([uv("a", INDEX, "https://files.pythonhosted%2eorg")], PROJECT,
         ["8: a: has a file at 'https://files.pythonhosted%2eorg', which is no plain address"]),
        ([uv("a", INDEX, r"https:\\/\\/example.com")], PROJECT,
         ["7: a: has a file at 'https:\\\\', which is no plain address"]),
        ([uv("a", INDEX, r"https:\u002f\u002fexample.com/files")], PROJECT,
         [foreign(7, "a", "example.com")]),
        ([uv("a", INDEX, ("http://" + FILE_HOST + "/packages"))], PROJECT,
         [("8: a: comes over plain http from " + FILE_HOST)]),
        ([uv("a", INDEX, "http://localhost:8080")], PROJECT,
         [foreign(8, "a", "localhost:8080")]),
        # Indexes that the project names, or does not.
        ([uv("a"), uv("torch", TORCH, "https://download-r2.pytorch.org/whl/cpu")], NAMED, []),
        ([uv("a"), uv("torch", TORCH + "/", "https://download.pytorch.org/whl/cpu")], NAMED, []),
        ([uv("a"), uv("torch", TORCH, "https://pypi.nvidia.com/torch")], NAMED, []),
        ([uv("a"), uv("torch", TORCH, FILES)], NAMED, []),
        ([uv("a"), uv("torch", TORCH, "https://example.com/whl")], NAMED,
         [foreign(18, "torch", "example.com", "download.pytorch.org/whl/cpu")]),
        ([uv("a"), uv("torch", TORCH, "https://download.pytorch.org/whl/cpu")], PROJECT,
         [unnamed(17, "torch", "download.pytorch.org/whl/cpu")]),
        ([uv("a"), uv("b", "https://download.pytorch.org/whl/cu1", "https://download.pytorch.org")],
         NAMED,
         [unnamed(17, "b", "download.pytorch.org/whl/cu1")]),
        ([uv("a"), uv("b", MIRROR, MIRRORED)], OWN_INDEX, []),
        ([uv("a"), uv("b", MIRROR, MIRRORED)],
         PROJECT + '[tool.uv]\nindex-url = "https://me:x@mirror.example.com/pypi/simple/"\n', []),
        ([uv("a"), uv("b", MIRROR, MIRRORED)],
         PROJECT + '[tool.uv]\nindex-url = "https://$HOST/simple"\n', []),
        # The mirror of a company, that its environment names: all comes from it.
        ([uv("a", MIRROR, MIRRORED), uv("b", MIRROR, MIRRORED)], PROJECT, []),
        ([uv("a", MIRROR, FILES), uv("b", MIRROR, FILES)], PROJECT, []),
        ([uv("a", MIRROR, MIRRORED), uv("b", MIRROR + "/own", MIRRORED)], PROJECT, []),
        ([uv("a", MIRROR, MIRRORED), uv("torch", TORCH, TORCH)], NAMED, []),
        ([uv("a", MIRROR, MIRRORED), uv("b", MIRROR, MIRRORED), uv("c", MIRROR, MIRRORED),
          uv("d", MIRROR, "https://example.com")], PROJECT,
         [foreign(38, "d", "example.com", "mirror.example.com/pypi/simple")]),
        ([uv("a", MIRROR, MIRRORED), uv("b", "https://example.com/simple", "https://example.com")],
         PROJECT,
         [unnamed(7, "a", "mirror.example.com/pypi/simple"),
          unnamed(17, "b", "example.com/simple")]),
        # An index of one's own, whose files are elsewhere, all of them.
        ([uv("a"), uv("b", MIRROR, "https://store.example.net")],
         OWN_INDEX, []),
        ([uv("a"), uv("b", "https://me.github.io/whl", "https://github.com/me/x/releases")],
         PROJECT + '[tool.uv]\nindex-url = "https://me.github.io/whl"\n', []),
        ([uv("a"), uv("b", MIRROR, MIRRORED), uv("c", MIRROR, MIRRORED),
          uv("d", MIRROR, "https://store.example.net/files")],
         OWN_INDEX + 'index = [{artifact-base-url = "https://store.example.net/"}]\n', []),
        ([uv("a"), uv("b", INDEX, MIRRORED)], OWN_INDEX, [foreign(18, "b", "mirror.example.com")]),
        # A folder of this machine is not looked at.
        ([uv("a", "../wheels").replace("url", "path")], PROJECT, []),
        ([uv("b", r"C:\\wheels").replace("url", "path")], PROJECT, []),
        # Without a project nothing is known of what it names.
        ([uv("a"), uv("b", MIRROR, MIRRORED)], "", []),
        # Many of a kind are told once.
        ([uv("x"), *(uv(name, MIRROR, MIRRORED) for name in "abcdef")], PROJECT,
         [unnamed(17, "a and 5 more packages", "mirror.example.com/pypi/simple")]),
        # Plain http.
        ([uv("a"), uv("b", "http://mirror.example.com/simple", "http://mirror.example.com/files")],
         PROJECT + '[tool.uv]\nindex-url = "http://mirror.example.com/simple"\n',
         ["17: b: comes over plain http from mirror.example.com"]),
        ([uv("a"), uv("b", "http://127.0.0.1:3141/simple", "http://127.0.0.1:3141/files")],
         PROJECT + '[tool.uv]\nindex-url = "http://127.0.0.1:3141/simple"\n', []),
        # Named directly: the project has asked for it.
        ([uv("a", "", "https://example.com", 'url = "https://example.com/a.whl"')], PROJECT, []),
        ([uv("a", "", "http://example.com", 'url = "http://example.com/a.whl"')], PROJECT,
         ["7: a: comes over plain http from example.com"]),
        ([uv("a", source=f'git = "https://github.com/a/b?rev=main#{COMMIT}"')], PROJECT, []),
        ([uv("a", source='git = "https://github.com/a/b?rev=main"')], PROJECT,
         ["7: a: is taken from a repository at no commit, which can move"]),
        ([uv("a", source='git = "https://github.com/a/b#0123456"')], PROJECT,
         ["7: a: is taken from a repository at 0123456, which can move"]),
        ([uv("a", source=f'git = "git://github.com/a/b#{COMMIT}"')], PROJECT,
         ["7: a: comes over plain git from github.com"]),
        ([uv("a", source=f'git = "ssh://git@github.com/a/b#{COMMIT}"')], PROJECT, []),
        ([uv("a", source='editable = "."'), uv("b", source='virtual = "."')], PROJECT, []),
    ],
)  # fmt: skip
def test_uv(tmp_path: Path, packages: list[str], project: str, expected: list[str]) -> None:
    lock = HEAD + "".join(packages)
    files = {"uv.lock": lock, **({"pyproject.toml": project} if project else {})}
    assert told(tmp_path, "uv.lock", files) == expected


def test_members_of_a_workspace_name_indexes(make_repository: object) -> None:
    top = make_repository(  # type: ignore[operator]
        {"pyproject.toml": PROJECT, "libs/a/pyproject.toml": NAMED}
    )
    lock = HEAD + uv("a") + uv("torch", TORCH, TORCH)
    assert told(top, "uv.lock", {"uv.lock": lock}) == []
    assert len(told(top, "other/uv.lock", {"other/uv.lock": lock, "other/uv.toml": ""})) == 1


def test_uv_toml_names_indexes(tmp_path: Path) -> None:
    lock = HEAD + uv("a") + uv("b", MIRROR, MIRRORED)
    settings = f'[[index]]\nurl = "{MIRROR}"\n'
    files = {"uv.lock": lock, "pyproject.toml": PROJECT, "uv.toml": settings}
    assert told(tmp_path, "uv.lock", files) == []


def test_a_script_names_indexes(tmp_path: Path) -> None:
    lock = HEAD + uv("a") + uv("b", MIRROR, MIRRORED)
    script = f'# /// script\n# [[tool.uv.index]]\n# url = "{MIRROR}"\n# ///\n'
    assert told(tmp_path, "x.py.lock", {"x.py.lock": lock, "x.py": script}) == []
    assert told(tmp_path, "x.py.lock", {"x.py": "# ///\n"}) == [
        unnamed(17, "b", "mirror.example.com/pypi/simple", "the script")
    ]


def test_a_layout_that_no_machine_writes(tmp_path: Path) -> None:
    lock = HEAD + uv("a") + uv("torch", TORCH, TORCH) + uv("b", INDEX, TORCH)
    lock = lock.replace("[[package]]\nname", '[[ "package" ]]\nname', 1)
    files = {"uv.lock": lock, "pyproject.toml": NAMED}
    assert told(tmp_path, "uv.lock", files) == [foreign(27, "b", "download.pytorch.org")]


def poetry(name: str, source: str = "") -> str:
    files = f'files = [\n    {{file = "{name}.whl", hash = "sha256:{DIGEST}"}},\n]\n'
    return f'[[package]]\nname = "{name}"\nversion = "1.0"\n{files}{source}\n'


def legacy(url: str) -> str:
    return f'[package.source]\ntype = "legacy"\nurl = "{url}"\nreference = "own"\n'


def git(reference: str) -> str:
    where = '[package.source]\ntype = "git"\nurl = "https://github.com/a/b"\nreference = "main"\n'
    return f'{where}resolved_reference = "{reference}"\n'


POETRY = NAMING + "[tool.poetry]\nname = 'x'\n"
OWN = POETRY + f"[[tool.poetry.source]]\nname = 'own'\nurl = '{MIRROR}/'\n"


@pytest.mark.parametrize(
    ("packages", "project", "expected"),
    [
        ([poetry("a")], POETRY, []),
        ([poetry("a"), poetry("b", legacy(MIRROR))], OWN, []),
        ([poetry("a"), poetry("b", legacy(MIRROR))], POETRY,
         [unnamed(18, "b", "mirror.example.com/pypi/simple")]),
        # Poetry has no other place for an index.
        ([poetry("b", legacy(MIRROR))], POETRY,
         [unnamed(11, "b", "mirror.example.com/pypi/simple")]),
        ([poetry("b", legacy("http://me:secret@own.example.com/simple"))],
         POETRY + "[[tool.poetry.source]]\nurl = 'http://own.example.com/simple'\n",
         ["11: b: comes over plain http from own.example.com"]),
        ([poetry("b", git(COMMIT))], POETRY, []),
        ([poetry("b", git("main"))], POETRY,
         ["11: b: is taken from a repository at main, which can move"]),
        ([poetry("b", '[package.source]\ntype = "url"\nurl = "http://a.example.com/b.whl"\n')],
         POETRY, ["11: b: comes over plain http from a.example.com"]),
        ([poetry("b", '[package.source]\ntype = "directory"\nurl = "../b"\n')], POETRY, []),
    ],
)  # fmt: skip
def test_poetry(tmp_path: Path, packages: list[str], project: str, expected: list[str]) -> None:
    files = {"poetry.lock": "# by Poetry\n\n" + "".join(packages), "pyproject.toml": project}
    assert told(tmp_path, "poetry.lock", files) == expected


def pdm(name: str, files: str, more: str = "") -> str:
    item = f'{{url = "{files}/{name}.whl", hash = "sha256:{DIGEST}"}}'
    return f'[[package]]\nname = "{name}"\nversion = "1"\n{more}files = [\n    {item},\n]\n\n'


@pytest.mark.parametrize(
    ("packages", "project", "expected"),
    [
        ([pdm("a", FILES), pdm("b", FILES)], PROJECT, []),
        ([pdm("a", FILES), pdm("b", FILES), pdm("c", "https://example.com")], PROJECT,
         [foreign(19, "c", "example.com", "no index of this lock")]),
        ([pdm("a", FILES), pdm("b", FILES), pdm("c", MIRRORED)],
         f'{PROJECT}[[tool.pdm.source]]\nurl = "{MIRROR}"\n', []),
        # Of the mirror that an environment names.
        ([pdm("a", MIRRORED), pdm("b", MIRRORED)], PROJECT, []),
        ([pdm("a", FILES, f'git = "https://x.org/a/b"\nrevision = "{COMMIT}"\n')], PROJECT, []),
        ([pdm("a", FILES, 'git = "https://github.com/a/b"\nref = "main"\n')], PROJECT,
         ["2: a: is taken from a repository at no commit, which can move"]),
        ([pdm("a", FILES, 'svn = "https://example.com/b"\nrevision = "12"\n')], PROJECT, []),
    ],
)  # fmt: skip
def test_pdm(tmp_path: Path, packages: list[str], project: str, expected: list[str]) -> None:
    found = told(tmp_path, "pdm.lock", {"pdm.lock": "".join(packages), "pyproject.toml": project})
    assert found == expected


PIPENV = """\
{
    "_meta": {
        "sources": [
            {"name": "pypi", "url": "URL", "verify_ssl": true}
        ]
    },
    "default": {
        "a": {"index": "pypi", "hashes": [], "version": "==1"},
        "b": {"git": "https://github.com/a/b", "ref": "REF"},
        "c": {"file": "https://example.com/c.whl"}
    }
}
"""


@pytest.mark.parametrize(
    ("url", "reference", "project", "expected"),
    [
        (INDEX, COMMIT, "[packages]\na = '*'\n", []),
        ("https://pypi.python.org/simple", COMMIT, f"[[source]]\nurl = '{INDEX}'\n", []),
        (MIRROR, COMMIT, f"[[source]]\nurl = '{MIRROR}'\n", []),
        (MIRROR, COMMIT, "[[source]]\nurl = 'https://${HOST}/simple'\n", []),
        (MIRROR, COMMIT, f"[[source]]\nurl = '{INDEX}'\n",
         [unnamed(4, "this lock", "mirror.example.com/pypi/simple", "Pipfile")]),
        (INDEX.replace("https", "http"), COMMIT, "",
         [("4: this lock: comes over plain http from " + INDEX_HOST)]),
        (INDEX, "main", "", ["9: b: is taken from a repository at main, which can move"]),
    ],
)  # fmt: skip
def test_pipenv(
    tmp_path: Path, url: str, reference: str, project: str, expected: list[str]
) -> None:
    lock = PIPENV.replace("URL", url).replace("REF", reference)
    assert (
        told(tmp_path, "Pipfile.lock", {"Pipfile.lock": lock, "Pipfile": NAMING + project})
        == expected
    )


def pylock(name: str, files: str, index: str = "") -> str:
    said = f'index = "{index}"\n' if index else ""
    item = f'{{ url = "{files}/{name}.whl", hashes = {{ sha256 = "{DIGEST}" }} }}'
    return f'[[packages]]\nname = "{name}"\n{said}wheels = [\n    {item},\n]\n\n'


def pip(name: str, files: str) -> str:
    wheel = f'[[packages.wheels]]\nurl = "{files}/{name}.whl"\n'
    return f'[[packages]]\nname = "{name}"\n{wheel}[packages.wheels.hashes]\nsha256 = "{DIGEST}"\n'


def vcs(commit: str) -> str:
    said = f'type = "git", url = "https://github.com/a/b", commit-id = "{commit}"'
    return f'[[packages]]\nname = "a"\nvcs = {{ {said} }}\n'


PYODIDE = "https://cdn.jsdelivr.net/pyodide/v1/full"


@pytest.mark.parametrize(
    ("packages", "expected"),
    [
        ([pylock("a", FILES, INDEX), pylock("b", FILES)], []),
        ([pylock("a", "https://example.com", INDEX)],
         [foreign(6, "a", "example.com")]),
        ([pip("a", FILES), pip("b", PYODIDE), pip("c", FILES), pip("d", FILES)], []),
        ([pip("a", FILES), pip("b", "https://cdn.jsdelivr.net/x"), pip("c", FILES)],
         [foreign(11, "b", "cdn.jsdelivr.net", "no index of this lock")]),
        ([vcs(COMMIT)], []),
        ([vcs("v1")], ["4: a: is taken from a repository at v1, which can move"]),
        (['[[packages]]\nname = "a"\narchive = { url = "http://example.com/a.zip" }\n'],
         ["4: a: comes over plain http from example.com"]),
    ],
)  # fmt: skip
def test_pylock(tmp_path: Path, packages: list[str], expected: list[str]) -> None:
    lock = 'lock-version = "1.0"\n' + "".join(packages)
    assert told(tmp_path, "pylock.toml", {"pylock.toml": lock}) == expected


COMPILED = """\
#
# This file is autogenerated by pip-compile with Python 3.11
# by the following command:
#
#    pip-compile COMMAND requirements.in
#
OPTIONS
a==1.0
    # via -r requirements.in
"""


@pytest.mark.parametrize(
    ("options", "command", "wanted", "expected"),
    [
        ("", "", "a", []),
        (f"--index-url {MIRROR}", "", "a", []),
        ("--index-url http://own.example.com/simple", "", "a",
         ["7: --index-url: comes over plain http from own.example.com"]),
        (f"--extra-index-url {MIRROR}", "", "a",
         ["7: --extra-index-url: mirror.example.com/pypi/simple is an index that no input names"]),
        (f"--extra-index-url {MIRROR}", "", f"--extra-index-url {MIRROR}/\na", []),
        (f"--extra-index-url {MIRROR}", f"--extra-index-url={MIRROR}", "a", []),
        (f"--extra-index-url {INDEX}", "", "a", []),
        (f"b @ git+https://github.com/a/b@{COMMIT}", "", "a", []),
        (f"b[x] @ git+https://github.com/a/b@{COMMIT}#egg=b ; os_name == 'nt'", "", "a", []),
        ("b @ git+https://github.com/a/b@v1", "", "a",
         ["7: b: is taken from a repository at v1, which can move"]),
        ("b @ git+ssh://git@github.com/a/b.git", "", "a",
         ["7: b: is taken from a repository at no commit, which can move"]),
        ("-e git+https://github.com/a/b#egg=b", "", "a",
         ["7: github.com/a/b: is taken from a repository at no commit, which can move"]),
        ("b @ http://example.com/b.whl", "", "a",
         ["7: b: comes over plain http from example.com"]),
        ("-e ./b", "", "a", []),
    ],
)  # fmt: skip
def test_compiled(
    tmp_path: Path, options: str, command: str, wanted: str, expected: list[str]
) -> None:
    text = COMPILED.replace("OPTIONS", options).replace("COMMAND", command)
    files = {"requirements.txt": text, "requirements.in": wanted}
    assert told(tmp_path, "requirements.txt", files) == expected


@pytest.mark.parametrize(
    ("index", "files", "keeps"),
    [
        (INDEX_HOST, FILE_HOST, True),
        (INDEX_HOST, FILE_HOST.partition(".")[2], False),
        ("own.example.com", "own.example.com", True),
        ("own.example.com", FILE_HOST, True),
        ("own.example.com", "example.com", False),
        (INDEX_HOST, ("test-" + FILE_HOST), False),
        ("download.pytorch.org", "download-r2.pytorch.org", True),
        ("download.pytorch.org", "evilpytorch.org", False),
        ("evilpytorch.org", "download.pytorch.org", False),
        ("gitlab.com", "gitlab.com", True),
        ("pkgs.dev.azure.com", "me.pkgs.visualstudio.com", True),
        ("pkgs.dev.azure.com", "me.visualstudio.com", False),
        ("d-12.d.codeartifact.eu-west-1.amazonaws.com", "x.s3.eu-west-1.amazonaws.com", False),
        ("s3.amazonaws.com", "other.s3.amazonaws.com", False),
        ("europe-python.pkg.dev", "storage.googleapis.com", False),
        ("me.jfrog.io", "you.jfrog.io", False),
        ("dl.cloudsmith.io", "python.cloudsmith.com", True),
        ("pypi.fury.io", "repo.fury.io", True),
        ("me.jfrog.io", "me.jfrog.io", True),
        ("pypi.anaconda.org", "conda.anaconda.org", True),
    ],
)
def test_hosts(index: str, files: str, keeps: bool) -> None:
    assert hosts.keeps(index, files) is keeps


@pytest.mark.parametrize(
    "lock",
    [
        "package = 1",
        "package = [1]",
        "package = [{}]",
        "package = [{name = 1, source = 2, wheels = 3, sdist = 4, files = [5]}]",
        "package = [{name = 'a', source = {registry = 1, git = [], url = {}}}]",
        "package = [{name = 'a', source = {git = 1}, wheels = [{url = 2}]}]",
        "packages = {a = 1}",
        "_meta = 1",
        "",
        "[[package",
    ],
)
@pytest.mark.parametrize("name", ["uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "x.py.lock"])
def test_wrong_types(tmp_path: Path, name: str, lock: str) -> None:
    try:
        told(tmp_path, name, {name: lock, "pyproject.toml": "tool = 1"})
    except Unreadable:
        pass


@pytest.mark.parametrize(
    "lock", ["{}", "[]", '{"_meta": 1}', '{"_meta": {"sources": [1, {"url": 2}]}, "default": 3}',
             '{"default": {"a": 1, "b": {"git": 2}}}']
)  # fmt: skip
def test_wrong_types_in_json(tmp_path: Path, lock: str) -> None:
    try:
        told(tmp_path, "Pipfile.lock", {"Pipfile.lock": lock, "Pipfile": "source = 1"})
    except Unreadable:
        pass


@pytest.mark.parametrize(
    ("host", "known"),
    [
        (INDEX_HOST, True),
        ("x-12.d.codeartifact.eu-west-1.amazonaws.com", True),
        ("x.s3.amazonaws.com", False),
        ("europe-python.pkg.dev", True),
        ("example.com", False),
    ],
)
def test_known_hosts(host: str, known: bool) -> None:
    assert hosts.is_known(host) is known


@pytest.mark.parametrize(
    ("url", "is_in"),
    [
        ("https://cdn.jsdelivr.net/pyodide/v1/a.whl", True),
        ("https://cdn.jsdelivr.net/npm/a.whl", False),
        ("https://cdn.jsdelivr.net/pyodide/../npm/a.whl", False),
        ("https://cdn.jsdelivr.net/pyodide/%2E%2e/npm/a.whl", False),
        ("https://cdn.jsdelivr.net/pyodide/.%2e/npm/a.whl", False),
        ("https://cdn.jsdelivr.net.example.com/pyodide/a.whl", False),
        ("https:x", False),
    ],
)
def test_folders(url: str, is_in: bool) -> None:
    assert hosts.is_in_folder(url) is is_in


@given(st.text(alphabet='htps:/\\@."{}[]=,\n abc#?%'))
def test_no_address_is_too_odd(text: str) -> None:
    hosts.address(text)
    hosts.index("https://" + text)
    hosts.is_in_folder(text)


def test_time_is_linear(tmp_path: Path) -> None:
    packages = "".join(uv(f"p{number}") for number in range(2000))
    odd = "".join(
        uv(f"q{number}", MIRROR, f"https://h{number}.example.com") for number in range(99)
    )
    files = {"uv.lock": HEAD + packages + odd, "pyproject.toml": PROJECT}
    assert len(told(tmp_path, "uv.lock", files)) > 50
    large = File("uv.lock", "/nowhere", "uv.lock", (HEAD + packages).encode())
    repository = Repository(str(tmp_path))
    assert not list(sources.check(large, repository, SimpleNamespace()))
