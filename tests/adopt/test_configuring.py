"""Acceptances in the text of pyproject.toml and tenterhooks.toml."""

from __future__ import annotations

import copy
import datetime as dt
from pathlib import Path

import pytest
import tomli
from conftest import write
from hypothesis import given
from hypothesis import strategies as st

from tenterhooks.core import toml_text
from tenterhooks.core.files import Repository
from tenterhooks.everything.adopt import tables
from tenterhooks.everything.adopt.accepting import Plan
from tenterhooks.everything.adopt.configuring import Configuration
from tenterhooks.everything.adopt.errors import Stopped

DAY = dt.date(2027, 5, 21)
LATER = dt.date(2028, 1, 1)


def table(rule: str, paths: object, until: dt.date = DAY) -> dict[str, object]:
    return {"rule": rule, "reason": "adopted", "until": until, "paths": paths}


def new(*accepted: dict[str, object]) -> Plan:
    plan = Plan()
    plan.new = list(accepted)
    return plan


ONE = """\
[[tool.tenterhooks.accept]]
rule = "one"
reason = "adopted"
until = 2027-05-21

[tool.tenterhooks.accept.paths]
"a.py" = 1
"b/c.py" = 12
"""
ONE_TABLE = table("one", {"a.py": 1, "b/c.py": 12})
TWO = ONE.replace("one", "two")
ODD = """\
[[ tool."tenterhooks".accept ]]
rule = "two"
reason = "x"
until = 2030-01-01
paths = [
  'a[',  # ]
]
"""


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def drafted(
    top: Path, text: str | None, plan: Plan, presets: list[str] | None = None
) -> str | None:
    if text is not None:
        write(top, {"pyproject.toml": text})
    configuration = Configuration(Repository(str(top)))
    plan.tables = plan.tables or list(configuration.tables)
    draft = configuration.draft(plan, presets or [])
    return draft.text if draft else None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ONE),
        ("\n", "\n" + ONE),
        ("# nothing\n", "# nothing\n\n" + ONE),
        ("[x]\na = 1\n", "[x]\na = 1\n\n" + ONE),
        ("[x]\na = 1\n\n", "[x]\na = 1\n\n" + ONE),
        ("[x]\na = 1", "[x]\na = 1\n\n" + ONE.removesuffix("\n")),
        ("[x]\na = 1  # end", "[x]\na = 1  # end\n\n" + ONE.removesuffix("\n")),
        ("[tool.tenterhooks]\n", "[tool.tenterhooks]\n\n" + ONE),
        (
            "[tool.tenterhooks]\nignore = ['x']\n[tool.y]\n",
            "[tool.tenterhooks]\nignore = ['x']\n[tool.y]\n\n" + ONE,
        ),
        ("[tool]\nx = 1\n", "[tool]\nx = 1\n\n" + ONE),
        ("[tool]\ntenterhooks.x = 1\n", "[tool]\ntenterhooks.x = 1\n\n" + ONE),
        # Behind what is accepted already.
        (TWO + "\n[tool.y]\n", TWO + "\n" + ONE + "\n[tool.y]\n"),
        (TWO + "# of y\n[tool.y]\n", TWO + "\n" + ONE + "# of y\n[tool.y]\n"),
        (TWO, TWO + "\n" + ONE),
        (TWO.removesuffix("\n"), TWO + "\n" + ONE.removesuffix("\n")),
        (
            ODD + "[x]\n",
            ODD + "\n" + ONE + "[x]\n",
        ),
        ('[x]\na = """\n[[tool.tenterhooks.accept]]\n"""\n', None),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_new_tables(top: Path, before: str, after: str | None, end: str) -> None:
    after = before + "\n" + ONE if after is None else after
    if "\n" not in before:
        end = "\n"
    found = drafted(top, before.replace("\n", end), new(ONE_TABLE))
    assert found is not None
    assert found == (after.replace("\n", end) if before else ONE)


def test_where(top: Path) -> None:
    """Never a new pyproject.toml; the file for us alone where it is there."""
    configuration = Configuration(Repository(str(top)))
    assert (configuration.file.path, configuration.exists) == ("tenterhooks.toml", False)
    draft = configuration.draft(new(ONE_TABLE), ["all"])
    assert draft is not None
    assert draft.is_new
    assert draft.text == '[tool.tenterhooks]\npreset = ["all"]\n\n' + ONE
    write(top, {"pyproject.toml": ""})
    assert Configuration(Repository(str(top))).file.path == "pyproject.toml"
    write(top, {"tenterhooks.toml": ""})
    assert Configuration(Repository(str(top))).file.path == "tenterhooks.toml"


@pytest.mark.parametrize(
    ("text", "files", "told"),
    [("", 200, True), ("", 20, False), ("[tool.tenterhooks]\nignore = ['x']\n", 200, False)],
)
def test_many_lines(top: Path, text: str, files: int, told: bool) -> None:
    """Where they can be had apart, that is said."""
    write(top, {"pyproject.toml": text})
    configuration = Configuration(Repository(str(top)))
    draft = configuration.draft(new(table("one", {str(n): 1 for n in range(files)})), [])
    assert draft is not None
    assert bool(list(configuration.notes(draft))) is told


