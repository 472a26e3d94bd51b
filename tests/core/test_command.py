"""The command line that all hooks share."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Hook, MakeRepository, git, write

import tenterhooks
from tenterhooks import everything, pinned_actions
from tenterhooks.core.files import Repository
from tenterhooks.core.finding import Finding

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
HOOKS = ["tenterhooks", *[practice.id for practice in everything.practices()]]
BAD = "on: push\njobs:\n  a:\n    steps:\n    - uses: actions/checkout@v4\n"
GOOD = BAD.replace("v4", "a" * 40 + " # v4")
A, B = ".github/workflows/a.yml", ".github/workflows/b.yml"
FINDING = "unpinned-action actions/checkout@v4 is not pinned: v4 is a name that can be moved"


@pytest.mark.parametrize("hook_id", HOOKS)
def test_help(hook_id: str, hook: Hook) -> None:
    result = hook(hook_id, "--help")
    assert (result.code, result.err) == (0, "")
    for word in ("--fix", "--format", "--config", "--version", "--ignore", "--exclude"):
        assert word in result.out
    assert result.out.startswith(f"usage: {hook_id} ")
    assert "exit: 0 clean; 1 findings" in result.out
    assert result.out.isascii()
    for practice in everything.practices():
        if hook_id in ("tenterhooks", practice.id):
            assert practice.title.split("\n")[0] in result.out or hook_id == "tenterhooks"
            for rule in practice.rules:
                assert f"  {rule.name} " in result.out
                assert rule.summary in result.out
    assert ("unused-ignore" in result.out) is (hook_id == "tenterhooks")


@pytest.mark.parametrize("hook_id", HOOKS)
def test_version(hook_id: str, hook: Hook) -> None:
    result = hook(hook_id, "--version")
    assert (result.code, result.out) == (0, f"{hook_id} {tenterhooks.__version__}\n")


@pytest.mark.parametrize(
    "words",
    [
        ["--none"],
        ["--format", "xml"],
        ["--format"],
        ["--fi"],
        ["--ignore", "no-such-rule"],
        ["--allow", "no pattern"],
        ["--allow"],
        ["--fix=yes"],
        ["-x"],
        ["--config", "none.toml"],
    ],
)
@pytest.mark.parametrize("hook_id", ["pinned-actions", "tenterhooks"])
def test_wrong_options(
    hook_id: str, words: list[str], make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({A: BAD})
    result = hook(hook_id, *words)
    assert (result.code, result.out) == (2, "")
    assert "error: " in result.err
    assert "Traceback" not in result.err


def test_select(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({A: BAD})
    assert hook("tenterhooks", "--select", "pinned-actions").rules == ["unpinned-action"]
    assert "unpinned-action" not in hook("tenterhooks", "--select", "security-policy").out
    both = hook("tenterhooks", "--select", "security-policy", "--select", "pinned-actions")
    assert both.out == hook("tenterhooks").out
    assert hook("tenterhooks", "--select", "pinned-action").code == 2


def test_select_switches_a_rule_on(make_repository: MakeRepository, hook: Hook) -> None:
    rule = "missing-version-comment"
    pin = f"on: push\njobs:\n  a:\n    steps:\n      - uses: o/r@{'a1' * 20}\n"
    top = make_repository({A: pin})
    assert hook("pinned-actions").rules == []
    assert hook("pinned-actions", "--select", rule).rules == [rule]
    assert hook("pinned-actions", "--select", rule, "--ignore", rule).rules == []
    wrong = hook("pinned-actions", "--select", "missing-version-coment")
    assert wrong.code == 2
    assert f"did you mean {rule}?" in wrong.err
    assert hook("pinned-actions", "--select", "stored-credential").code == 2
    write(top, {"pyproject.toml": f'[tool.tenterhooks.pinned-actions]\nselect = ["{rule}"]\n'})
    assert hook("pinned-actions").rules == [rule]
    assert hook("tenterhooks", "--select", "pinned-actions").rules == [rule]


def test_exit_codes(make_repository: MakeRepository, hook: Hook) -> None:
    top = make_repository({A: GOOD})
    assert hook("pinned-actions") == (0, "", "")
    write(top, {A: BAD})
    assert hook("pinned-actions").code == 1
    write(top, {A: "a: ["})
    result = hook("pinned-actions")
    assert (result.code, result.rules, result.err) == (1, ["invalid-file"], "")


def test_paths_are_printed_as_given(
    make_repository: MakeRepository, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = make_repository({A: BAD, "x/y": ""})
    for name in (A, f"./{A}", f"x/../{A}", str(top / A), ".github//workflows/a.yml"):
        assert hook("pinned-actions", name).lines == [f"{name}:5:13: {FINDING}"]
    monkeypatch.chdir(top / "x")
    assert hook("pinned-actions", f"../{A}").lines == [f"../{A}:5:13: {FINDING}"]
    assert hook("pinned-actions").lines == [f"../{A}:5:13: {FINDING}"]


def test_a_file_that_is_given_twice_is_told_of_once(
    make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({A: BAD})
    assert len(hook("pinned-actions", A, A, f"./{A}").lines) == 1


def test_folders(
    make_repository: MakeRepository, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = make_repository({A: BAD, "x/action.yml": BAD, "x/z": ""})
    write(top, {"x/y/action.yml": BAD})
    paths = [f"{A}:5:13: {FINDING}", f"x/action.yml:5:13: {FINDING}"]
    assert hook("pinned-actions", ".").lines == paths
    assert hook("pinned-actions", "x").lines == paths[1:]
    assert hook("pinned-actions", "x/").lines == paths[1:]
    assert hook("pinned-actions", ".github", "x").lines == paths
    assert hook("pinned-actions", str(top)).lines == paths
    monkeypatch.chdir(top / "x")
    assert hook("pinned-actions", ".").lines == [f"action.yml:5:13: {FINDING}"]
    monkeypatch.chdir("/")
    assert len(hook("pinned-actions", str(top)).lines) == 2


def test_a_folder_with_the_name_of_a_file(make_repository: MakeRepository, hook: Hook) -> None:
    top = make_repository({f"{A}/inner": ""})
    assert (top / A).is_dir()
    assert hook("pinned-actions", A).rules == ["unreadable-file"]


@POSIX
def test_names_that_look_like_options(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({"--fix/action.yml": BAD, "-x/action.yml": BAD, A: GOOD})
    result = hook("pinned-actions", "--fix/action.yml", "-x/action.yml", A)
    assert result.code == 1
    assert [line.split(":")[0] for line in result.lines] == [
        "./--fix/action.yml",
        "./-x/action.yml",
    ]
    assert hook("pinned-actions").code == 1
    assert hook("pinned-actions", "--", "--fix/action.yml").code == 1


def test_a_file_that_is_not_there(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({A: GOOD})
    result = hook("pinned-actions", "none.yml", A)
    assert (result.code, result.rules, result.err) == (1, ["unreadable-file"], "")


@POSIX
def test_odd_names(make_repository: MakeRepository, hook: Hook) -> None:
    """No name makes a line of its own, or one that GitHub's runner takes for a command."""
    names = ["a\n::error::x.yml", "##[group]x.yml", "\x1b[31m.yml", "é\U0001f600.yml", "b%0A.yml"]
    make_repository({f".github/workflows/{name}": BAD for name in names})
    for form in ("text", "github"):
        for given in ([], [f".github/workflows/{name}" for name in names]):
            result = hook("pinned-actions", "--format", form, *given)
            assert result.code == 1
            assert result.out.isascii()
            assert all(line.isprintable() for line in result.out.splitlines())
            assert "##[" not in result.out
            commands = [line for line in result.out.splitlines() if line.startswith("::")]
            assert len(commands) == (len(names) if form == "github" else 0)
    found = json.loads(hook("pinned-actions", "--format", "json").out)
    assert sorted(one["path"].removeprefix(".github/workflows/") for one in found) == sorted(names)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take only UTF-8 names")
