"""Files that are not what they seem, and which file a name means."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Hook, MakeRepository, git, write
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.core import files
from tenterhooks.core.files import MAX_BYTES, File, Repository, Unreadable, read_bytes
from tenterhooks.core.git import GitError
from tenterhooks.core.globs import Globs

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
ANY = re.compile("")


def file_of(data: bytes) -> File:
    return File("a", "/nowhere/a", "a", data)


def fifo(path: Path) -> None:
    os.mkfifo(path)


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def dangling(path: Path) -> None:
    path.symlink_to("none")


def socket_file(path: Path) -> None:
    os.mknod(path, 0o600 | 0o140000)


def nothing(path: Path) -> None:
    return


def sparse(path: Path) -> None:
    with open(path, "wb") as stream:
        stream.truncate(50 * 1024 * 1024)


@POSIX
@pytest.mark.parametrize(
    ("make", "words"),
    [
        (nothing, "cannot be opened: no such file"),
        (dangling, "cannot be opened: no such file"),
        (loop, "cannot be opened: too many levels of symbolic links"),
        (Path.mkdir, "is a directory, not a file"),
        (fifo, "is not a regular file"),
        (sparse, "is larger than 10 MB"),
    ],
)
def test_what_is_no_file(make: Callable[[Path], None], words: str, tmp_path: Path) -> None:
    make(tmp_path / "a")
    with pytest.raises(Unreadable, match=words) as caught:
        read_bytes(str(tmp_path / "a"))
    assert (caught.value.rule, caught.value.line, caught.value.column) == ("unreadable-file", 1, 1)


@POSIX
def test_devices_are_no_files() -> None:
    with pytest.raises(Unreadable, match="is not a regular file"):
        read_bytes("/dev/zero")


def test_a_path_with_nul() -> None:
    with pytest.raises(Unreadable, match="NUL"):
        read_bytes("a\0b")


def test_a_path_that_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be opened"):
        read_bytes(str(tmp_path / ("x" * 5000)))


@POSIX
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may read anything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "a").touch(mode=0o000)
    with pytest.raises(Unreadable, match="permission denied"):
        read_bytes(str(tmp_path / "a"))


def test_the_limit(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 100)
    assert len(read_bytes(str(tmp_path / "a"), 100)) == 100
    with pytest.raises(Unreadable, match="too large"):
        read_bytes(str(tmp_path / "a"), 99)


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_file_that_says_it_is_empty_and_is_not() -> None:
    assert read_bytes("/proc/self/status")


SPARSE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (200 << 20, 200 << 20))
from tenterhooks.core.files import Unreadable, read_bytes
try:
    read_bytes(sys.argv[1])
except Unreadable as error:
    print(error)
"""


