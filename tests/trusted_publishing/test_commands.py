"""The upload that a command line means, and its options."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.core.files import File
from tenterhooks.formats import shell
from tenterhooks.formats.pipeline import Text
from tenterhooks.trusted_publishing import commands, known, wrappers
from tenterhooks.trusted_publishing.words import source_of


def upload(line: str) -> commands.CommandLine | None:
    (command, *_) = shell.commands(line)
    return commands.upload(wrappers.reduce(command.words))


@pytest.mark.parametrize(
    ("line", "tool"),
    [
        ("twine upload dist/*", "twine"),
        ("python -m twine upload dist/*", "twine"),
        ("twine --no-color upload dist/*", "twine"),
        ("/opt/bin/twine upload", "twine"),
        ("uv publish", "uv"),
        ("uv --quiet publish", "uv"),
        ("uv --directory a publish", "uv"),
        ("uv --directory=a publish", "uv"),
        ("pdm publish", "pdm"),
        ("pdm -p a publish", "pdm"),
        ("maturin publish", "maturin"),
        ("maturin upload x.whl", "maturin"),
        ("poetry publish --build", "poetry"),
        ("poetry -C a publish", "poetry"),
        ("hatch publish", "hatch"),
        ("hatch -e x publish", "hatch"),
        ("flit publish", "flit"),
        ("python -m flit publish", "flit"),
        ("flit -f a.toml publish", "flit"),
        ("rye publish", "rye"),
        ("python setup.py upload", "setup.py"),
        ("python setup.py sdist bdist_wheel upload -r x", "setup.py"),
        ("./setup.py sdist upload", "setup.py"),
        ("semantic-release publish", "semantic-release"),
        ("semantic-release version", "semantic-release"),
        ("python-semantic-release publish", "semantic-release"),
        ("python -m semantic_release publish", "semantic-release"),
        ("semantic-release -c a.toml version", "semantic-release"),
        ("twine check dist/*", None),
        ("twine", None),
        ("twine upload --help", None),
        ("twine register upload", None),
        ("uv pip install publish", None),
        ("uv build", None),
        ("uv --directory publish", None),
        ("poetry build", None),
        ("poetry config publish x", None),
        ("setup.py sdist", None),
        ("npm publish", None),
        ("cargo publish", None),
        ("upload twine", None),
        ("curl https://a.example/", None),
    ],
)
def test_what_uploads(line: str, tool: str | None) -> None:
    found = upload(line)
    assert (found.tool.name if found else None) == tool


@pytest.mark.parametrize(
    ("line", "dry"),
    [
        ("uv publish --dry-run", True),
        ("uv --dry-run publish", True),
        ("poetry publish --dry-run --build", True),
        ("semantic-release --noop publish", True),
        ("semantic-release version --print", True),
        ("uv publish", False),
        ("twine upload --dry-run", False),
        ("poetry publish -p --dry-run", False),
    ],
)
def test_dry_runs(line: str, dry: bool) -> None:
    found = upload(line)
    assert found is not None
    assert found.is_dry is dry


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("twine upload -p X", {"-p": "X"}),
        ("twine upload -pX", {"-p": "X"}),
        ("twine upload --password X", {"--password": "X"}),
        ("twine upload --password=X", {"--password": "X"}),
        ("twine upload --password=a=b", {"--password": "a=b"}),
        ("twine upload --password=", {"--password": ""}),
        ("twine upload -p", {}),
        ("twine upload -u __token__ -pX dist/*", {"-u": "__token__", "-p": "X"}),
        ("twine upload --skip-existing dist/*", {"--skip-existing": "--skip-existing"}),
        ("twine upload --verbose -p X", {"--verbose": "--verbose", "-p": "X"}),
        ("twine upload - x", {}),
        ("uv publish -t X", {"-t": "X"}),
        ("uv publish -tX", {"-t": "X"}),
        ("uv publish --token=X", {"--token": "X"}),
        ("uv publish --index testpypi", {"--index": "testpypi"}),
        ("uv publish --trusted-publishing always", {"--trusted-publishing": "always"}),
        ("pdm publish -P X", {"-P": "X"}),
        ("pdm -p folder publish -PX", {"-p": "folder", "-P": "X"}),
        ("poetry publish -u a -p b --build", {"-u": "a", "-p": "b", "--build": "--build"}),
        ("hatch publish -aX", {"-a": "X"}),
        ("maturin publish -pX", {"-p": "X"}),
        ("rye publish --token X", {"--token": "X"}),
        ("twine upload -p A -p B", {"-p": "B"}),
        ("twine upload -p --verbose", {"-p": "--verbose"}),
        ("twine upload --skip-existing=x", {"--skip-existing": "x"}),
        ("twine upload -sX", {"-sX": "-sX"}),
    ],
)
def test_options(line: str, wanted: dict[str, str]) -> None:
    found = upload(line)
    assert found is not None
    assert {name: word.text for name, word in found.options.items()} == wanted


def test_the_first_of_several_options() -> None:
    found = upload("uv publish --password a -t b")
    assert found is not None
    first = found.first(["-t", "--password"])
    assert first is not None
    assert first.text == "b"
    assert found.first(["--index"]) is None


@pytest.mark.parametrize("tool", [tool for tool in known.TOOLS.values() if tool.uploads])
def test_every_option_of_a_tool_takes_its_value(tool: known.Tool) -> None:
    command = f"{tool.name} {tool.uploads[0]}"
    for option in (*tool.passwords, *tool.users, *tool.names, *tool.urls, *tool.values):
        for line in (f"{command} {option} VALUE", f"{command} {option}=VALUE"):
            found = upload(line)
            assert found is not None
            assert found.options[option].text == "VALUE"


@pytest.mark.parametrize("tool", [tool for tool in known.TOOLS.values() if tool.dry])
def test_every_dry_option_of_a_tool(tool: known.Tool) -> None:
    for option in tool.dry:
        found = upload(f"{tool.name} {tool.uploads[0]} {option}")
        assert found is not None
        assert found.is_dry


@pytest.mark.parametrize(
    ("line", "offset"),
    [
        ("twine upload -p VALUE", 16),
        ("twine upload -pVALUE", 15),
        ("twine upload --password=VALUE", 24),
        ("twine upload --password='VALUE'", 25),
        ("twine upload '--password=VALUE'", 25),
        ("twine upload VALUE --password VALUE", 30),
        ("twine upload VALUE --password=VALUE", 30),
        ("twine upload VALUE -pVALUE", 21),
    ],
)
def test_the_place_of_a_value(line: str, offset: int) -> None:
    found = upload(line)
    assert found is not None
    word = found.first(["-p", "--password"])
    assert word is not None
    file = File("a", "/nowhere/a", "a", line.encode())
    source = source_of(word, Text(line, file, 0, len(line)))
    wanted = offset - 1 if line[offset - 1] == "'" and word.start >= 0 else offset
    assert (source.value, source.offset) == ("VALUE", wanted)


@given(
    st.lists(
        st.sampled_from(["-p", "-pX", "--password", "--token=X", "upload", "-", "--", "=", "x"])
    )
)
def test_any_options_are_read(words: list[str]) -> None:
    for tool in known.TOOLS.values():
        (command,) = shell.commands(" ".join(["x", *words]))
        for name, word in commands.options(command.words[1:], tool).items():
            assert name.startswith("-")
            assert word.text in " ".join(words)
