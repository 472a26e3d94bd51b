"""How Bandit runs on a repository. Bandit's own reading of a configuration is the oracle where it
means the same."""

from __future__ import annotations

import importlib
import json
import re
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import MakeRepository, write
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.bandit import known
from tenterhooks.bandit.model import Issue
from tenterhooks.bandit.options import OPTIONS
from tenterhooks.bandit.rules import OPT_IN
from tenterhooks.bandit.settings import NOT_IN_TESTS, Settings, load
from tenterhooks.bandit.sources import SettingsError
from tenterhooks.core import config
from tenterhooks.core.files import File, Repository
from tenterhooks.core.practice import Practice

PRACTICE = Practice("bandit", "", [], lambda *_: iter(()), options=OPTIONS)
THEIRS = [("X100", "strange_thing", "strange_section")]


def options(**values: Any) -> SimpleNamespace:
    return PRACTICE.defaults(**values)


def loaded(**values: Any) -> Settings:
    return load(Repository(), options(**values), lambda: THEIRS)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings(here: Path, files: dict[str, str], **values: Any) -> Settings:
    write(here, {**files})
    return loaded(**values)


def error(here: Path, files: dict[str, str], **values: Any) -> str:
    with pytest.raises(SettingsError) as caught:
        settings(here, files, **values)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_nothing_said(here: Path) -> None:
    found = settings(here, {})
    assert found.runs("B101")
    assert found.runs("TH101")
    assert found.runs("X100")
    assert (found.severity, found.confidence) == ("UNDEFINED", "UNDEFINED")
    assert found.configuration == {}
    assert not found.ignore_nosec
    assert found.baseline is None
    assert found.source is None
    assert found.origins == {}
    assert not found.excludes("src/a.py")


RUNS = [
    # A file, and its text; what runs and what does not.
    ("pyproject.toml", '[tool.bandit]\nskips = ["B101"]\n', ["B102"], ["B101"]),
    ("pyproject.toml", '[tool.bandit]\ntests = ["B101"]\n', ["B101"], ["B102", "TH101", "X100"]),
    ("pyproject.toml", '[tool.bandit]\ntests = ["assert_used"]\n', ["B101"], ["B102"]),
    ("pyproject.toml", '[tool.bandit]\nskips = ["pickle"]\n', ["B302"], ["B301"]),
    ("pyproject.toml", '[tool.bandit]\nskips = ["B001"]\n', ["B101"], ["B301", "B401"]),
    ("pyproject.toml", '[tool.bandit]\nskips = ["TH101"]\n', ["TH102"], ["TH101"]),
    ("pyproject.toml", '[tool.bandit]\ntests = ["X100"]\n', ["X100"], ["B101"]),
    ("pyproject.toml", '[tool.bandit]\ntests = ["strange_thing"]\n', ["X100"], ["B101"]),
    ("bandit.yaml", "skips: [B101, 'B102']\n", ["B103"], ["B101", "B102"]),
    ("bandit.yaml", "tests:\nskips:\n", ["B101"], []),
    (".bandit", "[bandit]\nskips: B101,B102\n", ["B103"], ["B101", "B102"]),
    (".bandit", "[bandit]\nskips = B101, B102\n", ["B103"], ["B101", "B102"]),
    (".bandit", "[bandit]\ntests =\n  B101,\n  B102\n", ["B101", "B102"], ["B103"]),
    (".bandit", "[bandit]\nskips =\n", ["B101"], []),
]


@pytest.mark.parametrize(("name", "text", "runs", "not_runs"), RUNS)
def test_tests_of_a_file(
    here: Path, name: str, text: str, runs: list[str], not_runs: list[str]
) -> None:
    found = settings(here, {name: text})
    assert all(map(found.runs, runs))
    assert not any(map(found.runs, not_runs))


PROFILES = """\
skips: [B105]
profiles:
  one: {include: [B101, exec_used], exclude: [B102]}
  two: {include: [exec_used]}
  three: {exclude: [B101]}
  four: {include: [blacklist_calls]}
  five: {include: }
"""


