"""What is found does not depend on how much of what was read is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Hook, MakeRepository
from test_examples import CASES, EXAMPLES, OWN, files_below, text_of
from tools import thinned

from tenterhooks.core import files
from tenterhooks.trusted_publishing import assess

FAILING = [case for case in CASES if case.parts[-2] == "fail" and case.parts[-3] != "bandit"]


@pytest.mark.parametrize(
    "case", thinned(FAILING, 3), ids=lambda case: case.relative_to(EXAMPLES).as_posix()
)
def test_nothing_is_kept(
    case: Path, make_repository: MakeRepository, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_HELD", -1)
    monkeypatch.setattr(assess, "_KEPT", 0)
    found = {k: v for k, v in files_below(case).items() if k.split("/")[0] not in OWN}
    make_repository(found)
    result = hook(case.parts[-3], *text_of(case / "args.txt").splitlines())
    assert (result.out, result.err) == (text_of(case / "expected.txt"), "")


def test_of_many_pipelines_the_last_are_kept(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assess, "_KEPT", 2)
    text = "on: push\njobs: {a: {runs-on: x, steps: [{run: twine upload dist/*}]}}\n"
    paths = [f".github/workflows/{name}.yml" for name in "abcde"]
    make_repository(dict.fromkeys(paths, text))
    repository = files.Repository()

    def assessed(path: str) -> object:
        return assess.of("github", repository.file(path), repository)

    made = [assessed(path) for path in paths]
    assert assessed(paths[-1]) is made[-1]
    assert assessed(paths[-2]) is made[-2]
    assert assessed(paths[0]) is not made[0]
    steps = [step for it in made for job in it.jobs for step in job.steps]  # type: ignore[attr-defined]
    assert [step.lookup is None for step in steps].count(True) >= 2
