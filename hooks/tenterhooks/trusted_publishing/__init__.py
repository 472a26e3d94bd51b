"""Releases reach PyPI by Trusted Publishing, with no stored credential."""

from __future__ import annotations

from tenterhooks.core import command
from tenterhooks.core.finding import Finding
from tenterhooks.core.practice import Option, Practice
from tenterhooks.formats import workflow
from tenterhooks.trusted_publishing import services
from tenterhooks.trusted_publishing.rules import (
    CANNOT_AUTHENTICATE,
    SPEC8,
    STORED_CREDENTIAL,
    UNDECIDED,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import SimpleNamespace

    from tenterhooks.core.files import File, Repository
    from tenterhooks.trusted_publishing.assessment import Stored
    from tenterhooks.trusted_publishing.uploads import Upload
    from tenterhooks.trusted_publishing.values import Source

_SPEC8_NAMES = {rule.name for rule in SPEC8}


def check(file: File, repository: Repository, options: SimpleNamespace) -> Iterator[Finding]:
    """Findings of one pipeline."""
    service = services.service(file.path)
    if service is None:
        return
    if service == "github" and not workflow.is_run(file):
        return
    if service == "activestate":
        from tenterhooks.trusted_publishing import activestate

        yield from activestate.check(file, CANNOT_AUTHENTICATE.name)
        return
    from tenterhooks.trusted_publishing import assess

    found = assess.of(service, file, repository)
    for stored in found.stored.values():
        yield from _stored(stored, file, repository)
    for failure in found.failures:
        message = f"{failure.upload.name} cannot log in to {failure.upload.index}: {failure.why}"
        place = _place(failure.at, failure.upload, file)
        if place is not None:
            yield Finding(*place, CANNOT_AUTHENTICATE.name, message, failure.fix)
    if options.spec8 or _SPEC8_NAMES & set(options.select):
        from tenterhooks.trusted_publishing import hygiene

        # What a composite action does is told where that is checked.
        yield from (it for it in hygiene.check(found, repository) if it.path == file.path)
    if options.strict or UNDECIDED.name in options.select:
        for source, what, upload in found.undecided:
            place = _place(source, upload, file) or (file.path, 1, 1)
            yield Finding(*place, UNDECIDED.name, f"the files do not tell {what}")


def _stored(found: Stored, file: File, repository: Repository) -> Iterator[Finding]:
    from tenterhooks.trusted_publishing import fixing, telling

    place = _place(found.source, found.uploads[0] if found.uploads else None, file)
    if place is not None:
        message = telling.stored(found, file)
        fix = telling.fix_stored(found, file, repository)
        edits = fixing.edits(found, file)
        if edits:
            fix += " (--fix does this)"
        finding = Finding(*place, STORED_CREDENTIAL.name, message, fix, edits)
        finding.left = telling.register(found, file, repository)
        yield finding


def _place(source: Source, upload: Upload | None, file: File) -> tuple[str, int, int] | None:
    """Where to point: at the thing itself, or, where that is in a file that a step only calls, at
    the step. What an include holds is told where that include is checked itself, if it ever is."""
    from tenterhooks.trusted_publishing.uploads import STEP_IN_PYTHON

    there = source.text.file
    if there.path != file.path:
        if upload is not None and upload.anchor.file.path == file.path:
            anchor = upload.anchor
            handed_on = file.text.find(source.value.strip() or "\n", anchor.start, anchor.end)
            return (file.path, *file.position(handed_on if handed_on >= 0 else anchor.start))
        if services.service(there.path) is not None:
            return None
        if there.path.endswith(STEP_IN_PYTHON):
            return file.path, 1, 1
    return (there.path, *there.position(source.offset))


PRACTICE = Practice(
    id="trusted-publishing",
    title=(
        "Releases reach PyPI by Trusted Publishing, with no stored credential, on every CI service."
    ),
    rules=(STORED_CREDENTIAL, CANNOT_AUTHENTICATE, UNDECIDED, *SPEC8),
    check=check,
    files=services.PATHS,
    options=(
        Option("strict", "flag", "report what the files do not tell, too"),
        Option("spec8", "flag", "switch the rules on how a release is made on (SPEC 8)"),
    ),
    presets=frozenset({"spec8"}),
    selects={"strict": (UNDECIDED.name,), "spec8": [rule.name for rule in SPEC8]},
)


def main(argv: Sequence[str] | None = None) -> int:
    """The hook ``trusted-publishing``."""
    return command.run(PRACTICE, argv)
