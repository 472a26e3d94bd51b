"""Edits to text, and writing that leaves either the old file or the new one, and nothing else."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.core import edits, places
from tenterhooks.core.files import File, Repository
from tenterhooks.core.finding import Edit

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
Write = Callable[[Repository, File, bytes], None]


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "top"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    ("wanted", "result"),
    [
        ([], "abcdef"),
        ([Edit(0, 1, "X")], "Xbcdef"),
        ([Edit(0, 0, "X")], "Xabcdef"),
        ([Edit(6, 6, "X")], "abcdefX"),
        ([Edit(4, 6, ""), Edit(0, 2, "X")], "Xcd"),
        ([Edit(0, 2, "X"), Edit(2, 4, "Y")], "XYef"),
        ([Edit(1, 3, "X"), Edit(1, 3, "X")], "aXdef"),
        ([Edit(3, 3, "X"), Edit(3, 3, "X")], "abcXdef"),
        ([Edit(3, 3, "X"), Edit(3, 4, "Y")], "abcXYef"),
        ([Edit(0, 6, "")], ""),
    ],
)
def test_apply(wanted: list[Edit], result: str) -> None:
    assert edits.apply("abcdef", wanted) == result


@pytest.mark.parametrize(
    "wanted",
    [
        [Edit(0, 2, "X"), Edit(1, 3, "Y")],
        [Edit(0, 6, "X"), Edit(2, 3, "Y")],
        [Edit(1, 3, "X"), Edit(1, 3, "Y")],
        [Edit(1, 3, "X"), Edit(2, 2, "Y")],
        [Edit(3, 3, "X"), Edit(3, 3, "Y")],
    ],
)
def test_apply_refuses_what_contradicts(wanted: list[Edit]) -> None:
    for order in (wanted, wanted[::-1]):
        with pytest.raises(edits.NotWritten, match="overlap"):
            edits.apply("abcdef", order)


@given(st.text(max_size=12), st.data())
def test_apply_is_what_one_edit_after_another_gives(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True)))
    ranges = list(zip(cuts[::2], cuts[1::2], strict=False))
    wanted = [Edit(start, end, data.draw(st.text(max_size=3))) for start, end in ranges]
    expected = text
    for edit in sorted(wanted, key=lambda edit: -edit.start):
        expected = expected[: edit.start] + edit.replacement + expected[edit.end :]
    given_order = data.draw(st.permutations(wanted + wanted[:1]))
    assert edits.apply(text, given_order) == expected


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_encode_keeps_what_the_text_does_not_show(bom: bytes, top: Path) -> None:
    data = bom + "a: é\r\nb\rc\n".encode()
    (top / "a.yml").write_bytes(data)
    file = Repository().file("a.yml")
    assert edits.encode(file, edits.apply(file.text, [Edit(3, 4, "è")])) == data.replace(
        "é".encode(), "è".encode()
    )


def changed(top: Path, name: str = "a.yml", old: bytes = b"old\r\n") -> tuple[Repository, File]:
    """A file that has been read, and is about to be replaced."""
    if old and not (top / name).exists():
        (top / name).write_bytes(old)
    repository = Repository()
    file = repository.file(name)
    assert not old or file.data == old
    return repository, file


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@POSIX
@pytest.mark.parametrize("mode", [0o644, 0o755, 0o600, 0o444, 0o4755, 0o2775])
def test_replace_keeps_the_mode(mode: int, top: Path) -> None:
    repository, file = changed(top)
    (top / "a.yml").chmod(mode)
    edits.replace(repository, file, b"new\n")
    assert (top / "a.yml").read_bytes() == b"new\n"
    # A new file that runs as its owner is nothing for a hook to make.
    assert stat.S_IMODE((top / "a.yml").stat().st_mode) == mode & 0o777
    assert names(top) == ["a.yml"]


@POSIX
def test_replace_puts_a_new_file_in_the_place(top: Path) -> None:
    repository, file = changed(top)
    (top / "same").hardlink_to(top / "a.yml")
    edits.replace(repository, file, b"new\n")
    assert (top / "same").read_bytes() == b"old\r\n"


@POSIX
def test_replace_follows_a_symlink_within_the_repository(top: Path) -> None:
    (top / "real").mkdir()
    (top / "real" / "b.yml").write_bytes(b"old\r\n")
    (top / "a.yml").symlink_to("real/b.yml")
    edits.replace(*changed(top), b"new\n")
    assert (top / "a.yml").is_symlink()
    assert (top / "real" / "b.yml").read_bytes() == b"new\n"


@POSIX
@pytest.mark.parametrize("what", ["file", "folder"])
def test_nothing_is_written_behind_a_symlink_that_leads_out(what: str, top: Path) -> None:
    outside = top.parent / "outside"
    outside.mkdir()
    (outside / "a.yml").write_bytes(b"old\r\n")
    if what == "file":
        (top / "a.yml").symlink_to(outside / "a.yml")
        repository, file = changed(top)
    else:
        (top / "inner").symlink_to(outside)
        repository, file = changed(top, "inner/a.yml")
    with pytest.raises(edits.NotWritten, match="outside the repository"):
        edits.replace(repository, file, b"new\n")
    with pytest.raises(edits.NotWritten, match="outside the repository"):
        edits.create(
            repository, repository.file("inner/b.yml" if what == "folder" else "a.yml"), b""
        )
    assert names(outside) == ["a.yml"]
    assert (outside / "a.yml").read_bytes() == b"old\r\n"


def test_a_folder_whose_name_begins_like_the_repository_is_outside(top: Path) -> None:
    beside = top.parent / "top-2"
    beside.mkdir()
    with pytest.raises(edits.NotWritten, match="outside"):
        edits.create(Repository(), File("a", str(beside / "a"), "a"), b"")


@pytest.mark.parametrize("change", [b"old", b"", b"older\r\n"])
def test_replace_refuses_a_file_that_has_changed(change: bytes, top: Path) -> None:
    repository, file = changed(top)
    (top / "a.yml").write_bytes(change)
    with pytest.raises(edits.NotWritten, match="changed while it was being fixed"):
        edits.replace(repository, file, b"new\n")
    assert (top / "a.yml").read_bytes() == change
    assert names(top) == ["a.yml"]


def test_replace_refuses_a_file_that_has_gone(top: Path) -> None:
    repository, file = changed(top)
    (top / "a.yml").unlink()
    with pytest.raises(edits.NotWritten, match="cannot be written"):
        edits.replace(repository, file, b"new\n")
    assert names(top) == []


def test_create(top: Path) -> None:
    repository, file = changed(top, old=b"")
    edits.create(repository, file, b"new\r\n")
    assert (top / "a.yml").read_bytes() == b"new\r\n"
    assert names(top) == ["a.yml"]


@POSIX
@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0, 0o666)])
def test_create_obeys_the_umask(umask: int, mode: int, top: Path) -> None:
    old = os.umask(umask)
    try:
        edits.create(*changed(top, old=b""), b"new\n")
        assert os.umask(umask) == umask
    finally:
        os.umask(old)
    assert stat.S_IMODE((top / "a.yml").stat().st_mode) == mode


@pytest.mark.parametrize("what", ["file", "folder", "dangling"])
def test_create_never_replaces(what: str, top: Path) -> None:
    if what == "file":
        (top / "a.yml").write_bytes(b"theirs")
    elif what == "folder":
        (top / "a.yml").mkdir()
    else:
        (top / "a.yml").symlink_to("a.yml")
    before = names(top)
    with pytest.raises(edits.NotWritten):
        edits.create(Repository(), Repository().file("a.yml"), b"new\n")
    assert names(top) == before
    assert what != "file" or (top / "a.yml").read_bytes() == b"theirs"


@pytest.mark.parametrize("links", [True, False])
def test_create_loses_the_race(links: bool, top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody makes the file after it was looked for."""
    repository, file = changed(top, old=b"")
    real_chmod = os.chmod

    def chmod(path: str, mode: int) -> None:
        real_chmod(path, mode)
        (top / "a.yml").write_bytes(b"theirs")

    monkeypatch.setattr(os, "chmod", chmod)
    if not links:
        monkeypatch.setattr(os, "link", failing)
    with pytest.raises(edits.NotWritten, match="exists already"):
        edits.create(repository, file, b"ours")
    assert (top / "a.yml").read_bytes() == b"theirs"
    assert names(top) == ["a.yml"]


