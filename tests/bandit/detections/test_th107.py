"""TH107: YAML that makes any object."""

from __future__ import annotations

from pathlib import Path

import pytest
from detecting import issues, names_cover, plain, said

FOUND = [
    ("import yaml\nyaml.unsafe_load(s)", "HIGH"),
    ("import yaml\nyaml.unsafe_load_all(s)", "HIGH"),
    ("import yaml as y\ny.unsafe_load(s)", "HIGH"),
    ("from yaml import unsafe_load\nunsafe_load(s)", "HIGH"),
    ("from yaml import unsafe_load as u\nu(s)", "HIGH"),
    ("import yaml\nyaml.load_all(s, Loader=yaml.Loader)", "MEDIUM"),
    ("import yaml\nyaml.load_all(s, yaml.UnsafeLoader)", "MEDIUM"),
    ("import yaml\nyaml.load_all(s, Loader=yaml.CLoader)", "MEDIUM"),
    ("import yaml\nyaml.load_all(s)", "MEDIUM"),
    ("import yaml\nfrom yaml import Loader\nyaml.load_all(s, Loader=Loader)", "MEDIUM"),
    ("from yaml import load\nload(s)", "MEDIUM"),
    ("from yaml import load, Loader\nload(s, Loader=Loader)", "MEDIUM"),
    ("from yaml import load, UnsafeLoader as L\nload(s, L)", "MEDIUM"),
    ("from yaml import load_all, CLoader\nload_all(s, CLoader)", "MEDIUM"),
    ("def f():\n    from yaml import load\n    load(s)", "MEDIUM"),
    ("import yaml\nyaml.Loader(s)", "MEDIUM"),
    ("import yaml\nyaml.UnsafeLoader(s).get_data()", "MEDIUM"),
    ("from yaml.loader import UnsafeLoader\nUnsafeLoader(s)", "MEDIUM"),
    ("from ruamel import yaml\nyaml.load(s)", "MEDIUM"),
    ("from ruamel import yaml\nyaml.load(s, Loader=yaml.Loader)", "MEDIUM"),
    ("import ruamel.yaml\nruamel.yaml.load(s)", "MEDIUM"),
    ("import ruamel.yaml as y\ny.unsafe_load(s)", "HIGH"),
    ("import ruamel.yaml\nruamel.yaml.YAML(typ='unsafe')", "HIGH"),
    ("from ruamel.yaml import YAML\nYAML(typ='unsafe')", "HIGH"),
    ("from ruamel.yaml import YAML\nYAML(pure=True, typ='unsafe').load(s)", "HIGH"),
]

SILENT = [
    "import yaml\nyaml.safe_load(s)",
    "import yaml\nyaml.safe_load_all(s)",
    "import yaml\nyaml.load(s, Loader=yaml.SafeLoader)",
    "import yaml\nyaml.load_all(s, Loader=yaml.SafeLoader)",
    "import yaml\nyaml.load_all(s, yaml.CSafeLoader)",
    "import yaml\nyaml.load_all(s, Loader=MyLoader)",
    "import yaml\nyaml.load_all(s, Loader=yaml.FullLoader)",
    "import yaml\nyaml.full_load(s)",
    "from yaml import load, SafeLoader\nload(s, SafeLoader)",
    "from yaml import load, SafeLoader as L\nload(s, Loader=L)",
    "from yaml import load\nload(s, **options)",
    "from yaml import load\nload(*arguments)",
    "from ruamel.yaml import YAML\nYAML(typ='safe')",
    "from ruamel.yaml import YAML\nYAML().load(s)",
    "from ruamel.yaml import YAML\nyaml = YAML()\nyaml.load(s)",
    "from ruamel import yaml\nyaml.safe_load(s)",
    "yaml = Parser()\nyaml.load(s)",
    "import yaml\ndef f(yaml):\n    yaml.load_all(s)",
    "yaml.load_all(s)",
    "import yaml\nself.yaml.load_all(s)",
    "import json\njson.load(f)",
    "from json import load\nload(f)",
    "import yaml\nyaml.SafeLoader(s)",
    "import yaml\nclass L(yaml.Loader): pass",
    "import yaml\nyaml.dump(o)",
    "YAML(typ='unsafe')",
    # What B506 says already.
    "import yaml\nyaml.load(s)",
    "import yaml\nyaml.load(s, Loader=yaml.Loader)",
    "import yaml as y\ny.load(s, Loader=y.UnsafeLoader)",
]


@pytest.mark.parametrize(("source", "severity"), FOUND)
def test_found(source: str, severity: str) -> None:
    assert said("TH107", source) == [(source.count("\n") + 1, severity, "HIGH")]
    assert names_cover("TH107", source)


@pytest.mark.parametrize("source", SILENT)
def test_silent(source: str) -> None:
    assert said("TH107", source) == []


def test_it_says_what_to_do() -> None:
    (issue,) = issues("TH107", FOUND[0][0])
    assert "safe_load" in issue.text
    assert issue.cwe.id == 502


def test_in_plain_bandit(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("import yaml\n\nyaml.unsafe_load(s)\n", "utf-8")
    (result,) = plain("TH107", file)
    assert (result["line_number"], result["test_id"]) == (3, "TH107")
