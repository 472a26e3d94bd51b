"""The line that says how far a run is: when it is drawn, and that nothing of it stays."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.core import colours, progress
from tenterhooks.core.progress import Progress


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    """Remembers each write, and what then stands on its one line."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[str] = []
        self.screens: list[str] = []
        self._cells: list[str] = []
        self._at = 0

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.writes.append(text)
        for character in text:
            if character == "\r":
                self._at = 0
            else:
                self._cells[self._at : self._at + 1] = [character]
                self._at += 1
        self.screens.append("".join(self._cells).rstrip())
        return len(text)


@pytest.fixture(autouse=True)
def somebody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CI", "PRE_COMMIT", "TERM"):
        monkeypatch.delenv(name, raising=False)


def test_only_a_long_run_is_told_of() -> None:
    terminal, clock = Terminal(), Clock()
    line = Progress(terminal, 9, clock)
    for later, what in [
        (0.0, "a"),
        (0.99, "b"),
        (1.0, "a/long/path.yml"),
        (1.05, "too soon"),
        (1.1, "c"),
        (1.15, "too soon"),
        (5.0, "d"),
    ]:
        clock.now = 1000.0 + later
        line.step(what)
    assert terminal.screens == ["3/9 a/long/path.yml", "5/9 c", "7/9 d"]
    line.done()
    assert terminal.screens[-1] == ""
    assert terminal.writes[-1].endswith("\r")
    before = len(terminal.writes)
    line.done()
    clock.now += 9
    line.step("after all")
    assert len(terminal.writes) == before


def test_a_short_run_writes_nothing() -> None:
    terminal, clock = Terminal(), Clock()
    line = Progress(terminal, 2, clock)
    line.step("a")
    line.done()
    assert terminal.writes == []


def test_a_total_that_grows_and_a_step_that_goes_on() -> None:
    terminal, clock = Terminal(), Clock()
    line = Progress(terminal, clock=clock)
    clock.now += 1
    line.step("a")
    line.total += 20
    clock.now += 1
    line.step("waits", 0)
    clock.now += 1
    line.step("b", 10)
    assert terminal.screens == ["1 a", "1/20 waits", "11/20 b"]


@pytest.mark.parametrize(
    ("wide", "what", "expected"),
    [
        (30, "x" * 25, f"1/9 {'x' * 25}"),
        (30, f"folder/{'x' * 14}/a.yml", f"1/9 ...r/{'x' * 14}/a.yml"),
        (8, "folder/a.yml", "1/9"),
        (9, "folder/a.yml", "1/9 ...l"),
        (3, "folder/a.yml", "1/"),
        (2, "folder/a.yml", "1"),
        (None, "x" * 100, f"1/9 ...{'x' * 72}"),
        (30, "a\x1b[2J\n\u00e9", r"1/9 a\x1b[2J\n\xe9"),
    ],
)
def test_the_line_fits(
    wide: int | None, what: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(colours, "columns", lambda stream: wide)
    terminal, clock = Terminal(), Clock()
    line = Progress(terminal, 9, clock)
    clock.now += 1
    line.step(what)
    assert terminal.screens == [expected]


@pytest.mark.parametrize(
    ("name", "value", "watched"),
    [
        ("CI", "true", False),
        ("CI", "", True),
        ("PRE_COMMIT", "1", False),
        ("TERM", "dumb", False),
        ("TERM", "xterm", True),
        ("NO_COLOR", "1", True),
    ],
)
def test_who_watches(name: str, value: str, watched: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    terminal, clock = Terminal(), Clock()
    line = Progress(terminal, 9, clock)
    clock.now += 9
    line.step("a")
    line.done()
    assert bool(terminal.writes) is watched


@pytest.mark.parametrize("stream", [None, io.StringIO()])
def test_nobody_is_there(stream: io.StringIO | None) -> None:
    clock = Clock()
    line = Progress(stream, 9, clock)
    assert line.step is progress._no_step
    clock.now += 9
    line.step("a")
    line.done()
    assert stream is None or stream.getvalue() == ""


@pytest.mark.parametrize("error", [BrokenPipeError(), OSError(5, "gone"), ValueError("closed")])
def test_a_terminal_that_goes_away(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, clock = Terminal(), Clock()
    line = Progress(terminal, 9, clock)

    def fail(text: str) -> int:
        raise error

    monkeypatch.setattr(terminal, "write", fail)
    clock.now += 1
    line.step("a")
    assert line.step is progress._no_step
    line.done()


@given(
    st.lists(st.tuples(st.floats(0, 3), st.text(max_size=60), st.integers(0, 3)), max_size=20),
    st.integers(1, 60),
)
def test_whatever_is_at_hand(steps: list[tuple[float, str, int]], wide: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(colours, "columns", lambda stream: wide)
        terminal, clock = Terminal(), Clock()
        line = Progress(terminal, 30, clock)
        begun, last = clock.now, None
        for later, what, by in steps:
            clock.now += later
            before = len(terminal.writes)
            line.step(what, by)
            if len(terminal.writes) > before:
                assert clock.now >= begun + 1
                assert last is None or clock.now >= last + progress.INTERVAL
                last = clock.now
        line.done()
    for text in terminal.writes:
        assert text.isascii()
        assert text.replace("\r", "").isprintable()
    assert all(len(screen) < max(wide, 2) for screen in terminal.screens)
    assert not terminal.screens or terminal.screens[-1] == ""


@pytest.fixture
def terminal_pair() -> Iterator[tuple[int, int]]:
    """Both ends of a terminal of 40 columns: what a person sees, what a program writes to."""
    if sys.platform == "win32":
        pytest.skip("there is no pty")
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
    yield ours, theirs
    os.close(ours)


def seen_on(terminal: int) -> str:
    """All that was written to a terminal whose other end is closed."""
    seen = b""
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # how Linux tells the end
            part = b""
        if not part:
            return seen.decode("ascii")
        seen += part


def test_on_a_real_terminal(terminal_pair: tuple[int, int]) -> None:
    ours, theirs = terminal_pair
    clock = Clock()
    with open(theirs, "w", encoding="ascii") as stream:
        line = Progress(stream, 12, clock)
        for what in ("one", "a/" * 30 + "b.yml", "two"):
            clock.now += 1
            line.step(what)
        line.done()
    assert seen_on(ours).split("\r") == [
        "",
        "1/12 one",
        f"2/12 ...{'a/' * 13}b.yml",
        f"3/12 two{' ' * 31}",
        " " * 8,
        "",
    ]
