"""Whether something runs for tags alone, or for all but tags, where a condition says it plainly.

Source: GitHub documentation, "Contexts reference" (``github.ref``, ``github.ref_type``) and "Events
that trigger workflows": the ref of a release is its tag.
"""

from __future__ import annotations

import re

from tenterhooks.core.patterns import lazy
from tenterhooks.formats import expression
from tenterhooks.trusted_publishing.github import GitHubJob, GitHubStep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.formats import yaml
    from tenterhooks.trusted_publishing.uploads import Upload

_FOR_TAGS = lazy(
    r"github\.ref_type == 'tag'|startswith\(github\.ref, 'refs/tags(?:/[^']*)?'\)"
    r"|github\.event_name == 'release'"
)
_FOR_OTHERS = lazy(
    r"github\.ref_type != 'tag'|github\.ref_type == 'branch'"
    r"|!startswith\(github\.ref, 'refs/tags/?'\)"
    r"|github\.event_name == 'pull_request(?:_target)?'"
)
_MAX_LENGTH = 2000


def for_tags_alone(job: GitHubJob, uploads: Sequence[Upload]) -> bool:
    """Whether all of a job's uploads are of tags."""
    if job.events and all(_is_of_tags(*event) for event in job.events.items()):
        return True
    if _has(job.condition, _FOR_TAGS):
        return True
    steps = [upload.step for upload in uploads]
    return all(isinstance(it, GitHubStep) and _has(it.condition, _FOR_TAGS) for it in steps)


def spares_tags(condition: str) -> bool:
    """Whether a condition is false in a run for a tag."""
    return _has(condition, _FOR_OTHERS)


def _is_of_tags(event: str, said: yaml.Node | None) -> bool:
    if event == "release":
        return True
    keys = [key.value for key, _ in said.named()] if said is not None else []
    return event == "push" and "tags" in keys and not {"branches", "branches-ignore"} & set(keys)


def _has(condition: str, pattern: re.Pattern[str]) -> bool:
    """Whether one of the parts that must all hold is of this pattern; what has ``||`` in it may
    hold without any one part."""
    text = expression.whole(condition) or condition
    if "||" in text or len(text) > _MAX_LENGTH:
        return False
    parts = (_evenly(part) for part in text.lower().split("&&"))
    return any(pattern.fullmatch(part) for part in parts)


def _evenly(part: str) -> str:
    """A comparison or a call with one space where GitHub takes any number."""
    part = re.sub(r" ?([!=]=) ?", r" \1 ", " ".join(part.split()))
    return re.sub(r" ?, ?", ", ", re.sub(r" ?([()!])(?!=) ?", r"\1", part))
