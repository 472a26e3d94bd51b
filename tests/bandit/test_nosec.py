"""nosec comments: read as Bandit reads them, and called what they are."""

from __future__ import annotations

import logging
import sys
import tokenize
import warnings
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools import examples

from tenterhooks.bandit import nosec, nosec_rules
from tenterhooks.bandit.model import Issue, Result
from tenterhooks.bandit.rules import BLANKET
from tenterhooks.core import edits
from tenterhooks.core.files import File
from tenterhooks.core.finding import Finding

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from bandit.core import config, extension_loader, manager

BANDIT = extension_loader.MANAGER
TESTS = nosec.Tests(
    {*BANDIT.plugins_by_id, *BANDIT.blacklist_by_id, "B001"},
    {
        **{name: test["id"] for name, test in BANDIT.blacklist_by_name.items()},
        **{name: test.plugin._test_id for name, test in BANDIT.plugins_by_name.items()},
    },
)
ALL = TESTS.ids
# It warns of every word that is no test.
logging.getLogger("bandit.core.manager").setLevel(logging.CRITICAL)


def bandits(comment: str) -> set[str] | None:
    answer = manager._parse_nosec_comment(comment)
    return None if answer is None else set(answer)


def ours(comment: str) -> set[str] | None:
    read = nosec.parse(1, comment)
    return None if read is None else read.silences(TESTS)


@pytest.mark.parametrize(
    ("comment", "silenced"),
    [
        ("# nosec", set()),
        ("#nosec", set()),
        ("#  nosec:", set()),
        ("# nosec B602", {"B602"}),
        ("# nosec: B602", {"B602"}),
        ("# nosec:B602", {"B602"}),
        ("# nosecB602", {"B602"}),
        ("# nosec B602, B607", {"B602", "B607"}),
        ("# nosec B602 B607", {"B602", "B607"}),
        ("# nosec B602,,B607", {"B602", "B607"}),
        ("# nosec B602,B607", {"B607"}),
        ("# nosec B602,B607,", {"B607"}),
        ("# nosec B602B607", {"B607"}),
        ("# nosec B602x", set()),
        ("# nosec xB602", set()),
        ("# nosec B602,see below", set()),
        ("# nosec [B602]", {"B602"}),
        ("# nosec assert_used", {"B101"}),
        ("# nosec pickle", {"B301"}),
        ("# nosec B001", {"B001"}),
        ("# nosec blacklist", set()),
        ("# nosec b602", set()),
        ("# nosec B999", set()),
        ("# nosec: a reason", set()),
        ("# nosecurity issue", set()),
        ("# nosec B602  # B607", {"B602"}),
        ("# nosec B602  # nosec B607", {"B602"}),
        ("# noqa: E501  # nosec B602", {"B602"}),
        ("# type: ignore # nosec B602 # noqa", {"B602"}),
        ("# NOSEC", None),
        ("# no sec", None),
        ("# not nosec B602", None),
        ("# a", None),
        ("#", None),
    ],
)
def test_what_a_comment_silences(comment: str, silenced: set[str] | None) -> None:
    assert bandits(comment) == silenced
    assert ours(comment) == silenced


PARTS = st.sampled_from(
    [
        "# ",
        "\t",
        "nosec",
        "nosec:",
        ":",
        ",",
        ", ",
        "B602",
        "B607",
        "b101",
        "B1",
        "B",
        "602",
        "assert_used",
        "pickle",
        "x",
        "_",
        "-",
        "\u017f",
        "\u212a",
        "\u0663",
        "\xa0",
        "\x0b",
        "noqa",
        "#",
    ]
)


@given(st.lists(PARTS, max_size=14).map("".join).map("#".__add__))
def test_any_comment_silences_what_it_does_in_bandit(comment: str) -> None:
    assert ours(comment) == bandits(comment)


