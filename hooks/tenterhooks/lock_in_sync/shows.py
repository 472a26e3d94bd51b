"""Which files belong to no project that anybody installs: data of tests, examples, templates, and
other people's code. What is wrong with them is meant, or somebody else's."""

from __future__ import annotations

import re

from tenterhooks.core.patterns import lazy

_DATA = re.compile(
    r"(^|/)(_data|test[-_]?data|[^/]*fixtures?|snapshots?|corpus|truth|templates?|cookiecutter[^/]*"
    r"|_?vendor(ed)?|third[-_]party|[^/]*\{\{[^/]*)/|(^|/)tests?/[^/]+/[^/]+/",
    re.IGNORECASE,
)
_SHOW = lazy(
    r"_?tests?([-_.].*)?|.*[-_]tests?|testing|.*examples?|samples?|demos?|e2e|integration.*"
    r"|.*templates?",
    re.IGNORECASE,
)


def is_data(path: str) -> bool:
    """Whether a file is data of a test, a template, or other people's code."""
    return _DATA.search(path) is not None


def is_show(path: str) -> bool:
    """Whether it is that, or in a folder of tests and examples, which may well have a lock that is
    to be kept in sync, and need not."""
    return is_data(path) or any(_SHOW.fullmatch(part) for part in path.split("/")[:-1])
