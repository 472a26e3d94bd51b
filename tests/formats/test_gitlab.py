"""GitLab's pipelines: which files they are made of, how these merge, and what jobs come of it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from conftest import MakeRepository, git, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenterhooks.core.files import File, Repository, Unreadable
from tenterhooks.formats.pipeline import Job
from tenterhooks.formats.pipelines import gitlab, gitlab_values

ROOT = ".gitlab-ci.yml"


def merged(text: str, folder: Path | None = None) -> list[Job]:
    """The jobs of a pipeline that is one file, or whose includes are in ``folder``."""
    repository = Repository(str(folder or "/nowhere"))
    return list(gitlab.jobs(File(ROOT, f"/nowhere/{ROOT}", ROOT, text.encode()), repository))


def one(text: str) -> Job:
    """The job called ``job``."""
    (found,) = [job for job in merged(text) if job.name == "job"]
    return found


def scripts(job: Job) -> list[str]:
    return [step.script.value for step in job.steps if step.script is not None]


def variables(job: Job) -> list[tuple[str, str]]:
    return [(it.name, it.text.value) for it in job.variables]


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        (".gitlab-ci.yml", True),
        (".gitlab-ci.yaml", True),
        ("a/.gitlab-ci.yml", True),
        ("release.gitlab-ci.yml", True),
        ("a/b/release.gitlab-ci.yaml", True),
        (".gitlab/release.yml", True),
        (".gitlab/ci/a/release.yaml", True),
        (".gitlab-ci/release.yml", True),
        ("a/.gitlab-ci/release.yml", True),
        (".gitlab/issue_templates/bug.yml", False),
        (".gitlab/merge_request_templates/a.yml", False),
        (".gitlab/ci/release.sh", False),
        ("x.gitlab/release.yml", False),
        ("gitlab-ci.yml", False),
        (".gitlab-ci.yml.bak", False),
        (".gitlab-ci.yml/a.txt", False),
        ("ci/release.yml", False),
    ],
)
def test_paths(path: str, wanted: bool) -> None:
    assert (re.search(gitlab.PATHS, path) is not None) is wanted


def test_a_job_with_all_its_places() -> None:
    (job,) = merged(
        "variables:\n"
        "  A: a\n"
        "publish:\n"
        "  variables: {B: 'b c'}\n"
        "  id_tokens:\n"
        "    T:\n"
        "      aud: [x, y]\n"
        "  secrets:\n"
        "    S:\n"
        "      vault: a/b\n"
        "  before_script: [pip install twine]\n"
        "  script:\n"
        "    - twine upload dist/*\n"
        "    - |\n"
        "      one\n"
        "      two\n"
        "  after_script: rm a\n"
    )
    assert (job.service, job.name, job.where.place()) == ("gitlab", "publish", (3, 1))
    assert [(it.name, it.text.place()) for it in job.variables] == [
        ("A", (2, 6)),
        ("B", (4, 18)),
        ("S", (10, 7)),
    ]
    assert [(it.script.value, it.where.place()) for it in job.steps if it.script] == [
        ("pip install twine", (11, 19)),
        ("twine upload dist/*", (13, 7)),
        ("one\ntwo\n", (14, 7)),
        ("rm a", (17, 17)),
    ]
    script = job.steps[2].script
    assert script is not None
    assert script.place(4, 3) == (16, 7)
    (token,) = job.id_tokens
    assert (token.name.value, token.name.place()) == ("T", (6, 5))
    assert [(it.value, it.place()) for it in token.audiences] == [("x", (7, 13)), ("y", (7, 16))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a: {script: x}\nb: {script: y}", ["a", "b"]),
        (".a: {script: x}", []),
        ("default: {script: x}\nvariables: {script: x}\nworkflow: {script: x}", []),
        ("include: {a: b}\ncache: {a: b}\nimage: {name: x}\nspec: {inputs: {}}", []),
        ("pages: {script: x}", ["pages"]),
        ("a: x\nb: [x]\nc: null\nd:", []),
        ("a: {trigger: {project: b}}", ["a"]),
        ("a: {script: x}\na: {script: y}", ["a"]),
        ("", []),
        ("- a", []),
        ("a", []),
    ],
)
def test_visible_jobs(text: str, names: list[str]) -> None:
    assert [job.name for job in merged(text)] == names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # Forms of a script.
        ("job: {script: a}", ["a"]),
        ("job: {script: [a, 1, true]}", ["a", "1", "true"]),
        ("job: {script: [a, [b, [c]], d]}", ["a", "b", "c", "d"]),
        ("job: {script: [a, {b: c}, null, d]}", ["a", "d"]),
        ("job: {script: }", []),
        ("job: {script: {a: b}}", []),
        ("job: {run: [{name: a, script: b}]}", []),
        # Anchors.
        ("x: &x [a, b]\njob: {script: [*x, c]}", ["a", "b", "c"]),
        ("x: &x [a]\njob: {script: [*x, b, *x]}", ["a", "b", "a"]),
        ("x: &x a\njob: {script: *x}", ["a"]),
        # In which order.
        ("job: {after_script: c, script: b, before_script: a}", ["a", "b", "c"]),
        # Defaults: of `default`, else of the pipeline; replaced, not merged.
        ("default: {before_script: [a]}\njob: {script: b}", ["a", "b"]),
        ("before_script: [a]\nafter_script: [c]\njob: {script: b}", ["a", "b", "c"]),
        ("before_script: [x]\ndefault: {before_script: [a]}\njob: {script: b}", ["a", "b"]),
        ("default: {before_script: [a]}\njob: {before_script: [c], script: b}", ["c", "b"]),
        ("default: {before_script: [a]}\njob: {before_script: [], script: b}", ["b"]),
        ("default: {before_script: [a]}\njob: {before_script: null, script: b}", ["a", "b"]),
        ("default: {script: a}\nscript: a\njob: {before_script: b}", ["b"]),
        # ... and which of them a job wants.
        ("default: {before_script: a}\njob: {inherit: {default: false}, script: b}", ["b"]),
        ("default: {before_script: a}\njob: {inherit: {default: true}, script: b}", ["a", "b"]),
        ("before_script: a\njob: {inherit: {default: false}, script: b}", ["b"]),
        (
            (
                "default: {before_script: a, after_script: c}\n"
                "job: {inherit: {default: [image, after_script]}, script: b}"
            ),
            ["b", "c"],
        ),
        # A bridge runs nothing.
        ("default: {before_script: a}\njob: {trigger: b}", []),
        # Merge keys: the last that is said wins, a merge key included.
        ("x: &x {script: a}\njob: {<<: *x}", ["a"]),
        ("x: &x {script: a}\njob: {<<: *x, script: b}", ["b"]),
        ("x: &x {script: a}\njob: {script: b, <<: *x}", ["a"]),
        ("x: &x {script: a}\ny: &y {script: b}\njob: {<<: [*x, *y]}", ["a"]),
        ("x: &x {script: a}\ny: &y {<<: *x}\njob: {<<: *y}", ["a"]),
        ("x: &x {script: a}\ny: &y {before_script: b}\njob: {<<: *x, <<: *y}", ["b", "a"]),
        ("job: {'<<': {script: a}}", []),
        ("job: {<<: a, script: b}", ["b"]),
        # Extends: later ones win, each wins over what it extends itself.
        (".x: {script: a}\njob: {extends: .x}", ["a"]),
        (".x: {script: a}\njob: {extends: .x, script: b}", ["b"]),
        (".x: {script: [a, b]}\njob: {extends: .x, script: [c]}", ["c"]),
        (".x: {script: a}\n.y: {script: b}\njob: {extends: [.x, .y]}", ["b"]),
        (".x: {script: a}\n.y: {extends: .x}\njob: {extends: .y}", ["a"]),
        (".x: {script: a}\n.y: {extends: .x, script: b}\njob: {extends: [.y, .x]}", ["a"]),
        (".x: {script: a}\njob: {extends: .x, script: null}", []),
        (".x: {script: a}\njob: {extends: [.none, .x]}", ["a"]),
        (".x: [a]\njob: {extends: .x, script: b}", ["b"]),
        ("job: {extends: job, script: a}", ["a"]),
        (".x: {extends: job, before_script: a}\njob: {extends: .x, script: b}", ["a", "b"]),
        (".x: {trigger: a}\ndefault: {before_script: a}\njob: {extends: .x}", []),
        # References.
        (".x: {script: [a, b]}\njob: {script: [!reference [.x, script], c]}", ["a", "b", "c"]),
        (".x: {script: [a, b]}\njob: {script: !reference [.x, script]}", ["a", "b"]),
        (".x: {script: a}\njob: {after_script: [!reference [.x, script]]}", ["a"]),
        (".x: {b: {c: [a]}}\njob: {script: !reference [.x, b, c]}", ["a"]),
        ("before_script: [a]\njob: {script: !reference [before_script]}", ["a", "a"]),
        (".y: {script: a}\n.x: {extends: .y}\njob: {script: !reference [.x, script]}", ["a"]),
        (
            (
                ".x: {a: [1], b: [!reference [.x, a], 2], c: [!reference [.x, b], 3]}\n"
                "job: {script: [!reference [.x, c]]}"
            ),
            ["1", "2", "3"],
        ),
        (
            "default: {before_script: !reference [.x, y]}\n.x: {y: [a]}\njob: {script: b}",
            ["a", "b"],
        ),
        (".x: {y: [a]}\n.z: {script: !reference [.x, y]}\njob: {extends: .z}", ["a"]),
        ("job: {script: !reference &a [.x, y], after_script: *a}\n.x: {y: [a]}", ["a", "a"]),
        ("job: {script: &a !reference [.x, y], after_script: *a}\n.x: {y: [a]}", ["a", "a"]),
        ("job: {script: [!reference [job, script], a]}", None),
        ("job: {script: [!reference [.none, script], !reference [], !reference x, a]}", ["x", "a"]),
        ("job: {script: !reference [job, script]}", []),
        (".x: {script: a}\njob: {script: !other [.x, script]}", [".x", "script"]),
    ],
)
def test_scripts(text: str, found: list[str] | None) -> None:
    if found is None:
        assert scripts(one(text))[-1] == "a"
    else:
        assert scripts(one(text)) == found


EXTENDED = """\
.only-important:
  variables: {URL: my-url, IMPORTANT: the details}
