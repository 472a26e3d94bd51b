"""Edits of a real project and of its lock, each with what is to be said of it."""

# ruff: noqa: E501  # a line for each edit

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

from tenterhooks.core.files import Repository, Unreadable
from tenterhooks.core.finding import Finding
from tenterhooks.lock_in_sync import pdm

DATA = Path(__file__).parent / "data" / "pdm"
PROJECT, LOCK = "pyproject.toml", "pdm.lock"
STALE, UNMET = "lock-out-of-date", "lock-unsatisfied"
MISSING, ORPHAN = "lock-incomplete", "lock-orphan"

# A script for the Python of PDM: a folder on each line, "True" for one whose lock is fresh.
FRESH = """
import os, sys
os.environ["PDM_CHECK_UPDATE"] = "0"
from pdm.core import Core
from pdm.project.lockfile.base import Compatibility
for line in sys.stdin.read().split("\\n"):
    try:
        project = Core().create_project(line)
        known = project.lockfile.compatibility() != Compatibility.NONE
        print(bool(known and project.is_lockfile_fresh()))
    except Exception as error:
        print(type(error).__name__)
"""


class Edit(NamedTuple):
    """In ``file``, ``old`` becomes ``new``. rules: what we say. tool: what PDM says, that the
    lock is stale; as we do, where it is not given."""

    what: str
    file: str
    old: str
    new: str
    rules: tuple[str, ...] = ()
    tool: bool | None = None

    @property
    def is_stale(self) -> bool:
        return STALE in self.rules if self.tool is None else self.tool


