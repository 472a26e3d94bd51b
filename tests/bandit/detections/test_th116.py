"""TH116: the import path."""

from __future__ import annotations

from pathlib import Path

import detecting
import pytest

HEAD = """\
import os, pathlib, site, sys, tempfile
from pathlib import Path
"""

POSITIVES = [
    ("sys.path.insert(0, os.getcwd())", "LOW"),
    ('sys.path.insert(0, "")', "LOW"),
    ('sys.path.insert(0, "..")', "LOW"),
    ('sys.path.insert(0, "src")', "LOW"),
    ('sys.path.insert(0, "../lib/")', "LOW"),
    ("sys.path.insert(0, os.pardir)", "LOW"),
    ('sys.path.insert(0, f"{os.getcwd()}/plugins")', "LOW"),
    ('sys.path.insert(0, f"plugins/{name}")', "LOW"),
    ('sys.path.insert(0, "%s/plugins" % os.getcwd())', "LOW"),
    ('sys.path.insert(0, os.getcwd() + "/plugins")', "LOW"),
    ('site.addsitedir(".")', "LOW"),
    ('sys.path.insert(0, os.path.abspath("."))', "LOW"),
    ("sys.path.insert(0, str(Path.cwd()))", "LOW"),
    ('sys.path.insert(0, str(pathlib.Path.cwd() / "plugins"))', "LOW"),
    ('sys.path.insert(0, os.path.join(os.getcwd(), "plugins"))', "LOW"),
    ('sys.path.insert(0, str(Path(".").resolve()))', "LOW"),
    ("sys.path = [os.getcwd()] + sys.path", "LOW"),
    ('sys.path = [""] + sys.path', "LOW"),
    ("sys.path[:0] = [os.getcwd()]", "LOW"),
    ('sys.path[0] = ""', "LOW"),
    ('sys.path[:0] += ["."]', "LOW"),
    ("here = os.getcwd()\nsys.path.insert(0, here)", "LOW"),
    ('sys.path.insert(0, os.environ["PLUGIN_DIR"])', "MEDIUM"),
    ('sys.path.insert(0, os.environ.get("PLUGIN_DIR", "x"))', "MEDIUM"),
    ('sys.path.append(os.getenv("PLUGIN_DIR"))', "MEDIUM"),
    ('sys.path += [os.getenv("PLUGIN_DIR")]', "MEDIUM"),
    ('sys.path.append(f"/tmp/{name}")', "MEDIUM"),
    ('sys.path.insert(0, "/opt/%s" % os.environ["PLUGIN_DIR"])', "MEDIUM"),
    ('sys.path = sys.path + ["/tmp/plugins"]', "MEDIUM"),
    ('sys.path.extend(os.environ["PLUGINS"].split(":"))', "MEDIUM"),
    ("sys.path.insert(0, sys.argv[1])", "MEDIUM"),
    ('sys.path.insert(0, "/tmp/plugins")', "MEDIUM"),
    ('sys.path.insert(0, os.path.join(tempfile.gettempdir(), "x"))', "MEDIUM"),
    ('site.addsitedir(os.environ["SITE"])', "MEDIUM"),
]

NEGATIVES = [
    'sys.path.insert(0, str(Path(__file__).parent / "vendor"))',
    "sys.path.insert(0, os.path.dirname(__file__))",
    'sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))',
    "sys.path.insert(0, os.path.dirname(sys.argv[0]))",
    "sys.path.insert(0, sys.argv[0])",
    'sys.path.insert(0, "/opt/tool/lib")',
    'sys.path.insert(0, "C:/tool/lib")',
    'sys.path.insert(0, r"\\host\\share")',
    'sys.path.insert(0, "~/tool")',
    'sys.path.insert(0, "%s/lib" % folder)',
    'sys.path.insert(0, folder + "/lib")',
    'sys.path.insert(0, f"{folder}/lib")',
    'sys.path.insert(0, os.path.dirname(__file__) + "/tmp")',
    'here = os.path.dirname(__file__)\nsys.path.insert(0, here + "/tmp")',
    'sys.path.append(".")',
    'sys.path.append("src")',
    'sys.path.extend(["."])',
    "sys.path += [os.getcwd()]",
    "sys.path.append(str(Path.cwd()))",
    "sys.path.insert(0, folder)",
    "def f(folder):\n    sys.path.insert(0, folder)",
    "sys.path.insert(0, tempfile.mkdtemp())",
    "sys.path.remove(os.getcwd())",
    "paths.insert(0, os.getcwd())",
    'words.append("")',
    "path = [os.getcwd()]",
    'sys.path.insert(0, os.path.join(os.environ["VIRTUAL_ENV"], "lib"))',
    'sys.path.extend(os.environ.get("PYTHONPATH", "").split(":"))',
    "sys.path = saved",
    "sys.path += extra",
    "site.addsitedir(folder)",
    "sys.argv.append('.')",
    "sys.path.insert(*arguments)",
]


@pytest.mark.parametrize(("source", "severity"), POSITIVES)
def test_positive(source: str, severity: str) -> None:
    assert [it[1] for it in detecting.said("TH116", HEAD + source)] == [severity]


@pytest.mark.parametrize("source", NEGATIVES)
def test_negative(source: str) -> None:
    assert detecting.said("TH116", HEAD + source) == []


@pytest.mark.parametrize("path", ["docs/conf.py", "x/setup.py", "noxfile.py"])
def test_a_file_that_runs_in_its_folder(path: str) -> None:
    source = HEAD + 'sys.path.insert(0, os.path.abspath(".."))'
    assert detecting.issues("TH116", source, path) == []
    assert detecting.issues("TH116", HEAD + 'sys.path.insert(0, "tools")', path) == []
    assert len(detecting.issues("TH116", HEAD + 'sys.path.append("/tmp/x")', path)) == 1
    assert len(detecting.issues("TH116", source, "docs/build.py")) == 1


def test_what_it_says() -> None:
    (issue,) = detecting.issues("TH116", HEAD + 'sys.path.append(os.environ["X"])')
    assert (issue.confidence, issue.cwe.id) == ("HIGH", 427)
    assert issue.text.startswith("A folder that the environment or the command line names is")


def test_under_plain_bandit(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(HEAD + POSITIVES[0][0] + "\n")
    (found,) = detecting.plain("TH116", file)
    assert (found["test_id"], found["line_number"]) == ("TH116", 3)
