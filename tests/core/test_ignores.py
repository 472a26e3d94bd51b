"""Ignore comments: which findings they silence, and that the useless ones are told of."""

from __future__ import annotations

import pytest
from conftest import Hook, MakeRepository
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.core.files import File, Unreadable
from tenterhooks.core.finding import Finding
from tenterhooks.core.ignores import ignores


def silenced(text: str, line: int, rule: str = "rule-a") -> bool:
    found = ignores(File("a", "/nowhere/a", "a", text.encode()))
    finding = Finding("a", line, 1, rule, "message")
    return any(ignore.covers(finding) for ignore in found)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x # tenterhooks: ignore[rule-a]", 1),
        ("x # tenterhooks: ignore[rule-a] why", 1),
        ("x # v1 # tenterhooks: ignore[rule-a] why", 1),
        ("x # why; tenterhooks: ignore[rule-a]", 1),
        ("x #tenterhooks:ignore[rule-a]", 1),
        ("x # tenterhooks: ignore[rule-b, rule-a]", 1),
        ("x # tenterhooks: ignore[ rule-a ,rule-b ]", 1),
        ("x # tenterhooks: ignore[rule-b] tenterhooks: ignore[rule-a]", 1),
        ("x # tenterhooks: ignore[rule-b] # tenterhooks: ignore[rule-a]", 1),
        ("# tenterhooks: ignore[rule-a]\nx", 2),
        ("    # tenterhooks: ignore[rule-a] why\r\n    x", 2),
        ("\t# tenterhooks: ignore[rule-a]\rx", 2),
        ("- # tenterhooks: ignore[rule-a]\n  x", 2),
        ("  -   # tenterhooks: ignore[rule-a]\n    x", 2),
        ("<!-- tenterhooks: ignore[rule-a] why -->\nx", 2),
        ("x <!-- tenterhooks: ignore[rule-a] -->", 1),
        ("// tenterhooks: ignore[rule-a]\nx", 2),
        ("; tenterhooks: ignore[rule-a]\nx", 2),
        (".. tenterhooks: ignore[rule-a]\nx", 2),
        ("\ufeff# tenterhooks: ignore[rule-a]\nx", 2),
    ],
)
def test_silences(text: str, line: int) -> None:
    assert silenced(text, line)
    assert not silenced(text, line, "rule-c")
    assert not silenced(text, line + 1)
    assert not silenced(text, line - 2)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x # tenterhooks: ignore[rule-a]\ny", 2),
        ("# tenterhooks: ignore[rule-a]\n\nx", 3),
        ("x\n# tenterhooks: ignore[rule-a]", 1),
        ("x # tenterhooks: ignore[rule]", 1),
        ("x # tenterhooks: ignore[rule-a-b]", 1),
        ("x # tenterhooks: ignore[Rule-A]", 1),
        ("x # tenterhooks: ignore rule-a", 1),
        ("x # tenterhooks: ignore[]", 1),
        ("x # tenterhooks: ignore[rule-a", 1),
        ("x # tenterhooks: ignore[\nrule-a]", 1),
        ("x # nottenterhooks: ignore[rule-a]", 1),
        ("x # tenterhooks: noignore[rule-a]", 1),
        ("x tenterhooks: ignore[rule-a]", 1),
        ("x # tenterhooks: ignore(rule-a)", 1),
        ("x # Tenterhooks: ignore[rule-a]", 1),
    ],
)
def test_does_not_silence(text: str, line: int) -> None:
    assert not silenced(text, line)


def test_places() -> None:
    file = File("a", "/nowhere/a", "a", b"x\ny # tenterhooks: ignore[rule-a, rule-b] why\n")
    found = [(i.rule, i.line, i.column, i.alone) for i in ignores(file)]
    assert found == [("rule-a", 2, 3, False), ("rule-b", 2, 3, False)]


def test_what_is_no_text_has_no_comments() -> None:
    with pytest.raises(Unreadable):
        ignores(File("a", "/nowhere/a", "a", b"# tenterhooks: ignore[rule-a]\xff"))


