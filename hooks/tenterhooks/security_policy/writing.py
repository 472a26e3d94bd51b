"""A short policy for a repository that has none, from what it says of itself."""

from __future__ import annotations

import re

from tenterhooks.core import git, parsed, toml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tenterhooks.core.files import Repository

_URL = re.compile(
    r"(?:(https?|ssh|git|git\+ssh)://)?(?:[^@/\s]{1,200}@)?([A-Za-z0-9.-]{1,200})(:\d{1,5}(?=/))?"
    r"[/:]([\w.~-]{1,100}(?:/[\w.~-]{1,100}){1,20})/?",
    re.ASCII,
)
_MAIL = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24}", re.ASCII)
_NOT_READ = re.compile(r"no-?reply|example\.|\.invalid$|localhost", re.IGNORECASE)
_OWN_URLS = (
    "source",
    "sourcecode",
    "sources",
    "repository",
    "code",
    "github",
    "gitlab",
    "homepage",
)

_GITHUB = """\
Report it here, where only you and the maintainers can read it:
<{url}>

<!-- For maintainers: the form is there once "Private vulnerability reporting" is on, in the
settings of the repository, under "Advanced Security". -->
"""
_GITLAB = """\
Report it here, as a confidential issue that only you and the maintainers can read:
<{url}>
"""
_BY_MAIL = """\
Write to <{mail}>.
"""
_POLICY = """\
# Security policy

Thank you for looking out for everyone who uses this project.

## Found a hole?

{channel}
What helps us most: which version you looked at, how to make it happen, and what an attacker
gains. Not sure whether it counts? Report it all the same. Please do not open a public issue
about it before there is a fix.

## What happens next

1. We confirm that your report arrived, and tell you what we make of it.
2. We fix it, together with you if you like.
3. We release the fix, publish an advisory, and credit you, unless you prefer otherwise.

A hole is a bug that wants a release, and no reason for shame or stress, yours or ours: fix,
release, publish.

## Supported versions

Only the latest release gets fixes.
"""


def policy(repository: Repository) -> str | None:
    """The text of a policy; None where the repository names no private channel for certain."""
    project = toml.or_empty(repository.file("pyproject.toml"))
    channel = None
    for url in [*_declared_urls(project), git.remote_url(repository.top) or ""]:
        channel = channel or _channel_of(url)
    if channel is None:
        mail = next(_mails(project), None)
        channel = _BY_MAIL.format(mail=mail) if mail else None
    return _POLICY.format(channel=channel) if channel else None


def _channel_of(url: str) -> str | None:
    """The private channel that the host of a repository has; credentials in ``url`` are dropped."""
    match = _URL.fullmatch(url.strip())
    if not match:
        return None
    scheme, host, port, path = match.groups()
    path = path.removesuffix(".git")
    host = host.lower().removeprefix("www.")
    if host in ("github.com", "ssh.github.com"):
        owner, repository = path.split("/")[:2]
        return _GITHUB.format(
            url=f"https://github.com/{owner}/{repository.removesuffix('.git')}"
            "/security/advisories/new"
        )
    if host == "gitlab.com" or host.startswith("gitlab."):
        port = port if scheme == "https" and port else ""
        place = f"https://{host}{port}/{path.partition('/-/')[0]}/-/issues/new"
        return _GITLAB.format(url=f"{place}?issue%5Bconfidential%5D=true")
    return None


def _tables(project: dict[str, Any]) -> list[dict[str, Any]]:
    return [parsed.table(project, "project"), parsed.table(project, "tool", "poetry")]


def _declared_urls(project: dict[str, Any]) -> Iterator[str]:
    """Where the project says that its repository is: a contributor's remote may be a fork."""
    for table in _tables(project):
        named = {**table, **parsed.table(table, "urls")}
        plain = {re.sub(r"[\W_]", "", name).lower(): url for name, url in named.items()}
        for name in _OWN_URLS:
            if isinstance(plain.get(name), str):
                yield plain[name]


def _mails(project: dict[str, Any]) -> Iterator[str]:
    for table in _tables(project):
        for key in ("maintainers", "authors"):
            for person in parsed.array(table, key):
                written = person.get("email") if isinstance(person, dict) else person
                match = _MAIL.search(parsed.text(written))
                if match and not _NOT_READ.search(match.group()):
                    yield match.group()