@given(st.text("#nosecB0123_, :\n\r\\'\"()\x0c", max_size=60))
def test_any_comment_is_found_where_bandit_finds_it(text: str) -> None:
    data = text.encode()
    found: dict[int, set[str] | None] = {}
    try:
        lines = iter([*data.splitlines(keepends=True)] if b"\r" not in data else [])
        if b"\r" in data:
            return
        for kind, value, (line, _), _, _ in tokenize.tokenize(lambda: next(lines, b"")):
            if kind == tokenize.COMMENT:
                found[line] = bandits(value)
    except (tokenize.TokenError, SyntaxError):
        pass
    read = {line: it.silences(TESTS) for line, it in nosec.comments(data).items()}
    assert read == {line: it for line, it in found.items() if it is not None}


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"x = 1  # nosec\n", [1]),
        (b"\xef\xbb\xbfx = 1  # nosec\n", [1]),
        (b"x = 1  # nosec", [1]),
        (b"x = '# nosec'\n", []),
        (b"'''\n# nosec\n'''  # nosec\n", [3]),
        (b"f(\n    # nosec\n    1,  # nosec\n)\n", [2, 3]),
        (b"x = 1  # nosec\nf(\n", [1]),
        (b"# coding: latin-1\nx = '\xe9'  # nosec\n", [2]),
        (b"# coding: utf-7\nx = 1  # +AG4-osec\n", [2]),
        (b"# coding: no-such\nx = 1  # nosec\n", []),
        (b"x = '\xff'  # nosec\n", []),
        (b"", []),
    ],
)
def test_where_comments_are(data: bytes, lines: list[int]) -> None:
    assert sorted(nosec.comments(data)) == lines


LEXEMES = st.sampled_from(
    [
        *(
            "'",
            '"',
            "'''",
            '"""',
            "\\",
            "\\\n",
            "\n",
            "# nosec",
            "#",
            " ",
            "a",
            "1",
            "+",
            "(",
            ")",
            ";",
        ),
        *("f'", 'rb"', "r'''", "{", "}", "\\'", '\\"', "x = ", "if a:\n  ", "\t", "\xe9", "\u2028"),
    ]
)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="the tokenizer is quick itself")
@settings(max_examples=examples(2000))
@given(st.lists(LEXEMES, max_size=20).map("".join), st.booleans())
def test_the_quick_way_finds_what_the_tokenizer_does(text: str, closed: bool) -> None:
    data = (f"x = ({text}\n)  # nosec\n" if closed else f"{text}\n").encode()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(data, "a", "exec")
    except (SyntaxError, ValueError):
        return
    if nosec.is_plain(data):
        quick = [(it.line, it.text, it.start) for it in nosec.of_parsed(data)]
        assert quick == [(it.line, it.text, it.start) for it in nosec.read(data)]


@pytest.mark.parametrize(
    "data", [b"x\r\n", b"\x0cx\n", b"# coding: utf-8\n", b"# \xff\n", b"x\n# coding=latin-1"]
)
def test_what_may_be_seen_in_two_ways_is_not_read_quickly(data: bytes) -> None:
    assert not nosec.is_plain(data)


def test_a_long_comment_takes_no_long_time() -> None:
    """A tenth of a second or so; by a quadratic way it would be hours."""
    for piece in ("B602,", "B602 ", "b602 ", "#", "# nosec ", "nosec", "asser_used ", "B602B607"):
        text = "x = 1  # nosec " + piece * 20000 + "\n"
        list(check(text, {1: text[7:-1]}))


def issue(test: str, line: int, lines: Iterable[int] = ()) -> Issue:
    return Issue("a.py", test, "", "LOW", "HIGH", "", 0, line, 0, 0, [*lines] or [line], "")


def check(
    text: str | bytes,
    comments: dict[int, str],
    suppressed: Iterable[tuple[int, str]] = (),
    issues: Iterable[Issue] = (),
    ran: Iterable[str] = ALL,
) -> list[Finding]:
    result = Result()
    result.comments = comments
    result.suppressed = list(suppressed)
    result.issues = list(issues)
    data = text.encode() if isinstance(text, str) else text
    file = File("a.py", "", "a.py", data)
    return list(nosec_rules.check(file, result, TESTS, list(ran)))


