"""What a value can be that is no secret: an address, the name of an index."""

from __future__ import annotations

import pytest

from tenterhooks.core.files import File
from tenterhooks.formats.pipeline import Text
from tenterhooks.trusted_publishing import known
from tenterhooks.trusted_publishing.literals import literals
from tenterhooks.trusted_publishing.values import MINTED, Scope, Source, Verdict, nothing


def source(value: str, *, stored: str | None = None, literal: bool = False) -> Source:
    """A value that is all of its file."""
    file = File("a.yml", "/nowhere/a.yml", "a.yml", value.encode())
    return Source(Text(value, file, 0, len(value), stored), literal=literal)


def looking_up(*found: Source | Verdict) -> Scope:
    return Scope(
        known.SERVICES["github"], {}, lambda path: list(found) if path[-1] == "token" else None
    )


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("https://a.example/", ["https://a.example/"]),
        ("", [""]),
        ("$URL", ["https://b.example"]),
        ("${URL}", ["https://b.example"]),
        ('"${URL}"', ['"${URL}"']),
        ("%URL%", ["https://b.example"]),
        ("$env:URL", ["https://b.example"]),
        ("$URL/legacy/", ["https://b.example/legacy/"]),
        ("${URL}/legacy/", ["https://b.example/legacy/"]),
        ("$UNKNOWN", ["$UNKNOWN"]),
        ("https://$HOST/", ["https://$HOST/"]),
        ("${{ env.URL }}", ["https://b.example"]),
        ("${{ env.url }}", ["https://b.example"]),
        ("${{ env.UNKNOWN }}", None),
        ("${{ 'a' }}", ["a"]),
        ("${{ inputs.x && 'a' || 'b' }}", ["a", "b"]),
        ("${{ inputs.token || 'b' }}", ["one", "two", "b"]),
        ("${{ inputs.token }}", ["one", "two"]),
        ("${{ inputs.other }}", None),
        ("${{ inputs.other || 'b' }}", None),
        ("${{ inputs }}", None),
        ("${{ secrets.URL }}", None),
        ("${{ format('a') }}", None),
        ("${{ 'a' }}/${{ 'b' }}", ["${{ 'a' }}/${{ 'b' }}"]),
        ("$CIRCLE", ["$CIRCLE"]),
        ("${{ env.LOOP }}", None),
        ("%1", ["%1"]),
    ],
)
def test_all_that_a_value_can_be(value: str, wanted: list[str] | None) -> None:
    where = looking_up(source("one"), source("two"))
    where.variables.update(URL=source("https://b.example"), LOOP=source("${{ env.LOOP2 }}"))
    where.variables.update(LOOP2=source("${{ env.LOOP }}"))
    assert literals(source(value), where) == wanted


def test_what_cannot_be_read_off() -> None:
    where = looking_up(Verdict(MINTED, source("x")))
    assert literals(source("${{ inputs.token }}"), where) is None
    assert literals(source("abc", stored="an encrypted value"), where) is None
    assert literals(
        source("$URL", literal=True), Scope(known.SERVICES["github"], {"URL": source("a")}, nothing)
    ) == ["$URL"]


def test_what_refers_to_much_often_takes_no_longer() -> None:
    both = "${{{{ env.V{0} || env.V{0} }}}}"
    wide = {f"V{n}": source(both.format(n + 1)) for n in range(40)}
    found = literals(
        source("${{ env.V0 }}"),
        Scope(known.SERVICES["github"], {**wide, "V40": source("a")}, nothing),
    )
    assert found is None or set(found) == {"a"}
    assert len(found or ()) < 100
