"""docs/presets.md, held to the code."""

from __future__ import annotations

import re

from conftest import ROOT
from pages import blocks

from tenterhooks import everything
from tenterhooks.core.config import TOP
from tenterhooks.core.selection import PRESETS, choose

PAGE = (ROOT / "docs" / "presets.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| `([a-z0-9]+)` \| [^|]+ \| ([^|]+) \|$", PAGE, re.MULTILINE))


def test_all_presets_have_a_row() -> None:
    assert list(ROWS) == list(PRESETS)


def test_the_practices_of_a_preset_are_named() -> None:
    ids = {practice.id for practice in everything.practices()}
    for preset in ("spec8", "scorecard"):
        held = [it for it in everything.practices() if preset in it.presets]
        assert set(re.findall(r"`([a-z0-9-]+)`", ROWS[preset])) & ids == {it.id for it in held}


def test_the_rules_that_only_spec8_brings_are_named() -> None:
    switched: set[str] = set()
    for practice in everything.practices():
        options = practice.defaults()
        choose(practice, options, ["spec8"], [], [])
        switched |= set(options.select)
    section = PAGE.split("## spec8")[1].split("What SPEC 8 asks")[0]
    assert set(re.findall(r"`([a-z0-9-]+)`", section)) == switched


def test_the_sample_is_taken() -> None:
    (toml,) = blocks(PAGE, "toml")
    assert toml.startswith(f"[{'.'.join(TOP)}]\n")
    assert set(re.findall(r'"([a-z0-9]+)"', toml)) <= set(PRESETS)
