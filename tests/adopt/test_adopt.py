"""``tenterhooks adopt`` from the command line to the files, in real git repositories."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Hook, MakeRepository, Result, git, write

import tenterhooks
from tenterhooks.core import edits
from tenterhooks.everything import adopt
from tenterhooks.everything.adopt import showing
from tenterhooks.everything.adopt.look import Sight, look

SHA = "0123456789abcdef0123456789abcdef01234567"
REV = ("--rev", SHA)
WORKFLOW = ".github/workflows/ci.yml"
CONFIG = ".pre-commit-config.yaml"
UNPINNED = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: a/b@v4\n"
POLICY = (
    "# Security policy\n\n"
    "Report a vulnerability: https://github.com/owner/repository/security/advisories/new\n"
)
FILES: dict[str, str | bytes] = {WORKFLOW: UNPINNED, "SECURITY.md": POLICY, "pyproject.toml": ""}


@pytest.fixture(autouse=True)
def no_bandit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it is installed must not matter here."""
    monkeypatch.setattr("tenterhooks.bandit.installed.is_there", lambda: False)


def accepted(until: str, number: int = 1) -> str:
    return (
        '[[tool.tenterhooks.accept]]\nrule = "unpinned-action"\n'
        f'reason = "found when tenterhooks was adopted"\nuntil = {until}\n\n'
        f'[tool.tenterhooks.accept.paths]\n"{WORKFLOW}" = {number}\n'
    )


def commit(top: Path) -> None:
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "--allow-empty", "--message", "more")


def today() -> dt.date:
    return dt.datetime.now(dt.timezone.utc).date()


def test_adopted(make_repository: MakeRepository, hook: Hook) -> None:
    """The next run is green, a new finding is reported, a mended one makes its acceptance idle,
    and that goes when it is run again."""
    top = make_repository(FILES)
    assert hook("tenterhooks").code == 1
    done = hook("tenterhooks", "adopt", "--yes", *REV)
    assert done.code == 0, done
    until = (today() + dt.timedelta(days=180)).isoformat()
    assert (top / "pyproject.toml").read_text() == accepted(until)
    assert f"rev: {SHA}  # frozen: v{tenterhooks.__version__}" in (top / CONFIG).read_text()
    assert f"Accepted until {until}: 1 finding of 1 rule in 1 file" in done.out
    assert done.out.endswith(f"Written. Next: git add pyproject.toml {CONFIG}\n")
    commit(top)
    assert hook("tenterhooks").code == 0
    again = hook("tenterhooks", "adopt")
    assert (again.code, again.err) == (0, "")
    assert again.out == "Nothing to do: the hook is there, and what is found is accepted.\n"

    write(top, {WORKFLOW: UNPINNED + "      - uses: c/d@v1\n"})
    assert hook("tenterhooks").code == 1
    assert hook("tenterhooks", "adopt", "--yes").code == 0
    assert (top / "pyproject.toml").read_text() == accepted(until, 2)
    assert hook("tenterhooks").code == 0

    write(top, {WORKFLOW: UNPINNED.replace("@v4", f"@{SHA} # v4")})
    assert "unused-acceptance" in hook("tenterhooks", "--format", "text").out
    assert hook("tenterhooks", "adopt", "--yes").code == 0
    assert (top / "pyproject.toml").read_text() == ""
    assert hook("tenterhooks").code == 0


