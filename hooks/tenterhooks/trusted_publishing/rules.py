"""The rules of ``trusted-publishing``."""

from __future__ import annotations

from tenterhooks.core.finding import Rule

STORED_CREDENTIAL = Rule(
    "stored-credential",
    "An upload to PyPI or TestPyPI logs in with a stored secret.",
    fixable=True,
)
CANNOT_AUTHENTICATE = Rule(
    "publishing-cannot-authenticate", "An upload is given no credential, and no usable identity."
)
UNDECIDED = Rule(
    "undecided-publishing",
    "The files do not tell how an upload logs in, or where it goes.",
    default=False,
)


def _rule(name: str, summary: str, presets: tuple[str, ...] = ("spec8",)) -> Rule:
    return Rule(name, summary, default=False, presets=presets)


WITHOUT_ENVIRONMENT = _rule(
    "publish-without-environment", "A job publishes without an environment to guard it."
)
BUILD_IN_PUBLISH = _rule(
    "build-in-publish-job", "A job builds what it publishes, so build code can use its identity."
)
WORKFLOW_TOKEN = _rule(
    "id-token-at-workflow-level", "Every job of a workflow that publishes gets an identity token."
)
PULL_REQUEST = _rule(
    "publish-in-pull-request-workflow", "A workflow that pull requests start can publish."
)
NO_ATTESTATIONS = _rule(
    "attestations-disabled", "An upload is told to make no attestations of where it comes from."
)
NOT_PINNED = _rule(
    "publisher-not-pinned",
    "The action that publishes is referenced by a name that can be moved.",
    presets=(),  # `unpinned-action` is in the preset, and says it of every action
)
KEEPS_CREDENTIALS = _rule(
    "checkout-keeps-credentials", "A job that publishes keeps a token in its checkout."
)
CACHE = _rule("cache-in-release-job", "A release is made with what an earlier run put in a cache.")
UNLOCKED_INSTALL = _rule(
    "unlocked-release-install", "A release is made with packages that nothing pins."
)
SPEC8 = (
    WITHOUT_ENVIRONMENT,
    BUILD_IN_PUBLISH,
    WORKFLOW_TOKEN,
    PULL_REQUEST,
    NO_ATTESTATIONS,
    NOT_PINNED,
    KEEPS_CREDENTIALS,
    CACHE,
    UNLOCKED_INSTALL,
)
