"""What is known is consistent with itself."""

from __future__ import annotations

import re

import pytest

from tenterhooks.trusted_publishing import known
from tenterhooks.trusted_publishing.known import PYPI, TESTPYPI

VERSION = re.compile(r"\d+(\.\d+)*")
VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")


def test_the_docstring_says_when_and_from_where() -> None:
    text = known.__doc__ or ""
    assert re.search(r"As of [A-Z][a-z]+ 20\d\d\.", text)
    assert "Sources: " in text
    for tool in known.TOOLS.values():
        if tool.trusted is not None:
            assert re.search(rf"\b{tool.name} \d", text.lower()), tool.name


def test_hosts() -> None:
    for host, index in known.HOSTS.items():
        assert host == host.lower()
        assert re.fullmatch(r"[a-z.]+\.[a-z]+", host)
        assert index == (TESTPYPI if host.startswith("test") else PYPI)
    assert set(known.AUDIENCES) == set(known.HOSTS.values())


def test_the_services_that_pypi_trusts() -> None:
    trusted = {name for name, service in known.SERVICES.items() if service.trusted}
    assert trusted == {"github", "gitlab", "cloudbuild", "activestate"}


@pytest.mark.parametrize("name", sorted(known.SERVICES))
def test_a_service(name: str) -> None:
    service = known.SERVICES[name]
    assert name == name.lower()
    assert service.title
    assert isinstance(service.given, tuple)
    assert all(VARIABLE.fullmatch(prefix) for prefix in service.given)
    # Where no identity is taken there must be a place where a secret is kept.
    assert service.trusted or service.settings


@pytest.mark.parametrize("tool", known.TOOLS.values(), ids=lambda tool: tool.name)
def test_a_tool(tool: known.Tool) -> None:
    assert tool.name == tool.name.lower()
    assert known.TOOLS[tool.name] is tool
    assert tool.trusted is None or VERSION.fullmatch(tool.trusted)
    groups = [tool.passwords, tool.users, tool.names, tool.urls, tool.dry, list(tool.values)]
    options = [option for group in groups for option in group]
    assert len(options) == len(set(options))
    assert all(re.fullmatch(r"-[A-Za-z]|--[a-z][a-z-]+", option) for option in options)
    variables = [
        *tool.env_passwords,
        *tool.env_users,
        *tool.env_names,
        *tool.env_urls,
    ]
    assert len(variables) == len(set(variables))
    assert all(VARIABLE.fullmatch(name) for name in variables)
    assert tool.builds in ("", *tool.uploads) or re.fullmatch(r"!?--[a-z-]+", tool.builds)


def test_no_two_tools_share_a_variable() -> None:
    owners: dict[str, str] = {}
    for tool in known.TOOLS.values():
        for name in (*tool.env_passwords, *tool.env_users, *tool.env_names, *tool.env_urls):
            assert owners.setdefault(name, tool.name) == tool.name


def test_variables_of_credentials() -> None:
    for name, tool in known.CREDENTIALS.items():
        assert name in known.TOOLS[tool].env_passwords
        assert name.startswith(f"{tool.upper()}_")
    wanted = {"twine", "uv", "pdm", "maturin", "poetry", "hatch", "flit"}
    assert set(known.CREDENTIALS.values()) == wanted
    # Names that any program may use for anything say nothing by themselves.
    assert not {"PYPI_TOKEN", "REPOSITORY_PASSWORD"} & set(known.CREDENTIALS)


def test_aliases() -> None:
    assert set(known.ALIASES.values()) <= set(known.TOOLS)
    assert not set(known.ALIASES) & set(known.TOOLS)


@pytest.mark.parametrize("action", known.ACTIONS.values(), ids=lambda action: action.name)
def test_an_action(action: known.Action) -> None:
    assert known.ACTIONS[action.name].name == action.name
    inputs = [*action.passwords, *action.users, *action.urls, *action.names]
    assert len(inputs) == len(set(inputs))
    assert all(name == name.lower() for name in inputs)
    assert all(VARIABLE.fullmatch(name) for name in action.variables)
    assert action.tool in ("", *known.TOOLS)
    assert action.switch == action.switch.lower()
    # Something must be there to log in with.
    assert action.passwords or action.variables or action.tool


@pytest.mark.parametrize(
    "names",
    [
        known.ACTIONS,
        known.REUSABLE,
        known.SECRET_ACTIONS,
        known.MINT_ACTIONS,
        known.BUILD_ACTIONS,
        known.CACHING,
        [known.OFFICIAL],
    ],
    ids=lambda names: next(iter(names)),
)
def test_names_are_in_lower_case(names: list[str]) -> None:
    """They are looked up by a name in lower case."""
    assert [name for name in names if name != name.lower()] == []
    assert len(set(names)) == len(list(names))
    assert [name for name in names if "@" in name or name != name.strip("/ ")] == []


@pytest.mark.parametrize("signs", [known.MINTING, known.SECRET_COMMANDS], ids=["mint", "secret"])
def test_no_sign_is_in_another(signs: tuple[str, ...]) -> None:
    assert len(set(signs)) == len(signs)
    assert all(sign.strip() for sign in signs)


def test_what_mints_prints_no_stored_secret() -> None:
    for command in known.SECRET_COMMANDS:
        assert not [sign for sign in known.MINTING if sign in command or command in sign]


def test_caches() -> None:
    for name, (key, since) in known.CACHING.items():
        assert "/" in name
        assert since is None or key
