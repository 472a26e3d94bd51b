"""Every action, reusable workflow and container image that CI runs is pinned to content that
cannot move."""

from __future__ import annotations

import functools
import re

from tenterhooks.core import command
from tenterhooks.core.finding import Edit, Finding, Rule
from tenterhooks.core.practice import INVALID, Option, Practice
from tenterhooks.formats import workflow as workflows
from tenterhooks.formats import yaml
from tenterhooks.formats.uses import MalformedUses, parse
from tenterhooks.pinned_actions import known, references
from tenterhooks.pinned_actions.agreement import conflicts, is_contested, pins_like
from tenterhooks.pinned_actions.comments import is_bare, version_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import SimpleNamespace

    from tenterhooks.core.files import File, Repository
    from tenterhooks.formats.uses import Action
    from tenterhooks.formats.workflow import Uses, Workflow
    from tenterhooks.pinned_actions.agreement import Pin

UNPINNED_ACTION = Rule(
    "unpinned-action",
    "An action or reusable workflow is referenced by a tag or branch, which can be moved.",
    fixable=True,
)
MALFORMED_USES = Rule("malformed-uses", "A `uses` is nothing that GitHub can resolve.")
UNPINNED_IMAGE = Rule(
    "unpinned-image", "A container image is referenced by a tag, which can be moved."
)
TAG_OBJECT_PIN = Rule(
    "tag-object-pin",
    "A pin names an annotated tag instead of the commit that it stands for.",
    fixable=True,
)
CONFLICTING_COMMENT = Rule(
    "conflicting-version-comment",
    "The version comments beside the pins of one action contradict each other.",
)
MISSING_COMMENT = Rule(
    "missing-version-comment",
    "A pin has no bare version comment, so update bots leave it alone.",
    default=False,
)

# The directives of other tools that mean "this one may be unpinned".
_EXCUSED_USES = re.compile(
    r"#.{0,200}?(?:zizmor:\s*ignore\[[^\]]*\bunpinned-uses\b|ratchet:exclude\b)"
)
_EXCUSED_IMAGE = re.compile(
    r"#.{0,200}?(?:zizmor:\s*ignore\[[^\]]*\bunpinned-images\b|ratchet:exclude\b)"
)


def check(file: File, repository: Repository, options: SimpleNamespace) -> Iterator[Finding]:
    """Findings of one workflow or action definition."""
    if not workflows.is_run(file):
        return
    workflow = workflows.load(file)
    yield from _duplicate_keys(workflow.document)
    allow = references.AllowList(options.allow)
    for uses in workflow.uses():
        yield from _check_uses(workflow, uses, repository, allow, options)
    for image in workflow.images():
        yield from _check_image(workflow.document, image.node, image.text, image.what)
    yield from _check_agreement(file, repository)


def _duplicate_keys(document: yaml.Document) -> Iterator[Finding]:
    for again, first in document.duplicates:
        line, column = document.place(again)
        before = document.place(first)[0]
        message = f"the key {again.value[:80]} stands here again (first on line {before})"
        fix = "keep one of the two: GitHub refuses the file, other readers take the last"
        yield Finding(document.file.path, line, column, INVALID.name, message, fix)


def _at(document: yaml.Document, node: yaml.Node, rule: Rule, message: str, fix: str) -> Finding:
    line, column = document.place(node)
    return Finding(document.file.path, line, column, rule.name, message, fix)


def _check_uses(
    workflow: Workflow,
    uses: Uses,
    repository: Repository,
    allow: references.AllowList,
    options: SimpleNamespace,
) -> Iterator[Finding]:
    document = workflow.document
    try:
        target = parse(uses.node)
    except MalformedUses as error:
        fix = "write owner/repo@<commit SHA>, ./path/in/this/repository or docker://image@sha256:<digest>"
        yield _at(document, uses.node, MALFORMED_USES, str(error), fix)
        return
    if isinstance(target, str):
        if target:
            yield from _check_image(document, uses.node, target, "a step")
    elif target is not None and target.is_pinned:
        yield from _check_pin(document, uses.node, target, options)
    elif target is not None and not _exempt(workflow, uses, target, repository, allow):
        yield _unpinned(document, uses.node, target, repository)


def _exempt(
    workflow: Workflow,
    uses: Uses,
    action: Action,
    repository: Repository,
    allow: references.AllowList,
) -> bool:
    if allow.allows(action) or known.must_be_tag(action):
        return True
    if _excused(workflow.document, uses.owner, _EXCUSED_USES):
        return True
    if uses.level != "step" or not workflow.is_workflow:
        return False  # GitHub locks neither reusable workflows nor what composite actions use
    from tenterhooks.formats import actions_lock

    pin = actions_lock.pin(f"{action.repository}@{action.ref}")
    return pin in actions_lock.locked(repository, workflow.file.path)


@functools.lru_cache(1)  # of a step that has the key again and again, all are of one node
def _excused(document: yaml.Document, node: yaml.Node, pattern: re.Pattern[str]) -> bool:
    lines = map(document.file.line_text, document.lines(node))
    return any("#" in line and pattern.search(line) for line in lines)


