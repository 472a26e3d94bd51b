import nox


@nox.session
def tests(session):
    session.install(".[test]")
    session.run("pytest")


@nox.session
def publish(session):
    """Build and upload."""
    session.install("flit")
    session.run("flit", "publish", "--setup-py")
