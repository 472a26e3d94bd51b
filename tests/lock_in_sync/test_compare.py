"""Requirements and specifiers; packaging is the oracle."""

from __future__ import annotations

import sys
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.markers import InvalidMarker, Marker
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Known
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version
from tools import examples

from tenterhooks.lock_in_sync import compare, markers, specifiers


def known(text: str) -> tuple[object, ...] | None:
    """What packaging makes of a requirement, or None."""
    try:
        it = Known(text)
    except InvalidRequirement:
        return None
    extras = frozenset(canonicalize_name(extra) for extra in it.extras)
    return canonicalize_name(it.name), extras, it.specifier, it.url, it.marker


def ours(text: str) -> tuple[object, ...] | None:
    it = compare.parse(text)
    if it is None:
        return None
    marker = Marker(it.marker) if it.marker else None
    return it.name, it.extras, SpecifierSet(it.specifier), it.url or None, marker


REQUIREMENTS = [
    "a",
    " a ",
    "\ta\t",
    "",
    " ",
    "a b",
    "a_",
    "a-",
    "a.",
    "A.b_C--d",
    "a\n",
    "\na",
    "-a",
    "_a",
    "9",
    "a\u00e9",
    "\u00e9",
    "a>=1",
    "a >=1 , <2",
    "a>= 1",
    "a>=\u00a01",
    "a>=\n1",
    "a>=1,",
    "a>=1,,<2",
    "a,>=1",
    "a>=1 <2",
    "a(>=1)",
    "a (>=1,<2) ; extra == 'x'",
    "a ( >=1 , <2 )",
    "a()",
    "a(>=1",
    "a>=1)",
    "a (>=1,)",
    "a[]",
    "a[ ]",
    "a[x]",
    "a[x,y]>=1",
    "a [ x , Y_z ] >=1",
    "a[x y]",
    "a[x,]",
    "a[,x]",
    "a[x",
    "a]",
    "a[x-]",
    "a[x_]",
    "a[\u00e9]",
    "a[x]]",
    "a==1.*",
    "a==1.0.*,!=1.3.*",
    "a>=1.*",
    "a~=1.*",
    "a~=1",
    "a~=1.0",
    "a~=1.0rc1.post1.dev2",
    "a==1.0+local.7",
    "a>=1.0+local",
    "a==1.0.*+local",
    "a==v1.0",
    "a==V1.0RC1",
    "a==1!2.0-1",
    "a==1.0-alpha-1",
    "a==1.0.post",
    "a==1.0dev",
    "a==1.0..1",
    "a==",
    "a===",
    "a=== x",
    "a===1.0,2",
    "a===1.0,>=2",
    "a===foo-bar;extra=='x'",
    "a (===foo)",
    "a=1",
    "a=>1",
    "a<>1",
    "a^1",
    "a 1",
    "a @ https://x/y",
    "a@https://x/y",
    "a[x]@https://x/y",
    "a @ https://x/y;extra=='x'",
    "a @ https://x/y ;extra=='x'",
    "a @ https://x/y ; extra == 'x'",
    "a @ https://x/y extra",
    "a @ https://x/y ",
    "a @ git+https://x/y@v1#egg=z ; python_version < '3'",
    "a @",
    "a @ ",
    "a >=1 @ https://x/y",
    "a ; ",
    "a ;",
    ";",
    "a;python_version<'3'",
    "a ; python_version < '3' ",
    'a ; python_version < "3"',
    "a ; '3' > python_version",
    "a ; python_version < 3",
    "a ; python_version < '3",
    "a ; python < '3'",
    "a ; os.name == 'x' and sys.platform == 'y'",
    "a ; platform.python_implementation == 'x'",
    "a ; python_implementation == 'x'",
    "a ; platform.release == 'x'",
    "a ; (os_name == 'x')",
    "a ; ((os_name == 'x') or (os_name=='y'and os_name=='z'))",
    "a ; (os_name == 'x'",
    "a ; os_name == 'x')",
    "a ; ()",
    "a ; os_name == 'x' and",
    "a ; or os_name == 'x'",
    "a ; os_name == 'x' os_name == 'y'",
    "a ; os_name == 'x' or or os_name == 'y'",
    "a ; os_name (== 'x')",
    "a ; os_name in 'x y'",
    "a ; os_name not in 'x y'",
    "a ; os_name not \t in 'x y'",
    "a ; os_name notin 'x y'",
    "a ; os_name not 'x y'",
    "a ; os_name in'x'or'y'in os_name",
    "a ; os_name is 'x'",
    "a ; 'x' == 'y'",
    "a ; os_name == sys_platform",
    "a ; 'x' in extras and 'y' not in dependency_groups",
    "a ; os_name == 'a\\'",
    "a ; os_name == 'a\\x41'",
    "a ; os_name == 'a\\d'",
    "a ; os_name == 'a\\x4'",
    "a ; os_name == 'a\nb'",
    "a ; os_name == 'a\x00b'",
    "a ; os_name == 'a\"b'",
    "a ; extra == 'X_y'",
    "a ; os_name == 'x' # why",
    "a # why",
    "-e .",
    "./a",
    "a; (python_version < '3' or os_name == 'nt') and extra == 'x'",
]


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("text", REQUIREMENTS)
def test_requirements_as_packaging_reads_them(text: str) -> None:
    assert ours(text) == known(text)


