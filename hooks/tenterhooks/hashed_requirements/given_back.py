"""Which of the edits that give lost hashes back are certain: tried on paper, all together."""

from __future__ import annotations

import re

from tenterhooks.core.edits import NotWritten, apply, encode
from tenterhooks.core.files import File
from tenterhooks.formats import requirements
from tenterhooks.formats.digests import weakness
from tenterhooks.hashed_requirements.dropped import dropped
from tenterhooks.hashed_requirements.reading import Requirement, refusal, without_hashes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.formats.requirements import Requirements
    from tenterhooks.hashed_requirements.dropped import Dropped

# What ends a line for pip, and for no editor.
_ODD_END = re.compile("[\v\f\x1c-\x1e\x85\u2028\u2029]")
_ALGORITHMS = ("sha256:", "sha384:", "sha512:")
_TRIES = 3


def settle(document: Requirements, groups: Sequence[Dropped]) -> set[int]:
    """Take back the edits of the groups that would not have all of their hashes then, or that pip
    would refuse. Out come the starts of the lines that get theirs."""
    odd = not document.is_utf8 or (bool(groups) and _ODD_END.search(document.text))
    for group in groups:
        if group.edits and (odd or not _is_sound(group)):
            group.edits = []
    for _ in range(_TRIES):
        offered = [group for group in groups if group.edits]
        wrong = _wrong(document, groups, offered) if offered else []
        if not wrong:
            return {group.owner.start for group in offered if group.owner}
        for group in wrong:
            group.edits = []
    for group in groups:
        group.edits = []
    return set()


def _is_sound(group: Dropped) -> bool:
    """Whether pip takes the requirement and its hashes, once they are together."""
    read = Requirement(group.requirement)
    return read.is_hashable and all(map(_is_taken, group.values)) and refusal(read) is None


def _is_taken(value: str) -> bool:
    """Whether pip takes a hash, and it is as long as it has to be."""
    return value.startswith(_ALGORITHMS) and weakness(value) is None


def _wrong(
    document: Requirements, groups: Sequence[Dropped], offered: Sequence[Dropped]
) -> Sequence[Dropped]:
    """Those of the groups that still lack a hash after the edits of all, or whose line pip would
    refuse; where that cannot be told, all of them."""
    try:
        text = apply(document.text, [edit for group in offered for edit in group.edits])
    except NotWritten:
        return offered
    file = document.file
    data = encode(file, text)
    read = requirements.load(File(file.path, file.absolute, file.shown, data))
    after = dropped(read)
    lacking = {group.requirement for group in after}
    lacking.update(without_hashes(line.arguments) for line in read.lines if line.error)
    wrong = [group for group in offered if group.requirement in lacking]
    left = sum(len(group.values) for group in groups if not group.edits)
    as_expected = sum(len(group.values) for group in after) == left
    return wrong if wrong or as_expected else offered
