"""The pipelines of CircleCI, Travis CI, AppVeyor, Bitbucket, Azure and Jenkins as jobs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.core.files import File, Repository, Unreadable
from tenterhooks.core.git import GitError
from tenterhooks.formats.pipelines import appveyor, azure, bitbucket, circleci, jenkins, travis

if TYPE_CHECKING:
    from tenterhooks.formats.pipeline import Job, Step, Text, Variable

SECURE = "an encrypted value"


class Tracked(Repository):
    """A repository that is not on the disk: its files are all that is given."""

    def __init__(self, files: dict[str, str]) -> None:
        self.texts = files

    def tracked(self) -> dict[str, str]:
        return dict.fromkeys(self.texts, "100644")

    def file(self, path: str) -> File:
        return File(path, f"/nowhere/{path}", path, self.texts[path].encode())

    def leads_out(self, file: File) -> bool:
        return "outside" in file.path


class Untracked(Tracked):
    def tracked(self) -> dict[str, str]:
        raise GitError("not a git repository")


def read(service: str, text: str) -> list[Job]:
    file = File("dir/a.yml", "/nowhere/dir/a.yml", "dir/a.yml", text.encode())
    if service == "azure":
        return list(azure.jobs(file, Tracked({})))
    readers = {
        "circleci": circleci.jobs,
        "travis": travis.jobs,
        "appveyor": appveyor.jobs,
        "bitbucket": bitbucket.jobs,
        "jenkins": jenkins.jobs,
    }
    return list(readers[service](file))


def said(text: Text) -> str:
    return f"{text.value} ({text.stored})" if text.stored else text.value


def sets(variables: tuple[Variable, ...]) -> list[str]:
    return [f"{it.name}={said(it.text)}" for it in variables]


def does(step: Step) -> str:
    """A step in one line: ``shell: script``, ``[uses] name=value, ...``, where it has them."""
    inputs = ", ".join(f"{name}={said(text)}" for name, text in step.inputs.values())
    parts = [f"[{said(step.uses)}] {inputs}".strip()] if step.uses else []
    parts += [f"{step.shell}: {said(step.script)}".strip()] if step.script else []
    parts += [f"in {step.folder}"] if step.folder else []
    return " ".join([*parts, *sets(step.variables)])


def steps(service: str, text: str) -> list[str]:
    return [does(step) for job in read(service, text) for step in job.steps]


def variables(service: str, text: str) -> list[str]:
    return [it for job in read(service, text) for it in sets(job.variables)]


@pytest.mark.parametrize(
    ("pattern", "path", "wanted"),
    [
        (circleci.PATHS, ".circleci/config.yml", True),
        (circleci.PATHS, "a/.circleci/x/continue.yaml", True),
        (circleci.PATHS, "circleci/config.yml", False),
        (circleci.PATHS, ".circleci/config.json", False),
        (travis.PATHS, ".travis.yml", True),
        (travis.PATHS, "a/.travis.yaml", True),
        (travis.PATHS, "my.travis.yml", False),
        (appveyor.PATHS, "appveyor.yml", True),
        (appveyor.PATHS, "a/.appveyor.yaml", True),
        (appveyor.PATHS, "myappveyor.yml", False),
        (bitbucket.PATHS, "bitbucket-pipelines.yml", True),
        (bitbucket.PATHS, "bitbucket-pipelines.yml.txt", False),
        (azure.PATHS, "azure-pipelines.yml", True),
        (azure.PATHS, "azure-pipelines-release.yaml", True),
        (azure.PATHS, "a/.azure-pipelines/b/c.yml", True),
        (azure.PATHS, "azure-pipelines/steps.yml", True),
        (azure.PATHS, ".azuredevops/x.yml", True),
        (azure.PATHS, ".azure/pipelines/x.yml", True),
        (azure.PATHS, ".azure/release-pipeline.yml", True),
        (azure.PATHS, ".azure/other.yml", False),
        (azure.PATHS, "my-azure-pipelines.yml", False),
        (azure.PATHS, "azure-pipelines/readme.md", False),
        (jenkins.PATHS, "Jenkinsfile", True),
        (jenkins.PATHS, "ci/Jenkinsfile.release", True),
        (jenkins.PATHS, "ci/release.Jenkinsfile", True),
        (jenkins.PATHS, "release.jenkinsfile", True),
        (jenkins.PATHS, "MyJenkinsfile", False),
        (jenkins.PATHS, "Jenkinsfile.d/x", False),
    ],
)
def test_paths(pattern: str, path: str, wanted: bool) -> None:
    assert (re.search(pattern, path) is not None) is wanted


@pytest.mark.parametrize("service", ["circleci", "travis", "appveyor", "bitbucket", "azure"])
def test_no_yaml(service: str) -> None:
    with pytest.raises(Unreadable, match="is not valid YAML"):
        read(service, "a: [\n")


@pytest.mark.parametrize("service", ["circleci", "travis", "appveyor", "bitbucket", "azure"])
@pytest.mark.parametrize(
    "text", ["", "a", "[a, [b]]", "{a: b}", "&x [*x]", "&x {a: *x}", "? [a]\n: b\n"]
)
def test_nothing_to_do(service: str, text: str) -> None:
    assert steps(service, text) == []


def circle(*job: str) -> str:
    return "jobs:\n  j:\n" + "".join(f"    {line}\n" for part in job for line in part.splitlines())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("steps: [checkout, run: a, {run: {command: b, name: n}}]", ["sh: a", "sh: b"]),
        ("steps: [{run: {command: a, environment: {B: c}}}]", ["sh: a B=c"]),
        ("steps: [{run: {command: a, environment: [{B: c}, {D: 1}]}}]", ["sh: a B=c D=1"]),
        ("steps: [{run: {command: a, shell: /bin/bash -eo pipefail}}]", ["sh: a"]),
        ("steps: [{run: {command: a, shell: 'C:\\Windows\\PowerShell.exe -x'}}]", ["pwsh: a"]),
        ("steps: [{run: {command: a, shell: pwsh}}]", ["pwsh: a"]),
        ("steps: [{run: {command: a, shell: cmd.exe}}]", ["cmd: a"]),
        ("steps: [{run: {command: a, shell: python3}}]", ["python3: a"]),
        ("steps: [{run: {command: a, working_directory: ./b/c/}}]", ["sh: a in b/c"]),
        ("steps: [{run: {command: a, working_directory: ~/project/b}}]", ["sh: a in b"]),
        ("steps: [{run: {command: a, working_directory: /tmp}}]", ["sh: a in tmp"]),
        ("steps: [{run: {command: a, working_directory: ~/b}}]", ["sh: a"]),
        ("steps: [{deploy: {command: a}}]", ["sh: a"]),
        (
            "steps: [{when: {condition: x, steps: [run: a]}}, {unless: {steps: [run: b]}}]",
            ["sh: a", "sh: b"],
        ),
        ("steps: [{when: {steps: [{when: {steps: [run: a]}}]}}]", ["sh: a"]),
        ("steps: [o/c, {o/d: {a: b, list: [x], Name: 1}}]", ["[o/c]", "[o/d] a=b, Name=1"]),
        (
            (
                "steps: [unknown, {x: {command: a}}, {run: }, {run: [a]}, "
                "{run: {name: a}}, 1, [run: b]]"
            ),
            ["sh: b"],
        ),
        ("steps: {run: a}", ["sh: a"]),
        (r"steps: [run: 'cat \<<EOF \<< parameters.x >>']", ["sh: cat <<EOF << parameters.x >>"]),
        ("steps: &s [run: a, steps: *s]", ["sh: a"] * 10),
    ],
)
def test_circleci_steps(text: str, found: list[str]) -> None:
    assert steps("circleci", circle(text))[:10] == found


COMMANDS = """\
commands:
  up:
    parameters:
      token: {type: env_var_name, default: TOKEN}
      after: {type: steps, default: []}
      where: {type: string, default: dist}
    steps:
      - run:
          command: "send -p $<< parameters.token >> <<parameters.where>>/*"
          environment: {A: << parameters.token >>}
      - steps: << parameters.after >>
  twice:
    parameters: {name: {type: string}, more: {type: steps, default: [run: default]}}
    steps:
      - up: {token: << parameters.name >>, after: << parameters.more >>}
      - run: "<< parameters.other >>"
  loop:
    steps: [run: again, loop]
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("steps: [up]", ["sh: send -p $TOKEN dist/* A=TOKEN"]),
        ("steps: [up: {token: X, where: out}]", ["sh: send -p $X out/* A=X"]),
        (
            "steps: [up: {after: [run: b, up]}]",
            ["sh: send -p $TOKEN dist/* A=TOKEN", "sh: b", "sh: send -p $TOKEN dist/* A=TOKEN"],
        ),
        (
            "steps: [twice: {name: Y}]",
            ["sh: send -p $Y dist/* A=Y", "sh: default", "sh: << parameters.other >>"],
        ),
    ],
)
def test_circleci_commands(text: str, found: list[str]) -> None:
    assert steps("circleci", COMMANDS + circle(text)) == found


