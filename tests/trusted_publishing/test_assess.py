"""What a pipeline's uploads log in with, all taken together."""

from __future__ import annotations

import pytest

from tenterhooks.core.files import File, Repository
from tenterhooks.trusted_publishing import PRACTICE, assess, check, known, services
from tenterhooks.trusted_publishing.assessment import Assessment

PATH = ".github/workflows/release.yml"
HEAD = "on: push\njobs:\n  publish:\n    runs-on: ubuntu-latest\n"
SECRET = "${{ secrets.PYPI }}"
OWN = "https://index.example.org/"
GRANT = "    permissions: {id-token: write}\n"


def assessed(text: str, path: str = PATH) -> Assessment:
    file, service = File(path, path, path, text.encode()), services.service(path)
    assert service is not None
    return assess.of(service, file, Repository("/nowhere"))


def counts(found: Assessment) -> tuple[int, int, int, int]:
    """Stored credentials, failures, undecided, and uploads that rely on an identity."""
    return len(found.stored), len(found.failures), len(found.undecided), len(found.relying)


def run(*commands: str, env: str = "", job: str = "") -> str:
    lines = "".join(f"          {line}\n" for line in commands)
    more = f"        env: {{{env}}}\n" if env else ""
    return f"{HEAD}{job}    steps:\n      - run: |\n{lines}{more}"


T = f"TWINE_PASSWORD: '{SECRET}'"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (run("twine upload x", env=T), (1, 0, 0, 0)),
        (run("twine upload x", env=T, job=GRANT), (1, 0, 0, 0)),
        (run("twine upload x", "twine upload y", env=T), (1, 0, 0, 0)),
        (run("twine upload x", job=GRANT), (0, 0, 0, 1)),
        (run("twine upload x"), (0, 1, 0, 0)),
        (run("twine upload -p '' x", job=GRANT), (0, 0, 0, 1)),
        (run("twine upload -p $(python -m id pypi) x"), (0, 0, 0, 0)),
        (run("twine upload -p $(date) x"), (0, 0, 1, 0)),
        (run(f"twine upload -p $(date) --repository-url {OWN} x"), (0, 0, 0, 0)),
        (run("twine upload --repository-url $U x", env=T), (0, 0, 1, 0)),
        (run(f"twine upload --repository-url {OWN} x", env=T), (0, 0, 0, 0)),
        (run("uv publish --dry-run", env=f"UV_PUBLISH_TOKEN: '{SECRET}'"), (0, 0, 0, 0)),
        (
            run("uv publish --dry-run", "uv publish", env=f"UV_PUBLISH_TOKEN: '{SECRET}'"),
            (1, 0, 0, 0),
        ),
        (run(f"twine upload --repository-url {OWN} x", "twine upload x", env=T), (1, 0, 0, 0)),
        # The first that is not empty counts.
        (run(f"twine upload -p '{SECRET}' x", env="TWINE_PASSWORD: abc"), (2, 0, 0, 0)),
        (run("twine upload -p '' x", env=T), (1, 0, 0, 0)),
        # Nothing uploads that is seen.
        (run("docker run image", env=T), (1, 0, 0, 0)),
        (run("docker run image", env=f"{T}, TWINE_REPOSITORY_URL: '{OWN}'"), (0, 0, 0, 0)),
        (run("docker run image", env="TWINE_PASSWORD: ''"), (0, 0, 0, 0)),
        (run("docker run image", env="TWINE_PASSWORD: '${{ github.token }}'"), (0, 0, 0, 0)),
        (run("twine upload x", env=f"PYPI_TOKEN: '{SECRET}'"), (1, 0, 1, 0)),
        (run("twine upload x", env="OTHER: '${{ secrets.X }}'"), (0, 1, 0, 0)),
        (run("op run -- twine upload x"), (1, 0, 0, 0)),
        (run("poetry publish"), (0, 1, 0, 0)),
    ],
)
def test_one_job(text: str, wanted: tuple[int, int, int, int]) -> None:
    assert counts(assessed(text)) == wanted


def test_one_secret_is_told_once() -> None:
    text = f"env: {{{T}}}\n" + run("twine upload x")
    text += "  second:\n    runs-on: ubuntu-latest\n    steps:\n      - run: twine upload y\n"
    (stored,) = assessed(text).stored.values()
    assert len(stored.uploads) == 2
    assert text[stored.source.offset :].lstrip("'").startswith(SECRET)


def test_an_identity_goes_first_for_some() -> None:
    name = "jupyter-server/jupyter_releaser/.github/actions/publish-release"
    step = f"    steps:\n      - uses: {name}@v2\n        env: {{PYPI_TOKEN: '{SECRET}'}}\n"
    assert counts(assessed(HEAD + GRANT + step)) == (0, 0, 0, 1)
    assert counts(assessed(HEAD + step)) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("options", "rules"),
    [({}, []), ({"strict": True}, [1]), ({"select": ["undecided-publishing"]}, [1])],
)
def test_what_is_undecided_is_told_on_demand(options: dict[str, bool], rules: list[int]) -> None:
    file = File(PATH, PATH, PATH, run("twine upload --repository-url $U x").encode())
    found = list(check(file, Repository("/nowhere"), PRACTICE.defaults(**options)))
    assert [it.rule for it in found] == ["undecided-publishing"] * len(rules)
    assert all((it.line, it.column) == (7, 11) for it in found)


@pytest.mark.parametrize(
    "path", ["README.md", "a/.travis.yml", "a/.github/workflows/release.yml", ".github/x.yml"]
)
def test_what_no_service_runs_is_left_alone(path: str) -> None:
    file = File(path, path, path, run("twine upload x", env=T).encode())
    assert list(check(file, Repository("/nowhere"), PRACTICE.defaults())) == []


@pytest.mark.parametrize(
    ("arguments", "rules"),
    [
        ('audience = "pypi"', 0),
        ('audience = "testpypi"', 1),
        ("", 0),
    ],
)
def test_the_audience_on_activestate(arguments: str, rules: int) -> None:
    given = f"src = 1, {arguments}" if arguments else "src = 1"
    text = f"let:\n\tpublish = pypi_publisher(\n\t\t{given}\n\t)\n"
    file = File("buildscript.as", "buildscript.as", "buildscript.as", text.encode())
    found = list(check(file, Repository("/nowhere"), PRACTICE.defaults()))
    assert [it.rule for it in found] == ["publishing-cannot-authenticate"] * rules
    assert all(it.fix == f'audience = "{known.AUDIENCES[known.PYPI]}"' for it in found)
