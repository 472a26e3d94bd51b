"""The configuration with today's acceptances: minimal edits of the text, proved by parsing."""

from __future__ import annotations

import copy
import os

from tenterhooks.core import parsed, toml, toml_text
from tenterhooks.core.config import FILES
from tenterhooks.core.files import File, Unreadable
from tenterhooks.everything.adopt import tables, toml_lines
from tenterhooks.everything.adopt.drafts import Draft
from tenterhooks.everything.adopt.errors import Stopped
from tenterhooks.everything.adopt.tables import TOP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from tenterhooks.core.files import Repository
    from tenterhooks.everything.adopt.accepting import Plan, Table

PYPROJECT, OURS = FILES
MANY = 100  # lines


class Configuration:
    """The file that configures tenterhooks at the top of a repository, or would. Never a new
    pyproject.toml: pip would build the project in another way.

    tables: the acceptances that it holds. Raises Stopped: it cannot be read.
    """

    def __init__(self, repository: Repository) -> None:
        own, project = repository.file(OURS), repository.file(PYPROJECT)
        is_projects = os.path.lexists(project.absolute) and not os.path.lexists(own.absolute)
        self.file = project if is_projects else own
        self.exists = os.path.lexists(self.file.absolute)
        self.data: dict[str, Any] = self._read() if self.exists else {}
        self.tables: list[Table] = parsed.array(self._own(), "accept")

    def _read(self) -> dict[str, Any]:
        try:
            return toml.load(self.file)
        except Unreadable as error:
            raise Stopped(error.told(self.file.shown)) from None

    def _own(self) -> dict[str, Any]:
        return parsed.table(self.data, *TOP)

    def draft(self, plan: Plan, presets: Sequence[str]) -> Draft | None:
        """The file with the acceptances of a plan, and these presets if any; None where it says
        all that. Raises Stopped: its form does not let it be edited."""
        wanted = self._wanted(plan, presets)
        if _sane(wanted) == _sane(self.data):
            return None
        text = self.file.text if self.exists else ""
        end = toml_lines.newline(text)
        if self.tables != plan.tables:
            text = tables.edited(text, self.tables, plan.tables)
        if presets and self._own().get("preset") != list(presets):
            text = tables.with_preset(text, presets)
        text = tables.with_new(text, plan.new, end)
        said = self._says(text)
        if said is None or _sane(said) != _sane(wanted):
            raise Stopped(self._by_hand(plan, presets))
        return Draft(self.file, text, is_new=not self.exists)

    def notes(self, draft: Draft) -> Iterator[str]:
        """What is to be known of the file that is written, a line each."""
        lines = draft.text.count("\n") - draft.before.count("\n")
        if self.file.path == PYPROJECT and lines > MANY and not self._own():
            yield (
                f"{self.file.shown} grows by {lines} lines; to have them apart, make an empty "
                f"{OURS} beside it first, and run the command again"
            )

    def _wanted(self, plan: Plan, presets: Sequence[str]) -> dict[str, Any]:
        wanted = copy.deepcopy(self.data)
        accepted = plan.all()
        if not accepted and not self.tables and not presets:
            return wanted
        table = wanted
        for key in TOP:
            table = table.setdefault(key, {})
        table.pop("accept", None)
        if accepted:
            table["accept"] = accepted
        if presets:
            table["preset"] = list(presets)
        return wanted

    def _says(self, text: str) -> dict[str, Any] | None:
        file = self.file
        try:
            return toml.load(File(file.path, file.absolute, file.shown, text.encode("utf-8")))
        except Unreadable:
            return None

    def _by_hand(self, plan: Plan, presets: Sequence[str]) -> str:
        line, column = toml.locate(self.file, TOP) if self.exists else (1, 1)
        preset = [f"preset = {toml_text.value(list(presets))}"] if presets else []
        lines = ["[tool.tenterhooks]", *preset, *tables.lines(plan.all())]
        return (
            f"{self.file.shown}:{line}:{column}: what it says of tenterhooks is written in a form "
            "that cannot be added to: inline tables or dotted keys. Write it as tables of its own, "
            "and run the command again. All it should say of what is accepted is:\n"
            + "\n".join(lines)
        )


def _sane(data: dict[str, Any]) -> dict[str, Any]:
    """The same without a table of ours that says nothing, and one that holds nothing else."""
    tool = data.get("tool")
    if isinstance(tool, dict) and tool.get(TOP[1]) == {}:
        tool = {key: value for key, value in tool.items() if key != TOP[1]}
    return {key: value for key, value in {**data, "tool": tool}.items() if key != "tool" or value}
