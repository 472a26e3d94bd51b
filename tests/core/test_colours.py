"""When colour is written, held against CPython where this one can be asked about a stream."""

from __future__ import annotations

import importlib
import io
import itertools
import os
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from tenterhooks.core import colours

DESCRIPTOR = 42
VARIABLES = ("PYTHON_COLORS", "NO_COLOR", "FORCE_COLOR", "TERM")


class Stream(io.StringIO):
    """A stream over a file of its own."""

    def fileno(self) -> int:
        return DESCRIPTOR


class Console(io.StringIO):
    """A stream over no file that still is a terminal, as in an editor."""

    def isatty(self) -> bool:
        return True


Setting = Callable[..., Stream]


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Setting:
    """A stream, a terminal or not, in an environment with these variables alone."""

    def make(*, terminal: bool = True, **variables: str | None) -> Stream:
        for name in VARIABLES:
            value = variables.get(name)
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)
        monkeypatch.setattr(os, "isatty", lambda number: terminal and number == DESCRIPTOR)
        return Stream()

    return make


@pytest.mark.parametrize(
    ("variables", "on_a_terminal", "elsewhere"),
    [
        ({}, True, False),
        ({"TERM": "xterm"}, True, False),
        ({"TERM": "dumb"}, False, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True, True),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"FORCE_COLOR": "0"}, True, True),
        ({"FORCE_COLOR": ""}, True, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": "0"}, False, False),
        ({"NO_COLOR": ""}, True, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, False),
        ({"PYTHON_COLORS": "1"}, True, True),
        ({"PYTHON_COLORS": "0"}, False, False),
        ({"PYTHON_COLORS": ""}, True, False),
        ({"PYTHON_COLORS": "yes"}, True, False),
        ({"PYTHON_COLORS": "1", "NO_COLOR": "1", "TERM": "dumb"}, True, True),
        ({"PYTHON_COLORS": "0", "FORCE_COLOR": "1"}, False, False),
        ({"PYTHON_COLORS": "2", "NO_COLOR": "1"}, False, False),
    ],
)
def test_who_is_heard_first(
    variables: dict[str, str], on_a_terminal: bool, elsewhere: bool, setting: Setting
) -> None:
    assert colours.wanted(setting(terminal=True, **variables)) is on_a_terminal
    assert colours.wanted(setting(terminal=False, **variables)) is elsewhere


def oracle() -> Any:
    """CPython's own answer, or None where there is none about a given stream."""
    try:
        ask = importlib.import_module("_colorize").can_colorize
    except (ImportError, AttributeError):
        return None
    return ask if "file" in (ask.__kwdefaults__ or {}) else None


@pytest.mark.skipif(oracle() is None, reason="this Python has no can_colorize(file=...)")
def test_all_combinations_are_answered_as_by_cpython(setting: Setting) -> None:
    values = [
        [None, "", "0", "1", "x"],
        [None, "", "0", "1"],
        [None, "", "0", "1"],
        [None, "", "dumb", "xterm"],
    ]
    for combination in itertools.product(*values):
        for terminal in (True, False):
            variables = dict(zip(VARIABLES, combination, strict=True))
            stream = setting(terminal=terminal, **variables)
            assert colours.wanted(stream) is oracle()(file=stream), (variables, terminal)


def test_python_told_to_ignore_its_own_variables(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    flags = SimpleNamespace(ignore_environment=1)
    monkeypatch.setattr(colours, "sys", SimpleNamespace(flags=flags, platform=sys.platform))
    assert colours.wanted(setting(PYTHON_COLORS="0"))
    assert not colours.wanted(setting(PYTHON_COLORS="1", NO_COLOR="1"))
    assert colours.wanted(setting(terminal=False, FORCE_COLOR="1"))


@pytest.mark.parametrize(
    ("console", "expected"),
    [
        (SimpleNamespace(_supports_virtual_terminal=lambda: True), True),
        (SimpleNamespace(_supports_virtual_terminal=lambda: False), False),
        (SimpleNamespace(), False),
        (None, False),
    ],
    ids=["new", "old", "before Python 3.13", "no such module"],
)
def test_windows(
    console: Any, expected: bool, setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "nt", console)
    monkeypatch.setattr(colours, "sys", SimpleNamespace(flags=sys.flags, platform="win32"))
    assert colours.wanted(setting()) is expected
    assert colours.wanted(setting(FORCE_COLOR="1"))
    assert not colours.wanted(setting(terminal=False))


def closed() -> io.TextIOWrapper:
    with open(os.devnull, encoding="utf-8") as stream:
        return stream


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (None, False),
        (object(), False),
        (io.StringIO(), False),
        (closed(), False),
        (Console(), True),
    ],
    ids=["none", "no stream", "memory", "closed", "console"],
)
def test_streams_without_a_file(stream: Any, expected: bool, setting: Setting) -> None:
    setting()
    assert colours.is_terminal(stream) is expected
    assert colours.wanted(stream) is expected
    assert colours.columns(stream) is None


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pty")
@pytest.mark.parametrize(("wide", "expected"), [(97, 97), (0, None)])
def test_a_real_terminal(wide: int, expected: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl
    import pty
    import struct
    import termios

    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    ours, theirs = pty.openpty()
    with open(ours, "rb"), open(theirs, "w", encoding="utf-8") as stream:
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, wide, 0, 0))
        assert colours.is_terminal(stream)
        assert colours.wanted(stream)
        assert colours.columns(stream) == expected


PAINTS = ["bold", "dim", "red", "green", "yellow", "cyan"]


def test_a_file_is_as_wide_as_you_like() -> None:
    with open(os.devnull, "w", encoding="utf-8") as stream:
        assert colours.columns(stream) is None


def test_a_palette() -> None:
    on, off = colours.Palette(on=True), colours.Palette(on=False)
    painted = [getattr(on, name)("text") for name in PAINTS]
    codes = [1, 2, 31, 32, 33, 36]
    assert painted == [f"\x1b[{code}mtext\x1b[0m" for code in codes]
    for name in PAINTS:
        assert getattr(off, name)("text") == "text"
        assert getattr(on, name)("") == ""
