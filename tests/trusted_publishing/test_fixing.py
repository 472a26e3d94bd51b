"""The edits that turn a token for the official action into Trusted Publishing, and refusals."""

from __future__ import annotations

import pytest
from conftest import MakeRepository

from tenterhooks.core import edits
from tenterhooks.core.files import File, Repository
from tenterhooks.trusted_publishing import PRACTICE, check, known

PATH = ".github/workflows/release.yml"
OFFICIAL = f"{known.OFFICIAL}@release/v1"
SECRET = "${{ secrets.PYPI }}"


def after(text: str, repository: Repository | None = None) -> str | None:
    """The text as the fix leaves it; None where nothing is fixed. A second run must find no more
    to fix, and none of what was fixed."""
    file = File(PATH, f"/nowhere/{PATH}", PATH, text.encode())
    where = repository or Repository("/nowhere")
    found = list(check(file, where, PRACTICE.defaults()))
    wanted = [edit for finding in found for edit in finding.edits]
    assert all("--fix does this" in (it.fix or "") for it in found if it.edits)
    if not wanted:
        return None
    result = edits.apply(file.text, wanted)
    again = File(PATH, file.absolute, PATH, result.encode())
    assert list(check(again, Repository("/nowhere"), PRACTICE.defaults())) == []
    return result


def workflow(job: str = "", given: str = "", *, on: str = "push", top: str = "") -> str:
    """A workflow: lines of the job, ``with`` of the upload, what starts it, lines at the top."""
    return (
        f"on: {on}\n{top}jobs:\n  publish:\n    runs-on: ubuntu-latest\n{job}    steps:\n"
        f"      - uses: actions/checkout@v5\n      - uses: {OFFICIAL}\n{given}"
    )


WITH = f"        with:\n          password: {SECRET}\n"
VERBOSE = "        with:\n          verbose: true\n"
NOTE = "          # the token\n"
AFTER = "        name: Publish\n"
GRANT = "    permissions:\n      id-token: write\n"
NEW = "    permissions:\n      contents: read\n      id-token: write\n"


@pytest.mark.parametrize(
    ("given", "left"),
    [
        (WITH, ""),
        (f"        with:\n          user: __token__\n          password: {SECRET}\n", ""),
        (f"        with:\n          password: {SECRET}\n          user: __token__", ""),
        (f"        with:\n          password: '{SECRET}'\n", ""),
        (f'        with:\n          "password": "{SECRET}"\n', ""),
        (f"        with:\n          PASSWORD: {SECRET}\n", ""),
        (f"        with:\n          password: {SECRET}  # the token\n", ""),
        (f"        with:  # log in\n          # the token\n          password: {SECRET}\n", ""),
        (f"        with: {{password: '{SECRET}'}}\n", ""),
        (f"        with: {{\n          password: '{SECRET}'\n          }}\n", ""),
        (f"        with:\n          password: >-\n            {SECRET}\n", ""),
        (
            f"        with:\n          password: {SECRET}\n          verbose: true\n",
            "        with:\n          verbose: true\n",
        ),
        (
            f"{VERBOSE}          user: __token__\n{NOTE}          password: {SECRET}\n{AFTER}",
            f"{VERBOSE}{NOTE}{AFTER}",
        ),
        (WITH + "      - run: echo\n", "      - run: echo\n"),
        (WITH + "\n  other:\n    runs-on: x\n", "\n  other:\n    runs-on: x\n"),
        (f"        with:\n          password: {SECRET}", ""),
    ],
)
def test_the_login_is_taken_out(given: str, left: str) -> None:
    assert after(workflow(GRANT, given)) == workflow(GRANT, left)