def test_circleci_commands_that_never_end() -> None:
    found = steps("circleci", COMMANDS + circle("steps: [loop]"))
    assert set(found) == {"sh: again"}
    assert len(found) < 30


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (circle("environment: {A: b, C: 1}"), ["A=b", "C=1"]),
        (circle("environment: [{A: b}, {C: 1}]"), ["A=b", "C=1"]),
        (circle("docker: [{image: i, environment: {A: b}}, {environment: {C: d}}]"), ["A=b"]),
        (circle("environment: {A: [b], C: {d: e}, F: }"), ["F="]),
        (
            "executors: {e: {environment: {A: b}}}\n"
            + circle("executor: e", "environment: {A: c}"),
            ["A=b", "A=c"],
        ),
        (
            "executors: {e: {parameters: {x: {default: 1}}, "
            "environment: {A: << parameters.x >>}}}\n" + circle("executor: {name: e, x: 2}"),
            ["A=2"],
        ),
        (circle("executor: unknown/e"), []),
        (
            "x: &x {A: 1}\ny: &y {B: 2, A: 3}\n" + circle("environment: {<<: [*x, *y], C: 4}"),
            ["C=4", "A=1", "B=2"],
        ),
        ("x: &x {environment: {A: 1}}\ny: &y {<<: *x}\n" + circle("<<: *y"), ["A=1"]),
    ],
)
def test_circleci_variables(text: str, found: list[str]) -> None:
    assert variables("circleci", text) == found


PARAMETRIC = circle(
    "parameters: {repo: {type: string, default: pypi}}", "steps: [run: up << parameters.repo >>]"
)


@pytest.mark.parametrize(
    ("workflow", "found"),
    [
        ("[]", ["sh: up pypi"]),
        ("[j]", ["sh: up pypi"]),
        (
            "[{j: {repo: a, requires: [x]}}, {j: {repo: b}}, {j: {repo: a}}]",
            ["sh: up a", "sh: up b"],
        ),
        ("[{j: {matrix: {parameters: {repo: [a, b]}}}}]", ["sh: up a", "sh: up b"]),
        ("[{j: {matrix: {parameters: {repo: []}}}}]", ["sh: up pypi"]),
        ("[{j: {pre-steps: [run: a], post-steps: [run: b]}}]", ["sh: a", "sh: up pypi", "sh: b"]),
        ("[{o/p: {token: T, context: [c]}}]", ["[o/p] token=T", "sh: up pypi"]),
        ("[{o/p: {pre-steps: [run: a]}}]", ["sh: a", "[o/p]", "sh: up pypi"]),
        ("[{hold: {type: approval}}, 1, {j: [x]}]", ["sh: up pypi"]),
    ],
)
def test_circleci_workflows(workflow: str, found: list[str]) -> None:
    assert (
        steps("circleci", PARAMETRIC + f"workflows: {{version: 2, w: {{jobs: {workflow}}}}}\n")
        == found
    )


