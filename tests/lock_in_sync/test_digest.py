"""The digest of a text, with or without the modules that make it fast."""

from __future__ import annotations

import hashlib

import pytest

from tenterhooks.lock_in_sync import digest


@pytest.mark.parametrize("modules", [digest._MODULES, ("no_such_module",), ("sys",), ()])
@pytest.mark.parametrize("text", ["", "a", "caf\u00e9" * 1000])
def test_digest(modules: tuple[str, ...], text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "_MODULES", modules)
    assert digest.sha256(text) == hashlib.sha256(text.encode()).hexdigest()


def test_what_is_no_text_is_replaced_where_that_is_asked_for() -> None:
    assert digest.sha256("\ud800", "replace") == digest.sha256("?")
