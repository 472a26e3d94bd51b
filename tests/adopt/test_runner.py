"""Which configuration of a runner is edited, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest
import tomli
from conftest import write

import tenterhooks
from tenterhooks.core.files import Repository
from tenterhooks.everything.adopt import runner
from tenterhooks.everything.adopt.errors import Stopped
from tenterhooks.everything.adopt.revision import TAG, Revision, Revisions

SHA = "0123456789abcdef0123456789abcdef01234567"
HOME = tenterhooks.HOME
NEW = f"""\
repos:
  - repo: {HOME}
    rev: {SHA}  # frozen: {TAG}
    hooks:
      - id: tenterhooks
"""


class Unknown(Revisions):
    """Nobody knows the commit."""

    def __init__(self) -> None:
        super().__init__(None, online=False)

    def known(self) -> Revision | None:
        return None


class Drafted:
    def __init__(
        self, top: Path, revisions: Revisions | None = None, *, with_bandit: bool = False
    ) -> None:
        self.notes: list[str] = []
        revisions = revisions or Revisions(SHA, online=False)
        draft = runner.draft(Repository(str(top)), revisions, self.notes, with_bandit=with_bandit)
        self.path = draft.file.path if draft else None
        self.text = draft.text if draft else None


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("there", "chosen", "told"),
    [
        ([], ".pre-commit-config.yaml", ""),
        ([".pre-commit-config.yaml"], ".pre-commit-config.yaml", ""),
        ([".pre-commit-config.yml"], ".pre-commit-config.yml", "pre-commit does not"),
        (["prek.toml"], "prek.toml", ""),
        ([".pre-commit-config.yaml", ".pre-commit-config.yml"], ".pre-commit-config.yaml", "alone"),
        (
            ["prek.toml", ".pre-commit-config.yaml"],
            ".pre-commit-config.yaml",
            "prek reads prek.toml",
        ),
    ],
)
def test_which(top: Path, there: list[str], chosen: str, told: str) -> None:
    write(top, dict.fromkeys(there, ""))
    found = Drafted(top)
    assert found.path == chosen
    assert found.text is not None
    assert found.text == NEW or chosen == "prek.toml"
    assert told in "".join(found.notes)
    assert bool(found.notes) is bool(told)


def test_bandit(top: Path) -> None:
    found = Drafted(top, with_bandit=True)
    assert found.text == NEW + '        additional_dependencies: [".[bandit]"]\n'


def test_the_commit_must_be_known(top: Path) -> None:
    with pytest.raises(Stopped, match="ls-remote"):
        Drafted(top, Unknown())


def entry(*hooks: str, repo: str = HOME, rev: str = SHA) -> str:
    lines = "".join(f"  - id: {hook}\n" for hook in hooks)
    return f"repos:\n- repo: {repo}\n  rev: {rev}\n  hooks:\n{lines}"


@pytest.mark.parametrize(
    "repo", [HOME, HOME + ".git", HOME.upper(), "git@github.com:tenterhooks/tenterhooks.git"]
)
def test_there_already(top: Path, repo: str) -> None:
    """The commit need not be known."""
    write(top, {".pre-commit-config.yaml": entry("tenterhooks", repo=repo)})
    found = Drafted(top, Unknown())
    assert (found.text, found.notes) == (None, [])


def test_there_already_as_a_local_hook(top: Path) -> None:
    write(top, {".pre-commit-config.yaml": entry("x", "tenterhooks", repo="local")})
    assert Drafted(top, Unknown()).text is None


def test_another_hook_of_that_name(top: Path) -> None:
    text = entry("tenterhooks", repo="https://example.org/other")
    write(top, {".pre-commit-config.yaml": text})
    added = NEW.partition("\n")[2].replace("\n  ", "\n")[2:]
    assert Drafted(top).text == text + added.replace("    - id", "  - id")


def test_only_the_hook_is_missing(top: Path) -> None:
    text = entry("pinned-actions")
    write(top, {".pre-commit-config.yaml": text})
    found = Drafted(top, Unknown())
    assert found.text == text + "  - id: tenterhooks\n"
    assert "they can go" in found.notes[0]


def test_there_without_bandit(top: Path) -> None:
    write(top, {".pre-commit-config.yaml": entry("tenterhooks")})
    found = Drafted(top, with_bandit=True)
    assert found.text is None
    assert 'unless that gets additional_dependencies: [".[bandit]"]' in found.notes[0]


@pytest.mark.parametrize(
    ("rev", "told"),
    [
        (TAG, f"can move; frozen it is {SHA}  # frozen: {TAG}"),
        ("v0.0.9", f"can move; `pre-commit autoupdate --freeze --repo {HOME}` freezes it"),
        ("main", "autoupdate --freeze"),
        (SHA.upper(), None),
    ],
)
def test_not_frozen(top: Path, rev: str, told: str | None) -> None:
    """It is left alone, and told."""
    text = entry("tenterhooks", rev=rev)
    write(top, {".pre-commit-config.yaml": text})
    found = Drafted(top)
    assert found.text is None
    assert bool(found.notes) is (told is not None)
    assert (told or "") in "".join(found.notes)


@pytest.mark.parametrize(
    ("data", "place"),
    [(b"repos: [\n", "2:1"), (b"a: b: c\n", "1:5"), (b"# \xff\n", "1:3"), (b"\xff\xfea", "1:1")],
)
def test_broken(top: Path, data: bytes, place: str) -> None:
    write(top, {".pre-commit-config.yaml": data})
    with pytest.raises(Stopped, match=f"^.pre-commit-config.yaml:{place}: "):
        Drafted(top)


TOML = f"""\
[[repos]]
repo = "{HOME}"
rev = "{SHA}"  # frozen: {TAG}
hooks = [{{ id = "tenterhooks" }}]
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", TOML),
        ("fail_fast = true\n", "fail_fast = true\n\n" + TOML),
        (
            "[[repos]]\nrepo = 'a'\n[[repos.hooks]]\nid = 'x'\n",
            "[[repos]]\nrepo = 'a'\n[[repos.hooks]]\nid = 'x'\n\n" + TOML,
        ),
        ("[[repos]]\nrepo = 'a'", "[[repos]]\nrepo = 'a'\n\n" + TOML.removesuffix("\n")),
        (
            "[[repos]]\r\nrepo = 'a'\r\n",
            "[[repos]]\r\nrepo = 'a'\r\n\r\n" + TOML.replace("\n", "\r\n"),
        ),
    ],
)
def test_prek(top: Path, before: str, after: str) -> None:
    write(top, {"prek.toml": before})
    assert Drafted(top).text == after
    tomli.loads(after)


@pytest.mark.parametrize(
    "text",
    [
        "repos = []\n",
        "repos = [{ repo = 'local', hooks = [] }]\n",
        f"[[repos]]\nrepo = '{HOME}'\nrev = '{SHA}'\nhooks = [{{ id = 'x' }}]\n",
        "repos = 1\n",
    ],
)
def test_prek_refused(top: Path, text: str) -> None:
    write(top, {"prek.toml": text})
    with pytest.raises(Stopped, match='id = "tenterhooks"'):
        Drafted(top)


def test_prek_there_already(top: Path) -> None:
    write(top, {"prek.toml": TOML})
    assert Drafted(top, Unknown()).text is None
    write(top, {"prek.toml": TOML.replace("}]", ', additional_dependencies = [".[bandit]"] }]')})
    assert Drafted(top, Unknown(), with_bandit=True).notes == []


def test_prek_broken(top: Path) -> None:
    write(top, {"prek.toml": "[[repos]\n"})
    with pytest.raises(Stopped, match=r"^prek.toml:1:8: "):
        Drafted(top)
