"""The opt-in rules on how a release is made: each where it speaks, and where it is silent."""

from __future__ import annotations

import pytest
from conftest import MakeRepository

from tenterhooks.core.files import File, Repository
from tenterhooks.core.finding import Finding
from tenterhooks.trusted_publishing import PRACTICE, check, known, rules

PATH = ".github/workflows/release.yml"
PINNED = f"{known.OFFICIAL}@{'a' * 40}"
OTHER = "b" * 40


def findings(text: str, repository: Repository | None = None) -> list[Finding]:
    file = File(PATH, f"/nowhere/{PATH}", PATH, text.encode())
    options = PRACTICE.defaults(spec8=True)
    return list(check(file, repository or Repository("/nowhere"), options))


def found(text: str, repository: Repository | None = None) -> list[str]:
    return [finding.rule for finding in findings(text, repository)]


def workflow(*steps: str, on: str = "push", top: str = "", build: tuple[str, ...] = ()) -> str:
    """A job that publishes without fault, with more steps, and one that it waits for."""
    return (
        f"on: {on}\n{top}\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n"
        "      - run: echo\n"
        + "".join(f"      - {step}\n" for step in build)
        + "  publish:\n    needs: build\n    runs-on: ubuntu-latest\n    environment: pypi\n"
        "    permissions: {id-token: write}\n    steps:\n"
        + "".join(f"      - {step}\n" for step in steps)
        + f"      - uses: {PINNED}\n"
    )


def test_a_release_without_fault() -> None:
    assert found(workflow(build=("run: python -m build",))) == []


def test_all_of_it_is_opt_in() -> None:
    file = File(PATH, PATH, PATH, workflow("run: python -m build").encode())
    assert list(check(file, Repository("/nowhere"), PRACTICE.defaults())) == []
    options = PRACTICE.defaults(select=[rules.CACHE.name])
    assert [it.rule for it in check(file, Repository("/nowhere"), options)] == [
        rules.BUILD_IN_PUBLISH.name
    ]


@pytest.mark.parametrize(
    "upload",
    [
        f"uses: {known.OFFICIAL}@main\n        with: {{repository-url: 'https://index.example.org/'}}",
        "run: uv publish --dry-run",
        "run: twine upload --repository-url $UNKNOWN x",
        "run: echo pypi",
    ],
)
def test_what_publishes_nothing_public_is_left_alone(upload: str) -> None:
    head = "on: pull_request\npermissions: write-all\njobs:\n  a:\n    runs-on: ubuntu-latest\n"
    steps = "    steps:\n      - uses: actions/cache@v4\n      - run: pip install x\n"
    assert found(f"{head}{steps}      - {upload}\n") == []


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("environment: pypi", False),
        ("environment: {name: pypi, url: x}", False),
        ("environment: ${{ inputs.x }}", False),
        ("name: publish", True),
    ],
)
def test_without_environment(line: str, wanted: bool) -> None:
    text = workflow().replace("environment: pypi", line)
    assert found(text) == [rules.WITHOUT_ENVIRONMENT.name] * wanted


@pytest.mark.parametrize(
    ("step", "wanted"),
    [
        ("run: python -m build", True),
        ("run: uv build", True),
        ("run: poetry build", True),
        ("run: bash -c 'python -m build'", False),
        ("run: sudo python setup.py sdist", True),
        ("run: echo build", False),
        ("run: twine check dist/*", False),
        (f"uses: pypa/cibuildwheel@{OTHER}", True),
        (f"uses: hynek/build-and-inspect-python-package@{OTHER}", True),
        (f"uses: PyO3/maturin-action@{OTHER}\n        with: {{command: build}}", True),
        (f"uses: PyO3/maturin-action@{OTHER}\n        with: {{command: sdist}}", True),
        (f"uses: PyO3/maturin-action@{OTHER}\n        with: {{command: list}}", False),
        (f"uses: actions/download-artifact@{OTHER}", False),
        ("run: uv publish", False),
        ("run: maturin publish", True),
        ("run: maturin upload x", False),
        ("run: pdm publish", True),
        ("run: pdm publish --no-build", False),
    ],
)
def test_build_in_the_publishing_job(step: str, wanted: bool) -> None:
    assert found(workflow(step)) == [rules.BUILD_IN_PUBLISH.name] * wanted


def test_one_build_is_enough_to_be_told() -> None:
    text = workflow("run: python -m build", "run: uv build")
    assert found(text) == [rules.BUILD_IN_PUBLISH.name]


@pytest.mark.parametrize(
    ("top", "wanted"),
    [
        ("permissions: {id-token: write}", True),
        ("permissions:\n  id-token: write", True),
        ("permissions: write-all", True),
        ("permissions: {contents: write}", False),
        ("permissions: {id-token: none}", False),
        ("permissions: read-all", False),
        ("permissions: {}", False),
        ("", False),
    ],
)
def test_token_of_the_workflow(top: str, wanted: bool) -> None:
    assert found(workflow(top=top)) == [rules.WORKFLOW_TOKEN.name] * wanted