PIECES = [
    "a", "B_c", "-", ".", "[", "]", ",", "(", ")", ";", "@", " ", " ", "\t", "\n", "1", "2.0", ".*",
    "rc1", ".post2", ".dev3", "+l", "1!", "v", ">=", "<", "==", "===", "~=", "!=", "x", "'", '"',
    "'3.8'", '"nt"', "python_version", "os_name", "sys.platform", "extra", "and", "or", "in", "not",
    "not in", " and ", " or ", "os_name == 'nt'", " ; ", " @ https://x/y",
]  # fmt: skip


@settings(max_examples=examples(1500), deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map(lambda it: "a" + "".join(it)))
def test_random_requirements_as_packaging_reads_them(text: str) -> None:
    assert ours(text) == known(text)


@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    compare.parse(text)
    compare.meets(text, text)
    compare.meets("1", ">=" + text)
    compare.same_specifier(text, ">=1")
    compare.same_marker(text, "extra == 'x'", text)
    compare.is_possible(text, text)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 200_000,
        "a" + "-" * 200_000,
        "a>=" + "1." * 200_000,
        "a>=" + "1" * 200_000 + "!",
        "a" + ">=1," * 50_000 + "x",
        "a" + ">=1-" * 50_000,
        "a[" + "x," * 100_000,
        "a;" + "(" * 200_000,
        "a;" + "os_name=='x' and " * 20_000,
        "a;" + "os_name not" + " " * 200_000,
        "a;" + "'" * 200_001,
        "a" + " " * 200_000 + "b",
        "a>=" + " " * 200_000 + "b",
        "a===" + "x," * 100_000,
        "a @ " + "x" * 200_000 + " y",
    ],
    ids=lambda text: text[:12],
)
def test_time_is_linear(text: str) -> None:
    compare.parse(text)


def test_requirement() -> None:
    text = "Foo.Bar [B_c, a] >= 1.0 , <2 ; os_name == 'nt' "
    it = compare.parse(text)
    assert it is not None
    assert (it.name, sorted(it.extras), it.specifier) == ("foo-bar", ["a", "b-c"], ">=1.0,<2")
    assert (it.url, it.marker, it.text) == ("", "os_name == 'nt'", text)


VERSIONS = [
    "0", "1", "1.0", "1.0.0", "1.0.1", "1.1", "1.2.3", "1.10", "2", "2.0.0.1", "10", "1.0rc1",
    "1.0.post1", "1.0.dev1", "1.0+local", "1!1.0", "v1", "1.0a1.dev2", "0.0", "3.8.10", "x", "",
]  # fmt: skip
OPERATORS = ["==", "!=", "<", "<=", ">", ">=", "~=", "==="]
LITERALS = [*VERSIONS, "1.*", "1.0.*", "0.*", "1.2.3.*", "1rc1.*", "x.*", "*", ".*", "9" * 5000]


def packaging_meets(version: str, specifier: str) -> bool:
    try:
        return SpecifierSet(specifier).contains(Version(version), prereleases=True)
    except (InvalidVersion, InvalidSpecifier):
        return True
    except ValueError:  # a number of 5,000 digits
        return True


@pytest.mark.parametrize("operator", OPERATORS)
def test_versions_meet_as_packaging_says(operator: str) -> None:
    for version, literal in product(VERSIONS, LITERALS):
        specifier = operator + literal
        expected = packaging_meets(version, specifier)
        if version == "x" and specifier == "===x":
            continue
        assert compare.meets(version, specifier) is expected, (version, specifier)


NUMBERS = st.lists(st.integers(0, 3), min_size=1, max_size=4).map(lambda it: ".".join(map(str, it)))
CLAUSES = st.builds(
    "{}{}{}".format, st.sampled_from(OPERATORS), NUMBERS, st.sampled_from(["", ".*"])
)


@settings(max_examples=examples(1500))
@given(NUMBERS, st.lists(CLAUSES, max_size=3).map(",".join))
def test_random_versions_meet_as_packaging_says(version: str, specifier: str) -> None:
    assert compare.meets(version, specifier) is packaging_meets(version, specifier)


