"""The digests of every lock format: what is sound, what is not, and where it stands."""
# ruff: noqa: E501  # lines as the lockers write them

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.core.files import File, Unreadable
from tenterhooks.formats.locks import hashes, weak

A, B, C = "a" * 64, "b" * 64, "0123456789abcdef" * 4

UV = f"""\
version = 1
revision = 3
requires-python = ">=3.10"

[[package]]
name = "alpha"
version = "1.0"
source = {{ registry = "https://index.example/simple" }}
dependencies = [
    {{ name = "beta" }},
]
sdist = {{ url = "https://files.example/alpha-1.0.tar.gz", hash = "sha256:{A}", size = 1 }}
wheels = [
    {{ url = "https://files.example/alpha-1.0-py3-none-any.whl", hash = "sha256:{B}", size = 12, upload-time = "2026-01-01T00:00:00.000Z" }},
    {{ url = "https://files.example/alpha-1.0-cp313-cp313-win32.whl", hash = "sha256:{C}" }},
]

[[package]]
name = "beta"
version = "2.0"
source = {{ url = "https://files.example/beta-2.0.tar.gz" }}
sdist = {{ hash = "sha256:{B}" }}

[[package]]
name = "gamma"
version = "3.0"
source = {{ path = "vendor/gamma-3.0-py3-none-any.whl" }}
wheels = [
    {{ filename = "gamma-3.0-py3-none-any.whl", hash = "sha256:{C}" }},
]
"""

POETRY = f"""\
[[package]]
name = "alpha"
version = "1.0"
files = [
    {{file = "alpha-1.0-py3-none-any.whl", hash = "sha256:{A}"}},
    {{file = "alpha-1.0.tar.gz", hash = "sha256:{B}"}},
]

[[package]]
name = "beta"
version = "2.0"
files = [
    {{file = "beta-2.0.zip", hash = "sha256:{C}"}},
]

[package.source]
type = "url"
url = "https://files.example/beta-2.0.zip"

[metadata]
lock-version = "2.1"
content-hash = "{B}"
"""

OLD_POETRY = f"""\
[[package]]
name = "alpha"
version = "1.0"

[[package]]
name = "beta"
version = "2.0"

[package.source]
type = "git"

[metadata]
lock-version = "1.1"

[metadata.files]
alpha = [
    {{file = "alpha-1.0-py3-none-any.whl", hash = "sha256:{A}"}},
    {{file = "alpha-1.0.tar.gz", hash = "sha256:{B}"}},
]
beta = []
"""

PDM = f"""\
[metadata]
strategy = ["inherit_metadata"]
lock_version = "4.5.0"
content_hash = "sha256:{B}"

[[package]]
name = "alpha"
version = "1.0"
files = [
    {{file = "alpha-1.0-py3-none-any.whl", hash = "sha256:{A}"}},
    {{url = "https://files.example/alpha-1.0.tar.gz", hash = "sha256:{B}"}},
]

[[package]]
name = "alpha"
version = "1.0"
extras = ["fast"]
dependencies = ["alpha==1.0"]
"""

OLD_PDM = f"""\
[[package]]
name = "alpha"
version = "1.0"

[[package]]
name = "alpha"
version = "1.0"
extras = ["fast"]

[metadata]
lock_version = "4.2"

[metadata.files]
"alpha 1.0" = [
    {{url = "https://files.example/alpha-1.0.tar.gz", hash = "sha256:{B}"}},
]
"""

PIPENV = f"""\
{{
    "_meta": {{
        "hash": {{
            "sha256": "x"
        }},
        "pipfile-spec": 6
    }},
    "default": {{
        "alpha": {{
            "hashes": [
                "sha256:{A}",
                "sha256:{B}"
            ],
            "index": "pypi",
            "version": "==1.0"
        }}
    }},
    "develop": {{
        "beta": {{
            "hashes": [
                "sha256:{C}"
            ],
            "version": "==2.0"
        }}
    }}
}}
"""

