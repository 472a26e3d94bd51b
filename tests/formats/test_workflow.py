"""Workflows and action definitions: jobs, steps, what they use, and the images they run in."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.core.files import File, Unreadable
from tenterhooks.formats import workflow as workflows
from tenterhooks.formats.workflow import Workflow


def load(text: str) -> Workflow:
    return workflows.load(File("a.yml", "/nowhere/a.yml", "a.yml", text.encode()))


def uses(text: str) -> list[tuple[str, str | None]]:
    return [(it.level, it.node.text()) for it in load(text).uses()]


def images(text: str) -> list[str]:
    return [image.text for image in load(text).images()]


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        (".github/workflows/a.yml", True),
        (".github/workflows/a.yaml", True),
        ("x/.github/workflows/a.yml", True),
        ("workflow-templates/a.yml", True),
        ("action.yml", True),
        ("action.yaml", True),
        ("x/y/action.yml", True),
        (".github/actions/x/action.yml", True),
        (".github/workflows/x/a.yml", False),
        (".github/workflows/a.yml.txt", False),
        (".github/workflows/a.json", False),
        ("x.github/workflows/a.yml", False),
        ("my-action.yml", False),
        ("action.yml/a", False),
        ("a.yml", False),
    ],
)
def test_paths(path: str, wanted: bool) -> None:
    assert (re.search(workflows.PATHS, path) is not None) is wanted


JOBS = """\
on: push
jobs:
  one:
    steps:
    - uses: a/one@v1
    - run: echo
    - name: two
      uses: a/two@v1
  two:
    uses: ./.github/workflows/b.yml
  three:
    uses: o/r/.github/workflows/c.yml@v1
"""


def test_uses() -> None:
    assert uses(JOBS) == [
        ("job", "./.github/workflows/b.yml"),
        ("job", "o/r/.github/workflows/c.yml@v1"),
        ("step", "a/one@v1"),
        ("step", "a/two@v1"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # A composite action, and one that is none.
        ("runs:\n  using: composite\n  steps:\n  - uses: a/b@v1\n", ["a/b@v1"]),
        ("runs:\n  using: node20\n  main: x.js\n", []),
        # Steps that run side by side, and side by side within that.
        (
            "jobs: {a: {steps: [{parallel: [{uses: a}, {parallel: [{uses: b}]}]}, {uses: c}]}}",
            ["a", "b", "c"],
        ),
        ("runs: {steps: [{parallel: [{uses: a}]}]}", ["a"]),
        ("jobs: {a: {steps: [{parallel: {uses: a}}]}}", ["a"]),
        # Aliases of steps, lists of steps, jobs, values: each once.
        ("jobs:\n  a:\n    steps: &s\n    - &x {uses: a}\n    - *x\n  b:\n    steps: *s\n", ["a"]),
        ("jobs:\n  a: &j\n    steps: [{uses: a}]\n  b: *j\n", ["a"]),
        ("jobs:\n  a:\n    steps: [{uses: &u a}, {uses: *u}]\n", ["a"]),
        ("jobs: &x\n  a: &y {steps: [*y, {uses: a}]}\n", ["a"]),
        # Lists in lists, as an alias in a list of steps makes them.
        ("jobs:\n  a:\n    steps:\n    - &s [{uses: a}]\n    - *s\n    - {uses: b}\n", ["a", "b"]),
        # Every one of a key that stands twice: GitHub refuses it, but who knows who reads it.
        ("jobs: {a: {steps: [{uses: a, uses: b}]}}", ["a", "b"]),
        ("jobs: {a: {steps: [{'uses': a}, {\"uses\": b}, {? uses : c}]}}", ["a", "b", "c"]),
        ("jobs: {a: {steps: [{Uses: a}, {with: {uses: b}}]}}", []),
        ("jobs: {a: {steps: [{uses: }, {uses: [a]}]}}", ["", None]),
        ("jobs: {a: {steps: {uses: a}}}", ["a"]),
        # Nothing of the shape that GitHub wants: nothing is found, and nothing breaks.
        ("jobs: []", []),
        ("jobs: a", []),
        ("jobs: {a: b, c: [d], e: }", []),
        ("jobs: {a: {steps: a}}", []),
        ("jobs: {a: {steps: [a, [b], ]}}", []),
        ("runs: []", []),
        ("name: a", []),
        ("jobs: &x {a: *x}", []),
        ("&x\njobs: *x\nruns: *x\nsteps: *x\n", []),
        # Several documents.
        ("jobs: {a: {steps: [{uses: a}]}}\n---\njobs: {a: {uses: b}}\n", ["b", "a"]),
    ],
)
def test_uses_wherever_they_are(text: str, found: list[str | None]) -> None:
    assert [it.node.text() for it in load(text).uses()] == found


def test_the_owner_of_a_uses() -> None:
    owners = [it.owner for it in load(JOBS).uses()]
    assert [owner.get("name") is not None for owner in owners] == [False, False, False, True]


@pytest.mark.parametrize(
    ("text", "is_workflow"),
    [(JOBS, True), ("jobs: \n", True), ("runs: {using: docker}\n", False), ("name: x\n", False)],
)
def test_is_workflow(text: str, is_workflow: bool) -> None:
    assert load(text).is_workflow is is_workflow


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("", (1, 1), "is empty"),
        ("# only a comment\n", (1, 1), "is empty"),
        ("---\n", (1, 1), "is empty"),
        ("null\n", (1, 1), "is empty"),
        ("- a\n", (1, 1), "is not a mapping"),
        ("# x\n\n  text\n", (3, 3), "is not a mapping"),
        ("''\n", (1, 1), "is not a mapping"),
        ("a: b\n--- &x\n- c\n", (3, 1), "is not a mapping"),
        ("a: [\n", (2, 1), "is not valid YAML"),
    ],
)
def test_what_github_cannot_load(text: str, place: tuple[int, int], words: str) -> None:
    with pytest.raises(Unreadable, match=words) as caught:
        load(text)
    assert (caught.value.line, caught.value.column) == place
    assert caught.value.rule == "invalid-file"


def job(text: str) -> str:
    return "jobs:\n  a:\n" + "".join(f"    {line}\n" for line in text.splitlines())


MATRIX = """\
strategy:
  matrix:
    image: [a:1, 'b:2', "${{ x }}"]
    Db: [{name: c:3, inner: {tag: d:4}}, {name: e:5}]
    include:
    - image: f:6
    - other: g:7
    - {db: {name: h:8}}
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("container: a:1", ["a:1"]),
        ("container: {image: python:3.12}", ["python:3.12"]),
        ("container:\n  image: ' a:1 '", ["a:1"]),
        ("container: {image: {image: a}}", []),
        ("container: [a]", []),
        ("container:", [""]),
        ("container: {image: }", [""]),
        ("services: {db: {image: a:1}, cache: b:2}", ["a:1", "b:2"]),
        ("services: a", []),
        ("container: a:1\nservices: {db: {image: b:2}}", ["a:1", "b:2"]),
        ("container: &c {image: a:1}\nservices: {db: *c}", ["a:1"]),
        ("container: ${{ 'a:1' }}", ["a:1"]),
        ("container: ${{ x && 'a:1' || 'b:2' }}", ["a:1", "b:2"]),
        ("container: a:${{ matrix.tag }}", []),
        ("container: ${{ inputs.image }}", []),
        ("container: ${{ 'a }}", []),
        (MATRIX + "container: ${{ matrix.image }}", ["a:1", "b:2", "f:6"]),
        (MATRIX + "container: ${{ MATRIX.IMAGE }}", ["a:1", "b:2", "f:6"]),
        (MATRIX + "container: ${{ matrix['image'] || 'z' }}", ["a:1", "b:2", "f:6", "z"]),
        (MATRIX + "container: ${{ matrix.db.name }}", ["c:3", "e:5", "h:8"]),
        (MATRIX + "container: ${{ matrix.db.inner.tag }}", ["d:4"]),
        (MATRIX + "container: ${{ matrix.db }}", []),
        (MATRIX + "container: ${{ matrix.none }}", []),
        (MATRIX + "container: ${{ matrix }}", []),
        (MATRIX + "services: {x: {image: '${{ matrix.image }}'}}", ["a:1", "b:2", "f:6"]),
        ("strategy: {matrix: '${{ x }}'}\ncontainer: ${{ matrix.image }}", []),
        ("strategy: {matrix: {image: '${{ x }}'}}\ncontainer: ${{ matrix.image }}", []),
        ("strategy: {matrix: {image: [[a]], include: a}}\ncontainer: ${{ matrix.image }}", []),
        ("container: ${{ matrix.image }}", []),
        (
            "services:\n  db:\n    image: ${{ (matrix.name == 'Tests') && 'postgres:17.5' || '' }}",
            ["postgres:17.5", ""],
        ),
    ],
)
def test_images_of_jobs(text: str, found: list[str]) -> None:
    assert images(job(text)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("runs: {using: docker, image: 'docker://a:1'}", ["a:1"]),
        ("runs: {using: docker, image: Dockerfile}", []),
        ("runs: {using: docker, image: docker/Dockerfile}", []),
        ("runs: {image: [a]}", []),
    ],
)
def test_images_of_actions(text: str, found: list[str]) -> None:
    assert images(text) == found


