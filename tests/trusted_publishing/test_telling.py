"""What a finding says, and the steps that mend it."""

from __future__ import annotations

import pytest
from conftest import MakeRepository, git

from tenterhooks.core.files import File, Repository
from tenterhooks.trusted_publishing import PRACTICE, assess, check, known, services, telling
from tenterhooks.trusted_publishing.github import GitHubJob

PATH = ".github/workflows/release.yml"
HEAD = "on: push\njobs:\n  publish:\n    runs-on: ubuntu-latest\n"
SECRET = "${{ secrets.PYPI }}"
OFFICIAL = (
    f"    steps:\n      - uses: {known.OFFICIAL}@v1\n        with: {{password: '{SECRET}'}}\n"
)


def told(text: str, path: str = PATH, repository: Repository | None = None) -> tuple[str, str]:
    """Message and fix of the only finding."""
    file = File(path, f"/nowhere/{path}", path, text.encode())
    (found,) = check(file, repository or Repository("/nowhere"), PRACTICE.defaults())
    return found.message, found.fix or ""


@pytest.mark.parametrize(
    ("url", "owner", "name"),
    [
        ("https://github.com/owner/some.name.git", "owner", "some.name"),
        ("https://github.com/owner/name", "owner", "name"),
        ("https://github.com/owner/name/", "owner", "name"),
        ("git@github.com:owner/name.git", "owner", "name"),
        ("ssh://git@github.com/owner/name.git", "owner", "name"),
        ("", "<owner>", "<repository>"),
    ],
)
def test_the_owner(url: str, owner: str, name: str, make_repository: MakeRepository) -> None:
    top = make_repository({})
    if url:
        git(top, "remote", "add", "origin", url)
    _, fix = told(HEAD + OFFICIAL, repository=Repository(str(top)))
    assert f"GitHub, owner {owner}, repository {name}, workflow release.yml;" in fix


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("environment: pypi", "pypi"),
        ("environment: {name: pypi, url: x}", "pypi"),
        ("environment: ${{ inputs.x }}", ""),
        ("environment: {name: '${{ inputs.x }}'}", ""),
        ("environment: {url: x}", ""),
        ("environment:", ""),
        ("name: x", ""),
    ],
)
def test_the_environment(line: str, wanted: str) -> None:
    text = f"{HEAD}    {line}\n{OFFICIAL}"
    file = File(PATH, PATH, PATH, text.encode())
    (job,) = services.jobs("github", file, Repository("/nowhere"))
    assert isinstance(job, GitHubJob)
    assert telling.environment_of(job) == wanted
    _, fix = told(text)
    assert (f", environment {wanted};" in fix) is bool(wanted)


def test_a_token_beside_an_identity() -> None:
    message, fix = told(f"{HEAD}    permissions: {{id-token: write}}\n{OFFICIAL}")
    assert message.endswith("the secret PYPI, which goes before the id-token that the job has")
    assert "permissions" not in fix
    message, fix = told(HEAD + OFFICIAL)
    assert message == f"{known.OFFICIAL} (line 6) logs in to PyPI with password, the secret PYPI"
    assert "give the job permissions: id-token: write, and drop password (--fix does this)" in fix


def test_a_credential_that_feeds_several() -> None:
    steps = "    steps:\n      - run: |\n          twine upload x\n          twine upload y\n"
    text = f"{HEAD}    env: {{TWINE_PASSWORD: '{SECRET}'}}\n{steps}"
    message, _ = told(text)
    assert message.startswith("twine upload (line 8) logs in to PyPI with TWINE_PASSWORD, ")
    assert message.endswith(" 1 more")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("TWINE_PASSWORD", "TWINE_PASSWORD holds the secret PYPI: twine logs in with it"),
        ("PYPI_TOKEN", "PYPI_TOKEN holds the secret PYPI: it is handed on for PyPI"),
    ],
)
def test_a_credential_that_feeds_none(name: str, words: str) -> None:
    step = f"    steps:\n      - uses: o/r@v1\n        env: {{{name}: '{SECRET}'}}\n"
    assert told(HEAD + step)[0] == words


def test_a_script_of_another_file(make_repository: MakeRepository) -> None:
    top = make_repository({"x.sh": "#!/bin/sh\n\ntwine upload x\n"})
    env = f"        env: {{TWINE_PASSWORD: '{SECRET}'}}\n"
    text = f"{HEAD}    steps:\n      - run: ./x.sh\n{env}"
    message, _ = told(text, repository=Repository(str(top)))
    assert message.startswith("twine upload (x.sh:3) logs in to PyPI with TWINE_PASSWORD")


@pytest.mark.parametrize(
    ("command", "out"),
    [("poetry publish -p $T", True), ("flit publish", True), ("twine upload -p $T x", False)],
)
def test_a_tool_that_has_no_trusted_publishing(command: str, out: bool) -> None:
    env = f"    env: {{T: '{SECRET}', FLIT_PASSWORD: '{SECRET}'}}\n"
    text = f"{HEAD}{env}    steps: [{{run: {command}}}]\n"
    file = File(PATH, PATH, PATH, text.encode())
    fixes = [it.fix or "" for it in check(file, Repository("/nowhere"), PRACTICE.defaults())]
    assert any("has no Trusted Publishing" in fix for fix in fixes) or not out
    assert out or not any("twine has no" in fix for fix in fixes)


def test_gitlab() -> None:
    text = "publish:\n  script: [twine upload -p $T -r testpypi x]\n"
    _, fix = told(text, ".gitlab-ci.yml")
    assert "GitLab, namespace <owner>, project <repository>, pipeline file .gitlab-ci.yml;" in fix
    assert "id_tokens: TESTPYPI_ID_TOKEN: aud: testpypi" in fix
    assert fix.startswith("on TestPyPI, ")


def test_cloudbuild() -> None:
    text = "steps: [{name: a, entrypoint: sh, args: [-c, twine upload -p $_T x]}]\n"
    assert "Google, with the email of the service account" in told(text, "cloudbuild.yaml")[1]


@pytest.mark.parametrize("name", [name for name, it in known.SERVICES.items() if not it.trusted])
def test_services_that_pypi_does_not_trust(name: str) -> None:
    path, text = {
        "azure": ("azure-pipelines.yml", "steps:\n- script: twine upload -p $(T) x\n"),
        "circleci": (
            ".circleci/config.yml",
            "jobs: {a: {docker: [{image: x}], steps: [{run: twine upload -p $T x}]}}\n",
        ),
        "travis": (".travis.yml", "script: twine upload -p $T x\n"),
        "jenkins": ("Jenkinsfile", "node { sh 'twine upload -p $T x' }\n"),
        "appveyor": ("appveyor.yml", "deploy_script: [twine upload -p %T% x]\n"),
        "bitbucket": (
            "bitbucket-pipelines.yml",
            "pipelines: {default: [{step: {script: [twine upload -p $T x]}}]}\n",
        ),
    }[name]
    assert known.SERVICES[name].title in told(text, path)[1]


def test_uploads_are_assessed_once() -> None:
    where = Repository("/nowhere")
    file = File(PATH, PATH, PATH, (HEAD + OFFICIAL).encode())
    assert assess.of("github", file, where) is assess.of("github", file, where)
