"""What an action, a task or a reusable workflow uploads, and what it is given for it."""

from __future__ import annotations

import pytest

from tenterhooks.core.files import File, Repository
from tenterhooks.trusted_publishing import actions, assess, known, services
from tenterhooks.trusted_publishing.assessment import Assessment
from tenterhooks.trusted_publishing.flow import Flow
from tenterhooks.trusted_publishing.known import PRIVATE, PYPI, TESTPYPI, UNKNOWN
from tenterhooks.trusted_publishing.values import STORED, judge

OWN = "https://index.example.org/"
TEST_HOST = next(host for host, name in known.HOSTS.items() if name == TESTPYPI)
SECRET = "${{ secrets.PYPI }}"
HEAD = "on: push\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    steps:\n"


def assessed(step: str, path: str = ".github/workflows/a.yml", head: str = HEAD) -> Assessment:
    file, service = File(path, path, path, f"{head}{step}".encode()), services.service(path)
    assert service is not None
    return assess.of(service, file, Repository("/nowhere"))


def flow(step: str) -> Flow:
    (found,) = assessed(step).flows
    return found


def step(uses: str, *given: str, env: str = "") -> str:
    inputs = "".join(f"          {line}\n" for line in given)
    with_ = f"        with:\n{inputs}" if given else ""
    return f"      - uses: {uses}\n{with_}" + (f"        env:\n          {env}\n" if env else "")


def told(found: Flow) -> list[tuple[str, str, list[str]]]:
    """Name, index and the names of stored credentials, of each upload."""
    return [
        (
            upload.name,
            upload.index,
            [
                name
                for name, source in upload.credentials
                if judge(source, upload.scope).kind == STORED
            ],
        )
        for upload in found.uploads
    ]


@pytest.mark.parametrize("action", known.ACTIONS.values(), ids=lambda action: action.name)
def test_every_action_that_is_known(action: known.Action) -> None:
    more = [f"{action.command[0]}: {action.command[1].split()[0]}"] if action.command else []
    for password in action.passwords:
        found = flow(step(f"{action.name}@v1", f"{password}: {SECRET}", *more))
        assert told(found) == [(action.name, PYPI, [password])]
    for variable in action.variables:
        found = flow(step(f"{action.name}@v1", *more, env=f"{variable}: {SECRET}"))
        assert told(found) == [(action.name, PYPI, [variable])]
    for url in action.urls:
        given = [f"{name}: {SECRET}" for name in action.passwords]
        found = flow(step(f"{action.name}@v1", f"{url}: {OWN}", *given, *more))
        assert [upload.index for upload in found.uploads] == [PRIVATE] * bool(
            given or action.trusted
        )
    bare = flow(step(f"{action.name}@v1", "x: pypi", *more))
    assert len(bare.uploads) == (action.trusted or action.has_settings)


@pytest.mark.parametrize(
    "uses",
    [
        f"{known.OFFICIAL}@release/v1",
        f"{known.OFFICIAL}@{'a' * 40}",
        "PyPA/GH-Action-PyPI-Publish@v1",
        f"docker://ghcr.io/{known.OFFICIAL}:release-v1",
        f"docker://{known.OFFICIAL}",
        f"'{known.OFFICIAL}@v1'",
    ],
)
def test_spellings_of_the_official_action(uses: str) -> None:
    found = told(flow(step(uses, f"password: {SECRET}")))
    assert found == [(known.OFFICIAL, PYPI, ["password"])]