PYLOCK = f"""\
lock-version = "1.0"
created-by = "uv"

[[packages]]
name = "alpha"
version = "1.0"
sdist = {{ url = "https://files.example/alpha-1.0.tar.gz", upload-time = 2026-01-01T00:00:00Z, size = 7, hashes = {{ sha256 = "{A}" }} }}
wheels = [
    {{ url = "https://files.example/alpha-1.0-py3-none-any.whl", size = 8, hashes = {{ sha256 = "{B}" }} }},
    {{name = "alpha-1.0-cp313-cp313-win32.whl", url = "https://files.example/a.whl", hashes = {{sha256 = "{C}"}}}},
]

[[packages]]
name = "beta"

[packages.archive]
url = "https://files.example/beta.zip"

[packages.archive.hashes]
sha256 = "{A}"
"""

LOCKS = {
    "uv.lock": UV,
    "poetry.lock": POETRY,
    "old/poetry.lock": OLD_POETRY,
    "pdm.lock": PDM,
    "old/pdm.lock": OLD_PDM,
    "Pipfile.lock": PIPENV,
    "pylock.toml": PYLOCK,
    "pylock.docs.toml": PYLOCK,
}
DIGESTS = [
    (path, match.span(2))
    for path, text in LOCKS.items()
    for match in re.finditer(r'"(sha256:)?([0-9a-f]{64})"', text)
    if "content" not in text[: match.start()].rpartition("\n")[2]
]


def findings(path: str, content: str | bytes) -> list[tuple[int, str]]:
    """Line and message of each finding."""
    data = content if isinstance(content, bytes) else content.encode()
    return [(found.line, found.message) for found in weak.check(File(path, path, path, data))]


@pytest.mark.parametrize("path", LOCKS)
def test_a_sound_lock(path: str) -> None:
    assert re.search(weak.LOCKS, path)
    assert findings(path, LOCKS[path]) == []
    assert findings(path, "\ufeff" + LOCKS[path].replace("\n", "\r\n")) == []
    assert findings(path, LOCKS[path].replace(A, "F" * 64).replace(B, "F" * 64)) == []


@pytest.mark.parametrize(("path", "span"), DIGESTS)
@pytest.mark.parametrize("digits", ["", "a" * 63, "a" * 65, "g" * 64, "a" * 63 + " ", A[:40]])
def test_every_tampered_digest_is_found(path: str, span: tuple[int, int], digits: str) -> None:
    text = LOCKS[path]
    tampered = text[: span[0]] + digits + text[span[1] :]
    ((line, message),) = findings(path, tampered)
    written = tampered.split("\n")[line - 1]
    assert digits in written
    assert re.search(r"hash|sha256", written)
    assert re.match("the hash of (alpha|beta|gamma)", message)
    # The lines of a file count the same whatever their ends.
    assert findings(path, tampered.replace("\n", "\r\n")) == [(line, message)]


@pytest.mark.parametrize(("path", "span"), DIGESTS)
@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha224", "unknown"])
def test_every_weak_algorithm_is_found(path: str, span: tuple[int, int], algorithm: str) -> None:
    text = LOCKS[path]
    start = text.rindex("sha256", 0, span[0])
    ((_, message),) = findings(path, text[:start] + algorithm + text[start + 6 :])
    assert algorithm in message