EDITS = [
    Edit("nothing", PROJECT, "[project]", "[project]"),
    Edit("add", PROJECT, '    "packaging>=24",', '    "packaging>=24",\n    "attrs",', (STALE,)),
    Edit("add what is locked", PROJECT, '"packaging>=24",', '"packaging>=24", "h11",', (STALE,)),
    Edit("remove", PROJECT, '    "packaging>=24",\n', "", (STALE,)),
    Edit("remove what others need", PROJECT, '    "idna>=3.4,<4",\n', "", (STALE,)),
    Edit("tighten, still met", PROJECT, "packaging>=24", "packaging>=25", (STALE,)),
    Edit("tighten, not met", PROJECT, "packaging>=24", "packaging>=99", (STALE,)),
    Edit("loosen", PROJECT, "packaging>=24", "packaging", (STALE,)),
    Edit("cap", PROJECT, "packaging>=24", "packaging>=24,<20", (STALE,)),
    Edit("pin", PROJECT, "packaging>=24", "packaging==1.0", (STALE,)),
    Edit("specifier, spaces", PROJECT, "packaging>=24", "packaging >= 24", (STALE,)),
    Edit("specifier, order", PROJECT, "idna>=3.4,<4", "idna<4,>=3.4", (STALE,)),
    Edit("specifier, zero", PROJECT, "packaging>=24", "packaging>=24.0", (STALE,)),
    Edit("name, letters", PROJECT, '"packaging>=24"', '"Packaging>=24"', (STALE,)),
    Edit("marker, quotes", PROJECT, "'win32'", '\\"win32\\"', (STALE,)),
    Edit("marker, other", PROJECT, "'win32'", "'darwin'", (STALE,)),
    Edit("marker, gone", PROJECT, "; sys_platform != 'win32'", "", (STALE,)),
    Edit("marker, new", PROJECT, "packaging>=24", "packaging>=24; os_name == 'nt'", (STALE,)),
    Edit("marker, never", PROJECT, "packaging>=24", "attrs; python_version < '3'", (STALE,)),
    Edit("extra of a dependency, gone", PROJECT, "httpx[http2]", "httpx", (STALE,)),
    Edit("extra of a dependency, new", PROJECT, "[http2]", "[http2,socks]", (STALE,)),
    Edit("address", PROJECT, "packaging>=24", "packaging @ https://x.example/p.whl", (STALE,)),
    Edit("order", PROJECT, '"pytest>=8", { include-group = "lint" }', '{ include-group = "lint" }, "pytest>=8"', (STALE,)),
    Edit("order of tables", PROJECT, "[build-system]", "[dependency-groups.more]\n[build-system]", (STALE,), None),
    Edit("comment", PROJECT, "[project]", "# words\n[project]"),
    Edit("layout", PROJECT, '    "idna>=3.4,<4",\n', '  "idna>=3.4,<4", # words\n'),
    Edit("another tool", PROJECT, "key = 1", "key = 2"),
    Edit("version", PROJECT, "0.1.0", "0.2.0"),
    Edit("description", PROJECT, '"0.1.0"', '"0.1.0"\ndescription = "x"'),
    Edit("build system", PROJECT, "pdm-backend", "hatchling"),
    Edit("distribution", PROJECT, "distribution = false", "distribution = true"),
    Edit("script", PROJECT, "distribution = false", "distribution = false\nscripts = {a = 'b'}"),
    Edit("requires-python, narrower", PROJECT, ">=3.10", ">=3.11", (STALE,)),
    Edit("requires-python, wider", PROJECT, ">=3.10", ">=3.9", (STALE,)),
    Edit("requires-python, same meaning", PROJECT, ">=3.10", ">= 3.10", (STALE,)),
    Edit("requires-python, gone", PROJECT, 'requires-python = ">=3.10"\n', "", (STALE,)),
    Edit("extra, add to", PROJECT, '["iniconfig>=2"]', '["iniconfig>=2", "attrs"]', (STALE,)),
    Edit("extra, new", PROJECT, "fast = [", 'new = ["attrs"]\nfast = [', (STALE,)),
    Edit("extra, new and empty", PROJECT, "fast = [", "new = []\nfast = [", (STALE,)),
    Edit("extra, gone", PROJECT, 'all = ["sample[fast]"]\n', "", (STALE,)),
    Edit("extra, renamed", PROJECT, "all = [", "every = [", (STALE,)),
    Edit("group, add to", PROJECT, '"pluggy>=1.5"', '"pluggy>=1.5", "attrs"', (STALE,)),
    Edit("group, new", PROJECT, "lint = [", 'new = ["attrs"]\nlint = [', (STALE,)),
    Edit("group, spelling", PROJECT, "lint = [", "Lint = ["),
    Edit("group, no include", PROJECT, ', { include-group = "lint" }', "", (STALE,)),
    Edit("older group, add to", PROJECT, '"colorama>=0.4"', '"colorama>=0.4", "attrs"', (STALE,)),
    Edit("older group, gone", PROJECT, 'docs = ["colorama>=0.4"]', "", (STALE,)),
    Edit("older group, spelling", PROJECT, "docs = [", "Docs = ["),
    Edit("override, other", PROJECT, ">=2024", ">=2025", (STALE,)),
    Edit("override, new", PROJECT, 'certifi = ">=2024"', 'certifi = ">=2024"\nh2 = "*"', (STALE,)),
    Edit("override, gone", PROJECT, 'certifi = ">=2024"\n', "", (STALE,)),
    Edit("excludes", PROJECT, "[tool.pdm.resolution.overrides]", "[tool.pdm.resolution]\nexcludes = ['h2']\n[tool.pdm.resolution.overrides]", (STALE,)),
    Edit("source", PROJECT, "[tool.other]", "[[tool.pdm.source]]\nname = 'a'\nurl = 'https://x.example/simple'\n[tool.other]", (STALE,)),
    Edit("lock_inputs", PROJECT, "[tool.pdm.resolution.overrides]", "[tool.pdm.resolution]\nlock_inputs = true\n[tool.pdm.resolution.overrides]", (STALE,)),
    Edit("lock, hash", LOCK, "content_hash = \"sha256:f1", "content_hash = \"sha256:f2", (STALE,)),
    Edit("lock, no hash", LOCK, "content_hash =", "other_hash =", (STALE,)),
    Edit("lock, no version", LOCK, 'lock_version = "4.5.1"\n', "", (STALE,)),
    Edit("lock, earlier version of it", LOCK, '"4.5.1"', '"4.5.0"'),
    Edit("lock, older form", LOCK, '"4.5.1"', '"4.4.1"', (STALE,), tool=False),
    Edit("lock, newer form", LOCK, '"4.5.1"', '"4.6.0"', (), tool=True),
    Edit("lock, newest form", LOCK, '"4.5.1"', '"5.0"', (), tool=True),
    Edit("lock, md5", LOCK, 'content_hash = "sha256:', 'content_hash = "md5:', (STALE,)),
    Edit("lock, declared version", LOCK, 'name = "idna"\nversion = "3.20"', 'name = "idna"\nversion = "2.0"', (UNMET,)),
    Edit("lock, other version", LOCK, 'name = "certifi"\nversion = "', 'name = "certifi"\nversion = "1', ()),
    Edit("lock, version of what is asked for", LOCK, 'name = "hpack"\nversion = "4.', 'name = "hpack"\nversion = "1.', (UNMET,)),
    Edit("lock, entry renamed", LOCK, 'name = "packaging"', 'name = "unpacking"', (MISSING, ORPHAN)),
    Edit("lock, entry of what is asked for renamed", LOCK, 'name = "h11"', 'name = "h12"', (MISSING, ORPHAN)),
    Edit("lock, entry with extras gone", LOCK, 'extras = ["http2"]\n', "", (MISSING,)),
    Edit("lock, edge gone", LOCK, '    "pluggy<2', '    "packaging'),
    Edit("lock, orphan", LOCK, '[[package]]\nname = "h11"', '[[package]]\nname = "evil"\nversion = "1"\n\n[[package]]\nname = "h11"', (ORPHAN,)),
    Edit("lock, from elsewhere", LOCK, 'name = "packaging"\n', 'name = "packaging"\ngit = "https://x.example/p.git"\nrevision = "a"\n', (UNMET,)),
    Edit("lock, comment", LOCK, "[metadata]", "# words\n[metadata]"),
]  # fmt: skip


