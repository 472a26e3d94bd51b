"""Cloud Build's configurations: steps, commands, variables, and where secrets come from."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.core.files import File, Unreadable
from tenterhooks.formats.pipeline import Job, Step, Variable
from tenterhooks.formats.pipelines import cloudbuild


def load(text: str, path: str = "cloudbuild.yaml") -> list[Job]:
    return list(cloudbuild.jobs(File(path, f"/nowhere/{path}", path, text.encode())))


def job(text: str) -> Job:
    (only,) = load(text)
    return only


def step(text: str) -> Step:
    (only,) = job(f"steps:\n- {text}\n").steps
    return only


def told(variables: tuple[Variable, ...]) -> list[tuple[str, str, str | None]]:
    return [(it.name, it.text.value, it.text.stored) for it in variables]


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("cloudbuild.yaml", True),
        ("cloudbuild.yml", True),
        ("cloudbuild.json", True),
        ("a/b/cloudbuild-release.yaml", True),
        ("cloudbuild_release.yml", True),
        ("cloudbuildRelease.yml", True),
        ("release.cloudbuild.yaml", True),
        ("release-cloudbuild.yaml", True),
        ("cloudbuild/release.yaml", True),
        (".cloudbuild/release.yaml", True),
        (".cloudbuild/a/release.yaml", True),
        ("a/cloudbuild/release.json", True),
        ("cloudbuild.toml", False),
        ("cloudbuild", False),
        ("mycloudbuild.yaml", False),
        ("mycloudbuild/release.yaml", False),
        ("cloudbuild/release.sh", False),
        ("cloudbuild.yaml/a.txt", False),
    ],
)
def test_paths(path: str, wanted: bool) -> None:
    assert (re.search(cloudbuild.PATHS, path) is not None) is wanted


@pytest.mark.parametrize(
    ("text", "script", "shell"),
    [
        # A script, and what runs it.
        ("script: echo a", "echo a", "sh"),
        ("script: |\n    echo a\n    echo b", "echo a\necho b\n", "sh"),
        ('script: "#!/bin/bash -e\\necho a"', "#!/bin/bash -e\necho a", "sh"),
        ('script: "#!/usr/bin/env python3\\nx"', "#!/usr/bin/env python3\nx", "python3"),
        ('script: "#!/usr/bin/env -S pwsh\\nx"', "#!/usr/bin/env -S pwsh\nx", "pwsh"),
        ('script: "#!\\nx"', "#!\nx", "sh"),
        ('script: "#!/usr/bin/env\\nx"', "#!/usr/bin/env\nx", "env"),
        ("script: echo a\n  args: [b]", "echo a", "sh"),
        # A shell that is given text.
        ("entrypoint: bash\n  args: ['-c', 'echo a | b']", "echo a | b", "sh"),
        ("entrypoint: /bin/sh\n  args: ['-c', 'echo a']", "echo a", "sh"),
        ("entrypoint: sh\n  args: ['-exc', 'echo a']", "echo a", "sh"),
        ("entrypoint: bash\n  args: ['-e', '-o', 'pipefail', '-c', 'a']", "a", "sh"),
        ("entrypoint: bash\n  args: ['-eo', 'pipefail', '-c', 'a']", "a", "sh"),
        ("entrypoint: bash\n  args: ['-c', '-e', 'a']", "a", "sh"),
        ("entrypoint: bash\n  args:\n  - -c\n  - |\n    a\n    b", "a\nb\n", "sh"),
        ("entrypoint: pwsh\n  args: ['-NoProfile', '-Command', 'a']", "a", "pwsh"),
        ("entrypoint: pwsh\n  args: ['-ExecutionPolicy', 'Bypass', '-c', 'a']", "a", "pwsh"),
        ("args: [bash, -c, 'echo a']", "echo a", "sh"),
        # A shell that is given a file, or nothing.
        ("entrypoint: bash\n  args: [./a.sh, -c, b]", "bash ./a.sh -c b", "sh"),
        ("entrypoint: bash\n  args: [--norc, ./a.sh]", "bash --norc ./a.sh", "sh"),
        ("entrypoint: bash\n  args: [-c]", "bash -c", "sh"),
        ("entrypoint: bash", "bash", "sh"),
        ("args: [bash, ./a.sh]", "bash ./a.sh", "sh"),
        # Another program.
        ("entrypoint: twine\n  args: [upload, dist/*]", "twine upload dist/*", "sh"),
        ("args: [python, -m, build]", "python -m build", "sh"),
        ("args: [a, b c, '', \"d'e\"]", "a 'b c' '' 'd'\\''e'", "sh"),
        ("args: [a, '-p $_B \"c\"']", 'a "-p $_B \\"c\\""', "sh"),
        ("args: build", "build", "sh"),
        ("args: [a, [b], {c: d}, 1]", "a 1", "sh"),
        ("entrypoint: make\n  args: a", "make a", "sh"),
        # The escape of a dollar.
        ("script: echo $$A", "echo $A", "sh"),
        ("entrypoint: bash\n  args: [-c, 'echo $$A $_B $${C}']", "echo $A $_B ${C}", "sh"),
        ("args: [a, -p, $$A]", "a -p $A", "sh"),
    ],
)
def test_scripts(text: str, script: str, shell: str) -> None:
    found = step("name: x\n  " + text)
    assert found.script is not None
    assert (found.script.value, found.shell, found.uses) == (script, shell, None)


@pytest.mark.parametrize("text", ["name: x", "name: x\n  args: []", "name: x\n  args: {a: b}"])
def test_a_step_without_commands_uses_its_image(text: str) -> None:
    found = step(text)
    assert found.script is None
    assert found.uses is not None
    assert found.uses.value == "x"


def test_places() -> None:
    found = job(
        "steps:\n"
        "- name: python\n"
        "  entrypoint: bash\n"
        "  args: ['-c', 'twine upload -p $$TOKEN']\n"
        "  env: ['A=b', \"C=d=e\"]\n"
        "  secretEnv: [TOKEN]\n"
        "- id: second\n"
        "  name: x\n"
        "  args: [twine, upload]\n"
    )
    assert (found.service, found.name, found.where.place()) == ("cloudbuild", "build", (1, 1))
    first, second = found.steps
    assert (first.where.value, first.where.place()) == ("python", (2, 9))
    assert first.script is not None
    assert first.script.place() == (4, 16)
    assert first.script.place(first.script.value.index("TOKEN"), 5) == (4, 35)
    assert [it.text.place() for it in first.variables] == [(5, 12), (5, 19), (6, 15)]
    assert (second.where.value, second.where.place()) == ("second", (7, 7))
    assert second.script is not None
    assert second.script.place() == (9, 9)
    assert second.script.place(6, 6) == (9, 17)


SECRETS = """\
availableSecrets:
  secretManager:
  - versionName: projects/p/secrets/s/versions/latest
    env: A
  - env: B
  inline:
  - kmsKeyName: k
    envMap: {C: abc}