@pytest.mark.parametrize(
    ("given", "index"),
    [
        (["repository-url: " + OWN], PRIVATE),
        (["repository_url: " + OWN], PRIVATE),
        (["Repository-URL: " + OWN], PRIVATE),
        ([f"repository-url: https://{TEST_HOST}/legacy/"], TESTPYPI),
        (["repository-url: ''"], PYPI),
        (["repository-url: ${{ vars.URL }}"], UNKNOWN),
        (["verbose: true"], PYPI),
    ],
)
def test_the_index_of_the_official_action(given: list[str], index: str) -> None:
    found = flow(step(f"{known.OFFICIAL}@v1", *given, "user: me"))
    assert [it.index for it in found.uploads] == [index]
    assert [it.user.value for it in found.uploads if it.user] == ["me"]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (["command: upload", "args: --skip-existing *"], [("pyo3/maturin-action", PYPI, [])]),
        (["command: publish"], [("pyo3/maturin-action", PYPI, [])]),
        (["command: build"], []),
        (["args: --release"], []),
        (
            ["command: upload", f"args: -p {SECRET} -r testpypi *"],
            [("pyo3/maturin-action", TESTPYPI, ["-p"])],
        ),
        (
            ["command: upload", f"args: --repository-url {OWN} *"],
            [("pyo3/maturin-action", PRIVATE, [])],
        ),
    ],
)
def test_an_action_with_a_command(
    given: list[str], wanted: list[tuple[str, str, list[str]]]
) -> None:
    assert told(flow(step("PyO3/maturin-action@v1", *given))) == wanted


def test_an_action_has_the_variables_of_its_tool() -> None:
    env = f"MATURIN_PYPI_TOKEN: {SECRET}"
    found = told(flow(step("pyo3/maturin-action@v1", "command: upload", env=env)))
    assert found == [("pyo3/maturin-action", PYPI, ["MATURIN_PYPI_TOKEN"])]
    env = f"MATURIN_REPOSITORY_URL: {OWN}"
    found = told(flow(step("pyo3/maturin-action@v1", "command: upload", env=env)))
    assert found == [("pyo3/maturin-action", PRIVATE, [])]


@pytest.mark.parametrize(("value", "count"), [("false", 0), ("true", 1), ("${{ x }}", 1)])
def test_a_switch(value: str, count: int) -> None:
    given = (f"password: {SECRET}", f"upload: {value}")
    assert len(flow(step("casperdcl/deploy-pypi@v2", *given)).uploads) == count


