"""What a release is made with: the same bytes each time, and nothing that is not locked."""

from __future__ import annotations

import hashlib
import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, git, write
from tools import dev, release

REVISION = "hooks/tenterhooks/everything/adopt/revision.py"
PINS = {("packaging", "1.0"): {"a" * 64}}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with what tells the version, and a changelog."""
    write(
        tmp_path,
        {
            "pyproject.toml": '[project]\nversion = "1.2"\n',
            "hooks/tenterhooks/__init__.py": '__version__ = "1.2"\n',
            "CHANGELOG.md": "# Changelog\n\n## Unreleased\n\n## 1.2 - 2026-01-31\n\nNew.\n\n"
            "## 1.1 - 2026-01-01\n\nOld.\n\n## 1.0 - soon\n\n- x\n\n## 0.9 - 2025-01-01\n",
        },
    )
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    return tmp_path


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert release.main(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(f"release.py {name} " in out for name in release.COMMANDS)


@pytest.mark.usefixtures("project")
def test_what_fits_together(capsys: pytest.CaptureFixture[str]) -> None:
    assert release.main(["check", "v1.2"]) == 0
    assert release.main(["notes", "v1.2"]) == 0
    assert capsys.readouterr() == ("New.\n", "")


@pytest.mark.parametrize(
    ("changes", "argv", "message"),
    [
        ({}, ["check", "v1.1"], "the tag is v1.1, and pyproject.toml says 1.2"),
        ({}, ["check", "1.2"], "the tag is 1.2, and pyproject.toml says 1.2"),
        ({}, ["check"], "this takes TAG, and nothing else"),
        ({}, ["nothing"], "there is no command nothing; there are check, notes, build, sbom, test"),
        ({}, ["test"], "test takes FOLDER"),
        ({}, ["notes", "v1.0"], "CHANGELOG.md has no section `## 1.0 - YEAR-MONTH-DAY`"),
        ({}, ["notes", "v0.9"], "CHANGELOG.md has no section `## 0.9 - YEAR-MONTH-DAY`"),
        ({}, ["notes", "v1x2"], "CHANGELOG.md has no section `## 1x2 - YEAR-MONTH-DAY`"),
        (
            {"hooks/tenterhooks/__init__.py": '__version__ = "1.3"\n'},
            ["check", "v1.2"],
            "the tag is v1.2, and hooks/tenterhooks/__init__.py says 1.3",
        ),
        (
            {"hooks/tenterhooks/__init__.py": ""},
            ["check", "v1.2"],
            "the tag is v1.2, and hooks/tenterhooks/__init__.py says nothing",
        ),
    ],
)
def test_what_does_not(
    changes: dict[str, str | bytes],
    argv: list[str],
    message: str,
    project: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(project, changes)
    assert release.main(argv) == 2
    assert capsys.readouterr() == ("", f"release.py: error: {message}\n")


def test_the_distributions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a shallow clone where no branch is checked out, which is what a runner has. They hold
    what is committed alone, the same bytes each time, and say where they are from."""
    whole, top = tmp_path / "whole", tmp_path / "a b"
    kept = ("pyproject.toml", "README.md", "LICENSE", "hooks/tenterhooks/__init__.py", REVISION)
    write(whole, {name: (ROOT / name).read_bytes() for name in kept})
    git(whole, "init", "--quiet")
    git(whole, "add", "--all")
    git(whole, "commit", "--quiet", "--message", "one")
    git(whole, "commit", "--quiet", "--message", "two", "--allow-empty")
    git(tmp_path, "clone", "--quiet", "--depth=1", whole.as_uri(), str(top))
    git(top, "checkout", "--quiet", "--detach")
    write(top, {"hooks/tenterhooks/new.py": "", "README.md": "changed"})
    monkeypatch.setattr(dev, "ROOT", top)
    monkeypatch.setattr(dev, "DEV", tmp_path / "dev")
    monkeypatch.setattr(dev, "environment", lambda _: sys.executable)
    digests = []
    for name in ("first", "second"):
        assert release.main(["build", str(tmp_path / name)]) == 0
        files = sorted((tmp_path / name).iterdir())
        digests.append([hashlib.sha256(path.read_bytes()).hexdigest() for path in files])
    assert digests[0] == digests[1]
    wheel, sdist = files
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (about,) = (name for name in names if name.endswith("/METADATA"))
        metadata = Parser().parsestr(archive.read(about).decode())
        commit = archive.read(release.STAMP).decode()
    assert commit == git(top, "rev-parse", "HEAD")
    assert "tenterhooks/new.py" not in names
    assert (metadata["License-Expression"], metadata["License-File"]) == ("MIT", "LICENSE")
    assert metadata["Metadata-Version"] >= "2.4"
    with tarfile.open(sdist) as archive:
        assert f"{sdist.name[:-7]}/hooks/{release.STAMP}" in archive.getnames()


def bill(*components: dict[str, Any]) -> dict[str, Any]:
    return {"components": list(components), "metadata": {"timestamp": "now"}, "serialNumber": "x"}


def part(name: str, version: str, *digests: str) -> dict[str, Any]:
    files = [
        {"type": "distribution", "url": digest, "hashes": [{"content": digest * 64}]}
        for digest in digests
    ]
    return {"name": name, "version": version, "externalReferences": files}


def test_a_bill_of_materials_has_the_files_that_are_locked() -> None:
    first = release.settled(bill(part("packaging", "1.0", "a", "b")), PINS)
    (found,) = first["components"]
    assert [file["url"] for file in found["externalReferences"]] == ["a"]
    assert first["metadata"]["timestamp"].endswith("Z")
    assert first == release.settled(bill(part("packaging", "1.0", "a")), PINS)


@pytest.mark.parametrize(
    "component",
    [part("packaging", "1.0", "b"), part("packaging", "2.0", "a"), part("other", "1.0", "a")],
)
def test_and_no_others(component: dict[str, Any]) -> None:
    with pytest.raises(dev.Failure, match="is not what is locked"):
        release.settled(bill(component), PINS)


def test_what_is_locked() -> None:
    found = release.locked()
    assert {"packaging", "tomli", "ruamel-yaml", "bandit"} <= {name for name, _ in found}
    assert all(found.values())
