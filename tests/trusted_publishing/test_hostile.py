"""Files that are almost right: nothing but Unreadable is ever raised."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tools import examples

from tenterhooks.core import edits
from tenterhooks.core.files import File, Repository, Unreadable
from tenterhooks.trusted_publishing import PRACTICE, budget, check, known, services

EXAMPLES = Path(__file__).parent.parent / "examples" / PRACTICE.id
PIPELINES = [
    (path.relative_to(case).as_posix(), path.read_bytes().decode())
    for case in sorted(EXAMPLES.glob("*/*"))
    for path in sorted(case.rglob("*"))
    if path.is_file() and services.service(path.relative_to(case).as_posix())
]
PIECES = [
    *"[]{}()'\"|>-:*&#$`\\\n\t %!,?=<;@",
    *("\r\n", "\0", "\ufeff", "\u0130", "\u2028", "\U0001f600", "${{", "}}", "${{ secrets.A }}"),
    *(
        "<<EOF\n",
        "$(",
        "&a ",
        "*a",
        "? ",
        "!!binary ",
        "|-\n",
        "\n  ",
        "\n      - ",
        "null",
        "---\n",
    ),
    *(": {", ": [", "if: ", "env:\n", "with:\n", "uses: ./", "run: ", "extends: ", "include: "),
]


@st.composite
def broken(draw: st.DrawFn) -> tuple[str, str]:
    """The path of an example, and its text with pieces put in, taken out, doubled or moved."""
    path, text = draw(st.sampled_from(PIPELINES))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 30)))
        cut = text[start:end]
        new = draw(st.sampled_from(["", cut * 2, cut[::-1], text[: end - start], *PIECES]))
        text = text[:start] + new + text[end:]
    return path, text


@settings(
    max_examples=examples(400),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(broken())
def test_almost_right(case: tuple[str, str]) -> None:
    path, text = case
    file = File(path, f"/nowhere/{path}", path, text.encode("utf-8", "surrogatepass"))
    options = PRACTICE.defaults(strict=True, spec8=True)
    try:
        found = list(check(file, Repository("/nowhere"), options))
    except Unreadable:
        return
    lines = text.count("\n") + text.count("\r") + 1
    for finding in found:
        assert finding.path == path
        assert 1 <= finding.line <= lines
        assert finding.column >= 1
        assert finding.message
    edits.apply(file.text, [edit for it in found for edit in it.edits])


def test_there_are_examples_of_every_service() -> None:
    assert {services.service(path) for path, _ in PIPELINES} == set(known.SERVICES)


HEAD = "on: push\njobs:\n  release:\n    runs-on: ubuntu-latest\n    steps:\n"


@pytest.mark.parametrize(
    "text",
    [
        "bash -c " * 2000 + "twine upload",
        "twine upload " + "-p $A" * 5000,
        "A=$A$A\n" * 3000 + "twine upload -p $A",
        "cat <<EOF > ~/.pypirc\n" + "password = a\n" * 3000 + "EOF\ntwine upload",
        "export "
        + " ".join(f"A{n}=$A{n + 1}$A{n + 1}" for n in range(3000))
        + "; twine upload -p $A0",
        "twine upload -p " + "$(" * 3000,
        "echo a " + "| tee " * 3000 + "> x.pypirc",
        "twine upload -p '" + "${{" * 3000,
        "poetry config " + "pypi-token." * 3000 + " x",
    ],
    ids=lambda text: text[:16].replace("\n", " "),
)
def test_much_of_it(text: str) -> None:
    """Neither depth nor length makes it fail, or makes it take minutes."""
    lines = "".join(f"          {line}\n" for line in text.splitlines())
    data = f"{HEAD}      - run: |\n{lines}".encode()
    path = ".github/workflows/release.yml"
    file = File(path, f"/nowhere/{path}", path, data)
    list(check(file, Repository("/nowhere"), PRACTICE.defaults(strict=True, spec8=True)))


WORDS = st.sampled_from(
    [
        *("twine", "upload", "uv publish", "poetry", "config", "pypi-token.pypi", "-p", "-pX"),
        *("--password=", "$T", "${T}", "T=", "export", "echo", "printf '%s %%'", "cat", "tee x"),
        *("> ~/.pypirc", ">> $GITHUB_ENV", "<<EOF", "EOF", "\n", "\n", "|", ";", "&&", "(", ")"),
        *(
            "{",
            "}",
            "'",
            '"',
            "`",
            "$(",
            "[pypi]",
            "password = $T",
            "bash -c",
            "eval",
            "curl -u a:",
        ),
        *("keyring set", "pip install -r", "hatch config set", "pdm config repository.a.url", "%s"),
        *(
            "if",
            "then",
            "fi",
            "sudo",
            "env",
            "uvx",
            "op run",
            "\\",
            "${{ secrets.A }}",
            "-m id pypi",
        ),
    ]
)


@settings(max_examples=examples(300))
@given(
    st.lists(WORDS, max_size=25).map(" ".join), st.sampled_from(["bash", "pwsh", "cmd", "python"])
)
def test_any_script(script: str, shell: str) -> None:
    lines = "".join(f"          {line.strip()}\n" for line in f": token\n{script}".split("\n"))
    text = f"{HEAD}      - run: |\n{lines}        shell: {shell}\n"
    path = ".github/workflows/release.yml"
    file = File(path, f"/nowhere/{path}", path, text.encode())
    for finding in check(file, Repository("/nowhere"), PRACTICE.defaults(strict=True)):
        assert (finding.path, finding.line > 3) == (path, True)


def test_a_script_is_read_at_a_cost() -> None:
    spent = budget.Budget(File("a.yml", "", "a.yml", b""))
    with pytest.raises(Unreadable):
        budget.Reading(Repository("/nowhere"), spent).commands(": " * 1_000_000, "sh")
