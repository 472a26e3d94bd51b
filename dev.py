"""The front door for work on tenterhooks. It needs git and Python (venv, pip), nothing else.

    python3 dev.py check [REPOSITORY]   run every hook of this checkout, uncommitted changes
                                        included, over a git repository (without one, this one)
    python3 dev.py test [ARGUMENT ...]  linters and types, then pytest with these arguments
    python3 dev.py legs                 what is slow: tests that `test` leaves out, and most tests
                                        with every other Python here, and without libyaml
    python3 dev.py leg [ARGUMENT ...]   the tests that depend on the Python
    python3 dev.py bench [ARGUMENT ...] benchmarks/run.py with these arguments
    python3 dev.py docs                 build the site, strictly, into .dev/site
    python3 dev.py lock [ARGUMENT ...]  lock all requirements again (--upgrade: at the newest)

What it sets up stays in .dev/ for the next time; only setting up needs the network.
"""

import ast
import contextlib
import hashlib
import json
import os
import platform
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

# Ahead of all annotations, which an older Python cannot evaluate.
if sys.version_info < (3, 10):  # noqa: UP036
    sys.exit("dev.py: error: Python 3.10 or newer is needed; this is " + sys.version.split()[0])

ROOT = Path(__file__).resolve().parent
DEV = ROOT / ".dev"
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
MANIFEST = ".pre-commit-hooks.yaml"
# What a hook's environment is made of: any other change leaves the environment as it is.
PACKAGE = (MANIFEST, "pyproject.toml", "README.md", "LICENSE", "hooks")
# What each file in requirements/ locks, as `uv pip compile` takes it; `-` is the build backend.
EVERYTHING = ("pyproject.toml", "--all-extras", "-")
LOCKS = {
    "hooks": EVERYTHING,
    "run": ("--group", "run"),
    "build": ("--group", "build"),
    "test": (*EVERYTHING, "--group", "test", "--group", "lint", "--group", "build"),
    "bench": (*EVERYTHING, "--group", "bench"),
    "docs": ("--group", "docs"),
}
# What says the same with every Python: folders and modules of tests.
ALIKE = (
    *("adopt", "ci", "runners", "test_comparison.py", "test_dev.py", "test_docs.py"),
    *("test_html_in_a_browser.py", "test_release.py", "test_self.py", "test_site.py"),
    "test_structure.py",
)
# What asks the parser of YAML.
WITHOUT_LIBYAML = ("tests/formats", "tests/test_examples.py", "tests/test_pinned_actions.py")
# The tests that are left out otherwise, and more examples of every property.
SLOW = ("-m", "slow or hypothesis", "--hypothesis-profile", "thorough")
NEWEST = 14  # of the minor versions that are looked for
HASHED = ("--require-hashes", "--only-binary", ":all:", "--requirement")
FROM_CHECKOUT = ("--no-index", "--no-deps", "--no-build-isolation")
UNPACK = """
const fs = require("fs"), zlib = require("zlib");
for (const it of process.argv.slice(1))
  fs.writeFileSync(it.slice(0, -3), zlib.brotliDecompressSync(fs.readFileSync(it)));
"""


# Takes what stands behind its name, and returns an exit code.
Command = Callable[[Sequence[str]], int]


class Failure(Exception):
    """Something that whoever called has to see to; the text says what."""


def check(arguments: Sequence[str]) -> int:
    """Every hook over all files of a repository, by pre-commit. Returns pre-commit's exit code."""
    if len(arguments) > 1:
        raise Failure("check takes one repository")
    top = toplevel(Path(arguments[0]) if arguments else ROOT)
    with setting_up():
        python = environment("run")
        variables = hook_variables(wheels(python))
        config = hook_config(snapshot(DEV / "snapshot"))
        run([python, "-m", "pre_commit", "gc"], variables=variables)
    command = [python, "-m", "pre_commit", "run", "--all-files", "--config", config]
    return status(command, cwd=top, variables=variables)


def test(arguments: Sequence[str]) -> int:
    """The linters, then pytest, so that its summary is last. Returns 0 if all are content."""
    python = environment_of_tests()
    codes = []
    for linter in ("ruff check", "ruff format --check", "mypy"):
        print(f"dev.py: {linter}", flush=True)
        codes.append(status([python, "-m", *linter.split()]))
    return pytest(python, arguments) or max(codes)


def legs(arguments: Sequence[str]) -> int:
    """What is slow, one after the other, since each keeps all processors busy. Returns 0 if all
    tests pass."""
    if arguments:
        raise Failure("legs takes no arguments")
    print("dev.py: the slow tests", flush=True)
    here = environment_of_tests()
    codes = [pytest(here, ["--quiet", *SLOW])]
    print("dev.py: without libyaml", flush=True)
    without = {"TENTERHOOKS_WITHOUT_LIBYAML": "1"}
    codes.append(pytest(here, ["--quiet", *WITHOUT_LIBYAML], without))
    for python in other_pythons():
        print(f"dev.py: with {python}", flush=True)
        codes.append(status([python, str(ROOT / "dev.py"), "leg"]))
    return max(codes)


