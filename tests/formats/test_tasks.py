"""What task runners would run: each form of each runner, and what must not be followed."""

# ruff: noqa: E501, E101  # a case a line; Makefiles have tabs

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import MakeRepository, git, write
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.core.files import File, Repository
from tenterhooks.formats import tasks
from tenterhooks.formats.tasks import Commands

UPLOAD = "twine upload dist/*"


def repository(files: dict[str, str]) -> Repository:
    """A repository that is only in memory."""
    made = Repository(os.path.dirname(__file__))
    made.top = os.path.join(made.top, "nowhere")
    made._tracked = dict.fromkeys(files, "100644")
    for name, text in files.items():
        made.put(File(name, os.path.join(made.top, name), name, text.encode()))
    return made


def found(files: dict[str, str], command: str, folder: str = "") -> list[Commands]:
    return tasks.followed(shlex.split(command), folder, repository(files))


def said(files: dict[str, str], command: str, folder: str = "") -> list[str]:
    return [line for it in found(files, command, folder) for line in it.text.value.split("\n")]


def variables(commands: Commands) -> dict[str, str]:
    return {it.name: it.text.value for it in commands.variables}


@pytest.mark.parametrize(
    "command",
    [
        "",
        "twine upload dist/*",
        "echo tox",
        "tox-e release",
        "./",
        "bash",
        "bash -c ./release.sh",
        "bash -ec ./release.sh",
        "bash -s ./release.sh",
        "python",
        "python -c release.py",
        "python -m twine upload",
        "python setup.py upload",
        "release.sh.txt",
        "/release.sh",
        "../release.sh",
        "./a/../../release.sh",
        "$X/release.sh",
        "tox list",
        "tox exec -e release",
        "tox -e '$X'",
        "nox -s nothing",
        "make -C .. publish",
        "make nothing",
        "just nothing",
        "just --show publish",
        "hatch build",
        "hatch run",
        "hatch run nothing",
        "pdm publish",
        "pdm",
        "poe",
        "inv",
        "inv nothing",
        "task nothing",
    ],
)
def test_what_is_not_followed(command: str) -> None:
    files = {
        "release.sh": UPLOAD,
        "release.py": "import os\nos.system('a')\n",
        "tox.ini": "[testenv:release]\ncommands = a\n",
        "noxfile.py": "@nox.session\ndef x(session):\n    session.run('a')\n",
        "tasks.py": "@task\ndef x(c):\n    c.run('a')\n",
        "Makefile": "publish:\n\ttwine\n",
        "justfile": "publish:\n    twine\n",
        "Taskfile.yml": "tasks: {publish: a}",
        "pyproject.toml": "[tool.hatch.envs.default.scripts]\na='b'\n[tool.pdm.scripts]\n_.env={A='b'}",
    }
    assert found(files, command) == []


# tox


@pytest.mark.parametrize(
    "command",
    [
        "tox -e release",
        "tox -erelease",
        "tox --env release",
        "tox --env=release",
        "tox run -e release",
        "tox r -v -e release",
        "tox p -e release",
        "tox -p -e release",
        "tox -p auto -e release",
        "tox -vve release",
        "tox -q -c tox.ini -e release",
        "tox -ctox.ini -e release",
        "tox --workdir /x -e release",
        "tox run -f release",
        "/usr/bin/tox -e release",
        "tox",
    ],
)
def test_how_tox_is_called(command: str) -> None:
    ini = f"[tox]\nenvlist = release\n[testenv]\ncommands = pytest\n[testenv:release]\ncommands = {UPLOAD}"
    assert said({"tox.ini": ini}, command) == [UPLOAD]


@pytest.mark.parametrize(
    ("ini", "name", "wanted"),
    [
        ("[testenv:a]\ncommands =\n  one\n  two\n", "a", ["one", "two"]),
        ("[testenv:a]\r\ncommands =\r\n\tone\r\n\ttwo\r\n", "a", ["one", "two"]),
        ("[testenv:a]\ncommands = one\n[testenv:b]\ncommands = two\n", "a,b", ["one", "two"]),
        ("[testenv:a1]\ncommands = one\n[testenv:a2]\ncommands = two\n", "a{1,2}", ["one", "two"]),
        # In the order in which they run.
        (
            "[testenv:a]\ncommands_post = c\ncommands = b\ncommands_pre = a\n",
            "a",
            ["a", "b", "c"],
        ),
        # What is not set is inherited.
        ("[testenv]\ncommands = one\n[testenv:a]\ndeps = x\n", "a", ["one"]),
        ("[testenv]\ncommands = one\n[testenv:a]\ncommands =\n", "a", []),
        ("[testenv]\ncommands = x\n[testenv:a]\nbase = b\n[b]\ncommands = one\n", "a", ["one"]),
        ("[testenv]\ncommands = x\n[a]\nbase=a\n[testenv:a]\nbase = a\n", "a", ["x"]),
        # Generated names.
        ("[testenv:{py,pypy}-{a,b}]\ncommands = one\n", "pypy-a", ["one"]),
        ("[testenv:{py,pypy}-{a,b}]\ncommands = one\n", "pypy-c", []),
        # Factors.
        ("[testenv]\ncommands =\n  pytest\n  release: twine\n", "release", ["pytest", "twine"]),
        ("[testenv]\ncommands =\n  pytest\n  release: twine\n", "py310", ["pytest"]),
        ("[testenv]\ncommands =\n  !release: pytest\n  a,b: twine\n", "b", ["pytest", "twine"]),
        ("[testenv]\ncommands =\n  !release: pytest\n  a-b: twine\n", "b", ["pytest"]),
        ("[testenv]\ncommands =\n  {a,c}-b: twine\n", "c-b", ["twine"]),
        ("[testenv:a]\ncommands = python -c 'x: y'\n", "a", ["python -c 'x: y'"]),
        # Marks, comments, continuations.
        ("[testenv:a]\ncommands =\n  - one\n  -two\n  ! three\n", "a", ["one", "two", "three"]),
        ("[testenv:a]\ncommands =\n  # no\n  one # no\n  two \\# x\n", "a", ["one", "two # x"]),
        ("[testenv:a]\ncommands =\n  twine \\\n    upload \\\n    x\n", "a", ["twine upload x"]),
        ("[testenv:a]\n; no\ncommands = one\n", "a", ["one"]),
        # Substitution.
        ("[testenv:a]\ncommands = one {posargs}\n", "a", ["one"]),
        ("[testenv:a]\ncommands = one {posargs:x y}\n", "a", ["one x y"]),
        ("[testenv:a]\ncommands = one {posargs:x y}\n", "a -- 'p q'", ["one 'p q'"]),
        ("[testenv:a]\ncommands = {env:X} {env:Y:z} {env:Z:}\n", "a", ["$X ${Y:-z} $Z"]),
        ("[testenv:a]\ncommands = {env:X:{posargs:y}}\n", "a", ["${X:-y}"]),
        ("[testenv:a]\ncommands = {envpython} {toxinidir}/x{/}y\n", "a", ["python ./x/y"]),
        ("[testenv:a]\nchangedir = b\ncommands = {tox_root}/x\n", "a", ["../x"]),
        ("[testenv:a]\ncommands = {distdir}/x {env_name}\n", "a", ["{distdir}/x a"]),
        ("[testenv:a]\ncommands = \\{x\\}\n", "a", ["{x}"]),
        ("[x]\ny = one\n  two\n[testenv:a]\ncommands = {[x]y}\n  three\n", "a", ["one", "two", "three"]),
        ("[x]\ny = b\n[testenv:a]\ncommands = twine {[x]y} z\n", "a", ["twine b z"]),
        ("[testenv:b]\nsetenv = x\n[testenv:a]\ncommands = {[testenv:b]set_env}\n", "a", ["x"]),
        ("[testenv:a]\ncommands = {[testenv:a]commands}\n", "a", ["{[testenv:a]commands}"]),
        ("[x]\n[testenv:a]\ncommands = a{[x]y}{[z]y}b\n", "a", ["ab"]),
        # Nothing of that shape.
        ("commands = a\n[testenv:a\n=\n:\n[]\n]\n", "a", []),
    ],
)  # fmt: skip
def test_tox_ini(ini: str, name: str, wanted: list[str]) -> None:
    assert said({"tox.ini": ini}, f"tox -e {name}") == wanted


