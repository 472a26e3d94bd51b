"""What is done to a hostile file of configuration: our own, that of the runners, and what adoption
writes there."""

from __future__ import annotations

import datetime as dt

from fuzz import practices
from fuzz.readers import Broken, spent
from fuzz.seeds import Seed

from tenterhooks.core import config, globs, ignores

SHA = "0123456789abcdef0123456789abcdef01234567"


def of_config(seed: Seed, data: bytes) -> None:
    from tenterhooks.core import acceptances, jobs
    from tenterhooks.core.options import CommandLine

    repository = seed.repository(data)
    settings = config.Config(repository, seed.path)
    line = CommandLine("tenterhooks", "All.", (), practices.all_practices(), together=True)
    spent(acceptances.read(settings, lambda name: None))
    jobs.plan(settings, line, line.read([]))


def of_globs(seed: Seed, data: bytes) -> None:
    lines = seed.file(data).text.split("\n")
    patterns = globs.Globs(lines[: len(lines) // 2])
    for path in lines[-20:]:
        patterns.covers(path[:4096])  # no system has longer ones


def of_ignores(seed: Seed, data: bytes) -> None:
    for ignore in ignores.ignores(seed.file(data)):
        if ignore.line < 1 or ignore.column < 1:
            raise Broken("an ignore comment at no place")


def adopted_yaml(seed: Seed, data: bytes) -> None:
    """An entry is put in, or the file is left to a person; never anything else is changed."""
    from tenterhooks.everything.adopt import entries, entry_yaml
    from tenterhooks.everything.adopt.revision import Revision

    revision = Revision(SHA)
    file = seed.file(data)
    known = entry_yaml.entries(file)
    item = entries.entry(revision, with_bandit=len(data) % 2 == 0)
    text = entry_yaml.with_entry(file, item, entries.comments(revision))
    after = entry_yaml.entries(seed.file(text.encode()))
    if len(after) != len(known) + 1 or entries.HOOK not in after[-1].hooks:
        raise Broken("the entry is not what was added")
    if known:
        text = entry_yaml.with_hook(file, known[0], entries.hook(with_bandit=False))
        after = entry_yaml.entries(seed.file(text.encode()))
        if len(after) != len(known) or entries.HOOK not in after[0].hooks:
            raise Broken("the hook is not what was added")


def adopted_toml(seed: Seed, data: bytes) -> None:
    from tenterhooks.everything.adopt import entries, entry_toml
    from tenterhooks.everything.adopt.revision import Revision

    revision = Revision(SHA)
    file = seed.file(data)
    known = entry_toml.entries(file)
    item = entries.entry(revision, with_bandit=True)
    text = entry_toml.with_entry(file, item, entries.comments(revision))
    if len(entry_toml.entries(seed.file(text.encode()))) != len(known) + 1:
        raise Broken("the entry is not what was added")


def adopted_tables(seed: Seed, data: bytes) -> None:
    """Acceptances are put in, changed and taken out, in a configuration that was read."""
    from collections import Counter

    from tenterhooks.core import acceptances
    from tenterhooks.everything.adopt import accepting
    from tenterhooks.everything.adopt.configuring import Configuration

    repository = seed.repository(data)
    spent(acceptances.read(config.Config(repository, seed.path), lambda name: None))
    made = Configuration.__new__(Configuration)
    made.file, made.exists = repository.file(seed.path), True
    made.data = made._read()
    accepted = made._own().get("accept", [])
    made.tables = accepted if isinstance(accepted, list) else []
    day = dt.date(2026, 1, 15)
    terms = accepting.Terms("why", day, dt.date(2026, 6, 1), renew=len(data) % 2 == 0)
    found = Counter({("unpinned-action", "a.yml"): 3, ("B101", "src/a.py"): 1})
    plan = accepting.plan(made.tables, found, lambda rule: True, terms)
    draft = made.draft(plan, ["core"] if len(data) % 3 == 0 else [])
    if draft is None:
        return
    again = seed.repository(draft.text.encode())
    read = acceptances.read(config.Config(again, seed.path), lambda name: None)
    if {it.rule for it in read} < {"unpinned-action", "B101"}:
        raise Broken("what was accepted is not accepted")