# With ``lock_inputs``: what still fits is in sync.
INPUTS = [
    Edit("nothing", PROJECT, "[project]", "[project]"),
    Edit("add", PROJECT, '    "packaging>=24",', '    "packaging>=24",\n    "attrs",', (STALE,)),
    Edit("remove", PROJECT, '    "packaging>=24",\n', "", (STALE,)),
    Edit("twice", PROJECT, '    "packaging>=24",\n', '    "packaging>=24",\n"packaging",\n', (STALE,)),
    Edit("tighten, still met", PROJECT, "packaging>=24", "packaging>=25"),
    Edit("tighten, not met", PROJECT, "packaging>=24", "packaging>=99", (STALE,)),
    Edit("loosen", PROJECT, "packaging>=24", "packaging"),
    Edit("specifier, spaces", PROJECT, "packaging>=24", "packaging >= 24"),
    Edit("specifier, order", PROJECT, "idna>=3.4,<4", "idna<4,>=3.4"),
    Edit("name, letters", PROJECT, '"packaging>=24"', '"Packaging>=24"', (STALE,)),
    Edit("marker, quotes", PROJECT, "'win32'", '\\"win32\\"'),
    Edit("marker, parentheses", PROJECT, "sys_platform != 'win32'", "(sys_platform != 'win32')"),
    Edit("marker, other", PROJECT, "'win32'", "'darwin'", (STALE,)),
    Edit("marker, gone", PROJECT, "; sys_platform != 'win32'", "", (STALE,)),
    Edit("marker, new", PROJECT, "packaging>=24", "packaging>=24; os_name == 'nt'", (STALE,)),
    Edit("extra of a dependency, gone", PROJECT, "httpx[http2]", "httpx", (STALE,)),
    Edit("extra of a dependency, new", PROJECT, "[http2]", "[http2,socks]", (STALE,)),
    Edit("extra of a dependency, letters", PROJECT, "[http2]", "[HTTP2]", (STALE,)),
    Edit("address", PROJECT, "packaging>=24", "packaging @ https://x.example/p.whl", (STALE,)),
    Edit("order", PROJECT, '"pytest>=8", { include-group = "lint" }', '{ include-group = "lint" }, "pytest>=8"'),
    Edit("comment", PROJECT, "[project]", "# words\n[project]"),
    Edit("version", PROJECT, "0.1.0", "0.2.0"),
    Edit("build system", PROJECT, "pdm-backend", "hatchling"),
    Edit("requires-python, narrower", PROJECT, ">=3.10", ">=3.11", (STALE,)),
    Edit("requires-python, same meaning", PROJECT, ">=3.10", ">= 3.10"),
    Edit("requires-python, zero", PROJECT, ">=3.10", ">=3.10.0", (STALE,)),
    Edit("requires-python, gone", PROJECT, 'requires-python = ">=3.10"\n', "", (STALE,)),
    Edit("extra, add to", PROJECT, '["iniconfig>=2"]', '["iniconfig>=2", "attrs"]', (STALE,)),
    Edit("extra, new", PROJECT, "fast = [", 'new = ["attrs"]\nfast = [', (STALE,)),
    Edit("extra, new and empty", PROJECT, "fast = [", "new = []\nfast = [", (STALE,)),
    Edit("extra, gone", PROJECT, 'all = ["sample[fast]"]\n', "", (STALE,)),
    Edit("extra, spelled out", PROJECT, 'all = ["sample[fast]"]', 'all = ["iniconfig>=2"]'),
    Edit("group, new", PROJECT, "lint = [", 'new = ["attrs"]\nlint = [', (STALE,)),
    Edit("group, no include", PROJECT, ', { include-group = "lint" }', "", (STALE,)),
    Edit("older group, add to", PROJECT, '"colorama>=0.4"', '"colorama>=0.4", "attrs"', (STALE,)),
    Edit("override, other", PROJECT, ">=2024", ">=2025", (STALE,)),
    Edit("override, gone", PROJECT, 'certifi = ">=2024"\n', "", (STALE,)),
    Edit("source", PROJECT, "[tool.other]", "[[tool.pdm.source]]\nname = 'a'\nurl = 'https://x.example/simple'\n[tool.other]", (STALE,)),
    Edit("source of some packages", PROJECT, "[tool.other]", "[[tool.pdm.source]]\nname = 'a'\nurl = 'https://x.example/simple'\ninclude_packages = ['b', 'a']\n[tool.other]", (STALE,)),
    Edit("repository, a folder of it", PROJECT, "packaging>=24", "packaging @ git+https://x.example/p.git#subdirectory=a", (STALE,)),
    Edit("lock_inputs, gone", PROJECT, "lock_inputs = true\n", ""),
    Edit("lock, declared version", LOCK, 'name = "idna"\nversion = "3.20"', 'name = "idna"\nversion = "2.0"', (STALE,)),
    Edit("lock, version of what is asked for", LOCK, 'name = "hpack"\nversion = "4.', 'name = "hpack"\nversion = "1.', (UNMET,)),
    Edit("lock, entry renamed", LOCK, 'name = "colorama"', 'name = "colours"', (STALE,)),
    Edit("lock, groups of an entry", LOCK, '(IDNA)"\ngroups = ["default"]', '(IDNA)"\ngroups = ["test"]', (STALE,)),
    Edit("lock, marker of an entry", LOCK, 'marker = "sys_platform != \\"win32\\""', 'marker = "sys_platform == \\"aix\\""', (STALE,)),
    Edit("lock, inputs", LOCK, '"packaging"]', '"packaging", "attrs"]', (STALE,)),
    Edit("lock, inputs of another form", LOCK, "[metadata.lock_inputs.project.groups]", "[metadata.lock_inputs.project.other]", (STALE,)),
    Edit("lock, inputs of another version", LOCK, "[metadata.lock_inputs.project]", "[metadata.lock_inputs.what]", (STALE,)),
]  # fmt: skip

