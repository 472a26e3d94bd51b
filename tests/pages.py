"""Pages of documentation, taken apart."""

from __future__ import annotations

import re

from conftest import ROOT

PAGES_FOLDER = ROOT / "hooks" / "tenterhooks" / "pages"
HEADINGS = [
    "What it reports",
    "Why it matters",
    "How to fix it",
    "When it stays silent",
    "Source",
]


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def headings(page: str) -> list[str]:
    """The headings of the second level."""
    outside = re.sub(r"^```.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"^## (.*)$", outside, re.MULTILINE)


def facts(page: str) -> dict[str, str]:
    """The table of two columns at the head of a page."""
    return dict(re.findall(r"^\| ([^|]+?) \| (.+?) \|$", page, re.MULTILINE))