def test_circleci_orbs_that_are_written_in_the_file() -> None:
    text = (
        "orbs:\n  far: a/b@1\n  near:\n"
        "    commands: {c: {steps: [run: x, d]}, d: {steps: [run: y]}}\n"
        "    jobs: {k: {steps: [c]}}\n" + circle("steps: [near/c, d]")
    )
    assert [(job.name, [does(it) for it in job.steps]) for job in read("circleci", text)] == [
        ("j", ["sh: x", "sh: y"]),
        ("near/k", ["sh: x", "sh: y"]),
    ]


def test_circleci_places() -> None:
    text = PARAMETRIC + "workflows: {w: {jobs: [{j: {repo: test}}]}}\n"
    (job,) = read("circleci", text)
    assert (job.service, job.name, job.where.place()) == ("circleci", "j", (2, 3))
    script = job.steps[0].script
    assert script is not None
    assert script.place() == (4, 18)
    assert script.place(3, 4) == (4, 18)  # "test" is not written there
    assert script.place(0, 2) == (4, 18)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("script: a\ninstall: [b, c]\nbefore_install: d", ["sh: d", "sh: b", "sh: c", "sh: a"]),
        ("script: [a, [b, [c]], {d: e}, ~, 1]", ["sh: a", "sh: b", "sh: c", "sh: 1"]),
        ("script: skip\ninstall: true\nbefore_script: ''", []),
        (
            (
                "after_script: g\nafter_deploy: f\ndeploy: {provider: script, script: e}\n"
                "before_deploy: d\nafter_success: c\nbefore_cache: b\nscript: a"
            ),
            [f"sh: {letter}" for letter in "abcdefg"],
        ),
        ("deploy: {provider: script, script: [a, b]}", ["sh: a", "sh: b"]),
        ("deploy: pypi", ["[pypi]"]),
        ("deploy: false\nscript: a", ["sh: a"]),
        (
            "deploy: {provider: pypi, user: u, password: {secure: 'x+y'}, on: {tags: true}}",
            [f"[pypi] provider=pypi, user=u, password=x+y ({SECURE})"],
        ),
        (
            "deploy: [{provider: pypi, Password: a}, {provider: pages}, {on: b}, {provider: [c]}]",
            ["[pypi] provider=pypi, Password=a", "[pages] provider=pages"],
        ),
        (
            "deploy: {provider: pypi, password: {main: {secure: a}, test: {secure: b}}}",
            [f"[pypi] password=a ({SECURE}), provider=pypi"],
        ),
        (
            "x: &x {provider: pypi, user: a}\ndeploy: {<<: *x, user: b}",
            ["[pypi] user=b, provider=pypi"],
        ),
    ],
)
def test_travis_steps(text: str, found: list[str]) -> None:
    assert steps("travis", text) == found


@pytest.mark.parametrize("key", ["jobs", "matrix"])
@pytest.mark.parametrize("form", ["{{include: [{}]}}", "[{}]"])
def test_travis_jobs(key: str, form: str) -> None:
    own = "{stage: release, install: [], script: c, env: D=2, deploy: {provider: pypi}}"
    text = f"install: a\nscript: b\nenv: {{global: [D=1]}}\n{key}: {form.format(own)}\n"
    first, second = read("travis", text)
    assert [does(step) for step in first.steps] == ["sh: a", "sh: b"]
    assert (second.service, second.name, second.where.place()[0]) == ("travis", "release", 4)
    assert [does(step) for step in second.steps] == ["sh: c", "[pypi] provider=pypi"]
    assert sets(second.variables) == ["D=1", "D=2"]


@pytest.mark.parametrize(
    ("env", "found"),
    [
        ("A=b", ["A=b"]),
        ("A=b C='d e' F=\"g h\"i J=", ["A=b", "C=d e", "F=g hi", "J="]),
        ("[A=b, 'C=d E=f']", ["A=b", "C=d", "E=f"]),
        ("[{secure: x}, A=b]", [f"=x ({SECURE})", "A=b"]),
        ("{secure: x}", [f"=x ({SECURE})"]),
        ("{A: b, C: {secure: x}}", ["A=b", f"C=x ({SECURE})"]),
        ("[{A: b}, {C: {secure: x}}]", ["A=b", f"C=x ({SECURE})"]),
        ("{global: [A=b, secure: x], matrix: [C=d, C=e]}", ["A=b", f"=x ({SECURE})", "C=d", "C=e"]),
        ("{jobs: [C=d], global: A=b}", ["A=b", "C=d"]),
        ("{global: {A: b}}", ["A=b"]),
        ("A", []),
        ("{A: [b]}", []),
        ("[[A=b]]", ["A=b"]),
        ("A=$(x -y=z)", ["A=$(x"]),
    ],
)
def test_travis_variables(env: str, found: list[str]) -> None:
    assert variables("travis", f"env: {env}\n") == found


def test_travis_places() -> None:
    (job,) = read("travis", "env:\n  - A=b C='d'\n  - secure: xyz\n")
    assert [it.text.place() for it in job.variables] == [(2, 7), (2, 11), (3, 5)]


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("\n    secure: x", (4, 5)),
        ("\n    # more\n    secure: 'x'", (5, 5)),
        (" {secure: x}", (3, 6)),
        (" { secure: x }", (3, 6)),
        (" &a {secure: x}", (3, 9)),
        (" !!map\n    secure: x", (4, 5)),
        (" {secure: *x}", (3, 6)),
        (" {<<: *s}", (3, 6)),
        (" *s", (1, 10)),
    ],
)
@pytest.mark.parametrize(("service", "key"), [("travis", "env"), ("appveyor", "environment")])
def test_place_of_an_encrypted_value(
    service: str, key: str, written: str, place: tuple[int, int]
) -> None:
    text = f"base: &s {{secure: &x x}}\n{key}:\n  A:{written}\n  # end\n"
    (job,) = read(service, text)
    (found,) = (it.text for it in job.variables)
    assert (found.value, found.stored, found.place()) == ("x", SECURE, place)
    assert found.start < found.end


