"""A repository that is all traps: no hook springs one, and each trap is one."""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import Hook, MakeRepository, git, write
from tools import tool

from tenterhooks.core import git as questions

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the traps are shell scripts")

SHA = "0123456789abcdef0123456789abcdef01234567"
DROPPED = f"click==8.1.8\n    --hash=sha256:{'a' * 64}\n"
# Modules that hooks import, and that Python imports by itself.
MODULES = (
    *(
        "argparse",
        "tomli",
        "re",
        "json",
        "packaging/__init__",
        "ruamel/__init__",
        "bandit/__init__",
    ),
    *("tenterhooks/__init__", "sitecustomize", "usercustomize", "conftest", "setup"),
)
SCRIPTS = ("git", "git.exe", "python", "python3", "bin/git", "bin/python3")
# What is fired by git, if it is let.
CONFIG = """\
[include]
    path = {evil}/included
[extensions]
    worktreeConfig = true
[alias]
    trap = !{evil}/alias
    ls-files = !{evil}/shadow
    diff-index = !{evil}/shadow
[core]
    pager = {evil}/pager
    editor = {evil}/editor
    askPass = {evil}/askpass
    sshCommand = {evil}/ssh
    attributesFile = {evil}/attributes
    alternateRefsCommand = {evil}/alternates
[diff]
    external = {evil}/external
    submodule = diff
[diff "command"]
    command = {evil}/command
[diff "textconv"]
    textconv = {evil}/textconv
[filter "clean"]
    clean = {evil}/clean
    smudge = {evil}/smudge
[filter "process"]
    process = {evil}/process
[filter "attributes"]
    clean = {evil}/attributes-filter
[gpg]
    program = {evil}/gpg
[log]
    showSignature = true
[pager]
    ls-files = {evil}/pager
"""
ATTRIBUTES = """\
*.py diff=textconv
*.txt diff=textconv
*.cmd diff=command
*.clean filter=clean
*.process filter=process
"""
COMMIT = """\
tree {tree}
author A <a@example.org> 1768478400 +0000
committer A <a@example.org> 1768478400 +0000
gpgsig -----BEGIN PGP SIGNATURE-----
 x
 -----END PGP SIGNATURE-----

signed
"""
FSMONITOR = "[core]\n fsmonitor = {evil}/{name}\n"
# A filter of this kind that fails would end git before it comes to others.
CALM = "git -c filter.process.process="
# Each trap: where, and the command that falls into it. `@` is the folder of the traps.
SPRUNG = {
    "fsmonitor": (".", "git status"),  # by include.path
    "pre-commit": (".", f"{CALM} -c user.name=a -c user.email=a commit --allow-empty -m x"),
    "alias": (".", "git trap"),
    "external": (".", "git diff --cached a.py"),
    "command": (".", "git diff --cached x.cmd"),
    "textconv": (".", "git -c diff.external= log -p -1 --no-show-signature @~0"),
    "clean": (".", "git add --renormalize x.clean"),
    "smudge": (".", "rm x.clean; git checkout-index x.clean"),
    "process": (".", "git add --renormalize x.process"),
    "attributes-filter": (".", "git add --renormalize x.attributes"),
    "gpg": (".", "git log -1"),
    "submodule": (".", f"{CALM} status"),
    "bare": ("bare", "git status"),
    "linked": ("linked", "git status"),
    "GIT_EXTERNAL_DIFF": (".", "GIT_EXTERNAL_DIFF=@/GIT_EXTERNAL_DIFF git diff --cached a.py"),
    **{name: (".", f"PATH=.:$PATH {name}") for name in SCRIPTS if "/" not in name},
    **{
        name.replace("/", "-"): (".", f"PATH=bin:$PATH {name[4:]}")
        for name in SCRIPTS
        if "/" in name
    },
}
OPTIONS = {
    "tenterhooks": [
        [],
        ["--preset", "all", "--fix"],
        ["--only-changed"],
        ["--preset", "all", "--report", "r.html", "--report", "r.sarif", "--format", "json"],
        ["adopt", "--yes", "--rev", SHA],
        ["show-config"],
        ["rules"],
        ["explain", "unpinned-action"],
    ],
    "tenterhooks-bandit": [
        ["--changed-lines", "--baseline", "known.json", "--write-baseline"],
        ["--jobs", "2", "a.py", "setup.py"],
    ],
    "hashed-requirements": [["--all", "--fix"], ["requirements.txt"]],
    "pinned-actions": [["--fix"]],
    "lock-in-sync": [["--strict"]],
    "security-policy": [["--fix"]],
    "trusted-publishing": [["--fix"]],
}
COMMANDS = [[script, *options] for script, all in OPTIONS.items() for options in all]


