"""Files as they shall be, and putting them on the disk."""

from __future__ import annotations

from tenterhooks.core import edits
from tenterhooks.everything.adopt.errors import Stopped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.core.files import File, Repository


class Draft:
    """One file with its new text, line ends as they shall be."""

    __slots__ = ("file", "is_new", "text")

    def __init__(self, file: File, text: str, *, is_new: bool) -> None:
        self.file = file
        self.text = text
        self.is_new = is_new

    @property
    def before(self) -> str:
        return "" if self.is_new else self.file.text


def write(repository: Repository, drafts: Sequence[Draft]) -> None:
    """Raises Stopped: one could not be written; the text says which were."""
    done: list[str] = []
    for draft in drafts:
        try:
            if draft.is_new:
                edits.create(repository, draft.file, draft.text.encode("utf-8"))
            else:
                edits.replace(repository, draft.file, edits.encode(draft.file, draft.text))
        except edits.NotWritten as error:
            told = f"{' and '.join(done)} was written before" if done else "nothing was written"
            raise Stopped(f"{draft.file.shown}: {error}; {told}") from None
        done.append(draft.file.shown)