def test_create_without_hard_links(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", failing)
    edits.create(*changed(top, old=b""), b"new\n")
    assert (top / "a.yml").read_bytes() == b"new\n"
    assert names(top) == ["a.yml"]


def test_create_in_a_folder_that_is_not_there(top: Path) -> None:
    with pytest.raises(edits.NotWritten, match="cannot be written"):
        edits.create(Repository(), Repository().file("none/a.yml"), b"")


def failing(*_: Any, **__: Any) -> Any:
    raise OSError(28, "No space left on device")


STEPS = ["open", "fsync", "chmod", "replace", "stat"]


@pytest.mark.parametrize("step", STEPS)
def test_a_failure_of_replace_leaves_the_old_file(
    step: str, top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository, file = changed(top)
    with monkeypatch.context() as patch:
        patch.setattr(os, step, failing)
        with pytest.raises(edits.NotWritten, match="cannot be written"):
            edits.replace(repository, file, b"new\n")
    assert (top / "a.yml").read_bytes() == b"old\r\n"
    assert names(top) == ["a.yml"]


@pytest.mark.parametrize("step", ["open", "fsync", "chmod"])
def test_a_failure_of_create_leaves_nothing(
    step: str, top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository, file = changed(top, old=b"")
    with monkeypatch.context() as patch:
        patch.setattr(os, step, failing)
        with pytest.raises(edits.NotWritten, match="cannot be written"):
            edits.create(repository, file, b"new\n")
    assert names(top) == []


@pytest.mark.parametrize("write", [edits.replace, edits.create])
def test_a_full_disk_leaves_no_temporary_file(
    write: Write, top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository, file = changed(top, old=b"old\r\n" if write is edits.replace else b"")
    before = names(top)

    @contextlib.contextmanager
    def full(*arguments: Any) -> Iterator[Any]:
        with open(*arguments) as stream:
            stream.write(b"ne")
            yield SimpleNamespace(write=failing)

    monkeypatch.setattr(places, "open", full, raising=False)
    with pytest.raises(edits.NotWritten, match="no space left"):
        write(repository, file, b"new\n")
    assert names(top) == before


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
def test_an_interrupt_leaves_no_temporary_file(
    interrupt: type[BaseException], step: str, top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository, file = changed(top)

    def interrupted(*_: Any, **__: Any) -> Any:
        raise interrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, step, interrupted)
        with pytest.raises(interrupt):
            edits.replace(repository, file, b"new\n")
    assert (top / "a.yml").read_bytes() == b"old\r\n"
    assert names(top) == ["a.yml"]


@POSIX
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(top: Path) -> None:
    repository, file = changed(top)
    top.chmod(0o555)
    try:
        with pytest.raises(edits.NotWritten, match="permission denied"):
            edits.replace(repository, file, b"new\n")
    finally:
        top.chmod(0o755)


def test_many_writers_leave_one_whole_file(top: Path) -> None:
    """Each has read the same file; the first wins, and nobody leaves anything behind."""
    texts = [str(number).encode() * 50_000 for number in range(8)]
    places = [changed(top) for _ in texts]
    refused = []

    def write(place: tuple[Repository, File], data: bytes) -> None:
        try:
            edits.replace(*place, data)
        except edits.NotWritten:
            refused.append(data)

    threads = [
        threading.Thread(target=write, args=pair) for pair in zip(places, texts, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (top / "a.yml").read_bytes() in set(texts) - set(refused)
    assert names(top) == ["a.yml"]


def test_a_long_file_name(top: Path) -> None:
    name = "é" * 120 + ".yml"
    edits.replace(*changed(top, name), b"new\n")
    assert (top / name).read_bytes() == b"new\n"
