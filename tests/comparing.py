"""Small cases that other tools and the hooks are held against, as docs/comparison.md has them.

A case of locks is an edit of a project that its own tool has locked; what that tool says comes from
its exit code: 0 passes.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from conftest import ROOT
from tools import tool

from tenterhooks.formats.public_index import FILE_HOST, SIMPLE

DATA = ROOT / "tests" / "lock_in_sync" / "data"
FIXTURES = {"uv": "uv/app", "Poetry": "poetry/standard", "PDM": "pdm/project", "Pipenv": "pipenv"}
COMMANDS = {
    "uv": ["uv", "lock", "--check", "--offline", "--no-config", "--python", sys.executable],
    "Poetry": ["poetry", "check", "--lock"],
    "PDM": ["pdm", "lock", "--check"],
    "Pipenv": ["pipenv", "verify"],
}
# An edit: file, what goes, what comes. Without any, nothing changes; None: there is no such case.
Edit = tuple[str, str, str]
NOTHING: Edit = ("", "", "")
PYPROJECT, PIPFILE = "pyproject.toml", "Pipfile"
EVIL = '[[package]]\nname = "evil"\nversion = "1.0"\n'
EVIL_FILES = f'files = [\n    {{file = "evil-1.0.tar.gz", hash = "sha256:{"0" * 64}"}},\n]\n\n'
FROM_INDEX = f'source = {{ registry = "https://{SIMPLE}" }}\n'
EVIL_IN_PIPENV = f'"evil": {{"hashes": ["sha256:{"0" * 64}"], "version": "==1.0"}},\n        '
LOCKS: dict[str, dict[str, Edit | None]] = {
    "nothing is edited": dict.fromkeys(FIXTURES, NOTHING),
    "the project gets a comment": {
        "uv": (PYPROJECT, "[project]\n", "# a word\n[project]\n"),
        "Poetry": (PYPROJECT, "[project]\n", "# a word\n[project]\n"),
        "PDM": (PYPROJECT, "[project]\n", "# a word\n[project]\n"),
        "Pipenv": (PIPFILE, "[packages]\n", "# a word\n[packages]\n"),
    },
    "two dependencies change places": {
        "uv": (
            PYPROJECT,
            '"urllib3>=2,<3",\n    "click~=8.1",',
            '"click~=8.1",\n    "urllib3>=2,<3",',
        ),
        "Poetry": (
            PYPROJECT,
            '"requests[socks]>=2.31",\n    "click (>=8.1,<9)",',
            '"click (>=8.1,<9)",\n    "requests[socks]>=2.31",',
        ),
        "PDM": (
            PYPROJECT,
            '"idna>=3.4,<4",\n    "packaging>=24",',
            '"packaging>=24",\n    "idna>=3.4,<4",',
        ),
        "Pipenv": (
            PIPFILE,
            'click = "~=8.1"\nPygments = "*"\n',
            'Pygments = "*"\nclick = "~=8.1"\n',
        ),
    },
    "the project asks for one more": {
        "uv": (PYPROJECT, '    "urllib3>=2,<3",', '    "new-one",\n    "urllib3>=2,<3",'),
        "Poetry": (PYPROJECT, '    "click (', '    "new-one",\n    "click ('),
        "PDM": (PYPROJECT, '    "packaging>=24",', '    "packaging>=24",\n    "new-one",'),
        "Pipenv": (PIPFILE, "[packages]\n", '[packages]\nnew-one = "*"\n'),
    },
    "the project asks for another range": {
        "uv": (PYPROJECT, "click~=8.1", "click~=8.0"),
        "Poetry": (PYPROJECT, "click (>=8.1", "click (>=8.0"),
        "PDM": (PYPROJECT, "packaging>=24", "packaging>=23"),
        "Pipenv": (PIPFILE, 'click = "~=8.1"', 'click = "~=8.0"'),
    },
    "the lock has a version that the project rules out": {
        "uv": (
            "uv.lock",  # all of it: uv compares a version with the names of the files
            "2.8.0",
            "1.26.18",
        ),
        "Poetry": ("poetry.lock", 'version = "8.5.1"', 'version = "7.0"'),
        "PDM": (
            "pdm.lock",
            'name = "packaging"\nversion = "26.3"',
            'name = "packaging"\nversion = "23.0"',
        ),
        "Pipenv": ("Pipfile.lock", '"version": "==8.5.1"', '"version": "==7.0"'),
    },
    "the lock has a package that nothing asks for": {
        "uv": (
            "uv.lock",
            '[[package]]\nname = "urllib3"',
            f'{EVIL}{FROM_INDEX}\n[[package]]\nname = "urllib3"',
        ),
        "Poetry": (
            "poetry.lock",
            "[extras]\npretty",
            EVIL
            + 'optional = false\npython-versions = "*"\ngroups = ["main"]\n'
            + EVIL_FILES
            + "[extras]\npretty",
        ),
        "PDM": (
            "pdm.lock",
            '[[package]]\nname = "packaging"',
            EVIL
            + 'groups = ["default"]\nsummary = ""\n'
            + EVIL_FILES
            + '[[package]]\nname = "packaging"',
        ),
        "Pipenv": ("Pipfile.lock", '"idna": {', EVIL_IN_PIPENV + '"idna": {'),
    },
    "the lock has an md5 in the place of a sha256": {
        "uv": (
            "uv.lock",
            "sha256:63bf2ead4c879426ebf22ef2a781eeb4aa3b4ae798a0435506f8687fd5bb9b63",
            f"md5:{'0' * 32}",
        ),
        "Poetry": (
            "poetry.lock",
            "sha256:63bf2ead4c879426ebf22ef2a781eeb4aa3b4ae798a0435506f8687fd5bb9b63",
            f"md5:{'0' * 32}",
        ),
        "PDM": (
            "pdm.lock",
            "sha256:94edc256424af38762eb31306eed28beb9f0efc50a8837492c9d6fd6004aed79",
            f"md5:{'0' * 32}",
        ),
        "Pipenv": (
            "Pipfile.lock",
            "sha256:9bbfada76703fd1d784b83eea012e3e8c6a001a876543ef104fa56aaaeb072b4",
            f"md5:{'0' * 32}",
        ),
    },
    "the lock takes a file from another host": {
        "uv": (
            "uv.lock",
            f"https://{FILE_HOST}/packages/92/9d/",
            "https://files.example.net/packages/92/9d/",
        ),
        "Poetry": None,
        "PDM": None,
        "Pipenv": None,
    },
}


class Lock(NamedTuple):
    """A case for one tool."""

    case: str
    tool: str

    def texts(self) -> dict[str, str | bytes]:
        """The files of the project after the edit."""
        edit = LOCKS[self.case][self.tool]
        assert edit is not None
        name, old, new = edit
        found: dict[str, str | bytes] = {}
        for path in sorted((DATA / FIXTURES[self.tool]).iterdir()):
            text = path.read_text("utf-8")
            if path.name == name:
                assert old in text, (self, old)
                text = text.replace(old, new)
            found[path.name] = text
        return found

    def passes(self, folder: Path) -> bool:
        """Whether the tool's own check passes, in a folder that has the files."""
        name, *arguments = COMMANDS[self.tool]
        return run([tool(name), *arguments], folder) == 0


