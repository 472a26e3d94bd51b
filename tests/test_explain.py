"""``tenterhooks explain``."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT, Hook
from pages import HEADINGS, PAGES_FOLDER, headings
from tools import tool

from tenterhooks import everything, page
from tenterhooks.bandit import installed, known, loading
from tenterhooks.core.colours import Palette
from tenterhooks.core.practice import SHARED_RULES, WHOLE_RULES
from tenterhooks.everything import bandit_tests, groups
from tenterhooks.everything.markdown import render

OFF = Palette(on=False)
SGR = re.compile(r"\x1b\[\d+m")
PRACTICES = everything.practices()
NAMES = [
    *dict.fromkeys(rule.name for practice in PRACTICES for rule in practice.rules),
    *(rule.name for rule in (*SHARED_RULES, *WHOLE_RULES)),
    *(path.stem for path in sorted((PAGES_FOLDER / "bandit").glob("TH*.md"))),
]
TESTS = [*known.PLUGINS, *known.BLACKLISTS, *known.RETIRED, known.BLACKLIST]


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLUMNS", "FORCE_COLOR", "NO_COLOR", "PYTHON_COLORS", "TERM"):
        monkeypatch.delenv(name, raising=False)


def shown(text: str) -> list[str]:
    return list(render(text, OFF, 80))


def source(name: str) -> str:
    (path,) = PAGES_FOLDER.rglob(f"{name}.md")
    return path.read_text("utf-8")


def code_lines(text: str) -> set[str]:
    """The lines of fenced code, as they are shown."""
    found = re.findall(r"^```\w*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return {shown(f"```\n{line}\n```")[0] for it in found for line in it.splitlines() if line}


# The command.


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [32, 80, 100])
def test_every_page_is_shown_whole_and_plain(
    name: str, width: int, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    code, out, err = hook("tenterhooks", "explain", name)
    assert (code, err) == (0, "")
    assert out.isascii()
    lines, text = out.splitlines(), source(name)
    assert lines[0].startswith(name)
    assert [line for line in lines[1:] if line and line[0] != " "] == headings(text)
    assert set(HEADINGS) <= set(lines)
    assert code_lines(text) <= set(lines)
    prose = [line for line in lines if line not in code_lines(text)]
    for line in prose:
        assert len(line) <= width or len(line.split()) <= 2, line
    # A page speaks of these signs in code only.
    outside = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    said = re.findall(r"`([^`]+)`", outside)
    for sign in ("**", "`", "]("):
        assert any(sign in it for it in said) or not any(sign in line for line in prose), sign


def test_a_page(hook: Hook) -> None:
    out = hook("tenterhooks", "explain", "tag-object-pin").out
    assert out == "".join(f"{line}\n" for line in shown(source("tag-object-pin")))
    assert "\n  Mended by --fix  " in out


def test_several_names_one_after_another_and_each_once(hook: Hook) -> None:
    one, two = (hook("tenterhooks", "explain", name).out for name in ("TH101", "B602"))
    assert hook("tenterhooks", "explain", "TH101", "B602", "TH101").out == f"{one}\n\n{two}"


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("th101", "TH101"),
        ("unsafe_archive_extraction", "TH101"),
        ("Unpinned-Action", "unpinned-action"),
        ("b602", "B602"),
        ("subprocess_popen_with_shell_equals_true", "B602"),
        ("pickle", "B301"),
        ("httpsconnection", "B309"),
        ("PINNED-ACTIONS", "pinned-actions"),
    ],
)
def test_other_spellings(name: str, same: str, hook: Hook) -> None:
    result = hook("tenterhooks", "explain", name)
    assert result.code == 0
    assert result == hook("tenterhooks", "explain", same)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("unpined-action", "unpined-action: unknown rule; did you mean unpinned-action?"),
        ("pined-actions", "pined-actions: unknown rule; did you mean pinned-actions?"),
        ("assert_use", "assert_use: unknown rule; did you mean assert_used?"),
        ("TH999", "TH999: unknown rule; `tenterhooks rules` lists all"),
        ("", ": unknown rule; `tenterhooks rules` lists all"),
        ("../rules/weak-hash", "../rules/weak-hash: unknown rule; did you mean weak-hash?"),
        ("\x1b[31m\n\u20ac", r"\x1b[31m\n\u20ac: unknown rule; `tenterhooks rules` lists all"),
        ("x" * 100_000, "x" * 80 + ": unknown rule; `tenterhooks rules` lists all"),
        ("_" * 100_000, "_" * 80 + ": unknown rule; `tenterhooks rules` lists all"),
    ],
)
def test_unknown_names(name: str, told: str, hook: Hook) -> None:
    """Nothing is printed of the others then."""
    expected = (2, "", f"tenterhooks explain: error: {told}\n")
    assert hook("tenterhooks", "explain", "TH101", name) == expected


def test_the_overview_of_a_folder_is_no_rule(hook: Hook) -> None:
    assert hook("tenterhooks", "explain", "README").code == 2


def test_the_command_line(hook: Hook) -> None:
    result = hook("tenterhooks", "explain", "--help")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("usage: tenterhooks explain ")
    assert hook("tenterhooks", "explain").code == 2
    assert hook("tenterhooks", "explain", "--nothing", "TH101").code == 2


@pytest.mark.parametrize(
    "group", [*map(groups.of, PRACTICES), *groups.of_none()], ids=lambda it: it.name
)
def test_a_practice_is_its_rules(group: groups.Group, hook: Hook) -> None:
    code, out, err = hook("tenterhooks", "explain", group.name)
    assert (code, err) == (0, "")
    said = " ".join(out.split())
    assert out.startswith(f"{group.name}\n  ")
    assert group.title in said
    for rule in group.rules:
        assert re.search(rf"^  (on |off)  {rule.name}( |$)", out, re.MULTILINE)
    if group.name == "bandit":
        assert page("bandit/README") in said


@pytest.mark.parametrize("test_id", TESTS)
def test_tests_of_bandit(test_id: str, hook: Hook) -> None:
    """Their names, and where Bandit documents them."""
    code, out, err = hook("tenterhooks", "explain", test_id)
    assert (code, err) == (0, "")
    assert out.startswith(f"{test_id}\n")
    named = known.PLUGINS | known.BLACKLISTS | known.RETIRED | {known.BLACKLIST: "blacklist"}
    assert re.search(rf"^  Name +{named[test_id]}$", out, re.MULTILINE)
    address = loading.load(installed.look()).url(test_id)
    assert (address in out) is (test_id not in known.RETIRED)


def test_tests_of_bandit_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def look() -> None:
        raise installed.Missing("bandit is not installed")

    monkeypatch.setattr(installed, "look", look)
    text = " ".join(" ".join(shown(bandit_tests.page("B602"))).split())
    assert known.PLUGINS["B602"] in text
    assert "bandit is not installed." in text
    assert bandit_tests.find("no_such_test") is None


def run(*words: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    script = f"'{tool('tenterhooks')}' {' '.join(words)}"
    environment = {**os.environ, **more}
    return subprocess.run(["sh", "-c", script], env=environment, capture_output=True, check=False)


def test_a_reader_may_leave_early() -> None:
    done = run("explain", *NAMES, "| head -n 1")
    assert done.stdout.decode().splitlines() == [NAMES[0]]
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the device is Linux's")
def test_a_full_disk_is_an_error() -> None:
    done = run("explain", "TH101", ">/dev/full")
    assert done.returncode == 2
    assert done.stderr.startswith(b"tenterhooks explain: error: ")
    assert len(done.stderr.splitlines()) == 1


def test_no_output_at_all() -> None:
    done = run("explain", "TH101", ">&-")
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("columns", "longest"),
    [("40", 40), ("500", 100), ("0", 80), ("-5", 80), ("\u0664", 80), ("9" * 9, 80)],
)
def test_the_width_can_be_told(
    columns: str, longest: int, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    out = hook("tenterhooks", "explain", "conflicting-locks").out
    assert longest - 8 < max(map(len, out.splitlines())) <= longest


def test_colour_is_for_those_who_want_it(hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    out = hook("tenterhooks", "explain", "hash-mode-off").out
    assert out.startswith("\x1b[1mhash-mode-off\x1b[0m\n")
    assert SGR.sub("", out).isascii()


def test_the_wheel_has_the_pages(tmp_path: Path) -> None:
    build = [
        tool("uv"),
        "build",
        "--offline",
        "--quiet",
        "--wheel",
        "--out-dir",
        str(tmp_path),
        ".",
    ]
    subprocess.run(build, cwd=ROOT, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if re.search("/pages/.*[^/]$", name)}
        archive.extractall(tmp_path / "installed")
    assert held == {
        path.relative_to(ROOT / "hooks").as_posix() for path in PAGES_FOLDER.rglob("*.md")
    }
    path = str(tmp_path / "installed")
    program = f"import sys; sys.path.insert(0, {path!r}); from tenterhooks.everything import main; "
    program += "print(sys.modules['tenterhooks'].__file__); main(['explain', 'TH101'])"
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, check=True)
    lines = done.stdout.decode().splitlines()
    assert Path(lines[0]).is_relative_to(path)
    assert "TH101: archives unpacked without a filter" in lines
