"""The hook as people run it: what it looks at, what it tells, and what it never lets pass."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bandit_oracle import bandit
from conftest import Hook, MakeRepository, git, write

from tenterhooks.bandit import installed, loading
from tenterhooks.bandit.settings import NOT_IN_TESTS

Files = dict[str, str | bytes]

SHELL = 'import subprocess  # nosec B404\nsubprocess.call("/x", shell=True)\n'
SAID = (
    "a.py:2:1: B602 subprocess call with shell=True seems safe, but may be changed in the future, "
    "consider rewriting without shell (low severity, high confidence)\n"
    "    fix: mend it, see https://bandit.readthedocs.io/en/1.9.4/plugins/"
    "b602_subprocess_popen_with_shell_equals_true.html; where it is meant to be so: # nosec B602, "
    "and why\n"
)


def places(out: str) -> list[str]:
    """``path:line rule`` of each finding."""
    found = [line for line in out.splitlines() if not line.startswith(" ")]
    return [f"{p}:{n} {rest.split()[0]}" for p, n, _, rest in (it.split(":", 3) for it in found)]


def test_one_line_with_id_and_link(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({"a.py": SHELL})
    assert hook("bandit") == (1, SAID, "")
    assert hook("bandit", "a.py") == (1, SAID, "")


@pytest.mark.parametrize("form", ["json", "github", "gitlab", "sarif"])
def test_every_form_names_the_test_of_bandit(
    form: str, make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({"a.py": SHELL})
    result = hook("bandit", "--format", form)
    assert result.code == 1
    assert "B602" in result.out
    if form == "sarif":
        (run,) = json.loads(result.out)["runs"]
        (found,) = run["results"]
        assert run["tool"]["driver"]["rules"][found["ruleIndex"]]["id"] == "B602"


def test_a_folder_stands_for_what_is_in_it(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({"src/a.py": SHELL, "src/LICENSE": "MIT\n", "b.py": SHELL})
    assert places(hook("bandit", "src").out) == ["src/a.py:2 B602"]
    assert places(hook("bandit", ".").out) == ["b.py:2 B602", "src/a.py:2 B602"]


def test_nothing_to_say(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({"a.py": "x = 1\n"})
    assert hook("bandit") == (0, "", "")
    assert hook("bandit", "--format", "json") == (0, "[]\n", "")


@pytest.mark.parametrize(
    ("path", "content", "is_checked"),
    [
        ("a.py", "exec(x)\n", True),
        ("a.pyw", "exec(x)\n", True),
        ("x/app.wsgi", "exec(x)\n", True),
        ("run", "#!/usr/bin/env python3\nexec(x)\n", True),
        ("run", "#!/usr/bin/python\nexec(x)\n", True),
        ("run", "#! /usr/bin/env -S uv run --script\nexec(x)\n", True),
        ("run", "#!/usr/bin/pypy3.10\nexec(x)\n", True),
        ("run", "#!/bin/sh\nexec(x)\n", False),
        ("run", "exec(x)\n", False),
        ("Makefile", "python:\n", False),
        ("weights", b"#!\0\xff", False),
        ("a.pyi", "exec(x)\n", False),
        ("a.txt", "exec(x)\n", False),
    ],
)
def test_what_is_python(
    path: str, content: str | bytes, is_checked: bool, make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({path: content})
    assert hook("bandit").rules == (["B102"] if is_checked else [])


def test_a_file_named_by_somebody_is_python(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({"a.txt": "exec(x)\n", "LICENSE": "MIT\n"})
    assert hook("bandit", "a.txt", "LICENSE").rules == ["B102"]


@pytest.mark.parametrize(
    ("content", "rules"),
    [
        ("import os; exec('x')\n", ["TH113"]),
        ("# import x\n./lib\n", []),
        (b"PK\0import x\n", []),
    ],
)
def test_lines_of_pth_files_that_run(
    content: str | bytes, rules: list[str], make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({"x.pth": content})
    assert hook("bandit").rules == rules
    assert hook("bandit", "--skips", "TH113").rules == []


BROKEN = {
    "syntax.py": b"def f(:\n",
    "newer.py": b"type X[T = int] = int\n" if sys.version_info < (3, 13) else b"x = = 1\n",
    "latin.py": b"x = '\xe9'\n",
    "codec.py": b"# coding: martian\n",
    "null.py": b"x = 1\0\n",
    "deep.py": b"x = " + b"(" * 400 + b")" * 400 + b"\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_checked_never_passes(
    name: str, make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({name: BROKEN[name], "z.py": "exec(x)\n"})
    result = hook("bandit")
    assert result.code == 1
    assert [place.split(":")[0] for place in places(result.out)] == [name, "z.py"]
    assert result.rules[0] in ("invalid-file", "unchecked-file")
    assert "is not checked by Bandit: " in result.lines[0]
    # Bandit's own hook lets it pass.
    assert "z.py" in str(bandit(Path.cwd(), name, "z.py")["results"])


def test_a_deep_expression_hides_nothing(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({"a.py": "x = " + "1 + " * 3000 + "1\nexec(x)\n"})
    # Python's own parser has a limit from 3.12 on.
    assert hook("bandit").rules in (["B102"], ["unchecked-file"])


def test_a_file_that_cannot_be_read(make_repository: MakeRepository, hook: Hook) -> None:
    top = make_repository({"b.py": "exec(x)\n"})
    (top / "a.py").symlink_to("nowhere.py")
    assert hook("bandit", "a.py", "b.py").rules == ["unreadable-file", "B102"]


def plugin(folder: Path, code: str) -> Path:
    """A distribution beside ours that declares the plugin ``code``, of the id X100."""
    write(
        folder,
        {
            "strange.py": "from bandit.core import test_properties as test\n"
            "from bandit.core import issue\n\n\n"
            "@test.checks('Call')\n@test.test_id('X100')\n"
            f"def strange_thing(context):\n    {code}\n",
            "strange-1.dist-info/METADATA": "Name: strange\nVersion: 1\n",
            "strange-1.dist-info/entry_points.txt": (
                "[bandit.plugins]\nstrange_thing = strange:strange_thing\n"
            ),
        },
    )
    return folder


def started(plugins: Path, *arguments: str) -> tuple[int, str, str]:
    """The hook as a process of its own, with a folder of plugins on its path."""
    code = (
        f"import sys; sys.path.insert(0, {str(plugins)!r})\n"
        "from tenterhooks.bandit import main; sys.exit(main())"
    )
    command = [sys.executable, "-I", "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    return done.returncode, done.stdout, done.stderr


def test_plugins_of_others(make_repository: MakeRepository, tmp_path: Path) -> None:
    make_repository({"a.py": "exec(x)\n"})
    text = "return issue.Issue('HIGH', 94, 'LOW', text='is strange')"
    folder = plugin(tmp_path / "plugins", text)
    code, out, err = started(folder)
    assert (code, err) == (1, "")
    assert "a.py:1:1: X100 is strange (high severity, low confidence)\n" in out
    assert started(folder, "--tests", "strange_thing")[1].count("\n") == 2
    assert started(folder, "--skips", "X100,B102") == (0, "", "")
    assert started(folder, "--ignore", "X100", "--ignore", "B102") == (0, "", "")


def test_a_plugin_that_does_not_import_is_an_error(
    make_repository: MakeRepository, tmp_path: Path
) -> None:
    make_repository({"a.py": "x = 1\n"})
    folder = plugin(tmp_path / "plugins", "pass")
    write(folder, {"strange.py": "import martian\n"})
    code, out, err = started(folder)
    assert (code, out) == (2, "")
    assert "the Bandit plugin strange_thing of strange-1 (strange) cannot be loaded" in err
    assert "No module named 'martian'" in err


def test_a_plugin_that_crashes_is_told_with_what_was_found(
    make_repository: MakeRepository, tmp_path: Path
) -> None:
    make_repository({"a.py": "exec(x)\n"})
    code, out, err = started(plugin(tmp_path / "plugins", "return 1 / 0"))
    assert (code, err) == (1, "")
    assert places(out) == ["a.py:1 B102", "a.py:1 unchecked-file"]
    assert "X100 (strange_thing) crashed: ZeroDivisionError" in out


def test_bandit_is_not_there(
    make_repository: MakeRepository, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_repository({"a.py": "exec(x)\n", "b.yaml": ""})
    monkeypatch.setattr(installed, "sys", SimpleNamespace(path=[]))
    wanted = "Bandit is not installed: install tenterhooks[bandit]\n"
    assert hook("bandit") == (2, "", f"bandit: error: {wanted}")
    together = hook("tenterhooks", "--select", "bandit")
    assert together == (2, "", f"tenterhooks: error: bandit: {wanted}")
    others = hook("tenterhooks", "--ignore", "missing-security-policy")
    assert others == (0, "", "")


def test_another_version_is_said(
    make_repository: MakeRepository, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_repository({"a.py": SHELL})
    monkeypatch.setattr(loading, "PROVED", "1.9.3")
    code, out, err = hook("bandit")
    assert (code, out) == (1, SAID)
    assert err.startswith("bandit: note: Bandit 1.9.4 is installed, not 1.9.3: its own manager")


CHANGED: list[tuple[Files, list[str], list[str]]] = [
    # What is staged on top of what is committed, options, and what is told.
    ({}, [], []),
    ({"a.py": SHELL + "x = 1\n"}, [], []),
    ({"a.py": SHELL + "exec(x)\n"}, [], ["a.py:3 B102"]),
    ({"a.py": SHELL.replace("/x", "/y")}, [], ["a.py:2 B602"]),
    ({"b.py": SHELL}, [], ["b.py:2 B602"]),
    ({"a.py": SHELL + "exec(x)\n"}, ["--skips", "B102"], []),
    ({"a.py": SHELL.replace("# nosec B404", "# nosec B404, B102")}, [], ["a.py:1 unused-nosec"]),
    ({"a.py": "def f(:\n"}, [], ["a.py:1 invalid-file"]),
]


@pytest.mark.parametrize(("files", "options", "told"), CHANGED)
def test_changed_lines(
    files: Files, options: list[str], told: list[str], make_repository: MakeRepository, hook: Hook
) -> None:
    top = make_repository({"a.py": SHELL})
    write(top, files)
    git(top, "add", "--all")
    assert places(hook("bandit", "--changed-lines", *options).out) == told


def test_changed_lines_between_commits(
    make_repository: MakeRepository, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = make_repository({"a.py": SHELL})
    write(top, {"a.py": SHELL + "exec(x)\n"})
    git(top, "commit", "--quiet", "--all", "--message", "more")
    assert hook("bandit", "--changed-lines").out == ""
    told = ["a.py:3 B102"]
    assert places(hook("bandit", "--from-ref", "HEAD~1").out) == told
    assert places(hook("bandit", "--from-ref", "HEAD~1", "--to-ref", "HEAD").out) == told
    assert hook("bandit", "--to-ref", "HEAD").code == 2
    assert hook("bandit", "--from-ref", "nowhere").code == 2
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "HEAD~1")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
    assert places(hook("bandit", "--changed-lines").out) == told


def test_a_baseline(make_repository: MakeRepository, hook: Hook) -> None:
    top = make_repository({"a.py": SHELL, "b.py": "exec(x)\n"})
    options = ("--baseline", "known.json")
    assert hook("bandit", *options).code == 2
    written = hook("bandit", *options, "--write-baseline")
    assert written == (0, "", "bandit: note: known.json knows 2 findings\n")
    assert hook("bandit", *options) == (0, "", "")
    # A second hole of the kind is new, although Bandit's own baseline knows its like.
    write(top, {"a.py": SHELL + 'subprocess.call("/x", shell=True)\n'})
    assert places(hook("bandit", *options).out) == ["a.py:3 B602"]
    write(top, {"a.py": "x = 1\n"})
    assert places(hook("bandit", *options).out) == ["known.json:2 stale-baseline"]
    # Nothing is known of a file that was not looked at.
    assert hook("bandit", *options, "b.py") == (0, "", "")
    assert hook("bandit", *options, "--fix").code == 1
    assert hook("bandit", *options) == (0, "", "")
    assert list(json.loads((top / "known.json").read_text())) == [
        next(key for key in json.loads((top / "known.json").read_text()) if "b.py" in key),
        "version",
    ]


def test_a_baseline_of_bandit_is_read(make_repository: MakeRepository, hook: Hook) -> None:
    top = make_repository({"a.py": SHELL, "x/b.py": "exec(x)\n"})
    flags = [sys.executable, "-I", "-m", "bandit", "-q", "-r", ".", "-f", "json", "-o", "b.json"]
    subprocess.run(flags, check=False, cwd=top, capture_output=True)
    assert hook("bandit", "--baseline", "b.json") == (0, "", "")
    write(top, {"a.py": SHELL + "exec(x)\n"})
    assert places(hook("bandit", "--baseline", "b.json").out) == ["a.py:3 B102"]
    done = hook("bandit", "--baseline", "b.json", "--write-baseline")
    assert done == (0, "", "bandit: note: b.json knows 3 findings\n")
    assert hook("bandit", "--baseline", "b.json") == (0, "", "")


def test_what_is_broken_is_told_while_a_baseline_is_written(
    make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({"a.py": "exec(x)\n", "b.py": "def f(:\n"})
    result = hook("bandit", "--baseline", "k.json", "--write-baseline")
    assert (result.code, result.rules) == (1, ["invalid-file"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--write-baseline"], "--baseline says no file to write to"),
        (["--baseline", "none.json"], "none.json:1:1: cannot be opened"),
        (["--jobs", "0"], "--jobs: must be 1 to 64"),
        (["--jobs", "x"], "argument --jobs: invalid int value: 'x'"),
        (["--tests", "B9999"], "--tests: unknown test B9999"),
        (["--skips", "b101"], "did you mean B101?"),
        (["--per-file-ignores", "B101"], "must be a pattern, a colon, and tests"),
        (["--severity-level", "hihg"], "--severity-level: must be all, low, medium or high"),
        (["--profile", "x"], "option profile: x: unknown profile"),
        (["--bandit-config", "x.yaml"], "x.yaml:1:1: cannot be opened"),
        (["--ignore", "B9999"], "unknown rule"),
        (["--select", "TH999"], "unknown rule"),
    ],
)
def test_mistakes(
    options: list[str], said: str, make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({"a.py": "x = 1\n"})
    result = hook("bandit", *options)
    assert (result.code, result.out) == (2, "")
    assert said in result.err


@pytest.mark.parametrize(
    ("files", "options", "rules"),
    [
        ({"pyproject.toml": '[tool.bandit]\nskips = ["B602"]\n'}, [], []),
        ({".bandit": "[bandit]\nskips = B602\n"}, [], []),
        ({"bandit.yaml": "skips: [B602]\n"}, [], []),
        ({"x.yaml": "skips: [B602]\n"}, ["--bandit-config", "x.yaml"], []),
        ({"pyproject.toml": '[tool.bandit]\nexclude_dirs = ["src"]\n'}, [], []),
        ({"pyproject.toml": '[tool.bandit]\nexclude_dirs = ["./src/"]\n'}, [], []),
        ({"pyproject.toml": '[tool.bandit]\nexclude_dirs = ["sr"]\n'}, [], ["B602"]),
        ({"pyproject.toml": '[tool.tenterhooks.bandit]\nskips = ["B602"]\n'}, [], []),
        ({"pyproject.toml": '[tool.tenterhooks.bandit]\nignore = ["B602"]\n'}, [], []),
        ({"pyproject.toml": "[tool.tenterhooks.bandit]\njobs = 2\n"}, [], ["B602"]),
        (
            {"pyproject.toml": '[tool.tenterhooks.bandit]\nper-file-ignores = ["src:B602"]\n'},
            [],
            [],
        ),
        ({}, ["--severity-level", "medium"], []),
        ({}, ["--confidence-level", "high"], ["B602"]),
        ({}, ["--tests", "B602"], ["B602"]),
        ({}, ["--tests", "B603"], []),
        ({}, ["--exclude", "src/**"], []),
        ({}, ["--ignore-nosec"], ["B404", "B602"]),
        ({}, ["--no-cache", "--jobs", "2"], ["B602"]),
    ],
)
def test_configured_as_people_expect(
    files: Files, options: list[str], rules: list[str], make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({**files, "src/a.py": SHELL})
    assert hook("bandit", *options).rules == rules


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[tool.bandit]\nskpis = ["B101"]\n', "pyproject.toml:2:1: skpis: unknown key; did you"),
        ('[tool.bandit]\nskips = ["B10"]\n', "pyproject.toml:2:10: skips: unknown test B10"),
        ('[tool.bandit]\nexclude_dirs = "tests"\n', "must be a list of strings"),
        ('[tool.bandit]\nexclude_dirs = ["."]\n', "'.' would leave nothing to check"),
        ("[tool.bandit\n", "pyproject.toml:1:13: "),
        ("[tool.tenterhooks.bandit]\njobs = true\n", "must be a whole number"),
        ('[tool.tenterhooks.bandit]\nskips = ["B10"]\n', "unknown test B10"),
    ],
)
def test_wrong_configuration_is_an_error(
    text: str, said: str, make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({"pyproject.toml": text, "a.py": "x = 1\n"})
    result = hook("bandit")
    assert (result.code, result.out) == (2, "")
    assert said in result.err


IN_TESTS = 'import requests\nassert x\nrequests.get("https://x", verify=False, timeout=1)\n'


def test_what_is_right_in_tests(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({"tests/test_a.py": IN_TESTS, "a.py": IN_TESTS})
    told = hook("bandit", "a.py").rules
    assert "B101" in told
    assert hook("bandit", "tests/test_a.py").rules == [it for it in told if it not in NOT_IN_TESTS]
    assert hook("bandit", "--all-in-tests", "tests/test_a.py").rules == told


NOSEC = "import subprocess  # nosec B404,B603\nx = 1  # nosec\ny = 2  # nosec B999\n"


def test_nosec_comments_are_held_to_what_they_claim(
    make_repository: MakeRepository, hook: Hook
) -> None:
    top = make_repository({"a.py": NOSEC})
    assert places(hook("bandit").out) == [
        "a.py:1 B404",
        "a.py:1 unknown-nosec",
        "a.py:1 unused-nosec",
        "a.py:2 unused-nosec",
        "a.py:3 unknown-nosec",
    ]
    assert "a.py:2 blanket-nosec" in places(hook("bandit", "--select", "blanket-nosec").out)
    assert hook("bandit", "--fix").code == 1
    assert "x = 1\n" in (top / "a.py").read_text()
    assert hook("bandit", "--ignore-nosec").rules == ["B404"]


def test_ignore_comments_work_for_tests_of_bandit(
    make_repository: MakeRepository, hook: Hook
) -> None:
    line = "exec(x)  # tenterhooks: ignore[B102] it is ours\n"
    make_repository({"a.py": line, "SECURITY.md": "Write to security@example.org.\n"})
    assert hook("bandit") == (0, "", "")
    assert hook("tenterhooks", "--select", "bandit") == (0, "", "")
    write(Path.cwd(), {"a.py": line.replace("exec(x)", "x = 1")})
    assert hook("tenterhooks", "--select", "bandit") == (0, "", "")


def test_all_practices_together(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({"a.py": SHELL, "x.txt": ""})
    assert sorted(hook("tenterhooks").rules) == ["B602", "missing-security-policy"]


@pytest.mark.slow
def test_the_same_findings_as_bandit_on_many_files(
    make_repository: MakeRepository, hook: Hook
) -> None:
    """Worker processes and the cache, by way of the hook."""
    library = Path(json.__file__).parent.parent
    names = ["email", "http", "json", "logging", "xml", "urllib", "unittest"]
    files: Files = {
        f"src/{path.relative_to(library)}": path.read_bytes()
        for name in names
        for path in sorted((library / name).rglob("*.py"))
    }
    top = make_repository(files)
    theirs = bandit(top, "-r", "src")["results"]
    wanted = sorted((it["filename"], it["line_number"], it["test_id"]) for it in theirs)
    for options in (["--no-cache"], [], []):
        found: list[dict[str, Any]] = json.loads(
            hook("bandit", "--format", "json", "--all-in-tests", *options).out
        )
        mine = [it for it in found if it["rule"].startswith("B")]
        assert sorted((it["path"], it["line"], it["rule"]) for it in mine) == wanted
    assert len(wanted) > 50


def test_the_cache_is_kept_where_it_was_said(
    make_repository: MakeRepository, hook: Hook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    make_repository({"a.py": "x = 1\n" * 60_000})
    assert hook("bandit", "--no-cache").code == 0
    assert not (tmp_path / "cache").exists()
    assert hook("bandit").code == 0
    assert os.listdir(tmp_path / "cache" / "tenterhooks") == ["bandit-1.sqlite"]


def test_nothing_is_run_and_nothing_imported_of_the_repository(
    make_repository: MakeRepository,
) -> None:
    trap = "raise SystemExit('the code of the repository was run')\n"
    names = ["a", "bandit/__init__", "tomli", "sitecustomize", "argparse", "yaml", "stevedore"]
    make_repository({f"{name}.py": trap for name in names})
    script = Path(sys.executable).parent / "tenterhooks-bandit"
    done = subprocess.run([script, "--help"], capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    done = subprocess.run([script], capture_output=True, check=False, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
