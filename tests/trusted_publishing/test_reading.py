"""GitHub's jobs and steps as they run, and what contexts stand for in them."""

from __future__ import annotations

import pytest
from conftest import MakeRepository

from tenterhooks.core.files import File, Repository, Unreadable
from tenterhooks.trusted_publishing import budget, known, reading
from tenterhooks.trusted_publishing.follow import follow
from tenterhooks.trusted_publishing.github import DENIED, GRANTED, OPEN, GitHubJob
from tenterhooks.trusted_publishing.literals import literals
from tenterhooks.trusted_publishing.values import EMPTY, MINTED, STORED, UNKNOWN, judge

PATH = ".github/workflows/release.yml"
HEAD = "on: push\njobs:\n  release:\n    runs-on: ubuntu-latest\n    name: Release\n"


def jobs(text: str, repository: Repository | None = None) -> list[GitHubJob]:
    file = File(PATH, f"/nowhere/{PATH}", PATH, text.encode())
    return reading.jobs(file, repository or Repository("/nowhere"))


def scripts(text: str, repository: Repository | None = None) -> list[str]:
    (job,) = jobs(text, repository)
    return [step.script.value for step in job.steps if step.script is not None]


@pytest.mark.parametrize(
    ("line", "runs"),
    [
        ("if: false", False),
        ("if: ${{ false }}", False),
        ("if: FALSE", False),
        ("if: '!true'", False),
        ("if: ${{ ! true }}", False),
        ("if: true", True),
        ("if: github.ref == 'x'", True),
        ("if: false || true", True),
        ("name: false", True),
    ],
)
def test_what_never_runs(line: str, runs: bool) -> None:
    steps = "    steps:\n      - run: twine upload x\n"
    assert len(jobs(f"{HEAD}    {line}\n{steps}")) == runs
    assert scripts(f"{HEAD}{steps}        {line}\n") == ["twine upload x"] * runs


@pytest.mark.parametrize(
    ("step", "read"),
    [
        *(
            (f"run: {sign}", True)
            for sign in ("twine x", "a PyPI b", "flit x", "x deploy", "TOKEN")
        ),
        ("run: ./x", True),
        ("uses: ./x", True),
        ("run: upload", True),
        ("uses: actions/upload-artifact@v4", False),
        ("run: pytest", False),
        ("run: echo ${{ secrets.A }}", True),
    ],
)
def test_jobs_that_have_nothing_to_do_with_uploads_are_not_read(step: str, read: bool) -> None:
    text = f"on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - {step}\n"
    more = "  b:\n    runs-on: x\n    steps:\n      - run: twine\n"
    first, second = jobs(text + more)
    assert (bool(first.steps), bool(second.steps)) == (read, True)
    assert bool(jobs(text)) is read
    # Variables of the workflow reach every job.
    first, second = jobs("env: {A: '${{ secrets.A }}'}\n" + text + more)
    assert first.steps


@pytest.mark.parametrize(
    ("on", "job", "top", "token"),
    [
        ("push", "", "", DENIED),
        ("push", "permissions: {id-token: write}", "", GRANTED),
        ("push", "permissions: {id-token: read}", "", DENIED),
        ("push", "permissions: write-all", "", GRANTED),
        ("push", "permissions: read-all", "permissions: write-all", DENIED),
        ("push", "", "permissions: write-all", GRANTED),
        ("push", "permissions: {}", "permissions: write-all", DENIED),
        ("workflow_call", "", "", OPEN),
        ("{workflow_call: {}}", "", "", OPEN),
        ("[workflow_call, push]", "", "", DENIED),
        ("workflow_call", "permissions: {contents: read}", "", DENIED),
        ("workflow_call", "permissions: {id-token: write}", "", GRANTED),
    ],
)
def test_the_token_of_a_job(on: str, job: str, top: str, token: str) -> None:
    head = HEAD.replace("on: push", f"on: {on}\n{top}")
    (found,) = jobs(f"{head}    {job}\n    steps: [{{run: twine}}]\n")
    assert found.token == token


