"""The commit of the version that runs, in installations of all kinds."""

from __future__ import annotations

import json
import sys
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import git, write

import tenterhooks
from tenterhooks.core import git as core_git
from tenterhooks.everything.adopt import revision
from tenterhooks.everything.adopt.address import is_ours
from tenterhooks.everything.adopt.errors import Stopped
from tenterhooks.everything.adopt.revision import TAG, Revision, Revisions

SHA = "0123456789abcdef0123456789abcdef01234567"


class Installation:
    """An environment, and what its installer noted."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._patch = patch
        self.runs_in(folder / "env")
        self.notes(None)
        patch.setattr(revision, "__file__", str(folder / "package" / "revision.py"))

    def runs_in(self, prefix: Path) -> None:
        self._patch.setattr(sys, "prefix", str(prefix))

    def is_stamped(self, text: str) -> None:
        write(self.folder / "package", {"COMMIT": text})

    def notes(self, url: Any) -> None:
        text = url if url is None or isinstance(url, str) else json.dumps(url)
        found = SimpleNamespace(read_text=lambda _: text)
        self._patch.setattr(metadata, "distribution", lambda _: found)

    def notes_folder(self, folder: Path, **more: object) -> None:
        self.notes({"url": folder.as_uri(), "dir_info": more})

    def clone(self, origin: str | None = tenterhooks.HOME, *, tag: str | None = None) -> Path:
        top = self.folder / "clone \xe9"
        top.mkdir()
        git(top, "init", "--quiet")
        write(top, {".pre-commit-hooks.yaml": "- id: tenterhooks\n"})
        git(top, "add", "--all")
        git(top, "commit", "--quiet", "--message", "one")
        if origin is not None:
            git(top, "remote", "add", "origin", origin)
        if tag is not None:
            git(top, "tag", "--annotate", "--message", "x", tag)
        return top


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    return Installation(tmp_path, monkeypatch)


def told(found: Revision | None) -> tuple[str, str | None] | None:
    return (found.sha, found.comment) if found else None


def head(folder: Path) -> str:
    return git(folder, "rev-parse", "HEAD").strip()


def test_given() -> None:
    assert told(Revisions(SHA.upper(), online=False).needed()) == (SHA, f"frozen: {TAG}")


@pytest.mark.parametrize("given", ["", "v0.1.0", SHA[:39], SHA + "0", SHA[:-1] + "g", SHA + "\n"])
def test_given_wrong(given: str) -> None:
    with pytest.raises(Stopped, match="full hash"):
        Revisions(given, online=False)


@pytest.mark.parametrize(
    ("asked", "comment"),
    [(TAG, True), (None, True), (SHA, True), (SHA[:8], True), ("main", False)],
)
def test_installed_from_git(installation: Installation, asked: str | None, comment: bool) -> None:
    """PEP 610: pip, uv and pipx say which commit it was."""
    more = {"requested_revision": asked} if asked else {}
    url = f"{tenterhooks.HOME}.git"
    installation.notes({"url": url, "vcs_info": {"vcs": "git", "commit_id": SHA, **more}})
    wanted = (SHA, f"frozen: {TAG}" if comment else None)
    assert told(Revisions(None, online=False).needed()) == wanted


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "[",
        "[]",
        {},
        {"url": 1},
        {"url": tenterhooks.HOME, "vcs_info": {}},
        {"url": tenterhooks.HOME, "vcs_info": {"commit_id": "v1"}},
        {"url": tenterhooks.HOME, "vcs_info": {"commit_id": 1}},
        {"url": "https://example.org/fork", "vcs_info": {"commit_id": SHA}},
        {"vcs_info": {"commit_id": SHA}},
        {"url": "file:///nowhere", "dir_info": {}},
        {"url": "file:///nowhere", "dir_info": []},
        {"url": "https://example.org/tenterhooks-0.1.0.whl", "archive_info": {}},
    ],
)
def test_unknown(installation: Installation, url: object) -> None:
    installation.notes(url)
    revisions = Revisions(None, online=False)
    assert revisions.known() is None
    with pytest.raises(Stopped) as error:
        revisions.needed()
    assert f"git ls-remote {tenterhooks.HOME} {TAG} '{TAG}^{{}}'" in str(error.value)


def test_installed_from_an_index(installation: Installation) -> None:
    installation.is_stamped(f"{SHA}\n")
    assert told(Revisions(None, online=False).needed()) == (SHA, f"frozen: {TAG}")
    installation.notes({"url": "https://example.org/tenterhooks-0.1.0.whl", "archive_info": {}})
    assert told(revision.installed()) == (SHA, f"frozen: {TAG}")


@pytest.mark.parametrize("text", ["", "main\n", SHA[:-1], f"{SHA}{SHA}", f"{SHA} x", "\xff" * 40])
def test_a_wrong_stamp(installation: Installation, text: str) -> None:
    installation.is_stamped(text)
    assert revision.installed() is None


def test_not_installed(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> None:
        raise metadata.PackageNotFoundError

    monkeypatch.setattr(metadata, "distribution", missing)
    assert revision.installed() is None


def test_pre_commit(installation: Installation) -> None:
    """The environment lies in the clone."""
    top = installation.clone()
    installation.runs_in(top / "py_env-python3.12")
    assert told(revision.installed()) == (head(top), f"frozen: {TAG}")
    installation.notes_folder(top)
    assert told(revision.installed()) == (head(top), f"frozen: {TAG}")


def test_prek(installation: Installation) -> None:
    """The environment lies elsewhere; the clone has a note of prek's."""
    top = installation.clone()
    write(top, {".prek-repo.json": "{}"})
    installation.notes_folder(top)
    assert told(revision.installed()) == (head(top), f"frozen: {TAG}")


