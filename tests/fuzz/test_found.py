"""What campaigns found, and what is known to be costly: each once more."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from fuzz import practices
from fuzz.seeds import Case

from tenterhooks.core import engine
from tenterhooks.core.files import File
from tenterhooks.core.job import Outcome
from tenterhooks.formats import setup_cfg
from tenterhooks.trusted_publishing import known

SHA256 = f"sha256:{'a' * 64}"
DIGITS = "9" * 5000  # more than int() takes
DEEP = f"{'(' * 3000}os_name == 'a'{')' * 3000}"
WORKFLOW = ".github/workflows/release.yml"
HEAD = "on: push\njobs:\n"
STEPS = "  j:\n    runs-on: ubuntu-latest\n    permissions: {id-token: write}\n    steps:\n"


def outcome(top: Path, id: str, files: dict[str, str]) -> Outcome:
    """What a practice, with all its rules, says of a repository."""
    for path, text in files.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(text, "utf-8", newline="\n")
    main = next(iter(files))
    repository = Case(top).repository(main, files[main].encode())
    chosen = [practice for practice in practices.all_practices() if practice.id == id]
    with practices.without_git():
        jobs = [practices.job(practice) for practice in chosen]
        return engine.examine(repository, jobs, None, beside=False)


@pytest.mark.parametrize(
    "text",
    [
        f"a=={DIGITS} --hash={SHA256}\na==2 --hash={SHA256}\n",
        f"a==1 ; {DEEP} --hash={SHA256}\na==2 ; {DEEP} --hash={SHA256}\n",
        f"a==1; {DEEP} --hash={SHA256}\n",
    ],
    ids=["digits", "two markers", "marker"],
)
def test_requirements_that_packaging_breaks_on(text: str, tmp_path: Path) -> None:
    assert outcome(tmp_path, "hashed-requirements", {"requirements.txt": text}).failures == []


@pytest.mark.parametrize("spec", [f"twine=={DIGITS}", f"twine>=5,<{DIGITS}", f"twine; {DEEP}"])
def test_an_uploader_that_packaging_breaks_on(spec: str, tmp_path: Path) -> None:
    script = f"      - run: |\n          pip install '{spec}'\n          twine upload dist/*\n"
    files = {WORKFLOW: HEAD + STEPS + script}
    assert outcome(tmp_path, "trusted-publishing", files).failures == []


@pytest.mark.parametrize(("version", "locked"), [("1", DIGITS), (DIGITS, "1")])
def test_a_version_that_packaging_breaks_on(version: str, locked: str, tmp_path: Path) -> None:
    files = {
        "uv.lock": f'version = 1\nrequires-python = ">=3.10"\n\n[[package]]\nname = "a"\n'
        f'version = "{locked}"\nsource = {{ editable = "." }}\n',
        "pyproject.toml": f'[project]\nname = "a"\nversion = "{version}"\n'
        'requires-python = ">=3.10"\n',
    }
    found = outcome(tmp_path, "lock-in-sync", files)
    assert found.failures == []
    assert "lock-out-of-date" in {finding.rule for finding in found.findings}


def test_a_lock_with_a_list_of_packages_and_another_of_package(tmp_path: Path) -> None:
    package = 'name = "{0}"\nversion = "1"\nindex = "https://example.org/simple"\nsdist = {{ url = '
    package += '"https://example.org/{0}-1.tar.gz", hashes = {{ sha256 = "' + "a" * 64 + '" }} }}\n'
    text = 'lock-version = "1.0"\ncreated-by = "uv"\n\n[[package]]\n' + package.format("a")
    text += "".join("\n[[packages]]\n" + package.format(name) for name in "bcd")
    assert outcome(tmp_path, "lock-in-sync", {"pylock.toml": text}).failures == []


def test_a_key_before_many_blanks() -> None:
    text = f"[options]\na{' ' * 60_000}b\n"
    started = time.process_time()
    assert setup_cfg.items(File("setup.cfg", "/nowhere", "setup.cfg", text.encode())) == {}
    assert time.process_time() - started < 10


def costly_make(targets: int, needs: int) -> dict[str, str]:
    rules = "".join(
        f"t{n}: {' '.join(f't{it}' for it in range(n + 1, min(targets, n + 1 + needs)))}\n"
        f"\ttwine upload -p $(A{n})\n\t$(MAKE) t{n + 1}\n"
        for n in range(targets)
    )
    calls = "".join(f"      - run: make t{n} A=pypi\n" for n in range(targets))
    return {WORKFLOW: HEAD + STEPS + calls, "Makefile": rules}


def aliases_of_variables(jobs: int, variables: int) -> dict[str, str]:
    env = "".join(f"  A{n}: ${{{{ secrets.PYPI_{n} }}}}\n" for n in range(variables))
    step = "{run: twine upload, env: *e}"
    body = "".join(
        f"  j{n}:\n    runs-on: u\n    env: *e\n    steps: [{step}, {step}]\n" for n in range(jobs)
    )
    return {WORKFLOW: f"on: push\nenv: &e\n{env}jobs:\n{body}"}


def aliases_of_scripts(levels: int, width: int, jobs: int) -> dict[str, str]:
    text = ".a0: &a0\n  - twine upload -p $A\n"
    for level in range(1, levels):
        text += f".a{level}: &a{level}\n" + f"  - *a{level - 1}\n" * width
    text += "".join(f"j{n}:\n  script: *a{levels - 1}\n" for n in range(jobs))
    return {".gitlab-ci.yml": text}


@pytest.mark.parametrize(
    ("id", "path", "text"),
    [
        (
            "pinned-actions",
            WORKFLOW,
            f"{HEAD}  j:\n    runs-on: ubuntu-latest\n    steps:\n      - name: a\n"
            + "".join(f"        uses: a{n}/never@v1\n" for n in range(5000)),
        ),
        (
            "security-policy",
            "SECURITY.md",
            "# Security\n\nTo report a vulnerability, please open an issue on GitHub,\n"
            + "".join(f"or write to security@tent{n}.dev.\n" for n in range(9000)),
        ),
    ],
    ids=["uses", "sentences"],
)
def test_what_each_of_many_asks_of_all_is_found_once(
    id: str, path: str, text: str, tmp_path: Path
) -> None:
    started = time.process_time()
    assert outcome(tmp_path, id, {path: text}).failures == []
    assert time.process_time() - started < 10


@pytest.mark.parametrize("is_one_job", [True, False])
def test_a_file_of_more_logins_than_anybody_writes(is_one_job: bool, tmp_path: Path) -> None:
    """Each fix is tried on the whole file, which took twenty seconds."""
    action = f"      - uses: {known.OFFICIAL}@release/v1\n"
    login = "        with:\n          password: ${{ secrets.PYPI }}\n"
    if is_one_job:
        jobs = STEPS + 500 * (action + login)
    else:
        jobs = "".join(STEPS.replace("  j:", f"  j{n}:") + action + login for n in range(500))
    started = time.process_time()
    found = outcome(tmp_path, "trusted-publishing", {WORKFLOW: HEAD + jobs})
    assert time.process_time() - started < 10
    stored = [it for it in found.findings if it.rule == "stored-credential"]
    assert (len(stored), [it for it in stored if it.edits]) == (500, [])


@pytest.mark.parametrize(
    "files",
    [costly_make(300, 20), aliases_of_variables(500, 800), aliases_of_scripts(20, 10, 500)],
    ids=["tasks", "variables", "scripts"],
)
def test_what_comes_to_more_than_anybody_means(files: dict[str, str], tmp_path: Path) -> None:
    """Refused, and soon: the time is several times what it takes, for a busy machine."""
    started = time.process_time()
    found = outcome(tmp_path, "trusted-publishing", files)
    assert time.process_time() - started < 10
    assert found.failures == []
    (finding,) = found.findings
    assert finding.message.startswith(("comes to more", "expands to more"))
