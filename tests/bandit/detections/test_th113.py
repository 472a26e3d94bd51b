"""TH113: what runs when a package is installed."""

from __future__ import annotations

from pathlib import Path

import detecting
import pytest

from tenterhooks.bandit.detections import pth

HEAD = """\
import base64, os, socket, subprocess, sys, urllib.request
import requests
from setuptools import Command, setup
from setuptools.command.build_py import build_py
from setuptools.command.install import install
"""
REACHED = """
cmdclass = {'js': Npm, 'build_py': BUILD}
class Npm(Command):
    def run(self):
        subprocess.check_call(['npm', 'install'])
"""
WRAPPED = """
def first(base):
    class Wrapped(base):
        def run(self):
            self.run_command('js')
    return Wrapped
"""
METHOD = "class Build(build_py):\n    def run(self):\n        "
REGISTERED = "\nsetup(cmdclass={'build_py': It})"

UPLOAD = "setup(cmdclass={'upload': It})"

POSITIVES = [
    "requests.get(url, timeout=5)",
    "data = urllib.request.urlopen(url).read()",
    'urllib.request.urlretrieve(url, "lib.so")',
    'socket.create_connection(("example.com", 443))',
    "with requests.Session() as session: pass",
    'os.system("curl -O https://example.com/x")',
    'subprocess.run(["wget", url])',
    'subprocess.check_call([sys.executable, "-m", "pip", "install", "cython"])',
    'subprocess.check_call(["pip", "install", "numpy"])',
    'subprocess.run("npm install", shell=True)',
    'subprocess.run(["git", "clone", url])',
    'subprocess.run(["brew", "install", "x"])',
    'subprocess.run(["bash", "-c", command])',
    "exec(base64.b64decode(code))",
    "exec(requests.get(url).text)",
    "eval(compile(bytes.fromhex(code), 'x', 'exec'))",
    "try:\n    urllib.request.urlopen(url)\nexcept OSError:\n    pass",
    "if sys.platform == 'win32':\n    urllib.request.urlopen(url)",
    "def fetch():\n    urllib.request.urlopen(url)\nfetch()",
    "def fetch():\n    urllib.request.urlopen(url)\ndef other():\n    fetch()\nother()",
    METHOD + "urllib.request.urlopen(url)",
    METHOD + "self.fetch()\n    def fetch(self):\n        os.system('curl x')",
    "def fetch():\n    urllib.request.urlopen(url)\n" + METHOD + "fetch()",
    "class It(Command):\n    def run(self):\n        os.system('wget x')" + REGISTERED,
    "class It(Command):\n    def run(self): os.system('wget x')\ncmdclass = {'sdist': It}",
    "class It(Command):\n    def run(self): os.system('wget x')\nk = {'cmdclass': {'sdist': It}}",
    "class It(Command):\n    def run(self): os.system('wget x')\nk['cmdclass'] = {'sdist': It}",
    "class It(Command):\n    def run(self): os.system('wget x')\ncmdclass['sdist'] = It",
    REACHED.replace("BUILD", "first(build_py)") + WRAPPED,
    REACHED + "class Build(build_py):\n    def run(self): self.distribution.run_command('js')",
    "class Mixin:\n    def run(self):\n        os.system('wget x')\nclass B(Mixin, install): pass",
]

NEGATIVES = [
    "setup(long_description=open('README').read())",
    "exec(open('version.py').read(), about)",
    "exec(compile(open('version.py').read(), 'version.py', 'exec'))",
    "eval(expression)",
    'subprocess.check_output(["git", "describe", "--tags"])',
    'subprocess.run(["git", "submodule", "update", "--init"])',
    'subprocess.run(["cmake", "--build", "."])',
    'subprocess.run([compiler, "-v"])',
    'subprocess.run(["npm", "run", "build"])',
    'subprocess.run(["npm", "ci"])',
    'subprocess.run(["brew", "--prefix"])',
    'subprocess.check_output(["pip", "--version"])',
    'os.system("make")',
    "def fetch():\n    urllib.request.urlopen(url)",
    "if sys.argv[-1] == 'publish':\n    os.system('pip install twine')",
    "class Upload(Command):\n    def run(self):\n        os.system('pip install twine')",
    "class It(build_py):\n    def run(self):\n        os.system('curl x')\n" + UPLOAD,
    "class It(Command):\n    def run(self): os.system('wget x')\ncmdclass = {'upload': It}",
    "class It(Command):\n    def run(self): os.system('wget x')\ntable = {'sdist': It}",
    "class It(Command):\n    def run(self): os.system('wget x')\ntable['sdist'] = It",
    REACHED,
    REACHED + "class Build(build_py):\n    def run(self): self.run_command('css')",
    REACHED + "class Build(build_py):\n    def run(self): self.run_command(name)",
    REACHED + "class Other(Command):\n    def run(self): self.run_command('js')",
    "settings.get('x')",
    "environ = os.environ.get('X')",
    "cache.request('x')",
]