@pytest.mark.parametrize(
    ("machine", "hosted", "on_windows"),
    [
        ("ubuntu-latest", True, False),
        ("windows-2022", True, True),
        ("macos-14", True, False),
        ("self-hosted", False, False),
        ("[ubuntu-latest]", True, False),
        ("[self-hosted, windows-a]", False, False),
        ("{group: a}", False, False),
        ("${{ matrix.os }}", True, False),
        ("${{ matrix.any }}", False, False),
        ("${{ matrix.windows }}", True, True),
        ("${{ 'windows-latest' }}", True, True),
        ("${{ inputs.machine }}", False, False),
    ],
)
def test_the_machine(machine: str, hosted: bool, on_windows: bool) -> None:
    matrix = "{os: [ubuntu-latest, windows-latest], any: [own, windows-a], windows: [windows-a]}"
    (found,) = jobs(
        HEAD.replace("ubuntu-latest", machine)
        + f"    strategy: {{matrix: {matrix}}}\n    steps: [{{run: twine}}]\n"
    )
    assert (found.hosted, found.on_windows) == (hosted, on_windows)
    assert found.steps[0].shell == ("pwsh" if on_windows else "sh")


@pytest.mark.parametrize(
    ("step", "job", "top", "shell"),
    [
        ("", "", "", "sh"),
        ("shell: pwsh", "", "", "pwsh"),
        ("shell: powershell", "", "", "pwsh"),
        ("shell: bash -e {0}", "", "", "sh"),
        ("shell: python", "", "", "python"),
        ("", "shell: cmd", "", "cmd"),
        ("", "", "shell: cmd", "cmd"),
        ("", "shell: python", "shell: cmd", "python"),
        ("shell: bash", "shell: python", "shell: cmd", "sh"),
    ],
)
def test_the_shell(step: str, job: str, top: str, shell: str) -> None:
    text = f"defaults: {{run: {{{top}}}}}\n{HEAD}    defaults: {{run: {{{job}}}}}\n"
    (found,) = jobs(f"{text}    steps:\n      - run: twine\n        {step}\n")
    assert found.steps[0].shell == shell


def test_steps_in_parallel_and_in_lists() -> None:
    steps = "    steps:\n      - run: '1'\n      - parallel:\n          - run: '2'\n"
    steps += "          - parallel: [{run: '3'}]\n      - [{run: '4'}]\n      - run: twine 5\n"
    assert scripts(HEAD + steps) == ["1", "2", "3", "4", "twine 5"]


def test_no_end_of_steps() -> None:
    steps = "    steps:\n" + "      - run: twine\n" * 1500
    assert len(scripts(HEAD + steps)) == 1000


def test_the_steps_of_an_action_are_a_job() -> None:
    steps = "    - run: twine upload x\n      shell: bash\n"
    assert scripts(f"runs:\n  using: composite\n  steps:\n{steps}") == ["twine upload x"]
    assert jobs("runs:\n  using: node20\n  main: twine.js\n") == []


@pytest.mark.parametrize("text", ["token: [", "- token", "token", "token: &a [*a", "\0token"])
def test_what_is_no_workflow(text: str) -> None:
    with pytest.raises(Unreadable):
        jobs(text)


@pytest.mark.parametrize(
    "text",
    [
        "token: 1",
        "jobs: token",
        "jobs: {token: 1}",
        "jobs: [token]",
        "jobs: {a: {steps: token}}",
        "runs: token",
        "runs: {steps: token}",
        "on: 1\njobs: {a: {runs-on: token, steps: [token, 1, [], {}]}}",
        "jobs: {a: {env: [token], steps: [{run: [a], uses: {}, with: 1, env: 2}]}}",
        "? [token]\n: 1\njobs: {a: {steps: [{? [a] : token}]}}",
        "jobs: {? [a] : {steps: [{run: token}]}}",
        "on: {? [a] : b}\njobs: {a: {steps: [{run: token}]}}",
        "on: [{? [a] : b}]\njobs: {a: {steps: [{run: token}]}}",
        "jobs: {a: &a {steps: [{run: token, with: *a}]}}",
        "runs: {steps: [{uses: ./.}, {uses: ./token}]}",
    ],
)
def test_odd_shapes(text: str) -> None:
    for job in jobs(text):
        follow(job, Repository("/nowhere"), budget.of(job.where.file))