def test_all_of_tox() -> None:
    ini = "[tox]\nenv_list = py{310,311}\n[testenv]\ncommands = {envname}\n[testenv:x]\ndeps =\n"
    assert said({"tox.ini": ini}, "tox") == ["py310", "py311"]
    assert said({"tox.ini": ini}, "tox -e ALL") == ["py310", "py311", "x"]


NATIVE = """\
env_list = ["a"]
[env_run_base]
commands = [["pytest", "x y"]]
[env.release]
set_env = { TWINE_PASSWORD = "{env:TOKEN}", OTHER = { replace = "env", name = "X" } }
change_dir = "sub"
commands_pre = [["rm", "-rf", "dist"]]
commands = [
  ["twine", "upload", "{posargs:dist/x}"],
  ["twine", { replace = "posargs", default = ["a", "b"], extend = true }],
  { replace = "ref", of = ["env_run_base", "commands"], extend = true },
]
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tox.toml", NATIVE),
        ("pyproject.toml", "[tool.tox]\n" + NATIVE.replace("[env", "[tool.tox.env")),
    ],
)
def test_tox_in_toml(name: str, text: str) -> None:
    before, commands = found({name: text}, "tox -e release")
    assert before.text.value == "rm -rf dist"
    assert commands.text.value.split("\n") == [
        "twine upload dist/x",
        "twine a b",
        "pytest 'x y'",
    ]
    assert commands.folder == "sub"
    assert variables(commands) == {"TWINE_PASSWORD": "$TOKEN", "OTHER": "$X"}
    line = text.split("\n").index("commands = [") + 1
    assert commands.text.place() == (line, 1)
    assert commands.text.place(0, 5) == (line + 1, 5)
    assert said({name: text}, "tox") == ["pytest 'x y'"]


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"setup.cfg": "[tox:tox]\n[testenv:a]\ncommands = twine\n"}, "tox -e a"),
        ({"x.ini": "[testenv:a]\ncommands = twine\n", "tox.ini": ""}, "tox -c x.ini -e a"),
        ({"x/tox.ini": "[testenv:a]\ncommands = twine\n", "tox.ini": ""}, "tox -c x -e a"),
        (
            {"pyproject.toml": "[tool.tox]\nlegacy_tox_ini='''\n[testenv:a]\ncommands = twine\n'''"},
            "tox -e a",
        ),
        ({"setup.cfg": "[x]", "pyproject.toml": "x", "tox.toml": "env.a.commands=['twine']"}, "tox -e a"),
    ],
)  # fmt: skip
def test_where_tox_is_configured(files: dict[str, str], command: str) -> None:
    (commands,) = found(files, command)
    assert commands.text.value == "twine"
    start, end = commands.text.start, commands.text.end
    assert "twine" in commands.text.file.text[start:end]


def test_tox_ini_written_with_escapes_in_toml() -> None:
    text = '[tool.tox]\nlegacy_tox_ini="[testenv:a]\\ncommands = twine"\n'
    (it,) = found({"pyproject.toml": text}, "tox -e a")
    assert (it.text.value, it.text.place()[0]) == ("twine", 2)


def test_what_tox_sets() -> None:
    ini = """\
[testenv]
setenv =
  TWINE_USERNAME = __token__
  TWINE_PASSWORD={env:TOKEN}
  release: ONLY = x
passenv = A B
  C,D*
[testenv:release]
commands = twine
[testenv:open]
setenv = {[testenv]setenv}
  MORE = 1