def leg(arguments: Sequence[str]) -> int:
    """What depends on the Python, with the one that runs this."""
    alike = [f"--ignore=tests/{name}" for name in ALIKE]
    return pytest(environment_of_tests(), ["--quiet", *alike, *arguments])


def environment_of_tests() -> str:
    """The Python of the environment that the tests run in, this checkout installed in it."""
    with setting_up():
        python = environment("test")
        install_editable(python)
        browser(python)
        wheels(python)
    return python


def pytest(python: str, arguments: Sequence[str], variables: Mapping[str, str] = {}) -> int:
    """Run tests in parallel. Returns pytest's exit code."""
    variables = {**os.environ, "TENTERHOOKS_WHEELS": wheels(python), **variables}
    command = [python, "-m", "pytest", "--numprocesses", "auto", *arguments]
    return status(command, variables=variables)


def other_pythons() -> list[str]:
    """The Pythons beside this one: those on PATH, and those that one program installed with it."""
    found = []
    for minor in range(10, NEWEST + 1):
        name = f"python3.{minor}"
        beside = sorted(Path(sys.base_prefix).parent.glob(f"*/bin/{name}"))
        candidates = [shutil.which(name), *map(str, beside)]
        if minor != sys.version_info.minor:
            found += [it for it in candidates if it and is_python(it, f"3.{minor}")][:1]
    return found


def is_python(path: str, version: str) -> bool:
    """Whether a program is that Python, and can make environments: it may be a stand-in for one
    that is not there, and Debian has parts of it in packages of their own."""
    says = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([path, "-c", says], capture_output=True, check=False, text=True)
    return done.stdout.strip() == version


def bench(arguments: Sequence[str]) -> int:
    """The benchmarks, with the package installed the way that users have it."""
    with setting_up():
        python = environment("bench")
        pip(python, "install", "--force-reinstall", *FROM_CHECKOUT, ".")
    return status([python, "benchmarks/run.py", *arguments])


def docs(arguments: Sequence[str]) -> int:
    """Build the site; every warning is an error. Returns Sphinx's exit code."""
    if arguments:
        raise Failure("docs takes no arguments")
    if VERSION == "3.10":
        raise Failure("Sphinx needs Python 3.11 or newer")
    pages, site = str(DEV / "site-pages"), DEV / "site"
    with setting_up():
        python = environment("docs")
        run([python, "docs/site/gather.py", pages])
    sphinx = [python, "-m", "sphinx", "--quiet", "--fail-on-warning", "--keep-going"]
    sphinx += ["--conf-dir", "docs/site", "--doctree-dir", str(DEV / "site-doctrees")]
    code = status([*sphinx, pages, str(site)])
    if not code:
        print(f"dev.py: open {(site / 'index.html').as_uri()}")
    return code


def lock(arguments: Sequence[str]) -> int:
    """Lock all requirements again, with the uv that is itself locked."""
    with setting_up():
        python = environment("test")
    compile = [python, "-m", "uv", "pip", "compile", "--quiet", "--no-config", "--system-certs"]
    compile += ["--universal", "--no-python-downloads", "--generate-hashes"]
    compile += ["--only-binary", ":all:", *arguments]
    compile += ["--custom-compile-command", "python3 dev.py lock"]
    for name, sources in LOCKS.items():
        path = f"requirements/{name}.txt"
        print(f"dev.py: locking {path}", flush=True)
        target = ["--python-version", "3.10", "--output-file", path]
        run([*compile, *sources, *target], stdin=build_requirements())
    return 0


COMMANDS: Mapping[str, Command] = {
    "check": check,
    "test": test,
    "legs": legs,
    "leg": leg,
    "bench": bench,
    "docs": docs,
    "lock": lock,
}


def main(argv: Sequence[str]) -> int:
    """Run one command. Returns its exit code, or 2 where it could not be run."""
    return one_of(COMMANDS, argv, "dev.py", __doc__)


