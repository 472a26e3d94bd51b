"""Whatever happens while a file is written, the old one or the new one is there, and no third."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import stat
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import ROOT, Hook, MakeRepository, write
from tools import tool

from tenterhooks.core import edits, places
from tenterhooks.core.files import File, Repository

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")

TRACER = ROOT / "tests" / "faults" / "tracer.py"
TEMPORARY = re.compile(r"(.*/)?\.[^/]+\.[0-9a-f]{12}\.tmp")
HASH = "--hash=sha256:" + "a" * 64
DROPPED = f"click==8.1.8\n    {HASH}\n"
KEPT = f"click==8.1.8 \\\n    {HASH}\n"
PROJECT = '[project]\nname = "tent"\nmaintainers = [{ name = "Team", email = "team@tent.dev" }]\n'
CODE = "import subprocess\nsubprocess.call(x, shell=True)\n"
SHA = "0123456789abcdef0123456789abcdef01234567"
KNOWN = '{\n  "gone.py: B102: 0123456789abcdef": 1,\n  "version": 1\n}\n'

ROOT_ONLY = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="root alone gives files away"
)


class Writer(NamedTuple):
    """One thing that writes. target: a file that it writes."""

    files: dict[str, str | bytes]
    target: str
    module: str
    arguments: list[str]


WRITERS = {
    "fix-replace": Writer(
        {"deps/requirements.txt": DROPPED},
        "deps/requirements.txt",
        "tenterhooks.hashed_requirements",
        ["--fix"],
    ),
    "fix-create": Writer(
        {"pyproject.toml": PROJECT}, "SECURITY.md", "tenterhooks.security_policy", ["--fix"]
    ),
    "adopt": Writer(
        {"deps/requirements.txt": DROPPED},
        ".pre-commit-config.yaml",
        "tenterhooks.everything",
        ["adopt", "--yes", "--rev", SHA, "--until", "2027-03-31", "--preset", "core"],
    ),
    "baseline-create": Writer(
        {"a.py": CODE},
        "known.json",
        "tenterhooks.bandit",
        ["--baseline", "known.json", "--write-baseline"],
    ),
    "baseline-replace": Writer(
        {"a.py": CODE, "data/known.json": KNOWN},
        "data/known.json",
        "tenterhooks.bandit",
        ["--baseline", "data/known.json", "--write-baseline"],
    ),
    "report": Writer(
        {"deps/requirements.txt": DROPPED, "out/report.json": "[]\n"},
        "out/report.json",
        "tenterhooks.everything",
        ["--select", "hashed-requirements", "--report", "out/report.json"],
    ),
}


class Trace(NamedTuple):
    before: dict[str, str]
    after: dict[str, str]
    runs: list[dict[str, Any]]


def trace(writer: Writer, act: str, make_repository: MakeRepository, folder: Path) -> Trace:
    """What is left by runs with a fault at each step; the last one has none."""
    template = make_repository(writer.files)
    task = {
        "template": str(template),
        "top": str(folder / "top"),
        "outside": str(folder / "outside"),
        "module": writer.module,
        "arguments": writer.arguments,
        "target": writer.target,
        "act": act,
    }
    write(folder, {"task.json": json.dumps(task)})
    done = subprocess.run(
        [sys.executable, TRACER, folder / "task.json"],
        capture_output=True,
        check=True,
        cwd=folder,
        env={**os.environ, "XDG_CACHE_HOME": str(folder / "cache")},
    )
    assert done.stderr == b"", done.stderr.decode()
    *runs, last = json.loads(done.stdout)
    assert last["step"] == ""
    before = {path: str(text) for path, text in writer.files.items()}
    assert last["left"] != before, last
    assert len(runs) > 6
    return Trace(before, last["left"], runs)


def mixed(left: dict[str, str], before: dict[str, str], after: dict[str, str]) -> list[str]:
    """The paths that are neither as before nor as after."""
    paths = {*left, *before, *after}
    return [it for it in paths if left.get(it) not in (before.get(it), after.get(it))]


def rows(quick: set[str], names: Iterable[str]) -> list[Any]:
    """The others go through the same code, and take their time."""
    return [name if name in quick else pytest.param(name, marks=pytest.mark.slow) for name in names]


@pytest.mark.parametrize("name", rows(set(WRITERS) - {"baseline-create"}, WRITERS))
def test_killed_at_each_step(name: str, make_repository: MakeRepository, tmp_path: Path) -> None:
    before, after, runs = trace(WRITERS[name], "kill", make_repository, tmp_path)
    for run in runs:
        assert run["code"] == -signal.SIGKILL
        odd = mixed(run["left"], before, after)
        # Nobody is left to remove what was being written.
        assert len(odd) <= 1
        assert all(TEMPORARY.fullmatch(path) for path in odd), run
    steps = {run["step"] for run in runs}
    assert {"place", "open", "write", "chmod", "fsync"} < steps
    assert steps & {"replace", "link"}
    assert any(run["left"] == before for run in runs)


@pytest.mark.parametrize("name", rows({"fix-replace", "fix-create", "report"}, WRITERS))
def test_an_error_at_each_step(name: str, make_repository: MakeRepository, tmp_path: Path) -> None:
    before, after, runs = trace(WRITERS[name], "fail", make_repository, tmp_path)
    for run in runs:
        assert mixed(run["left"], before, after) == [], run
        assert run["code"] in (0, 1, 2), run
        # Who says that all is well has written all.
        assert run["left"] == after or run["code"] == 2, run


RACES = [name for name in WRITERS if WRITERS[name].target in WRITERS[name].files]


@pytest.mark.parametrize("name", rows({"fix-replace", "report"}, RACES))
def test_another_program_saves_the_file_at_each_step(
    name: str, make_repository: MakeRepository, tmp_path: Path
) -> None:
    writer = WRITERS[name]
    _, after, runs = trace(writer, "change", make_repository, tmp_path)
    lost = {run["step"] for run in runs if run["left"][writer.target] != "theirs\n"}
    for run in runs:
        assert run["left"].keys() == after.keys(), run
        assert run["left"][writer.target] in (after[writer.target], "theirs\n"), run
    if name != "report":  # which is to be replaced, whatever it is
        # What comes between the last look and the renaming is lost: nothing can be asked of both.
        assert lost == {"close", "replace"}
        assert runs[0]["code"] == 2


@pytest.mark.parametrize("name", rows({"fix-replace", "report"}, RACES))
@pytest.mark.parametrize("act", ["swap-file", "swap-folder"])
def test_a_symlink_is_swapped_in_at_each_step(
    act: str, name: str, make_repository: MakeRepository, tmp_path: Path
) -> None:
    """In the place of the file, or of its folder; it leads out of the repository."""
    writer = WRITERS[name]
    before, after, runs = trace(writer, act, make_repository, tmp_path)
    for run in runs:
        assert run["outside"] == {"victim": "untouched\n"}, run
        left = {path.replace("-moved/", "/"): text for path, text in run["left"].items()}
        left = {path: text for path, text in left.items() if not text.startswith("-> ")}
        if act == "swap-file":
            left.setdefault(writer.target, before[writer.target])
        assert mixed(left, before, after) == [], run


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Repository, File]:
    """A file that has been read, and is about to be replaced."""
    write(tmp_path, {"a.txt": "old\n"})
    monkeypatch.chdir(tmp_path)
    repository = Repository()
    file = repository.file("a.txt")
    assert file.data == b"old\n"
    return repository, file


@ROOT_ONLY
@pytest.mark.parametrize("mode", [0o640, 0o4755, 0o6755])
def test_a_file_of_somebody_else(mode: int, changed: tuple[Repository, File]) -> None:
    """It stays theirs, and nothing is made that runs as its owner."""
    path = Path(changed[1].absolute)
    os.chown(path, 1234, 2345)
    path.chmod(mode)
    edits.replace(*changed, b"new\n")
    status = path.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (
        1234,
        2345,
        mode & 0o777,
    )


def test_a_file_that_cannot_be_given_away(
    changed: tuple[Repository, File], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its group becomes ours; ours gets no more than all others had."""
    path = Path(changed[1].absolute)
    path.chmod(0o664)

    def refused(*_: Any) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "fchown", refused)
    own = places._own
    monkeypatch.setattr(places, "_own", lambda descriptor, _: own(descriptor, (1, 12345)))
    edits.replace(*changed, b"new\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="Linux only")
def test_an_access_control_list_is_kept(changed: tuple[Repository, File]) -> None:
    """Without it, the mode says what the list as a whole allows, and would give it to the group."""
    entries = [(1, 6, -1), (2, 6, 1234), (4, 0, -1), (16, 6, -1), (32, 0, -1)]
    acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)
    path = changed[1].absolute
    try:
        os.setxattr(path, "system.posix_acl_access", acl)
    except OSError:
        pytest.skip("this file system has no access control lists")
    edits.replace(*changed, b"new\n")
    assert os.getxattr(path, "system.posix_acl_access") == acl
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o660