commands = twine
"""
    (one,) = found({"a/tox.ini": ini}, "tox -e release", "a/b")
    assert one.folder == "a"
    assert variables(one) == {
        "TWINE_USERNAME": "__token__",
        "TWINE_PASSWORD": "$TOKEN",
        "ONLY": "x",
    }
    assert one.variables[1].text.place() == (4, 3)
    (two,) = found({"a/tox.ini": ini}, "tox -e open", "a/b")
    assert "ONLY" not in variables(two)
    assert variables(two)["MORE"] == "1"


def test_places_in_tox_ini() -> None:
    ini = "[testenv:a]\ncommands =\n  echo twine\n  x: no\n  twine upload\n"
    (one,) = found({"tox.ini": ini}, "tox -e a")
    assert one.text.place() == (3, 3)
    assert one.text.place(one.text.value.rindex("twine"), 5) == (5, 3)


# nox


def session(body: str, head: str = "@nox.session", before: str = "") -> str:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    return f"import nox\n{before}\n{head}\ndef publish(session):\n{lines}"


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ('session.run("twine", "upload", "dist/*")', ["twine upload 'dist/*'"]),
        ('session.run("twine", external=True)', ["twine"]),
        ("session.run('a b', 'c\\'d', '')", ["'a b' 'c'\"'\"'d' ''"]),
        ('session.run_install("a", "b")\nsession.run_always("c")', ["a b", "c"]),
        ('session.install("twine")', []),
        ('args = ["twine", "upload"]\nsession.run(*args)', ["twine upload"]),
        ('args = ["a"]\nargs.append("b")\nargs += ["c"]\nargs.extend(("d",))\nsession.run(*args)', ["a b c d"]),
        ('args = ["a"]\nargs = ["b"]\nsession.run(*args)\nargs = ["c"]', ["b"]),
        ('session.run("a", *["b", *C], *x)', ["a b c1 c2 {x}"]),
        ('session.run("a", f"--x={y}", f"{D}/z", D)', ["a --x={y} deep/z deep"]),
        ('session.run("a", os.environ["T"], os.environ.get("U", ""), os.getenv("V"))', ["a $T $U $V"]),
        ('session.run("a", f"-p{os.environ[\'T\']}")', ["a -p$T"]),
        ('session.run("a", "b" + D, "c %s" % x, str(D), os.path.join(D, "e"))', ["a bdeep 'c %s' deep deep/e"]),
        ('session.run("a", E["k"], E["l"], E[0], Path("p") / "q")', ["a v {E} {E} p/q"]),
        ('session.run(sys.executable, "-m", "twine")', ["python -m twine"]),
        ('session.run(*"a b".split(), "c")', ["a b c"]),
        ('session.run("a" if x else "b", y or "c")', ["a {y}"]),
        ('session.run("a", x.y, x(), x[0], lambda: 0)', ["a {x.y} {x} {x} {...}"]),
        ('session.run(tool, "upload")', ["{tool} upload"]),
        ('subprocess.run(["a", "b"])\nsubprocess.run("c d", shell=True)', ["a b", "c d"]),
        ('if x:\n    for y in z:\n        session.run("a")', ["a"]),
        ('def inner():\n    session.run("a")\ninner()', ["a"]),
        ('helper(session, "x")', ["helped {y}"]),
        ('session.notify("other")\nsession.run("a")', ["a", "other"]),
        ('session.notify("publish")', []),
        ('session.run(A)', []),
        ('session.run("a", *session.posargs)', ["a"]),
    ],
)  # fmt: skip
def test_nox(body: str, wanted: list[str]) -> None:
    before = (
        'import os\nC = ["c1", "c2"]\nD = "deep"\nE = {"k": "v"}\nA = B\nB = A\n'
        'def helper(session, y):\n    session.run("helped", y)\n    helper(session, y)\n'
        '@nox.session\ndef other(session):\n    session.run("other")\n'
    )
    assert said({"noxfile.py": session(body, before=before)}, "nox -s publish") == wanted


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ("nox -s one", ["1"]),
        ("nox --session one", ["1"]),
        ("nox --sessions one two-2", ["1", "2"]),
        ("nox -e one,two-2", ["1", "2"]),
        ("nox -Rs one", ["1"]),
        ("nox -s one-3.12", ["1"]),
        ("nox -s 'one(x=1)'", ["1"]),
        ("nox -s two_2", ["2"]),
        ("nox -t release", ["2"]),
        ("nox -s three -- x 'y z'", ["3 x 'y z'"]),
        ("nox --noxfile other.py -s a", ["4"]),
        ("nox -f other.py", ["4"]),
        ("nox", ["3"]),
        ("nox -s no", []),
        ("nox -s plain", []),
    ],
)
def test_which_sessions_of_nox(command: str, wanted: list[str]) -> None:
    noxfile = """\
import nox
from nox import session
nox.options.sessions = ["three"]
@session
def one(session): session.run("1")
@nox.session(name="two-2", python=["3.10"], tags=["release"])
@nox.parametrize("x", [1])
def two(session, x): session.run("2")
if True:
    @nox.session()
    def three(session): session.run("3", *session.posargs)
def plain(session): session.run("5")
"""
    other = '@nox.session\ndef a(s): s.run("4")\n'
    assert said({"noxfile.py": noxfile, "other.py": other}, command) == wanted


def test_variables_and_places_of_nox() -> None:
    body = """\