@pytest.mark.parametrize("service", ["travis", "appveyor"])
def test_place_of_an_encrypted_input(service: str) -> None:
    text = "deploy:\n  provider: pypi\n  password:\n    secure: x\n  user: {secure: y}\n"
    (job,) = read(service, text)
    inputs = job.steps[0].inputs
    assert [inputs[name][1].place() for name in ("password", "user")] == [(4, 5), (5, 9)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "install: a\nbuild_script: [b, ps: c, pwsh: d, sh: e, bash: f, cmd: g]",
            ["cmd: a", "cmd: b", "pwsh: c", "pwsh: d", "sh: e", "sh: f", "cmd: g"],
        ),
        ("test_script: {ps: a}", ["pwsh: a"]),
        ("image: Ubuntu2204\ninstall: a", ["sh: a"]),
        ("image: [macos, ubuntu]\ninstall: a", ["sh: a"]),
        ("image: [Ubuntu, Visual Studio 2022]\ninstall: a", ["cmd: a"]),
        (
            (
                "on_success: h\nafter_deploy: g\ndeploy_script: f\nbefore_deploy: "
                "e\nafter_test: d\n"
                "test_script: c\nafter_build: b\nbuild_script: a"
            ),
            [f"cmd: {it}" for it in "abcdefgh"],
        ),
        ("build: off\ndeploy: off\ninstall: [~, [a], {x: y}]", ["cmd: a"]),
        (
            "deploy: {provider: NuGet, api_key: {secure: x}}",
            [f"[NuGet] provider=NuGet, api_key=x ({SECURE})"],
        ),
        ("deploy: [{provider: A}, {name: b}, {provider: C}]", ["[A] provider=A", "[C] provider=C"]),
        ("[{install: a}, {install: b}]", ["cmd: a", "cmd: b"]),
    ],
)
def test_appveyor_steps(text: str, found: list[str]) -> None:
    assert steps("appveyor", text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{A: b, C: {secure: x}}", ["A=b", f"C=x ({SECURE})"]),
        ("{global: {A: b}, matrix: [{C: d}, {C: {secure: x}}]}", ["A=b", "C=d", f"C=x ({SECURE})"]),
        ("[{A: b}]", ["A=b"]),
        ("a", []),
    ],
)
def test_appveyor_variables(text: str, found: list[str]) -> None:
    assert variables("appveyor", f"environment: {text}\n") == found


def test_appveyor_special_builds() -> None:
    text = (
        "environment: {A: 1}\ninstall: a\ntest_script: b\n"
        "for:\n- branches: {only: [x]}\n  environment: {B: 2}\n  test_script: c\n"
    )
    first, second = read("appveyor", text)
    assert (sets(first.variables), [does(it) for it in first.steps]) == (
        ["A=1"],
        ["cmd: a", "cmd: b"],
    )
    assert (sets(second.variables), [does(it) for it in second.steps]) == (
        ["A=1", "B=2"],
        ["cmd: a", "cmd: c"],
    )
    assert (second.service, second.where.place()) == ("appveyor", (5, 3))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("default: [{step: {name: n, script: [a, b]}}]", {"n": ["sh: a", "sh: b"]}),
        ("default: [{step: {script: [a], after-script: [b]}}]", {"default": ["sh: a", "sh: b"]}),
        ("branches: {main: [{step: {script: [a]}}]}", {"branches main": ["sh: a"]}),
        ("tags: {'v*': [{step: {script: a}}]}", {"tags v*": ["sh: a"]}),
        ("pull-requests: {'**': [{step: {script: a}}]}", {"pull-requests **": ["sh: a"]}),
        ("custom: {go: [{variables: [{name: X}]}, {step: {script: a}}]}", {"custom go": ["sh: a"]}),
        (
            "default: [{parallel: [{step: {name: a, script: a}}, {step: {name: b, script: b}}]}]",
            {"a": ["sh: a"], "b": ["sh: b"]},
        ),
        (
            "default: [{parallel: {fail-fast: true, steps: [{step: {script: a}}]}}]",
            {"default": ["sh: a"]},
        ),
        ("default: [{stage: {name: s, steps: [{step: {script: a}}]}}]", {"default": ["sh: a"]}),
        (
            "default: [{step: {script: [{pipe: 'a/b:1', variables: {P: $P, L: [x]}}, {x: y}]}}]",
            {"default": ["[a/b:1] P=$P"]},
        ),
        (
            "default: [{step: {runs-on: [self.hosted, windows], script: [a]}}]",
            {"default": ["pwsh: a"]},
        ),
        (
            "default: [a, {step: }, {step: [x]}, {parallel: 1}]\nbranches: a\ncustom: {a: }",
            {"default": []},
        ),
    ],
)
def test_bitbucket(text: str, found: dict[str, list[str]]) -> None:
    jobs = read("bitbucket", "pipelines:\n" + "".join(f"  {it}\n" for it in text.splitlines()))
    assert {job.name: [does(step) for step in job.steps] for job in jobs} == found
    assert {job.service for job in jobs} == {"bitbucket"}


def test_bitbucket_anchors() -> None:
    text = """\
definitions:
  steps:
    - step: &base {name: base, script: &lines [a, b]}
  other: &other
    step: {name: other, script: [*lines, c]}
pipelines:
  default:
    - step: *base
    - <<: *other
  tags:
    x:
      - step: *base
      - step: {<<: *base, name: named}
"""
    found = {job.name: [does(it) for it in job.steps] for job in read("bitbucket", text)}
    assert found == {
        "base": ["sh: a", "sh: b"],
        "other": ["sh: a", "sh: b", "sh: c"],
        "named": ["sh: a", "sh: b"],
    }
    assert len(read("bitbucket", text)) == 3