.in-docker:
  variables: {URL: docker-url}
job:
  variables: {GITLAB: is-awesome}
  extends: [.only-important, .in-docker]
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("job: {variables: {A: a, B: 1, C: '', D: }}", ["A=a", "B=1", "C=", "D="]),
        ("variables: {A: a}\njob: {variables: {B: b}}", ["A=a", "B=b"]),
        ("variables: {A: a}\njob: {variables: {A: b}}", ["A=a", "A=b"]),
        ("variables: {A: {value: a, description: x}, B: {description: x}}\njob: {}", ["A=a"]),
        ("job: {variables: {A: {value: a, expand: false}}}", ["A=a"]),
        ("job: {variables: {A: [a]}}", []),
        ("job: {variables: a}", []),
        ("job: {rules: [{if: a, variables: {A: a}}]}", []),
        # Inherited or not.
        ("variables: {A: a, B: b}\njob: {inherit: {variables: false}}", []),
        ("variables: {A: a, B: b}\njob: {inherit: {variables: no}, variables: {C: c}}", ["C=c"]),
        ("variables: {A: a, B: b}\njob: {inherit: {variables: [B, C]}}", ["B=b"]),
        ("variables: {A: a, B: b}\njob: {inherit: {default: false}}", ["A=a", "B=b"]),
        # Merged, at any depth.
        ("x: &x {A: a, B: b}\njob: {variables: {<<: *x, B: c}}", ["A=a", "B=c"]),
        (EXTENDED, ["URL=docker-url", "IMPORTANT=the details", "GITLAB=is-awesome"]),
        (".x: {variables: {A: a}}\njob: {extends: .x, variables: {}}", ["A=a"]),
        (".x: {variables: {A: a}}\njob: {extends: .x, variables: null}", []),
        (".x: {variables: {A: a}}\njob: {extends: .x, variables: {A: null}}", ["A="]),
        (".x: {variables: {A: {value: a}}}\njob: {extends: .x, variables: {A: b}}", ["A=b"]),
        (".x: {variables: a}\njob: {extends: .x, variables: {A: b}}", ["A=b"]),
        (
            (
                ".x: {variables: {A: {value: a}}}\n.y: {variables: {A: b}}\n"
                "job: {extends: [.x, .y], variables: {A: {expand: no}}}"
            ),
            [],
        ),
        # References.
        (".x: {variables: {A: a}}\njob: {variables: !reference [.x, variables]}", ["A=a"]),
        (".x: {variables: {A: a}}\njob: {variables: {B: !reference [.x, variables, A]}}", ["B=a"]),
        (".x: {variables: {A: a}}\nvariables: !reference [.x, variables]\njob: {}", ["A=a"]),
        (
            (
                ".x: {variables: {A: a}}\n.y: {variables: {B: b}}\n"
                "job: {extends: .y, variables: !reference [.x, variables]}"
            ),
            ["A=a"],
        ),
        # The matrix: the first of its values.
        ("job: {parallel: {matrix: [{A: [a, b], B: c}, {A: d, C: [e]}]}}", ["A=a", "B=c", "C=e"]),
        ("job: {variables: {A: a}, parallel: {matrix: [{A: b}]}}", ["A=a", "A=b"]),
        (".x: {m: [{A: a}]}\njob: {parallel: {matrix: !reference [.x, m]}}", ["A=a"]),
        (".x: {m: {A: a}}\njob: {parallel: {matrix: [!reference [.x, m]]}}", ["A=a"]),
        ("job: {parallel: 5}", []),
        ("job: {parallel: {matrix: [a, [b], {A: [], B: {c: d}}]}}", []),
    ],
)
def test_variables(text: str, found: list[str]) -> None:
    assert [f"{name}={value}" for name, value in variables(one(text))] == found


