"""What is known of Trusted Publishing: indexes, CI services, upload tools and actions.

As of November 2026. Sources: PyPI's documentation, "Trusted Publishers" (the services); the
sources of twine 7.0, uv 0.9, PDM 2.26, Poetry 2.2, Hatch 1.16, Flit 3.12, maturin 1.14 and Rye
(the order in which each looks for a credential); the READMEs of the actions.
"""

from __future__ import annotations

from tenterhooks.formats import public_index

PYPI, TESTPYPI = public_index.PYPI, public_index.TESTPYPI
PRIVATE, UNKNOWN = "a private index", "an unknown index"
HOSTS = public_index.HOSTS

AUDIENCES = {PYPI: "pypi", TESTPYPI: "testpypi"}
"""Index -> the audience that its identity tokens must be for."""


class Service:
    """A CI service.

    title: its name. trusted: whether PyPI takes its identity tokens.
    settings: where it keeps variables that jobs have without a word in the file, or None where
        there is no such place.
    given: how the names of the variables begin that it sets itself.
    shares_shell: one shell runs all steps of a job.
    """

    __slots__ = ("given", "settings", "shares_shell", "title", "trusted")

    def __init__(
        self,
        title: str,
        *,
        trusted: bool,
        settings: str | None = None,
        given: tuple[str, ...] = (),
        shares_shell: bool = False,
    ) -> None:
        self.title = title
        self.trusted = trusted
        self.settings = settings
        self.given = given
        self.shares_shell = shares_shell


SERVICES = {
    "github": Service("GitHub Actions", trusted=True, given=("GITHUB_", "RUNNER_", "ACTIONS_")),
    "gitlab": Service(
        "GitLab CI/CD",
        trusted=True,
        settings="the CI/CD settings of GitLab",
        shares_shell=True,
        given=("CI_", "GITLAB_"),
    ),
    "cloudbuild": Service("Google Cloud Build", trusted=True),
    "activestate": Service("ActiveState", trusted=True),
    "azure": Service(
        "Azure Pipelines",
        trusted=False,
        settings="the variables of the pipeline",
        given=("BUILD_", "SYSTEM_", "AGENT_"),
    ),
    "circleci": Service(
        "CircleCI", trusted=False, settings="a context or the project's settings", given=("CIRCLE",)
    ),
    "travis": Service(
        "Travis CI",
        trusted=False,
        settings="the repository's settings",
        shares_shell=True,
        given=("TRAVIS",),
    ),
    "jenkins": Service(
        "Jenkins",
        trusted=False,
        settings="the credentials of the controller",
        given=("BUILD_", "JOB_", "JENKINS_"),
    ),
    "appveyor": Service(
        "AppVeyor",
        trusted=False,
        settings="the project's settings",
        shares_shell=True,
        given=("APPVEYOR",),
    ),
    "bitbucket": Service(
        "Bitbucket Pipelines",
        trusted=False,
        settings="the repository's variables",
        shares_shell=True,
        given=("BITBUCKET_",),
    ),
}
"""The services that PyPI trusts are GitHub, GitLab, Google and ActiveState; on the others a token
cannot be replaced."""

HARMLESS = {"HOME", "PWD", "USER", "PATH", "PYTHON", "VERSION", "TAG", "TMPDIR", "RUNNER_TEMP"}
"""Variables that hold no credential, whoever sets them."""


