"""What the comments, the options and the layers of compiled files mean, and input that means
nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lock_in_sync.test_compiled import (
    DATA,
    INCOMPLETE,
    ORPHAN,
    STALE,
    TXT,
    UNSATISFIED,
    findings,
)
from lock_in_sync.test_compiled_inputs import HEADER, UV, file, make

from tenterhooks.core.files import File, Repository, Unreadable
from tenterhooks.formats import compiled as compiled_format
from tenterhooks.lock_in_sync import compiled

ALPHA = "alpha==1.5\n    # via -r {}\n"


LAYERS = {
    "base.in": "alpha\n",
    "base.txt": HEADER.format("pip-compile base.in") + ALPHA.format("base.in"),
    "dev.in": "-c base.txt\nalpha\n",
    "dev.txt": HEADER.format("pip-compile dev.in") + ALPHA.format("dev.in"),
}


def test_layers_agree(tmp_path: Path) -> None:
    assert findings(make(tmp_path / "top", LAYERS), "dev.txt", strict=True) == []


@pytest.mark.parametrize("include", ["-c base.txt\nalpha\n", "-r base.txt\nalpha\n"])
def test_a_layer_contradicts_another(include: str, tmp_path: Path) -> None:
    texts = {**LAYERS, "dev.in": include, "base.txt": LAYERS["base.txt"].replace("1.5", "2.0")}
    found = findings(make(tmp_path / "top", texts), "dev.txt")
    assert [(each.rule, each.path, each.line) for each in found] == [(UNSATISFIED, "dev.txt", 7)]
    assert found[0].message == "alpha==1.5 contradicts alpha==2.0, which base.txt:7 has"
    assert found[0].fix == "pip-compile dev.in"


def test_the_fix_says_the_folder(tmp_path: Path) -> None:
    texts = {f"x/{name}": text for name, text in LAYERS.items()} | {"x/dev.in": "theta\nalpha\n"}
    found = findings(make(tmp_path / "top", texts), "x/dev.txt")
    assert [(each.path, each.line, each.column) for each in found] == [("x/dev.in", 1, 1)]
    assert found[0].fix == "(cd x && pip-compile dev.in)"


# A compiled file, its requirements.in, and the rule that is broken.
COMMENTS = [
    ("alpha==1.5  # via -r requirements.in\nbeta==2  # via alpha\n", "alpha\n", ""),
    ("alpha==1.5  # via -r requirements.in, beta\n", "", ""),
    (
        "alpha==1.5  # via -r requirements.in (line 3)\n",
        "",
        "alpha==1.5 is here for requirements.in, which",
    ),
    (
        "alpha==1.5  # via -r requirements.in, beta\nbeta==1\n    # via -r requirements.in\n",
        "",
        "beta==1 is here",
    ),
    ("-e file:///home/me/x\n    # via -r requirements.in\n", "-e ./x\n", ""),
    ("x @ file:///home/me/x\n    # via -r requirements.in\n", "./x\n", ""),
    (
        "x @ https://example.org/x.zip\n    # via -r requirements.in\n",
        "x @ https://example.org/x.zip\n",
        "",
    ),
    (
        "x @ https://example.org/y.zip\n    # via -r requirements.in\n",
        "x @ https://example.org/x.zip\n",
        "x.zip is declared",
    ),
    (
        "x @ git+https://example.org/X.git@main\n    # via -r requirements.in\n",
        "x @ git+https://me@example.org/x@dev\n",
        "",
    ),
    (
        "x @ git+https://example.org/x@" + "1" * 40 + "\n    # via -r requirements.in\n",
        "x @ git+https://example.org/x@" + "2" * 40 + "\n",
        "is declared",
    ),
    ("x==1\n    # via -r requirements.in\n", "x @ git+https://example.org/x\n", "has x==1"),
    ("alpha==1.5\n    # via -r requirements.in\n", "alpha\nsetuptools\npip>=20\n", ""),
    (
        "alpha==1.5\n\n# The following packages were excluded from the output:\n# theta\n",
        "alpha\ntheta\n",
        "",
    ),
    ("alpha==1.5\n    # via -r requirements.in\n", "alpha\n${NAME}\n", ""),
    ("alpha==1.5\n    # via -r requirements.in\n", "${NAME}\n", ""),
    ("alpha==1.5\n    # via -r requirements.in\n", "-r gone.in\n", ""),
    ("alpha==1.5\n    # via -r requirements.in\n", "-r requirements.in\nalpha\n", ""),
    ("alpha==1.5+cpu\n    # via -r requirements.in\n", "alpha==1.5\n", ""),
    ("alpha==1.5rc1\n    # via -r requirements.in\n", "alpha>=1.5rc1\n", ""),
    ("alpha==weird\n    # via -r requirements.in\n", "alpha>=1\n", ""),
    ("alpha\n    # via -r requirements.in\n", "alpha>=1\n", ""),
]


@pytest.mark.parametrize(("text", "source", "words"), COMMENTS)
def test_comments_and_addresses(text: str, source: str, words: str, tmp_path: Path) -> None:
    texts = {TXT: HEADER.format("pip-compile requirements.in") + text, "requirements.in": source}
    found = findings(make(tmp_path / "top", texts))
    assert [words in each.message for each in found] == ([True] if words else [])


CUSTOM = [
    ("./build.sh", "alpha\n", "alpha==1.5\n    # via -r requirements.in\n", ""),
    ("./build.sh", "theta\n", "alpha==1.5\n    # via -r requirements.in\n", STALE),
    # What a script of the project's own adds, or takes away, is its business.
    ("./build.sh", "alpha\n", "alpha==1.5\n    # via -r requirements.in\ntheta==1\n", ""),
    ("./build.sh", "alpha\n", "alpha==1.5\n    # via -r requirements.in\nx==1\n    # via y\n", ""),
    (
        "pip-compile requirements.in",
        "alpha\n",
        "alpha==1.5\n    # via -r requirements.in\nx==1\n    # via y\n",
        INCOMPLETE,
    ),
    (
        "pip-compile requirements.in",
        "alpha\n",
        "alpha==1.5\n    # via -r requirements.in\nx==1\n",
        ORPHAN,
    ),
    ("pip-compile --no-annotate requirements.in", "alpha\n", "alpha==1.5\nx==1\n", ""),
    ("pip-compile --unsafe-package=theta requirements.in", "alpha\ntheta\n", "alpha==1.5\n", ""),
    (
        "uv pip compile --no-emit-package theta requirements.in",
        "alpha\ntheta\n",
        "alpha==1.5\n",
        "",
    ),
    ("uv pip compile --overrides o.txt requirements.in", "alpha>=3\n", "alpha==1.5\n", ""),
    ("uv pip compile --excludes o.txt requirements.in", "alpha>=3\n", "", ""),
    (
        "uv pip compile -c o.txt requirements.in",
        "alpha\n",
        "alpha==2\n",
        "alpha==1.5 is a constraint",
    ),
    (
        "uv pip compile requirements.in",
        "alpha<1\n",
        "alpha==1.5\n    # via\n    #   --override x.txt\n    #   -r requirements.in\n",
        "",
    ),
]


@pytest.mark.parametrize(("command", "source", "text", "words"), CUSTOM)
def test_commands_and_options(
    command: str, source: str, text: str, words: str, tmp_path: Path
) -> None:
    header = UV if command.startswith("uv") else HEADER
    texts = {TXT: header.format(command) + text, "requirements.in": source, "o.txt": "alpha==1.5\n"}
    found = findings(make(tmp_path / "top", texts))
    said = [f"{each.rule} {each.message}" for each in found]
    assert len(said) >= bool(words)
    assert all(words and words in each for each in said)


UNDECIDED = [
    ({TXT: HEADER.format("pip-compile gone.in") + "alpha==1\n"}, "gone.in is not there"),
    ({TXT: "alpha==1\n    # via beta\n"}, "it does not say its source"),
    ({TXT: HEADER.format("pip-compile setup.py") + "a==1\n", "setup.py": ""}, "is a program"),
    (
        {
            TXT: HEADER.format("pip-compile pyproject.toml"),
            "pyproject.toml": "[project]\nname = 'x'\ndynamic = ['dependencies']\n",
        },
        "are dynamic",
    ),
    (
        {TXT: HEADER.format("pip-compile pyproject.toml"), "pyproject.toml": "[project\n"},
        "is not valid TOML",
    ),
    ({TXT: UV.format("uv export")}, "there is no uv.lock"),
    (
        {TXT: HEADER.format("pip-compile a.in"), "a.in": "-r https://example.org/b.in\n"},
        "is not known here",
    ),
]


@pytest.mark.parametrize(("texts", "why"), UNDECIDED)
def test_undecided(texts: dict[str, str], why: str, tmp_path: Path) -> None:
    repository = make(tmp_path / "top", texts)
    assert findings(repository) == []
    found = findings(repository, strict=True)
    assert [each.rule for each in found] == ["lock-undecided"]
    assert why in found[0].message
    assert found[0].message.startswith("whether requirements.txt is in sync is not known: ")


def test_a_command_that_a_comment_imitates_runs_nothing(tmp_path: Path) -> None:
    """Commands are read, in messages too, and never run."""
    command = f"pip-compile $(touch {tmp_path}/ran) requirements.in"
    texts = {TXT: HEADER.format(command) + "alpha==1\n", "requirements.in": "theta\n"}
    findings(make(tmp_path / "top", texts))
    assert not (tmp_path / "ran").exists()


def test_links_out_of_the_repository_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside.in").write_text("theta\n")
    repository = make(tmp_path / "top", {TXT: HEADER.format("pip-compile r.in") + "alpha==1\n"})
    (tmp_path / "top" / "r.in").symlink_to("../outside.in")
    assert findings(repository) == []


PIECES = st.sampled_from(
    [
        "#    pip-compile a.in\n", "# This file is autogenerated by pip-compile with Python 3.11\n",
        "# This file was autogenerated by uv via the following command:\n", "#    uv export\n",
        "#    uv pip compile pyproject.toml --all-extras --group x -o r.txt\n", "alpha==1.5",
        "\n    # via\n", "    #   -r a.in\n", "\n    # via -r a.in, -c ../b, x (pyproject.toml)\n",
        "gamma[fast]==2 ; python_version > '3'", "\n", "\\\n", "-r r.txt\n", "-r a.in\n", "# SHA1:",
        "0" * 40, "\n# This file was generated by pip-compile-multi.\n", "-e .\n", "\0", "\u2028",
        "[project]\nname='x'\n", "dependencies=[1,'alpha>2',{}]\n", "[tool.uv]\nsources=3\n",
        "[dependency-groups]\nx=['y',{include-group='x'}]\n", "[[package]]\nname=1\n",
        "[[package]]\nname='x'\nsource={virtual='.'}\ndependencies=[{name='x',extra=[1]}]\n",
    ]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=4)), st.lists(PIECES), st.lists(PIECES))
def test_whatever_stands_there_is_borne(
    lock: list[str], source: list[str], project: list[str]
) -> None:
    """Nothing but Unreadable is raised, by any text."""
    repository = Repository(str(DATA))
    texts = {"r.txt": lock, "a.in": source, "pyproject.toml": project, "uv.lock": project}
    for name, pieces in texts.items():
        held = repository.file(f"pip/{name}")
        repository.put(File(held.path, str(DATA / "pip" / TXT), name, "".join(pieces).encode()))
    try:
        findings(repository, "pip/r.txt", strict=True)
        compiled.sources(repository.file("pip/r.txt"), repository)
    except Unreadable:
        pass


@pytest.mark.parametrize(
    "text",
    [
        "# via\n" * 50_000,
        "a==1\n    # via\n" + "    #   -r a.in\n" * 50_000,
        "".join(f"a{n}==1\n    # via b{n}\n" for n in range(20_000)),
        HEADER.format("pip-compile " + "a.in " * 20_000),
        "# The following packages were excluded from the output:\n" * 20_000,
    ],
)
def test_large_files_take_linear_time(text: str, tmp_path: Path) -> None:
    make(tmp_path / "top", {TXT: text, "a.in": "theta\n" * 2_000})
    code = (
        "import sys; from types import SimpleNamespace\n"
        "from tenterhooks.core.files import Repository\n"
        "from tenterhooks.lock_in_sync import compiled\n"
        "repository = Repository(sys.argv[1])\n"
        "list(compiled.check(repository.file('requirements.txt'), repository,"
        " SimpleNamespace(strict=True, compiled=[])))"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "top")], check=True, timeout=20)


def test_left_out_names() -> None:
    text = "a==1\n\n# The following packages were excluded from the output:\n# pip\n# x.y\n\n# z\n"
    assert compiled_format.load(file(text)).left_out == {"pip", "x.y"}
