"""Whole practices over small repositories one file of which is not as it should be, and their
fixes; in this process, with git's answers made up and nothing written."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest import mock

from fuzz.seeds import Seed, seeds

from tenterhooks import everything
from tenterhooks.core import edits, engine, selection
from tenterhooks.core.command import known_rules
from tenterhooks.core.files import File, Repository
from tenterhooks.core.git import GitError
from tenterhooks.core.job import Job, Outcome
from tenterhooks.core.mend import mend
from tenterhooks.core.practice import SHARED_RULES, WHOLE_RULES, Practice
from tenterhooks.core.report import Look, Report, output
from tenterhooks.core.report.fingerprint import add_fingerprints

FORMS = ("text", "github", "json", "gitlab", "sarif")
OPTIONS: dict[str, dict[str, Any]] = {"bandit": {"jobs": 1, "no_cache": True}}


class Wrong(Exception):
    """What a run of a practice came to breaks the contract."""


@functools.cache
def all_practices() -> tuple[Practice, ...]:
    return tuple(everything.practices())


@functools.cache
def _known() -> set[str]:
    return known_rules(all_practices())


def _start(top: str, *arguments: str) -> Callable[[], bytes]:
    """git as it answers in a repository without a commit."""
    if arguments[:1] == ("config",):
        return lambda: b"https://github.com/example/example.git\n"
    raise GitError("fatal: made up")


@contextmanager
def without_git() -> Iterator[None]:
    with mock.patch("tenterhooks.core.git.start", _start):
        yield


def job(practice: Practice) -> Job:
    """A practice with all its rules on."""
    options = practice.defaults(**OPTIONS.get(practice.id, {}))
    chosen = selection.choose(practice, options, [selection.ALL], [], [])
    return Job(practice, options, chosen=chosen)


def run(chosen: Sequence[Practice], repository: Repository, path: str) -> None:
    """Check, report, mend, and check again; in what was mended, nothing is left to mend. Raises
    Wrong."""
    jobs = [job(practice) for practice in chosen]
    together = len(chosen) > 1
    known = _known if together else None
    outcome = engine.examine(repository, jobs, None, together=together, known=known, beside=False)
    _no_defect(outcome.failures)
    _harmless(repository, chosen, outcome)
    written = _mended(repository, jobs, outcome)
    if not written:
        return
    for changed, data in written.items():
        repository = repository.with_content(repository.file(changed), data)
        repository._tracked = {**repository.tracked(), changed: "100644"}
    outcome = engine.examine(repository, jobs, None, together=together, beside=False)
    _no_defect(outcome.failures)
    for finding in outcome.findings:
        # A fix that this file's faults held back in another one may be made from now on.
        if finding.edits and finding.path in written:
            raise Wrong(f"a second run would fix {finding.rule}")


def _no_defect(failures: Sequence[str]) -> None:
    for failure in failures:
        if "a defect of tenterhooks" in failure:
            raise Wrong(failure)


def _harmless(repository: Repository, chosen: Sequence[Practice], outcome: Outcome) -> None:
    add_fingerprints(outcome.all_findings(), repository)
    rules = [rule for practice in chosen for rule in practice.rules]
    report = Report(repository, outcome.findings, [*rules, *SHARED_RULES, *WHOLE_RULES])
    report.looks = [Look(practice, set()) for practice in chosen]
    report.notes, report.failures = outcome.notes, outcome.failures
    # One of them a run: a finding is told in the same words by all.
    form = FORMS[len(outcome.findings) % len(FORMS)]
    for text in {output.render(report, form), output.render(report, "text")}:
        if not text.isascii() or not text.replace("\n", "").isprintable():
            raise Wrong(f"the form {form} shows what is not harmless")
    if form in ("json", "sarif", "gitlab"):
        json.loads(output.render(report, form))
    for finding in outcome.findings:
        if finding.line < 1 or finding.column < 1 or not finding.message:
            raise Wrong(f"a finding of {finding.rule} at {finding.line}:{finding.column}")


def _mended(repository: Repository, jobs: Sequence[Job], outcome: Outcome) -> dict[str, bytes]:
    """Path -> what a fix would leave there."""
    written: dict[str, bytes] = {}

    def keep(_: Repository, file: File, data: bytes) -> None:
        written[file.path] = data

    if not any(finding.edits for finding in outcome.findings):
        return {}
    before = len(outcome.failures)
    with mock.patch.object(edits, "replace", keep), mock.patch.object(edits, "create", keep):
        mend(repository, jobs, outcome)
    for failure in outcome.failures[before:]:
        raise Wrong(f"a fix that cannot be made: {failure}")
    return written


def _act(chosen: Callable[[], Sequence[Practice]]) -> Callable[[Seed, bytes], None]:
    def act(seed: Seed, data: bytes) -> None:
        run(chosen(), seed.repository(data), seed.path)

    return act


def _seeds(id: str) -> Callable[[], list[Seed]]:
    """Every file of the examples of a practice; of lock-in-sync, the lockers' projects too."""

    def make() -> list[Seed]:
        found = seeds("", f"examples/{id}/")
        return found + (seeds("", "lock_in_sync/data/") if id == "lock-in-sync" else [])

    return make


def _one(id: str) -> Callable[[], Sequence[Practice]]:
    return lambda: [practice for practice in all_practices() if practice.id == id]


def targets(make: Callable[..., Any]) -> list[Any]:
    """Each practice, and all of them."""
    found = [
        make(f"practice: {practice.id}", _act(_one(practice.id)), _seeds(practice.id))
        for practice in all_practices()
    ]
    return [*found, make("practice: all of them", _act(all_practices), lambda: seeds(""))]
