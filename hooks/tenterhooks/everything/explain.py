"""``tenterhooks explain``: what there is to know of a rule, from the installed package."""

from __future__ import annotations

import importlib

import tenterhooks
from tenterhooks.core.command import fail, guarded
from tenterhooks.core.config import ConfigError, unknown
from tenterhooks.core.git import GitError
from tenterhooks.core.practice import practice_ids
from tenterhooks.everything import groups, pages, telling

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tenterhooks.core.colours import Palette
    from tenterhooks.everything.groups import Group

    # Gives the lines of an explanation, as wide as it is told.
    Explanation = Callable[[Palette, int], Iterable[str]]

PROG = "tenterhooks explain"
_LONGEST = 80


def main(argv: Sequence[str]) -> int:
    """The command. Returns 0, or 2 on a bad command line and on a name that nothing has."""
    return guarded(PROG, lambda: _main(argv))


def _main(argv: Sequence[str]) -> int:
    import argparse

    parser = argparse.ArgumentParser(
        prog=PROG,
        description="Print the pages of rules: what they report, why, and how to mend it.",
        epilog="tenterhooks rules lists all rules.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "names",
        nargs="+",
        metavar="RULE",
        help="name of a rule, of a practice, or of a test of Bandit (unpinned-action, TH101, B602)",
    )
    names = parser.parse_args(argv).names
    explanations = [(name, explanation(name)) for name in dict.fromkeys(names)]
    wrong = [name for name, found in explanations if found is None]
    for name in wrong:
        fail(PROG, not_known(name))
    if wrong:
        return 2
    return telling.write(PROG, _text([found for _, found in explanations if found is not None]))


def _text(explanations: Sequence[Explanation]) -> Iterator[str]:
    palette, width = telling.palette(), telling.width()
    for number, found in enumerate(explanations):
        if number:
            yield from ("", "")
        yield from found(palette, width)


def explanation(name: str) -> Explanation | None:
    """What explains a name; upper and lower case are the same. None where nothing does."""
    spellings = dict.fromkeys((name, name.lower(), name.upper()))
    ways = (_of_page, _of_group, _of_test)
    found = (way(it) for way in ways for it in spellings)
    return next((it for it in found if it), None)


def _of_page(name: str) -> Explanation | None:
    folder = pages.folder(name)
    return _page(pages.read(folder, name)) if folder else None


def _page(text: str) -> Explanation:
    from tenterhooks.everything.markdown import render

    return lambda palette, width: render(text, palette, width)


def _of_group(name: str) -> Explanation | None:
    """A practice, or what reports the rules of no single one."""
    if name in practice_ids():
        module = importlib.import_module(f"tenterhooks.{name.replace('-', '_')}")
        return _group(groups.of(module.PRACTICE))
    return next((_group(group) for group in groups.of_none() if group.name == name), None)


def _group(group: Group) -> Explanation:
    from tenterhooks.everything.markdown import render

    more = f"`{PROG} RULE` says more of a rule."
    if pages.has_overview(group.name):
        more = f"All of it: {tenterhooks.page(f'{group.name}/{pages.OVERVIEW}')}\n\n{more}"

    def lines(palette: Palette, width: int) -> Iterator[str]:
        yield from _listed(group, palette, width)
        yield ""
        yield from render(more, palette, width)

    return lines


def _listed(group: Group, palette: Palette, width: int) -> list[str]:
    """The rules, and which are on here, as far as that is known: what they are about takes no
    repository, and no configuration that is right."""
    from tenterhooks.everything import listing
    from tenterhooks.everything.in_force import InForce

    try:
        return list(listing.one(group, InForce(), palette, width))
    except (ConfigError, GitError):
        return list(listing.one(group, groups.by_default, palette, width))


def _of_test(name: str) -> Explanation | None:
    """A test of Bandit's, or of another package for it."""
    from tenterhooks.everything import bandit_tests

    test_id = bandit_tests.find(name)
    if test_id is None:
        return None
    return _of_page(test_id) or _page(bandit_tests.page(test_id))


def not_known(name: str) -> str:
    """What to say of a name that nothing has."""
    from tenterhooks.everything import bandit_tests

    known = [*pages.names("rules"), *practice_ids(), *bandit_tests.names()]
    # Looking for what is near takes time that grows with the square of the length.
    hint = unknown("rule", name[:_LONGEST].lower(), known)
    if "did you mean" not in hint:
        hint = "unknown rule; `tenterhooks rules` lists all"
    return f"{name[:_LONGEST]}: {hint}"