def test_another_name_of_the_file_keeps_the_old_content(changed: tuple[Repository, File]) -> None:
    os.link("a.txt", "b.txt")
    edits.replace(*changed, b"new\n")
    assert Path("a.txt").read_bytes() == b"new\n"
    assert Path("b.txt").read_bytes() == b"old\n"


@ROOT_ONLY
@pytest.mark.parametrize("make", [edits.replace, edits.create])
def test_a_folder_that_may_not_be_written(
    make: Callable[[Repository, File, bytes], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory() as name:  # nobody else comes to where pytest puts files
        os.chmod(name, 0o555)
        write(Path(name), {"a.txt": "old\n"})
        monkeypatch.chdir(name)
        file = Repository().file("a.txt" if make is edits.replace else "b.txt")
        if make is edits.replace:
            assert file.data == b"old\n"
        os.seteuid(65534)
        try:
            with pytest.raises(edits.NotWritten, match="permission denied"):
                make(Repository(), file, b"new\n")
        finally:
            os.seteuid(0)
        assert os.listdir(name) == ["a.txt"]
        assert Path("a.txt").read_bytes() == b"old\n"


def long(line: str) -> str:
    return "# a comment\n" * 5000 + line


def test_a_file_that_may_not_grow(make_repository: MakeRepository) -> None:
    import resource

    top = make_repository({"requirements.txt": long(DROPPED)})

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    command = [tool("hashed-requirements"), "--fix"]
    done = subprocess.run(command, cwd=top, capture_output=True, preexec_fn=limit, check=False)
    assert b"not fixed: cannot be written: file too large" in done.stderr
    assert done.returncode == 2
    assert [it.name for it in top.iterdir() if it.name != ".git"] == ["requirements.txt"]
    assert (top / "requirements.txt").read_text() == long(DROPPED)


FULL = """
set -e
mount -t tmpfs -o size=200k none top
cp -R repository/. top
cd top
set +e
"$1" --fix requirements.txt 2>&1
echo "code $?"
ls -A
cat requirements.txt > ../left
"""


@ROOT_ONLY
def test_a_full_disk(make_repository: MakeRepository, tmp_path: Path) -> None:
    """A file system with room for the file and not for a second one."""
    top = make_repository({"requirements.txt": long(DROPPED)})
    shutil.rmtree(top / ".git")
    (tmp_path / "top").mkdir()
    (top / "filler").write_bytes(b"x" * 90_000)
    command = ["unshare", "--mount", "sh", "-c", FULL, "sh", tool("hashed-requirements")]
    if not shutil.which("unshare"):
        pytest.skip("no unshare")
    done = subprocess.run([*command], cwd=tmp_path, capture_output=True, text=True, check=False)
    if "mount:" in done.stderr or "unshare:" in done.stderr:
        pytest.skip(done.stderr)
    assert "no space left on device" in done.stdout
    assert done.stdout.endswith("code 2\nfiller\nrequirements.txt\n")
    assert (tmp_path / "left").read_text() == long(DROPPED)


def test_several_hooks_at_once(make_repository: MakeRepository, tmp_path: Path) -> None:
    top = make_repository({"requirements.txt": DROPPED})
    # They start when the writing end is closed.
    reading, writing = os.pipe()
    command = ["sh", "-c", 'read line; exec "$0" --fix', tool("hashed-requirements")]
    hooks = [
        subprocess.Popen(command, cwd=top, stdin=reading, stdout=-3, stderr=-3) for _ in range(4)
    ]
    os.close(reading)
    os.close(writing)
    codes = [hook.wait() for hook in hooks]
    assert set(codes) <= {0, 1, 2}
    assert 1 in codes
    assert (top / "requirements.txt").read_text() == KEPT
    assert [it.name for it in top.iterdir() if it.name != ".git"] == ["requirements.txt"]


def test_the_cache_is_killed_at_each_statement(tmp_path: Path) -> None:
    script = ROOT / "tests" / "faults" / "killed_cache.py"
    done = subprocess.run([sys.executable, script, tmp_path], capture_output=True, check=True)
    runs = json.loads(done.stdout)
    assert len(runs) > 6
    assert any(statement.startswith("INSERT") for statement, _, _ in runs)
    for statement, sound, is_right in runs:
        assert (sound, is_right) == ("ok", True), statement


@pytest.mark.parametrize("what", ["fifo", "link", "folder", "link-to-nothing"])
def test_a_report_takes_the_place_of_a_file_alone(
    what: str, make_repository: MakeRepository, hook: Hook, tmp_path: Path
) -> None:
    """As root, the report would otherwise replace /dev/stdout."""
    top = make_repository({"requirements.txt": DROPPED})
    write(tmp_path, {"victim": "untouched\n"})
    if what == "fifo":
        os.mkfifo(top / "r.json")
    elif what == "folder":
        (top / "r.json").mkdir()
    else:
        (top / "r.json").symlink_to(tmp_path / ("victim" if what == "link" else "nothing"))
    before = (top / "r.json").lstat()
    done = hook("tenterhooks", "--select", "hashed-requirements", "--report", "r.json")
    assert done.code == 2
    assert "r.json: the report is not written: something else than a file is there" in done.err
    assert (top / "r.json").lstat() == before
    assert (tmp_path / "victim").read_bytes() == b"untouched\n"
    assert not (tmp_path / "nothing").exists()


def test_a_report_is_not_written_behind_a_symlink_of_the_repository(
    make_repository: MakeRepository, hook: Hook, tmp_path: Path
) -> None:
    top = make_repository({"requirements.txt": DROPPED})
    (tmp_path / "outside").mkdir()
    (top / "out").symlink_to(tmp_path / "outside")
    done = hook("tenterhooks", "--select", "hashed-requirements", "--report", "out/r.json")
    assert done.code == 2
    assert "it lies outside the repository, behind a symlink" in done.err
    assert os.listdir(tmp_path / "outside") == []
    # What the user names outside is the user's.
    named = str(tmp_path / "outside" / "r.json")
    assert hook("tenterhooks", "--select", "hashed-requirements", "--report", named).code == 1
    assert json.loads(Path(named).read_text())[0]["rule"] == "dropped-hash"


def test_the_configuration_does_not_ask_for_writing(
    make_repository: MakeRepository, hook: Hook
) -> None:
    top = make_repository(
        {
            "a.py": CODE,
            "pyproject.toml": '[tool.tenterhooks.bandit]\nbaseline = "known.json"\n'
            "write-baseline = true\n",
        }
    )
    for id in ("bandit", "tenterhooks"):
        done = hook(id)
        assert done.code == 2
        assert "write-baseline: is an option of the command line alone" in done.err
    assert not (top / "known.json").exists()
