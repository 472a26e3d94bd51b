"""One self-contained page for people: what holds, what does not, and what was looked at.

There is no script in it, and its Content-Security-Policy admits nothing but its own style sheet.
The same commit gives the same page: its date is that of the commit, and how long the run took is
not told.
"""

from __future__ import annotations

import base64
import hashlib
import os

import tenterhooks
from tenterhooks.core.report import html_facts as facts
from tenterhooks.core.report.html_findings import Rules, acceptances, findings
from tenterhooks.core.report.html_style import STYLE
from tenterhooks.core.report.html_text import count, day, listed, moment, path, prose, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.core.report import Look, Report
    from tenterhooks.core.report.html_facts import Part

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="tenterhooks {version}">
<title>{name}: {verdict}</title>
<style>{style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the verdict</a>
<header>
<p class="quiet">Supply-chain report</p>
<h1>{name}</h1>
<dl class="facts">
<div><dt>As of</dt><dd>{when}</dd></div>
<div><dt>Checked by</dt><dd>tenterhooks {version}</dd></div>
</dl>
</header>
<main id="main" tabindex="-1">
{main}
</main>
<footer>
<p>Made by <a href="{home}">tenterhooks</a> {version} from the files of the repository, without
running any of them. Each rule has a page that says what it is about, why it matters and how to
follow it.</p>
</footer>
</body>
</html>
"""
# A narrow screen shows the cells of a row below each other; without their roles, some browsers
# would then tell a screen reader of no table.
_TABLE = """<table role="table">
<caption>What holds, what does not, and what was looked at</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Practice</th>
<th role="columnheader" scope="col">Result</th>
<th role="columnheader" scope="col">Looked at</th></tr></thead>
<tbody role="rowgroup">
{rows}
</tbody>
</table>"""


def render(report: Report) -> str:
    """The page. It can be encoded whatever the repository holds."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    all_parts = facts.parts(report)
    rules = Rules(report.rules)
    repository = report.repository
    return _PAGE.format(
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'",
        style=STYLE,
        version=tenterhooks.__version__,
        home=tenterhooks.HOME,
        name=text(os.path.basename(repository.top) or "repository"),
        verdict=facts.headline(report, all_parts)[1],
        when=moment(repository.reference_time()),
        main="\n".join(
            (
                _verdict(report, all_parts),
                _overview(all_parts),
                _said("failures", "What could not be done", report.failures),
                _findings(report, all_parts, rules),
                _accepted(report, rules),
                _looked_at(all_parts, rules),
                _said("notes", "Notes of the run", report.notes),
            )
        ),
    )


def _section(id: str, heading: str, content: str) -> str:
    return f'<section aria-labelledby="{id}">\n<h2 id="{id}">{heading}</h2>\n{content}\n</section>'


def _verdict(report: Report, all_parts: Sequence[Part]) -> str:
    state, words = facts.headline(report, all_parts)
    because = "".join(f"<p>{text(line)}</p>" for line in facts.sentences(report, all_parts))
    return f'<div class="verdict {state}">{_section("verdict", words, because)}</div>'


def _overview(all_parts: Sequence[Part]) -> str:
    if not all_parts:
        return ""
    rows = "\n".join(map(_row, all_parts))
    return _section(
        "practices",
        "Practice by practice",
        _TABLE.format(rows=rows),
    )


def _row(part: Part) -> str:
    id = text(part.id)
    name = f'<a href="#practice-{id}">{id}</a>' if part.findings else id
    return (
        f'<tr role="row"><th role="rowheader" scope="row">{name}'
        f'<span class="quiet">{text(part.title)}</span></th>'
        f'<td role="cell"><strong class="state {part.state}">{part.words}</strong>'
        f"{''.join(f'<span>{line}</span>' for line in _details(part))}</td>"
        f'<td role="cell">{_extent(part.look)}</td></tr>'
    )


def _details(part: Part) -> list[str]:
    """What stands under the state of a practice; HTML."""
    lines = [count(part.to_mend, "finding")] if part.to_mend else []
    mended = sum(finding.fixed for finding in part.findings)
    lines += [f"{mended:,} mended"] if mended else []
    if part.accepted:
        lines.append(f'<a href="#accepted">{len(part.accepted):,} accepted</a>')
    if part.look and part.look.left_out is not None:
        lines.append(prose(part.look.left_out))
    if part.failures:
        lines.append('<a href="#failures">what could not be done</a>')
    return lines


def _extent(look: Look | None) -> str:
    if look is None:
        return "the same files"
    if look.left_out is not None:
        return "nothing"
    return "the repository" if look.practice.pattern is None else count(len(look.files), "file")


def _findings(report: Report, all_parts: Sequence[Part], rules: Rules) -> str:
    found = [findings(part, rules) for part in all_parts if part.findings]
    if not found:
        return _section("findings", "Findings", "<p>Nothing was found in what was looked at.</p>")
    places = '<p class="quiet">A place is a file with lines and columns, as in 12:5.</p>'
    return _section("findings", "Findings", "\n".join((places, *found)))


def _accepted(report: Report, rules: Rules) -> str:
    if not report.accepted:
        return ""
    first = min(acceptance.until for _, acceptance in report.accepted)
    return _section(
        "accepted",
        "Accepted for a time",
        "<p>These findings are known, and the configuration says why they may stay for now. The "
        f"first of these permissions ends after {day(first.year, first.month, first.day)}.</p>\n"
        + acceptances(report.accepted, rules),
    )


def _looked_at(all_parts: Sequence[Part], rules: Rules) -> str:
    looks = [part.look for part in all_parts if part.look is not None]
    if not looks:
        return ""
    return _section(
        "looked-at", "What was looked at", "\n".join(_look(look, rules) for look in looks)
    )


def _look(look: Look, rules: Rules) -> str:
    id = text(look.practice.id)
    if look.left_out is not None:
        return f"<p>{id}: not looked at, {text(look.left_out)}</p>"
    names = [rule.name for rule in look.practice.rules]
    on = [*(name for name in names if name in look.active), *sorted(look.active - set(names))]
    off = [name for name in names if name not in look.active]
    beside = " and those of the tool that it runs" if look.practice.others else ""
    files = "".join(f"<li>{path(name)}</li>" for name in look.files)
    return (
        f"<details><summary>{id}: {_extent(look)}, {count(len(on), 'rule')}{beside}</summary>"
        + (f"<p>On: {listed([rules.link(name) for name in on])}.</p>" if on else "")
        + (f"<p>Off: {listed([rules.link(name) for name in off])}.</p>" if off else "")
        + (f'<ul class="files">{files}</ul>' if files else "")
        + "</details>"
    )


def _said(id: str, heading: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    return _section(id, heading, f"<ul>{''.join(f'<li>{prose(line)}</li>' for line in lines)}</ul>")
