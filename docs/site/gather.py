"""Gather the pages of the site from where they are kept: `python3 docs/site/gather.py FOLDER`.

Each page has one home: the guides in docs/, the pages of the rules in the package, so that
`tenterhooks explain` has them, and the rest at the top, where GitHub looks for it. They are written
for GitHub, with links from file to file; here they get the places that they have on the site, and
the lists of pages that Sphinx makes its navigation of. Nothing is copied by hand, and nothing is a
symlink, which Windows may not have.
"""

from __future__ import annotations

import os
import posixpath
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = "https://github.com/tenterhooks/tenterhooks"
PAGES = "hooks/tenterhooks/pages"
_AT_THE_TOP = {
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "security.md",
}
# What the navigation begins with. Pages of docs/ that are not named stand at its end.
GUIDES = {
    "Guides": ["getting-started", "adopting", "presets", "ci"],
    "Reference": ["practices/*", "rules", "configuration", "locks", "comparison"],
    "The project": ["security-model", "security", "contributing", "changelog"],
}
_LINK = re.compile(r"`+[^`\n]*`+|(\]\()([^()\s]+)\)")
_PAGE = re.compile(r"\]\((?:\.\./)*((?:rules|bandit)/[\w-]+)\.md\)")


class Broken(Exception):
    """A link leads nowhere; the text says which."""


def places() -> dict[str, str]:
    """Path in the repository -> path on the site, of every page."""
    docs = sorted((ROOT / "docs").rglob("*.md"))
    found = {_path(page): page.relative_to(ROOT / "docs").as_posix() for page in docs}
    found |= _AT_THE_TOP
    for page in sorted((ROOT / PAGES).rglob("*.md")):
        place = page.relative_to(ROOT / PAGES).as_posix()
        found[_path(page)] = re.sub(r"README\.md$", "index.md", place)
    return found


def _path(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def pages() -> dict[str, str]:
    """Path on the site -> text, of every page. Raises Broken."""
    known = places()
    texts = {place: _linked(path, known) for path, place in known.items()}
    for place, lists in navigation(texts).items():
        texts[place] += "".join(_list(caption, names) for caption, names in lists)
    return texts


def links(text: str) -> list[str]:
    """What the links of a page lead to, but for what stands in code."""
    return [match[2] for line in prose(text) for match in _LINK.finditer(line) if match[2]]


def prose(text: str) -> list[str]:
    """The lines of a page; those of fenced code are empty."""
    found, fence = [], ""
    for line in text.splitlines():
        mark = re.match(r" *(`{3,})", line)
        found.append("" if fence or mark else line)
        if mark and not fence:
            fence = mark[1]
        elif mark and line.strip() == fence:
            fence = ""
    return found


def _linked(path: str, known: dict[str, str]) -> str:
    """A page with its links as they must be on the site."""

    def moved(match: re.Match[str]) -> str:
        return f"{match[1]}{target(path, match[2], known)})" if match[2] else match[0]

    text = (ROOT / path).read_text("utf-8")
    lines = zip(text.splitlines(), prose(text), strict=True)
    return "".join((_LINK.sub(moved, line) if plain else line) + "\n" for line, plain in lines)


def target(path: str, link: str, known: dict[str, str]) -> str:
    """Where a link of the page at ``path`` leads to on the site. What is no page is shown where the
    sources are. Raises Broken."""
    file, mark, anchor = link.partition("#")
    if not file or re.match(r"[a-z]+:", link):
        return link
    wanted = posixpath.normpath(posixpath.join(posixpath.dirname(path), file))
    if wanted in known:
        here = posixpath.dirname(known[path])
        return posixpath.relpath(known[wanted], here or ".") + mark + anchor
    if wanted.startswith("..") or not (ROOT / wanted).exists():
        raise Broken(f"{path}: {link}")
    kind = "tree" if (ROOT / wanted).is_dir() else "blob"
    return f"{SOURCES}/{kind}/main/{wanted}{mark}{anchor}"


def navigation(texts: dict[str, str]) -> dict[str, list[tuple[str, list[str]]]]:
    """Page -> the lists of pages below it, each with its caption. Each page stands in one."""
    names = [place.removesuffix(".md") for place in texts]
    found: dict[str, list[tuple[str, list[str]]]] = {}
    taken = {"index"}
    for name in names:
        if name.startswith("practices/") or name == "bandit/index":
            below = dict.fromkeys(_PAGE.findall(_rules_of(name, texts)))
            below = dict.fromkeys(it for it in below if it in names and it not in taken)
            found[f"{name}.md"] = [("", list(below))]
            taken.update(below)
    found["practices/bandit.md"][0][1].append("bandit/index")
    taken.add("bandit/index")
    guides = {caption: _spread(listed, names) for caption, listed in GUIDES.items()}
    taken.update(name for listed in guides.values() for name in listed)
    guides["More"] = [name for name in names if name not in taken]
    found["index.md"] = [(caption, listed) for caption, listed in guides.items() if listed]
    return found


def _rules_of(name: str, texts: dict[str, str]) -> str:
    """The part of a page that lists the rules or tests that are to stand below it."""
    text = texts[f"{name}.md"]
    if name == "bandit/index":
        return re.sub(r"\]\((TH\d+)\.md\)", r"](bandit/\1.md)", text)
    return "".join(line for line in text.splitlines(keepends=True) if line.startswith("| ["))


def _spread(listed: list[str], names: list[str]) -> list[str]:
    found = []
    for name in listed:
        if name.endswith("/*"):
            found += [it for it in names if it.startswith(name[:-1])]
        elif name in names:
            found.append(name)
    return found


def _list(caption: str, names: list[str]) -> str:
    """A list of pages, as MyST has it; it is not shown on the page itself."""
    head = f":caption: {caption}\n" if caption else ""
    rows = "".join(f"/{name}\n" for name in names)
    return f"\n```{{toctree}}\n:hidden:\n{head}\n{rows}```\n"


def main(folder: str) -> int:
    """Write the pages below ``folder``, and take away what is there of earlier ones. Returns 0,
    or 2 where a link leads nowhere."""
    try:
        texts = pages()
    except Broken as broken:
        print(f"gather.py: error: a link leads nowhere: {broken}", file=sys.stderr)
        return 2
    for old in Path(folder).rglob("*.md"):
        if old.relative_to(folder).as_posix() not in texts:
            old.unlink()
    for place, text in texts.items():
        path = os.path.join(folder, place)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