class Tool:
    """A command that uploads to an index.

    name: of the command. uploads: its subcommands that upload.
    trusted: the version since which it does Trusted Publishing on GitHub, None for never.
    elsewhere: the same for the other services.
    later: credentials that it looks at after the job's identity.
    passwords, users, names, urls: options that take the credential, the user, the name of an
        index, and its address.
    env_passwords, env_users, env_names, env_urls: the variables for the same.
    dry: options with which nothing is uploaded.
    values: other options that take a value.
    builds: what builds before it uploads: a subcommand, an option, or, behind a ``!``, all but
        that option.
    """

    __slots__ = (
        "builds",
        "dry",
        "elsewhere",
        "env_names",
        "env_passwords",
        "env_urls",
        "env_users",
        "later",
        "name",
        "names",
        "passwords",
        "trusted",
        "uploads",
        "urls",
        "users",
        "values",
    )

    def __init__(
        self,
        name: str,
        uploads: str,
        trusted: str | None = None,
        *,
        options: tuple[str, str, str, str] = ("", "", "", ""),
        environment: tuple[str, str, str, str] = ("", "", "", ""),
        dry: str = "",
        values: str = "",
        elsewhere: str | None = None,
        later: str = "",
        builds: str = "",
    ) -> None:
        self.name = name
        self.uploads = uploads.split()
        self.trusted = trusted
        self.passwords, self.users, self.names, self.urls = (text.split() for text in options)
        self.env_passwords, self.env_users, self.env_names, self.env_urls = (
            text.split() for text in environment
        )
        self.dry = dry.split()
        self.values = frozenset(values.split())
        self.elsewhere = elsewhere
        self.later = frozenset(later.split())
        self.builds = builds

    def since(self, service: str) -> str | None:
        """The version since which it does Trusted Publishing on a service, None for never."""
        return self.trusted if service == "github" else self.elsewhere


_TOOLS = (
    Tool(
        "twine",
        "upload",
        "6.1",
        elsewhere="6.1",
        options=("-p --password", "-u --username", "-r --repository", "--repository-url"),
        environment=(
            "TWINE_PASSWORD",
            "TWINE_USERNAME",
            "TWINE_REPOSITORY",
            "TWINE_REPOSITORY_URL",
        ),
        values="-c --comment --cert --client-cert --sign-with -i --identity --config-file",
    ),
    Tool(
        "uv",
        "publish",
        "0.4.16",
        elsewhere="0.8.18",
        options=("-t --token -p --password", "-u --username", "--index", "--publish-url"),
        environment=(
            "UV_PUBLISH_TOKEN UV_PUBLISH_PASSWORD",
            "UV_PUBLISH_USERNAME",
            "UV_PUBLISH_INDEX",
            "UV_PUBLISH_URL",
        ),
        dry="--dry-run",
        values="--trusted-publishing --keyring-provider --check-url --directory --project "
        "--config-file --allow-insecure-host --cache-dir --color --exclude",
    ),
    Tool(
        "pdm",
        "publish",
        "2.6",
        elsewhere="2.23.1",
        options=("-P --password", "-u --username", "-r --repository", ""),
        environment=("PDM_PUBLISH_PASSWORD", "PDM_PUBLISH_USERNAME", "PDM_PUBLISH_REPO", ""),
        values="-p --project -d --dest -i --identity -c --comment --ca-certs --config",
        builds="!--no-build",
    ),
    Tool(
        "maturin",
        "publish upload",
        "0.15",
        later="-p --password MATURIN_PASSWORD",
        options=("-p --password", "-u --username", "-r --repository", "--repository-url"),
        environment=(
            "MATURIN_PYPI_TOKEN MATURIN_PASSWORD",
            "MATURIN_USERNAME",
            "MATURIN_REPOSITORY",
            "MATURIN_REPOSITORY_URL",
        ),
        values="-m --manifest-path --target -i --interpreter -o --out --features --profile "
        "--compatibility --manylinux",
        builds="publish",
    ),
    Tool(
        "poetry",
        "publish",
        options=("-p --password", "-u --username", "-r --repository", ""),
        environment=("POETRY_PYPI_TOKEN_PYPI POETRY_HTTP_BASIC_PYPI_PASSWORD", "", "", ""),
        dry="--dry-run",
        values="-C --directory -P --project --cert --client-cert --dist-dir",
        builds="--build",
    ),
    Tool(
        "hatch",
        "publish",
        options=("-a --auth", "-u --user", "-r --repo", ""),
        environment=("HATCH_INDEX_AUTH", "HATCH_INDEX_USER", "HATCH_INDEX_REPO", ""),
        values="-e --env -p --project --publisher -o --option --ca-cert --client-cert "
        "--client-key --data-dir --cache-dir --config",
    ),
    Tool(
        "flit",
        "publish",
        options=("", "", "--repository", ""),
        environment=("FLIT_PASSWORD", "FLIT_USERNAME", "", "FLIT_INDEX_URL"),
        values="-f --ini-file --pypirc --format",
        builds="publish",
    ),
    Tool(
        "rye",
        "publish",
        options=("--token", "-u --username", "-r --repository", "--repository-url"),
        values="--sign-with -i --identity --cert",
    ),
    Tool("curl", "", options=("", "-u --user", "", ""), values="-F --form -H --header -o -X"),
    Tool("setup.py", "upload", options=("", "", "-r --repository", ""), builds="upload"),
    Tool(
        "semantic-release",
        "publish version",
        environment=("PYPI_TOKEN REPOSITORY_PASSWORD PYPI_PASSWORD", "", "", "REPOSITORY_URL"),
        dry="--noop --print",
        values="-c --config --define -D",
    ),
)
TOOLS = {tool.name: tool for tool in _TOOLS}
ALIASES = {
    "semantic_release": "semantic-release",
    "python-semantic-release": "semantic-release",
    "flit.__main__": "flit",
}
"""Other names of a tool, as a module or as a package."""