@pytest.mark.parametrize(
    ("job", "top", "new_job"),
    [
        # Granted already.
        (GRANT, "", GRANT),
        ("    permissions: write-all\n", "", "    permissions: write-all\n"),
        ("", "permissions: write-all\n", ""),
        ("", "permissions: {id-token: write}\n", ""),
        # None at all.
        ("", "", NEW),
        # The job's own.
        ("    permissions:\n      contents: read\n", "", NEW),
        (
            "    permissions:\n      contents: read  # a\n    name: a\n",
            "",
            "    permissions:\n      contents: read  # a\n      id-token: write\n    name: a\n",
        ),
        (
            "    permissions:\n          contents: read\n",
            "",
            "    permissions:\n          contents: read\n          id-token: write\n",
        ),
        ("    permissions: {}\n", "", "    permissions: {id-token: write}\n"),
        ("    permissions: { }\n", "", "    permissions: {id-token: write }\n"),
        (
            "    permissions: {contents: read}\n",
            "",
            "    permissions: {contents: read, id-token: write}\n",
        ),
        (
            "    permissions: { contents: read }\n",
            "",
            "    permissions: { contents: read, id-token: write }\n",
        ),
        ("    permissions:\n      id-token: none\n", "", GRANT),
        (
            "    permissions:\n      id-token: 'read'  # why\n",
            "",
            "    permissions:\n      id-token: write  # why\n",
        ),
        ("    permissions: {id-token: none}\n", "", "    permissions: {id-token: write}\n"),
        # The workflow's are kept.
        ("", "permissions: {contents: read}\n", NEW),
        ("", "permissions: {}\n", GRANT),
        (
            "",
            "permissions:\n  contents: write\n  pages: write\n  id-token: none\n",
            "    permissions:\n      contents: write\n      pages: write\n      id-token: write\n",
        ),
    ],
)
def test_the_token_is_granted(job: str, top: str, new_job: str) -> None:
    assert after(workflow(job, WITH, top=top)) == workflow(new_job, "", top=top)


def test_permissions_at_the_end_of_a_file() -> None:
    head, tail = (
        f"on: push\njobs:\n  a:\n    steps:\n      - uses: {OFFICIAL}\n",
        "    runs-on: x\n",
    )
    own = "    permissions:\n      contents: read"
    found = after(f"{head}{WITH}{tail}{own}")
    assert found == f"{head}{tail}{own}\n      id-token: write"


def test_line_ends_are_kept() -> None:
    text = workflow("", WITH).replace("\n", "\r\n")
    assert after(text) == workflow(NEW, "").replace("\n", "\r\n")
    own = "    permissions:\n      contents: read\n"
    assert after(workflow(own, WITH).replace("\n", "\r\n")) == workflow(NEW).replace("\n", "\r\n")


