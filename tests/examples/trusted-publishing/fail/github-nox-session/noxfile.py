import os

import nox


@nox.session
def tests(session):
    session.install("-e", ".[test]")
    session.run("pytest", *session.posargs)


@nox.session
def release(session):
    session.install("build", "twine")
    session.run("python", "-m", "build")
    session.run("twine", "upload", "-u", "__token__", "-p", os.environ["PYPI_TOKEN"], "dist/*")
