"""Making the report of a run, showing it, and writing it to files."""

from __future__ import annotations

import importlib
import os
import stat
import time

from tenterhooks.core.practice import SHARED_RULES, WHOLE_RULES
from tenterhooks.core.printing import put
from tenterhooks.core.reading import reason
from tenterhooks.core.report import Look, Report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.core.files import Repository
    from tenterhooks.core.job import Outcome
    from tenterhooks.core.jobs import Plan
    from tenterhooks.core.places import Place
    from tenterhooks.core.practice import Practice
    from tenterhooks.core.run import Run

# Forms that people read, and that name no finding.
_NAMELESS = {"text", "grouped"}


def tell(run: Run, outcome: Outcome, form: str) -> list[str]:
    """Print one form of the report of a run, and write those that are asked for beside. Returns
    what went wrong, a line each."""
    made = run.made
    it = report(run.repository, run.line.practices, made, outcome)
    it.seconds = time.perf_counter() - run.started
    if {form, *(form for form, _ in made.reports)} - _NAMELESS:
        from tenterhooks.core.report.fingerprint import add_fingerprints

        add_fingerprints(outcome.all_findings(), run.repository)
    # A reader of standard output who goes away costs nobody a file.
    wrong = [write(it, form, path) for form, path in made.reports]
    wrong.append(_print(render(it, form)))
    return [what for what in wrong if what is not None]


def _print(text: str) -> str | None:
    """Put the report on standard output, where that is not closed. Returns what went wrong, if
    anything did; raises BrokenPipeError."""
    try:
        put(text)
    except BrokenPipeError:
        raise
    except OSError as error:
        return f"the report cannot be printed: {reason(error)}"
    return None


def report(
    repository: Repository, practices: Sequence[Practice], made: Plan, outcome: Outcome
) -> Report:
    """All that there is to tell of a run."""
    looks = {
        job.practice.id: Look(
            job.practice, job.chosen.active, [it.path for it in job.targets if it]
        )
        for job in made.jobs
    }
    for practice, why in made.left_out:
        looks[practice.id] = Look(practice, set(), left_out=why)
    # Two practices may share a rule.
    rules = dict.fromkeys(rule for practice in practices for rule in practice.rules)
    it = Report(repository, outcome.findings, [*rules, *SHARED_RULES, *WHOLE_RULES])
    it.accepted = outcome.accepted
    it.looks = [looks[practice.id] for practice in practices]
    it.notes = outcome.notes
    it.failures = outcome.failures
    it.only_changed = made.only_changed
    return it


def render(it: Report, form: str) -> str:
    """The text of one form of a report."""
    text: str = importlib.import_module(f"tenterhooks.core.report.{form}").render(it)
    return text


def _plain(it: Report) -> str:
    from tenterhooks.core.report import grouped

    return grouped.plain(it)


def write(it: Report, form: str, path: str) -> str | None:
    """Put one form of a report into a file, whole or not at all; what was there is replaced.
    Returns what went wrong, if anything did."""
    from tenterhooks.core.places import for_new

    text = _plain(it) if form == "grouped" else render(it, form)
    try:
        with _place(it.repository, path) as place:
            if place.kind() not in (0, stat.S_IFREG):
                # A device, or a symlink that the repository may have laid out.
                return f"{path}: the report is not written: something else than a file is there"
            temporary = place.write_beside(text.encode("utf-8", "backslashreplace"), for_new())
            try:
                place.rename(temporary)
            finally:
                place.discard(temporary)
    except OSError as error:
        return f"{path}: the report is not written: {reason(error)}"
    return None


def _place(repository: Repository, path: str) -> Place:
    """Where a report goes. In the repository, no folder may be a symlink that leads out of it."""
    from tenterhooks.core.places import Place

    absolute = os.path.abspath(path)
    folder, name = os.path.split(absolute)
    really = os.path.join(os.path.realpath(folder), name)
    below = os.path.join(repository.top, "")
    if not absolute.startswith(below):
        return Place(os.path.dirname(really), really)
    if not really.startswith(below):
        raise OSError(None, "it lies outside the repository, behind a symlink")
    return Place(repository.top, really)
