"""Markers by meaning; packaging is the oracle."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from tools import examples

from tenterhooks.lock_in_sync import compare


@pytest.mark.parametrize(
    ("one", "other", "python", "same"),
    [
        ("", "", "", True),
        ("os_name == 'nt'", 'os_name=="nt"', "", True),
        ("os_name == 'nt'", "(os_name == 'nt')", "", True),
        ("os_name == 'nt'", "'nt' == os_name", "", True),
        ("os_name == 'nt'", "os.name == 'nt'", "", True),
        ("os_name == 'nt'", "os_name != 'nt'", "", False),
        ("os_name == 'nt'", "", "", False),
        ("python_version < '3.12'", "python_full_version < '3.12'", "", True),
        ("python_version < '3.12'", "python_full_version < '3.12.0'", "", True),
        ("python_version <= '3.12'", "python_full_version < '3.13'", "", True),
        ("python_version <= '3.12'", "python_full_version <= '3.12'", "", False),
        ("python_version > '3.12'", "python_full_version >= '3.13'", "", True),
        ("python_version > '3.11'", "python_full_version > '3.11'", "", False),
        ("python_version == '3.12'", "python_full_version == '3.12.*'", "", True),
        ("python_version == '3.12'",
         "python_version >= '3.12' and python_version < '3.13'", "", True),
        ("python_version < '3.12'", "'3.12' > python_version", "", True),
        ("python_version < '3.12'", "python_version < '3.13'", "", False),
        ("python_version < '3.12'", "python_version < '3.13'", ">=3.14", True),
        ("python_version < '3.12'", "python_version < '3.13'", ">=3.12", False),
        ("python_version >= '3.8'", "", ">=3.8", True),
        ("python_version >= '3.8'", "", ">=3.7.1", False),
        ("python_version >= '3.8'", "", ">=3.8,<4", True),
        ("python_version < '4'", "", ">=3.8,<4", True),
        ("python_version < '3'", "os_name == 'nt' and python_version < '3'", ">=3", True),
        ("python_version in '3.8 3.9'",
         "python_version == '3.8' or python_version == '3.9'", "", True),
        ("python_version in '3.8, 3.9'", "python_version in '3.8'", "", False),
        ("python_version not in '3.8'", "python_version != '3.8'", "", True),
        ("python_version >= '3.10'", "python_version >= '3.9'", "", False),
        ("platform_system == 'Windows'", "sys_platform == 'win32'", "", True),
        ("platform_system == 'Linux'", "sys_platform == 'linux'", "", True),
        ("platform_system == 'Linux'", "sys_platform == 'linux2'", "", False),
        ("sys_platform == 'win32' and os_name == 'nt'", "sys_platform == 'win32'", "", True),
        ("sys_platform == 'win32' and sys_platform == 'linux'",
         "os_name == 'posix' and os_name == 'nt'", "", True),
        ("sys_platform == 'x'", "sys_platform == 'y'", "", False),
        ("sys_platform in 'linux darwin'",
         "sys_platform == 'linux' or sys_platform == 'darwin'", "", True),
        ("'linux' in sys_platform", "sys_platform == 'linux'", "", True),
        ("platform_machine in 'x y'",
         "platform_machine == 'x' or platform_machine == 'y'", "", True),
        ("platform_machine == 'x'", "platform_machine == 'X'", "", False),
        ("implementation_name == 'pypy'", "platform_python_implementation == 'PyPy'", "", False),
        ("python_implementation == 'PyPy'", "platform_python_implementation == 'PyPy'", "", True),
        ("extra == 'a_B'", "extra == 'A.b'", "", True),
        ("extra == 'a'", "extra == 'b'", "", False),
        ("extra == 'a' and extra == 'b'", "extra == 'a'", "", False),
        ("extra == 'a' or extra != 'a'", "", "", True),
        ("extra == 'a'", "'a' in extras", "", False),
        ("platform_release >= '20'", "platform_release>='20'", "", True),
        ("platform_release >= '20'", "platform_release >= '21'", "", False),
        ("a or b", "a or b ", "", True),
        ("a or b", "b or a", "", False),
        ("a or b", "os_name == 'nt'", "", False),
        ("os_name == 'a' and os_name == 'b' or os_name == 'c'", "os_name == 'c'", "", True),
        ("os_name == 'a' and (extra == 'b' or extra == 'c')",
         "os_name == 'a' and extra == 'b' or extra == 'c' and os_name == 'a'", "", True),
        ("python_version < '3.12'", "python_version < '3.13'", "nonsense", False),
    ],
)  # fmt: skip
def test_markers_of_the_same_meaning(one: str, other: str, python: str, same: bool) -> None:
    assert compare.same_marker(one, other, python) is same
    assert compare.same_marker(other, one, python) is same


@pytest.mark.parametrize(
    ("marker", "python", "extras", "possible"),
    [
        ("", "", (), True),
        ("  ", ">=3", (), True),
        ("os_name == 'nt'", "", (), True),
        ("os_name == 'nt' and os_name == 'posix'", "", (), False),
        ("os_name == 'nt' and sys_platform == 'linux'", "", (), False),
        ("sys_platform == 'linux' and platform_system == 'Windows'", "", (), False),
        ("sys_platform == 'haiku1' and os_name == 'posix'", "", (), True),
        ("python_version < '3'", ">=3.8", (), False),
        ("python_version < '3.9'", ">=3.8", (), True),
        ("python_version < '3.9' and python_version >= '3.9'", "", (), False),
        ("python_full_version < '3.8.2'", ">=3.8.2", (), False),
        ("python_full_version < '3.8.2'", ">=3.8.1", (), True),
        ("python_full_version > '3.8.2' and python_full_version < '3.9'", "", (), True),
        ("python_version == '3.8' or python_version < '3'", ">=3.9", (), False),
        ("python_version < '3'", "==2.7.*", (), True),
        ("python_version < '3'", ">=4,<3", (), True),  # no Python at all: nothing is known
        ("python_version < '3'", "^3.8", (), True),
        ("extra == 'a'", "", (), True),
        ("extra == 'a'", "", ("A",), True),
        ("extra == 'a'", "", ("b",), False),
        ("extra == 'a' and extra == 'b'", "", ("a", "b"), True),
        ("extra == 'a' and extra == 'b'", "", ("a",), False),
        ("extra != 'a'", "", ("b",), True),
        ("'a' in extras", "", ("b",), False),
        ("'a' in dependency_groups", "", ("b",), True),
        ("'x' == 'y'", "", (), True),
        ("os_name == sys_platform", "", (), True),
        ("platform_release > '1' and platform_release < '1'", "", (), True),
        ("os_name ~= '1'", "", (), True),
        ("nonsense", ">=3", (), True),
        (" or ".join(f"python_version == '3.{n}'" for n in range(500)), ">=4", (), True),
        (" and ".join(f"extra == 'x{n}'" for n in range(40)), "", ("y",), False),
        (" and ".join(f"extra == 'x{n}'" for n in range(40)), "", (), True),
    ],
)
def test_possible(marker: str, python: str, extras: tuple[str, ...], possible: bool) -> None:
    assert compare.is_possible(marker, python, extras) is possible


NAMES = {
    "python_version": ["2.7", "3", "3.8", "3.9", "3.10", "3.8.1"],
    "python_full_version": ["3.8", "3.8.0", "3.8.1", "3.9", "3.9.7", "3.10"],
    "sys_platform": ["linux", "win32", "darwin"],
    "platform_system": ["Linux", "Windows"],
    "os_name": ["nt", "posix"],
    "platform_machine": ["x86_64", "arm64"],
    "extra": ["one", "two"],
}
COMPARISONS = st.sampled_from(sorted(NAMES)).flatmap(
    lambda name: st.builds(
        "{} {} '{}'".format,
        st.just(name),
        st.sampled_from(
            ["==", "!="]
            if name == "extra"
            else ["==", "!=", "<", ">=", "<=", ">", "in", "not in"]
            if name.startswith("python")
            else ["==", "!=", "in", "not in"]
        ),
        st.sampled_from(NAMES[name]),
    )
)
MARKERS = st.recursive(
    COMPARISONS,
    lambda inner: st.one_of(
        st.builds("{} and {}".format, inner, inner),
        st.builds("{} or {}".format, inner, inner),
        st.builds("({})".format, inner),
    ),
    max_leaves=4,
)
PLATFORMS = [
    ("linux", "Linux", "posix"),
    ("win32", "Windows", "nt"),
    ("darwin", "Darwin", "posix"),
    ("cygwin", "CYGWIN_NT-10.0", "posix"),
    ("java", "Java", "java"),
]
PYTHONS = ["2.6.9", "2.7.0", "2.7.18", "3.0.0", "3.1.2", "3.7.9", "3.8.0", "3.8.1", "3.8.2",
           "3.9.0", "3.9.6", "3.9.7", "3.9.8", "3.10.0", "3.10.4", "3.11.0", "4.0.0"]  # fmt: skip


def grid(*extras: str) -> list[dict[str, str]]:
    """Environments as an installer finds them."""
    return [
        {
            "python_full_version": python,
            "python_version": ".".join(python.split(".")[:2]),
            "sys_platform": platform,
            "platform_system": system,
            "os_name": name,
            "platform_machine": machine,
            "extra": extra,
        }
        for python, (platform, system, name), machine, extra in product(
            PYTHONS, PLATFORMS, ["x86_64", "arm64", "?"], extras
        )
    ]


ONE_EXTRA = grid("one", "two", "three")


@settings(max_examples=examples(150), deadline=None)
@given(MARKERS, st.sampled_from(["", ">=3.8", ">=3.8.1,<3.10", "==3.9.*"]))
def test_random_markers_are_possible_where_packaging_finds_a_place(
    marker: str, python: str
) -> None:
    it = Marker(marker)
    allowed = SpecifierSet(python)
    places = [point for point in ONE_EXTRA if point["python_full_version"] in allowed]
    somewhere = any(it.evaluate(point) for point in places)
    # packaging knows one extra at a time, where any number can be on.
    if somewhere or "extra" not in marker:
        assert compare.is_possible(marker, python) is somewhere


@settings(max_examples=examples(150), deadline=None)
@given(MARKERS, MARKERS, st.sampled_from(["", ">=3.8", ">=3.8.1,<3.10"]))
def test_random_markers_are_the_same_where_packaging_finds_no_difference(
    one: str, other: str, python: str
) -> None:
    first, second = Marker(one), Marker(other)
    allowed = SpecifierSet(python)
    places = [point for point in ONE_EXTRA if point["python_full_version"] in allowed]
    differ = any(first.evaluate(point) != second.evaluate(point) for point in places)
    if differ or "extra" not in one + other:
        assert compare.same_marker(one, other, python) is not differ


@pytest.mark.parametrize(
    "marker",
    [
        " or ".join(f"python_version == '3.{n}'" for n in range(399)),
        "python_version in '" + " ".join(f"3.{n}" for n in range(50_000)) + "'",
        " or ".join(f"(extra == 'x{n}' and os_name == 'n{n}')" for n in range(12)),
        " or ".join(f"(extra == 'x{n}' and os_name == 'n{n}')" for n in range(5000)),
        "platform_machine in '" + "x " * 100_000 + "'",
        "(" * 40 + "os_name == 'x'" + ")" * 40,
    ],
    ids=lambda text: text[:20],
)
def test_large_markers_take_no_time(marker: str) -> None:
    compare.is_possible(marker, ">=3.8")
    compare.same_marker(marker, marker + " and os_name == 'z'", ">=3.8")