def test_a_clone_of_another_commit(installation: Installation) -> None:
    top = installation.clone(tag=TAG)
    git(top, "commit", "--quiet", "--allow-empty", "--message", "two")
    installation.runs_in(top / "py_env-python3.12")
    assert told(revision.installed()) == (head(top), None)


def test_a_clone_of_a_fork(installation: Installation) -> None:
    """Nobody knows whether its commit is ours, but for what bears our tag."""
    top = installation.clone("https://example.org/fork")
    installation.runs_in(top / "py_env-python3.12")
    assert revision.installed() is None
    git(top, "tag", TAG)
    assert told(revision.installed()) == (head(top), f"frozen: {TAG}")


def test_where_someone_works(installation: Installation) -> None:
    """Only a commit that bears the tag: any other may be known to nobody else."""
    top = installation.clone()
    installation.runs_in(top / ".venv")
    for more in ({}, {"editable": True}):
        installation.notes_folder(top, **more)
        assert revision.installed() is None
    git(top, "tag", TAG)
    for more in ({}, {"editable": True}):
        installation.notes_folder(top, **more)
        assert told(revision.installed()) == (head(top), f"frozen: {TAG}")


def test_a_folder_within_another_repository(installation: Installation) -> None:
    top = installation.clone(tag=TAG)
    inner = top / "vendored"
    write(inner, {".prek-repo.json": "{}"})
    installation.notes_folder(inner)
    assert revision.installed() is None


OTHER = "f" * 40


@pytest.mark.parametrize(
    ("said", "sha"),
    [
        (f"{SHA}\trefs/tags/{TAG}\n", SHA),
        (f"{OTHER}\trefs/tags/{TAG}\n{SHA}\trefs/tags/{TAG}^{{}}\n", SHA),
        (f"warning: x\n{SHA}\trefs/tags/{TAG}^{{}}\n{OTHER}\trefs/tags/{TAG}\n", SHA),
        ("", None),
        (f"{SHA}\trefs/heads/{TAG}\n", None),
        (f"{SHA}\trefs/tags/{TAG}-x\n", None),
    ],
)
def test_online(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, said: str, sha: str | None
) -> None:
    asked = []

    def ask(*arguments: str) -> bytes:
        asked.append(arguments)
        return said.encode()

    monkeypatch.setattr(core_git, "ask", ask)
    monkeypatch.setenv("GIT_TERMINAL_PROMPT", "1")  # to be put back
    with pytest.raises(Stopped):
        Revisions(None, online=False).needed()
    assert asked == []
    if sha is None:
        with pytest.raises(Stopped, match="no tag"):
            Revisions(None, online=True).needed()
    else:
        assert Revisions(None, online=True).needed().sha == sha
    reference = f"refs/tags/{TAG}"
    assert asked[0] == (tenterhooks.HOME, reference, f"{reference}^{{}}")


def test_online_without_a_network(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(*_: str) -> bytes:
        raise core_git.GitError("Could not resolve host")

    monkeypatch.setattr(core_git, "ask", ask)
    monkeypatch.setenv("GIT_TERMINAL_PROMPT", "1")  # to be put back
    with pytest.raises(Stopped, match="cannot be asked: Could not resolve host"):
        Revisions(None, online=True).needed()


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        (tenterhooks.HOME, True),
        (f"{tenterhooks.HOME}/", True),
        (f"{tenterhooks.HOME}.git", True),
        (f"{tenterhooks.HOME}.git/", True),
        ("HTTPS://GitHub.com/Tenterhooks/Tenterhooks", True),
        ("http://www.github.com/tenterhooks/tenterhooks", True),
        ("git@github.com:tenterhooks/tenterhooks.git", True),
        ("git@github.com:tenterhooks/tenterhooks", True),
        ("ssh://git@github.com/tenterhooks/tenterhooks.git", True),
        ("ssh://git@github.com:22/tenterhooks/tenterhooks.git", True),
        ("git+ssh://git@github.com/tenterhooks/tenterhooks", True),
        ("https://user:secret@github.com/tenterhooks/tenterhooks", True),
        ("git://github.com/tenterhooks/tenterhooks", True),
        ("https://gitlab.com/tenterhooks/tenterhooks", False),
        ("https://github.com/tenterhooks/tenterhooks-x", False),
        ("https://github.com/x/tenterhooks", False),
        ("https://example.org/github.com/tenterhooks/tenterhooks", False),
        ("local", False),
        ("meta", False),
        ("", False),
        ("../tenterhooks", False),
        (None, False),
    ],
)
def test_addresses(address: str | None, wanted: bool) -> None:
    assert is_ours(address) is wanted
