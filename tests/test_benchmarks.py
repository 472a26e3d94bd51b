"""The benchmarks themselves take too long; what they put a clock on has to be there."""

from __future__ import annotations

import importlib

import pytest
from conftest import ROOT


def test_stages_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    stages = importlib.import_module("stages").STAGES
    lost = [name for _, owner, names in stages for name in names if not hasattr(owner, name)]
    assert stages
    assert lost == []