@pytest.mark.parametrize(
    ("path", "old", "new", "wanted"),
    [
        ("uv.lock", f', hash = "sha256:{C}"', "", (15, "alpha (alpha-1.0-cp313-cp313-win32.whl)")),
        ("uv.lock", f'hash = "sha256:{B}" ', "", (22, "beta")),
        ("uv.lock", f'hash = "sha256:{C}" }},\n]\n\n', f'hashes = {{sha256 = "{C}"}} }},\n]\n\n',
         (15, "alpha (alpha-1.0-cp313-cp313-win32.whl)")),
        ("poetry.lock", f', hash = "sha256:{B}"', "", (6, "alpha (alpha-1.0.tar.gz)")),
        ("poetry.lock", f'[\n    {{file = "beta-2.0.zip", hash = "sha256:{C}"}},\n]', "[]",
         (10, "beta")),
        ("old/poetry.lock", "alpha = [", "alpha-x = [", (2, "alpha")),
        ("pdm.lock", f', hash = "sha256:{B}"', "", (11, "alpha (alpha-1.0.tar.gz)")),
        ("old/pdm.lock", f', hash = "sha256:{B}"', "", (15, "alpha (alpha-1.0.tar.gz)")),
        ("old/pdm.lock", '"alpha 1.0" =', '"alpha2 1.0" =', (2, "alpha")),
        ("Pipfile.lock", f'[\n                "sha256:{C}"\n            ]', "[]", (20, "beta")),
        ("Pipfile.lock", f'[\n                "sha256:{C}"\n            ]', "null", (20, "beta")),
        ("Pipfile.lock", '"hashes": [\n                "sha256:0', '"x": [\n                "sha256:0',
         (19, "beta")),
        ("pylock.toml", f', hashes = {{ sha256 = "{B}" }}', "",
         (9, "alpha (alpha-1.0-py3-none-any.whl)")),
        ("pylock.toml", f'{{ sha256 = "{B}" }}', "{}", (9, "alpha (alpha-1.0-py3-none-any.whl)")),
        ("pylock.toml", f'hashes = {{ sha256 = "{B}" }}', f'hash = "sha256:{B}"',
         (9, "alpha (alpha-1.0-py3-none-any.whl)")),
        ("pylock.toml", f'\n[packages.archive.hashes]\nsha256 = "{A}"\n', "",
         (16, "beta (beta.zip)")),
    ],
)  # fmt: skip
def test_a_missing_hash_is_found(path: str, old: str, new: str, wanted: tuple[int, str]) -> None:
    assert old in LOCKS[path]
    line, what = wanted
    assert findings(path, LOCKS[path].replace(old, new, 1)) == [(line, f"{what} has no hash")]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("uv.lock", '[[package]]\nname = "a"\nsource = { git = "https://x.example/a?rev=b#c" }\n'),
        ("uv.lock", '[[package]]\nname = "a"\nsource = { editable = "." }\n'),
        ("uv.lock", '[[package]]\nname = "a"\nsource = { virtual = "." }\n'),
        ("uv.lock", '[[package]]\nname = "a"\nsource = { directory = "a" }\nwheels = [{}]\n'),
        ("uv.lock", '[[package]]\nname = "a"\nsource = { registry = "wheels" }\nwheels = [\n    { path = "a-1-py3-none-any.whl" },\n]\n'),
        ("poetry.lock", '[[package]]\nname = "a"\nfiles = []\n[package.source]\ntype = "git"\n'),
        ("poetry.lock", '[[package]]\nname = "a"\nfiles = []\n[package.source]\ntype = "directory"\n'),
        ("poetry.lock", f'[[package]]\nname = "a"\n[metadata.hashes]\na = ["{A}"]\n'),
        ("pdm.lock", '[[package]]\nname = "a"\ngit = "https://x.example/a"\nrevision = "b"\n'),
        ("pdm.lock", '[[package]]\nname = "a"\neditable = true\npath = "./a"\n'),
        ("pdm.lock", '[[package]]\nname = "a"\npath = "./a"\n'),
        ("Pipfile.lock", '{"default": {"a": {"git": "https://x.example/a", "ref": "b"}}}'),
        ("Pipfile.lock", '{"default": {"a": {"editable": true, "path": "."}}}'),
        ("Pipfile.lock", '{"default": {"a": {"file": "wheels/a-1.tar.gz"}}}'),
        ("Pipfile.lock", '{"default": {"a": {"file": "file:///wheels/a-1.tar.gz"}}}'),
        ("pylock.toml", '[[packages]]\nname = "a"\n[packages.vcs]\ntype = "git"\n'),
        ("pylock.toml", '[[packages]]\nname = "a"\n[packages.directory]\npath = "."\n'),
        ("Pipfile.lock", "{}"),
        *((path, "") for path in LOCKS if path != "Pipfile.lock"),
    ],
)  # fmt: skip
def test_what_needs_no_hash(path: str, text: str) -> None:
    assert findings(path, text) == []