def test_a_circle_of_actions(make_repository: MakeRepository) -> None:
    one = "runs:\n  using: composite\n  steps:\n    - uses: ./two\n    - run: twine\n"
    two = "runs:\n  using: composite\n  steps:\n    - uses: ./one\n    - uses: ./one\n"
    top = make_repository({"one/action.yml": one, "two/action.yaml": two})
    found = scripts(f"{HEAD}    steps:\n      - uses: ./one\n", Repository(str(top)))
    assert 0 < len(found) < 1000


COMPOSITE = """\
inputs:
  token: {default: ''}
  index: {default: 'https://index.example.org/'}
  other: {}
runs:
  using: composite
  steps:
    - uses: ./inner
      with: {token: '${{ inputs.token }}', plain: abc}
"""
INNER = """\
inputs:
  token: {}
runs:
  using: composite
  steps:
    - run: twine upload -p "${{ inputs.token }}" -u "${{ inputs.missing }}"
      shell: bash
"""


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ("", EMPTY),
        ("\n        with: {token: '${{ secrets.PYPI }}'}", STORED),
        ("\n        with: {TOKEN: '${{ secrets.PYPI }}'}", STORED),
        ("\n        with: {token: '${{ github.token }}'}", UNKNOWN),
        ("\n        with: {token: ''}", EMPTY),
    ],
)
def test_inputs_through_two_actions(given: str, kind: str, make_repository: MakeRepository) -> None:
    where = Repository(
        str(make_repository({"outer/action.yml": COMPOSITE, "inner/action.yml": INNER}))
    )
    text = f"{HEAD}    steps:\n      - uses: ./outer{given}\n"
    (job,) = jobs(text, where)
    (upload,) = follow(job, where, budget.of(job.where.file)).uploads
    assert upload.anchor.file.path == PATH
    assert text[upload.anchor.start :].startswith("./outer")
    ((_, source),) = upload.credentials
    assert judge(source, upload.scope).kind == kind


def contexts(
    value: str, steps: str = "", job: str = "", on: str = "push"
) -> tuple[str, list[str] | None]:
    """The kind of an expression in the last step of a job, and what it can be."""
    step = (
        f"      - run: twine upload x\n        env:\n          TWINE_PASSWORD: ${{{{ {value} }}}}\n"
    )
    text = HEAD.replace("on: push", f"on: {on}") + f"{job}    steps:\n{steps}{step}"
    text += (
        "  mint:\n    steps:\n      - run: python -m id pypi\n  other:\n    steps: [{run: echo}]\n"
    )
    found, *_ = jobs(text)
    (upload,) = follow(found, Repository("/nowhere"), budget.of(found.where.file)).uploads
    ((_, source),) = upload.credentials
    upload.scope.mints = False
    return judge(source, upload.scope).kind, literals(source, upload.scope)


DISPATCH = "{workflow_dispatch: {inputs: {A: {default: x, options: [y, z]}, none: {}}}}"
CALL = "{workflow_call: {inputs: {a: {default: ''}}}}"


@pytest.mark.parametrize(
    ("value", "on", "kind", "texts"),
    [
        ("inputs.a", DISPATCH, STORED, ["x", "y", "z"]),
        ("inputs.A", DISPATCH, STORED, ["x", "y", "z"]),
        ("github.event.inputs.a", DISPATCH, STORED, ["x", "y", "z"]),
        ("inputs.none", DISPATCH, UNKNOWN, None),
        ("inputs.a", CALL, EMPTY, [""]),
        ("inputs.a", "push", UNKNOWN, None),
        ("inputs", DISPATCH, UNKNOWN, None),
        ("github.event.inputs", DISPATCH, UNKNOWN, None),
    ],
)
def test_inputs(value: str, on: str, kind: str, texts: list[str] | None) -> None:
    assert contexts(value, on=on) == (kind, texts)