class Trapped(NamedTuple):
    top: Path
    evil: Path
    marks: Path

    def run(self, command: list[str], folder: str = ".") -> subprocess.CompletedProcess[str]:
        """The console script, with a PATH that begins in the repository."""
        variables = {name: it for name, it in os.environ.items() if not name.startswith("GIT_")}
        variables |= {
            "PATH": f".:bin::{self.top / 'bin'}:{os.environ['PATH']}",
            "XDG_CACHE_HOME": str(self.evil.parent / "cache"),
            "HOME": str(self.evil.parent / "home"),
            "GIT_EXTERNAL_DIFF": str(self.evil / "GIT_EXTERNAL_DIFF"),
            "GIT_SSH_COMMAND": str(self.evil / "ssh"),
            "GIT_PAGER": str(self.evil / "pager"),
        }
        if folder in ("linked", "submodule"):  # what is around a repository is none of it
            variables["PATH"] = f".:bin::{os.environ['PATH']}"
        return subprocess.run(
            [tool(command[0]), *command[1:]],
            cwd=self.top / folder,
            env=variables,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=60,
        )

    def sprung(self) -> list[str]:
        """The traps that fell since it was asked last."""
        found = sorted(path.name for path in self.marks.iterdir())
        for name in found:
            (self.marks / name).unlink()
        return found


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> Trapped:
    folder = tmp_path_factory.mktemp("hostile")
    it = Trapped(folder / "top", folder / "evil", folder / "marks")
    for path in it:
        path.mkdir()
    git(it.top, "init", "--quiet")
    write(
        it.top,
        {
            ".gitattributes": ATTRIBUTES,
            "requirements.txt": DROPPED,
            "a.py": "exec(x)\n",
            "pyproject.toml": '[project]\nname = "x"\nversion = "1"\n',
            ".github/workflows/ci.yml": "on: push\njobs:\n  a:\n    steps:\n    - uses: a/b@v4\n",
            "linked/requirements.txt": DROPPED,
            "pyvenv.cfg": "home = .\ninclude-system-site-packages = true\n",
            **dict.fromkeys(("x.clean", "x.process", "x.attributes", "x.cmd"), "1\n"),
        },
    )
    _plant(it)
    _repositories(it)
    git(it.top, "add", "--all", "--force")
    _commit(it)
    write(it.top, {"a.py": "exec(x)\nexec(y)\n", "x.cmd": "2\n"})
    git(it.top, "add", "a.py", "x.cmd")
    _arm(it)
    assert it.sprung() == []
    return it


def _plant(it: Trapped) -> None:
    """Modules and programs, in the working directory and beside it."""
    for name in MODULES:
        mark = it.marks / name.replace("/", "-")
        write(it.top, {f"{name}.py": f"open({str(mark)!r}, 'w').close()\n"})
    mark = it.marks / "x.pth"
    write(it.top, {"x.pth": f"import sys; open({str(mark)!r}, 'w').close()\n"})
    for name in SCRIPTS:
        _script(it, it.top / name, name.replace("/", "-"))


def _script(it: Trapped, path: Path, name: str) -> None:
    write(path.parent, {path.name: f"#!/bin/sh\n: > {it.marks / name}\nexit 1\n"})
    path.chmod(0o755)