@pytest.mark.parametrize(
    ("secret", "stored"),
    [
        ("{vault: a/b@c, file: false}", "HashiCorp Vault"),
        ("{vault: {engine: {name: a}, path: b, field: c}}", "HashiCorp Vault"),
        ("{gcp_secret_manager: {name: a}, token: $T}", "Google Cloud's Secret Manager"),
        ("{azure_key_vault: {name: a}}", "Azure Key Vault"),
        ("{aws_secrets_manager: {secret_id: a}}", "AWS Secrets Manager"),
        ("{akeyless: {name: a}}", "Akeyless"),
        ("{gitlab_secrets_manager: {name: a}}", "GitLab's Secrets Manager"),
        ("{of_tomorrow: a}", "a secrets manager"),
        ("a", "a secrets manager"),
        ("!reference [.x, secrets, S]", "HashiCorp Vault"),
    ],
)
def test_secrets(secret: str, stored: str) -> None:
    text = f".x: {{secrets: {{S: {{vault: a}}}}}}\njob: {{secrets: {{S: {secret}}}}}"
    (variable,) = one(text).variables
    assert (variable.name, variable.text.value, variable.text.stored) == ("S", "$S", stored)
    line, column = variable.text.place()
    assert line == 2
    assert text.split("\n")[1][column - 1 :].startswith(secret.removeprefix("!reference "))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("job: {id_tokens: {A: {aud: x}}}", {"A": ["x"]}),
        ("job: {id_tokens: {A: {aud: [x, y]}, B: {aud: z}}}", {"A": ["x", "y"], "B": ["z"]}),
        ("job: {id_tokens: {A: {}, B: x, C: }}", {"A": [], "B": [], "C": []}),
        ("job: {id_tokens: [A]}", {}),
        ("default: {id_tokens: {A: {aud: x}}}\njob: {}", {"A": ["x"]}),
        ("id_tokens: {A: {aud: x}}\njob: {}", {}),
        ("default: {id_tokens: {A: {aud: x}}}\njob: {id_tokens: {B: {aud: y}}}", {"B": ["y"]}),
        ("default: {id_tokens: {A: {aud: x}}}\njob: {inherit: {default: [image]}}", {}),
        (".x: {id_tokens: {A: {aud: x}}}\njob: {extends: .x}", {"A": ["x"]}),
        (
            ".x: {id_tokens: {A: {aud: x}}}\njob: {extends: .x, id_tokens: {B: {aud: y}}}",
            {"A": ["x"], "B": ["y"]},
        ),
        (".x: {t: {A: {aud: x}}}\njob: {id_tokens: !reference [.x, t]}", {"A": ["x"]}),
        (".x: {t: [x, y]}\njob: {id_tokens: {A: {aud: !reference [.x, t]}}}", {"A": ["x", "y"]}),
    ],
)
def test_id_tokens(text: str, found: dict[str, list[str]]) -> None:
    tokens = one(text).id_tokens
    assert {it.name.value: [aud.value for aud in it.audiences] for it in tokens} == found