env = {"TWINE_USERNAME": "__token__", **MORE}
session.env["ALL"] = "1"
"\u00e9"; session.run(
    "twine", "upload",
    env={"TWINE_PASSWORD": os.environ["TOKEN"]},
)
session.run("b", env=env)
session.run("c", env=dict(os.environ, X=y) | {"Z": "z"})
"""
    text = session(body, before='MORE = {"M": "m"}')
    one, two, three = found({"noxfile.py": text}, "nox -s publish")
    assert variables(one) == {"ALL": "1", "TWINE_PASSWORD": "$TOKEN"}
    password = one.variables[1].text
    assert password.file.text[password.start : password.end] == 'os.environ["TOKEN"]'
    assert text[one.text.start :].startswith("session.run(\n")
    assert text[: one.text.end].endswith("},\n    )")
    assert one.text.place(0, 5) == (8, 10)
    assert variables(two) == {"ALL": "1", "TWINE_USERNAME": "__token__", "M": "m"}
    assert variables(three) == {"ALL": "1", "X": "{y}", "Z": "z"}


# Scripts


@pytest.mark.parametrize(
    ("name", "command", "shell"),
    [
        ("ci/release.sh", "ci/release.sh", "sh"),
        ("ci/release.sh", "./ci/release.sh --all", "sh"),
        ("ci/release.sh", "bash ci/release.sh", "sh"),
        ("ci/release.sh", "bash -eux ./ci/../ci/release.sh x", "sh"),
        ("ci/release.sh", "bash -euo pipefail ci/release.sh", "sh"),
        ("ci/release.sh", "bash +x -o pipefail --noprofile ci/release.sh", "sh"),
        ("ci/release", "/bin/sh ci/release", "sh"),
        ("ci/release.sh", "source ci/release.sh", "sh"),
        ("ci/release.sh", ". ci/release.sh", "sh"),
        ("ci/release", "ci/release", "sh"),
        ("ci/release.sh", "$GITHUB_WORKSPACE/ci/release.sh", "sh"),
        ("ci/release.sh", "bash '${{ github.workspace }}/ci/release.sh'", "sh"),
        ("ci/release.sh", "'$(Build.SourcesDirectory)/ci/release.sh'", "sh"),
        ("ci/release.sh", "${CI_PROJECT_DIR}/ci/release.sh", "sh"),
        ("ci/release.sh", "$PWD/ci/release.sh", "sh"),
        ("ci/release.ps1", "pwsh ci/release.ps1", "pwsh"),
        ("ci/release.ps1", "pwsh -NoProfile -File ci/release.ps1", "pwsh"),
        ("ci/release.ps1", "powershell.exe -ExecutionPolicy Bypass '.\\ci\\release.ps1'", "pwsh"),
        ("ci/release.ps1", "./ci/release.ps1", "pwsh"),
        ("ci/release.bat", "cmd /c 'ci\\release.bat'", "cmd"),
        ("ci/release.cmd", "call ci/release.cmd", "cmd"),
        ("release.cmd", "release.cmd", "cmd"),
    ],
)
def test_scripts(name: str, command: str, shell: str) -> None:
    (it,) = found({name: UPLOAD}, command)
    assert (it.text.value, it.text.file.path, it.text.place()) == (UPLOAD, name, (1, 1))
    assert (it.shell, it.folder, it.variables) == (shell, "", [])


@pytest.mark.parametrize(
    ("line", "shell"),
    [
        ("#!/bin/bash -e", "sh"),
        ("#! /usr/bin/env -S bash -e", "sh"),
        ("#!/usr/bin/env X=y zsh", "sh"),
        ("#!/usr/bin/env pwsh", "pwsh"),
        ("#!/usr/bin/env node", "node"),
        ("#!", "sh"),
        ("#!/usr/bin/env", "sh"),
    ],
)
def test_what_a_script_says_that_it_is(line: str, shell: str) -> None:
    (it,) = found({"x.sh": line + "\na"}, "./x.sh")
    assert it.shell == shell


def test_a_script_is_looked_for_in_the_folder_and_runs_there() -> None:
    files = {"a/x.sh": "inner", "x.sh": "outer"}
    (it,) = found(files, "./x.sh", "a")
    assert (it.text.value, it.folder) == ("inner", "a")
    (it,) = found(files, "../x.sh", "a")
    assert (it.text.value, it.folder) == ("outer", "a")
    (it,) = found(files, "$GITHUB_WORKSPACE/x.sh", "a")
    assert (it.text.value, it.folder) == ("outer", "a")


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ('subprocess.run(["twine", "upload"], check=True)', ["twine upload"]),
        ('subprocess.check_call(("twine", "up load"))', ["twine 'up load'"]),
        ('subprocess.check_output("twine upload", shell=True)', ["twine upload"]),
        ('subprocess.Popen(args=["twine"])', ["twine"]),
        ('subprocess.run(shlex.split("twine upload"))', ["twine upload"]),
        ('subprocess.run("twine upload".split())', ["twine upload"]),
        ('os.system("twine upload")', ["twine upload"]),
        ("os.system(f\"twine -p {os.environ['T']} {x} a\")", ["twine -p $T {x} a"]),
        ('os.system("twine " + "upload " + x)', ["twine upload {x}"]),
        ('os.system(" ".join(["twine", "upload"]))', ["twine upload"]),
        ('run("twine", "upload")', ["twine upload"]),
        ('run("twine upload", 5)', ["twine upload"]),
        ('run(["twine"] + ["upload"])', ["twine upload"]),
        ('c.run("cd x && twine upload", pty=True)', ["cd x && twine upload"]),
        ('cmd = ["twine"]\ndef f():\n    check_call(cmd)', ["twine"]),
        ('class A:\n    def f(self):\n        self.run("twine")', ["twine"]),
        ("asyncio.run(main())", []),
        ("app.run()", []),
        ('print("twine upload")', []),
        ('os.system("a"', []),
        ("", []),
    ],
)
def test_python_scripts(code: str, wanted: list[str]) -> None:
    assert said({"ci/x.py": code}, "python ci/x.py") == wanted


@pytest.mark.parametrize(
    "command",
    [
        "python x.py",
        "python3 -u x.py --all",
        "python3.12 -W error x.py",
        "py x.py",
        "./x.py",
        "./y",
        "python -m pkg",
        "python -m pkg.tool",
    ],
)
def test_how_python_scripts_are_called(command: str) -> None:
    code = "#!/usr/bin/env python3\nimport os\nos.system('twine')\n"
    files = {"x.py": code, "y": code, "pkg/__main__.py": code, "pkg/tool.py": code}
    (it,) = found(files, command)
    assert (it.text.value, it.text.place(), it.shell) == ("twine", (3, 1), "sh")


def test_what_python_scripts_set() -> None:
    code = """\
import os, subprocess
os.environ["TWINE_PASSWORD"] = "secret"
def main():
    subprocess.run(["twine"], cwd="sub", env={**os.environ, "A": "b"})
    subprocess.run(["twine"], cwd="/x")