def judge(
    line: str, suppressed: str = "", reported: str = "", ran: Iterable[str] = ALL
) -> tuple[list[str], str]:
    """What is said of a line, the third of its file, and the line with that mended."""
    text = f"import a\nimport b\n{line}\nimport c\n"
    comments = {at: it.text for at, it in nosec.comments(text.encode()).items()}
    found = check(
        text,
        comments,
        [(3, test) for test in suppressed.split()],
        [issue(test, 3) for test in reported.split()],
        ran,
    )
    wanted = [edit for finding in found for edit in finding.edits]
    assert all(text[edit.start : edit.end] != edit.replacement for edit in wanted)
    after = edits.apply(text, wanted)
    assert after.startswith("import a\nimport b\n")
    assert after.endswith("import c\n")
    said = [f"{it.rule}:{it.column}: {it.message}" for it in found if it.rule != "blanket-nosec"]
    return said, after[len("import a\nimport b\n") : -len("import c\n")].removesuffix("\n")


LOST = "is not read, for want of a blank behind it"
WIDELY = ", so that this comment silences every test"


@pytest.mark.parametrize(
    ("line", "suppressed", "said"),
    [
        ("f()  # nosec B602", "B602", []),
        ("f()  # nosec", "B602", []),
        ("f()  # nosec B602 - it is fine, see RFC1918 and MD5", "B602", []),
        ("f()  # nosec B301 pickle is fine", "B301", []),
        ("f()  # nosec B602 eval of input, a random word", "B602", []),
        ("f()  # nosec B602 some_name here", "B602", []),
        ("f()  # nosec B602 as asert_used", "B602", []),
        ("f()  # nosec: a reason", "B602", []),
        ("f()  # nosec B602,B602", "B602", []),
        ("f()  # nosec B602 - random", "B602", []),
        ("f()  # nosec B602B607", "B607", [f"unknown-nosec:14: B602 {LOST}"]),
        ("f()  # nosec B602  # noqa: E501", "B602", []),
        ("f()  # nosec B999", "B602", [f"unknown-nosec:14: B999 is no test{WIDELY}"]),
        ("f()  # nosec B602 B999", "B602", ["unknown-nosec:19: B999 is no test"]),
        ("f()  # nosec b602", "B602", [f"unknown-nosec:14: b602 is no test{WIDELY}"]),
        ("f()  # nosec S602", "B602", [f"unknown-nosec:14: S602 is no test{WIDELY}"]),
        ("f()  # nosec DUO116", "B602", [f"unknown-nosec:14: DUO116 is no test{WIDELY}"]),
        ("f()  # nosec blacklist", "B301", [f"unknown-nosec:14: blacklist is no test{WIDELY}"]),
        ("f()  # nosec asert_used", "B101", [f"unknown-nosec:14: asert_used is no test{WIDELY}"]),
        (
            "f()  # nosecurity issue",
            "B602",
            [f"unknown-nosec:6: nosecurity is read as nosec{WIDELY}"],
        ),
        ("f()  # nosec B602,see", "B602", [f"unknown-nosec:14: B602 {LOST}{WIDELY}"]),
        (
            "f()  # nosec B602  # nosec B607",
            "B602",
            ["unknown-nosec:20: a second nosec in one comment is not read"],
        ),
    ],
)
def test_what_is_said_and_not_mended(line: str, suppressed: str, said: list[str]) -> None:
    assert judge(line, suppressed) == (said, line)


