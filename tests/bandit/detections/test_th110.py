"""TH110: invisible characters, and identifiers in two scripts."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import Any

import detecting
import pytest
from hypothesis import given
from hypothesis import strategies as st

TAGS = "".join(chr(0xE0000 + ord(it)) for it in "exec")
SELECTORS = "\ufe01\ufe0a\U000e0110"
FLAG = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"

POSITIVES = [
    "\u0430\u0441_1 = 1",
    "x = 'a\u200bb'",
    "x = 1  # a\u200bb",
    "# \u2060",
    f"x = '{TAGS}'",
    f"x = 'a{SELECTORS}'",
    "x = 'a\ufe01b\ufe02c'",
    "x = '\U0001f600\ufe0f\ufe0f\ufe0f'",
    "x = 'a\u200b\u200bb'",
    "x = '\u1784\u200b\u200b\u200b\u1798'",
    "x = 'a\u200db'",
    "x = 'a\u200cb'",
    "x = 'abc\u200e'",
    "x = 'abc\u061c'",
    "x = 'a\ufeffb'",
    "x = '\u3164'",
    "\u3164 = 1",
    "f(x,\u3164)",
    "x = '\u2063'",
    "x = 'a\ufff9b'",
    "x = '\u4e2d\U000e0100\U000e0101\U000e0102'",
    "\u0430dmin = 1",
    "def lo\u0433in\u0435(): pass",
    "is_\u0430dmin = True",
    "\u0440\u0430\u0441\u0435 = 1",
    "x.\u0435xec",
    "\u039cax = 1",
    "\uff45\uff58\uff45\uff43(x)",
    "\U0001d41e\U0001d431\U0001d41e\U0001d41c(x)",
    "x = f'{\u0430dmin}'\n\u0430dmin = 1",
]

NEGATIVES = [
    "x = 'abc'",
    "x = '\\u200b'",
    "x = '\u00e9\u00fc\u00df'",
    "x = '\u4f60\u597d'",
    "\ufeffx = 1",
    "x = '\u2764\ufe0f'",
    "x = '#\ufe0f\u20e3 1\ufe0f\u20e3'",
    "x = '\U0001f468\u200d\U0001f469\u200d\U0001f467'",
    "x = '\U0001f3f3\ufe0f\u200d\U0001f308'",
    "x = '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'",
    "x = '\u0915\u094d\u200d\u0937'",
    f"x = '{FLAG}'",
    "x = '\u1780\u17d2\u1793\u17bb\u1784\u200b\u179a'",
    "x = '\u1790\u17d2\u1784\u17c3\u200b\u200b\u1798'",
    "x = '\u8fbb\U000e0100'",
    "x = '\u05d0\u200e abc'",
    "x = '\u0440\u0443\u0441\u0441\u043a\u0438\u0439 text'",
    "# \u0441ode \u0432 comment: \u0430dmin",
    "x = '\u0430dmin'",
    "\u0438\u043c\u044f = 1",
    "\u0394x = 1",
    "\u03c3_max = \u03bb_0 = 1",
    "\u03bd_max = 1",
    "x\u1d62 = 1",
    "\u2113 = \u00b5m = 1",
    "na\u00efve = 1",
    "x = '\u202e'",
]


def said(source: str | bytes) -> list[Any]:
    data = source.encode() if isinstance(source, str) else source

    class Context:
        file_data = io.BytesIO(data)

    issue = detecting.detection("TH110")(Context)
    return [] if issue is None else [issue]


@pytest.mark.parametrize("source", POSITIVES)
def test_positive(source: str) -> None:
    assert len(said(source)) == 1


@pytest.mark.parametrize("source", NEGATIVES)
def test_negative(source: str) -> None:
    assert said(source) == []


@pytest.mark.parametrize(
    ("source", "line", "column", "severity", "words"),
    [
        ("a = 1\nx = 'a\u200bb'", 2, 6, "MEDIUM", "An invisible character (U+200B)"),
        (f"x = '{TAGS}'", 1, 5, "HIGH", "4 invisible characters (U+E0063, U+E0065, "),
        ("# \u00e9\r\n\u0430dmin = 1", 2, 0, "HIGH", "cyrillic small letter a"),
        ("\uff45\uff56\uff41\uff4c(x)", 1, 0, "HIGH", "is read by Python as `eval`"),
        ("if 1:\n  \u0440\u0430\u0441\u0435 = 1", 2, 2, "HIGH", "has no Latin letter"),
        ("\ufeffx = '\u200b'", 1, 5, "MEDIUM", "U+200B"),
    ],
)
def test_where_and_what(source: str, line: int, column: int, severity: str, words: str) -> None:
    (issue,) = said(source)
    assert (issue.lineno, issue.linerange, issue.col_offset) == (line, [line], column)
    assert (issue.severity, issue.confidence, issue.cwe.id) == (severity, "HIGH", 1007)
    assert words in issue.text
    assert issue.text.isascii()


def test_a_line_with_nosec_hides_no_other() -> None:
    (issue,) = said("x = '\u200b'  # nosec TH110\ny = 1\nz = '\u200b'")
    assert issue.lineno == 3
    (issue,) = said("x = '\u200b'  # nosec TH110")
    assert issue.lineno == 1


def test_another_encoding() -> None:
    assert said("# coding: latin-1\nx = '\u00e9'".encode("latin-1")) == []
    assert len(said("# coding: utf-8\nx = '\u200b'".encode())) == 1
    assert len(said("# coding: cp1251\n\u0430dmin = 1".encode("cp1251"))) == 1


def test_wrong_bytes_in_a_comment() -> None:
    """Python's parser lets them pass, its tokenizer does not."""
    assert said(b"# \xe9\nx = 1\n") == []
    assert [it.lineno for it in said("# \u200b".encode() + b"\n# \xe9\nx = 1\n")] == [1]


@pytest.mark.parametrize(
    "line",
    ["a" * 300_000 + "\u00e9", "\u200e" * 2 + "a\u200e\u05d0" * 100_000, "\u05d0a\u200e" * 100_000],
)
def test_long_lines_are_linear(line: str) -> None:
    before = time.perf_counter()
    said(f"# {line}")
    assert time.perf_counter() - before < 5


@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    try:
        data = text.encode()
        compile(data, "a.py", "exec")
    except (SyntaxError, ValueError, UnicodeError):
        return
    said(data)


@given(st.text(alphabet="\u200b\u200d\ufe0f\U000e0041\u0430ab\u4e2d \n#'\u05d0\u3164"))
def test_no_trick_makes_it_fail(text: str) -> None:
    for issue in said(f"x = '''{text}\n'''".replace("''''", "'")):
        assert 1 <= issue.lineno <= text.count("\n") + 2


def test_under_plain_bandit(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("a = 1\nx = 'a\u200bb'\n", encoding="utf-8")
    (found,) = detecting.plain("TH110", file)
    assert (found["test_id"], found["line_number"], found["line_range"]) == ("TH110", 2, [2])
    file.write_text("a = 1\nx = 'a\u200bb'  # nosec TH110\n", encoding="utf-8")
    assert detecting.plain("TH110", file) == []
