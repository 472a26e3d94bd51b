"""Which hosts keep the files of which index. Data, and the few words that ask it.

An index hands out links, most of them to its own host. Those that are known to link elsewhere are
named here. Any index may pass on what the public one has: mirrors and private servers do.
"""

from __future__ import annotations

import re

from tenterhooks.core.patterns import lazy
from tenterhooks.formats import public_index

PUBLIC = public_index.SIMPLE
PUBLIC_FILES = public_index.FILES[public_index.PYPI]
# An index host, and where it keeps files beside; nothing more means on its own host alone. A name
# that begins with a dot stands for all hosts under it. What a server redirects a download to is
# not named in locks, and no store where anybody may publish has a place here.
FILES: dict[str, tuple[str, ...]] = {
    **{host: public_index.FILES[name] for host, name in public_index.HOSTS.items()},
    ".pytorch.org": (".pytorch.org", ".nvidia.com"),
    ".nvidia.com": (".nvidia.com",),
    # Azure Artifacts: both addresses of an organisation.
    "pkgs.dev.azure.com": (".pkgs.visualstudio.com",),
    ".pkgs.visualstudio.com": ("pkgs.dev.azure.com",),
    ".codeartifact.amazonaws.com": (),
    ".pkg.dev": (),
    "gitlab.com": (),
    ".jfrog.io": (),
    ".cloudsmith.io": (".cloudsmith.io", ".cloudsmith.com"),
    ".cloudsmith.com": (".cloudsmith.io", ".cloudsmith.com"),
    ".fury.io": (".fury.io",),
    ".anaconda.org": (".anaconda.org", ".anaconda.com"),
    ".anaconda.com": (".anaconda.org", ".anaconda.com"),
    ".piwheels.org": (".piwheels.org",),
}
# Files that no index hands out: of a place where anybody may publish, one folder.
FOLDERS = ("cdn.jsdelivr.net/pyodide/",)

_ADDRESS = re.compile(
    r"(?:[a-z]+\+)?(https?|git|ssh)://(?:[^/?#@\\\s]*@)?"
    r"([a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?(?=[/?#]|$)([^?#\s]*)",
    re.IGNORECASE,
)
_CODE_ARTIFACT = lazy(r"\.d\.codeartifact\.[a-z0-9-]+\.amazonaws\.com$")
_USUAL_PORTS = {"http": "80", "https": "443"}
_LOCAL = lazy(r"localhost|127\.[0-9.]+|\[::1\]")


class Address:
    """scheme: in lower case. host: in lower case, with its port where that is an unusual one.
    path: without slashes at its end."""

    __slots__ = ("host", "path", "scheme")

    def __init__(self, scheme: str, host: str, path: str) -> None:
        self.scheme = scheme
        self.host = host
        self.path = path

    def __str__(self) -> str:
        """Without the credentials."""
        return self.host + self.path

    @property
    def is_plain(self) -> bool:
        """Whether anybody on the way can change what is sent."""
        return self.scheme in ("http", "git") and not _LOCAL.match(self.host)


def address(url: str) -> Address | None:
    """Where a URL leads; None where that is not plain to see."""
    found = _ADDRESS.match(url)
    if found is None:
        return None
    scheme, host, port = found[1].lower(), found[2].lower(), found[3]
    if port and port != _USUAL_PORTS.get(scheme):
        host = f"{host}:{port}"
    return Address(scheme, host, found[4].rstrip("/"))


def index(url: str) -> str:
    """The name of an index: where it is, without scheme, credentials and slashes at its end; one
    name for the public index. Empty where the URL is not plain."""
    found = address(url)
    if found is None:
        return ""
    return PUBLIC if is_public(found) else str(found)


def is_public(found: Address) -> bool:
    return str(found) in public_index.SIMPLE_TOO


def is_known(host: str) -> bool:
    """Whether it is known where the index at this host keeps its files."""
    return any(_fits(host, name) for name in FILES)


def keeps(index_host: str, file_host: str) -> bool:
    """Whether a file of the index at one host may be at the other."""
    if index_host == file_host:
        return True
    if file_host == PUBLIC_FILES[0]:
        return True
    names = [name for key, names in FILES.items() if _fits(index_host, key) for name in names]
    return any(_fits(file_host, name) for name in names)


def is_in_folder(url: str) -> bool:
    """Whether a file is in one of FOLDERS, and not by way of one out of it."""
    found = address(url)
    if found is None or ".." in found.path:
        return False
    return str(found).startswith(FOLDERS) and "%2e" not in found.path.lower()


def _fits(host: str, name: str) -> bool:
    if name == ".codeartifact.amazonaws.com":
        return _CODE_ARTIFACT.search(host) is not None
    return host == name.removeprefix(".") or (name.startswith(".") and host.endswith(name))
