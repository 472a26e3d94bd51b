"""Hostile files, a few of each kind; with TENTERHOOKS_FUZZ=1000000, as many in all:

    TENTERHOOKS_FUZZ=1000000 python3 dev.py test tests/fuzz

Each execution is held to the contract: nothing is raised but what the contract allows, none takes
more than a second of processor time for each 100 kB, or, in the campaign, more than 200 MB; what is
printed is harmless, and fixes apply, and come to an end. See campaign.py for how to go on with a
campaign and how to see a file again, and guided.py for the same under a coverage-guided fuzzer.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from fuzz import campaign, mutations, practices, watch
from fuzz.targets import BY_NAME, TARGETS, Target
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

EXECUTIONS = int(os.environ.get("TENTERHOOKS_FUZZ") or 0)
NAMES = [target.name for target in TARGETS]
SETTINGS = settings(
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SMALL = 4000
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="how memory is limited")


@st.composite
def hostile(draw: st.DrawFn, target: Target) -> tuple[int, bytes]:
    """The number of a seed, and a file that was made of it; what is random shrinks."""
    number = draw(st.integers(0, len(target.seeds) - 1))
    random = draw(st.randoms(use_true_random=False))
    seed = target.seeds[number]
    return number, mutations.mutated(seed, random, target.seeds, target.words, SMALL)


@pytest.fixture(autouse=True)
def no_git(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1768478400")


def fault(target: Target, number: int, data: bytes) -> str | None:
    with practices.without_git():
        found = watch.look(target.act, target.seeds[number], data).fault
    # That something takes long is for a campaign to say: other tests run beside this one.
    return None if found and found.startswith("Slow") else found


@pytest.mark.parametrize("name", NAMES)
def test_hostile_files(name: str) -> None:
    target = BY_NAME[name]

    @settings(SETTINGS, max_examples=6)
    @given(hostile(target))
    def holds(case: tuple[int, bytes]) -> None:
        assert fault(target, *case) is None

    holds()


@pytest.mark.parametrize("name", NAMES)
def test_the_campaign_in_short(name: str) -> None:
    done = campaign.work(name, seed=0, first=0, count=25)
    told = {key: it for key, it in done["faults"].items() if not key.startswith("Slow")}
    assert (done["done"], told) == (25, {})


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_themselves(name: str) -> None:
    """So that what is found is the mutation's doing."""
    target = BY_NAME[name]
    for number, seed in list(enumerate(target.seeds))[:10]:
        assert fault(target, number, seed.text.encode("utf-8", "surrogateescape")) is None


def test_an_execution_can_be_made_again() -> None:
    target = BY_NAME["yaml"]
    assert campaign.made(target, 1, 5) == campaign.made(target, 1, 5)
    assert campaign.made(target, 1, 5) != campaign.made(target, 1, 6)


def test_what_goes_wrong_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fuzzer that finds nothing proves nothing."""

    def refuse(_: object, data: bytes) -> None:
        raise KeyError(len(data) % 2)

    monkeypatch.setattr(BY_NAME["globs"], "act", refuse)
    (found,) = campaign.work("globs", seed=1, first=0, count=3)["faults"].values()
    assert (found["count"], found["first"], found["text"][:8]) == (3, 0, "KeyError")


def test_a_fix_that_is_not_enough_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    target = BY_NAME["practice: hashed-requirements"]
    case = next(seed for seed in target.seeds if seed.case.folder.name == "no-backslash")
    data = case.text.encode()
    number = target.seeds.index(case)
    assert fault(target, number, data) is None
    with monkeypatch.context() as patch:
        patch.setattr(practices, "_mended", lambda *_: {case.path: data})
        assert "a second run would fix dropped-hash" in str(fault(target, number, data))
    monkeypatch.setattr(practices, "mend", lambda *given: given[2].failures.append("not fixed"))
    assert "a fix that cannot be made: not fixed" in str(fault(target, number, data))


@LINUX
def test_a_process_that_does_not_end_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign, "_GIVE_UP", 0.01)
    (found,) = campaign.apart("globs", seed=1, first=0, count=1)["faults"].values()
    assert found["text"] == "Died: does not end"


@LINUX
def test_a_campaign_goes_on_where_it_was(tmp_path: Path) -> None:
    path = str(tmp_path / "state.json")
    first = campaign.campaign(4, 1, path, 2, ["globs", "ignores"])
    assert {name: it["done"] for name, it in first.items()} == {"globs": 2, "ignores": 2}
    again = campaign.campaign(6, 1, path, 2, ["globs", "ignores"])
    assert {name: it["done"] for name, it in again.items()} == {"globs": 3, "ignores": 3}
    assert "in all" in campaign.table(again)


@LINUX
@pytest.mark.skipif(not EXECUTIONS, reason="long: TENTERHOOKS_FUZZ is not set")
def test_campaign(capfd: pytest.CaptureFixture[str]) -> None:
    """As long as it takes; where it is interrupted, the state file has what was done."""
    path = os.environ.get("TENTERHOOKS_FUZZ_STATE", "")
    state = campaign.campaign(EXECUTIONS, 1, path, os.cpu_count() or 1, NAMES)
    with capfd.disabled():
        print(f"\n{campaign.table(state)}")
    assert {name: it["faults"] for name, it in state.items() if it["faults"]} == {}