@pytest.mark.parametrize(
    ("profile", "runs", "not_runs"),
    [
        (None, ["B101", "B102"], ["B105"]),
        ("two", ["B102"], ["B101", "B105"]),
        ("three", ["B102", "B105"], ["B101"]),
        ("five", ["B101", "B105"], []),
    ],
)
def test_profiles(here: Path, profile: str | None, runs: list[str], not_runs: list[str]) -> None:
    found = settings(here, {"bandit.yaml": PROFILES}, profile=profile)
    assert all(map(found.runs, runs))
    assert not any(map(found.runs, not_runs))


def test_profiles_that_cannot_be(here: Path) -> None:
    files = {"bandit.yaml": PROFILES}
    assert error(here, files, profile="one") == "option profile: B102: in tests and in skips"
    assert "did you mean three?" in error(here, files, profile="thre")
    assert "blacklist_calls brings a blacklist" in error(here, files, profile="four")


def test_a_bandit_that_names_another_file(here: Path) -> None:
    files = {
        ".bandit": "[bandit]\nconfigfile = ci/b.yaml\nskips = B101\nprofile =\nexclude = a\n",
        "ci/b.yaml": "skips: [B102]\nexclude_dirs: [b]\n",
    }
    found = settings(here, files)
    assert [found.runs(id) for id in ("B101", "B102", "B103")] == [False, False, True]
    assert found.excludes("a/x.py")
    assert found.excludes("b/x.py")
    assert found.origins["skips"] == ".bandit:3:1 and ci/b.yaml:1:1"
    files[".bandit"] = "[bandit]\nconfigfile = b.ini\n"
    assert error(here, {**files, "b.ini": "[bandit]\n"}).startswith(".bandit:2:1: configfile:")


