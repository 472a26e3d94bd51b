"""TH105: certificates that nobody checks."""

from __future__ import annotations

from pathlib import Path

import pytest
from detecting import issues, names_cover, plain, said

HEAD = "import os, ssl, subprocess, warnings, requests, httpx, urllib3, aiohttp, boto3, pycurl\n"
OFF = [
    # The ways that Bandit misses.
    "s = requests.Session()\ns.verify = False",
    "s = requests.Session()\ns.get(u, verify=False)",
    "requests.request('GET', u, verify=False)",
    "urllib3.PoolManager(cert_reqs='CERT_NONE')",
    "urllib3.PoolManager(cert_reqs=ssl.CERT_NONE)",
    "ssl._create_default_https_context = ssl._create_unverified_context",
    "c = ssl.create_default_context()\nc.verify_mode = ssl.CERT_NONE",
    "aiohttp.TCPConnector(ssl=False)",
    "os.environ['PYTHONHTTPSVERIFY'] = '0'",
    "os.environ['CURL_CA_BUNDLE'] = ''",
    # And their kin.
    "c = ssl.create_default_context(ssl.Purpose.SERVER_AUTH)\nc.verify_mode = ssl.CERT_NONE",
    "from ssl import CERT_NONE\nc.verify_mode = CERT_NONE",
    "c.verify_mode = 0",
    "make = ssl._create_unverified_context",
    "urlopen(u, context_factory=ssl._create_unverified_context)",
    "with requests.Session() as s:\n    s.post(u, verify=False)",
    "def f(s: requests.Session):\n    s.verify = False",
    "class A:\n def f(self): self.s = requests.Session()\n def g(self): self.s.verify = False",
    "self.session.verify = False",
    "requests.Session().request('GET', u, verify=False)",
    "client.stream('GET', u, verify=False)",
    "from functools import partial\npartial(requests.get, verify=False)",
    "boto3.client('s3', verify=False)",
    "aiohttp.TCPConnector(verify_ssl=False)",
    "async def f(s):\n    await s.get(u, ssl=False)",
    "Elasticsearch(u, verify_certs=False)",
    "AnsibleModule(validate_certs=False)",
    "MongoClient(u, tlsAllowInvalidCertificates=True)",
    "MongoClient(u, tlsInsecure=True)",
    "httplib2.Http(disable_ssl_certificate_validation=True)",
    "fetch(u, tls_verify=False)",
    "Connection(u, insecure_skip_verify=True)",
    "httpx.AsyncHTTPTransport(verify=False)",
    "class T(httpx.HTTPTransport): pass\nt = MyHTTPTransport(verify=False)",
    "ssl_options = {'ssl_cert_reqs': ssl.CERT_NONE}",
    "CACHES = {'OPTIONS': {'ssl_cert_reqs': None}}",
    "wrap(sock, options={'cert_reqs': ssl.CERT_NONE, 'ca_certs': None})",
    "connect(**{'tlsAllowInvalidCertificates': True})",
    "curl.setopt(pycurl.PROXY_SSL_VERIFYPEER, 0)",
    "env = os.environ.copy()\nenv['GIT_SSL_NO_VERIFY'] = '1'",
    "environment = dict(os.environ)\nenvironment['CURL_CA_BUNDLE'] = ''",
    "child_env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'",
    "e = {**os.environ, 'GIT_SSL_NO_VERIFY': '1'}\nsubprocess.run(c, env=e)",
    "redis.Redis(ssl=True, ssl_cert_reqs=None)",
    "redis.Redis(ssl=True, ssl_cert_reqs='none')",
    "websocket.create_connection(u, sslopt={'cert_reqs': ssl.CERT_NONE})",
    "context.set_verify(SSL.VERIFY_NONE, callback)",
    "mqtt.tls_insecure_set(True)",
    "curl.setopt(pycurl.SSL_VERIFYPEER, 0)",
    "os.environ['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'",
    "os.environ['GIT_SSL_NO_VERIFY'] = 'true'",
    "from os import environ\nenviron['REQUESTS_CA_BUNDLE'] = ''",
    "os.environ.setdefault('PYTHONHTTPSVERIFY', '0')",
    "os.putenv('PYTHONHTTPSVERIFY', '0')",
    "os.environ.update({'A': 'b', 'CURL_CA_BUNDLE': ''})",
    "os.environ.update(GIT_SSL_NO_VERIFY='1')",
    "subprocess.run(c, env={**os.environ, 'GIT_SSL_NO_VERIFY': '1'})",
    "subprocess.run(c, env=dict(os.environ, GIT_SSL_NO_VERIFY='1'))",
    "subprocess.run(c, env=os.environ | {'GIT_SSL_NO_VERIFY': '1'})",
]