CREDENTIALS = {
    name: tool.name
    for tool in _TOOLS
    for name in tool.env_passwords
    if name.startswith(("TWINE_", "UV_", "PDM_", "MATURIN_", "POETRY_", "HATCH_", "FLIT_"))
}
"""Variable -> the tool that takes its upload credential from it, whatever runs that tool."""


class Action:
    """A GitHub action that uploads to an index.

    name: ``owner/repo[/path]`` in lower case.
    trusted: whether it does Trusted Publishing where it is given no credential.
    passwords, users, urls, names: its inputs for the credential, the user, the address and the
        name of the index.
    variables: environment variables from which it takes a credential.
    has_settings: without a credential in the file it takes one that the service's settings hold.
    identity_first: with an identity token at hand it does not look at credentials.
    switch: the input with which an upload is switched off, or "".
    command: the input that says what to do, and the words that mean an upload; None where it
        always uploads.
    tool: the tool that it runs.
    """

    __slots__ = (
        "command",
        "has_settings",
        "identity_first",
        "name",
        "names",
        "passwords",
        "switch",
        "tool",
        "trusted",
        "urls",
        "users",
        "variables",
    )

    def __init__(
        self,
        name: str,
        passwords: str,
        *,
        trusted: bool = False,
        users: str = "user username",
        urls: str = "repository-url repository_url",
        names: str = "repository",
        variables: str = "",
        has_settings: bool = False,
        identity_first: bool = False,
        switch: str = "",
        command: tuple[str, str] | None = None,
        tool: str = "",
    ) -> None:
        self.name = name
        self.trusted = trusted
        self.passwords = passwords.split()
        self.users = users.split()
        self.urls = urls.split()
        self.names = names.split()
        self.variables = variables.split()
        self.has_settings = has_settings
        self.identity_first = identity_first
        self.switch = switch
        self.command = command
        self.tool = tool


OFFICIAL = "pypa/gh-action-pypi-publish"