@pytest.mark.parametrize(
    ("uses", "given", "wanted"),
    [
        (
            "Wandalen/wretry.action@v3",
            [
                f"action: {known.OFFICIAL}@release/v1",
                "with: |",
                f"  password: {SECRET}",
                "  repository-url: " + OWN,
            ],
            [(known.OFFICIAL, PRIVATE, ["password"])],
        ),
        (
            "Wandalen/wretry.action@v3",
            [f"action: {known.OFFICIAL}@release/v1", "with: |", f"  password: '{SECRET}'"],
            [(known.OFFICIAL, PYPI, ["password"])],
        ),
        (
            "Wandalen/wretry.action@v3",
            [f"action: {known.OFFICIAL}@release/v1"],
            [(known.OFFICIAL, PYPI, [])],
        ),
        ("Wandalen/wretry.action@v3", ["action: actions/checkout@v4", "x: pypi"], []),
        (
            "Wandalen/wretry.action@v3",
            [f"command: twine upload -p {SECRET} x"],
            [("twine upload", PYPI, ["-p"])],
        ),
    ],
)
def test_retries(uses: str, given: list[str], wanted: list[tuple[str, str, list[str]]]) -> None:
    text = step(uses, *given)
    found = flow(text)
    assert told(found) == wanted
    for upload in found.uploads:
        for _, source in upload.credentials:
            assert (HEAD + text)[source.offset :].lstrip("'").startswith(SECRET)


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("pypi-token", "x", True),
        ("PYPI_API_KEY", "x", True),
        ("pypi_password", "x", True),
        ("token-for-pypi", "x", True),
        ("secret_pypi", "x", True),
        ("twine_password", "x", True),
        ("uv_publish_token", "x", True),
        ("token", SECRET, True),
        ("password", "${{ secrets.MY_PYPI_TOKEN }}", True),
        ("api-key", "${{ secrets.testpypi }}", True),
        ("apikey", "${{ secrets.testpypi }}", True),
        ("token", "${{ secrets.GITHUB_TOKEN }}", False),
        ("token", "${{ secrets.NPM }}", False),
        ("name", SECRET, False),
        ("pypi-url", "x", False),
        ("pypi-package", "x", False),
        ("token", "pypi", False),
        ("npm_token", "x", False),
    ],
)
def test_what_is_a_credential_for_pypi(name: str, value: str, wanted: bool) -> None:
    assert actions.is_pypi_credential(name, value) is wanted


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        (step("o/r@v1", f"pypi-token: {SECRET}"), ["pypi-token"]),
        (step("o/r@v1", f"token: {SECRET}"), ["token"]),
        (step("o/r@v1", env=f"PYPI_TOKEN: {SECRET}"), ["PYPI_TOKEN"]),
        (step("o/r@v1", env=f"TWINE_PASSWORD: {SECRET}"), ["TWINE_PASSWORD"]),
        (step("o/r@v1", "pypi-token: ''"), []),
        (step("o/r@v1", f"pypi-token: {SECRET}", f"url: {OWN}"), []),
        (step("o/r@v1", f"pypi-token: {SECRET}", f"registry: {OWN}"), []),
        (
            step("o/r@v1", f"pypi-token: {SECRET}", f"homepage-url: https://{TEST_HOST}"),
            ["pypi-token"],
        ),
        (step("docker/login-action@v3", f"pypi-token: {SECRET}"), []),
        (step("actions/x@v3", f"pypi-token: {SECRET}"), []),
        (step("./missing", f"pypi-token: {SECRET}"), ["pypi-token"]),
        (step("o/r@v1", f"username: {SECRET}"), []),
    ],
)
def test_what_is_handed_to_an_action_of_which_nothing_is_known(
    text: str, stored: list[str]
) -> None:
    assert [it.name for it in assessed(text).stored.values()] == stored


@pytest.mark.parametrize("name", known.SECRET_ACTIONS)
def test_actions_that_fetch_secrets_into_the_environment(name: str) -> None:
    fetch = step(f"{name}@v1", "secrets: secret/data/pypi token | TWINE_PASSWORD ;")
    found = told(flow(fetch + "      - run: twine upload x\n"))
    assert found == [("twine upload", PYPI, ["TWINE_PASSWORD"])]
    (stored,) = assessed(fetch + "      - run: twine upload x\n").stored.values()
    assert stored.what == f"a secret that {name} fetches"


def test_what_1password_puts_into_the_environment() -> None:
    fetch = step("1password/load-secrets-action@v2", env="TWINE_PASSWORD: op://a/b/c")
    found = told(flow(fetch + "      - run: twine upload x\n"))
    assert found == [("twine upload", PYPI, ["TWINE_PASSWORD"])]
    other = step("o/r@v1", env="TOKEN: op://a/b/c")
    found = told(flow(other + "      - run: TWINE_PASSWORD=$TOKEN twine upload x\n"))
    assert found == [("twine upload", PYPI, [])]


@pytest.mark.parametrize(
    ("task", "stored", "index"),
    [
        ("pythonUploadServiceConnection: pypi", 1, PYPI),
        ("pythonUploadServiceConnection: other", 0, UNKNOWN),
        ("artifactFeed: feed", 0, PRIVATE),
    ],
)
def test_the_task_of_azure(task: str, stored: int, index: str) -> None:
    text = f"- task: TwineAuthenticate@1\n  inputs:\n    {task}\n"
    upload = "- script: twine upload -r pypi --config-file $(PYPIRC_PATH) dist/*\n"
    found = assessed(text + upload, "azure-pipelines.yml", "steps:\n")
    (only,) = (it for flow in found.flows for it in flow.uploads)
    assert (len(found.stored), only.index) == (stored, index)
    if stored:
        (credential,) = found.stored.values()
        assert credential.what == "the service connection pypi"