def test_of_a_key_that_stands_twice_json_takes_the_last() -> None:
    bad, good = '["md5:a"]', f'["sha256:{A}"]'
    entry = '{"default": {"a": {"hashes": %s,\n"hashes": %s}}}'
    assert findings("Pipfile.lock", entry % (bad, good)) == []
    assert findings("Pipfile.lock", entry % (good, bad)) == [
        (2, "the hash of a is md5, which can be forged")
    ]


@pytest.mark.parametrize("path", [path for path in LOCKS if path != "Pipfile.lock"])
def test_a_mark_in_the_text_is_no_sound_artifact(path: str) -> None:
    text = re.sub(r"(?m)^    \{ ?(file|url|name = \"alpha-).*\},$", '    "+",', LOCKS[path])
    assert text != LOCKS[path]
    with pytest.raises(Unreadable, match="must be a table"):
        findings(path, text)


@pytest.mark.parametrize("quotes", ["'''", '"""'])
def test_lines_in_a_string_are_no_artifacts(quotes: str) -> None:
    line = f'    {{ url = "https://files.example/a.whl", hash = "sha256:{A}" }},\n'
    text = f'x = {quotes}\n{line}{quotes}\n[[package]]\nname = "a"\nwheels = [{{}}]\n'
    assert findings("uv.lock", text) == [(6, "a has no hash")]


@pytest.mark.parametrize("path", LOCKS)
def test_a_conflict_is_found_on_any_line(path: str) -> None:
    lines = LOCKS[path].split("\n")
    for number in range(len(lines)):
        text = "\n".join([*lines[:number], "<<<<<<< HEAD", *lines[number:]])
        with pytest.raises(Unreadable) as caught:
            findings(path, text)
        assert caught.value.rule == "invalid-file"
        assert caught.value.line == number + 1


@pytest.mark.parametrize("path", LOCKS)
@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe[\x00",
        b"[[package]]\nname = \x80",
        b"\x00",
        b"x = " + b"[" * 100_000,
        b'{"a": ' * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b"null",
        b"[]",
        b"x = 1_",
        b"[package]\nname = 1\n[packages]\n[[default]]",
        b"package = [1]\npackages = [1]\n",
        b'{"default": []}',
        b'{"default": 1' + b"1" * 5000 + b"}",
    ],
)
def test_what_is_no_lock_is_said(path: str, content: bytes) -> None:
    with pytest.raises(Unreadable):
        findings(path, content)


@pytest.mark.parametrize("path", LOCKS)
@given(data=st.data())
def test_no_damage_crashes(path: str, data: st.DataObject) -> None:
    text = LOCKS[path]
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = start + data.draw(st.sampled_from([0, 0, 1, 1, 8, 80, 10_000]))
        words = st.sampled_from(["", "0", '"', "{}", "[]", "[", "}", "1", "\n", '"""', "'", "hash"])
        text = text[:start] + data.draw(words | st.text(max_size=3)) + text[end:]
    content = text.encode("utf-8", "surrogatepass")
    try:
        found = findings(path, content)
    except Unreadable as error:
        assert 1 <= error.line <= len(re.split("\r\n|\r|\n", text)) + 1  # noqa: PT017
    else:
        assert all(1 <= line <= text.count("\n") + text.count("\r") + 1 for line, _ in found)