@pytest.mark.parametrize(
    ("line", "suppressed", "reported", "said", "after"),
    [
        (
            "f()  # nosec B602,B607",
            "B607",
            "B602",
            [f"unknown-nosec:14: B602 {LOST}"],
            "f()  # nosec B602, B607",
        ),
        (
            "f()  # nosec B101,B602,B607 is fine",
            "B607",
            "B101 B602",
            [f"unknown-nosec:14: B101 {LOST}", f"unknown-nosec:19: B602 {LOST}"],
            "f()  # nosec B101, B602, B607 is fine",
        ),
        (
            "f()  # nosec B602,B607",
            "B607",
            "",
            [f"unknown-nosec:14: B602 {LOST}"],
            "f()  # nosec B607",
        ),
        (
            "f()  # nosec B602,B607",
            "",
            "B602",
            [
                f"unknown-nosec:14: B602 {LOST}",
                "unused-nosec:19: there is no B607 here to be suppressed",
            ],
            "f()  # nosec B602",
        ),
        (
            "f()  # nosec B602,B607",
            "",
            "",
            [
                f"unknown-nosec:14: B602 {LOST}",
                "unused-nosec:19: there is no B607 here to be suppressed",
            ],
            "f()",
        ),
    ],
)
def test_ids_lost_to_a_missing_blank(
    line: str, suppressed: str, reported: str, said: list[str], after: str
) -> None:
    assert judge(line, suppressed, reported) == (said, after)


@pytest.mark.parametrize(
    ("found", "after"),
    [
        (issue("B602", 1, [1, 2]), "f(\n)  # nosec B602, B607\n"),
        (issue("B602", 2, [1, 2]), "f(\n)  # nosec B602, B607\n"),
        (issue("B602", 2, [1]), "f(\n)  # nosec B602, B607\n"),
        (issue("B602", 1, [1]), "f(\n)  # nosec B607\n"),
        (issue("B101", 1, [1, 2]), "f(\n)  # nosec B607\n"),
    ],
)
def test_where_a_lost_id_would_count(found: Issue, after: str) -> None:
    text = "f(\n)  # nosec B602,B607\n"
    (said,) = check(text, {2: "# nosec B602,B607"}, [(2, "B607")], [found])
    assert edits.apply(text, said.edits) == after


@pytest.mark.parametrize(
    ("line", "suppressed", "after"),
    [
        ("f()  # nosec B602", "", "f()"),
        ("f()\t#nosec:B602  ", "", "f()"),
        ("f()  # nosec", "", "f()"),
        ("    # nosec", "", ""),
        ("f()  # noqa: E501  # nosec B101", "", "f()  # noqa: E501"),
        ("f()  # nosec B101  # noqa: E501", "", "f()  # noqa: E501"),
        ("f()  # nosec # noqa: E501", "", "f()  # noqa: E501"),
        ("f()  # a # nosec B101 # b", "", "f()  # a # b"),
        ("f()  ## nosec B101", "", "f()"),
        ("# a  # nosec B101", "", "# a"),
        ("f('# nosec B101')  # nosec B101", "", "f('# nosec B101')"),
        ("f()  # nosec B101, B602", "B602", "f()  # nosec B602"),
        ("f()  # nosec B101, B602", "B101", "f()  # nosec B101"),
        ("f()  # nosec B101 B602 B607", "B602", "f()  # nosec B602"),
        ("f()  # nosec B101 B602 B607", "B101 B607", "f()  # nosec B101 B607"),
        ("f()  # nosec B101, B602", "", "f()"),
        ("f()  # nosec assert_used, B602 we know", "B602", "f()  # nosec B602 we know"),
        # Not certain: it would take other words with it, or leave them without a sense.
        ("f()  # nosec B101 because", "", "f()  # nosec B101 because"),
        ("f()  # nosec see B101", "", "f()  # nosec see B101"),
        ("f()  # nosec B101 and B602", "B602", "f()  # nosec B101 and B602"),
        ("f()  # nosec B101-B602", "B602", "f()  # nosec B101-B602"),
        ("f()  # nosec because", "", "f()  # nosec because"),
        # What is not read would be read.
        ("f()  # nosec B101  # nosec B602", "", "f()  # nosec B101  # nosec B602"),
    ],
)
def test_what_suppresses_nothing(line: str, suppressed: str, after: str) -> None:
    said, mended = judge(line, suppressed)
    assert mended == after
    assert any(it.startswith("unused-nosec:") for it in said)


