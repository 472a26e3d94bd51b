"""A job followed through its steps and scripts, by the real reader of GitHub's workflows."""

from __future__ import annotations

import pytest
from conftest import MakeRepository

from tenterhooks.core.files import File, Repository
from tenterhooks.formats.pipelines import circleci, gitlab
from tenterhooks.trusted_publishing import budget, known, reading
from tenterhooks.trusted_publishing.flow import Flow
from tenterhooks.trusted_publishing.follow import follow as follow_job
from tenterhooks.trusted_publishing.known import PRIVATE, PYPI, TESTPYPI, UNKNOWN
from tenterhooks.trusted_publishing.values import MINTED, STORED, judge

HOST = next(host for host, name in known.HOSTS.items() if name == PYPI)
TEST_HOST = next(host for host, name in known.HOSTS.items() if name == TESTPYPI)
OWN = "https://index.example.org/"
SECRET = "${{ secrets.PYPI }}"
PATH = ".github/workflows/release.yml"
HEAD = "on: push\njobs:\n  release:\n    name: Release\n    runs-on: ubuntu-latest\n    steps:\n"


def follow(text: str, repository: Repository | None = None) -> Flow:
    """What goes on in the only job of a workflow."""
    file = File(PATH, f"/nowhere/{PATH}", PATH, text.encode())
    where = repository or Repository("/nowhere")
    (job,) = reading.jobs(file, where)
    return follow_job(job, where, budget.of(job.where.file))


def run(script: str, more: str = "") -> str:
    """A step."""
    lines = "".join(f"          {line}\n" for line in script.splitlines())
    return f"      - run: |\n{lines}{more}"