def _repositories(it: Trapped) -> None:
    """A submodule, a folder that looks like a bare repository, one with another's .git."""
    for name in ("submodule", "bare"):
        (it.top / name).mkdir()
        git(it.top / name, "init", "--quiet")
        git(
            it.top / name, "-c", "core.hooksPath=x", "commit", "--quiet", "--allow-empty", "-m", "x"
        )
    (it.top / "bare" / ".git").rename(it.top / "bare-moved")
    shutil.rmtree(it.top / "bare")
    (it.top / "bare-moved").rename(it.top / "bare")
    git(it.evil.parent, "init", "--quiet", "far")
    write(it.top, {"linked/.git": f"gitdir: {it.evil.parent / 'far' / '.git'}\n"})
    git(it.top / "linked", "add", "requirements.txt")
    git(it.top / "linked", "commit", "--quiet", "--message", "x")


def _commit(it: Trapped) -> None:
    """A commit with a signature, which somebody may want to verify."""
    tree = git(it.top, "write-tree").strip()
    write(it.evil, {"commit": COMMIT.format(tree=tree)})
    commit = git(it.top, "hash-object", "-t", "commit", "-w", str(it.evil / "commit")).strip()
    git(it.top, "update-ref", "HEAD", commit)
    # Another content for an object, and another history: nothing runs, and all goes on.
    blob = git(it.top, "rev-parse", "HEAD:x.clean").strip()
    git(it.top, "update-ref", f"refs/replace/{blob}", git(it.top, "rev-parse", "HEAD:a.py").strip())
    write(it.top / ".git", {"info/grafts": commit + "\n", "objects/info/alternates": "/nowhere\n"})


