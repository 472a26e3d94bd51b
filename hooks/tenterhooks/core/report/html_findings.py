"""The findings on the page: by practice and rule, those that say the same thing together."""

from __future__ import annotations

import re

import tenterhooks
from tenterhooks.core.report.html_text import count, day, link, path, prose, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tenterhooks.core.acceptance import Acceptance
    from tenterhooks.core.finding import Finding, Rule
    from tenterhooks.core.report.html_facts import Part

_SEE = re.compile(r"([^,;]*), see (https://[^\s;]+)(?![^;])")
# So many stand open; more can be unfolded.
_MOST_FILES = 5
_MOST_MESSAGES = 20


class Rules:
    """The rules that have a page of ours, by name, and the links to pages of others."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._own = {rule.name: rule for rule in rules}

    def summary(self, name: str) -> str:
        return self._own[name].summary if name in self._own else ""

    def link(self, name: str, findings: Sequence[Finding] = ()) -> str:
        """The name, leading to the page; findings: some of that rule."""
        if name in self._own:
            return link(tenterhooks.page(f"rules/{name}"), name)
        return link(self.fix(findings[0])[1] if findings else None, name)

    def fix(self, finding: Finding) -> tuple[str, str | None]:
        """How to mend a finding, and the address of its rule's page where the fix names one, as
        those of another tool do: ``mend it, see https://...; or silence it``."""
        fix = finding.fix or ""
        if finding.rule not in self._own:
            found = _SEE.match(fix)
            if found:
                return found[1] + fix[found.end() :], found[2]
        return fix, None

    def order(self, findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
        """The findings of each rule: own rules in their order, then others by name."""
        by_rule: dict[str, list[Finding]] = {}
        for finding in findings:
            by_rule.setdefault(finding.rule, []).append(finding)
        own = [name for name in self._own if name in by_rule]
        return [(name, by_rule[name]) for name in (*own, *sorted(set(by_rule) - set(own)))]


def findings(part: Part, rules: Rules) -> str:
    """All that a practice found, under a heading of the third level."""
    id = text(part.id)
    number = f'<span class="count">{count(len(part.findings), "finding")}</span>'
    pieces = [
        f'<section class="practice" aria-labelledby="practice-{id}">',
        f'<h3 id="practice-{id}">{id} {number}</h3>',
    ]
    for name, found in rules.order(part.findings):
        summary = rules.summary(name)
        pieces.append(
            f'<section class="rule"><h4>{rules.link(name, found)} '
            f'<span class="count">{count(len(found), "finding")}</span></h4>'
            + (f"<p>{prose(summary)}</p>" if summary else "")
            + _certain(found)
            + _messages(found, rules)
            + "</section>"
        )
    return "\n".join(pieces) + "</section>"


def acceptances(accepted: Sequence[tuple[Finding, Acceptance]], rules: Rules) -> str:
    """What is accepted until when and why, in the order of the configuration."""
    by_place: dict[tuple[int, int], tuple[Acceptance, list[Finding]]] = {}
    for finding, acceptance in accepted:
        place = (acceptance.line, acceptance.column)
        by_place.setdefault(place, (acceptance, []))[1].append(finding)
    return "\n".join(_acceptance(*by_place[place], rules) for place in sorted(by_place))


def _acceptance(acceptance: Acceptance, found: Sequence[Finding], rules: Rules) -> str:
    until = acceptance.until
    return (
        f'<section class="rule"><h3>{rules.link(acceptance.rule, found)} '
        f'<span class="count">{count(len(found), "finding")}</span></h3>'
        f'<dl class="facts"><div><dt>Accepted until</dt>'
        f"<dd>{day(until.year, until.month, until.day)}</dd></div>"
        f"<div><dt>Reason</dt><dd>{prose(acceptance.reason)}</dd></div></dl>"
        f"<details><summary>{_these(found)} of {text(acceptance.rule)}</summary>"
        f"{_messages(found, rules)}</details></section>"
    )


def _these(found: Sequence[Finding]) -> str:
    return "The finding" if len(found) == 1 else f"The {count(len(found), 'finding')}"


def _certain(found: Sequence[Finding]) -> str:
    number = sum(bool(finding.edits) and not finding.fixed for finding in found)
    if not number:
        return ""
    which = "this" if number == len(found) == 1 else f"{number:,} of these"
    return f'<p class="quiet"><code>tenterhooks --fix</code> mends {which}.</p>'


def _messages(found: Sequence[Finding], rules: Rules) -> str:
    alike: dict[tuple[str, str], dict[str, list[str]]] = {}
    for finding in found:
        places = alike.setdefault((finding.message, _remedy(finding, rules)), {})
        places.setdefault(finding.path, []).append(f"{finding.line}:{finding.column}")
    items = [
        f"<li><p>{prose(message)}</p>{remedy}{_places(places)}</li>"
        for (message, remedy), places in alike.items()
    ]
    return _folded("messages", items, _MOST_MESSAGES, "more messages")


def _remedy(finding: Finding, rules: Rules) -> str:
    remedy = finding.left if finding.fixed else rules.fix(finding)[0]
    words = "<b>Mended in this run.</b> " if finding.fixed else ""
    if remedy:
        words += f"<b>{'Left to do' if finding.fixed else 'Fix'}:</b> {prose(remedy)}"
    return f'<p class="fix">{words}</p>' if words else ""


def _places(places: dict[str, list[str]]) -> str:
    items = [
        f"<li>{path(name)} {'line' if len(lines) == 1 else 'lines'} {', '.join(lines)}</li>"
        for name, lines in places.items()
    ]
    return _folded("places", items, _MOST_FILES, "more files")


def _folded(kind: str, items: Sequence[str], most: int, more: str) -> str:
    """A list, of which what goes beyond ``most`` (unless it is one alone) is folded away."""
    if len(items) <= most + 1:
        return f'<ul class="{kind}">{"".join(items)}</ul>'
    return (
        f'<ul class="{kind}">{"".join(items[:most])}</ul>'
        f"<details><summary>{len(items) - most:,} {more}</summary>"
        f'<ul class="{kind}">{"".join(items[most:])}</ul></details>'
    )
