"""The hook in ``.pre-commit-config.yaml``: minimal edits of many styles."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tenterhooks.core.files import File, Unreadable
from tenterhooks.everything.adopt import entries, entry_yaml
from tenterhooks.everything.adopt.errors import Stopped
from tenterhooks.everything.adopt.revision import Revision

SHA = "0123456789abcdef0123456789abcdef01234567"
HOME = "https://github.com/tenterhooks/tenterhooks"
PLAIN = f"""\
  - repo: {HOME}
    rev: {SHA}  # frozen: v0.1.0
    hooks:
      - id: tenterhooks
"""
FLUSH = PLAIN.replace("\n  ", "\n")[2:]
WIDE = f"""\
-   repo: {HOME}
    rev: {SHA}  # frozen: v0.1.0
    hooks:
    -   id: tenterhooks
"""
FLOW = f'{{repo: "{HOME}", rev: {SHA}, hooks: [{{id: tenterhooks}}]}}'
JSON = f'{{"repo": "{HOME}", "rev": "{SHA}", "hooks": [{{"id": "tenterhooks"}}]}}'


def file(text: str) -> File:
    name = ".pre-commit-config.yaml"
    return File(name, f"/nowhere/{name}", name, text.encode())


def item(*, with_bandit: bool = False) -> entries.Item:
    return entries.entry(Revision(SHA), with_bandit=with_bandit)


def added(text: str) -> str:
    return entry_yaml.with_entry(file(text), item(), entries.comments(Revision(SHA)))


A = "  - repo: a\n    hooks:\n      - id: x\n"
A_FLUSH = "- repo: a\n  hooks:\n    - id: x\n"
A_SHORT = "- repo: a\n  hooks:\n  - id: x\n"
A_WIDE = "-   repo: a\n    hooks:\n    -   id: x\n"

# Text with a place for the entry, and the entry.
CASES = [
    # Lists of lines, at the end.
    ("repos:\n" + A + "<>", PLAIN),
    ("repos:\n" + A_FLUSH + "<>", FLUSH),
    ("repos:\n" + A_SHORT + "<>", FLUSH.replace("    - id", "  - id")),
    ("repos:\n" + A_WIDE + "<>", WIDE),
    ("repos:\n    - repo: a\n<>", re.sub("^", "  ", PLAIN, flags=re.MULTILINE)[:-2]),
    ("---\nrepos:\n" + A + "<>", PLAIN),
    ("# top\n\nrepos:  # all\n" + A + "<>", PLAIN),
    ("exclude: x\nrepos:\n" + A + "<>", PLAIN),
    ("  repos:\n  - repo: a\n<>", re.sub("^", "  ", FLUSH, flags=re.MULTILINE)[:-2]),
    # Something follows.
    ("repos:\n" + A + "<>ci:\n  skip: [x]\n", PLAIN),
    ("repos:\n" + A + "<>\nci:\n  skip: [x]\n", PLAIN),
    ("repos:\n" + A_FLUSH + "<>\n# of ci\nci:\n  skip: [x]\n", FLUSH),
    ("repos:\n" + A_FLUSH + "<># of ci\nci:\n  skip: [x]\n", FLUSH),
    ("repos:\n" + A_FLUSH + "# - repo: b\n<>\nci:\n  skip: [x]\n", FLUSH),
    ("repos:\n" + A_FLUSH + "# - repo: b\n<>", FLUSH),
    ("repos:\n" + A + "      # - id: y\n<>ci: {}\n", PLAIN),
    ("repos:\n" + A + "  # - repo: b\n  #   hooks: []\n<>\nci: {}\n", PLAIN),
    ("repos:\n" + A + "\n  # - repo: b\n<>\nci: {}\n", PLAIN),
    ("repos:\n" + A + "<>\n# vim: ft=yaml\n", PLAIN),
    ("repos:\n" + A + "<>\n\n\n", PLAIN),
    ("repos:\n" + A + "<>...\n", PLAIN),
    # A blank line between items is kept up.
    ("repos:\n" + A + "\n" + A + "<>", "\n" + PLAIN),
    ("repos:\n" + A + "\n  # b\n" + A + "<>\nci: {}\n", "\n" + PLAIN),
    ("repos:\n" + A + "  # b\n" + A + "<>", PLAIN),
    # The last item ends in something long.
    ("repos:\n  - repo: a\n    exclude: |\n      x\n      # y\n<>ci: {}\n", PLAIN),
    ("repos:\n  - repo: a\n    exclude: >-\n      x\n\n      y\n<>\nci: {}\n", PLAIN),
    ("repos:\n  - repo: a\n    x: 'one\n\n      two'\n<>", PLAIN),
    ("repos:\n  - repo: a\n    hooks: [\n      {id: x},\n    ]\n<>", PLAIN),
    ("repos:\n  - {repo: a, hooks: [{id: x}]}\n<>", PLAIN),
    ("repos:\n  -\n    repo: a\n<>", PLAIN),
    ("repos:\n  - # why\n    repo: a\n<>", PLAIN),
    # Anchors.
    ("repos: &all\n" + A + "<>", PLAIN),
    ("x: &a\n  repo: a\nrepos:\n  - repo: b\n  - *a\n<>ci: {}\n", PLAIN),
    ("repos:\n  - &a\n    repo: a\n<>", PLAIN),
    ("x: &n [y]\nrepos:\n  - repo: b\n    x: *n\n<>", PLAIN),
    # Nothing there yet.
    ("<>", "repos:\n" + PLAIN),
    ("# later\n<>", "repos:\n" + PLAIN),
    ("---\n<>", "repos:\n" + PLAIN),
    ("fail_fast: true\n<>", "repos:\n" + PLAIN),
    ("ci:\n  x: >-\n    y\n<>", "repos:\n" + PLAIN),
    ("repos:\n<>", PLAIN),
    ("repos:\n<>ci: {}\n", PLAIN),
    ("repos:  # none\n<>\n# of ci\nci: {}\n", PLAIN),
]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("is_cut", [False, True])
@pytest.mark.parametrize(("text", "entry"), CASES)
def test_block(text: str, entry: str, is_cut: bool, end: str) -> None:
    """With and without an end of the last line, and with both line ends."""
    before, after = text.replace("<>", ""), text.replace("<>", entry)
    if is_cut and before:
        before, after = before.removesuffix("\n"), after.removesuffix("\n")
    if "\n" not in before:
        end = "\n"
    assert added(before.replace("\n", end)) == after.replace("\n", end)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("repos: []\n", "repos:\n" + PLAIN),
        ("repos: [ ]  # none\nci: {}\n", "repos:  # none\n" + PLAIN + "ci: {}\n"),
        ("repos: &r []\n", "repos: &r\n" + PLAIN),
        ("repos: ~\n", "repos:\n" + PLAIN),
        ("repos: null # x\n", "repos: # x\n" + PLAIN),
        ("repos: [{repo: a}]\n", f"repos: [{{repo: a}}, {FLOW}]\n"),
        ("repos: [{repo: a},]\n", f"repos: [{{repo: a}}, {FLOW},]\n"),
        ("repos: [ {repo: a} ] # x\n", f"repos: [ {{repo: a}}, {FLOW} ] # x\n"),
        ("{repos: []}", f"{{repos: [{FLOW}]}}"),
        ('{"repos": []}\n', f'{{"repos": [{JSON}]}}\n'),
        ('{"repos": [{"repo": "a"}]}\n', f'{{"repos": [{{"repo": "a"}}, {JSON}]}}\n'),
        (
            'repos: [\n  {"repo": "a"}\n]\n',
            f'repos: [\n  {{"repo": "a"}},\n  {JSON}\n]\n',
        ),
        (
            "repos: [\n  {repo: a},  # why\n]\n",
            f"repos: [\n  {{repo: a}},  # why\n  {FLOW},  # frozen: v0.1.0\n]\n",
        ),
        (
            "repos: [\n  {repo: a}  # why\n]\n",
            f"repos: [\n  {{repo: a}},  # why\n  {FLOW}  # frozen: v0.1.0\n]\n",
        ),
        ("repos: [\n  # none\n]\n", None),
        ("x: &a {repo: a}\nrepos: [*a]\n", f"x: &a {{repo: a}}\nrepos: [*a, {FLOW}]\n"),
    ],
)
def test_brackets(before: str, after: str | None) -> None:
    if after is None:
        with pytest.raises(Stopped):
            added(before)
    else:
        assert added(before) == after


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- repo: a\n", "migrate-config"),
        ("text\n", "migrate-config"),
        ("repos: []\n---\nrepos: []\n", "more than one document"),
        ("repos: text\n", "by hand"),
        ("repos: {}\n", "by hand"),
        ("{}\n", "by hand"),
        ("ci:\n  x: |\n    y", "by hand"),  # an end of its last line would change it
        ("{fail_fast: true}\n", "by hand"),
        ("x: &r\n  - repo: a\nrepos: *r\n", "by hand"),
        ("repos: &r\n  - repo: a\nx: *r\n", "by hand"),
    ],
)
def test_refused(text: str, told: str) -> None:
    with pytest.raises(Stopped, match=told):
        added(text)


@pytest.mark.parametrize("text", ["repos: [\n", "a: b: c\n", "\tx: 1\n", "repos: *a\n"])
def test_broken(text: str) -> None:
    with pytest.raises(Unreadable):
        added(text)


@pytest.mark.parametrize("sha", ["1" * 40, "1" * 20 + "e" + "2" * 19])
@pytest.mark.parametrize("text", ["repos:\n", "repos: [{repo: a}]\n"])
def test_commit_like_a_number(sha: str, text: str) -> None:
    item = entries.entry(Revision(sha), with_bandit=False)
    assert f'rev: "{sha}"' in entry_yaml.with_entry(file(text), item, {})


@pytest.mark.parametrize("text", ["repos: [{repo: a}]\n", "{repos: []}\n", "repos:\n", ""])
def test_as_pre_commit_reads_it(text: str) -> None:
    """libyaml, which it reads with, is stricter in brackets than others."""
    yaml = pytest.importorskip("yaml")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    assert yaml.load(added(text), Loader=loader)["repos"][-1] == item()


def test_bandit() -> None:
    text = entry_yaml.with_entry(file("repos: []\n"), item(with_bandit=True), {})
    assert text.endswith(
        '      - id: tenterhooks\n        additional_dependencies: [".[bandit]"]\n'
    )


def test_byte_order_mark() -> None:
    given = File("a", "/a", "a", b"\xef\xbb\xbfrepos:\n")
    assert entry_yaml.with_entry(given, item(), {}).startswith("repos:\n  - repo: ")


OWN = f"repos:\n  - repo: {HOME}\n    rev: v0.1.0\n    hooks:\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (OWN + "      - id: y\n", OWN + "      - id: y\n      - id: tenterhooks\n"),
        (OWN + "    -   id: y\n", OWN + "    -   id: y\n    -   id: tenterhooks\n"),
        (
            OWN + "      - id: y\n        # - z\n  - repo: b\n",
            OWN + "      - id: y\n        # - z\n      - id: tenterhooks\n  - repo: b\n",
        ),
        (
            OWN + "      - id: y\n  # of b\n  - repo: b\n",
            OWN + "      - id: y\n      - id: tenterhooks\n  # of b\n  - repo: b\n",
        ),
        (
            OWN.removesuffix("\n") + " [{id: y}]\n",
            OWN.removesuffix("\n") + " [{id: y}, {id: tenterhooks}]\n",
        ),
    ],
)
def test_more_hooks(before: str, after: str) -> None:
    entry = entry_yaml.entries(file(before))[0]
    assert entry_yaml.with_hook(file(before), entry, entries.hook(with_bandit=False)) == after


def test_hooks_without_a_list() -> None:
    text = OWN.replace("    hooks:\n", "")
    with pytest.raises(Stopped, match="by hand"):
        entry_yaml.with_hook(file(text), entry_yaml.entries(file(text))[0], {"id": "tenterhooks"})


def test_entries() -> None:
    text = (
        "repos:\n"
        f"  - repo: {HOME}\n    rev: v1\n    hooks:\n"
        '      - id: tenterhooks\n        additional_dependencies: [".[bandit]"]\n'
        "  - repo: local\n  - text\n  - repo: [x]\n    hooks: text\n"
    )
    found = [
        (it.number, it.address, it.revision, it.hooks, it.has_bandit)
        for it in entry_yaml.entries(file(text))
    ]
    assert found == [
        (0, HOME, "v1", ["tenterhooks"], True),
        (1, "local", None, [], False),
        (2, None, None, [], False),
        (3, None, None, [], False),
    ]


# Round trips

indents = st.integers(0, 4).map(lambda number: " " * number)
gaps = st.integers(1, 4).map(lambda number: " " * number)
noise = st.lists(st.sampled_from(["", "# x", "  # x", "      # - id: z", "    "]), max_size=3)
tails = st.sampled_from(["", "ci:\n  skip: [x]\n", "# end\n", "...\n", "exclude: |\n  x\n\n  y\n"])
heads = st.sampled_from(["", "---\n", "# x\n\n", "fail_fast: true\n", "%YAML 1.1\n---\n"])


@st.composite
def configurations(draw: st.DrawFn) -> str:
    indent, gap, inner, inner_gap = draw(indents), draw(gaps), draw(indents), draw(gaps)
    lines = ["repos:" + draw(st.sampled_from(["", "  # all", " &r"]))]
    for _ in range(draw(st.integers(1, 3))):
        keys = indent + " " + " " * len(gap)
        lines += [f"{indent}-{gap}repo: a", f"{keys}rev: v1", f"{keys}hooks:"]
        for _ in range(draw(st.integers(1, 2))):
            lines.append(f"{keys}{inner}-{inner_gap}id: x")
            lines += draw(
                st.sampled_from(
                    [
                        [],
                        [f"{keys}{inner} {' ' * len(inner_gap)}args: [--x]"],
                        [
                            f"{keys}{inner} {' ' * len(inner_gap)}exclude: |",
                            f"{keys}{inner}        y",
                        ],
                    ]
                )
            )
        lines += draw(noise)
    text = draw(heads) + "\n".join(lines) + "\n" + draw(tails)
    # To end the last line of a text block would be to change it.
    text = text if "|" in text or draw(st.booleans()) else text.removesuffix("\n")
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@given(configurations())
def test_round_trip(text: str) -> None:
    """By another parser the result is what was there and the entry, and no line is lost."""
    result = added(text)
    yaml = YAML(typ="safe", pure=True)
    before, after = yaml.load(text), yaml.load(result)
    before["repos"].append(item())
    assert after == before
    lines = iter(result.splitlines())
    assert all(line in lines for line in text.splitlines())
    assert "\r" not in result.replace("\r\n", "") if "\r" in text else "\r" not in result
    assert ("\n" not in result.replace("\r\n", "")) or "\r" not in text
    assert result.endswith("\n") is text.endswith("\n")
    assert f"rev: {SHA}  # frozen: v0.1.0" in result


@given(configurations(), st.data())
def test_hostile(text: str, data: st.DataObject) -> None:
    """A damaged file is edited right, or refused."""
    at = data.draw(st.integers(0, len(text)))
    damage = data.draw(
        st.sampled_from(["", "[", "]", "{", "}", "'", '"', "&a ", "*a", "#", "|", ":", "\t"])
    )
    damaged = text[:at] + damage + text[at + data.draw(st.integers(0, 3)) :]
    try:
        result = added(damaged)
    except (Stopped, Unreadable):
        return
    assert len(entry_yaml.entries(file(result))) == len(entry_yaml.entries(file(damaged))) + 1