"""
    one, two = found({"x.py": code}, "python x.py")
    assert variables(one) == {"TWINE_PASSWORD": "secret", "A": "b"}
    assert (one.folder, two.folder) == ("sub", "")


# Make


@pytest.mark.parametrize(
    ("makefile", "command", "wanted"),
    [
        ("a:\n\tone\nb:\n\ttwo\n", "make", ["one"]),
        ("a:\n\tone\nb:\n\ttwo\n", "make b", ["two"]),
        ("a:\n\tone\nb:\n\ttwo\n", "make b a b", ["two", "one"]),
        ("a:\n\tone\nb:\n\ttwo\n", "make -s -j 4 b", ["two"]),
        ("a:\n\tone\nb:\n\ttwo\n", "make -j4 -- b", ["two"]),
        ("a:\n\tone\nb:\n\ttwo\n", "gmake --jobs=3 b", ["two"]),
        (".PHONY: b\n.x:\n\tno\na:\n\tone\n", "make", ["one"]),
        (".DEFAULT_GOAL := b\na:\n\tone\nb:\n\ttwo\n", "make", ["two"]),
        ("a: ; one\n", "make a", ["one"]),
        ("a b: x\n\t$@\nx:\n\tx\n", "make b", ["x", "b"]),
        ("a:\r\n\tone\r\n\ttwo\r\n", "make", ["one", "two"]),
        # What is needed runs first, once, in a circle or not.
        ("a: b c\n\tone\nb: c\n\ttwo\nc: a\n\tthree\n", "make a", ["three", "two", "one"]),
        ("a: | b\n\tone\nb:\n\ttwo\n", "make", ["two", "one"]),
        ("a: b # c\n\tone\nb:\n\ttwo\nc:\n\tno\n", "make", ["two", "one"]),
        ("a:: b\n\tone\nb:\n\ttwo\na::\n\tthree\n", "make", ["two", "one", "three"]),
        ("a: b\na:\n\tone\nb:\n\ttwo\n", "make", ["two", "one"]),
        ("a:\n\tone\na:\n\ttwo\n", "make", ["two"]),
        ("X = b\na: $(X)\n\tone\n$(X):\n\ttwo\n", "make", ["two", "one"]),
        # Marks before a line, lines that go on, comments between.
        ("a:\n\t@one\n\t-two\n\t@-+ three\n", "make", ["one", "two", "three"]),
        ("a:\n\tone \\\n\t  two\n", "make", ["one \\", "  two"]),
        ("a:\n\tone\n# x\n\n\ttwo\nifdef X\n\tthree\nendif\n", "make", ["one", "two", "three"]),
        ("a: \\\n  b\n\tone\nb:\n\ttwo\n", "make", ["two", "one"]),
        # Variables.
        ("X = x\na:\n\t$(X) ${X} $$X $$(pwd)\n", "make", ["x x $X $(pwd)"]),
        ("Z := z\nX ?= $(Z) # no\nX += w\na:\n\t$(X)\n", "make", ["z w"]),
        ("X = x\nX ?= y\na:\n\t$(X)\n", "make", ["x"]),
        ("a:\n\t$(X) ${Y}\nX = later\n", "make", ["later ${Y}"]),
        ("X = x\na:\n\t$(X)\n", "make a X=y", ["y"]),
        ("X = $(Y)\nY = $(X)\nX := $(X)\na:\n\tone\n", "make", ["one"]),
        ("X := $(shell git describe)\nY != id\na:\n\t$(X) $(Y)\n", "make", ["$(git describe) $(id)"]),
        ("a: b\n\t$(MAKE) -C $(CURDIR) $< $^\n", "make", ["make -C . b b"]),
        ("a:\n\t$(foreach x,$(y),z) $(wildcard d/*) $(x:.c=.o) $\n", "make", ["{...} d/* {...} $"]),
        ("a:\n\t$(open\n", "make", ["${open}"]),
        ("define X\na:\n\tno\nendef\nb:\n\tone\n", "make", ["one"]),
        ("%.o: %.c\n\tno\na:\n\tone\n", "make", ["one"]),
        ("a: X = y\na:\n\tone $(X)\n", "make", ["one y"]),
        ("X = 1\nall: a\n\na:\n\tone\n", "make", ["one"]),
        (".ONESHELL:\na:\n\tone\n\t@two\n", "make", ["one", "two"]),
        ("\tx\n:\n=\n::\na\n: b\n$(\n", "make", []),
    ],
)  # fmt: skip
def test_make(makefile: str, command: str, wanted: list[str]) -> None:
    assert said({"Makefile": makefile}, command) == wanted


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ("make", ["gnu"]),
        ("make -f Makefile", ["main", "sub"]),
        ("make --file=Makefile main", ["main"]),
        ("make -C sub", ["inner"]),
        ("make -Csub", ["inner"]),
        ("make --directory sub", ["inner"]),
        ("make -C sub -C ..", ["gnu"]),
        ("make -f nothing", []),
    ],
)
def test_which_makefile(command: str, wanted: list[str]) -> None:
    files = {
        "GNUmakefile": "a:\n\tgnu\n",
        "Makefile": "-include sub/x.mk nothing.mk ../y.mk\nmain:\n\tmain\n",
        "sub/x.mk": "include Makefile\nall: main\n\tsub\n",
        "sub/makefile": "a:\n\tinner\n",
    }
    assert said(files, command) == wanted


def test_what_make_exports() -> None:
    makefile = """\
