"""Whether an upload that is given no credential can log in by its job's identity."""

from __future__ import annotations

import pytest

from tenterhooks.core.files import File, Repository
from tenterhooks.trusted_publishing import budget, identity, known, services
from tenterhooks.trusted_publishing.follow import follow
from tenterhooks.trusted_publishing.identity import CANNOT, FINE, STORED, UNDECIDED, Answer

OWN = "https://index.example.org/"
OFFICIAL = f"uses: {known.OFFICIAL}@release/v1"
GRANT = "permissions: {id-token: write}"


def answers(path: str, text: str, *, within_reach: bool = False) -> list[Answer]:
    """What is said of each upload of a pipeline, as though no credential were seen."""
    file, where = File(path, f"/nowhere/{path}", path, text.encode()), Repository("/nowhere")
    service = services.service(path)
    assert service is not None
    flows = [
        follow(job, where, budget.of(job.where.file)) for job in services.jobs(service, file, where)
    ]
    return [
        identity.without_credential(flow, upload, within_reach=within_reach)
        for flow in flows
        for upload in flow.uploads
    ]


def github(
    step: str,
    job: str = "",
    top: str = "",
    on: str = "push",
    machine: str = "ubuntu-latest",
    *,
    within_reach: bool = False,
) -> Answer:
    """What is said of the only upload in a workflow: a step, and lines of the job and the top."""
    text = f"on: {on}\n{top}\njobs:\n  publish:\n    runs-on: {machine}\n    {job}\n    steps:\n"
    (found,) = answers(
        ".github/workflows/a.yml", f"{text}      - {step}\n", within_reach=within_reach
    )
    return found


RUN = "run: twine upload dist/*"


@pytest.mark.parametrize(
    ("step", "job", "top", "kind", "why"),
    [
        (RUN, GRANT, "", FINE, ""),
        (RUN, "", GRANT, FINE, ""),
        (RUN, "permissions: write-all", "", FINE, ""),
        (RUN, "", "permissions: write-all", FINE, ""),
        (RUN, GRANT, "permissions: {}", FINE, ""),
        (OFFICIAL, GRANT, "", FINE, ""),
        ("run: uv publish", GRANT, "", FINE, ""),
        ("run: pdm publish", GRANT, "", FINE, ""),
        ("run: maturin upload x", GRANT, "", FINE, ""),
        (RUN, "", "", CANNOT, "the job has no permissions block, so it gets no id-token"),
        (OFFICIAL, "", "", CANNOT, "the job has no permissions block, so it gets no id-token"),
        (
            RUN,
            "",
            "permissions: {contents: read}",
            CANNOT,
            "the permissions of the workflow lack id-token: write",
        ),
        (
            RUN,
            "",
            "permissions: read-all",
            CANNOT,
            "the permissions of the workflow lack id-token: write",
        ),
        (
            RUN,
            "permissions: {contents: read}",
            "",
            CANNOT,
            "the permissions of the job lack id-token: write",
        ),
        (
            RUN,
            "permissions: {id-token: read}",
            "",
            CANNOT,
            "the permissions of the job lack id-token: write",
        ),
        (
            RUN,
            "permissions: {contents: read}",
            GRANT,
            CANNOT,
            "the permissions of the job lack id-token: write, and replace those of the workflow",
        ),
        *(
            (
                f"run: {command}",
                GRANT,
                "",
                CANNOT,
                f"{name} has no Trusted Publishing, and gets no credential",
            )
            for command, name in (
                ("poetry publish", "poetry"),
                ("hatch publish", "hatch"),
                ("flit publish", "flit"),
                ("rye publish", "rye"),
                ("python setup.py upload", "setup.py"),
            )
        ),
        (
            "run: uv publish --trusted-publishing never",
            GRANT,
            "",
            CANNOT,
            "Trusted Publishing is switched off, and there is no credential",
        ),
        (
            "run: twine upload -u me dist/*",
            GRANT,
            "",
            CANNOT,
            "it is given a user name, and no password",
        ),
        ("run: twine upload -u __token__ dist/*", GRANT, "", FINE, ""),
        ("run: twine upload -u '' dist/*", GRANT, "", FINE, ""),
        (
            f"{{{OFFICIAL}, with: {{user: me}}}}",
            GRANT,
            "",
            CANNOT,
            "it is given a user name, and no password",
        ),
        (
            "run: uvx twine==5.1 upload x",
            GRANT,
            "",
            CANNOT,
            "twine==5.1 is too old: twine does it since 6.1",
        ),
        ("run: uvx twine==6.1 upload x", GRANT, "", FINE, ""),
        (f"{{{OFFICIAL}, with: {{user: __token__}}}}", GRANT, "", FINE, ""),
    ],
)
def test_github(step: str, job: str, top: str, kind: str, why: str) -> None:
    found = github(step, job, top)
    assert (found.kind, found.why) == (kind, why)
    assert kind == CANNOT or not found.fix


