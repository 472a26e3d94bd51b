"""TH102: programs that install packages while they run."""

from __future__ import annotations

from pathlib import Path

import pytest
from detecting import issues, names_cover, plain, said

HEAD = "import asyncio, os, shlex, subprocess, sys, pip\n"
FOUND = [
    ("subprocess.check_call([sys.executable, '-m', 'pip', 'install', package])", "MEDIUM", "HIGH"),
    ("subprocess.run(['pip', 'install', 'x'])", "MEDIUM", "HIGH"),
    ("subprocess.run(('pip3', '-q', 'install', 'x'))", "MEDIUM", "HIGH"),
    ("subprocess.Popen(['/usr/bin/pip3.11', 'install', '-U', 'x'])", "MEDIUM", "HIGH"),
    ("subprocess.call(args=['python', '-m', 'pip', 'install', *packages])", "MEDIUM", "HIGH"),
    ("subprocess.run(['sudo', '-H', 'pip', 'install', 'x'])", "MEDIUM", "HIGH"),
    ("subprocess.run(['uv', 'pip', 'install', 'x'])", "MEDIUM", "HIGH"),
    ("subprocess.run(['pipx', 'install', 'x'])", "MEDIUM", "HIGH"),
    ("subprocess.run(['easy_install', 'x'])", "MEDIUM", "HIGH"),
    ("subprocess.run([sys.executable, '-m', 'pip', 'install'] + packages)", "MEDIUM", "HIGH"),
    ("subprocess.run('pip install x'.split())", "MEDIUM", "HIGH"),
    ("subprocess.run([python, '-Im', 'pip', 'install', 'x'])", "MEDIUM", "HIGH"),
    ("subprocess.run([uv, 'pip', 'install', 'x'])", "MEDIUM", "HIGH"),
    ("subprocess.run([uv.find_uv_bin(), 'pip', 'install', x])", "MEDIUM", "HIGH"),
    ("subprocess.run([self.pip, 'install', 'x'])", "MEDIUM", "MEDIUM"),
    ("cmd = [pip_path, 'install', 'x']\nsubprocess.run(cmd)", "MEDIUM", "MEDIUM"),
    ("os.execlp(x, pip3, 'install', 'x')", "MEDIUM", "MEDIUM"),
    ("subprocess.run(shlex.split(f'{sys.executable} -m pip install {x}'))", "MEDIUM", "HIGH"),
    ("subprocess.run('pip install x && echo done', shell=True)", "MEDIUM", "MEDIUM"),
    ("os.system('pip install x')", "MEDIUM", "MEDIUM"),
    ("os.system('cd /a; PIP_X=1 python -m pip install ' + package)", "MEDIUM", "MEDIUM"),
    ("os.system(f'{sys.executable} -m pip install {package}')", "MEDIUM", "MEDIUM"),
    ("os.system('{} -m pip install {}'.format(sys.executable, x))", "MEDIUM", "MEDIUM"),
    ("os.system('\"%s\" -m pip install %s' % (sys.executable, x))", "MEDIUM", "MEDIUM"),
    ("os.popen(' '.join(['pip', 'install', x])).read()", "MEDIUM", "MEDIUM"),
    ("subprocess.getoutput('pip install x')", "MEDIUM", "MEDIUM"),
    ("os.execvp('pip', ['pip', 'install', 'x'])", "MEDIUM", "HIGH"),
    ("os.execlp('pip', 'pip', 'install', 'x')", "MEDIUM", "HIGH"),
    ("os.spawnvp(os.P_WAIT, 'pip', ['pip', 'install', 'x'])", "MEDIUM", "HIGH"),
    ("asyncio.create_subprocess_exec('pip', 'install', 'x')", "MEDIUM", "HIGH"),
    ("asyncio.create_subprocess_shell('pip install x')", "MEDIUM", "MEDIUM"),
    ("getattr(os, 'system')('pip install x')", "MEDIUM", "MEDIUM"),
    ("__import__('os').system('pip install x')", "MEDIUM", "MEDIUM"),
    ("pip.main(['install', 'x'])", "MEDIUM", "HIGH"),
    ("pip.main(['--quiet', 'install'] + packages)", "MEDIUM", "HIGH"),
    ("pip._internal.main(['install', 'x'])", "MEDIUM", "HIGH"),
    ("pip._internal.cli.main.main(['install', 'x'])", "MEDIUM", "HIGH"),
    ("from pip._internal import main as pipmain\npipmain(['install', 'x'])", "MEDIUM", "HIGH"),
    ("from pip._internal.cli.main import main\nmain(['install', 'x'])", "MEDIUM", "HIGH"),
    ("from setuptools.command.easy_install import main as m\nm(['x'])", "MEDIUM", "HIGH"),
    ("from subprocess import check_call as run\nrun(['pip', 'install', 'x'])", "MEDIUM", "HIGH"),
    ("cmd = ['pip', 'install', 'x']\nsubprocess.run(cmd)", "MEDIUM", "HIGH"),
    ("cmd = 'pip install x'\nos.system(cmd)", "MEDIUM", "MEDIUM"),
    ("cmd = ['pip']\ncmd += ['install', 'x']\nsubprocess.run(cmd)", "MEDIUM", "HIGH"),
    ("cmd = ['pip']\ncmd = cmd + ['install', 'x']\nsubprocess.run(cmd)", "MEDIUM", "HIGH"),
    ("cmd = ['pip']\ncmd.append('install')\ncmd.append(x)\nsubprocess.run(cmd)", "MEDIUM", "HIGH"),
    ("cmd = ['pip']\ncmd.extend(['install', x])\nsubprocess.run(cmd)", "MEDIUM", "HIGH"),
    ("base = ['pip', 'install']\nsubprocess.run([*base, 'x'])", "MEDIUM", "HIGH"),
    (
        (
            "if uv: cmd = ['pip', 'install', 'x']\nelse: cmd = ['conda', 'install', 'x']\n"
            "subprocess.run(cmd)"
        ),
        "MEDIUM",
        "HIGH",
    ),
    # What is asked for is bounded, though not hashed.
    ("subprocess.run(['pip', 'install', '-r', 'requirements.txt'])", "LOW", "HIGH"),
    ("subprocess.run(['pip', 'install', '-e', '.'])", "LOW", "HIGH"),
    ("subprocess.run(['pip', 'install', './vendor/x.whl'])", "LOW", "HIGH"),
    ("subprocess.run(['pip', 'install', '-U', '-e', project])", "LOW", "HIGH"),
    ("subprocess.run(['pip', 'install', '-e', f'{project}[dev]'])", "LOW", "HIGH"),
    ("subprocess.run(['pip', 'install', '-e', 'git+https://a/b'])", "MEDIUM", "HIGH"),
    ("subprocess.run(['pip', 'install', '-e', project, 'x'])", "MEDIUM", "HIGH"),
    ("subprocess.run(['pip', 'install', 'x==1.0'])", "LOW", "HIGH"),
    ("subprocess.run(['pip', 'install', '-i', 'https://a', 'x==1.0'])", "LOW", "HIGH"),
    ("subprocess.run(['pip', 'install', '-r', 'a.txt', 'x'])", "MEDIUM", "HIGH"),
    ("subprocess.run(['pip', 'install', 'x==1.*'])", "MEDIUM", "HIGH"),
]