def test_bitbucket_variables() -> None:
    text = """\
pipelines:
  custom:
    go:
      - variables: [{name: A, default: b}, {name: C}]
      - step: {oidc: true, script: [a]}
      - step: {script: [b]}
"""
    jobs = read("bitbucket", text)
    assert [sets(job.variables) for job in jobs] == [["A=b"]] * 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "steps: [script: a, bash: b, pwsh: c, powershell: d]",
            ["sh: a", "sh: b", "pwsh: c", "pwsh: d"],
        ),
        ("pool: {vmImage: windows-2022}\nsteps: [script: a, bash: b]", ["cmd: a", "sh: b"]),
        (
            (
                "pool: {vmImage: vs2017}\njobs: [{job: j, pool: {vmImage: ubuntu}, "
                "steps: [script: a]}]"
            ),
            ["sh: a"],
        ),
        (
            (
                "pool: {'${{ if x }}': {vmImage: linux}, "
                "'${{ else }}': {vmImage: win}}\nsteps: [script: a]"
            ),
            ["sh: a"],
        ),
        ("steps: [{script: a, env: {A: $(B)}}]", ["sh: a A=$(B)"]),
        ("steps: [{script: a, workingDirectory: $(Build.SourcesDirectory)/b}]", ["sh: a in b"]),
        ("steps: [{script: a, workingDirectory: 'b\\c'}]", ["sh: a in b/c"]),
        ("steps: [{script: a, workingDirectory: $(Agent.TempDirectory)}]", ["sh: a"]),
        ("steps: [checkout: self, publish: x, download: y, 1, [script: a]]", ["sh: a"]),
        (
            "steps: [{task: TwineAuthenticate@1, inputs: {pythonUploadServiceConnection: c}}]",
            ["[TwineAuthenticate@1] pythonUploadServiceConnection=c"],
        ),
        (
            "steps: [{task: Bash@3, inputs: {script: a, workingDirectory: w}}]",
            ["[Bash@3] script=a, workingDirectory=w sh: a in w"],
        ),
        ("steps: [{task: cmdline@2, inputs: {script: a}}]", ["[cmdline@2] script=a sh: a"]),
        (
            "pool: {vmImage: win}\nsteps: [{task: CmdLine@2, inputs: {script: a}}]",
            ["[CmdLine@2] script=a cmd: a"],
        ),
        ("steps: [{task: PowerShell@2, inputs: {Script: a}}]", ["[PowerShell@2] Script=a pwsh: a"]),
        (
            "steps: [{task: AzureCLI@2, inputs: {scriptType: pscore, inlineScript: a}}]",
            ["[AzureCLI@2] scriptType=pscore, inlineScript=a pwsh: a"],
        ),
        ("steps: [{task: [x], inputs: a}, {task: T@1, inputs: a, env: [b]}]", ["[T@1]"]),
        (
            (
                "jobs: [{deployment: b, "
                "strategy: {runOnce: {deploy: {steps: [script: a, script: b]}}}}]"
            ),
            ["sh: a", "sh: b"],
        ),
        (
            (
                "jobs: [{deployment: d, strategy: {canary: {preDeploy: {steps: [script: a]},"
                " deploy: {steps: [script: b]}, on: {success: {steps: [script: c]}}}}}]"
            ),
            ["sh: a", "sh: b", "sh: c"],
        ),
        (
            (
                "stages: [{stage: s, jobs: [{job: a, steps: [script: a]}]}, "
                "{jobs: [{steps: [script: b]}]}]"
            ),
            ["sh: a", "sh: b"],
        ),
        (
            (
                "steps:\n- ${{ if x }}:\n  - script: a\n- ${{ else }}:\n  - ${{ each y "
                "in z }}: [script: b]"
            ),
            ["sh: a", "sh: b"],
        ),
        (
            "${{ if x }}:\n  steps: [script: a]\n${{ else }}:\n  steps: [script: b]",
            ["sh: a", "sh: b"],
        ),
        ("steps: [{script: a, env: {'${{ if x }}': {A: b}, C: d}}]", ["sh: a C=d A=b"]),
        ("jobs: [{'${{ if x }}': {job: a, steps: [script: a]}}]", ["sh: a"]),
        (
            (
                "extends: {template: x.yml@far, parameters: {a: {b: c}, "
                "d: [{jobs: [{steps: [script: a]}]}]}}"
            ),
            ["sh: a"],
        ),
        ("steps: [{template: x.yml@far, parameters: {before: [script: a], n: [1]}}]", ["sh: a"]),
    ],
)
def test_azure_steps(text: str, found: list[str]) -> None:
    assert steps("azure", text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("variables: {A: b, C: 1}", ["A=b", "C=1"]),
        ("variables: [{name: A, value: b}, {group: g}]", ["A=b", "=g (a variable group)"]),
        ("variables: [{'${{ if x }}': [{name: A, value: b}]}, {name: C}]", ["A=b"]),
        ("variables: {'${{ if x }}': {A: b}, '${{ else }}': {A: c}}", ["A=b", "A=c"]),
        (
            "variables: [{name: A, '${{ if x }}': {value: b}, '${{ else }}': {value: c}}]",
            ["A=b", "A=c"],
        ),
        ("variables: a", []),
        ("variables: [a, [b]]", []),
    ],
)
def test_azure_variables(text: str, found: list[str]) -> None:
    assert variables("azure", text + "\nsteps: [script: a]\n") == found


def test_azure_variables_of_all_levels() -> None:
    text = (
        "variables: {A: 1}\nstages: [{stage: s, variables: {A: 2}, jobs: "
        "[{job: j, variables: {A: 3}, steps: [script: a]}, {job: k, steps: [script: a]}]}]"
    )
    assert [(job.service, job.name, sets(job.variables)) for job in read("azure", text)] == [
        ("azure", "j", ["A=1", "A=2", "A=3"]),
        ("azure", "k", ["A=1", "A=2"]),
    ]


