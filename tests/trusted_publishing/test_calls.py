"""Jobs that call a reusable workflow, of this repository or of another."""

from __future__ import annotations

import pytest
from conftest import MakeRepository

from tenterhooks.core.files import File, Repository
from tenterhooks.trusted_publishing import assess, known
from tenterhooks.trusted_publishing.assessment import Assessment

GRANT = "permissions: {id-token: write}"
CALLED = f"""\
on: workflow_call
jobs:
  publish:
    runs-on: ubuntu-latest
    {GRANT}
    steps:
      - uses: {known.OFFICIAL}@release/v1
"""
REMOTE = "o/r/.github/workflows/pypi.yml@v1"


def caller(uses: str, *lines: str) -> str:
    more = "".join(f"    {line}\n" for line in lines)
    return f"on: push\njobs:\n  release:\n    uses: {uses}\n{more}"


def assessed(text: str, repository: Repository | None = None) -> Assessment:
    path = ".github/workflows/release.yml"
    file = File(path, f"/nowhere/{path}", path, text.encode())
    return assess.of("github", file, repository or Repository("/nowhere"))


@pytest.mark.parametrize(
    ("uses", "lines", "inner", "fails"),
    [
        ("./.github/workflows/publish.yml", [], CALLED, True),
        ("$/.github/workflows/publish.yml", [], CALLED, True),
        ("./.github/workflows/publish.yml", ["permissions: {contents: read}"], CALLED, True),
        ("./.github/workflows/publish.yml", [GRANT], CALLED, False),
        ("./.github/workflows/publish.yml", ["permissions: write-all"], CALLED, False),
        ("./.github/workflows/missing.yml", [], CALLED, False),
        ("./.github/workflows/publish.yml", [], CALLED.replace("workflow_call", "push"), False),
        ("./.github/workflows/publish.yml", [], CALLED.replace(GRANT, ""), True),
        ("./.github/workflows/publish.yml", [], "on: workflow_call\njobs: [", False),
        ("./.github/workflows/publish.yml", [], "on: workflow_call\njobs: {}\n", False),
        (
            "./.github/workflows/publish.yml",
            [],
            CALLED.replace(known.OFFICIAL, "actions/checkout"),
            False,
        ),
    ],
)
def test_a_workflow_of_this_repository(
    uses: str, lines: list[str], inner: str, fails: bool, make_repository: MakeRepository
) -> None:
    top = make_repository({".github/workflows/publish.yml": inner})
    found = assessed(caller(uses, *lines), Repository(str(top)))
    whys = [failure.why for failure in found.failures]
    why = (
        ".github/workflows/publish.yml needs id-token: write, "
        "and the job that calls it does not grant it"
    )
    assert whys == ([why] if fails else [])


def test_a_workflow_that_calls_itself(make_repository: MakeRepository) -> None:
    path = ".github/workflows/release.yml"
    text = caller(f"./{path}").replace("on: push", "on: [push, workflow_call]")
    where = Repository(str(make_repository({path: text})))
    found = assess.of("github", where.file(path), where)
    assert (found.failures, found.stored) == ([], {})


@pytest.mark.parametrize(
    ("uses", "lines", "stored", "undecided", "fails"),
    [
        (REMOTE, [], 0, 0, 0),
        (REMOTE, [GRANT], 0, 0, 1),
        (REMOTE, ["secrets: inherit"], 0, 1, 0),
        (REMOTE, [GRANT, "secrets: inherit"], 0, 1, 0),
        (REMOTE, ["secrets: {OTHER: '${{ secrets.OTHER }}'}"], 0, 1, 0),
        (REMOTE, ["secrets: {PYPI_TOKEN: '${{ secrets.A }}'}"], 1, 0, 0),
        (REMOTE, [GRANT, "secrets: {PYPI_TOKEN: '${{ secrets.A }}'}"], 1, 0, 0),
        (REMOTE, ["secrets: {TWINE_PASSWORD: '${{ secrets.A }}'}"], 1, 0, 0),
        (REMOTE, ["secrets: {token: '${{ secrets.PYPI }}'}"], 1, 0, 0),
        (REMOTE, ["secrets: {pypi-token: '${{ secrets.A }}'}"], 1, 0, 0),
        (
            REMOTE,
            [
                "with: {repository-url: 'https://index.example.org/'}",
                "secrets: {PYPI_TOKEN: '${{ secrets.A }}'}",
            ],
            0,
            1,
            0,
        ),
        ("o/r/.github/workflows/build.yml@v1", [GRANT, "secrets: inherit"], 0, 0, 0),
        ("o/r/.github/workflows/build.yml@v1", [GRANT], 0, 0, 0),
        *(
            (f"{name}@v1", [GRANT, f"with: {{{switch}: {value}}}"], 0, 0, fails)
            for name, switch in known.REUSABLE.items()
            for value, fails in (("true", 1), ("false", 0), ("''", 0), ("startsWith(a)", 1))
        ),
        (f"{next(iter(known.REUSABLE))}@v1", [GRANT], 0, 0, 0),
    ],
)
def test_a_workflow_of_another_repository(
    uses: str, lines: list[str], stored: int, undecided: int, fails: int
) -> None:
    found = assessed(caller(uses, *lines))
    assert (len(found.stored), len(found.undecided), len(found.failures)) == (
        stored,
        undecided,
        fails,
    )


def test_where_it_is_told() -> None:
    text = caller(REMOTE, GRANT)
    (failure,) = assessed(text).failures
    assert text[failure.at.offset :].startswith(REMOTE)
    text = caller(REMOTE, "secrets: {PYPI_TOKEN: '${{ secrets.A }}'}")
    (found,) = assessed(text).stored.values()
    assert text[found.source.offset :].lstrip("'").startswith("${{ secrets.A }}")


def test_an_input_has_what_its_callers_give(make_repository: MakeRepository) -> None:
    inner = (
        CALLED
        + "        with: {repository-url: '${{ inputs.url }}', password: '${{ inputs.t }}'}\n"
    )
    path = ".github/workflows/publish.yml"
    given = "with: {url: 'https://index.example.org/', t: x}"
    files: dict[str, str | bytes] = {path: inner}
    where = Repository(
        str(make_repository({**files, ".github/workflows/a.yml": caller(f"./{path}", given)}))
    )
    (upload,) = assess.of("github", where.file(path), where).flows[0].uploads
    assert upload.index == known.PRIVATE
