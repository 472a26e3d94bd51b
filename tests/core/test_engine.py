"""The engine with practices made for the purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import MakeRepository

from tenterhooks.core import edits, engine
from tenterhooks.core.config import ConfigError
from tenterhooks.core.files import File, Repository, Unreadable
from tenterhooks.core.finding import Edit, Finding, Rule
from tenterhooks.core.git import GitError
from tenterhooks.core.globs import Globs
from tenterhooks.core.job import Job, Outcome
from tenterhooks.core.mend import mend
from tenterhooks.core.practice import Option, Practice

Check = Callable[[Any, Repository, SimpleNamespace], Iterator[Finding]]

BAD = Rule("bad-word", "A word is bad.", fixable=True)
WORSE = Rule("worse-word", "A word is worse.", default=False)


def each(word: str, replacement: str | None = None, rule: Rule = BAD) -> Check:
    """A check that finds ``word``, and mends it where there is a ``replacement``."""

    def check(file: File, repository: Repository, options: SimpleNamespace) -> Iterator[Finding]:
        start = file.text.find(word)
        while start >= 0:
            line, column = file.position(start)
            mend = [] if replacement is None else [Edit(start, start + len(word), replacement)]
            yield Finding(file.path, line, column, rule.name, f"{word} is bad", "say ok", mend)
            start = file.text.find(word, start + len(word))

    return check


def practice(
    check: Check, id: str = "words", files: str | None = r"\.txt$", **more: Any
) -> Practice:
    return Practice(id=id, title="Words.", rules=[BAD, WORSE], check=check, files=files, **more)


def job(check: Check, *ignored: str, exclude: str = "", **more: Any) -> Job:
    it = practice(check, **more)
    excluded = Globs([exclude]) if exclude else None
    return Job(it, it.defaults(), ignored, excluded)


def examine(*jobs: Job, given: list[str] | None = None, **more: Any) -> Outcome:
    repository = Repository()
    files = None if given is None else [repository.given(name) for name in given]
    return engine.examine(repository, jobs, files, **more)


def lines(outcome: Outcome) -> list[str]:
    return [f"{f.path}:{f.line}:{f.column} {f.rule}" for f in outcome.findings]


def test_all_tracked_files_that_the_practice_wants(make_repository: MakeRepository) -> None:
    make_repository({"b.txt": "x bad\n\nbad", "a.txt": "bad", "c.md": "bad"})
    outcome = examine(job(each("bad")))
    assert lines(outcome) == ["a.txt:1:1 bad-word", "b.txt:1:3 bad-word", "b.txt:3:1 bad-word"]
    assert (outcome.exit_code, outcome.failures) == (1, [])
    assert {finding.hook for finding in outcome.findings} == {"words"}


def test_given_files_are_taken_whatever_they_are_called(make_repository: MakeRepository) -> None:
    make_repository({"a.txt": "bad", "c.md": "bad"})
    assert lines(examine(job(each("bad")), given=["c.md"])) == ["c.md:1:1 bad-word"]
    assert lines(examine(job(each("bad")), given=["c.md"], together=True)) == []
    assert examine(job(each("bad")), given=[]).exit_code == 0


def test_excluded_files(make_repository: MakeRepository) -> None:
    make_repository({"a.txt": "bad", "x/b.txt": "bad"})
    assert lines(examine(job(each("bad"), exclude="x"))) == ["a.txt:1:1 bad-word"]
    assert lines(examine(job(each("bad"), exclude="x"), given=["x/b.txt"])) == []


def test_each_job_has_its_own_exclusions(make_repository: MakeRepository) -> None:
    make_repository({"a.txt": "bad worse"})
    jobs = [job(each("bad"), exclude="a.txt"), job(each("worse"), id="more")]
    assert [finding.hook for finding in examine(*jobs).findings] == ["more"]
    assert [finding.hook for finding in examine(*jobs[::-1]).findings] == ["more"]


def test_rules_that_are_off(make_repository: MakeRepository) -> None:
    make_repository({"a.txt": "bad worse"})
    worse = each("worse", rule=WORSE)
    assert examine(job(each("bad"), "bad-word")).exit_code == 0
    assert examine(job(worse)).exit_code == 0
    strict = [Option("strict", "flag", "x")]
    it = practice(worse, options=strict, selects={"strict": (WORSE.name,)})
    on = Job(it, it.defaults(strict=True))
    assert lines(engine.examine(Repository(), [on], None)) == ["a.txt:1:5 worse-word"]
    off = Job(it, it.defaults(strict=True), [WORSE.name])
    assert engine.examine(Repository(), [off], None).exit_code == 0


def test_what_two_practices_both_find_is_told_once(make_repository: MakeRepository) -> None:
    make_repository({"a.txt": "\xff".encode("latin-1")})
    outcome = examine(job(each("bad")), job(each("bad"), id="more"))
    assert lines(outcome) == ["a.txt:1:1 unreadable-file"]


def test_a_practice_of_the_whole_repository(make_repository: MakeRepository) -> None:
    make_repository({"a.txt": "bad"})

    def check(file: None, repository: Repository, options: SimpleNamespace) -> Iterator[Finding]:
        assert file is None
        yield Finding("POLICY", 1, 1, BAD.name, "there is none")

    for given in (None, ["a.txt"], []):
        assert lines(examine(job(check, files=None), given=given)) == ["POLICY:1:1 bad-word"]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"a\nb\xff", "a.txt:2:2 unreadable-file"),
        ("\ufeffé".encode("utf-16"), "a.txt:1:1 unreadable-file"),
    ],
)
def test_an_unreadable_file_is_a_finding(
    content: bytes, place: str, make_repository: MakeRepository
) -> None:
    make_repository({"a.txt": content, "b.txt": "bad"})
    outcome = examine(job(each("bad")))
    assert lines(outcome) == [place, "b.txt:1:1 bad-word"]
    assert outcome.exit_code == 1


def test_a_file_that_is_not_there_is_a_finding(make_repository: MakeRepository) -> None:
    make_repository({})
    outcome = examine(job(each("bad")), given=["none.txt"])
    assert lines(outcome) == ["none.txt:1:1 unreadable-file"]


def test_findings_before_a_file_turns_out_unreadable_are_kept(
    make_repository: MakeRepository,
) -> None:
    make_repository({"a.txt": "bad"})

    def check(file: File, repository: Repository, options: SimpleNamespace) -> Iterator[Finding]:
        yield Finding(file.path, 1, 1, BAD.name, "bad")
        raise Unreadable("is odd", 3, 4, "invalid-file")

    assert lines(examine(job(check))) == ["a.txt:1:1 bad-word", "a.txt:3:4 invalid-file"]


def broken(error: BaseException) -> Check:
    def check(file: File, repository: Repository, options: SimpleNamespace) -> Iterator[Finding]:
        if "trap" in file.text:
            raise error
        yield from each("bad")(file, repository, options)

    return check


@pytest.mark.parametrize(
    "error",
    [
        ValueError("odd\nthing"),
        RecursionError("deep"),
        MemoryError(),
        KeyError("x"),
        AssertionError(),
    ],
)
def test_a_defect_leaves_the_other_files_checked(
    error: Exception, make_repository: MakeRepository
) -> None:
    make_repository({"a.txt": "bad", "b.txt": "trap", "c.txt": "bad"})
    outcome = examine(job(broken(error)), job(each("trap"), id="more"))
    assert lines(outcome) == ["a.txt:1:1 bad-word", "b.txt:1:1 bad-word", "c.txt:1:1 bad-word"]
    assert outcome.exit_code == 2
    (failure,) = outcome.failures
    assert failure.startswith("words: a defect of tenterhooks while it looked at b.txt: ")
    assert type(error).__name__ in failure


def test_git_failing_leaves_the_other_files_checked(make_repository: MakeRepository) -> None:
    make_repository({"a.txt": "bad", "b.txt": "trap"})
    outcome = examine(job(broken(GitError("no git"))))
    assert lines(outcome) == ["a.txt:1:1 bad-word"]
    assert (outcome.exit_code, outcome.failures) == (2, ["words: no git"])


def test_a_defect_in_a_practice_of_the_whole_repository(make_repository: MakeRepository) -> None:
    make_repository({"a.txt": "bad"})

    def check(file: None, repository: Repository, options: SimpleNamespace) -> Iterator[Finding]:
        raise Unreadable("cannot be opened")
        yield

    outcome = examine(job(check, files=None, id="policy"), job(each("bad")))
    assert lines(outcome) == ["a.txt:1:1 bad-word"]
    assert outcome.exit_code == 2
    assert outcome.failures[0].startswith("policy: ")


def test_interrupts_are_not_swallowed(make_repository: MakeRepository) -> None:
    make_repository({"b.txt": "trap"})
    with pytest.raises(KeyboardInterrupt):
        examine(job(broken(KeyboardInterrupt())))


def test_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("bad")
    monkeypatch.chdir(tmp_path)
    outcome = examine(job(each("bad")))
    assert (outcome.exit_code, outcome.failures) == (2, ["words: not a git repository"])
    assert lines(examine(job(each("bad")), given=["a.txt"])) == ["a.txt:1:1 bad-word"]


IGNORE = "evil # tenterhooks: ignore[bad-word] why\n"


def test_unused_ignores_are_told_of_when_asked(make_repository: MakeRepository) -> None:
    make_repository({"a.txt": IGNORE.replace("evil", "ok"), "b.txt": IGNORE})
    known = {BAD.name, WORSE.name}.copy
    assert lines(examine(job(each("evil")))) == []
    assert lines(examine(job(each("evil")), known=known)) == ["a.txt:1:4 unused-ignore"]
    assert lines(examine(job(each("evil"), "bad-word"), known=known)) == []
    assert lines(examine(job(each("evil"), "bad-word"), known=set)) == [
        "a.txt:1:4 unused-ignore",
        "b.txt:1:6 unused-ignore",
    ]
    assert lines(examine(job(each("evil"), "unused-ignore"), known=known)) == []


def test_ignores_of_another_tool_s_rules_are_known_and_not_judged(
    make_repository: MakeRepository,
) -> None:
    make_repository({"a.txt": "ok # tenterhooks: ignore[X1, X2] why\n"})
    it = job(each("evil"), others=lambda: ["X1"])
    found = examine(it, known=it.practice.names)
    assert [f.message for f in found.findings] == ["there is no rule X2"]


def test_rules_of_another_tool_are_told_unless_ignored(make_repository: MakeRepository) -> None:
    make_repository({"a.txt": "evil\n"})
    check = each("evil", rule=Rule("X1", "Not ours."))
    assert lines(examine(job(check, others=lambda: ["X1"]))) == ["a.txt:1:1 X1"]
    assert lines(examine(job(check, "X1", others=lambda: ["X1"]))) == []
    assert lines(examine(job(each("evil", rule=WORSE)))) == []


class Prepared:
    """What a practice makes of all files together."""

    def __init__(self, files: Sequence[File]) -> None:
        self.paths = [file.path for file in files]
        self.notes = [f"looked at {len(files)}"]


def test_all_files_are_looked_at_together(make_repository: MakeRepository) -> None:
    make_repository({"a.txt": "", "b.txt": "", "c.md": ""})

    def check(file: File, _: Repository, options: SimpleNamespace) -> Iterator[Finding]:
        yield Finding(file.path, 1, 1, BAD.name, ",".join(options.prepared.paths), "")

    it = job(check, prepare=lambda files, *_: Prepared(files))
    found = examine(it)
    assert [(f.path, f.message) for f in found.findings] == [
        ("a.txt", "a.txt,b.txt"),
        ("b.txt", "a.txt,b.txt"),
    ]
    assert found.notes == ["looked at 2"]
    assert examine(it, given=["b.txt"]).findings[0].message == "b.txt"


class Told:
    """What shows how far it is."""

    def __init__(self) -> None:
        self.total = 0
        self.paths: list[str] = []

    def step(self, path: str) -> None:
        self.paths.append(path)


def test_each_file_is_told_of_before_it_is_checked(make_repository: MakeRepository) -> None:
    make_repository({"a.txt": "bad", "b.txt": "", "c.md": ""})
    told = Told()
    jobs = [job(each("bad")), job(lambda *_: iter(()), id="whole", files=None)]
    examine(*jobs, progress=told)
    assert (told.total, told.paths) == (3, ["", "a.txt", "b.txt"])


def test_what_is_in_the_background_comes_last(make_repository: MakeRepository) -> None:
    make_repository({"a.txt": "bad  # tenterhooks: ignore[bad-word]\n"})
    order = []

    def check(file: File | None, *_: object) -> Iterator[Finding]:
        order.append(file.path if file else "")
        yield from ()

    jobs = [
        job(check, id="whole", files=None, background=True),
        job(check, id="slow", background=True),
        job(each("bad"), id="words"),
    ]
    found = examine(*jobs, known={BAD.name}.copy)
    assert (lines(found), order) == ([], ["", "a.txt"])


def test_what_cannot_be_looked_at_leaves_the_others(make_repository: MakeRepository) -> None:
    make_repository({"a.txt": "bad\n"})

    def refuse(*_: object) -> Prepared:
        raise ConfigError("is not installed")

    found = examine(job(each("bad"), id="one", prepare=refuse), job(each("bad"), id="two"))
    assert (lines(found), found.failures) == (["a.txt:1:1 bad-word"], ["one: is not installed"])


def test_files_that_could_not_be_checked_keep_their_ignores(
    make_repository: MakeRepository,
) -> None:
    make_repository({"a.txt": "trap # tenterhooks: ignore[bad-word]\n"})
    known = {BAD.name}.copy
    assert lines(examine(job(broken(ValueError())), known=known)) == []
    invalid = Unreadable("is odd", 1, 1, "invalid-file")
    assert lines(examine(job(broken(invalid)), known=known)) == ["a.txt:1:1 invalid-file"]


# Mending.


def mended(top: Path, *jobs: Job, given: list[str] | None = None) -> Outcome:
    repository = Repository()
    files = None if given is None else [repository.given(name) for name in given]
    outcome = engine.examine(repository, jobs, files)
    mend(repository, jobs, outcome)
    return outcome


def fixed(outcome: Outcome) -> list[bool]:
    return [finding.fixed for finding in outcome.findings]


def test_mend(make_repository: MakeRepository) -> None:
    content = b"\xef\xbb\xbfbad \xc3\xa9 bad\r\nbad # tenterhooks: ignore[bad-word]\r\n"
    top = make_repository({"a.txt": content, "b.txt": "ok"})
    outcome = mended(top, job(each("bad", "ok")))
    assert fixed(outcome) == [True, True]
    assert outcome.exit_code == 1
    assert (top / "a.txt").read_bytes() == content.replace(b"bad", b"ok", 2)
    again = mended(top, job(each("bad", "ok")))
    assert (again.exit_code, again.findings) == (0, [])


def test_two_practices_mend_one_file(make_repository: MakeRepository) -> None:
    top = make_repository({"a.txt": "bad worse"})
    jobs = [job(each("bad", "ok")), job(each("worse", "fine"), id="more")]
    assert fixed(mended(top, *jobs)) == [True, True]
    assert (top / "a.txt").read_text() == "ok fine"


def test_what_is_only_reported_stays(make_repository: MakeRepository) -> None:
    top = make_repository({"a.txt": "bad evil"})
    jobs = [job(each("bad", "ok")), job(each("evil"), id="more")]
    assert fixed(mended(top, *jobs)) == [True, False]
    assert (top / "a.txt").read_text() == "ok evil"


@pytest.mark.parametrize("replacement", ["evil", "bad", "\ud800", "bad bad"])
def test_a_fix_that_is_not_clean_is_not_kept(
    replacement: str, make_repository: MakeRepository
) -> None:
    top = make_repository({"a.txt": "bad", "b.txt": "dull"})
    jobs = [
        job(each("bad", replacement)),
        job(each("evil"), id="more"),
        job(each("dull", "ok"), id="z"),
    ]
    outcome = mended(top, *jobs)
    assert fixed(outcome) == [False, True]
    assert outcome.exit_code == 2
    (failure,) = outcome.failures
    assert failure.startswith("a.txt: not fixed: ")
    assert failure.endswith("the fix would not have been clean") is (replacement != "\ud800")
    assert (top / "a.txt").read_text() == "bad"
    assert (top / "b.txt").read_text() == "ok"


def test_a_fix_that_leaves_what_cannot_be_checked_is_not_kept(
    make_repository: MakeRepository,
) -> None:
    top = make_repository({"a.txt": "bad"})
    outcome = mended(top, job(each("bad", "trap")), job(broken(ValueError()), id="more"))
    assert fixed(outcome) == [False]
    assert (top / "a.txt").read_text() == "bad"


def test_a_fix_is_tried_with_no_process_beside(make_repository: MakeRepository) -> None:
    top = make_repository({"a.txt": "bad"})
    seen = []

    def check(file: File, repository: Repository, options: SimpleNamespace) -> Iterator[Finding]:
        seen.append((file.text, options.beside))
        yield from each("bad", "ok")(file, repository, options)

    mended(top, job(check), job(each("evil"), id="more"))
    assert seen == [("bad", True), ("ok", False)]


def test_overlapping_fixes(make_repository: MakeRepository) -> None:
    top = make_repository({"a.txt": "bad"})
    outcome = mended(top, job(each("bad", "ok")), job(each("ad", "x"), id="more"))
    assert fixed(outcome) == [False, False]
    assert outcome.failures == ["a.txt: not fixed: two fixes overlap"]


def test_creating_a_file(make_repository: MakeRepository) -> None:
    top = make_repository({"a.txt": "x"})

    def check(file: None, repository: Repository, options: SimpleNamespace) -> Iterator[Finding]:
        if not (top / "POLICY").exists():
            yield Finding("POLICY", 1, 1, BAD.name, "none", edits=[Edit(0, 0, "é\n")])

    assert fixed(mended(top, job(check, files=None))) == [True]
    assert (top / "POLICY").read_bytes() == "é\n".encode()
    assert mended(top, job(check, files=None)).exit_code == 0


def test_a_failure_to_write_is_told(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = make_repository({"a.txt": "bad", "b.txt": "bad"})
    real = edits.replace

    def replace(repository: Repository, file: File, data: bytes) -> None:
        if file.path == "a.txt":
            raise edits.NotWritten("no space")
        real(repository, file, data)

    monkeypatch.setattr(edits, "replace", replace)
    outcome = mended(top, job(each("bad", "ok")))
    assert fixed(outcome) == [False, True]
    assert (outcome.exit_code, outcome.failures) == (2, ["a.txt: not fixed: no space"])


def test_a_file_outside_of_the_repository_is_not_mended(make_repository: MakeRepository) -> None:
    top = make_repository({"a.txt": "ok"})
    (top.parent / "out.txt").write_text("bad")
    outcome = mended(top, job(each("bad", "ok")), given=["../out.txt"])
    assert fixed(outcome) == [False]
    why = "lies outside the repository, behind a symlink"
    assert [text.partition("not fixed: ")[2] for text in outcome.failures] == [why]
    assert (top.parent / "out.txt").read_text() == "bad"
