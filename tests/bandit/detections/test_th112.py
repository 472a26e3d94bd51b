"""TH112: a shell by another name."""

from __future__ import annotations

from pathlib import Path

import detecting
import pytest

HEAD = """\
import asyncio, atexit, functools, importlib, multiprocessing, os, pty, subprocess, sys, threading
import subprocess as sp
from concurrent.futures import ThreadPoolExecutor
from os import system
from threading import Thread
"""

POSITIVES = [
    ("asyncio.create_subprocess_shell(c)", "HIGH"),
    ('asyncio.create_subprocess_shell("ls")', "LOW"),
    ("asyncio.create_subprocess_shell(cmd=c)", "HIGH"),
    ("loop.subprocess_shell(factory, c)", "HIGH"),
    ('loop.subprocess_shell(factory, "ls")', "LOW"),
    ("Thread(target=os.system, args=(c,))", "HIGH"),
    ("Thread(target=system, args=(c,)).start()", "HIGH"),
    ('threading.Thread(target=os.system, args=("ls",))', "LOW"),
    ("multiprocessing.Process(target=os.popen, args=[c])", "HIGH"),
    ("threading.Timer(1, os.system, args=[c])", "HIGH"),
    ("pool.submit(os.system, c)", "HIGH"),
    ('pool.submit(subprocess.run, "ls", shell=True)', "LOW"),
    ("pool.map(os.system, commands)", "HIGH"),
    ("list(map(subprocess.getoutput, commands))", "HIGH"),
    ("functools.partial(os.system, c)", "HIGH"),
    ("functools.partial(sp.run, shell=True)", "HIGH"),
    ("loop.run_in_executor(None, os.system, c)", "HIGH"),
    ("asyncio.to_thread(subprocess.run, c, shell=True)", "HIGH"),
    ("asyncio.to_thread(subprocess.check_output, c, shell=1)", "HIGH"),
    ('Thread(target=subprocess.run, args=(c,), kwargs={"shell": True})', "HIGH"),
    ("atexit.register(os.system, c)", "HIGH"),
    ('getattr(os, "system")(c)', "HIGH"),
    ('getattr(os, "sys" + "tem")(c)', "HIGH"),
    ('getattr(os, "system")("ls")', "MEDIUM"),
    ('__import__("os").system(c)', "HIGH"),
    ('importlib.import_module("os").popen(c)', "HIGH"),
    ('__import__("subprocess").run(c, shell=True)', "HIGH"),
    ('getattr(__import__("os"), "system")(c)', "HIGH"),
    ('sys.modules["os"].system(c)', "HIGH"),
    ('os.__dict__["system"](c)', "HIGH"),
    ('vars(os)["system"](c)', "HIGH"),
    ('subprocess.run(c, **{"shell": True})', "HIGH"),
    ('options = {"shell": True}\nsubprocess.run(c, **options)', "HIGH"),
    ("options = dict(shell=True)\nsubprocess.run(c, **options)", "HIGH"),
    ('options = {}\noptions["shell"] = True\nsubprocess.run("ls", **options)', "LOW"),
    ('def f(**k):\n    if windows:\n        k["shell"] = True\n    sp.Popen(c, **k)', "HIGH"),
    ('k = {"shell": True}\nThread(target=subprocess.run, args=(c,), kwargs=k)', "HIGH"),
    ('pty.spawn("/bin/bash")', "HIGH"),
    ('pty.spawn(["sh", "-i"])', "HIGH"),
    ("pty.spawn(c)", "LOW"),
    ("os.posix_spawn(c, [c], os.environ)", "LOW"),
    ("os.posix_spawnp(path=c, argv=[c], env={})", "LOW"),
]

NEGATIVES = [
    'getattr(mine, "run")(c, shell=True)',
    'asyncio.create_subprocess_exec("/bin/ls")',
    'asyncio.create_subprocess_exec("ls", c)',
    "Thread(target=work, args=(c,))",
    "Thread(target=subprocess.run, args=(c,))",
    'Thread(target=subprocess.run, args=(c,), kwargs={"shell": False})',
    "Thread(target=subprocess.run, args=(c,), kwargs=options)",
    "pool.submit(os.remove, c)",
    "pool.submit(subprocess.run, c, shell=False)",
    "pool.map(str, commands)",
    "functools.partial(subprocess.run, check=True)",
    "os.system(c)",
    "os.popen(c)",
    "subprocess.run(c, shell=True)",
    'subprocess.run(c, shell=True, **{"check": True})',
    "subprocess.run(c, **options)",
    'options = {"check": True}\nsubprocess.run(c, **options)',
    'options = {"shell": False}\nsubprocess.run(c, **options)',
    'options = {}\noptions["shell"] = windows\nsubprocess.run(c, **options)',
    'options = {}\noptions["check"] = True\nsubprocess.run(c, **options)',
    'other = {}\nother["shell"] = True\nsubprocess.run(c, **options)',
    'def f():\n    k = {}\n    k["shell"] = True\ndef g(**k):\n    subprocess.run(c, **k)',
    "subprocess.run(c, **options())",
    "pty.spawn(sys.argv[1:], read)",
    "pty.spawn([sys.executable, script])",
    "os.posix_spawn(sys.executable, arguments, {})",
    'subprocess.run(c, **{"shell": False})',
    "self.system(c)",
    "console.popen(c)",
    'getattr(os, "getcwd")()',
    'getattr(os, name)("x")',
    'getattr(tool, "system")(c)',
    '__import__("platform").system()',
    'sys.modules["platform"].system()',
    'os.posix_spawn("/bin/ls", ["ls"], {})',
    "registry.register(handler)",
    "worker.spawn(c)",
    "table[0](c)",
    "(lambda x: x)(c)",
    "f()(c)",
]


@pytest.mark.parametrize(("source", "severity"), POSITIVES)
def test_positive(source: str, severity: str) -> None:
    assert [it[1] for it in detecting.said("TH112", HEAD + source)] == [severity]
    assert detecting.names_cover("TH112", HEAD + source)


@pytest.mark.parametrize("source", NEGATIVES)
def test_negative(source: str) -> None:
    assert detecting.said("TH112", HEAD + source) == []


def test_many_calls_in_one_function_are_linear() -> None:
    """The search of a function for ``name["shell"] = True`` is done once."""
    lines = "".join(f"    subprocess.run(c, **k{n})\n" for n in range(3000))
    assert detecting.said("TH112", f"{HEAD}def f():\n{lines}") == []


def test_what_it_says() -> None:
    (issue,) = detecting.issues("TH112", HEAD + "pool.submit(os.system, c)")
    assert issue.cwe.id == 78
    assert "submit is given os.system" in issue.text
    assert "subprocess.run, without a shell" in issue.text


def test_under_plain_bandit(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(HEAD + 'getattr(os, "system")(c)\n')
    (found,) = detecting.plain("TH112", file)
    assert (found["test_id"], found["line_number"]) == ("TH112", 6)