def test_an_image_says_where_it_stands() -> None:
    document = load(job(MATRIX + "services:\n  db: ${{ matrix.db.inner.tag }}"))
    (image,) = document.images()
    assert image.what == "the service db"
    assert document.document.place(image.node) == (6, 39)


def test_what_thousands_of_jobs_share_is_looked_through_once() -> None:
    many = ", ".join(f"i:{n}" for n in range(20_000))
    services = ", ".join(f"s{n}: x" for n in range(20_000))
    jobs = "".join(
        f"  j{n}: {{strategy: *s, services: *v, container: '${{{{ matrix.a || matrix.b{n} }}}}'}}\n"
        for n in range(5_000)
    )
    text = f"x: &s {{matrix: {{a: [{many}]}}}}\ny: &v {{{services}}}\njobs:\n{jobs}"
    assert len(images(text)) == 20_000 + 20_000


def test_aliases_do_not_explode() -> None:
    lines = ["x0: &x0 [{uses: a}]"]
    lines += [f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]" for n in range(1, 40)]
    text = "\n".join([*lines, "jobs: {a: {steps: *x39}, b: {steps: *x39}}"])
    assert uses(text) == [("step", "a")]


SHAPING = [
    *("jobs", "runs", "steps", "uses", "parallel", "container", "services", "image"),
    *("strategy", "matrix", "include", "a"),
]
NESTED = st.recursive(
    st.sampled_from(["a", "''", "", "&x b", "*x", "${{ matrix.a }}", "docker://a"]),
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


@given(NESTED, NESTED)
def test_any_shape_is_walked(jobs: str, runs: str) -> None:
    try:
        workflow = load(f"x: &x {{}}\njobs: {jobs}\nruns: {runs}\n")
    except Unreadable:
        return
    for it in workflow.uses():
        assert it.level in ("job", "step")
        assert workflow.document.lines(it.owner)
    for image in workflow.images():
        assert workflow.document.place(image.node) >= (1, 1)