def test_nothing_to_do(top: Path) -> None:
    assert drafted(top, None, new()) is None
    assert drafted(top, ONE, new()) is None
    assert drafted(top, '[tool.tenterhooks]\npreset = ["all"]\n', new(), ["all"]) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[x]\n", "[x]\n\n[tool.tenterhooks]\nP\n"),
        ("[tool.tenterhooks]\n", "[tool.tenterhooks]\nP\n"),
        ("[tool.tenterhooks]", "[tool.tenterhooks]\nP\n"),
        ("[tool.tenterhooks] # x\nignore = ['x']\n", "[tool.tenterhooks] # x\nP\nignore = ['x']\n"),
        ("[tool.tenterhooks]\npreset = ['core'] # x\n", "[tool.tenterhooks]\nP # x\n"),
        ("[tool.tenterhooks]\npreset = [\n  'core',\n]\n[x]\n", "[tool.tenterhooks]\nP\n[x]\n"),
        (
            "[x]\n\n# of bandit\n[tool.tenterhooks.bandit]\na = 1\n",
            "[x]\n\n[tool.tenterhooks]\nP\n\n# of bandit\n[tool.tenterhooks.bandit]\na = 1\n",
        ),
        (ONE, "[tool.tenterhooks]\nP\n\n" + ONE),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_presets(top: Path, before: str, after: str, end: str) -> None:
    if "\n" not in before:
        end = "\n"
    found = drafted(top, before.replace("\n", end), new(), ["spec8", "all"])
    assert found == after.replace("P", 'preset = ["spec8", "all"]').replace("\n", end)


ANOTHER = """\
[[tool.tenterhooks.accept]]  # of patterns
rule = "other"
reason = "generated"
until = 2027-05-21 # soon
paths = [
    "x/**",  # generated
    # and
    "y/**",
]
"""
ANOTHER_TABLE = {**table("other", ["x/**", "y/**"]), "reason": "generated"}
INLINE = """\
[[tool.tenterhooks.accept]]
rule = "inline"
reason = "adopted"
until = 2027-05-21
paths = { "a.py" = 1, "b.py" = 2 } # two
"""


def paths(accepted: dict[str, object], value: object) -> dict[str, object]:
    return {**accepted, "paths": value}