def test_eleven_levels_of_extends() -> None:
    levels = "".join(f".x{n}: {{extends: .x{n - 1}}}\n" for n in range(1, 11))
    assert scripts(one(f".x0: {{script: a}}\n{levels}job: {{extends: .x10}}")) == ["a"]


Repo = dict[str, str]


@pytest.mark.parametrize(
    ("files", "found"),
    [
        # Forms of an include.
        ({ROOT: "include: a.yml", "a.yml": "job: {script: a}"}, ["a"]),
        ({ROOT: "include: /ci/a.yml", "ci/a.yml": "job: {script: a}"}, ["a"]),
        ({ROOT: "include: [./a.yaml]", "a.yaml": "job: {script: a}"}, ["a"]),
        ({ROOT: "include: {local: a.yml}", "a.yml": "job: {script: a}"}, ["a"]),
        ({ROOT: "include: [{local: a.yml, rules: [x]}]", "a.yml": "job: {script: a}"}, ["a"]),
        ({ROOT: "x: &x [a.yml]\ninclude: *x", "a.yml": "job: {script: a}"}, ["a"]),
        # From the top of the repository, wherever the including file is.
        (
            {
                ROOT: "include: ci/a.yml",
                "ci/a.yml": "include: ci/b.yml",
                "ci/b.yml": "job: {script: b}",
            },
            ["b"],
        ),
        # What cannot be followed.
        ({ROOT: "include: {project: x, file: a.yml}", "a.yml": "job: {script: a}"}, None),
        ({ROOT: "include: {remote: a.yml}", "a.yml": "job: {script: a}"}, None),
        ({ROOT: "include: {template: a.yml}", "a.yml": "job: {script: a}"}, None),
        ({ROOT: "include: {component: a.yml}", "a.yml": "job: {script: a}"}, None),
        (
            {ROOT: "include: ['https://x/a.yml', '$A/a.yml', none.yml, a.txt]", "a.txt": "job: {}"},
            None,
        ),
        ({ROOT: "include: [../a.yml, a/../../a.yml, {a: b}, [c], null, '']"}, None),
        ({ROOT: "include: [a.yml]\njob: {script: x}", "a.yml": "job: ["}, ["x"]),
        ({ROOT: "include: [a.yml, b.yml]", "a.yml": "- x", "b.yml": "job: {script: b}"}, ["b"]),
        # The including file wins, deep; then the later include.
        ({ROOT: "include: a.yml\njob: {script: x}", "a.yml": "job: {script: a}"}, ["x"]),
        ({ROOT: "job: {script: x}\ninclude: a.yml", "a.yml": "job: {script: a}"}, ["x"]),
        (
            {
                ROOT: "include: a.yml\njob: {script: x}",
                "a.yml": "job: {before_script: a, script: b}",
            },
            ["a", "x"],
        ),
        (
            {
                ROOT: "include: [a.yml, b.yml]",
                "a.yml": "job: {script: a, before_script: c}",
                "b.yml": "job: {script: b}",
            },
            ["c", "b"],
        ),
        (
            {
                ROOT: "include: [a.yml, b.yml]",
                "a.yml": "include: c.yml\njob: {script: a}",
                "b.yml": "include: c.yml",
                "c.yml": "job: {script: c}",
            },
            ["c"],
        ),
        # Defaults, extends and references go across files; cycles end.
        (
            {ROOT: "include: a.yml\njob: {extends: .x}", "a.yml": ".x: {script: a}"},
            ["a"],
        ),
        (
            {
                ROOT: "include: a.yml\n.x: {script: a}",
                "a.yml": "job: {script: !reference [.x, script]}",
            },
            ["a"],
        ),
        (
            {ROOT: "include: a.yml\njob: {script: b}", "a.yml": "default: {before_script: a}"},
            ["a", "b"],
        ),
        (
            {ROOT: f"include: [{ROOT}, a.yml]", "a.yml": f"include: {ROOT}\njob: {{script: a}}"},
            ["a"],
        ),
        # Wildcards.
        ({ROOT: "include: ci/*.yml", "ci/a.yml": "job: {script: a}"}, ["a"]),
        ({ROOT: "include: '*a.yml'", "a.yml": "job: {script: a}"}, ["a"]),
        ({ROOT: "include: 'ci/*.yml'", "ci/b/a.yml": "job: {script: a}"}, None),
        ({ROOT: "include: 'ci/*/a.yml'", "ci/b/a.yml": "job: {script: a}"}, ["a"]),
        ({ROOT: "include: 'ci/**.yml'", "ci/b/a.yml": "job: {script: a}"}, ["a"]),
        ({ROOT: "include: 'ci/**.yml'", "ci/a.yml": "job: {script: a}"}, ["a"]),
        ({ROOT: "include: 'ci/**/*.yml'", "ci/a.yml": "job: {script: a}"}, None),
        ({ROOT: "include: 'ci/**/*.yml'", "ci/b/c/a.yml": "job: {script: a}"}, ["a"]),
        ({ROOT: "include: '**/a*c*.yml'", "ci/abcd.yml": "job: {script: a}"}, ["a"]),
        ({ROOT: "include: '**/a*c*.yml'", "ci/a/c.yml": "job: {script: a}"}, None),
        (
            {ROOT: "include: '*.yml'\njob: {after_script: x}", "a.yml": "job: {script: a}"},
            ["a", "x"],
        ),
        (
            {
                ROOT: "include: '*.yml'",
                "b.yml": "job: {script: b}",
                "a.yml": "job: {script: a}",
            },
            ["b"],
        ),
        # Inputs.
        (
            {
                ROOT: "include: {local: a.yml, inputs: {x: 1, y: b c}}",
                "a.yml": "spec: {inputs: {x: , y: }}\n---\n"
                "job:\n  script: ['$[[ inputs.x ]] $[[inputs.y]]!']",
            },
            ["1 b c!"],
        ),
        (
            {
                ROOT: "include: {local: a.yml, inputs: {x: given, none: z}}",
                "a.yml": "spec: {inputs: {x: {default: a}, y: {default: b}, z: }}\n---\n"
                "job:\n  script:\n"
                "  - a $[[ inputs.x ]] $[[ inputs.y | expand_vars ]] $[[ inputs.z ]]\n"
                "  - b $[[ inputs.none ]]",
            },
            ["a given b $[[ inputs.z ]]", "b $[[ inputs.none ]]"],
        ),
        (
            {ROOT: "spec: {inputs: {x: {default: a}}}\n---\njob: {script: 'run $[[ inputs.x ]]'}"},
            ["run a"],
        ),
        (
            {ROOT: "spec: {inputs: {x: {default: null}}}\n---\njob: {script: '[$[[ inputs.x ]]]'}"},
            ["[]"],
        ),
        (
            {
                ROOT: "include: {local: a.yml, inputs: {p: jo, s: [a, b]}}",
                "a.yml": "spec: {inputs: {p: , s: {type: array}}}\n---\n"
                "'$[[ inputs.p ]]b':\n  before_script: $[[ inputs.s ]]\n"
                "  script: ['$[[ inputs.s ]]', c]",
            },
            ["a", "b", "a", "b", "c"],
        ),
        (
            {
                ROOT: "include: {local: a.yml, inputs: {x: c}}",
                "a.yml": "spec: {inputs: {x: }}\n---\n"
                "include: {local: '$[[ inputs.x ]].yml', inputs: {y: '<$[[ inputs.x ]]>'}}",
                "c.yml": "spec: {inputs: {y: }}\n---\njob: {script: 'c $[[ inputs.y ]]'}",
            },
            ["c <c>"],
        ),
        # The same file, with other inputs.
        (
            {
                ROOT: "include:\n- {local: a.yml, inputs: {k: before_script}}\n"
                "- {local: a.yml, inputs: {k: script}}",
                "a.yml": "spec: {inputs: {k: }}\n---\n"
                "job: {'$[[ inputs.k ]]': 'run $[[ inputs.k ]]'}",
            },
            ["run before_script", "run script"],
        ),
    ],
)
def test_includes(tmp_path: Path, files: Repo, found: list[str] | None) -> None:
    write(tmp_path, {**files})
    repository = Repository(str(tmp_path))
    repository._tracked = dict.fromkeys(files, "100644")  # as git would say, sooner
    jobs = [job for job in gitlab.jobs(repository.file(ROOT), repository) if job.name == "job"]
    assert [scripts(job) for job in jobs] == ([] if found is None else [found])