def cases() -> list[Lock]:
    return [Lock(case, name) for case, edits in LOCKS.items() for name in edits if edits[name]]


# Label -> files. Bandit's own hook is `bandit FILE ...`; what it says is its exit code.
BANDIT: dict[str, dict[str, str | bytes]] = {
    "nothing is wrong": {"a.py": "x = 1\n"},
    "a shell gets a command": {"a.py": "import os\n\nos.system(input())\n"},
    "a file is not valid Python": {"a.py": "def f(:\n"},
    "`nosec` names a test that finds nothing there": {"a.py": "x = 1  # nosec B602\n"},
    "the configuration skips a test that does not exist": {
        "a.py": "x = 1\n",
        "pyproject.toml": '[tool.bandit]\nskips = ["B999"]\n',
    },
    "the environment switches the check of certificates off": {
        "a.py": 'import os\n\nos.environ["PYTHONHTTPSVERIFY"] = "0"\n'
    },
}
JOB = "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n"
STEPS = f"{JOB}    steps:\n"
SHA = "93cb6efe18208431cddfb8368fd83d5badbf9bfd"
ACTION = "      - uses: docker/login-action"
# Label -> a workflow. zizmor reads it offline, as its default persona.
WORKFLOWS: dict[str, str] = {
    "an action at a commit": f"{STEPS}{ACTION}@{SHA} # v3.1.0\n",
    "an action at a tag": f"{STEPS}{ACTION}@v3\n",
    "an action at a shortened commit": f"{STEPS}{ACTION}@{SHA[:7]}\n",
    "an action at nothing": f"{STEPS}{ACTION}\n",
    "two version comments on one commit": (
        f"{STEPS}{ACTION}@{SHA} # v3.1.0\n{ACTION}@{SHA} # v3.2.0\n"
    ),
    "the image of a job at a tag": (
        f"{JOB}    container: python:3.12\n    steps:\n      - run: ls\n"
    ),
    "a step that prints an untrusted title": (
        f"{STEPS}      - run: echo ${{{{ github.event.issue.title }}}}\n".replace(
            "on: push", "on: issues"
        )
    ),
}


def run(command: list[str], folder: Path) -> int:
    """The exit code of a tool, which has no network and asks nobody."""
    done = subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    return done.returncode
