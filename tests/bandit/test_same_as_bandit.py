"""The driver finds what Bandit finds: the same issues, lines, columns, links, errors and counts."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from bandit_oracle import Report, bandit, download_examples, ours
from hypothesis import given, settings
from hypothesis import strategies as st
from tools import examples, thinned

from tenterhooks.bandit import manager
from tenterhooks.bandit.driver import scan
from tenterhooks.bandit.plain import pack
from tenterhooks.bandit.ruleset import Ruleset

RULES = Ruleset()


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return download_examples(tmp_path_factory.mktemp("sdist"))


def bandit_alone() -> list[str]:
    """Ids of Bandit's own tests: what this distribution adds is not compared here."""
    registry = RULES.engine.registry
    return sorted(
        {
            *(test for test in registry.plugins_by_id if test.startswith("B")),
            *registry.blacklist_by_id,
        }
    )


def both(folder: Path, *arguments: str) -> tuple[Report, Report]:
    """(Bandit's report, ours) on the same files."""
    tests = bandit_alone()
    theirs = bandit(folder, "-t", ",".join(tests), *arguments)
    names = {*theirs["metrics"], *(name for name, _ in theirs["errors"])}
    return theirs, ours(folder, sorted(names), Ruleset(tests=tests))


@pytest.mark.slow
def test_on_the_examples_of_bandit(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sources)
    theirs, mine = both(sources, "-r", "examples")
    assert len(theirs["results"]) > 500
    assert mine["errors"] == theirs["errors"]
    assert mine["metrics"] == theirs["metrics"]
    assert mine["results"] == theirs["results"]