secrets:
- kmsKeyName: k
  secretEnv: {D: abc, A: abc}
steps:
- name: x
  secretEnv: [A, B, C, D, E]
"""
KMS = "a value encrypted with Cloud KMS"


def test_secrets() -> None:
    assert told(job(SECRETS).steps[0].variables) == [
        ("A", "$$A", "Secret Manager's projects/p/secrets/s/versions/latest"),
        ("B", "$$B", "Secret Manager's secret"),
        ("C", "$$C", KMS),
        ("D", "$$D", KMS),
        ("E", "$$E", "Secret Manager's secret"),
    ]


def test_variables_of_all_steps() -> None:
    found = job(
        "substitutions: {_A: a, _B: $_A}\n"
        "options: {env: [C=c], secretEnv: [D]}\n"
        "secrets: [{secretEnv: {D: x}}]\n"
        "steps: [{name: x, env: [E=$$D]}]\n"
    )
    assert told(found.variables) == [
        ("_A", "a", None),
        ("_B", "$_A", None),
        ("C", "c", None),
        ("D", "$$D", KMS),
    ]
    assert told(found.steps[0].variables) == [("E", "$D", None)]


@pytest.mark.parametrize(
    ("dir", "folder"),
    [
        ("", ""),
        (".", ""),
        ("a", "a"),
        ("./a/b/", "a/b"),
        ("a//b/../c", "a/c"),
        ("/workspace", ""),
        ("/workspace/a", "a"),
        ("/workspaces/a", "/workspaces/a"),
        ("$_A/b", "$_A/b"),
    ],
)
def test_folders(dir: str, folder: str) -> None:
    assert step(f"name: x\n  dir: '{dir}'").folder == folder


def test_json_is_read_alike() -> None:
    build = {
        "steps": [{"name": "x", "entrypoint": "bash", "args": ["-c", 'a "b"'], "env": ["A=b"]}],
        "substitutions": {"_A": "b"},
    }
    for text in (json.dumps(build), json.dumps(build, indent="\t")):
        (found,) = load(text, "cloudbuild.json")
        assert found.steps[0].script is not None
        assert found.steps[0].script.value == 'a "b"'
        assert told(found.steps[0].variables) == [("A", "b", None)]
        assert told(found.variables) == [("_A", "b", None)]


@pytest.mark.parametrize(
    "text",
    ["", "a", "[a]", "name: x", "steps", "- steps: [{name: a}]", "build: {steps: [{name: a}]}"],
)
def test_no_builds(text: str) -> None:
    assert load(text) == []


@pytest.mark.parametrize("text", ["steps:", "steps: a", "steps: {a: b}", "steps: [a, [b], null]"])
def test_no_steps(text: str) -> None:
    assert job(text).steps == ()


def test_the_last_steps_count_and_an_alias_once() -> None:
    found = job("steps: [{name: a}]\nsteps:\n- &x {name: b}\n- *x\n- {name: c}\n")
    assert [it.where.value for it in found.steps] == ["b", "c"]


def test_what_is_no_yaml() -> None:
    with pytest.raises(Unreadable, match="not valid YAML"):
        load("steps: [")


@pytest.mark.parametrize("key", ["env", "secretEnv", "args"])
def test_aliases_do_not_explode(key: str) -> None:
    many = ", ".join(["A=b"] * 2_000)
    steps = "".join(f"- {{name: x, {key}: *many}}\n" for _ in range(2_000))
    with pytest.raises(Unreadable, match="too many"):
        load(f"x: &many [{many}]\nsteps:\n{steps}")


SHAPING = [
    *("steps", "name", "id", "args", "entrypoint", "script", "env", "secretEnv", "dir"),
    *("secretManager", "inline", "envMap", "versionName"),
]
NESTED = st.recursive(
    st.sampled_from(["a", "''", "", "&x b", "*x", "-c", "bash", "A=b", "A"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]")
        | st.lists(
            st.tuples(
                st.sampled_from(SHAPING),
                inner,
            ),
            max_size=4,
        ).map(lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}")
    ),
    max_leaves=20,
)


@given(NESTED, NESTED, NESTED)
def test_any_shape_is_read(steps: str, available: str, options: str) -> None:
    text = f"x: &x {{}}\nsteps: [{steps}]\navailableSecrets: {available}\noptions: {options}\n"
    try:
        found = load(f"{text}secrets: {available}\nsubstitutions: {options}\n")
    except Unreadable:
        return
    for it in found:
        assert it.where.place() >= (1, 1)
        for inner in it.steps:
            assert inner.where.place() >= (1, 1)
