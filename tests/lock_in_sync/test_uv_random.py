"""Random edits of a real project: our verdict and that of uv are the same."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lock_in_sync.test_uv import DATA, ask_uv, found, program, rules
from tools import examples

TEXT = (DATA / "app" / "pyproject.toml").read_text("utf-8")
# Every requirement, as it stands in the file.
PLACES = [
    match.span(1)
    for match in re.finditer(r'"([A-Za-z][A-Za-z0-9_-]*(?:\[[a-z0-9]+\])?[<>=!~][^"]*)"', TEXT)
]
SPECIFIERS = st.sampled_from(
    [
        ">=2",
        ">=2,<3",
        "<3,>=2",
        ">=2.0,<3.0",
        "~=8.1",
        ">=8.1,<9",
        "==2.8.0",
        "==2.8",
        "!=1.16",
        "!=1.16.0",
        ">=1",
        ">=6",
        ">=3",
        ">=8",
        ">=4.10",
        ">=0.27",
        "==2.*",
        ">=2024",
        ">=3.7",
        ">=0",
        "<9999",
        "==2.8,<9",
    ]
)
MARKERS = st.sampled_from(
    """
    sys_platform == 'win32'
    platform_system == 'Windows'
    python_version < '3.12'
    python_full_version < '3.12'
    python_version >= '3.8'
    python_version < '3'
    python_version <= '3.11'
    sys_platform != 'win32'
    python_version >= '3.10' and sys_platform == 'win32'
    python_version ~= '3.10'
    """.strip().split("\n    ")
)
EXTRAS = st.sampled_from(["", "[http2]", "[HTTP2]", "[other]"])


@st.composite
def edits(draw: st.DrawFn) -> str:
    """The project with some requirements changed, dropped, doubled, or put elsewhere."""
    text = TEXT
    for start, end in draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=2, unique=True)):
        old = TEXT[start:end]
        name, extra, specifier, marker = re.fullmatch(
            r"([A-Za-z0-9_-]+)(\[[^]]*\])?([^;]*)(?:; (.*))?", old
        ).groups()  # type: ignore[union-attr]
        extra = draw(EXTRAS) if draw(st.booleans()) else extra or ""
        specifier = draw(st.one_of(st.just(specifier), SPECIFIERS, st.just("")))
        marker = draw(st.one_of(st.just(marker or ""), MARKERS, st.just("")))
        new = f"{name}{extra}{specifier}" + (f"; {marker}" if marker else "")
        more = draw(st.sampled_from([new, new, old, f'{new}", "{old}', f'{old}", "{new}']))
        text = text.replace(f'"{old}"', f'"{more}"', 1)
    return text


@pytest.fixture(scope="module", autouse=True)
def has_uv() -> None:
    program()


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=edits())
def test_random_edit(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(DATA / "app", folder, dirs_exist_ok=True)
        (Path(folder) / "pyproject.toml").write_text(text)
        said = ask_uv(Path(folder))
        is_stale = "lock-out-of-date" in rules(found(Path(folder) / "uv.lock"))
        assert said == ("stale" if is_stale else "fresh")
