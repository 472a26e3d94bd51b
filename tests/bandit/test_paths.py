"""Which paths a pattern of Bandit's configuration means."""

from __future__ import annotations

import fnmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.bandit.paths import Paths, covers_all, fits

TOP, NESTED = "tests/a.py", "src/pkg/tests/b/c.py"
OTHERS = ["contests/a.py", "src/contests.py", "tests.py", "testsuite/a.py", "latests/x/y.py"]


@pytest.mark.parametrize(
    "pattern",
    ["tests", "tests/", "/tests", "/tests/", "*/tests/*", "*/tests", "**/tests/**", "\\tests"],
)
def test_a_folder_at_any_depth(pattern: str) -> None:
    paths = Paths([pattern])
    assert paths.covers(TOP)
    assert paths.covers(NESTED)
    assert not any(map(paths.covers, OTHERS))


@pytest.mark.parametrize(
    "pattern", ["./tests", "./tests/", "tests/*", "tests/**", "./tests/*", "/tests/*", ".\\tests"]
)
def test_a_folder_at_the_top(pattern: str) -> None:
    paths = Paths([pattern])
    assert paths.covers(TOP)
    assert not paths.covers(NESTED)
    assert not any(map(paths.covers, OTHERS))


@pytest.mark.parametrize(
    ("pattern", "path", "wanted"),
    [
        ("src/gen", "src/gen/a.py", True),
        ("src/gen", "x/src/gen/a.py", True),
        ("/src/gen", "x/src/gen/a.py", True),
        ("./src/gen", "x/src/gen/a.py", False),
        ("./src/gen", "src/gen/a.py", True),
        ("src/gen", "src/x/gen/a.py", False),
        ("src/gen", "src/generated/a.py", False),
        ("src/gen", "mysrc/gen/a.py", False),
        ("src/*/gen", "src/a/gen/x.py", True),
        ("src/*/gen", "src/gen/x.py", False),
        ("src/*/gen", "src/a/b/gen/x.py", False),
        ("src/*/gen", "x/src/a/gen/x.py", False),
        ("src/**/gen", "src/gen/x.py", True),
        ("src/**/gen", "src/a/b/gen/x.py", True),
        ("src/**/gen/*.py", "src/a/gen/x.py", True),
        ("src/**/gen/*.py", "src/a/gen/x.pyi", False),
        ("test_*.py", "test_a.py", True),
        ("test_*.py", "x/y/test_a.py", True),
        ("test_*.py", "x/mytest_a.py", False),
        ("*/test_*.py", "test_a.py", True),
        ("*/test_*.py", "x/y/test_a.py", True),
        ("*_test.py", "x/a_test.py", True),
        ("*_test.py", "x/a_test.pyi", False),
        ("tests/*.py", "tests/a.py", True),
        ("tests/*.py", "tests/b/a.py", False),
        ("tests/*_data", "tests/my_data/b/a.py", True),
        ("*.egg-info", "a.egg-info/b.py", True),
        ("path/to/file.py", "path/to/file.py", True),
        ("path/to/file.py", "x/path/to/file.py", True),
        ("path/to/file.py", "path/to/file.py.py", False),
        ("src/linearator-*", "src/linearator-2/a.py", True),
        ("src/linearator-*", "src/linearator/a.py", False),
        ("te?ts", "tests/a.py", True),
        ("te?ts", "te/ts/a.py", False),
        ("te?ts", "tets/a.py", False),
        ("t*?ts", "tests/a.py", True),
        ("a**b", "axxb/c.py", True),
        ("a**b", "ax/xb/c.py", False),
        ("../tests", "tests/a.py", False),
        ("[t]ests", "tests/a.py", False),
        ("[t]ests", "[t]ests/a.py", True),
        ("./*/tests", "a/tests/x.py", True),
        ("./*/tests", "tests/x.py", False),
        ("./*/tests", "a/b/tests/x.py", False),
        ("**/a/**/b", "x/a/b/c.py", True),
        ("**/a/**/b", "x/a/y/z/b/c.py", True),
        ("**/a/**/b", "x/a/y/z/c.py", False),
        ("*/a/*/b/*", "x/a/y/b/c.py", True),
        ("*/a/*/b/*", "x/a/b/c.py", False),
    ],
)
def test_paths(pattern: str, path: str, wanted: bool) -> None:
    assert Paths([pattern]).covers(path) is wanted
    assert Paths(["other", "x/*/other", pattern]).covers(path) is wanted


@pytest.mark.parametrize(
    "pattern", ["", " ", ".", "./", "/", "*", "**", "*/*", "**/*", "./**", "*.py", "**/*.py", "*.*"]
)
def test_everything(pattern: str) -> None:
    assert covers_all(pattern)
    assert Paths([pattern]).covers("a/b/c.py")


@pytest.mark.parametrize("pattern", ["tests", "*/tests", "*/tests/*", "*.pyi", "a*", "./a", ".x"])
def test_not_everything(pattern: str) -> None:
    assert not covers_all(pattern)


@given(st.text("ab*", max_size=12), st.text("ab", max_size=12))
def test_one_component_is_matched_as_fnmatch_does(glob: str, name: str) -> None:
    assert fits(glob, name) is fnmatch.fnmatchcase(name, glob)


@given(st.text("ab*?", max_size=8), st.text("ab", min_size=1, max_size=8))
def test_question_marks(glob: str, name: str) -> None:
    assert fits(glob, name) is fnmatch.fnmatchcase(name, glob)


@given(st.lists(st.sampled_from(["a", "b", "**", "*", "a*", "?", ".", ""]), max_size=6))
def test_any_pattern_can_be_asked(pieces: list[str]) -> None:
    pattern = "/".join(pieces)
    answer = Paths([pattern]).covers("a/ab/b/c.py")
    assert answer or not covers_all(pattern)


def test_no_pattern_takes_long() -> None:
    patterns = ["*a" * 100 + "b", "**/a" * 100 + "/b", "?*" * 100 + "b"]
    assert not Paths(patterns).covers("/".join(["a" * 200] * 100))
