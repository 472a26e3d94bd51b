"""One file at a time: what configuration changes, and that nothing that goes wrong is a pass."""

from __future__ import annotations

import gc
import importlib
import logging
import subprocess
import sys
import tokenize
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.bandit import driver, engine, installed, loading, manager, nosec
from tenterhooks.bandit.configured import BanditTest
from tenterhooks.bandit.detections.needs import Calls
from tenterhooks.bandit.driver import EXCEPTION, SYNTAX, scan
from tenterhooks.bandit.installed import Entry, Missing
from tenterhooks.bandit.loading import Broken
from tenterhooks.bandit.model import Result
from tenterhooks.bandit.plain import pack, unpack
from tenterhooks.bandit.ruleset import Ruleset


def of_bandit(**options: Any) -> Ruleset:
    """Bandit's own tests alone."""
    registry = Ruleset().engine.registry
    ids = {it for it in registry.plugins_by_id if it.startswith("B")} | {"B001"}
    return Ruleset(**{"tests": ids, **options})


def found(source: str | bytes, rules: Ruleset | None = None) -> Result:
    data = source.encode() if isinstance(source, str) else source
    return scan(data, "src/a.py", rules or of_bandit())


def ids(result: Result) -> list[tuple[str, int]]:
    return [(issue.test_id, issue.line) for issue in result.issues]


SOURCE = """
import subprocess
import telnetlib
import os
subprocess.run(x, shell=True)
my.run("ls *", shell=True)
mine.system("chmod *")
f("/var/mine/x", "/tmp/y")
assert x
Markup(x)
mine.Markup(clean(x))
try:
    rsa.generate_private_key(key_size=4000)
except ValueError:
    pass
exec(x)  # nosec
yaml.load(x, method=PROTOCOL_MINE)
from cryptography.hazmat.primitives.asymmetric import rsa
rsa.generate_private_key(key_size=4000)
"""
SHELL = {"subprocess": ["my.run"], "shell": ["mine.system"], "no_shell": []}
KINDS = ("dsa_high", "dsa_medium", "rsa_high", "rsa_medium", "ec_high", "ec_medium")
SIZES = {f"weak_key_size_{kind}": 8000 for kind in KINDS}


