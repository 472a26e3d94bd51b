"""The commit of the version that runs, for ``rev`` in a runner's configuration.

It is found without the network: in the clone that a runner installed this environment from, and in
what the installer noted (PEP 610, ``direct_url.json``).
"""

from __future__ import annotations

import os
import re
import sys

import tenterhooks
from tenterhooks.core import git, parsed
from tenterhooks.everything.adopt.address import is_ours
from tenterhooks.everything.adopt.errors import Stopped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TAG = f"v{tenterhooks.__version__}"
FULL = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REFERENCE = re.compile(
    rf"^([0-9a-f]{{40,64}})\trefs/tags/{re.escape(TAG)}(\^\{{\}})?$", re.MULTILINE
)
_TAGS = (f"refs/tags/{TAG}", f"refs/tags/{TAG}^{{}}")
_UNKNOWN = f"""\
the commit of {TAG} cannot be told from this installation; it is what this prints, in the last line:
    git ls-remote {tenterhooks.HOME} {TAG} '{TAG}^{{}}'
Pass it with --rev, or let --online ask for it."""


class Revision:
    """A commit. is_release: false where it is surely not the one of the version that runs."""

    __slots__ = ("is_release", "sha")

    def __init__(self, sha: str, *, is_release: bool = True) -> None:
        self.sha = sha
        self.is_release = is_release

    @property
    def comment(self) -> str | None:
        """What ``pre-commit autoupdate --freeze`` writes behind a commit, and looks for."""
        return f"frozen: {TAG}" if self.is_release else None


class Revisions:
    """Where to ask. given: what the user says. online: whether the network may be used."""

    def __init__(self, given: str | None, *, online: bool) -> None:
        if given is not None and not FULL.fullmatch(given.lower()):
            raise Stopped("--rev: must be the full hash of a commit, 40 hexadecimal digits")
        self._given = given
        self._online = online

    def needed(self) -> Revision:
        """Raises Stopped: it is not known."""
        found = self.known()
        if found is None and self._online:
            found = _asked()
        if found is None:
            raise Stopped(_UNKNOWN)
        return found

    def known(self) -> Revision | None:
        """What can be told without the network."""
        return Revision(self._given.lower()) if self._given else installed()


def installed() -> Revision | None:
    """The commit that this environment was installed from, as far as it tells."""
    url = _direct_url()
    version = url.get("vcs_info")
    if isinstance(version, dict):
        return _by_installer(url, version)
    folder = _folder(url)
    is_editable = parsed.table(url, "dir_info").get("editable") is True
    if folder and not is_editable and _is_clone(folder):
        return _head(folder)
    above = _clone_above(sys.prefix)
    if above:
        return _head(above)
    return (_head(folder, only_release=True) if folder else None) or _stamped()


def _stamped() -> Revision | None:
    """What the release from an index was built from: release.py leaves it beside this."""
    try:
        with open(os.path.join(os.path.dirname(__file__), "COMMIT"), "rb") as file:
            sha = file.read(100).decode("ascii", "replace").strip()
    except OSError:
        return None
    return Revision(sha) if FULL.fullmatch(sha) else None


def _by_installer(url: dict[str, Any], version: dict[str, Any]) -> Revision | None:
    commit, asked = version.get("commit_id"), version.get("requested_revision")
    if not isinstance(commit, str) or not FULL.fullmatch(commit) or not is_ours(url.get("url")):
        return None
    is_release = not isinstance(asked, str) or asked in (TAG, commit) or commit.startswith(asked)
    return Revision(commit, is_release=is_release)


def _direct_url() -> dict[str, Any]:
    """What the installer noted of where this package comes from."""
    import json
    from importlib import metadata

    try:
        text = metadata.distribution("tenterhooks").read_text("direct_url.json")
        return parsed.table(json.loads(text or "{}"))
    except (metadata.PackageNotFoundError, OSError, ValueError):
        return {}


def _folder(url: dict[str, Any]) -> str | None:
    """The folder that an address on this machine names."""
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    address = url.get("url")
    if not isinstance(address, str) or not address.startswith("file://"):
        return None
    folder = url2pathname(urlsplit(address).path)
    return folder if os.path.isdir(folder) else None


def _is_clone(folder: str) -> bool:
    """Whether a folder is the clone of a runner, and not where someone works: prek leaves a note
    in it, pre-commit puts the environment into it."""
    is_preks = os.path.exists(os.path.join(folder, ".prek-repo.json"))
    return is_preks or _clone_above(sys.prefix) == os.path.realpath(folder)


def _clone_above(prefix: str) -> str | None:
    """pre-commit's clone around the environment ``<clone>/py_env-python3.x``."""
    folder, name = os.path.split(os.path.realpath(prefix))
    is_there = os.path.lexists(os.path.join(folder, ".git")) and os.path.isfile(
        os.path.join(folder, ".pre-commit-hooks.yaml")
    )
    return folder if name.startswith("py_env-") and is_there else None


def _head(folder: str, *, only_release: bool = False) -> Revision | None:
    """The commit that is checked out in a clone of this project; None in that of a fork, and,
    if asked for, where it is not tagged with the version that runs."""
    if os.path.realpath(folder) != git.find_top(folder):
        return None
    head, tagged = _commit(folder, "HEAD"), _commit(folder, f"refs/tags/{TAG}")
    if head is None or (only_release and head != tagged):
        return None
    if head != tagged and not is_ours(git.remote_url(folder)):
        return None
    return Revision(head, is_release=tagged in (head, None))


def _commit(folder: str, name: str) -> str | None:
    try:
        said = git.run(folder, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    except git.GitError:
        return None
    sha = said.decode("ascii", "replace").strip()
    return sha if FULL.fullmatch(sha) else None


def _asked() -> Revision:
    """The commit of the tag at home, over the network. Raises Stopped."""
    os.environ["GIT_TERMINAL_PROMPT"] = "0"
    try:
        said = git.ask(tenterhooks.HOME, *_TAGS).decode("utf-8", "replace")
    except git.GitError as error:
        raise Stopped(f"{tenterhooks.HOME} cannot be asked: {error}") from None
    # Of an annotated tag the second line holds the commit.
    found = sorted((peeled or "", sha) for sha, peeled in _REFERENCE.findall(said))
    if not found:
        raise Stopped(f"{tenterhooks.HOME} has no tag {TAG}")
    return Revision(found[-1][1])