def one_of(
    commands: Mapping[str, Command], argv: Sequence[str], prog: str, about: str | None
) -> int:
    """What ``main`` does, of a program that has these commands. about: its help."""
    name, *arguments = argv or ["--help"]
    if name in ("-h", "--help"):
        print(about)
        return 0
    try:
        return command(commands, name)(arguments)
    except Failure as failure:
        print(f"{prog}: error: {failure}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def command(commands: Mapping[str, Command], name: str) -> Command:
    """The function behind a command."""
    if name not in commands:
        raise Failure(f"there is no command {name}; there are {', '.join(commands)}")
    return commands[name]


@contextlib.contextmanager
def setting_up(folder: Path = DEV) -> Iterator[None]:
    """One process at a time changes ``folder``; the lock falls with the process that has it."""
    folder.mkdir(exist_ok=True)
    database = sqlite3.connect(folder / "lock", timeout=900, isolation_level=None)
    with contextlib.closing(database):
        database.execute("BEGIN EXCLUSIVE")
        yield


def made(name: str, requirements: Path, make: Callable[[Path], None]) -> Path:
    """The folder that ``make`` makes from the locked requirements, by this Python; made again
    when either changes, and when it was interrupted."""
    # A virtual environment works neither at another place nor with another Python.
    key = [requirements.read_text("utf-8"), str(ROOT), sys.version, sys.base_prefix]
    digest = hashlib.sha256("\n".join(key).encode()).hexdigest()[:12]
    folder = DEV / f"{name}-{VERSION}-{digest}"
    if not (folder / "complete").exists():
        print(f"dev.py: setting up .dev/{folder.name}", flush=True)
        for old in DEV.glob(f"{name}-{VERSION}-*"):
            shutil.rmtree(old)
        make(folder)
        (folder / "complete").touch()
    return folder


def environment(name: str) -> str:
    """The Python of a virtual environment with what requirements/<name>.txt locks."""
    requirements = ROOT / "requirements" / f"{name}.txt"

    def make(folder: Path) -> None:
        hint = "this Python makes no environments; on Debian and Ubuntu, install python3-venv"
        run([sys.executable, "-m", "venv", str(folder)], failure=hint)
        pip(interpreter(folder), "install", *HASHED, str(requirements))

    return interpreter(made(name, requirements, make))


def interpreter(folder: Path) -> str:
    """The Python of the virtual environment ``folder``."""
    return str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def wheels(python: str) -> str:
    """A folder with all that the environment of the hooks is built from, its hashes verified."""
    requirements = ROOT / "requirements" / "hooks.txt"

    def make(folder: Path) -> None:
        pip(python, "download", "--dest", str(folder), *HASHED, str(requirements))

    return str(made("wheels", requirements, make))


def pip(python: str, *arguments: str) -> None:
    """Run pip; what it says shows only when it fails."""
    command = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    hint = f"pip {arguments[0]} failed; setting up needs a package index, later runs do not"
    run(command, variables=build_variables(python), failure=hint)


def build_variables(python: str) -> dict[str, str]:
    """The process environment for a build: the backend finds its program on PATH."""
    path = os.pathsep.join([str(Path(python).parent), os.environ.get("PATH", os.defpath)])
    return {**os.environ, "PATH": path}


def install_editable(python: str) -> None:
    """Install this checkout, anew when pyproject.toml changed, which holds the scripts."""
    installed = Path(python).parent.parent / "pyproject.toml"
    current = (ROOT / "pyproject.toml").read_bytes()
    if not installed.exists() or installed.read_bytes() != current:
        pip(python, "install", *FROM_CHECKOUT, "--editable", ".")
        installed.write_bytes(current)


def browser(python: str) -> None:
    """Where this machine has no browser for the tests, and npm is there: the one that
    tests/browser/ locks. Without any, the tests that want one are skipped."""
    tools = [shutil.which(name) for name in ("npm", "node")]
    is_built = sys.platform == "linux" and platform.machine() == "x86_64"
    looked = subprocess.run(
        [python, "tests/browser.py"], cwd=ROOT, check=False, stderr=subprocess.DEVNULL
    )
    if not looked.returncode or not is_built or not all(tools):
        return
    lock = ROOT / "tests" / "browser" / "package-lock.json"
    folder = DEV / f"browser-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    print(f"dev.py: setting up .dev/{folder.name}", flush=True)
    for old in DEV.glob("browser-*"):
        shutil.rmtree(old)
    shutil.copytree(lock.parent, folder)
    try:
        unpack_browser(folder, *filter(None, tools))
    except (Failure, OSError) as failure:
        print(f"dev.py: no browser could be set up, its tests are skipped: {failure}")


def unpack_browser(folder: Path, npm: str, node: str) -> None:
    """Install what the lock in ``folder`` names, and lay out the browser, its libraries and a
    font there. No script of a package is run."""
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=0"]
    run([npm, "ci", *options, "--prefix", str(folder)])
    parts = folder / "node_modules" / "@sparticuz" / "chromium" / "bin"
    names = ["chromium", "al2023.tar", "fonts.tar"]
    run([node, "-e", UNPACK, *(str(parts / f"{name}.br") for name in names)])
    for archive in names[1:]:
        run(["tar", "-xf", str(parts / archive), "-C", str(folder), "--no-same-owner"])
    shutil.move(parts / "chromium", folder / "chromium")
    (folder / "chromium").chmod(0o755)
    shutil.rmtree(folder / "node_modules")
    (folder / "complete").touch()


def build_requirements() -> str:
    """The requirements of the build backend, one a line."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    found = re.search(r"^\[build-system\]\nrequires = (\[.*\])$", text, re.MULTILINE)
    if not found:
        raise Failure("pyproject.toml does not begin its [build-system] with requires = [...]")
    return "\n".join(ast.literal_eval(found[1]))


def hook_ids() -> list[str]:
    """The ids of all hooks, as the manifest has them."""
    text = (ROOT / MANIFEST).read_text("utf-8")
    return re.findall(r"^- id: (\S+)$", text, re.MULTILINE)


def hook_config(revision: str) -> str:
    """A pre-commit configuration with every hook; JSON, which is YAML as well."""
    hooks = [{"id": id} for id in hook_ids()]
    config = {
        # The Python that runs pre-commit: the wheels are for it alone.
        "default_language_version": {"python": "python3"},
        "repos": [{"repo": str(DEV / "snapshot"), "rev": revision, "hooks": hooks}],
    }
    path = DEV / "pre-commit.json"
    path.write_text(json.dumps(config), "utf-8")
    return str(path)


def hook_variables(wheels: str) -> dict[str, str]:
    """The process environment for pre-commit: it installs nothing but ``wheels``."""
    variables = {
        name: value
        for name, value in neutral_variables().items()
        if not name.startswith(("PIP_", "PRE_COMMIT"))
    }
    return {
        **variables,
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_FIND_LINKS": Path(wheels).as_uri(),
        "PIP_NO_INDEX": "1",
        "PRE_COMMIT_HOME": str(DEV / f"pre-commit-{VERSION}"),
        "VIRTUALENV_NO_PERIODIC_UPDATE": "1",
    }


def snapshot(folder: Path) -> str:
    """Commit what hooks are built from, as the disk has it, to the repository ``folder``. The
    same content gives the same commit, so that pre-commit builds only when something changed."""
    (folder / "index.lock").unlink(missing_ok=True)
    git("init", "--quiet", "--bare", str(folder))
    here = (f"--git-dir={folder}", f"--work-tree={ROOT}")
    git(*here, "add", "--all", "--", *PACKAGE)
    commit = git(*here, "commit-tree", "-m", "snapshot", git(*here, "write-tree"))
    git(*here, "update-ref", "refs/heads/main", commit)
    return commit


def git(*arguments: str) -> str:
    """Standard output of git, run in ROOT with no configuration but the repository's own."""
    variables = neutral_variables()
    for who in ("AUTHOR", "COMMITTER"):
        variables[f"GIT_{who}_NAME"] = variables[f"GIT_{who}_EMAIL"] = "dev.py"
        variables[f"GIT_{who}_DATE"] = "2000-01-01T00:00:00+0000"
    variables |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return output(["git", "-c", "init.defaultBranch=main", *arguments], variables)


def toplevel(path: Path) -> Path:
    """The top folder of the git repository that ``path`` is in."""
    command = ["git", "-C", str(path.absolute()), "rev-parse", "--show-toplevel"]
    return Path(output(command, neutral_variables()))


def neutral_variables() -> dict[str, str]:
    """The process environment without what a git hook, if it started us, says of its repository;
    and git is to leave the index of a repository that it only looks at as it is."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith("GIT_CONFIG_")
    }
    return {**kept, "GIT_OPTIONAL_LOCKS": "0"}


def output(command: Sequence[str], variables: Mapping[str, str]) -> str:
    """What a git command prints, without the last line end."""
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=variables, capture_output=True, check=False, text=True
        )
    except OSError:
        raise Failure("git is needed, and not to be found") from None
    if done.returncode:
        raise Failure(done.stderr.strip() or f"git failed with {done.returncode}")
    return done.stdout.removesuffix("\n")


def status(
    command: Sequence[str], *, cwd: Path = ROOT, variables: Mapping[str, str] | None = None
) -> int:
    """The exit code of a command that prints to our own output."""
    return subprocess.run(command, cwd=cwd, env=variables, check=False).returncode


def run(
    command: Sequence[str],
    *,
    variables: Mapping[str, str] | None = None,
    stdin: str = "",
    failure: str = "",
) -> None:
    """Run a command that must succeed; what it prints shows only when it does not.

    Raises Failure: with the text ``failure``, or with the command.
    """
    done = subprocess.run(
        command, cwd=ROOT, env=variables, input=stdin, capture_output=True, check=False, text=True
    )
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        raise Failure(failure or "failed: " + " ".join(command))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