ONE = "packages/one/pyproject.toml"
WORKSPACE = [
    Edit("nothing", PROJECT, "[project]", "[project]"),
    Edit("add to the root", PROJECT, '"idna>=3.4"', '"idna>=3.4", "attrs"', (STALE,)),
    Edit("add to a member", ONE, '"packaging>=24"', '"packaging>=24", "attrs"', (STALE,)),
    Edit("remove from a member", ONE, '"packaging>=24"', "", (STALE,)),
    Edit("tighten in a member", ONE, "packaging>=24", "packaging>=99", (STALE,)),
    Edit("python of a member", ONE, ">=3.10", ">=3.11", (STALE,)),
    Edit("version of a member", ONE, "0.1.0", "0.2.0"),
    Edit("build system of a member", ONE, "pdm-backend", "hatchling"),
    Edit("no member", PROJECT, '"packages/*", ', "", (STALE,)),
    Edit("no workspace", PROJECT, "[tool.pdm.workspace]", "[tool.pdm.other]", (STALE,)),
    Edit("members, another way", PROJECT, "packages/*", "packages/one"),
    Edit("members, order", PROJECT, '"packages/*", "tools/two"', '"tools/two", "packages/*"'),
    Edit("members, twice", PROJECT, '"packages/*", ', '"packages/*", "packages/one", '),
    Edit("members, all below", PROJECT, '"packages/*", "tools/two"', '"**"', (STALE,)),
    Edit("lock, version for a member", LOCK, 'name = "packaging"\nversion = "', 'name = "packaging"\nversion = "1!', ()),
    Edit("lock, too old for a member", LOCK, 'name = "packaging"\nversion = "2', 'name = "packaging"\nversion = "', (UNMET,)),
    Edit("lock, entry for a member", LOCK, 'name = "pluggy"', 'name = "pluggable"', (MISSING, ORPHAN)),
]  # fmt: skip