def test_places_in_the_file_where_they_stand(make_repository: MakeRepository) -> None:
    make_repository(
        {
            ROOT: "include: a.yml\n\njob: {after_script: [x]}\n",
            "a.yml": "# a\njob:\n  script: [twine upload]\n\nother: {script: [x]}\n",
        }
    )
    repository = Repository()
    job, other = gitlab.jobs(repository.file(ROOT), repository)
    assert (job.where.file.path, job.where.place()) == (ROOT, (3, 1))
    assert (other.where.file.path, other.where.place()) == ("a.yml", (5, 1))
    places = [(it.where.file.path, it.where.place()) for it in job.steps]
    assert places == [("a.yml", (3, 12)), (ROOT, (3, 22))]


def test_an_input_has_the_place_where_it_is_put_in(make_repository: MakeRepository) -> None:
    make_repository(
        {
            ROOT: "include: {local: a.yml, inputs: {x: dist}}\n",
            "a.yml": "spec: {inputs: {x: }}\n---\njob:\n  script: twine upload $[[ inputs.x ]]\n",
        }
    )
    repository = Repository()
    (job,) = gitlab.jobs(repository.file(ROOT), repository)
    script = job.steps[0].script
    assert script is not None
    assert (script.value, script.file.path) == ("twine upload dist", "a.yml")
    assert script.place(6, 6) == (4, 17)
    assert script.place(13, 4) == (4, 11)


