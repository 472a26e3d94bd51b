"""One module a form of report, each with ``render(findings, rules) -> str``."""
