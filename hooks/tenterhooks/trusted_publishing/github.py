"""A GitHub workflow's jobs and steps, with what decides on identity tokens.

Sources: GitHub documentation, "Workflow syntax" and "OpenID Connect": a job's ``permissions``
replace the workflow's, and without any there is no token.
"""

from __future__ import annotations

from tenterhooks.formats import yaml
from tenterhooks.formats.pipeline import Job, Step, Text, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

GRANTED, DENIED, OPEN = "granted", "denied", "open"


class GitHubStep(Step):
    """A step, also one inside a composite action that a step of the file uses.

    node: its mapping. id, condition: its ``id`` and ``if``, "" where it has none.
    """

    __slots__ = ("condition", "id", "node")

    def __init__(
        self, node: yaml.Node, where: Text, lookup: Callable[[tuple[str, ...]], Any]
    ) -> None:
        super().__init__(where)
        self.node = node
        self.lookup = lookup
        self.id = scalar(node, "id").lower()
        self.condition = scalar(node, "if")


class GitHubJob(Job):
    """A job of a workflow, or the steps of a composite action.

    node: its mapping. root: the whole workflow. token: GRANTED, DENIED, or OPEN where that is up
    to whoever calls. hosted: it runs on GitHub's own machines. condition: its ``if``.
    uses: the reusable workflow that it calls, or None.
    """

    __slots__ = (
        "condition",
        "document",
        "events",
        "hosted",
        "node",
        "on_windows",
        "root",
        "token",
        "uses",
    )

    def __init__(
        self,
        name: str,
        where: Text,
        node: yaml.Node,
        root: yaml.Node,
        document: yaml.Document,
    ) -> None:
        super().__init__("github", name, where)
        self.node = node
        self.root = root
        self.document = document
        self.events = events(root)
        self.condition = scalar(node, "if")
        uses = node.get("uses")
        self.uses = text_of(document, uses) if uses is not None else None
        self.token = OPEN
        self.hosted = False
        self.on_windows = False


def scalar(node: yaml.Node | None, key: str) -> str:
    """The text beside a key of a mapping, "" where there is none."""
    value = node.get(key) if node is not None else None
    return "" if value is None or value.is_null else (value.text() or "").strip()


def on_of(root: yaml.Node) -> yaml.Node | None:
    """What a workflow says beside ``on``, which YAML 1.1 takes for true."""
    return root.get("on") or root.get("true")


def events(root: yaml.Node) -> dict[str, yaml.Node | None]:
    """The events of a workflow, with what is said of each."""
    on = on_of(root)
    if on is None:
        return {}
    if on.kind is yaml.SCALAR:
        return {on.value: None}
    names = {item.text() or "": None for item in on.items()}
    return {**names, **{key.value: value for key, value in on.named()}}


def grants(node: yaml.Node | None, root: yaml.Node) -> str | None:
    """What the permissions of a job say of identity tokens; None where there are none at all."""
    permissions = node.get("permissions") if node is not None else None
    if permissions is None:
        permissions = root.get("permissions")
    if permissions is None:
        return None
    if permissions.text() == "write-all" or scalar(permissions, "id-token") == "write":
        return GRANTED
    return DENIED
