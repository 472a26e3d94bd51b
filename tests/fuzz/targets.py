"""What is tried: every reader of a file that a repository can hold, and every practice."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from fuzz import practices, readers, readers_of_code, readers_of_runs, readers_of_settings
from fuzz.seeds import Seed, seeds, written

from tenterhooks.formats import requirements, setup_cfg
from tenterhooks.trusted_publishing import services

PYPROJECT = r"(^|/)pyproject\.toml$"
WORKFLOWS = r"(^|/)(\.github/workflows/[^/]+|action)\.ya?ml$"


class Target:
    """One thing to be tried.

    act: does it to the bytes that were made of a seed; anything that it raises, but for what the
    contract allows, is a find. words: of the format, for mutations.
    """

    def __init__(
        self, name: str, act: readers.Act, make: Callable[[], list[Seed]], words: str = ""
    ) -> None:
        self.name = name
        self.act = act
        self._make = make
        self._words = words

    @functools.cached_property
    def seeds(self) -> list[Seed]:
        found = self._make()
        assert found, self.name
        return found

    @functools.cached_property
    def words(self) -> list[str]:
        """Those that are given, and the tokens of the seeds."""
        tokens = {token for seed in self.seeds for token in seed.tokens if len(token) > 1}
        return [*self._words.split(), *sorted(tokens)] or ["a"]


def _scripts(path: str) -> Callable[[], list[Seed]]:
    """The scripts of the examples' workflows, and those that they have as files."""

    def make() -> list[Seed]:
        found = seeds(r"\.sh$|(^|/)(install|publish)$")
        for workflow in seeds(WORKFLOWS)[::3]:
            blocks = re.findall(r"run: \|\n((?:          .*\n)+)", workflow.text)
            texts = [block.replace("\n          ", "\n") for block in blocks]
            found += [Seed(workflow.case, path, text) for text in texts]
        return found

    return make


def _service(name: str) -> Callable[[], list[Seed]]:
    return lambda: [seed for seed in seeds(services.PATHS) if services.service(seed.path) == name]


def _files(pattern: str, path: str = "", name: str = "") -> Callable[[], list[Seed]]:
    """The files of the examples, and, where no example is rich enough, those written for it."""
    return lambda: [*seeds(pattern), *(written(path, name) if name else ())]


def _written(path: str, name: str) -> Callable[[], list[Seed]]:
    return lambda: written(path, name)