# A workspace with ``lock_inputs``.
MEMBERS = [
    Edit("nothing", PROJECT, "[project]", "[project]"),
    Edit("add to the root", PROJECT, '"idna>=3.4"', '"idna>=3.4", "attrs"', (STALE,)),
    Edit("add to a member", ONE, '"packaging>=24"', '"packaging>=24", "attrs"', (STALE,)),
    Edit("remove from a member", ONE, '"packaging>=24"', "", (STALE,)),
    Edit("tighten in a member, still met", ONE, "packaging>=24", "packaging>=25"),
    Edit("tighten in a member, not met", ONE, "packaging>=24", "packaging>=99", (STALE,)),
    Edit("python of a member", ONE, ">=3.10", ">=3.11", (STALE,)),
    Edit("version of a member", ONE, "0.1.0", "0.2.0", (STALE,)),
    Edit("name of a member", ONE, '"one"', '"won"', (STALE,)),
    Edit("build system of a member", ONE, "pdm-backend", "hatchling", (STALE,)),
    Edit("dynamic member", ONE, 'version = "0.1.0"', 'dynamic = ["version"]', (STALE,)),
    Edit("member is no distribution", ONE, "[build-system]", "[tool.pdm]\ndistribution = false\n[build-system]", (STALE,)),
    Edit("member is an application", ONE, "[build-system]", "[tool.pdm]\npackage-type = 'application'\n[build-system]", (STALE,)),
    Edit("member is a library", ONE, "[build-system]", "[tool.pdm]\npackage-type = 'library'\n[build-system]"),
    Edit("members, all below", PROJECT, '"packages/*", "tools/two"', '"**"', (STALE,)),
    Edit("description of a member", ONE, "[build-system]", "[project.urls]\na = 'b'\n[build-system]"),
    Edit("extra of a member", ONE, "[build-system]", "[project.optional-dependencies]\na = []\n[build-system]", (STALE,)),
    Edit("no member", PROJECT, '"packages/*", ', "", (STALE,)),
    Edit("members, order", PROJECT, '"packages/*", "tools/two"', '"tools/two", "packages/*"'),
    Edit("lock, too old for a member", LOCK, 'name = "packaging"\nversion = "2', 'name = "packaging"\nversion = "', (STALE,)),
]  # fmt: skip


def edited(folder: str, file: str, old: str, new: str) -> dict[str, str | bytes]:
    """The files of a folder of the data, with the first ``old`` of one of them replaced."""
    files: dict[str, str | bytes] = {}
    for path in sorted((DATA / folder).rglob("*.*")):
        if path.is_file():
            files[path.relative_to(DATA / folder).as_posix()] = path.read_text("utf-8")
    text = str(files[file])
    assert old in text
    files[file] = text.replace(old, new, 1)
    return files


def check(folder: Path, lock: str = LOCK, *, strict: bool = False) -> list[Finding]:
    """What is said of the lock in a folder."""
    repository = Repository(str(folder))
    options = SimpleNamespace(strict=strict)
    return list(pdm.check(repository.file(lock), repository, options))


def rules(findings: list[Finding]) -> tuple[str, ...]:
    return tuple(sorted({finding.rule for finding in findings}))


def outcome(folder: Path) -> tuple[str, ...]:
    try:
        return rules(check(folder))
    except Unreadable as error:
        return (error.rule,)