PARAMETERS = """\
parameters:
- {name: repo, type: string, default: pypi}
- {name: before, type: stepList, default: [script: nothing]}
- {name: env, type: object, default: {A: b}}
- name: required
steps:
- ${{ parameters.before }}
- script: up ${{ parameters.repo }} ${{parameters['repo']}} ${{ parameters.required }} ${{ var }}
  env: ${{ parameters.env }}
- ${{ each step in parameters.before }}:
  - ${{ step }}
"""


def templates(root: str, **files: str) -> list[Job]:
    texts = {"ci/" + name.replace("__", "/") + ".yml": text for name, text in files.items()}
    repository = Tracked({"ci/azure-pipelines.yml": root, **texts})
    return list(azure.jobs(repository.file("ci/azure-pipelines.yml"), repository))


def test_azure_defaults_of_parameters() -> None:
    line = "up pypi pypi ${{ parameters.required }} ${{ var }}"
    assert steps("azure", PARAMETERS) == ["sh: nothing", f"sh: {line} A=b", "sh: nothing"]


@pytest.mark.parametrize(
    ("root", "found"),
    [
        (
            "steps: [{template: t.yml, parameters: {required: 1, env: {}}}]",
            ["sh: nothing", "sh: up pypi pypi 1 ${{ var }}", "sh: nothing"],
        ),
        (
            (
                "steps: [{template: t.yml@self, parameters: {required: 1, repo: a, "
                "env: {}, before: []}}]"
            ),
            ["sh: up a a 1 ${{ var }}"],
        ),
        (
            (
                "steps: [{template: /ci/t.yml, parameters: {env: {}, "
                "before: [script: z], required: 2}}]"
            ),
            ["sh: z", "sh: up pypi pypi 2 ${{ var }}", "sh: z"],
        ),
        ("steps: [template: ../ci/u.yml]", ["sh: u"]),
        ("steps: [template: '..\\ci\\u.yml']", ["sh: u"]),
        ("jobs: [template: sub/jobs.yml]", ["sh: u", "sh: v"]),
        (
            "stages: [{template: sub/stages.yml, parameters: {list: [{steps: [script: a]}]}}]",
            ["sh: a"],
        ),
        (
            "extends: {template: sub/stages.yml, parameters: {list: [{steps: [script: a]}]}}",
            ["sh: a"],
        ),
        ("steps: [template: none.yml, template: u.yml@far, template: ../../ci/u.yml]", ["sh: u"]),
        (
            "steps: [template: outside.yml, template: broken.yml, {template: [x]}, script: a]",
            ["sh: a"],
        ),
        ("steps: [template: again.yml]", ["sh: a"]),
        ("variables: [template: vars.yml]\nsteps: [script: a]", ["sh: a"]),
    ],
)
def test_azure_templates(root: str, found: list[str]) -> None:
    jobs = templates(
        root,
        t=PARAMETERS,
        u="steps: [script: u]",
        sub__jobs="jobs: [{job: j, steps: [{template: ../u.yml}, script: v]}]",
        sub__stages="parameters: {list: []}\nstages: [{jobs: ['${{ parameters.list }}']}]",
        outside="steps: [script: outside]",
        broken="steps: [",
        again="steps: [script: a, template: again.yml]",
        vars="variables: {A: b}",
    )
    every = [does(step) for job in jobs for step in job.steps]
    assert every[:1] == found if "again" in root else every == found
    assert len(every) < 40


def test_azure_variables_of_a_template() -> None:
    (job,) = templates("variables: [template: v.yml]\nsteps: [script: a]", v="variables: {A: b}")
    assert sets(job.variables) == ["A=b"]
    (job,) = templates(
        "extends: {template: v.yml}", v="variables: [{name: A, value: b}]\nsteps: [script: a]"
    )
    assert [does(it) for it in job.steps] == ["sh: a"]


def test_azure_says_in_which_file_a_step_is() -> None:
    (job,) = templates(
        "jobs:\n- job: j\n  steps:\n  - template: t.yml\n", t="steps:\n- script: a\n"
    )
    assert (job.where.file.path, job.where.place()) == ("ci/azure-pipelines.yml", (2, 8))
    assert (job.steps[0].where.file.path, job.steps[0].where.place()) == ("ci/t.yml", (2, 11))


def test_azure_without_git() -> None:
    repository = Untracked(
        {"a.yml": "steps: [script: a, template: b.yml]", "b.yml": "steps: [script: b]"}
    )
    (job,) = azure.jobs(repository.file("a.yml"), repository)
    assert [does(it) for it in job.steps] == ["sh: a"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sh 'a b'", ["sh: a b"]),
        ('sh "a"', ["sh: a"]),
        (
            "sh('a'); bat('b')\npowershell \"c\"\npwsh 'd'",
            ["sh: a", "cmd: b", "pwsh: c", "pwsh: d"],
        ),
        ("sh '''\n  a\n  b 'c'\n'''", ["sh: \n  a\n  b 'c'"]),
        ('sh """a "b" c"""', ['sh: a "b" c']),
        ("sh $/a 'b' \"c\"/$", ["sh: a 'b' \"c\""]),
        ("sh(script: 'a', returnStdout: true)", ["sh: a"]),
        ("sh returnStatus: true, label: 'l', script: \"a\"", ["sh: a"]),
        ("def x = sh(returnStdout: true, script: '''a''').trim()", ["sh: a"]),
        ("steps.sh 'a'", ["sh: a"]),
        ("sh command\nfoo(script: 'a')", []),
        ("sh(command)\nsh()\nsh", []),
        ("def sh(String x) { echo 'a' }", []),
        ("x(sh: 'a')", []),
        ("// sh 'a'\n/* sh 'b' */ sh 'c' // sh 'd'\n/* sh 'e'", ["sh: c"]),
        ("echo \"sh 'a'\"\nsh 'b // c /* d'", ["sh: b // c /* d"]),
        (r"sh 'a\'b\\\n\$X\d'", ["sh: a'b\\\n$X\\d"]),
        ("sh '''a \\\nb'''", ["sh: a b"]),
        ("sh 'a ' + name + \" b\"", ["sh: a ${name} b"]),
        ("sh 'a ' + env.NAME + ' b' +\n 'c'", ["sh: a ${env} bc"]),
        ('sh "a ${x.get("y")} b"', ['sh: a ${x.get("y")} b']),
        ("if (x ==~ /it's/) { sh 'a' }", ["sh: a"]),
        ("x = 4 / 2\nsh 'a' / 3", ["sh: a"]),
        ("sh 'open\nsh 'b'", ["sh: open", "sh: b"]),
        ("sh '''open\nsh 'b'", ["sh: open\nsh 'b'"]),
        (
            "dir('a/b') { sh 'x'\n dir(\"./c\") { sh 'y' } }\nsh 'z'",
            ["sh: x in a/b", "sh: y in a/b/c", "sh: z"],
        ),
        ("dir(\"$WORKSPACE\") { sh 'x' }\ndir('../y') { sh 'y' }", ["sh: x", "sh: y"]),
        ("withEnv(['A=b', \"C=${d}=e\"]) { sh 'x' }\nsh 'y'", ["sh: x A=b C=${d}=e", "sh: y"]),
        ("withEnv(['A=b']) { bat 'x' }", ["cmd: x A=b"]),
        ("}}} sh 'a' {{{", ["sh: a"]),
        ("", []),
    ],
)
def test_jenkins_steps(text: str, found: list[str]) -> None:
    assert steps("jenkins", text) == found


