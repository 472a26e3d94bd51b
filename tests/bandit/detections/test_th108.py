"""TH108: package index options."""

from __future__ import annotations

from pathlib import Path

import detecting
import pytest

HEAD = """\
import asyncio
import os
import subprocess
import sys
from subprocess import check_call
"""

POSITIVES = [
    'check_call([sys.executable, "-m", "pip", "install", "--trusted-host", "example.com", "x"])',
    'check_call([sys.executable, "-m", "pip", "install", "--trusted-host", host, "x"])',
    'args += ["--trusted-host", "example.com"]',
    'args.extend(("--trusted-host=example.com:8080",))',
    'subprocess.run(["pip", "install", "--index-url", "http://example.com/simple", "x"])',
    'subprocess.run(["pip", "install", "--index-url=http://example.com/simple", "x"])',
    'subprocess.run(["pip3", "install", "-i", "http://example.com/simple", "x"])',
    'subprocess.run(["/usr/bin/pip", "install", "-f", "http://example.com/", "x"])',
    'subprocess.run(["pip", "install", "--extra-index-url", "https://example.com/simple", "x"])',
    'subprocess.run(["pip", "install", "--extra-index-url", url, "x"])',
    'subprocess.run(["pip", "install", "--find-links", f"http://example.com/{name}", "x"])',
    'subprocess.run(["uv", "pip", "install", "--allow-insecure-host", "example.com", "x"])',
    'subprocess.run(["uv", "add", "--default-index", "http://example.com/simple", "x"])',
    'subprocess.run(["uv", "add", "--index", "name=http://example.com/simple", "x"])',
    'subprocess.run(["pip", "config", "set", "global.trusted-host", "example.com"])',
    'subprocess.run(["pip", "config", "set", "global.index-url", "http://example.com/simple"])',
    'os.system("pip install --trusted-host example.com x")',
    'os.system(f"pip install -i http://example.com/simple {name}")',
    'os.system("cd x && pip install --extra-index-url https://example.com/simple x")',
    'subprocess.run("python -m pip install --trusted-host %s x" % host, shell=True)',
    'command = "pip install --trusted-host example.com x"\nos.system(command)',
    'asyncio.create_subprocess_exec("pip", "install", "--trusted-host", "example.com", "x")',
    'session.install("--extra-index-url", "https://example.com/simple", "x")',
    'session.run("pip", "install", "--trusted-host", "example.com", "x")',
    'os.environ["PIP_EXTRA_INDEX_URL"] = "https://example.com/simple"',
    'os.environ["PIP_EXTRA_INDEX_URL"] = url',
    'os.environ["PIP_TRUSTED_HOST"] = "example.com"',
    'os.environ["PIP_INDEX_URL"] = "http://example.com/simple"',
    'os.environ["UV_INDEX_URL"] = "http://user:x@example.com/simple"',
    'os.environ.setdefault("PIP_TRUSTED_HOST", "example.com")',
    'os.environ.update(PIP_TRUSTED_HOST="example.com")',
    'os.putenv("UV_INSECURE_HOST", "example.com")',
    'subprocess.run(command, env={**os.environ, "PIP_TRUSTED_HOST": "example.com"})',
    'subprocess.run(command, env=dict(os.environ, PIP_TRUSTED_HOST="example.com"))',
    'run(["--trusted-host", "example.com"])',
    'COMMANDS = [["pip", "install", "--trusted-host", "example.com", "x"]]',
    'return_value = ["x", *["--trusted-host", "example.com"]]',
]

