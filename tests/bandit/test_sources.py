"""Where Bandit's configuration is found, and what is wrong with it before a key is looked at."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import MakeRepository

from tenterhooks.bandit import sources
from tenterhooks.core.config import ConfigError
from tenterhooks.core.files import Repository

TOML = '[tool.bandit]\nskips = ["B101"]\n'
INI = "[bandit]\nskips = B102\n"
YAML = "skips: [B103]\n"


def found(given: str | None = None) -> tuple[str, str, object] | None:
    source = sources.find(Repository(), given)
    return (source.file.path, source.kind, source.values.get("skips")) if source else None


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ({}, None),
        ({"pyproject.toml": TOML}, ("pyproject.toml", "toml", ["B101"])),
        (
            {"pyproject.toml": TOML, ".bandit": INI, "bandit.yaml": YAML},
            ("pyproject.toml", "toml", ["B101"]),
        ),
        ({"pyproject.toml": "[tool.ruff]\n", ".bandit": INI}, (".bandit", "ini", "B102")),
        ({"pyproject.toml": 'a = ["bandit"]\n', ".bandit": INI}, (".bandit", "ini", "B102")),
        ({"pyproject.toml": "broken", ".bandit": INI}, (".bandit", "ini", "B102")),
        ({"pyproject.toml": "[tool.bandit]\n", ".bandit": INI}, ("pyproject.toml", "toml", None)),
        ({".bandit": INI, "bandit.yaml": YAML}, (".bandit", "ini", "B102")),
        ({".bandit": YAML}, (".bandit", "yaml", ["B103"])),
        ({".bandit": "[tool.bandit]\nskips = []\n"}, (".bandit", "toml", [])),
        ({".bandit/x": ""}, None),
        ({"bandit.yaml": YAML, "bandit.yml": "{}"}, ("bandit.yaml", "yaml", ["B103"])),
        ({"bandit.yml": YAML}, ("bandit.yml", "yaml", ["B103"])),
        ({"bandit.yaml": "# nothing\n"}, ("bandit.yaml", "yaml", None)),
        ({"src/.bandit": INI, "src/pyproject.toml": TOML}, None),
    ],
)
def test_find(
    make_repository: MakeRepository,
    files: dict[str, str | bytes],
    wanted: tuple[str, str, object] | None,
) -> None:
    make_repository(files)
    assert found() == wanted


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("x.toml", TOML, ("x.toml", "toml", ["B101"])),
        ("x.yaml", YAML, ("x.yaml", "yaml", ["B103"])),
        ("x.yml", YAML, ("x.yml", "yaml", ["B103"])),
        ("tox.ini", "[tox]\na = b\n" + INI, ("tox.ini", "ini", "B102")),
        ("setup.cfg", INI, ("setup.cfg", "ini", "B102")),
        ("ci/rc", INI, ("ci/rc", "ini", "B102")),
        ("ci/rc", YAML, ("ci/rc", "yaml", ["B103"])),
        ("ci/rc", TOML, ("ci/rc", "toml", ["B101"])),
    ],
)
def test_given(
    make_repository: MakeRepository, name: str, text: str, wanted: tuple[str, str, object]
) -> None:
    make_repository({"pyproject.toml": TOML.replace("B101", "B199"), name: text})
    assert found(name) == wanted


def test_given_from_elsewhere(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    top = make_repository({"ci/a.yaml": YAML, "b.yaml": "skips: [B104]\n"})
    (tmp_path / "c.yaml").write_text("skips: [B105]\n")
    monkeypatch.chdir(top / "ci")
    assert found("a.yaml") == ("ci/a.yaml", "yaml", ["B103"])
    assert found("b.yaml") == ("b.yaml", "yaml", ["B104"])
    assert found("ci/a.yaml") == ("ci/a.yaml", "yaml", ["B103"])
    outside = found(str(tmp_path / "c.yaml"))
    assert outside
    assert outside[2] == ["B105"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("pyproject.toml", "[tool.bandit\n", "pyproject.toml:1:13: is not valid TOML"),
        ("pyproject.toml", b"\xff bandit", "pyproject.toml:1:1: is not UTF-8"),
        ("pyproject.toml", "[tool]\nbandit = 3\n", "pyproject.toml:2:1: tool.bandit: must be a t"),
        ("pyproject.toml", "tool = 'bandit'\n", "pyproject.toml:1:1: tool: must be a table"),
        (".bandit", "skips = B101\n", ".bandit:1:1: must be a mapping"),
        (".bandit", "[bandit]\nskips\n", ".bandit:2:1: neither a [section] nor a key"),
        (".bandit", b"\xff", ".bandit:1:1: is not UTF-8"),
        ("bandit.yaml", "- B101\n", "bandit.yaml:1:1: must be a mapping"),
        ("bandit.yaml", "a: [\n", "bandit.yaml:2:1: is not valid YAML"),
        ("bandit.yaml", "a: 1\na: 2\n", "bandit.yaml:2:1: a: stands twice"),
        ("bandit.yaml", b"\xff", "bandit.yaml:1:1: is not UTF-8"),
    ],
)
def test_broken(
    make_repository: MakeRepository, name: str, content: str | bytes, message: str
) -> None:
    make_repository({name: content})
    with pytest.raises(ConfigError) as caught:
        found()
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no.yaml", "no.yaml:1:1: cannot be opened: no such file or directory"),
        ("folder", "folder:1:1: is a directory, not a file"),
        ("a.ini", "a.ini:1:1: has no section [bandit]"),
    ],
)
def test_given_and_not_there(make_repository: MakeRepository, name: str, message: str) -> None:
    make_repository({"folder/x": "", "a.ini": "[tox]\n"})
    with pytest.raises(ConfigError) as caught:
        found(name)
    assert str(caught.value) == message


def test_a_dangling_link_is_not_nothing(make_repository: MakeRepository) -> None:
    top = make_repository({})
    (top / ".bandit").symlink_to("nowhere")
    with pytest.raises(ConfigError, match="cannot be opened"):
        found()
