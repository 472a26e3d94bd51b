"""Write what stands in code into the pages of docs/: `python3 docs/site/generate.py`.

A page marks such a part with `<!-- from the code: NAME -->` and `<!-- end -->`. A test fails where
what is between them is not what the code says.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tenterhooks import everything
from tenterhooks.core.options import CONFIGURED, EXCLUDE, IGNORE, SELECT_RULE, WHOLE
from tenterhooks.core.selection import ALL, CORE, PRESETS
from tenterhooks.everything import groups
from tenterhooks.everything import pages as pages_of_rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tenterhooks.core.finding import Rule
    from tenterhooks.core.practice import Option, Practice
    from tenterhooks.everything.groups import Group

DOCS = Path(__file__).resolve().parent.parent
PAGES = "hooks/tenterhooks/pages"
_PART = re.compile(r"(<!-- from the code: ([\w -]+) -->\n).*?(<!-- end -->)", re.DOTALL)
# Kind of an option -> how it is written in TOML.
_KINDS = {"flag": "true or false", "text": "string", "number": "number", "list": "list of"}
_TITLES = {groups.ALL_HOOKS: "Every hook", groups.WHOLE: "The command tenterhooks"}
_DEFAULTS = {"flag": "`false`", "text": "not set", "number": "not set", "list": "`[]`"}


def generated(text: str, folder: str) -> str:
    """A page with its parts as the code says them now. folder: the way from it to the top of the
    repository, such as ``../``. Raises KeyError: there is no such part."""

    def part(match: re.Match[str]) -> str:
        kind, _, name = match[2].partition(" ")
        return f"{match[1]}\n{PARTS[kind](name, folder).strip()}\n\n{match[3]}"

    return _PART.sub(part, text)


def practice(name: str) -> Practice:
    return next(it for it in everything.practices() if it.id == name)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _facts(name: str, _: str) -> str:
    it = practice(name)
    presets = [CORE, *sorted(it.presets), ALL]
    mended = ", ".join(f"`{rule.name}`" for rule in it.rules if rule.fixable)
    rows = [
        ["Hook id", f"`{it.id}`"],
        ["In the preset", ", ".join(f"`{preset}`" for preset in presets)],
        ["Looks at", "files whose path fits its pattern" if it.pattern else "the repository"],
        ["Rules of its own", str(len(it.rules))],
        ["Mends with `--fix`", mended or "nothing"],
    ]
    return _table(["", ""], rows) + f"\n{' '.join(it.title.split())}\n"


def _options(name: str, _: str) -> str:
    return _of_options([*practice(name).options, SELECT_RULE, IGNORE, EXCLUDE])


def _all_options(_: str, folder: str) -> str:
    parts = (f"### {it.id}\n\n{_options(it.id, folder)}" for it in everything.practices())
    return "\n".join(parts)


def _of_options(options: Iterable[Option]) -> str:
    rows = [_option(option) for option in options if not option.asked]
    return _table(["key", "value", "default", ""], rows)


def _option(option: Option) -> list[str]:
    what = _KINDS[option.kind] + (f" `{option.metavar}`" if option.metavar else "")
    said = re.sub(r" \(may be repeated\)|; may be repeated|may be repeated; ", "", option.help)
    said = said.replace("|", r"\|").replace("*", r"\*")
    return [f"`{option.name}`", what, _DEFAULTS[option.kind], said]


def _configured(_: str, __: str) -> str:
    return _of_options(CONFIGURED)


def _command_line(_: str, __: str) -> str:
    only = [option for option in WHOLE if option not in CONFIGURED]
    names = [" ".join(filter(None, [f"--{it.name}", it.metavar])) for it in only]
    rows = [[f"`{name}`", _option(it)[-1]] for name, it in zip(names, only, strict=True)]
    return _table(["option", ""], rows)


def _rules(name: str, folder: str) -> str:
    """The rules of a practice, of all hooks (``all hooks``) or of the command that runs all."""
    return _rules_of(next(it for it in _groups() if it.name == name), folder)


def _rules_of(group: Group, folder: str) -> str:
    return _table(["rule", "", "on", "`--fix`"], [_rule(group, it, folder) for it in group.rules])


def _groups() -> list[Group]:
    return [*map(groups.of, everything.practices()), *groups.of_none()]


def _rule(group: Group, rule: Rule, folder: str) -> list[str]:
    where = pages_of_rules.folder(rule.name)
    by = [preset for preset in group.presets(rule) if preset != CORE]
    on = "yes" if rule.default else "no" + (f": {', '.join(by)}" if by else "")
    link = f"[{rule.name}]({folder}{PAGES}/{where}/{rule.name}.md)"
    return [link, rule.summary, on, "yes" if rule.fixable else ""]


def _all_rules(_: str, folder: str) -> str:
    parts = []
    for group in _groups():
        title = _TITLES.get(group.name, group.name)
        parts.append(f"## {title}\n\n{group.title}\n\n{_rules_of(group, folder)}")
    return "\n".join(parts)


def _practices(_: str, __: str) -> str:
    rows = [
        [f"[{it.id}](practices/{it.id}.md)", " ".join(it.title.split())]
        for it in everything.practices()
    ]
    return _table(["practice", ""], rows)


def _presets(_: str, __: str) -> str:
    rows = []
    for preset, why in PRESETS.items():
        counts = [_count(preset, group) for group in _groups() if group.practice]
        rows.append([f"`{preset}`", f"{why[:1].upper()}{why[1:]}.", *counts])
    names = [f"`{group.name}`" for group in _groups() if group.practice]
    return _table(["preset", "", *names], rows)


def _count(preset: str, group: Group) -> str:
    wanted = [r for r in group.rules if preset == ALL or preset in group.presets(r)]
    return str(len(wanted)) if wanted else ""


PARTS: dict[str, Callable[[str, str], str]] = {
    "facts": _facts,
    "options": _options,
    "configured": _configured,
    "command-line": _command_line,
    "rules": _rules,
    "all-options": _all_options,
    "all-rules": _all_rules,
    "practices": _practices,
    "presets": _presets,
}


def pages() -> Iterable[tuple[Path, str, str]]:
    """Each page that has such parts: where it is, what it says, and what it is to say."""
    for path in sorted(DOCS.rglob("*.md")):
        text = path.read_text("utf-8")
        if "<!-- from the code:" in text:
            yield path, text, generated(text, "../" * len(path.relative_to(DOCS).parts))


def main() -> int:
    for path, old, new in pages():
        if old != new:
            path.write_text(new, "utf-8", newline="\n")
            print(f"{path.relative_to(DOCS)}: written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
