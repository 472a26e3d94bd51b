"""The practice ``security-policy``: which file counts, what it must say, and what is written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import Hook, MakeRepository, git, write
from hypothesis import given
from hypothesis import strategies as st
from pages import PAGES_FOLDER

from tenterhooks.core.files import Repository
from tenterhooks.security_policy import PRACTICE, prose, security_txt, versions, writing
from tenterhooks.security_policy.document import Document

CHANNEL = "\n\nReport a vulnerability by e-mail to security@tent.dev.\n"
GOOD = "# Security policy" + CHANNEL
URL = "https://tent.dev/security"


def test_a_good_policy_is_silent(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({"SECURITY.md": GOOD})
    assert hook("security-policy") == (0, "", "")


@pytest.mark.parametrize("folder", ["", ".github/", "docs/"])
@pytest.mark.parametrize("name", ["SECURITY.md", "security.rst", "Security.TXT", "SECURITY"])
def test_every_place_and_name_counts(
    folder: str, name: str, make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({folder + name: GOOD})
    assert hook("security-policy").code == 0


@pytest.mark.parametrize(
    "name",
    ["SECURITY.markdown", "doc/SECURITY.md", "a/SECURITY.md", "SECURITY.md.txt", "SECURITYS"],
)
def test_no_other_place_or_name_counts(
    name: str, make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({name: GOOD})
    assert hook("security-policy").rules == ["missing-security-policy"]


def test_the_one_that_github_shows_is_judged(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({"SECURITY.md": "", ".github/SECURITY.md": GOOD, "docs/SECURITY.md": ""})
    assert hook("security-policy").code == 0


def test_an_empty_policy_has_no_channel(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({"SECURITY.md": ""})
    assert hook("security-policy").rules == ["no-private-channel"]


def test_a_policy_that_is_about_to_go_is_still_there(
    make_repository: MakeRepository, hook: Hook
) -> None:
    top = make_repository({"SECURITY.md": ""})
    (top / "SECURITY.md").unlink()
    assert hook("security-policy").code == 0
    git(top, "add", "--all")
    assert hook("security-policy").rules == ["missing-security-policy"]


def test_what_is_no_text_is_neither_policy_nor_security_txt(
    make_repository: MakeRepository, hook: Hook
) -> None:
    top = make_repository({"site/security.txt": b"Contact: mailto:a@b.org \xff\n"})
    write(top, {"docs/SECURITY.md": b"\xff\xfe\0"})
    assert hook("security-policy").rules == ["missing-security-policy"]


def test_untracked_policy(make_repository: MakeRepository, hook: Hook) -> None:
    top = make_repository({"README": ""})
    write(top, {"docs/SECURITY.md": GOOD})
    result = hook("security-policy")
    why = "is not tracked by git, so that nobody else sees it"
    assert result.lines == [f"docs/SECURITY.md:1:1: untracked-security-policy {why}"]
    git(top, "add", "--all")
    assert hook("security-policy").code == 0


def test_ignored_policy(make_repository: MakeRepository, hook: Hook) -> None:
    top = make_repository({".gitignore": "*.md\n"})
    write(top, {"SECURITY.md": GOOD})
    result = hook("security-policy", "--fix")
    assert result.rules == ["untracked-security-policy"]
    assert "is ignored by git" in result.out
    assert ".gitignore" in result.out


def test_an_untracked_documentation_page_is_no_policy(
    make_repository: MakeRepository, hook: Hook
) -> None:
    top = make_repository({"README": ""})
    write(top, {"docs/security.md": "# Tokens\n\nPasswords are hashed.\n"})
    assert hook("security-policy").rules == ["missing-security-policy"]


@pytest.mark.parametrize(
    ("text", "is_policy"),
    [
        ("# Security\n\nPasswords are hashed with scrypt.\n", False),
        ("# Security\n\nThe scanner reports every vulnerability that it knows.\n", False),
        ("# Auth\n\nContributions and bug reports are welcome.\n", False),
        ("# Security\n\nPlease report vulnerabilities to us.\n", True),
        ("Security\n========\n\nIf you find a security hole, please email a@b.org.\n", True),
        ("# Report a vulnerability\n\nThere is a form.\n", True),
        (".. include:: ../SECURITY.rst\n", True),
        ("See https://github.com/a/b/blob/main/SECURITY.md\n", True),
    ],
)
def test_documentation_page_or_policy(text: str, is_policy: bool) -> None:
    assert prose.speaks_of_reporting(text) is is_policy


def test_policy_url_declares_one(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({"README": ""})
    assert hook("security-policy", "--policy-url", URL).code == 0
    assert hook("security-policy", "--policy-url", URL, "--fix").code == 0
    assert not os.path.exists("SECURITY.md")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://tent.dev/x", "can be tampered with"),
        ("HTTP://tent.dev/x", "can be tampered with"),
        ("tent.dev", "is not a URL"),
        ("https://", "is not a URL"),
        ("https://a b.org", "is not a URL"),
        ("x", "is not a URL"),
    ],
)
def test_wrong_policy_url(url: str, why: str, make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({"README": ""})
    result = hook("security-policy", "--policy-url", url)
    assert result.code == 2
    assert "--policy-url" in result.err
    assert why in result.err


def test_policy_url_in_the_configuration(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository(
        {"pyproject.toml": f'[tool.tenterhooks.security-policy]\npolicy-url = "{URL}"\n'}
    )
    assert hook("security-policy").code == 0


def test_excluded_policy_is_not_there(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({"docs/SECURITY.md": GOOD})
    assert hook("security-policy", "--exclude", "docs").rules == ["missing-security-policy"]


def test_no_git_repository(tmp_path: Path, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert hook("security-policy").code == 2


@pytest.mark.parametrize(
    "data", [b"\xff\xfeS\0", b"caf\xe9 a@b.org\n", b"a" * (10 * 1024 * 1024 + 1)]
)
def test_unreadable_policy_is_a_finding(
    data: bytes, make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({"SECURITY.md": data})
    result = hook("security-policy")
    assert (result.code, result.rules, result.err) == (1, ["unreadable-file"], "")


@pytest.mark.parametrize(
    ("target", "rules"),
    [
        ("policy.md", []),
        ("SECURITY.md", ["unreadable-file"]),
        ("/etc/hostname", ["unreadable-file"]),
    ],
)
def test_symlinked_policy(
    target: str, rules: list[str], make_repository: MakeRepository, hook: Hook
) -> None:
    top = make_repository({"policy.md": GOOD})
    os.symlink(target, top / "SECURITY.md")
    git(top, "add", "--all")
    assert hook("security-policy").rules == rules


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("one\ntwo\n\nthree", [("one two", "", True), ("three", "", False)]),
        ("# Head #\n\none\n\ntwo", [("one", "head", True), ("two", "head", False)]),
        ("Head\n====\none\nNext\n----\ntwo", [("one", "head", True), ("two", "next", True)]),
        ("Head\n====", []),
        ("# Head\n\n---\n\none", [("one", "head", True)]),
        (
            "one\n- two\n  three\n1. four",
            [("one", "", True), ("- two   three", "", False), ("1. four", "", False)],
        ),
        (
            "one\n| two |\n| three |",
            [("one", "", True), ("| two |", "", False), ("| three |", "", False)],
        ),
        ("one\r\n\r\ntwo", [("one", "", True), ("two", "", False)]),
    ],
)
def test_paragraphs(text: str, paragraphs: list[tuple[str, str, bool]]) -> None:
    found = list(Document(text).paragraphs())
    assert [(words.strip(), heading, first) for _, words, heading, first in found] == paragraphs
    assert all(text[start:].lower().startswith(words[:3]) for start, words, _, _ in found)


def test_a_long_sentence_is_cut(make_repository: MakeRepository, hook: Hook) -> None:
    sentence = "To report a security vulnerability, please open an issue on GitHub, on any day"
    make_repository({"SECURITY.md": f"{GOOD}\n{sentence}s.\n\n{sentence}ly.\n"})
    result = hook("security-policy")
    assert f"'{sentence}s.'" in result.lines[0]
    assert f"'{sentence[:77]}...'" in result.lines[1]


@pytest.mark.parametrize(
    "text",
    [
        "Mail a@b.org.",
        "Mail security [at] tent.dev.",
        "Mail team[@]tent.dev.",
        "Write to security at tent dot dev.",
        "Reach us by email, see our profiles.",
        "Email: see the profile of the maintainer.",
        "https://github.com/a/b/security/advisories/new",
        "Use the Report a vulnerability button.",
        'Click "Report a vulnerability".',
        "We use GitHub's private vulnerability reporting.",
        "Report it privately through the **Security** tab.",
        "Use the Tidelift security contact.",
        "https://hackerone.com/tent",
        "https://g.co/vulnz",
        "See https://tent.dev/responsible-disclosure.",
        "See [the policy](https://tent.dev/legal/psirt.html).",
        "To report a vulnerability, read [our rules](https://docs.tent.dev/contributing#bugs).",
        "See https://tent.dev/policies.html",
        "Go to [SECURITY.rst](SECURITY.rst).",
        "Open a confidential issue.",
        "Send a direct message to @someone.",
        "Reach us via Signal.",
        "Fill in the contact form.",
    ],
)
def test_private_channels(text: str) -> None:
    assert prose.has_private_channel(Document("# Security policy\n\n" + text + "\n"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Please report vulnerabilities.",
        "Please report vulnerabilities at https://github.com/a/b/issues.",
        "If you have a vulnerability, contact the maintainer directly via GitHub.",
        "# Report a vulnerability\n\nPlease raise it at once.",
        "Report a vulnerability to you@example.com.",
        "Leave your email in the thread.",
        "[![bandit](https://img.shields.io/badge/security-bandit-yellow.svg)]",
        "<!-- mail a@b.org -->",
        "To report a vulnerability, see https://www.example.org/contact.",
    ],
)
def test_no_private_channel(text: str) -> None:
    padding = "We care. " * 40  # longer than what can be a mere pointer
    assert not prose.has_private_channel(Document(f"# Security\n\n{text}\n\n{padding}\n"))


@pytest.mark.parametrize(
    "text",
    [
        "Please report any suspected vulnerability by opening an issue or contacting us.",
        "To report a security vulnerability, please open an issue on GitHub.",
        "If you discover a security vulnerability, please open an issue\nor email the maintainers.",
        "Please report vulnerabilities by opening an issue or emailing security@tent.dev.",
        "Report security issues using the [issue tracker](https://github.com/a/b/issues).",
        "Security vulnerabilities should be reported via GitHub issues.",
        "Found a security bug? Please file an issue.",
        "Found a security bug? Please file a public [issue].",
        "For a vulnerability, start a [discussion](https://github.com/a/b/discussions).",
        "Please report security problems on https://github.com/a/b/issues/new",
        "If the vulnerability is *not* in X, but in Y, please open a ticket on our tracker.",
        "## Reporting a vulnerability\n\nCreate an issue.",
        "Reporting a vulnerability\n-------------------------\n\nReported using GitHub issues.",
        "## Reporting a vulnerability\n\nhttps://github.com/a/b/issues/new",
    ],
)
def test_public_reports(text: str) -> None:
    document = Document("# Security policy\n\n" + text + "\n")
    assert len(list(prose.public_reports(document))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Please do not report security vulnerabilities through public GitHub issues.",
        "Do **not** open a public issue for a vulnerability.",
        "Never file a vulnerability in the issue tracker.",
        "Please do not, under any circumstances, open an issue about a vulnerability.",
        "For bugs that are not security vulnerabilities, please open an issue.",
        "For non-security issues, open an issue.",
        "Mail us about a vulnerability rather than opening a public issue.",
        "Once a vulnerability is fixed we open an issue about it.",
        "To submit a security issue, write to security@tent.dev.",
        "If the vulnerability is already public, open an issue.",
        "Report vulnerabilities in GitHub issues: https://github.com/a/b/security/advisories",
        "Please open a confidential issue for a vulnerability.",
        "If you hear nothing for a month, open an issue about the vulnerability.",
        "For a vulnerability, open an issue. Do not mention any details in it.",
        "If your report is not a security vulnerability, please open an issue.",
        "For a vulnerability of a dependency, open an issue upstream.",
        "Issues there are not considered security vulnerabilities. Report them as public issues.",
        "A bug there is not a vulnerability and can be reported on the issue tracker.",
        "Opening a public issue about a vulnerability puts users at risk.",
        'Report a vulnerability with "Report a vulnerability" in the Issues tab.',
        "If you find a vulnerability, file a secure bug in our bug tracker.",
        "Denial of service is an ordinary bug. You may post it openly on the issue tracker.",
        "<!-- To report a vulnerability, open an issue. -->",
        "## Reporting bugs\n\nCreate an issue.",
        "## Reporting a vulnerability\n\nMail us. Then, if you like, wait. Open an issue on style.",
        "We discuss a vulnerability when it is fixed.",
        "Crashes are out of scope. To report such a vulnerability, please open an issue.",
        "## Reporting a vulnerability\n\nWhat is planned stands in https://github.com/a/b/issues.",
        "Please submit an issue about a vulnerability to security@tent.dev.",
        "Reporting a vulnerability via GitHub issues isn't the way.",
        "Report vulnerabilities via GitHub issues, or so we said. Never use the tracker for one.",
    ],
)
def test_no_public_report(text: str) -> None:
    document = Document("# Security policy\n\n" + text + "\n")
    assert list(prose.public_reports(document)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Use this section to tell people about which versions\nof", 1),
        ("Use this section to tell people how to report a vulnerability.", 1),
        ("Mail [INSERT CONTACT METHOD].", 1),
        ("Mail security@example.com.", 1),
        ("Mail security@yourdomain.com or security@yourdomain.com.", 1),
        ("Mail <your-email>.", 1),
        ("Mail [your contact](https://tent.dev).", 0),
        ("Mail security@examples.com.", 0),
        ("In this section we tell people what we do.", 0),
    ],
)
def test_templates(text: str, expected: int) -> None:
    assert len(list(prose.templates(Document(text)))) == expected


def test_a_template_is_reported_once(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository(
        {"SECURITY.md": "Use this section to tell people how to report a vulnerability.\n"}
    )
    assert hook("security-policy").rules == ["unedited-template"]


@pytest.mark.parametrize(
    ("cell", "version", "expected"),
    [
        ("1.2.x", "1.2.7", True),
        ("1.2.x", "1.3.0", False),
        ("1.x", "1.9", True),
        ("v1", "1.0", True),
        ("1.2.*", "1.2.0", True),
        (">= 1.2", "1.2.0", True),
        (">= 1.2", "1.1.9", False),
        ("=> 1.2", "2.0", True),
        ("< 4.0", "3.9.9", True),
        ("< 4.0", "4.0.0", False),
        ("<=3.x", "3.7", True),
        ("> 3.2", "3.2.1", True),
        ("2.0.0+", "2.1", True),
        ("3.8 +", "3.7", False),
        ("^1", "1.4", True),
        ("^1", "2.0", False),
        ("~=1.4", "1.4.9", True),
        ("> 3.2", "3.3", True),
        ("> 3.2", "3.1", False),
        (">= 3.0, < 3.5", "3.4", True),
        (">= 3.0, < 3.5", "3.5", False),
        ("1.2 - 1.4", "1.3.1", True),
        ("1.2 to 1.4", "1.5", False),
        ("1.0, 1.1", "1.1.3", True),
        ("1.4 and newer", "1.5", True),
        ("1.4 and below", "1.5", False),
        ("1.4 and below", "1.3", True),
        ("below 2.0", "1.9", True),
        ("5.x (LTS)", "5.1", True),
        ("**2.x**", "2.3", True),
        ("`2.x`", "2.3", True),
        ("&lt; 1.0", "0.9", True),
        ("latest", "1.0", None),
        ("main", "1.0", None),
        ("", "1.0", None),
        ("the one before", "1.0", None),
    ],
)
def test_covers(cell: str, version: str, expected: bool | None) -> None:
    parsed = versions.parse(version)
    assert parsed is not None
    assert versions.covers(cell, parsed) is expected


@pytest.mark.parametrize(
    "text", ["1.0rc1", "1.0.dev3", "1!2.0", "0.0.0", "", "1.x", "{{ version }}", "2024.a"]
)
def test_versions_that_are_not_judged(text: str) -> None:
    assert versions.parse(text) is None


PIPES = "| Version | Supported |\n| --- | --- |\n| 1.x | :white_check_mark: |\n| < 1 | :x: |\n"
GRID = """
+---------+-----------+
| Version | Supported |
+=========+===========+
| 1.x     | yes       |
+---------+-----------+
"""
SIMPLE = """
=======  =========
Version  Supported
=======  =========
1.x      Yes
0.9      No
=======  =========
"""
BOX = """
\u250c\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u252c\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2510
\u2502 Version \u2502 Supported \u2502
\u251c\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u253c\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2524
\u2502 1.x     \u2502 yes       \u2502
\u2514\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2534\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2518
"""
LISTED = """
.. list-table::
   :header-rows: 1

   * - Version
     - Supported
   * - 1.x
     - Yes
   * - 0.9
     - No