_MATURIN = {"command": ("command", "publish upload"), "tool": "maturin", "trusted": True}
_RELEASER = "jupyter-server/jupyter_releaser/.github/actions/"
_ACTIONS = (
    Action(OFFICIAL, "password", trusted=True),
    Action(
        "casperdcl/deploy-pypi", "password", trusted=True, users="user", urls="url", switch="upload"
    ),
    Action("pyo3/maturin-action", "", **_MATURIN),  # type: ignore[arg-type]
    Action("messense/maturin-action", "", **_MATURIN),  # type: ignore[arg-type]
    Action(
        "python-semantic-release/python-semantic-release",
        "pypi_token repository_password",
        users="repository_username",
    ),
    Action(
        "relekang/python-semantic-release",
        "pypi_token repository_password",
        users="repository_username",
    ),
    Action("jrubics/poetry-publish", "pypi_token", names="repository_name"),
    Action("etils-actions/pypi-auto-publish", "pypi-token", users="pypi-username"),
    Action("atlassian/pypi-publish", "pypi_password", users="pypi_username"),  # Bitbucket's
    Action(  # Travis CI's, of which each option may be a variable in the settings: PYPI_PASSWORD
        "pypi",
        "password api_token",
        urls="server",
        variables="PYPI_PASSWORD PYPI_API_TOKEN",
        has_settings=True,
    ),
    *(
        Action(
            _RELEASER + name,
            "",
            trusted=True,
            variables="PYPI_TOKEN PYPI_TOKEN_MAP TWINE_PASSWORD",
            identity_first=True,
        )
        for name in ("finalize-release", "publish-release")
    ),
)
ACTIONS = {action.name: action for action in _ACTIONS}

REUSABLE = {
    "openastronomy/github-actions-workflows/.github/workflows/publish.yml": "upload_to_pypi",
    "openastronomy/github-actions-workflows/.github/workflows/publish_pure_python.yml": (
        "upload_to_pypi"
    ),
}
"""Reusable workflows that upload to PyPI -> the input that says whether."""

SECRET_ACTIONS = (
    "hashicorp/vault-action",
    "1password/load-secrets-action",
    "google-github-actions/get-secretmanager-secrets",
    "aws-actions/aws-secretsmanager-get-secrets",
    "azure/get-keyvault-secrets",
    "bitwarden/sm-action",
    "bitwarden/gh-action",
    "dopplerhq/secrets-fetch-action",
    "infisical/secrets-action",
    "keeper-security/ksm-action",
    "cyberark/conjur-action",
)
"""Actions that fetch stored secrets."""

SECRET_COMMANDS = (
    "gcloud secrets versions access",
    "gcloud beta secrets versions access",
    "aws secretsmanager get-secret-value",
    "aws ssm get-parameter",
    "az keyvault secret show",
    "vault kv get",
    "vault read",
    "op read",
    "op item get",
    "pass show",
    "sops ",
    "bws secret get",
    "doppler secrets get",
)
"""Commands that print stored secrets."""

MINTING = (
    "-m id pypi",
    "-m id testpypi",
    "audience=pypi",
    "audience=testpypi",
    "id.detect_credential",
    "mint-token",
)
"""Text of scripts that trade an identity token for a short-lived upload token."""


def mints(text: str) -> bool:
    """Whether a script trades an identity token for an upload token."""
    return any(sign in text for sign in MINTING)


MINT_ACTIONS = ("tschm/token-mint-action", "astral-sh/pypi-token-mint")
"""Actions that do the same."""

BUILD_ACTIONS = (
    "pypa/cibuildwheel",
    "hynek/build-and-inspect-python-package",
    "pyo3/maturin-action",
    "messense/maturin-action",
)
"""Actions that build packages."""

CACHING: dict[str, tuple[str, int | None]] = {
    "actions/cache": ("", None),
    "actions/cache/restore": ("", None),
    "actions/setup-python": ("cache", None),
    "actions/setup-node": ("cache", None),
    "actions/setup-go": ("cache", 4),
    "actions/setup-java": ("cache", None),
    "astral-sh/setup-uv": ("enable-cache", 5),
    "pdm-project/setup-pdm": ("cache", None),
    "swatinem/rust-cache": ("", None),
    "hendrikmuhs/ccache-action": ("", None),
    "mozilla-actions/sccache-action": ("", None),
}
"""Actions that restore a cache -> the input that says so ("" for always), and the major version
since which they do where nothing is said."""