RELEASES = st.lists(st.integers(0, 2), min_size=1, max_size=3).map(
    lambda it: ".".join(map(str, it))
)
PUBLIC = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", "", "", "v", "V", "0!", "1!"]),
    RELEASES,
    st.sampled_from(["", "", "a1", "b", "rc1", "RC01", "-c0", ".pre.2", "_alpha-3", "preview"]),
    st.sampled_from(["", "", "", ".post0", "-1", "post", "r2", "-0", "_REV_3", ".post.1"]),
    st.sampled_from(["", "", "", ".dev0", "dev", "-DEV_3", ".dev2"]),
)
LOCALS = st.sampled_from(["", "", "", "+cpu", "+CPU", "+1", "+01", "+a.1", "+a-1", "+1.a_2", "+2"])
FULL = st.builds("{}{}".format, PUBLIC, LOCALS)
FULL_CLAUSES = st.builds(
    "{}{}{}".format,
    st.sampled_from(OPERATORS[:-1]),
    st.one_of(PUBLIC, PUBLIC, FULL),
    st.sampled_from(["", "", "", ".*"]),
)


@settings(max_examples=examples(1500), deadline=None)
@given(FULL, FULL_CLAUSES)
def test_versions_of_all_forms_meet_as_packaging_says(version: str, clause: str) -> None:
    assert compare.meets(version, clause) is packaging_meets(version, clause)


@settings(max_examples=examples(500), deadline=None)
@given(PUBLIC, FULL_CLAUSES.map(lambda it: it.rstrip(".*")), st.sampled_from(["", "+x", ".dev1"]))
def test_versions_around_a_bound_meet_as_packaging_says(start: str, clause: str, end: str) -> None:
    version = clause.lstrip("<>=!~").partition("+")[0]
    for each in (start, version, version + end):
        assert compare.meets(each, clause) is packaging_meets(each, clause)


@pytest.mark.parametrize("version", ["2.9.0.post0", "2.4.4rc5", "1.11.0+cpu", "1!1.0", "v1.0.dev1"])
@pytest.mark.parametrize("operator", OPERATORS[:-1])
def test_common_versions_need_no_packaging(
    version: str, operator: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its import takes longer than all the rest."""
    monkeypatch.setattr(specifiers, "_by_packaging", None)
    for literal in ("2.9.0.post0", "2.4.4rc5", "1.11", "1!2.0", "1.0.dev2"):
        expected = packaging_meets(version, operator + literal)
        specifiers.meets_clause.cache_clear()
        assert compare.meets(version, operator + literal) is expected


def packaging_same(one: str, other: str) -> bool:
    try:
        first = SpecifierSet(one, prereleases=True).to_range()
        second = SpecifierSet(other, prereleases=True).to_range()
    except InvalidSpecifier:
        return one == other
    return first == second or (first.is_empty and second.is_empty)


SOME_CLAUSES = st.lists(FULL_CLAUSES, max_size=2).map(",".join)


@settings(max_examples=examples(600), deadline=None)
@given(SOME_CLAUSES, SOME_CLAUSES)
def test_random_specifiers_are_the_same_as_packaging_says(one: str, other: str) -> None:
    if set(one.split(",")) == set(other.split(",")):
        return
    assert compare.same_specifier(one, other) is packaging_same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("~=8.1", "~=8.1,!=8.5.1"), (">=1", ">=2"), (">=1", ""), ("==1", "==1.*"), ("<2", "<=2")],
)
def test_what_differs_needs_no_packaging(
    one: str, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "packaging.specifiers", None)
    assert not compare.same_specifier(one, other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("", "", True),
        (">=1", ">=1", True),
        (">=1,<2", "<2, >=1", True),
        (">=1", ">=1.0", True),
        (">=1,>=1", ">=1", True),
        ("==1", "==1.0.0", True),
        ("~=8.1", ">=8.1,<9", True),
        ("~=8.1", ">=8.1,<9.0.1", False),
        ("~=8.1", ">=8.1,==8.*", True),
        ("==1.6.1,<999", "==1.6.1", True),
        (">=1,>=2", ">=2", True),
        (">=2,<1", ">3,<2", True),
        (">=1", ">1", False),
        (">=1", ">=2", False),
        ("", ">=0", False),
        ("!=1.0", "!=1", True),
        ("==1.*", ">=1.dev0,<2.dev0", True),
        ("===1.0", "==1.0", False),
        ("^1", "^1", True),
        ("^1", "^ 1", True),
        ("^1", ">=1", False),
        (">=" + "9" * 5000, ">=1", False),
    ],
)
def test_specifiers_of_the_same_meaning(one: str, other: str, same: bool) -> None:
    assert compare.same_specifier(one, other) is same
    assert compare.same_specifier(other, one) is same


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("text", [it.partition(";")[2] for it in REQUIREMENTS if ";" in it])
def test_markers_alone(text: str) -> None:
    if not text.strip():
        return
    try:
        Marker(text)
        valid = True
    except InvalidMarker:
        valid = False
    assert markers.is_valid(text) is valid