def stored(name: str, credential: str) -> str:
    return f"{name}={credential} (Jenkins' credential {credential})"


@pytest.mark.parametrize(
    ("bindings", "found"),
    [
        (
            "[usernamePassword(credentialsId: 'c', usernameVariable: 'U', passwordVariable: 'P')]",
            [stored("U", "c"), stored("P", "c")],
        ),
        ("[string(variable: 'T', credentialsId: \"c\")]", [stored("T", "c")]),
        (
            "[string(credentialsId: 'a', variable: 'A'), file(credentialsId: 'b', variable: 'B')]",
            [stored("A", "a"), stored("B", "b")],
        ),
        (
            "bindings: [usernameColonPassword(credentialsId: 'c', variable: 'UP')]",
            [stored("UP", "c")],
        ),
        (
            "[[$class: 'UsernamePasswordMultiBinding', credentialsId: 'c', usernameVariable: 'U']]",
            [stored("U", "c")],
        ),
        ("[string(credentialsId: params.ID, variable: 'T')]", ["T= (a credential of Jenkins)"]),
        ("[sshUserPrivateKey(credentialsId: 'c')]", []),
        ("bindings", []),
    ],
)
def test_jenkins_bindings(bindings: str, found: list[str]) -> None:
    (job,) = read("jenkins", f"withCredentials({bindings}) {{\n sh 'a'\n}}\nsh 'b'\n")
    assert [sets(step.variables) for step in job.steps] == [found, []]


def test_jenkins_environment() -> None:
    text = """\
pipeline {
  environment {
    A = 'b'
    TOKEN = credentials('c')
    N = "${x}"
    M = "a" + 'b'
    O = call()
  }
  stages {
    stage('one') {
      environment { D = "e" }
      steps { sh 'x' }
    }
    stage('two') { steps { sh 'y'; script { env.F = 'g' } } }
  }
}
"""
    (job,) = read("jenkins", text)
    tokens = [stored("TOKEN" + end, "c") for end in ("", "_USR", "_PSW")]
    outer = ["A=b", *tokens, "N=${x}", "M=ab"]
    assert [sets(step.variables) for step in job.steps] == [[*outer, "D=e"], outer]
    assert sets(job.variables) == ["F=g"]
    assert (job.service, job.name) == ("jenkins", "a.yml")
    assert [it.text.place() for it in job.steps[0].variables[:2]] == [(3, 10), (4, 13)]


def test_jenkins_block_without_a_step() -> None:
    text = "withCredentials([string(credentialsId: 'c', variable: 'T')]) { release() }\n"
    (job,) = read("jenkins", text)
    assert [does(step) for step in job.steps] == [stored("T", "c")]
    assert job.steps[0].where.place() == (1, 40)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("environment { A = credentials('c') }", 19),
        ('environment { A = credentials ( "c" ) }', 19),
        ("environment { A = credentials('''c''') }", 19),
        ("withCredentials([string(credentialsId: 'c', variable: 'A')]) { sh 'x' }", 40),
        ('withCredentials([string(variable: "A", credentialsId: "c")]) { sh "x" }', 55),
        ("withCredentials([string(credentialsId:'''c''', variable: 'A')]) { sh 'x' }", 39),
        ("withCredentials([string(credentialsId: $/c/$, variable: 'A')]) { sh 'x' }", 40),
    ],
)
def test_place_of_a_credential(text: str, column: int) -> None:
    (job,) = read("jenkins", text)
    credential = job.steps[0].variables[0].text
    assert (credential.value, credential.place()) == ("c", (1, column))
    assert text[: credential.end].endswith("c")


def test_jenkins_places() -> None:
    (job,) = read(
        "jenkins",
        "node {\n  sh '''\n    up \\$A\n    go\n  '''\n}\nwithEnv(['AB=cd']) { sh 'x' }\n",
    )
    script = job.steps[0].script
    assert script is not None
    assert script.place(script.value.index("go"), 2) == (4, 5)
    assert script.place(script.value.index("up"), 2) == (3, 5)
    assert job.steps[1].variables[0].text.place() == (7, 14)


def test_jenkins_too_large() -> None:
    with pytest.raises(Unreadable, match="larger"):
        read("jenkins", "x" * (2 * 1024 * 1024 + 1))


MANY = 10_000


