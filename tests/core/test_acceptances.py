"""Findings that the configuration accepts for a time."""

from __future__ import annotations

import datetime as dt

import pytest
from conftest import Hook, MakeRepository

from tenterhooks.core.acceptance import Acceptance, Entry
from tenterhooks.core.acceptances import settle
from tenterhooks.core.finding import Finding
from tenterhooks.core.job import Outcome

WORKFLOW = ".github/workflows/a.yml"
OTHER = ".github/workflows/b.yml"
HEAD = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n"
ONE, TWO = HEAD + "      - uses: a/b@v1\n", HEAD + "      - uses: a/b@v1\n      - uses: a/c@v1\n"
# The commits of tests are of 2026-01-15.
LATER, THAT_DAY, BEFORE = "2026-06-01", "2026-01-15", "2026-01-14"


def accept(paths: str, until: str = LATER, rule: str = "unpinned-action", more: str = "") -> str:
    return (
        "[[tool.tenterhooks.accept]]\n"
        f'rule = "{rule}"\nreason = "old"\nuntil = {until}\npaths = {paths}\n{more}'
    )


def files(toml: str, first: str = ONE, **more: str) -> dict[str, str | bytes]:
    return {"pyproject.toml": toml, WORKFLOW: first, **more}


def run(hook: Hook, *options: str) -> tuple[list[str], str]:
    result = hook("tenterhooks", "--format", "text", "--ignore", "security-policy", *options)
    assert result.code in (0, 1), result.err
    return [" ".join(line.split()[:2]) for line in result.lines], result.err


UNPINNED = [f"{WORKFLOW}:6:15: unpinned-action", f"{WORKFLOW}:7:15: unpinned-action"]
UNUSED = ["pyproject.toml:5:10: unused-acceptance"]