SILENT = [
    "subprocess.run(['pip', 'install', '--require-hashes', '-r', 'requirements.txt'])",
    "os.system('pip install --require-hashes -r requirements.txt')",
    "subprocess.run(['pip', 'install', '--no-index', '--find-links', 'wheels', 'x'])",
    "subprocess.run(['pip', 'install', '--dry-run', 'x'])",
    "subprocess.run(['pip', 'install', '--help'])",
    "cmd = ['pip', 'install', '-r', r]\ncmd.append('--require-hashes')\nsubprocess.run(cmd)",
    "subprocess.run(['pip', 'download', 'x'])",
    "subprocess.run([sys.executable, '-m', 'pip', 'freeze'])",
    "subprocess.run(['pip', 'show', 'install'])",
    "subprocess.run(['pip', 'uninstall', '-y', 'x'])",
    "subprocess.run(['apt-get', 'install', 'python3-pip'])",
    "subprocess.run(['conda', 'install', 'pip'])",
    "subprocess.run(['brew', 'pip', 'install'])",
    "subprocess.run(['make', 'install'])",
    "subprocess.run([tool, 'install', 'x'])",
    "subprocess.run([pip_path, 'list'])",
    "subprocess.run([pipenv, 'install', 'x'])",
    "subprocess.run([pipeline_tool, 'install', 'x'])",
    "subprocess.run(['x', tool, 'pip', 'install'])",
    "cmd = [tool, 'install', pip]\nsubprocess.run(cmd)",
    "os.system('echo pip install x')",
    "os.system('echo \"run pip install x\"')",
    "print('pip install x')",
    "raise ImportError('pip install x')",
    "words = ['pip', 'install', 'x']",
    "pip.main(['list'])",
    "pip.main(argv)",
    "main(['install', 'x'])",
    "app.main(['install', 'x'])",
    "subprocess.run(command)",
    "subprocess.run()",
    "subprocess.run([])",
    "os.system(f'{command}')",
    "os.system()",
    "runner.run(['pip', 'install', 'x'])",
    "cmd = ['pip', 'install']\ncmd = ['ls']\nsubprocess.run(cmd)",
    "cmd = ['pip']\nsubprocess.run(cmd)\ncmd += ['install', 'x']",
    "if a: cmd = ['pip']\nelse: cmd = ['install', 'x']\nsubprocess.run(cmd)",
]


@pytest.mark.parametrize(("source", "severity", "confidence"), FOUND)
def test_found(source: str, severity: str, confidence: str) -> None:
    source = HEAD + source
    assert said("TH102", source) == [(source.count("\n") + 1, severity, confidence)]
    assert names_cover("TH102", source)


@pytest.mark.parametrize("source", SILENT)
def test_silent(source: str) -> None:
    assert said("TH102", HEAD + source) == []


def test_it_says_what_to_do() -> None:
    (issue,) = issues("TH102", HEAD + FOUND[0][0])
    assert "--require-hashes" in issue.text
    assert issue.cwe.id == 494


def test_lists_made_of_lists_come_to_an_end() -> None:
    steps = "".join(f"a{n} = [{', '.join([f'*a{n - 1}'] * 30)}]\n" for n in range(1, 9))
    assert said("TH102", f"{HEAD}a0 = ['x']\n{steps}subprocess.run(a8)") == []
    assert said("TH102", HEAD + "a = [*b]\nb = [*a]\nsubprocess.run(a)") == []


def test_in_plain_bandit(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("import os\n\nos.system('pip install x')\n", "utf-8")
    (result,) = plain("TH102", file)
    assert (result["line_number"], result["test_name"]) == (3, "runtime_install")
