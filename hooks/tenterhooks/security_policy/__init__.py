"""A security policy exists where GitHub and GitLab look for it, git tracks it, and it is of use to
someone who has found a hole.

Source of the places: GitHub's documentation, "Adding a security policy to your repository" and
"Creating a default community health file" (``.github/`` before the root before ``docs/``).
"""

from __future__ import annotations

import os
import re

from tenterhooks.core import command, git
from tenterhooks.core.files import Unreadable
from tenterhooks.core.finding import Edit, Finding, Rule, of_unreadable
from tenterhooks.core.practice import Option, Practice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import SimpleNamespace

    from tenterhooks.core.files import File, Repository

MISSING = Rule(
    "missing-security-policy",
    "No security policy stands where GitHub and GitLab look for one.",
    fixable=True,
)
UNTRACKED = Rule("untracked-security-policy", "The security policy is not tracked by git.")
NO_CHANNEL = Rule("no-private-channel", "The policy names no way to report in private.")
PUBLIC = Rule("public-report", "The policy sends reporters to the public tracker.")
TEMPLATE = Rule("unedited-template", "The policy still holds the text of a template.")
OUTDATED = Rule(
    "outdated-supported-versions",
    "The table of supported versions leaves out the version of the project.",
)
EXPIRED = Rule("expired-security-txt", "A security.txt has expired, or does not say when it does.")

_FOLDERS = (".github/", "", "docs/")
_ENDINGS = (".md", ".rst", ".txt", "")
_POLICY = re.compile(
    rf"({'|'.join(map(re.escape, _FOLDERS))})security({'|'.join(map(re.escape, _ENDINGS))})",
    re.IGNORECASE,
)
_SECURITY_TXT = "security.txt"
_NEW = "SECURITY.md"


def check(_: None, repository: Repository, options: SimpleNamespace) -> Iterator[Finding]:
    """Findings of the repository as a whole."""
    tracked = repository.tracked()
    found = _candidates(repository, [path for path in tracked if tracked[path] != git.MODULE])
    pages = []
    for policy in found:
        try:
            if _is_page(repository, policy):
                pages.append(policy.path)
                continue
            yield from _check_policy(repository, policy)
        except Unreadable as error:
            yield of_unreadable(policy.path, error)
        break
    else:
        if not options.policy_url:
            yield _absent(repository, tracked, pages)
    yield from _check_security_txt(repository, tracked)


def _candidates(repository: Repository, paths: Sequence[str]) -> list[File]:
    """Those of ``paths`` that could be the policy, the one that GitHub would show first."""
    ranked = []
    for path in paths:
        # A test of the length first: a repository can track a hundred thousand files.
        match = _POLICY.fullmatch(path) if len(path) <= 20 else None
        if match:
            folder, ending = match.group(1).lower(), match.group(2).lower()
            ranked.append((_FOLDERS.index(folder), _ENDINGS.index(ending), path))
    files = [repository.file(path) for *_, path in sorted(ranked)]
    return [file for file in files if not repository.excludes(file)]


def _is_page(repository: Repository, policy: File) -> bool:
    """Whether a file in ``docs/`` describes the security of the product and is no policy."""
    if not policy.path.lower().startswith("docs/"):
        return False
    from tenterhooks.security_policy import prose

    return not prose.speaks_of_reporting(_text(repository, policy))


def _text(repository: Repository, file: File) -> str:
    """The text of ``file``, and not that of a file outside the repository behind a symlink.

    Raises Unreadable.
    """
    if os.path.islink(file.absolute) and repository.leads_out(file):
        raise Unreadable("is a symlink that leads out of the repository")
    return file.text


def _check_policy(repository: Repository, policy: File) -> Iterator[Finding]:
    if not os.path.lexists(policy.absolute):
        return  # deleted but not yet so in the index: the next commit still has it
    text = _text(repository, policy)
    from tenterhooks.security_policy import prose, security_txt
    from tenterhooks.security_policy.document import Document

    if policy.path.lower().endswith(".txt") and security_txt.contact(text) is not None:
        return  # it is judged as what it is
    document = Document(text)
    templates = list(prose.templates(document))
    for start, words in templates:
        fix = "say it in your own words, or take the section out"
        yield _at(policy, start, TEMPLATE, f"{words!r} is the text of a template", fix)
    if not prose.has_private_channel(document) and not prose.asks_for_channel(templates):
        message = "names no way to report a vulnerability in private"
        fix = (
            "name an e-mail address, or https://github.com/OWNER/REPO/security/advisories/new "
            "once private vulnerability reporting is on in the settings of the repository"
        )
        yield Finding(policy.path, 1, 1, NO_CHANNEL.name, message, fix)
    for start, sentence in prose.public_reports(document):
        message = f"sends reports of vulnerabilities to the public tracker: {_short(sentence)!r}"
        fix = "ask for a private report: a public one tells attackers before there is a fix"
        yield _at(policy, start, PUBLIC, message, fix)
    if "|" in text or "===" in text or "list-table" in text or "\u2502" in text:
        from tenterhooks.security_policy import versions

        for start, message in versions.outdated(repository, document):
            fix = "bring the table up to date, or write: only the latest release gets fixes"
            yield _at(policy, start, OUTDATED, message, fix)