def test_what_is_not_tracked_or_leads_out_is_not_included(make_repository: MakeRepository) -> None:
    top = make_repository({ROOT: "include: [a.yml, b.yml, c.yml, d.yml]", "c.yml": "c: {}"})
    write(top, {"a.yml": "a: {}", "../outside.yml": "b: {}"})
    os.symlink("../outside.yml", top / "b.yml")
    os.remove(top / "c.yml")
    git(top, "add", "b.yml")
    repository = Repository()
    assert [job.name for job in gitlab.jobs(repository.file(ROOT), repository)] == []


def test_without_git(tmp_path: Path) -> None:
    write(tmp_path, {ROOT: "include: [a.yml, '*.yml', ../b.yml]", "a.yml": "a: {}"})
    repository = Repository(str(tmp_path))
    root = repository.file(ROOT)
    assert [job.name for job in gitlab.jobs(root, repository)] == ["a"]
    assert gitlab.roots(root, repository) == [root]
    part = repository.file("a.yml")
    assert gitlab.roots(part, repository) == [part]


def test_roots(make_repository: MakeRepository) -> None:
    make_repository(
        {
            ROOT: "include: [ci/a.yml, ci/x*.yml, sub/.gitlab-ci.yml]\n"
            "child: {trigger: {include: [{local: ci/child.yml}, {artifact: x.yml}]}}\n",
            "sub/.gitlab-ci.yml": "include: {local: ci/b.yml}",
            "broken/.gitlab-ci.yml": "include: [",
            "ci/a.yml": "include: ci/b.yml",
            "ci/b.yml": "b: {script: x}",
            "ci/x1.yml": "x: {script: x}",
            "ci/child.yml": "include: [ci/c.yml]\n",
            "ci/c.yml": f"include: {ROOT}\ngrandchild: {{trigger: {{include: ci/deep.yml}}}}\n",
            "ci/deep.yml": "deep: {script: x}",
            "ci/alone.yml": "include: ci/never.yml",
            "ci/never.yml": "never: {script: x}",
        }
    )
    repository = Repository()

    def roots(path: str) -> list[str]:
        return [file.path for file in gitlab.roots(repository.file(path), repository)]

    assert roots(ROOT) == [ROOT]
    assert roots("sub/.gitlab-ci.yml") == ["sub/.gitlab-ci.yml"]
    assert roots("broken/.gitlab-ci.yml") == ["broken/.gitlab-ci.yml"]
    assert roots("ci/a.yml") == [ROOT, "ci/child.yml"]
    assert roots("ci/x1.yml") == [ROOT, "ci/child.yml"]
    assert roots("ci/b.yml") == [ROOT, "ci/child.yml", "sub/.gitlab-ci.yml"]
    assert roots("ci/child.yml") == ["ci/child.yml"]
    assert roots("ci/c.yml") == ["ci/child.yml"]
    assert roots("ci/deep.yml") == ["ci/deep.yml"]
    assert roots("ci/alone.yml") == ["ci/alone.yml"]
    assert roots("ci/never.yml") == ["ci/never.yml"]