@pytest.mark.parametrize(
    "text",
    [
        "'" * MANY,
        "'''\\" * MANY,
        '"${' * MANY,
        "/* " * MANY,
        "$/" * MANY,
        "(/ " * MANY,
        "withEnv(['A=b']) { " * MANY,
        "withCredentials(" * MANY,
        "environment { A = 'b' " * MANY,
        "environment { A = 'b' } " * MANY,
        "sh x: " * MANY,
        "sh 'a' + " * MANY,
        "}" * MANY + "{" * MANY,
    ],
)
def test_jenkins_hostile(text: str) -> None:
    assert len(read("jenkins", text)) == 1


SUBSTITUTION = """\
commands: {{c: {{parameters: {{x: {{}}}}, steps: [run: "{}"]}}}}
jobs: {{j: {{steps: [c: {{x: {}}}]}}}}
"""


def exploding(what: str) -> str:
    """Twelve lists, each of nine aliases of the one before."""
    lines = [f"x0: &x0 {what}"]
    lines += [f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("service", "text"),
    [
        ("circleci", exploding("[run: a]") + "jobs: {j: {steps: *x11}}"),
        ("circleci", exploding("{A: b}") + "jobs: {j: {environment: *x11}}"),
        ("circleci", exploding("{A: b}") + "jobs: {j: {environment: {<<: *x11}}}"),
        ("circleci", "commands: {c: {steps: [c, c, c]}}\njobs: {j: {steps: [c]}}"),
        (
            "circleci",
            SUBSTITUTION.format("<< parameters.x >>" * 9999, "x" * 9999),
        ),
        ("travis", exploding("[a]") + "script: *x11"),
        ("travis", exploding("[A=b]") + "env: *x11"),
        ("travis", exploding("{script: a}") + "jobs: *x11\nenv: [A=b, C=d]"),
        ("travis", "env: &e {global: *e, jobs: *e}"),
        ("travis", f"env: {'a' * 99_999}"),
        ("travis", "env: '" + 'A="' * 99_999 + "'"),
        ("appveyor", exploding("[a]") + "install: *x11"),
        ("appveyor", exploding("{install: a}") + "for: *x11"),
        ("bitbucket", exploding("[{step: {script: [a]}}]") + "pipelines: {default: *x11}"),
        ("bitbucket", exploding("[a]") + "pipelines: {default: [{step: {script: *x11}}]}"),
        ("bitbucket", "pipelines: {default: &p {parallel: *p, stage: *p, steps: *p}}"),
        ("azure", exploding("[script: a]") + "steps: *x11"),
        ("azure", "steps: &s [{'${{ if a }}': *s}, {'${{ if b }}': *s}]"),
        ("azure", "&r\n'${{ if a }}': *r\n'${{ if b }}': *r\n"),
        ("azure", "stages: &s [{jobs: *s}, {jobs: *s}]"),
        ("azure", "variables: &v [{'${{ if a }}': *v}, {'${{ if b }}': *v}]"),
        ("azure", "parameters: {x: &x ['${{ parameters.x }}', '${{ parameters.x }}']}\nsteps: *x"),
    ],
)
def test_expansion_is_bounded(service: str, text: str) -> None:
    for job in read(service, text):
        assert len(job.steps) < 100_000
        assert sum(len(step.script.value) for step in job.steps if step.script) < 10_000_000


def test_azure_templates_are_bounded() -> None:
    root = "steps: [template: t.yml]"
    assert (
        list(templates(root, t="steps: [template: t.yml, template: t.yml, template: t.yml]")) == []
    )


KEYS = {
    "circleci": "jobs steps run command environment executor executors commands parameters default"
    " orbs workflows matrix docker when o/p << j x pre-steps",
    "travis": "script deploy provider env global jobs include matrix stages secure password << x",
    "appveyor": "install deploy provider environment global matrix for image ps secure << x",
    "bitbucket": "pipelines default custom step steps parallel stage script pipe variables oidc"
    " audiences name << x",
    "azure": "steps jobs stages script task inputs env variables name value group template x job"
    " parameters default pool vmImage strategy runOnce deploy extends stage '${{\\ if\\ x\\ }}'",
}
VALUES = [
    "a",
    "''",
    "",
    "&x b",
    "*x",
    "<< parameters.x >>",
    "'${{ parameters.x }}'",
    "j",
    "c",
    "A=b",
]


@st.composite
def configurations(draw: st.DrawFn) -> tuple[str, str]:
    service = draw(st.sampled_from(sorted(KEYS)))
    keys = st.sampled_from(
        [key.replace("\\ ", " ") for key in re.split(r"(?<!\\) ", KEYS[service])]
    )
    nested = st.recursive(
        st.sampled_from(VALUES),
        lambda inner: (
            st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]")
            | st.lists(st.tuples(keys, inner), max_size=4).map(
                lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
            )
        ),
        max_leaves=20,
    )
    pairs = draw(st.lists(st.tuples(keys, nested), min_size=1, max_size=4))
    return service, "x: &x {}\n" + "".join(f"{key}: {value}\n" for key, value in pairs)


@given(configurations())
def test_any_shape_is_read(configuration: tuple[str, str]) -> None:
    try:
        jobs = read(*configuration)
    except Unreadable:
        return
    for job in jobs:
        assert job.where.place() >= (1, 1)
        for step in job.steps:
            assert step.where.place() >= (1, 1)
            assert does(step) is not None


PIECES = [
    "sh ",
    "'",
    '"',
    "'''",
    '"""',
    "$/",
    "/$",
    "/",
    "*/",
    "//",
    "\\",
    "\n",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "+",
    ".",
    ":",
    ",",
    "=",
    "${",
    "dir",
    "withEnv",
    "withCredentials",
    "environment",
    "env",
    "credentials",
    "credentialsId",
    "variable",
    "script",
    "a",
    "A=b",
    " ",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_groovy_is_read(pieces: list[str]) -> None:
    text = "".join(pieces)
    (job,) = read("jenkins", text)
    for step in job.steps:
        for it in [step.where, *(variable.text for variable in step.variables)]:
            assert 0 <= it.start <= it.end <= len(text)