COMMENT = "# tenterhooks: ignore[rule-a]"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"x = 1  {COMMENT}", [1]),
        (f'x = "{COMMENT}"  {COMMENT}', [1]),
        (f'x = "{COMMENT}"', []),
        (f'x = """\n{COMMENT}\n"""  {COMMENT}\r\n{COMMENT}\ny', [3, 4]),
        (f"\ufeff{COMMENT}\rx", [1]),
        (f"x = 1\r{COMMENT}", [2]),
        (f"{COMMENT}\nx = (\n", [1]),
        # Of a very long line Python is not asked.
        (f"\nx = '{COMMENT}'\ny = '{'y' * 4000}'", []),
        (f"\nx = '{COMMENT}'\ny = '{'y' * 6000}'", [2]),
        (f"{COMMENT}\nx = '''\n{COMMENT}\n", [1]),
        (f"{COMMENT}\n  x\n y\n", [1]),
    ],
)
def test_a_string_in_python_holds_no_comment(text: str, lines: list[int]) -> None:
    for name in ("a.py", "a.pyi", "a.pyw"):
        found = ignores(File(name, f"/nowhere/{name}", name, text.encode()))
        assert [ignore.line for ignore in found] == lines


@pytest.mark.parametrize(
    "text",
    ["(" * 500_000, "'''" + "\n" * 500_000, "\\\n" * 300_000, "x = '" * 200_000, "\0"],
    ids=range(5),
)
def test_hostile_python_ends(text: str) -> None:
    data = f"{COMMENT}\n{text}".encode()
    assert len(ignores(File("a.py", "/nowhere/a.py", "a.py", data))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "#" * 1_000_000 + " tenterhooks:",
        "# tenterhooks: ignore[" * 50_000,
        "# tenterhooks: ignore[" + "a," * 500_000 + "]",
        ".." * 500_000 + "tenterhooks: ignore",
        "x # tenterhooks: " * 50_000,
    ],
    ids=range(5),
)
def test_hostile_comments_end(text: str) -> None:
    assert len(ignores(File("a", "/nowhere/a", "a", text.encode()))) < 60_000


@given(st.text("#-x \n[]", max_size=30))
def test_any_text_is_taken(text: str) -> None:
    text = text.replace("x", "tenterhooks: ignore[a]")
    found = ignores(File("a", "/nowhere/a", "a", text.encode()))
    assert len(found) <= text.count("tenterhooks:")
    for ignore in found:
        assert text.splitlines()[ignore.line - 1][ignore.column - 1] == "#"


# In a run. `unpinned-action` is a rule that any workflow can break.

BREAKS = "on: push\njobs:\n  a:\n    steps:\n{}    - uses: actions/checkout@v4{}\n"


def workflow(above: str = "", behind: str = "") -> dict[str, str | bytes]:
    return {".github/workflows/a.yml": BREAKS.format(above, behind)}


@pytest.mark.parametrize("hook_id", ["pinned-actions", "tenterhooks"])
@pytest.mark.parametrize(
    "files",
    [
        workflow(behind=" # tenterhooks: ignore[unpinned-action] why"),
        workflow(above="    # tenterhooks: ignore[unpinned-action] why\n"),
    ],
)
def test_a_silenced_finding(
    hook_id: str, files: dict[str, str | bytes], make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository(files)
    assert "unpinned-action" not in hook(hook_id).out
    assert "unpinned-action" not in hook(hook_id, ".github/workflows/a.yml").out


@pytest.mark.parametrize(
    ("comment", "words"),
    [
        ("unpinned-image", "nothing here breaks the rule unpinned-image"),
        ("no-such-rule", "there is no rule no-such-rule"),
        ("", "there is no rule without a name"),
    ],
)
def test_a_comment_that_silences_nothing(
    comment: str, words: str, make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository(workflow(behind=f" # tenterhooks: ignore[unpinned-action,{comment}]"))
    told = hook("tenterhooks", "--select", "pinned-actions")
    assert told.lines == [f".github/workflows/a.yml:5:33: unused-ignore {words}"]
    assert hook("pinned-actions").out == ""


def test_a_rule_that_is_off_is_not_held_against_its_comment(
    make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository(workflow(behind=" # tenterhooks: ignore[unpinned-action]"))
    select = ("--select", "pinned-actions")
    assert hook("tenterhooks", *select, "--ignore", "unpinned-action").out == ""
    files = (".github/workflows/a.yml",)
    assert hook("tenterhooks", *select, "--ignore", "unpinned-action", *files).out == ""


def test_unused_ignores_can_be_switched_off(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository(workflow(behind=" # tenterhooks: ignore[unpinned-action, unpinned-image]"))
    result = hook("tenterhooks", "--select", "pinned-actions", "--ignore", "unused-ignore")
    assert (result.code, result.out, result.err) == (0, "", "")