_CALLS = "run session.run install ctx.run subprocess.check_call os.system shell=True"
TARGETS = [
    Target("yaml", readers.of_yaml, _files(r"\.ya?ml$")),
    Target("pure_yaml", readers.of_pure_yaml, _files(r"\.ya?ml$")),
    Target("toml", readers.of_toml, _files(r"\.toml$|uv\.lock$|poetry\.lock$|pdm\.lock$|Pipfile$")),
    Target("toml_text", readers.of_toml_text, _files(r"\.toml$")),
    Target("json", readers.of_json, _files(r"\.json$|Pipfile\.lock$", "a.json", "baseline")),
    Target(
        "requirements",
        readers.of_file(requirements.load),
        _files(r"(^|/)[^/]*(requirements|constraints|base|test|build)[^/]*\.(txt|in)$"),
        "--hash=sha256: --index-url -r -c -e --no-binary :all: @ ; extra == [a,b] ${A}",
    ),
    Target(
        "compiled", readers.of_compiled, _files(r"\.txt$"), "pip-compile uv export --output-file= #"
    ),
    *(
        Target(f"lock: {name}", readers.of_lock, _files(rf"(^|/){pattern}$"))
        for name, pattern in {
            "uv": r"uv\.lock",
            "poetry": r"poetry\.lock",
            "pdm": r"pdm\.lock",
            "pipenv": r"Pipfile\.lock",
            "pylock": r"pylock[^/]*\.toml",
        }.items()
    ),
    Target(
        "markers and versions",
        readers.words_of_locks,
        _written("a.txt", "markers"),
        "and or not in ==",
    ),
    Target(
        "workflow",
        readers_of_runs.of_workflow,
        _files(WORKFLOWS),
        "uses run jobs steps on with env if",
    ),
    Target("actions.lock", readers_of_runs.of_actions_lock, _files(r"actions\.lock$")),
    Target(
        "expression",
        readers_of_runs.of_expression,
        _written("a.txt", "expression"),
        "${{ }} && || secrets. '' [",
    ),
    *(
        Target(f"pipeline: {name}", readers_of_runs.pipeline(name), _service(name))
        for name in sorted(services._PATHS)
    ),
    Target(
        "shell",
        readers_of_runs.of_shell("sh"),
        _scripts("a.sh"),
        "<<EOF EOF $( ) ${A:-b} if then fi case esac",
    ),
    Target(
        "powershell",
        readers_of_runs.of_shell("pwsh"),
        _written("a.ps1", "powershell"),
        "`\n @' '@ $env: @{ }",
    ),
    Target(
        "cmd",
        readers_of_runs.of_shell("cmd"),
        _written("a.bat", "batch"),
        "^ %A% %%a ( ) & && || rem set",
    ),
    Target(
        "make",
        readers_of_runs.task("make", "make release A=b", "make -f Makefile build"),
        _files(r"(^|/)(GNUm|m|M)akefile$|\.mk$", "Makefile", "make"),
        "$(A) ${B} := += define endef ifeq else endif include $(foreach $(call $(eval",
    ),
    Target(
        "just",
        readers_of_runs.task("just", "just release a b"),
        _files(r"justfile$", "justfile", "just"),
    ),
    Target(
        "tox",
        readers_of_runs.task("tox", "tox -e release,py3 -- a"),
        _files(r"tox\.(ini|toml)$"),
        "{posargs} {env:A:b} {[testenv]deps} {py3,py4}-{a,b}: [testenv:a-{b}]",
    ),
    Target("nox", readers_of_runs.task("nox -s release", "nox"), _files(r"noxfile\.py$"), _CALLS),
    Target(
        "invoke",
        readers_of_runs.task("invoke release", "inv x"),
        _files(r"(^|/)tasks\.py$"),
        _CALLS,
    ),
    Target(
        "taskfile",
        readers_of_runs.task("task", "task release a=b"),
        _files(r"askfile\.ya?ml$", "Taskfile.yml", "taskfile"),
        "{{.A}} {{range}} cmds: deps: vars: sh:",
    ),
    Target(
        "tasks of pyproject",
        readers_of_runs.task(
            "poe release", "poe y z", "pdm run all", "pdm release", "hatch run release a", "tox"
        ),
        _files(PYPROJECT, "pyproject.toml", "tasks-of-pyproject"),
    ),
    Target(
        "python scripts",
        readers_of_runs.task("python release.py", "python tools/release.py a", "./release.py"),
        lambda: [Seed(seed.case, "release.py", seed.text) for seed in seeds(r"\.py$")],
        _CALLS,
    ),
    Target(
        "setup.cfg",
        readers.of_file(setup_cfg.items),
        _written("setup.cfg", "setup-cfg"),
    ),
    Target(
        "configuration",
        readers_of_settings.of_config,
        _files(PYPROJECT, "pyproject.toml", "acceptances"),
    ),
    Target("globs", readers_of_settings.of_globs, _written("a.txt", "globs"), "** * ? / ./ ***/ a"),
    Target("ignores", readers_of_settings.of_ignores, _files(r"\.(ya?ml|txt|md|py)$")),
    Target(
        "adopt: pre-commit",
        readers_of_settings.adopted_yaml,
        _written(".pre-commit-config.yaml", "pre-commit"),
    ),
    Target("adopt: prek", readers_of_settings.adopted_toml, _written("prek.toml", "prek")),
    Target(
        "adopt: acceptances",
        readers_of_settings.adopted_tables,
        _written("pyproject.toml", "acceptances"),
    ),
    Target(
        "policy",
        readers_of_code.of_policy,
        _files(r"(^|/)(SECURITY|security|README)[^/]*\.(md|rst)$"),
        "| :white_check_mark: <!-- --> [a](mailto:b@c.d) ``` > # == -- vulnerability report",
    ),
    Target(
        "security.txt",
        readers_of_code.of_security_txt,
        _files(r"security\.txt$"),
        "Contact: Expires: mailto:",
    ),
    Target(
        "nosec",
        readers_of_code.of_nosec,
        _files(r"\.py$"),
        "# nosec nosec:B101,B102 # nosec: # noqa ''' \"\"\"",
    ),
    Target("baseline", readers_of_code.of_baseline, _written("baseline.json", "baseline")),
    Target("bandit.yaml", readers_of_code.bandit_settings, _written("bandit.yaml", "bandit-yaml")),
    Target(
        "bandit in TOML",
        readers_of_code.bandit_settings,
        _written("pyproject.toml", "bandit-toml"),
    ),
    Target(
        "bandit in INI",
        readers_of_code.bandit_settings,
        _written(".bandit", "bandit-ini"),
    ),
    Target("pth", readers_of_code.of_pth, _written("a.pth", "pth"), "import exec"),
    Target(
        "bandit's tests",
        readers_of_code.bandit_scan,
        _files(r"\.py$", "a.py", "code"),
        "import from exec(",
    ),
    *practices.targets(Target),
]
BY_NAME = {target.name: target for target in TARGETS}
