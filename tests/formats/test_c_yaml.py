"""libyaml without the rest of ruamel.yaml: nobody else in the process may notice."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("_ruamel_yaml", reason="there is nothing to load")

OURS = "from tenterhooks.formats import c_yaml; make = c_yaml.parser()\n"
EVENTS = """
def events(make):
    parser = make("a: &b [1, 'two']\\nc: *b\\n")
    found = []
    while True:
        event = parser.get_event()
        found.append((type(event).__name__, event.start_mark.index, event.end_mark.index))
        if found[-1][0] == "StreamEndEvent":
            return found
"""
READ = """
from tenterhooks.core.files import File
from tenterhooks.formats import yaml
def read(text):
    return yaml.load(File("a.yml", "/nowhere/a.yml", "a.yml", text.encode())).root.value[0][1]
"""
# Where the extension is found wanting: it is not there, or fails the first time.
BLOCKED = """
import sys
class Finder:
    left = {times}
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name == "_ruamel_yaml" and cls.left:
            cls.left -= 1
            raise {error}
sys.meta_path.insert(0, Finder)
"""


def run(script: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{script}"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_rest_of_the_package_stays_away() -> None:
    run(
        OURS + "assert make('a').get_event()\n"
        "away = {'main', 'cyaml', 'loader', 'dumper', 'timestamp'}\n"
        "assert not [name for name in away if f'ruamel.yaml.{name}' in sys.modules]"
    )


def test_events_are_the_same() -> None:
    run(
        OURS + EVENTS + "found = events(make)\n"
        "assert len(found) == 13, found\n"
        "import ruamel.yaml\n"
        "assert ruamel.yaml.CParser is make\n"
        "assert events(ruamel.yaml.CParser) == found"
    )


LATER = {
    "the parser in C": "assert ruamel.yaml.YAML(typ='safe').load('a: 1') == {'a': 1}",
    "the pure parser": "assert ruamel.yaml.YAML(typ='safe', pure=True).load('a: 1')",
    "round trips": "from ruamel.yaml import YAML\nassert YAML().load('a: [1]')['a'] == [1]",
    "all names": "from ruamel.yaml import *\nassert CSafeLoader and YAML and version_info",
    "by its parent": "from ruamel import yaml\nassert yaml.__version__ and yaml.CParser is make",
    "its modules": "assert ruamel.yaml.main.YAML is ruamel.yaml.YAML and ruamel.yaml.error",
    "a module first": "import ruamel.yaml.representer as it\nassert it.RepresenterError.__module__",
    "its place": "import importlib.util\nassert importlib.util.find_spec('ruamel.yaml').origin",
    "its errors": """
from ruamel.yaml.constructor import ConstructorError, DuplicateKeyError
assert issubclass(ConstructorError, ruamel.yaml.error.YAMLError)
for text, error in (("{a: 1, a: 2}", DuplicateKeyError), ("!x a", ConstructorError)):
    try:
        ruamel.yaml.YAML(typ="safe").load(text)
    except error:
        continue
    raise AssertionError(text)
""",
    "the emitter": """
import io
stream = io.StringIO()
ruamel.yaml.YAML(typ="safe").dump({"a": [1, None]}, stream)
assert stream.getvalue() == "a: [1, null]\\n"
""",
}


@pytest.mark.parametrize("what", LATER)
def test_whoever_asks_later_gets_all_of_it(what: str) -> None:
    run(f"{OURS}import ruamel.yaml\n{LATER[what]}")


@pytest.mark.parametrize("first", ["import ruamel.yaml", "import ruamel.yaml.error", ""])
def test_both_parsers_of_ours_read(first: str) -> None:
    """The second text is one that libyaml refuses."""
    run(
        f"{first}\n{READ}"
        "assert read('a: 1').value == '1'\n"
        "assert read('a: {b: python:3.12}').get('b').value == 'python:3.12'\n"
        "assert read('a: 2').value == '2'"
    )


def test_what_is_there_already_is_left_alone() -> None:
    run(
        "import ruamel.yaml\n"
        "before = dict(sys.modules)\n" + OURS + "assert make is ruamel.yaml.CParser\n"
        "assert all(sys.modules[name] is before[name] for name in before)\n"
        "assert type(ruamel.yaml) is type(sys)"
    )


@pytest.mark.parametrize(
    ("times", "error"), [(1, "RuntimeError('no')"), (1, "ImportError('no')"), (1, "KeyError('no')")]
)
def test_where_that_fails_the_usual_way_is_taken(times: int, error: str) -> None:
    run(
        BLOCKED.format(times=times, error=error)
        + OURS
        + EVENTS
        + "assert len(events(make)) == 13\n"
        "import ruamel.yaml\n"
        "assert type(ruamel.yaml) is type(sys) and ruamel.yaml.CParser is make"
    )


def test_another_layout_is_taken_as_it_is() -> None:
    run(
        "from tenterhooks.formats import c_yaml\n"
        "c_yaml.PathFinder = type('Finder', (), {'find_spec': staticmethod(lambda *_: None)})\n"
        "assert c_yaml.parser()('a').get_event()\n"
        "assert type(sys.modules['ruamel.yaml']) is type(sys)"
    )


def test_classes_of_other_names_are_taken_from_the_modules_themselves() -> None:
    run(
        "from tenterhooks.formats import c_yaml\n"
        "c_yaml._UNUSED = {name: 'OtherError' for name in c_yaml._UNUSED}\n"
        "assert c_yaml.parser()('a').get_event()\n"
        "import ruamel.yaml\n"
        "assert ruamel.yaml.constructor.ConstructorError and ruamel.yaml.YAML"
    )


def test_without_the_extension_nothing_is_left_behind() -> None:
    run(
        BLOCKED.format(times=9, error="ImportError('no')")
        + "from tenterhooks.formats import c_yaml\n"
        "try:\n    c_yaml.parser()\nexcept ImportError:\n    pass\n"
        "assert not [name for name in sys.modules if name.startswith('ruamel.yaml')]\n"
        "import ruamel\nassert not hasattr(ruamel, 'yaml')\n"
        f"{READ}assert read('a: 1').value == '1'"
    )


def test_a_module_that_cannot_run_is_not_there() -> None:
    """As with any import that fails."""
    run(
        OURS + "import ruamel.yaml\n"
        "class Loader:\n"
        "    def exec_module(self, module):\n        raise ImportError('no')\n"
        "ruamel.yaml.__spec__.loader = Loader()\n"
        "try:\n    ruamel.yaml.YAML\nexcept ImportError:\n    pass\n"
        "assert 'ruamel.yaml' not in sys.modules"
    )