@pytest.mark.parametrize(
    ("step", "job"),
    [
        (RUN, ""),
        ("run: poetry publish", GRANT),
        ("run: uvx twine==5 upload x", GRANT),
        ("run: twine upload -u me x", GRANT),
        ("run: uv publish --trusted-publishing never", GRANT),
    ],
)
def test_what_cannot_be_has_a_fix(step: str, job: str) -> None:
    assert github(step, job).fix


@pytest.mark.parametrize(
    ("step", "machine", "job", "kind"),
    [
        (RUN, "self-hosted", "", UNDECIDED),
        (RUN, "[self-hosted, linux]", "", UNDECIDED),
        (RUN, "${{ inputs.machine }}", "", UNDECIDED),
        (RUN, "${{ inputs.x && 'ubuntu-latest' || 'own' }}", "", UNDECIDED),
        (RUN, "${{ inputs.x && 'ubuntu-latest' || 'macos-latest' }}", "", CANNOT),
        (RUN, "ubuntu-24.04-arm", "", CANNOT),
        (RUN, "macos-14", "", CANNOT),
        ("run: twine upload x\n        shell: bash", "windows-2022", "", CANNOT),
        (OFFICIAL, "self-hosted", "", CANNOT),
        (RUN, "self-hosted", GRANT, FINE),
        ("run: poetry publish", "self-hosted", "", UNDECIDED),
        ("run: poetry publish", "self-hosted", GRANT, CANNOT),
    ],
)
def test_a_machine_of_ones_own_may_hold_a_credential(
    step: str, machine: str, job: str, kind: str
) -> None:
    assert github(step, job, machine=machine).kind == kind


@pytest.mark.parametrize(
    ("matrix", "kind"),
    [("[ubuntu-latest, windows-latest]", CANNOT), ("[ubuntu-latest, own]", UNDECIDED)],
)
def test_machines_of_a_matrix(matrix: str, kind: str) -> None:
    job = f"strategy: {{matrix: {{os: {matrix}}}}}"
    assert github(RUN, job, machine="${{ matrix.os }}").kind == kind


@pytest.mark.parametrize(
    ("step", "within_reach", "kind"),
    [
        (RUN, False, CANNOT),
        (RUN, True, UNDECIDED),
        (OFFICIAL, True, CANNOT),
        ("run: uv publish --keyring-provider subprocess", False, UNDECIDED),
        ("run: twine upload --config-file a x", False, UNDECIDED),
        ("run: flit publish --pypirc a", False, UNDECIDED),
        ("run: flit publish --ini-file a", False, UNDECIDED),
    ],
)
def test_a_credential_may_be_elsewhere(step: str, within_reach: bool, kind: str) -> None:
    assert github(step, within_reach=within_reach).kind == kind


@pytest.mark.parametrize(
    ("on", "step", "job", "kind"),
    [
        ("pull_request_target", OFFICIAL, "", CANNOT),
        ("[pull_request_target]", OFFICIAL, "", CANNOT),
        ("{pull_request_target: {types: [closed]}}", OFFICIAL, "", CANNOT),
        ("[push, pull_request_target]", OFFICIAL, "", CANNOT),
        ("[push, pull_request_target]", OFFICIAL, "if: github.event_name == 'push'", FINE),
        ("[push, pull_request_target]", f"{{{OFFICIAL}, if: github.ref}}", "", FINE),
        ("pull_request_target", OFFICIAL, "if: github.ref", CANNOT),
        ("pull_request", OFFICIAL, "", FINE),
        ("workflow_call", OFFICIAL, "", FINE),
    ],
)
def test_events(on: str, step: str, job: str, kind: str) -> None:
    assert github(step, f"{job}\n    {GRANT}", on=on).kind == kind


@pytest.mark.parametrize(("top", "kind"), [("", FINE), (GRANT, FINE), ("permissions: {}", CANNOT)])
def test_a_called_workflow_may_be_granted_a_token_by_its_caller(top: str, kind: str) -> None:
    assert github(OFFICIAL, top=top, on="workflow_call").kind == kind
    assert github(OFFICIAL, on="[workflow_call, push]").kind == CANNOT


def test_what_mints_or_is_injected() -> None:
    assert github("run: python -m id pypi; twine upload x").kind == FINE
    found = github("run: op run -- twine upload x", GRANT)
    assert (found.kind, found.why) == (
        STORED,
        "the secrets that `op run` puts into its environment",
    )


@pytest.mark.parametrize(
    ("spec", "allowed"),
    [
        ("twine", True),
        ("twine==6.1", True),
        ("twine==6.1.0", True),
        ("twine==6.0.1", False),
        ("twine<6.1", False),
        ("twine<=6.1", True),
        ("twine<7", True),
        ("twine>=5", True),
        ("twine~=5.0", False),
        ("twine~=6.0", True),
        ("twine==6.*", True),
        ("twine==5.*", False),
        ("twine!=6.1", True),
        ("twine===6.1", True),
        ("twine>6,<6.1", False),
        ("twine>6,<6.2", True),
        ("requests==1", True),
        ("Twine==5", False),
        ("not a requirement", True),
        ("", True),
        ("twine @ https://a.example/twine.whl", True),
    ],
)
def test_which_versions_are_new_enough(spec: str, allowed: bool) -> None:
    assert identity._allows([spec], "twine", "6.1") is allowed
    assert identity._allows(["twine", spec], "twine", "6.1") is allowed