@pytest.mark.parametrize(
    ("line", "ran", "is_unused"),
    [
        ("f()  # nosec B101", ALL, True),
        ("f()  # nosec B101", ALL - {"B101"}, False),
        ("f()  # nosec B101", {"B101"}, True),
        ("f()  # nosec assert_used", ALL - {"B101"}, False),
        ("f()  # nosec B101 B602", {"B101"}, True),
        ("f()  # nosec", ALL, True),
        ("f()  # nosec", ALL - {"B001"}, True),
        ("f()  # nosec", ALL - {"B101"}, False),
        ("f()  # nosec a reason", ALL - {"B101"}, False),
        ("f()  # nosec B001", set(), True),
        ("f()  # nosec B999", ALL, False),
    ],
)
def test_only_tests_that_ran_are_judged(line: str, ran: set[str], is_unused: bool) -> None:
    said, _ = judge(line, ran=ran)
    assert any(it.startswith("unused-nosec:") for it in said) is is_unused


def test_a_lost_id_of_a_test_that_did_not_run_is_kept() -> None:
    _, after = judge("f()  # nosec B101,B602", "B602", ran=ALL - {"B101"})
    assert after == "f()  # nosec B101, B602"


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("f()  # nosec", "write # nosec B602, B607"),
        ("f()  # nosec why", "write # nosec B602, B607"),
        ("f()  # nosec B999", "write # nosec B602, B607"),
        ("f()  # nosec B602 B607", None),
        ("f()  # nosec B602", None),
    ],
)
def test_blanket(line: str, fix: str | None) -> None:
    found = check(line, {1: line[5:]}, [(1, "B607"), (1, "B602")])
    assert [it.fix for it in found if it.rule == "blanket-nosec"] == [fix] * bool(fix)
    assert BLANKET.default is False


@pytest.mark.parametrize(
    ("word", "fix"),
    [
        ("b602", "write B602"),
        ("S602", "write B602"),
        ("asert_used", "write assert_used"),
        ("B999", "name the test by the id of its findings"),
    ],
)
def test_suggestions(word: str, fix: str) -> None:
    found = check(f"# nosec {word}", {1: f"# nosec {word}"}, [(1, "B602")])
    assert [it.fix for it in found if it.rule == "unknown-nosec"] == [fix]


def test_a_file_that_was_not_checked() -> None:
    result = Result()
    result.failure = "syntax error while parsing AST from file"
    result.comments = {1: "# nosec B101"}
    file = File("a.py", "", "a.py", b"# nosec B101")
    assert list(nosec_rules.check(file, result, TESTS, ALL)) == []


@pytest.mark.parametrize("metric", ["nosec", "skipped_tests"])
def test_nothing_is_unused_where_it_is_not_told_what_was_suppressed(metric: str) -> None:
    result = Result()
    result.comments = {1: "# nosec B101", 2: "# nosec B602,B607"}
    file = File("a.py", "", "a.py", b"# nosec B101\n# nosec B602,B607\n")
    assert len(list(nosec_rules.check(file, result, TESTS, ALL))) == 3
    setattr(result, metric, 1)
    (lost,) = nosec_rules.check(file, result, TESTS, ALL)
    assert lost.rule == "unknown-nosec"


@pytest.mark.parametrize(
    "data",
    [
        b"# coding: latin-1\n'\xe9'\nf()  # nosec B101\n",
        b"a = 1\rb = 2\nc = 3\nf()  # nosec B101\n",
        b"something else\n",
        b"x = 1\ny = 2\nz = 'something else that is long'\n",
        b"",
    ],
)
def test_no_edit_where_lines_cannot_be_told(data: bytes) -> None:
    (found,) = check(data, {3: "# nosec B101"})
    assert (found.line, found.column, found.edits) == (3, 1, ())


def test_windows_line_ends() -> None:
    text = "a = 1\r\nb = 2\r\n# nosec B101\r\nc = 3  # nosec B101\r\n"
    found = check(text, {3: "# nosec B101", 4: "# nosec B101"})
    after = edits.apply(text, [edit for finding in found for edit in finding.edits])
    assert after == "a = 1\r\nb = 2\r\nc = 3\r\n"


