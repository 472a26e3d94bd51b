"""What makes a digest worthless."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.formats.digests import STRONG, weakness


@pytest.mark.parametrize("name", STRONG)
def test_a_digest_as_it_is_computed_is_sound(name: str) -> None:
    digits = hashlib.new(name, b"wheel").hexdigest()
    assert weakness(f"{name}:{digits}") is None
    assert weakness(f"{name}:{digits.upper()}") is None
    assert weakness(f"{name.replace('_', '-')}:{digits}") is None


@pytest.mark.parametrize(
    ("digest", "problem"),
    [
        ("", "is empty"),
        (" ", "is empty"),
        ("a" * 64, "names no algorithm"),
        (":" + "a" * 64, "names no algorithm"),
        ("sha256", "names no algorithm"),
        ("sha256=" + "a" * 64, "names no algorithm"),
        ("md5:" + "a" * 32, "is md5, which can be forged"),
        ("md5:" + "a" * 64, "is md5, which can be forged"),
        ("sha1:" + "a" * 40, "is sha1, which can be forged"),
        ("sha224:" + "a" * 56, "is sha224, which is too short"),
        ("sha3-224:" + "a" * 56, "is sha3-224, which is too short"),
        ("crc32:" + "a" * 8, "is of an unknown algorithm, crc32"),
        ("SHA256:" + "a" * 64, "is of an unknown algorithm, SHA256"),
        (" sha256:" + "a" * 64, "is of an unknown algorithm,  sha256"),
        ("shake_256:" + "a" * 64, "is of an unknown algorithm, shake_256"),
        ("x" * 99 + ":a", "is of an unknown algorithm, " + "x" * 40),
        ("sha256:", "says sha256 and no digest"),
        ("sha256:" + "a" * 63, "has 63 hex digits, and sha256 has 64"),
        ("sha256:" + "a" * 65, "has 65 hex digits, and sha256 has 64"),
        ("sha256:" + "a" * 128, "has 128 hex digits, and sha256 has 64"),
        ("sha512:" + "a" * 64, "has 64 hex digits, and sha512 has 128"),
        ("sha256:" + "g" * 64, "is not hexadecimal"),
        ("sha256:" + "a" * 63 + "\n", "is not hexadecimal"),
        ("sha256: " + "a" * 63, "is not hexadecimal"),
        ("sha256:" + "\uff11" * 64, "is not hexadecimal"),
        ("sha256:sha256:" + "a" * 57, "is not hexadecimal"),
    ],
)
def test_what_is_wrong(digest: str, problem: str) -> None:
    assert weakness(digest) == problem


@given(st.text())
def test_no_text_is_sound_by_chance(text: str) -> None:
    assert weakness(text)
    assert weakness(f"sha256:{text}") or len(text) == 64


@given(st.sampled_from(sorted(STRONG)), st.data())
def test_every_damage_to_a_digest_is_seen(name: str, data: st.DataObject) -> None:
    digits = hashlib.new(name, b"wheel").hexdigest()
    place = data.draw(st.integers(0, len(digits) - 1))
    bad = data.draw(st.characters().filter(lambda letter: letter not in "0123456789abcdefABCDEF"))
    assert weakness(f"{name}:{digits[:place]}{bad}{digits[place + 1 :]}")
    assert weakness(f"{name}:{digits[:place]}{digits[place + 1 :]}")
    assert weakness(f"{name}:{digits[:place]}0{digits[place:]}")