def _arm(it: Trapped) -> None:
    names = [*SPRUNG, "shadow", "pager", "editor", "askpass", "ssh", "alternates"]
    for name in names:
        _script(it, it.evil / name, name)
    write(it.evil, {"attributes": "*.attributes filter=attributes\n"})
    write(it.evil, {"included": FSMONITOR.format(evil=it.evil, name="fsmonitor")})
    for hook in ("pre-commit", "post-index-change", "reference-transaction", "fsmonitor-watchman"):
        _script(it, it.evil / "hooks" / hook, "pre-commit")
    worktree = f"[core]\n hooksPath = {it.evil / 'hooks'}\n"
    write(it.top / ".git", {"config.worktree": worktree})
    bare = "[core]\n bare = false\n worktree = ..\n"
    for path, name, more in (
        (it.top / ".git" / "config", "", CONFIG.format(evil=it.evil)),
        (it.top / "submodule" / ".git" / "config", "submodule", ""),
        (it.top / "bare" / "config", "bare", bare),
        (it.evil.parent / "far" / ".git" / "config", "linked", ""),
    ):
        with open(path, "a") as stream:
            stream.write(more + (FSMONITOR.format(evil=it.evil, name=name) if name else ""))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_nothing_of_it_runs(command: list[str], trapped: Trapped) -> None:
    done = trapped.run(command)
    assert trapped.sprung() == [], done
    assert done.returncode in (0, 1), done
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("folder", ["bare", "linked", "submodule"])
@pytest.mark.parametrize("options", [[], ["--only-changed"], ["--fix"]], ids=str)
def test_nothing_runs_further_down(folder: str, options: list[str], trapped: Trapped) -> None:
    done = trapped.run(["tenterhooks", *options], folder)
    assert trapped.sprung() == [], done
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", SPRUNG)
def test_each_trap_of_git_is_one(name: str, trapped: Trapped, tmp_path: Path) -> None:
    folder, line = SPRUNG[name]
    copy = trapped.top.parent / "copy"
    if not copy.exists():
        shutil.copytree(trapped.top, copy, symlinks=True)
    command = line.replace("@~0", "HEAD").replace("@", str(trapped.evil))
    subprocess.run(
        ["sh", "-c", command],
        cwd=copy / folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert name in trapped.sprung()


@pytest.mark.parametrize("module", [*MODULES, "x.pth"])
def test_each_planted_module_is_a_trap(module: str, trapped: Trapped) -> None:
    name = module.removesuffix("/__init__")
    statement = "import site; site.addsitedir('.')" if "." in name else f"import {name}"
    code = f"import sys; sys.modules.pop({name!r}, None); sys.path.insert(0, ''); {statement}"
    subprocess.run([sys.executable, "-c", code], cwd=trapped.top, capture_output=True, check=False)
    assert module.replace("/", "-") in trapped.sprung()


def test_python_path_of_the_user_cannot_be_helped(trapped: Trapped) -> None:
    """docs/security-model.md says so: Python runs it before it runs any hook."""
    variables = {**os.environ, "PYTHONPATH": str(trapped.top)}
    command = [tool("pinned-actions")]
    subprocess.run(command, cwd=trapped.top, env=variables, capture_output=True, check=False)
    assert trapped.sprung()


def test_a_clone_that_lacks_objects_asks_nobody(
    make_repository: MakeRepository, tmp_path: Path
) -> None:
    mark, script = tmp_path / "mark", tmp_path / "script"
    write(tmp_path, {"script": f"#!/bin/sh\n: > {mark}\n"})
    script.chmod(0o755)
    top = make_repository({"requirements.txt": DROPPED})
    blob = git(top, "rev-parse", "HEAD:requirements.txt").strip()
    (top / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    write(top, {"requirements.txt": DROPPED + "# more\n"})
    with open(top / ".git" / "config", "a") as stream:
        stream.write(
            f"[core]\n repositoryformatversion = 1\n sshCommand = {script}\n"
            "[extensions]\n partialClone = far\n"
            '[remote "far"]\n url = ssh://host.invalid/x\n promisor = true\n'
        )
    for options in (["--only-changed"], [], ["--fix"]):
        done = subprocess.run(
            [tool("tenterhooks"), *options], cwd=top, capture_output=True, text=True, check=False
        )
        assert not mark.exists(), done
        assert "Traceback" not in done.stderr
    subprocess.run(["git", "cat-file", "blob", blob], cwd=top, capture_output=True, check=False)
    assert mark.exists()


def index(*paths: str) -> bytes:
    """An index that git reads, and would not write."""
    body = b"DIRC" + struct.pack(">II", 2, len(paths))
    for path in sorted(map(os.fsencode, paths)):
        entry = struct.pack(">10I", *(0,) * 6, 0o100644, 0, 0, 0) + b"\1" * 20
        entry += struct.pack(">H", len(path)) + path
        body += entry + b"\0" * (8 - len(entry) % 8)
    return body + hashlib.sha1(body).digest()


def test_an_index_with_paths_that_lead_out(make_repository: MakeRepository, tmp_path: Path) -> None:
    top = make_repository({})
    outside = ["../requirements.txt", "a/../../requirements.txt", "../x/requirements.txt"]
    inside = [".git/requirements.txt", "b/.GIT/requirements.txt"]
    plain = ["requirements.txt", "c.git/requirements.txt", "..d/requirements.txt"]
    write(top, dict.fromkeys(["requirements.txt", ".git/requirements.txt"], DROPPED))
    write(tmp_path, {"requirements.txt": DROPPED})
    (top / ".git" / "index").write_bytes(index(*outside, *inside, *plain))
    listed = git(top, "ls-files").splitlines()
    assert set(outside) < set(listed)
    assert sorted(questions.tracked(str(top))) == sorted(plain)
    command = [tool("hashed-requirements"), "--fix"]
    done = subprocess.run(command, cwd=top, capture_output=True, text=True, check=False)
    assert done.stdout.count("dropped-hash") == 1
    assert (tmp_path / "requirements.txt").read_text() == DROPPED
    assert (top / ".git" / "requirements.txt").read_text() == DROPPED


def test_a_work_tree_elsewhere(make_repository: MakeRepository, tmp_path: Path) -> None:
    """Files are looked for below the folder with .git, whatever the configuration says."""
    write(tmp_path, {"elsewhere/requirements.txt": DROPPED})
    top = make_repository({"requirements.txt": "click==8.1.8\n"})
    git(top, "config", "core.worktree", str(tmp_path / "elsewhere"))
    for script in ("hashed-requirements", "tenterhooks"):
        done = subprocess.run(
            [tool(script), "--fix"], cwd=top, capture_output=True, text=True, check=False
        )
        assert "dropped-hash" not in done.stdout
    assert (tmp_path / "elsewhere" / "requirements.txt").read_text() == DROPPED


@pytest.mark.parametrize(
    "name",
    [
        *("pyproject.toml", "tenterhooks.toml", "setup.cfg", "tox.ini", "Pipfile", "Makefile"),
        *("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml", "SECURITY.md"),
        *("requirements.in", "requirements.txt", ".bandit", "bandit.yaml", "noxfile.py", "a.py"),
        *(".github/workflows/ci.yml", ".gitlab-ci.yml", "azure-pipelines.yml"),
        ".pre-commit-config.yaml",
    ],
)
def test_what_a_symlink_leads_to_outside_is_not_told(
    name: str, make_repository: MakeRepository, hook: Hook, tmp_path: Path
) -> None:
    """In CI, the report of a pull request may be read by whoever wrote it."""
    secret = "hunter2secret = [1\nhunter2secret: [x\n"
    write(tmp_path, {"secret": secret})
    project = '[project]\nname = "x"\nversion = "1"\ndependencies = ["a"]\n'
    top = make_repository({} if name == "pyproject.toml" else {"pyproject.toml": project})
    (top / name).parent.mkdir(parents=True, exist_ok=True)
    (top / name).symlink_to(tmp_path / "secret")
    git(top, "add", "--all")
    for options in (["--preset", "all", "--fix"], ["adopt", "--yes", "--rev", SHA]):
        done = hook("tenterhooks", *options)
        assert "hunter2" not in done.out + done.err
    assert (tmp_path / "secret").read_text() == secret


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="root alone gives files away"
)
def test_a_repository_of_somebody_else(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """git does not trust it, and says so; nobody overrules it."""
    top = make_repository({"a.py": ""})
    for path in (top, top / ".git"):
        os.chown(path, 1234, 1234)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    with pytest.raises(questions.GitError, match="fatal: detected dubious ownership"):
        questions.tracked(str(top))


@pytest.mark.parametrize("way", ["spawn", "popen"])
def test_git_is_looked_for_in_absolute_folders_only(
    way: str, trapped: Trapped, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows itself looks in the working directory first; there is nothing to look for."""
    if way == "popen":
        monkeypatch.delattr(os, "posix_spawnp", raising=False)
    monkeypatch.chdir(trapped.top)
    path = os.environ["PATH"]
    for first in (".", "", "bin", f"{trapped.top}", f"{trapped.top / 'bin'}", "./bin:../top"):
        monkeypatch.setenv("PATH", f"{first}:{path}")
        assert "a.py" in questions.tracked(str(trapped.top))
        assert trapped.sprung() == []
    for none in (".", "bin:", ""):
        monkeypatch.setenv("PATH", none)
        with pytest.raises(questions.GitError, match="git cannot be started"):
            questions.tracked(str(trapped.top))
    assert trapped.sprung() == []
    # A project may bring its tools along: one in it is taken where there is no other.
    monkeypatch.setenv("PATH", str(trapped.top / "bin"))
    with pytest.raises(questions.GitError):
        questions.tracked(str(trapped.top))
    assert trapped.sprung() == ["bin-git"]


def test_on_windows_it_is_an_exe(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No batch file, which would read its arguments anew."""
    monkeypatch.setattr(questions, "_PROGRAM", "git.exe")
    for folder in ("shims", "git/cmd", "top"):
        write(tmp_path, {f"{folder}/git.cmd": "", f"{folder}/git": ""})
    for folder in ("git/cmd", "top"):
        write(tmp_path, {f"{folder}/git.exe": ""})
        (tmp_path / folder / "git.exe").chmod(0o755)
    folders = [str(tmp_path / name) for name in ("top", "shims", "git/cmd")]
    found = questions._program({"PATH": os.pathsep.join(folders)}, str(tmp_path / "top"))
    assert found == str(tmp_path / "git" / "cmd" / "git.exe")


def test_the_one_question_that_needs_the_network_may_be_asked() -> None:
    """Nobody listens at this port."""
    with pytest.raises(questions.GitError) as error:
        questions.ask("https://127.0.0.1:1/x", "refs/tags/v1")
    assert "not allowed" not in str(error.value)
    with pytest.raises(questions.GitError, match="'ext' not allowed"):
        questions.ask("ext::sh -c true", "refs/tags/v1")