ERRORS = [
    # Unknown keys.
    ("pyproject.toml", '[tool.bandit]\nskpis = ["B101"]\n', "2:1: skpis: unknown key; did you me"),
    ("pyproject.toml", "[tool.bandit]\nexclude = []\n", "2:1: exclude: unknown key; exclude_dirs"),
    ("pyproject.toml", "[tool.bandit]\nseverity = 1\n", "2:1: severity: unknown key; the floor i"),
    ("pyproject.toml", "[tool.bandit.assert_used]\nskip = []\n", "2:1: assert_used.skip: unknown "),
    ("pyproject.toml", "[tool.bandit.asert_used]\n", "1:1: asert_used: unknown key; did you mean "),
    ("bandit.yaml", "# x\nskipps: [B101]\n", "2:1: skipps: unknown key; did you mean skips?"),
    ("bandit.yaml", "101: [B101]\n", "1:1: a key must be text"),
    (".bandit", "[bandit]\nskip = B101\n", "2:1: skip: unknown key; did you mean skips?"),
    (".bandit", "[bandit]\nseverity-level = LOW\n", "2:1: severity-level: unknown key; in an INI"),
    (".bandit", "[bandit]\nexclude_dirs = a\n", "2:1: exclude_dirs: unknown key; in an INI file"),
    # Unknown tests.
    ("pyproject.toml", '[tool.bandit]\nskips = ["b101"]\n', "2:10: skips: unknown test b101; did"),
    ("pyproject.toml", '[tool.bandit]\ntests = ["B101",\n "B999"]\n', "3:2: tests: unknown test "),
    ("bandit.yaml", "skips:\n- B101\n- X1\n", "3:3: skips: unknown test X1; Bandit 1.9.4 has n"),
    ("bandit.yaml", "skips: ['B101,B102']\n", "1:9: skips: unknown test B101,B102; Bandit"),
    ("bandit.yaml", "skips: [blacklist_calls]\n", "1:9: skips: unknown test blacklist_calls;"),
    (".bandit", "[bandit]\nskips = B101,b102\n", "2:1: skips: unknown test b102; did you mean B"),
    (".bandit", '[bandit]\nskips = ["B101"]\n', '2:1: skips: ["B101"] is a list as TOML has it'),
    ("bandit.yaml", "profiles: {a: {include: [B9]}}\n", "1:26: profiles.a.include: unknown test "),
    # Wrong types.
    ("pyproject.toml", '[tool.bandit]\nskips = "B101"\n', "2:1: skips: must be a list of strings"),
    ("pyproject.toml", "[tool.bandit]\ntests = [101]\n", "2:10: tests: must be a list of strings"),
    ("pyproject.toml", '[tool.bandit]\nexclude_dirs = "a"\n', "2:1: exclude_dirs: must be a list"),
    ("pyproject.toml", "[tool.bandit]\nassert_used = true\n", "2:1: assert_used: must be a table"),
    ("pyproject.toml", "[tool.bandit]\nlog_format = 1\n", "2:1: log_format: must be a string"),
    ("pyproject.toml", "[tool.bandit]\nprofiles = 1\n", "2:1: profiles: must be a table"),
    ("bandit.yaml", "profiles: {a: [B101]}\n", "1:12: profiles.a: must be a table"),
    ("bandit.yaml", "profiles: {a: {tests: []}}\n", "1:16: profiles.a.tests: unknown key;"),
    ("bandit.yaml", "skips: B101\n", "1:1: skips: must be a list of strings"),
    ("bandit.yaml", "skips: [B101, 102]\n", "1:15: skips: must be a list of strings"),
    (
        "bandit.yaml",
        "try_except_pass: {check_typed_exception: 1}\n",
        "1:19: try_except_pass.check_t",
    ),
    (
        "bandit.yaml",
        "weak_cryptographic_key: {weak_key_size_ec_high: yes}\n",
        "1:26: weak_cryptogra",
    ),
    (
        "bandit.yaml",
        "shell_injection: {shell: os.system}\n",
        "1:19: shell_injection.shell: must be",
    ),
    (
        "bandit.yaml",
        "start_process_with_a_shell: {shel: []}\n",
        "1:30: start_process_with_a_shell.",
    ),
    (".bandit", "[bandit]\nlevel = 2\n", "2:1: level: must be all, low, medium, high"),
    (".bandit", "[bandit]\nignore-nosec = maybe\n", "2:1: ignore-nosec: must be true or false"),
    # Sets that cannot be.
    ("pyproject.toml", '[tool.bandit]\ntests = ["B101"]\nskips = ["B101"]\n', "3:1: B101: in test"),
    ("bandit.yaml", "tests: [assert_used]\nskips: [B101]\n", "2:1: B101: in tests and in skips"),
    (".bandit", "[bandit]\nskips = B101\ntests = B101\n", "2:1: B101: in tests and in skips"),
    ("bandit.yaml", "tests: [B301]\nskips: [B001]\n", "1:1: no test is left to run"),
    ("bandit.yaml", "tests: [B320]\n", "1:1: no test is left to run"),
    # Patterns that leave nothing.
    ("pyproject.toml", '[tool.bandit]\nexclude_dirs = ["a", "."]\n', "2:22: exclude_dirs: '.' wou"),
    ("bandit.yaml", "exclude_dirs: ['*']\n", "1:16: exclude_dirs: '*' would leave nothing to ch"),
    (".bandit", "[bandit]\nexclude = a,./\n", "2:1: exclude: './' would leave nothing to check"),
    ("bandit.yaml", f"exclude_dirs: [{'a, ' * 1001}]\n", "1:1: exclude_dirs: holds more than 1000"),
]


@pytest.mark.parametrize(("name", "text", "message"), ERRORS)
def test_errors(here: Path, name: str, text: str, message: str) -> None:
    assert error(here, {name: text}).startswith(f"{name}:{message}")


