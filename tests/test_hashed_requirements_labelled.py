"""The labelled requirements files: pip's parser, pip itself and the hook, each asked."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from conftest import Hook, MakeRepository, write
from labelled_requirements import CASES, ERROR, A, Case
from pip._internal.exceptions import PipError
from pip._internal.network.session import PipSession
from pip._internal.req.req_file import parse_requirements
from tools import thinned

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def test_the_labels() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names) > 100
    assert len({repr((case.files, case.arguments)) for case in CASES}) == len(CASES)


def pip_reads(path: Path) -> list[tuple[str, int]]:
    """Each requirement and the number of its hashes."""
    return [
        (
            each.requirement.rstrip(" "),
            sum(map(len, (each.options or {}).get("hashes", {}).values())),
        )
        for each in parse_requirements(str(path), session=PipSession.__new__(PipSession))
    ]


@every_case
def test_pip_reads_it_as_labelled(case: Case, tmp_path: Path) -> None:
    if case.pip is None:
        return
    write(tmp_path, dict(case.files))
    try:
        read = pip_reads(tmp_path / next(iter(case.files)))
    except PipError:
        assert case.pip == ERROR
    else:
        assert read == case.pip


@every_case
def test_the_hook_says_what_is_labelled(
    case: Case, make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository(dict(case.files))
    first = next(iter(case.files))
    result = hook("hashed-requirements", *case.arguments)
    found = []
    for line, rule in zip(result.lines, result.rules, strict=True):
        path, number = line.split(":")[:2]
        found.append(f"{number} {rule}" if path == first else f"{path}:{number} {rule}")
    assert sorted(found) == sorted(case.expected), result.out
    assert result.code == bool(case.expected)
    assert result.err == ""


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if any("dropped-hash" in each for each in case.expected)],
    ids=lambda case: case.name,
)
def test_what_is_put_back_is_read_by_pip(
    case: Case, make_repository: MakeRepository, hook: Hook
) -> None:
    path = make_repository(dict(case.files)) / next(iter(case.files))
    text = path.read_bytes()
    hook("hashed-requirements", "--fix")
    fixed = path.read_bytes()
    if fixed != text:
        assert isinstance(case.pip, list)
        read = pip_reads(path)
        assert sum(count for _, count in read) == text.count(b"--hash")
        assert len(read) == max(1, len(case.pip))
        assert fixed.count(b"#") == text.count(b"#")
        assert "dropped-hash" not in hook("hashed-requirements").rules
        hook("hashed-requirements", "--fix")
        assert path.read_bytes() == fixed


HOSTILE = {
    "hashes without a requirement": "a==1\n" + f"  {A}\n" * 2500,
    "comments between": "a==1 \\\n" + f"  # x\n  {A} \\\n" * 2500,
    "hashes first": f"{A} " * 2500 + "a==1\n",
    "tabs": f"a==1\t{A}\n" * 2500,
    "requirements without": f"a==1 {A}\n" + "".join(f"b{n}==1\n" for n in range(2500)),
    "pins of one name": "".join(f"a=={n} {A}\n" for n in range(2500)),
    "weak hashes": "a==1" + " --hash=sha256:00" * 2500,
    "missing includes": "".join(f"-r no-{n}.txt\n" for n in range(200)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_take_linear_time(
    name: str, make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({"requirements.txt": HOSTILE[name]})
    start = time.process_time()
    hook("hashed-requirements")
    assert time.process_time() - start < 1.5


def wheel(folder: Path, name: str, version: str) -> str:
    """Make a wheel with nothing in it, and return its digest."""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip('=')},{len(text)}\n"
        for path, text in files.items()
    )
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inner, text in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
            archive.writestr(zipfile.ZipInfo(inner), text)
    return hashlib.sha256(path.read_bytes()).hexdigest()


INSTALLED = [case for case in CASES if case.install is not None]


@pytest.mark.parametrize("case", thinned(INSTALLED, 4), ids=lambda case: case.name)
def test_pip_installs_what_is_labelled(case: Case, tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    digests = {
        name * 64: wheel(wheels, name, version)
        for name, version in [("a", "1"), ("b", "2"), ("c", "3")]
    }
    files: dict[str, str | bytes] = {}
    for path, text in case.files.items():
        files[path] = re.sub(r"\b([abc])\1{63}\b", lambda found: digests[found.group()], text)
    write(tmp_path / "project", files)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check"),
            *("install", "--dry-run", "--ignore-installed", "--no-index", "--no-cache-dir"),
            *("--find-links", str(wheels), "--require-hashes", "-r", next(iter(files))),
        ],
        cwd=tmp_path / "project",
        env={**os.environ, "PIP_CONFIG_FILE": os.devnull},
        capture_output=True,
        check=False,
        text=True,
    )
    assert (done.returncode == 0) is case.install, done.stdout + done.stderr
    # What pip refuses is found, unless nobody has asked for hashes; it takes more than we do.
    if not case.install:
        assert case.expected or case.name == "by hand"
