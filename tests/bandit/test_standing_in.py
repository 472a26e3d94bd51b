"""What stands in for modules that are slow to import gives what they have."""

from __future__ import annotations

import importlib
import logging
import sys

import pytest

from tenterhooks.bandit import standing_in


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what its loader calls
@pytest.mark.parametrize("name", ["manager", "issue", "test_set"])
def test_what_bandit_has_comes_when_it_is_asked_for(name: str) -> None:
    assert standing_in._late(name) is importlib.import_module(f"bandit.core.{name}")


def test_what_bandit_has_not_is_not_there() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        standing_in._late("nothing")


def test_a_module_is_imported_when_something_of_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    later = standing_in._Later("colorsys")
    monkeypatch.setitem(sys.modules, "colorsys", later)
    with pytest.raises(AttributeError):
        _ = later.__wrapped__
    assert sys.modules["colorsys"] is later
    assert later.rgb_to_hsv(0, 0, 0) == (0, 0, 0)
    assert sys.modules["colorsys"] is not later


def test_a_logger_says_what_matters(caplog: pytest.LogCaptureFixture) -> None:
    logger = standing_in._Logging("logging").getLogger("tent")
    with caplog.at_level(logging.DEBUG):
        logger.debug("step")
        logger.warning("hole")
    assert caplog.messages == ["hole"]
