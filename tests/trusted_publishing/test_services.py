"""Which file belongs to which service, held to what the readers say."""

from __future__ import annotations

import importlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.core.files import File, Repository
from tenterhooks.formats import workflow
from tenterhooks.trusted_publishing import PRACTICE, known, services

PATHS = {
    "github": (
        ".github/workflows/a.yml",
        ".github/workflows/a.yaml",
        "action.yml",
        "a/action.yaml",
    ),
    "gitlab": (".gitlab-ci.yml", "a.gitlab-ci.yaml", ".gitlab/a/b.yml", ".gitlab-ci/a.yml"),
    "cloudbuild": ("cloudbuild.yaml", "cloudbuild-a.json", "a.cloudbuild.yml", ".cloudbuild/a.yml"),
    "activestate": ("buildscript.as", "a/buildscript.as"),
    "azure": ("azure-pipelines.yml", ".azure/pipelines/a.yml", ".azuredevops/a.yaml"),
    "circleci": (".circleci/config.yml", ".circleci/a/b.yaml"),
    "travis": (".travis.yml", ".travis.yaml"),
    "jenkins": ("Jenkinsfile", "a/Jenkinsfile.release", "release.jenkinsfile", "a.Jenkinsfile"),
    "appveyor": ("appveyor.yml", ".appveyor.yaml"),
    "bitbucket": ("bitbucket-pipelines.yml", "bitbucket-pipelines.yaml"),
}
NONE = (
    *("", "a.yml", "README.md", ".github/a.yml", ".github/workflows/a/b.yml", "action.yml.txt"),
    *(".gitlab/issue_templates/a.yml", "cloudbuild.txt", "buildscript.asc", "azure.yml"),
    *(".circleci/a.json", "x.travis.yml", "jenkinsfile.txt", "myappveyor.yml", "travis.yml"),
    *("a-bitbucket-pipelines.yml", "x/y.github/workflows/a.yml", "Jenkinsfiles/a", ".circleci.yml"),
)
READERS = {
    name: workflow.PATHS
    if name == "github"
    else importlib.import_module(f"tenterhooks.formats.pipelines.{name}").PATHS
    for name in known.SERVICES
}


@pytest.mark.parametrize(
    ("path", "wanted"), [(path, name) for name, paths in PATHS.items() for path in paths]
)
def test_the_service_of_a_path(path: str, wanted: str) -> None:
    assert services.service(path) == wanted
    assert re.search(services.PATHS, path)


@pytest.mark.parametrize("path", NONE)
def test_what_belongs_to_none(path: str) -> None:
    assert services.service(path) is None
    assert not re.search(services.PATHS, path)


def test_every_service_has_its_paths() -> None:
    assert set(services._PATHS) == set(known.SERVICES) == set(PATHS) == set(READERS)
    assert PRACTICE.pattern == services.PATHS


@pytest.mark.parametrize("name", sorted(READERS))
def test_the_patterns_are_those_of_the_readers(name: str) -> None:
    ours = rf"(^|/){services._PATHS[name]}$"
    theirs = re.compile(READERS[name])
    pool = [path for paths in PATHS.values() for path in paths] + list(NONE)
    for path in [*pool, *(f"a/{path}" for path in pool), *(f"{path}/a.yml" for path in pool)]:
        assert bool(re.search(ours, path)) == bool(theirs.search(path)), path


PARTS = st.sampled_from(
    ".github workflows workflow-templates action .gitlab .gitlab-ci issue_templates / / / . - _ a "
    "cloudbuild .cloudbuild buildscript azure azure-pipelines pipelines .azure .azuredevops "
    "azure_pipeline .circleci .travis Jenkinsfile .jenkinsfile appveyor bitbucket-pipelines "
    ".yml .yaml .json .as \n".replace("\\n", "\n").split(" ")
)


@given(st.lists(PARTS, max_size=6).map("".join))
def test_the_patterns_are_those_of_the_readers_on_any_path(path: str) -> None:
    found = [name for name, pattern in READERS.items() if re.search(pattern, path)]
    assert bool(found) == bool(re.search(services.PATHS, path))
    service = services.service(path)
    assert service is None or service in found
    assert service == found[0] if found and found[0] not in services._AT_THE_TOP else True


@pytest.mark.parametrize("name", sorted(PATHS))
@pytest.mark.parametrize("folder", ["a/", "a/b/"])
def test_some_look_at_the_top_alone(name: str, folder: str) -> None:
    at_the_top = name in ("travis", "circleci", "appveyor", "bitbucket")
    for path in PATHS[name]:
        assert services.service(folder + path) == (None if at_the_top else name)


@pytest.mark.parametrize("name", sorted(set(PATHS) - {"activestate"}))
def test_every_service_has_a_reader(name: str) -> None:
    text = {
        "github": "on: push\njobs:\n  a:\n    steps:\n      - run: twine upload x\n",
        "gitlab": "a:\n  script: twine upload x\n",
        "cloudbuild": "steps: [{name: a, entrypoint: sh, args: [-c, twine upload x]}]\n",
        "azure": "steps:\n- script: twine upload x\n",
        "circleci": "jobs: {a: {docker: [{image: x}], steps: [{run: twine upload x}]}}\n",
        "travis": "script: twine upload x\n",
        "jenkins": "node { sh 'twine upload x' }\n",
        "appveyor": "build_script: [twine upload x]\n",
        "bitbucket": "pipelines: {default: [{step: {script: [twine upload x]}}]}\n",
    }[name]
    path = PATHS[name][0]
    jobs = services.jobs(name, File(path, path, path, text.encode()), Repository("/nowhere"))
    scripts = [step.script.value.strip() for job in jobs for step in job.steps if step.script]
    assert {job.service for job in jobs} == {name}
    assert scripts == ["twine upload x"]
