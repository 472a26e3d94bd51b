"""The options that all hooks share, and the reading of a command line."""

from __future__ import annotations

import os
from types import SimpleNamespace

import tenterhooks
from tenterhooks.core.practice import SHARED_RULES, WHOLE_RULES, Option
from tenterhooks.core.selection import PRESETS, wrong_preset

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from typing import Any

    from tenterhooks.core.finding import Rule
    from tenterhooks.core.practice import Practice

FORMATS = ("text", "grouped", "json", "github", "gitlab", "sarif", "html")
# What the suffix of a report's file tells of its form.
SUFFIXES = {".html": "html", ".json": "json", ".sarif": "sarif"}
SELECT_RULE = Option(
    "select", "list", "switch a rule on that is off by default (may be repeated)", "RULE"
)
IGNORE = Option("ignore", "list", "switch a rule off (may be repeated)", "RULE")
EXCLUDE = Option(
    "exclude", "list", "leave these paths out, such as tests/data/** (may be repeated)", "GLOB"
)
COMMON = (IGNORE, EXCLUDE)


def wrong_report(value: str) -> str | None:
    """What is wrong with a ``--report``, or None."""
    form, path = report_of(value)
    if not path:
        return "names no file"
    if form not in FORMATS:
        return f"write FORM={path}, with a form of {', '.join(FORMATS)}"
    return None


def report_of(value: str) -> tuple[str, str]:
    """Form and file of a ``--report``; the form is empty where nothing tells it."""
    form, _, path = value.partition("=")
    if path and form in FORMATS:
        return form, path
    return SUFFIXES.get(os.path.splitext(value)[1].lower(), ""), value


# Those of the command that runs all practices.
PRESET = Option(
    "preset",
    "list",
    f"run what this preset holds: {', '.join(PRESETS)} (default: core; may be repeated)",
    "PRESET",
    wrong_preset,
)
SELECT = Option(
    "select",
    "list",
    "run only this practice or rule; beside --preset, this as well (may be repeated)",
    "NAME",
)
IGNORE_NAME = Option("ignore", "list", "leave a practice or rule out (may be repeated)", "NAME")
# Not in the configuration: where nothing is staged, as in CI, it would let everything pass.
ONLY_CHANGED = Option(
    "only-changed", "flag", "report only what the staged change, or --from-ref, brings"
)
CONFIGURED = (PRESET, SELECT, IGNORE_NAME, EXCLUDE)
FROM_REF = Option("from-ref", "text", "with --only-changed: the commit to compare from", "REF")
TO_REF = Option("to-ref", "text", "with --only-changed: the commit to compare up to", "REF")
SHOW_ACCEPTED = Option("show-accepted", "flag", "report what the configuration accepts, too")
REPORT = Option(
    "report",
    "list",
    "write a report to a file as well: report.html, results.sarif, findings.json, or with another "
    "form, such as gitlab=quality.json (may be repeated)",
    "[FORM=]FILE",
    wrong_report,
)
WHOLE = (*CONFIGURED, ONLY_CHANGED, FROM_REF, TO_REF, SHOW_ACCEPTED, REPORT)


class CommandLine:
    """What one console script understands.

    together: it runs all practices.
    """

    def __init__(
        self,
        prog: str,
        title: str,
        options: Sequence[Option],
        practices: Sequence[Practice],
        *,
        together: bool = False,
    ) -> None:
        self.prog = prog
        self.title = title
        self.options = WHOLE if together else (*options, *COMMON)
        self.practices = practices
        self.together = together
        self.form = "grouped" if together else "text"

    def read(self, words: Sequence[str]) -> SimpleNamespace:
        """``paths``, ``fix``, ``format``, ``config`` and each option by attribute, None where it
        was not given.

        Raises SystemExit after --help and --version (0), and on a bad command line (2).
        """
        words = [_safe(word) for word in words]
        if any(word.startswith("-") for word in words):
            return SimpleNamespace(**vars(self.parser().parse_args(words)))
        # Runners pass nothing but file names: argparse, half of the start-up, can stay away.
        nothing: dict[str, Any] = {option.attribute: None for option in self.options}
        return SimpleNamespace(
            **nothing, paths=list(words), fix=False, format=self.form, config=None
        )

    def parser(self) -> argparse.ArgumentParser:
        """The whole truth about the command line."""
        import argparse

        parser = argparse.ArgumentParser(
            prog=self.prog,
            description=self.title,
            epilog=self._epilog(),
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.add_argument(
            "paths",
            nargs="*",
            metavar="FILE",
            help="files to check; a folder stands for the tracked files in it; "
            "without any, all tracked files that the hook is for",
        )
        for option in self.options:
            flag = f"--{option.name}"
            if option.kind == "flag":
                parser.add_argument(flag, action="store_const", const=True, help=option.help)
            else:
                parser.add_argument(
                    flag,
                    action="append" if option.kind == "list" else "store",
                    type=int if option.kind == "number" else str,
                    metavar=option.metavar,
                    help=option.help,
                )
        self._add_common(parser)
        return parser

    def _add_common(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--fix", action="store_true", help="mend what is certain; exits 1 if it did"
        )
        parser.add_argument(
            "--format",
            choices=FORMATS,
            default=self.form,
            help=f"form of the report (default: {self.form})",
        )
        parser.add_argument(
            "--config",
            metavar="FILE",
            help="TOML file to read [tool.tenterhooks] from "
            "(default: pyproject.toml or tenterhooks.toml at the top of the repository)",
        )
        version = f"{self.prog} {tenterhooks.__version__}"
        parser.add_argument("--version", action="version", version=version)

    def _epilog(self) -> str:
        shared = [*SHARED_RULES, *WHOLE_RULES] if self.together else SHARED_RULES
        own = [rule for practice in self.practices for rule in practice.rules]
        # Two practices may share a rule.
        lines = ["rules:", *dict.fromkeys(map(_rule_line, (*own, *shared)))]
        lines += [
            "",
            "exit: 0 clean; 1 findings, fixed ones included; 2 the hook could not do its job",
            "silence one line: # tenterhooks: ignore[RULE] why",
        ]
        return "\n".join(lines)


def _rule_line(rule: Rule) -> str:
    note = f" ({', '.join(rule.marks)})" if rule.marks else ""
    return f"  {rule.name:34} {rule.summary}{note}"


def _safe(word: str) -> str:
    """A tracked file whose name begins with a dash must not become an option."""
    if word.startswith("-") and "/" in word and os.path.lexists(word):
        return f"./{word}"
    return word