LESS = [
    ("c = ssl.create_default_context()\nc.check_hostname = False", "MEDIUM", "MEDIUM"),
    ("c.verify_mode = ssl.CERT_REQUIRED\nc.check_hostname = False", "MEDIUM", "MEDIUM"),
    ("urllib3.PoolManager(assert_hostname=False)", "MEDIUM", "MEDIUM"),
    ("redis.Redis(ssl=True, ssl_check_hostname=False)", "MEDIUM", "MEDIUM"),
    ("urllib3.disable_warnings()", "LOW", "HIGH"),
    ("urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)", "LOW", "HIGH"),
    ("requests.packages.urllib3.disable_warnings()", "LOW", "HIGH"),
    ("from urllib3 import disable_warnings\ndisable_warnings()", "LOW", "HIGH"),
    ("warnings.filterwarnings('ignore', category=InsecureRequestWarning)", "LOW", "HIGH"),
    ("warnings.simplefilter('ignore', urllib3.exceptions.HTTPWarning)", "LOW", "HIGH"),
    # Whoever answers decides.
    ("if local:\n    c.verify_mode = ssl.CERT_NONE", "MEDIUM", "MEDIUM"),
    ("if use_ssl:\n    session.verify = False", "MEDIUM", "MEDIUM"),
    ("if 'certificate verify failed' in e:\n    session.verify = False", "MEDIUM", "MEDIUM"),
    ("if proxy['type'] == 'https':\n    c.setopt(pycurl.SSL_VERIFYPEER, 0)", "MEDIUM", "MEDIUM"),
    ("if verify:\n    c.verify_mode = ssl.CERT_NONE", "MEDIUM", "MEDIUM"),
    ("if insecure: raise E\nif local:\n    c.verify_mode = ssl.CERT_NONE", "MEDIUM", "MEDIUM"),
    ("if get('VERIFY'):\n    Client(assert_hostname=False)", "MEDIUM", "MEDIUM"),
    ("if insecure:\n    warn()\nif local:\n    c.verify_mode = ssl.CERT_NONE", "MEDIUM", "MEDIUM"),
]