KEYS = st.sampled_from(
    [*known.KEYS, *known.SECTIONS, *known.SHARED, *known.RETIRED_SECTIONS, "a", "skip", "shell"]
)
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["B101", "B320", "pickle", "*", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(KEYS, ANYTHING, max_size=4), st.sampled_from([None, "a"]))
def test_whatever_it_says_there_is_an_answer_or_an_error(
    values: dict[str, Any], profile: str | None
) -> None:
    repository = Repository()
    data = json.dumps(values).encode()  # which is YAML as well
    repository.put(File("x.yaml", "/nowhere/x.yaml", "x.yaml", data))
    message = ""
    try:
        found = load(repository, options(bandit_config="x.yaml", profile=profile), list)
        assert not found.excludes("src/a.py")
        assert found.ignored("tests/a.py") >= {"B101"}
    except SettingsError as wrong:
        message = str(wrong)
    assert re.match(r"x\.yaml:1:\d+: |option profile: |$", message)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"tests": ["B101"], "skips": ["assert_used"]}, "options: B101: in tests and in skips"),
        ({"tests": ["B320"]}, "option tests: no test is left to run"),
        ({"bandit_config": "no.toml"}, "no.toml:1:1: cannot be opened: no such file or directory"),
        ({"profile": "x"}, "option profile: x: unknown profile; known: none"),
    ],
)
def test_options_that_cannot_be(here: Path, values: dict[str, Any], message: str) -> None:
    assert error(here, {}, **values) == message


@pytest.mark.parametrize(
    ("name", "text", "note"),
    [
        (
            "bandit.yaml",
            "skips: ['B322']\n",
            "bandit.yaml:1:9: skips: B322 is no test of Bandit 1.",
        ),
        (".bandit", "[bandit]\nskips: input\n", ".bandit:2:1: skips: input is no test of Bandit"),
        (
            "bandit.yaml",
            "start_process_with_a_shell: {shell: [os.system]}\n",
            "bandit.yaml:1:1: start_process_with_a_shell: Bandit does not look at it, but at shell",
        ),
        (
            "bandit.yaml",
            "execute_with_run_as_root_equals_true: {function_names: []}\n",
            "bandit.yaml:1:1: execute_with_run_as_root_equals_true: there is no such test in Band",
        ),
        ("a.toml", "[tool.x]\n", "a.toml:1:1: says nothing to Bandit"),
    ],
)
def test_notes_of_what_has_no_effect(here: Path, name: str, text: str, note: str) -> None:
    found = settings(here, {name: text}, bandit_config=name)
    assert len(found.notes) == 1
    assert found.notes[0].startswith(note)
    assert found.configuration == {}


def test_no_notes_without_need(here: Path) -> None:
    text = "ssl_with_bad_defaults:\n  bad_protocol_versions:\n"
    wanted = known.SECTIONS["ssl_with_bad_version"]["bad_protocol_versions"]
    text += "".join(f"  - {version}\n" for version in wanted)
    assert settings(here, {"bandit.yaml": text + "targets: [src]\n"}).notes == []


def test_sections_are_completed(here: Path) -> None:
    text = "shell_injection: {shell: [my.run], no_shell: }\nassert_used:\n"
    found = settings(here, {"bandit.yaml": text}).configuration
    defaults = known.SECTIONS["shell_injection"]
    assert found == {"shell_injection": {**defaults, "shell": ["my.run"]}}
    assert defaults["shell"] != ["my.run"]