@pytest.mark.parametrize(
    ("on", "wanted"),
    [
        ("pull_request", 1),
        ("[push, pull_request]", 1),
        ("{push: {}, pull_request: {branches: [main]}}", 1),
        ("\n  pull_request:\n  push:", 1),
        ("push", 0),
        ("[push, release]", 0),
        ("{push: {branches: [pull_request]}}", 0),
        ("pull_request_review", 0),
    ],
)
def test_pull_requests(on: str, wanted: int) -> None:
    assert found(workflow(on=on)) == [rules.PULL_REQUEST.name] * wanted


@pytest.mark.parametrize(
    ("upload", "wanted"),
    [
        (f"uses: {PINNED}\n        with: {{attestations: false}}", True),
        (f"uses: {PINNED}\n        with: {{attestations: 'False'}}", True),
        (f"uses: {PINNED}\n        with: {{attestations: true}}", False),
        (f"uses: {PINNED}\n        with: {{attestations: '${{{{ inputs.a }}}}'}}", False),
        ("run: uv publish --no-attestations", True),
        ("run: uv publish", False),
    ],
)
def test_attestations(upload: str, wanted: bool) -> None:
    text = workflow().replace(f"uses: {PINNED}", upload)
    assert found(text) == [rules.NO_ATTESTATIONS.name] * wanted


@pytest.mark.parametrize(
    ("ref", "wanted"),
    [("a" * 40, False), ("release/v1", True), ("v1.13.0", True), ("a" * 39, True), ("main", True)],
)
def test_the_pin_of_the_publisher(ref: str, wanted: bool) -> None:
    text = workflow().replace("a" * 40, ref)
    assert found(text) == [rules.NOT_PINNED.name] * wanted


def test_only_the_publisher_must_be_pinned() -> None:
    assert found(workflow("uses: actions/download-artifact@v4")) == []


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("", True),
        ("\n        with: {persist-credentials: true}", True),
        ("\n        with: {fetch-depth: 0}", True),
        ("\n        with: {persist-credentials: false}", False),
        ("\n        with: {Persist-Credentials: 'FALSE'}", False),
    ],
)
def test_the_checkout(given: str, wanted: bool) -> None:
    step = f"uses: Actions/Checkout@{OTHER}{given}"
    assert found(workflow(step)) == [rules.KEEPS_CREDENTIALS.name] * wanted
    assert found(workflow(build=(step,))) == []


CACHES = [
    (f"uses: actions/cache@{OTHER}", True),
    (f"uses: actions/cache/restore@{OTHER}", True),
    (f"uses: actions/cache/save@{OTHER}", False),
    (f"uses: Swatinem/rust-cache@{OTHER}", True),
    (f"uses: actions/setup-python@{OTHER}", False),
    (f"uses: actions/setup-python@{OTHER}\n        with: {{cache: pip}}", True),
    (f"uses: actions/setup-python@{OTHER}\n        with: {{cache: ''}}", False),
    (f"uses: actions/setup-node@{OTHER}\n        with: {{cache: npm}}", True),
    ("uses: actions/setup-go@v5", True),
    ("uses: actions/setup-go@v3", False),
    ("uses: actions/setup-go@v5\n        with: {cache: false}", False),
    ("uses: astral-sh/setup-uv@v6", True),
    ("uses: astral-sh/setup-uv@v4", False),
    ("uses: astral-sh/setup-uv@v6.1.0", True),
    (f"uses: astral-sh/setup-uv@{OTHER}", False),
    (f"uses: astral-sh/setup-uv@{OTHER} # v6", True),
    (f"uses: astral-sh/setup-uv@{OTHER} # v4.2.1", False),
    ("uses: astral-sh/setup-uv@v6\n        with: {enable-cache: false}", False),
    ("uses: astral-sh/setup-uv@v4\n        with: {enable-cache: true}", True),
    ("uses: astral-sh/setup-uv@main", False),
    ("uses: astral-sh/setup-uv@20250101", False),
]


@pytest.mark.parametrize(("step", "wanted"), CACHES)
def test_caches(step: str, wanted: bool) -> None:
    assert found(workflow(step)) == [rules.CACHE.name] * wanted
    built = ("run: python -m build", step)
    assert found(workflow(build=built)) == [rules.CACHE.name] * wanted
    # What is cached for tests alone gets into no release.
    assert found(workflow(build=("run: pytest", step))) == []


TAG = "startsWith(github.ref, 'refs/tags/')"


