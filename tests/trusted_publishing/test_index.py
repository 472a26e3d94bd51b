"""Which index an upload goes to: by its address, its name, and the project's configuration."""

from __future__ import annotations

import pytest
from conftest import MakeRepository

from tenterhooks.core.files import File, Repository
from tenterhooks.formats.pipeline import Text
from tenterhooks.trusted_publishing import index, known
from tenterhooks.trusted_publishing.known import PRIVATE, PYPI, TESTPYPI, UNKNOWN
from tenterhooks.trusted_publishing.values import Scope, Source, nothing

HOST = next(host for host, name in known.HOSTS.items() if name == PYPI)
TEST_HOST = next(host for host, name in known.HOSTS.items() if name == TESTPYPI)
OWN = "https://index.example.org/simple/"


def source(value: str) -> Source:
    file = File("a.yml", "/nowhere/a.yml", "a.yml", value.encode())
    return Source(Text(value, file, 0, len(value)))


def decide(
    urls: list[str], names: list[str], configured: dict[str, str], tool: str = "twine"
) -> str:
    scope = Scope(known.SERVICES["github"], {"URL": source(OWN), "EMPTY": source("")}, nothing)
    return index.decide(
        [source(url) for url in urls], [source(name) for name in names], configured, scope, tool
    )


@pytest.mark.parametrize(
    "form", ["https://{}/legacy/", "http://{}", "https://u:p@{}/", "HTTPS://{}?a"]
)
@pytest.mark.parametrize(("host", "wanted"), list(known.HOSTS.items()))
def test_a_known_host(form: str, host: str, wanted: str) -> None:
    assert index.by_address(form.format(host)) == wanted
    assert index.by_address(form.format(host.upper())) == wanted
    assert index.by_address(form.format(f"{host}:443")) == wanted
    assert index.by_address(form.format(f"{host}.example.org")) == PRIVATE
    assert index.by_address(form.format(f"x-{host}")) == PRIVATE


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        (OWN, PRIVATE),
        ("http://localhost:3141/acme/pypi/", PRIVATE),
        ("https://$HOST/legacy/", UNKNOWN),
        ("https://${HOST}/legacy/", UNKNOWN),
        ("https://%HOST%/", UNKNOWN),
        ("https://${{ env.HOST }}/", UNKNOWN),
        ("https://<< parameters.host >>/", UNKNOWN),
        ("https://index.example.org/$PATH/", PRIVATE),
        ("$URL", UNKNOWN),
        ("${CI_API_V4_URL}/projects/1/packages/pypi", PRIVATE),
        ("https://${CI_SERVER_HOST}/api", PRIVATE),
        ("$CI_REGISTRY/x", PRIVATE),
        ("", UNKNOWN),
        ("index.example.org", UNKNOWN),
        ("://", UNKNOWN),
        ("https://", UNKNOWN),
    ],
)
def test_an_address(address: str, wanted: str) -> None:
    assert index.by_address(address) == wanted


@pytest.mark.parametrize(
    ("name", "tool", "wanted"),
    [
        ("pypi", "twine", PYPI),
        ("PyPI", "uv", PYPI),
        ("testpypi", "twine", TESTPYPI),
        ("test-pypi", "poetry", TESTPYPI),
        ("TEST_PYPI", "poetry", TESTPYPI),
        ("my-testpypi", "twine", TESTPYPI),
        ("pypitest", "twine", TESTPYPI),
        ("main", "hatch", PYPI),
        ("test", "hatch", TESTPYPI),
        ("main", "twine", PRIVATE),
        ("test", "poetry", PRIVATE),
        ("internal", "twine", PRIVATE),
        ("", "twine", PRIVATE),
        (OWN, "twine", PRIVATE),
        (f"https://{TEST_HOST}/legacy/", "hatch", TESTPYPI),
        ("$NAME", "twine", UNKNOWN),
        ("%NAME%", "twine", UNKNOWN),
        ("own", "uv", PRIVATE),
        ("alias", "uv", TESTPYPI),
        ("testpypi-own", "uv", PRIVATE),
    ],
)
def test_a_name(name: str, tool: str, wanted: str) -> None:
    configured = {"own": OWN, "alias": f"https://{TEST_HOST}/", "testpypi-own": OWN}
    assert index.by_name(name, configured, tool) == wanted