SILENT = [
    "s = requests.Session()\ns.verify = True",
    "s = requests.Session()\ns.verify = '/ca.pem'",
    "s = requests.Session()\ns.verify = insecure",
    "s = requests.Session()\ns.get(u, verify=True)",
    "s = requests.Session()\ns.get(u, verify='/ca.pem')",
    "requests.request('GET', u, verify=True)",
    "urllib3.PoolManager(cert_reqs='CERT_REQUIRED')",
    "urllib3.PoolManager(cert_reqs=None)",
    "urllib3.PoolManager(assert_hostname=False, assert_fingerprint=f)",
    "urllib3.PoolManager(assert_hostname='a.example')",
    "ssl._create_default_https_context = ssl.create_default_context",
    "c.check_hostname = True",
    "c.check_hostname = wanted",
    "c.verify_mode = ssl.CERT_REQUIRED",
    "c.verify_mode = ssl.CERT_OPTIONAL",
    "aiohttp.TCPConnector(ssl=True)",
    "aiohttp.TCPConnector(ssl=context)",
    "connect(u, ssl=False)",
    "redis.Redis(ssl=False)",
    "os.environ['PYTHONHTTPSVERIFY'] = '1'",
    "os.environ['CURL_CA_BUNDLE'] = '/ca.pem'",
    "os.environ['GIT_SSL_NO_VERIFY'] = '0'",
    "os.environ['OTHER'] = ''",
    "environment['CURL_CA_BUNDLE'] = ''",
    "os.environ.setdefault('CURL_CA_BUNDLE', path)",
    "os.environ.update(other)",
    "subprocess.run(c, env={**os.environ, 'A': '1'})",
    "subprocess.run(c, env=os.environ)",
    "del os.environ['CURL_CA_BUNDLE']",
    "warnings.simplefilter('ignore')",
    "warnings.filterwarnings('ignore', category=DeprecationWarning)",
    "warnings.filterwarnings('error', category=InsecureRequestWarning)",
    "urllib3.disable_warnings(urllib3.exceptions.SNIMissingWarning)",
    "logging.disable_warnings()",
    "context.set_verify(SSL.VERIFY_PEER, callback)",
    "mqtt.tls_insecure_set(False)",
    "curl.setopt(pycurl.SSL_VERIFYPEER, 1)",
    "curl.setopt(pycurl.VERBOSE, 0)",
    "MongoClient(u, tlsInsecure=False)",
    "verify: bool",
    # Not about TLS.
    "self.verify = False",
    "arguments.verify = False",
    "jwt.decode(token, key, verify=False)",
    "image.save(p, verify=False)",
    "check(token, verify=False)",
    "boto3.client('lambda', endpoint_url=u, use_ssl=False, verify=False)",
    "MongoClient(u, ssl=False, tlsAllowInvalidCertificates=True)",
    "redis.Redis(ssl=False, ssl_cert_reqs='none')",
    "async def f(s):\n    await s.get('http://localhost', ssl=False)",
    "MyTransport(verify=False)",
    "MODES = {'none': ssl.CERT_NONE}",
    "options = {'cert_reqs': None}",
    "options = {'ssl_cert_reqs': ssl.CERT_REQUIRED, **others}",
    "ssl.wrap_socket(s, server_side=True, cert_reqs=ssl.CERT_NONE)",
    "import uvicorn\nuvicorn.run(app, ssl_cert_reqs=ssl.CERT_NONE)",
    "curl.setopt(pycurl.PROXY_SSL_VERIFYPEER, 1)",
    "subprocess.run(c, env=given)",
    "options['CURL_CA_BUNDLE'] = ''",
    "env['CURL_CA_BUNDLE'] = '/ca.pem'",
    # A setting that is called after the check decides, which is like handing it on.
    "if insecure:\n    c.verify_mode = ssl.CERT_NONE",
    "if not args.verify_ssl:\n    session.verify = False",
    "if options['verify']: pass\nelse: session.verify = False",
    "if settings.get('ignore_cert_errors'):\n    urllib3.disable_warnings()",
    "if sslmode < SSLMode.require:\n    c.verify_mode = ssl.CERT_NONE",
    "if not self._verify_ssl_certs:\n    c = aiohttp.TCPConnector(verify_ssl=False)",
    "if insecure:\n    curl.setopt(pycurl.SSL_VERIFYPEER, 0)",
    "def f():\n    if verify:\n        return c\n    c.verify_mode = ssl.CERT_NONE",
    "for a in b:\n    if verify:\n        continue\n    c.verify_mode = ssl.CERT_NONE",
    # The certificate is fetched to be looked at.
    "def f():\n    c.verify_mode = ssl.CERT_NONE\n    return c.wrap_socket(s).getpeercert(True)",
    # What B501 and B323 say already.
    "requests.get(u, verify=False)",
    "requests.api.post(u, verify=False)",
    "httpx.get(u, verify=False)",
    "httpx.Client(verify=False)",
    "c = ssl._create_unverified_context()",
    # A server that asks for no certificates of its clients.
    "c = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)\nc.verify_mode = ssl.CERT_NONE",
    "c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)\nc.verify_mode = ssl.CERT_NONE",
    "c = ssl.create_default_context(purpose=ssl.Purpose.CLIENT_AUTH)\nc.check_hostname = False",
    # One finding is enough, which is verify_mode's; or a setting decides, or it is put back.
    "self.check_hostname = False",
    "c.check_hostname = False\nc.verify_mode = mode",
    "c.check_hostname = False\nuse(c)\nc.check_hostname = before",
    "c = ssl.create_default_context(cafile=one)\nc.check_hostname = False",
    "if not server_hostname:\n    c.check_hostname = False",
    "from tools import match_hostname\nc.check_hostname = False",
]


@pytest.mark.parametrize("source", OFF)
def test_off(source: str) -> None:
    source = HEAD + source
    assert said("TH105", source) == [(source.count("\n") + 1, "HIGH", "HIGH")]
    assert names_cover("TH105", source)


@pytest.mark.parametrize(("source", "severity", "confidence"), LESS)
def test_less(source: str, severity: str, confidence: str) -> None:
    source = HEAD + source
    assert said("TH105", source) == [(source.count("\n") + 1, severity, confidence)]


@pytest.mark.parametrize("source", SILENT)
def test_silent(source: str) -> None:
    assert said("TH105", HEAD + source) == []


def test_the_usual_pair_is_one_finding() -> None:
    source = HEAD + "c.check_hostname = False\nc.verify_mode = ssl.CERT_NONE"
    assert said("TH105", source) == [(3, "HIGH", "HIGH")]


def test_the_line_is_that_of_the_keyword() -> None:
    source = HEAD + "requests.request(\n    'GET',\n    u,\n    verify=False,\n)"
    assert said("TH105", source) == [(5, "HIGH", "HIGH")]


def test_a_client_by_its_name_where_no_library_is_imported() -> None:
    assert said("TH105", "self.session.get(u, verify=False)") == [(1, "HIGH", "HIGH")]
    assert said("TH105", "cache.get(u, verify=False)") == []
    assert said("TH105", "s.get(u, ssl=False)") == []
    assert said("TH105", "x.client('s3', verify=False)") == []


def test_it_says_what_to_do() -> None:
    (issue,) = issues("TH105", HEAD + OFF[0])
    assert issue.text.startswith("verify = False turns the check of TLS certificates off: ")
    assert issue.cwe.id == 295


def test_in_plain_bandit(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("import ssl\n\nc.verify_mode = ssl.CERT_NONE\nf(verify_ssl=False)\n", "utf-8")
    results = plain("TH105", file)
    assert [result["line_number"] for result in results] == [3, 4]
