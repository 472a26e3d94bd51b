"""The commands in the pages: how a repository is prepared for them, and which are not run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from conftest import ROOT, git, write
from pages import PAGES_FOLDER

WORKFLOW = (
    "on: push\n\njobs:\n  test:\n    runs-on: ubuntu-latest\n    permissions: {}\n"
    "    env:\n      A: b\n    timeout-minutes: 5\n\n    steps:\n"
    "      - uses: actions/checkout@v5\n"
)
FILES: dict[str, str | bytes] = {
    ".github/workflows/release.yml": WORKFLOW,
    ".pre-commit-config.yaml": "repos: []\n",
    "app.py": "import os\n\nos.system(input())\n",
}
# Page -> what it needs beside that: in the second commit, in the first, and out of git.
MORE: dict[str, dict[str, str | bytes]] = {
    "conflicting-locks": {"poetry.lock": "", "uv.lock": ""},
    "stray-lock": {"packages/member/uv.lock": "", "uv.lock": ""},
}
BEFORE: dict[str, dict[str, str | bytes]] = {"lock-untrusted-source": {"uv.lock": ""}}
UNTRACKED: dict[str, dict[str, str | bytes]] = {
    "lock-not-tracked": {"uv.lock": ""},
    "missing-lock": {"uv.lock": ""},
}
TOOL = "fetches a tool, or the hooks, from the network; tests/runners installs from this checkout"
INDEX = "resolves, for which it asks the index"
ITSELF = "runs these very tests"
SERVED = "installs what it fetches; tests/ci does so from a mirror of this checkout"
# Command -> why it is not run here.
NOT_RUN = {
    "pre-commit autoupdate --freeze --repo https://github.com/tenterhooks/tenterhooks": TOOL,
    "pre-commit run --all-files tenterhooks": TOOL,
    "prek run --all-files tenterhooks": TOOL,
    "uv tool install git+https://github.com/tenterhooks/tenterhooks@v0.1.0": TOOL,
    "pipx install git+https://github.com/tenterhooks/tenterhooks@v0.1.0": TOOL,
    "git ls-remote https://github.com/tenterhooks/tenterhooks v0.1.0 'v0.1.0^{}'": "asks GitHub",
    "tenterhooks adopt": "asks at a terminal; tests/adopt answers",
    "uv lock": INDEX,
    "uv lock --upgrade-package requets": INDEX,
    "uv lock --upgrade-package urllib3": INDEX,
    "python3 dev.py check": ITSELF,
    "python3 dev.py test": ITSELF,
    "TENTERHOOKS_FUZZ=200000 python3 dev.py test tests/fuzz": ITSELF,
    "python3 dev.py docs": "sets up an environment; tests/test_site.py builds where there is one",
    "git checkout --theirs -- uv.lock": "takes a side of a merge that stopped",
    "file .github/workflows/ci.yml": "prints what the system's own `file` calls it",
}
# What a block that is a whole script begins with -> why it is not run here.
SCRIPTS_NOT_RUN = {"set -eu\ncommit=0": SERVED}
_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """Fenced code of a page, without its indentation."""

    language: str
    text: str


def blocks(path: Path) -> list[Block]:
    """All fenced code of a page, that in lists as well."""
    found = []
    for indent, language, text in _FENCE.findall(path.read_text("utf-8")):
        lines = [line.removeprefix(indent) for line in text.splitlines(keepends=True)]
        found.append(Block(language, "".join(lines)))
    return found


def commands(block: Block) -> list[tuple[str, str | None]]:
    """The commands of a block, each with what the page says that it prints, if it does."""
    if block.language == "console":
        parts = re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]
        return [(command, out) for command, _, out in (part.partition("\n") for part in parts)]
    if block.language != "sh" or block.text.startswith(tuple(SCRIPTS_NOT_RUN)):
        return []
    lines = re.sub(r"\\\n\s*", "", block.text).splitlines()
    return [(line, None) for line in lines if line and not line.startswith("#")]


def pages() -> list[Path]:
    """Every page there is: of the site, and at the top."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *PAGES_FOLDER.rglob("*.md")]
    return sorted(found)


def prepare(path: Path, top: Path) -> None:
    """Make the repository in which the commands of a page are run."""
    top.mkdir()
    git(top, "init", "--quiet")
    write(top, {**FILES, **BEFORE.get(path.stem, {})})
    _commit(top)
    write(top, MORE.get(path.stem, {}))
    _commit(top)
    write(top, UNTRACKED.get(path.stem, {}))


def _commit(top: Path) -> None:
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "--allow-empty", "--message", "all")