@pytest.mark.parametrize(
    ("condition", "is_cached"),
    [
        ("github.ref_type != 'tag'", False),
        (
            "${{ runner.os == 'macOS' && github.ref_type!='tag' && github.event_name != 'x' }}",
            False,
        ),
        (f"${{{{ ! {TAG} }}}}", False),
        ("${{ !StartsWith( github.ref , 'refs/tags' ) }}", False),
        ("github.ref_type == 'branch'", False),
        ("github.event_name == 'pull_request'", False),
        ("${{ !startsWith(github.ref, 'refs/tags/v') }}", True),
        ("github.ref_type != 'tag' || runner.os == 'macOS'", True),
        ("github.ref_type == 'tag'", True),
        ("github.ref_type != 'branch'", True),
        ("github.event_name != 'schedule'", True),
        (TAG, True),
        ("true", True),
        (f"{'true && ' * 300}github.ref_type != 'tag'", True),
    ],
)
@pytest.mark.parametrize(
    ("on", "upload", "is_of_tags"),
    [
        ("push", f"if: {TAG}", True),
        ("push", "if: github.ref_type == 'tag' && github.repository == 'a/b'", True),
        ("{pull_request: {}, release: {types: [published]}}", "", False),
        ("{push: {}, release: {}}", "if: github.event_name == 'release'", True),
        ("{push: {tags: ['*']}, release: {types: [published]}}", "", True),
        ("release", "", True),
        ("{push: {tags: ['*'], branches: [main]}}", "", False),
        ("{push: {branches: [main]}}", "", False),
        ("{release: {}, workflow_dispatch: {}}", "", False),
        ("push", "if: github.event_name != 'pull_request'", False),
        ("push", f"if: {TAG} || github.event_name == 'workflow_dispatch'", False),
    ],
)
def test_a_cache_that_no_release_uses(
    condition: str, is_cached: bool, on: str, upload: str, is_of_tags: bool
) -> None:
    wanted = [rules.CACHE.name] if is_cached or not is_of_tags else []
    steps = (
        f'uses: actions/cache@v4\n        if: "{condition}"',
        f'uses: astral-sh/setup-uv@v7\n        with: {{enable-cache: "{condition}"}}',
    )
    for step in steps:
        text = workflow(on=on, build=(step, "run: uv build"))
        text += f"        {upload}\n"
        rest = [name for name in found(text) if name != rules.PULL_REQUEST.name]
        assert rest == wanted


def test_every_condition_on_the_job_counts_too() -> None:
    step = "uses: actions/cache@v4\n        if: github.ref_type != 'tag'"
    text = workflow(build=(step, "run: uv build"))
    assert found(text) == [rules.CACHE.name]
    assert found(text.replace("    environment:", f"    if: {TAG}\n    environment:")) == []


def test_every_cache_that_is_known() -> None:
    for name, (key, _) in known.CACHING.items():
        given = f"\n        with: {{{key}: yes-please}}" if key else ""
        assert found(workflow(f"uses: {name}@{OTHER}{given}")) == [rules.CACHE.name]


@pytest.mark.parametrize(
    ("step", "wanted"),
    [
        ("run: pip install build", True),
        ("run: python -m pip install -r loose.txt", True),
        ("run: sudo pip install build", True),
        ("run: |\n          echo\n          pip install build", True),
        ("run: pip install build==1.2", False),
        ("run: pip install -r locked.txt", False),
        ("run: pip install --require-hashes -r loose.txt", False),
        ("run: uv sync --locked", False),
        ("run: pip install build\n        shell: perl {0}", False),
    ],
)
def test_installs(step: str, wanted: bool, make_repository: MakeRepository) -> None:
    top = make_repository({"loose.txt": "build\n", "locked.txt": "build==1.2\n"})
    for text in (workflow(step), workflow(build=(step,))):
        assert found(text, Repository(str(top))) == [rules.UNLOCKED_INSTALL.name] * wanted


@pytest.mark.parametrize("needs", ["[build]", "build", "[middle]", "[missing, build]"])
def test_jobs_that_are_waited_for(needs: str) -> None:
    loose = workflow(build=("run: pip install build",)).replace("needs: build", f"needs: {needs}")
    text = loose + "  middle:\n    needs: [build, publish]\n    runs-on: x\n"
    assert found(text) == [rules.UNLOCKED_INSTALL.name]
    assert found(loose.replace(f"needs: {needs}", "name: x")) == []


def test_where_it_is_told() -> None:
    steps = ("run: |\n          echo\n          pip install build", "uses: actions/cache@v4")
    text = workflow(*steps, on="[push, pull_request]", top="permissions: {id-token: write}")
    text = text.replace("environment: pypi", "name: x").replace("a" * 40, "main")
    lines = text.splitlines()
    told = {it.rule: lines[it.line - 1][it.column - 1 :] for it in findings(text)}
    assert told == {
        "id-token-at-workflow-level": "write}",
        "publish-in-pull-request-workflow": "pull_request]",
        "publish-without-environment": "publish:",
        "publisher-not-pinned": f"{known.OFFICIAL}@main",
        "cache-in-release-job": "actions/cache@v4",
        "unlocked-release-install": "pip install build",
    }


def test_every_rule_has_a_test_here() -> None:
    with open(__file__, encoding="utf-8") as stream:
        text = stream.read()
    names = {name for name in vars(rules) if getattr(rules, name) in rules.SPEC8}
    assert len(names) == len(rules.SPEC8)
    assert [name for name in sorted(names) if f"[rules.{name}.name] * wanted" not in text] == []