@pytest.mark.parametrize(
    ("urls", "names", "configured", "wanted"),
    [
        ([], [], {}, PYPI),
        ([], [], {"pypi": OWN}, PRIVATE),
        ([], [], {"pypi": ""}, PYPI),
        ([], [], {"other": OWN}, PYPI),
        ([OWN], [], {}, PRIVATE),
        ([f"https://{HOST}/"], [], {"pypi": OWN}, PYPI),
        ([OWN], ["pypi"], {}, PRIVATE),
        ([""], ["testpypi"], {}, TESTPYPI),
        ([""], [], {}, PYPI),
        (["$EMPTY"], [], {}, PYPI),
        (["$URL"], [], {}, PRIVATE),
        (["$OTHER"], [], {}, UNKNOWN),
        ([], ["$OTHER"], {}, UNKNOWN),
        (["${{ secrets.URL }}"], ["pypi"], {}, UNKNOWN),
        ([], ["private"], {}, PRIVATE),
        ([], ["mine"], {"mine": f"https://{HOST}/"}, PYPI),
        # One of several: that which matters more.
        ([f"${{{{ inputs.x && 'https://{HOST}/' || '{OWN}' }}}}"], [], {}, PYPI),
        ([f"${{{{ inputs.x && 'https://{TEST_HOST}/' || '' }}}}"], [], {}, PYPI),
        ([f"${{{{ inputs.x && 'https://{TEST_HOST}/' || '{OWN}' }}}}"], [], {}, TESTPYPI),
        ([f"${{{{ inputs.x && '$A' || '{OWN}' }}}}"], [], {}, UNKNOWN),
        ([], ["${{ inputs.x && 'testpypi' || 'private' }}"], {}, TESTPYPI),
    ],
)
def test_the_first_that_says_anything_decides(
    urls: list[str], names: list[str], configured: dict[str, str], wanted: str
) -> None:
    assert decide(urls, names, configured) == wanted


def test_the_name_depends_on_the_tool() -> None:
    assert decide([], ["main"], {}, "hatch") == PYPI
    assert decide([], ["main"], {}, "uv") == PRIVATE


UV = f"""\
[[tool.uv.index]]
name = "own"
url = "https://a.example/simple"
publish-url = "{OWN}"
[[tool.uv.index]]
name = "read-only"
url = "https://b.example/simple"
[tool.uv]
publish-url = "https://c.example/"
trusted-publishing = "never"
[tool.hatch.publish.index.repos.own]
url = "{OWN}"
[tool.hatch.publish.index.repos.odd]
uri = "{OWN}"
"""
IN_UV = {"own": OWN, "pypi": "https://c.example/"}


@pytest.mark.parametrize(
    ("files", "folder", "tool", "wanted"),
    [
        ({"pyproject.toml": UV}, "", "uv", IN_UV),
        ({"pyproject.toml": UV}, "", "hatch", {"own": OWN}),
        ({"pyproject.toml": UV}, "", "twine", {}),
        ({"pyproject.toml": UV}, "a/b", "uv", IN_UV),
        ({"pyproject.toml": UV, "a/pyproject.toml": ""}, "a/b", "uv", {}),
        ({"pyproject.toml": "", "a/pyproject.toml": UV}, "a", "uv", IN_UV),
        ({"pyproject.toml": "", "a/pyproject.toml": UV}, "", "uv", {}),
        (
            {"pyproject.toml": UV, "uv.toml": 'publish-url = "https://d.example/"'},
            "",
            "uv",
            {"pypi": "https://d.example/"},
        ),
        ({"pyproject.toml": UV, "uv.toml": ""}, "", "uv", IN_UV),
        ({"pyproject.toml": UV, "uv.toml": "[broken"}, "", "uv", IN_UV),
        ({"pyproject.toml": "[broken"}, "", "uv", {}),
        ({"pyproject.toml": "[broken", "x": ""}, "a", "hatch", {}),
        ({"pyproject.toml": "tool = 1"}, "", "uv", {}),
        ({"pyproject.toml": "[tool]\nuv = []\nhatch = 'x'"}, "", "uv", {}),
        ({"pyproject.toml": "[tool.uv]\nindex = 1\npublish-url = 2"}, "", "uv", {}),
        ({"pyproject.toml": "[tool.uv]\nindex = [1]"}, "", "uv", {}),
        ({"pyproject.toml": "[tool.hatch.publish.index.repos]\na = 1"}, "", "hatch", {}),
        ({}, "", "uv", {}),
    ],
)
def test_configured_indexes(
    files: dict[str, str | bytes],
    folder: str,
    tool: str,
    wanted: dict[str, str],
    make_repository: MakeRepository,
) -> None:
    top = make_repository(files)
    assert index.configured(Repository(str(top)), folder, tool) == wanted


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ({"pyproject.toml": UV}, "never"),
        ({"pyproject.toml": UV, "uv.toml": 'trusted-publishing = "always"'}, "always"),
        ({"pyproject.toml": ""}, "automatic"),
        ({"pyproject.toml": "[tool.uv]\ntrusted-publishing = true"}, "automatic"),
        ({}, "automatic"),
    ],
)
def test_whether_uv_is_told_to(
    files: dict[str, str | bytes], wanted: str, make_repository: MakeRepository
) -> None:
    assert index.uv_mode(Repository(str(make_repository(files))), "") == wanted


def test_a_link_that_leads_out_is_not_followed(make_repository: MakeRepository) -> None:
    top = make_repository({"pyproject.toml": ""})
    (top.parent / "other.toml").write_text(UV, "utf-8")
    (top / "pyproject.toml").unlink()
    (top / "pyproject.toml").symlink_to(top.parent / "other.toml")
    assert index.configured(Repository(str(top)), "", "uv") == {}
