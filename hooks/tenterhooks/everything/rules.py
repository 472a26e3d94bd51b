"""``tenterhooks rules``: all rules, whether they are on, and whether they can be mended."""

from __future__ import annotations

import tenterhooks
from tenterhooks.core.command import guarded
from tenterhooks.everything import groups, pages, practices, telling
from tenterhooks.everything.in_force import InForce

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tenterhooks.core.finding import Rule
    from tenterhooks.everything.groups import Group, IsOn

PROG = "tenterhooks rules"


def main(argv: Sequence[str], is_on: IsOn | None = None) -> int:
    """The command. Returns 0, or 2 where the command line or the configuration is wrong.

    is_on: knows which rules are on; by default those of the repository at hand are.
    """
    return guarded(PROG, lambda: _main(argv, is_on))


def _main(argv: Sequence[str], is_on: IsOn | None) -> int:
    import argparse

    parser = argparse.ArgumentParser(
        prog=PROG,
        description="List all rules: whether they are on, and whether --fix mends what they find.",
        epilog="tenterhooks explain RULE prints the page of a rule.",
        allow_abbrev=False,
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    form = parser.parse_args(argv).format
    found = [*map(groups.of, practices()), *groups.of_none()]
    is_on = is_on or InForce()
    if form == "json":
        return telling.write(PROG, [_json(found, is_on)])
    from tenterhooks.everything import listing

    lines = listing.whole(found, is_on, telling.palette(), telling.width())
    return telling.write(PROG, lines)


def _json(found: Sequence[Group], is_on: IsOn) -> str:
    """An array with an object for each rule."""
    import json

    rows = [_object(group, rule, is_on) for group in found for rule in group.rules]
    return json.dumps(rows, indent=2)


def _object(group: Group, rule: Rule, is_on: IsOn) -> dict[str, Any]:
    folder = pages.folder(rule.name)
    return {
        "name": rule.name,
        "practice": group.name,
        "summary": rule.summary,
        "fixable": rule.fixable,
        "on": is_on(group.practice, rule),
        "default": rule.default,
        "presets": group.presets(rule),
        "page": tenterhooks.page(f"{folder}/{rule.name}") if folder else None,
    }