@pytest.mark.parametrize(
    ("options", "wanted", "unwanted"),
    [
        ({}, "B602", "B609"),
        ({"tests": ["B101", "B401"]}, "B401", "B602"),
        ({"tests": ["B001"]}, "B404", "B602"),
        ({"tests": ["B001", "B401"]}, "B401", "B404"),
        ({"skips": ["B101", "B404"]}, "B401", "B101"),
        ({"skips": ["B001"]}, "B101", "B401"),
        ({"skips": ["B001", "B401"]}, "B404", "B401"),
        ({"ignore_nosec": True}, "B102", "B999"),
        ({"options": {"shell_injection": SHELL}}, "B609", "B603"),
        ({"options": {"shell_injection": {}}}, "B101", "B602"),
        ({"options": {"hardcoded_tmp_directory": {"tmp_dirs": ["/var/mine"]}}}, "B108", "B999"),
        ({"options": {"hardcoded_tmp_directory": {"tmp_dirs": []}}}, "B101", "B108"),
        ({"options": {"hardcoded_tmp_directory": {}}}, "B108", "B999"),
        ({"options": {"assert_used": {"skips": ["src/*"]}}}, "B602", "B101"),
        ({"options": {"assert_used": {"skips": ["lib/*"]}}}, "B101", "B999"),
        ({"options": {"try_except_pass": {"check_typed_exception": True}}}, "B110", "B999"),
        (
            {"options": {"markupsafe_xss": {"extend_markup_names": ["mine.Markup", "Markup"]}}},
            "B704",
            "B999",
        ),
        (
            {
                "options": {
                    "markupsafe_xss": {
                        "extend_markup_names": ["mine.Markup"],
                        "allowed_calls": ["clean"],
                    }
                }
            },
            "B101",
            "B704",
        ),
        (
            {"options": {"ssl_with_bad_version": {"bad_protocol_versions": ["PROTOCOL_MINE"]}}},
            "B502",
            "B999",
        ),
        ({"options": {"weak_cryptographic_key": SIZES}}, "B505", "B999"),
    ],
)
def test_a_choice_of_tests_and_their_configuration(
    options: dict[str, Any], wanted: str, unwanted: str
) -> None:
    rules = of_bandit(**options)
    mine, theirs = found(SOURCE, rules), manager.scan(SOURCE.encode(), "src/a.py", rules)
    assert pack(mine)[0] == pack(theirs)[0]
    assert pack(mine)[4] == pack(theirs)[4]
    tests = {issue.test_id for issue in mine.issues}
    assert wanted in tests
    assert unwanted not in tests
    assert mine.failure is None


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="this Python's tokenizer is quick")
@pytest.mark.parametrize("end", [b"  # nosec\n", b"\n", b"  # nosec\r\n"])
def test_the_tokenizer_is_spared_what_it_takes_minutes_for(
    end: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    blanks = b" " * 10_000
    assert nosec.comments(b"x =" + blanks + b"1" + end).keys() == ({1} if end.strip() else set())
    monkeypatch.setattr(tokenize, "tokenize", None)
    result = found(b"f(" + blanks + b'"a' + end)
    assert result.failure == SYNTAX
    assert result.failure_line == 1
    assert nosec.comments(b"f(" + blanks + b'"a' + end) == {}


@pytest.mark.parametrize(
    ("data", "reason", "line", "detail"),
    [
        (b"assert x\ny = = 1\n", SYNTAX, 2, "invalid syntax"),
        (b"assert x\ny = (\n", SYNTAX, 2, "never closed"),
        (b"x = '\xff'\n", SYNTAX, 1, "encoding"),
        (b"assert x\n\nx = '\xff'\n", None, 1, "utf-8"),
        (b"# coding: martian\nassert x\n", SYNTAX, 1, "martian"),
        (b"x = " + b"(" * 300 + b")" * 300 + b"\nassert x\n", SYNTAX, 1, "nested"),
        (b"assert x  # nosec\n\0\n", None, 1, ""),
        (b"assert x\n\0\n", None, 1, "null"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_failure(
    data: bytes, reason: str | None, line: int, detail: str
) -> None:
    result = found(data)
    assert result.failure in ((SYNTAX, EXCEPTION) if reason is None else (reason,))
    assert result.issues == []
    if reason == SYNTAX and line > 1:
        assert result.failure_line == line
    assert detail in result.detail


@pytest.mark.parametrize(
    ("source", "version"),
    [
        ("type X = int\nassert x\n", (3, 12)),
        ("def f[T](x: T): assert x\n", (3, 12)),
        ("try: pass\nexcept* E: exec(x)\n", (3, 11)),
        ("x = t'{y}'\nassert x\n", (3, 14)),
    ],
)
def test_syntax_that_is_newer_than_python_is_a_failure(
    source: str, version: tuple[int, int]
) -> None:
    result = found(source)
    if sys.version_info >= version:
        assert len(result.issues) == 1
        assert result.failure is None
    else:
        assert result.failure == SYNTAX


def test_type_comments_are_only_comments() -> None:
    result = found("x = 1  # type: [not a type\nassert x  # type: ignore\n")
    assert result.failure is None
    assert ids(result) == [("B101", 2)]


# From 3.12 on, Python's own parser has a limit of its own, which nothing raises.
BOUND = sys.version_info >= (3, 12)


def assert_nothing_hidden(result: Result, wanted: list[tuple[str, int]]) -> None:
    if BOUND and result.failure is not None:
        assert (result.failure, result.issues) == (EXCEPTION, [])
    else:
        assert (result.failure, ids(result)) == (None, wanted)


@pytest.mark.parametrize("terms", [900, 3000, 6000])
def test_a_long_sum_hides_nothing(terms: int) -> None:
    """Bandit skips such a file without a word, with what else is in it."""
    result = found("x = " + "1+" * terms + "exec(y)\nassert x\n")
    assert_nothing_hidden(result, [("B102", 1), ("B101", 2)])


def test_deep_sums_of_strings() -> None:
    result = found("x = " + "'a'+" * 1200 + "'select b from c' + y\n")
    assert result.failure is None
    assert {test for test, _ in ids(result)} == {"B608"}


def test_a_sum_of_strings_that_would_take_minutes_is_not_checked() -> None:
    result = found("x = " + "'a'+" * 20_000 + "'select b from c' + y\nexec(z)\n")
    assert result.failure == EXCEPTION


def test_a_chain_of_attributes_hides_nothing() -> None:
    result = found("x" + ".y" * 3000 + "(exec(z))\n")
    assert_nothing_hidden(result, [("B102", 1)])


def test_warnings_are_not_errors() -> None:
    def answer(_: Any) -> None:
        warnings.warn("old", DeprecationWarning, stacklevel=1)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert run_plugin("Assert", answer, "assert '\\d' is x\n").failure is None


def test_what_is_too_deep_is_a_failure() -> None:
    result = found("x = " + "-" * 200_000 + "1\nassert x\n")
    assert result.failure in (EXCEPTION, SYNTAX)
    assert result.issues == []


def test_the_limits_are_as_before_afterwards() -> None:
    import threading

    before = sys.getrecursionlimit(), threading.stack_size(), gc.isenabled()
    found("x = " + "1+" * 3000 + "1\n")
    assert (sys.getrecursionlimit(), threading.stack_size(), gc.isenabled()) == before


CRASH = "import tarfile\nassert x\nt.extractall(members=self.members(t)){}\nexec(y)\n"


def test_a_test_that_crashes_is_a_failure_and_others_are_heard() -> None:
    """Bandit logs it and exits with 0."""
    result = found(CRASH.format(""))
    assert ids(result) == [("B101", 2), ("B102", 4)]
    assert result.failure == "Bandit's test B202 (tarfile_unsafe_members) crashed"
    assert "AttributeError" in result.detail
    assert (result.failure_line, result.failure_column) == (3, 1)


@pytest.mark.parametrize("comment", ["  # nosec", "  # nosec B202", "  # nosec B101, B202"])
def test_a_crash_can_be_accepted(comment: str) -> None:
    result = found(CRASH.format(comment))
    assert result.failure is None
    assert result.suppressed == [(3, "B202")]


def test_a_comment_for_another_test_accepts_no_crash() -> None:
    assert found(CRASH.format("  # nosec B101")).failure is not None


def test_broken_configuration_breaks_aloud() -> None:
    rules = of_bandit(options={"shell_injection": {"shell": []}})
    result = found("import os\nos.system(x)\n", rules)
    assert "crashed" in (result.failure or "")
    assert "KeyError" in result.detail


@pytest.mark.parametrize(
    ("source", "suppressed", "nosec", "skipped"),
    [
        ("assert x  # nosec\n", [(1, "B101")], 1, 0),
        ("assert x  # nosec B101\n", [(1, "B101")], 0, 1),
        ("assert x  # nosec B102\n", [], 0, 0),
        ("assert x  # nosec assert_used\n", [(1, "B101")], 0, 1),
        ("assert (  # nosec B101\n    exec(y))  # nosec B102\n", [(1, "B101"), (2, "B102")], 0, 2),
        ("assert (\n    x\n)  # nosec\n", [(3, "B101")], 1, 0),
        ("import os\nos.system(\n  x)  # nosec B605,B607\n", [], 0, 0),
        ("import os\nos.system('a')  # nosec\n", [(2, "B605"), (2, "B607")], 2, 0),
        ("f(  # nosec\n  shell=True)  # nosec B604\n", [(2, "B604")], 0, 1),
    ],
)
def test_what_comments_silence_is_kept(
    source: str, suppressed: list[tuple[int, str]], nosec: int, skipped: int
) -> None:
    result = found(source)
    assert result.suppressed == suppressed
    assert (result.nosec, result.skipped_tests) == (nosec, skipped)
    assert set(result.comments) >= {line for line, _ in suppressed}


def test_comments_are_kept_as_they_are_written() -> None:
    result = found("x = 1  # noqa # nosec: B101 why\n# nothing\ny = '# nosec'\n")
    assert result.comments == {1: "# noqa # nosec: B101 why"}


def test_no_comment_counts_where_none_should() -> None:
    result = found("assert x  # nosec\n", of_bandit(ignore_nosec=True))
    assert ids(result) == [("B101", 1)]
    assert result.suppressed == []


def entry(module: str, attribute: str = "", group: str = installed.PLUGINS) -> Entry:
    return Entry(group, "theirs", module, attribute, "theirs-1.0")


@pytest.mark.parametrize(
    ("text", "attribute", "reason"),
    [
        ("import nothing_of_this_name", "check", "ModuleNotFoundError"),
        ("raise SystemError('no')", "check", "SystemError: no"),
        ("x = (", "check", "SyntaxError"),
        ("", "check", "AttributeError"),
        ("check = 1", "check", "no test id"),
        ("def check(context): pass", "check", "no test id"),
        ("def check(context): pass\ncheck._test_id = 'X1'", "check", "what it checks"),
    ],
)
def test_a_plugin_that_cannot_be_loaded_is_named(
    text: str, attribute: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bandit drops it without a word."""
    (tmp_path / "their_plugin.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "their_plugin", raising=False)
    seen = installed.look()
    seen.entries.append(entry("their_plugin", attribute))
    with pytest.raises(Broken, match=r"theirs of theirs-1\.0") as error:
        loading.load(seen)
    assert reason in str(error.value)
    sys.modules.pop("their_plugin", None)


@pytest.mark.parametrize(
    "text", ["def gen(): raise KeyError", "gen = dict", "def gen(): return {'Call': [{}]}"]
)
def test_a_blacklist_that_cannot_be_loaded_is_named(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "their_list.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    seen = installed.look()
    seen.entries.append(entry("their_list", "gen", installed.BLACKLISTS))
    if text == "gen = dict":
        loading.load(seen)
    else:
        with pytest.raises(Broken, match="theirs"):
            loading.load(seen)
    sys.modules.pop("their_list", None)


BUILT_IN = "tarfile_unsafe_members"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import nothing_of_this_name", "ModuleNotFoundError"),
        ("", "AttributeError"),
        (f"def {BUILT_IN}(context): pass", "no test id"),
        (f"def {BUILT_IN}(context): pass\n{BUILT_IN}._test_id = 'B1'\n", "what it checks"),
        (
            f"def {BUILT_IN}(context): pass\nvars({BUILT_IN}).update(_test_id='B202', _checks=[1])",
            "its checks is not",
        ),
    ],
)
@pytest.mark.parametrize("depth", [0] if BOUND else [0, 3000])
def test_a_test_of_bandit_that_cannot_be_loaded_is_named_when_it_is_needed(
    text: str, reason: str, depth: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / f"{BUILT_IN}.py").write_text(text)
    module = f"bandit.plugins.{BUILT_IN}"
    rules = Ruleset(tests=["B202", "B101"])
    assert ids(found("assert x\n", rules)) == [("B101", 1)]
    monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setattr(importlib.import_module("bandit.plugins"), "__path__", [str(tmp_path)])
    with pytest.raises(Broken, match=rf"{BUILT_IN} of bandit-1\.9\.4") as error:
        found("x = " + "1+" * depth + "t.extractall()\n", rules)
    assert reason in str(error.value)
    sys.modules.pop(module, None)


def plugin(name: str, kind: str, body: Any) -> Any:
    def function(context: Any) -> Any:
        return body(context)

    function.__name__ = name
    function.__module__ = "theirs"
    vars(function).update(_test_id="X100", _checks=[kind])
    return function


def run_plugin(kind: str, body: Any, source: str) -> Result:
    """What comes of one plugin of somebody else."""
    registry = loading.Registry("1.9.4")
    function = plugin("theirs", kind, body)
    registry.add_plugin(loading.Plugin("theirs", function, "theirs-1.0"))
    rules = Ruleset()
    _ = rules.engine
    rules._engine = engine.Engine(registry, {kind: [BanditTest(function, "X100", False, None)]})
    return scan(source.encode(), "a.py", rules)


@pytest.mark.parametrize(
    ("module", "calls", "wanted"),
    [
        ("tenterhooks.x", Calls(), [1, 2, 3, 4]),
        ("tenterhooks.x", Calls({"f"}), [1, 4]),
        ("tenterhooks.x", Calls({"a.f"}), [1]),
        ("tenterhooks.x", Calls({"b.f"}), []),
        ("tenterhooks.x", Calls({"f"}, {"k"}), [1, 2, 4]),
        ("tenterhooks.x", Calls({""}), [3]),
        ("tenterhooks.x", Calls(None, {"k"}), [2]),
        ("tenterhooks.x", Calls((), ()), []),
        ("tenterhooks.x", Calls({"f"}, where=lambda path, _: path == "b.py"), []),
        ("tenterhooks.x", Calls({"f"}, where=lambda path, _: path == "a.py"), [1, 4]),
        ("tenterhooks.x", Calls({"f"}, all_where=lambda _, data: b"g(" in data), [1, 2, 3, 4]),
        ("tenterhooks.x", Calls({"f"}, all_where=lambda _, data: b"h(" in data), [1, 4]),
        ("theirs", Calls({"f"}, {"k"}), [1, 2, 3, 4]),
    ],
)
def test_our_own_tests_say_which_calls_they_want(
    module: str, calls: Calls, wanted: list[int]
) -> None:
    seen: list[int] = []
    function = plugin("ours", "Call", lambda context: seen.append(context.node.lineno))
    vars(function).update(needs={"Call": calls})
    function.__module__ = module
    registry = loading.Registry("1.9.4")
    registry.add_plugin(loading.Plugin("ours", function, "x-1"))
    rules = Ruleset()
    _ = rules.engine
    tests = {"Call": [BanditTest(function, "X100", False, None)]}
    rules._engine = engine.Engine(registry, tests)
    assert scan(b"a.f(k)\ng(k=1, **f)\na[0](f)\nf(**k)\n", "a.py", rules).failure is None
    assert seen == wanted


@pytest.mark.parametrize(
    "answer",
    [
        1,
        "text",
        [],
        SimpleNamespace(),
        {"severity": "LOW"},
    ],
)
def test_a_plugin_that_returns_something_else_crashed(answer: Any) -> None:
    result = run_plugin("Call", lambda _: answer, "f()\n")
    assert "X100" in (result.failure or "")


@pytest.mark.parametrize(
    ("name", "value"),
    [("severity", "GREAT"), ("confidence", None), ("text", b""), ("lineno", "1"), ("linerange", 3)],
)
def test_an_issue_that_is_none_is_a_crash(name: str, value: Any) -> None:
    issue: Any = importlib.import_module("bandit.core.issue")

    def answer(_: Any) -> Any:
        made: Any = issue.Issue("LOW", 1, "LOW", "text")
        setattr(made, name, value)
        return made

    assert "X100" in (run_plugin("Call", answer, "f()\n").failure or "")


@pytest.mark.parametrize("error", [ValueError, AssertionError, RecursionError, MemoryError])
def test_whatever_a_plugin_raises_is_a_failure(error: type[Exception]) -> None:
    def answer(_: Any) -> Any:
        raise error("no")

    result = run_plugin("Assert", answer, "assert x\n")
    assert result.failure is not None


def test_plugins_of_other_people_cannot_disturb_each_other() -> None:
    def answer(context: Any) -> Any:
        context._context.clear()

    assert run_plugin("Call", answer, "f()\nf()\n").failure is None


def test_bandit_that_is_not_installed_is_named(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="bandit is not installed"):
        installed.look([str(tmp_path)])
    (tmp_path / "bandit" / "core").mkdir(parents=True)
    (tmp_path / "bandit" / "core" / "node_visitor.py").touch()
    with pytest.raises(Missing, match="distribution"):
        installed.look([str(tmp_path)])


def test_the_working_directory_adds_no_plugins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "evil-1.dist-info").mkdir()
    (tmp_path / "evil-1.dist-info" / "entry_points.txt").write_text("[bandit.plugins]\nx = x:y\n")
    monkeypatch.chdir(tmp_path)
    with_it = installed.look(["", *sys.path])
    assert "evil" not in {it.distribution.partition("-")[0] for it in with_it.entries}
    assert any(it.name == "x" for it in installed.look([str(tmp_path), *sys.path]).entries)


def test_entry_points_in_any_spelling(tmp_path: Path) -> None:
    text = (
        "# comment\n[console_scripts]\na = b:c\n\n [bandit.plugins] \n; no\n"
        "one=m.n:o\n two = p : q.r [extra]\n[bandit.blacklists]\nthree = s:t\n[other]\nx = y:z\n"
    )
    (tmp_path / "a_b-2.0.dist-info").mkdir()
    (tmp_path / "a_b-2.0.dist-info" / "entry_points.txt").write_text(text)
    seen = installed.look([str(tmp_path), *sys.path]).entries[:3]
    assert [(it.group[7:], it.name, it.module, it.attribute, it.distribution) for it in seen] == [
        ("plugins", "one", "m.n", "o", "a-b-2.0"),
        ("plugins", "two", "p", "q.r", "a-b-2.0"),
        ("blacklists", "three", "s", "t", "a-b-2.0"),
    ]


def test_another_version_of_bandit_is_run_by_its_own_manager(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rules = of_bandit()
    assert rules.proved
    mine = found(SOURCE, rules)
    monkeypatch.setattr(loading, "PROVED", "1.9.3")
    assert not rules.proved
    monkeypatch.setattr(driver, "_scan", None)
    theirs = found(SOURCE, rules)
    assert pack(theirs)[0] == pack(mine)[0]
    assert theirs.comments == mine.comments


@pytest.fixture(params=["", "bandit", "bandit.core.tester"])
def _quiet(request: pytest.FixtureRequest) -> Iterator[None]:
    """Somebody does not want to hear what Bandit logs."""
    logger = logging.getLogger(request.param)
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(before)


@pytest.mark.usefixtures("_quiet")
def test_the_manager_fails_closed_too() -> None:
    rules = of_bandit()
    crashed = manager.scan(CRASH.format("").encode(), "a.py", rules)
    assert "crashed" in (crashed.failure or "")
    assert ids(crashed) == [("B101", 2), ("B102", 4)]
    assert manager.scan(b"x = (\n", "a.py", rules).failure == SYNTAX


def test_the_manager_names_a_plugin_that_bandit_dropped() -> None:
    rules = of_bandit()
    rules.installed.entries.append(entry("nowhere", "check"))
    with pytest.raises(Broken, match=r"theirs of theirs-1\.0"):
        manager.scan(b"", "a.py", rules)


def test_links_are_those_of_bandit(monkeypatch: pytest.MonkeyPatch) -> None:
    loader: Any = importlib.import_module("bandit.core.extension_loader")
    # Bandit writes the name of the page over the name of the test.
    entries = {id: dict(it) for id, it in loader.MANAGER.blacklist_by_id.items()}
    monkeypatch.setattr(loader.MANAGER, "blacklist_by_id", entries)
    docs_utils: Any = importlib.import_module("bandit.core.docs_utils")

    registry = Ruleset().engine.registry
    tests = [*registry.plugins_by_id, *registry.blacklist_by_id, "LEGACY"]
    assert len(tests) > 70
    for test in filter(lambda it: it.startswith(("B", "L")), tests):
        assert registry.url(test) == docs_utils.get_url(test)


@pytest.mark.parametrize("module", ["yaml", "rich", "stevedore", "importlib.metadata", "argparse"])
def test_what_is_slow_is_not_imported(module: str) -> None:
    program = (
        "import sys\nfrom tenterhooks.bandit.driver import scan\n"
        "from tenterhooks.bandit.ruleset import Ruleset\n"
        f"assert scan(b'assert x', 'a.py', Ruleset()).issues\nassert {module!r} not in sys.modules"
    )
    subprocess.run([sys.executable, "-I", "-c", program], check=True)


def test_nothing_of_bandit_is_imported_before_it_is_needed() -> None:
    program = (
        "import sys\nimport tenterhooks.bandit\nfrom tenterhooks.bandit import cache, workers\n"
        "from tenterhooks.bandit.ruleset import Ruleset\nRuleset(tests=['B101']).key()\n"
        "assert not [it for it in sys.modules if it.partition('.')[0] == 'bandit']\n"
        "assert 'sqlite3' not in sys.modules"
    )
    subprocess.run([sys.executable, "-I", "-c", program], check=True)


def test_the_light_package_gives_what_the_real_one_does() -> None:
    program = (
        "import sys\nfrom tenterhooks.bandit.ruleset import Ruleset\nRuleset().engine\n"
        "import bandit\nfrom bandit.core import issue, manager, test_properties, extension_loader\n"
        "assert bandit.Issue is issue.Issue and bandit.core.Issue is issue.Issue\n"
        "assert bandit.HIGH == 'HIGH' and bandit.manager is manager\n"
        "assert bandit.test_id is test_properties.test_id\n"
        "assert bandit.__version__ == '1.9.4'\n"
        "assert extension_loader.MANAGER.plugins_by_id['B101']\n"
        "assert not hasattr(bandit, 'nothing')"
    )
    subprocess.run([sys.executable, "-I", "-c", program], check=True)


def test_a_large_dictionary_takes_no_quadratic_time() -> None:
    """PyCQA/bandit#505: Bandit takes half an hour for one of 14,000 entries."""
    source = "x = {\n" + "".join(f"    'key{n}': 'value{n}',\n" for n in range(14_000)) + "}\n"
    assert found(source).issues == []


@pytest.mark.parametrize(
    "source",
    [
        "x = " + " + ".join(f"'s{n}'" for n in range(2000)),
        "f(" + ", ".join(f"a{n}='b'" for n in range(5000)) + ")",
        "x" + "[0]" * 1000,
        "# nosec " * 20_000,
        "x = 1  #" + " " * 100_000 + "nosec",
        "x = 1  # nosec " + "B101," * 30_000,
        "import " + ", ".join(f"a{n}" for n in range(10_000)),
    ],
    ids=["sum", "keywords", "subscripts", "comments", "blanks", "ids", "imports"],
)
def test_hostile_input_takes_no_quadratic_time(source: str) -> None:
    assert found(source).failure is None


def test_trees_do_not_wait_for_the_garbage_collector() -> None:
    import ast

    def nodes() -> int:
        return sum(isinstance(it, ast.AST) for it in gc.get_objects())

    rules = of_bandit()
    found("", rules)
    gc.collect()
    gc.disable()
    try:
        # Python keeps one node of each operator, and other tests keep what they like.
        before = nodes()
        found(SOURCE * 50, rules)
        left = nodes() - before
    finally:
        gc.enable()
    assert left < 100


@given(st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    result = found(data)
    assert pack(unpack(pack(result), "src/a.py")) == pack(result)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=3) | st.floats(),
        lambda inner: st.lists(inner, max_size=5),
        max_leaves=20,
    )
)
def test_only_results_are_unpacked(value: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever was wrong
        unpack(value, "a.py")