NEGATIVES = [
    'subprocess.run(["pip", "install", "--index-url", "https://example.com/simple", "x"])',
    'subprocess.run(["pip", "install", "--index-url", url, "x"])',
    'subprocess.run(["pip", "install", "--require-hashes", "-r", "requirements.txt"])',
    'subprocess.run(["pip", "install", "-i", "http://localhost:3141/root/dev", "x"])',
    'subprocess.run(["pip", "install", "--trusted-host", "127.0.0.1", "x"])',
    'subprocess.run(["pip", "install", "--find-links", "wheels", "x"])',
    'subprocess.run(["pip", "install", "--find-links", "file:///wheels", "x"])',
    'subprocess.run(["pip", "install", "--extra-index-url", "", "x"])',
    'subprocess.run(["uv", "add", "--extra-index-url", "https://example.com/simple", "x"])',
    'subprocess.run(["curl", "-i", "http://example.com/"])',
    'subprocess.run(["grep", "-f", "http://example.com/", "x"])',
    'subprocess.run(["pip", "install", "-i", f"http://{host}:{port}/", "x"])',
    'args.extend(["--trusted-host", host])',
    'args.extend(["--trusted-host", f"{host}{port}"])',
    'assert arguments == ["--extra-index-url", "https://example.com/simple"]',
    'ROWS = [(sources, ["-i", url, "--trusted-host", "example.com"])]',
    'ROWS = [("--trusted-host=example.com", (None, None, "example.com", []))]',
    'pytest.param("-h a", ["--extra-index-url", "https://example.com/simple"], id="a")',
    'parser.add_argument("--trusted-host", help="a host")',
    'parser.add_argument("--extra-index-url", default="https://example.com/simple")',
    'OPTIONS = ("--trusted-host", "--extra-index-url", "--index-url")',
    'print("pip install --trusted-host example.com x")',
    'os.system("echo --trusted-host example.com")',
    'os.environ["PIP_INDEX_URL"] = "https://example.com/simple"',
    'os.environ["PIP_INDEX_URL"] = url',
    'os.environ["PIP_EXTRA_INDEX_URL"] = ""',
    'os.environ["PIP_TRUSTED_HOST"] = None',
    'env["PIP_EXTRA_INDEX_URL"] = os.environ["PIP_EXTRA_INDEX_URL"]',
    'env["PIP_TRUSTED_HOST"] = os.environ.get("PIP_TRUSTED_HOST", "")',
    'HELP = {"PIP_TRUSTED_HOST": "The hosts that are trusted"}',
    'HELP = {"PIP_EXTRA_INDEX_URL": "another index"}',
    'value = os.environ["PIP_EXTRA_INDEX_URL"]',
    'config = {"index-url": "http://example.com/simple"}',
    "words = []",
    "counts[0] = 1",
]


@pytest.mark.parametrize("source", POSITIVES)
def test_positive(source: str) -> None:
    assert len(detecting.issues("TH108", HEAD + source)) == 1


@pytest.mark.parametrize("source", NEGATIVES)
def test_negative(source: str) -> None:
    assert detecting.said("TH108", HEAD + source) == []


@pytest.mark.parametrize("source", POSITIVES)
def test_names_cover(source: str) -> None:
    calls = HEAD + source
    if "run(" in source or "check_call(" in source or "system(" in source:
        assert detecting.names_cover("TH108", calls)


@pytest.mark.parametrize(
    ("source", "confidence", "cwe", "words"),
    [
        (POSITIVES[0], "HIGH", 295, "--trusted-host turns TLS off"),
        (POSITIVES[4], "MEDIUM", 319, "plain http"),
        (POSITIVES[8], "MEDIUM", 427, "dependency confusion"),
        ('os.environ["PIP_EXTRA_INDEX_URL"] = url', "LOW", 427, "PIP_EXTRA_INDEX_URL"),
    ],
)
def test_what_it_says(source: str, confidence: str, cwe: int, words: str) -> None:
    (issue,) = detecting.issues("TH108", HEAD + source)
    assert (issue.severity, issue.confidence, issue.cwe.id) == ("MEDIUM", confidence, cwe)
    assert words in issue.text


def test_under_plain_bandit(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(HEAD + POSITIVES[0] + "\n")
    (found,) = detecting.plain("TH108", file)
    assert (found["test_id"], found["line_number"]) == ("TH108", 6)
    assert found["test_name"] == "package_index_option"