def _at(file: File, start: int, rule: Rule, message: str, fix: str) -> Finding:
    line, column = file.position(start)
    return Finding(file.path, line, column, rule.name, message, fix)


def _short(sentence: str) -> str:
    words = " ".join(sentence.split())
    return words if len(words) <= 80 else words[:77] + "..."


def _absent(repository: Repository, tracked: dict[str, str], pages: Sequence[str]) -> Finding:
    for file in _candidates(repository, _on_disk(repository)):
        if file.path not in tracked and _may_be_policy(repository, file):
            return _untracked(repository, file)
    from tenterhooks.security_policy import writing

    message = "there is no security policy at the top, in .github/ or in docs/"
    if pages:
        message += f"; {pages[0]} describes the security of the product, not how to report a hole"
    text = writing.policy(repository)
    if text is None or os.path.lexists(repository.file(_NEW).absolute):
        fix = (
            f"write a {_NEW} that says how to report a vulnerability in private, by e-mail or by "
            "https://github.com/OWNER/REPO/security/advisories/new; where a policy of the whole "
            "organisation holds, name it with --policy-url"
        )
        return Finding(_NEW, 1, 1, MISSING.name, message, fix)
    fix = (
        "--fix writes a short one; where a policy of the whole organisation holds, name it with "
        "--policy-url"
    )
    return Finding(_NEW, 1, 1, MISSING.name, message, fix, [Edit(0, 0, text)])


def _on_disk(repository: Repository) -> list[str]:
    paths = []
    for folder in {os.path.dirname(name) for name in _FOLDERS}:
        try:
            names = os.listdir(os.path.join(repository.top, folder))
        except OSError:
            continue
        paths += [f"{folder}/{name}" if folder else name for name in names]
    return [path for path in paths if os.path.isfile(repository.file(path).absolute)]


def _may_be_policy(repository: Repository, file: File) -> bool:
    try:
        return not _is_page(repository, file)
    except Unreadable:
        return False


def _untracked(repository: Repository, file: File) -> Finding:
    if git.ignored(repository.top, file.path):
        message = "is ignored by git, so that nobody else sees it"
        fix = f"take it out of .gitignore, then: git add {file.path}"
    else:
        message = "is not tracked by git, so that nobody else sees it"
        fix = f"git add {file.path}"
    return Finding(file.path, 1, 1, UNTRACKED.name, message, fix)


def _check_security_txt(repository: Repository, tracked: dict[str, str]) -> Iterator[Finding]:
    ending = len(_SECURITY_TXT)
    for path in tracked:
        if path[-ending:].lower() == _SECURITY_TXT and path[-ending - 1 : -ending] in ("", "/"):
            file = repository.file(path)
            if repository.excludes(file) or not os.path.isfile(file.absolute):
                continue
            from tenterhooks.security_policy import security_txt

            if security_txt.is_served(path):
                try:
                    text = _text(repository, file)
                except Unreadable:
                    continue  # one that is the policy has been reported; another is no text
                for start, message in security_txt.expiry(text, repository.top):
                    fix = "Expires: YYYY-MM-DDTHH:MM:SSZ, once, less than a year ahead"
                    yield _at(file, start, EXPIRED, message, fix)


def _wrong_url(url: str) -> str | None:
    """What is wrong with ``--policy-url``, or None."""
    if re.fullmatch(r"https://[\w.-]+\.[\w-]+(?::\d+)?(?:/[^\s]*)?", url, re.ASCII):
        return None
    if url.lower().startswith("http://"):
        return f"{url!r} can be tampered with on the way: it must begin with https://"
    return f"{url!r} is not a URL of the form https://host/path"


PRACTICE = Practice(
    id="security-policy",
    title=(
        "A security policy exists where GitHub and GitLab look for it, is tracked by git, and is\n"
        "of use to someone who found a hole."
    ),
    rules=(MISSING, UNTRACKED, NO_CHANNEL, PUBLIC, TEMPLATE, OUTDATED, EXPIRED),
    check=check,
    presets=frozenset({"scorecard"}),
    options=(
        Option(
            "policy-url",
            "text",
            "where the policy of the whole organisation is; then this repository needs none",
            "URL",
            _wrong_url,
        ),
    ),
)


def main(argv: Sequence[str] | None = None) -> int:
    """The hook ``security-policy``."""
    return command.run(PRACTICE, argv)
