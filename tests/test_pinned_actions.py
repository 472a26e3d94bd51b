"""The grammars of pinned-actions, and what depends on more than one file."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Hook, MakeRepository
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.core.files import File, Repository
from tenterhooks.formats import uses, workflow, yaml
from tenterhooks.pinned_actions import PRACTICE, check, known, references
from tenterhooks.pinned_actions.comments import is_bare, version_in

A, B = "a" * 40, "b" * 40
HEAD = "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n"


def steps(*uses: str) -> str:
    return HEAD + "".join(f"      - uses: {line}\n" for line in uses)


def scalar(text: str) -> yaml.Node:
    return yaml.Node(yaml.SCALAR, text, 0, len(text), plain=True)


@pytest.mark.parametrize(
    ("text", "name", "ref"),
    [
        ("actions/checkout@v4", "actions/checkout", "v4"),
        ("  actions/checkout@v4\n", "actions/checkout", "v4"),
        ("github/codeql-action/init@v3", "github/codeql-action/init", "v3"),
        ("o/.github/.github/workflows/x.yml@main", "o/.github/.github/workflows/x.yml", "main"),
        ("o/r@release/v1", "o/r", "release/v1"),
        ("o/r@refs/tags/v1", "o/r", "refs/tags/v1"),
        ("o\\r\\sub@v1", "o/r/sub", "v1"),
    ],
)
def test_actions_are_taken_apart(text: str, name: str, ref: str) -> None:
    action = uses.parse(scalar(text))
    assert isinstance(action, uses.Action)
    assert (action.name, action.ref) == (name, ref)


@pytest.mark.parametrize("text", ["./", "./x", "./x@v1", "$/x", "$/.github/workflows/x.yml"])
def test_this_repository_is_local(text: str) -> None:
    assert uses.parse(scalar(text)) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("~", "empty"),
        ("null", "empty"),
        ("docker://", "no image"),
        ("docker://${{ inputs.image }}", "no expression"),
        ("o/r@${{ matrix.ref }}", "no expression"),
        ("${{ matrix.action }}", "no expression"),
        ("o/r", "no @ref"),
        ("o/r@", "no @ref"),
        ("r@v1", "owner/repo@ref"),
        ("/r@v1", "owner/repo@ref"),
        ("../x@v1", "owner/repo@ref"),
        ("o/r@v1@v2", "owner/repo@ref"),
        ("o/r@v 1", "owner/repo@ref"),
        ("o /r@v1", "owner/repo@ref"),
    ],
)
def test_what_github_cannot_resolve(text: str, why: str) -> None:
    with pytest.raises(uses.MalformedUses, match=why):
        uses.parse(scalar(text))


@pytest.mark.parametrize(
    ("ref", "pinned"),
    [
        ("a" * 40, True),
        ("A" * 40, True),
        ("a" * 64, True),
        ("a" * 39, False),
        ("a" * 41, False),
        ("g" * 40, False),
        ("v4", False),
        ("sha1-" + "a" * 40, False),
    ],
)
def test_only_a_full_sha_is_a_pin(ref: str, pinned: bool) -> None:
    assert uses.Action("o/r", ref).is_pinned is pinned


@pytest.mark.parametrize(
    ("image", "pinned"),
    [
        ("alpine@sha256:" + "a" * 64, True),
        ("ghcr.io/o/i:1.2@sha256:" + "0" * 64, True),
        ("alpine@sha512:" + "a" * 128, True),
        ("alpine@sha256:" + "a" * 63, False),
        ("alpine@sha256:" + "a" * 65, False),
        ("alpine@sha256:" + "A" * 64, False),
        ("alpine:3.20", False),
        ("alpine", False),
        ("localhost:5000/alpine", False),
    ],
)
def test_only_a_digest_pins_an_image(image: str, pinned: bool) -> None:
    assert references.is_pinned_image(image) is pinned


@pytest.mark.parametrize(
    ("patterns", "name", "allowed"),
    [
        (["actions/*"], "actions/checkout", True),
        (["actions/*"], "Actions/Checkout", True),
        (["ACTIONS/*"], "actions/checkout", True),
        (["actions/*"], "actions-rs/toolchain", False),
        (["o/r"], "o/r", True),
        (["o/r"], "o/r/sub/path", True),
        (["o/r"], "o/r2", False),
        (["o/r/sub"], "o/r/sub/deep", True),
        (["o/r/sub"], "o/r/other", False),
        (["o/r/sub/*"], "o/r/sub", True),
        (["o/*", "!o/r"], "o/r", False),
        (["o/*", "!o/r"], "o/r/sub", False),
        (["o/*", "!o/r"], "o/s", True),
        (["!o/*", "o/r"], "o/r", True),
        (["o/r", "!o/r"], "o/r", False),
        (["!o/r", "o/r"], "o/r", False),
        (["!o/r", "o/r/sub"], "o/r/sub", True),
        ([], "o/r", False),
    ],
)
def test_the_most_specific_pattern_wins(patterns: list[str], name: str, allowed: bool) -> None:
    assert not any(map(references.wrong_pattern, patterns))
    assert references.AllowList(patterns).allows(uses.Action(name, "v1")) is allowed


@pytest.mark.parametrize(
    "pattern", ["*", "*/*", "o", "o/", "o/r@v1", "o/r*", "o/**", "", "!", "/r", "o /r", "o/r/*/x"]
)
def test_a_wrong_pattern_is_the_users_mistake(pattern: str, hook: Hook) -> None:
    result = hook("pinned-actions", "--allow", pattern)
    assert result.code == 2
    assert "--allow" in result.err
    assert "OWNER/REPO" in result.err


@pytest.mark.parametrize(
    ("comment", "version"),
    [
        ("v4.2.2", "v4.2.2"),
        ("4.2.2", "4.2.2"),
        ("v4", "v4"),
        ("v1.2.3.4", "v1.2.3.4"),
        ("v2.0.0-rc.1", "v2.0.0-rc.1"),
        ("v3.pre.node20", "v3.pre.node20"),
        ("v4.2.2, for submodules", "v4.2.2"),
        ("v4.2.2 # zizmor: ignore[x]", "v4.2.2"),
        ("tag=v4.2.2", "v4.2.2"),
        ("pin v4", "v4"),
        ("renovate: v4", "v4"),
        ("renovate: tag=v4", None),
        ("frozen: v4.2.2", "v4.2.2"),
        ("ratchet:actions/checkout@v4", "v4"),
        ("@v4", "v4"),
        ("release/v1", "release/v1"),
        ("codeql-bundle-v2.1.0", "codeql-bundle-v2.1.0"),
        ("stable", None),
        ("master", None),
        ("nextest", None),
        ("2024-05-01", None),
        ("needs v4", None),
        ("", None),
        ("v" + "9" * 10, None),
    ],
)
def test_the_version_that_a_comment_begins_with(comment: str, version: str | None) -> None:
    found = version_in(comment)
    assert (found.text if found else None) == version


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("v4", "v4.2.2", True),
        ("v4.2", "v4.2.2", True),
        ("4.2.2", "v4.2.2", True),
        ("v4.2.2", "v4.2.1", False),
        ("v4", "v5", False),
        ("v4.2", "v4.20.1", False),
        ("v5", "v4.2.2", False),
        ("v4-beta", "v4.2.2", False),
        ("v4.2.2-rc1", "v4.2.2", False),
        ("release/v1", "v1.14.0", True),
        ("release/v1", "release/v2", False),
    ],
)
def test_versions_of_one_commit(one: str, other: str, agree: bool) -> None:
    first, second = version_in(one), version_in(other)
    assert first is not None
    assert second is not None
    assert first.agrees(second) is second.agrees(first) is agree


@pytest.mark.parametrize(
    ("comment", "bare"),
    [
        ("v4.2.2", True),
        ("4", True),
        ("release/v1", True),
        ("v2.0.0-rc.1", True),
        ("v4.2.2 ", False),
        ("tag=v4", False),
        ("v4, why", False),
        ("stable", False),
        ("", False),
    ],
)
def test_what_both_bots_keep_up_to_date(comment: str, bare: bool) -> None:
    assert is_bare(comment) is bare


@given(st.text(max_size=300))
def test_no_comment_is_too_strange(comment: str) -> None:
    version = version_in(comment)
    assert version is None or version.text in comment
    is_bare(comment)


def test_tag_objects_are_shas_of_other_things() -> None:
    for tag_object, (commit, version) in known.TAG_OBJECTS.items():
        assert uses.Action("o/r", tag_object).is_pinned
        assert uses.Action("o/r", commit).is_pinned
        assert commit not in known.TAG_OBJECTS
        assert is_bare(version)


def test_check_is_a_generator_over_one_file() -> None:
    file = File(".github/workflows/x.yml", "", "x", steps("o/r@v1").encode())
    (finding,) = check(file, Repository("/"), PRACTICE.defaults())
    assert (finding.line, finding.column, finding.rule) == (6, 15, "unpinned-action")


def test_only_the_files_passed_are_reported(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository(
        {
            ".github/workflows/a.yml": steps(f"o/r@{A} # v1.0.0", "o/x@v1"),
            ".github/workflows/b.yml": steps(f"o/r@{B} # v1.0.0", "o/y@v1"),
        }
    )
    result = hook("pinned-actions", ".github/workflows/b.yml")
    assert result.rules == ["conflicting-version-comment", "unpinned-action"]
    assert all(line.startswith(".github/workflows/b.yml:") for line in result.lines)
    assert f"{A[:12]} at .github/workflows/a.yml:6" in result.out


def test_a_commented_out_pin_contradicts_nothing(
    make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository(
        {
            ".github/workflows/a.yml": steps(f"o/r@{A} # v1.0.0"),
            ".github/workflows/b.yml": HEAD
            + f"      # - uses: o/r@{B} # v1.0.0\n      - run: 'uses: o/r@{B} # v1.0.0'\n",
        }
    )
    assert hook("pinned-actions").code == 0


def test_a_commented_out_pin_is_no_ground_for_a_fix(
    make_repository: MakeRepository, hook: Hook
) -> None:
    before = HEAD + f"      # - uses: o/r@{A} # v1.0.0\n      - uses: o/r@v1.0.0\n"
    top = make_repository({".github/workflows/a.yml": before})
    assert hook("pinned-actions", "--fix").code == 1
    assert (top / ".github/workflows/a.yml").read_text() == before


def test_two_shas_for_a_version_are_no_ground_for_a_fix(
    make_repository: MakeRepository, hook: Hook
) -> None:
    before = steps(f"o/r@{A} # v1", f"o/r@{B} # v1", "o/r@v1")
    top = make_repository({".github/workflows/a.yml": before})
    assert hook("pinned-actions", "--fix").code == 1
    assert (top / ".github/workflows/a.yml").read_text() == before


def test_a_fix_takes_the_blanks_before_the_comment_along(
    make_repository: MakeRepository, hook: Hook
) -> None:
    top = make_repository(
        {
            ".github/workflows/a.yml": steps(f"o/r@{A}  # v1"),
            ".github/workflows/b.yml": steps("o/r@v1"),
        }
    )
    assert hook("pinned-actions", "--fix").code == 1
    assert (top / ".github/workflows/b.yml").read_text() == steps(f"o/r@{A}  # v1")


def test_the_fix_of_another_action_or_another_version_is_not_taken(
    make_repository: MakeRepository, hook: Hook
) -> None:
    before = steps(f"o/other@{A} # v1.2.0", f"o/r@{B} # v2.0.0", "o/r@v1.2.0")
    top = make_repository({".github/workflows/a.yml": before})
    assert hook("pinned-actions", "--fix").code == 1
    assert (top / ".github/workflows/a.yml").read_text() == before


def test_one_sha_in_two_files_is_ground_for_a_fix(
    make_repository: MakeRepository, hook: Hook
) -> None:
    pinned = steps(f"o/r@{A} # v1.2.0")
    top = make_repository(
        {
            ".github/workflows/a.yml": pinned,
            ".github/workflows/b.yml": pinned,
            ".github/workflows/c.yml": steps("o/r@v1.2.0"),
        }
    )
    result = hook("pinned-actions")
    assert f"fix: uses: o/r@{A} # v1.2.0 (--fix writes it)" in result.out
    hook("pinned-actions", "--fix")
    assert (top / ".github/workflows/c.yml").read_text() == pinned


def test_of_two_pins_that_may_fit_the_first_is_named(
    make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository(
        {".github/workflows/a.yml": steps(f"o/r@{A} # v1.2.0", f"o/r@{B} # v1.3.0", "o/r@v1")}
    )
    result = hook("pinned-actions")
    assert (
        f"fix: this repository already pins a version of it: uses: o/r@{A} # v1.2.0" in result.out
    )


def test_what_github_does_not_lock_is_not_excused_by_the_lock(
    make_repository: MakeRepository, hook: Hook
) -> None:
    reusable = "  again:\n    uses: o/r/.github/workflows/x.yml@v1\n"
    lock = (
        "workflows:\n  .github/workflows/a.yml: [o/r@v1]\n  action.yml: [o/r@v1]\n"
        f"dependencies:\n  o/r@v1:\n    commit: sha1-{A}\n"
    )
    make_repository(
        {
            ".github/workflows/a.yml": steps("o/r@v1") + reusable,
            ".github/workflows/actions.lock": lock,
            "action.yml": "runs:\n  using: composite\n  steps:\n    - uses: o/r@v1\n",
        }
    )
    result = hook("pinned-actions")
    assert result.rules == ["unpinned-action", "unpinned-action"]
    assert [line.partition(": ")[0] for line in result.lines] == [
        ".github/workflows/a.yml:8:11",
        "action.yml:4:13",
    ]


def test_a_tag_object_contradicts_no_pin(make_repository: MakeRepository, hook: Hook) -> None:
    (tag_object, (commit, version)), *_ = known.TAG_OBJECTS.items()
    name = "pypa/gh-action-pypi-publish"
    make_repository(
        {
            ".github/workflows/a.yml": steps(
                f"{name}@{tag_object} # {version}", f"{name}@{commit} # {version}"
            )
        }
    )
    assert hook("pinned-actions").rules == ["tag-object-pin"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_a_fix_leaves_all_else_alone(
    make_repository: MakeRepository, hook: Hook, end: str, bom: bytes
) -> None:
    def content(*uses: str) -> bytes:
        return bom + ("# caf\u00e9\n" + steps(*uses)).replace("\n", end).encode()

    path = ".github/workflows/a.yml"
    top = make_repository({path: content(f"o/r@{A} # v1", '  "o/r@v1"')})
    (top / path).chmod(0o755)
    assert hook("pinned-actions", "--fix", path).code == 1
    assert (top / path).read_bytes() == content(f"o/r@{A} # v1", f'  "o/r@{A}" # v1')
    assert (top / path).stat().st_mode & 0o777 == 0o755
    assert hook("pinned-actions", "--fix", path).code == 0


def test_a_file_passed_by_name_is_read_whatever_it_is_called(
    make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository({"ci/steps.yml": steps("o/r@v1")})
    assert hook("pinned-actions").code == 0
    assert hook("pinned-actions", "ci/steps.yml").rules == ["unpinned-action"]


def test_hostile_names_do_not_reach_a_command_line(
    make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository(
        {
            ".github/workflows/a.yml": HEAD
            + "      - uses: o/r@$(reboot)\n      - uses: docker://x;reboot\n"
        }
    )
    result = hook("pinned-actions")
    assert result.rules == ["unpinned-action", "unpinned-image"]
    assert "ls-remote" not in result.out
    assert "inspect" not in result.out


HOSTILE: dict[str, bytes] = {
    "utf16": steps("o/r@v1").encode("utf-16"),
    "latin1": b"on: push # caf\xe9\n",
    "binary": bytes(range(256)),
    "nul": b"on: push\0\n",
    "deep": b"on: " + b"[" * 10_000,
    "deeper": b"\n".join(b" " * n + b"a:" for n in range(1_000)),
    "bomb": b"a: &a [x]\n"
    + b"".join(
        b"%c: &%c [%s]\n" % (n, n, b",".join([b"*%c" % (n - 1)] * 9)) for n in range(98, 122)
    ),
    "cycle": b"jobs: &a\n  x: *a\n  steps: &b [*b]\n",
    "cyclic-steps": b"jobs:\n  x:\n    steps: &a\n    - parallel: *a\n    - *a\n",
    "numbers": b"jobs: 1\nruns: 2\n",
    "wrong-types": b"jobs: {a: [], b: 1, c: {steps: {}, services: [], container: []}}\n",
    "matrix": b"jobs: {a: {container: '${{ matrix.a.b }}', strategy: {matrix: [1]}}}\n",
    "expression": b"jobs: {a: {container: '${{ " + b"(" * 5_000 + b" }}'}}\n",
    "keys": b"jobs:\n  ? [a]\n  : {uses: o/r@v1}\n  ? {b: c}\n  : {steps: [{? [uses] : x}]}\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_does_not_hide_its_neighbour(
    name: str, make_repository: MakeRepository, hook: Hook
) -> None:
    make_repository(
        {
            ".github/workflows/a.yml": HOSTILE[name],
            ".github/workflows/b.yml": steps("o/r@v1"),
            ".github/workflows/actions.lock": HOSTILE[name],
            "action.yml": HOSTILE[name],
        }
    )
    result = hook("pinned-actions")
    assert result.code == 1
    assert result.err == ""
    assert ".github/workflows/b.yml:6:15: unpinned-action" in result.out


def test_a_directory_and_a_link_in_a_circle_are_said(
    make_repository: MakeRepository, hook: Hook
) -> None:
    top = make_repository({"x/action.yml/keep": "", "y/other.yml": ""})
    Path(top / "y" / "action.yml").symlink_to("action.yml")
    result = hook("pinned-actions", "x/action.yml", "y/action.yml")
    assert result.rules == ["unreadable-file", "unreadable-file"]
    assert "is a directory" in result.out


def test_the_regex_of_paths() -> None:
    assert PRACTICE.files is not None
    assert PRACTICE.files.pattern == workflow.PATHS
