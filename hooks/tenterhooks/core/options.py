"""The options that all hooks share, and the reading of a command line."""

from __future__ import annotations

import os
from types import SimpleNamespace

import tenterhooks
from tenterhooks.core.practice import SHARED_RULES, UNUSED_IGNORE, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from typing import Any

    from tenterhooks.core.finding import Rule
    from tenterhooks.core.practice import Practice

FORMATS = ("text", "json", "github", "gitlab", "sarif")
SELECT = Option("select", "list", "run only this practice (may be repeated)", "PRACTICE")
SELECT_RULE = Option(
    "select", "list", "switch a rule on that is off by default (may be repeated)", "RULE"
)
IGNORE = Option("ignore", "list", "switch a rule off (may be repeated)", "RULE")
EXCLUDE = Option(
    "exclude", "list", "leave these paths out, such as tests/data/** (may be repeated)", "GLOB"
)
COMMON = (IGNORE, EXCLUDE)


class CommandLine:
    """What one console script understands."""

    def __init__(
        self, prog: str, title: str, options: Sequence[Option], practices: Sequence[Practice]
    ) -> None:
        self.prog = prog
        self.title = title
        self.options = (*options, *COMMON)
        self.practices = practices

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
        return SimpleNamespace(**nothing, paths=list(words), fix=False, format="text", config=None)

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
            "--format", choices=FORMATS, default="text", help="form of the report (default: text)"
        )
        parser.add_argument(
            "--config",
            metavar="FILE",
            help="TOML file to read [tool.tenterhooks] from "
            "(default: pyproject.toml at the top of the repository)",
        )
        version = f"{self.prog} {tenterhooks.__version__}"
        parser.add_argument("--version", action="version", version=version)

    def _epilog(self) -> str:
        lines = ["rules:"]
        lines += [_rule_line(rule) for practice in self.practices for rule in practice.rules]
        shared = [*SHARED_RULES, UNUSED_IGNORE] if len(self.practices) > 1 else SHARED_RULES
        lines += [_rule_line(rule) for rule in shared]
        lines += [
            "",
            "exit: 0 clean; 1 findings, fixed ones included; 2 the hook could not do its job",
            "silence one line: # tenterhooks: ignore[RULE] why",
        ]
        return "\n".join(lines)


def _rule_line(rule: Rule) -> str:
    marks = [] if rule.default else ["opt-in"]
    marks += ["--fix"] if rule.fixable else []
    note = f" ({', '.join(marks)})" if marks else ""
    return f"  {rule.name:34} {rule.summary}{note}"


def _safe(word: str) -> str:
    """A tracked file whose name begins with a dash must not become an option."""
    if word.startswith("-") and "/" in word and os.path.lexists(word):
        return f"./{word}"
    return word
