"""Where a value comes from: every spelling of a secret, a variable and a command."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.core.files import File
from tenterhooks.formats.pipeline import Text
from tenterhooks.trusted_publishing import known
from tenterhooks.trusted_publishing.values import (
    EMPTY,
    MINTED,
    STORED,
    UNKNOWN,
    Scope,
    Source,
    Verdict,
    judge,
    nothing,
)

PLAIN = "plain text in the file"


def source(value: str, *, stored: str | None = None, literal: bool = False) -> Source:
    """A value that is all of its file."""
    file = File("a.yml", "/nowhere/a.yml", "a.yml", value.encode())
    return Source(Text(value, file, 0, len(value), stored), literal=literal)


def scope(service: str = "github", **variables: str) -> Scope:
    found = {name: source(value) for name, value in variables.items()}
    return Scope(known.SERVICES[service], found, nothing)


def minting(**variables: str) -> Scope:
    """The scope of a job that mints a token."""
    return Scope(known.SERVICES["github"], scope(**variables).variables, nothing, mints=True)


def verdict(value: str, where: Scope | None = None) -> tuple[str, str]:
    found = judge(source(value), where or scope())
    return found.kind, found.what if found.kind == STORED else ""


@pytest.mark.parametrize(
    ("value", "kind", "what"),
    [
        ("", EMPTY, ""),
        (" \t\n", EMPTY, ""),
        ("pypi-AgEIcHlwaS5vcmc", STORED, PLAIN),
        ("__token__", STORED, PLAIN),
        ("100 %", STORED, PLAIN),
        ("op://vault/item/token", STORED, "an item of 1Password"),
        ("${{ secrets.PYPI }}", STORED, "the secret PYPI"),
        ("${{secrets.PYPI}}", STORED, "the secret PYPI"),
        ("  ${{ secrets.PYPI }}\n", STORED, "the secret PYPI"),
        ("${{ Secrets.Pypi_Token }}", STORED, "the secret Pypi_Token"),
        ("${{ secrets['PYPI'] }}", STORED, "the secret PYPI"),
        ("${{ secrets.PYPI-TOKEN }}", STORED, "the secret PYPI-TOKEN"),
        ("${{ secrets[matrix.token] }}", STORED, "a secret"),
        ("${{ secrets[format('PYPI_{0}', matrix.index)] }}", STORED, "a secret"),
        ("${{ format('{0}', secrets.PYPI) }}", STORED, "the secret PYPI"),
        ("${{ fromJSON(secrets.ALL).pypi }}", STORED, "the secret ALL"),
        ("${{ inputs.really && secrets.PYPI }}", STORED, "the secret PYPI"),
        ("${{ inputs.token || secrets.PYPI }}", STORED, "the secret PYPI"),
        ("${{ secrets.FIRST || secrets.SECOND }}", STORED, "the secret FIRST"),
        ("pypi-${{ secrets.TOKEN }}", STORED, "the secret TOKEN"),
        ("pypi-${{ secrets.PYPI }}", STORED, "the secret PYPI"),
        ("${{ secrets.SECRET }}", STORED, "the secret SECRET"),
        ("${{ secrets['SECRET'] }}", STORED, "the secret SECRET"),
        ("${{ github.actor }}:${{ secrets.PYPI }}", STORED, "the secret PYPI"),
        ("${{ vars.PYPI }}", STORED, "the variable PYPI"),
        ("${{ secrets.GITHUB_TOKEN }}", UNKNOWN, ""),
        ("${{ format('{0}', secrets.github_token) }}", UNKNOWN, ""),
        ("${{ secrets.GITHUB_TOKEN || secrets.PYPI }}", STORED, "the secret PYPI"),
        ("${{ github.token }}", UNKNOWN, ""),
        ("${{ github }}", UNKNOWN, ""),
        ("${{ inputs.token }}", UNKNOWN, ""),
        ("${{ toJSON(github) }}", UNKNOWN, ""),
        ("${{ ~nonsense~ }}", UNKNOWN, ""),
        ("${{ '' }}", EMPTY, ""),
        ("${{ 'pypi-abc' }}", STORED, PLAIN),
        ("${{ 'it''s' || '' }}", STORED, PLAIN),
        ("${{ env.NOWHERE }}", UNKNOWN, ""),
        # Only a shell's variables, and no shell expands these.
        ("a ${b", UNKNOWN, ""),
        ("$-", STORED, PLAIN),
    ],
)
def test_a_value_on_github(value: str, kind: str, what: str) -> None:
    assert verdict(value) == (kind, what)


@pytest.mark.parametrize(
    "value",
    [
        *("$TOKEN", "${TOKEN}", "${TOKEN:-}", '"$TOKEN"', "%TOKEN%", "$env:TOKEN", "${env:TOKEN}"),
        *("${{ env.TOKEN }}", "${{ env.token }}", "${{ variables.token }}", "x$TOKEN", "$token"),
        "${{ env['TOKEN'] }}",
    ],
)
@pytest.mark.parametrize(
    ("bound", "kind", "what"),
    [
        ("${{ secrets.PYPI }}", STORED, "the secret PYPI"),
        ("op://a/b", STORED, "an item of 1Password"),
        ("abc", STORED, PLAIN),
        ("${{ github.token }}", UNKNOWN, ""),
        ("", EMPTY, ""),
    ],
)
def test_a_variable_is_what_it_is_bound_to(value: str, bound: str, kind: str, what: str) -> None:
    assert verdict(value, scope(TOKEN=bound)) == (kind, what)


@pytest.mark.parametrize("value", ["$1", "${1}", "%1", "$@", "$*"])
def test_arguments_are_variables(value: str) -> None:
    given_ = {value.strip("${}%"): source("${{ secrets.PYPI }}")}
    assert verdict(value, Scope(known.SERVICES["github"], given_, nothing)) == (
        STORED,
        "the secret PYPI",
    )


def test_the_root_of_a_chain_is_where_the_secret_stands() -> None:
    where = scope(A="$B", B="${{ env.C }}", C="${{ secrets.PYPI }}")
    assert judge(source("$A"), where).source is where.variables["C"]


@pytest.mark.parametrize(
    ("variables", "kind"),
    [
        ({"A": "$A"}, UNKNOWN),
        ({"A": "$B", "B": "${A}"}, UNKNOWN),
        ({"A": "${{ env.B }}", "B": "${{ env.A }}"}, UNKNOWN),
        ({"A": "$B", "B": "$A ${{ secrets.X }}"}, STORED),
        ({"A": "$B" * 2, "B": "x"}, STORED),
    ],
)
def test_circles_end(variables: dict[str, str], kind: str) -> None:
    assert verdict("$A", scope("github", **variables))[0] == kind


def test_a_long_chain_is_given_up() -> None:
    chain = {f"V{n}": f"$V{n + 1}" for n in range(200)}
    assert verdict("$V190", scope("github", **chain, V200="abc"))[0] == STORED
    assert verdict("$V0", scope("github", **chain, V200="abc"))[0] == UNKNOWN


def test_what_refers_to_much_often_takes_no_longer() -> None:
    wide = {f"V{n}": f"$V{n + 1} " * 20 for n in range(40)}
    assert verdict("$V0", scope("github", **wide, V40="${{ secrets.PYPI }}")) == (
        STORED,
        "the secret PYPI",
    )


def test_a_variable_that_is_bound_to_itself_is_not_followed() -> None:
    mine = source("$TOKEN")
    assert judge(mine, Scope(known.SERVICES["gitlab"], {"TOKEN": mine}, nothing)).kind == STORED
    assert judge(mine, Scope(known.SERVICES["github"], {"TOKEN": mine}, nothing)).kind == UNKNOWN


@pytest.mark.parametrize(
    ("service", "value", "kind"),
    [
        ("github", "$TOKEN", UNKNOWN),
        ("gitlab", "$TOKEN", STORED),
        ("gitlab", "${TOKEN}", STORED),
        ("gitlab", "%TOKEN%", STORED),
        ("gitlab", "$env:TOKEN", STORED),
        ("gitlab", "$CI_JOB_TOKEN", UNKNOWN),
        ("gitlab", "$GITLAB_TOKEN", UNKNOWN),
        ("gitlab", "$CI_PYPI_TOKEN", STORED),
        ("gitlab", "$HOME", UNKNOWN),
        ("gitlab", "$1", UNKNOWN),
        ("gitlab", "$@", UNKNOWN),
        ("gitlab", "$(TOKEN)", UNKNOWN),
        ("azure", "$(TOKEN)", STORED),
        ("azure", "$(pypi.token)", STORED),
        ("azure", "$(SYSTEM_ACCESSTOKEN)", UNKNOWN),
        ("azure", "$(System.AccessToken)", UNKNOWN),
        ("azure", "$(Build.Reason)", UNKNOWN),
        ("azure", "$(python -c x)", UNKNOWN),
        ("azure", "$(cat file)", UNKNOWN),
        ("azure", "%TOKEN%", STORED),
        ("cloudbuild", "$TOKEN", UNKNOWN),
        ("cloudbuild", "$_TOKEN", STORED),
        ("cloudbuild", "${_TOKEN}", STORED),
        ("gitlab", "$_TOKEN", STORED),
        ("circleci", "$TOKEN", STORED),
        ("circleci", "$CIRCLE_TAG", UNKNOWN),
        ("travis", "$TOKEN", STORED),
        ("travis", "$TRAVIS_TAG", UNKNOWN),
        ("jenkins", "$TOKEN", STORED),
        ("jenkins", "$JOB_NAME", UNKNOWN),
        ("appveyor", "%TOKEN%", STORED),
        ("appveyor", "$env:APPVEYOR_REPO_TAG", UNKNOWN),
        ("bitbucket", "$TOKEN", STORED),
        ("bitbucket", "$BITBUCKET_TAG", UNKNOWN),
    ],
)
def test_a_variable_that_no_file_sets(service: str, value: str, kind: str) -> None:
    assert verdict(value, scope(service))[0] == kind


@pytest.mark.parametrize(
    ("service", "value", "what"),
    [
        ("gitlab", "$TOKEN", "TOKEN, which is kept in the CI/CD settings of GitLab"),
        ("cloudbuild", "$_T", "_T, which is kept in the settings of the build trigger"),
        ("azure", "$(a.b)", "a_b, which is kept in the variables of the pipeline"),
    ],
)
def test_settings_are_named(service: str, value: str, what: str) -> None:
    assert verdict(value, scope(service)) == (STORED, what)


def test_azure_reads_a_variable_by_its_name() -> None:
    assert verdict("$(pypi.token)", scope("azure", pypi_token="")) == (EMPTY, "")
    assert verdict("$(TOKEN)", scope("azure", TOKEN="$(BUILD_REASON)"))[0] == UNKNOWN


@pytest.mark.parametrize("command", known.SECRET_COMMANDS)
@pytest.mark.parametrize("form", ["$({} x)", "`{} x`", "$( {}\n x)", "$(set -e; {} x)"])
def test_commands_that_print_secrets(command: str, form: str) -> None:
    value = form.format(command.strip())
    assert verdict(value) == (STORED, f"what `{command.strip()}` prints")


@pytest.mark.parametrize("sign", known.MINTING)
def test_commands_that_mint(sign: str) -> None:
    assert verdict(f"$(python {sign} $URL)") == (MINTED, "")


@pytest.mark.parametrize("service", ["github", "gitlab"])
@pytest.mark.parametrize("value", ["$(python release.py)", "`date`", "$(cat token)", "$(< token)"])
def test_commands_of_which_nothing_is_known(value: str, service: str) -> None:
    assert verdict(value, scope(service))[0] == UNKNOWN


@pytest.mark.parametrize("value", ["$(cat token)", "$(<token)", "$( cat  token )", "$(< token )"])
def test_a_file_that_was_written_before(value: str) -> None:
    where = scope("github", **{"<token": "${{ secrets.PYPI }}"})
    assert verdict(value, where) == (STORED, "the secret PYPI")
    assert judge(source(value), where).source is where.variables["<token"]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("$(python mint.py)", MINTED),
        ("$TOKEN", MINTED),
        ("${{ steps.mint.outputs.token }}", MINTED),
        ("${{ secrets.PYPI }}", STORED),
        ("abc", STORED),
        ("", EMPTY),
    ],
)
def test_where_a_job_mints_what_is_unknown_is_taken_for_minted(value: str, kind: str) -> None:
    assert verdict(value, minting())[0] == kind


@pytest.mark.parametrize(
    ("value", "what"),
    [("$TOKEN", PLAIN), ("$(date)", PLAIN), ("${{ secrets.PYPI }}", "the secret PYPI")],
)
def test_no_shell_expands_what_is_quoted(value: str, what: str) -> None:
    found = judge(source(value, literal=True), scope("gitlab", TOKEN=""))
    assert (found.kind, found.what) == (STORED, what)


@pytest.mark.parametrize("value", ["", "$X", "abc"])
def test_what_a_service_says_is_a_secret(value: str) -> None:
    found = judge(source(value, stored="an encrypted value"), scope())
    assert (found.kind, found.what) == (STORED, "an encrypted value")


def looking_up(*found: Source | Verdict) -> Scope:
    return Scope(
        known.SERVICES["github"], {}, lambda path: list(found) if path[-1] == "token" else None
    )


@pytest.mark.parametrize("path", ["inputs.token", "matrix.token", "steps.a.outputs.token"])
@pytest.mark.parametrize(
    ("found", "kind"),
    [
        ([], EMPTY),
        ([source("")], EMPTY),
        ([source("${{ secrets.PYPI }}")], STORED),
        ([source("${{ github.token }}")], UNKNOWN),
        ([source(""), source("abc")], STORED),
        ([Verdict(MINTED, source("x"))], MINTED),
        ([Verdict(MINTED, source("x")), source("${{ github.token }}")], MINTED),
    ],
)
def test_contexts(path: str, found: list[Source | Verdict], kind: str) -> None:
    assert judge(source(f"${{{{ {path} }}}}"), looking_up(*found)).kind == kind


def test_a_verdict_of_a_context_is_told_at_the_value() -> None:
    mine = source("${{ steps.a.outputs.token }}")
    found = judge(mine, looking_up(Verdict(STORED, source("x"), "a fetched secret")))
    assert (found.source, found.what) == (mine, "a fetched secret")


def test_a_scope_with_more_variables_leaves_the_first_alone() -> None:
    outer = minting(A="a")
    inner = outer.with_variables({"B": source("b")})
    assert set(inner.variables) == {"A", "B"}
    assert set(outer.variables) == {"A"}
    assert (inner.service, inner.mints, inner.lookup) == (outer.service, True, outer.lookup)


@pytest.mark.parametrize(
    ("start", "length", "offset"), [(0, 1, 0), (4, 3, 4), (4, 0, 0), (9, 3, 0)]
)
def test_a_part_has_a_place_of_its_own(start: int, length: int, offset: int) -> None:
    assert source("abc def").part(start, length).offset == offset


PIECES = st.sampled_from(
    [*"${}()`%'\".[]| \n", "${{", "}}", "secrets", ".A", "env", "inputs", "$A", "$(A)", "&&", "||"]
)


@given(st.lists(PIECES, max_size=14).map("".join), st.sampled_from(sorted(known.SERVICES)))
def test_any_value_has_a_verdict(value: str, service: str) -> None:
    where = scope(service, A=value, B="$A")
    found = judge(source(value), where)
    assert found.kind in (EMPTY, UNKNOWN, MINTED, STORED)
    assert (found.kind == STORED) <= bool(found.what)
    assert value.strip() or found.kind == EMPTY
