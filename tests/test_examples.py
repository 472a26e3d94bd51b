"""Every folder ``examples/<hook-id>/{pass,fail,fix}/<case>`` is a repository and a test.

In a case, ``expected.txt`` is what is printed (absent: nothing), ``args.txt`` holds further
options, one a line, and ``after/`` the files that ``fix`` must leave, complete. The other files
are committed to a fresh repository, and the hook is run there without file names.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Hook, MakeRepository

EXAMPLES = Path(__file__).parent / "examples"
CASES = sorted(path for path in EXAMPLES.glob("*/*/*") if path.is_dir())
OWN = ("expected.txt", "args.txt", "after")


def files_below(folder: Path) -> dict[str, str | bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file() or path.is_symlink()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def text_of(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.relative_to(EXAMPLES).as_posix())
def test_example(case: Path, make_repository: MakeRepository, hook: Hook) -> None:
    hook_id, kind = case.parts[-3:-1]
    files = files_below(case)
    top = make_repository({k: v for k, v in files.items() if k.split("/")[0] not in OWN})
    options = text_of(case / "args.txt").splitlines()

    result = hook(hook_id, *options, *(["--fix"] if kind == "fix" else []))

    assert result.err == ""
    assert result.out == text_of(case / "expected.txt")
    assert result.code == (0 if kind == "pass" else 1)
    if kind == "fix":
        wanted = files_below(case / "after")
        assert wanted, "a fix case needs an after/ folder"
        now = files_below(top)
        assert {path: now.get(path) for path in wanted} == wanted
        again = hook(hook_id, *options, "--fix")
        assert " (fixed)" not in again.out
    else:
        assert {k: v for k, v in files_below(top).items() if not k.startswith(".git/")} == {
            k: v for k, v in files.items() if k.split("/")[0] not in OWN
        }


def test_every_hook_has_examples_of_each_kind() -> None:
    kinds: dict[str, set[str]] = {}
    for case in CASES:
        kinds.setdefault(case.parts[-3], set()).add(case.parts[-2])
    assert all({"pass", "fail"} <= found for found in kinds.values())