def test_expired(
    make_repository: MakeRepository, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deadline is not lifted by running it again, unless that is said."""
    top = make_repository({**FILES, "pyproject.toml": accepted("2026-02-01")})
    assert hook("tenterhooks").code == 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1769990400")  # 2026-02-02
    assert hook("tenterhooks").code == 1
    done = hook("tenterhooks", "adopt", "--yes", *REV)
    assert "1 finding had an acceptance that is over" in done.err
    assert (top / "pyproject.toml").read_text() == accepted("2026-02-01")
    assert hook("tenterhooks", "adopt", "--yes", "--renew", "--days", "2").code == 0
    assert (top / "pyproject.toml").read_text() == accepted("2026-02-04")
    assert hook("tenterhooks").code == 0


def test_no_pyproject(make_repository: MakeRepository, hook: Hook) -> None:
    top = make_repository({WORKFLOW: UNPINNED, "SECURITY.md": POLICY})
    assert hook("tenterhooks", "adopt", "--yes", "--until", "2999-01-01", *REV).code == 0
    assert not (top / "pyproject.toml").exists()
    assert (top / "tenterhooks.toml").read_text() == accepted("2999-01-01")
    commit(top)
    assert hook("tenterhooks").code == 0


def test_from_a_folder_below(make_repository: MakeRepository, hook: Hook) -> None:
    top = make_repository({**FILES, "a/b": ""})
    os.chdir(top / "a")
    assert "--- ../pyproject.toml" in hook("tenterhooks", "adopt", *REV).out
    os.chdir(top.parent)
    assert hook("tenterhooks", "adopt", "--yes", *REV, "repository/a").code == 0
    assert (top / CONFIG).exists()


def test_presets(make_repository: MakeRepository, hook: Hook) -> None:
    top = make_repository({WORKFLOW: UNPINNED.replace("@v4", f"@{SHA}"), "SECURITY.md": POLICY})
    done = hook("tenterhooks", "adopt", "--yes", *REV, "--preset", "all", "--preset", "core")
    assert done.code == 0
    text = (top / "tenterhooks.toml").read_text()
    assert text.startswith('[tool.tenterhooks]\npreset = ["all", "core"]\n')
    commit(top)
    assert hook("tenterhooks").code == 0


def test_reason(make_repository: MakeRepository, hook: Hook) -> None:
    top = make_repository(FILES)
    assert hook("tenterhooks", "adopt", "--yes", *REV, "--reason", 'an "old" one').code == 0
    assert 'reason = "an \\"old\\" one"\n' in (top / "pyproject.toml").read_text()


def test_clean(make_repository: MakeRepository, hook: Hook) -> None:
    """Nothing is found: only the hook is to be put in."""
    top = make_repository({"SECURITY.md": POLICY})
    assert hook("tenterhooks", "adopt", "--yes", *REV).code == 0
    assert [path.name for path in top.iterdir() if path.name != ".git"] != []
    assert not (top / "tenterhooks.toml").exists()


def test_shown_only(make_repository: MakeRepository, hook: Hook) -> None:
    """Without a terminal nothing is written unasked."""
    top = make_repository(FILES)
    done = hook("tenterhooks", "adopt", *REV)
    assert done.code == 1
    assert done.err == "tenterhooks adopt: nothing was written; with --yes it is\n"
    assert "+++ pyproject.toml\n@@ -0,0 +1,7 @@\n+[[tool.tenterhooks.accept]]\n" in done.out
    assert f"--- /dev/null\n+++ {CONFIG}\n" in done.out
    assert git(top, "status", "--short") == ""


@pytest.mark.parametrize(
    ("answer", "code"),
    [("y\n", 0), ("Yes \n", 0), ("\n", 1), ("n\n", 1), ("yep\n", 1), ("", 1), (None, 2)],
)
def test_question(
    make_repository: MakeRepository,
    hook: Hook,
    monkeypatch: pytest.MonkeyPatch,
    answer: str | None,
    code: int,
) -> None:
    """An end of the input is no; None stands for Ctrl-C."""
    top = make_repository(FILES)

    class Terminal:
        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            if answer is None:
                raise KeyboardInterrupt
            return answer

    monkeypatch.setattr(showing, "may_ask", lambda: True)
    monkeypatch.setattr(sys, "stdin", Terminal())
    done = hook("tenterhooks", "adopt", *REV)
    assert done.code == code
    assert "\nWrite this? [y/N] " in done.out
    assert (top / CONFIG).exists() is (code == 0)


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
@pytest.mark.parametrize(("answer", "code"), [(b"y\n", 0), (b"\n", 1)])
def test_terminal(make_repository: MakeRepository, answer: bytes, code: int) -> None:
    """On a real terminal it is coloured, and asked."""
    top = make_repository(FILES)
    controller, terminal = os.openpty()
    code_text = "import sys; from tenterhooks.everything import main; sys.exit(main(sys.argv[1:]))"
    hidden = {"NO_COLOR", "FORCE_COLOR", "PYTHON_COLORS"}
    process = subprocess.Popen(
        [sys.executable, "-c", code_text, "adopt", *REV],
        stdin=terminal,
        stdout=terminal,
        env={**{k: v for k, v in os.environ.items() if k not in hidden}, "TERM": "xterm"},
    )
    os.close(terminal)
    os.write(controller, answer)
    said = b""
    while True:
        try:
            piece = os.read(controller, 65536)
        except OSError:
            break
        if not piece:
            break
        said += piece
    os.close(controller)
    assert process.wait() == code
    assert b"\x1b[32m+[[tool.tenterhooks.accept]]" in said
    assert b"Write this? [y/N] " in said
    assert (top / CONFIG).exists() is (code == 0)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--rev", "v1"], "--rev: must be the full hash"),
        (["--until", "soon"], "--until: must be a day"),
        (["--until", "20270521T"], "--until: must be a day"),
        (["--until", "2020-01-01"], "--until: 2020-01-01 is over"),
        (["--days", "0"], "--days: must be 1 or more"),
        (["--days", "99999999"], "--days: is beyond"),
        (["--days", "99999999999999999999"], "--days: is beyond"),
        (["--reason", " "], "--reason: must be a line of text"),
        (["--reason", "a\nb"], "--reason: must be a line of text"),
        (["--reason", "a\udcff"], "--reason: must be a line of text"),
        (["--preset", "none"], "argument --preset: invalid choice"),
        (["--days", "1", "--until", "2999-01-01"], "argument --until: not allowed with"),
        (["nowhere"], "nowhere: not a folder"),
        (["SECURITY.md"], "SECURITY.md: not a folder"),
        (["a", "b"], "unrecognized arguments"),
    ],
)
def test_wrong_words(
    make_repository: MakeRepository, hook: Hook, words: list[str], told: str
) -> None:
    make_repository(FILES)
    done = hook("tenterhooks", "adopt", *words)
    assert done.code == 2
    assert f"tenterhooks adopt: error: {told}" in done.err
    assert done.out == ""


def test_not_a_repository(tmp_path: Path, hook: Hook) -> None:
    done = hook("tenterhooks", "adopt", str(tmp_path))
    assert (done.code, done.err) == (
        2,
        f"tenterhooks adopt: error: {tmp_path}: not in a git repository\n",
    )


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({CONFIG: "repos: [\n"}, f"{CONFIG}:2:1: is not valid YAML: "),
        ({CONFIG: "- repo: a\n"}, f"{CONFIG}: is not a mapping"),
        ({"pyproject.toml": "[\n"}, "pyproject.toml:1:2: is not valid TOML: "),
        ({"tenterhooks.toml": "[\n"}, "tenterhooks.toml:1:2: is not valid TOML: "),
        ({"pyproject.toml": "tool = {}\n"}, "pyproject.toml:1:1: what it says of tenterhooks"),
        (
            {"pyproject.toml": accepted("2027-01-01").replace("2027-01-01", '"soon"')},
            "pyproject.toml:4:1: tool.tenterhooks.accept.until: must be a date",
        ),
        (
            {"pyproject.toml": accepted("2027-01-01").replace("unpinned-action", "x")},
            "pyproject.toml:2:1: tool.tenterhooks.accept.rule: unknown rule",
        ),
        (
            {"pyproject.toml": "[tool.tenterhooks]\n", "tenterhooks.toml": "[tool.tenterhooks]\n"},
            "tenterhooks.toml:1:1: pyproject.toml configures tenterhooks as well",
        ),
    ],
)
def test_broken_files(
    make_repository: MakeRepository, hook: Hook, files: dict[str, str | bytes], told: str
) -> None:
    top = make_repository({**FILES, **files})
    done = hook("tenterhooks", "adopt", "--yes", *REV)
    assert done.code == 2, done
    assert done.err.startswith(f"tenterhooks adopt: error: {told}")
    assert git(top, "status", "--short") == ""


def test_broken_files_that_are_checked(make_repository: MakeRepository, hook: Hook) -> None:
    """They are accepted like others, which is told."""
    top = make_repository({**FILES, ".github/workflows/x.yml": "uses: [\n"})
    done = hook("tenterhooks", "adopt", "--yes", *REV)
    assert done.code == 0
    assert "note: 1 file cannot be read (.github/workflows/x.yml)" in done.err
    commit(top)
    assert hook("tenterhooks").code == 0


@pytest.mark.skipif(sys.platform != "linux", reason="names that are not UTF-8")
def test_a_path_that_is_not_utf8(make_repository: MakeRepository, hook: Hook) -> None:
    top = make_repository({**FILES, "SECURITY.md": POLICY})
    (top / ".github/workflows" / os.fsdecode(b"\xff.yml")).write_text(UNPINNED)
    commit(top)
    done = hook("tenterhooks", "adopt", "--yes", *REV)
    assert done.code == 0
    assert r"\udcff.yml: TOML has no spelling of a path that is not UTF-8" in done.err
    assert hook("tenterhooks").code == 1


def test_strange_paths(make_repository: MakeRepository, hook: Hook) -> None:
    names = ['a"b', "a\\b", "a'b", "a b", "\xe9", "a\x1b[31mb", "a\nb", "#", "a=b", "\u202e"]
    top = make_repository(
        {**FILES, **{f".github/workflows/{name}.yml": UNPINNED for name in names}}
    )
    done = hook("tenterhooks", "adopt", "--yes", *REV)
    assert done.code == 0
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out
    commit(top)
    assert hook("tenterhooks").code == 0


def test_failures(
    make_repository: MakeRepository, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not looked at cannot be accepted."""
    top = make_repository(FILES)
    monkeypatch.setattr(adopt, "look", lambda *_: Sight([], [], [], ["bandit: it broke"]))
    done = hook("tenterhooks", "adopt", "--yes", *REV)
    assert done == Result(
        2,
        "",
        "tenterhooks adopt: error: bandit: it broke\n"
        "tenterhooks adopt: error: not all could be looked at; nothing was written\n",
    )
    assert git(top, "status", "--short") == ""


def test_defects(
    make_repository: MakeRepository, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_repository(FILES)
    monkeypatch.setattr(adopt, "look", lambda *_: 1 // 0)
    done = hook("tenterhooks", "adopt", "--yes", *REV)
    assert done.code == 2
    assert done.err.startswith("tenterhooks adopt: error: a defect of tenterhooks: ZeroDivision")


def test_second_file_not_written(
    make_repository: MakeRepository, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written before is told."""
    top = make_repository({**FILES, CONFIG: "repos: []\n"})
    real = edits.replace

    def replace(repository: object, file: object, data: bytes) -> None:
        if getattr(file, "path", "") == CONFIG:
            raise edits.NotWritten("cannot be written: read-only file system")
        real(repository, file, data)  # type: ignore[arg-type]

    monkeypatch.setattr(edits, "replace", replace)
    done = hook("tenterhooks", "adopt", "--yes", *REV)
    assert done.code == 2
    assert done.err == (
        f"tenterhooks adopt: error: {CONFIG}: cannot be written: read-only file system; "
        "pyproject.toml was written before\n"
    )
    assert git(top, "status", "--short") == " M pyproject.toml\n"


def test_behind_a_link(make_repository: MakeRepository, hook: Hook) -> None:
    top = make_repository({"SECURITY.md": POLICY})
    (top.parent / "outside.yaml").write_text("repos: []\n")
    (top / CONFIG).symlink_to("../outside.yaml")
    done = hook("tenterhooks", "adopt", "--yes", *REV)
    assert done.code == 2
    assert "lies outside the repository, behind a symlink; nothing was written" in done.err
    assert (top.parent / "outside.yaml").read_text() == "repos: []\n"


def test_line_ends_and_marks(make_repository: MakeRepository, hook: Hook) -> None:
    """Bytes that are not added stay as they are, the mode of a file too."""
    mark = b"\xef\xbb\xbf"
    files = {"pyproject.toml": mark + b"[x]\r\n", CONFIG: mark + b"repos:\r\n- repo: local\r\n"}
    top = make_repository({**FILES, **files})
    (top / CONFIG).chmod(0o755)
    assert hook("tenterhooks", "adopt", "--yes", *REV).code == 0
    for name, before in files.items():
        data = (top / name).read_bytes()
        assert data.startswith(before)
        assert data.count(b"\n") == data.count(b"\r\n") > 5
    assert sys.platform == "win32" or (top / CONFIG).stat().st_mode & 0o777 == 0o755


def test_excluded_paths_and_ignored_rules(make_repository: MakeRepository, hook: Hook) -> None:
    """The configuration holds for what is accepted, too."""
    text = '[tool.tenterhooks]\nexclude = [".github/**"]\n'
    top = make_repository({**FILES, "pyproject.toml": text})
    assert hook("tenterhooks", "adopt", "--yes", *REV).code == 0
    assert (top / "pyproject.toml").read_text() == text


def test_judged(make_repository: MakeRepository) -> None:
    """What nobody looked for is not taken for mended."""
    top = make_repository({"pyproject.toml": '[tool.tenterhooks]\nselect = ["security-policy"]\n'})
    from tenterhooks.core.files import Repository

    seen = look(Repository(str(top)), [])
    assert seen.ran == {"security-policy"}
    assert "missing-security-policy" in seen.judged
    assert not {"unpinned-action", "invalid-file"} & seen.judged
    assert [it.rule for it in seen.findings] == ["missing-security-policy"]


def test_help(hook: Hook) -> None:
    done = hook("tenterhooks", "adopt", "--help")
    assert done.code == 0
    for word in ("--until", "--days", "--rev", "--online", "--preset", "--yes", "--renew", "PATH"):
        assert word in done.out