def test_a_broken_root_is_told() -> None:
    with pytest.raises(Unreadable, match="not valid YAML"):
        merged("job: [")


@pytest.mark.parametrize("level", ["[{}]", "{{x: {}}}"])
def test_aliases_do_not_explode(monkeypatch: pytest.MonkeyPatch, level: str) -> None:
    monkeypatch.setattr(gitlab_values, "MAX_WORK", 100_000)
    lines = ["x0: &x0 [a]"]
    for n in range(1, 40):
        inner = ", ".join(["*x" + str(n - 1)] * 9) if level == "[{}]" else f"*x{n - 1}"
        lines.append(f"x{n}: &x{n} {level.format(inner)}")
    text = "\n".join([*lines, "job: {script: *x10, variables: *x39, id_tokens: *x39}"])
    if level == "[{}]":
        with pytest.raises(Unreadable, match="too many"):
            merged(text)
    else:
        assert scripts(one(text)) == []


@pytest.mark.parametrize(
    "use",
    [
        *("variables: *x", "extends: .y", "<<: *x", "secrets: *x", "parallel: {matrix: [*x]}"),
        *("script: *l", "after_script: [*l]", "inherit: {variables: *l}", "script: !reference [l]"),
    ],
)
def test_much_made_of_little_text(monkeypatch: pytest.MonkeyPatch, use: str) -> None:
    monkeypatch.setattr(gitlab_values, "MAX_WORK", 100_000)
    pairs = ", ".join(f"A{n}: a" for n in range(400))
    items = ", ".join(f"A{n}" for n in range(400))
    jobs = "".join(f"j{n}: {{{use}}}\n" for n in range(400))
    with pytest.raises(Unreadable, match="too many"):
        merged(f".x: &x {{{pairs}}}\n.y: {{variables: *x}}\nl: &l [{items}]\n{jobs}")


