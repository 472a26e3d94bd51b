"""The settings that uv reads for a project, and the indexes among them."""

from __future__ import annotations

import os

from tenterhooks.core import parsed
from tenterhooks.lock_in_sync import hosts
from tenterhooks.lock_in_sync.uv import urls
from tenterhooks.lock_in_sync.uv.target import Broken, project_in, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tenterhooks.lock_in_sync.uv.entries import Origin
    from tenterhooks.lock_in_sync.uv.target import Target

    Table = dict[str, Any]

DEFAULT_INDEX = f"https://{hosts.PUBLIC}"


class Settings:
    """values: of ``uv.toml``, or of ``[tool.uv]``, which a ``uv.toml`` beside it hides; of the
    nearest folder upward that has one of them."""

    def __init__(self, target: Target) -> None:
        self.values: Table = target.root.uv
        self._file = target.root.file
        self._keys: tuple[str, ...] = ("tool", "uv")
        if not target.is_script:
            self._find(target)

    def _find(self, target: Target) -> None:
        folder = target.folder
        while not self._found(target, folder) and folder:
            folder = folder.rpartition("/")[0]

    def _found(self, target: Target, folder: str) -> bool:
        repository = target.repository
        file = repository.file(f"{folder}/uv.toml" if folder else "uv.toml")
        if os.path.isfile(file.absolute):
            self._file, self._keys, self.values = file, (), read(file)
            return True
        try:
            project = project_in(repository, folder)
        except Broken:
            return False
        if project is None or "uv" not in parsed.table(project.document, "tool"):
            return False
        self._file, self._keys, self.values = project.file, ("tool", "uv"), project.uv
        return True

    def origin(self, *keys: str | int) -> Origin:
        from tenterhooks.lock_in_sync.uv.entries import Origin

        return Origin(self._file, (*self._keys, *keys))

    def text(self, name: str) -> str:
        return parsed.text(self.values, name)

    def ignores_sources(self, name: str) -> bool:
        """Whether ``[tool.uv.sources]`` does not count for a package."""
        return self.values.get("no-sources") is True or name in parsed.array(
            self.values, "no-sources-package"
        )

    def indexes(self) -> set[str] | None:
        """The registries that may be used; None where none is configured, and then all may."""
        tables = [item for item in parsed.array(self.values, "index") if isinstance(item, dict)]
        extra = parsed.texts(self.values, "extra-index-url")
        default = self.text("index-url")
        links = parsed.array(self.values, "find-links")
        if self.values.get("no-index") is True:
            return {urls.index(str(link)) for link in links}
        if not (tables or extra or default or links):
            return None
        found = {urls.index(str(item.get("url", ""))) for item in tables}
        found |= {urls.index(url) for url in (*extra, default, *map(str, links)) if url}
        if not default and not any(item.get("default") is True for item in tables):
            found.add(DEFAULT_INDEX)
        return found