@pytest.mark.parametrize("form", ["text", "json", "github", "gitlab", "sarif"])
def test_undecodable_names(form: str, make_repository: MakeRepository, hook: Hook) -> None:
    top = make_repository({A: BAD})
    os.rename(top / A, os.fsencode(top / ".github" / "workflows") + b"/\xff.yml")
    git(top, "add", "--all")
    result = hook("pinned-actions", "--format", form)
    assert (result.code, result.err) == (1, "")
    assert result.out.isascii()


def test_a_name_with_nul(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({A: GOOD})
    result = hook("pinned-actions", "a\0b.yml")
    assert (result.code, result.rules, result.err) == (1, ["unreadable-file"], "")


def test_outside_of_git(tmp_path: Path, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {A: BAD})
    monkeypatch.chdir(tmp_path)
    assert hook("pinned-actions", A).lines == [f"{A}:5:13: {FINDING}"]
    for words in ([], ["."], [".github"]):
        result = hook("pinned-actions", *words)
        assert (result.code, result.out) == (2, "")
        assert result.err.removeprefix("pinned-actions: error: ") in (
            "pinned-actions: not a git repository\n",
            "not a git repository\n",
        )


def test_a_broken_index(make_repository: MakeRepository, hook: Hook) -> None:
    top = make_repository({A: BAD})
    (top / ".git" / "index").write_bytes(b"nonsense")
    result = hook("pinned-actions")
    assert (result.code, result.out) == (2, "")
    assert "Traceback" not in result.err


def defect(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on the check of pinned-actions breaks over ``a.yml``."""
    real = pinned_actions.PRACTICE.check

    def check(file: Any, repository: Repository, options: Any) -> Iterator[Finding]:
        if file.path == A:
            raise ValueError("odd\nthing \x1b[31m")
        yield from real(file, repository, options)

    monkeypatch.setattr(pinned_actions.PRACTICE, "check", check)


@pytest.mark.parametrize("hook_id", ["pinned-actions", "tenterhooks"])
def test_a_defect_is_one_line(
    hook_id: str, make_repository: MakeRepository, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_repository({A: BAD, B: BAD})
    defect(monkeypatch)
    result = hook(hook_id)
    assert result.code == 2
    assert f"{B}:5:13: {FINDING}" in result.lines
    who = "" if hook_id == "pinned-actions" else "pinned-actions: "
    assert result.err == (
        f"{hook_id}: error: {who}a defect of tenterhooks while it looked at {A}: "
        "ValueError: odd\\nthing \\x1b[31m; please report it\n"
    )


def test_a_defect_leaves_the_form_of_the_report_whole(
    make_repository: MakeRepository, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_repository({A: BAD})
    defect(monkeypatch)
    result = hook("pinned-actions", "--format", "json")
    assert (result.code, result.out) == (2, "[]\n")


@pytest.mark.parametrize("step", ["engine.examine", "mend.mend"])
def test_a_defect_of_the_engine(
    step: str, make_repository: MakeRepository, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_repository({A: BAD})

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("odd")

    monkeypatch.setattr(f"tenterhooks.core.{step}", fail)
    result = hook("pinned-actions", "--fix")
    assert result.code == 2
    assert (
        result.err
        == "pinned-actions: error: a defect of tenterhooks: RuntimeError: odd; please report it\n"
    )


def test_an_interrupt(
    make_repository: MakeRepository, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_repository({A: BAD})

    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tenterhooks.core.engine.examine", interrupt)
    assert hook("pinned-actions") == (2, "", "pinned-actions: error: interrupted\n")


@POSIX
def test_a_reader_that_goes_away(make_repository: MakeRepository) -> None:
    """As under ``| head -1``; the report is larger than the pipe."""
    steps = "".join(f"    - uses: actions/checkout@v{n}\n" for n in range(3000))
    make_repository({A: BAD + steps})
    code = "import sys; from tenterhooks.pinned_actions import main; sys.exit(main())"
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(1)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() in (1, 2)


def shell(redirected: str, module: str = "pinned_actions", *words: str) -> tuple[int, str]:
    """Exit code and standard error of a hook whose standard output goes elsewhere."""
    code = f"import sys; from tenterhooks.{module} import main; sys.exit(main())"
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" -c "$@" {redirected}', sys.executable, code, *words],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


@POSIX
@pytest.mark.parametrize("form", ["text", "grouped", "json", "html"])
def test_standard_output_that_is_closed(form: str, make_repository: MakeRepository) -> None:
    make_repository({A: BAD})
    assert shell(">&-", "pinned_actions", "--format", form) == (1, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no such device")
def test_standard_output_that_is_full(make_repository: MakeRepository) -> None:
    make_repository({A: BAD})
    told = "error: the report cannot be printed: no space left on device\n"
    assert shell(">/dev/full") == (2, f"pinned-actions: {told}")


@POSIX
def test_a_reader_that_goes_away_costs_no_report(
    make_repository: MakeRepository, tmp_path: Path
) -> None:
    steps = "".join(f"    - uses: actions/checkout@v{n}\n" for n in range(3000))
    make_repository({A: BAD + steps})
    report = tmp_path / "report.json"
    shell("| true", "everything", "--select", "pinned-actions", "--report", str(report))
    assert len(json.loads(report.read_text())) == 3001


def test_what_all_practices_say_is_said_once(
    tmp_path: Path, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = hook("tenterhooks")
    assert (result.code, result.err) == (2, "tenterhooks: error: not a git repository\n")
    write(tmp_path, {A: BAD})
    result = hook("tenterhooks", A)
    assert (result.code, result.rules) == (2, ["unpinned-action"])
    assert result.err == "tenterhooks: error: security-policy: not a git repository\n"


def test_help_tells_of_the_other_commands_and_of_each_rule_once(hook: Hook) -> None:
    told = hook("tenterhooks", "--help").out
    for word, what in everything.COMMANDS.items():
        assert [word, *what.split()] in [line.split()[1:] for line in told.splitlines()]
    assert told.count("  lock-weak-hash ") == 1
    assert "adopt" not in hook("pinned-actions", "--help").out


def test_an_interrupt_while_practices_are_loaded(
    hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(everything, "practices", interrupt)
    assert hook("tenterhooks") == (2, "", "tenterhooks: error: interrupted\n")


def test_the_process_is_left_as_it_was(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({A: BAD})
    before = os.getcwd(), sorted(os.environ.items()), list(sys.path)
    hook("tenterhooks", "--format", "sarif")
    assert (os.getcwd(), sorted(os.environ.items()), list(sys.path)) == before


def test_each_practice_of_a_sub_folder(
    make_repository: MakeRepository, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runners of monorepos start hooks in the folder of the project."""
    top = make_repository({"project/action.yml": BAD, A: GOOD})
    monkeypatch.chdir(top / "project")
    assert hook("pinned-actions", "action.yml").lines == [f"action.yml:5:13: {FINDING}"]
    (found,) = json.loads(hook("pinned-actions", "--format", "json", "action.yml").out)
    assert found["path"] == "action.yml"
    (issue,) = json.loads(hook("pinned-actions", "--format", "gitlab", "action.yml").out)
    assert issue["location"]["path"] == "project/action.yml"
