"""What one requirement names: a pinned release, a range, a URL, a repository, a folder."""

from __future__ import annotations

import re

from tenterhooks.formats.names import normal

_NAMED = re.compile(r"([A-Za-z0-9][\w.-]*)[ \t]*(?:\[[^\]]*\])?[ \t]*(.*)", re.DOTALL)
_PIN = re.compile(r"===?[ \t]*([^\s,;*()]+)[ \t]*(?:[,;)]|$)")
_FULL_COMMIT = re.compile(r"@[0-9a-f]{40}(?:[0-9a-f]{24})?(?:[#&?]|$)")
_VCS = re.compile(r"(?:git|hg|svn|bzr)\+", re.IGNORECASE)
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|file:", re.IGNORECASE)
_ARCHIVE = (".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar")
_FRAGMENT = re.compile(r"[#&](md5|sha1|sha224|sha256|sha384|sha512)=([0-9A-Za-z]*)")

_VARIABLE = (
    r"(?:python_version|python_full_version|os_name|sys_platform|platform_machine|platform_system"
    r"|platform_release|platform_version|platform_python_implementation|implementation_name"
    r"|implementation_version|extra)"
)
_CLAUSE = rf"{_VARIABLE}[ ]*(?:[=!]=|[<>]=?|~=|in |not in )[ ]*(?:'[\w.+ -]*'|\"[\w.+ -]*\")"
_ITEM = r"(?:[=~!<>]=|[<>]|===)[ ]*[0-9A-Za-z][\w.+!*-]*"
_SOUND = (
    r"[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?[ ]*(?:\[[\w., -]*\])?[ ]*"
    rf"(?:{_ITEM}[ ]*(?:,[ ]*{_ITEM}[ ]*)*)?(?:;[ ]*{_CLAUSE}(?:[ ]+(?:and|or)[ ]+{_CLAUSE})*[ ]*)?"
)

PINNED, RANGE, ARCHIVE, VCS, FOLDER, UNKNOWN = "pinned", "range", "archive", "vcs", "folder", "?"


class Requirement:
    """kind: one of the constants above. name: normalised as PEP 503 says, or None. version: of a
    pin. location: of a URL or path. marker: what stands behind the semicolon."""

    __slots__ = ("kind", "location", "marker", "name", "text", "version")

    def __init__(self, text: str, *, editable: bool = False) -> None:
        self.text = text
        self.name: str | None = None
        self.version: str | None = None
        self.location: str | None = None
        self.marker = ""
        self.kind = self._read(text, editable)

    def _read(self, text: str, editable: bool) -> str:
        match = None if _URL.match(text) or _VCS.match(text) else _NAMED.fullmatch(text)
        rest = match.group(2) if match else ""
        if match and rest.startswith("@"):
            self.name = normal(match.group(1))
            text = rest[1:].strip()
        elif match and not _is_path(text):
            self.name = normal(match.group(1))
            specifier, _, self.marker = rest.partition(";")
            pin = _PIN.search(specifier)
            if pin and not _has_wildcard(specifier):
                self.version = pin.group(1)
                return PINNED
            return RANGE if not specifier.strip() or specifier.strip()[0] in "=<>!~(" else UNKNOWN
        self.location, self.marker = _apart(text)
        if _VCS.match(self.location):
            return VCS
        bare = self.location.partition("#")[0].partition("?")[0].lower()
        if editable or not (bare.endswith(_ARCHIVE) or self.location.startswith("http")):
            return FOLDER
        return ARCHIVE

    @property
    def is_hashable(self) -> bool:
        """Whether pip takes it beside requirements that have hashes."""
        return self.kind not in (VCS, FOLDER)

    @property
    def is_remote(self) -> bool:
        """Whether it is an archive that somebody else keeps."""
        location = (self.location or "").lower()
        return self.kind == ARCHIVE and "://" in location and not location.startswith("file:")

    @property
    def is_commit(self) -> bool:
        """Whether a repository is named with a full commit."""
        return _FULL_COMMIT.search(self.location or "") is not None

    @property
    def fragment(self) -> tuple[str, str] | None:
        """Algorithm and digest in the fragment of a URL."""
        match = _FRAGMENT.search(self.location or "")
        return (match.group(1), match.group(2)) if match else None


def refusal(read: Requirement) -> str | None:
    """Why pip would refuse a requirement that is no address and no path, or None. packaging, which
    takes 50 ms to import, is asked only about what is not of the common form."""
    text = read.text
    if re.fullmatch(_SOUND, text, re.ASCII) or _URL.match(text):
        return None
    if _is_path(text):
        return None
    from packaging import requirements

    try:
        requirements.Requirement(text)
    except requirements.InvalidRequirement as error:
        return str(error).partition("\n")[0][:120].lower()
    except RecursionError:
        return "its marker nests too deep"
    return None


def without_hashes(text: str) -> str:
    """A requirement without what a tab or a blank behind a backslash has made a part of it."""
    return text.partition("--hash")[0].rstrip(" \t\\")


def _has_wildcard(specifier: str) -> bool:
    return re.search(r"(?<!=)==[^,=]*\*", specifier) is not None


def _is_path(text: str) -> bool:
    bare = text.partition(";")[0].strip()
    return bare.startswith((".", "/", "~")) or "/" in bare or bare.lower().endswith(_ARCHIVE)


def _apart(text: str) -> tuple[str, str]:
    """A URL and the marker behind it, which a blank and a semicolon part."""
    location, _, marker = text.partition(" ;")
    if not marker:
        location, _, marker = text.partition("; ")
    return location.strip(), marker.strip()