@pytest.mark.parametrize(
    ("before", "becomes", "after"),
    [
        (
            ONE + "\n" + ANOTHER,
            [paths(ONE_TABLE, {"a.py": 1, "b/c.py": 3}), ANOTHER_TABLE],
            ONE.replace("12", "3") + "\n" + ANOTHER,
        ),
        (
            ONE.replace('"a.py" = 1', '"a.py" = 1 # yes = 1'),
            [paths(ONE_TABLE, {"a.py": 4, "b/c.py": 12})],
            ONE.replace('"a.py" = 1', '"a.py" = 4 # yes = 1'),
        ),
        (ONE, [paths(ONE_TABLE, {"b/c.py": 12})], ONE.replace('"a.py" = 1\n', "")),
        (
            "[x]\n\n" + ONE + "\n# of other\n" + ANOTHER,
            [None, ANOTHER_TABLE],
            "[x]\n\n# of other\n" + ANOTHER,
        ),
        ("[x]\n\n" + ONE + "\n" + ANOTHER, [ONE_TABLE, None], "[x]\n\n" + ONE),
        ("[x]\n\n" + ONE + "\n" + ANOTHER + "\n[y]\n", [None, None], "[x]\n\n[y]\n"),
        ("[x]\n\n" + ONE + "\n" + ANOTHER, [None, None], "[x]\n"),
        (
            ANOTHER,
            [paths(ANOTHER_TABLE, ["y/**"])],
            ANOTHER.replace('    "x/**",  # generated\n', ""),
        ),
        (ANOTHER, [paths(ANOTHER_TABLE, ["x/**"])], ANOTHER.replace('    "y/**",\n', "")),
        (
            ANOTHER,
            [{**ANOTHER_TABLE, "until": LATER}],
            ANOTHER.replace("2027-05-21", "2028-01-01"),
        ),
        (
            INLINE,
            [table("inline", {"b.py": 1})],
            INLINE.replace('{ "a.py" = 1, "b.py" = 2 }', '{ "b.py" = 1 }'),
        ),
        (
            INLINE.replace('{ "a.py" = 1, "b.py" = 2 }', '["a", "b"]'),
            [table("inline", ["b"])],
            INLINE.replace('{ "a.py" = 1, "b.py" = 2 }', '["b"]'),
        ),
        (
            INLINE.replace('paths = { "a.py" = 1, "b.py" = 2 }', 'paths."a.py" = 1\npaths.b = 2'),
            [table("inline", {"b": 1})],
            INLINE.replace('paths = { "a.py" = 1, "b.py" = 2 }', "paths.b = 1"),
        ),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_changes(
    top: Path, before: str, becomes: list[dict[str, object] | None], after: str, end: str
) -> None:
    plan = Plan()
    plan.tables = becomes
    assert drafted(top, before.replace("\n", end), plan) == after.replace("\n", end)


@pytest.mark.parametrize(
    "text",
    [
        "[tool]\ntenterhooks = {}\n",
        "tool = {tenterhooks = {ignore = ['x']}}\n",
        "tool = {}\n",
        "[tool.tenterhooks]\naccept = []\n",
    ],
)
def test_refused(top: Path, text: str) -> None:
    """Nothing can be added to inline tables and dotted keys; what to write is told."""
    with pytest.raises(Stopped) as told:
        drafted(top, text, new(ONE_TABLE))
    assert "inline tables or dotted keys" in str(told.value)
    assert str(told.value).endswith(ONE.removesuffix("\n"))


def test_refused_preset(top: Path) -> None:
    with pytest.raises(Stopped, match=r"preset = .*all"):
        drafted(top, "[tool]\ntenterhooks.ignore = ['x']\n", new(), ["all"])


def test_refused_change(top: Path) -> None:
    text = (
        '[tool.tenterhooks]\naccept = [{rule="one", reason="x", until=2027-05-21, paths=["a"]}]\n'
    )
    plan = Plan()
    plan.tables = [None]
    with pytest.raises(Stopped, match=r"^pyproject.toml:1:1: "):
        drafted(top, text, plan)
    assert drafted(top, text, new()) is None


@pytest.mark.parametrize(
    ("data", "place"), [(b"a = [\n", "2:1"), (b"a = '\xff'\n", "1:6"), (b"a = 1\na = 2\n", "2:6")]
)
def test_broken(top: Path, data: bytes, place: str) -> None:
    write(top, {"pyproject.toml": data})
    with pytest.raises(Stopped, match=f"^pyproject.toml:{place}: "):
        Configuration(Repository(str(top)))


def test_byte_order_mark(top: Path) -> None:
    write(top, {"pyproject.toml": b"\xef\xbb\xbf[x]\n"})
    assert drafted(top, None, new(ONE_TABLE)) == "[x]\n\n" + ONE


names = st.text(st.characters(codec="utf-8"), min_size=1)


@given(names)
def test_strings(name: str) -> None:
    assert tomli.loads(f"a = {toml_text.string(name)}") == {"a": name}
    assert toml_text.string(name).isprintable()


def test_no_spelling() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        toml_text.string("a\udcff")


@given(st.dictionaries(names, st.integers(1, 99), min_size=1), names, st.dates())
def test_written_tables(found: dict[str, int], reason: str, until: dt.date) -> None:
    wanted = {"rule": "one", "reason": reason, "until": until, "paths": found}
    text = "\n".join(tables.lines([wanted, wanted]))
    assert tomli.loads(text) == {"tool": {"tenterhooks": {"accept": [wanted, wanted]}}}


def without_empty(document: dict[str, dict[str, object]]) -> dict[str, object]:
    """Without a table of ours that says nothing, and one that holds nothing else."""
    tool = document.get("tool", {})
    if not tool.get("tenterhooks", True):
        tool = {key: it for key, it in tool.items() if key != "tenterhooks"}
    return {key: it for key, it in {**document, "tool": tool}.items() if key != "tool" or it}


heads = st.lists(
    st.sampled_from(["[x]", "a.b = 1", "# c", "", "[[y]]", "[tool.z]", "s = '''\n[t]\n'''"]),
    max_size=4,
    unique=True,
)
existing = st.lists(st.sampled_from([ONE, TWO, ANOTHER, INLINE]), max_size=4)


@given(heads, existing, heads, st.data())
def test_round_trip(
    tmp_path_factory: pytest.TempPathFactory,
    before: list[str],
    accepted: list[str],
    behind: list[str],
    data: st.DataObject,
) -> None:
    """Whatever becomes of the tables, the text says that, and all else as before."""
    end = data.draw(st.sampled_from(["\n", "\r\n"]))
    pieces = [*before, *accepted, *[it for it in behind if it.startswith(("#", "[tool"))]]
    text = "\n".join(pieces).replace("\n", end)
    try:
        old = tomli.loads(text)
    except tomli.TOMLDecodeError:
        return
    plan = new(*data.draw(st.sampled_from([(), (ONE_TABLE,), (ONE_TABLE, ONE_TABLE)])))
    for it in old.get("tool", {}).get("tenterhooks", {}).get("accept", []):
        kept = list(it["paths"])[: data.draw(st.integers(0, len(it["paths"])))]
        left = dict.fromkeys(kept, 7) if isinstance(it["paths"], dict) else kept
        plan.tables.append({**it, "paths": left} if left else None)
    wanted = copy.deepcopy(old)
    top = tmp_path_factory.mktemp("top")
    found = drafted(top, text, plan)
    if plan.all():
        wanted.setdefault("tool", {}).setdefault("tenterhooks", {})["accept"] = plan.all()
    else:
        wanted.get("tool", {}).get("tenterhooks", {}).pop("accept", None)
    result = tomli.loads(text if found is None else found)
    assert without_empty(result) == without_empty(wanted)
    if found is not None and "\n" in text:
        assert ("\n" in found.replace("\r\n", "")) is (end == "\n" and "\n" in found)