MATRIX = """\
    strategy:
      matrix:
        a: [x, '${{ secrets.A }}']
        B: [{c: y, D: {e: z}}]
        include:
          - a: w
          - only: v
"""


@pytest.mark.parametrize(
    ("value", "kind", "texts"),
    [
        ("matrix.a", STORED, None),
        ("matrix.only", STORED, ["v"]),
        ("matrix.b.c", STORED, ["y"]),
        ("matrix.B.d.E", STORED, ["z"]),
        ("matrix.b.missing", EMPTY, None),
        ("matrix.missing", UNKNOWN, None),
        ("matrix", UNKNOWN, None),
    ],
)
def test_matrix(value: str, kind: str, texts: list[str] | None) -> None:
    assert contexts(value, job=MATRIX) == (kind, texts)


def written(*lines: str) -> str:
    script = "".join(f"          {line}\n" for line in lines)
    return f"      - id: One\n        env: {{T: '${{{{ secrets.A }}}}'}}\n        run: |\n{script}"


@pytest.mark.parametrize(
    ("steps", "kind"),
    [
        ("", UNKNOWN),
        (written("echo"), UNKNOWN),
        (written('echo "token=abc" >> $GITHUB_OUTPUT'), STORED),
        (written('echo token=abc >> "${GITHUB_OUTPUT}"'), STORED),
        (written("echo 'token=abc' >> $env:GITHUB_OUTPUT"), STORED),
        (written('echo "token=$T" >> $GITHUB_OUTPUT'), STORED),
        (written('echo "token=${{ secrets.A }}" >> $GITHUB_OUTPUT'), STORED),
        (written('echo "token=$(date)" >> $GITHUB_OUTPUT'), UNKNOWN),
        (written('echo "other=abc" >> $GITHUB_OUTPUT'), UNKNOWN),
        (written('echo "token=abc" >> $GITHUB_ENV'), UNKNOWN),
        (written("python -m id pypi"), MINTED),
        (written("T=$(gcloud secrets versions access 1)", "./write $T"), STORED),
        *((f"      - id: one\n        uses: {name}@v1\n", STORED) for name in known.SECRET_ACTIONS),
        *((f"      - id: one\n        uses: {name}@v1\n", MINTED) for name in known.MINT_ACTIONS),
        ("      - id: one\n        uses: o/r@v1\n", UNKNOWN),
    ],
)
def test_outputs_of_steps(steps: str, kind: str) -> None:
    assert contexts("steps.one.outputs.token", steps)[0] == kind
    assert contexts("steps.two.outputs.token", steps)[0] == UNKNOWN


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("needs.mint.outputs.token", MINTED),
        ("needs.MINT.outputs.token", MINTED),
        ("needs.other.outputs.token", UNKNOWN),
        ("needs.missing.outputs.token", UNKNOWN),
    ],
)
def test_outputs_of_jobs(value: str, kind: str) -> None:
    assert contexts(value)[0] == kind


@pytest.mark.parametrize(
    ("uses", "kind"),
    [("./mint", MINTED), ("$/mint", MINTED), ("./other", UNKNOWN), ("./missing", UNKNOWN)],
)
def test_outputs_of_actions_of_this_repository(
    uses: str, kind: str, make_repository: MakeRepository
) -> None:
    runs = "runs: {{using: node20, main: {}}}\n"
    where = Repository(
        str(
            make_repository(
                {
                    "mint/action.yml": runs.format("'mint-token'"),
                    "other/action.yml": runs.format("a"),
                }
            )
        )
    )
    text = f"{HEAD}    steps:\n      - id: one\n        uses: {uses}\n"
    text += "      - run: twine upload -p '${{ steps.one.outputs.token }}' x\n"
    (job,) = jobs(text, where)
    (upload,) = follow(job, where, budget.of(job.where.file)).uploads
    ((_, source),) = upload.credentials
    assert judge(source, upload.scope).kind == kind