@pytest.mark.parametrize(
    ("text", "line", "is_mended"),
    [
        ("# nosec B101\n#\n# coding: latin-1\n", 1, False),
        ("#\n# nosec B101\n# coding: latin-1\n", 2, False),
        ("#\n#\n# nosec B101\n# coding: latin-1\n", 3, True),
    ],
)
def test_no_line_goes_that_would_move_a_declared_encoding(
    text: str, line: int, is_mended: bool
) -> None:
    (found,) = check(text, {line: "# nosec B101"})
    assert bool(found.edits) is is_mended


def bandit_issues(path: Path, *, ignore_nosec: bool) -> list[tuple[str, int, list[int]]]:
    it = manager.BanditManager(config.BanditConfig(), "file", ignore_nosec=ignore_nosec)
    it.files_list = [str(path)]
    it.run_tests()
    assert not it.skipped
    return [(found.test_id, found.lineno, found.linerange) for found in it.results]


def bandit_result(path: Path) -> Result:
    """What Bandit's own manager says, and what the comments have to do with it."""
    result = Result()
    comments = nosec.comments(path.read_bytes())
    result.comments = {line: it.text for line, it in comments.items()}
    for test, line, lines in bandit_issues(path, ignore_nosec=True):
        first = next((it for it in lines if it in comments), None)
        places = [it for it in (line, first) if it in comments]
        named = {place: comments[place].silences(TESTS) for place in places if place}
        if not named or (any(named.values()) and test not in set().union(*named.values())):
            result.issues.append(issue(test, line, lines))
        else:
            credit = [place for place, ids in named.items() if not ids or test in ids]
            result.suppressed += [(place, test) for place in credit]
    reported = [(it.test_id, it.line, it.lines) for it in result.issues]
    assert reported == bandit_issues(path, ignore_nosec=False)
    return result


COMMENTS = st.sampled_from(
    [
        "",
        "",
        "# nosec",
        "# nosec B602",
        "# nosec B602,B607",
        "# nosec B607,B602",
        "# nosec B607, B602",
        "# nosec B101",
        "# nosec B101 B602",
        "# nosec B404  # x",
        "# x  # nosec B101,B102",
        "# nosec assert_used, B102",
        "# nosec B102 we know",
    ]
)
STATEMENTS = st.sampled_from(
    [
        ["subprocess.call('ls ' + a, shell=True)"],
        ["assert a"],
        ["exec(a)"],
        ["subprocess.call(", "    'ls ' + a,", "    shell=True,", ")"],
        ["x = [", "    exec(a),", "    subprocess.call(a, shell=True),", "]"],
        ["if exec(a):", "    exec(b)"],
        ["with open(", "    exec(a),", "):", "    assert a"],
    ]
)


@given(st.lists(STATEMENTS, max_size=4), st.lists(COMMENTS, min_size=16, max_size=16))
def test_mending_changes_nothing_that_bandit_reports(
    tmp_path_factory: pytest.TempPathFactory, code: list[list[str]], comments: list[str]
) -> None:
    lines = ["import subprocess", "", *(line for statement in code for line in statement)]
    said = ["", "", *comments]
    text = "".join(f"{line}  {comment}\n" for line, comment in zip(lines, said, strict=False))
    path = tmp_path_factory.mktemp("code") / "a.py"
    path.write_text(text)
    before = bandit_result(path)
    found = list(nosec_rules.check(File("", "", "", text.encode()), before, TESTS, ALL))
    after = edits.apply(text, [edit for it in found for edit in it.edits])
    path.write_text(after)
    result = bandit_result(path)
    if not any(it.rule == "unknown-nosec" for it in found):
        assert [it.test_id for it in result.issues] == [it.test_id for it in before.issues]
    again = list(nosec_rules.check(File("", "", "", after.encode()), result, TESTS, ALL))
    assert not [it for it in again if it.edits]
