"""Putting the certain fixes of findings on the disk."""

from __future__ import annotations

import copy
from collections import Counter

from tenterhooks.core import edits
from tenterhooks.core.engine import defect, examine
from tenterhooks.core.files import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.core.files import File, Repository
    from tenterhooks.core.finding import Finding
    from tenterhooks.core.job import Job, Outcome


def mend(repository: Repository, jobs: Sequence[Job], outcome: Outcome) -> None:
    """Make the edits of the findings, file by file, each file as a whole or not at all; sets
    ``fixed`` on what was mended. A result that a practice would find fault with is not kept."""
    by_path: dict[str, list[Finding]] = {}
    for finding in outcome.findings:
        if finding.edits:
            by_path.setdefault(finding.path, []).append(finding)
    for path, findings in by_path.items():
        file = repository.file(path)
        try:
            _mend_file(repository, jobs, file, findings, outcome.all_findings())
        except edits.NotWritten as error:
            outcome.failures.append(f"{file.shown}: not fixed: {error}")
        except Exception as error:  # noqa: BLE001  # the other files are still to be mended
            outcome.failures.append(f"{file.shown}: not fixed: {defect(error, 'mended it')}")


def _mend_file(
    repository: Repository,
    jobs: Sequence[Job],
    file: File,
    findings: list[Finding],
    everything: list[Finding],
) -> None:
    wanted = [edit for finding in findings for edit in finding.edits]
    try:
        text, exists = file.text, True
    except Unreadable:
        text, exists = "", False
    if not exists:
        edits.create(repository, file, edits.apply("", wanted).encode("utf-8"))
    else:
        data = edits.encode(file, edits.apply(text, wanted))
        after = repository.with_content(file, data)
        # As many findings of a rule may be left as were not to be fixed. Not by their words: those
        # of one may tell of another, which is mended now.
        allowed = _rules(everything, file)
        allowed.subtract(_rules(findings, file))
        looking = [copy.copy(job) for job in jobs if _looks_at(job, file)]
        again = examine(after, looking, [after.file(file.path)], beside=False)
        if again.failures or _rules(again.findings, file) - allowed:
            raise edits.NotWritten("the fix would not have been clean")
        edits.replace(repository, file, data)
    for finding in findings:
        finding.fixed = True


def _looks_at(job: Job, file: File) -> bool:
    return any(target is None or target.path == file.path for target in job.targets)


def _rules(findings: Sequence[Finding], file: File) -> Counter[str]:
    """How often each rule is broken in a file."""
    return Counter(finding.rule for finding in findings if finding.path == file.path)
