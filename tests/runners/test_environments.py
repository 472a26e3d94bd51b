"""What the runners install: from what, how many packages, and how large."""

from __future__ import annotations

import pytest
import real_runners
from conftest import ROOT, git
from environment import MEGABYTE, SEEDED, Package, packages, table
from real_runners import Runner, result

runner = real_runners.runner

OURS = {"tenterhooks", "packaging", "tomli", "ruamel-yaml", "ruamel-yaml-clib"}
WITH_BANDIT = {"bandit", "markdown-it-py", "mdurl", "pygments", "pyyaml", "rich", "stevedore"}


def installed(runner: Runner, bandit: bool) -> dict[str, Package]:
    """What is in the environment of the bandit hook, or in that of all others."""
    for folder in runner.environments():
        found = packages(folder)
        if ("bandit" in found) == bandit:
            return found
    raise AssertionError("there is no such environment")


def test_clone(runner: Runner) -> None:
    """The runner has fetched one commit and no tag: a version cannot be told from those."""
    clones = [path.parent for path in runner.home.glob("**/.git") if path.is_dir()]
    own = [path for path in clones if (path / "hooks" / "tenterhooks").is_dir()]
    assert own
    for clone in own:
        assert git(clone, "rev-parse", "--is-shallow-repository").strip() == "true"
        assert git(clone, "tag") == ""
    version = next(
        line.split('"')[1]
        for line in (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
        if line.startswith("version = ")
    )
    said = result([runner.program("tenterhooks"), "--version"], clone, runner.variables)
    assert said.out.split()[-1] == version


@pytest.mark.parametrize("bandit", [False, True], ids=["hooks", "bandit"])
def test_packages(runner: Runner, bandit: bool) -> None:
    """Nothing is installed but what is named here, each of which is somebody to trust."""
    found = installed(runner, bandit)
    assert found.keys() - SEEDED == OURS | (WITH_BANDIT if bandit else set())
    assert found.keys() <= OURS | WITH_BANDIT | SEEDED


def test_size(runner: Runner) -> None:
    """The budget of the design, but for the installers, which pre-commit puts into all of its
    environments; and our own part of it. What is printed shows with `-n 0 -s`."""
    for bandit in (False, True):
        print(f"\n{runner.name}{' with bandit' * bandit}:\n{table(installed(runner, bandit))}")
    found = installed(runner, bandit=False)
    hooks = [found[name] for name in OURS]
    assert found["tenterhooks"].source < 2.5 * MEGABYTE
    assert sum(it.total for it in hooks) < 15 * MEGABYTE