HEAD = "publish:\n  id_tokens:\n"
TEST_SCRIPT = "  script: [twine upload -r testpypi x]\n"
SCRIPT = "  script: [twine upload dist/*]\n"
HELD = "a credential that the CI/CD settings of GitLab hold"


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        (f"publish:\n{SCRIPT}", STORED, HELD),
        (f"{HEAD}    PYPI_ID_TOKEN: {{aud: pypi}}\n{SCRIPT}", FINE, ""),
        (f"{HEAD}    PYPI_ID_TOKEN: {{aud: [pypi, other]}}\n{SCRIPT}", FINE, ""),
        (f"{HEAD}    VAULT: {{aud: https://vault.example}}\n{SCRIPT}", STORED, HELD),
        (f"{HEAD}    TOKEN: {{aud: pypi}}\n{SCRIPT}", CANNOT, "must be called PYPI_ID_TOKEN"),
        (f"{HEAD}    PYPI_ID_TOKEN: {{aud: testpypi}}\n{SCRIPT}", CANNOT, "must be pypi"),
        (f"{HEAD}    PYPI_ID_TOKEN: {{aud: other}}\n{SCRIPT}", CANNOT, "must be pypi"),
        (
            f"{HEAD}    TESTPYPI_ID_TOKEN: {{aud: testpypi}}\n{SCRIPT}",
            CANNOT,
            "must be called PYPI_ID_TOKEN",
        ),
        (
            f"{HEAD}    TESTPYPI_ID_TOKEN: {{aud: testpypi}}\n{TEST_SCRIPT}",
            FINE,
            "",
        ),
        (
            f"{HEAD}    PYPI_ID_TOKEN: {{aud: pypi}}\n  script: [twine upload -r testpypi x]\n",
            CANNOT,
            "must be called TESTPYPI_ID_TOKEN",
        ),
        (
            f"{HEAD}    PYPI_ID_TOKEN: {{aud: pypi}}\n  script: [poetry publish]\n",
            CANNOT,
            "poetry has no Trusted Publishing",
        ),
        (f"publish:\n  extends: .elsewhere\n{SCRIPT}", UNDECIDED, "extends what is elsewhere"),
    ],
)
def test_gitlab(text: str, kind: str, words: str) -> None:
    include = "include: {project: a/b, file: c.yml}\n" if "extends" in text else ""
    (found,) = answers(".gitlab-ci.yml", include + text)
    assert found.kind == kind
    assert words in found.why


@pytest.mark.parametrize(
    ("token", "place"),
    [("TOKEN: {aud: pypi}", "TOKEN"), ("PYPI_ID_TOKEN: {aud: other}", "other")],
)
def test_the_place_on_gitlab(token: str, place: str) -> None:
    text = f"{HEAD}    {token}\n{SCRIPT}"
    (found,) = answers(".gitlab-ci.yml", text)
    assert found.at is not None
    assert text[found.at.offset :].startswith(place)


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("azure-pipelines.yml", "steps:\n- script: twine upload x\n", STORED),
        (
            ".circleci/config.yml",
            "jobs:\n  a:\n    docker: [{image: x}]\n    steps: [{run: twine upload x}]\n",
            STORED,
        ),
        (".travis.yml", "script: twine upload x\n", STORED),
        ("Jenkinsfile", "node { sh 'twine upload x' }\n", STORED),
        ("appveyor.yml", "deploy_script: [twine upload x]\n", STORED),
        (
            "bitbucket-pipelines.yml",
            "pipelines: {default: [{step: {script: [twine upload x]}}]}\n",
            STORED,
        ),
        (
            "cloudbuild.yaml",
            "steps: [{name: python, entrypoint: bash, args: [-c, twine upload x]}]\n",
            FINE,
        ),
        (
            "cloudbuild.yaml",
            "steps: [{name: python, entrypoint: bash, args: [-c, poetry publish]}]\n",
            UNDECIDED,
        ),
    ],
)
def test_other_services(path: str, text: str, kind: str) -> None:
    (found,) = answers(path, text)
    assert found.kind == kind
    if kind == STORED:
        service = known.SERVICES[services.service(path) or ""]
        assert found.why == f"a credential that {service.settings} hold"


@pytest.mark.parametrize(("job", "wanted"), [(GRANT, True), ("", False)])
def test_an_action_that_looks_at_its_identity_first(job: str, wanted: bool) -> None:
    name = "jupyter-server/jupyter_releaser/.github/actions/finalize-release"
    for uses, first in ((name, wanted), (known.OFFICIAL, False)):
        text = f"on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    {job}\n    steps:\n"
        path, where = ".github/workflows/a.yml", Repository("/nowhere")
        file = File(path, path, path, f"{text}      - uses: {uses}@v1\n".encode())
        (found,) = services.jobs("github", file, where)
        (upload,) = follow(found, where, budget.of(found.where.file)).uploads
        assert identity.goes_first(found, upload) is first
