"""TH104: what was decoded is run as code."""

from __future__ import annotations

from pathlib import Path

import pytest
from detecting import issues, names_cover, plain, said

HEAD = (
    "import base64, binascii, builtins, bz2, codecs, gzip, importlib, lzma, marshal, os\n"
    "import subprocess, sys, types, zlib\n"
    "from base64 import b64decode\n"
    "from cryptography.fernet import Fernet\n"
)
FOUND = [
    "exec(base64.b64decode(b))",
    "exec(b64decode(b).decode())",
    "exec(b64decode('aW1wb3J0IG9z').decode('utf-8'))",
    "eval(base64.b85decode(b))",
    "builtins.exec(zlib.decompress(b))",
    "getattr(__import__('builtins'), 'ex' + 'ec')(zlib.decompress(b))",
    "__import__('builtins').exec(b64decode(b))",
    "importlib.import_module('builtins').exec(b64decode(b))",
    "globals()['ex' 'ec'](b64decode(b))",
    "__builtins__['exec'](b64decode(b))",
    "vars(builtins)['exec'](b64decode(b))",
    "builtins.__dict__['exec'](b64decode(b))",
    "__builtins__.__dict__['cexe'[::-1]](b64decode(b))",
    "types.FunctionType(marshal.loads(b), globals())",
    "types.FunctionType(marshal.loads(b), globals(), name)",
    "exec(marshal.loads(zlib.decompress(b64decode(b))))",
    "eval(codecs.decode(s, 'rot13'))",
    "eval(codecs.decode(s, 'rot_13'))",
    "exec(codecs.decode(s, encoding='base64'))",
    "exec('vzcbeg bf'.decode('rot13'))",
    "exec(bytes.fromhex('696d706f7274'))",
    "exec(binascii.unhexlify(b))",
    "exec(gzip.decompress(b))",
    "exec(bz2.decompress(b))",
    "exec(lzma.decompress(b))",
    "exec(compile(b64decode(b), 'a', 'exec'))",
    "[compile(b64decode(b), 'a', 'exec')]",
    "exec('sutol'[::-1])",
    "code = 'so tropmi'\nexec(code[::-1])",
    "exec(''.join(chr(n) for n in numbers))",
    "exec(''.join(map(chr, numbers)))",
    "exec(''.join([chr(105), chr(109)]))",
    "exec(bytes(c ^ 7 for c in b))",
    "exec(bytes([c ^ 7 for c in b]).decode())",
    "exec(Fernet(key).decrypt(b))",
    "f = Fernet(key)\nexec(f.decrypt(b).decode())",
    "from Crypto.Cipher import AES\nexec(AES.new(key, AES.MODE_CBC, iv).decrypt(b))",
    "from Cryptodome.Cipher import AES as A\nc = A.new(key)\neval(c.decrypt(b)[:-4])",
    "g.__defaults__ = d\nf = types.FunctionType(marshal.loads(b), {})",
    "code = b64decode(b)\nexec(code)",
    "code = zlib.decompress(b)\ncode = code.decode()\nexec(code)",
    "a = b64decode(b)\nc = marshal.loads(a)\nf = types.FunctionType(c, {})",
    "exec('import os\\n' + b64decode(b).decode())",
    "exec(f'{b64decode(b).decode()}')",
    "class A:\n def f(self): self.code = b64decode(b)\n def g(self): exec(self.code)",
    "os.system(b64decode(b).decode())",
    "subprocess.run(b64decode(b), shell=True)",
    "subprocess.Popen([sys.executable, '-c', b64decode(b)])",
    "__import__(b64decode('b3M=').decode()).system(c)",
    "importlib.import_module(codecs.decode('bf', 'rot13'))",
]

HIDDEN = [
    "getattr(builtins, 'exec')(code)",
    "getattr(builtins, 'ev' + 'al')(code)",
    "__import__('builtins').exec(code)",
    "__builtins__['eval'](code)",
    "globals()['exec'](code)",
]

SILENT = [
    "b64decode(b)",
    "code = b64decode(b)",
    "exec(code)",
    "exec(open(path).read())",
    "exec(open(path).read().decode('utf-8'))",
    "exec(b.decode('latin-1'))",
    "exec(codecs.decode(b, 'utf-8'))",
    "exec(codecs.decode(b))",
    "exec(codecs.decode(b, encoding))",
    "exec(''.join(lines))",
    "exec(''.join(line for line in lines))",
    "exec(lines[::-1])",
    "exec(lines[1:])",
    "exec(bytes(5))",
    "exec(bytes(c for c in b))",
    "exec(cipher.decrypt(b))",
    "exec(json.loads(s))",
    "eval('1 + 1')",
    "exec()",
    "b = b64decode(b)\nb = 'a'\nexec(b)",
    "exec(b)\nb = b64decode(b)",
    "b = b64decode(b)\nb = json.loads(b)\nexec(b)",
    "b = b64decode(b)\na = json.loads(b)\nb = a\nexec(b)",
    "builtins.exec(code)",
    "compile(code, 'a', 'exec')",
    "re.compile(b64decode(b))",
    "model.eval(b64decode(b))",
    # A function that was taken apart is put together again.
    "types.FunctionType(marshal.loads(b), {}, name, defaults, closure)",
    "types.FunctionType(marshal.loads(b), {}, closure=cells)",
    "f = types.FunctionType(marshal.loads(b), {})\nf.__defaults__ = defaults",
    "getattr(os, name)(b64decode(b))",
    "getattr(builtins, name)(b64decode(b))",
    "getattr(builtins, 'print')(b64decode(b))",
    "getattr(builtins)",
    "importlib.import_module('os').getcwd()",
    "__import__('os').getcwd()",
    "subprocess.run(['tool', b64decode(b)])",
    "subprocess.run(['tool'], input=b64decode(b))",
    "pickle.loads(b64decode(b))",
    "json.loads(zlib.decompress(b))",
]


@pytest.mark.parametrize("source", FOUND)
def test_found(source: str) -> None:
    source = HEAD + source
    assert said("TH104", source) == [(source.count("\n") + 1, "HIGH", "HIGH")]
    assert names_cover("TH104", source)


@pytest.mark.parametrize("source", HIDDEN)
def test_a_hidden_name_is_found(source: str) -> None:
    source = HEAD + source
    assert said("TH104", source) == [(source.count("\n") + 1, "MEDIUM", "MEDIUM")]
    assert names_cover("TH104", source)


@pytest.mark.parametrize("source", SILENT)
def test_silent(source: str) -> None:
    assert said("TH104", HEAD + source) == []


def test_it_says_what_to_do() -> None:
    (issue,) = issues("TH104", HEAD + FOUND[0])
    assert issue.text.startswith("exec runs what was decoded just before: ")
    assert issue.cwe.id == 94
    (issue,) = issues("TH104", HEAD + HIDDEN[0])
    assert issue.text.startswith("The name of exec is not written as such: ")


def test_in_plain_bandit(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("import base64\n\nexec(base64.b64decode(x))\n", "utf-8")
    (result,) = plain("TH104", file)
    assert (result["line_number"], result["issue_severity"]) == (3, "HIGH")