export TWINE_USERNAME = __token__
TWINE_PASSWORD := $(TOKEN)
OTHER = x
export TWINE_PASSWORD UNKNOWN
a: export ONLY = 1
a:
	@twine upload \\
	  dist/*
b:
	two
"""
    (one,) = found({"sub/Makefile": makefile}, "make -C sub")
    assert one.folder == "sub"
    assert variables(one) == {
        "TWINE_USERNAME": "__token__",
        "TWINE_PASSWORD": "${TOKEN}",
        "ONLY": "1",
    }
    assert one.variables[-1].text.place() == (1, 25)
    assert one.text.place(0, 5) == (7, 3)
    assert one.text.place(one.text.value.index("dist"), 4) == (8, 4)
    (two,) = found({"Makefile": makefile}, "make b")
    assert "ONLY" not in variables(two)
    for everything in ("export\n", ".EXPORT_ALL_VARIABLES:\n"):
        (two,) = found({"Makefile": makefile + everything}, "make b")
        assert variables(two)["OTHER"] == "x"


@pytest.mark.skipif(not shutil.which("make"), reason="make is the oracle")
@pytest.mark.parametrize(
    "makefile",
    [
        "X = x y\nZ := $(X)\nX += z\na: b c\n\t@echo $(X) $(Z) $@ $<\nb c: d\n\t-$@\nd:\n\techo $$HOME\n",
        "a::\n\tone\na::\n\ttwo\n",
        "all: a b\na: b\n\techo a \\\n\t  b\nb: ; echo b # c\n",
        "X ?= x\nX ?= y\nY = $(X:x=z)\na:\n\techo $(X)\n# c\n\n\techo \"#\"\n",
        ".PHONY: a\na: X = 1\na:\n\techo '$(X)'\n\n\tinfo\n",
        "N = b\na: $(N)\n$(N):\n\techo ${N}\n\n.DEFAULT_GOAL = b\n",
        "X := a\nX := $(X)b\nX := $(X)c\nall:\n\techo $(X)$(X)\n",
        "a:\n\techo 1\nb:\n\techo 2\na:\n\techo 3\n",
    ],
)  # fmt: skip
def test_make_agrees(makefile: str, tmp_path: Path) -> None:
    tmp_path.joinpath("Makefile").write_text(makefile)
    done = subprocess.run(
        ["make", "-n"], cwd=tmp_path, capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"]}
    )  # fmt: skip
    ours = [" ".join(line.split()) for line in said({"Makefile": makefile}, "make")]
    assert ours == [" ".join(line.split()) for line in done.stdout.splitlines()]


# Just


@pytest.mark.parametrize(
    ("justfile", "command", "wanted"),
    [
        ("a:\n  one\nb:\n  two\n", "just", ["one"]),
        ("a:\n  one\nb:\n  two\n", "just b a", ["two", "one"]),
        ("a:\r\n    one\r\n    two\r\n", "just a", ["one", "two"]),
        ("@a:\n  @one\n  -two\n  @-three\n", "just a", ["one", "two", "three"]),
        ("a: b (c 'x') && d\n  one\nb:\n  2\nc y:\n  3\nd:\n  4\n", "just", ["2", "3", "4", "one"]),
        ("a: b\n  1\nb: a\n  2\n", "just a", ["2", "1"]),
        ("a x y='d' *z:\n  {{x}} {{ y }} {{z}}\n", "just a 1", ["1 d "]),
        ("a x y='d' *z:\n  {{x}} {{ y }} {{z}}\n", "just a 1 2 3 '4 5'", ["1 2 3 '4 5'"]),
        ("a x:\n  {{x}}\n", "just a", ["{x}"]),
        ("a x:\n  1 {{x}}\nb:\n  2\n", "just a 1 b", ["1 1", "2"]),
        ("x := 'lit'\ny := \"two\" + x\na:\n  {{x}} {{y}}\n", "just", ["lit twolit"]),
        ("x := 'lit'\na:\n  {{x}}\n", "just x=b a", ["b"]),
        ("x := 'lit'\na:\n  {{x}}\n", "just --set x b a", ["b"]),
        ("x := env_var('T')\na:\n  {{x}} {{env('U', '')}} {{env_var_or_default(\"V\", 'd')}}\n", "just", ["$T $U $V"]),
        ("x := `git describe`\na:\n  {{x}} {{arch()}} {{y}} {{ x / 'b' }}\n", "just", ["$(git describe) {...} {y} $(git describe)/b"]),
        ("x := y\ny := x\na:\n  {{x}}\n", "just", ["{x}"]),
        ("alias p := a\nb:\n  2\na:\n  1\n", "just p", ["1"]),
        ("import 'x.just'\nimport? 'no.just'\nb: c\n  2\n", "just b", ["3", "2"]),
        ("[private]\n[linux]\na:\n  1\n[windows]\na:\n  2\n", "just a", ["1", "2"]),
        ("a:\n  one \\\n    two\n\n  # three\n", "just", ["one \\", "  two", "# three"]),
        ("a:\n  #!/usr/bin/env bash\n  set -e\n  if x; then\n    {{y}}\n  fi\n", "just", ["#!/usr/bin/env bash", "set -e", "if x; then", "  {y}", "fi"]),
        ("a\n:\n  x\n[\n:=\n{{\n  y\n", "just", []),
    ],
)  # fmt: skip
def test_just(justfile: str, command: str, wanted: list[str]) -> None:
    assert said({"justfile": justfile, "x.just": "c:\n  3\n"}, command) == wanted


@pytest.mark.parametrize(
    ("name", "command", "folder"),
    [
        ("justfile", "just a", ""),
        ("Justfile", "just a", ""),
        (".justfile", "just a", ""),
        ("sub/justfile", "just a", "sub"),
        ("sub/justfile", "just a", "sub/deep"),
        ("x/y.just", "just -f x/y.just a", ""),
        ("x/y.just", "just --justfile=x/y.just -q a", ""),
    ],
)
def test_which_justfile(name: str, command: str, folder: str) -> None:
    (it,) = found({name: "a:\n    twine\n"}, command, folder)
    assert (it.text.value, it.text.place()) == ("twine", (2, 5))
    assert it.folder == os.path.dirname(name)


def test_what_just_sets() -> None:
    text = "export A := 'a'\nB := env('T')\nset shell := ['pwsh', '-c']\nx:\n  one\n"
    (it,) = found({"justfile": text}, "just")
    assert (variables(it), it.shell) == ({"A": "a"}, "pwsh")
    (it,) = found({"justfile": "set export\n" + text}, "just")
    assert variables(it) == {"A": "a", "B": "$T"}
    (it,) = found({"justfile": "a:\n  #!/usr/bin/env python3\n  print()\n"}, "just")
    assert it.shell == "python"


# What keeps its scripts in pyproject.toml


HATCH = """\
[tool.hatch.envs.default.scripts]
base = "shared {args:x}"
[tool.hatch.envs.release]
env-vars = { TWINE_USERNAME = "__token__" }
[tool.hatch.envs.release.scripts]
build = "python -m build"
publish = ["build", "- twine upload {env:REPO:main}", "base y"]
loop = ["loop", "loop2"]
loop2 = "loop"
[tool.hatch.envs.alone]
detached = true
"""


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        (
            "hatch run release:publish",
            ["python -m build", "twine upload ${REPO:-main}", "shared y"],
        ),
        ("hatch -e release run build", ["python -m build"]),
        ("hatch env run -e release build", ["python -m build"]),
        ("hatch -v run +py=3.12 release:build", ["python -m build"]),
        ("hatch run release:build -n", ["python -m build -n"]),
        ("hatch run base", ["shared x"]),
        ("hatch run release:base a 'b c'", ["shared a 'b c'"]),
        ("hatch run alone:base", []),
        ("hatch run release:pytest", []),
        ("hatch run nothing:publish", []),
    ],
)
def test_hatch(command: str, wanted: list[str]) -> None:
    assert said({"pyproject.toml": HATCH}, command) == wanted
    assert said({"hatch.toml": HATCH.replace("tool.hatch.", "")}, command) == wanted


def test_what_hatch_sets() -> None:
    (it,) = found({"pyproject.toml": HATCH}, "hatch run release:publish")
    assert variables(it) == {"TWINE_USERNAME": "__token__"}
    assert it.text.place() == (7, 1)
    assert it.text.place(it.text.value.index("twine"), 5) == (7, 24)
    assert said({"pyproject.toml": HATCH}, "hatch run release:loop")


PDM = """\
[tool.pdm.scripts]
_.env = { ALL = "1" }
text = "twine upload"
list.cmd = ["twine", "up load"]
word = { cmd = "twine {args:dist}", env = { A = "b" }, working_dir = "sub" }
shell = { shell = "a && b" }
call = { call = "mod:main" }
all = { composite = ["text -x", "echo 1", "all"], env = { C = "d" } }
pre_all = "before"
post_publish = "after"
"""


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ("pdm run text", ["twine upload"]),
        ("pdm text -s", ["twine upload -s"]),
        ("pdm run -p . text", ["twine upload"]),
        ("pdm run list", ["twine 'up load'"]),
        ("pdm run word", ["twine dist"]),
        ("pdm run word a", ["twine a"]),
        ("pdm run shell", ["a && b"]),
        ("pdm run call", []),
        ("pdm run all", ["before", "twine upload -x", "echo 1"]),
        ("pdm publish", ["after"]),
        ("pdm run _", []),
        ("pdm run pytest", []),
    ],
)
def test_pdm(command: str, wanted: list[str]) -> None:
    assert said({"pyproject.toml": PDM}, command) == wanted


def test_what_pdm_sets() -> None:
    (it,) = found({"pyproject.toml": PDM}, "pdm run word")
    assert (variables(it), it.folder, it.text.place()) == ({"ALL": "1", "A": "b"}, "sub", (5, 1))
    composite = found({"pyproject.toml": PDM}, "pdm run all")
    assert variables(composite[1]) == {"ALL": "1", "C": "d"}


POE = """\
[tool.poe]
env = { ALL = "1" }
[tool.poe.tasks]
text = "twine upload"
cmd = { cmd = "twine $X", env = { A = "b", B.default = "c" }, cwd = "sub" }
script = { script = "mod:main" }
list = ["text", { cmd = "echo" }, "script", "list"]
seq = { sequence = ["text -x", { shell = "a; b", interpreter = "pwsh" }], env = { S = "t" } }
ref = { ref = "text y" }
deps = { cmd = "last", deps = ["text"] }
args = { cmd = "twine $v", args = ["v"] }
"""


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ("poe text", ["twine upload"]),
        ("poe -q text dist", ["twine upload dist"]),
        ("poethepoet cmd", ["twine $X"]),
        ("poe script", []),
        ("poe list", ["twine upload", "echo"]),
        ("poe seq", ["twine upload -x", "a; b"]),
        ("poe ref", ["twine upload y"]),
        ("poe deps", ["twine upload", "last"]),
        ("poe args 1", ["twine $v"]),
        ("poe nothing", []),
    ],
)
def test_poe(command: str, wanted: list[str]) -> None:
    assert said({"pyproject.toml": POE}, command) == wanted
    assert said({"poe_tasks.toml": POE.replace("tool.poe", "x")}, command) == []
    plain = POE.replace("[tool.poe]\n", "").replace("tool.poe.", "")
    assert said({"x/poe_tasks.toml": plain}, command.replace(" ", " -C x ", 1)) == wanted


def test_what_poe_sets() -> None:
    (it,) = found({"pyproject.toml": POE}, "poe cmd")
    assert (variables(it), it.folder) == ({"ALL": "1", "A": "b", "B": "c"}, "sub")
    assert it.text.place() == (5, 9)
    one, two = found({"pyproject.toml": POE}, "poe seq")
    assert (one.shell, two.shell) == ("sh", "pwsh")
    assert variables(two) == {"ALL": "1", "S": "t"}
    assert two.text.place(0, 4) == (8, 43)


# Invoke, Task


INVOKE = """\
from invoke import task
@task
def build(c): c.run("python -m build")
@task(build, aliases=["up"], name="do_publish")
def publish(ctx, x=None):
    ctx.run(f"twine upload {x} dist/*")
@task(pre=[build, publish])
def all(c): pass
def plain(c): c.run("no")
"""


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ("invoke build", ["python -m build"]),
        ("inv -e publish --x y", ["python -m build", "twine upload {x} dist/*"]),
        ("inv do-publish", ["python -m build", "twine upload {x} dist/*"]),
        ("inv up build", ["python -m build", "twine upload {x} dist/*"]),
        ("inv ns.build", ["python -m build"]),
        ("inv all", ["python -m build", "twine upload {x} dist/*"]),
        ("inv plain", []),
        ("inv -c other a", ["a"]),
        ("inv -r sub b", ["b"]),
    ],
)
def test_invoke(command: str, wanted: list[str]) -> None:
    files = {
        "tasks.py": INVOKE,
        "other.py": "@task\ndef a(c): c.run('a')\n",
        "sub/tasks.py": "@task\ndef b(c): c.run('b')\n",
    }
    assert said(files, command) == wanted


TASKFILE = """\
version: 3
env: {GLOBAL: g}
vars:
  TOOL: twine
  TAG: {sh: git describe}
tasks:
  default: [echo default]
  build: python -m build
  publish:
    dir: sub
    deps: [build]
    env: {TWINE_PASSWORD: "{{.TOKEN}}"}
    vars: {NAME: n}
    cmds:
      - "{{.TOOL}} upload {{ .NAME }} {{.TAG}} {{.CLI_ARGS}}"
      - cmd: "echo {{.TOKEN}} {{if .X}}y{{end}}"
      - task: called
        vars: {V: "{{.NAME}}"}
      - defer: cleanup
      - task: publish
  called: {cmd: "called {{.V}}"}
"""


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ("task", ["echo default"]),
        ("task build", ["python -m build"]),
        ("task build default", ["python -m build", "echo default"]),
        (
            "task -s publish NAME=m -- x 'y z'",
            [
                "python -m build",
                "twine upload m $(git describe) x 'y z'",
                "echo $TOKEN {...}y{...}",
                "called m",
                "cleanup",
            ],
        ),
        ("task called", ["called $V"]),
        ("task -d x", ["other"]),
        ("task --taskfile x/Taskfile.yaml", ["other"]),
    ],
)
def test_task(command: str, wanted: list[str]) -> None:
    files = {"Taskfile.yml": TASKFILE, "x/Taskfile.yaml": "tasks: {default: other}"}
    assert said(files, command) == wanted


def test_what_task_sets() -> None:
    _, it, *_ = found({"Taskfile.yml": TASKFILE}, "task publish")
    assert it.folder == "sub"
    assert variables(it) == {"GLOBAL": "g", "TWINE_PASSWORD": "$TOKEN"}
    assert it.text.place() == (15, 9)


# What must not be read, and what must not take long


RUNNERS = {
    "tox -e a": "tox.ini",
    "tox": "tox.toml",
    "nox -s a": "noxfile.py",
    "make a": "Makefile",
    "just a": "justfile",
    "inv a": "tasks.py",
    "task a": "Taskfile.yml",
    "poe a": "pyproject.toml",
    "hatch run a": "pyproject.toml",
    "pdm run a": "pyproject.toml",
    "python x.py": "x.py",
    "bash x.sh": "x.sh",
}


def test_only_what_is_tracked_and_inside_is_read(
    make_repository: MakeRepository, tmp_path: Path
) -> None:
    write(tmp_path, {"outside.sh": "out"})
    top = make_repository({"a.sh": "in", "binary.sh": b"\xff\xfe\x00", "gone.sh": "x"})
    write(top, {"untracked.sh": "no"})
    (top / "gone.sh").unlink()
    (top / "link.sh").symlink_to(tmp_path / "outside.sh")
    (top / "inner.sh").symlink_to("a.sh")
    git(top, "add", "link.sh", "inner.sh")
    for name, wanted in {
        "a.sh": ["in"],
        "inner.sh": ["in"],
        "link.sh": [],
        "binary.sh": [],
        "gone.sh": [],
        "untracked.sh": [],
        "../outside.sh": [],
    }.items():
        lines = tasks.followed(["bash", name], "", Repository())
        assert [it.text.value for it in lines] == wanted, name


def test_without_git_nothing_is_followed(tmp_path: Path) -> None:
    write(tmp_path, {"a.sh": "in"})
    assert tasks.followed(["bash", "a.sh"], "", Repository(str(tmp_path))) == []


def test_nothing_is_imported_for_a_command_that_is_no_runner() -> None:
    code = (
        "import sys; from tenterhooks.formats import tasks; before = set(sys.modules);"
        "assert tasks.followed(['twine', 'upload', 'a/b'], '', None) == [];"
        "assert set(sys.modules) == before;"
        "assert not {'ast', 'tomli', 'ruamel'} & before"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": str(Path(tasks.__file__).parents[3])})  # fmt: skip


N = 20_000


@pytest.mark.parametrize(
    ("command", "name", "text"),
    [
        ("tox -e a", "tox.ini", "".join(f"[s{n}]\nk = " + f"{{[s{n + 1}]k}}" * 9 + "\n" for n in range(30)) + "[testenv:a]\ncommands = {[s0]k}\n"),
        ("tox -e a", "tox.ini", "[testenv:a]\ncommands = " + "{" * N + "}" * N),
        ("tox -e a", "tox.ini", "[testenv:a]\ncommands = " + "{env:" * N),
        ("tox -e a", "tox.ini", "[testenv:a]\ncommands =\n" + "  a,b-c\\\n" * N),
        ("tox", "tox.ini", "[tox]\nenvlist = " + "{a,b}" * N),
        ("tox -e a", "tox.ini", "".join(f"[testenv:{'{a,b}' * 9}{n}]\n" for n in range(500))),
        ("tox -e a", "tox.toml", "env.a.commands=[" + "{replace='ref',of=['env','a','commands'],extend=true}," * 50 + "]"),
        ("make a", "Makefile", "".join(f"X{n} = {f'$(X{n + 1})' * 9}\n" for n in range(30)) + "a:\n\t$(X0)\n"),
        ("make a", "Makefile", "X = a\n" + "X += $(X)\n" * 40 + "a:\n\t$(X)\n"),
        ("make a", "Makefile", "X := aa\n" + "X := $(X)$(X)\n" * 40 + "a:\n\t$(X)\n"),
        ("make a", "Makefile", "a:\n\t" + "$(" * N),
        ("make a", "Makefile", "$(" * N + ":\n\tx\n"),
        ("make a", "Makefile", "".join(f"a{n}: a{n + 1}\n\tx\n" for n in range(N)) + "a: a0\n"),
        ("make a", "Makefile", "".join(f"a{n} " for n in range(N)) + ":\n" + "\tx\n" * N + "a: a1\n"),
        ("make a", "Makefile", "include Makefile\n" * N + "a:\n"),
        ("just a", "justfile", "".join(f"x{n} := x{n + 1} + x{n + 1}\n" for n in range(50)) + "a:\n  {{x0}}\n"),
        ("just a", "justfile", "a " + "x='" * N + ":\n  x\n"),
        ("just a", "justfile", "a: " + "(" * N + "\n  {{" + "{{" * N + "'\"" * N + "\n"),
        ("just a", "justfile", "".join(f"a{n}: a{n + 1}\n  x\n" for n in range(N)) + "a: a0\n"),
        ("nox -s a", "noxfile.py", "".join(f"x{n} = x{n + 1} + x{n + 1}\n" for n in range(50)) + "@session\ndef a(s): s.run(x0, *x0)\n"),
        ("nox -s a", "noxfile.py", "x=[]\n" + "x += x\n" * 5000 + "@session\ndef a(s):\n" + "  s.run(*x)\n" * 300),
        ("nox -s a", "noxfile.py", "@session\ndef a(s): s.run(" + "(" * N + "\n"),
        ("nox -s a", "noxfile.py", "@session\ndef a(s): s.run('a'" + "+'a'" * 5000 + ")\n"),
        ("nox -s a", "noxfile.py", "@session\ndef a(s): s.run('a', env=e)\ne = e | e\n"),
        ("python x.py", "x.py", "".join(f"{' ' * n}def f():\n" for n in range(99)) + " " * 99 + "run('a')"),
        ("python x.py", "x.py", "run(" + ".x" * 5000 + ")\nrun(x" + ".x" * 5000 + ")"),
        ("inv a", "tasks.py", "".join(f"@task(a{n + 1})\ndef a{n}(c): c.run('x')\n" for n in range(3000)) + "@task(a0)\ndef a(c): pass\n"),
        ("task a", "Taskfile.yml", "tasks: {a: {deps: [" + "a," * N + "], cmds: [" + "{task: a}," * 999 + "]}}"),
        ("task a", "Taskfile.yml", "vars: {A: '" + "{{.A}}" * 99 + "'}\ntasks: {a: '" + "{{.A}}" * 99 + "'}"),
        ("poe a", "pyproject.toml", "[tool.poe.tasks]\na = [" + "'a'," * N + "]"),
        ("pdm a", "pyproject.toml", "[tool.pdm.scripts]\na.composite = [" + "'a'," * N + "]"),
        ("hatch run a", "pyproject.toml", "[tool.hatch.envs.default.scripts]\n" + "".join(f"a{n} = [{f'{chr(39)}a{n + 1}{chr(39)},' * 9}]\n" for n in range(20)) + "a='a0'"),
    ],
)  # fmt: skip
def test_hostile_files_are_bounded(command: str, name: str, text: str) -> None:
    everything = found({name: text}, command)
    assert len(everything) <= tasks.MAX_COMMANDS
    assert sum(len(it.text.value) for it in everything) < 5_000_000


SHAPES = st.text("abc[]{}()$:=\\\"'#@-+*%!,;. \t\n", max_size=60)


@given(st.sampled_from(sorted(RUNNERS)), SHAPES, SHAPES)
def test_any_text_is_survived(command: str, one: str, two: str) -> None:
    name = RUNNERS[command]
    heads = {
        "tox.ini": "[testenv:a]\ncommands = ",
        "tox.toml": "env.a.commands = ",
        "noxfile.py": "@session\ndef a(s): s.run(",
        "tasks.py": "@task\ndef a(s): s.run(",
        "Makefile": "a:\n\t",
        "justfile": "a:\n  ",
        "Taskfile.yml": "tasks:\n  a: ",
    }
    for it in found({name: one + "\n" + heads.get(name, "") + two}, command):
        assert 0 <= it.text.start <= it.text.end <= len(it.text.file.text)
        assert it.text.place() >= (1, 1)
        for variable in it.variables:
            assert variable.text.place() >= (1, 1)


@given(st.lists(st.text(max_size=8), max_size=6), st.sampled_from(sorted(RUNNERS)))
def test_any_command_line_is_survived(words: list[str], command: str) -> None:
    files = dict.fromkeys(RUNNERS.values(), "a: b\n")
    tasks.followed([command.split(maxsplit=1)[0], *words], "", repository(files))
    tasks.followed(words, "", repository(files))


@pytest.mark.parametrize(
    ("files", "commands"),
    [
        (
            {"Makefile": "X = y\na:\n\tone $(X)\nb:\n\ttwo $(X)\n"},
            ["make a", "make b X=z", "make b"],
        ),
        ({"justfile": "x := 'y'\na:\n  one {{x}}\nb:\n  two {{x}}\n"}, ["just x=z a", "just b"]),
    ],
)
def test_a_file_that_is_asked_again(files: dict[str, str], commands: list[str]) -> None:
    same = repository(files)
    for command in commands:
        again = [it.text.value for it in tasks.followed(shlex.split(command), "", same)]
        assert again == [it.text.value for it in found(files, command)]
        assert again