@POSIX
def test_a_huge_file_takes_no_memory(tmp_path: Path) -> None:
    with open(tmp_path / "a", "wb") as stream:
        stream.truncate(50 * 1024**3)
    done = subprocess.run(
        [sys.executable, "-c", SPARSE, str(tmp_path / "a")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == "is larger than 10 MB, too large to be checked\n", done.stderr
    assert MAX_BYTES == 10 * 1024 * 1024


@pytest.mark.parametrize(
    ("data", "text", "bom"),
    [
        (b"", "", False),
        (b"\xef\xbb\xbf", "", True),
        (b"\xef\xbb\xbfa\r\n", "a\r\n", True),
        (b"\xef\xbb\xbf\xef\xbb\xbfa", "\ufeffa", True),
        ("é\U0001f600\u2028".encode(), "é\U0001f600\u2028", False),
        (b"a\0b", "a\0b", False),
    ],
)
def test_text(data: bytes, text: str, bom: bool) -> None:
    assert file_of(data).text == text
    assert file_of(data).has_bom is bom


@pytest.mark.parametrize(
    ("data", "words", "place"),
    [
        ("a: é\n".encode("utf-16"), "is UTF-16", (1, 1)),
        ("a: é\n".encode("utf-16-be").join([b"\xfe\xff", b""]), "is UTF-16", (1, 1)),
        (b"a: caf\xe9\n", "byte 0xe9", (1, 7)),
        (b"a\r\nb: \xe9 \xe9\r\n", "byte 0xe9", (2, 4)),
        (b"a\rb: \xe9", "byte 0xe9", (2, 4)),
        ("é\n\U0001f600é".encode() + b"\xff", "byte 0xff", (2, 3)),
        (b"\xef\xbb\xbfa\xff", "byte 0xff", (1, 2)),
        (b"\xed\xa0\x80", "byte 0xed", (1, 1)),
        (b"a\xf0\x9f", "byte 0xf0", (1, 2)),
        (b"\xc0\xaf", "byte 0xc0", (1, 1)),
    ],
)
def test_what_is_not_utf_8(data: bytes, words: str, place: tuple[int, int]) -> None:
    with pytest.raises(Unreadable, match=words) as caught:
        _ = file_of(data).text
    assert caught.value.rule == "unreadable-file"
    assert (caught.value.line, caught.value.column) == place


@pytest.mark.parametrize(
    ("text", "index", "place"),
    [
        ("", 0, (1, 1)),
        ("ab", 2, (1, 3)),
        ("a\nb", 2, (2, 1)),
        ("a\r\nb", 3, (2, 1)),
        ("a\rb", 2, (2, 1)),
        ("a\n\rb", 3, (3, 1)),
        ("a\r\r\nb", 4, (3, 1)),
        ("a\n", 2, (2, 1)),
        ("a\x0b\x0c\x85\u2028\u2029b", 6, (1, 7)),
        ("\U0001f600b", 1, (1, 2)),
    ],
)
def test_position(text: str, index: int, place: tuple[int, int]) -> None:
    assert file_of(text.encode()).position(index) == place


@given(st.text("ab\r\né", max_size=20))
def test_positions_and_lines_agree(text: str) -> None:
    file = file_of(text.encode())
    rebuilt = [file.line_text(line) for line in range(1, file.position(len(text))[0] + 1)]
    assert rebuilt == re.split("\r\n|\r|\n", text)
    for index, character in enumerate(text):
        if character not in "\r\n":
            line, column = file.position(index)
            assert file.line_text(line)[column - 1] == character


@pytest.mark.parametrize("line", [-1, 0, 4])
def test_lines_that_are_not_there(line: int) -> None:
    assert file_of(b"a\nb\n").line_text(line) == ""


def test_once() -> None:
    calls = []

    def make(file: File) -> int:
        calls.append(file)
        return len(calls)

    def fail(file: File) -> int:
        calls.append(file)
        raise Unreadable("no")

    file = file_of(b"")
    assert [file.once(make), file.once(make)] == [1, 1]
    for _ in range(2):
        with pytest.raises(Unreadable):
            file.once(fail)
    assert len(calls) == 2


# Which files there are.


def shown(files: list[File]) -> list[str]:
    return [file.shown for file in files]


def test_matching_from_a_sub_folder(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = make_repository({"a.yml": "", "x/b.yml": "", "x/y/c.yml": "", "x/d.txt": ""})
    monkeypatch.chdir(top / "x")
    repository = Repository()
    found = repository.matching(re.compile(r"\.yml$"))
    assert repository.top == str(top)
    assert [file.path for file in found] == ["a.yml", "x/b.yml", "x/y/c.yml"]
    assert shown(found) == ["../a.yml", "b.yml", "y/c.yml"]


@POSIX
def test_matching_takes_each_content_once(make_repository: MakeRepository) -> None:
    top = make_repository({"a.yml": "", "b.txt": "", "gone.yml": ""})
    (top / "gone.yml").unlink()
    (top / "to-listed.yml").symlink_to("a.yml")
    (top / "to-unlisted.yml").symlink_to("b.txt")
    (top / "out.yml").symlink_to("/etc/hostname")
    (top / "dangling.yml").symlink_to("none")
    (top / "loop.yml").symlink_to("loop.yml")
    commit = git(top, "rev-parse", "HEAD").strip()
    git(top, "add", "--all")
    git(top, "update-index", "--add", "--cacheinfo", f"160000,{commit},module.yml")
    (top / "module.yml").mkdir()
    found = [file.path for file in Repository().matching(re.compile(r"\.yml$"))]
    assert found == ["a.yml", "dangling.yml", "loop.yml", "to-unlisted.yml"]


def test_matching_below_a_folder(make_repository: MakeRepository) -> None:
    paths = ["a/x.yml", "a/b/y.yml", "a/z.txt", "a.yml", "a-b/x.yml", "a0/x.yml", "b/a/x.yml"]
    top = make_repository(dict.fromkeys(paths, ""))
    (top / "a" / "link.yml").symlink_to("../b/a/x.yml")
    (top / "a" / "twice.yml").symlink_to("x.yml")
    git(top, "add", "--all")
    found = Repository().matching(re.compile(r"\.yml$"), "a")
    assert [file.path for file in found] == ["a/b/y.yml", "a/link.yml", "a/x.yml"]
    assert Repository().matching(re.compile(r"\.yml$"), "none") == []


@pytest.mark.parametrize(
    "path", ["a", "a/b", "./a", "a//b", "a/../b", ".", "../a", "a/.", ".a/..b"]
)
@pytest.mark.parametrize("folder", ["", "x", "x/y"])
def test_how_a_file_is_shown(path: str, folder: str, make_repository: MakeRepository) -> None:
    """As the path from the working directory, the shortest."""
    top = make_repository({"x/y/z": ""})
    os.chdir(top / folder)
    shown = os.path.relpath(top / path, top / folder).replace(os.sep, "/")
    assert Repository().file(path).shown == shown


def test_a_listing_that_began_early(make_repository: MakeRepository) -> None:
    top = make_repository({"a": ""})
    repository = Repository()
    repository.begin_listing()
    repository.begin_listing()
    (top / "b").touch()
    other = repository.with_content(repository.file("a"), b"b")
    assert list(repository.tracked()) == list(other.tracked()) == ["a"]
    git(top, "add", "b")
    repository.begin_listing()
    assert list(repository.tracked()) == ["a"], "it is asked for once"
    assert list(Repository().tracked()) == ["a", "b"]


def test_a_listing_that_began_early_and_fails(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks is told, as without."""
    top = make_repository({"a": ""})
    (top / ".git" / "index").write_text("no index")
    repository = Repository()
    for _ in range(2):
        repository.begin_listing()
        with pytest.raises(GitError):
            repository.tracked()
    monkeypatch.setenv("PATH", "")
    repository.begin_listing()
    with pytest.raises(GitError, match="cannot be started"):
        repository.tracked()


def test_a_listing_outside_of_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    repository = Repository()
    repository.begin_listing()
    with pytest.raises(GitError, match="not a git repository"):
        repository.tracked()


def test_a_released_file_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one\ntwo\n")
    file = File("a", str(path), "a")
    made: list[str] = []
    for text in ("one\ntwo\n", "three\n"):
        path.write_bytes(text.encode())
        for _ in range(2):
            assert (file.text, file.data) == (text, text.encode())
            assert file.position(len(text)) == (text.count("\n") + 1, 1)
            file.once(lambda it: made.append(it.text))
        assert file.held == len(text)
        file.release()
        assert file.held == 0


def test_content_that_is_on_no_disk_is_kept() -> None:
    file = file_of(b"a")
    made: list[str] = []

    def make(it: File) -> None:
        made.append(it.text)

    file.once(make)
    file.release()
    file.once(make)
    assert made == ["a"]


def test_what_is_released_is_forgotten_once_it_is_too_much(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_HELD", 10)
    make_repository({"a": "12345", "b": "12345", "c": "1", "d": "1234"})
    repository = Repository()
    held = {name: repository.file(name) for name in "abcd"}
    for file in held.values():
        assert file.text
    repository.release(held["a"])
    repository.release(held["b"])
    assert [file.held for file in held.values()] == [5, 5, 1, 4]
    repository.release(held["c"])
    assert [file.held for file in held.values()] == [0, 0, 0, 0]
    assert held["d"].text == "1234"
    repository.release(held["d"])
    assert held["d"].held == 4


def test_excluded(make_repository: MakeRepository) -> None:
    make_repository({"a": "", "b": "", "c/a": ""})
    repository = Repository()
    repository.excluded = Globs(["a", "c"])
    assert shown(repository.matching(ANY)) == ["b"]


def test_outside_of_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"x/a.yml": "hello"})
    monkeypatch.chdir(tmp_path / "x")
    repository = Repository()
    assert not repository.is_git
    assert repository.top == str(tmp_path / "x")
    assert repository.given("a.yml").text == "hello"
    with pytest.raises(GitError, match="not a git repository"):
        repository.matching(ANY)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("a.yml", "x/a.yml"),
        ("./a.yml", "x/a.yml"),
        (".//a.yml", "x/a.yml"),
        ("../b.yml", "b.yml"),
        ("y/../a.yml", "x/a.yml"),
        ("y/c.yml", "x/y/c.yml"),
        ("none.yml", "x/none.yml"),
        ("none/none.yml", "x/none/none.yml"),
        (".", "x"),
        ("..", "."),
        ("./", "x"),
        ("y/", "x/y"),
        ("-a", "x/-a"),
        ("a b\n", "x/a b\n"),
    ],
)
def test_given(
    name: str, path: str, make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = make_repository({"x/a.yml": "", "b.yml": "", "x/y/c.yml": ""})
    monkeypatch.chdir(top / "x")
    file = Repository().given(name)
    assert file.path == path
    assert file.shown == name
    assert os.path.realpath(file.absolute) == os.path.realpath(top / "x" / name)


def test_given_absolutely(make_repository: MakeRepository) -> None:
    top = make_repository({"x/a.yml": "hello"})
    file = Repository().given(str(top / "x" / "a.yml"))
    assert (file.path, file.shown, file.text) == ("x/a.yml", str(top / "x" / "a.yml"), "hello")


@POSIX
def test_given_through_a_symlink_to_the_repository(
    make_repository: MakeRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = make_repository({"x/a.yml": "hello"})
    (tmp_path / "link").symlink_to(top)
    assert Repository().given(str(tmp_path / "link" / "x" / "a.yml")).path == "x/a.yml"
    monkeypatch.chdir(tmp_path / "link" / "x")
    assert Repository().given("a.yml").path == "x/a.yml"


@POSIX
def test_a_symlink_is_given_by_its_own_name(make_repository: MakeRepository) -> None:
    top = make_repository({"x/a.yml": "hello"})
    (top / "b.yml").symlink_to("x/a.yml")
    file = Repository().given("b.yml")
    assert (file.path, file.text) == ("b.yml", "hello")


@pytest.mark.parametrize("name", ["../outside.yml", "x/../../outside.yml", ".."])
def test_given_out_of_the_repository(name: str, make_repository: MakeRepository) -> None:
    top = make_repository({"x/a.yml": ""})
    write(top.parent, {"outside.yml": "hello"})
    file = Repository().given(name)
    assert file.shown == name
    assert os.path.realpath(file.absolute) == os.path.realpath(top / name)
    assert file.path not in Repository().tracked()


def test_one_file_is_one_object(make_repository: MakeRepository) -> None:
    make_repository({"a": ""})
    repository = Repository()
    assert repository.given("./a") is repository.file("a")
    assert repository.matching(ANY)[0] is repository.file("a")


def test_with_content_leaves_the_rest(make_repository: MakeRepository) -> None:
    make_repository({"a": "1", "b": "2"})
    repository = Repository()
    seen = repository.once(lambda it: it.file("a").text + it.file("b").text)
    after = repository.with_content(repository.file("a"), b"3")
    assert (repository.file("a").text, after.file("a").text, seen) == ("1", "3", "12")
    assert after.file("b") is repository.file("b")
    assert sorted(after.tracked()) == ["a", "b"]


def test_what_was_made_of_the_old_content_is_forgotten(make_repository: MakeRepository) -> None:
    make_repository({"a": "1"})

    def content(repository: Repository) -> str:
        return repository.file("a").text

    repository = Repository()
    assert repository.once(content) == "1"
    assert repository.with_content(repository.file("a"), b"3").once(content) == "3"
    assert repository.once(content) == "1"


def test_a_start_elsewhere(make_repository: MakeRepository, tmp_path: Path) -> None:
    make_repository({"a": ""})
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    write(other, {"x/b": ""})
    git(other, "add", "--all")
    repository = Repository(str(other / "x"))
    assert shown(repository.matching(ANY)) == ["../other/x/b"]


def test_a_working_directory_that_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hook: Hook
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    result = hook("pinned-actions")
    assert (result.code, result.out) == (2, "")
    assert result.err == "pinned-actions: error: the working directory is not there any more\n"
