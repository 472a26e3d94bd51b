"""``path:line:column: rule message``, and a ``fix:`` line under a rule's first finding."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.core.finding import Finding
    from tenterhooks.core.report import Report


def render(report: Report) -> str:
    """Nothing where there are no findings."""
    lines = []
    explained = set()
    for finding in report.findings:
        lines.append(harmless(line(finding)))
        fix = finding.left if finding.fixed else finding.fix
        if fix and finding.rule not in explained:
            explained.add(finding.rule)
            lines.append(harmless(f"    fix: {fix}"))
    return "".join(f"{text}\n" for text in lines)


def line(finding: Finding) -> str:
    """The one line of a finding, its path not yet made harmless."""
    done = " (fixed)" if finding.fixed else ""
    path = finding.shown
    # A line that begins with two colons is a command to GitHub's runner.
    path = f"./{path}" if path.startswith(":") else path
    return f"{path}:{finding.line}:{finding.column}: {finding.rule} {finding.message}{done}"


def harmless(text: str) -> str:
    """ASCII without control characters, and without ``##[`` and ``##vso[``, which the runners of
    GitHub and of Azure Pipelines obey wherever they stand in a line."""
    if text.isascii() and text.isprintable() and "##" not in text:
        return text
    characters = [
        character if character.isascii() and character.isprintable() else _escaped(character)
        for character in text
    ]
    escaped = "".join(characters)
    return escaped.replace("##[", r"#\x23[").replace("##vso[", r"#\x23vso[")


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")