def uploads(found: Flow) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Tool, index and credentials by name and kind, of each upload."""
    return [
        (
            upload.tool.name if upload.tool else upload.name,
            upload.index,
            [(name, judge(source, upload.scope).kind) for name, source in upload.credentials],
        )
        for upload in found.uploads
    ]


@pytest.mark.parametrize(
    "script",
    [
        f"twine upload -p {SECRET} dist/*",
        f"twine upload --password='{SECRET}' dist/*",
        f"python -m build && twine upload -p {SECRET} dist/*",
        f"if true; then\n  twine upload -p {SECRET}\nfi",
        f"for x in dist/*; do twine upload -p {SECRET} $x; done",
        f"bash -c 'twine upload -p {SECRET}'",
        f"sudo bash -euc \"bash -c 'twine upload -p {SECRET}'\"",
        f"eval 'twine upload -p {SECRET}'",
        f"$PREFIX/twine upload -p {SECRET}",
        f"${{PREFIX}}twine upload -p {SECRET}",
        f"./venv/bin/twine upload -p {SECRET}",
        f"T={SECRET}\ntwine upload -p $T",
        f"export T={SECRET}\ntwine upload -p ${{T}}",
        f"export T={SECRET}\nbash -c 'twine upload -p $T'",
        f"T={SECRET} bash -c 'twine upload -p $T'",
        f"env T={SECRET} bash -c 'twine upload -p $T'",
        f"echo {SECRET} > token\ntwine upload -p $(cat token)",
        f'set -e\nT="{SECRET}"\nU=$T\ntwine upload -p "$U"',
    ],
)
def test_the_ways_of_a_secret_to_an_option(script: str) -> None:
    found = uploads(follow(HEAD + run(script)))
    assert [(tool, index) for tool, index, _ in found] == [("twine", PYPI)]
    ((_, kind),) = found[0][2]
    assert kind == STORED


@pytest.mark.parametrize(
    "script",
    [
        f"TWINE_PASSWORD={SECRET} twine upload dist/*",
        f"export TWINE_PASSWORD={SECRET}\ntwine upload dist/*",
        f"declare -x TWINE_PASSWORD={SECRET}\ntwine upload dist/*",
        f"env TWINE_PASSWORD={SECRET} twine upload dist/*",
        f"env 'TWINE_PASSWORD={SECRET}' bash -c 'twine upload dist/*'",
        f"sudo TWINE_PASSWORD={SECRET} twine upload dist/*",
        f"export A={SECRET}\nTWINE_PASSWORD=$A twine upload dist/*",
    ],
)
def test_the_ways_of_a_secret_to_a_variable(script: str) -> None:
    found = follow(HEAD + run(script))
    assert uploads(found) == [("twine", PYPI, [("TWINE_PASSWORD", STORED)])]


@pytest.mark.parametrize("before", ["", "export ", "env ", "sudo "])
def test_a_credential_is_mentioned_whatever_reads_it(before: str) -> None:
    found = follow(HEAD + run(f"{before}TWINE_PASSWORD={SECRET} docker run image"))
    assert [mention.name for mention in found.mentions] == ["TWINE_PASSWORD"]


@pytest.mark.parametrize(
    "script",
    [
        "twine upload dist/*\nexport TWINE_PASSWORD=a",
        "TWINE_PASSWORD=a echo\ntwine upload dist/*",
        "bash -c 'export TWINE_PASSWORD=a'\ntwine upload dist/*",
        "echo export TWINE_PASSWORD=a\ntwine upload dist/*",
    ],
)
def test_what_an_upload_does_not_see(script: str) -> None:
    assert uploads(follow(HEAD + run(script))) == [("twine", PYPI, [])]


@pytest.mark.parametrize(
    "written",
    [
        f'echo "TWINE_PASSWORD={SECRET}" >> $GITHUB_ENV',
        f'echo "TWINE_PASSWORD={SECRET}" >> "$GITHUB_ENV"',
        f"echo 'TWINE_PASSWORD={SECRET}' >> ${{GITHUB_ENV}}",
        f'printf "TWINE_PASSWORD={SECRET}" >> $GITHUB_ENV',
        f"cat >> $GITHUB_ENV <<EOF\nTWINE_PASSWORD={SECRET}\nEOF",
        f'echo "TWINE_PASSWORD={SECRET}" | tee x >> $GITHUB_ENV',
    ],
)
def test_later_steps_have_what_is_written_to_the_environment(written: str) -> None:
    before = uploads(follow(HEAD + run("twine upload x") + run(written)))
    after = uploads(follow(HEAD + run(written) + run("twine upload x")))
    assert before == [("twine", PYPI, [])]
    assert after == [("twine", PYPI, [("TWINE_PASSWORD", STORED)])]


def test_an_export_ends_with_its_step() -> None:
    text = HEAD + run(f"export TWINE_PASSWORD={SECRET}") + run("twine upload x")
    assert uploads(follow(text)) == [("twine", PYPI, [])]


def test_where_one_shell_runs_all_an_export_lives_on() -> None:
    text = "release:\n  script:\n    - export TWINE_PASSWORD=$SECRET\n    - twine upload x\n"
    where = Repository("/nowhere")
    (job,) = gitlab.jobs(File(".gitlab-ci.yml", "/nowhere/a", "a", text.encode()), where)
    assert uploads(follow_job(job, where, budget.of(job.where.file))) == [
        ("twine", PYPI, [("TWINE_PASSWORD", STORED)])
    ]


def test_circleci_hands_on_what_is_written_to_its_environment() -> None:
    steps = ["echo 'export TWINE_PASSWORD=a' >> $BASH_ENV", "twine upload x"]
    lines = "".join(f"      - run: {step}\n" for step in steps)
    text = f"version: 2\njobs:\n  a:\n    docker: [{{image: x}}]\n    steps:\n{lines}"
    (job,) = circleci.jobs(File(".circleci/config.yml", "/nowhere/a", "a", text.encode()))
    found = uploads(follow_job(job, Repository("/nowhere"), budget.of(job.where.file)))
    assert [(tool, index) for tool, index, _ in found] == [("twine", PYPI)]


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("workflow", f"env:\n  TWINE_PASSWORD: {SECRET}\n{HEAD}"),
        ("job", HEAD.replace("    steps", f"    env: {{TWINE_PASSWORD: '{SECRET}'}}\n    steps")),
        (
            "container",
            HEAD.replace(
                "    steps",
                f"    container: {{image: a, env: {{TWINE_PASSWORD: '{SECRET}'}}}}\n    steps",
            ),
        ),
    ],
)
def test_variables_of_what_is_around(place: str, text: str) -> None:
    found = follow(text + run("twine upload x"))
    assert uploads(found) == [("twine", PYPI, [("TWINE_PASSWORD", STORED)])], place


def test_the_nearest_variable_wins() -> None:
    outer = f"env:\n  TWINE_PASSWORD: {SECRET}\n{HEAD}"
    own = "        env: {TWINE_PASSWORD: ''}\n"
    found = uploads(follow(outer + run("twine upload x", own) + run("twine upload x")))
    assert [kind for *_, ((_, kind),) in found] == ["empty", STORED]


@pytest.mark.parametrize(
    ("script", "index"),
    [
        ("twine upload -r testpypi x", TESTPYPI),
        (f"twine upload --repository-url {OWN} x", PRIVATE),
        (f"twine upload --repository-url https://{TEST_HOST}/legacy/ x", TESTPYPI),
        (f"TWINE_REPOSITORY_URL={OWN} twine upload x", PRIVATE),
        ("TWINE_REPOSITORY=testpypi twine upload x", TESTPYPI),
        (f"export TWINE_REPOSITORY_URL={OWN}\ntwine upload -r pypi x", PYPI),
        (f"U={OWN}\ntwine upload --repository-url $U x", PRIVATE),
        ("twine upload --repository-url $UNKNOWN x", UNKNOWN),
        ("twine upload -r $UNKNOWN x", UNKNOWN),
        (f"uv publish --publish-url {OWN}", PRIVATE),
        ("uv publish --index testpypi", TESTPYPI),
        (f"UV_PUBLISH_URL={OWN} uv publish", PRIVATE),
        ("hatch publish -r test", TESTPYPI),
        (f"FLIT_INDEX_URL={OWN} flit publish", PRIVATE),
        (f"curl -u a:b -F content=@x https://{HOST}/legacy/", PYPI),
    ],
)
def test_where_an_upload_goes(script: str, index: str) -> None:
    assert [it.index for it in follow(HEAD + run(script)).uploads] == [index]


@pytest.mark.parametrize(
    ("script", "credentials"),
    [
        (f"curl -u __token__:{SECRET} https://{HOST}/legacy/", [("-u", STORED)]),
        (f"curl --user=a:$T https://{HOST}/legacy/", [("-u", "unknown")]),
        (f"curl https://{HOST}/legacy/", []),
        (f"curl -u a https://{HOST}/legacy/", []),
    ],
)
def test_an_upload_by_hand(script: str, credentials: list[tuple[str, str]]) -> None:
    assert uploads(follow(HEAD + run(script))) == [("curl", PYPI, credentials)]


@pytest.mark.parametrize(
    "script",
    [
        f"curl https://{HOST}/simple/twine/",
        f"curl -u a:b {OWN}legacy/",
        "echo twine upload dist/*",
        "# twine upload dist/*",
        "twine check dist/*",
        "cat <<EOF\ntwine upload dist/*\nEOF",
        "uv publish --help",
    ],
)
def test_what_is_no_upload(script: str) -> None:
    assert follow(HEAD + run(script)).uploads == []


def test_the_place_of_what_is_found() -> None:
    text = HEAD + run(f"echo\n\ttwine upload -p '{SECRET}' x".replace("\t", ""))
    (upload,) = follow(text).uploads
    assert text[upload.at.offset :].startswith("twine upload")
    ((_, source),) = upload.credentials
    assert text[source.offset :].lstrip("'").startswith(SECRET)


@pytest.mark.parametrize(
    "shell",
    ["bash", "sh", "bash -euo pipefail {0}", "pwsh", "powershell", "cmd", "python", "perl {0}"],
)
def test_the_shell_of_a_step(shell: str) -> None:
    scripts = {
        "pwsh": "$env:TWINE_PASSWORD = 'x'\ntwine upload x",
        "cmd": "set TWINE_PASSWORD=x\ntwine upload x",
        "python": "import subprocess\nsubprocess.run(['twine', 'upload', '-p', 'x'])",
    }
    kind = {"powershell": "pwsh"}.get(shell, shell)
    script = scripts.get(kind, "export TWINE_PASSWORD=x\ntwine upload x")
    found = uploads(follow(HEAD + run(script, f"        shell: {shell}\n")))
    name = "-p" if shell == "python" else "TWINE_PASSWORD"
    wanted = [] if shell.startswith("perl") else [("twine", PYPI, [(name, STORED)])]
    assert found == wanted


TOX = "[testenv:release]\ndeps = twine\npass_env = *\ncommands =\n  twine upload -p {env:TOKEN} x\n"
FILES: dict[str, str | bytes] = {
    "tox.ini": TOX,
    "Makefile": "release:\n\ttwine upload -p $(TOKEN) x\nagain: release again\n\t$(MAKE) again\n",
    "release.sh": "#!/bin/sh\ntwine upload -p $TOKEN x\n",
    "first.sh": "./second.sh\n",
    "second.sh": "./first.sh\n./release.sh\n",
    "self.sh": "./self.sh\n./self.sh\ntwine upload x\n",
    "argument.sh": "twine upload -p $1 x\n",
    "script.py": "import os\nos.system('twine upload x')\n",
    "sub/release.sh": "uv publish\n",
    "sub/up.sh": "../release.sh\n",
    "noxfile.py": "def release(session):\n    session.run('twine', 'upload', 'x')\n",
    **{f"deep{n}.sh": f"./deep{n + 1}.sh\n" for n in range(12)},
    "deep12.sh": "twine upload x\n",
}


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        ("tox -e release", ["twine"]),
        ("python -m tox -e release", ["twine"]),
        ("make release", ["twine"]),
        ("make again", ["twine"]),
        ("./release.sh", ["twine"]),
        ("bash -e release.sh", ["twine"]),
        ("source release.sh", ["twine"]),
        ("sudo ./release.sh", ["twine"]),
        ("bash -c ./release.sh", ["twine"]),
        ("./first.sh", ["twine"]),
        ("./self.sh", ["twine"]),
        ("./release.sh && ./release.sh", ["twine"]),
        ("python script.py", ["twine"]),
        ("./deep6.sh", ["twine"]),
        ("./deep0.sh", []),
        ("./missing.sh", []),
        ("../outside.sh", []),
        ("./sub/up.sh", []),
        ("echo ./release.sh", []),
    ],
)
def test_what_a_command_calls_is_looked_into(
    script: str, wanted: list[str], make_repository: MakeRepository
) -> None:
    where = Repository(str(make_repository(FILES)))
    found = follow(HEAD + run(script), where)
    assert [it.tool.name for it in found.uploads if it.tool] == wanted
    assert all(it.anchor.file.path == PATH for it in found.uploads)


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (run("./release.sh", f"        env: {{TOKEN: '{SECRET}'}}\n"), STORED),
        (run(f"TOKEN={SECRET} ./release.sh"), STORED),
        (run(f"./argument.sh {SECRET}"), STORED),
        (run("./argument.sh $(python -m id pypi)"), MINTED),
        (run("./release.sh"), "unknown"),
        (run("make release", f"        env: {{TOKEN: '{SECRET}'}}\n"), STORED),
        (run("tox -e release", f"        env: {{TOKEN: '{SECRET}'}}\n"), STORED),
    ],
)
def test_what_is_called_has_the_variables_of_its_caller(
    step: str, kind: str, make_repository: MakeRepository
) -> None:
    where = Repository(str(make_repository(FILES)))
    found = uploads(follow(HEAD + step, where))
    assert found == [("twine", PYPI, [("-p", kind)])]


@pytest.mark.parametrize(
    ("folder", "script", "wanted"),
    [
        ("sub", "./release.sh", ["uv"]),
        ("./sub/", "./release.sh", ["uv"]),
        ("${{ github.workspace }}/sub", "./release.sh", ["uv"]),
        ("sub", "../release.sh", ["twine"]),
        (".", "./release.sh", ["twine"]),
        ("/srv/sub", "./release.sh", ["twine"]),
        ("$WHERE/sub", "./release.sh", ["twine"]),
        ("../sub", "./release.sh", ["twine"]),
    ],
)
def test_the_folder_of_a_step(
    folder: str, script: str, wanted: list[str], make_repository: MakeRepository
) -> None:
    where = Repository(str(make_repository(FILES)))
    found = follow(HEAD + run(script, f"        working-directory: {folder}\n"), where)
    assert [it.tool.name for it in found.uploads if it.tool] == wanted


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        ("cd sub\n./release.sh", ["uv"]),
        ("cd sub && ./release.sh", ["uv"]),
        ("cd ./sub/\n./release.sh", ["uv"]),
        ("pushd sub\n./release.sh", ["uv"]),
        ("cd sub\n./up.sh", ["twine"]),
        ("cd sub\ncd ..\n./release.sh", ["twine"]),
        ("cd sub\ncd -\n./release.sh", ["twine"]),
        ("cd sub\ncd\n./release.sh", ["twine"]),
        # Where it leads is not known: then it is looked for at the top.
        ("cd sub\ncd $WHERE\n./release.sh", ["twine"]),
        ("cd sub\ncd ~/x\n./release.sh", ["twine"]),
        ("cd sub\ncd /srv\n./release.sh", ["twine"]),
        ("cd sub\ncd ../..\n./release.sh", ["twine"]),
    ],
)
def test_the_folder_that_a_script_goes_to(
    script: str, wanted: list[str], make_repository: MakeRepository
) -> None:
    where = Repository(str(make_repository(FILES)))
    found = follow(HEAD + run(script), where)
    assert [it.tool.name for it in found.uploads if it.tool] == wanted


@pytest.mark.parametrize(
    ("name", "script", "mentioned"),
    [
        ("release", "make", ["PYPI_TOKEN"]),
        ("x", "make release", ["PYPI_TOKEN"]),
        ("x", "make", []),
        ("release", "use $PYPI_TOKEN", []),
    ],
)
def test_a_secret_that_no_command_names(name: str, script: str, mentioned: list[str]) -> None:
    text = HEAD.replace("release:", f"{name}:").replace("    name: Release\n", "")
    found = follow(text + run(script, f"        env: {{PYPI_TOKEN: '{SECRET}'}}\n"))
    assert [it.name for it in found.mentions if it.tool == ""] == mentioned


def test_each_step_looks_into_a_script_again(make_repository: MakeRepository) -> None:
    where = Repository(str(make_repository(FILES)))
    assert len(follow(HEAD + run("./release.sh") * 2, where).uploads) == 2


@pytest.mark.parametrize(
    "script",
    [
        "T=$(python -m id pypi)\ntwine upload -p $T",
        f"T=$(curl -d x https://{HOST}/_/oidc/mint-token)\ntwine upload -p $T x",
        f"T=$(curl https://{HOST}/_/oidc/github/mint-token)\ntwine upload -p $T x",
        "R=$(curl x?audience=pypi)\nT=$(./mint $R)\ntwine upload -p $T x",
    ],
)
def test_a_token_that_a_job_mints(script: str) -> None:
    found = follow(HEAD + run(script))
    assert found.mints
    assert [kind for *_, ((_, kind),) in uploads(found)] == [MINTED]


def test_a_script_of_the_repository_that_mints(make_repository: MakeRepository) -> None:
    minting = "R=$(curl x?audience=pypi)\nTWINE_PASSWORD=$(./trade $R) twine upload x\n"
    where = Repository(str(make_repository({"release.sh": minting})))
    found = follow(HEAD + run("./release.sh") + run("twine upload -p $T x"), where)
    assert found.mints
    assert [kind for *_, ((_, kind),) in uploads(found)] == [MINTED, MINTED]


def test_a_minted_token_is_kept_for_later_steps() -> None:
    mint = 'T=$(python -m id pypi)\necho "TWINE_PASSWORD=$T" >> $GITHUB_ENV'
    found = uploads(follow(HEAD + run(mint) + run("twine upload x")))
    assert found == [("twine", PYPI, [("TWINE_PASSWORD", MINTED)])]


def test_who_injects_secrets_is_noted() -> None:
    (upload,) = follow(HEAD + run("op run -- twine upload x")).uploads
    assert upload.injector == "op run"


@pytest.mark.parametrize(
    ("script", "mode"),
    [
        ("uv publish", "automatic"),
        ("uv publish --trusted-publishing always", "always"),
        ("uv publish --trusted-publishing=never", "never"),
    ],
)
def test_the_mode_of_uv(script: str, mode: str) -> None:
    assert [it.mode for it in follow(HEAD + run(script)).uploads] == [mode]


@pytest.mark.parametrize(
    ("script", "user"),
    [
        ("twine upload -u me x", "me"),
        ("TWINE_USERNAME=me twine upload x", "me"),
        ("TWINE_USERNAME=other twine upload -u me x", "me"),
        ("twine upload x", None),
    ],
)
def test_the_user(script: str, user: str | None) -> None:
    (upload,) = follow(HEAD + run(script)).uploads
    assert (upload.user.value if upload.user else None) == user


@pytest.mark.parametrize(
    ("inputs", "wanted"),
    [
        (f"run: twine upload -p {SECRET} x", [STORED]),
        (f"command: twine upload -p {SECRET} x", [STORED]),
        (f"script: twine upload -p {SECRET} x", [STORED]),
        ("name: twine upload x", []),
    ],
)
def test_actions_that_run_what_they_are_given(inputs: str, wanted: list[str]) -> None:
    found = follow(f"{HEAD}      - uses: nick-fields/retry@v3\n        with:\n          {inputs}\n")
    assert [kind for *_, ((_, kind),) in uploads(found)] == wanted