@pytest.mark.parametrize(
    ("toml", "text", "wanted"),
    [
        (accept(f'{{"{WORKFLOW}" = 1}}'), ONE, []),
        (accept(f'{{"{WORKFLOW}" = 2}}'), TWO, []),
        (accept(f'{{"{WORKFLOW}" = 3}}'), TWO, []),
        (accept(f'{{"{WORKFLOW}" = 1}}'), TWO, UNPINNED),
        (accept(f'["{WORKFLOW}"]'), TWO, []),
        (accept('[".github/**"]'), TWO, []),
        (accept('[".github"]'), TWO, []),
        (accept('["docs/**"]'), ONE, [UNPINNED[0], *UNUSED]),
        (accept(f'["{OTHER}"]'), ONE, [UNPINNED[0], *UNUSED]),
        (accept('[".github/**"]', rule="unpinned-image"), ONE, [UNPINNED[0], *UNUSED]),
        (accept('[".github/**"]', until=THAT_DAY), ONE, []),
    ],
)
def test_what_is_accepted(
    toml: str, text: str, wanted: list[str], make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository(files(toml, text))
    assert run(hook)[0] == wanted
    single = [line for line in wanted if "unused" not in line]
    lines = hook("pinned-actions").lines
    assert [" ".join(line.split()[:2]) for line in lines] == single


def test_more_than_accepted_is_told_with_a_note(
    make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository(files(accept(f'{{"{WORKFLOW}" = 1}}'), TWO))
    assert run(hook)[1] == (
        f"tenterhooks: note: {WORKFLOW}: 2 findings of unpinned-action, of which 1 are accepted: "
        "all are shown, for the files do not tell which are new\n"
    )


def test_one_expired_accepts_no_more_and_is_told(
    make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository(files(accept('[".github/**"]', until=BEFORE)))
    result = hook("tenterhooks", "--format", "text", "--ignore", "security-policy")
    assert result.lines[0].startswith(UNPINNED[0])
    assert result.lines[1] == (
        "pyproject.toml:2:1: expired-acceptance accepted unpinned-action until 2026-01-14: what it "
        "accepted is reported again"
    )


def test_one_expired_that_nothing_needs(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository(files(accept('["docs"]', until=BEFORE), HEAD))
    result = hook("tenterhooks", "--format", "text", "--ignore", "security-policy")
    assert [line.rpartition(": ")[2] for line in result.lines] == ["nothing needs it any more"]


@pytest.mark.parametrize(
    "options",
    [
        ("--ignore", "unused-acceptance"),
        ("--show-accepted",),
        ("--select", "lock-in-sync"),
        ("--ignore", "pinned-actions"),
        (WORKFLOW,),
        (".github",),
    ],
)
def test_only_a_whole_run_judges(
    options: tuple[str, ...], make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository(files(accept('["docs/**"]')))
    assert not [line for line in run(hook, *options)[0] if "unused-acceptance" in line]


def test_what_is_accepted_can_be_shown(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository(files(accept('[".github/**"]')))
    assert run(hook, "--show-accepted")[0] == UNPINNED[:1]


def test_findings_of_bandit_and_of_existence(make_repository: MakeRepository, hook: Hook) -> None:
    toml = accept('["a.py"]', rule="B101") + accept(
        '{"SECURITY.md" = 1}', rule="missing-security-policy"
    )
    make_repository({"pyproject.toml": toml, "a.py": "assert x\n"})
    assert hook("tenterhooks").code == 0
    assert hook("bandit").code == 0
    assert hook("security-policy").code == 0


def test_what_is_accepted_is_not_mended_and_hinders_no_fix(
    make_repository: MakeRepository, hook: Hook
) -> None:
    sha = "a" * 40
    one = f'{{"{WORKFLOW}" = 1}}'
    pinned = f"      - uses: a/c@{sha} # v1.0.0\n"
    make_repository(
        files(accept(one), ONE, **{OTHER: ONE.replace("a/b@v1", "a/c@v1.0.0") + pinned})
    )
    result = hook("tenterhooks", "--format", "text", "--ignore", "security-policy", "--fix")
    assert [line.endswith("(fixed)") for line in result.lines] == [True]
    assert hook("tenterhooks", "--ignore", "security-policy").code == 0


@pytest.mark.parametrize(
    ("toml", "place", "error"),
    [
        ("[tool.tenterhooks]\naccept = 1\n", "2:1", "must be tables"),
        (accept("1"), "5:1", "must be a table of paths and numbers, or a list"),
        (accept('{"a" = 0}'), "5:10", "must be a whole number above 0"),
        ('[tool.tenterhooks.accept]\nrule = "B101"\n', "1:1", "must be tables: [[tool.tent"),
        (accept("[]"), "5:1", "must name a path"),
        (accept("{}"), "5:1", "must name a path"),
        (accept('{"a" = true}'), "5:10", "must be a whole number above 0"),
        (accept("[1]"), "5:1", "must be a table of paths and numbers, or a list"),
        (accept('["a"]', until='"2026-01-01"'), "4:1", "must be a date, without quotes"),
        (accept('["a"]', until="2026-01-01T00:00:00Z"), "4:1", "must be a date"),
        (accept('["a"]', rule="unpinned-actions"), "2:1", "did you mean unpinned-action?"),
        (accept('["a"]', rule=""), "2:1", "must be a string, and not an empty one"),
        (accept('["a"]', more="when = 1\n"), "6:1", "unknown key"),
        ('[[tool.tenterhooks.accept]]\nrule = "B101"\n', "1:1", "reason is missing"),
    ],
)
def test_mistakes_are_told_with_their_place(
    toml: str, place: str, error: str, make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({"pyproject.toml": toml})
    result = hook("tenterhooks")
    assert result.code == 2
    assert f"pyproject.toml:{place}: " in result.err
    assert error in result.err


def test_one_practice_does_not_judge_the_rules_of_others(
    make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository(files(accept('["a"]', rule="of-a-later-version"), HEAD))
    assert hook("pinned-actions") == (0, "", "")
    assert hook("tenterhooks").code == 2


def test_a_repository_without_a_pyproject(make_repository: MakeRepository, hook: Hook) -> None:
    text = accept('[".github/**"]')
    make_repository({"tenterhooks.toml": text, WORKFLOW: ONE})
    assert hook("pinned-actions").code == 0
    assert run(hook)[0] == []


def test_two_configurations_are_one_too_many(make_repository: MakeRepository, hook: Hook) -> None:
    both = "[tool.tenterhooks]\n"
    make_repository({"tenterhooks.toml": both, "pyproject.toml": both})
    result = hook("tenterhooks")
    assert (result.code, result.out) == (2, "")
    assert "pyproject.toml configures tenterhooks as well" in result.err


def test_thousands_of_acceptances_are_held_against_a_file_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []
    real = Acceptance.covering

    def covering(self: Acceptance, finding: Finding) -> Entry | None:
        asked.append(finding)
        return real(self, finding)

    monkeypatch.setattr(Acceptance, "covering", covering)
    many = [
        Acceptance("a", "x", dt.date(2027, 1, 1), [Entry(f"{n}.py", None, None, 1, 1)])
        for n in range(100)
    ]
    outcome = Outcome()
    outcome.findings = [Finding("99.py", line, 1, "a", "x") for line in range(1, 101)]
    settle(outcome, many, dt.date(2026, 1, 1))
    assert (len(outcome.accepted), len(outcome.findings)) == (100, 0)
    assert len(asked) == len(many)