The end.

.. list-table::

   * - Name
     - Since
   * - 2.0
     - Yes
"""


@pytest.mark.parametrize(
    "table",
    [PIPES, GRID, SIMPLE, SIMPLE.rstrip(), BOX, LISTED],
    ids=["pipes", "grid", "simple", "simple-at-the-end", "box", "list"],
)
@pytest.mark.parametrize(("version", "outdated"), [("1.4", 0), ("2.0", 1)])
def test_tables(table: str, version: str, outdated: int, make_repository: MakeRepository) -> None:
    make_repository({"pyproject.toml": f'[project]\nname = "x"\nversion = "{version}"\n'})
    document = Document("Supported versions\n\n" + table)
    assert len(list(versions.outdated(Repository(), document))) == outdated


@pytest.mark.parametrize(
    ("rows", "outdated"),
    [
        ("| 1.x | yes |", True),
        ("| 2.x | no |\n| 1.x | yes |", True),
        ("| 2.x | :x: (in development) |\n| 1.x | yes |", False),
        ("| 2.x | Security fixes only |", False),
        ("| 2.x | 2031-01-01 |", False),
        ("| latest | yes |\n| 1.x | no |", False),
        ("| 1.x | yes |\n| anything else | no |", True),
        ("| 1.x |", True),
        ("| 2.0 | \u2705 |", False),
        ("| 2.0 | \u274c |", True),
    ],
)
def test_rows(rows: str, outdated: bool, make_repository: MakeRepository) -> None:
    make_repository({"pyproject.toml": '[project]\nname = "x"\nversion = "2.0"\n'})
    document = Document(f"| Version | Supported |\n|---|---|\n{rows}\n")
    assert bool(list(versions.outdated(Repository(), document))) is outdated


@pytest.mark.parametrize(
    "header",
    [
        "| Python version | Supported |",
        "| Name | Meaning |",
        "| Version | Date |",
        "| API version | Status |",
    ],
)
def test_tables_of_something_else(header: str, make_repository: MakeRepository) -> None:
    make_repository({"pyproject.toml": '[project]\nname = "x"\nversion = "2.0"\n'})
    document = Document(f"{header}\n|---|---|\n| 1.x | yes |\n")
    assert list(versions.outdated(Repository(), document)) == []


def test_two_tables_are_left_alone(make_repository: MakeRepository) -> None:
    make_repository({"pyproject.toml": '[project]\nname = "x"\nversion = "2.0"\n'})
    document = Document(f"Client\n\n{PIPES}\nServer\n\n{PIPES}")
    assert list(versions.outdated(Repository(), document)) == []


@pytest.mark.parametrize(
    ("files", "version"),
    [
        ({"pyproject.toml": '[project]\nversion = "1.2"\n'}, "1.2"),
        ({"pyproject.toml": '[tool.poetry]\nversion = "1.3"\n'}, "1.3"),
        ({"setup.cfg": "[metadata]\nname = x\nversion = 1.4\n"}, "1.4"),
        ({"setup.cfg": "[metadata]\nversion = attr: x.y\n"}, ""),
        ({"setup.cfg": "[metadata]\nname = x\n[bumpversion]\nversion = 9\n"}, ""),
        ({"pyproject.toml": '[project]\ndynamic = ["version"]\n', "setup.cfg": ""}, ""),
        ({"pyproject.toml": "[project"}, ""),
        ({"pyproject.toml": "project = 1\ntool = 2\n"}, ""),
        ({"pyproject.toml": '[project]\nversion = "1"\n[tool.poetry-dynamic-versioning]\n'}, ""),
        ({}, ""),
    ],
)
def test_project_version(
    files: dict[str, str | bytes], version: str, make_repository: MakeRepository
) -> None:
    make_repository(files)
    assert versions.project_version(Repository()) == version


FIELDS = "Contact: mailto:security@tent.dev\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FIELDS + "Expires: 2026-01-16T00:00:00Z\n", 0),
        (FIELDS + "Expires: 2026-01-15T12:00:00Z\n", 1),
        (FIELDS + "Expires: 2026-01-15T12:00:01Z\n", 0),
        (FIELDS + "Expires: 2026-01-15T13:30:00+01:00\n", 0),
        (FIELDS + "Expires: 2026-01-15T17:30:00+05:30\n", 1),
        (FIELDS + "Expires: 2026-01-15T17:30:01+05:30\n", 0),
        (FIELDS + "Expires: 2026-01-15T11:00:00-01:00\n", 1),
        (FIELDS + "Expires: 2026-01-15T11:00:01-01:00\n", 0),
        (FIELDS + "Expires: 2026-01-15T12:30:00.5+01:00\n", 1),
        (FIELDS + "expires: 2027-06-30t23:59:60z\r\n", 0),
        (FIELDS, 1),
        (FIELDS + "Expires: next year\n", 1),
        (FIELDS + "Expires: 2026-13-01T00:00:00Z\n", 1),
        (FIELDS + "Expires: {{ expires }}\n", 0),
        (FIELDS + "Expires: 2027-01-01T00:00:00Z\nExpires: 2028-01-01T00:00:00Z\n", 1),
        (FIELDS + "Expires: 2025-01-01T00:00:00Z\nExpires: 2028-01-01T00:00:00Z\n", 2),
        ("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n" + FIELDS, 1),
        ("cryptography==41\n", 0),
        ("Contact: the author\n", 0),
    ],
)
def test_security_txt(
    text: str, expected: int, make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({"SECURITY.md": GOOD, "site/.well-known/security.txt": text})
    assert hook("security-policy").rules == ["expired-security-txt"] * expected


def test_security_txt_of_a_test_is_left_alone(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({"SECURITY.md": GOOD, "tests/data/security.txt": FIELDS})
    assert hook("security-policy").code == 0


def test_another_name_of_that_length_is_left_alone(
    make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({"SECURITY.md": GOOD, "site/contacts.txt": FIELDS, "contacts.txt": FIELDS})
    assert hook("security-policy").code == 0


def test_excluded_security_txt_is_left_alone(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({"SECURITY.md": GOOD, "site/security.txt": FIELDS})
    assert hook("security-policy", "--exclude", "site").code == 0


@pytest.mark.parametrize("fields", [FIELDS, "Contact: tel:+1-201-555-0123\n"])
def test_security_txt_at_the_top_is_a_policy(
    fields: str, make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({"SECURITY.txt": fields + "Expires: 2027-01-01T00:00:00Z\n"})
    assert hook("security-policy").code == 0


GITHUB = "https://github.com/o/r/security/advisories/new"
GITLAB = "https://gitlab.com/g/s/r/-/issues/new?issue%5Bconfidential%5D=true"


@pytest.mark.parametrize(
    ("remote", "link"),
    [
        ("https://github.com/o/r.git", GITHUB),
        ("https://github.com/o/r", GITHUB),
        ("https://user:secret@github.com/o/r.git", GITHUB),
        ("https://secret@github.com/o/r/", GITHUB),
        ("ssh://git@github.com/o/r.git", GITHUB),
        ("ssh://git@ssh.github.com:443/o/r.git", GITHUB),
        ("git@github.com:o/r.git", GITHUB),
        ("git@gitlab.com:g/s/r.git", GITLAB),
        ("https://oauth2:secret@gitlab.com/g/s/r.git", GITLAB),
        ("ssh://git@gitlab.tent.dev:2222/g/r.git", "https://gitlab.tent.dev/g/r/-/issues/new"),
        ("https://gitlab.tent.dev:8443/g/r.git", "https://gitlab.tent.dev:8443/g/r/-/issues/new"),
    ],
)
def test_fix_from_the_remote(
    remote: str, link: str, make_repository: MakeRepository, hook: Hook
) -> None:
    top = make_repository({"README": ""})
    git(top, "remote", "add", "origin", remote)
    result = hook("security-policy", "--fix")
    assert (result.code, result.out.rstrip()[-7:]) == (1, "(fixed)")
    text = (top / "SECURITY.md").read_text("utf-8")
    assert f"<{link}" in text
    assert "secret" not in text
    assert hook("security-policy", "--fix").rules == ["untracked-security-policy"]
    git(top, "add", "--all")
    assert hook("security-policy") == (0, "", "")


@pytest.mark.parametrize(
    "remote",
    [
        "",
        "/srv/git/r.git",
        "../r",
        "https://codeberg.org/o/r",
        "file:///srv/r",
        "https://o.gitlab.io/a/b",
    ],
)
def test_no_fix_without_a_channel(remote: str, make_repository: MakeRepository, hook: Hook) -> None:
    top = make_repository({"pyproject.toml": '[project]\nauthors = [{ name = "A" }]\n'})
    if remote:
        git(top, "remote", "add", "origin", remote)
    result = hook("security-policy", "--fix")
    assert (result.code, result.rules) == (1, ["missing-security-policy"])
    assert "(fixed)" not in result.out
    assert not (top / "SECURITY.md").exists()


@pytest.mark.parametrize(
    ("pyproject", "expected"),
    [
        ('[project]\nauthors = [{ name = "A", email = "a@tent.dev" }]\n', "<a@tent.dev>"),
        (
            '[project]\nauthors = [{email = "a@t.dev"}]\nmaintainers = [{email = "m@tent.dev"}]\n',
            "<m@tent.dev>",
        ),
        ('[tool.poetry]\nauthors = ["A B <a@tent.dev>"]\n', "<a@tent.dev>"),
        (
            '[project]\nauthors = [{ email = "a@noreply.t.dev" }, { email = "b@tent.dev" }]\n',
            "<b@tent.dev>",
        ),
        ('[project.urls]\n"Source Code" = "https://github.com/o/r/tree/main"\n', GITHUB),
        ('[tool.poetry]\nrepository = "https://gitlab.com/g/s/r"\n', GITLAB),
        ('[tool.poetry]\nrepository = "https://gitlab.com/g/s/r/-/tree/main"\n', GITLAB),
    ],
)
def test_fix_from_pyproject(
    pyproject: str, expected: str, make_repository: MakeRepository, hook: Hook
) -> None:
    top = make_repository({"pyproject.toml": pyproject})
    hook("security-policy", "--fix")
    assert expected in (top / "SECURITY.md").read_text("utf-8")


def test_the_project_knows_better_than_the_remote_of_a_fork(
    make_repository: MakeRepository,
) -> None:
    top = make_repository({"pyproject.toml": '[project.urls]\nSource = "https://github.com/o/r"\n'})
    git(top, "remote", "add", "origin", "git@github.com:fork/r.git")
    text = writing.policy(Repository())
    assert text is not None
    assert GITHUB in text


def test_the_written_policy_is_short(make_repository: MakeRepository) -> None:
    make_repository({"pyproject.toml": '[project]\nauthors = [{ email = "a@tent.dev" }]\n'})
    text = writing.policy(Repository())
    assert text is not None
    assert len(text.splitlines()) < 40
    assert max(map(len, text.splitlines())) <= 100
    assert not text.startswith("\n")
    assert "\n\n\n" not in text


def test_rules_can_be_silenced_at_their_line(make_repository: MakeRepository, hook: Hook) -> None:
    comment = "<!-- tenterhooks: ignore[no-private-channel] we are only two -->"
    make_repository({"SECURITY.md": f"Talk to Ann. {comment}\n"})
    assert hook("security-policy").code == 0


def test_the_message_is_plain_ascii(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository(
        {"SECURITY.md": "To report a vulnerability \u2013 please open an issue. \u2705\n"}
    )
    result = hook("security-policy")
    assert result.out.isascii()
    assert "public-report" in result.rules


WORDS = """\
report |vulnerability |security |an issue |open |not |@|a.org|https://x.org/issues |1.x|Version
Supported|[|](|---|===|# |- |<!--|-->|.. list-table::|   * - |Contact: https://a|Expires: """
PIECES = st.sampled_from(
    [*WORDS.replace("\n", "|").split("|"), "|", "\n", "\n\n", "\r", "\0", "\u0130"]
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=60).map("".join))
def test_no_text_is_too_odd(text: str) -> None:
    document = Document(text)
    assert len(document.plain) == len(document.text)
    prose.has_private_channel(document)
    prose.speaks_of_reporting(text)
    for start, sentence in prose.public_reports(document):
        assert text[start : start + len(sentence)] == sentence
    for start, _ in prose.templates(document):
        assert start < len(text)
    for table in versions._tables(document.plain):
        assert all(start <= len(text) for start, _ in table)
    security_txt.contact(text)


@given(st.text(max_size=40), st.integers(0, 9))
def test_no_cell_is_too_odd(cell: str, number: int) -> None:
    assert versions.covers(cell, (number,)) in (True, False, None)


@given(st.text(max_size=60))
def test_no_remote_is_too_odd(url: str) -> None:
    for text in (url, "https://" + url, "git@github.com:" + url, "https://a:b@gitlab.com/" + url):
        channel = writing._channel_of(text)
        assert channel is None or "a:b@" not in channel


@pytest.mark.parametrize(
    "piece", ["report ", "@a", "](secur", "//", "<!--", "|\n", "= ", "not ", "[insert ", "a\n- "]
)
def test_hostile_text_is_bounded(piece: str) -> None:
    import time

    document = Document(piece * 100_000)
    before = time.process_time()
    prose.has_private_channel(document)
    list(prose.public_reports(document))
    list(prose.templates(document))
    list(versions._tables(document.plain))
    assert time.process_time() - before < 5


def test_rules_are_documented() -> None:
    folder = PAGES_FOLDER / "rules"
    assert [rule.name for rule in PRACTICE.rules if not (folder / f"{rule.name}.md").exists()] == []