def test_global_variables_count_in_each_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gitlab_values, "MAX_WORK", 100_000)
    pairs = ", ".join(f"A{n}: a" for n in range(400))
    jobs = "".join(f"j{n}: {{script: a}}\n" for n in range(400))
    with pytest.raises(Unreadable, match="too many"):
        merged(f"variables: {{{pairs}}}\n{jobs}")


def test_extends_do_not_explode() -> None:
    lines = [f".x{n}: {{extends: [{', '.join([f'.x{n - 1}'] * 20)}]}}\n" for n in range(1, 30)]
    text = f".x0: {{script: a}}\n{''.join(lines)}job: {{extends: [.x5, .x9]}}"
    assert scripts(one(text)) == ["a"]


def test_long_chains_end() -> None:
    extends = "".join(f".x{n}: {{extends: .x{n + 1}}}\n" for n in range(3_000))
    merges = "".join(f".y{n}: &y{n} {{<<: *y{n - 1}}}\n" for n in range(1, 3_000))
    references = "".join(f".z{n}: !reference [.z{n + 1}]\n" for n in range(3_000))
    text = f"{extends}.y0: &y0 {{after_script: a}}\n{merges}{references}"
    job = one(f"{text}job: {{extends: .x0, <<: *y2999, script: !reference [.z0]}}")
    assert scripts(job) in ([], ["a"])


def test_includes_that_double(make_repository: MakeRepository) -> None:
    files: Repo = {
        f"a{n}.yml": "spec: {inputs: {x: }}\n---\n"
        f"include: &i {{local: a{n + 1}.yml, inputs: {{x: '$[[ inputs.x ]]$[[ inputs.x ]]'}}}}\n"
        f"j{n}: {{script: '$[[ inputs.x ]]'}}\n"
        for n in range(60)
    }
    make_repository({**files, ROOT: "include: {local: a0.yml, inputs: {x: abcdefgh}}"})
    repository = Repository()
    with pytest.raises(Unreadable, match="too many"):
        list(gitlab.jobs(repository.file(ROOT), repository))


def test_includes_are_counted(make_repository: MakeRepository) -> None:
    files: Repo = {f"a{n}.yml": "include: ['*.yml', '*.yml']\n" for n in range(20)}
    make_repository({**files, ROOT: "include: '*.yml'\njob: {script: a}"})
    repository = Repository()
    (job,) = gitlab.jobs(repository.file(ROOT), repository)
    assert scripts(job) == ["a"]


SHAPING = [
    *("include", "local", "inputs", "default", "variables", "value", "job", ".x", "extends"),
    *("script", "before_script", "inherit", "parallel", "matrix", "secrets", "vault"),
    *("id_tokens", "aud", "trigger", "<<", "spec"),
]
NESTED = st.recursive(
    st.sampled_from(
        [
            *("a", "''", "", "&x b", "*x", ".x", "job", "false", "a.yml", "'*.yml'"),
            *("!reference [.x, script]", "!reference [job, variables]", "'$[[ inputs.x ]]'"),
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]")
        | st.lists(st.tuples(st.sampled_from(SHAPING), inner), max_size=4).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
        )
    ),
    max_leaves=25,
)


@given(NESTED, NESTED, NESTED)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_shape_is_read(job: str, hidden: str, default: str) -> None:
    header = f"spec: {{inputs: {{x: {{default: {default}}}}}}}\n---\n"
    body = f"y: &x {{}}\njob: {job}\n.x: {hidden}\ndefault: {default}\ninclude: {hidden}\n"
    try:
        found = merged(header + body)
    except Unreadable:
        return
    for it in found:
        places = [it.where, *(step.where for step in it.steps), *(v.text for v in it.variables)]
        places += [text for token in it.id_tokens for text in (token.name, *token.audiences)]
        for text in places:
            assert text.place() >= (1, 1)
