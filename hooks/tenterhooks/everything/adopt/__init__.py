"""``tenterhooks adopt``: the hook in the configuration of a repository's runner, and today's
findings accepted for a time, so that from then on only new ones fail."""

from __future__ import annotations

import os
import sys

from tenterhooks.core import command
from tenterhooks.core.files import Repository
from tenterhooks.everything.adopt import accepting, drafts, options, runner, showing
from tenterhooks.everything.adopt.configuring import Configuration
from tenterhooks.everything.adopt.errors import Stopped
from tenterhooks.everything.adopt.look import look
from tenterhooks.everything.adopt.revision import Revisions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import SimpleNamespace

    from tenterhooks.everything.adopt.accepting import Plan
    from tenterhooks.everything.adopt.drafts import Draft

PROG = options.PROG


def main(argv: Sequence[str]) -> int:
    """Returns 0: written, or nothing to do; 1: shown only; 2: could not be done."""
    return command.guarded(PROG, lambda: _guarded(argv))


def _guarded(argv: Sequence[str]) -> int:
    try:
        return _adopted(options.read(argv))
    except Stopped as error:
        first, *rest = str(error).split("\n")
        code = command.fail(PROG, first)
        for line in rest:
            command.say(line)
        return code


def _adopted(given: SimpleNamespace) -> int:
    """Raises Stopped, ConfigError, GitError."""
    repository = _repository(given.path)
    terms = options.terms(given, repository)
    revisions = Revisions(given.rev, online=given.online)
    configuration = Configuration(repository)
    seen = look(repository, given.preset)
    if seen.failures:
        for failure in seen.failures:
            command.fail(PROG, failure)
        raise Stopped("not all could be looked at; nothing was written")
    plan = accepting.plan(
        configuration.tables, accepting.counts(seen.findings), seen.judged.__contains__, terms
    )
    notes = list(seen.notes)
    with_bandit = "bandit" in seen.ran
    # The acceptances first: without the hook they do no harm, the hook without them would fail.
    made = [
        configuration.draft(plan, given.preset),
        runner.draft(repository, revisions, notes, with_bandit=with_bandit),
    ]
    notes += configuration.notes(made[0]) if made[0] else []
    return _written(repository, [it for it in made if it is not None], plan, notes, given)


def _repository(path: str) -> Repository:
    if not os.path.isdir(path):
        raise Stopped(f"{path}: not a folder")
    repository = Repository(path)
    if not repository.is_git:
        raise Stopped(f"{path}: not in a git repository")
    return repository


def _written(
    repository: Repository,
    made: Sequence[Draft],
    plan: Plan,
    notes: Sequence[str],
    given: SimpleNamespace,
) -> int:
    for line in (*showing.diff(made), *([""] if made else []), *showing.meaning(plan)):
        print(line)
    sys.stdout.flush()
    for note in (*notes, *showing.notes(plan)):
        command.say(f"{PROG}: note: {note}")
    if not made:
        print("Nothing to do: the hook is there, and what is found is accepted.")
        return 0
    if not given.yes and not showing.may_ask():
        command.say(f"{PROG}: nothing was written; with --yes it is")
        return 1
    if not given.yes and not showing.agreed():
        command.say(f"{PROG}: nothing was written")
        return 1
    drafts.write(repository, made)
    names = " ".join(it.file.shown for it in made)
    print(f"Written. Next: git add {names}")
    return 0