def _unpinned(
    document: yaml.Document, node: yaml.Node, action: Action, repository: Repository
) -> Finding:
    what = references.described(action.ref)
    message = f"{action.name}@{action.ref} is not pinned: {action.ref} is {what}"
    wanted = version_in(action.ref)
    name = action.name.lower()
    near = pins_like(repository, name, wanted) if wanted else []
    same = [pin for pin in near if wanted and pin.version.equals(wanted)]
    if len(same) == 1 and not is_contested(repository, name, same[0]):
        pin = same[0]
        finding = _at(document, node, UNPINNED_ACTION, message, f"{pin.text} (--fix writes it)")
        finding.edits = _pin_edits(document, node, action, pin)
        if not finding.edits:
            finding.fix = f"this repository already pins it: {pin.text}"
        return finding
    if near:
        fix = f"this repository already pins a version of it: {near[0].text}"
    else:
        fix = f"uses: {action.name}@<commit SHA> # <version>"
        ref = _name_to_ask_for(document, node, action)
        if ref and references.is_harmless(action.repository + ref):
            place = f"https://github.com/{action.repository}"
            command = f"git ls-remote {place} {ref} '{ref}^{{}}'"
            fix += f"; the SHA is on the ^{{}} line, or the only one, of: {command}"
    return _at(document, node, UNPINNED_ACTION, message, fix)


def _name_to_ask_for(document: yaml.Document, node: yaml.Node, action: Action) -> str:
    """The tag or branch whose SHA is wanted: of part of a SHA, the version in its comment."""
    if references.described(action.ref) == references.NAME:
        return action.ref
    comment = document.comment(node)
    version = version_in(comment[0]) if comment else None
    return version.text if version else ""


def _pin_edits(
    document: yaml.Document, node: yaml.Node, action: Action, pin: Pin
) -> tuple[Edit, ...]:
    """Ref and comment as ``pin`` has them; nothing where something else stands in the way."""
    ref = _ref_edit(document, node, action, pin.sha)
    if ref is None:
        return ()
    comment = document.comment(node)
    if comment is None:
        if not document.rest_is_free(node):
            return ()
        end = document.line_end(node)
        return (ref, Edit(end, end, f"{pin.gap}# {pin.version.text}"))
    written = version_in(comment[0])
    if written is None or not is_bare(comment[0]) or not written.equals(pin.version):
        return ()
    return (ref,)


def _ref_edit(document: yaml.Document, node: yaml.Node, action: Action, sha: str) -> Edit | None:
    """The edit that puts ``sha`` in the ref's place, if the ref stands there just once, plain."""
    content = document.content(node)
    raw = document.file.text[content : node.end]
    whole = f"{action.name}@{action.ref}"
    if raw.count(whole) != 1:
        return None
    start = content + raw.index(whole) + len(action.name) + 1
    return Edit(start, start + len(action.ref), sha)


def _check_pin(
    document: yaml.Document, node: yaml.Node, action: Action, options: SimpleNamespace
) -> Iterator[Finding]:
    tag_object = known.TAG_OBJECTS.get(action.ref.lower())
    if tag_object is not None:
        commit, version = tag_object
        message = f"{action.name}@{action.ref[:12]} is the tag object of {version}, not a commit"
        fix = f"uses: {action.name}@{commit} # {version}"
        finding = _at(document, node, TAG_OBJECT_PIN, message, fix)
        edit = _ref_edit(document, node, action, commit)
        finding.edits = (edit,) if edit and _may_be(document, node, version) else ()
        yield finding
    if options.require_version_comment or MISSING_COMMENT.name in options.select:
        comment = document.comment(node)
        if comment is None or not is_bare(comment[0]):
            found = f"the comment '{comment[0]}'" if comment else "no version comment"
            message = f"{action.name}@{action.ref[:12]} has {found}"
            fix = (
                "end the line with nothing but the version, # v1.2.3: Dependabot wants it last, "
                "Renovate first"
            )
            yield _at(document, node, MISSING_COMMENT, message, fix)


def _may_be(document: yaml.Document, node: yaml.Node, version: str) -> bool:
    """Whether the comment behind a node says nothing else than ``version``."""
    comment = document.comment(node)
    said, meant = version_in(comment[0]) if comment else None, version_in(version)
    return said is None or (meant is not None and said.agrees(meant))


def _check_image(
    document: yaml.Document, node: yaml.Node, image: str, what: str
) -> Iterator[Finding]:
    if not image or "${{" in image or references.is_pinned_image(image):
        return
    if _excused(document, node, _EXCUSED_IMAGE):
        return
    message = f"{image}, the image of {what}, is not pinned: its tag can be moved"
    fix = f"{image}@sha256:<digest>"
    if references.is_harmless(image):
        command = f"docker buildx imagetools inspect {image} --format '{{{{.Manifest.Digest}}}}'"
        fix += f", with the digest that this prints: {command}"
    yield _at(document, node, UNPINNED_IMAGE, message, fix)


def _check_agreement(file: File, repository: Repository) -> Iterator[Finding]:
    for pin, message in conflicts(repository, file):
        fix = "look up which version the SHA is, and write that in all places"
        yield Finding(file.path, *pin.place, CONFLICTING_COMMENT.name, message, fix)


PRACTICE = Practice(
    id="pinned-actions",
    title=(
        "Every action, reusable workflow and container image that GitHub's CI runs is pinned\n"
        "to content that cannot move."
    ),
    rules=(
        UNPINNED_ACTION,
        MALFORMED_USES,
        UNPINNED_IMAGE,
        TAG_OBJECT_PIN,
        CONFLICTING_COMMENT,
        MISSING_COMMENT,
    ),
    check=check,
    files=workflows.PATHS,
    options=(
        Option(
            "allow",
            "list",
            "leave these unpinned: OWNER/*, OWNER/REPO or OWNER/REPO/PATH; a leading ! takes one "
            "back; the most specific wins (may be repeated)",
            "PATTERN",
            references.wrong_pattern,
        ),
        Option("require-version-comment", "flag", "report pins without a bare version comment"),
    ),
    presets=frozenset({"spec8", "scorecard"}),
    selects={"require-version-comment": (MISSING_COMMENT.name,)},
)


def main(argv: Sequence[str] | None = None) -> int:
    """The hook ``pinned-actions``."""
    return command.run(PRACTICE, argv)
