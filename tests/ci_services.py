"""The GitHub action and the GitLab component, and repositories to try them on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

from conftest import ROOT, git, write
from pages import blocks
from real_runners import POLICY, UNPINNED
from ruamel.yaml import YAML

TEXT = (ROOT / "action.yml").read_text("utf-8")
TEMPLATE = (ROOT / "templates" / "tenterhooks.yml").read_text("utf-8")
PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")
INPUT = re.compile(r"\$\[\[ (inputs|component)\.([a-z-]+) \]\]")
PIN = re.compile(r"(?m)^ *(?:- )?uses: ([\w./-]+)@([0-9a-f]{40}) # (v[0-9.]+)$")

REPOSITORY: dict[str, str | bytes] = {
    "SECURITY.md": POLICY,
    "app.py": "import subprocess\n\nsubprocess.call('ls', shell=True)\n",
    ".github/workflows/a.yml": UNPINNED,
}
CLEAN: dict[str, str | bytes] = {"SECURITY.md": POLICY}
# Whoever imports one of these runs the code that is under check.
TRAP = "open('pwned', 'w').close()\n"
TRAPS: dict[str, str | bytes] = {
    f"{name}.py": TRAP for name in ("pip", "venv", "sys", "tenterhooks", "argparse", "bandit")
}
PWNED = ["x; touch pwned", "$(touch pwned)", "`touch pwned`", "x' && touch pwned '", '"; exit 0; "']


def load(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def load_all(text: str) -> list[Any]:
    return list(YAML(typ="safe", pure=True).load_all(text))


ACTION = load(TEXT)
STEPS: dict[str, dict[str, Any]] = {step["name"]: step for step in ACTION["runs"]["steps"]}
HEADER, JOBS = load_all(TEMPLATE)
(JOB,) = JOBS.values()
YAML_BLOCKS = blocks(PAGE, "yaml")


def repository(top: Path, files: dict[str, str | bytes]) -> Path:
    top.mkdir(exist_ok=True)
    if not (top / ".git").exists():
        git(top, "init", "--quiet")
    write(top, files)
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "--allow-empty", "--message", "x")
    return top


class PullRequest(NamedTuple):
    """A clone of the merge of a pull request into its base, and both ends."""

    top: Path
    base: str
    merge: str


def pull_request(folder: Path, depth: int) -> PullRequest:
    """One workflow was there, another comes; what is checked out is as actions/checkout does it."""
    origin = repository(folder / "origin", REPOSITORY)
    git(origin, "switch", "--quiet", "--create", "change")
    repository(origin, {".github/workflows/b.yml": UNPINNED, "README.md": "x\n"})
    git(origin, "switch", "--quiet", "main")
    repository(origin, {"other.txt": "x\n"})
    base = git(origin, "rev-parse", "main").strip()
    git(origin, "switch", "--quiet", "--detach")
    git(origin, "merge", "--quiet", "--no-ff", "--message", "merge", "change")
    merge = git(origin, "rev-parse", "HEAD").strip()
    git(origin, "update-ref", "refs/pull/7/merge", merge)
    top = folder / "clone"
    top.mkdir()
    git(top, "init", "--quiet")
    deep = [f"--depth={depth}"] if depth else []
    git(top, "fetch", "--quiet", *deep, origin.as_uri(), f"+{merge}:refs/remotes/pull/7/merge")
    git(top, "checkout", "--quiet", "--detach", merge)
    return PullRequest(top, base, merge)