@pytest.mark.parametrize("source", POSITIVES)
def test_positive(source: str) -> None:
    assert len(detecting.issues("TH113", HEAD + source, "x/setup.py")) == 1
    assert len(detecting.issues("TH113", HEAD + source, "setup.py")) == 1


@pytest.mark.parametrize("source", NEGATIVES)
def test_negative(source: str) -> None:
    assert detecting.issues("TH113", HEAD + source, "x/setup.py") == []


@pytest.mark.parametrize("source", POSITIVES)
def test_any_other_file(source: str) -> None:
    assert detecting.issues("TH113", HEAD + source, "x/setup_helpers.py") == []


@pytest.mark.parametrize(
    ("source", "severity"),
    [("urllib.request.urlopen(u)", "HIGH"), ("os.system('pip install x')", "MEDIUM")],
)
def test_what_it_says(source: str, severity: str) -> None:
    (issue,) = detecting.issues("TH113", HEAD + source, "setup.py")
    assert (issue.severity, issue.confidence, issue.cwe.id) == (severity, "HIGH", 494)
    assert "when the package is built or installed" in issue.text


HOOK = """\
import urllib.request
class Hook(BuildHookInterface):
    def initialize(self, version, data):
        urllib.request.urlopen(url)
"""


def test_build_hooks() -> None:
    assert len(detecting.issues("TH113", HOOK, "hatch_build.py")) == 1
    assert len(detecting.issues("TH113", HOOK, "pdm_build.py")) == 1
    source = (
        "import urllib.request\ndef pdm_build_initialize(context):\n    urllib.request.urlopen(u)"
    )
    assert len(detecting.issues("TH113", source, "pdm_build.py")) == 1


BACKEND = """\
import urllib.request
from setuptools.build_meta import *
def _fetch():
    urllib.request.urlopen(url)
def build_wheel(directory, settings=None, metadata=None):
    _fetch()
def unused():
    urllib.request.urlopen(url)
"""


@pytest.mark.parametrize(
    ("pyproject", "lines"),
    [
        ('[build-system]\nbuild-backend = "own"\nbackend-path = ["."]\n', [4]),
        ('[build-system]\nbuild-backend = "own:it"\nbackend-path = ["."]\n', [4]),
        ('[build-system]\nbuild-backend = "other"\nbackend-path = ["."]\n', []),
        ('[build-system]\nbuild-backend = "own"\n', []),
        ("[build-system]\nbuild-backend = 1 # backend-path\n", []),
        ("build-system = 1 # backend-path\n", []),
        ("[build-system # backend-path\n", []),
        (None, []),
    ],
)
def test_a_backend_in_the_tree(tmp_path: Path, pyproject: str | None, lines: list[int]) -> None:
    file = tmp_path / "inner" / "own.py"
    if pyproject is not None:
        (tmp_path / "pyproject.toml").write_text(pyproject)
    found = detecting.issues("TH113", BACKEND, str(file))
    assert [it.lineno for it in found] == lines


def test_names_cover() -> None:
    for source in POSITIVES:
        assert detecting.names_cover("TH113", HEAD + source)


def test_under_plain_bandit(tmp_path: Path) -> None:
    file = tmp_path / "setup.py"
    file.write_text(HEAD + POSITIVES[0] + "\n")
    (found,) = detecting.plain("TH113", file)
    assert (found["test_id"], found["line_number"]) == ("TH113", 6)


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("import a", "LOW"),
        ("import a.b;", "LOW"),
        ("import\ta", "LOW"),
        ("import a; a.install()", "MEDIUM"),
        ("import os; var = 'X'; os.environ.get(var)", "MEDIUM"),
        ("import os; os.system('x')", "HIGH"),
        ("import base64; exec(base64.b64decode('eA=='))", "HIGH"),
        ("import urllib.request", "HIGH"),
        ("import sys; exec('import x')", "HIGH"),
        ("import x; getattr(x, 'y')()", "HIGH"),
    ],
)
def test_pth(line: str, severity: str) -> None:
    ((number, graded, message),) = pth.executed_lines(f"# a\r\n{line}\r\n".encode())
    assert (number, graded) == (2, severity)
    assert "whenever Python starts" in message


@pytest.mark.parametrize(
    "line",
    ["", "# import a", "./src", " import a", "imports", "importlib", "import", "/usr/lib/import a"],
)
def test_pth_that_runs_nothing(line: str) -> None:
    assert list(pth.executed_lines(f"{line}\n".encode())) == []


def test_pth_in_bad_bytes() -> None:
    data = b"\xef\xbb\xbfimport a\n\xff\xfe\nimport b"
    assert [it[0] for it in pth.executed_lines(data)] == [1, 3]