def test_the_indentation_is_kept() -> None:
    text = (
        "on: push\njobs:\n    publish:\n        runs-on: x\n        steps:\n"
        f"        -   uses: {OFFICIAL}\n            with:\n                password: {SECRET}\n"
    )
    assert after(text) == (
        "on: push\njobs:\n    publish:\n        runs-on: x\n        permissions:\n"
        "            contents: read\n            id-token: write\n"
        f"        steps:\n        -   uses: {OFFICIAL}\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        # What starts it.
        workflow("", WITH, on="pull_request_target"),
        workflow("", WITH, on="[push, pull_request_target]"),
        workflow("", WITH, on="workflow_call"),
        workflow("", WITH, on="{push: {}, workflow_call: {}}"),
        # Permissions that cannot be kept as they are.
        workflow("    permissions: read-all\n", WITH),
        workflow("", WITH, top="permissions: read-all\n"),
        # Aliases, in the job or into it.
        workflow("    permissions: &own\n      contents: read\n", WITH),
        workflow("", WITH.replace("with:", "with: &login")),
        workflow("", "        with: *login\n", top=f"x: &login {{password: '{SECRET}'}}\n"),
        workflow("    permissions: *own\n", WITH, top="x: &own {contents: read}\n"),
        # What the secret is.
        workflow("", WITH.replace(SECRET, "pypi-abc")),
        workflow("", WITH.replace(SECRET, "${{ secrets.A || secrets.B }}")),
        workflow("", WITH.replace(SECRET, "${{ vars.A }}")),
        workflow("", WITH.replace(SECRET, "${{ secrets['A'] }}")),
        workflow("", WITH.replace(SECRET, f"x{SECRET}")),
        workflow("    env:\n      A: ${{ secrets.A }}\n", WITH.replace(SECRET, "${{ env.A }}")),
        # Two uploads with it.
        workflow(
            "    env:\n      A: ${{ secrets.A }}\n", f"{WITH}      - uses: {OFFICIAL}\n{WITH}"
        ).replace(SECRET, "${{ env.A }}"),
        # Where something else stands on the line.
        workflow("", f"        with: {{password: '{SECRET}', verbose: true}}\n"),
        workflow(
            "", f"        with: {{\n          a: b,\n          password: '{SECRET}'\n          }}\n"
        ),
        workflow("", "").replace(
            f"- uses: {OFFICIAL}\n", f"- {{uses: {OFFICIAL}, with: {{password: '{SECRET}'}}}}\n"
        ),
        # A key that stands twice: GitHub does not run the file, and taking one leaves the other.
        workflow("", WITH * 2),
        workflow("", f"{WITH}          password: {SECRET}\n"),
        # An input that the action has not.
        workflow("", f"{WITH}          username: acme\n"),
        # A job that has steps, and is another workflow.
        workflow("    uses: ./.github/workflows/a.yml\n", WITH),
        # Other actions and commands.
        workflow("", WITH).replace(known.OFFICIAL, "casperdcl/deploy-pypi"),
        workflow("", "").replace(f"uses: {OFFICIAL}", f"run: twine upload -p {SECRET} x"),
    ],
)
def test_what_is_left_to_a_human(text: str) -> None:
    file = File(PATH, PATH, PATH, text.encode())
    assert list(check(file, Repository("/nowhere"), PRACTICE.defaults()))
    assert after(text) is None


@pytest.mark.parametrize(
    ("step", "modest"),
    [
        ("uses: actions/checkout@v5", True),
        ("uses: actions/setup-python@v6", True),
        ("uses: actions/download-artifact@v4", True),
        ("uses: Astral-sh/Setup-UV@v6", True),
        ("run: python -m build", True),
        ("run: pip install git+https://a.example/b", True),
        ("run: cat .git/HEAD", True),
        ("uses: softprops/action-gh-release@v2", False),
        ("uses: ./local", False),
        ("uses: docker://image", False),
        ("run: git push", False),
        ("run: gh release create", False),
        ("run: curl -H ${{ github.token }}", False),
        ("run: echo $GITHUB_TOKEN", False),
        ("run: echo ${{ secrets.OTHER }}", False),
        ("name: nothing", False),
    ],
)
def test_a_job_without_permissions_may_need_more_than_to_read(step: str, modest: bool) -> None:
    text = workflow("", f"{WITH}      - {step}\n")
    assert (after(text) is not None) is modest
    # With permissions of its own nothing is taken from it.
    assert after(workflow(GRANT, f"{WITH}      - {step}\n")) is not None


@pytest.mark.parametrize(
    ("job", "step"),
    [
        ("", "      - run: make\n        env:\n          TOKEN: ${{ github.token }}\n"),
        ("", "      - run: make\n        env: {GH_TOKEN: '${{ secrets.GITHUB_TOKEN }}'}\n"),
        ("    env:\n      GH_TOKEN: ${{ secrets.GITHUB_TOKEN }}\n", "      - run: make\n"),
    ],
)
def test_a_token_that_a_step_is_handed_may_be_needed(job: str, step: str) -> None:
    assert after(workflow(job, WITH + step)) is None


def test_a_step_of_a_composite_action_is_left_alone(make_repository: MakeRepository) -> None:
    given = "      with:\n        password: ${{ inputs.token }}\n"
    action = f"runs:\n  using: composite\n  steps:\n    - uses: {OFFICIAL}\n{given}"
    top = make_repository({"publish/action.yml": action})
    text = workflow(GRANT, f"      - uses: ./publish\n        with:\n          token: {SECRET}\n")
    assert after(text, Repository(str(top))) is None