WORDS = st.text(max_size=3) | st.sampled_from(
    ["package", "packages", "name", "files", "hash", "hashes", "source", "type", "wheels", "sdist",
     "metadata", "default", "file", "+", f"sha256:{A}"]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
)


@given(st.dictionaries(WORDS, VALUES, max_size=4))
def test_no_form_of_json_crashes(root: dict[str, object]) -> None:
    import json

    for text in (json.dumps(root), json.dumps(root, indent=4)):
        try:
            findings("Pipfile.lock", text)
        except Unreadable as error:
            assert error.rule == "invalid-file"  # noqa: PT017


@pytest.mark.parametrize(
    ("path", "command"),
    [
        ("uv.lock", "uv lock --upgrade-package alpha"),
        ("poetry.lock", "poetry lock"),
        ("pdm.lock", "pdm lock"),
        ("Pipfile.lock", "pipenv lock"),
        ("pylock.toml", "uv export --format pylock.toml --output-file pylock.toml"),
    ],
)
def test_the_fix_names_the_command_of_the_locker(path: str, command: str) -> None:
    data = LOCKS[path].replace(A, "0").encode()
    (fix,) = {str(finding.fix) for finding in weak.check(File(path, path, path, data))}
    assert fix == f"restore the lock from git, or write it anew: {command}"


def test_a_name_in_a_command_is_harmless() -> None:
    text = '[[package]]\nname = "a; rm x"\nwheels = [{}]\n'
    (finding,) = weak.check(File("uv.lock", "", "", text.encode()))
    assert (finding.fix or "").endswith("--upgrade-package NAME")


def test_a_lock_of_a_million_brackets_is_read_in_no_time() -> None:
    lock = hashes.load(File("uv.lock", "", "", (UV + "x = [" + "{a=[]}," * 200_000 + "]").encode()))
    assert list(lock.artifacts()) == []


@pytest.mark.parametrize("path", ["uv.lock", "poetry.lock", "pdm.lock", "pylock.toml"])
def test_a_control_character_is_no_artifact(path: str) -> None:
    """It is what cut lines are marked with, for a moment."""
    text = re.sub(r"(\[\n)    \{", "\\1\x01    {", LOCKS[path])
    assert "\x01" in text
    with pytest.raises(Unreadable, match="not valid TOML"):
        hashes.load(File(path, path, path, text.encode()))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("weak_one", [0, 1, 2])
def test_one_weak_file_among_sound_ones(weak_one: int, end: str) -> None:
    digests = [A, B, C]
    digests[weak_one] = "a"
    lines = [f'    {{file = "a-{digest[:2]}", hash = "sha256:{digest}"}},' for digest in digests]
    text = end.join(['[[package]]\nname = "a"', "files = [", *lines, "]", "", "[metadata]"])
    ((line, message),) = findings("poetry.lock", text)
    assert line == 4 + weak_one
    assert "has 1 hex digits" in message


def test_whether_a_text_was_cut() -> None:
    def lock(path: str, text: str) -> hashes.Lock:
        return hashes.load(File(path, path, path, text.encode()))

    assert lock("uv.lock", UV).has_cut('url = "')
    assert not lock("uv.lock", UV).has_cut("registry")
    assert not lock("poetry.lock", POETRY).has_cut('url = "')
    # Read as it is, nothing is missing.
    assert not lock("uv.lock", UV + 'more = "+"\n').has_cut('url = "')


def test_names_of_an_old_pdm_lock_are_the_same_in_any_spelling() -> None:
    text = (
        '[[package]]\nname = "Jinja2"\nversion = "3.0.2"\n\n[metadata]\nlock_version = "3.1"\n\n'
        f'[metadata.files]\n"jinja2 3.0.2" = [\n    {{file = "a.whl", hash = "sha256:{A}"}},\n]\n'
    )
    assert findings("pdm.lock", text) == []