def test_a_section_of_another_package(here: Path) -> None:
    text = '[tool.bandit.strange_section]\nanything = ["goes", 1]\n'
    found = settings(here, {"pyproject.toml": text})
    assert found.configuration == {"strange_section": {"anything": ["goes", 1]}}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.toml", '[tool.bandit]\nskips = ["B101"]\nexclude_dirs = ["a/b", "*.x"]\n'),
        ("a.toml", '[tool.bandit.assert_used]\nskips = ["*/test_*.py"]\n'),
        ("a.toml", "[tool.bandit.try_except_pass]\ncheck_typed_exception = true\n"),
        ("a.toml", "[tool.x]\n"),
        ("a.yaml", "tests: [B101, B602]\nhardcoded_tmp_directory:\n  tmp_dirs: [/tmp, '/x']\n"),
        ("a.yaml", "include: ['*.py', '*.pyw']\nskips: &a [B101]\nexclude_dirs:\n"),
        ("a.yaml", "markupsafe_xss: {extend_markup_names: [a.b], allowed_calls: [c]}\n"),
        ("a.yaml", "assert_used:\ntry_except_continue: {check_typed_exception: yes}\n"),
        (
            "a.yaml",
            "weak_cryptographic_key:\n"
            + "".join(
                f"  {k}: {v * 2}\n" for k, v in known.SECTIONS["weak_cryptographic_key"].items()
            ),
        ),
    ],
)
def test_as_bandit_reads_it(here: Path, name: str, text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = importlib.import_module("bandit.core.config")
    found = settings(here, {name: text}, bandit_config=name)
    oracle = module.BanditConfig(str(here / name))
    for section in known.SECTIONS:
        assert found.configuration.get(section) == oracle.get_option(section)
    tests, skips = oracle.get_option("tests"), oracle.get_option("skips")
    assert found.selection.include == (frozenset(tests) if tests else None)
    assert found.selection.exclude == OPT_IN.union(skips or [])
    assert found.include == (oracle.get_option("include") or [])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", '[tool.bandit]\nexclude_dirs = ["./data", "*/gen/*", "old"]\n'),
        ("bandit.yaml", "exclude_dirs: [./data, '*/gen/*', old]\n"),
        (".bandit", "[bandit]\nexclude = ./data, */gen/*,,\n  old\n"),
    ],
)
def test_excludes(here: Path, name: str, text: str) -> None:
    found = settings(here, {name: text})
    assert all(map(found.excludes, ["data/a.py", "gen/a.py", "x/gen/a.py", "y/old/a.py"]))
    assert not any(map(found.excludes, ["x/data/a.py", "genes/a.py", "folder/a.py", "cold.py"]))


@pytest.mark.parametrize("path", ["x/.tox/a.py", ".git/a.py", "a.egg/b.py", "__pycache__/a.py"])
def test_what_bandit_never_looks_at(here: Path, path: str) -> None:
    assert loaded().excludes(path)


def test_the_defaults_are_those_of_bandit() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        constants = importlib.import_module("bandit.core.constants")
    from tenterhooks.bandit import options as ours
    from tenterhooks.bandit import settings as own

    assert constants.EXCLUDE == own.NEVER
    assert list(ours.LEVELS.values()) == constants.RANKING


TESTS = [
    "tests/a.py",
    "x/tests/b/c.py",
    "test_a.py",
    "x/a_test.py",
    "x/conftest.py",
    "testing/a.py",
]
NO_TESTS = ["src/a.py", "contests/a.py", "x/attest.py", "mytest_a.py", "conftests.py", "test.py"]


def test_what_is_right_in_a_test(here: Path) -> None:
    found = loaded()
    assert "B101" in NOT_IN_TESTS
    assert all(found.ignored(path) == NOT_IN_TESTS for path in TESTS)
    assert not any(map(found.ignored, NO_TESTS))
    assert not any(map(loaded(all_in_tests=True).ignored, TESTS))


def test_asserts_that_the_configuration_allows(here: Path) -> None:
    text = "[tool.bandit.assert_used]\nskips = ['./lib/*', '*/checks.py']\n"
    found = settings(here, {"pyproject.toml": text}, all_in_tests=True)
    assert found.ignored("lib/a.py") == {"B101"}
    assert found.ignored("x/checks.py") == {"B101"}
    assert not found.ignored("x/lib/a.py")
    assert found.configuration["assert_used"]["skips"] == ["./lib/*", "*/checks.py"]


def test_per_file_ignores(here: Path) -> None:
    values = ["tests/**:B105,B106", "scripts:pickle", "scripts/a:b.py:B001", "**:B404"]
    found = loaded(per_file_ignores=values)
    assert found.ignored("tests/a.py") == NOT_IN_TESTS | {"B105", "B106", "B404"}
    assert found.ignored("x/scripts/a.py") == {"B301", "B404"}
    assert found.ignored("scripts/a:b.py") == set(known.BLACKLISTS)
    assert found.ignored("src/a.py") == {"B404"}


@pytest.mark.parametrize(
    ("text", "values", "runs"),
    [
        ("", {}, False),
        ("", {"select": ["TH116"]}, True),
        ("", {"select": ["TH116", "blanket-nosec"], "skips": ["B101"]}, True),
        ("", {"tests": ["TH116,B101"]}, True),
        ("", {"tests": ["B101"]}, False),
        ("", {"tests": ["B101"], "select": ["TH116"]}, True),
        ('[tool.bandit]\ntests = ["import_path_from_outside"]\n', {}, True),
        ('[tool.bandit]\nskips = ["TH116"]\n', {"select": ["TH116"]}, True),
    ],
)
def test_what_is_off_until_it_is_named(
    here: Path, text: str, values: dict[str, Any], runs: bool
) -> None:
    found = settings(here, {"pyproject.toml": text}, **values)
    assert found.runs("TH116") is runs


def test_floors(here: Path) -> None:
    files = {".bandit": "[bandit]\nlevel = MEDIUM\nconfidence = low\n"}
    found = settings(here, files)
    assert (found.severity, found.confidence) == ("MEDIUM", "LOW")
    found = settings(here, files, severity_level="high", confidence_level="all")
    assert (found.severity, found.confidence) == ("HIGH", "UNDEFINED")
    assert found.origins["severity"] == "option severity-level"


@pytest.mark.parametrize("severity", ["UNDEFINED", "LOW", "MEDIUM", "HIGH"])
@pytest.mark.parametrize("confidence", ["UNDEFINED", "LOW", "MEDIUM", "HIGH"])
def test_floors_as_bandit_has_them(here: Path, severity: str, confidence: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        issues = importlib.import_module("bandit.core.issue")
    oracle = issues.Issue(severity, confidence=confidence)
    issue = Issue("a.py", "B101", "", severity, confidence, "", 0, 1, 0, 0, [1], "")
    for level in ("all", "low", "medium", "high"):
        found = loaded(severity_level=level, confidence_level="medium")
        assert found.reports(issue) == oracle.filter(found.severity, found.confidence)


@pytest.mark.parametrize(
    ("text", "said", "wanted"),
    [
        ("", False, False),
        ("", True, True),
        ("ignore-nosec = true\n", False, True),
        ("ignore-nosec = false\n", False, False),
        ("ignore-nosec = No\n", True, True),
    ],
)
def test_ignore_nosec(here: Path, text: str, said: bool, wanted: bool) -> None:
    found = settings(here, {".bandit": "[bandit]\n" + text}, ignore_nosec=said)
    assert found.ignore_nosec is wanted


def test_baseline(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        ".bandit": "[bandit]\nbaseline = known.json\n",
        "known.json": "{}",
        "ci/own.json": "{}",
    }
    found = settings(here, files)
    assert found.baseline
    assert found.baseline.path == "known.json"
    found = settings(here, files, baseline="ci/own.json")
    assert found.baseline
    assert found.baseline.path == "ci/own.json"
    monkeypatch.chdir(here / "ci")
    for name, path in [("own.json", "ci/own.json"), ("known.json", "known.json")]:
        found = loaded(baseline=name)
        assert found.baseline
        assert found.baseline.path == path


def test_targets(here: Path) -> None:
    assert settings(here, {".bandit": "[bandit]\ntargets = src/, lib\n"}).targets == ["src/", "lib"]


def test_origins(here: Path) -> None:
    text = '[tool.bandit]\nskips = ["B101"]\nexclude_dirs = ["a"]\n'
    found = settings(here, {"pyproject.toml": text}, skips=["B102"], tests=["B103"])
    assert found.origins == {
        "skips": "pyproject.toml:2:1 and option skips",
        "exclude": "pyproject.toml:3:1",
        "tests": "option tests",
    }
    assert found.source
    assert found.source.path == "pyproject.toml"


def test_the_origin_of_a_profile(here: Path) -> None:
    files = {"bandit.yaml": PROFILES}
    told = settings(here, files, profile="two").origins
    assert {told[name] for name in ("profile", "tests", "skips")} == {"option profile"}


def test_options_beside_a_file(here: Path) -> None:
    files = {"bandit.yaml": "skips: [B101, B102]\n"}
    found = settings(here, files, skips=["B103,B104", "pickle"])
    skipped = ["B101", "B102", "B103", "B104", "B301"]
    assert not any(map(found.runs, skipped))
    assert found.runs("B105")
    assert settings(here, files, tests=["B101"]).runs("B101")


def validate(name: str, value: str) -> str | None:
    option = next(option for option in OPTIONS if option.name == name)
    assert option.validate
    return option.validate(value)


@pytest.mark.parametrize(
    ("name", "value", "wrong"),
    [
        ("tests", "B101", None),
        ("tests", "B101, pickle,TH101", None),
        ("skips", "B322", None),
        ("skips", "b101", "unknown test b101; did you mean B101?"),
        ("skips", "B101,B9", "unknown test B9; Bandit 1.9.4 has none of that name"),
        ("tests", "", "names no test"),
        ("severity-level", "medium", None),
        ("severity-level", "MEDIUM", "must be all, low, medium or high"),
        ("confidence-level", "", "must be all, low, medium or high"),
        ("per-file-ignores", "tests/**:B101,B105", None),
        ("per-file-ignores", "tests/**:b101", "unknown test b101; did you mean B101?"),
        ("per-file-ignores", "B101", "must be a pattern, a colon, and tests: tests/**:B105,B106"),
        ("per-file-ignores", ":B101", "must be a pattern, a colon, and tests: tests/**:B105,B106"),
        ("per-file-ignores", "a:", "must be a pattern, a colon, and tests: tests/**:B105,B106"),
    ],
)
def test_validators(name: str, value: str, wrong: str | None) -> None:
    assert validate(name, value) == wrong


def test_options_in_the_configuration_of_tenterhooks(make_repository: MakeRepository) -> None:
    text = (
        '[tool.tenterhooks.bandit]\nskips = ["B404"]\nseverity-level = "high"\n'
        'per-file-ignores = ["scripts/**:B603"]\n[tool.bandit]\nskips = ["B101"]\n'
    )
    make_repository({"pyproject.toml": text})
    repository = Repository()
    table = config.Config(repository, None).of(PRACTICE, OPTIONS)
    found = load(repository, options(**vars(config.merge(OPTIONS, table, None))))
    assert [found.runs(id) for id in ("B101", "B404", "B102")] == [False, False, True]
    assert found.severity == "HIGH"
    assert found.ignored("scripts/a.py") == {"B603"}


def test_nothing_of_bandit_is_imported(here: Path) -> None:
    import subprocess
    import sys

    write(here, {"pyproject.toml": '[tool.bandit]\nskips = ["B101", "eval"]\n', "a.py": ""})
    code = (
        "import sys; from types import SimpleNamespace\n"
        "from tenterhooks.bandit import settings, options\n"
        "from tenterhooks.core.files import Repository\n"
        "given = {it.attribute: it.default() for it in options.OPTIONS} | {'select': []}\n"
        "found = settings.load(Repository(), SimpleNamespace(**given))\n"
        "assert not (found.runs('B101') or found.excludes('a.py') or found.ignored('a.py'))\n"
        "print([name for name in sys.modules if name.split('.')[0] in\n"
        "       ('bandit', 'yaml', 'difflib', 'ruamel', 'configparser', 'typing', 'pathlib')])\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, check=False, text=True
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