@pytest.mark.parametrize("package", thinned(["http", "email", "encodings", "asyncio", "pip"], 5))
def test_on_the_standard_library(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = [Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib")]
    found = [folder / package for folder in folders if (folder / package).is_dir()]
    if not found:
        pytest.skip(f"no {package} here")
    monkeypatch.chdir(found[0].parent)
    theirs, mine = both_elsewhere(found[0].parent, package)
    assert theirs["metrics"]
    assert mine == theirs


def both_elsewhere(folder: Path, package: str) -> tuple[Report, Report]:
    return both(folder, "-r", package, "-x", "*/_vendor/*")


SNIPPETS: dict[str, str | bytes] = {
    "nosec_blanket": "import os\nos.system(x)  # nosec\n",
    "nosec_id": "import os\nos.system(x)  # nosec B605\n",
    "nosec_other_id": "import os\nos.system(x)  # nosec B101\n",
    "nosec_name": "import os\nos.system('ls')  # nosec: start_process_with_a_shell\n",
    "nosec_blacklist_name": "import telnetlib  # nosec import_telnetlib\n",
    "nosec_two": "import os\nos.system('ls')  # nosec B605, B607\n",
    "nosec_no_space": "import os\nos.system('ls')  # nosec B605,B607\n",
    "nosec_unknown": "import os\nos.system('ls')  # nosec B999\n",
    "nosec_lower": "import os\nos.system('ls')  # nosec b605\n",
    "nosec_reason": "import os\nos.system('ls')  # nosec: because it is fine\n",
    "nosec_reason_with_id": "import os\nos.system('ls')  # nosec B607 because B605 is not\n",
    "nosec_two_comments": "import os\nos.system('ls')  # nosec B607 # nosec B605\n",
    "nosec_glued": "assert x  # nosecurity\n",
    "nosec_upper": "assert x  # NOSEC\n",
    "nosec_behind": "assert x  # noqa # nosec B101\n",
    "nosec_letters_after_id": "assert x  # nosec B101x\n",
    "nosec_in_string": "assert '# nosec'\n",
    "nosec_before": "# nosec\nassert x\n",
    "nosec_multi_line": (
        "import subprocess\nsubprocess.run(\n    x,\n    shell=True,  # nosec B602\n)\n"
    ),
    "nosec_multi_line_last": (
        "import subprocess\nsubprocess.run(\n    x,\n    shell=True,\n)  # nosec\n"
    ),
    "nosec_both_lines": (
        "import subprocess\nsubprocess.run(  # nosec\n    'ls',\n    shell=True,  # nosec B602\n)\n"
    ),
    "nosec_on_def": "def f(password='secret'):  # nosec\n    assert x\n",
    "nosec_in_dict": "x = {\n    'password': 'a',  # nosec B105\n    'token': 'b',\n}\n",
    "nosec_in_broken_end": "assert x  # nosec\nassert (y\n",
    "nosec_first_line_bidi": "# nosec\nx = 1\ny = '\u202e'\n",
    "nosec_own_line_bidi": "x = 1\ny = '\u202e'  # nosec B613\n",
    "bidi": "x = 1\ny = '\u2066'\nz = '\u200f'\n",
    "bidi_escaped": "y = '\\u2066'\n",
    "import_dynamic": (
        "import importlib\n"
        "__import__('telnetlib')\n"
        "__import__(x)\n"
        "__import__()\n"
        "importlib.import_module('pickle')\n"
        "importlib.import_module(name='ftplib')\n"
        "importlib.import_module(pickle)\n"
    ),
    "import_relative": (
        "from . import telnetlib\nfrom .telnetlib import x\nfrom .. import pickle as p\n"
    ),
    "import_after": (
        "os.system(x)\nimport os as o\no.system(x)\nfrom os import system as s\ns('ls')\n"
    ),
    "import_prefix": (
        "import telnetlibrary\nfrom Crypto.Cipher import AES, DES\nimport xmlrpc.client\n"
    ),
    "import_in_function": (
        "def f():\n    from subprocess import run\n    run(x)\nrun(x, shell=True)\n"
    ),
    "alias_chain": "import xml.etree as e\ne.ElementTree.parse(x)\nimport a.b as c\nc.d.e()\n",
    "alias_of_import": "import os as __import__\n__import__('telnetlib')\n",
    "call_of_call": "f()()\nf().run(debug=True)\n(lambda: 0)()\na[0].b.exec_command(x)\n",
    "passwords": (
        "password = 'a'\n"
        "self.token = 'b'\n"
        "d['secret'] = 'c'\n"
        "x = {'pwd': 'd', 'pass': e}\n"
        "if password == 'f': pass\n"
        "if x.token != 'g': pass\n"
        "if 'h' == password: pass\n"
        "f(password='i', **{'token': 'j'})\n"
        "def g(a, password='k', *, token='l'): pass\n"
        "async def h(password='m'): pass\n"
        "lambda password='n': 0\n"
        "password: str = 'o'\n"
        "(password, x) = 'p', 'q'\n"
        "password = token = 'r'\n"
        "d['password'] += 's'\n"
        "h(**'password')\n"
        "h(password=b't')\n"
    ),
    "docstring": "'''password'''\n'0.0.0.0'\ndef f():\n    '/tmp/x'\n    return '/tmp/y'\n",
    "places": (
        "with open('/tmp/a') as a, open(\n"
        "    '/var/tmp/b'): pass\n"
        "[x for x in '0.0.0.0' if x == '/tmp/c']\n"
        "def f(a='/tmp/d',\n"
        "      b=1,\n"
        "      *, c='0.0.0.0'): pass\n"
        "f(*'/tmp/e', **'/dev/shm')\n"
        "x = f'/tmp/{y}'\n"
        "x = b'/tmp/z'\n"
        "x = '/tm' 'p/g'\n"
    ),
    "match": (
        "match x:\n"
        "    case '/tmp/a' if y == '/tmp/b':\n"
        "        assert z\n"
        "    case {'password': 'c'}:\n"
        "        pass\n"
        "    case C('0.0.0.0', d='/tmp/e') | ['/tmp/f', *_]:\n"
        "        exec(y)\n"
    ),
    "sql": (
        "a = 'select %s from t' % x\n"
        "b = 'delete from ' + x\n"
        "c.execute('insert into t values (%s)' % x)\n"
        "d = 'select * from {}'.format(x)\n"
        "e = f'update {x} set y = 1'\n"
        "f = 'a' + 'select b' + ' from c'\n"
        "g.execute('x'.replace('select a from b', y))\n"
        "h = 'sel' f'ect {x} from y'\n"
        "i = ('select a ' 'from b ' + x) % y\n"
        "j.executemany(f'select {a} from ' f'{b} where', z)\n"
        "k = 'SELECT\\n1 ' + x + ' FROM t'\n"
        "l = '\u017felect a from b' + x\n"
        "'select a from b'.format\n"
        "m = -('select a from b' + x)\n"
    ),
    "except": (
        "try:\n"
        "    x\n"
        "except:\n"
        "    pass\n"
        "try:\n"
        "    x\n"
        "except Exception:\n"
        "    continue_\n"
        "for y in z:\n"
        "    try:\n"
        "        x\n"
        "    except Exception as e:\n"
        "        continue\n"
        "    except (A, B):\n"
        "        pass\n"
        "    except ValueError:\n"
        "        continue\n"
        "    else:\n"
        "        assert x\n"
        "    finally:\n"
        "        exec(x)\n"
    ),
    "shell": (
        "import subprocess\n"
        "import os\n"
        "subprocess.run('ls *', shell=True)\n"
        "subprocess.call(['/bin/ls'])\n"
        "subprocess.Popen(x, shell=0)\n"
        "foo(shell=True)\n"
        "foo(shell=[])\n"
        "foo(shell={1: 2})\n"
        "os.popen('tar xf *')\n"
        "os.execl('ls')\n"
        "os.spawnve(x)\n"
        "foo(shell='')\n"
        "foo(shell=y)\n"
        "subprocess.run()\n"
        "os.system()\n"
        "foo(x={[1]}, shell=True)\n"
    ),
    "decorated": (
        "@f(password='a')\nclass C(metaclass=g(exec(x))):\n    @h\n    def i(self): assert x\n"
    ),
    "crlf": "import os\r\nos.system(\r\n    x)  # nosec B607\r\nassert y\r\n",
    "cr_only": "import os\ros.system(x)\rassert y\r",
    "form_feed": "import os\n\x0cassert x\n\x0c\n# comment\n   # comment\n",
    "no_final_line_end": "assert x  # nosec B101",
    "type_ignore": (
        "import os  # type: ignore\nos.system(x)  # type: ignore[attr]  # nosec\n# type: ignore\n"
    ),
    "invalid_escape": "x = '\\d'\nassert x is 'a'\n",
    "bom": b"\xef\xbb\xbfassert x  # nosec B101\nexec(y)\n",
    "bom_and_cookie": b"\xef\xbb\xbf# coding: latin-1\nassert x\n",
    "latin1": "# -*- coding: latin-1 -*-\npassword = '\xe9'\nassert x  # nosec \xe9\n".encode(
        "latin-1"
    ),
    "cookie_second_line": "#!/x\n# vim: set fileencoding=cp1252 :\nexec('\x80')\n".encode(
        "latin-1"
    ),
    "utf7": b"# coding: utf-7\nassert x +ACM- nosec\nexec(y)\n",
    "unknown_cookie": b"# coding: martian\nassert x\n",
    "not_utf8": b"assert x\ny = '\xff'\n",
    "not_utf8_with_nosec": b"assert x  # nosec\nz\nz\ny = '\xff'\n",
    "not_utf8_first": b"# \xff\nassert x\n",
    "nul_later": b"assert x\n\n\n# \0\n",
    "empty": b"",
    "only_comment": b"# nosec\n",
    "syntax_error": b"assert x\nx = (\n",
    "bad_dedent": b"if x:\n        y\n    z\n",
    "bad_dedent_with_nosec": b"if x:  # nosec\n        y\n    z\n",
    "tabs_and_spaces": b"if x:\n\ty\n        z\n",
    "python2": b"print 'x'\nexec 'y'\n",
    "unterminated": b"x = '''\nassert y  # nosec\n",
    "parentheses": b"x = " + b"(" * 150 + b"1" + b")" * 150 + b"\nassert x\n",
    "large_dict": "x = {\n" + "".join(f"    'k{n}': 'v{n}',\n" for n in range(400)) + "}\n",
    "long_sum": "x = " + " + ".join(f"'s{n}'" for n in range(60)) + " + 'select a from b'\n",
}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Report]:
    folder = tmp_path_factory.mktemp("snippets")
    for name, text in SNIPPETS.items():
        data = text.encode() if isinstance(text, str) else text
        (folder / f"{name}.py").write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return both(folder, "-r", ".")


@pytest.mark.parametrize("name", SNIPPETS)
def test_on_what_is_odd(name: str, reports: tuple[Report, Report]) -> None:
    theirs, mine = reports
    path = f"./{name}.py"
    assert path in theirs["metrics"]
    assert mine["metrics"][path] == theirs["metrics"][path]
    for key in ("results", "errors"):
        assert _of(mine[key], path) == _of(theirs[key], path)


def _of(items: list[object], path: str) -> list[object]:
    return [it for it in items if path in (it.values() if isinstance(it, dict) else it)]  # type: ignore[operator]


LINES = [
    "import os",
    "from subprocess import run as r",
    "from . import pickle",
    "r(x, shell=True)",
    "os.system('ls ' + y)",
    "assert x",
    "password = '/tmp/a'",
    "x = {'token': 'b',",
    "     'c': '0.0.0.0'}",
    "x = ('select * from '",
    "     + y)",
    "exec(f'select {x} from t')",
    "def f(password='d'):",
    "class C:",
    "if token == 'e':",
    "try:",
    "except Exception:",
    "except:",
    "    pass",
    "    continue",
    "    os.popen('f')",
    "    r(",
    "      shell=True)",
    "'''",
    "tarfile.extractall(members=f(x))",
    "import tarfile",
]
COMMENTS = ["", "", "", "  # nosec", "  # nosec B602, B605", "  # nosec B101,B105", "  # nosec x"]


@settings(max_examples=examples(150))
@given(st.lists(st.tuples(st.sampled_from(LINES), st.sampled_from(COMMENTS)), max_size=25))
def test_on_anything(lines: list[tuple[str, str]]) -> None:
    """Most of it is no Python, and that, too, must be said alike."""
    data = "\n".join(line + comment for line, comment in lines).encode()
    rules = Ruleset(tests=bandit_alone())
    mine, theirs = scan(data, "x.py", rules), manager.scan(data, "x.py", rules)
    assert pack(mine)[0] == pack(theirs)[0]
    assert (mine.failure is None) == (theirs.failure is None)
    assert pack(mine)[3:] == pack(theirs)[3:]


PLUGINS = """
from bandit.core import issue, test_properties as test


def _say(context, word):
    return issue.Issue("LOW", 20, "HIGH", word + " " + str(context.call_function_name_qual))


@test.checks("Call")
@test.test_id("X100")
def calls(context):
    if context.call_function_name == "f":
        return _say(context, f"{context.call_args} {sorted(context._context)}")


@test.checks("Assign", "AugAssign")
@test.test_id("X101")
def assigns(context):
    node = context.node
    around = node._bandit_parent, node._bandit_sibling
    return _say(context, str([type(it).__name__ for it in around]))


@test.checks("FunctionDef", "AsyncFunctionDef")
@test.test_id("X102")
def functions(context):
    return _say(context, str(context.node.name))


@test.checks("Str", "Bytes")
@test.test_id("X103")
def strings(context):
    said = context.string_val, context.bytes_val, context._context["linerange"]
    return _say(context, repr(said))


@test.checks("File")
@test.test_id("X104")
def files(context):
    context.file_data.seek(0)
    return issue.Issue("HIGH", 0, "LOW", f"{len(context.file_data.read())}", lineno=1)


@test.checks("Name", "Load", "Add", "arguments", "comprehension", "alias", "ClassDef", "Constant")
@test.test_id("X105")
def odd(context):
    return issue.Issue("HIGH", 0, "LOW", type(context.node).__name__, lineno=1, col_offset=2)


def gen_config(name):
    return {"word": "default of " + name}


@test.takes_config("mine")
@test.checks("Assert")
@test.test_id("X106")
def configured(context, config):
    return _say(context, config["word"])
"""

SOURCE = """
import os as o
class C:
    def m(self, password="a"):
        x = 1
        x += 2
        def inner(): f(o.path, "b", [1])
        return [y for y in "c" if y]
    async def n(self): pass
def last():
    "d"
    assert b"e" + f()  # nosec X103
with open("f") as g, open("h"):
    z = "i"  # nosec X101
"""

PROGRAM = """
import json, sys
from bandit_oracle import ours
from pathlib import Path
print(json.dumps(ours(Path("."), ["./a.py"])))
"""


def distribution(folder: Path, name: str, modules: dict[str, str], points: str) -> Path:
    """A place on ``sys.path`` with a distribution that declares plugins for Bandit."""
    place = folder / name
    (place / f"{name}-1.0.dist-info").mkdir(parents=True)
    (place / f"{name}-1.0.dist-info" / "METADATA").write_text(f"Name: {name}\nVersion: 1.0\n")
    (place / f"{name}-1.0.dist-info" / "entry_points.txt").write_text(points)
    for module, text in modules.items():
        (place / f"{module}.py").write_text(text)
    return place


def test_with_plugins_of_other_people(tmp_path: Path) -> None:
    functions = ("calls", "assigns", "functions", "strings", "files", "odd", "configured")
    points = "[bandit.plugins]\n" + "".join(f"{it} = x_plugins:{it}\n" for it in functions)
    place = distribution(tmp_path, "x_plugins", {"x_plugins": PLUGINS}, points)
    folder = tmp_path / "checked"
    folder.mkdir()
    (folder / "a.py").write_text(SOURCE)
    theirs = bandit(folder, "a.py", path=place)
    paths = [str(place), str(Path(__file__).parent.parent)]
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path[:0] = {paths}\n{PROGRAM}"],
        cwd=folder,
        capture_output=True,
        check=True,
        text=True,
    )
    mine = json.loads(done.stdout)
    assert {it["test_id"] for it in theirs["results"]} >= {f"X10{n}" for n in range(7)}
    for report in (mine, theirs):
        # Bandit links to pages of its own documentation that are not there.
        report["results"] = [
            {key: value for key, value in it.items() if key != "more_info"}
            for it in report["results"]
        ]
    assert mine["errors"] == []
    assert mine["results"] == theirs["results"]
    assert mine["metrics"] == theirs["metrics"]
