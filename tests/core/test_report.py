"""The forms of a report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from conftest import Hook, MakeRepository, write
from hypothesis import given
from hypothesis import strategies as st

import tenterhooks
from tenterhooks.core.files import Repository
from tenterhooks.core.finding import Finding, Rule
from tenterhooks.core.report import Report, github, gitlab, sarif, text
from tenterhooks.core.report import json as json_report
from tenterhooks.core.report.fingerprint import add_fingerprints

ONE = Rule("rule-one", "One is broken.")
TWO = Rule("rule-two", "Two is broken.", default=False)
RULES = (ONE, TWO)
RENDERERS = [text, json_report, github, gitlab, sarif]


def finding(
    path: str = "a.yml", line: int = 1, rule: Rule = ONE, message: str = "is bad", **more: Any
) -> Finding:
    it = Finding(path, line, 2, rule.name, message, more.pop("fix", "do better"))
    it.hook = "some-hook"
    it.fingerprint = f"{line:032x}"
    for name, value in more.items():
        setattr(it, name, value)
    return it


def report_of(findings: list[Finding]) -> Report:
    return Report(Repository(), findings, RULES)


def test_text() -> None:
    findings = [
        finding(line=1),
        finding(line=2),
        finding(line=3, rule=TWO, fix=None),
        finding(line=4, rule=TWO),
        finding(line=5, shown="../a.yml", fixed=True),
    ]
    assert text.render(report_of(findings)) == (
        "a.yml:1:2: rule-one is bad\n"
        "    fix: do better\n"
        "a.yml:2:2: rule-one is bad\n"
        "a.yml:3:2: rule-two is bad\n"
        "a.yml:4:2: rule-two is bad\n"
        "    fix: do better\n"
        "../a.yml:5:2: rule-one is bad (fixed)\n"
    )


def test_the_remedy_stands_under_the_first_that_still_needs_it() -> None:
    rendered = text.render(report_of([finding(line=1, fixed=True), finding(line=2)]))
    assert rendered.splitlines()[1:] == ["a.yml:2:2: rule-one is bad", "    fix: do better"]


HOSTILE = [
    ("a\nb.yml", r"a\nb.yml:1:2: rule-one is bad"),
    ("a\r::error::b", r"a\r::error::b:1:2: rule-one is bad"),
    ("::error::b", "./::error::b:1:2: rule-one is bad"),
    ("##[error]b", r"#\x23[error]b:1:2: rule-one is bad"),
    ("##vso[task.setvariable]b", r"#\x23vso[task.setvariable]b:1:2: rule-one is bad"),
    ("###[x", r"##\x23[x:1:2: rule-one is bad"),
    ("\x1b[2Jb", r"\x1b[2Jb:1:2: rule-one is bad"),
    ("\x9b2Jb", r"\x9b2Jb:1:2: rule-one is bad"),
    ("\u202eb", r"\u202eb:1:2: rule-one is bad"),
    ("\u2028b", r"\u2028b:1:2: rule-one is bad"),
    ("é\U0001f600", r"\xe9\U0001f600:1:2: rule-one is bad"),
    ("\udcff", r"\udcff:1:2: rule-one is bad"),
    ("a\x7f\x08", r"a\x7f\x08:1:2: rule-one is bad"),
]


@pytest.mark.parametrize(("path", "line"), HOSTILE)
def test_hostile_paths(path: str, line: str) -> None:
    assert text.render(report_of([finding(path, fix=None)])) == line + "\n"


ANYTHING = st.text(max_size=20) | st.lists(
    st.sampled_from(
        ["##[", "#", "[", "::", "\n", "\r", "\x1b[", "%", "%0A", ",", ":", "é", "\udc80"]
    )
).map("".join)


@given(ANYTHING, ANYTHING, ANYTHING)
def test_no_form_lets_anything_through(path: str, message: str, fix: str) -> None:
    findings = [finding(path, message=message, fix=fix, shown=path)]
    for form in RENDERERS:
        rendered = form.render(report_of(findings))
        assert rendered.isascii()
        assert "\r" not in rendered
        assert "\x1b" not in rendered
        assert rendered.endswith("\n")
    for form, commands in ((text, 0), (github, 1)):
        rendered = form.render(report_of(findings))
        assert "##[" not in rendered
        assert sum(line.lstrip().startswith("::") for line in rendered.splitlines()) == commands
        assert len(rendered.splitlines()) == 1 + bool(fix) + commands


def test_json() -> None:
    findings = [finding("x/a.yml", shown="a.yml"), finding(line=2, fix=None, fixed=True)]
    common = {"column": 2, "rule": "rule-one", "hook": "some-hook"}
    assert json.loads(json_report.render(report_of(findings))) == [
        {
            "path": "a.yml",
            "line": 1,
            **common,
            "message": "is bad",
            "fix": "do better",
            "fingerprint": "0" * 31 + "1",
        },
        {
            "path": "a.yml",
            "line": 2,
            **common,
            "message": "is bad (fixed)",
            "fix": None,
            "fingerprint": "0" * 31 + "2",
        },
    ]


def test_github() -> None:
    it = finding("x/a,b:c%\n.yml", message="50% of\r\nit")
    assert github.render(report_of([it])).splitlines() == [
        r"x/a,b:c%\n.yml:1:2: rule-one 50% of\r\nit",
        "    fix: do better",
        (
            "::error file=x/a%2Cb%3Ac%25%0A.yml,line=1,col=2,title=rule-one"
            "::50%25 of%0D%0Ait Fix: do better"
        ),
    ]


@pytest.mark.parametrize("form", RENDERERS)
def test_nothing_found(form: Any) -> None:
    rendered = form.render(report_of([]))
    if form in (text, github):
        assert rendered == ""
    elif form is sarif:
        assert json.loads(rendered)["runs"][0]["results"] == []
    else:
        assert rendered == "[]\n"


# What GitLab's documentation demands of an issue, written down as a schema.
GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./|/)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                    "positions": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {
                            "begin": {
                                "type": "object",
                                "required": ["line"],
                                "properties": {
                                    "line": {"type": "integer", "minimum": 1},
                                    "column": {"type": "integer", "minimum": 1},
                                },
                            }
                        },
                    },
                },
                "anyOf": [{"required": ["lines"]}, {"required": ["positions"]}],
            },
        },
    },
}

# The parts of SARIF 2.1.0 that this report has, with what the standard demands of them.
TEXT = {
    "type": "object",
    "required": ["text"],
    "properties": {"text": {"type": "string", "minLength": 1}},
}
URI = {"type": "string", "pattern": "^[!-~]+$"}
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": URI,
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "additionalProperties": False,
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "originalUriBaseIds": {
                        "type": "object",
                        "additionalProperties": {
                            "type": "object",
                            "additionalProperties": False,
                            "properties": {
                                "uri": {"type": "string", "pattern": "/$"},
                                "uriBaseId": {"type": "string"},
                                "description": TEXT,
                            },
                        },
                    },
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name", "rules"],
                                "properties": {
                                    "name": {"type": "string", "minLength": 1},
                                    "semanticVersion": {"pattern": r"^\d+\.\d+\.\d+"},
                                    "informationUri": URI,
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id", "shortDescription"],
                                            "properties": {
                                                "id": {"type": "string"},
                                                "shortDescription": TEXT,
                                                "helpUri": URI,
                                                "defaultConfiguration": {
                                                    "type": "object",
                                                    "properties": {
                                                        "level": {
                                                            "enum": [
                                                                "none",
                                                                "note",
                                                                "warning",
                                                                "error",
                                                            ]
                                                        },
                                                        "enabled": {"type": "boolean"},
                                                    },
                                                },
                                                "properties": {
                                                    "type": "object",
                                                    "properties": {
                                                        "tags": {
                                                            "type": "array",
                                                            "uniqueItems": True,
                                                        }
                                                    },
                                                },
                                            },
                                        },
                                    },
                                },
                            }
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": [
                                "message",
                                "ruleId",
                                "ruleIndex",
                                "locations",
                                "partialFingerprints",
                            ],
                            "additionalProperties": False,
                            "properties": {
                                "ruleId": {"type": "string"},
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": TEXT,
                                "partialFingerprints": {
                                    "type": "object",
                                    "additionalProperties": {"type": "string"},
                                },
                                "locations": {
                                    "type": "array",
                                    "minItems": 1,
                                    "items": {
                                        "type": "object",
                                        "required": ["physicalLocation"],
                                        "properties": {
                                            "physicalLocation": {
                                                "type": "object",
                                                "required": ["artifactLocation"],
                                                "properties": {
                                                    "artifactLocation": {
                                                        "type": "object",
                                                        "required": ["uri"],
                                                        "properties": {
                                                            "uri": URI,
                                                            "uriBaseId": {"type": "string"},
                                                        },
                                                    },
                                                    "region": {
                                                        "type": "object",
                                                        "properties": {
                                                            "startLine": {
                                                                "type": "integer",
                                                                "minimum": 1,
                                                            },
                                                            "startColumn": {
                                                                "type": "integer",
                                                                "minimum": 1,
                                                            },
                                                        },
                                                    },
                                                },
                                            }
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}


@pytest.mark.parametrize("path", ["a.yml", "x/é b#?%.yml", "a\nb", "\udcff.yml", "x:y/a"])
def test_machine_forms_are_what_their_readers_demand(path: str) -> None:
    findings = [finding(path), finding(path, 2, TWO, fix=None)]
    issues = json.loads(gitlab.render(report_of(findings)))
    jsonschema.validate(issues, GITLAB)
    assert [issue["location"]["path"] for issue in issues] == [path, path]

    report = json.loads(sarif.render(report_of(findings)))
    jsonschema.validate(report, SARIF)
    (run,) = report["runs"]
    for result, it in zip(run["results"], findings, strict=True):
        rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert rule["id"] == result["ruleId"] == it.rule
        location = result["locations"][0]["physicalLocation"]
        assert unquote(location["artifactLocation"]["uri"], errors="surrogateescape") == path
        assert location["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
        assert location["region"] == {"startLine": it.line, "startColumn": it.column}
        assert set(result["partialFingerprints"].values()) == {it.fingerprint}


def test_sarif_paths_are_not_taken_for_other_addresses() -> None:
    """A colon in the first part of a relative address would make that part its scheme."""
    report = json.loads(sarif.render(report_of([finding("file:a.yml"), finding("//host/a")])))
    uris = [
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in report["runs"][0]["results"]
    ]
    assert uris[0] == "file%3Aa.yml"


@pytest.mark.parametrize(
    ("level", "severity", "command"),
    [("error", "major", "error"), ("warning", "minor", "warning"), ("note", "info", "notice")],
)
def test_forms_tell_weights_apart(level: str, severity: str, command: str) -> None:
    report = report_of([finding(level=level)])
    assert json.loads(sarif.render(report))["runs"][0]["results"][0]["level"] == level
    assert json.loads(gitlab.render(report))[0]["severity"] == severity
    assert f"\n::{command} file=" in github.render(report)


def test_sarif_names_this_version_and_its_pages() -> None:
    driver = json.loads(sarif.render(report_of([])))["runs"][0]["tool"]["driver"]
    assert driver["semanticVersion"] == tenterhooks.__version__
    for rule in driver["rules"]:
        assert (
            f"/v{tenterhooks.__version__}/hooks/tenterhooks/pages/rules/{rule['id']}.md"
            in rule["helpUri"]
        )


# Fingerprints.


def prints(top: Path, *places: tuple[str, int, str]) -> list[str]:
    findings = [Finding(path, line, 1, rule, "message") for path, line, rule in places]
    add_fingerprints(findings, Repository())
    return [finding.fingerprint for finding in findings]


def test_fingerprints_stay_when_lines_move(make_repository: MakeRepository) -> None:
    top = make_repository({"a": "x\nbad\nbad\nworse\n"})
    places = [("a", 2, "r"), ("a", 3, "r"), ("a", 4, "r")]
    before = prints(top, *places)
    write(top, {"a": "\ufeff\r\n# more\r\nx\r\n   bad\r\n bad  \r\n\tworse\r\n"})
    assert prints(top, *[(path, line + 2, rule) for path, line, rule in places]) == before


def test_fingerprints_differ(make_repository: MakeRepository) -> None:
    top = make_repository({"a": "bad\nbad\nworse\n", "b": "bad\n", "c": b"bad\xff"})
    found = prints(
        top,
        ("a", 1, "r"),
        ("a", 2, "r"),
        ("a", 2, "other"),
        ("a", 3, "r"),
        ("b", 1, "r"),
        ("a", 2, "r"),
        ("none", 1, "r"),
        ("c", 1, "r"),
        ("c", 1, "r"),
        ("a", 99, "r"),
    )
    assert len(set(found)) == len(found)
    assert all(len(one) == 32 and int(one, 16) >= 0 for one in found)


def test_fingerprints_of_odd_paths_and_messages(make_repository: MakeRepository) -> None:
    top = make_repository({})
    assert len(prints(top, ("\udcff", 1, "r"))) == 1
    odd = Finding("none", 1, 1, "r", "half of a character: \ud800")
    add_fingerprints([odd], Repository())
    assert odd.fingerprint


def test_fingerprints_are_the_same_in_all_forms_and_folders(
    make_repository: MakeRepository, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = make_repository(
        {"x/action.yml": "runs:\n  steps:\n  - uses: a/b@v1\n  - uses: a/b@v1\n  - uses: c/d@v1\n"}
    )
    reports = {
        form: json.loads(hook("pinned-actions", "--format", form).out)
        for form in ("json", "gitlab", "sarif")
    }
    first = [one["fingerprint"] for one in reports["json"]]
    assert len(set(first)) == 3
    assert [one["fingerprint"] for one in reports["gitlab"]] == first
    results = reports["sarif"]["runs"][0]["results"]
    assert [list(one["partialFingerprints"].values()) for one in results] == [
        [one] for one in first
    ]
    monkeypatch.chdir(top / "x")
    again = json.loads(hook("pinned-actions", "--format", "json", "action.yml").out)
    assert [one["fingerprint"] for one in again] == first


@pytest.mark.parametrize("form", ["json", "gitlab", "sarif"])
def test_clean_runs(form: str, make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({})
    result = hook("pinned-actions", "--format", form)
    assert (result.code, result.err) == (0, "")
    assert json.loads(result.out) == [] or form == "sarif"


def test_every_form_of_a_real_run(make_repository: MakeRepository, hook: Hook) -> None:
    make_repository({"action.yml": "runs:\n  steps:\n  - uses: a/b@v1\n", "x/action.yml": "["})
    jsonschema.validate(json.loads(hook("tenterhooks", "--format", "gitlab").out), GITLAB)
    jsonschema.validate(json.loads(hook("tenterhooks", "--format", "sarif").out), SARIF)
    fields = {"path", "line", "column", "rule", "hook", "message", "fix", "fingerprint"}
    for one in json.loads(hook("tenterhooks", "--format", "json").out):
        assert set(one) == fields
