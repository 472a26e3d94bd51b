"""The parts of the check of uv.lock that can be asked alone."""

from __future__ import annotations

import pytest
from packaging.specifiers import SpecifierSet

from tenterhooks.lock_in_sync import compare
from tenterhooks.lock_in_sync.uv import markers, times, urls

VERSIONS = ["1", "1.0", "1.0b1", "1.0.post1", "1.0.dev0", "1.1rc1", "2.0+cpu", "1!1.0", "0.9.post2"]
SPECIFIERS = [
    ">=1",
    ">1",
    "<1",
    "<=1",
    "!=1",
    "==1",
    "==1.*",
    "~=1.0",
    ">=1.0b1",
    "<1.1",
    ">=0.9.post1",
]


@pytest.mark.parametrize(
    "specifier", [*SPECIFIERS, ">=0.5,<2", "!=1.1,>1.0.post0", "<1!2", ">=2020.1"]
)
def test_a_version_meets_what_packaging_says(specifier: str) -> None:
    for version in [*VERSIONS, "2026.3.post1", "0.0.1a5", "v1.0"]:
        expected = SpecifierSet(specifier).contains(version, prereleases=True)
        assert compare.meets(version, specifier) is expected, version


@pytest.mark.parametrize(
    "marker",
    [
        "sys_platform == 'win32'",
        "python_version < '3.11' and sys_platform != 'linux'",
        "python_version < '3.11' or (os_name == 'nt' and 'a' in platform_machine)",
        "python_version ~= '3.10'",
        "'win32' == sys_platform or extra == 'x'",
        "(python_version >= '3.9' or os_name == 'nt') and (implementation_name == 'cpython')",
    ],
)
def test_the_opposite_of_a_marker_holds_where_it_does_not(marker: str) -> None:
    opposite = markers.opposite(marker)
    assert opposite is not None
    assert not compare.is_possible(markers.both(marker, opposite))
    assert compare.same_marker(markers.either([marker, opposite]), "")


@pytest.mark.parametrize(
    "marker",
    [
        "no marker",
        "platform_machine == 'a\\\\b'",
        "'3.10' ~= python_version",
        "os_name == 'x' and (os_name == 'y' or platform_machine == 'a\\\\b')",
        " or ".join(f"os_name == 'x{n}'" for n in range(5000)),
    ],
    ids=lambda text: text[:40],
)
def test_no_opposite_is_made_of_what_is_odd(marker: str) -> None:
    assert markers.opposite(marker) is None


def test_the_opposite_of_everywhere_is_nowhere() -> None:
    assert not compare.is_possible(markers.opposite("") or "")
    assert not compare.is_possible(markers.either([]))
    assert markers.opposite("no marker") is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ([">=3.9"], [">= 3.9.0"], True),
        ([">=3.9", "<4"], [">=3.9,<4.0"], True),
        (["~=3.9"], [">=3.9,<4"], True),
        (["~=3.9.2"], [">=3.9.2,<3.10"], True),
        (["==3.9.*"], [">=3.9,<3.10"], True),
        (["==3.9.5"], [">=3.9.5,<=3.9.5"], True),
        (["===3.9.5"], ["==3.9.5"], True),
        ([">=3.9,!=3.10.*"], [">=3.9"], True),
        ([">3.9"], [">=3.9"], False),
        (["<=3.12"], ["<3.12"], False),
        ([">=3.9", ">=3.11"], [">=3.11"], True),
        ([], [""], True),
    ],
)
def test_bounds_of_python(one: list[str], other: list[str], same: bool) -> None:
    assert (markers.bounds(one) == markers.bounds(other)) is same


@pytest.mark.parametrize("specifier", [">=3.x", "3.9", ">=3.9rc1", "=3", ">=" + "9" * 5000])
def test_other_bounds_are_not_compared(specifier: str) -> None:
    assert markers.bounds([specifier]) is None


@pytest.mark.parametrize(
    ("marker", "is_odd"),
    [
        ("python_version < '3.9'", False),
        ("python_version in '3.8 3.9'", False),
        ("python_version < '<3.10'", True),
        ("'3.x' <= python_version", False),
        ("'>3' <= python_full_version", True),
        ("sys_platform == '<'", False),
        ("platform_version >= '#1'", True),
    ],
)
def test_markers_that_uv_leaves_out(marker: str, is_odd: bool) -> None:
    assert markers.is_odd(marker) is is_odd


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("P1W", "1 week", True),
        ("P1W", "P7D", False),
        ("PT36H", "36 hours", True),
        ("P1M", "1 month", True),
        ("PT1M", "1 minute", True),
        ("P1DT2H", "1 day 2 hours", True),
    ],
)
def test_spans(one: str, other: str, same: bool) -> None:
    assert (times.span(one) == times.span(other)) is same


def test_times() -> None:
    assert times.instant("2026-01-01T00:00:00Z") == times.instant("2026-01-01T02:00:00.0+02:00")
    assert (times.instant("2026-01-01") or 0) > (times.instant("2026-01-02T00:00:00Z") or 0)
    assert times.instant("soon") is None
    assert times.span("soon") is None


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (
            "git+https://h/r@v1#subdirectory=a",
            ("git", "https://h/r", "rev", "v1", "a", "False", ""),
        ),
        ("git+ssh://git@h/r.git", ("git", "ssh://h/r.git", "", "", "", "False", "")),
        ("git+https://h/r@a%2Fb", ("git", "https://h/r", "rev", "a/b", "", "False", "")),
        ("https://u:p@H/a-1.zip#sha256=0", ("url", "https://h/a-1.zip", "")),
        ("file:///a", urls.LOCAL),
        ("./a", urls.LOCAL),
    ],
)
def test_where_a_url_leads(text: str, source: urls.Source) -> None:
    assert urls.direct(text) == source


def test_a_git_source_of_a_lock_is_that_of_a_project() -> None:
    of_lock = urls.git_of_lock("https://h/r?subdirectory=a%2Fb&lfs=true&tag=v+1#0123")
    assert of_lock == urls.git("https://u@h/r", ("tag", "v 1"), "a/b", True, "")
